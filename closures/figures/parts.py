"""A year in parts, which sum to its total."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import ExtractIsoWeekDay, ExtractMonth

from sikkerby.models import Administration, District
from sikkerby.templatetags.danish import WEEKDAYS, month_name

from ..models import Closure, Incident, Institution, Kind, ReportedTotal
from .counting import EVERY_DAY, counted, on_days

NOT_DIVIDED_BY_PLACE = "ikke fordelt"
WITHOUT_DATE = "uden dato"
NOT_STATED = "ikke oplyst"
DATED, OF_A_UNIT, OF_THE_CITY = "dated", "unit", "city"
PLACES = ("administration", "district", "institution_kind", "institution")


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of a year's total: a month, a district, an administration, a kind of institution, an incident …"""

    key: int | str | None  # None: those that have none; "": what cannot be divided so
    label: str
    disruption: int
    pedagogical: int
    undistinguished: int
    undated: int = 0  # of the total

    @property
    def total(self) -> int:
        return self.disruption + self.pedagogical + self.undistinguished


@dataclass(frozen=True)
class Part:
    """One way to divide a year: what by in Danish, and the name of the shared filter that picks one share."""

    by: str
    filter: str


PARTS = {
    "administration": Part("forvaltning", "forvaltning"),
    "district": Part("bydel", "bydel"),
    "institution_kind": Part("type af institution", "type"),
    "cause": Part("årsag", "aarsag"),
    "scope": Part("hvor uroen var", "hvor"),
    "month": Part("måned", "maaned"),
    "weekday": Part("ugedag", "ugedag"),
    "institution": Part("institution", "institution"),
    "incident": Part("hændelse", "haendelse"),
}
_DATED_BY = {
    "administration": F("institution__administration"),
    "district": F("institution__district"),
    "institution_kind": F("institution__kind"),
    "cause": F("closure__cause"),
    "scope": F("closure__scope"),
    "month": ExtractMonth("day"),
    "weekday": ExtractIsoWeekDay("day"),
    "institution": F("institution_id"),
    "incident": F("closure__incident"),
}
_UNDATED_BY = {
    "administration": F("institution__administration"),
    "district": F("institution__district"),
    "institution_kind": F("institution__kind"),
    "month": F("month"),
    "institution": F("institution_id"),
}


def parts(
    closures: QuerySet,
    year: int,
    *,
    reviewed_only: bool,
    totals: QuerySet | None = None,
    when: Q = EVERY_DAY,
    by: Iterable[str] = PARTS,
) -> dict[str, list[Share]]:
    """The year divided in each of these ways, from one reading of its half-days."""
    ways = tuple(by)
    days_of_the_year = on_days(date(year, 1, 1), date(year, 12, 31))
    half_days = counted(closures, reviewed_only=reviewed_only).filter(when, days_of_the_year)
    totals = (ReportedTotal.objects.all() if totals is None else totals).filter(year=year).order_by()
    found: dict[str, dict] = {each: {} for each in ways}
    for way, key, source, *counts in _rows(half_days, totals, ways):
        sums = found[way].setdefault(_place_of(way, key, source), [0, 0, 0, 0])
        for index, count in enumerate([*counts, 0 if source == DATED else sum(counts)]):
            sums[index] += count
    return {way: _shares(way, found[way]) for way in ways}


def by_month(closures: QuerySet, year: int, **options) -> list[Share]:
    """All twelve months, and what has no month."""
    return _one("month", closures, year, options)


def by_weekday(closures: QuerySet, year: int, **options) -> list[Share]:
    """All seven weekdays, and what has no date."""
    return _one("weekday", closures, year, options)


def by_district(closures: QuerySet, year: int, **options) -> list[Share]:
    return _one("district", closures, year, options)


def by_administration(closures: QuerySet, year: int, **options) -> list[Share]:
    return _one("administration", closures, year, options)


def by_institution_kind(closures: QuerySet, year: int, **options) -> list[Share]:
    return _one("institution_kind", closures, year, options)


def by_institution(closures: QuerySet, year: int, **options) -> list[Share]:
    """For the office only: institutions are not named to committees unless the office says so."""
    return _one("institution", closures, year, options)


def by_cause(closures: QuerySet, year: int, **options) -> list[Share]:
    return _one("cause", closures, year, options)


def by_scope(closures: QuerySet, year: int, **options) -> list[Share]:
    return _one("scope", closures, year, options)


