"""Every number about closures. A Closure queryset in, plain frozen values out; the database does the adding up.

All numbers are half-days, the unit of count; templates show them as days ({{ half_days|days }}). What counts:

- the half-days of closures that are reviewed (`reviewed_only`, for notes and closed years), or that hold their
  half-days at all: awaiting, returned and reviewed ones (the open year shows all that is reported);
- not a service's half-day on which its parent is closed in the same counted set;
- totals without dates (ReportedTotal), as for 2012. They are the whole city's or a unit's, and follow no closure:
  who narrows the closures passes the totals that belong (`totals=`).

The baseline of 2012 lives here and nowhere else, read from its one ReportedTotal.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.utils.safestring import SafeString

from sikkerby import charts
from sikkerby.templatetags.danish import days, month_name, number

from .models import AnnualReturn, ClosedHalfDay, Closure, Institution, Kind, ReportedTotal, TakenOutHalfDay

BASELINE_YEAR = 2012
GOAL_LEFT_OPEN = (
    "Effektmålet er, at ingen institution eller tjeneste lukker på grund af uro eller krise i et område; opgørelsen "
    "tæller også uro på institutionen selv. Om målet på nul omfatter lukninger med et pædagogisk formål, fremgår ikke "
    "af de papirer, der er forelagt udvalget."
)
BREAK_IN_METHOD = (
    "Tallet for 2012 omfatter alle ikke-planlagte lukninger og er ikke opdelt. Det kan kun sammenlignes med summen af "
    "de to arter. Driftsforstyrrelser alene kan kun sammenlignes mellem år, der er opdelt."
)
NOT_DIVIDED_BY_PLACE = "ikke fordelt"
NOT_REVIEWED = ~Q(closure__status=Closure.Status.REVIEWED)


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
    disruption_not_reviewed: int = 0
    pedagogical_not_reviewed: int = 0

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
        return not (self.total or self.undated or self.answered)


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of a year's total: a month, a district, an administration, a kind of institution."""

    key: int | str | None
    label: str
    disruption: int
    pedagogical: int
    undistinguished: int

    @property
    def total(self) -> int:
        return self.disruption + self.pedagogical + self.undistinguished


# --- What counts --------------------------------------------------------------------------------------------------


