"""Any sequence of acts leaves the figures that a plain set of half-days in memory would have.

`make test` tries some sequences, `make check` five hundred of thirty steps (SEQUENCES).
"""

import os
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from closures import figures
from closures.calendar import public_holidays
from closures.models import Closure, Kind, OpeningHours, PlannedClosing, YearlyAccount
from sikkerby.middleware import Conflict
from sikkerby.models import Duty
from tests.factories import make_account, make_duty, make_institution, make_user

SEQUENCES = int(os.environ.get("SEQUENCES", 25))
FIRST_DAY = date(2025, 12, 22)  # four narrow weeks over New Year, so that closures meet
FIRST_TODAY, AHEAD = date(2025, 12, 30), timedelta(days=14)
PLANNED = (date(2026, 1, 7), date(2026, 1, 9))
SCHOOL, SERVICE, CLUB = range(3)  # the service belongs to the school; the club may be open on Saturdays
KINDS = (Kind.DISRUPTION.value, Kind.PEDAGOGICAL.value)
AWAITING, RETURNED, REVIEWED, EXCLUDED, WITHDRAWN = Closure.Status
UNREVIEWED, HOLDING = (AWAITING, RETURNED), (AWAITING, RETURNED, REVIEWED)


@dataclass(frozen=True)
class Dates:
    """A period as it is typed; without a last day, until further notice."""

    first: date
    last: date | None
    from_second_half: bool
    to_first_half: bool

    def covers(self, day: date, half: int) -> bool:
        return (self.first, 2 if self.from_second_half else 1) <= (day, half) and (
            self.last is None or (day, half) <= (self.last, 1 if self.to_first_half else 2)
        )

    def columns(self) -> dict:
        return {
            "first_day": self.first,
            "first_part": "last" if self.from_second_half else "whole",
            "last_day": self.last,
            "last_part": "first" if self.to_first_half else "whole",
        }


@dataclass
class Remembered:
    pk: int
    unit: int
    kind: str
    dates: Dates
    taken: set  # of (day, half)
    status: str = AWAITING
    reported_kind: str = field(init=False)

    def __post_init__(self):
        self.reported_kind = self.kind

    @property
    def holds(self) -> bool:
        return self.status in HOLDING


def typed(start: int, length: int | None, from_second_half: bool, to_first_half: bool) -> Dates:
    """Dates that the form and the database's constraints let through; the rest is theirs to test."""
    first = FIRST_DAY + timedelta(days=start)
    if length is None:
        return Dates(first, None, from_second_half, to_first_half=False)
    return Dates(
        first,
        first + timedelta(days=length - 1),
        from_second_half,
        to_first_half and (length > 1 or not from_second_half),
    )


DATES = st.builds(
    typed, st.integers(0, 24), st.one_of(st.integers(1, 6), st.integers(1, 3)), st.booleans(), st.booleans()
)
OPEN_ENDED = st.builds(typed, st.integers(0, 18), st.none(), st.booleans(), st.just(False))
WHICH = st.integers(0, 9)
STEP = st.one_of(
    st.tuples(st.just("register"), st.booleans(), st.integers(0, 2), st.sampled_from(KINDS), DATES | OPEN_ENDED),
    st.tuples(st.sampled_from(["review", "withdraw", "exclude", "ask", "answer"]), WHICH),
    st.tuples(st.just("review_all")),
    st.tuples(st.just("reclassify"), WHICH, st.sampled_from(KINDS)),
    st.tuples(st.sampled_from(["change", "correct"]), WHICH, DATES),
    st.tuples(st.just("end"), WHICH, st.integers(0, 12), st.booleans()),
    st.tuples(st.just("open_hours"), st.booleans(), st.booleans()),
    st.tuples(st.just("days_pass"), st.integers(1, 4)),
    st.tuples(st.just("close_year")),
)


