"""Every kind of paper: judged by veraPDF, read aloud in order, and the appendices as they follow from the registers."""

import io
import json
import re
import socket
import subprocess
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from catalogue.models import Practice
from closures.models import AnnualReturn, Kind, ReportedTotal
from initiatives.models import Principle, PrincipleEntry
from reports import appendix_papers, poster
from reports.appendix_papers import AppendixPaper, gather, make
from reports.content import CardText, Situation, Text
from reports.models import Appendix
from reports.paper import to_html
from reports.pdf import Limits, PdfError, make_pdf
from tests.factories import (
    make_administration,
    make_catalogue,
    make_closure,
    make_initiative,
    make_institution,
    make_note,
    make_practice,
    make_principle,
    make_reviewed_closure,
    make_strategy,
    make_theme,
)
from tests.reports.papers import (
    BACKGROUND,
    BODIES,
    ECONOMY,
    EDITION,
    FIGURES_2012,
    ISSUED_AT,
    OPENING,
    POINTS,
    QUOTE,
    WORDING,
    YEAR,
    initiatives,
    make_appendix_paper,
    make_full_paper,
    make_orientation,
    make_paper,
    make_principles,
    make_recommendation,
    pdf_of,
)
from tests.reports.verapdf import faults

ON = date(2026, 11, 1)
SOURCE = Appendix.Source


def appendix_pdf(body=YEAR, **fields) -> bytes:
    return appendix_papers.to_pdf(make_appendix_paper(body, **fields), created=ISSUED_AT)


KINDS = {
    "orientation": lambda: pdf_of(make_orientation()),
    "recommendation": lambda: pdf_of(make_recommendation()),
    **{name: lambda body=body: appendix_pdf(body) for name, body in BODIES.items()},
}


@pytest.fixture(scope="module")
def papers() -> dict[str, bytes]:
    return {name: made() for name, made in KINDS.items()}


