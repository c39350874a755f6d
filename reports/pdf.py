"""HTML to an accessible, archivable PDF: PDF/A-3a and PDF/UA-1 in one file. The only module that knows WeasyPrint.

Each paper is set in a process of its own, forked from a server that has WeasyPrint loaded, under limits on time,
memory and size: some HTML makes WeasyPrint work for hours or die, and that must not touch the process that serves
pages. The same HTML, title, date and attachments give the same bytes, on the same versions of WeasyPrint and fonts.
"""

from __future__ import annotations

import gc
import logging
import math
import multiprocessing
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import forkserver
from multiprocessing.connection import Connection

import pydyf

FONT = "Open Sans"

logger = logging.getLogger(__name__)


class PdfError(Exception):
    """The paper could not be made; the message says why, in Danish, to the one who asked for it."""


class TooLong(PdfError):
    """It takes more pages than it may; `excess` is by how many millimetres."""

    def __init__(self, excess: int):
        super().__init__(f"Papiret er {excess} mm for langt og er ikke lavet. Kort teksten ned.")
        self.excess = excess


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file inside the PDF: the data behind a figure, unless `relationship` says otherwise (ISO 32000-2, 7.11.3)."""

    name: str
    data: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one paper may cost. 60 pages take 5 to 10 s and less than half the memory."""

    seconds: float = 20.0
    memory: int = 1 << 30  # bytes of address space, of which WeasyPrint takes 0,3 GiB before it begins
    pdf: int = 20 << 20  # bytes; what a StoredFile holds
    pages: int | None = None  # for what hangs on a wall: one sheet; TooLong where there is no room


def make_pdf(
    html: str,
    *,
    title: str,
    created: datetime,
    attachments: Sequence[Attachment] = (),
    limits: Limits = Limits(),
) -> bytes:
    """The paper as PDF, or PdfError. `created` is the document's own date, with time zone: the clock is not read."""
    answer = answer_of(_child, html, title, created, tuple(attachments), limits=limits)
    if answer is None:
        raise PdfError(
            f"Papiret kunne ikke sættes op på {limits.seconds:g} sekunder og er ikke lavet. "
            "Er der et meget langt afsnit eller en meget stor tabel, så del det op."
        )
    if answer[:1] == _MADE:
        return answer[1:]
    if answer[:1] == _LONG:
        raise TooLong(int(answer[1:]))
    raise PdfError(answer[1:].decode() or _TOO_MUCH)


def answer_of(work: Callable[..., None], *args, limits: Limits) -> bytes | None:
    """What `work(answer, *args, limits)` sends from a process of its own. None when its time ran out, nothing where it
    died or the answer is too large. It begins with `keep_within(limits)`."""
    ours, theirs = _processes.Pipe(duplex=False)
    process = _processes.Process(target=work, args=(theirs, *args, limits))
    process.start()
    theirs.close()
    try:
        return ours.recv_bytes(limits.pdf + 1) if ours.poll(limits.seconds) else None
    except (EOFError, OSError):
        return b""
    finally:
        process.kill()
        process.join()
        ours.close()
        process.close()


# --- In the child -------------------------------------------------------------------------------------------------

# Preloading saves the half second that importing WeasyPrint takes.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["weasyprint", "reports.uploaded", __name__])


def get_ready() -> None:
    """Start the server that papers are forked from now, not with the first paper, which would wait a second for it."""
    forkserver.ensure_running()


_MADE, _FAILED, _LONG = b"+", b"-", b">"
_TOO_MUCH = "Papiret er for stort eller for indviklet til at blive lavet som PDF. Kort det ned, eller del det op."


def keep_within(limits: Limits) -> None:
    # Should the parent be killed while it waits, the alarm ends this process all the same.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + 1)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _child(answer: Connection, html: str, title: str, created: datetime, attachments, limits: Limits) -> None:
    keep_within(limits)
    gc.disable()  # this process makes one paper and ends; looking for garbage took a seventh of its time
    try:
        pdf = _set(html, title, created, attachments, limits.pages)
        message = _MADE + pdf if len(pdf) <= limits.pdf else _FAILED + _TOO_MUCH.encode()
    except TooLong as error:
        message = _LONG + str(error.excess).encode()
    except PdfError as error:
        message = _FAILED + str(error).encode()
    except (MemoryError, RecursionError):
        message = _FAILED + _TOO_MUCH.encode()
    answer.send_bytes(message)


