"""Papers that take longer to set than a request may last."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sikkerby.models import StoredFile, User

from .note import Note


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
