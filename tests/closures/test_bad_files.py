"""Files that are no sheet of closures, or a wrong or a hostile one: each is answered in Danish with what to do, changes
nothing in the register, and costs the server little."""

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime
from datetime import time as clock

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from closures.models import Import, ReportedTotal
from sikkerby.models import StoredFile
from tests.factories import make_closure

pytestmark = pytest.mark.django_db
NOW = "2026-11-18 10:00 +0100"
HEADINGS = ["Institution", "Art", "Første dag", "Sidste dag"]
GOOD = ["Skolen ved Søen", "driftsforstyrrelse", "02-11-2026", "03-11-2026"]
KEPT = {
    "Import",
    "ImportEvent",
    "Events",
    "MiddlewareEvents",
    "StoredFile",
    "Submission",
    "Session",
}  # what is kept of a sheet that was sent


@pytest.fixture
def office(client, cast):
    with time_machine.travel(NOW, tick=False):
        client.force_login(cast.office)
        client.cast = cast
        yield client


def send(office, content: bytes, name: str = "lukninger.xlsx"):
    """The answer, and where the file was taken, the page it led to."""
    form = office.get(reverse("closures:imports")).context["form"]
    sent = {"file": SimpleUploadedFile(name, content), "key": str(form["key"].value())}
    return office.post(reverse("closures:imports"), sent, follow=True)


def register() -> dict[str, int]:
    return {each.__name__: each.objects.count() for each in apps.get_models() if each.__name__ not in KEPT}


# --- Made here ----------------------------------------------------------------------------------------------------


def lines(*rows: list, headings: list = HEADINGS, by: str = ";") -> bytes:
    return "\r\n".join(by.join(row) for row in [headings, *rows]).encode()


def book(*rows: list, headings: list = HEADINGS, change=None) -> bytes:
    """An XLSX as people make them; `change` does something to its sheet."""
    made = Workbook()
    sheet = made.active
    for row in [headings, *rows]:
        sheet.append(row)
    if change:
        change(sheet)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def packed(parts: dict[str, bytes | str], into: bytes | None = None) -> bytes:
    """A ZIP of these parts, instead of those of another."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if into:
            with zipfile.ZipFile(io.BytesIO(into)) as old:
                for name in old.namelist():
                    if name not in parts:
                        archive.writestr(name, old.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(data: str, *, declared: str = "", after: str = "") -> bytes:
    """An XLSX whose sheet is written by hand."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return packed({SHEET: f"{declared}<worksheet {main}><sheetData>{data}</sheetData>{after}</worksheet>"}, book(GOOD))


def row(number: int, cells: list[str]) -> str:
    written = "".join(f'<c t="inlineStr"><is><t>{each}</t></is></c>' for each in cells)
    return f'<row r="{number}">{written}</row>'


HEAD, FIRST = row(1, HEADINGS), row(2, GOOD)


def encrypted() -> bytes:
    content = bytearray(book(GOOD))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def cell(place: str, value):
    def change(sheet):
        sheet[place] = value

    return change


def merged(sheet):
    sheet.merge_cells("A2:A3")


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

