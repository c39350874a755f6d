"""What the rows of a sheet say, cell by cell. Nothing here asks the register but for the institutions' names."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError

from sikkerby.forms import CPR_NUMBER, LONGEST_TEXT, UNREADABLE, DanishDateField, DanishDecimalField, check_text
from sikkerby.templatetags.danish import MONTHS, as_text, number, short_date

from ..calendar import Period
from ..models import Closure, Institution, Kind
from ..models.closure import SIKKER_BY_BEGAN
from . import columns
from .columns import EXAMPLE, HEADINGS, folded
from .reading import Sheet, Unusable

NEW, EXISTS, ERROR = "new", "exists", "error"
SUGGESTED = 50  # names that are looked for among the institutions; more mean that the column is another one
DIVIDED_FROM = date(2013, 1, 1)
NOT_DIVIDED = "Fra 2013 er lukninger opdelt. Skriv »driftsforstyrrelse« eller »lukning med et pædagogisk formål«."
GUARDED = re.compile(r"'+[=+\-@\t\r]")
NUMBER = re.compile(r"LUK-(\d{4})-(\d{1,18})", re.IGNORECASE | re.ASCII)
KIND_LABELS = dict(Kind.choices)
WHOLE_NUMBER = re.compile(r"\d{1,3}(\.?\d{3})?", re.ASCII)


_date = cache(short_date)  # a sheet says the same dates again and again


@dataclass(slots=True, kw_only=True)
class Row:
    """One row of the sheet: a closure by its days, or (with a year) a total without dates."""

    number: int
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    existing: int | None = None  # the closure or total that it is
    existing_number: str = ""
    name: str = ""
    institution: int | None = None
    kind: str | None = None
    scope: str = ""
    first_day: date | None = None
    first_part: str = Closure.FirstPart.WHOLE.value
    last_day: date | None = None
    last_part: str = Closure.LastPart.WHOLE.value
    open_ended: bool = False
    cause: str = ""
    measures: list[str] = field(default_factory=list)
    reference: str = ""
    account: str = ""
    status: str = ""
    pk: int | None = None  # of the number that it says
    said_half_days: int | None = None
    year: int | None = None
    month: int | None = None
    units: int | None = None
    source: str = ""
    taken: list[int] = field(default_factory=list)  # half-days, as numbers

    @property
    def verdict(self) -> str:
        return ERROR if self.errors else EXISTS if self.existing else NEW

    @property
    def half_days(self) -> int:
        return (self.said_half_days or 0) if self.year else len(self.taken)

    @property
    def period(self) -> Period:
        return Period(
            first_day=self.first_day,
            last_day=self.last_day,
            only_last_part=self.first_part == Closure.FirstPart.LAST,
            only_first_part=self.last_part == Closure.LastPart.FIRST,
        )

    def years(self, today: date) -> range:
        """In which it may have half-days."""
        if self.year:
            return range(self.year, self.year + 1)
        return range(self.first_day.year, (self.last_day or max(today, self.first_day)).year + 1)

    @property
    def when(self) -> str:
        if self.year:
            return f"{MONTHS[self.month - 1]} {self.year}" if self.month else str(self.year)
        if self.last_day is None:
            return f"{_date(self.first_day)} indtil videre" if self.open_ended else _date(self.first_day)
        first_day, last_day = _date(self.first_day), _date(self.last_day)
        return first_day if first_day == last_day else f"{first_day} til {last_day}"

    def as_shown(self, verdict: str) -> list:
        half_days = self.half_days if verdict == NEW else None
        return [
            *(self.number, self.name, self.when, self.kind or "", KIND_LABELS.get(self.kind, ""), half_days),
            *(self.errors or self.notes, self.existing_number and self.existing, self.existing_number),
        ]


class RowReader:
    """Rows of cells into rows of what they mean. What a column says again and again is understood once."""

    def __init__(self, sheet: Sheet, *, today: date):
        self.sheet, self.today = sheet, today
        self.at = {each: place for place, each in enumerate(sheet.fields) if each}
        self.given = set(self.at)
        self.width = len(sheet.fields)
        self.headings = {each: sheet.headings[place] for each, place in self.at.items()}
        self.understood: dict[str, dict] = {each: {} for each in HEADINGS}
        self.understood_together: dict[tuple, tuple[tuple, list[str]]] = {}
        self.said_again = [self.at[each] for each in self.SAID_AGAIN if each in self.at]
        self.names: dict[Any, str] = {}
        self.institutions = _Institutions()
        self.understand = {
            "institution": self.institutions.find,
            "kind": self._one_of(columns.KINDS, Kind),
            "scope": self._one_of(columns.SCOPES, Closure.Scope),
            "cause": self._one_of(columns.CAUSES, Closure.Cause),
            "first_part": self._one_of(columns.FIRST_PARTS, Closure.FirstPart),
            "last_part": self._one_of(columns.LAST_PARTS, Closure.LastPart),
            "status": self._one_of(columns.STATUSES, Closure.Status),
            "measures": self._measures,
            "first_day": _day,
            "last_day": _last_day,
            "days": _half_days,
            "year": _year,
            "month": _month,
            "units": _units,
        }
        self.free = [place for place, each in enumerate(sheet.fields) if each not in self.understand]

    def read(self, number: int, cells: list) -> Row:
        row = Row(number=number)
        if len(cells) > self.width and any(cells[self.width :]):
            row.errors.append(
                "Rækken har flere celler, end der er kolonner. Står der et skilletegn midt i en tekst, så sæt teksten "
                "i anførselstegn, eller gem filen igen fra Excel."
            )
        elif len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        self._check_free_texts(row, cells)
        if not self._says(self._cell(cells, "first_day")) and self._says(self._cell(cells, "year")):
            self._read_total(row, cells)
        else:
            self._read_closure(row, cells)
        return row

    def _read_closure(self, row: Row, cells: list) -> None:
        row.name = self._name(cells)
        row.institution = self._value(row, cells, "institution", needed="Skriv institutionens navn.")
        row.first_day = self._value(
            row,
            cells,
            "first_day",
            needed="Skriv datoen. Kendes dagene ikke, så udfyld År, Ikke-planlagte lukkedage og Kilde i stedet.",
        )
        last_day = self._value(row, cells, "last_day")
        row.open_ended = last_day == columns.OPEN_ENDED
        row.last_day = None if row.open_ended else last_day
        together = tuple([cells[place] for place in self.said_again])
        if (known := self.understood_together.get(together)) is None:
            known = self.understood_together[together] = self._said_again(cells)
        values, errors = known
        row.kind, row.scope, row.first_part, row.last_part, row.cause, row.measures = values[:6]
        row.status, row.said_half_days = values[6:]
        row.errors += errors
        if "reference" in self.at:
            row.reference = " ".join(self._long_text(row, cells, "reference", 100).splitlines())
        if "account" in self.at:
            row.account = self._long_text(row, cells, "account", LONGEST_TEXT)
        if "number" in self.at:
            self._read_number(row, cells)

    SAID_AGAIN = ("kind", "scope", "first_part", "last_part", "cause", "measures", "status", "days")

    def _said_again(self, cells: list) -> tuple[tuple, list[str]]:
        """What so many rows say alike that it is understood as one; and what is wrong with it."""
        row, whole = Row(number=0), Closure.FirstPart.WHOLE.value
        kind = self._value(
            row,
            cells,
            "kind",
            needed="Skriv, om det var en driftsforstyrrelse eller en lukning med et pædagogisk formål.",
        )
        values = (
            kind,
            self._value(row, cells, "scope") or "",
            self._value(row, cells, "first_part") or whole,
            self._value(row, cells, "last_part") or whole,
            self._value(row, cells, "cause") or "",
            self._value(row, cells, "measures") or [],
            self._value(row, cells, "status") or "",
            self._value(row, cells, "days"),
        )
        return values, row.errors

    def _read_number(self, row: Row, cells: list) -> None:
        typed = self._text(self._cell(cells, "number"))
        if typed:
            if match := NUMBER.fullmatch(typed):
                row.pk, row.existing_number = int(match[2]), f"LUK-{match[1]}-{int(match[2])}"
            else:
                self._wrong(
                    row,
                    "number",
                    f"»{_shown(typed)}« er ikke et nummer som LUK-2026-42. Ret det, eller slet "
                    "det, hvis lukningen er ny.",
                )

    def _read_total(self, row: Row, cells: list) -> None:
        row.name = self._name(cells) or "hele byen"
        if self._says(self._cell(cells, "last_day")):
            self._wrong(row, "first_day", "Skriv den første dag, eller slet den sidste, hvis dagene ikke kendes.")
        row.institution = self._value(row, cells, "institution")
        row.kind = self._value(row, cells, "kind", needed="Skriv arten, for eksempel »ikke opdelt«.")
        # Never 0 where it is wrong: a row is a total by having a year.
        row.year = self._value(row, cells, "year") or DIVIDED_FROM.year
        row.month = self._value(row, cells, "month")
        row.said_half_days = self._value(row, cells, "days", needed="Skriv antallet af dage, for eksempel 4,5.")
        if row.said_half_days == 0:
            self._wrong(row, "days", "Skriv antallet af dage, for eksempel 4,5. Slet rækken, hvis der ingen var.")
        row.units = self._value(row, cells, "units")
        row.source = " ".join(self._long_text(row, cells, "source", 200).splitlines())
        if not row.source:
            self._wrong(row, "source", "Skriv, hvor tallet står.")
        if row.kind == Kind.UNDISTINGUISHED and row.year >= DIVIDED_FROM.year and not row.errors:
            self._wrong(row, "kind", NOT_DIVIDED)
        if row.year > self.today.year:
            self._wrong(row, "year", "Året er ikke begyndt. Ret årstallet.")
        if row.institution and row.units is not None and row.units != 1:
            self._wrong(row, "units", "Totalen gælder én institution. Slet antallet.")

    # --- Cells

    def _cell(self, cells: list, name: str):
        place = self.at.get(name)
        return "" if place is None else cells[place]

    def _name(self, cells: list) -> str:
        """The unit's, as it may be said again."""
        cell = self._cell(cells, "institution")
        if (known := self.names.get(cell)) is None:
            known = self.names[cell] = _shown(self._text(cell))
        return known

    def _says(self, cell) -> bool:
        return bool(cell.strip()) if isinstance(cell, str) else True

    def _text(self, cell) -> str:
        if isinstance(cell, str):
            if self.sheet.guarded and cell[:1] == "'" and GUARDED.match(cell):
                cell = cell[1:]
            return cell.strip()
        if isinstance(cell, Decimal):
            return f"{cell.normalize():f}".replace(".", ",")
        return "" if isinstance(cell, Unusable) else as_text(cell)

    def _value(self, row: Row, cells: list, name: str, *, needed: str = ""):
        """What a cell means; None where it is empty, or wrong, which is then said."""
        if (place := self.at.get(name)) is None:
            value, wrong = None, ""
        else:
            cell, understood = cells[place], self.understood[name]
            if (known := understood.get(cell)) is None:
                known = understood[cell] = self._understand(name, cell)
            value, wrong = known
        if wrong:
            self._wrong(row, name, wrong)
        elif value is None and needed:
            self._wrong(row, name, needed)
        return value

    def _understand(self, name: str, cell) -> tuple[Any, str]:
        if isinstance(cell, Unusable):
            return None, cell.why
        if not self._says(cell):
            return None, ""
        try:
            typed = cell if isinstance(cell, date) else self._text(cell)
            if isinstance(cell, str):
                check_text(typed)
            if isinstance(cell, Decimal) and name in ("first_day", "last_day"):
                raise ValueError(
                    f"{typed} er et tal og ikke en dato. Vælg et datoformat for cellen, eller skriv "
                    "datoen, for eksempel 24-12-2026."
                )
            if isinstance(cell, date) and name not in ("first_day", "last_day"):
                raise ValueError("Cellen indeholder en dato. Vælg formatet »Tekst« eller »Tal«, og skriv den igen.")
            return self.understand[name](typed), ""
        except ValidationError as refusal:
            return None, refusal.messages[0]
        except ValueError as error:
            return None, str(error)

    def _long_text(self, row: Row, cells: list, name: str, most: int) -> str:
        cell = self._cell(cells, name)
        if isinstance(cell, Unusable):
            self._wrong(row, name, cell.why)
        text = self._text(cell) if cell else ""
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > most:
            self._wrong(
                row, name, f"Teksten er på {number(len(text))} tegn. Der er plads til {number(most)}. Gør den kortere."
            )
        return text

    def _check_free_texts(self, row: Row, cells: list) -> None:
        """No CPR numbers, and no characters that nobody typed, in any column, used or not. What is said again and
        again is checked as it is understood."""
        for place in self.free:
            if cells[place]:
                try:
                    check_text(cells[place] if isinstance(cells[place], str) else self._text(cells[place]))
                except ValidationError as refusal:
                    heading = self.sheet.headings[place] or f"Kolonne {place + 1}"
                    row.errors.append(f"{heading}: {refusal.messages[0]}")

    def _wrong(self, row: Row, name: str, why: str) -> None:
        row.errors.append(f"{self.headings.get(name, HEADINGS[name])}: {why}")

    def _one_of(self, words, choices) -> Callable[[str], str]:
        def understand(typed: str) -> str:
            if (value := words.get(folded(typed))) is None:
                offered = ", ".join(f"»{each}«" for each in choices.labels)
                raise ValueError(f"»{_shown(typed)}« kan ikke bruges her. Skriv {offered}.")
            return value

        return understand

    def _measures(self, typed: str) -> list[str]:
        understand = self._one_of(columns.MEASURES, Closure.Measure)
        found = {understand(each) for each in re.split(r"[,\n]", typed) if each.strip()}
        return [each for each in Closure.Measure.values if each in found]


