"""A sheet of closures that the office reads into the register."""

from dataclasses import dataclass

from django.db import connection, models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from sikkerby.models import StoredFile, User, audited
from sikkerby.permissions import Act

PAGE = 50  # rows shown at a time, and kept together
WORK_LOCKS = 2013  # the first of the two numbers of the lock that a job holds while it works on an import


@dataclass(frozen=True)
class Verdict:
    """What is said of one row of a sheet."""

    row: int
    unit: str
    when: str
    kind: str
    kind_label: str
    half_days: int | None
    said: list[str]
    closure: int | None
    number: str


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.sees_all else self.none()

    def editable_by(self, user: User):
        return self.visible_to(user) if user.may(Act.IMPORT_CLOSURES) else self.none()

    def overviews(self):
        """Without what is said of each row, which can be much; `counts` are how many there are of each verdict."""
        return (
            self.defer("verdicts")
            .select_related("file", "imported_by")
            .annotate(counts=F("verdicts__counts"), half_days=F("verdicts__half_days"))
        )


@audited(exclude=["done", "verdicts"])
class Import(models.Model):
    """A sheet (regneark) on its way in: checked row by row, shown, and then saved whole or not at all."""

    class Status(models.TextChoices):
        CHECKING = "checking", "kontrolleres"
        REFUSED = "refused", "har fejl"
        READY = "ready", "klar til at blive gemt"
        SAVING = "saving", "gemmes"
        SAVED = "saved", "gemt"
        FAILED = "failed", "kunne ikke læses"

    UNDER_WAY = (Status.CHECKING, Status.SAVING)

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="fil")
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.CHECKING)
    reviewed = models.BooleanField(
        "lukningerne er gennemgået",
        default=False,
        help_text="Sæt flueben, når de er gennemgået før. Ellers venter de på gennemgang.",
    )
    rows = models.PositiveIntegerField("rækker", default=0)
    done = models.PositiveIntegerField("rækker behandlet", default=0)  # the progress bar
    # What is said of each row, and why the whole was refused: of importing.py, for the page.
    verdicts = models.JSONField(default=dict)
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="indlæst af")
    imported_at = models.DateTimeField("indlæst", default=timezone.now)
    saved_at = models.DateTimeField("gemt", null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "indlæsning"
        verbose_name_plural = "indlæsninger"
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="saved", saved_at__isnull=False) | ~Q(status="saved") & Q(saved_at__isnull=True),
                name="closures_import_saved_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.file}"

    def get_absolute_url(self):
        return reverse("closures:import", args=[self.pk])

    # --- What is said of its rows: read part by part, for there can be 200,000 ---------------------------------------

    def _part(self, path: str):
        return Import.objects.filter(pk=self.pk).values_list(f"verdicts__{path}", flat=True).get()

    @property
    def digest(self) -> str:
        """By which one sees that nothing has changed since it was shown."""
        return self._part("digest")

    @property
    def new(self) -> int:
        """How many rows would be saved."""
        return (self._part("counts") or {}).get("new", 0)

    @property
    def said(self) -> list[str]:
        """Of the sheet as a whole."""
        return self._part("said") or []

    @property
    def changed(self) -> bool:
        """Whether the register had changed when it was to be saved."""
        return bool(self._part("changed"))

    @property
    def why(self) -> str:
        """Why it could not be read."""
        return self._part("why") or ""

    def rows_of(self, verdict: str, page: int) -> list[Verdict]:
        """The rows that are new, exist or are wrong, a page of them."""
        return [Verdict(*each) for each in self._part(f"pages__{verdict}__{page}") or []]

    # --- What becomes of it ------------------------------------------------------------------------------------------

    def is_now(self, status: str) -> bool:
        return Import.objects.filter(pk=self.pk, status=status).exists()

    def begin(self, status: str) -> None:
        """A job is about to take it."""
        self.status, self.done = status, 0
        self.save(update_fields=["status", "done"])

    def refuse(self, why: str) -> None:
        """The sheet as a whole cannot be read."""
        self.status, self.verdicts = self.Status.FAILED, {"why": why}
        self.save(update_fields=["status", "verdicts"])

    def show(self, verdicts: dict, *, rows: int, changed: bool = False) -> None:
        """It is checked: ready, unless a row is wrong."""
        self.status = self.Status.REFUSED if verdicts["counts"]["error"] else self.Status.READY
        self.verdicts, self.rows, self.done = verdicts | {"changed": changed}, rows, rows
        self.save(update_fields=["status", "verdicts", "rows", "done"])

    def become_saved(self) -> None:
        self.status, self.saved_at, self.done = self.Status.SAVED, timezone.now(), self.rows
        self.save(update_fields=["status", "saved_at", "done"])

    @property
    def is_interrupted(self) -> bool:
        """Under way, but no worker has it, and none will take it: the one that had it is dead."""
        if self.status not in self.UNDER_WAY:
            return False
        waiting = ProcrastinateJob.objects.filter(
            task_name__in=["closures.tasks.check_import", "closures.tasks.save_import"],
            args__import_id=self.pk,
            status="todo",
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
                " AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
                [WORK_LOCKS, self.pk],
            )
            someone_works = cursor.fetchone()[0]
        return not someone_works and not waiting.exists()
