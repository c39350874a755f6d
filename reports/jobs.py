"""Papers that take longer to set than a request may last: ordered, made by a worker, and told how far they are."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pghistory
from django.db import connection, transaction
from django.utils import timezone

from sikkerby.middleware import Conflict
from sikkerby.models import StoredFile
from sikkerby.snapshot import one_snapshot

from . import paper
from .doubts import doubts
from .gathering import gather
from .models import Note, PaperJob
from .models.document import GATHERING, KEEPING, SETTING, filename
from .models.job import WORK_LOCKS
from .pdf import PdfError
from .prose import plain

logger = logging.getLogger(__name__)

PAGE = 2_600  # characters; 3,000 of nothing but long paragraphs were measured, and headings and tables take room
AT_ONCE = 10  # pages; what has more is a job
MADE_APPENDIX = 3  # pages, as a rule: how long it is is known when it is made
DRAFT_LIVES = timedelta(days=1)


def takes_a_job(note: Note, html: str | None = None, *, issuing: bool = False) -> bool:
    """Whether setting the paper takes too long to wait for, by the length of its text and what is made with it."""
    if html is None:
        html = paper.to_html(gather(note, on=timezone.localdate()))
    pages = len(plain(html)) / PAGE
    if issuing:
        pages += MADE_APPENDIX * note.appendices.made_from_registers().count()
    return pages > AT_ONCE


# --- In the worker ------------------------------------------------------------------------------------------------


@contextmanager
def at_work(job: PaperJob) -> Iterator[Callable[[int], None] | None]:
    """How far it is is told on a connection of its own, for what the job does is one transaction. That connection also
    holds a lock, by which the page sees that someone is at it (PaperJob.is_interrupted): it ends with the worker,
    however that ends. None when another worker has it."""
    beside = connection.copy()

    def tell(progress: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE reports_paperjob SET state = 'working', progress = %s WHERE id = %s", [progress, job.pk]
            )

    try:
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [WORK_LOCKS, job.pk])
            is_ours = cursor.fetchone()[0]
        yield tell if is_ours else None
    finally:
        beside.close()


def make(pk: int) -> None:
    """Set the paper that was ordered. What cannot be made is said on the job's page, and the note is as it was."""
    job = PaperJob.objects.select_related("note", "by").get(pk=pk)
    with at_work(job) as tell, pghistory.context(user=job.by_id, url=job.get_absolute_url()):
        job.refresh_from_db()
        if tell is None or not job.is_under_way:
            return
        try:
            if job.purpose == PaperJob.Purpose.ISSUE:
                must_be_as_asked(job)
                job.note.issue(by=job.by, despite=job.despite, tell=tell)
                job.end(PaperJob.State.MADE)
            else:
                job.end(PaperJob.State.MADE, pdf=_draft(job, tell))
        except (PdfError, Conflict) as error:
            job.end(PaperJob.State.FAILED, error=str(error))
        except Exception:
            logger.exception("A paper could not be made: job %s", job.pk)
            job.end(PaperJob.State.FAILED, error="Der skete en fejl på serveren. Sig det til systemadministratoren.")
            raise


def must_be_as_asked(job: PaperJob) -> None:
    """A job can wait long. It issues what was asked for, with the doubts that were known then, and nothing else."""
    if job.is_outdated():
        raise Conflict("Notatet er taget tilbage og godkendt igen, siden du udsendte det. Udsend det igen.")
    new = [doubt for doubt in doubts(job.note, on=timezone.localdate()) if doubt not in job.despite]
    if job.note.status == Note.Status.APPROVED and new:
        raise Conflict(f"Der er kommet noget til, siden du udsendte det: {new[0]} Se det, og udsend det igen.")


def _draft(job: PaperJob, tell: Callable[[int], None]) -> StoredFile:
    now = timezone.now()
    tell(GATHERING)
    gathered = one_snapshot(gather)(job.note, on=timezone.localdate(now))
    tell(SETTING)
    body = paper.to_pdf(gathered, paper.to_html(gathered), created=now)
    tell(KEEPING)
    name = filename(job.note).replace(".pdf", " (udkast).pdf")
    return StoredFile.objects.store(name=name, content_type="application/pdf", content=body, by=job.by)


@transaction.atomic
def discard_old(now: datetime) -> None:
    """The pages of a draft are of use while it is looked at."""
    old = PaperJob.objects.filter(at__lt=now - DRAFT_LIVES).exclude(purpose=PaperJob.Purpose.ISSUE)
    files = list(old.exclude(pdf=None).values_list("pdf", flat=True))
    old.delete()
    StoredFile.objects.filter(pk__in=files).delete()
