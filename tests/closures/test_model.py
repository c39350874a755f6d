"""Any sequence of acts leaves the figures that a plain set of half-days in memory would have."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from closures import figures
from closures.calendar import public_holidays
from closures.models import Closure, Kind, OpeningHours, PlannedClosing
from sikkerby.middleware import Conflict
from tests.factories import make_institution, make_user

TODAY = date(2026, 11, 18)
FIRST_DAY = date(2025, 12, 27)  # three narrow weeks over New Year, so that closures meet
PLANNED = (date(2026, 1, 7), date(2026, 1, 9))
SCHOOL, SERVICE, CLUB = range(3)  # the service belongs to the school; the club is open on Saturdays
KINDS = (Kind.DISRUPTION.value, Kind.PEDAGOGICAL.value)


def should_be_open(unit: int, day: date) -> bool:
    """The rule once more, without the code that is tested."""
    if day.weekday() == 6 or (day.weekday() == 5 and unit != CLUB) or day in public_holidays(day.year):
        return False
    return unit != SCHOOL or not PLANNED[0] <= day <= PLANNED[1]


def half_days_between(unit: int, first: date, from_second_half: bool, length: int) -> set:
    found = set()
    for number in range(length):
        day = first + timedelta(days=number)
        if should_be_open(unit, day):
            found |= {(unit, day, 1), (unit, day, 2)}
    return found - {(unit, first, 1)} if from_second_half else found


@dataclass
class Remembered:
    unit: int
    kind: str
    taken: set
    status: str = Closure.Status.AWAITING
    reported_kind: str = field(init=False)

    def __post_init__(self):
        self.reported_kind = self.kind


PERIOD = st.tuples(st.integers(0, 16), st.booleans(), st.integers(1, 6))
STEP = st.one_of(
    st.tuples(st.just("register"), st.integers(0, 2), st.sampled_from(KINDS), PERIOD),
    st.tuples(st.sampled_from(["review", "withdraw", "exclude", "ask", "answer"]), st.integers(0, 9)),
    st.tuples(st.just("reclassify"), st.integers(0, 9), st.sampled_from(KINDS)),
    st.tuples(st.just("change"), st.integers(0, 9), PERIOD),
)
UNREVIEWED, HOLDING = Closure.UNREVIEWED, Closure.HOLDING


class World:
    """The same acts in the database and in memory."""

    def __init__(self):
        school = make_institution(kind="school")
        self.units = [school, make_institution(parent=school, kind="care"), make_institution(kind="club")]
        OpeningHours.objects.create(institution=self.units[CLUB], halves=[3] * 6 + [0])
        PlannedClosing.objects.create(institution=school, first_day=PLANNED[0], last_day=PLANNED[1], reason="lukket")
        self.by = make_user()
        self.known: list[tuple[Closure, Remembered]] = []

    def is_free(self, wanted: set, but: Remembered | None = None) -> bool:
        return all(
            wanted.isdisjoint(each.taken) for _, each in self.known if each.status in HOLDING and each is not but
        )

    def step(self, act, *arguments) -> None:
        if act == "register":
            return self.register(*arguments)
        which, *rest = arguments
        if not self.known:
            return None
        closure, memory = self.known[which % len(self.known)]
        expected = getattr(self, f"expect_{act}")(memory, *rest)
        try:
            with transaction.atomic():
                self.act(Closure.objects.get(pk=closure.pk), act, *rest)
            done = True
        except (Conflict, ValidationError):
            done = False
        assert done == (expected is not None), (act, arguments, memory)
        if expected:
            vars(memory).update(expected)

    def register(self, unit, kind, period) -> None:
        wanted = half_days_between(unit, *self.dates(period))
        first_day, from_second_half, length = self.dates(period)
        try:
            with transaction.atomic():
                closure = Closure.objects.register(
                    institution=self.units[unit],
                    by=self.by,
                    today=TODAY,
                    kind=kind,
                    first_day=first_day,
                    first_part="last" if from_second_half else "whole",
                    last_day=first_day + timedelta(days=length - 1),
                )
        except ValidationError:
            assert not wanted or not self.is_free(wanted)
        else:
            assert wanted
            assert self.is_free(wanted)
            self.known.append((closure, Remembered(unit, kind, wanted)))

    def dates(self, period) -> tuple[date, bool, int]:
        start, from_second_half, length = period
        return FIRST_DAY + timedelta(days=start), from_second_half, length

    def act(self, closure, act, *rest) -> None:
        match act:
            case "review" | "withdraw":
                getattr(closure, act)(by=self.by)
            case "ask" | "answer":
                getattr(closure, act)("Tekst", by=self.by)
            case "exclude":
                closure.exclude(Closure.Exclusion.PLANNED, by=self.by)
            case "reclassify":
                closure.reclassify(*rest, by=self.by)
            case "change":
                first_day, from_second_half, length = self.dates(*rest)
                closure.first_day, closure.last_day = first_day, first_day + timedelta(days=length - 1)
                closure.first_part = "last" if from_second_half else "whole"
                closure.change(by=self.by, today=TODAY)

    # What each act makes of what is remembered; None when it must be refused.

    def expect_review(self, memory):
        return {"status": Closure.Status.REVIEWED} if memory.status in UNREVIEWED else None

    def expect_withdraw(self, memory):
        return {"status": Closure.Status.WITHDRAWN} if memory.status in UNREVIEWED else None

    def expect_exclude(self, memory):
        return {"status": Closure.Status.EXCLUDED} if memory.status in HOLDING else None

    def expect_ask(self, memory):
        return {"status": Closure.Status.RETURNED} if memory.status in UNREVIEWED else None

    def expect_answer(self, memory):
        return {"status": Closure.Status.AWAITING} if memory.status == Closure.Status.RETURNED else None

    def expect_reclassify(self, memory, kind):
        return {"kind": kind} if memory.status in HOLDING and memory.kind != kind else None

    def expect_change(self, memory, period):
        wanted = half_days_between(memory.unit, *self.dates(period))
        if memory.status not in UNREVIEWED or not wanted or not self.is_free(wanted, but=memory):
            return None
        return {"taken": wanted}

    # What the figures must be.

    def check(self) -> None:
        for reviewed_only in (True, False):
            statuses = (Closure.Status.REVIEWED,) if reviewed_only else HOLDING
            held = [each for _, each in self.known if each.status in statuses]
            of_the_school = {(day, half) for each in held if each.unit == SCHOOL for _, day, half in each.taken}
            counted = [
                (each, unit, day)
                for each in held
                for unit, day, half in each.taken
                if unit != SERVICE or (day, half) not in of_the_school
            ]
            for found in figures.years(Closure.objects.all(), 2025, 2026, reviewed_only=reviewed_only):
                of_year = [(each, unit) for each, unit, day in counted if day.year == found.year]
                taken_out = [
                    day
                    for _, each in self.known
                    if each.status == Closure.Status.EXCLUDED
                    for _, day, _ in each.taken
                    if day.year == found.year
                ]
                assert found.disruption == sum(each.kind == Kind.DISRUPTION for each, _ in of_year)
                assert found.pedagogical == sum(each.kind == Kind.PEDAGOGICAL for each, _ in of_year)
                assert found.units == len({unit for _, unit in of_year})
                assert found.not_reviewed == sum(each.status in UNREVIEWED for each, _ in of_year)
                assert found.reclassified == sum(each.kind != each.reported_kind for each, _ in of_year)
                assert found.taken_out == len(taken_out)


# Not shrunk when it fails: that takes minutes. Add Phase.shrink by hand for the shortest list of steps.
@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(st.lists(STEP, min_size=8, max_size=30))
def test_any_sequence_of_acts_agrees_with_a_plain_set_of_half_days(steps):
    with transaction.atomic():
        world = World()
        for step in steps:
            world.step(*step)
        world.check()
        transaction.set_rollback(True)