# What is no sheet of closures: refused before anything is stored.
NO_SHEET = {
    "empty": (b"", "Filen er tom"),
    "only a BOM": (b"\xef\xbb\xbf\r\n\r\n", "Filen er tom"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "Filen er en PDF-fil"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "Filen er et billede"),
    "an old .xls, or one with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "adgangskode"),
    "gzip": (b"\x1f\x8b\x08\0" + b"x" * 50, "Pak den ud"),
    "a web page named .xls": (b"<html><table><tr><td>Institution</td></tr></table>", "webside"),
    "XML": (b'<?xml version="1.0"?><rows/>', "webside eller XML"),
    "not text in any encoding": (b"Institution;Art\x81\x8d\x8f\x90\r\n" * 20, "tegn kan ikke læses"),
    "half of UTF-16": ("Institution;Art".encode("utf-16") + b"\0", "tegn kan ikke læses"),
    "no headings": (lines(GOOD, headings=GOOD), "ingen række med kolonneoverskrifter".removeprefix("ingen ")),
    "headings further down than anyone looks": (
        lines(*[["noget", "andet"]] * 12, HEADINGS, headings=["a", "b"]),
        "kolonneoverskrifter",
    ),
    "a column is missing": (lines(GOOD[:3], headings=HEADINGS[:3]), "Arket mangler kolonnen Sidste dag"),
    "columns of a total are missing": (lines(["2012", "4,5"], headings=["År", "Dage"]), "Art, Kilde"),
    "two columns that mean the same": (
        lines([*GOOD, "02-11-2026"], headings=[*HEADINGS, "Startdato"]),
        "»Første dag« og »Startdato«",
    ),
    "a quotation mark that is never closed": (lines(['"Skolen', *GOOD[1:]]), "anførselstegn"),
    "a quotation mark that is closed too early": (lines(['"Skolen" ved Søen', *GOOD[1:]]), "Række 2 kan ikke læses"),
    "a cell of 200,000 characters": (lines([*GOOD[:3], "x" * 200_000]), "en tekst er for lang"),
    "300 columns": (lines([*GOOD, *["x"] * 300]), "mere end 200 celler"),
    "a million empty rows": (lines(GOOD) + b"\r\n" * 1_000_000, "mere end 1.000 tomme rækker"),
    "a million rows of separators": (lines(GOOD) + b"\r\n;;;" * 1_000_000, "mere end 1.000 tomme rækker"),
    "a ZIP of something else": (packed({"lukninger.csv": lines(GOOD)}), "pakket fil (ZIP)"),
    "a broken ZIP": (book(GOOD)[:-200], "beskadiget"),
    "a ZIP with a broken sheet": (packed({SHEET: "<worksheet><sheetData><row"}, book(GOOD)), "beskadiget"),
    "a Word document": (packed({"word/document.xml": "<w/>"}), "Word-dokument"),
    "an .ods": (packed({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}), ".ods"),
    "an .xlsb": (packed({"xl/workbook.bin": b"\0"}, book(GOOD)), ".xlsb"),
    "encrypted in the ZIP": (encrypted(), "adgangskode"),
    "macros": (packed({"xl/vbaProject.bin": b"\0" * 100}, book(GOOD)), "makroer"),
    "a type that can hold macros": (
        packed(
            {
                "[Content_Types].xml": '<Types><Override PartName="/xl/workbook.xml" '
                'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
            },
            book(GOOD),
        ),
        "makroer",
    ),
    "links to other files": (packed({"xl/externalLinks/externalLink1.xml": "<x/>"}, book(GOOD)), "eksterne kæder"),
    "a connection to a database": (packed({"xl/connections.xml": "<connections/>"}, book(GOOD)), "eksterne kæder"),
    "entities that grow": (with_sheet(HEAD, declared=BILLION), "XML-definitioner"),
    "an entity from elsewhere": (with_sheet(HEAD, declared=OUTSIDE), "XML-definitioner"),
    "a bomb": (packed({"xl/media/image1.png": b"\0" * 60_000_000}, book(GOOD)), "fylder alt for meget"),
    "a bomb in its texts": (
        packed({"xl/sharedStrings.xml": "<sst>" + "<si><t>abc</t></si>" * 3_400_000 + "</sst>"}, book(GOOD)),
        "fylder alt for meget",
    ),
    "a million rows without cells": (
        with_sheet(HEAD + FIRST + "".join(f'<row r="{each}"/>' for each in range(3, 1_000_003))),
        "mere end 1.000 tomme rækker",
    ),
    "one row at the bottom of the sheet": (with_sheet(HEAD + FIRST + row(1_048_576, GOOD)), "tomme rækker"),
    "a row of 10,000 cells": (with_sheet(HEAD + row(2, ["x"] * 10_000)), "mere end 200 celler"),
    "rows in disorder": (with_sheet(row(5, HEADINGS) + row(2, GOOD)), "beskadiget"),
    "a text that is not there": (with_sheet(HEAD + '<row r="2"><c t="s"><v>999999</v></c></row>'), "beskadiget"),
    "merged cells": (book(GOOD, GOOD, change=merged), "flettede celler (A2:A3)"),
    "no sheet that can be seen": (
        packed({"xl/workbook.xml": "<workbook><sheets/></workbook>"}, book(GOOD)),
        "intet ark i filen",
    ),
}

# What is a sheet, with a row that is wrong: the row, the column, and the remedy are named, and nothing can be saved.
FULL = [
    "Institution",
    "Art",
    "Første dag",
    "Sidste dag",
    "Den første dag var der lukket",
    "Den sidste dag var der lukket",
]
TOTAL = ["Institution", "Art", "År", "Måned", "Dage", "Kilde", "Første dag", "Sidste dag"]
NUMBERED = ["Nummer", *HEADINGS]


def told(*cells: str, headings: list = HEADINGS) -> bytes:
    return lines([*cells], headings=headings)


