"""A city to measure: institutions, and as many closures as asked for, from 2013 to today, the same every time.

Closures are written by COPY as the owner, without the triggers and indexes that cost most of the time; the history that
the triggers would have written is added afterwards. All else is made by the ORM, and what the other rooms need to have
pages comes from their demo data.
"""

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import NamedTuple

import psycopg
from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone
from psycopg.types.json import Jsonb

import catalogue.demo
import initiatives.demo
import reports.demo
import sikkerby.demo
from closures import figures
from closures.calendar import FIRST, SECOND, Calendar, HalfDay, Hours, Planned
from closures.models import (
    AnnualReturn,
    ClosedHalfDay,
    Closure,
    ClosureStep,
    Incident,
    Institution,
    Kind,
    Leadership,
    OpeningHours,
    PlannedClosing,
    ReportedTotal,
    SharedCalendar,
    TakenOutHalfDay,
    YearlyAccount,
)
from sikkerby.models import Administration, District, User

FIRST_YEAR = 2013
LENGTHS = (1, 2, 2, 2, 2, 3, 4, 4, 6, 14)  # half-days of a closure, by how often: four on average
WEIGHTS = (1, 1, 2, 2, 3)  # how troubled an institution is
MORE_THAN_A_PAGE = 60  # that wait, and of the first institution, in a city of any size

_K = Institution.Kind
_WEEKDAYS = (3, 3, 3, 3, 3, 0, 0)
# How many in a hundred, administration, the week, open on public holidays, and what they are called.
KINDS = {
    _K.DAY_CARE: (50, "BUF", _WEEKDAYS, False, "Børnehuset"),
    _K.CLUB: (15, "BUF", _WEEKDAYS, False, "Fritidsklubben"),
    _K.SCHOOL: (10, "BUF", _WEEKDAYS, False, "Skolen"),
    _K.LIBRARY: (6, "KFF", (3, 3, 3, 3, 3, 1, 0), False, "Biblioteket"),
    _K.SPORTS: (6, "KFF", (3,) * 7, False, "Idrætshallen"),
    _K.DROP_IN: (5, "SOF", (2, 2, 2, 2, 3, 3, 2), True, "Værestedet"),
    _K.CARE: (5, "SUF", (3,) * 7, True, "Plejecentret"),
    _K.CITIZEN_SERVICE: (3, "BIF", (3, 3, 3, 3, 1, 0, 0), False, "Jobcentret"),
}
PLACES = ("Birkelund", "Dalgas", "Elverhøj", "Granly", "Havblik", "Kløvermark", "Lindevang", "Ærtebjerg", "Åkanden")
WRITTEN = (Incident, Closure, Closure.pgh_event_model, ClosedHalfDay, TakenOutHalfDay, ClosureStep)
ACCOUNT = "Unge råbte ad brugerne ved indgangen. Vi lukkede."  # short: a sheet of 100,000 must stay below 20 MB


def begin(*, institutions: int, today: date) -> None:
    """Fill the empty database that Django is connected to with all but closures."""
    for room in (sikkerby.demo, initiatives.demo, catalogue.demo, reports.demo):
        room.load(today=today)
    _answers(_institutions(institutions), today)
    ReportedTotal.objects.create(
        year=2012, kind=Kind.UNDISTINGUISHED, half_days=1325, units=13, source="Statusnotat, 20-08-2013"
    )


def close(owner: psycopg.Connection, *, closures: int, today: date) -> None:
    """Add so many closures; `owner` is connected to the database that Django is connected to."""
    units = list(Institution.objects.order_by("pk"))
    with owner.cursor() as cursor:
        with _bare(cursor, *WRITTEN):
            _write_closures(cursor, _closures(units, closures, today), units, today)
            _write_history(cursor)
        for statement in connection.ops.sequence_reset_sql(no_style(), WRITTEN):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
    _close_years(today)


# --- Institutions -------------------------------------------------------------------------------------------------


