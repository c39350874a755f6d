"""What stands on a paper, as plain values: no HTML but the writers' own, no PDF, no models.

An issued document keeps its Paper as JSON. `Paper.from_json(paper.to_json()) == paper`, so what was issued can be
set again, byte for byte, after every row that it was gathered from has changed. Hence only text, whole numbers,
dates and each other in here, and every name and sum as it was on the day.

Closed days are counted in half-days (1.325 half-days are 662,5 days), as everywhere.
"""

from __future__ import annotations

import re
import types
import typing
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal

# --- The shape of a paper -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The block beside the text on the first page; what is empty is left out."""

    case_number: str = ""  # Sagsnr. 2013-0184482
    document_number: str = ""  # Dokumentnr. 2013-0184482-2, or a number of its own
    case_officer: str = ""
    unit: str = ""  # Center for Sikker By
    administration: str = ""  # Økonomiforvaltningen
    address: tuple[str, ...] = ()  # line by line
    phone_label: Literal["Telefon", "Mobil"] = "Telefon"
    phone: str = ""
    email: str = ""
    ean: str = ""
    website: str = ""


@dataclass(frozen=True, kw_only=True)
class Text:
    """Written by the office: HTML of p, h3, ul, ol, li, strong, em, a and blockquote, already cleaned by nh3."""

    kind: Literal["text"] = "text"
    heading: str = ""  # none for the opening sentence
    html: str


@dataclass(frozen=True, kw_only=True)
class Goal:
    """The effect goal in its box, with the sentence that says what it is measured from."""

    kind: Literal["goal"] = "goal"
    heading: str
    name: str = ""  # of the focus area or principle: "Tryghed for kommunens ansatte og stabil drift"
    goal: str
    baseline: str = ""  # "Udgangspunktet er 662,5 ikke-planlagte lukkedage i 2012."


@dataclass(frozen=True, kw_only=True)
class YearOfClosures:
    """A year's unplanned closed days in half-days: in two parts, or, as 2012, undivided. None: not known."""

    year: int
    disruption: int | None = None
    pedagogical: int | None = None
    undistinguished: int | None = None
    total: int
    units: int | None = None  # institutions and services with at least one closure
    answered: int | None = None  # of those asked, how many answered for the year
    asked: int | None = None


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """The undivided year that sums are compared with, drawn as a dashed line and named."""

    year: int
    total: int  # half-days


@dataclass(frozen=True, kw_only=True)
class ClosureFigures:
    """Unplanned closed days of one year or several: the finding, then chart and table of the same numbers."""

    kind: Literal["closures"] = "closures"
    heading: str
    finding: str  # one sentence that states the finding, and the comparison fairly
    years: tuple[YearOfClosures, ...]  # oldest first
    baseline: Baseline | None = None  # none where the baseline's own year is the only one shown
    counted_on: date  # "Opgjort pr."
    source: str = ""  # who counted, from what
    explanation: tuple[str, ...] = ()  # paragraphs of the box "Sådan er der talt"; none: no box
    comment: str = ""  # HTML as in Text, after the figures


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An initiative as it stands in a table."""

    title: str
    text: str = ""
    carriers: str = ""  # "SOF, BUF og SSP København"; empty: "ikke oplyst"
    period: str = ""  # as it was said: "anden halvdel af 2024"
    status: str = ""  # the assessment in a word, with its date


@dataclass(frozen=True, kw_only=True)
class EntryGroup:
    """The entries under one principle; without a name where initiatives are chosen freely."""

    name: str = ""  # "Fagprincip 4"
    text: str = ""  # what the principle says
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Initiatives:
    """The printed table "Princip | Udvalgte indsatser", or a table of chosen initiatives."""

    kind: Literal["initiatives"] = "initiatives"
    heading: str
    intro: str = ""  # a sentence
    groups: tuple[EntryGroup, ...]
    counted_on: date | None = None  # when the rows were taken from the register
    as_text: bool = False  # running text instead of a table


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a target came to in a period, as text: "688", "405,5, heraf 310,0 driftsforstyrrelser"."""

    period: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is to be achieved, what it is measured by, where it began, where it is to end, and what was measured."""

    text: str
    owner: str  # the principle or the initiative whose target it is
    measure: str  # "Antal ikke-planlagte lukkedage"
    unit: str
    baseline: str = ""  # "662,5 i 2012"; empty: not known
    goal: str = ""  # "0 i 2025"
    measurements: tuple[Measured, ...] = ()

    @property
    def has_notes(self) -> bool:
        return any(each.note for each in self.measurements)


@dataclass(frozen=True, kw_only=True)
class Targets:
    kind: Literal["targets"] = "targets"
    heading: str
    targets: tuple[Target, ...]
    explanation: tuple[str, ...] = ()  # what must be known in order to compare the numbers
    counted_on: date


@dataclass(frozen=True, kw_only=True)
class CatalogueTheme:
    name: str
    practices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CatalogueInBrief:
    """An edition of a catalogue: its themes and the titles under each."""

    kind: Literal["catalogue"] = "catalogue"
    heading: str
    intro: str = ""  # HTML as in Text: subject, criteria, how many were proposed, investigated and included
    edition: str  # "Best practice-katalog 2011"
    themes: tuple[CatalogueTheme, ...] = ()
    counted_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Recommendations:
    """What the committee is asked to decide, point by point."""

    kind: Literal["recommendations"] = "recommendations"
    heading: str = "Indstilling"
    opening: str  # "Økonomiforvaltningen indstiller over for Økonomiudvalget,"
    points: tuple[str, ...]  # "at statusnotatet tages til efterretning,"


@dataclass(frozen=True, kw_only=True)
class Quote:
    """An earlier decision, in its own words, and who made it when."""

    kind: Literal["quote"] = "quote"
    heading: str = ""
    html: str  # as in Text
    source: str  # "Økonomiudvalget, mødet den 20. august 2013, punkt 4"


@dataclass(frozen=True, kw_only=True)
class Economy:
    """What it costs, said outright also where it costs nothing."""

    kind: Literal["economy"] = "economy"
    heading: str = "Økonomi"
    statement: str
    html: str = ""  # as in Text


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A follow-up: what, to whom, and by when as it was said ("januar 2014"; empty: "uden dato")."""

    what: str
    to: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class ProcessAhead:
    kind: Literal["process"] = "process"
    heading: str = "Videre proces"
    html: str = ""  # as in Text
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AppendixLine:
    number: int
    title: str
    closed: bool = False  # only for the committees that are named on it