BAD_ROWS = {
    "no such institution": (told("Skolen ved Søn", *GOOD[1:]), "Institution: Der er ingen institution, der hedder"),
    "… and the one it is like": (told("Skolen ved Søn", *GOOD[1:]), "Mener du »Skolen ved Søen«?"),
    "the template's example": (told("Eksempel: Skolen ved Søen", *GOOD[1:]), "skabelonens eksempel. Slet rækken"),
    "no institution": (told("", *GOOD[1:]), "Institution: Skriv institutionens navn"),
    "no such kind": (told(GOOD[0], "sommerferie", *GOOD[2:]), "Art: »sommerferie« kan ikke bruges her"),
    "no kind": (told(GOOD[0], "", *GOOD[2:]), "Art: Skriv, om det var"),
    "not divided after 2012": (told(GOOD[0], "ikke opdelt", *GOOD[2:]), "Fra 2013 er lukninger opdelt"),
    "a day that is none": (told(*GOOD[:2], "31-02-2026", GOOD[3]), "»31-02-2026« er ikke en dato, der findes"),
    "an American date": (told(*GOOD[:2], "11/23/2026", GOOD[3]), "er ikke en dato, der findes"),
    "no first day": (told(*GOOD[:2], "", GOOD[3]), "Første dag: Skriv datoen"),
    "no last day": (told(*GOOD[:3], ""), "eller skriv »indtil videre«"),
    "days in the wrong order": (told(*GOOD[:2], "03-11-2026", "02-11-2026"), "ligger før første dag"),
    "too far ahead": (told(*GOOD[:3], "24-12-2026"), "højst registreres 14 dage frem"),
    "before the programme": (told(*GOOD[:2], "02-11-2009", "02-11-2009"), "begyndte i 2010"),
    "the year 2926": (told(*GOOD[:2], "02-11-2926", GOOD[3]), "Årstallet skal ligge mellem"),
    "nothing to count": (told(*GOOD[:2], "07-11-2026", "08-11-2026"), "skulle ikke have haft åbent"),
    "closed early and opened late on one day": (
        told(*GOOD[:2], "02-11-2026", "02-11-2026", "sidste del", "første del", headings=FULL),
        "kan ikke være samme dag",
    ),
    "a CPR number": (told(*GOOD, "Ring til 010203-1234", headings=[*HEADINGS, "Noter"]), "Noter: Teksten ser ud til"),
    "a CPR number in a column nobody asked for": (
        told(*GOOD, "0102031234", headings=[*HEADINGS, "Løbenummer"]),
        "Løbenummer: Teksten ser ud til at indeholde et CPR-nummer",
    ),
    "NUL": (told("Skolen\0 ved Søen", *GOOD[1:]), "tegn, der ikke kan læses"),
    "a reference that is too long": (told(*GOOD, "x" * 101, headings=[*HEADINGS, "Reference"]), "plads til 100"),
    "an account that is too long": (
        told(*GOOD, "x" * 20_001, headings=[*HEADINGS, "Hvad der skete"]),
        "Hvad der skete: Teksten er på 20.001 tegn",
    ),
    "more cells than columns": (told(*GOOD, "mere"), "flere celler, end der er kolonner"),
    "a status that a new row cannot have": (
        told(*GOOD, "trukket tilbage", headings=[*HEADINGS, "Status"]),
        "ikke som »trukket tilbage«",
    ),
    "reviewed, and still closed": (
        told(*GOOD[:3], "indtil videre", "gennemgået", headings=[*HEADINGS, "Status"]),
        "En lukning indtil videre kan ikke være gennemgået",
    ),
    "no such measure": (told(*GOOD, "vi sang", headings=[*HEADINGS, "Hvad I gjorde"]), "»vi sang« kan ikke bruges"),
    "a number that no closure has": (told("LUK-2026-999", *GOOD, headings=NUMBERED), "ingen lukning med nummeret"),
    "what is no number": (told("nummer 7", *GOOD, headings=NUMBERED), "er ikke et nummer som LUK-2026-42"),
    "the same row twice": (lines(GOOD, GOOD), "Rækken er den samme som række 2"),
    "rows that overlap": (lines(GOOD, [*GOOD[:2], "03-11-2026", "04-11-2026"]), "overlapper række 2: tirsdag den 3."),
    "two that are still closed": (
        lines([*GOOD[:3], "indtil videre"], [*GOOD[:2], "16-11-2026", "indtil videre"]),
        "overlapper række 2",
    ),
    "what the register has already": (
        told("Biblioteket", GOOD[1], "05-11-2026", "06-11-2026"),
        "Dagene er allerede registreret som LUK-2026-",
    ),
    "a total without a source": (
        told("", "ikke opdelt", "2012", "", "4,5", "", "", "", headings=TOTAL),
        "Kilde: Skriv",
    ),
    "a total in quarters": (
        told("", "ikke opdelt", "2012", "", "4,25", "Notat", "", "", headings=TOTAL),
        "»4,25« er ikke",
    ),
    "a total that no column holds": (
        told("", "ikke opdelt", "2012", "", "9.999.999.999", "Notat", "", "", headings=TOTAL),
        "9 cifre",
    ),
    "a total with a full stop": (
        told("", "ikke opdelt", "2012", "", "4.5", "N", "", "", headings=TOTAL),
        "komma foran",
    ),
    "a total of 1999": (told("", "ikke opdelt", "1999", "", "4,5", "N", "", "", headings=TOTAL), "fra 2010 og frem"),
    "a total of no month": (told("", "ikke opdelt", "2012", "13", "4,5", "N", "", "", headings=TOTAL), "ikke en måned"),
    "a total beside its own part": (
        lines(
            ["", "ikke opdelt", "2012", "", "4,5", "N", "", ""],
            ["", "ikke opdelt", "2012", "maj", "4,5", "N", "", ""],
            headings=TOTAL,
        ),
        "ville tælle to gange",
    ),
    "a day of a year that is a total": (
        told("Skolen ved Søen", "driftsforstyrrelse", "06-05-2013", "06-05-2013"),
        "2013 er opgjort som en total uden datoer",
    ),
    "a total of days that are known": (
        told("", "driftsforstyrrelse", "2026", "", "4,5", "N", "", "", headings=TOTAL),
        "allerede lukninger med datoer",
    ),
    "a formula": (book(GOOD, change=cell("D2", "=C2+1")), "Sidste dag: Cellen indeholder en formel"),
    "an error": (book(GOOD, change=cell("A2", "#REF!")), "Institution: Cellen har en fejl (#REF!)"),
    "true": (book(GOOD, change=cell("B2", True)), "Art: Cellen indeholder SAND eller FALSK"),
    "a number for a date": (book([*GOOD[:2], 46328, GOOD[3]]), "46328 er et tal og ikke en dato"),
    "a date with a clock": (book([*GOOD[:2], datetime(2026, 11, 2, 8, 30), GOOD[3]]), "klokkeslæt"),  # noqa: DTZ001
    "a clock": (book([*GOOD[:2], clock(8, 30), GOOD[3]]), "klokkeslæt"),
    "a date for a name": (book([date(2026, 11, 2), *GOOD[1:]]), "Institution: Cellen indeholder en dato"),
}


