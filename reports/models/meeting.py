"""A committee's meetings, and the notes that are put on them."""

from datetime import date

from django.db import models
from django.db.models import OuterRef, Q
from django.urls import reverse

from sikkerby.models import User, Versioned, audited
from sikkerby.permissions import Act
from sikkerby.templatetags.danish import short_date

from .committee import Committee
from .note import Note


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Dates and places are known to all who are given notes; which items they see is the notes' to say."""
        return self if user.may(Act.READ_NOTES) else self.none()

    def editable_by(self, user: User):
        return self if user.may(Act.PLAN_MEETINGS) else self.none()

    def to_come(self, today: date):
        return self.filter(day__gte=today).order_by("day", "starts_at", "pk")

    def held(self, today: date):
        return self.filter(day__lt=today)


@audited(exclude=["version"])
class Meeting(Versioned):
    """A committee meets on a day."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings", verbose_name="udvalg")
    day = models.DateField("dato")
    starts_at = models.TimeField("klokkeslæt", null=True, blank=True)
    place = models.CharField("sted", max_length=150, blank=True)
    minutes_url = models.URLField("link til beslutningsprotokollen", blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "møde"
        verbose_name_plural = "møder"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "day", "starts_at"],
                nulls_distinct=False,
                name="reports_meeting_once",
                violation_error_message="Udvalget har allerede et møde på det tidspunkt.",
            )
        ]

    def __str__(self):
        return f"{self.committee}, {short_date(self.day)}"

    def get_absolute_url(self):
        return reverse("reports:meeting", args=[self.pk])


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(note__in=Note.objects.visible_to(user))

    def editable_by(self, user: User):
        return self if user.may(Act.PLAN_MEETINGS) else self.none()

    def open(self):
        """Those that the committee has still to decide: it has not met on them, or has postponed them."""
        from .decision import Decision  # which points here

        last = Decision.objects.filter(item=OuterRef("pk")).order_by("-meeting_date", "-pk").values("outcome")[:1]
        return self.alias(last_outcome=models.Subquery(last)).filter(
            Q(last_outcome__isnull=True) | Q(last_outcome=Decision.Outcome.POSTPONED)
        )

    def not_on_a_meeting(self):
        return self.filter(meeting__isnull=True)


@audited(exclude=["version"])
class AgendaItem(Versioned):
    """That one committee is to treat a note (dagsordenspunkt). A note that several are to decide has an item for each,
    and is done when all have. It moves to another meeting when it is postponed; the decisions keep where it was."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="items", verbose_name="notat")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="items", verbose_name="udvalg")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="møde"
    )
    number = models.CharField("punkt på dagsordenen", max_length=10, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "dagsordenspunkt"
        verbose_name_plural = "dagsordenspunkter"
        ordering = ["meeting", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "committee"],
                name="reports_agendaitem_one_for_each_committee",
                violation_error_message="Udvalget skal allerede behandle notatet.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "number"],
                condition=~Q(number=""),
                name="reports_agendaitem_numbered_once",
                violation_error_message="Mødet har allerede et punkt med det nummer.",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=False) | Q(number=""),
                name="reports_agendaitem_numbered_on_a_meeting",
                violation_error_message="Vælg et møde, når punktet har et nummer.",
            ),
        ]

    def __str__(self):
        return f"Punkt {self.number}. {self.note}" if self.number else str(self.note)

    def get_absolute_url(self):
        return self.note.get_absolute_url()
