"""A committee's meetings, and the notes that are put on them."""

from datetime import date

from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse

from sikkerby.middleware import Conflict
from sikkerby.models import User, Versioned, audited
from sikkerby.permissions import Act
from sikkerby.templatetags.danish import clock, plain_date, short_date

from .committee import Committee
from .note import Note


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Dates and places are known to all who are given notes; which items they see is the notes' to say."""
        return self if user.may(Act.READ_NOTES) else self.none()

    def editable_by(self, user: User):
        return self if user.may(Act.PLAN_MEETINGS) else self.none()

    def of(self, committee: Committee):
        return self.filter(committee=committee)

    def from_day(self, day: date):
        return self.filter(day__gte=day)

    def to_come(self, today: date):
        return self.filter(day__gte=today).order_by("day", "starts_at", "pk")

    def held(self, today: date):
        """The last first; said here, for a query that groups forgets the order of its model."""
        return self.filter(day__lt=today).order_by("-day", "-starts_at", "-pk")

    def with_something_for(self, user: User):
        """Those with a note on them that this person may read."""
        readable = Note.objects.visible_to(user).values("pk")
        return self.filter(pk__in=AgendaItem.objects.filter(note__in=readable).values("meeting"))

    def of_those(self, committees: models.QuerySet):
        return self.filter(committee__in=committees).select_related("committee")

    def with_papers(self, user: User):
        """Each with the number of notes on it that this person may read, `papers`."""
        readable = Note.objects.visible_to(user).values("pk")
        return self.annotate(papers=Count("items", filter=Q(items__note__in=readable)))


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

    @property
    def when(self) -> str:
        """20. august 2013 kl. 13.15"""
        return plain_date(self.day) + (f" kl. {clock(self.starts_at)}" if self.starts_at else "")

    def is_held(self, today: date) -> bool:
        return self.day <= today

    def put(self, note: Note, *, number: str) -> "AgendaItem":
        """The note becomes an item of this meeting; one that waits for a meeting moves here."""
        waiting = self.committee.items.filter(note=note, meeting=None).first()
        if waiting is None:
            return AgendaItem.objects.add(AgendaItem(note=note, committee=self.committee, meeting=self, number=number))
        waiting.move(meeting=self, number=number)
        return waiting

    @transaction.atomic
    def remove(self) -> None:
        """One that was entered by mistake, and has nothing on it."""
        if self.items.exists() or self.decisions().exists():
            raise Conflict("Mødet har punkter på dagsordenen og kan ikke slettes. Flyt punkterne først.")
        self.delete()

    def decisions(self) -> models.QuerySet:
        """What was decided here, also on items that were postponed and have left it."""
        from .decision import Decision  # which points here

        return Decision.objects.filter(committee=self.committee_id, meeting_date=self.day)


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(note__in=Note.objects.visible_to(user))

    def editable_by(self, user: User):
        return self if user.may(Act.PLAN_MEETINGS) else self.none()

    def of(self, committee: Committee):
        return self.filter(committee=committee)

    def on(self, meeting: Meeting):
        """Those of one meeting, in the order of their numbers as far as these are numbers."""
        length = models.functions.Length("number")
        return self.filter(meeting=meeting).order_by(length, "number", "pk")

    def with_document(self):
        """With the note's committee and issued document, but without the document's bytes."""
        heavy = (f"note__document__{name}" for name in ("content", "text", "html", "pdf", "stems"))
        related = ("note__committee", "note__document", "note__barring")
        return self.select_related(*related).prefetch_related("decisions", "note__recommendations").defer(*heavy)

    def marking_replaced(self):
        """Each with whether another note replaces its own, `is_replaced`."""
        return self.annotate(is_replaced=models.Exists(Note.objects.issued().filter(replaces=models.OuterRef("note"))))

    def issued(self):
        """Those whose note is issued, and not barred from view."""
        return self.filter(note__in=Note.objects.issued().not_barred())

    def waiting(self):
        """Those that are on no meeting: not put on one yet, or postponed."""
        return self.filter(meeting__isnull=True)

    def in_full(self):
        """With all that is said of an item where it stands among others."""
        related = ("note", "committee", "meeting")
        return self.select_related(*related).prefetch_related("decisions", "note__recommendations")

    @transaction.atomic
    def add(self, item: "AgendaItem") -> "AgendaItem":
        """A committee is to treat a note. Its members may then read it, and are told of one that is issued."""
        from reports.letters import tell_of_note  # which reads the models

        item.note = Note.objects.select_for_update().get(pk=item.note_id)  # whoever issues it now tells them, or we do
        item.note.must_be_approved_or_issued()
        item.save(force_insert=True)
        if item.note.status == Note.Status.ISSUED:
            tell_of_note(item.note, item.committee)
        return item


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
        return f"{self.note.get_absolute_url()}#beslutning"

    def points_left(self) -> list[int]:
        """The points that the committee has not decided on, or has postponed; of a note without points nothing."""
        left = set(range(1, len(self.note.recommendations.all()) + 1))
        for decision in self.decisions.all():
            if not decision.is_postponed:
                left -= set(decision.points(of=max(left, default=0)))
        return sorted(left)

    def is_done(self) -> bool:
        """Whether the committee has decided on it, and on all its points if it has any."""
        return self.decided_something() and not self.points_left()

    def decided_something(self) -> bool:
        return any(not each.is_postponed for each in self.decisions.all())

    def was_postponed(self) -> bool:
        return any(each.is_postponed for each in self.decisions.all())

    def is_partly_decided(self) -> bool:
        return self.decided_something() and bool(self.points_left())

    def points_left_in_words(self) -> str:
        """1. og 3. at-punkt"""
        *others, last = [f"{point}." for point in self.points_left()]
        return f"{', '.join(others)} og {last} at-punkt" if others else f"{last} at-punkt"

    def must_be_movable(self) -> None:
        """Until the meeting that it is on has decided something on it."""
        if self.meeting and any(
            each.meeting_date == self.meeting.day and not each.is_postponed for each in self.decisions.all()
        ):
            raise Conflict(f"{self.committee} har truffet beslutning om notatet på mødet. Punktet kan ikke flyttes.")

    def hold_meeting(self) -> None:
        """Nobody moves its meeting to another day until this transaction has ended: decisions keep the day."""
        if self.meeting_id:
            self.meeting = Meeting.objects.select_for_update().get(pk=self.meeting_id)

    def must_be_treated(self, today: date) -> None:
        """The note is issued, and the meeting held, on a day when the note was there."""
        self.note.must_be_issued()
        if self.meeting is None:
            raise Conflict("Punktet er ikke på et møde. Sæt det først på det møde, der har truffet beslutningen.")
        if not self.meeting.is_held(today):
            raise Conflict(
                f"Mødet den {plain_date(self.meeting.day)} er ikke holdt endnu. Notér beslutningen, når "
                "beslutningsprotokollen foreligger."
            )
        if self.meeting.day < self.note.date:
            raise Conflict(
                f"Mødet den {plain_date(self.meeting.day)} ligger før notatets dato, {plain_date(self.note.date)}. "
                "Flyt punktet til det møde, der har truffet beslutningen."
            )

    @transaction.atomic
    def move(self, *, meeting: Meeting | None, number: str = "") -> None:
        """To another meeting of the committee, or to wait for one."""
        self.must_be_movable()
        self.meeting, self.number = meeting, number
        self.save(update_fields=["meeting", "number"])

    @transaction.atomic
    def remove(self) -> None:
        """The committee is not to treat it after all; possible until it has."""
        if self.decisions.exists():
            raise Conflict(f"{self.committee} har behandlet notatet. Punktet kan ikke fjernes.")
        self.delete()