class World:
    """The same acts in the database and in memory."""

    def __init__(self):
        school = make_institution(kind="school")
        self.units = [school, make_institution(parent=school, kind="care"), make_institution(kind="club")]
        self.hours = OpeningHours.objects.create(institution=self.units[CLUB], halves=[3] * 6 + [0])
        PlannedClosing.objects.create(institution=school, first_day=PLANNED[0], last_day=PLANNED[1], reason="lukket")
        self.leader, self.office = make_user(), make_user()
        make_duty(user=self.office, kind=Duty.Kind.OFFICE)
        self.today = FIRST_TODAY
        self.club_opens_on_saturdays = True
        self.known: list[Remembered] = []
        self.frozen: dict | None = None  # what the account of 2025 was closed with
        make_account(2025, by=self.office)

    # --- The rules once more, without the code that is tested ---------------------------------------------------------

    def is_open(self, unit: int, day: date) -> bool:
        saturdays = unit == CLUB and self.club_opens_on_saturdays
        if day.weekday() == 6 or (day.weekday() == 5 and not saturdays) or day in public_holidays(day.year):
            return False
        return unit != SCHOOL or not PLANNED[0] <= day <= PLANNED[1]

    def half_days(self, unit: int, dates: Dates, until: date) -> set:
        days = [dates.first + timedelta(days=number) for number in range((until - dates.first).days + 1)]
        return {(day, half) for day in days if self.is_open(unit, day) for half in (1, 2) if dates.covers(day, half)}

    def wanted(self, unit: int, dates: Dates, but: Remembered | None, by_office: bool) -> set | None:
        """What these dates would take; None when they must be refused."""
        ahead = self.today + AHEAD
        years = range(dates.first.year, (dates.last or max(self.today, dates.first)).year + 1)
        if max(dates.first, dates.last or dates.first) > ahead:
            return None
        if self.frozen and 2025 in years and not by_office:
            return None
        planned = self.half_days(unit, dates, dates.last or ahead)
        if not planned:
            return None
        for other in self.known:
            if other.unit != unit or not other.holds or other is but:
                continue
            if not planned.isdisjoint(other.taken):
                return None
            if dates.last is None and (
                other.dates.last is None or any(day > max(planned)[0] for day, _ in other.taken)
            ):
                return None
            if other.dates.last is None and any(other.dates.covers(*each) for each in planned):
                return None
        return planned if dates.last else {each for each in planned if each[0] <= self.today}

    # --- Steps --------------------------------------------------------------------------------------------------------

    def step(self, act, *arguments) -> None:
        if act in ("register", "review_all", "open_hours", "days_pass", "close_year"):
            return getattr(self, act)(*arguments)
        which, *rest = arguments
        if not self.known:
            return None
        memory = self.known[which % len(self.known)]
        expected = getattr(self, f"expect_{act}")(memory, *rest)
        done = self.succeeds(lambda: self.act(memory, act, *rest))
        assert done == (expected is not None), (act, arguments, memory)
        if expected:
            vars(memory).update(expected)
        return None

    def succeeds(self, act) -> bool:
        try:
            with transaction.atomic():
                act()
        except (Conflict, ValidationError):
            return False
        return True

    def register(self, by_office, unit, kind, dates) -> None:
        wanted = self.wanted(unit, dates, None, by_office)
        made = []
        done = self.succeeds(
            lambda: made.append(
                Closure.objects.register(
                    institution=self.units[unit],
                    by=self.office if by_office else self.leader,
                    today=self.today,
                    kind=kind,
                    **dates.columns(),
                )
            )
        )
        assert done == (wanted is not None), (unit, dates)
        if done:
            self.known.append(Remembered(made[0].pk, unit, kind, dates, wanted))

    def review_all(self) -> None:
        for memory in self.known:
            if memory.status in UNREVIEWED and memory.dates.last:
                Closure.objects.get(pk=memory.pk).review(by=self.office)
                memory.status = REVIEWED

    def open_hours(self, saturdays, recount) -> None:
        """The club opens on other days, and has for ever; the office says whether to count again."""
        self.hours.halves = [3] * 5 + [3 if saturdays else 0] + [0]
        self.hours.save()
        self.club_opens_on_saturdays = saturdays
        for memory in self.known if recount else ():
            if memory.unit == CLUB and memory.holds:
                Closure.objects.get(pk=memory.pk).recount(by=self.office, today=self.today)
                others = [each.taken for each in self.known if each.unit == CLUB and each.holds and each is not memory]
                counted = self.half_days(CLUB, memory.dates, memory.dates.last or self.today)
                memory.taken = counted.difference(*others)

    def days_pass(self, number) -> None:
        self.today += timedelta(days=number)
        Closure.objects.count_open_closures(self.today)
        for memory in self.known:
            if memory.holds and memory.dates.last is None:
                counted = self.half_days(memory.unit, memory.dates, self.today)
                last = max((day for day, _ in memory.taken), default=date.min)
                memory.taken = memory.taken | {each for each in counted if each[0] > last}

    def close_year(self) -> None:
        account = YearlyAccount.objects.get(year=2025)
        in_the_way = any(
            each.status in UNREVIEWED and (each.dates.last is None or any(day.year == 2025 for day, _ in each.taken))
            for each in self.known
            if each.dates.first.year <= 2025
        )
        over = self.today > date(2025, 12, 31)
        done = self.succeeds(lambda: account.close(by=self.office, accept_missing=True, today=self.today))
        assert done == (over and not in_the_way and self.frozen is None)
        if done:
            self.frozen = self.expected(2025, reviewed_only=True)

    def act(self, memory, act, *rest) -> None:
        closure = Closure.objects.get(pk=memory.pk)
        match act:
            case "withdraw":
                closure.withdraw(by=self.leader)
            case "review":
                closure.review(by=self.office)
            case "ask":
                closure.ask("Tekst", by=self.office)
            case "answer":
                closure.answer("Tekst", by=self.leader)
            case "exclude":
                closure.exclude(Closure.Exclusion.PLANNED, by=self.office)
            case "reclassify":
                closure.reclassify(*rest, by=self.office)
            case "end":
                dates = self.ended(memory, *rest)
                closure.end(
                    last_day=dates.last, last_part=dates.columns()["last_part"], by=self.leader, today=self.today
                )
            case "change" | "correct":
                for name, value in rest[0].columns().items():
                    setattr(closure, name, value)
                if act == "change":
                    closure.change(by=self.leader, today=self.today)
                else:
                    closure.correct("Skrivefejl", by=self.office, today=self.today)

    # What each act makes of what is remembered; None when it must be refused.

    def expect_review(self, memory):
        return {"status": REVIEWED} if memory.status in UNREVIEWED and memory.dates.last else None

    def expect_withdraw(self, memory):
        years = range(memory.dates.first.year, (memory.dates.last or memory.dates.first).year + 1)
        of_the_office = self.frozen and 2025 in years  # which registered it after the year was closed
        return {"status": WITHDRAWN} if memory.status in UNREVIEWED and not of_the_office else None

    def expect_exclude(self, memory):
        return {"status": EXCLUDED} if memory.holds else None

    def expect_ask(self, memory):
        return {"status": RETURNED} if memory.status in UNREVIEWED else None

    def expect_answer(self, memory):
        return {"status": AWAITING} if memory.status == RETURNED else None

    def expect_reclassify(self, memory, kind):
        return {"kind": kind} if memory.holds and memory.kind != kind else None

    def expect_change(self, memory, dates):
        return self.expect_new_dates(memory, dates, UNREVIEWED, by_office=False)

    def expect_correct(self, memory, dates):
        return self.expect_new_dates(memory, dates, (REVIEWED,), by_office=True)

    def expect_new_dates(self, memory, dates, statuses, *, by_office):
        years = range(memory.dates.first.year, (memory.dates.last or max(self.today, memory.dates.first)).year + 1)
        if memory.status not in statuses or (self.frozen and 2025 in years and not by_office):
            return None
        wanted = self.wanted(memory.unit, dates, memory, by_office)
        return None if wanted is None else {"taken": wanted, "dates": dates}

    def ended(self, memory, after, to_first_half) -> Dates:
        last = memory.dates.first + timedelta(days=after)
        to_first_half = to_first_half and (after > 0 or not memory.dates.from_second_half)
        return Dates(memory.dates.first, last, memory.dates.from_second_half, to_first_half)

    def expect_end(self, memory, after, to_first_half):
        if memory.status not in UNREVIEWED or memory.dates.last is not None:
            return None
        dates = self.ended(memory, after, to_first_half)
        wanted = self.wanted(memory.unit, dates, memory, by_office=False)
        return None if wanted is None else {"taken": wanted, "dates": dates}

    # --- What the figures must be -------------------------------------------------------------------------------------

    def counted(self, *, reviewed_only: bool) -> list:
        held = [each for each in self.known if each.status in ((REVIEWED,) if reviewed_only else HOLDING)]
        of_the_school = {each for memory in held if memory.unit == SCHOOL for each in memory.taken}
        return [
            (memory, day)
            for memory in held
            for day, half in memory.taken
            if memory.unit != SERVICE or (day, half) not in of_the_school
        ]

    def expected(self, year: int, *, reviewed_only: bool) -> dict:
        of_year = [memory for memory, day in self.counted(reviewed_only=reviewed_only) if day.year == year]
        excluded = [day for each in self.known if each.status == EXCLUDED for day, _ in each.taken]
        return {
            "disruption": sum(each.kind == Kind.DISRUPTION for each in of_year),
            "pedagogical": sum(each.kind == Kind.PEDAGOGICAL for each in of_year),
            "units": len({each.unit for each in of_year}),
            "not_reviewed": sum(each.status in UNREVIEWED for each in of_year),
            "reclassified": sum(each.kind != each.reported_kind for each in of_year),
            "taken_out": sum(day.year == year for day in excluded),
        }

    def check(self) -> None:
        closures = Closure.objects.all()
        for reviewed_only in (True, False):
            for found in figures.years(closures, 2025, 2026, reviewed_only=reviewed_only):
                expected = self.expected(found.year, reviewed_only=reviewed_only)
                assert {name: getattr(found, name) for name in expected} == expected
                days = [day for _, day in self.counted(reviewed_only=reviewed_only) if day.year == found.year]
                months = figures.by_month(closures, found.year, reviewed_only=reviewed_only)
                assert [each.total for each in months] == [
                    sum(day.month == month for day in days) for month in range(1, 13)
                ]
        (shown,) = figures.shown(2025, 2025)
        if self.frozen:
            assert {name: getattr(shown, name) for name in self.frozen} == self.frozen
            # Only years that a step says it moved are counted again: none may be missed.
            today, expected = shown.today or shown, self.expected(2025, reviewed_only=True)
            del expected["not_reviewed"]
            assert {name: getattr(today, name) for name in expected} == expected
        for each in Closure.objects.all():
            memory = next(memory for memory in self.known if memory.pk == each.pk)
            assert each.half_days == len(memory.taken)
            assert each.closed_half_days.count() == (len(memory.taken) if memory.holds else 0)


# Not shrunk when it fails: that takes minutes. Add Phase.shrink by hand for the shortest list of steps.
@pytest.mark.django_db
@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(st.lists(STEP, min_size=30, max_size=30))
def test_any_sequence_of_acts_agrees_with_a_plain_set_of_half_days(steps):
    with transaction.atomic():
        world = World()
        for step in steps:
            world.step(*step)
        world.check()
        transaction.set_rollback(True)