def by_incident(closures: QuerySet, year: int, **options) -> list[Share]:
    return _one("incident", closures, year, options)


def _one(way: str, closures: QuerySet, year: int, options: dict) -> list[Share]:
    return parts(closures, year, by=[way], **options)[way]


def _rows(half_days: QuerySet, totals: QuerySet, ways: tuple[str, ...]) -> Iterable[tuple]:
    """(way, key, source, and half-days by kind) of each part in each way. The ORM has no GROUPING SETS; asking once a
    way would read the year's half-days as often as there are ways."""
    nothing = Value(None, output_field=IntegerField())
    dated = half_days.values_list(
        *(_DATED_BY[way] for way in ways), F("closure__kind"), Value(DATED), Value(1, output_field=IntegerField())
    )
    undated = [
        totals.filter(institution__isnull=of_the_city).values_list(
            *(_UNDATED_BY.get(way, nothing) for way in ways), F("kind"), Value(source), F("half_days")
        )
        for of_the_city, source in ((False, OF_A_UNIT), (True, OF_THE_CITY))
    ]
    selects, parameters = [], []
    for rows in (dated, *undated):
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        selects.append(f"({sql})")
        parameters.extend(values)
    if not selects:
        return
    columns = [f"by_{way}" for way in ways]
    kinds = ", ".join("coalesce(sum(half_days) FILTER (WHERE kind = %s), 0)" for _ in Kind)
    sql = f"""
        WITH counted ({", ".join(columns)}, kind, source, half_days) AS ({" UNION ALL ".join(selects)})
        SELECT {", ".join(f"grouping({each})" for each in columns)}, {", ".join(columns)}, source, {kinds}
        FROM counted GROUP BY GROUPING SETS ({", ".join(f"({each}, source)" for each in columns)})
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *Kind.values])
        for row in cursor.fetchall():
            index = row.index(0)  # grouping() is 0 for the one column that this row is of
            key, (source, *counts) = row[len(ways) + index], row[2 * len(ways) :]
            yield ways[index], key if key is None or isinstance(key, str) else int(key), source, *map(int, counts)


def _place_of(way: str, key, source: str):
    """Where a row belongs: the city's totals have no place, and totals without dates only a place and a month."""
    if source == OF_THE_CITY and way in PLACES or source != DATED and way not in _UNDATED_BY:
        return ""
    return WITHOUT_DATE if key is None and way == "month" else NOT_STATED if key == "" else key


def _shares(way: str, found: dict) -> list[Share]:
    """In the calendar's order, or the largest first; last what cannot be divided so."""

    def share(key, label: str) -> Share:
        disruption, pedagogical, undistinguished, undated = found.pop(key, (0, 0, 0, 0))
        key = {WITHOUT_DATE: "", NOT_STATED: None}.get(key, key)
        return Share(
            key=key,
            label=label,
            disruption=disruption,
            pedagogical=pedagogical,
            undistinguished=undistinguished,
            undated=undated,
        )

    if way == "month":
        shares = [share(month, month_name(month)) for month in range(1, 13)]
        return shares + ([share(WITHOUT_DATE, "uden måned")] if WITHOUT_DATE in found else [])
    undivided = NOT_DIVIDED_BY_PLACE if way in PLACES else WITHOUT_DATE
    if way == "weekday":
        shares = [share(number, name) for number, name in enumerate(WEEKDAYS, 1)]
        return shares + ([share("", undivided)] if "" in found else [])
    last = [share("", undivided)] if "" in found else []
    labels = _LABELS[way]([key for key in found if key not in (None, NOT_STATED)])
    nameless = _NAMELESS.get(way, NOT_STATED)
    shares = [share(key, labels.get(key, nameless)) for key in list(found)]
    return sorted(shares, key=lambda each: (-each.total, each.label)) + last


def _of(choices) -> Callable:
    return lambda keys: dict(choices)


def _names(model, name: str) -> Callable:
    return lambda keys: dict(model.objects.filter(pk__in=keys).order_by().values_list("pk", name)) if keys else {}


_LABELS = {
    "administration": _names(Administration, "name"),
    "district": _names(District, "name"),
    "institution_kind": _of(Institution.Kind.choices),
    "institution": _names(Institution, "name"),
    "cause": _of(Closure.Cause.choices),
    "scope": _of(Closure.Scope.choices),
    "incident": _names(Incident, "title"),
}
_NAMELESS = {"district": "hele byen", "incident": "uden hændelse"}
