"""The figures: all years beside 2012, and one year in its parts. Each number leads to the closures behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sikkerby.exports import Column, export
from sikkerby.htmx import page
from sikkerby.permissions import Act, may
from sikkerby.templatetags.danish import as_days, days, number, with_capital

from .. import figures
from ..forms.filters import NONE, ClosureFilter
from ..models import AHEAD, AnnualReturn, Closure, Incident, Institution, Kind, ReportedTotal
from ..models.year import FIRST_YEAR as FIRST_YEAR_ASKED

AT_ONCE = 25  # shares of a part; a city has hundreds of institutions


# --- A number and the closures behind it --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A number as it is written; where a closed year gives another today, that too. The list leads to today's."""

    value: str
    today: str = ""
    url: str = ""


class Behind:
    """Where the closures are that a year's numbers count: the list, narrowed as the page is."""

    def __init__(self, year: int, *, closed: bool, narrowed: dict[str, str]):
        self.counting = Closure.Status.REVIEWED if closed else ClosureFilter.COUNTING
        self.year, self.narrowed = year, narrowed

    def __call__(self, **chosen: str | int) -> str:
        query = {"aar": self.year, "status": self.counting} | self.narrowed | chosen
        if self.narrowed.get("status") in Closure.UNREVIEWED:
            query["status"] = self.narrowed["status"]
        return f"{LIST}?{urlencode(query)}"

    def cell(self, shown, live, name: str, *, dated: bool = True, **chosen: str | int) -> Cell:
        """The number of that name, `shown` and as counted now; only what has dates has closures behind it."""
        value, today = getattr(shown, name), getattr(live, name)
        return Cell(
            value=_written(name, value),
            today="" if value == today else _written(name, today),
            url=self(**chosen) if dated and today else "",
        )


def _written(name: str, value: int | None) -> str:
    if name == "units":
        return "ukendt" if value is None else number(value)
    return "–" if value is None else days(value)


LIST = "/lukninger/"
KINDS = {kind.value: {"art": kind.value} for kind in (Kind.DISRUPTION, Kind.PEDAGOGICAL, Kind.UNDISTINGUISHED)}
NUMBERS = {
    "total": {},
    **KINDS,
    "not_reviewed": {"status": ClosureFilter.NOT_REVIEWED},
    "units": {},
    "taken_out": {"status": Closure.Status.EXCLUDED.value},
    "reclassified": {"omklassificeret": "on"},
}
IN_A_ROW = ("total", *KINDS, "not_reviewed", "units")


def _numbers(each: figures.YearFigures, behind: Behind) -> dict[str, Cell]:
    """All numbers of a year."""
    live = each.today or each
    dated = live.total > live.undated_half_days
    return {
        name: behind.cell(each, live, name, dated=dated or name == "taken_out", **chosen)
        for name, chosen in NUMBERS.items()
    }


def _account(each: figures.YearFigures) -> str:
    """What the numbers of a year are worth, in two words."""
    if each.missing:
        return "ingen opgørelse"
    if each.closed_on:
        return "forelagt udvalget"
    return "ikke afsluttet" if each.provisional else "total uden dato"


# --- Every year ---------------------------------------------------------------------------------------------------


def _days(of: str) -> Callable:
    """A number of half-days as days; nothing where it is not known."""
    return lambda row: None if getattr(row, of) is None else as_days(getattr(row, of))


def _today(of: str) -> Callable:
    """The same of a closed year counted today, where that differs."""
    return lambda row: _days(of)(row.today) if row.today else None


YEAR_COLUMNS = [
    Column("År", lambda each: each.year),
    Column("Driftsforstyrrelser, dage", _days("disruption")),
    Column("Med et pædagogisk formål, dage", _days("pedagogical")),
    Column("Ikke opdelt, dage", _days("undistinguished")),
    Column("Ikke-planlagte lukkedage i alt", lambda each: None if each.missing else as_days(each.total)),
    Column("Heraf ikke gennemgået", _days("not_reviewed")),
    Column("Institutioner med mindst én lukning", lambda each: each.units),
    Column("Opgørelse", _account),
    Column("I alt opgjort i dag, dage", _today("total")),
    Column("Driftsforstyrrelser opgjort i dag, dage", _today("disruption")),
    Column("Med et pædagogisk formål opgjort i dag, dage", _today("pedagogical")),
    Column("Spurgt", lambda each: each.asked),
    Column("Har svaret", lambda each: each.answered),
    Column("Heraf nulindberetning", lambda each: each.nil),
    Column("Heraf bekræftet af forvaltningen", lambda each: each.confirmed),
    Column("Taget ud ved gennemgang, dage", _days("taken_out")),
    Column("Omklassificeret, dage", _days("reclassified")),
    Column("Kilde til total uden dato", lambda each: each.source),
]