def text_of(pdf: bytes) -> str:
    """What is read aloud, in its order."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def pages_of(pdf: bytes) -> list[str]:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


def elements(pdf: pikepdf.Pdf, *names: str) -> list[pikepdf.Dictionary]:
    return [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and str(each.get("/S")) in names]


def outline(pdf: bytes) -> list[tuple[int, str]]:
    """The bookmarks: how deep, and what they say."""

    def walk(items, depth):
        for each in items:
            yield depth, each.title
            yield from walk(each.children, depth + 1)

    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as found:
        return list(walk(found.root, 1))


def in_order(text: str, *words: str) -> None:
    at = 0
    for each in words:
        found = text.find(each, at)
        assert found >= 0, f"{each!r} is not after what was to come before it"
        at = found + len(each)


# --- Each kind of paper -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
@pytest.mark.parametrize("kind", KINDS)
def test_passes(papers, kind, flavour):
    assert faults(papers[kind], flavour) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_says_its_title_and_language_and_has_bookmarks(papers, kind):
    with pikepdf.open(io.BytesIO(papers[kind])) as pdf:
        title = str(pdf.docinfo["/Title"])
        assert str(pdf.Root.Lang) == "da"
        assert all(str(each.A.Scope) in ("/Column", "/Row") for each in elements(pdf, "/TH"))
        assert all(str(each.Alt) for each in elements(pdf, "/Figure"))
    (depth, first), *others = outline(papers[kind])
    assert (depth, first) == (1, title)
    assert len(others) >= 3
    assert {depth for depth, _ in others} <= {2, 3}
    assert len(set(others)) == len(others), "a heading that is repeated over pages is one bookmark"


@pytest.mark.parametrize("kind", BODIES)
def test_appendix_says_on_every_page_what_it_belongs_to(papers, kind):
    pages = pages_of(papers[kind])
    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        assert "Bilag 2 til Statusnotat for indsatsområde 4, 01-11-2026" in page
        assert f"Side {number} af {len(pages)}" in page


@pytest.mark.parametrize("kind", BODIES)
def test_marks_stand_on_every_page(kind):
    marked = {"draft": True, "demo": True, "closed": True, "closed_to": "Økonomiudvalget", "closed_reason": "Navne."}
    pages = pages_of(appendix_pdf(BODIES[kind], **marked))
    assert all("UDKAST · FORTROLIGT · DEMODATA" in page for page in pages)
    in_order(pages[0], "Fortroligt. Kun til Økonomiudvalget.", "Begrundelse: Navne.")
    assert not any("UDKAST" in page or "FORTROLIGT" in page for page in pages_of(appendix_pdf(BODIES[kind])))


@pytest.mark.parametrize("kind", BODIES)
def test_content_inside_the_pdf_gives_the_same_bytes(papers, kind):
    with pikepdf.open(io.BytesIO(papers[kind])) as pdf:
        stored = json.loads(pdf.attachments["indhold.json"].get_file().read_bytes())
    again = AppendixPaper.from_json(stored)
    assert again == make_appendix_paper(BODIES[kind])
    assert appendix_papers.to_pdf(again, created=ISSUED_AT) == papers[kind]


def test_content_of_another_shape_is_refused():
    with pytest.raises(TypeError, match="paragraphs"):
        AppendixPaper.from_json(make_appendix_paper().to_json() | {"paragraphs": []})


def test_text_without_its_tags_has_the_block_after_the_title_and_each_number_by_its_point(papers):
    """As it is copied, or read by what does not know tags."""
    text = text_of(papers["recommendation"])
    in_order(text, "Til Økonomiudvalget", "Best practice-katalog 2011", "Dato", "Sagsnr.", "EAN-nummer", "Indstilling")
    in_order(text, "indstiller over for", "1. at statusnotatet", "2. at opgørelsen", "3. at udvalget", "Baggrund")
    in_order(text, "• tv-overvågning", "• uddannelse", "1. i at håndtere", "2. i at tage imod", "Fingeraftryk")


# --- What they look like to a reader ------------------------------------------------------------------------------


def test_principle_table_is_read_row_by_row_and_says_its_principle_on_every_page(papers):
    text = text_of(papers["principles"])
    in_order(text, "Grundprincip 1", "Udvalgte indsatser", "Hvem", "Bredt samarbejde 1", "Indsats 1.1", "SOF")
    in_order(text, *(f"Indsats 1.{row}" for row in range(1, 11)), "Grundprincip 2", "Indsats 2.1", "Ingen indsatser")
    assert "Indsats 1.2 Vi arbejder" in text
    pages = pages_of(papers["principles"])
    assert "Indsats 1.10" not in pages[0]
    assert all("Grundprincip" in page and "Udvalgte indsatser" in page for page in pages)


def columns_of(table, pdf: pikepdf.Pdf) -> list[int]:
    """How many columns each row of a table comes to, cells from the rows above counted in."""
    rows = []

    def walk(element):
        for kid in element.K:
            if isinstance(kid, pikepdf.Dictionary) and str(kid.get("/S")) in ("/THead", "/TBody"):
                walk(kid)
            elif isinstance(kid, pikepdf.Dictionary) and str(kid.get("/S")) == "/TR":
                rows.append(kid)

    walk(table)
    from_above, found = [0] * len(rows), []
    for number, row in enumerate(rows):
        for cell in row.K:
            assert number + int(cell.A.get("/RowSpan", 1)) <= len(rows), "a cell reaches out of its table"
            for later in range(number, number + int(cell.A.get("/RowSpan", 1))):
                from_above[later] += int(cell.A.get("/ColSpan", 1))
        found.append(from_above[number])
    return found


def test_cell_that_spans_pages_leaves_every_row_with_all_its_columns():
    with pikepdf.open(io.BytesIO(appendix_pdf(make_principles((10, 3))))) as pdf:
        tables = elements(pdf, "/Table")
        assert len(tables) >= 3
        assert {count for table in tables for count in columns_of(table, pdf)} == {3}


def test_edition_says_on_which_page_each_example_is(papers):
    pages = pages_of(papers["edition"])
    contents = next(page for page in pages if "Eksempel 1.1, side" in page)
    for title in ("Eksempel 1.1", "Eksempel 1.5", "Eksempel 2.5"):
        said = int(contents.split(f"{title}, side ")[1].split()[0])
        assert title in pages[said - 1]
        assert said == 1 + max(number for number, page in enumerate(pages) if title in page)
    in_order(text_of(papers["edition"]), "Kriterier", "Hovedanbefalinger", "Formidling", "Eksemplerne", "Kort omtalt")


def test_year_has_its_sum_below_each_division_and_its_numbers_as_a_file(papers):
    text = text_of(papers["closures"])
    in_order(text, "Fordelt på måned", "Januar 3,5 1,5 5,0", "I alt 42,0 18,0 60,0", "Fordelt på institution")
    with pikepdf.open(io.BytesIO(papers["closures"])) as pdf:
        rows = pdf.attachments["lukkedage.csv"].get_file().read_bytes().decode("utf-8-sig").splitlines()
        alts = [str(each.Alt) for each in elements(pdf, "/Figure")]
    assert rows[1] == "måned;Januar;3,5;1,5;0;5"
    assert len(rows) == 1 + 12 + 40
    assert any("2025: 60,0 dage" in alt and "662,5" in alt for alt in alts)
    assert any("jan: 5,0 dage" in alt for alt in alts)


def test_undivided_part_of_a_year_has_a_column_of_its_own_only_where_there_is_one():
    assert "Ikke opdelt" not in text_of(appendix_pdf(YEAR))
    mixed = replace(YEAR, year=replace(YEAR.year, undistinguished=4, total=124))
    assert "Pædagogisk formål Ikke opdelt Dage i alt" in text_of(appendix_pdf(mixed))


def test_catalogue_without_examples_says_so():
    assert "Der er ingen eksempler i kataloget." in text_of(
        appendix_pdf(replace(EDITION, chapters=(), mentioned=(), funnel=""))
    )


def test_table_stands_beside_the_case_block_of_the_first_page():
    pages = pages_of(pdf_of(make_paper(sections=(OPENING, initiatives(4)))))
    assert "Indsats 4" in pages[0]


def make_long_paper():
    """Some twenty pages, in which headings, lists and rows fall wherever they fall."""
    parts = (
        f"<h3>Aktivitet {each}</h3><p>{f'{WORDING} ' * (1 + each % 7)}</p><ul><li>Et</li><li>To</li><li>Tre</li></ul>"
        for each in range(70)
    )
    return make_full_paper(sections=(Text(heading="Aktiviteter", html="".join(parts)), initiatives(70)))


def test_no_page_ends_with_a_heading_and_no_row_is_split_or_without_its_head():
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf_of(make_long_paper()), capture_output=True)
    pages = [page.splitlines() for page in done.stdout.decode().split("\f")[:-1]]
    assert len(pages) > 15
    for lines in pages:
        *text, foot = [" ".join(line.split()) for line in lines if line.strip()]
        assert "Side" in foot
        assert not text[-1].startswith(("Aktivitet", "Udvalgte indsatser", "Fagprincip")), text[-1]
        rows = [line for line in text if re.match(r"Indsats \d", line)]
        assert len([line for line in text if "opholder sig om aftenen" in line]) == len(rows)
        assert not rows or "Indsats Hvem Hvornår" in text[: text.index(rows[0])]


# --- From the registers -------------------------------------------------------------------------------------------


def appendix(note=None, **fields) -> Appendix:
    note = note or make_note(date=ON)
    return Appendix.objects.create(note=note, number=1, title="Bilag", **fields)


def gathered(each: Appendix, **options) -> AppendixPaper:
    return gather(each, note=each.note, on=ON, **options)


@pytest.mark.django_db
def test_principles_come_in_reading_order_with_their_rows_as_each_says():
    strategy, kff, sof = make_strategy(), *(make_administration(abbreviation=each) for each in ("KFF", "SOF"))
    later = make_principle(strategy=strategy, number=1, kind=Principle.Kind.PROFESSIONAL, title="Senere")
    first = make_principle(strategy=strategy, number=2, kind=Principle.Kind.BASIC, title="Først", text="Ordlyd.")
    make_principle(title="En anden strategis")
    hosts = make_initiative(name="Natteværterne", carried_by=kff)
    for principle, order, text in ((later, 1, "c"), (first, 2, "b"), (first, 1, "a")):
        entry = PrincipleEntry.objects.create(principle=principle, initiative=hosts, order=order, text=text)
        entry.administrations.set([kff, sof] if text == "a" else [])

    body = gathered(appendix(source=SOURCE.PRINCIPLES, strategy=strategy)).body

    assert [(group.name, group.title, group.text) for group in body.groups] == [
        ("Grundprincip 2", "Først", "Ordlyd."),
        ("Fagprincip 1", "Senere", ""),
    ]
    assert [(each.text, each.carriers) for each in body.groups[0].entries] == [("a", "KFF og SOF"), ("b", "")]
    assert "3 eksempler" in body.intro


@pytest.mark.django_db
def test_edition_has_what_is_included_and_mentioned_and_nothing_else():
    catalogue = make_catalogue(criteria="Ikke bydækkende.\n\nLokal.", proposed=31, examined=28)
    two, one = (make_theme(catalogue=catalogue, number=number, title=f"Tema {number}") for number in (2, 1))
    make_theme(catalogue=catalogue, number=3, title="Uden eksempler")
    status = Practice.Status
    for title, theme, order, kind in (
        ("B", one, 2, status.INCLUDED),
        ("A", one, 1, status.INCLUDED),
        ("C", two, 1, status.INCLUDED),
        ("Omtalt", None, 1, status.MENTIONED),
        ("Hemmeligt forslag", one, 3, status.PROPOSED),
        ("Vraget", one, 4, status.LEFT_OUT),
    ):
        make_practice(title=title, catalogue=catalogue, theme=theme, order=order, status=kind)
    make_practice(title="I et andet katalog", status=status.MENTIONED)

    body = gathered(appendix(source=SOURCE.EDITION, catalogue=catalogue)).body

    assert [(each.title, [example.title for example in each.examples]) for each in body.chapters] == [
        ("Tema 1", ["A", "B"]),
        ("Tema 2", ["C"]),
    ]
    assert [each.title for each in body.mentioned] == ["Omtalt"]
    assert body.criteria == ("Ikke bydækkende.", "Lokal.")
    assert body.funnel == "Der er foreslået 31 eksempler, undersøgt 28 og optaget 3."


@pytest.fixture
def year(cast):
    """2025: reviewed closures of two institutions, and one that is not reviewed, of a third."""
    club, school, other = (make_institution(name=name) for name in ("Klubben Stjernen", "Skolen Månen", "Hallen"))
    for unit, kind, day in (
        (club, Kind.DISRUPTION, date(2025, 3, 4)),
        (club, Kind.PEDAGOGICAL, date(2025, 5, 6)),
        (school, Kind.DISRUPTION, date(2025, 5, 7)),
    ):
        make_reviewed_closure(by=cast.office, institution=unit, kind=kind, first_day=day, last_day=day)
    make_closure(institution=other, first_day=date(2025, 5, 8), last_day=date(2025, 5, 8))
    return 2025


@pytest.mark.django_db
def test_year_sums_to_itself_in_every_division(year):
    body = gathered(appendix(source=SOURCE.CLOSURES, year=year, names_institutions=True)).body

    assert (body.year.disruption, body.year.pedagogical, body.year.total, body.year.units) == (4, 2, 6, 2)
    assert [each.by for each in body.divisions] == [
        *("forvaltning", "bydel", "type af institution", "årsag", "hvor uroen var", "måned", "ugedag", "institution")
    ]
    for division in body.divisions:
        assert sum(share.total for share in division.shares) == 6, division.by
        assert sum(share.disruption for share in division.shares) == 4, division.by
    assert [(share.label, share.total) for share in body.divisions[-1].shares] == [
        ("Klubben Stjernen", 4),
        ("Skolen Månen", 2),
    ]
    assert not body.institutions


@pytest.mark.django_db
def test_institutions_are_named_only_if_the_office_says_so(year):
    silent = appendix(source=SOURCE.CLOSURES, year=year)
    pdf = make(silent, note=silent.note, on=ON, created=ISSUED_AT)

    text = text_of(pdf)
    assert "2 institutioner og tjenester havde mindst én" in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        inside = [each.get_file().read_bytes().decode() for each in opened.attachments.values()]
    assert len(inside) == 2
    assert not any(name in where for name in ("Stjernen", "Månen") for where in (text, *inside))

    silent.names_institutions = True
    assert "Stjernen" in text_of(make(silent, note=silent.note, on=ON, created=ISSUED_AT))


@pytest.mark.django_db
def test_year_that_nobody_has_counted_is_no_zero(cast):
    each = appendix(source=SOURCE.CLOSURES, year=2024)
    body = gathered(each).body
    assert (body.year, body.divisions, body.explanation) == (None, (), ())
    text = text_of(make(each, note=each.note, on=ON, created=ISSUED_AT))
    assert "For 2024 er der ingen opgørelse" in text
    assert "Det betyder ikke, at der ingen lukninger var." in text
    assert "0,0" not in text

    unit = make_institution()
    answer = {"answer": AnnualReturn.Answer.NONE, "answered_by": cast.office, "answered_at": ISSUED_AT}
    AnnualReturn.objects.create(institution=unit, year=2024, **answer)
    assert gathered(each).body.year.total == 0


@pytest.mark.django_db
def test_total_without_dates_is_not_spread_over_the_months(cast):
    ReportedTotal.objects.create(year=2012, kind=Kind.UNDISTINGUISHED, half_days=1325, units=13, source="Statusnotat")
    body = gathered(appendix(source=SOURCE.CLOSURES, year=2012)).body
    assert body.divisions == ()
    assert (body.source, body.baseline) == ("Statusnotat", None)
    text = text_of(appendix_pdf(body))
    in_order(text, "662,5", "Kilde: Statusnotat.", "Hvordan dagene fordeler sig, er ikke oplyst.", "13 institutioner")
    assert "Januar" not in text


@pytest.mark.django_db
def test_closed_appendix_says_who_alone_may_read_it(cast):
    each = appendix(source=SOURCE.CLOSURES, year=2025, closed_because="Navne på institutioner.")
    each.closed_to.set([cast.finance, cast.social])
    paper = gathered(each, draft=True)
    assert (paper.closed, paper.closed_to) == (True, "Socialudvalget og Økonomiudvalget")
    assert paper.closed_reason == "Navne på institutioner."
    assert paper.draft

    open_one = appendix(source=SOURCE.CLOSURES, year=2025)
    assert (gathered(open_one).closed, gathered(open_one).closed_to) == (False, "")


# --- No danger to the server, whichever paper it is ---------------------------------------------------------------


def html_with(text: str) -> dict[str, str]:
    """Each kind of paper with this text where someone may have written it: as HTML where that is kept, and as words."""
    words = replace(EDITION.chapters[0].examples[0], method=text)
    entry = replace(make_principles().groups[0].entries[0], text=text)
    group = replace(make_principles().groups[0], text=text, entries=(entry,))
    chapter = replace(EDITION.chapters[0], introduction=text, examples=(words,))
    point, prose = replace(POINTS, points=(text,)), replace(BACKGROUND, html=text)
    card = CardText(heading="Ved uro", introduction=text, situations=(Situation(name="Uro", steps=(text,)),))
    return {
        "note": to_html(make_paper(sections=(prose, replace(FIGURES_2012, comment=text), replace(QUOTE, html=text)))),
        "orientation": to_html(make_orientation(sections=(prose,))),
        "recommendation": to_html(make_recommendation(sections=(point, replace(ECONOMY, html=text)))),
        "principles": appendix_papers.to_html(make_appendix_paper(replace(make_principles(), groups=(group,)))),
        "edition": appendix_papers.to_html(make_appendix_paper(replace(EDITION, subject=text, chapters=(chapter,)))),
        "closures": appendix_papers.to_html(make_appendix_paper(replace(YEAR, finding=text, explanation=(text,)))),
        "action card": poster.to_html(poster.Poster(text=card, numbers=(), printed_on=ON)),
    }


WRITTEN_IN = list(html_with(""))


def set_within(html: str, seconds: float = 20) -> bytes:
    return make_pdf(html, title="Prøve", created=ISSUED_AT, limits=Limits(seconds=seconds))


def pdf_or_refusal(html: str, seconds: float = 20) -> tuple[bytes, str]:
    try:
        return set_within(html, seconds), ""
    except PdfError as error:
        return b"", str(error)


@pytest.mark.parametrize("kind", WRITTEN_IN)
def test_paste_of_a_million_letters_is_refused_and_the_next_paper_is_made(kind):
    with pytest.raises(PdfError, match="Papiret"):
        set_within(html_with(f"<p>{'uro ' * 240_000}</p>")[kind], seconds=1)
    assert set_within(html_with("Uro")[kind]).startswith(b"%PDF-")


@pytest.mark.parametrize("kind", WRITTEN_IN)
@pytest.mark.parametrize(
    "text",
    ['<table><tr><td colspan="1000000">uro</td></tr></table>', "<div>" * 3_000 + "uro" + "</div>" * 3_000],
    ids=["a million columns", "deeply nested"],
)
def test_what_cannot_be_set_is_refused_or_comes_out_as_the_words_it_is(kind, text):
    pdf, refusal = pdf_or_refusal(html_with(text)[kind], seconds=1.5)
    assert refusal.startswith("Papiret") or text[:5] in text_of(pdf)


@pytest.mark.parametrize("kind", WRITTEN_IN)
def test_nothing_is_fetched_or_taken_along(kind):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        for text in (
            '<link rel="attachment" href="file:///etc/passwd">',
            f'<img src="http://127.0.0.1:{port}/" alt=""><p style="background: url(http://127.0.0.1:{port}/)">uro</p>',
            f'<link rel="stylesheet" href="http://127.0.0.1:{port}/"><img src="file:///etc/hostname" alt="">',
        ):
            pdf, refusal = pdf_or_refusal(html_with(text)[kind])
            assert not refusal or "uden for sig selv" in refusal
            if refusal:
                continue
            with pikepdf.open(io.BytesIO(pdf)) as opened:
                assert not list(opened.attachments)
                assert not elements(opened, "/Figure") or kind in ("note", "closures"), "an image was set"
        with pytest.raises(TimeoutError):
            server.accept()