def _institutions(count: int) -> list[Institution]:
    """Every fifth is a service of the one before it; one in a hundred has nobody who leads it."""
    chance = random.Random(1)
    administrations = {each.abbreviation: each for each in Administration.objects.all()}
    districts = [*District.objects.all(), None]
    kinds = chance.choices(list(KINDS), [each[0] for each in KINDS.values()], k=count)
    units = Institution.objects.bulk_create(
        Institution(
            name=f"{KINDS[kind][4]} {chance.choice(PLACES)} {number}",
            kind=kind,
            administration=administrations[KINDS[kind][1]],
            district=chance.choice(districts),
        )
        for number, kind in enumerate(kinds, 1)
    )
    for parent, service in zip(units[3::5], units[4::5], strict=False):
        service.parent = parent
    Institution.objects.bulk_update(units[4::5], ["parent"])
    leaders = User.objects.bulk_create(
        User(username=f"leder-{number}", name=f"Leder {number}", password="!") for number in range(count // 2 + 1)
    )
    Leadership.objects.bulk_create(
        Leadership(institution=unit, user=leaders[number // 2]) for number, unit in enumerate(units) if number % 100
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(institution=unit, halves=list(KINDS[unit.kind][2]), open_on_public_holidays=KINDS[unit.kind][3])
        for unit in units
        if KINDS[unit.kind][2] != _WEEKDAYS
    )
    calendar = SharedCalendar.objects.create(name="Grundlovsdag og sommer", kinds=_that_close_for_the_summer())
    PlannedClosing.objects.bulk_create(
        PlannedClosing(calendar=calendar, first_day=each.first_day, last_day=each.last_day, reason=each.reason)
        for each in _planned()
    )
    return units


def _that_close_for_the_summer() -> list[str]:
    return [kind for kind, (_, administration, *_) in KINDS.items() if administration == "BUF"]


def _planned() -> tuple[Planned, ...]:
    return tuple(
        Planned(first_day=first, last_day=last, reason=reason)
        for year in range(FIRST_YEAR, timezone.localdate().year + 1)
        for first, last, reason in (
            (date(year, 6, 5), date(year, 6, 5), "grundlovsdag"),
            (date(year, 7, 15), date(year, 7, 28), "sommerlukning"),
        )
    )


def _answers(units: list[Institution], today: date) -> None:
    """Each January all are asked about the year before; one in twenty does not answer."""
    by, at = User.objects.get(username="center"), timezone.now()
    said = {"answer": AnnualReturn.Answer.ALL, "answered_by": by, "answered_at": at}
    AnnualReturn.objects.bulk_create(
        AnnualReturn(institution=unit, year=year, **(said if number % 20 else {}))
        for year in range(FIRST_YEAR, today.year)
        for number, unit in enumerate(units)
    )


def _close_years(today: date) -> None:
    """Each year's count is closed in the March after it."""
    office = User.objects.get(username="center")
    YearlyAccount.objects.bulk_create(
        YearlyAccount(
            year=year,
            opened_by=office,
            opened_at=_at(date(year + 1, 1, 2)),
            answer_by=date(year + 1, 2, 1),
            closed_by=office,
            closed_at=_at(date(year + 1, 3, 1)),
            missing_accepted_by=office,
            figures=figures.freeze(year),
        )
        for year in range(FIRST_YEAR, today.year)
        if date(year + 1, 3, 1) < today
    )


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


# --- Closures -----------------------------------------------------------------------------------------------------


class Taken(NamedTuple):
    """A closure to be: the half-days it takes, as they follow each other in its institution's opening times."""

    first_day: date
    unit: int  # its place among the institutions
    half_days: list[HalfDay]


def _closures(units: list[Institution], count: int, today: date) -> list[Taken]:
    """In order of time. No two of one institution take the same half-day; those of a service and its parent may."""
    chance = random.Random(2)
    weights = chance.choices(WEIGHTS, k=len(units))
    numbers = Counter(chance.choices(range(len(units)), weights, k=count - MORE_THAN_A_PAGE))
    numbers[0] += MORE_THAN_A_PAGE
    open_half_days = {kind: _open_half_days(kind, today) for kind in KINDS}
    found = []
    for unit, number in numbers.items():
        halves = open_half_days[units[unit].kind]
        lengths = chance.choices(LENGTHS, k=number)
        free = len(halves) - sum(lengths)
        gaps = sorted(chance.choices(range(free), k=number))
        starts = [gap + before for gap, before in zip(gaps, accumulate(lengths, initial=0), strict=False)]
        found += [
            Taken(halves[start].day, unit, halves[start : start + length])
            for start, length in zip(starts, lengths, strict=True)
        ]
    return sorted(found)


def _open_half_days(kind: str, today: date) -> list[HalfDay]:
    _, _, halves, holidays, _ = KINDS[kind]
    planned = _planned() if kind in _that_close_for_the_summer() else ()
    calendar = Calendar(hours=(Hours(halves=halves, on_public_holidays=holidays),), planned=planned)
    days = (date(FIRST_YEAR, 1, 1) + timedelta(days=each) for each in range((today - date(FIRST_YEAR, 1, 1)).days + 1))
    return [HalfDay(day, half) for day in days for half in calendar.halves_on(day)]


def _write_closures(cursor: psycopg.Cursor, closures: list[Taken], units: list[Institution], today: date) -> None:
    """Reviewed but for the newest; some taken out, withdrawn, reclassified, or of one incident with others."""
    office = User.objects.get(username="center").pk
    leaders = dict(Leadership.objects.values_list("institution", "user"))
    waiting = max(MORE_THAN_A_PAGE, len(closures) // 80)
    status_of = _status_of(len(closures) - waiting)
    Status = Closure.Status

    def rows() -> Iterator[tuple]:
        for number, taken in enumerate(closures, 1):
            unit, (first, last) = units[taken.unit], (taken.half_days[0], taken.half_days[-1])
            status = status_of(number)
            reviewed = status == Status.REVIEWED
            yield (
                number,
                unit.pk,
                "pedagogical" if number % 4 == 3 else "disruption",
                "area" if number % 3 else "institution",
                first.day,
                "last" if first.half == SECOND else "whole",
                last.day,
                "first" if last.half == FIRST else "whole",
                ("unrest", "violence", "fire", "police", "other", "")[number % 6],
                ACCOUNT if number % 2 else "",
                number // 10 if number >= 10 and number % 10 < 3 else None,
                status,
                len(taken.half_days),
                leaders.get(unit.pk, office),
                min(first.day + timedelta(days=1), today),
                office if reviewed else None,
                min(last.day + timedelta(days=8), today) if reviewed else None,
                "not_unrest" if status == Status.EXCLUDED else "",
                "disruption" if reviewed and number % 40 == 3 else "",
            )

    columns = (
        *("id", "institution_id", "kind", "scope", "first_day", "first_part", "last_day", "last_part", "cause"),
        *("account", "incident_id", "status", "half_days", "registered_by_id", "registered_at"),
        *("reviewed_by_id", "reviewed_at", "exclusion", "reported_kind"),
    )
    _copy(
        cursor,
        Incident,
        ("id", "title", "happened_on"),
        ((number // 10, "Uro", closures[number - 1].first_day) for number in range(10, len(closures) + 1, 10)),
    )
    _copy(cursor, Closure, columns, rows())
    holding = (
        (number, units[taken.unit].pk, *each)
        for number, taken in enumerate(closures, 1)
        if status_of(number) in Closure.HOLDING
        for each in taken.half_days
    )
    _copy(cursor, ClosedHalfDay, ("closure_id", "institution_id", "day", "half"), holding)
    taken_out = (
        (number, *each)
        for number, taken in enumerate(closures, 1)
        if status_of(number) == Status.EXCLUDED
        for each in taken.half_days
    )
    _copy(cursor, TakenOutHalfDay, ("closure_id", "day", "half"), taken_out)
    steps = (
        (number, act, min(taken.half_days[0].day + timedelta(days=later), today), office)
        for number, taken in enumerate(closures, 1)
        for act, later in (("registered", 1), (status_of(number), 8))
        if act in ClosureStep.Act.values
    )
    _copy(cursor, ClosureStep, ("closure_id", "act", "at", "by_id"), steps)


def _status_of(reviewed: int):
    """Of the closure with this number, when so many are old enough to be reviewed."""
    Status = Closure.Status

    def status(number: int) -> str:
        if number > reviewed:
            return Status.RETURNED.value if number % 12 == 0 else Status.AWAITING.value
        return {0: Status.EXCLUDED.value, 1: Status.WITHDRAWN.value}.get(number % 40, Status.REVIEWED.value)

    return status


def _copy(cursor: psycopg.Cursor, model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """COPY these columns; the others get what the model gives them by itself."""
    given = {*columns, "id"}
    others = [each for each in model._meta.concrete_fields if not each.generated and each.attname not in given]
    ends = "".join(f"\t{_as_text(each.get_db_prep_save(each.get_default(), connection))}" for each in others)
    names = ", ".join(f'"{name}"' for name in (*columns, *(each.attname for each in others)))
    with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write("\t".join([_as_text(value) for value in row]) + ends + "\n")


def _as_text(value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, Jsonb):
        return json.dumps(value.obj)
    return "{}" if value == [] else str(value)


def _write_history(cursor: psycopg.Cursor) -> None:
    """Each closure was registered, and most have been reviewed, withdrawn or taken out since."""
    asked = {"status": "'awaiting_review'", "reviewed_by_id": "NULL", "reviewed_at": "NULL"}
    asked |= {"exclusion": "''", "reported_kind": "''"}
    for label, at, values, which in (
        ("insert", "registered_at", asked, "true"),
        ("update", "registered_at + interval '7 days'", {}, "status IN ('reviewed', 'withdrawn', 'excluded')"),
    ):
        events = Closure.pgh_event_model._meta
        columns = [each.column for each in events.concrete_fields if not each.name.startswith("pgh_")]
        cursor.execute(
            f"""
            INSERT INTO {events.db_table} (pgh_created_at, pgh_label, pgh_obj_id, pgh_context, {", ".join(columns)})
            SELECT {at}, '{label}', id, jsonb_build_object('user', registered_by_id, 'url', '/lukninger/ny/'),
                {", ".join(values.get(column, column) for column in columns)}
            FROM closures_closure WHERE {which}
            """
        )


@contextmanager
def _bare(cursor: psycopg.Cursor, *tables: type[models.Model]) -> Iterator[None]:
    """Without triggers of ours, foreign keys, and indexes but the primary key: put back at the end, from what the
    database itself says of them."""
    names = [each._meta.db_table for each in tables]
    cursor.execute(
        """
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = ANY(%(names)s::regclass[]) AND contype IN ('f', 'u')
        UNION ALL
        SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
        FROM pg_index WHERE indrelid = ANY(%(names)s::regclass[])
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        """,
        {"names": names},
    )
    taken_away = cursor.fetchall()
    for away, _ in taken_away:
        cursor.execute(away)
    for name in names:
        cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield
    for _, back in taken_away:
        cursor.execute(back)
    for name in names:
        cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
