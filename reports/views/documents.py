"""The paper itself: on screen, as a draft in PDF, and as the bytes that were issued."""

import base64
import hashlib
import re
from urllib.parse import quote

from csp.decorators import csp_update
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from reports import jobs, paper
from reports.gathering import gather
from reports.models import Note, PaperJob
from reports.models.document import filename
from reports.pdf import PdfError
from reports.views import NOTES
from sikkerby import access
from sikkerby.htmx import page
from sikkerby.middleware import Conflict
from sikkerby.permissions import FORM, READS, Act, may
from sikkerby.snapshot import one_snapshot

STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


@may(Act.READ_NOTES, READS)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper's own HTML: gathered now for a draft; for an issued note what was stored."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    note.must_be_readable()
    if note.status == Note.Status.ISSUED:
        html = bytes(note.document.html).decode()
    else:
        html = paper.to_html(gather(note, on=timezone.localdate()))
    # A paper carries its style with it. The browser may use that one, known by its hash, and no other.
    allowed = csp_update({"style-src": [_source(style) for style in STYLE.findall(html)]})
    return allowed(lambda request: HttpResponse(html))(request)


def _source(style: str) -> str:
    digest = hashlib.sha256(style.replace("\r\n", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@transaction.non_atomic_requests
@may(Act.READ_NOTES, READS)
@one_snapshot
def draft_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The pages as they would be, marked UDKAST; those of a long note are made while one waits elsewhere."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    note.must_have_no_document()
    now = timezone.now()
    gathered = gather(note, on=timezone.localdate(now))
    html = paper.to_html(gathered)
    if jobs.takes_a_job(note, html):
        return redirect("reports:pages", note.pk)
    try:
        body = paper.to_pdf(gathered, html, created=now)
    except PdfError as error:
        raise Conflict(str(error)) from error
    return as_file(body, filename(note).replace(".pdf", " (udkast).pdf"), shown=True)


# --- Long papers --------------------------------------------------------------------------------------------------


@may(Act.READ_NOTES, FORM)
def pages(request: HttpRequest, pk: int) -> HttpResponse:
    """The pages of a long draft are ordered, and made by a worker."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    note.must_have_no_document()
    if request.method == "POST":
        return redirect(PaperJob.objects.order(note, PaperJob.Purpose.DRAFT, by=request.user))
    return _job_page(request, note, None)


@may(Act.READ_NOTES, READS)
def paper_job(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """How far it is; then the pages, the note as it was issued, or why it could not be made."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    jobs_here = PaperJob.objects.visible_to(request.user).filter(note=note)
    return _job_page(request, note, get_object_or_404(jobs_here.select_related("pdf"), pk=row))


@may(Act.READ_NOTES, READS)
def paper_job_pdf(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    made = PaperJob.objects.visible_to(request.user).filter(note=note, pdf__isnull=False)
    job = get_object_or_404(made.select_related("pdf"), pk=row)
    note.must_have_no_document()
    return as_file(bytes(job.pdf.content), job.pdf.name, shown=True)


def _job_page(request: HttpRequest, note: Note, job: PaperJob | None) -> HttpResponse:
    title = "Notatet udsendes" if job and job.purpose == PaperJob.Purpose.ISSUE else "Vis sider"
    context = {
        "note": note,
        "job": job,
        "title": title,
        "interrupted": job is not None and job.is_interrupted(),
        "crumbs": [NOTES, (note.title, note.get_absolute_url()), (title, None)],
    }
    return page(request, "reports/job.html", context, partial="state")


# --- What was issued ----------------------------------------------------------------------------------------------


@may(Act.READ_NOTES, READS)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes that were issued. No row in the access log, no download."""
    note = get_object_or_404(Note.objects.visible_to(request.user).issued().with_document(), pk=pk)
    note.must_be_readable()
    access.record(request, f"Notat {note.pk}: {note.document.filename}")
    return as_file(bytes(note.document.pdf), note.document.filename)


def as_file(body: bytes, name: str, *, shown: bool = False, content_type: str = "application/pdf") -> HttpResponse:
    """A file under its name. Browsers that do not read UTF-8 in headers get the name without Danish letters."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", name)
    plain = name.encode("ascii", "replace").decode()
    disposition = f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": disposition})
