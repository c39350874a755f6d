"""Papers that are appendices of a note, made from the registers: a strategy's principle table, the edition of a
catalogue, the closures of a year. First their content as plain values, then HTML, then PDF.

Their content lies as JSON inside the PDF that is kept. `AppendixPaper.from_json` of it, set again with `to_pdf`, gives
the same bytes, whatever has become of the rows it was gathered from.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from catalogue.models import Practice
from closures import figures
from sikkerby import charts
from sikkerby.templatetags import danish

from . import content, gathering, paper
from .models import Appendix
from .pdf import Attachment, make_pdf

CONTENT = "indhold.json"  # the name of the content inside the PDF


# --- Content ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PrincipleTable:
    """The printed table "Princip | Udvalgte indsatser" of a strategy. Carriers are as each row says."""

    kind: Literal["principles"] = "principles"
    intro: str  # a sentence
    groups: tuple[PrincipleGroup, ...]


@dataclass(frozen=True, kw_only=True)
class PrincipleGroup:
    name: str  # "Fagprincip 4"
    title: str
    text: str = ""  # how it is worded
    entries: tuple[content.Entry, ...]  # in their order; none where none is chosen


@dataclass(frozen=True, kw_only=True)
class Example:
    """A practice, with its texts as they are written: paragraphs are parted by lines."""

    title: str
    where: str = ""  # administration and districts
    summary: str
    method: str = ""
    experience: str = ""
    advice: str = ""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    title: str
    introduction: str = ""
    examples: tuple[Example, ...]


@dataclass(frozen=True, kw_only=True)
class CatalogueEdition:
    """All that a catalogue includes, by theme, and at its end those examples that it mentions in brief."""

    kind: Literal["edition"] = "edition"
    edition: str
    subject: str
    funnel: str = ""  # how many were proposed, examined and included
    criteria: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    dissemination: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...]
    mentioned: tuple[Example, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of a year's unplanned closed days, in half-days."""

    label: str
    disruption: int
    pedagogical: int
    undistinguished: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Division:
    """The whole year divided in one way; its shares sum to the year."""

    by: str  # "bydel"
    shares: tuple[Share, ...]


@dataclass(frozen=True, kw_only=True)
class YearInFull:
    """The unplanned closed days of one year. A year that nobody has counted has a sentence, and no numbers."""

    kind: Literal["closures"] = "closures"
    finding: str  # the year in a sentence, and beside 2012 what may be said of both
    year: content.YearOfClosures | None = None
    baseline: content.Baseline | None = None
    facts: tuple[str, ...] = ()  # a sentence each: who answered, what review changed
    divisions: tuple[Division, ...] = ()
    institutions: str = ""  # a sentence in the place of their names
    source: str = ""  # of a total without dates
    explanation: tuple[str, ...] = ()  # the box "Sådan er der talt"

    @property
    def in_kinds(self) -> bool:
        """Whether any of it is told apart in the two kinds."""
        return self.year is not None and self.year.disruption is not None

    @property
    def in_part_undivided(self) -> bool:
        return self.in_kinds and self.year.undistinguished is not None


@dataclass(frozen=True, kw_only=True)
class AppendixPaper:
    """All that is printed on an appendix. Its head says which appendix it is, of which note."""

    number: int
    note: str  # the title of the note
    note_date: date
    title: str
    sender: str  # "Center for Sikker By, Økonomiforvaltningen"
    body: PrincipleTable | CatalogueEdition | YearInFull
    counted_on: date
    closed: bool = False
    closed_to: str = ""  # "Økonomiudvalget og Socialudvalget"
    closed_reason: str = ""
    draft: bool = True
    demo: bool = False

    @property
    def place(self) -> str:
        return f"Bilag {self.number} til {self.note}, {danish.short_date(self.note_date)}"

    def to_json(self) -> dict[str, Any]:
        return content.plain(asdict(self))

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> AppendixPaper:
        """The paper that `to_json` gave; TypeError or KeyError where it is of another shape."""
        return content.built(cls, value)


# --- From an appendix to its paper --------------------------------------------------------------------------------


def make(appendix: Appendix, *, note, on: date, created: datetime, draft: bool = False) -> bytes:
    """The paper of an appendix as PDF, of the registers as they stand on the day `on`. PdfError where it cannot be
    made."""
    return to_pdf(gather(appendix, note=note, on=on, draft=draft), created=created)


