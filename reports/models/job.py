"""Papers that take longer to set than a request may last."""

from collections.abc import Iterable

from django.db import connection, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from sikkerby.models import StoredFile, User

from .document import KEEPING, SETTING
from .note import Note

WORK_LOCKS = 2014  # the first of the two numbers of the lock that a worker holds while it makes a paper


class PaperJobQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Theirs who work on the note; to others it is there when it is issued."""
        return self if user.sees_all else self.none()

    def under_way(self):
        return self.filter(state__in=PaperJob.UNDER_WAY)

    @transaction.atomic
    def order(self, note: Note, purpose: "PaperJob.Purpose", *, by: User, despite: Iterable[str] = ()) -> "PaperJob":
        """Have the paper made by a worker: the one that is being made already, if there is one. One whose worker died
        is begun anew."""
        Note.objects.select_for_update().get(pk=note.pk)
        job = self.filter(note=note, purpose=purpose).under_way().first()
        if job is None:
            job = self.create(note=note, purpose=purpose, by=by, despite=list(despite))
            job.defer()
        elif job.is_interrupted():
            job.ask_anew(by=by, despite=despite)
            job.defer()
        elif job.is_outdated():
            job.ask_anew(by=by, despite=despite)
        return job


class PaperJob(models.Model):
    """A paper that is being set in the background: the draft's pages, or the paper that is issued. Its progress is
    shown while one waits."""

    class Purpose(models.TextChoices):
        DRAFT = "draft", "se siderne"
        ISSUE = "issue", "udsende"

    class State(models.TextChoices):
        WAITING = "waiting", "venter"
        WORKING = "working", "er i gang"
        MADE = "made", "færdig"
        FAILED = "failed", "kunne ikke laves"

    UNDER_WAY = (State.WAITING, State.WORKING)
    note = models.ForeignKey(Note, models.CASCADE, related_name="jobs", verbose_name="notat")
    purpose = models.CharField("formål", max_length=10, choices=Purpose.choices)
    state = models.CharField("tilstand", max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField("procent færdig", default=0)
    error = models.TextField("hvad der gik galt", blank=True)
    pdf = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+", verbose_name="PDF")
    # What looked odd in the note, and was known to the one who had it issued all the same.
    despite = models.JSONField("udsendt trods", default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="bestilt af")
    at = models.DateTimeField("bestilt", default=timezone.now)

    objects = PaperJobQuerySet.as_manager()

    class Meta:
        verbose_name = "papir under udarbejdelse"
        verbose_name_plural = "papirer under udarbejdelse"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="reports_paperjob_progress"),
            # A note is issued once, however often it is asked for meanwhile.
            models.UniqueConstraint(
                fields=["note"],
                condition=Q(purpose="issue", state__in=["waiting", "working"]),
                name="reports_paperjob_issued_once",
                violation_error_message="Notatet er allerede ved at blive udsendt.",
            ),
        ]

    def __str__(self):
        return f"{self.note}: {self.get_state_display()}"

    def get_absolute_url(self):
        return reverse("reports:paper_job", args=[self.note_id, self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def step(self) -> str:
        """What is being done now."""
        if self.progress >= KEEPING:
            return "Siderne gemmes."
        if self.progress >= SETTING:
            return "Siderne sættes op. Det tager længst."
        return "Tekster og tal samles." if self.progress else "Venter på at komme til."

    def is_outdated(self) -> bool:
        """Whether the note to be issued was taken back and approved anew after this was asked for."""
        approved = Note.objects.values_list("approved_at", flat=True).get(pk=self.note_id)
        return self.purpose == self.Purpose.ISSUE and approved is not None and approved > self.at

    def ask_anew(self, *, by: User, despite: Iterable[str]) -> None:
        self.state, self.progress = self.State.WAITING, 0
        self.by, self.at, self.despite = by, timezone.now(), list(despite)
        self.save(update_fields=["state", "progress", "by", "at", "despite"])

    def defer(self) -> None:
        from reports.tasks import make_paper  # which makes it

        make_paper.defer(job_id=self.pk)

    def end(self, state: "PaperJob.State", *, error: str = "", pdf: StoredFile | None = None) -> None:
        self.state, self.error, self.pdf = state, error, pdf
        self.progress = 100 if state == self.State.MADE else self.progress
        self.save(update_fields=["state", "error", "pdf", "progress"])

    def is_interrupted(self) -> bool:
        """Under way, but no worker has it, and none will take it: the one that had it is dead."""
        if not self.is_under_way:
            return False
        if ProcrastinateJob.objects.filter(
            task_name="reports.tasks.make_paper", args__job_id=self.pk, status="todo"
        ).exists():
            return False
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
                " AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
                [WORK_LOCKS, self.pk],
            )
            return not cursor.fetchone()[0]
