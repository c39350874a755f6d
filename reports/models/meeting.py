"""What a committee decided on a note, and what it was promised."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from sikkerby.models import Precision, audited

from .committee import Committee
from .note import Note

FROM_ONE = [MinValueValidator(1, "At-punkter er nummereret fra 1.")]


@audited()
class Decision(models.Model):
    """What one committee decided on one point or a range of them, as its minutes have it."""

    class Outcome(models.TextChoices):
        DISCUSSED = "discussed", "drøftet"
        NOTED = "noted", "taget til efterretning"
        DISCUSSED_AND_NOTED = "discussed_noted", "drøftet og derefter taget til efterretning"
        APPROVED = "approved", "godkendt"
        ADOPTED = "adopted", "tiltrådt"
        RECOMMENDED = "recommended", "anbefalet"
        APPROVED_CHANGED = "approved_changed", "godkendt med ændringer"
        NOT_APPROVED = "not_approved", "ikke godkendt"
        POSTPONED = "postponed", "udsat"
        SENT_BACK = "sent_back", "sendt retur"
        LAPSED = "lapsed", "bortfaldet"

    note = models.ForeignKey(Note, models.PROTECT, related_name="decisions", verbose_name="notat")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="decisions", verbose_name="udvalg")
    meeting_date = models.DateField("mødedato")
    item_number = models.CharField("punkt på dagsordenen", max_length=10, blank=True)
    # None where the paper put no points, as a status note, and the committee decided on it as a whole.
    first_point = models.PositiveSmallIntegerField("fra at-punkt", null=True, blank=True, validators=FROM_ONE)
    last_point = models.PositiveSmallIntegerField("til at-punkt", null=True, blank=True, validators=FROM_ONE)
    outcome = models.CharField("beslutning", max_length=20, choices=Outcome.choices)
    remark = models.TextField("protokolbemærkning", max_length=20_000, blank=True)
    minutes_url = models.URLField("link til beslutningsprotokollen", blank=True)

    class Meta:
        verbose_name = "beslutning"
        verbose_name_plural = "beslutninger"
        ordering = ["meeting_date", F("first_point").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_point__isnull=True, last_point__isnull=True)
                | Q(first_point__gte=1, last_point__gte=F("first_point")),
                name="reports_decision_range_of_points",
                violation_error_message="Angiv både det første og det sidste at-punkt, i den rækkefølge.",
            )
        ]

    def __str__(self):
        """As minutes have it: "2.–3. at-punkt blev godkendt"."""
        if self.first_point is None:
            what = "Notatet"
        elif self.first_point == self.last_point:
            what = f"{self.first_point}. at-punkt"
        else:
            what = f"{self.first_point}.–{self.last_point}. at-punkt"
        return f"{what} blev {self.get_outcome_display()}"

    def get_absolute_url(self):
        return self.note.get_absolute_url()


class FollowUpQuerySet(models.QuerySet):
    def outstanding(self):
        """Promised and not yet kept (udestår)."""
        return self.filter(closed_on__isnull=True)


@audited()
class FollowUp(models.Model):
    """What was promised to a committee, by when (a date may be approximate, or none), and what kept it."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="follow_ups", verbose_name="udvalg")
    note = models.ForeignKey(
        Note, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name="lovet i"
    )
    promise = models.CharField("hvad der er lovet", max_length=300)
    due = models.DateField("inden", null=True, blank=True)
    due_precision = models.CharField("angivet som", max_length=10, choices=Precision.choices, default=Precision.DAY)
    responsible = models.CharField("ansvarlig", max_length=150, blank=True)
    kept_by = models.ForeignKey(
        Note, models.PROTECT, null=True, blank=True, related_name="keeps", verbose_name="indfriet med"
    )
    closed_on = models.DateField("afsluttet", null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "opfølgning"
        verbose_name_plural = "opfølgninger"
        ordering = [F("due").asc(nulls_last=True), "pk"]

    def __str__(self):
        return self.promise

    def get_absolute_url(self):
        return self.note.get_absolute_url()
