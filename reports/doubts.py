"""What looks wrong in a note and may be right all the same: shown before it is issued, and never in the way."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from sikkerby.templatetags.danish import MONTHS, SEASONS, approximate, short_date

from .gathering import empty_sections
from .prose import plain

# "februar 2013", "den 3. februar 2013", "efteråret 2013", "03-02-2013".
SAID_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\.\s*)?\b(?P<name>{'|'.join((*MONTHS, *(season[:-2] for season in SEASONS)))})(?:et|en)?"
    r"\s+(?P<year>20\d\d)\b|\b(?P<numbers>\d{1,2}[-./]\d{1,2}[-./]20\d\d)\b",
    re.IGNORECASE,
)


def doubts(note, *, on: date) -> list[str]:
    """In Danish, for the one who is about to issue the note."""
    return [
        *_promises_already_past(note),
        *_years_to_come(note),
        *_sections_left_out(note, on),
        *_appendices_without_file(note),
    ]


def _promises_already_past(note) -> Iterator[str]:
    for section in note.sections.filter(kind="process"):
        for said in past_dates(plain(section.html), note.date):
            yield (
                f"Under »{section}« står der »{said}«, men notatet er dateret {short_date(note.date)}. "
                "Er det et løfte, kan det ikke holdes."
            )
    for each in note.promises():
        if each.due and each.due < note.date:
            due = approximate(each.due, each.due_precision)
            yield f"»{each.promise}« er lovet til {due}, og det er før notatets dato."


def _years_to_come(note) -> Iterator[str]:
    for section in note.sections.filter(year__gt=note.date.year):
        yield (
            f"Afsnittet »{section}« skal vise ikke-planlagte lukkedage fra {section.year}, men notatet er dateret "
            f"{short_date(note.date)}."
        )


def past_dates(text: str, day: date) -> list[str]:
    """The dates a text names that had wholly passed on the day, as it names them."""
    return [said[0] for said in SAID_DATE.finditer(text) if (last := _last_day(said)) and last < day]


def _last_day(said: re.Match) -> date | None:
    """The last day that the words can mean; None where there is no such day."""
    try:
        if said["numbers"]:
            day, month, year = map(int, re.split("[-./]", said["numbers"]))
            return date(year, month, day)
        name, year = said["name"].lower(), int(said["year"])
        if name in MONTHS:
            month = MONTHS.index(name) + 1
            return date(year, month, int(said["day"] or monthrange(year, month)[1]))
        month = {"vinter": 2, "forår": 5, "sommer": 8, "efterår": 11}[name]
        return date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None


def _sections_left_out(note, on: date) -> Iterator[str]:
    for section in empty_sections(note, on=on):
        if section.kind == section.Kind.APPENDICES:
            continue  # a note without appendices is an ordinary one
        yield f"Afsnittet »{section}« er tomt og kommer ikke med på papiret."


def _appendices_without_file(note) -> Iterator[str]:
    for appendix in note.appendices.filter(file=None):
        yield f"{appendix} har ingen fil. Det nævnes på papiret, men kan ikke hentes her."