def _set(
    html: str, title: str, created: datetime, attachments: Sequence[Attachment], pages: int | None = None
) -> bytes:
    import weasyprint

    complaints = _Complaints()
    weasyprint.LOGGER.addHandler(complaints)
    created = created.astimezone(UTC)
    # A paper carries all that it needs. WeasyPrint's own fetcher would read the server's files and its neighbours'.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    try:
        source = weasyprint.HTML(string=html, url_fetcher=fetcher)
        document = source.render(pdf_variant="pdf/a-3a")
        if pages and len(document.pages) > pages:
            raise TooLong(_excess(source, document.pages[:pages]))
        document.metadata.title = title
        document.metadata.created = document.metadata.modified = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        document.metadata.attachments += [
            weasyprint.Attachment(
                string=each.data,
                name=each.name,
                description=each.description,
                created=created,
                modified=created,
                relationship=each.relationship,
            )
            for each in attachments
        ]
        _declare_accessible(document.metadata)
        pdf = document.write_pdf(finisher=_mend_tags, pdf_variant="pdf/a-3a")
    except weasyprint.urls.FatalURLFetchingError as error:
        raise PdfError("Papiret henviser til noget uden for sig selv og er ikke lavet. Fjern henvisningen.") from error
    complaints.check()
    if not any(font.family.startswith(FONT) for font in document.fonts.values()):
        raise PdfError(
            f"Skriften {FONT} mangler på serveren, så papiret er ikke lavet. Sig det til systemadministratoren."
        )
    return pdf


def _excess(source, pages) -> int:
    """By how many millimetres a text is longer than the pages it may take: set again on one page with no end."""
    import weasyprint

    page = pages[0]
    endless = weasyprint.CSS(string=f"@page {{ size: {page.width}px {page.height * 50}px !important }}")
    text, *_ = source.render(stylesheets=[endless]).pages[0]._page_box.children
    room = sum(each._page_box.height for each in pages)
    return max(1, math.ceil((text.margin_height() - room) * 25.4 / 96))  # there are 96 px to the inch


class _Complaints(logging.Handler):
    """What WeasyPrint only logs but would leave a hole in the paper: a character no font has, a picture left out."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.error = None

    def emit(self, record):
        if ".notdef" in record.msg:
            character, codepoint = record.args
            self.error = (
                f"Papiret er ikke lavet, for tegnet {character} (U+{codepoint:04X}) findes ikke i skriften. "
                "Slet det, eller skriv det på en anden måde."
            )
        elif record.levelno >= logging.ERROR:
            logger.error("WeasyPrint: %s", record.getMessage())
            self.error = (
                "Noget i papiret kan ikke vises på tryk, så det er ikke lavet. Sig det til systemadministratoren."
            )

    def check(self):
        if self.error:
            raise PdfError(self.error)


# PDF/A declares itself in the XMP; PDF/UA must too, and PDF/A wants the schema of every foreign property with it.
_ACCESSIBLE = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


def _declare_accessible(metadata) -> None:
    """Say in the file's metadata that it follows PDF/UA-1, beside the PDF/A-3a that WeasyPrint says."""
    archivable = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *variant: archivable(*variant).replace(b"</rdf:RDF>", _ACCESSIBLE)


def _mend_tags(document, pdf) -> None:
    """Finish the structure tree where WeasyPrint stops short of PDF/UA."""
    for item in _elements(pdf, "/LI"):
        _gather_body(item, pdf)
    _drop_lines(pdf)
    for cell in _elements(pdf, "/TH"):
        in_head = _at(pdf, _at(pdf, cell["P"])["P"])["S"] == "/THead"
        cell["A"]["Scope"] = "/Column" if in_head else "/Row"
        cell.pop("ID", None)
    for cell in _elements(pdf, "/TD"):
        # The scopes say it all; a reference by ID would need an index of IDs, which WeasyPrint leaves out.
        cell["A"].pop("Headers", None)
    for table in _elements(pdf, "/Table"):
        _square(table, pdf)


def _elements(pdf, kind: str) -> list:
    return [
        each
        for each in pdf.objects
        if isinstance(each, dict) and each.get("Type") == "/StructElem" and each["S"] == kind
    ]


def _drop_lines(pdf) -> None:
    """Each line of text has an element of its own, which says nothing and makes the file a fifth larger: the line
    belongs to the element around it."""
    belongs = {}
    for element in pdf.objects:
        if not (isinstance(element, dict) and element.get("Type") == "/StructElem"):
            continue
        kids = pydyf.Array()
        for each in element["K"]:
            kid = _at(pdf, each) if isinstance(each, bytes) else None
            if kid and kid.get("S") in ("/Span", "/NonStruct") and _is_one_line(kid, element):
                kids.append(kid["K"][0])
                belongs[each] = element.reference
                _free(kid)
            else:
                kids.append(each)
        element["K"] = kids
    for numbers in pdf.objects:
        if isinstance(numbers, dict) and "Nums" in numbers:
            numbers["Nums"] = _renamed(numbers["Nums"], belongs)


