"""A year's figures, and 2012. The baseline lives here and nowhere else, read from its one ReportedTotal."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import StringAgg
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from ..models import AnnualReturn, Closure, Kind, ReportedTotal, TakenOutHalfDay
from .counting import EVERY_DAY, NOT_REVIEWED, counted, on_days

BASELINE_YEAR = 2012


@dataclass(frozen=True, kw_only=True)
class YearFigures:
    """A year's unplanned closed days, in half-days. None: not known, or (by kind) not divided so that year."""

    year: int
    disruption: int | None
    pedagogical: int | None
    undistinguished: int | None
    units: int | None  # institutions and services with at least one counted half-day
    not_reviewed: int  # of the total, of either kind
    undated: bool  # a total without dates is part of it
    source: str  # of the total without dates
    taken_out: int  # by review, and so not in the total
    reclassified: int  # of the total, by review
    asked: int | None
    answered: int | None
    nil: int | None = None  # of those who answered: none (nulindberetning)
    confirmed: int | None = None  # of those who answered: by the administration
    disruption_not_reviewed: int = 0
    pedagogical_not_reviewed: int = 0
    undated_half_days: int = 0  # of the total
    closed_on: date | None = None  # the year's count is closed; the numbers are those put to the committee
    today: "YearFigures | None" = None  # a closed year counted anew, where that gives other numbers

    @property
    def total(self) -> int:
        return sum(part or 0 for part in (self.disruption, self.pedagogical, self.undistinguished))

    @property
    def divided(self) -> bool:
        """Whether all of it is told apart in the two kinds."""
        return self.undistinguished is None

    @property
    def missing(self) -> bool:
        """Nothing is reported and nobody has answered: that is not a zero."""
        return not (self.total or self.undated or self.answered or self.closed_on)

    @property
    def provisional(self) -> bool:
        """Counted, but the year is not closed: the numbers still move. A mere total without dates does not."""
        return not (self.closed_on or self.missing or self.total and self.total == self.undated_half_days)

    def counts_as(self, other: "YearFigures") -> bool:
        """Whether two counts of a year come to the same numbers."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("disruption", "pedagogical", "undistinguished", "units", "taken_out", "reclassified")
        )


def year(
    closures: QuerySet,
    year: int,
    *,
    reviewed_only: bool,
    totals: QuerySet | None = None,
    answers: QuerySet | None = None,
    when: Q = EVERY_DAY,
) -> YearFigures:
    options = {"totals": totals, "answers": answers, "when": when}
    return years(closures, year, year, reviewed_only=reviewed_only, **options)[0]


def years(
    closures: QuerySet,
    first: int,
    last: int,
    *,
    reviewed_only: bool,
    totals: QuerySet | None = None,
    answers: QuerySet | None = None,
    when: Q = EVERY_DAY,
) -> list[YearFigures]:
    """The figures of each year from first to last, oldest first, also of years without any: counted as of now."""
    wanted = range(first, last + 1)
    options = {"totals": totals, "answers": answers, "when": when}
    return recount(closures, wanted, reviewed=wanted if reviewed_only else (), **options)


def recount(
    closures: QuerySet,
    wanted: Collection[int],
    *,
    reviewed: Collection[int],
    totals: QuerySet | None = None,
    answers: QuerySet | None = None,
    when: Q = EVERY_DAY,
) -> list[YearFigures]:
    """The figures of the wanted years. Those among `reviewed` count reviewed closures only, the others all that is
    reported; each year is counted once."""
    if not wanted:
        return []
    totals = (ReportedTotal.objects.all() if totals is None else totals).filter(year__in=wanted).order_by()
    answers = (AnnualReturn.objects.all() if answers is None else answers).filter(year__in=wanted).order_by()
    taken_out = TakenOutHalfDay.objects.filter(when, _days_in(wanted), closure__in=closures.order_by())
    ways = [
        counted(closures, reviewed_only=reviewed_only).filter(when, _days_in(years))
        for reviewed_only, years in (
            (True, [each for each in wanted if each in reviewed]),
            (False, [each for each in wanted if each not in reviewed]),
        )
        if years
    ]

    dated: dict[int, dict] = {}
    for half_days in ways:
        dated |= _by_year(_counts_of(half_days))
    undated = _by_year(
        totals.values("year").annotate(
            **of_kinds(lambda filter: models.Sum("half_days", filter=filter), "kind"),
            all_kinds=models.Sum("half_days"),
            city_totals=Count("pk", filter=Q(institution__isnull=True)),
            city_units=Min("units", filter=Q(institution__isnull=True)),
            source=StringAgg("source", delimiter="; ", distinct=True),
        )
    )
    of_units = totals.filter(institution__isnull=False)
    for half_days in ways:
        with_half_days = half_days.filter(institution=OuterRef("institution"), day__year=OuterRef("year"))
        of_units = of_units.filter(~Exists(with_half_days))
    more_units = _by_year(
        of_units.values("year").annotate(units=Count("institution", distinct=True)) if undated else ()
    )
    removed = _by_year(taken_out.values(year=ExtractYear("day")).annotate(half_days=Count("pk")))
    answered = _by_year(
        answers.values("year").annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=~Q(answer="")),
            nil=Count("pk", filter=Q(answer=AnnualReturn.Answer.NONE)),
            confirmed=Count("pk", filter=~Q(answer="") & Q(confirmed_by_administration=True)),
        )
    )

    def figures_of(each: int) -> YearFigures:
        with_dates, without, said = dated.get(each, {}), undated.get(each, {}), answered.get(each, {})
        undivided = (with_dates.get(Kind.UNDISTINGUISHED) or 0) + (without.get(Kind.UNDISTINGUISHED) or 0)
        return YearFigures(
            year=each,
            disruption=_known(Kind.DISRUPTION, with_dates, without),
            pedagogical=_known(Kind.PEDAGOGICAL, with_dates, without),
            undistinguished=undivided or None,
            units=_units(with_dates, without, more_units.get(each, {}).get("units", 0)),
            not_reviewed=with_dates.get("not_reviewed", 0),
            disruption_not_reviewed=with_dates.get("disruption_not_reviewed", 0),
            pedagogical_not_reviewed=with_dates.get("pedagogical_not_reviewed", 0),
            undated=bool(without),
            undated_half_days=without.get("all_kinds", 0),
            source=without.get("source") or "",
            taken_out=removed.get(each, {}).get("half_days", 0),
            reclassified=with_dates.get("reclassified", 0),
            **{name: said.get(name) for name in ("asked", "answered", "nil", "confirmed")},
        )

    return [figures_of(each) for each in wanted]


def _counts_of(half_days: QuerySet) -> list[dict]:
    """What these half-days come to in each year. First unit by unit: to count distinct units, PostgreSQL would sort
    every half-day, which took half of the time."""
    counts = {
        **of_kinds(lambda filter: Count("pk", filter=filter), "closure__kind"),
        "not_reviewed": Count("pk", filter=NOT_REVIEWED),
        "disruption_not_reviewed": Count("pk", filter=NOT_REVIEWED & Q(closure__kind=Kind.DISRUPTION)),
        "pedagogical_not_reviewed": Count("pk", filter=NOT_REVIEWED & Q(closure__kind=Kind.PEDAGOGICAL)),
        "reclassified": Count("pk", filter=~Q(closure__reported_kind="")),
    }
    of_units = half_days.order_by().values("institution", year=ExtractYear("day")).annotate(**counts)
    try:
        sql, parameters = of_units.query.sql_with_params()
    except EmptyResultSet:
        return []
    sums = ", ".join(f"sum({name})::bigint" for name in counts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT year::int, count(*), {sums} FROM ({sql}) AS of_units GROUP BY year", parameters)
        return [dict(zip(("year", "units", *counts), row, strict=True)) for row in cursor.fetchall()]


def of_kinds(aggregate: Callable, kind: str) -> dict:
    """One aggregate for each kind, by its name."""
    return {each.value: aggregate(filter=Q(**{kind: each})) for each in Kind}


def _days_in(years: Iterable[int]) -> Q:
    """The days of these years, as few ranges as there are, for the index on the day."""
    found, begins = Q(), None
    years = sorted(years)
    for each, after in zip(years, [*years[1:], None], strict=True):
        begins = begins or each
        if after != each + 1:
            found |= on_days(date(begins, 1, 1), date(each, 12, 31))
            begins = None
    return found


def _by_year(rows: Iterable[dict]) -> dict[int, dict]:
    return {row["year"]: row for row in rows}


def _known(kind: Kind, dated: dict, undated: dict) -> int | None:
    """A kind's half-days; unknown in a year of which there is nothing but an undivided total."""
    if not dated and undated and undated[kind] is None and undated[Kind.UNDISTINGUISHED] is not None:
        return None
    return (dated.get(kind) or 0) + (undated.get(kind) or 0)


def _units(dated: dict, undated: dict, more: int) -> int | None:
    """The city's totals do not say which units they cover, so beside anything else the number is not known."""
    if not undated.get("city_totals"):
        return dated.get("units", 0) + more
    return undated["city_units"] if undated["city_totals"] == 1 and not dated and not more else None


def baseline() -> YearFigures | None:
    """2012: all unplanned closings, undivided, as reported to the committee in 2013. None where it is not entered."""
    figures = year(Closure.objects.none(), BASELINE_YEAR, reviewed_only=True, answers=AnnualReturn.objects.none())
    return figures if figures.undated else None
