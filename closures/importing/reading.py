"""A file of rows, whatever it came out of: XLSX or CSV, in any encoding and with any separator that Excel writes.

Nothing in a file is believed. What could make the server work without end is refused before it is parsed, and both
formats are read row by row, so that memory stays bounded whatever was sent. The XLSX reader is our own, because no
library reads a sheet in bounded memory: a bomb of a million empty elements is as small as a letter.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from posixpath import dirname, join, normpath
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from .columns import field_of, missing_columns

MOST_ROWS = 200_000
MOST_CELLS = 200  # of one row
MOST_EMPTY_ROWS = 1000  # in one run
LONGEST_CELL = 100_000  # characters; a text of ours holds 20,000
HEADING_WITHIN = 10  # rows with something in them
UNPACKED = 250_000_000  # bytes of an XLSX altogether
UNPACKED_STRINGS = 60_000_000
UNPACKED_PART = 8_000_000  # of styles, the list of sheets …
PACKED_TIMES = 200  # what no sheet that people made is packed by
OUR_SHEETS = ("lukninger", "liste")

SAVE_AS_XLSX = "Åbn den i Excel, vælg »Gem som« og »Excel-projektmappe (.xlsx)«, og indlæs den nye fil."


class Refused(Exception):
    """The file as a whole cannot be read; why, and what to do, in Danish."""


@dataclass(frozen=True)
class Unusable:
    """A cell that holds something else than a value; what is wrong with it, and the remedy."""

    why: str


Cell = str | Decimal | date | Unusable


@dataclass(kw_only=True)
class Sheet:
    """The rows below the heading, each with the number that Excel shows beside it."""

    fields: list[str | None]  # what the columns mean, from the left; None and empty where they are read over
    headings: list[str]
    rows: Iterator[tuple[int, list[Cell]]]
    guarded: bool  # texts that would be formulas have an apostrophe before them, as our CSV files do
    said: list[str] = field(default_factory=list)  # what whoever sent it should know


def open_sheet(content: bytes) -> Sheet:
    """The file's sheet, its heading found and understood. Refused when it is none."""
    if content.startswith(b"PK\x03\x04"):
        rows, said = _workbook_rows(content)
        guarded = False
    else:
        rows, said = _text_rows(content), []
        guarded = True
    sheet = _below_heading(_bounded(rows), guarded=guarded)
    sheet.said = said + sheet.said
    return sheet