def _free(element) -> None:
    """Leave it out of the file, with its place in the list of objects, by which the others are known, marked as free:
    as pydyf marks the list's first."""
    element.clear()
    element.number, element.offset, element.generation, element.free = 0, 0, 65535, "f"


def _is_one_line(kid, parent) -> bool:
    return kid.get("Pg") == parent.get("Pg") and len(kid["K"]) == 1 and isinstance(kid["K"][0], int)


def _renamed(numbers, belongs: dict):
    """A tree of numbers with the elements that were dropped replaced by those around them, however deep."""
    return pydyf.Array(
        _renamed(each, belongs)
        if isinstance(each, list)
        else belongs.get(each, each)
        if isinstance(each, bytes)
        else each
        for each in numbers
    )


def _square(table, pdf) -> None:
    """A table over pages is a table on each of them; a cell that spans rows on the first is missing on the next. There
    it gets an empty cell, and spans no more rows than the page has."""
    rows = list(_rows(table, pdf))
    width = sum(_span(cell, "ColSpan") for cell in _kids(rows[0], pdf)) if rows else 0
    spanned: list[int] = [0] * width  # by column, how many rows more are taken from above
    for number, row in enumerate(rows):
        cells = _kids(row, pdf)
        missing = width - sum(map(bool, spanned)) - sum(_span(cell, "ColSpan") for cell in cells)
        left = _rest_of_its_group(row, rows[number:])
        if missing > 0:
            empty = pydyf.Dictionary(
                {
                    "Type": "/StructElem",
                    "S": "/TD",
                    "K": pydyf.Array([]),
                    "Pg": row["Pg"],
                    "P": row.reference,
                    "A": pydyf.Dictionary({"O": "/Table", "ColSpan": missing, "RowSpan": left}),
                }
            )
            pdf.add_object(empty)
            row["K"].insert(0, empty.reference)
            cells.insert(0, empty)
        free = [column for column, taken in enumerate(spanned) if not taken]
        spanned = [max(0, taken - 1) for taken in spanned]
        for cell in cells:
            rows_of_it = min(_span(cell, "RowSpan"), left)
            if "RowSpan" in cell["A"]:
                cell["A"]["RowSpan"] = rows_of_it
            for column in free[: _span(cell, "ColSpan")]:
                spanned[column] = rows_of_it - 1
            del free[: _span(cell, "ColSpan")]


def _rows(element, pdf) -> Iterator:
    for kid in _kids(element, pdf):
        if kid["S"] == "/TR":
            yield kid
        elif kid["S"] in ("/THead", "/TBody", "/TFoot"):
            yield from _rows(kid, pdf)


def _rest_of_its_group(row, rows) -> int:
    """How many rows there are from this one on in its head or body."""
    return sum(each["P"] == row["P"] for each in rows)


def _kids(element, pdf) -> list:
    return [_at(pdf, each) for each in element["K"] if isinstance(each, bytes)]


def _span(cell, name: str) -> int:
    return cell["A"].get(name, 1)


def _gather_body(item, pdf) -> None:
    """The label of a list item stands beside its body, which has all the rest; WeasyPrint leaves lines and paragraphs
    loose in the item, and the label in the body where paragraphs follow."""
    for body in _kids(item, pdf):
        if body["S"] == "/LBody":
            for label in [each for each in body["K"] if _at(pdf, each)["S"] == "/Lbl"]:
                body["K"].remove(label)
                item["K"].insert(0, label)
                _at(pdf, label)["P"] = item.reference
    labels = [each for each in item["K"] if _at(pdf, each)["S"] == "/Lbl"]
    rest = [each for each in item["K"] if each not in labels]
    if [_at(pdf, each)["S"] for each in rest] == ["/LBody"]:
        return
    body = pydyf.Dictionary({**item, "S": "/LBody", "K": pydyf.Array(rest)})
    pdf.add_object(body)
    body["P"] = item.reference
    item["K"] = pydyf.Array([*labels, body.reference])
    for each in rest:
        kid = _at(pdf, each)
        kid["P"] = body.reference
        kid["S"] = "/Div" if kid["S"] == "/LBody" else kid["S"]


def _at(pdf, reference: bytes):
    """The object that "12 0 R" refers to."""
    return pdf.objects[int(reference.split()[0])]