def _shown(typed: str) -> str:
    """What was typed, as far as it may be said again."""
    return CPR_NUMBER.sub("…", UNREADABLE.sub("…", typed))[:80]


def _day(typed: str | date) -> date | None:
    return DanishDateField(required=False).to_python(typed)


def _last_day(typed: str | date) -> date | str | None:
    if isinstance(typed, str) and folded(typed) == columns.OPEN_ENDED:
        return columns.OPEN_ENDED
    return _day(typed)


def _half_days(typed: str) -> int:
    days = DanishDecimalField(required=False, max_digits=9).clean(typed)  # so many half-days, a column can hold
    if days < 0 or days * 2 % 1:  # 0 is what a closure counts that was withdrawn, or taken out
        raise ValueError(f"»{_shown(typed)}« er ikke et antal hele og halve dage. Skriv for eksempel 4,5.")
    return int(days * 2)


def _year(typed: str) -> int:
    if not re.fullmatch(r"20\d\d", typed, re.ASCII) or int(typed) < SIKKER_BY_BEGAN.year:
        raise ValueError(f"»{_shown(typed)}« er ikke et årstal fra 2010 og frem. Skriv for eksempel 2012.")
    return int(typed)


def _month(typed: str) -> int:
    if (value := columns.MONTH_NUMBERS.get(folded(typed).rstrip("."))) is None:
        raise ValueError(f"»{_shown(typed)}« er ikke en måned. Skriv for eksempel maj, eller lad cellen være tom.")
    return value