def _bounded(rows: Iterator[tuple[int, list[Cell]]]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that have something in them, as long as there are not too many of them, or too many empty between."""
    last = found = 0
    for number, cells in rows:
        if any(each.strip() if isinstance(each, str) else each is not None for each in cells):
            found += 1
            if found > MOST_ROWS + HEADING_WITHIN:
                raise Refused(f"Arket har mere end {MOST_ROWS:,} rækker. Del det i flere filer.".replace(",", "."))
            yield number, cells
            last = number
        elif number - last > MOST_EMPTY_ROWS:
            raise Refused(
                f"Efter række {last} er der mere end 1.000 tomme rækker. Markér de tomme rækker, vælg »Slet«, "
                "og gem arket igen."
            )


def _below_heading(rows: Iterator[tuple[int, list[Cell]]], *, guarded: bool) -> Sheet:
    for place, (_, cells) in enumerate(rows):
        headings = [each.strip() if isinstance(each, str) else "" for each in cells]
        fields = [field_of(each) if each else None for each in headings]
        if len({each for each in fields if each}) >= 2:
            return _understood(fields, headings, rows, guarded=guarded)
        if place + 1 == HEADING_WITHIN:
            break
    raise Refused(
        "Der blev ikke fundet en række med kolonneoverskrifter. Skriv overskrifterne øverst, for eksempel "
        "Institution, Art, Første dag og Sidste dag, eller brug skabelonen."
    )


def _understood(fields: list, headings: list[str], rows: Iterator, *, guarded: bool) -> Sheet:
    known = [each for each in fields if each]
    if twice := next((each for each in known if known.count(each) > 1), None):
        columns = " og ".join(f"»{head}«" for each, head in zip(fields, headings, strict=True) if each == twice)
        raise Refused(f"To kolonner betyder det samme: {columns}. Slet eller omdøb den ene.")
    if missing := missing_columns(set(known)):
        raise Refused(
            f"Arket mangler {'kolonnen' if len(missing) == 1 else 'kolonnerne'} {', '.join(missing)}. "
            f"Tilføj {'den' if len(missing) == 1 else 'dem'}, eller brug skabelonen."
        )
    ignored = [head for each, head in zip(fields, headings, strict=True) if head and each is None]
    said = (
        [f"Kolonner, der ikke bruges: {', '.join(each[:40] for each in ignored[:20]).rstrip('.')}."] if ignored else []
    )
    return Sheet(fields=fields, headings=headings, rows=rows, guarded=guarded, said=said)


# --- CSV ----------------------------------------------------------------------------------------------------------

DELIMITERS = ";,\t"
LOOKED_AT = 64 * 1024  # bytes, to find out what the file is
KNOWN_BY = (
    (b"\xd0\xcf\x11\xe0", f"Filen er beskyttet med en adgangskode eller er i det gamle format .xls. {SAVE_AS_XLSX}"),
    (b"%PDF", f"Filen er en PDF-fil og ikke et regneark. {SAVE_AS_XLSX}"),
    (b"\x89PNG", "Filen er et billede og ikke et regneark."),
    (b"\xff\xd8\xff", "Filen er et billede og ikke et regneark."),
    (b"GIF8", "Filen er et billede og ikke et regneark."),
    (b"\x1f\x8b", "Filen er pakket (gzip). Pak den ud, og indlæs selve regnearket."),
    (b"7z\xbc\xaf", "Filen er pakket (7z). Pak den ud, og indlæs selve regnearket."),
    (b"Rar!", "Filen er pakket (RAR). Pak den ud, og indlæs selve regnearket."),
    (b"{\\rtf", f"Filen er et tekstdokument og ikke et regneark. {SAVE_AS_XLSX}"),
)
MARKUP = re.compile(r"\s*<(!doctype|html|table|\?xml|meta|head|body)", re.IGNORECASE)


def _text_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file, numbered as Excel numbers its rows."""
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise Refused("Filen er tom. Vælg den fil, som lukningerne står i.")
    for begins, why in KNOWN_BY:
        if content.startswith(begins):
            raise Refused(why)
    encoding = _encoding(content)
    beginning = codecs.getincrementaldecoder(encoding)().decode(content[:LOOKED_AT])
    if MARKUP.match(beginning):
        raise Refused(f"Filen er en webside eller XML, selv om navnet siger noget andet. {SAVE_AS_XLSX}")
    said_by_excel = re.match(r"sep=(.)\r?\n", beginning)
    delimiter = said_by_excel[1] if said_by_excel else _delimiter(beginning)
    return _records(io.TextIOWrapper(io.BytesIO(content), encoding, newline=""), delimiter)


def _encoding(content: bytes) -> str:
    """By its BOM, by how it is built, or Windows-1252, in which Excel saves CSV on a Danish PC."""
    if content.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        beginning = content[:1000]
        zeros = (beginning[::2].count(0), beginning[1::2].count(0))
        encoding = "utf-8"
        if max(zeros) > len(beginning) / 4:  # every other byte of what is mostly ASCII
            encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    for each in (encoding, "cp1252"):
        try:
            for _ in codecs.iterdecode(_slices(content), each):
                pass
            return each
        except UnicodeDecodeError:
            if each != "utf-8":
                break
    raise Refused(
        "Filens tegn kan ikke læses. Åbn den i Excel, vælg »Gem som« og »CSV UTF-8 (kommasepareret)«, og indlæs den "
        "nye fil."
    )


def _slices(content: bytes) -> Iterator[bytes]:
    view = memoryview(content)
    return (bytes(view[start : start + 2**20]) for start in range(0, len(content), 2**20))


def _delimiter(beginning: str) -> str:
    """What parts the columns: with which most headings are understood."""

    def understood(delimiter: str) -> int:
        most = 0
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)):
                if number > HEADING_WITHIN:
                    break
                most = max(most, len({field_of(each) for each in cells} - {None}))
        except csv.Error:
            pass
        return most

    return max(DELIMITERS, key=understood)