def counted(closures: QuerySet, *, reviewed_only: bool) -> QuerySet:
    """The half-days that count, each once: not a service's while its parent is closed."""
    statuses = [Closure.Status.REVIEWED] if reviewed_only else Closure.HOLDING
    of_the_parent = ClosedHalfDay.objects.filter(
        institution=OuterRef("institution__parent"),
        day=OuterRef("day"),
        half=OuterRef("half"),
        closure__status__in=statuses,
    )
    return ClosedHalfDay.objects.filter(closure__in=closures.filter(status__in=statuses).order_by()).filter(
        Q(institution__parent__isnull=True) | ~Exists(of_the_parent)
    )


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What some closures count between two days, in half-days."""

    total: int
    not_reviewed: int


def between(closures: QuerySet, first_day: date, last_day: date) -> Sum:
    """What these closures count between two days, both included: the sum below a list of them."""
    half_days = counted(closures, reviewed_only=False).filter(day__range=(first_day, last_day))
    return Sum(**half_days.aggregate(total=Count("pk"), not_reviewed=Count("pk", filter=NOT_REVIEWED)))


def with_counted(closures: QuerySet, days: tuple[date, date] | None) -> QuerySet:
    """Each with the half-days it counts between two days (`counted`), as they are in the sum; or all it was counted."""
    if days is None:
        return closures.annotate(counted=F("half_days"))
    own = counted(Closure.objects.all(), reviewed_only=False).filter(closure=OuterRef("pk"), day__range=days)
    count = own.order_by().values("closure").values(count=Count("pk"))
    return closures.annotate(counted=Coalesce(Subquery(count), 0))


def _of_kinds(aggregate: Callable, kind: str) -> dict:
    """One aggregate for each kind, by its name."""
    return {each.value: aggregate(filter=Q(**{kind: each})) for each in Kind}


def _counts() -> dict:
    return _of_kinds(lambda filter: Count("pk", filter=filter), "closure__kind")


def _sums() -> dict:
    return _of_kinds(lambda filter: models.Sum("half_days", filter=filter), "kind")


# --- Years --------------------------------------------------------------------------------------------------------


def year(closures: QuerySet, year: int, *, reviewed_only: bool, totals: QuerySet | None = None) -> YearFigures:
    return years(closures, year, year, reviewed_only=reviewed_only, totals=totals)[0]


def years(
    closures: QuerySet, first: int, last: int, *, reviewed_only: bool, totals: QuerySet | None = None
) -> list[YearFigures]:
    """The figures of each year from first to last, oldest first, also of years without any."""
    days_between = (date(first, 1, 1), date(last, 12, 31))
    half_days = counted(closures, reviewed_only=reviewed_only).filter(day__range=days_between)
    totals = (ReportedTotal.objects.all() if totals is None else totals).filter(year__range=(first, last)).order_by()
    taken_out = TakenOutHalfDay.objects.filter(closure__in=closures.order_by(), day__range=days_between)
    answers = AnnualReturn.objects.filter(year__range=(first, last)).order_by()

    dated = _by_year(
        half_days.values(year=ExtractYear("day")).annotate(
            **_counts(),
            units=Count("institution", distinct=True),
            not_reviewed=Count("pk", filter=NOT_REVIEWED),
            disruption_not_reviewed=Count("pk", filter=NOT_REVIEWED & Q(closure__kind=Kind.DISRUPTION)),
            pedagogical_not_reviewed=Count("pk", filter=NOT_REVIEWED & Q(closure__kind=Kind.PEDAGOGICAL)),
            reclassified=Count("pk", filter=~Q(closure__reported_kind="")),
        )
    )
    undated = _by_year(
        totals.values("year").annotate(
            **_sums(),
            city_totals=Count("pk", filter=Q(institution__isnull=True)),
            city_units=Min("units", filter=Q(institution__isnull=True)),
            source=StringAgg("source", delimiter="; ", distinct=True),
        )
    )
    with_half_days = half_days.filter(institution=OuterRef("institution"), day__year=OuterRef("year"))
    more_units = _by_year(
        totals.filter(institution__isnull=False)
        .filter(~Exists(with_half_days))
        .values("year")
        .annotate(units=Count("institution", distinct=True))
        if undated
        else ()
    )
    removed = _by_year(taken_out.values(year=ExtractYear("day")).annotate(half_days=Count("pk")))
    answered = _by_year(answers.values("year").annotate(asked=Count("pk"), answered=Count("pk", filter=~Q(answer=""))))

    def figures_of(each: int) -> YearFigures:
        with_dates, without = dated.get(each, {}), undated.get(each, {})
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
            source=without.get("source") or "",
            taken_out=removed.get(each, {}).get("half_days", 0),
            reclassified=with_dates.get("reclassified", 0),
            asked=answered.get(each, {}).get("asked"),
            answered=answered.get(each, {}).get("answered"),
        )

    return [figures_of(each) for each in range(first, last + 1)]


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
    figures = year(Closure.objects.none(), BASELINE_YEAR, reviewed_only=True)
    return figures if figures.undated else None


# --- A year in parts, which sum to its total ----------------------------------------------------------------------


def by_month(closures: QuerySet, year: int, *, reviewed_only: bool) -> list[Share]:
    """All twelve months, and what has no month."""
    half_days = counted(closures, reviewed_only=reviewed_only).filter(day__year=year)
    found = _add_up(
        half_days.values(key=ExtractMonth("day")).annotate(**_counts()),
        ReportedTotal.objects.filter(year=year).order_by().values(key=F("month")).annotate(**_sums()),
    )
    months = [_share(month, month_name(month), found.get(month, {})) for month in range(1, 13)]
    return months + ([_share(None, "uden måned", found[None])] if None in found else [])


def by_district(closures: QuerySet, year: int, *, reviewed_only: bool) -> list[Share]:
    return _by(closures, year, "district", "district__name", reviewed_only=reviewed_only, nowhere="hele byen")


def by_administration(closures: QuerySet, year: int, *, reviewed_only: bool) -> list[Share]:
    return _by(closures, year, "administration", "administration__name", reviewed_only=reviewed_only)


def by_institution_kind(closures: QuerySet, year: int, *, reviewed_only: bool) -> list[Share]:
    shares = _by(closures, year, "kind", "kind", reviewed_only=reviewed_only)
    labels = dict(Institution.Kind.choices)
    return [_share(each.key, labels.get(each.key, each.label), vars(each)) for each in shares]


def _by(closures: QuerySet, year: int, key: str, label: str, *, reviewed_only: bool, nowhere: str = "") -> list[Share]:
    """The year by something of the institution, largest first; last what the city's totals leave undivided."""
    columns = {"key": F(f"institution__{key}"), "label": F(f"institution__{label}")}
    half_days = counted(closures, reviewed_only=reviewed_only).filter(day__year=year)
    totals = ReportedTotal.objects.filter(year=year).order_by()
    of_units = totals.filter(institution__isnull=False).values(**columns).annotate(**_sums())
    rows = half_days.values(**columns).annotate(**_counts())
    labels: dict = {}
    found = _add_up(rows, of_units, labels)
    shares = [_share(each, labels[each] or nowhere, parts) for each, parts in found.items()]
    shares.sort(key=lambda share: (-share.total, share.label))
    of_the_city = totals.filter(institution__isnull=True)
    return shares + ([_share("", NOT_DIVIDED_BY_PLACE, of_the_city.aggregate(**_sums()))] if of_the_city else [])