def _units(typed: str) -> int:
    if not WHOLE_NUMBER.fullmatch(typed):
        raise ValueError(f"»{_shown(typed)}« er ikke et antal. Skriv et helt tal, eller lad cellen være tom.")
    return int(typed.replace(".", ""))


class _Institutions:
    """The institutions by name, without regard to case."""

    def __init__(self):
        self.exact = dict(Institution.objects.order_by("pk").values_list("name", "pk"))
        self.alike: dict[str, list[str]] = {}
        for name in self.exact:
            self.alike.setdefault(folded(name), []).append(name)
        self.looked_for = 0

    def find(self, typed: str) -> int:
        if (pk := self.exact.get(typed)) is not None:
            return pk
        match self.alike.get(folded(typed), ()):
            case [name]:
                return self.exact[name]
            case [_, *_] as names:
                raise ValueError(f"Der er flere institutioner med det navn: {', '.join(names)}. Skriv det nøjagtigt.")
        if typed.startswith(EXAMPLE.partition(":")[0] + ":"):
            raise ValueError("Rækken er skabelonens eksempel. Slet rækken.")
        self.looked_for += 1
        near = difflib.get_close_matches(folded(typed), self.alike, 1, 0.6) if self.looked_for <= SUGGESTED else []
        suggestion = f" Mener du »{self.alike[near[0]][0]}«?" if near else ""
        raise ValueError(
            f"Der er ingen institution, der hedder »{_shown(typed)}«.{suggestion} Ret navnet, eller opret "
            "institutionen først."
        )