def _records(file: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) > MOST_CELLS:
                raise Refused(f"Række {number} har mere end {MOST_CELLS} celler. Slet de kolonner, der ikke bruges.")
            yield number, cells
    except csv.Error as error:
        if "field larger" in str(error):
            why = "en tekst er for lang, eller et anførselstegn mangler. Ret teksten, eller gem filen igen fra Excel."
        else:
            why = "anførselstegnene passer ikke sammen. Gem filen igen fra Excel, så bliver de rigtige."
        raise Refused(f"Række {number + 1} kan ikke læses: {why}") from error


# --- XLSX ---------------------------------------------------------------------------------------------------------


def _workbook_rows(content: bytes) -> tuple[Iterator[tuple[int, list[Cell]]], list[str]]:
    """The rows of the sheet that holds the closures, and which one that is."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        book = _Workbook(archive)
    except (zipfile.BadZipFile, expat.ExpatError, EOFError, NotImplementedError, ValueError, KeyError) as error:
        raise Refused(_DAMAGED) from error
    return book.rows(), book.said


_DAMAGED = f"Filen er beskadiget og kan ikke læses som et regneark. {SAVE_AS_XLSX}"
_ANOTHER_PROGRAM = (
    ("xl/workbook.bin", f"Filen er i formatet .xlsb. {SAVE_AS_XLSX}"),
    ("content.xml", "Filen er i formatet .ods. Åbn den, vælg »Gem som« og .xlsx, og indlæs den nye fil."),
    ("word/document.xml", "Filen er et Word-dokument og ikke et regneark. Sæt tabellen ind i et regneark."),
    ("ppt/presentation.xml", "Filen er en præsentation og ikke et regneark."),
)


def _refuse_unsafe(archive: zipfile.ZipFile) -> None:
    """By the list of what is packed in the file, before any of it is unpacked."""
    parts = archive.infolist()
    names = {each.filename.replace("\\", "/").lstrip("/").lower() for each in parts}
    if any(each.flag_bits & 1 for each in parts):
        raise Refused(f"Filen er beskyttet med en adgangskode. Fjern adgangskoden. {SAVE_AS_XLSX}")
    for name, why in _ANOTHER_PROGRAM:
        if name in names:
            raise Refused(why)
    if any(name.endswith("vbaproject.bin") for name in names) or any("macrosheets/" in name for name in names):
        raise Refused(f"Filen indeholder makroer. {SAVE_AS_XLSX}")
    if any("externallinks/" in name or name.endswith("/connections.xml") for name in names):
        raise Refused(
            "Filen henter tal fra andre filer (eksterne kæder). Kopiér rækkerne, indsæt dem som værdier i et nyt "
            "regneark, og indlæs det."
        )
    packed_hard = any(each.file_size > 2**20 and each.file_size > PACKED_TIMES * each.compress_size for each in parts)
    if len(parts) > 2000 or packed_hard or sum(each.file_size for each in parts) > UNPACKED:
        raise Refused(
            "Filen fylder alt for meget, når den pakkes ud. Kopiér kun rækkerne med lukninger til et nyt regneark, "
            "og indlæs det."
        )


class _Workbook:
    """An XLSX file: which sheet holds the closures, its texts, and which of its numbers are dates."""

    def __init__(self, archive: zipfile.ZipFile):
        _refuse_unsafe(archive)
        self.archive = archive
        self.names = {each.filename.lstrip("/"): each for each in archive.infolist()}
        self.said: list[str] = []
        self.epoch = CALENDAR_WINDOWS_1900
        root = self._relations("")
        path = next((path for kind, path in root.values() if kind.endswith("/officeDocument")), "xl/workbook.xml")
        if path not in self.names:
            raise Refused(f"Filen er en pakket fil (ZIP) og ikke et regneark. {SAVE_AS_XLSX}")
        self._read_content_types()
        relations = self._relations(path)
        by_kind = {kind.rsplit("/", 1)[-1]: path for kind, path in relations.values()}
        self.sheet = self._choose_sheet(path, relations)
        self.dates = self._date_styles(by_kind.get("styles"))
        self.strings = self._shared_strings(by_kind.get("sharedStrings"))

    def _parse(self, path: str | None, start: Callable, *, end=None, text=None, most: int = UNPACKED_PART) -> None:
        if path not in self.names:
            return
        if self.names[path].file_size > most:
            raise Refused(
                "Filen har for mange tekster eller formater. Kopiér kun rækkerne med lukninger til et nyt regneark, "
                "og indlæs det."
            )
        for _ in _parsed(self.archive, self.names[path], start, end, text):
            pass

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """What a part of the file points at: id → kind, path."""
        found: dict[str, tuple[str, str]] = {}

        def start(tag, attributes):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                place = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(path), target))
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), place)

        self._parse(join(dirname(path), "_rels", f"{path.rsplit('/', 1)[-1]}.rels"), start)
        return found

    def _read_content_types(self) -> None:
        def start(tag, attributes):
            if "macroEnabled" in attributes.get("ContentType", ""):
                raise Refused(f"Filen er af en type, der kan indeholde makroer (.xlsm). {SAVE_AS_XLSX}")

        self._parse("[Content_Types].xml", start)

    def _choose_sheet(self, path: str, relations: dict) -> str:
        sheets: list[tuple[str, str]] = []

        def start(tag, attributes):
            if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self.epoch = CALENDAR_MAC_1904
            if tag == "sheet" and attributes.get("state", "visible") == "visible":
                kind, place = relations.get(attributes.get("id", ""), ("", ""))
                if kind.endswith("/worksheet"):
                    sheets.append((attributes.get("name", ""), place))

        self._parse(path, start)
        sheets = [each for each in sheets if each[1] in self.names]
        if not sheets:
            raise Refused(f"Der er intet ark i filen, som kan ses. {SAVE_AS_XLSX}")
        ours = [each for each in sheets if each[0].strip().lower() in OUR_SHEETS]
        name, place = (ours or sheets)[0]
        if len(sheets) > 1:
            self.said.append(f"Filen har {len(sheets)} ark. Kun arket »{name[:40]}« er læst.")
        return place

    def _date_styles(self, path: str | None) -> set[int]:
        """The numbers of the cell styles that show a number as a date or a time."""
        formats, styles, inside = dict(BUILTIN_FORMATS), [], [False]

        def start(tag, attributes):
            if tag == "numFmt":
                formats[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
            elif tag == "cellXfs":
                inside[0] = True
            elif tag == "xf" and inside[0]:
                styles.append(int(attributes.get("numFmtId", 0)))

        def end(tag):
            if tag == "cellXfs":
                inside[0] = False

        self._parse(path, start, end=end)
        return {number for number, each in enumerate(styles) if is_date_format(formats.get(each, ""))}

    def _shared_strings(self, path: str | None) -> list[str]:
        strings: list[str] = []
        parts: list[str] = []
        state = {"text": False, "spoken": False}

        def start(tag, attributes):
            if tag == "si":
                parts.clear()
            elif tag == "t":
                state["text"] = not state["spoken"]
            elif tag == "rPh":  # how a Japanese text is pronounced
                state["spoken"] = True

        def end(tag):
            if tag == "t":
                state["text"] = False
            elif tag == "rPh":
                state["spoken"] = False
            elif tag == "si":
                strings.append("".join(parts))

        def text(characters):
            if state["text"]:
                parts.append(characters)

        self._parse(path, start, end=end, text=text, most=UNPACKED_STRINGS)
        return strings

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        reader = _SheetReader(self)
        try:
            for _ in _parsed(self.archive, self.names[self.sheet], reader.start, reader.end, reader.text):
                yield from reader.taken()
        except (zipfile.BadZipFile, expat.ExpatError, EOFError, ValueError, IndexError) as error:
            raise Refused(_DAMAGED) from error


def _parsed(archive: zipfile.ZipFile, part: zipfile.ZipInfo, start, end=None, text=None) -> Iterator[None]:
    """Parse one part, and pause after each piece of it. No DTD: neither entities nor anything from elsewhere."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: start(
        tag.rpartition(" ")[2], {name.rpartition(" ")[2]: value for name, value in attributes.items()}
    )
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(" ")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(part) as file:
        while piece := file.read(2**16):
            parser.Parse(piece)
            yield
        parser.Parse(b"", True)
        yield


