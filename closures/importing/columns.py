"""What a sheet of closures may say: its columns by the headings that our own exports print, and by others that mean
the same; and the template to fill in."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from sikkerby.templatetags.danish import MONTHS

from ..models import Closure, Institution, Kind

EXAMPLE = "Eksempel: Skolen ved Søen"


@dataclass(frozen=True, kw_only=True)
class Known:
    """A column that is understood. One without an explanation is of our exports alone, and not in the template."""

    field: str
    heading: str
    also: tuple[str, ...] = ()
    about: str = ""
    example: str = ""


COLUMNS = (
    Known(field="number", heading="Nummer", also=("Lukningsnummer", "LUK-nummer")),
    Known(
        field="institution",
        heading="Institution",
        also=("Institutionens navn", "Institutionsnavn", "Enhed", "Navn", "Sted"),
        about="Navnet, som det står i Sikker By. Skal udfyldes, medmindre det er en total for hele byen.",
        example=EXAMPLE,
    ),
    Known(
        field="kind",
        heading="Art",
        also=("Lukningens art", "Lukningstype", "Slags"),
        about="»driftsforstyrrelse« eller »lukning med et pædagogisk formål«. Skal udfyldes. »ikke opdelt« kan kun "
        "bruges om tiden før 2013.",
        example="driftsforstyrrelse",
    ),
    Known(
        field="scope",
        heading="Hvor var uroen",
        also=("Uroens sted", "Omfang"),
        about="»uro i området« eller »uro på institutionen«. Må være tom.",
        example="uro i området",
    ),
    Known(
        field="first_day",
        heading="Første dag",
        also=("Fra", "Fra dato", "Startdato", "Start", "Dato", "Lukket fra"),
        about="En dato, for eksempel 24-12-2026. Tom i en række, der er en total uden datoer.",
        example="02-03-2026",
    ),
    Known(
        field="first_part",
        heading="Den første dag var der lukket",
        also=("Første dag lukket",),
        about="»hele dagen« eller »kun sidste del«. Tom betyder hele dagen.",
        example="kun sidste del",
    ),
    Known(
        field="last_day",
        heading="Sidste dag",
        also=("Til", "Til dato", "Slutdato", "Slut", "Lukket til"),
        about="En dato, eller »indtil videre«, hvis der stadig er lukket.",
        example="04-03-2026",
    ),
    Known(
        field="last_part",
        heading="Den sidste dag var der lukket",
        also=("Sidste dag lukket",),
        about="»hele dagen« eller »kun første del«. Tom betyder hele dagen.",
        example="hele dagen",
    ),
    Known(
        field="cause",
        heading="Årsag",
        also=("Grund",),
        about="»uro«, »trusler eller vold«, »brand eller hærværk«, »politiaktion eller afspærring« eller »andet«. "
        "Må være tom.",
        example="uro",
    ),
    Known(
        field="measures",
        heading="Hvad I gjorde",
        also=("Hvad der blev gjort", "Handlinger"),
        about="Et eller flere med komma imellem: »politiet underrettet«, »SSP underrettet«, »forældre eller brugere "
        "underrettet«, »tilbud et andet sted«. Må være tom.",
        example="politiet underrettet, SSP underrettet",
    ),
    Known(
        field="reference",
        heading="Reference",
        also=("Sagsnummer", "Journalnummer"),
        about="Nummeret i MainManager eller på en anmeldelse. Højst 100 tegn. Må være tom.",
    ),
    Known(
        field="account",
        heading="Hvad der skete",
        also=("Beskrivelse", "Bemærkning", "Bemærkninger", "Noter"),
        about="Skriv ikke navne eller kendetegn. Højst 20.000 tegn. Må være tom.",
    ),
    Known(
        field="status",
        heading="Status",
        about="»afventer gennemgang« eller »gennemgået«. Tom betyder det, der vælges, når arket indlæses.",
    ),
    Known(
        field="days",
        heading="Ikke-planlagte lukkedage",
        also=("Dage", "Antal dage", "Lukkedage", "Antal lukkedage"),
        about="Antal hele og halve dage, for eksempel 4,5. Skal udfyldes i en total uden datoer. Ellers tæller Sikker "
        "By selv dagene.",
    ),
    Known(
        field="year",
        heading="År",
        also=("Årstal",),
        about="Kun i en total uden datoer: det år, totalen gælder, for eksempel 2012.",
    ),
    Known(
        field="month",
        heading="Måned",
        about="Kun i en total uden datoer: måneden, for eksempel »maj«. Tom, hvis totalen gælder hele året.",
    ),
    Known(
        field="units",
        heading="Antal institutioner",
        also=("Antal enheder",),
        about="Kun i en total for hele byen: hvor mange institutioner der havde lukninger. Tom, hvis det er ukendt.",
    ),
    Known(
        field="source",
        heading="Kilde",
        about="Kun i en total uden datoer: hvor tallet står. Skal udfyldes.",
    ),
    # What our exports print besides, of the institution or counted: read over in silence.
    Known(field="", heading="Type"),
    Known(field="", heading="Forvaltning"),
    Known(field="", heading="Bydel"),
    Known(field="", heading="Indberettet som"),
    Known(field="", heading="Hændelse"),
)
HEADINGS = {each.field: each.heading for each in COLUMNS if each.field}


def folded(text: str) -> str:
    """A text as it is compared: without regard to case, and to how many spaces are between words."""
    return " ".join(text.split()).casefold()


_FIELD_OF = {folded(name): each.field for each in COLUMNS for name in (each.heading, *each.also)}


def field_of(heading: str) -> str | None:
    """The field that a heading means; empty for one that is read over, None for one that is not understood."""
    return _FIELD_OF.get(folded(heading).rstrip(":*? "))


def _missing(fields: set[str], needed: Iterable[str]) -> list[str]:
    return [HEADINGS[each] for each in needed if each not in fields]


def missing_columns(fields: set[str]) -> list[str]:
    """The headings a sheet lacks: for closures by their days, or else for totals without dates."""
    days = _missing(fields, ("institution", "kind", "first_day", "last_day"))
    totals = _missing(fields, ("year", "kind", "days", "source"))
    return [] if not totals else totals if "year" in fields and "first_day" not in fields else days


# --- What a cell may say, by its words ----------------------------------------------------------------------------


def _words(choices: Iterable[tuple[str, str]], **also: Iterable[str]) -> Mapping[str, str]:
    words = {folded(label): value for value, label in choices}
    for value, others in also.items():
        words |= {folded(each): value for each in others}
    return words


KINDS = _words(
    Kind.choices,
    disruption=("driftsforstyrrelser", "forstyrrelse", "uro eller krise"),
    pedagogical=("pædagogisk", "pædagogisk formål", "pædagogisk lukning", "lukning med pædagogisk formål"),
    undistinguished=("ukendt", "uopdelt"),
)
SCOPES = _words(Closure.Scope.choices, area=("området", "i området"), institution=("institutionen", "på institutionen"))
CAUSES = _words(
    Closure.Cause.choices, violence=("trusler", "vold"), fire=("brand", "hærværk"), police=("politiaktion",)
)
FIRST_PARTS = _words(
    Closure.FirstPart.choices,
    whole=("hele", "hel dag", "hel"),
    last=("kun sidste del", "sidste del", "lukkede før tid", "eftermiddag"),
)
LAST_PARTS = _words(
    Closure.LastPart.choices,
    whole=("hele", "hel dag", "hel"),
    first=("kun første del", "første del", "åbnede senere", "formiddag"),
)
MEASURES = _words(
    Closure.Measure.choices,
    police=("politiet", "politi"),
    ssp=("ssp",),
    parents=("forældre", "brugere", "forældre underrettet"),
    other_place=("andet sted",),
)
STATUSES = _words(Closure.Status.choices)
OPEN_ENDED = "indtil videre"
MONTH_NUMBERS = {
    **{name: number for number, name in enumerate(MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(MONTHS, 1)},
    **{str(number): number for number in range(1, 13)},
    **{f"{number:02}": number for number in range(1, 13)},
}


# --- The template -------------------------------------------------------------------------------------------------

_OFFERED = [each for each in COLUMNS if each.about]
EXPLAINED = (
    "Én række for hver lukning. Kolonnerne må stå i enhver rækkefølge. Slet eksemplet, før arket indlæses. "
    "Kendes dagene ikke, så lad datoerne stå tomme, og udfyld År, Ikke-planlagte lukkedage og Kilde."
)


def template_csv() -> bytes:
    """As our exports: semicolons and BOM. The explanation is the first line, which is read over."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([EXPLAINED])
    writer.writerow([each.heading for each in _OFFERED])
    writer.writerow([each.example for each in _OFFERED])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def template_xlsx(institutions: Iterable[Institution]) -> bytes:
    """The sheet to fill in, what its columns mean, and the names of the institutions."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Lukninger"
    sheet.append([each.heading for each in _OFFERED])
    sheet.append([each.example for each in _OFFERED])
    sheet.freeze_panes = "A2"
    guide = book.create_sheet("Vejledning")
    guide.append([EXPLAINED])
    guide.append(["Kolonne", "Hvad der skal stå"])
    for each in _OFFERED:
        guide.append([each.heading, each.about])
    names = book.create_sheet("Institutioner")
    names.append(["Institution", "Type", "Forvaltning"])
    for institution in institutions:
        names.append([institution.name, institution.get_kind_display(), institution.administration.name])
    for page, widths in ((sheet, [32] + [18] * (len(_OFFERED) - 1)), (guide, [32, 90]), (names, [40, 30, 40])):
        for number, width in enumerate(widths):
            page.column_dimensions[chr(ord("A") + number)].width = width
        for cell in page[2 if page is guide else 1]:
            cell.font = Font(bold=True)
    for row in guide.iter_rows(min_row=3):
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    for row in names.iter_rows(min_row=2):
        for cell in row:
            cell.data_type = "s"  # a name that begins with = is no formula
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
