"""Promises in what is written under "Videre proces": phrases such as "forelægges udvalget i januar 2014" are suggested
as follow-ups, with the approximate date that they say. The writer accepts them or not."""

import re
from dataclasses import dataclass
from datetime import date

from sikkerby.models import Precision
from sikkerby.templatetags.danish import MONTHS, approximate

LONGEST = 300  # characters of a promise

# What makes a sentence a promise to a committee: that something comes to it, or is done and told.
PROMISES = re.compile(
    r"\b(forelægges|forelagt|fremlægges|fremlagt|præsenteres|orienteres|orientering|følges op|følger op|opfølgning\w*|"
    r"opgøres|opgørelse\w*|evalueres|evaluering\w*|afrapporter\w*|rapporteres|vender tilbage|drøftes|behandles|"
    r"(?:får|modtager|sendes|udarbejdes|afleveres|gennemføres|revideres|redegøres)\b)",
    re.IGNORECASE,
)
SEASON_MONTH = {"vinter": 1, "forår": 4, "sommer": 7, "efterår": 10}
ORDINALS = {"første": 1, "1": 1, "andet": 2, "anden": 2, "2": 2, "tredje": 3, "3": 3, "fjerde": 4, "4": 4}
_MONTH = "|".join(MONTHS)
_YEAR = r"(?P<{0}>20\d\d)"
WHEN = re.compile(
    "|".join(
        (
            rf"(?:den\s+)?(?P<day>\d{{1,2}})\.\s*(?P<day_month>{_MONTH})\s+{_YEAR.format('day_year')}\b",
            r"(?:den\s+)?\b(?P<numbers>\d{1,2}[-./]\d{1,2}[-./]20\d\d)\b",
            rf"\b(?P<half>første|andet|anden|1\.|2\.)\s*(?:halvår|halvdel\s+af)\s+(?:i\s+|af\s+)?{_YEAR.format('half_year')}\b",
            rf"\b(?P<quarter>første|andet|tredje|fjerde|[1-4]\.)\s*kvartal\s+(?:i\s+|af\s+)?{_YEAR.format('quarter_year')}\b",
            rf"\b(?P<season>vinter|forår|sommer|efterår)(?:en|et)?\s+{_YEAR.format('season_year')}\b",
            rf"\b(?P<month>{_MONTH})\s+(?:måned\s+)?{_YEAR.format('month_year')}\b",
            # "lukkedage i 2025" and "opgørelsen for 2025" are about that year, and not due in it.
            r"(?<!lukkedage )(?<!tallene )\b(?:i|inden|ved|med|til)\s+(?:(?:udgangen|slutningen|begyndelsen)\s+af\s+|"
            rf"løbet\s+af\s+|budget\s+)?{_YEAR.format('year')}\b",
        )
    ),
    re.IGNORECASE,
)
# A full stop ends a sentence where a capital follows, but not after the number of a day: "den 3. April", "2. Halvår".
ENDS = re.compile(r"(?<!\b\d)(?<!\b\d\d)[.!?]\s+(?=[A-ZÆØÅ»])|\n")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What seems to be promised, and by when, as it was said."""

    promise: str
    due: date
    precision: Precision

    @property
    def when(self) -> str:
        return approximate(self.due, self.precision)


def suggested_in(text: str, *, on: date) -> list[Suggestion]:
    """The promises in a text of plain words, one for each sentence that says what is to happen and when, on the day of
    the note or later."""
    found = []
    for sentence in ENDS.split(text):
        sentence = " ".join(sentence.split()).strip(" .")
        if not PROMISES.search(sentence):
            continue
        said = [each for each in map(_date, WHEN.finditer(sentence)) if each]
        if said and said[-1][1].last_day(said[-1][0]) >= on:
            due, precision = said[-1]
            found.append(Suggestion(promise=_shortened(sentence), due=due, precision=precision))
    return list(dict.fromkeys(found))


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 2].rsplit(' ', 1)[0]} …"


def _date(said: re.Match) -> tuple[date, Precision] | None:
    """A day in what was said, and how exactly it was said; None where there is no such day."""
    try:
        if said["day"]:
            return date(
                int(said["day_year"]), MONTHS.index(said["day_month"].lower()) + 1, int(said["day"])
            ), Precision.DAY
        if said["numbers"]:
            day, month, year = map(int, re.split("[-./]", said["numbers"]))
            return date(year, month, day), Precision.DAY
        if said["half"]:
            return date(int(said["half_year"]), 6 * _ordinal(said["half"]) - 5, 1), Precision.HALF_YEAR
        if said["quarter"]:
            return date(int(said["quarter_year"]), 3 * _ordinal(said["quarter"]) - 2, 1), Precision.QUARTER
        if said["season"]:
            return date(int(said["season_year"]), SEASON_MONTH[said["season"].lower()], 1), Precision.SEASON
        if said["month"]:
            return date(int(said["month_year"]), MONTHS.index(said["month"].lower()) + 1, 1), Precision.MONTH
        return date(int(said["year"]), 1, 1), Precision.YEAR
    except ValueError:
        return None


def _ordinal(word: str) -> int:
    return ORDINALS[word.lower().rstrip(".")]