def _refuse_doctype(*declared) -> None:
    raise Refused(f"Filen indeholder XML-definitioner (DTD), som et regneark ikke har brug for. {SAVE_AS_XLSX}")


CELL_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")


class _SheetReader:
    """The rows of a sheet while it is parsed; never more of them than one piece of the file holds."""

    def __init__(self, book: _Workbook):
        self.book = book
        self.ready: list[tuple[int, list[Cell]]] = []
        self.number = 0
        self.cells: list[Cell] = []
        self.parts: list[str] = []
        self.listening = False
        self.columns: dict[str, int] = {}
        self.kind = self.style = ""
        self.column = -1
        self.formula = False
        self.length = 0
        self.table_from = 0  # the first row with two cells; what stands above is a title

    def taken(self) -> list[tuple[int, list[Cell]]]:
        ready, self.ready = self.ready, []
        return ready

    def start(self, tag: str, attributes: dict) -> None:
        if tag == "c":
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.parts, self.formula, self.length = [], False, 0
            place = CELL_PLACE.match(attributes.get("r", ""))
            self.column = self._column(place[1]) if place else self.column + 1
        elif tag in ("v", "t"):
            self.listening = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            number = int(attributes.get("r", self.number + 1))
            if number <= self.number:
                raise ValueError("rows out of order")
            if number - self.number > MOST_EMPTY_ROWS:
                self.ready.append((number - 1, []))  # a gap is a run of empty rows
            self.number, self.cells, self.column = number, [], -1
        elif tag == "mergeCell":
            self._refuse_merged(attributes.get("ref", ""))

    def _column(self, letters: str) -> int:
        if (known := self.columns.get(letters)) is None:
            known = 0
            for letter in letters:
                known = known * 26 + ord(letter) - ord("A") + 1
            known = self.columns[letters] = known - 1
        return known

    def text(self, characters: str) -> None:
        if self.listening:
            self.length += len(characters)
            if self.length > LONGEST_CELL:
                raise Refused(f"Række {self.number} har en tekst på over 100.000 tegn. Gør den kortere.")
            self.parts.append(characters)

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.listening = False
        elif tag == "c":
            if self.parts or self.formula:
                self._put("".join(self.parts))
        elif tag == "row":
            self.ready.append((self.number, self.cells))
            if not self.table_from and len(self.cells) - self.cells.count("") > 1:
                self.table_from = self.number

    def _put(self, written: str) -> None:
        if self.column >= MOST_CELLS:
            raise Refused(f"Række {self.number} har mere end {MOST_CELLS} celler. Slet de kolonner, der ikke bruges.")
        if self.column < len(self.cells):
            raise ValueError("cells out of order")
        self.cells.extend([""] * (self.column - len(self.cells)))
        self.cells.append(self._value(written))

    def _value(self, written: str) -> Cell:
        if self.formula:
            return Unusable("Cellen indeholder en formel. Kopiér kolonnen, og indsæt den som værdier.")
        match self.kind:
            case "s":
                return self.book.strings[int(written)]
            case "inlineStr" | "str":
                return written
            case "b":
                return Unusable("Cellen indeholder SAND eller FALSK. Skriv det, der skal stå, som tekst.")
            case "e":
                return Unusable(f"Cellen har en fejl ({written[:10]}). Ret den i regnearket.")
            case "d":
                return _day(datetime.fromisoformat(written.removesuffix("Z")))
        try:
            number = Decimal(written)
        except InvalidOperation as error:
            raise ValueError(written) from error
        if not number.is_finite() or abs(number.adjusted()) > 30:
            return Unusable("Tallet er for stort. Ret det i regnearket.")
        return self._date(number) if int(self.style) in self.book.dates else number

    def _date(self, number: Decimal) -> Cell:
        try:
            return _day(from_excel(float(number), self.book.epoch))
        except (OverflowError, ValueError):
            return Unusable("Cellen viser en dato, der ikke findes. Skriv den igen, for eksempel som 24-12-2026.")

    def _refuse_merged(self, where: str) -> None:
        lowest = CELL_PLACE.fullmatch(where.rpartition(":")[2])
        if lowest and self.table_from and int(lowest[2]) >= self.table_from:
            raise Refused(
                f"Arket har flettede celler ({where[:20]}). Markér dem, vælg »Ophæv fletning af celler«, og udfyld "
                "hver celle for sig."
            )


def _day(value) -> date | Unusable:
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date()
    return Unusable("Cellen indeholder et klokkeslæt. Skriv kun datoen, for eksempel 24-12-2026.")