def test_there_are_enough_of_them():
    assert len(NO_SHEET) + len(BAD_ROWS) >= 80


@pytest.mark.parametrize("case", NO_SHEET)
def test_what_is_no_sheet_is_refused_before_anything_is_stored(office, case):
    content, why = NO_SHEET[case]
    before = register()
    response = send(office, content)
    assert response.status_code == 422
    assert why in " ".join(response.context["form"].errors["file"])
    assert register() == before
    assert not Import.objects.exists()
    assert not StoredFile.objects.exists()
    assert office.get(reverse("closures:imports")).status_code == 200


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_wrong_row_is_named_with_its_column_and_the_remedy_and_nothing_is_saved(office, case):
    make_closure(institution=office.cast.library, first_day=date(2026, 11, 5), by=office.cast.office)
    ReportedTotal.objects.create(year=2013, kind="disruption", half_days=9, source="Notat")
    content, why = BAD_ROWS[case]
    before = register()
    response = send(office, content, "lukninger.xlsx" if content.startswith(b"PK") else "lukninger.csv")
    sent = Import.objects.get()
    assert sent.status == "refused"
    said = [message for row in response.context["page"].items for message in row.said]
    assert any(why in message for message in said), said
    assert response.context["page"].items[0].row in (2, 3)
    assert office.post(reverse("closures:import_save", args=[sent.pk])).status_code == 409
    assert register() == before
    assert "010203" not in response.content.decode()


@pytest.mark.parametrize(
    "case", ["a bomb", "a bomb in its texts", "a million rows without cells", "a million empty rows"]
)
def test_a_hostile_file_costs_little(office, case):
    content, _ = NO_SHEET[case]
    tracemalloc.start()
    began = time.perf_counter()
    send(office, content)
    seconds, (_, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len(content) * 6 + 30_000_000
    assert seconds < 10


def test_a_file_of_more_than_20_mb_is_refused_by_its_size(office):
    response = send(office, lines(GOOD) + b"\r\n" + b"x" * StoredFile.LARGEST)
    assert "Filen fylder 20,0 MB. Den må højst fylde 20,0 MB" in response.context["form"].errors["file"][0]


def test_no_file_is_said_at_the_field(office):
    form = office.get(reverse("closures:imports")).context["form"]
    response = office.post(reverse("closures:imports"), {"key": str(form["key"].value())})
    assert response.context["form"].errors["file"] == ["Vælg den fil, som lukningerne står i."]


def test_a_name_with_a_cpr_number_is_refused_before_anything_is_stored(office):
    """It would stand in the story of each closure, where leaders read it."""
    response = send(office, lines(GOOD), "uro 010203-1234.csv")
    assert "Filens navn: Teksten ser ud til at indeholde et CPR-nummer." in response.context["form"].errors["file"][0]
    assert not StoredFile.objects.exists()
    assert send(office, lines(GOOD), "uro 2026.csv").status_code == 200
    assert Import.objects.get().status == "ready"