def gather(appendix: Appendix, *, note, on: date, draft: bool = False) -> AppendixPaper:
    sender = gathering.sender(note)
    return AppendixPaper(
        number=appendix.number,
        note=note.title,
        note_date=note.date,
        title=appendix.title,
        sender=", ".join(filter(None, (sender.unit, sender.administration))),
        body=_GATHERED_BY[appendix.source](appendix, note, on),
        counted_on=on,
        closed=note.is_closed or appendix.is_closed,
        closed_to=_closed_to(appendix, note),
        closed_reason=appendix.closed_because or note.closed_because,
        draft=draft,
        demo=settings.DEMO,
    )


def _closed_to(appendix, note) -> str:
    """Who alone may read it. Of a closed note that is the committee it is addressed to, whoever else is named."""
    if note.is_closed:
        return note.committee.name_on(note.date)
    if appendix.is_closed:
        return gathering.listed(each.name_on(note.date) for each in appendix.closed_to.all())
    return ""


def _principles(appendix, note, on) -> PrincipleTable:
    principles = appendix.strategy.principles.prefetch_related("entries__initiative", "entries__administrations")
    groups = tuple(
        PrincipleGroup(
            name=principle.label,
            title=principle.title,
            text=principle.text,
            entries=tuple(
                content.Entry(
                    title=entry.initiative.name,
                    text=entry.text,
                    carriers=gathering.listed(each.abbreviation for each in entry.administrations.all()),
                )
                for entry in principle.entries.all()
            ),
        )
        for principle in principles
    )
    count = sum(len(group.entries) for group in groups)
    intro = (
        f"Tabellen viser {danish.number(count)} {danish.plural(count, 'eksempel,eksempler')} på, hvordan "
        f"forvaltningerne arbejder efter principperne i strategien »{appendix.strategy.name}«. Den viser ikke alle "
        "indsatser. Samme indsats kan stå under flere principper."
    )
    return PrincipleTable(intro=intro, groups=groups)


def _edition(appendix, note, on) -> CatalogueEdition:
    catalogue = appendix.catalogue
    practices = catalogue.practices.in_chapters().select_related("administration").prefetch_related("districts")
    included = list(practices.included())
    chapters = tuple(
        Chapter(
            title=theme.title,
            introduction=theme.introduction,
            examples=tuple(_example(each) for each in included if each.theme_id == theme.pk),
        )
        for theme in catalogue.themes.all()
    )
    return CatalogueEdition(
        edition=str(catalogue.editions.last() or catalogue),
        subject=catalogue.subject,
        funnel=gathering.funnel(catalogue, included=len(included)),
        criteria=_lines(catalogue.criteria),
        recommendations=_lines(catalogue.recommendations),
        dissemination=_lines(catalogue.dissemination),
        chapters=tuple(each for each in chapters if each.examples),
        mentioned=tuple(_example(each) for each in practices.filter(status=Practice.Status.MENTIONED)),
    )


