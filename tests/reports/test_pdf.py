"""The paper as PDF: judged by veraPDF and by planted defects, the same each time, and no danger to the server."""

import io
import socket
import subprocess

import pikepdf
import pytest

from reports.paper import to_html
from reports.pdf import Limits, PdfError, make_pdf
from tests.reports.factories import make_issued_note
from tests.reports.papers import ISSUED_AT, make_full_paper, make_paper, pdf_of
from tests.reports.verapdf import faults

FLAVOURS = ("ua1", "3a")
SHORT = Limits(seconds=4)


@pytest.fixture(scope="module")
def note() -> bytes:
    """The note of 2013."""
    return pdf_of(make_paper())


@pytest.fixture(scope="module")
def full() -> bytes:
    """Every kind of section, over several pages."""
    return pdf_of(make_full_paper())


def text_of(pdf: bytes) -> str:
    """What is read aloud, in its order: pdftotext follows the content stream."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


# --- PDF/UA-1 and PDF/A-3a in one file ----------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_note_of_2013_passes(note, flavour):
    assert faults(note, flavour) == set()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_paper_with_every_kind_of_section_passes(full, flavour):
    assert len(pikepdf.open(io.BytesIO(full)).pages) >= 4
    assert faults(full, flavour) == set()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_draft_that_is_closed_and_marked_passes(flavour):
    draft = make_full_paper(
        draft=True, demo=True, closed=True, closed_reason="Sagen er under behandling.", number=None, previous_hash=""
    )
    assert faults(pdf_of(draft), flavour) == set()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_issued_note_passes_as_it_is_stored(cast, flavour):
    document = make_issued_note(cast=cast).document
    assert faults(bytes(document.pdf), flavour) == set()


def without_lang(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def without_alt(pdf: pikepdf.Pdf) -> None:
    figures = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"]
    assert figures
    for figure in figures:
        del figure.Alt


def without_structure(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


def without_claims(pdf: pikepdf.Pdf) -> None:
    xmp = pdf.Root.Metadata.read_bytes()
    assert b'pdfuaid:part="1"' in xmp
    broken = xmp.replace(b'pdfuaid:part="1"', b"").replace(b"pdfaid:part", b"pdfaid:prat")
    pdf.Root.Metadata = pdf.make_stream(broken, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def without_font(pdf: pikepdf.Pdf) -> None:
    descriptors = [
        each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
    ]
    assert descriptors
    for descriptor in descriptors:
        for name in ("/FontFile", "/FontFile2", "/FontFile3"):
            if name in descriptor:
                del descriptor[name]


@pytest.mark.parametrize(
    ("plant", "flavour"),
    [
        (without_lang, "ua1"),
        (without_alt, "ua1"),
        (without_structure, "ua1"),
        (without_structure, "3a"),
        (without_claims, "ua1"),
        (without_claims, "3a"),
        (without_font, "ua1"),
        (without_font, "3a"),
    ],
)
def test_planted_defect_is_found(note, plant, flavour):
    with pikepdf.open(io.BytesIO(note)) as pdf:
        plant(pdf)
        defective = io.BytesIO()
        pdf.save(defective, fix_metadata_version=False)
    assert faults(defective.getvalue(), flavour) != set()


def test_saving_without_a_defect_still_passes(note):
    """The control of the controls: it is the defect that is found, not pikepdf's way of saving."""
    with pikepdf.open(io.BytesIO(note)) as pdf:
        copy = io.BytesIO()
        pdf.save(copy, fix_metadata_version=False)
    assert faults(copy.getvalue(), "ua1") == set()


# --- What is in it ------------------------------------------------------------------------------------------------


