"""Beside an issued note, never in it: what its figures are today, and which closures moved them since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Prefetch, Q
from django.urls import reverse

from closures import figures
from closures.models import Closure, ClosureStep
from reports import content, references
from sikkerby.templatetags import danish

from .models import IssuedDocument

MOST_CLOSURES = 50  # of a year, newest first; the list of closures has them all
NONE_NOW = "ingen opgørelse"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure that stands in the note, when it was taken, and what it is now."""

    label: str  # "driftsforstyrrelser i 2025"
    year: int
    before: str
    now: str
    counted_on: date
    kind: str = ""  # of closures, where it counts one kind alone
    of_answers: bool = False  # it counts who has answered, and not closures

    @property
    def has_changed(self) -> bool:
        return self.before != self.now

    @property
    def rows_url(self) -> str:
        """The closures behind it, as they are today: a note counts those that are reviewed. Or who has answered."""
        if self.of_answers:
            return reverse("closures:year_count", args=[self.year])
        asked = {"aar": self.year, "status": "reviewed"} | ({"art": self.kind} if self.kind else {})
        return f"{reverse('closures:closure_list')}?{urlencode(asked)}"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A closure that was registered, changed or taken out after the note was issued, and how."""

    closure: Closure
    steps: list[ClosureStep]


@dataclass(frozen=True, kw_only=True)
class Year:
    """The figures of one year that the note has, and, where one has changed, the closures that were moved since."""

    year: int
    figures: list[Figure]
    moved: list[Moved]

    @property
    def has_changed(self) -> bool:
        return any(figure.has_changed for figure in self.figures)


def has_figures(document: IssuedDocument) -> bool:
    return bool(_sections(document) or document.content.get("figures"))


def since(document: IssuedDocument) -> list[Year]:
    """Each year of which the note has figures, oldest first. Compared as they are printed."""
    years = sorted({*(each.year for each in _printed(document, None))})
    if not years:
        return []
    now = {each.year: each.today or each for each in figures.shown(years[0], years[-1], reviewed_only=True)}
    found = []
    for year in years:
        once = {(each.label, each.before): each for each in _printed(document, now) if each.year == year}
        changed = any(figure.has_changed for figure in once.values())
        found.append(
            Year(year=year, figures=list(once.values()), moved=_moved(year, document.issued_at) if changed else [])
        )
    return found


def _sections(document: IssuedDocument) -> list[dict]:
    return [each for each in document.content["sections"] if each["kind"] == content.ClosureFigures.kind]


PARTS = (  # of a year in a section: what it is called, what it counts, and how it is printed
    ("total", "", "ikke-planlagte lukkedage i alt i {year}", danish.days),
    ("disruption", "disruption", "driftsforstyrrelser i {year}", danish.days),
    ("pedagogical", "pedagogical", "lukkedage med et pædagogisk formål i {year}", danish.days),
    ("units", "", "institutioner og tjenester med lukninger i {year}", danish.number),
    ("answered", "", "institutioner, der har svaret for {year}", danish.number),
)


OF_ONE_KIND = {"driftsforstyrrelser": "disruption", "pædagogiske lukkedage": "pedagogical"}  # of the references


def _printed(document: IssuedDocument, now: dict[int, figures.YearFigures] | None) -> Iterator[Figure]:
    """Every figure of closures in the note: of its sections, and in its running text. `now` is None while it is only
    asked which years these are of."""
    for section in _sections(document):
        for year in section["years"]:
            today = now and now.get(year["year"])
            for name, kind, label, said in PARTS:
                if year.get(name) is not None:
                    yield Figure(
                        label=label.format(year=year["year"]),
                        year=year["year"],
                        before=said(year[name]),
                        now=_said(today, name, said),
                        counted_on=date.fromisoformat(section["counted_on"]),
                        kind=kind,
                        of_answers=name == "answered",
                    )
    for each in document.content.get("figures", ()):
        today = now and now.get(each["year"])
        value = references.NAMES.get(each["name"], references.NAMES["lukkedage"])
        yield Figure(
            label=references.SAID[each["name"]].format(year=each["year"]),
            year=each["year"],
            before=each["value"],
            now=NONE_NOW if today is None or today.missing else value(today) or NONE_NOW,
            counted_on=date.fromisoformat(each["counted_on"]),
            kind=OF_ONE_KIND.get(each["name"], ""),
            of_answers=each["name"] == "har svaret",
        )


def _said(today: figures.YearFigures | None, name: str, said) -> str:
    value = None if today is None or today.missing else getattr(today, name)
    return NONE_NOW if value is None else said(value)


def _moved(year: int, since) -> list[Moved]:
    """Of the closures that lie in the year, those of which something was done since that can move figures."""
    steps = ClosureStep.objects.filter(at__gt=since, act__in=ClosureStep.MOVING_FIGURES).select_related("by")
    in_the_year = Q(first_day__lte=date(year, 12, 31)) & (Q(last_day=None) | Q(last_day__gte=date(year, 1, 1)))
    closures = (
        Closure.objects.filter(in_the_year, pk__in=steps.values("closure"))
        .with_institution()
        .prefetch_related(Prefetch("steps", steps, to_attr="steps_since"))
        .order_by("-pk")[:MOST_CLOSURES]
    )
    return [Moved(closure=each, steps=each.steps_since) for each in closures]
