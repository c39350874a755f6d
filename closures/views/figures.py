"""The figures: all years beside 2012, and one year in its parts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sikkerby.exports import Column, export
from sikkerby.htmx import page
from sikkerby.permissions import Act, may
from sikkerby.templatetags.danish import as_days, with_capital

from .. import figures
from ..models import AHEAD, Closure


def _days_of(kind: str) -> Callable:
    """A kind's days; nothing where it is not known."""
    return lambda row: None if getattr(row, kind) is None else as_days(getattr(row, kind))


DAYS = [
    Column("Driftsforstyrrelser, dage", _days_of("disruption")),
    Column("Med et pædagogisk formål, dage", _days_of("pedagogical")),
    Column("Ikke opdelt, dage", _days_of("undistinguished")),
]
YEAR_COLUMNS = [
    Column("År", lambda each: each.year),
    *DAYS,
    Column("Ikke-planlagte lukkedage i alt", lambda each: None if each.missing else as_days(each.total)),
    Column("Heraf ikke gennemgået", lambda each: as_days(each.not_reviewed)),
    Column("Institutioner med mindst én lukning", lambda each: each.units),
    Column("Spurgt", lambda each: each.asked),
    Column("Har svaret", lambda each: each.answered),
    Column("Taget ud ved gennemgang, dage", lambda each: as_days(each.taken_out)),
    Column("Omklassificeret, dage", lambda each: as_days(each.reclassified)),
    Column("Kilde til total uden dato", lambda each: each.source),
]


@dataclass(frozen=True)
class Breakdown:
    """A year's total in parts, and the list's filter that each part leads to."""

    by: str
    filter: str
    shares: list[figures.Share]


PART_COLUMNS = [
    Column("Fordelt på", lambda row: row[0]),
    Column("Del", lambda row: with_capital(row[1].label)),
    *(Column(column.heading, lambda row, value=column.value: value(row[1])) for column in DAYS),
    Column("Ikke-planlagte lukkedage i alt", lambda row: as_days(row[1].total)),
]


@may(Act.READ_FIGURES)
def years(request: HttpRequest) -> HttpResponse:
    """Every year since 2012: what is reported, how much of it is not reviewed, and the break in method in words."""
    today = timezone.localdate()
    found = figures.years(Closure.objects.all(), figures.BASELINE_YEAR, today.year, reviewed_only=False)
    if response := export(request, reversed(found), YEAR_COLUMNS, "Ikke-planlagte lukkedage"):
        return response
    baseline = figures.baseline()
    context = {
        "years": found[::-1],
        "baseline": baseline,
        "finding": figures.comparison(found[-1], baseline),
        "chart": figures.chart([each for each in found if not each.missing], baseline),
        "break_in_method": figures.BREAK_IN_METHOD,
        "goal_left_open": figures.GOAL_LEFT_OPEN,
        "today": today,
        "crumbs": [("Lukninger", reverse("closures:closure_list")), ("Opgørelse", "")],
    }
    return page(request, "closures/years.html", context)


@may(Act.READ_FIGURES)
def year(request: HttpRequest, year: int) -> HttpResponse:
    """One year in its parts. Each number leads to the closures behind it."""
    today, closures = timezone.localdate(), Closure.objects.all()
    if not figures.BASELINE_YEAR <= year <= (today + AHEAD).year:
        raise Http404("a year that is not counted")
    breakdowns = [
        Breakdown("måned", "maaned", figures.by_month(closures, year, reviewed_only=False)),
        Breakdown("bydel", "bydel", figures.by_district(closures, year, reviewed_only=False)),
        Breakdown("forvaltning", "forvaltning", figures.by_administration(closures, year, reviewed_only=False)),
        Breakdown("type af institution", "type", figures.by_institution_kind(closures, year, reviewed_only=False)),
    ]
    rows = [(with_capital(breakdown.by), share) for breakdown in breakdowns for share in breakdown.shares]
    if response := export(request, rows, PART_COLUMNS, f"Ikke-planlagte lukkedage {year}"):
        return response
    found, baseline = figures.year(closures, year, reviewed_only=False), figures.baseline()
    context = {
        "figures": found,
        "baseline": baseline,
        "finding": figures.comparison(found, baseline),
        "chart": figures.chart([found], baseline),
        "breakdowns": breakdowns,
        "break_in_method": figures.BREAK_IN_METHOD,
        "earlier": year - 1 if year > figures.BASELINE_YEAR else None,
        "later": year + 1 if year < today.year else None,
        "today": today,
        "crumbs": [
            ("Lukninger", reverse("closures:closure_list")),
            ("Opgørelse", reverse("closures:figures")),
            (str(year), ""),
        ],
    }
    return page(request, "closures/year.html", context)