def test_it_reads_in_order(note):
    text = text_of(note)
    wanted = (
        "Til Økonomiudvalget",
        "Statusnotat for indsatsområde 4",
        "Sagsnr. 2013-0184482",
        "Dokumentnr. 2013-0184482-2",
        "Mobil 12 34 56 78",
        "5798009800077",
        "Baggrund",
        "Effektmål",
        "Ikke-planlagte lukninger",
        "662,5",
        "Videre proces",
        "Bilag 1. Best practice-katalog 2013",
    )
    found = [text.find(each) for each in wanted if each not in ("662,5",)]
    assert -1 not in found, [each for each in wanted if each not in text]
    headings = [text.index(each) for each in ("Baggrund", "Ikke-planlagte lukninger", "Videre proces", "Bilag 1.")]
    assert headings == sorted(headings)
    assert "662,5" in text
    assert " 13" in text


def test_it_says_title_language_and_place_in_the_chain(full):
    with pikepdf.open(io.BytesIO(full)) as pdf:
        assert str(pdf.Root.Lang) == "da"
        assert str(pdf.docinfo["/Title"]) == "Statusnotat for indsatsområde 4"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    text = text_of(full)
    assert "dokument nr. 2, efter 3f9a61c03f9a" in text
    assert "Side 2 af" in text


def test_header_cells_have_a_scope(full):
    with pikepdf.open(io.BytesIO(full)) as pdf:
        headers = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TH"]
        scopes = {str(each.A.Scope) for each in headers}
    assert scopes == {"/Column", "/Row"}


def test_the_figures_data_are_attached(note):
    with pikepdf.open(io.BytesIO(note)) as pdf:
        assert list(pdf.attachments) == ["lukkedage.csv"]
        data = pdf.attachments["lukkedage.csv"].get_file().read_bytes().decode("utf-8-sig")
    heading, row = data.splitlines()
    assert heading.startswith("År;")
    assert row.split(";")[0] == "2012"
    assert "662,5" in row.split(";")
    assert "13" in row.split(";")


def test_only_the_papers_own_font_is_used(full):
    with pikepdf.open(io.BytesIO(full)) as pdf:
        names = {
            str(each.FontName)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        }
    assert names
    assert all("Open-Sans" in name or "OpenSans" in name for name in names), names


def test_draft_is_marked_on_every_page():
    draft = pdf_of(make_full_paper(draft=True, number=None, previous_hash=""))
    pages = subprocess.run(["pdftotext", "-", "-"], input=draft, capture_output=True, check=True).stdout.decode()
    assert all("UDKAST" in page for page in pages.split("\f") if page.strip())


def test_same_content_same_bytes(note):
    assert pdf_of(make_paper()) == note


# --- No danger to the server --------------------------------------------------------------------------------------


def set_html(body: str) -> bytes:
    html = (
        f'<!DOCTYPE html><html lang="da"><title>Prøve</title><body style="font-family: Open Sans">{body}</body></html>'
    )
    return make_pdf(html, title="Prøve", created=ISSUED_AT, limits=SHORT)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{'uro ' * 240_000}</p>",
        '<table><tr><td colspan="1000000">uro</td></tr></table>',
        "<div>" * 3_000 + "uro" + "</div>" * 3_000,
    ],
    ids=["a very long paragraph", "a million columns", "deeply nested"],
)
def test_what_cannot_be_set_is_refused_and_the_next_paper_is_made(body):
    with pytest.raises(PdfError, match="Papiret"):
        set_html(body)
    assert set_html("<p>Uro</p>").startswith(b"%PDF-")


@pytest.mark.parametrize(
    "body",
    [
        '<link rel="attachment" href="file:///etc/passwd"><p>uro</p>',
        '<img src="file:///etc/hostname" alt="">',
        '<img src="http://127.0.0.1:{port}/" alt="">',
        '<p style="background: url(http://127.0.0.1:{port}/)">uro</p>',
    ],
)
def test_nothing_is_fetched(body):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        try:
            pdf = set_html(body.format(port=server.getsockname()[1]))
        except PdfError:
            pdf = b""
        with pytest.raises(TimeoutError):
            server.accept()
    assert b"root:" not in pdf
    if pdf:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert not list(opened.attachments)


def test_file_larger_than_the_limit_is_refused():
    html = to_html(make_paper())
    with pytest.raises(PdfError, match="for stort"):
        make_pdf(html, title="Prøve", created=ISSUED_AT, limits=Limits(pdf=1000))
