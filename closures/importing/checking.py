"""What a sheet would do to the register, row by row: the same rules as when a closure is registered by hand
(Closure.half_days_to_take), asked of a hundred thousand rows with a handful of queries.

A row is new, or exists already and is left alone, or is wrong; one that is wrong keeps the whole sheet out.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from sikkerby.forms import UNREADABLE
from sikkerby.templatetags.danish import as_text, long_date, number, short_date

from ..calendar import FIRST, HALVES, NOTHING_TO_COUNT, Calendar, HalfDay, Planned, half_days_of
from ..models import (
    AHEAD,
    ClosedHalfDay,
    Closure,
    Institution,
    Kind,
    OpeningHours,
    PlannedClosing,
    ReportedTotal,
    YearlyAccount,
)
from ..models.closure import SIKKER_BY_BEGAN, STATE
from ..models.importing import PAGE
from .columns import HEADINGS
from .reading import Refused
from .rows import DIVIDED_FROM, ERROR, EXISTS, NEW, NOT_DIVIDED, Row

MOST_DAYS = 1_000_000  # from the first to the last day, of all rows together
TOLD_EACH = 5000  # rows between two words about how far it is
UNIT = 10_000_000  # a half-day of a unit as one number: the unit, the day and its half


@dataclass(kw_only=True)
class Plan:
    """What would be saved, and what is said of each row."""

    rows: list[Row]

    @property
    def closures(self) -> list[Row]:
        return [row for row in self.rows if not row.year and row.verdict == NEW]

    @property
    def totals(self) -> list[Row]:
        return [row for row in self.rows if row.year and row.verdict == NEW]

    @property
    def digest(self) -> str:
        """The same for the same verdicts, and for no others."""
        said = hashlib.sha256()
        for row in self.rows:
            said.update(f"{row.number} {row.half_days} {row.existing} {row.errors} {row.notes}\n".encode())
        return said.hexdigest()

    def verdicts(self) -> dict[str, Any]:
        """For the page: sums, and the rows of each verdict in pages."""
        pages: dict[str, list[list]] = {ERROR: [], NEW: [], EXISTS: []}
        counts, half_days = dict.fromkeys(pages, 0), 0
        for row in self.rows:
            verdict = row.verdict
            if counts[verdict] % PAGE == 0:
                pages[verdict].append([])
            pages[verdict][-1].append(row.as_shown(verdict))
            counts[verdict] += 1
            if verdict == NEW:
                half_days += row.half_days
        return {"counts": counts, "half_days": half_days, "pages": pages, "digest": self.digest}


def plan(rows: list[Row], given: set[str], *, today: date, tell: Callable[[int], None] = lambda done: None) -> Plan:
    """Hold each row against the others and against the register. `given` are the columns that the sheet has."""
    _find_by_number(rows, given)
    _find_by_days(rows)
    totals = [row for row in rows if row.year]
    closures = [row for row in rows if not row.year]
    _check_totals(totals)
    _check_closures(closures, totals, today=today, tell=tell)
    return Plan(rows=rows)


# --- Is it in the register already? -------------------------------------------------------------------------------

_COMPARED = (
    *("pk", "institution_id", "kind", "reported_kind", "first_day", "first_part", "last_day", "last_part"),
    *("scope", "cause", "measures", "reference", "account", "status", "registered_at"),
)


def _find_by_number(rows: list[Row], given: set[str]) -> None:
    """Rows that say which closure they are, as exports do. They must say the same as the register."""
    numbered: dict[int, Row] = {}
    for row in rows:
        if row.pk is None:
            continue
        if (other := numbered.setdefault(row.pk, row)) is not row:
            row.errors.append(
                f"{HEADINGS['number']}: {row.existing_number} står også i række {other.number}. Slet den ene."
            )
    for closure in _stored(numbered):
        row = numbered[closure.pk]
        if row.existing_number.split("-")[1] == str(timezone.localtime(closure.registered_at).year):
            row.existing = closure.pk
            _compare(row, closure, given)
    for row in numbered.values():
        if not row.existing and not row.errors:
            row.errors.append(
                f"{HEADINGS['number']}: Der er ingen lukning med nummeret {row.existing_number}. Slet nummeret, hvis "
                "lukningen er ny."
            )


def _stored(pks: Iterable[int]) -> Iterator[Closure]:
    """These closures, with what a sheet says of them, a few at a time: a register's texts are long."""
    pks = list(pks)
    return Closure.objects.filter(pk__in=pks).order_by("pk").only(*_COMPARED).iterator(chunk_size=2000)


