"""When a unit should have been open, in half-days, and which of them a closure takes. Nothing here asks the database.

The unit of count is the half-day. Every opening day has two halves, the first and the second half of the unit's *own*
opening time that day, however long: a club open 14–22 has two, like a school. What lies past midnight belongs to the
day it opened. A half-day can be counted when the unit should have been open: a weekday on which it opens (Monday to
Friday unless its opening hours say otherwise), no Danish public holiday unless it is open on these, and no planned
closing of the unit or of a shared calendar.
"""

import calendar as weeks
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays

from sikkerby.templatetags.danish import WEEKDAYS, day_and_month, half, long_date, with_capital

FIRST, SECOND = 1, 2
HALVES = {FIRST: "første del", SECOND: "sidste del"}
NOTHING_TO_COUNT = (
    "Institutionen skulle ikke have haft åbent de valgte dage. Der er ingen lukkedage at registrere. "
    "Kontrollér datoerne."
)


class HalfDay(NamedTuple):
    day: date
    half: int


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Which halves of the weekdays a unit opens, Monday first: 0 neither, 1 first, 2 second, 3 both."""

    halves: tuple[int, ...] = (3, 3, 3, 3, 3, 0, 0)
    on_public_holidays: bool = False
    begins: date | None = None
    ends: date | None = None

    def hold_on(self, day: date) -> bool:
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A planned closing, of the unit or of a shared calendar: these days never count."""

    first_day: date
    last_day: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """All that decides when one unit should be open. A day without opening hours is Monday to Friday, both halves."""

    hours: tuple[Hours, ...] = ()
    planned: tuple[Planned, ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None  # the last day it existed

    def halves_on(self, day: date) -> tuple[int, ...]:
        """The halves of the day that the unit should be open."""
        if self.why_closed(day):
            return ()
        return tuple(each for each in HALVES if self._hours_on(day).halves[day.weekday()] & each)

    def why_closed(self, day: date) -> str:
        """Why the unit need not be open that day, in a word or two of Danish; empty when it should be."""
        hours = self._hours_on(day)
        if self.opened_on and day < self.opened_on or self.closed_on and day > self.closed_on:
            return "dage, hvor institutionen ikke fandtes,"
        if not hours.halves[day.weekday()]:
            return WEEKDAYS[day.weekday()]
        if (holiday := public_holidays(day.year).get(day)) and not hours.on_public_holidays:
            return holiday
        return next((each.reason for each in self.planned if each.first_day <= day <= each.last_day), "")

    def _hours_on(self, day: date) -> Hours:
        return next((each for each in self.hours if each.hold_on(day)), Hours())


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days of a closure as they are reported. Without a last day it is closed until further notice."""

    first_day: date
    last_day: date | None
    only_last_part: bool = False  # of the first day: closed before time
    only_first_part: bool = False  # of the last day: opened later

    def days(self, until: date) -> Iterator[date]:
        """Its days; those of a closure until further notice up to and including `until`."""
        last_day = until if self.last_day is None else self.last_day
        for number in range((last_day - self.first_day).days + 1):
            yield self.first_day + timedelta(days=number)

    def covers(self, day: date, half: int) -> bool:
        """Whether it was closed that half of that day."""
        begins = (self.first_day, SECOND if self.only_last_part else FIRST)
        if self.last_day is None:
            return (day, half) >= begins
        return begins <= (day, half) <= (self.last_day, FIRST if self.only_first_part else SECOND)


def half_days_of(calendar: Calendar, period: Period, *, until: date) -> list[HalfDay]:
    """The half-days that the unit should have been open, and was closed: what a closure counts."""
    return [
        HalfDay(day, each) for day in period.days(until) for each in calendar.halves_on(day) if period.covers(day, each)
    ]


@cache
def public_holidays(year: int) -> dict[date, str]:
    """Denmark's, by name. Store bededag is one up to and including 2023."""
    names = holidays.country_holidays("DK", years=year, language="da")
    return {day: name if name.startswith("Kristi") else name.lower() for day, name in names.items()}


# --- A year to be looked at ----------------------------------------------------------------------------------------

NOT_OPEN = "ikke åbent"


@dataclass(frozen=True, kw_only=True)
class ClosedHalf:
    """What a calendar says of a half-day that a closure holds."""

    kind: str
    words: str  # driftsforstyrrelse, afventer gennemgang
    waiting: bool  # for review
    url: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day as a calendar shows it: its two halves, and why the unit need not be open, if so."""

    day: date
    halves: tuple[ClosedHalf | None, ClosedHalf | None]
    quiet: str
    planned: bool

    @property
    def url(self) -> str:
        return next((each.url for each in self.halves if each), "")

    @property
    def words(self) -> str:
        """For who cannot see the colours: "lukket hele dagen: driftsforstyrrelse, gennemgået"."""
        first, second = self.halves
        if first and first == second:
            return f"lukket hele dagen: {first.words}"
        parts = zip(self.halves, HALVES.values(), strict=True)
        return "; ".join(f"lukket {part}: {each.words}" for each, part in parts if each) or self.quiet


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month as a calendar shows it, in weeks from Monday; None stands for days of its neighbours."""

    number: int
    weeks: list[list[Day | None]]

    @property
    def closed(self) -> int:
        """How many half-days of it a closure holds."""
        return sum(sum(map(bool, day.halves)) for week in self.weeks for day in week if day)

    @property
    def closed_in_words(self) -> str:
        return in_words(self.closed)


def months_of(calendar: Calendar, year: int, closed: Mapping[HalfDay, ClosedHalf]) -> list[Month]:
    """The year with what closures hold of it, and the days on which the unit need not be open anyway."""

    def day_of(day: date) -> Day:
        why = calendar.why_closed(day)
        exists = (not calendar.opened_on or calendar.opened_on <= day) and (
            not calendar.closed_on or day <= calendar.closed_on
        )
        return Day(
            day=day,
            halves=(closed.get(HalfDay(day, FIRST)), closed.get(HalfDay(day, SECOND))),
            quiet=NOT_OPEN if why in WEEKDAYS else why if exists else "institutionen fandtes ikke",
            planned=any(why == each.reason and each.first_day <= day <= each.last_day for each in calendar.planned),
        )

    return [
        Month(
            number=month,
            weeks=[
                [day_of(day) if day.month == month else None for day in week]
                for week in weeks.Calendar().monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


# --- The count in words -------------------------------------------------------------------------------------------

LISTED_DAYS = 7  # more than a week is told by its first and last day


def explain(calendar: Calendar, period: Period, *, until: date) -> str:
    """What a closure counts as: "Tæller 2½ dage: mandag (sidste del), tirsdag, onsdag. Skærtorsdag tæller ikke." """
    counted = half_days_of(calendar, period, until=until)
    sentences = []
    if counted:
        sentences.append(f"Tæller {in_words(len(counted))}: {_listed(counted)}.")
    elif period.last_day:
        return NOTHING_TO_COUNT
    else:
        sentences.append("Tæller ingen dage endnu.")
    if skipped := _skipped(calendar, period.days(until)):
        sentences.append(with_capital(f"{skipped} tæller ikke."))
    if period.last_day is None:
        sentences.append("Lukningen tæller videre dag for dag, indtil den bliver afsluttet.")
    return " ".join(sentences)


def in_words(half_days: int) -> str:
    """0 dage, ½ dag, 1 dag, 1½ dag, 2 dage"""
    return f"{half(half_days)} {'dag' if 0 < half_days < 4 else 'dage'}"


def _listed(counted: list[HalfDay]) -> str:
    days: dict[date, list[int]] = {}
    for day, each in counted:
        days.setdefault(day, []).append(each)
    named = list(days.items())
    if (named[-1][0] - named[0][0]).days < LISTED_DAYS:
        return ", ".join(WEEKDAYS[day.weekday()] + _which(halves) for day, halves in named)
    (first_day, first), (last_day, last) = named[0], named[-1]
    start = f"{WEEKDAYS[first_day.weekday()]} den {day_and_month(first_day)}"
    if first_day.year != last_day.year:
        start = long_date(first_day)
    return f"fra {start}{_which(first)} til {long_date(last_day)}{_which(last)}"


def _which(halves: list[int]) -> str:
    return f" ({HALVES[halves[0]]})" if len(halves) == 1 else ""


def _skipped(calendar: Calendar, days: Iterable[date]) -> str:
    """The days that do not count, each reason once; weekdays that recur in the plural: lørdage og søndage."""
    reasons: dict[str, int] = {}
    for day in days:
        if reason := calendar.why_closed(day):
            reasons[reason] = reasons.get(reason, 0) + 1
    named = [f"{reason}e" if reason in WEEKDAYS and times > 1 else reason for reason, times in reasons.items()]
    return " og ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