@dataclass(frozen=True, kw_only=True)
class YearRow:
    figures: figures.YearFigures
    cells: list[Cell]
    account: str
    answers: str


@may(Act.READ_FIGURES)
def years(request: HttpRequest) -> HttpResponse:
    """Every year since 2012: what is reported or was put to the committee, and the break in method in words."""
    today = timezone.localdate()
    found = figures.shown(figures.BASELINE_YEAR, today.year)
    if response := export(request, reversed(found), YEAR_COLUMNS, "Ikke-planlagte lukkedage"):
        return response
    baseline = found[0] if found[0].undated else None
    context = {
        "years": [_row(each) for each in reversed(found)],
        "baseline": baseline,
        "finding": figures.comparison(found[-1], baseline),
        "chart": figures.chart(found, baseline),
        "break_in_method": figures.BREAK_IN_METHOD,
        "goal_left_open": figures.GOAL_LEFT_OPEN,
        "today": today,
        "crumbs": [("Lukninger", reverse("closures:closure_list")), ("Opgørelse", "")],
    }
    return page(request, "closures/years.html", context)


def _row(each: figures.YearFigures) -> YearRow:
    numbers = _numbers(each, Behind(each.year, closed=bool(each.closed_on), narrowed={}))
    return YearRow(
        figures=each,
        cells=[numbers[name] for name in IN_A_ROW],
        account=_account(each),
        answers=_answers_of(each.year),
    )


def _answers_of(year: int) -> str:
    """Where it stands who was asked for the year and who answered."""
    if not FIRST_YEAR_ASKED <= year <= timezone.localdate().year:
        return ""
    return reverse("closures:year_count", args=[year])


# --- One year -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PartRow:
    label: str
    share: figures.Share
    today: figures.Share | None  # where it differs in a closed year
    cells: list[Cell]


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """A year's total in parts, the largest first; `more` stand on a page of their own."""

    way: str
    by: str
    rows: list[PartRow]
    more: int
    all_url: str