def _example(practice: Practice) -> Example:
    administration = practice.administration
    return Example(
        title=practice.title,
        where=", ".join(filter(None, (administration and administration.name, practice.where))),
        summary=practice.summary,
        method=practice.method,
        experience=practice.experience,
        advice=practice.advice,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# No division by incident: its title can say more than a committee should read.
DIVIDED_BY = ("administration", "district", "institution_kind", "cause", "scope", "month", "weekday")


def _closures(appendix, note, on) -> YearInFull:
    (year,) = figures.shown(appendix.year, appendix.year, reviewed_only=True, recounted=False)
    baseline = figures.baseline()
    finding = figures.comparison(year, baseline)
    if year.missing:
        return YearInFull(finding=f"{finding} Det betyder ikke, at der ingen lukninger var.")
    ways = (*DIVIDED_BY, "institution") if appendix.names_institutions else DIVIDED_BY
    parts = figures.parts_shown(year.year, reviewed_only=True, by=ways)
    explained = note.date.year >= gathering.FIRST_YEAR_EXPLAINED
    return YearInFull(
        finding=finding,
        year=gathering.year_of_closures(year),
        baseline=content.Baseline(year=baseline.year, total=baseline.total)
        if baseline and baseline.year != year.year
        else None,
        facts=tuple(_facts(year)),
        divisions=tuple(
            Division(by=figures.PARTS[way].by, shares=tuple(map(_share, parts[way])))
            for way in ways
            if _is_known(parts[way])
        ),
        institutions="" if appendix.names_institutions else _how_many(year),
        source=year.source,
        explanation=tuple(gathering.explanation([year], baseline)) if explained else (),
    )


def _facts(year: figures.YearFigures) -> Iterator[str]:
    yield figures.answers(year)
    if year.undated_half_days == year.total > 0:
        yield "Dagene er indberettet som en total uden datoer."
    elif year.undated_half_days:
        yield f"{danish.days(year.undated_half_days)} af dagene er indberettet som en total uden datoer."


def _is_known(shares: list[figures.Share]) -> bool:
    """Whether any of the days can be divided so; a total without dates would leave nothing but zeros."""
    return any(share.total for share in shares if share.key != "")


def _how_many(year: figures.YearFigures) -> str:
    if year.units is None:
        return "Institutionerne er ikke nævnt ved navn. Det er ikke oplyst, hvor mange der havde lukninger."
    units = danish.plural(year.units, "institution eller tjeneste,institutioner og tjenester")
    return (
        f"Institutionerne er ikke nævnt ved navn. {danish.number(year.units)} {units} havde mindst én ikke-planlagt "
        f"lukning i {year.year}."
    )


def _share(share: figures.Share) -> Share:
    return Share(
        label=danish.with_capital(share.label),
        disruption=share.disruption,
        pedagogical=share.pedagogical,
        undistinguished=share.undistinguished,
        total=share.total,
    )


_GATHERED_BY = {
    Appendix.Source.PRINCIPLES: _principles,
    Appendix.Source.EDITION: _edition,
    Appendix.Source.CLOSURES: _closures,
}


# --- From the paper to HTML and PDF -------------------------------------------------------------------------------


def to_html(appendix: AppendixPaper) -> str:
    context = {
        "paper": appendix,
        "body": appendix.body,
        "style": mark_safe(paper.STYLE.read_text()),
        "mark": " · ".join(paper.marks(appendix)),
    }
    if isinstance(appendix.body, YearInFull) and appendix.body.year:
        context |= {
            "chart": paper.chart((appendix.body.year,), appendix.body.baseline),
            "divisions": [(each, _months_chart(each)) for each in appendix.body.divisions],
        }
    return render_to_string("reports/paper/appendix.html", context)


def _months_chart(division: Division) -> SafeString | None:
    """The months as bars, where the year is divided by them; days without a month have none."""
    if division.by != figures.PARTS["month"].by:
        return None
    bars = [
        charts.Bar(
            label=share.label[:3].lower(),
            disruption=share.disruption,
            pedagogical=share.pedagogical,
            undistinguished=share.undistinguished,
        )
        for share in division.shares[:12]
    ]
    return charts.years_chart(bars, title=f"Søjlediagram over månederne. {charts.describe(bars)}", on_paper=True)


def to_pdf(appendix: AppendixPaper, *, created: datetime) -> bytes:
    """The same paper gives the same bytes."""
    return make_pdf(
        to_html(appendix), title=appendix.title, created=created, attachments=tuple(_files_inside(appendix))
    )


def _files_inside(appendix: AppendixPaper) -> Iterator[Attachment]:
    yield Attachment(
        name=CONTENT,
        data=json.dumps(appendix.to_json(), ensure_ascii=False, sort_keys=True).encode(),
        description="Bilagets indhold, som det kan sættes op af igen",
        relationship="Source",
    )
    if appendix.body.kind == "closures" and appendix.body.divisions:
        yield Attachment(
            name="lukkedage.csv",
            data=_as_csv(appendix.body),
            description=f"Tallene i tabellerne, opgjort pr. {danish.short_date(appendix.counted_on)}",
        )


def _as_csv(body: YearInFull) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            "Fordelt på",
            "Del",
            "Driftsforstyrrelser",
            "Pædagogisk formål",
            "Ikke opdelt",
            "Ikke-planlagte lukkedage i alt",
        ]
    )
    for division in body.divisions:
        for share in division.shares:
            counts = (share.disruption, share.pedagogical, share.undistinguished, share.total)
            writer.writerow([division.by, share.label, *(danish.as_text(danish.as_days(each)) for each in counts)])
    return b"\xef\xbb\xbf" + file.getvalue().encode()
