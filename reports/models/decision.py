"""What a committee decided on a note, as its minutes have it, and what is said of that afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from sikkerby.models import User, audited
from sikkerby.templatetags.danish import plain_date

from .committee import Committee, genitive
from .meeting import AgendaItem
from .note import Note

FROM_ONE = [MinValueValidator(1, "At-punkter er nummereret fra 1.")]


class DecisionQuerySet(models.QuerySet):
    @transaction.atomic
    def record(self, decision: "Decision", *, by: User) -> "Decision":
        """Store it for good, with the committee's name on the day, and enter it in the register. A postponed item
        leaves its meeting, and waits for another."""
        from .register import RegisterEntry  # which builds on this

        decision.committee_name = decision.committee.name_on(decision.meeting_date)
        decision.recorded_by = by
        decision.save(force_insert=True)
        RegisterEntry.objects.enter(decision)
        if decision.item and decision.outcome == Decision.Outcome.POSTPONED:
            decision.item.meeting, decision.item.number = None, ""
            decision.item.save()
        return decision

    def visible_to(self, user: User):
        return self.filter(note__in=Note.objects.visible_to(user))

    def quotable_in(self, note: Note):
        """Those a note may quote: decisions on open notes, and in a closed note those of its own committee too."""
        may = Q(note__confidentiality=Note.Confidentiality.OPEN)
        if note.is_closed:
            may |= Q(note__committee=note.committee)
        return self.filter(may)

    def with_addenda(self):
        return self.prefetch_related("addenda__by")

    @transaction.atomic
    def record_all(self, decisions: "Iterable[Decision]", *, by: User) -> "list[Decision]":
        """What one meeting decided, range by range."""
        return [self.record(decision, by=by) for decision in decisions]

    def postponed(self):
        return self.filter(outcome=Decision.Outcome.POSTPONED)


def in_range(first: int, last: int) -> str:
    """1. at-punkt; 2.–3. at-punkt"""
    return f"{first}. at-punkt" if first == last else f"{first}.–{last}. at-punkt"


@audited()
class Decision(models.Model):
    """What one committee decided on one point or a range of them, as its minutes have it. Final: triggers refuse a
    change, RegisterEntry shows one, and what was recorded wrongly is put right by an addendum."""

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
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, related_name="decisions", verbose_name="dagsordenspunkt"
    )
    committee_name = models.CharField("udvalgets navn på dagen", max_length=100)
    meeting_date = models.DateField("mødedato")
    item_number = models.CharField("punkt på dagsordenen", max_length=10, blank=True)
    # None where the paper put no points, as a status note, and the committee decided on it as a whole.
    first_point = models.PositiveSmallIntegerField("fra at-punkt", null=True, blank=True, validators=FROM_ONE)
    last_point = models.PositiveSmallIntegerField("til at-punkt", null=True, blank=True, validators=FROM_ONE)
    outcome = models.CharField("beslutning", max_length=20, choices=Outcome.choices)
    remark = models.TextField("protokolbemærkning", max_length=20_000, blank=True)
    votes = models.TextField(
        "afstemning", max_length=20_000, blank=True, help_text="Hvem der stemte for og imod, hvis der blev stemt."
    )
    minutes_url = models.URLField("link til beslutningsprotokollen", blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="noteret af")
    recorded_at = models.DateTimeField("noteret", default=timezone.now)

    objects = DecisionQuerySet.as_manager()

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
            ),
            ExclusionConstraint(
                name="reports_decision_one_on_each_point",
                expressions=[
                    (F("note"), RangeOperators.EQUAL),
                    (F("committee"), RangeOperators.EQUAL),
                    (F("meeting_date"), RangeOperators.EQUAL),
                    (
                        models.Func(
                            Coalesce("first_point", 1),
                            Coalesce("last_point", 32767),
                            models.Value("[]"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Udvalgets beslutning om et af punkterne er allerede noteret for det møde.",
            ),
        ]

    def __str__(self):
        """As minutes have it: "2.–3. at-punkt blev godkendt"."""
        return f"{self.range or 'Notatet'} blev {self.get_outcome_display()}"

    def get_absolute_url(self):
        return f"{self.note.get_absolute_url()}#beslutning-{self.pk}"

    @property
    def range(self) -> str:
        """2.–3. at-punkt; nothing where it is about the note as a whole."""
        return in_range(self.first_point, self.last_point) if self.first_point else ""

    @property
    def is_postponed(self) -> bool:
        return self.outcome == self.Outcome.POSTPONED

    def points(self, *, of: int) -> range:
        """The points it is about, of so many; all of them where it is about the note as a whole."""
        return range(self.first_point, self.last_point + 1) if self.first_point else range(1, of + 1)

    @transaction.atomic
    def add(self, text: str, *, by: User) -> "DecisionAddendum":
        from .register import RegisterEntry  # which builds on this

        addendum = self.addenda.create(text=text, by=by)
        RegisterEntry.objects.enter(addendum)
        return addendum


@dataclass(frozen=True)
class Minutes:
    """What one committee decided on a note at one meeting, as its minutes have it."""

    committee_name: str
    day: date
    item_number: str
    minutes_url: str
    decisions: list[Decision]

    @property
    def heading(self) -> str:
        """Økonomiudvalgets beslutning den 20. august 2013, punkt 4"""
        where = f", punkt {self.item_number}" if self.item_number else ""
        return f"{genitive(self.committee_name)} beslutning den {plain_date(self.day)}{where}"

    @property
    def sentences(self) -> str:
        """1. at-punkt blev drøftet. 2.–3. at-punkt blev godkendt."""
        return " ".join(f"{decision}." for decision in self.decisions)

    def __str__(self):
        return f"{self.heading}: {self.sentences}"


def minutes_of(decisions: Iterable[Decision]) -> list[Minutes]:
    """Decisions on one note, meeting by meeting."""
    ordered = sorted(decisions, key=lambda each: (each.meeting_date, each.committee_id, each.first_point or 0, each.pk))
    return [
        Minutes(
            committee_name=made[0].committee_name,
            day=day,
            item_number=made[0].item_number,
            minutes_url=next((each.minutes_url for each in made if each.minutes_url), ""),
            decisions=made,
        )
        for (day, _), made in (
            (key, list(group)) for key, group in groupby(ordered, lambda each: (each.meeting_date, each.committee_id))
        )
    ]


class DecisionAddendum(models.Model):
    """What is to be added to a decision that was recorded wrongly, or not in full. Only added to."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="addenda", verbose_name="beslutning")
    text = models.TextField("tilføjelse", max_length=20_000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="tilføjet af")
    at = models.DateTimeField("tilføjet", default=timezone.now)

    class Meta:
        verbose_name = "tilføjelse til en beslutning"
        verbose_name_plural = "tilføjelser til beslutninger"
        ordering = ["pk"]

    def __str__(self):
        return self.text[:80]