def _breakdown(
    way: str, shown: list, live: list, behind: Behind, columns: Iterable[str], request: HttpRequest
) -> Breakdown:
    part, recounted = figures.PARTS[way], {share.key: share for share in live}
    nothing = {"disruption": 0, "pedagogical": 0, "undistinguished": 0}
    keys = {share.key for share in shown}
    new = [figures.Share(key=each.key, label=each.label, **nothing) for each in live if each.key not in keys]
    shares = [*shown, *new]
    at_once = None if "format" in request.GET or request.GET.get("vis") == way else AT_ONCE
    rows = []
    for share in shares[:at_once]:
        today = recounted.get(share.key) or figures.Share(key=share.key, label=share.label, **nothing)
        dated = share.key != "" and today.total > today.undated
        key = NONE if share.key is None else share.key
        cells = [behind.cell(share, today, name, dated=dated, **NUMBERS[name] | {part.filter: key}) for name in columns]
        differs = any(cell.today for cell in cells)
        rows.append(PartRow(label=share.label, share=share, today=today if differs else None, cells=cells))
    query = request.GET.copy()
    query["vis"] = way
    return Breakdown(
        way=way,
        by=part.by,
        rows=rows,
        more=len(shares),
        all_url=f"?{query.urlencode()}#by-{way}" if len(rows) < len(shares) else "",
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a year's export: days by kind, or a mere number."""

    by: str
    part: str
    days: figures.Share | figures.YearFigures | None = None
    total: int | None = None
    today: int | None = None
    number: int | None = None
    text: str = ""


def _days_of(kind: str) -> Callable:
    return lambda line: _days(kind)(line.days) if line.days else None


LINE_COLUMNS = [
    Column("Fordelt på", lambda line: line.by),
    Column("Del", lambda line: with_capital(line.part)),
    Column("Driftsforstyrrelser, dage", _days_of("disruption")),
    Column("Med et pædagogisk formål, dage", _days_of("pedagogical")),
    Column("Ikke opdelt, dage", _days_of("undistinguished")),
    Column("Ikke-planlagte lukkedage i alt", _days("total")),
    Column("I alt opgjort i dag, dage", _days("today")),
    Column("Antal", lambda line: line.number),
    Column("Bemærkning", lambda line: line.text),
]
WHOLE, AFTER = "Hele året", "Efter årsopgørelsen"


def _lines(
    found: figures.YearFigures, breakdowns: Iterable[Breakdown], moved: Iterable[figures.Moved]
) -> Iterable[Line]:
    """All that the page shows, as rows."""
    if found.missing:
        yield Line(by=WHOLE, part="ikke-planlagte lukkedage", text=_account(found))
        return
    today = found.today
    yield Line(
        by=WHOLE,
        part="ikke-planlagte lukkedage",
        days=found,
        total=found.total,
        today=today.total if today else None,
        text="; ".join(filter(None, [_account(found), found.source])),
    )
    for part, name in (
        ("heraf ikke gennemgået", "not_reviewed"),
        ("heraf uden dato", "undated_half_days"),
        ("heraf omklassificeret", "reclassified"),
        ("taget ud ved gennemgang", "taken_out"),
    ):
        yield Line(by=WHOLE, part=part, total=getattr(found, name), today=getattr(today, name) if today else None)
    for part, name in (
        ("institutioner og tjenester med mindst én lukning", "units"),
        ("spurgt", "asked"),
        ("har svaret", "answered"),
        ("heraf nulindberetning", "nil"),
        ("heraf bekræftet af forvaltningen", "confirmed"),
    ):
        value = getattr(found, name)
        yield Line(by=WHOLE, part=part, number=value, text="ukendt" if value is None else "")
    for breakdown in breakdowns:
        for row in breakdown.rows:
            yield Line(
                by=with_capital(breakdown.by),
                part=row.label,
                days=row.share,
                total=row.share.total,
                today=row.today.total if row.today else None,
            )
    for each in moved:
        yield Line(
            by=AFTER,
            part=str(each.closure),
            total=each.before[1],
            today=each.after[1],
            text=each.step.get_act_display() if each.step else "",
        )


@may(Act.READ_FIGURES)
def year(request: HttpRequest, year: int) -> HttpResponse:
    """One year in its parts, as it was put to the committee if it is closed; narrowed, always as counted today."""
    today, closures = timezone.localdate(), Closure.objects.all()
    if not figures.BASELINE_YEAR <= year <= (today + AHEAD).year:
        raise Http404("a year that is not counted")
    filters = ClosureFilter(
        request.GET,
        institutions=Institution.objects.all(),
        incidents=Incident.objects.all(),
        whole_city=True,
        today=today,
        year=year,
    )
    closed, narrowed = figures.is_closed(year), filters.query
    way = {
        "reviewed_only": filters.reviewed_only if filters.chosen("status") else closed,
        "totals": filters.narrow_totals(ReportedTotal.objects.all()),
        "when": filters.when,
    }
    live = figures.parts(filters.about(closures), year, **way)  # what the links lead to, also in a closed year
    if narrowed:
        answers = filters.narrow_answers(AnnualReturn.objects.all())
        found, shares = figures.year(filters.about(closures), year, answers=answers, **way), live
    else:
        (found,), shares = figures.shown(year, year), figures.parts_shown(year) if closed else live
    behind, columns = Behind(year, closed=closed, narrowed=narrowed), IN_A_ROW[: 3 if found.divided else 4]
    breakdowns = [_breakdown(each, shares[each], live[each], behind, columns, request) for each in figures.PARTS]
    moved = figures.moved(year) if closed and not narrowed and (found.today or shares != live) else []
    if response := export(request, _lines(found, breakdowns, moved), LINE_COLUMNS, f"Ikke-planlagte lukkedage {year}"):
        return response
    baseline = figures.baseline()
    numbers = _numbers(found, behind)
    context = {
        "figures": found,
        "numbers": numbers,
        "sums": [numbers[name] for name in columns],
        "filters": filters,
        "narrowed": narrowed,
        "query": urlencode(narrowed),
        "closed": closed,
        "account": _account(found),
        "baseline": baseline,
        "finding": figures.finding(found, filters.days_in_words) if narrowed else figures.comparison(found, baseline),
        "chart": None if narrowed else figures.chart([found], baseline),
        "breakdowns": breakdowns,
        "moved": moved,
        "moved_url": behind(aendret="on", status=""),
        "answers": figures.answers(found),
        "answers_url": _answers_of(year),
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
    return page(request, "closures/year.html", context, partial="results")
