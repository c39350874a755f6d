"""What was promised to a committee, and what kept the promise."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from sikkerby.models import Precision, User, audited
from sikkerby.permissions import Act

from .committee import Committee
from .decision import Decision
from .note import Note


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The office's own list; a member reads the promises on the papers."""
        return self if user.sees_all else self.none()

    def editable_by(self, user: User):
        return self if user.may(Act.WRITE_NOTES) else self.none()

    def promised(self):
        """Those that a committee has in writing: not what a draft would promise."""
        return self.filter(Q(note__isnull=True) | Q(note__status=Note.Status.ISSUED))

    def for_committee(self, committee: Committee):
        return self.filter(committee=committee)

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
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name="lovet i beslutningen"
    )
    promise = models.CharField("hvad der er lovet", max_length=300)
    due = models.DateField("inden", null=True, blank=True)
    due_precision = models.CharField("angivet som", max_length=10, choices=Precision.choices, default=Precision.DAY)
    responsible = models.CharField("ansvarlig", max_length=150, blank=True)
    kept_by = models.ForeignKey(
        Note, models.PROTECT, null=True, blank=True, related_name="keeps", verbose_name="indfriet med"
    )
    kept_by_decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="keeps", verbose_name="indfriet med beslutningen"
    )
    closed_on = models.DateField("afsluttet", null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "opfølgning"
        verbose_name_plural = "opfølgninger"
        ordering = [F("due").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, kept_by__isnull=True, kept_by_decision__isnull=True)
                | Q(closed_on__isnull=False)
                & (
                    Q(kept_by__isnull=False, kept_by_decision__isnull=True)
                    | Q(kept_by__isnull=True, kept_by_decision__isnull=False)
                ),
                name="reports_followup_kept_by_something",
                violation_error_message="Vælg det notat eller den beslutning, som løftet er indfriet med.",
            )
        ]

    def __str__(self):
        return self.promise

    def get_absolute_url(self):
        return f"{reverse('reports:follow_ups')}#opfoelgning-{self.pk}"

    def last_day(self) -> date | None:
        """The last day that "by when" can mean; none where no date was promised."""
        return Precision(self.due_precision).last_day(self.due) if self.due else None

    def is_overdue(self, today: date) -> bool:
        return self.closed_on is None and self.due is not None and self.last_day() < today