def _compare(row: Row, closure: Closure, given: set[str]) -> None:
    """What would have to be changed for the register to say what the row says: an error where the days or the kind
    would count otherwise, else a note."""
    same = {
        "institution": row.institution == closure.institution_id,
        "kind": row.kind in (closure.kind, closure.reported_kind),
        "first_day": row.first_day == closure.first_day,
        "first_part": row.first_part == closure.first_part or "first_part" not in given,
        "last_day": row.last_day == closure.last_day,
        "last_part": row.last_part == closure.last_part or "last_part" not in given,
    }
    if different := [HEADINGS[each] for each, is_same in same.items() if not is_same]:
        if not row.errors:
            row.errors.append(
                f"{', '.join(different)}: Der står noget andet i registret om {closure.number}. En indlæsning retter "
                "ikke lukninger. Ret den på dens egen side, eller slet rækken."
            )
        return
    _note_differences(row, closure)


def _note_differences(row: Row, closure: Closure) -> None:
    theirs = {name: getattr(closure, name) for name in ("scope", "cause", "measures", "reference", "account")}
    differing = [
        HEADINGS[name]
        for name, value in theirs.items()
        if getattr(row, name) and _plain(getattr(row, name)) != _plain(value)
    ]
    if differing:
        row.notes.append(f"I registret står der noget andet i {', '.join(differing)}. Det bliver stående.")
    if closure.status not in Closure.HOLDING:
        row.notes.append(f"Lukningen {STATE[closure.status]}. Det ændres ikke.")


def _plain(value):
    """A text as a sheet can hold it: line endings are one, and the ends have no spaces."""
    if isinstance(value, str):
        return UNREADABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return sorted(value)


def _find_by_days(rows: list[Row]) -> None:
    """Rows without a number that are the same as a closure in the register: the sheet was saved before."""
    asked: dict[int, list[Row]] = {}
    for row in rows:
        if row.pk is None and not row.errors and not row.year:
            asked.setdefault(row.institution * UNIT + row.first_day.toordinal(), []).append(row)
    if not asked:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT closure.id FROM {_AS_ROWS} AS asked (day)"
            f" JOIN closures_closure AS closure ON closure.institution_id = asked.day / {UNIT}"
            f" AND closure.first_day = date '0001-01-01' + (asked.day %% {UNIT} - 1)::int",
            [_as_text(asked)],
        )
        found = [pk for (pk,) in cursor]
    for closure in _stored(found):
        for row in asked[closure.institution_id * UNIT + closure.first_day.toordinal()]:
            if _is_the_same(row, closure) and (not row.existing or closure.status in Closure.HOLDING):
                row.existing, row.existing_number, row.notes = closure.pk, closure.number, []
                _note_differences(row, closure)


def _is_the_same(row: Row, closure: Closure) -> bool:
    return (
        row.kind in (closure.kind, closure.reported_kind)
        and (row.first_part, row.last_day, row.last_part) == (closure.first_part, closure.last_day, closure.last_part)
        and (row.last_day is not None or row.open_ended)
    )


# Many numbers as one text: as a list, reading them would cost more than finding them.
_AS_ROWS = "unnest(string_to_array(%s, ',')::bigint[])"


