"""What was promised to a committee, and what kept the promise."""

from datetime import date

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from sikkerby.middleware import Conflict
from sikkerby.models import Precision, User, audited
from sikkerby.permissions import Act
from sikkerby.templatetags.danish import approximate, plain_date, short_date

from .committee import Committee, genitive
from .decision import Decision
from .note import Note


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The office's own list; a member reads the promises on the papers."""
        return self if user.sees_all else self.none()

    def editable_by(self, user: User):
        return self if user.may(Act.KEEP_PROMISES) else self.none()

    def promised(self):
        """Those that a committee has in writing: not what a draft would promise."""
        return self.filter(Q(note__isnull=True) | Q(note__status=Note.Status.ISSUED))

    def in_open_papers(self):
        """Those that are no secret: not what a closed note promised, nor what was promised in a decision on one."""
        closed = Note.Confidentiality.CLOSED
        return self.exclude(note__confidentiality=closed).exclude(decision__note__confidentiality=closed)

    def for_committee(self, committee: Committee):
        return self.filter(committee=committee)

    def outstanding(self):
        """Promised and not yet kept (udestår)."""
        return self.filter(closed_on__isnull=True)

    def kept(self):
        """Closed by a note or a decision, the newest first (afsluttet)."""
        return self.filter(closed_on__isnull=False).order_by("-closed_on", "-pk")

    def overdue(self, today: date):
        """Promised, not kept, and the last day that "by when" can mean is past."""
        late = Q()
        for precision in Precision:
            late |= Q(due_precision=precision, due__lt=precision.first_day(today))
        return self.outstanding().filter(late)

    def with_origin(self):
        """With where it was promised, and what kept it."""
        return self.select_related("committee", "note", "decision__note", "kept_by", "kept_by_decision__note")


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

    @property
    def origin(self) -> Note | Decision | None:
        """Where it was promised; nothing of what was promised before this was kept here."""
        return self.decision or self.note

    @property
    def keeper(self) -> Note | Decision | None:
        """What kept it."""
        return self.kept_by_decision or self.kept_by

    @property
    def origin_in_words(self) -> str:
        return _named(self.origin)

    @property
    def keeper_in_words(self) -> str:
        return _named(self.keeper)

    def must_be_outstanding(self) -> None:
        if self.closed_on:
            raise Conflict("Opfølgningen er allerede afsluttet. Åbn den igen, hvis det var en fejl.")

    def as_outstanding(self) -> str:
        """As a later note says it."""
        when = approximate(self.due, self.due_precision)
        source = f" i notatet af {plain_date(self.note.date)}" if self.note else ""
        return f"»{self.promise}«{f' ({when})' if when else ''}, som udvalget er lovet{source}, udestår."

    def last_day(self) -> date | None:
        """The last day that "by when" can mean; none where no date was promised."""
        return Precision(self.due_precision).last_day(self.due) if self.due else None

    def is_overdue(self, today: date) -> bool:
        return self.closed_on is None and self.due is not None and self.last_day() < today

    @transaction.atomic
    def close(self, *, on: date, note: Note | None = None, decision: Decision | None = None) -> None:
        """It is kept, by an issued note or by a decision."""
        self.refresh_from_db(from_queryset=FollowUp.objects.select_for_update())
        self.must_be_outstanding()
        if note:
            note.must_be_issued()
        self.kept_by, self.kept_by_decision, self.closed_on = note, decision, on
        self.save()

    @transaction.atomic
    def reopen(self) -> None:
        """It was closed by mistake."""
        self.refresh_from_db(from_queryset=FollowUp.objects.select_for_update())
        if self.closed_on is None:
            raise Conflict("Opfølgningen er ikke afsluttet.")
        self.kept_by = self.kept_by_decision = self.closed_on = None
        self.save()


def _named(origin: Note | Decision | None) -> str:
    match origin:
        case Decision():
            return f"{genitive(origin.committee_name)} beslutning den {plain_date(origin.meeting_date)}"
        case Note():
            return f"{origin.title} ({short_date(origin.date)})"
    return ""
