"""Figures in running text: written as references, "{lukkedage 2012}", and read anew each time the text is shown.

They come from the same function as the sections of figures, so a note cannot say one number in its text and another
in its table. On paper the value stands; an issued document keeps it, and which reference it was (content.Figure).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from closures import figures
from closures.figures import BASELINE_YEAR, YearFigures
from reports import content
from reports.prose import plain
from sikkerby.templatetags.danish import days, number

REFERENCE = re.compile(r"\{([^{}<>\n]{1,60})\}")
BASELINE = "udgangspunkt"
PROSE = ("html", "comment", "intro")  # the fields of a gathered section that people write

# What can be written before a year, and what it says of that year; None: not known.
NAMES: dict[str, Callable[[YearFigures], str | None]] = {
    "lukkedage": lambda year: days(year.total),
    "driftsforstyrrelser": lambda year: None if year.disruption is None else days(year.disruption),
    "pædagogiske lukkedage": lambda year: None if year.pedagogical is None else days(year.pedagogical),
    "institutioner": lambda year: None if year.units is None else number(year.units),
    "har svaret": lambda year: year.asked and f"{number(year.answered)} af {number(year.asked)}",
}
SAID = {
    "lukkedage": "ikke-planlagte lukkedage i alt i {year}",
    "driftsforstyrrelser": "driftsforstyrrelser i {year}",
    "pædagogiske lukkedage": "lukkedage med et pædagogisk formål i {year}",
    "institutioner": "institutioner og tjenester med lukninger i {year}",
    "har svaret": "institutioner, der har svaret for {year}",
    BASELINE: f"udgangspunktet, ikke-planlagte lukkedage i {BASELINE_YEAR}",
}
HOW_TO_WRITE = (
    "Skriv for eksempel {lukkedage 2012}, {driftsforstyrrelser 2025}, {pædagogiske lukkedage 2025}, "
    "{institutioner 2025}, {har svaret 2025} eller {udgangspunkt}."
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A reference that can be written, with what it stands for today."""

    token: str  # "{lukkedage 2012}"
    said: str  # "ikke-planlagte lukkedage i alt i 2012"
    name: str
    year: int
    value: str


class Figures:
    """What references stand for in a note of a year: of that year and those before it. Each year is counted once, and
    only when it is asked for."""

    def __init__(self, last_year: int):
        self.last_year = last_year
        self._years: dict[int, YearFigures] = {}

    def known(self) -> list[Known]:
        """All that can be written, the newest year first."""
        years = range(self.last_year, BASELINE_YEAR - 1, -1)
        self._count(years)
        tokens = [BASELINE, *(f"{name} {year}" for year in years for name in NAMES)]
        return [found for token in tokens if (found := self.find(token))]

    def find(self, token: str) -> Known | None:
        """What a token stands for, without its braces; None where it is none, or there is no such figure."""
        words = " ".join(token.replace("&nbsp;", " ").split()).lower()
        name, _, typed = words.rpartition(" ")
        if words == BASELINE:
            name, year, value_of = BASELINE, BASELINE_YEAR, NAMES["lukkedage"]
        elif name in NAMES and typed.isascii() and typed.isdecimal() and len(typed) == 4:
            year, value_of = int(typed), NAMES[name]
        else:
            return None
        if not BASELINE_YEAR <= year <= self.last_year:
            return None
        self._count([year])
        value = None if self._years[year].missing else value_of(self._years[year])
        if not value:
            return None
        return Known(token=f"{{{words}}}", said=SAID[name].format(year=year), name=name, year=year, value=value)

    def newest(self, year: int, *, after: int, name: str = "lukkedage") -> int:
        """The last year up to this one that there is a figure of; `after` itself where none is newer."""
        years = range(min(year, self.last_year), after, -1)
        return next((each for each in years if self.find(f"{name} {each}")), after)

    def provisional(self, years: Iterable[int]) -> list[int]:
        """Those of them whose figures still move."""
        self._count(years)
        return [year for year in sorted(years) if self._years[year].provisional]

    def _count(self, years: Iterable[int]) -> None:
        wanted = set(years) - self._years.keys()
        if wanted:
            shown = figures.shown(min(wanted), max(wanted), reviewed_only=True, recounted=False)
            self._years |= {each.year: each for each in shown}


def unknown_in(markup: str, found: Figures) -> list[str]:
    """What stands in braces in a text and is no figure; also one that a bold letter or a link cuts in two."""
    whole = {" ".join(token.replace("&nbsp;", " ").split()) for token in REFERENCE.findall(markup)}
    written = (" ".join(token.split()) for token in re.findall(r"\{([^{}\n]*)\}", plain(markup)))
    return [f"{{{token}}}" for token in written if token not in whole or not found.find(token)]


def fill(section: content.Section, found: Figures, *, on: date) -> tuple[content.Section, list[content.Figure]]:
    """The section with values for its references, and a list of what was put in. What is no reference stays. So does
    what others have said: a quotation is not brought up to date."""
    if isinstance(section, content.Quote):
        return section, []
    used: list[content.Figure] = []

    def value(match: re.Match) -> str:
        known = found.find(match[1])
        if known is None:
            return match[0]
        used.append(content.Figure(name=known.name, year=known.year, value=known.value, counted_on=on))
        return known.value

    changed = {
        name: REFERENCE.sub(value, text) for name in PROSE if "{" in (text := getattr(section, name, None) or "")
    }
    if isinstance(section, content.Recommendations):
        changed["points"] = tuple(REFERENCE.sub(value, point) for point in section.points)
    return (replace(section, **changed) if changed else section), used


def moved_on(markup: str, shift: int, found: Figures) -> str:
    """The text with each reference to a year moved on by so many years, as far as there are figures. The baseline is
    what the years are compared with, and stays."""

    def moved(match: re.Match) -> str:
        name, _, year = " ".join(match[1].replace("&nbsp;", " ").split()).rpartition(" ")
        if not (name.lower() in NAMES and year.isdecimal()) or int(year) == BASELINE_YEAR:
            return match[0]
        newest = found.newest(int(year) + shift, after=int(year), name=name.lower())
        return f"{{{name} {newest}}}"

    return REFERENCE.sub(moved, markup)