def _add_up(dated: Iterable[dict], undated: Iterable[dict], labels: dict | None = None) -> dict:
    """Counts of dated rows and sums of totals without dates, joined by their key."""
    found: dict = {}
    for row in (*dated, *undated):
        parts = found.setdefault(row["key"], dict.fromkeys(Kind.values, 0))
        for kind in Kind.values:
            parts[kind] += row[kind] or 0
        if labels is not None:
            labels[row["key"]] = row["label"]
    return found


def _share(key, label: str, parts: dict) -> Share:
    return Share(key=key, label=label, **{kind: parts.get(kind) or 0 for kind in Kind.values})


# --- In words and as a chart --------------------------------------------------------------------------------------


def comparison(figures: YearFigures, against: YearFigures | None) -> str:
    """The year in Danish, and beside the undivided 2012 exactly what the two can say of each other."""
    if figures.missing:
        return f"For {figures.year} er der ingen opgørelse over ikke-planlagte lukkedage."
    where = "" if figures.units is None else f" på {number(figures.units)} {_institutions(figures.units)}"
    if figures.not_reviewed:
        opening = f"For {figures.year} er der indberettet {days(figures.total)} ikke-planlagte lukkedage{where}"
        opening += f", heraf {days(figures.not_reviewed)} ikke gennemgået"
    else:
        opening = f"I {figures.year} var der {days(figures.total)} ikke-planlagte lukkedage{where}"
    if not figures.divided:
        if figures.undistinguished == figures.total:
            return f"{opening}. Tallet er ikke opdelt efter art."
        return f"{opening}. {days(figures.undistinguished)} af dem er ikke opdelt efter art."
    parts = f"{days(figures.disruption)} skyldtes driftsforstyrrelser, og {days(figures.pedagogical)} var lukninger "
    sentence = f"{opening}. {parts}med et pædagogisk formål."
    if against and against.year != figures.year and not against.divided:
        sentence += (
            f" Tallet for {against.year} ({days(against.total)}) er ikke opdelt og kan kun sammenlignes med summen, "
            f"{days(figures.total)}."
        )
    return sentence


def chart(years: list[YearFigures], against: YearFigures | None = None) -> SafeString:
    """The years as bars in two parts, with the undivided 2012 as a bar and as the line that sums compare with."""
    against = against or baseline()
    shown = years if against is None or against.year in {each.year for each in years} else [against, *years]
    bars = [bar(each) for each in shown]
    baseline_line = line(against) if against else None
    last = shown[-1]
    title = f"{days(last.total)} ikke-planlagte lukkedage i {last.year}"
    if against and against.year != last.year:
        title += f", {days(against.total)} i {against.year}"
    return charts.years_chart(
        bars, baseline=baseline_line, title=title, description=charts.describe(bars, baseline_line)
    )


def bar(figures: YearFigures) -> charts.Bar:
    return charts.Bar(
        label=str(figures.year),
        disruption=(figures.disruption or 0) - figures.disruption_not_reviewed,
        pedagogical=(figures.pedagogical or 0) - figures.pedagogical_not_reviewed,
        undistinguished=figures.undistinguished or 0,
        awaiting=figures.disruption_not_reviewed + figures.pedagogical_not_reviewed,
    )


def line(figures: YearFigures) -> charts.Baseline:
    return charts.Baseline(label=str(figures.year), total=figures.total)


def _institutions(count: int) -> str:
    return "institution eller tjeneste" if count == 1 else "institutioner og tjenester"