@dataclass(frozen=True, kw_only=True)
class Appendices:
    kind: Literal["appendices"] = "appendices"
    heading: str = "Vedlagte bilag"
    appendices: tuple[AppendixLine, ...]


Section = (
    Text
    | Goal
    | ClosureFigures
    | Initiatives
    | Targets
    | CatalogueInBrief
    | Quote
    | Recommendations
    | Economy
    | ProcessAhead
    | Appendices
)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure in running text, as the register had it: 662,5 for "lukkedage" of 2012."""

    name: str  # of references.NAMES, or "udgangspunkt"
    year: int
    value: str
    counted_on: date


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A note to a committee, all that is printed on it."""

    addressee: str  # "Økonomiudvalget", printed as "Til Økonomiudvalget"
    title: str
    date: date
    sender: Sender
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...] = ()  # those in running text, in the order in which they stand there
    closed: bool = False  # fortrolig: the addressed committee alone
    closed_reason: str = ""
    draft: bool = True  # marked UDKAST on every page
    demo: bool = False  # "DEMODATA – opfundne tal" on every page
    replaces: str = ""  # "Statusnotat Sikker By af 20-08-2013 (dokument nr. 3)", and why
    number: int | None = None  # its own in the register of issued documents; none while a draft
    previous_hash: str = ""  # SHA-256 of the document before, of which the foot prints 12 characters
    code: str = ""  # "K7QF-2M9D", for whoever holds the paper to find the document by

    def to_json(self) -> dict[str, Any]:
        """Itself as JSON values: dates as 2013-08-20, tuples as lists."""
        return plain(asdict(self))

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Paper:
        """The paper that `to_json` gave; TypeError or KeyError where it is of another shape."""
        return built(cls, value)


# --- The action card ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """Whom to call; on paper an empty number is a line to write it on."""

    label: str  # "Lokalpolitiet"
    who: str = ""  # the leader's name
    phone: str = ""

    @property
    def dialled(self) -> str:
        """The first number in it, as a telephone takes it: "12 34 56 78, lokal 9" is +4512345678."""
        found = re.search(r"\+?\d[\d .-]*\d", re.sub(r"[()]", "", self.phone), re.ASCII)
        digits = re.sub(r"[ .-]", "", found[0]) if found else ""
        return f"+45{digits}" if len(digits) == 8 and digits.isdecimal() else digits


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What to do, step by step, when there is unrest, violence or threats, and afterwards."""

    name: str
    steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CardText:
    """What an issue of the action card says to all institutions. Each adds its own numbers as they are that day."""

    heading: str
    introduction: str = ""
    situations: tuple[Situation, ...]
    numbers: tuple[PhoneNumber, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return plain(asdict(self))

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> CardText:
        """The text that `to_json` gave; TypeError or KeyError where it is of another shape."""
        return built(cls, value)


# --- To JSON and back ---------------------------------------------------------------------------------------------


def plain(value):
    match value:
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case tuple():
            return [plain(each) for each in value]
        case date():
            return value.isoformat()
        case _:
            return value


def built(wanted, value):
    """`value` as the annotation `wanted` says; of several, the one whose `kind` it has."""
    if is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        if unknown := value.keys() - {field.name for field in fields(wanted)}:
            raise TypeError(f"{wanted.__name__} has no {', '.join(sorted(unknown))}")
        return wanted(**{name: built(hints[name], each) for name, each in value.items()})
    if typing.get_origin(wanted) in (types.UnionType, typing.Union):
        if value is None:
            return None
        first, *others = [each for each in typing.get_args(wanted) if each is not type(None)]
        kinds = {each.kind: each for each in (first, *others)} if others else {}
        return built(kinds[value["kind"]] if kinds else first, value)
    if typing.get_origin(wanted) is tuple:
        return tuple(built(typing.get_args(wanted)[0], each) for each in value)
    if wanted is date:
        return date.fromisoformat(value)
    return value