def _as_text(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


# --- Closures that are new ----------------------------------------------------------------------------------------


class _Remembered:
    """A calendar that is asked once for each day, and for each period."""

    def __init__(self, calendar: Calendar):
        self.calendar = calendar
        self.known: dict[date, tuple[int, ...]] = {}
        self.counted: dict[tuple, list[int]] = {}

    def half_days(self, row: Row, until: date) -> list[int]:
        """What the row's period counts for units that open like this, as numbers without the unit."""
        asked = (row.first_day, row.first_part, row.last_day, row.last_part)
        if (counted := self.counted.get(asked)) is None:
            counted = self.counted[asked] = [
                day.toordinal() * 2 + half - FIRST for day, half in half_days_of(self, row.period, until=until)
            ]
        return counted

    def halves_on(self, day: date) -> tuple[int, ...]:
        if (halves := self.known.get(day)) is None:
            halves = self.known[day] = self.calendar.halves_on(day)
        return halves


def _calendars(institutions: set[int]) -> dict[int, _Remembered]:
    """When each of the units should be open, in four queries. Units that open alike share one."""
    hours: dict[int, list] = {}
    for each in OpeningHours.objects.filter(institution__in=institutions).order_by("begins"):
        hours.setdefault(each.institution_id, []).append(each.as_hours())
    own: dict[int, list] = {}
    shared: list[tuple[list[str], Planned]] = []
    closings = PlannedClosing.objects.filter(Q(institution__in=institutions) | Q(calendar__isnull=False))
    for each in closings.select_related("calendar").order_by("first_day", "pk"):
        planned = Planned(first_day=each.first_day, last_day=each.last_day, reason=each.reason)
        if each.calendar:
            shared.append((each.calendar.kinds, planned))
        else:
            own.setdefault(each.institution_id, []).append(planned)
    of_kind = {
        kind: [planned for kinds, planned in shared if not kinds or kind in kinds] for kind in Institution.Kind.values
    }
    remembered: dict[Calendar, _Remembered] = {}
    found = {}
    units = Institution.objects.filter(pk__in=institutions).order_by()
    for pk, kind, opened_on, closed_on in units.values_list("pk", "kind", "opened_on", "closed_on"):
        calendar = Calendar(
            hours=tuple(hours.get(pk, ())),
            planned=(*own.get(pk, ()), *of_kind[kind]),
            opened_on=opened_on,
            closed_on=closed_on,
        )
        found[pk] = remembered.setdefault(calendar, _Remembered(calendar))
    return found


def _check_closures(closures: list[Row], totals: list[Row], *, today: date, tell: Callable[[int], None]) -> None:
    for row in closures:
        if not row.errors and not row.existing:
            _check_dates(row, today)
    new = [row for row in closures if not row.errors and not row.existing]
    if sum(((row.last_day or today + AHEAD) - row.first_day).days + 1 for row in new) > MOST_DAYS:
        raise Refused(
            f"Lukningerne i arket varer mere end {number(MOST_DAYS)} dage tilsammen. Del arket i flere filer."
        )
    _check_years(new, totals, today)
    calendars = _calendars({row.institution for row in new})
    claimed: dict[int, Row] = {}
    for done, row in enumerate(new):
        if done % TOLD_EACH == 0:
            tell(done)
        _count(row, calendars[row.institution], claimed, today)
    _check_against_register([row for row in new if row.taken], claimed, today)
    for row in new:
        if row.last_day is None and row.taken:  # it keeps the days ahead from others, but takes them as they come
            row.taken = [each for each in row.taken if day_and_half(each).day <= today]


def _check_dates(row: Row, today: date) -> None:
    """As Closure.check_dates, and what only a sheet can get wrong."""
    furthest = today + AHEAD
    for name, day in (("first_day", row.first_day), ("last_day", row.last_day)):
        if day and day > furthest:
            row.errors.append(
                f"{HEADINGS[name]}: {short_date(day)} er for langt fremme. En lukning kan højst registreres "
                f"{AHEAD.days} dage frem i tiden. Ret datoen."
            )
    if row.last_day is None and not row.open_ended:
        row.errors.append(
            f"{HEADINGS['last_day']}: Skriv datoen, eller skriv »indtil videre«, hvis der stadig er lukket."
        )
    if row.last_day and row.last_day < row.first_day:
        row.errors.append(f"{HEADINGS['last_day']}: Sidste dag ligger før første dag. Ret en af datoerne.")
    if row.first_day < SIKKER_BY_BEGAN:
        row.errors.append(
            f"{HEADINGS['first_day']}: Sikker By begyndte i 2010. Lukningen kan ikke ligge før. Ret datoen."
        )
    if row.first_day == row.last_day and row.first_part == "last" and row.last_part == "first":
        row.errors.append(
            f"{HEADINGS['last_part']}: Lukket før tid og åbnet senere kan ikke være samme dag. Vælg det ene."
        )
    if row.kind == Kind.UNDISTINGUISHED and (row.last_day or today) >= DIVIDED_FROM:
        row.errors.append(f"{HEADINGS['kind']}: {NOT_DIVIDED}")
    if row.status not in ("", Closure.Status.AWAITING, Closure.Status.REVIEWED):
        row.errors.append(
            f"{HEADINGS['status']}: En ny lukning kan indlæses som »afventer gennemgang« eller »gennemgået«, ikke som "
            f"»{Closure.Status(row.status).label}«. Ret det, eller slet rækken."
        )
    if row.open_ended and row.status == Closure.Status.REVIEWED:
        row.errors.append(
            f"{HEADINGS['status']}: En lukning indtil videre kan ikke være gennemgået. Skriv den sidste dag."
        )


def _check_years(new: list[Row], totals: list[Row], today: date) -> None:
    """A total without dates takes no more; a closed year is the office's to add to, and that is said."""
    closed = set(YearlyAccount.objects.closed().values_list("year", flat=True))
    stored = ReportedTotal.objects.values_list("year", "kind", "institution_id")
    undated: dict[int, list[tuple]] = {}
    for year, kind, institution in stored:
        undated.setdefault(year, []).append((kind, institution, ""))
    for total in totals:
        if not total.errors and not total.existing:
            undated.setdefault(total.year, []).append((total.kind, total.institution, f" (række {total.number})"))
    if not closed and not undated:
        return
    for row in new:
        for year in row.years(today):
            for kind, institution, where in undated.get(year, ()):
                if kind in (row.kind, Kind.UNDISTINGUISHED) and institution in (None, row.institution):
                    row.errors.append(
                        f"{HEADINGS['first_day']}: {year} er opgjort som en total uden datoer{where}, og lukningen kan "
                        "allerede være talt med i den. Slet rækken."
                    )
                    break
            if year in closed:
                row.notes.append(f"Bliver mærket »efter årsopgørelsen« for {year}.")


def _count(row: Row, calendar: _Remembered, claimed: dict[int, Row], today: date) -> None:
    """The half-days it takes, and the other row of the sheet that takes one of them too."""
    counted = calendar.half_days(row, row.last_day or today + AHEAD)
    if not counted:
        row.errors.append(NOTHING_TO_COUNT)
        return
    unit = row.institution * UNIT
    row.taken = [unit + each for each in counted]
    for half_day in row.taken:
        other = claimed.setdefault(half_day, row)
        if other is not row:
            row.errors.append(_same_as(row, other, half_day))
            return
    if row.said_half_days and row.last_day and row.said_half_days != len(row.taken):
        row.notes.append(f"I arket står der {as_text(Decimal(row.said_half_days) / 2)}. Sikker By tæller selv dagene.")


def _same_as(row: Row, other: Row, half_day: int) -> str:
    if (row.period, row.kind) == (other.period, other.kind):
        return f"Rækken er den samme som række {other.number}. Slet den ene."
    return (
        f"{HEADINGS['first_day']}: Rækken overlapper række {other.number}: {_in_words(half_day)} er i dem begge. Ret "
        "datoerne i den ene."
    )


def day_and_half(half_day: int) -> HalfDay:
    return HalfDay(date.fromordinal(half_day % UNIT // 2), half_day % 2 + FIRST)


def _in_words(half_day: int) -> str:
    day, half = day_and_half(half_day)
    return f"{long_date(day)}, {HALVES[half]},"


def _check_against_register(new: list[Row], claimed: dict[int, Row], today: date) -> None:
    """Closures of the register that hold a half-day of a new row, or will: one until further notice has all that
    follow its first."""
    in_the_way: dict[int, tuple[Row, int]] = {}  # by row number: the row, the closure
    for half_day, closure in _held(claimed):
        row = claimed[half_day]
        in_the_way.setdefault(row.number, (row, closure))
    units = {row.institution for row in new}
    others = Closure.objects.open_ended().filter(institution__in=units).order_by()
    open_ended = {
        institution: (pk, institution * UNIT + day.toordinal() * 2 + (part == Closure.FirstPart.LAST))
        for pk, institution, day, part in others.values_list("pk", "institution", "first_day", "first_part")
    }
    open_rows = [row for row in new if row.last_day is None]
    held = ClosedHalfDay.objects.filter(institution__in={row.institution for row in open_rows}).order_by()
    last_held = dict(held.values_list("institution").annotate(Max("day"))) if open_rows else {}
    for row in new:
        if row.institution in open_ended:
            pk, since = open_ended[row.institution]
            if row.last_day is None or row.taken[-1] >= since:
                in_the_way.setdefault(row.number, (row, pk))
        if row.last_day is None and last_held.get(row.institution, date.min) > day_and_half(row.taken[-1]).day:
            later = held.filter(institution=row.institution, day=last_held[row.institution]).first()
            in_the_way.setdefault(row.number, (row, later.closure_id))
    closures = Closure.objects.in_bulk({pk for _, pk in in_the_way.values()}) if in_the_way else {}
    for row, pk in in_the_way.values():
        other = closures[pk]
        row.existing, row.existing_number = other.pk, other.number
        row.errors.append(
            f"{HEADINGS['first_day']}: Dagene er allerede registreret som {other.number} ({other.dates}). Ret "
            "datoerne, eller slet rækken."
        )


def _held(half_days: dict[int, Row]) -> Iterator[tuple[int, int]]:
    """Those of the half-days that a closure of the register holds, and which."""
    if not half_days:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT asked.half_day, held.closure_id FROM {_AS_ROWS} AS asked (half_day)"
            " JOIN closures_closedhalfday AS held"
            f" ON held.institution_id = asked.half_day / {UNIT}"
            f" AND held.day = date '0001-01-01' + (asked.half_day %% {UNIT} / 2 - 1)::int"
            f" AND held.half = asked.half_day %% 2 + {FIRST}"
            " ORDER BY asked.half_day",
            [_as_text(half_days)],
        )
        yield from cursor


# --- Totals without dates -----------------------------------------------------------------------------------------


def _check_totals(totals: list[Row]) -> None:
    """Never beside dated closures of the same unit, year and kind, nor beside a total that holds it already."""
    if not totals:
        return
    years = {row.year for row in totals}
    closed = set(YearlyAccount.objects.closed().filter(year__in=years).values_list("year", flat=True))
    stored = [
        (each.year, each.month, each.institution_id, each.kind, each.half_days, None, each.pk)
        for each in ReportedTotal.objects.filter(year__in=years)
    ]
    dated = set(
        ClosedHalfDay.objects.filter(day__year__in=years)
        .values_list("day__year", "institution", "closure__kind")
        .distinct()
        .order_by()
    )
    for row in totals:
        if row.errors:
            continue
        for year, month, institution, kind, half_days, other, pk in stored:
            if year != row.year or kind != row.kind:
                continue
            if (month, institution) == (row.month, row.institution):
                if other:
                    row.errors.append(f"Rækken er en total for det samme som række {other}. Slet den ene.")
                elif half_days == row.said_half_days:
                    row.existing = pk
                else:
                    row.errors.append(
                        f"{HEADINGS['days']}: Registret har allerede en total for det samme, og den er "
                        f"{as_text(Decimal(half_days) / 2)}. En indlæsning retter den ikke. Slet rækken."
                    )
                break
            if _covers(month, row.month) and _covers(institution, row.institution):
                where = f"række {other}" if other else "registret"
                row.errors.append(
                    f"{HEADINGS['year']}: En total i {where} dækker noget af det samme, så dagene ville tælle to "
                    "gange. Slet den ene."
                )
                break
        if not row.errors and not row.existing:
            if any(
                year == row.year and _covers(institution, row.institution) and row.kind in (kind, Kind.UNDISTINGUISHED)
                for year, institution, kind in dated
            ):
                row.errors.append(
                    f"{HEADINGS['year']}: Der er allerede lukninger med datoer af samme art i {row.year}. Med en total "
                    "ville de tælle to gange. Slet rækken."
                )
            stored.append((row.year, row.month, row.institution, row.kind, row.said_half_days, row.number, None))
            if row.year in closed:
                row.notes.append(
                    f"Årsopgørelsen for {row.year} er afsluttet. Totalen er kun med i tallene opgjort i dag."
                )


def _covers(one: int | None, other: int | None) -> bool:
    """Whether two months, or two units, have something in common; None is all of them."""
    return one is None or other is None or one == other
