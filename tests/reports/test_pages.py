"""The pages of notes: who sees which, what bad input gets, and that nothing typed is lost."""

import csv
import io
import re
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.models import FollowUp, IssuedDocument, Note, Seat, Section
from sikkerby.models import AccessLog
from tests.factories import make_note
from tests.reports.factories import PDF, make_issued_note, make_written_note


def text(answer) -> str:
    """The page as one line."""
    return " ".join(answer.content.decode().split())


# --- Who sees which -----------------------------------------------------------------------------------------------


def test_members_see_what_is_issued_newest_first_with_size(client, cast):
    make_written_note(cast=cast, title="Et udkast")
    make_issued_note(cast=cast, title="Det gamle notat", date=date(2012, 8, 20))
    new = make_issued_note(cast=cast, title="Det nye notat")
    client.force_login(cast.member)
    page = text(client.get("/notater/"))
    assert "Et udkast" not in page
    assert page.index("Det nye notat") < page.index("Det gamle notat")
    assert f"({max(1, round(new.document.pdf_size / 1000))} kB)" in page


CLOSED = {"confidentiality": "closed", "closed_because": "Oplysninger om enkeltpersoner"}


def test_closed_note_is_the_addressed_committees_alone(client, cast):
    note = make_issued_note(cast=cast, title="Fortroligt notat", **CLOSED)
    addresses = [f"/notater/{note.pk}/{part}" for part in ("", "papir/", "pdf/", "bilag/1/pdf/")]
    for user, status in (
        (cast.member, 200),
        (cast.secretary, 200),
        (cast.office, 200),
        (cast.approver, 200),
        (cast.social_member, 404),
    ):
        client.force_login(user)
        assert [client.get(each).status_code for each in addresses] == [status] * 4, user
        found = [text(client.get(each)) for each in ("/notater/", "/notater/?q=fortroligt", "/notater/?format=csv")]
        assert ["Fortroligt notat" in each for each in found] == [status == 200] * 3
        assert ("Fortroligt notat" in text(client.get("/soeg/?q=fortroligt"))) == (status == 200)


def test_a_closed_note_looks_like_one_that_does_not_exist(client, cast):
    note = make_issued_note(cast=cast, **CLOSED)
    client.force_login(cast.social_member)
    for part in ("", "papir/", "pdf/"):
        closed, missing = client.get(f"/notater/{note.pk}/{part}"), client.get(f"/notater/987654/{part}")
        assert (closed.status_code, closed.content) == (404, missing.content)


def test_a_former_member_no_longer_sees_closed_notes(client, cast):
    note = make_issued_note(cast=cast, **CLOSED)
    client.force_login(cast.member)
    assert client.get(f"/notater/{note.pk}/pdf/").status_code == 200
    Seat.objects.filter(user=cast.member).update(ends=date(2020, 12, 31))
    Seat.objects.create(user=cast.member, committee=cast.social)
    assert client.get(f"/notater/{note.pk}/pdf/").status_code == 404


def test_drafts_are_the_offices(client, cast):
    note = make_written_note(cast=cast)
    client.force_login(cast.member)
    for part in ("", "papir/", "pdf/", "bilag/1/pdf/", "udkast.pdf/"):
        assert client.get(f"/notater/{note.pk}/{part}").status_code == 404


# --- The document -------------------------------------------------------------------------------------------------


def test_download_is_the_stored_bytes_under_a_name_that_sorts_and_is_logged(client, cast):
    note = make_issued_note(cast=cast, title='Status: "uro" på Østerbro/Nørrebro')
    client.force_login(cast.member)
    answer = client.get(f"/notater/{note.pk}/pdf/")
    assert answer.content == bytes(note.document.pdf)
    assert answer["Content-Type"] == "application/pdf"
    assert note.document.filename == "2013-08-20 Status uro på Østerbro Nørrebro.pdf"
    assert "filename*=UTF-8''2013-08-20%20Status%20uro%20p%C3%A5%20%C3%98sterbro" in answer["Content-Disposition"]
    log = AccessLog.objects.get()
    assert (log.user, log.what) == (cast.member, f"Notat {note.pk}: {note.document.filename}")


def test_no_log_row_no_download(client, cast):
    note = make_issued_note(cast=cast)
    client.force_login(cast.member)
    client.raise_request_exception = False

    def no_room(execute, sql, params, many, context):
        if "INSERT" in sql and "accesslog" in sql:
            raise OSError("no room for the log")
        return execute(sql, params, many, context)

    for address in (f"/notater/{note.pk}/pdf/", f"/notater/{note.pk}/bilag/1/pdf/"):
        with connection.execute_wrapper(no_room):
            answer = client.get(address)
        assert answer.status_code == 500
        assert b"%PDF-" not in answer.content


def test_appendix_is_downloaded_and_logged(client, cast):
    note = make_issued_note(cast=cast)
    client.force_login(cast.member)
    answer = client.get(f"/notater/{note.pk}/bilag/1/pdf/")
    assert answer.content == PDF
    assert AccessLog.objects.get().what == f"Notat {note.pk}: Bilag 1. Katalog"


def test_preview_of_an_issued_note_is_the_stored_html_and_its_style_is_allowed(client, cast):
    note = make_issued_note(cast=cast)
    client.force_login(cast.member)
    answer = client.get(f"/notater/{note.pk}/papir/")
    assert answer.content == bytes(note.document.html)
    styles = answer["Content-Security-Policy"].split("style-src")[1].split(";")[0]
    assert styles.count("'sha256-") == 1 + answer.content.count(b"<style")
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_draft_as_pdf_is_shown_and_marked(client, cast):
    note = make_written_note(cast=cast)
    client.force_login(cast.office)
    answer = client.get(f"/notater/{note.pk}/udkast.pdf/")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("inline")
    assert "UDKAST" in client.get(f"/notater/{note.pk}/papir/").content.decode()
    issued = make_issued_note(cast=cast)
    assert client.get(f"/notater/{issued.pk}/udkast.pdf/").status_code == 409
    assert "UDKAST" not in client.get(f"/notater/{issued.pk}/papir/").content.decode()


# --- The list -----------------------------------------------------------------------------------------------------


@pytest.fixture
def notes(cast):
    make_written_note(cast=cast, title="Udkast 2014", date=date(2014, 1, 10))
    note = make_note(committee=cast.social, written_by=cast.office, title="Til Socialudvalget", date=date(2010, 3, 5))
    note.submit(by=cast.office)
    make_issued_note(cast=cast, title="=1+1")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Udkast 2014", "=1+1", "Til Socialudvalget"]),
        ("?aar=2013", ["=1+1"]),
        ("?status=for_approval", ["Til Socialudvalget"]),
        ("?q=socialudvalget", ["Til Socialudvalget"]),
        ("?venter=on", ["Til Socialudvalget"]),
        ("?aar=hvornår", ["Udkast 2014", "=1+1", "Til Socialudvalget"]),
        ("?status=hemmelig", ["Udkast 2014", "=1+1", "Til Socialudvalget"]),
    ],
)
def test_list_is_filtered_and_its_csv_is_the_same(client, cast, notes, query, titles):
    client.force_login(cast.approver)
    page = client.get(f"/notater/{query}").content.decode()
    assert re.findall(r'<td>\s*<a href="/notater/\d+/">(.*?)</a>', page) == titles
    file = client.get(f"/notater/{query}{'&' if query else '?'}format=csv")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Dato", "Titel", "Til"]
    assert [row[1].removeprefix("'") for row in rows[1:]] == titles
    assert ["'=1+1"] * titles.count("=1+1") == [row[1] for row in rows[1:] if "=" in row[1]]


def test_what_htmx_swaps_in_is_what_the_page_has(client, cast, notes):
    client.force_login(cast.approver)
    part = client.get("/notater/?aar=2013", headers={"HX-Request": "true"})
    assert part.content.strip() in client.get("/notater/?aar=2013").content
    assert part.content.count(b"<tr>") == 2
    assert "HX-Request" in part["Vary"]


def test_list_asks_the_same_for_one_note_and_for_three(client, cast):
    client.force_login(cast.office)
    counts = []
    for _ in range(3):
        make_issued_note(cast=cast)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/notater/")
        counts.append(len(queries))
        assert not any('"pdf"' in query["sql"] for query in queries)
    assert counts == [LIST_QUERIES] * 3


LIST_QUERIES = 17


def test_page_of_a_note_asks_the_same_whatever_hangs_on_it(client, cast):
    counts = []
    for size in (1, 3):
        note = make_written_note(cast=cast)
        for number in range(size):
            Section.objects.create(note=note, order=10 + number, html="<p>Mere</p>")
            note.add_appendix(title="Mere", file=note.appendices.first().file)
            note.follow_ups.create(committee=cast.finance, promise="Mere")
        note.submit(by=cast.office)
        note.approve(by=cast.approver)
        note.issue(by=cast.office)
        client.force_login(cast.member)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/notater/{note.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts == [PAGE_QUERIES] * 2


PAGE_QUERIES = 14


# --- A new note ---------------------------------------------------------------------------------------------------


def new_note(cast, **fields) -> dict:
    return {
        "key": str(uuid.uuid4()),
        "template": "status",
        "committee": cast.finance.pk,
        "title": "Statusnotat om lukkedage",
        "date": "20.8.2013",
        "confidentiality": "open",
        "sender": make_note(committee=cast.finance).sender_id,
        "unit": "Center for Sikker By",
        "address": "Rådhuspladsen 1\r\n1599 København V",
        "phone_label": "mobile",
        "phone": "12 34 56 78",
        "start": "template",
        "case_number": "2013-0184482",
        "document_number": "",
        "ean": "5798 0098 00077",
        **fields,
    }


def test_new_note_is_ready_with_its_templates_sections(client, cast):
    client.force_login(cast.office)
    answer = client.post("/notater/ny/", new_note(cast))
    note = Note.objects.latest("pk")
    assert answer.url == f"/notater/{note.pk}/"
    assert (note.date, note.ean, note.written_by, note.status) == (
        date(2013, 8, 20),
        "5798009800077",
        cast.office,
        "draft",
    )
    assert list(note.sections.values_list("order", "kind", "heading", "first_year", "year")) == [
        (1, "text", "", None, None),
        (2, "text", "Baggrund", None, None),
        (3, "goal", "Mål", None, None),
        (4, "text", "Aktiviteter", None, None),
        (5, "closures", "Ikke-planlagte lukkedage", 2012, 2012),
        (6, "process", "Videre proces", None, None),
        (7, "appendices", "Vedlagte bilag", None, None),
    ]
    assert 'value="12 34 56 78"' in client.get("/notater/ny/").content.decode()  # the block is carried on


def test_note_from_before_the_count_has_no_figures(client, cast):
    client.force_login(cast.office)
    address = client.post("/notater/ny/", new_note(cast, date="05-03-2010")).url
    closures = Note.objects.latest("pk").sections.get(kind="closures")
    assert (closures.first_year, closures.year) == (None, None)
    assert "Afsnittet »Ikke-planlagte lukkedage« er tomt" in text(client.get(address))


def test_new_note_sent_twice_is_one(client, cast):
    client.force_login(cast.office)
    data = new_note(cast)
    before = Note.objects.count()
    first, again = client.post("/notater/ny/", data), client.post("/notater/ny/", data)
    assert first.url == again.url
    assert Note.objects.count() == before + 1


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("ean", "5798009800078", "EAN-nummeret er ikke gyldigt"),
        ("ean", "579800980007", "EAN-nummeret er ikke gyldigt"),
        ("ean", "٥٧٩٨٠٠٩٨٠٠٠٧٧", "EAN-nummeret er ikke gyldigt"),
        ("case_number", "13-184482", "Skriv sagsnummeret som 2013-0184482."),
        ("case_number", "２０１３-0184482", "Skriv sagsnummeret som 2013-0184482."),
        ("document_number", "2013-0184482-٢", "Skriv dokumentnummeret som 2013-0184482-2 eller 2010-161108."),
        ("document_number", "2013-0184482-02", "Skriv dokumentnummeret som 2013-0184482-2 eller 2010-161108."),
        ("document_number", "2013‑0184482‑2", "Skriv dokumentnummeret som 2013-0184482-2 eller 2010-161108."),
        ("document_number", "Dok. 7", "Skriv dokumentnummeret som 2013-0184482-2 eller 2010-161108."),
        ("date", "29.02.2013", "er ikke en dato, der findes"),
        ("date", "20.08.9999", "Årstallet skal ligge mellem"),
        ("email", "ingen mail", "e-mail"),
        ("title", "Om borger 010203-1234", "CPR-nummer"),
        ("title", "x" * 201, "200"),
        ("closed_because", "Personsag", "Et åbent notat har ingen begrundelse."),
        ("committee", "987654", "kan ikke vælges"),
    ],
)
def test_bad_input_is_refused_with_everything_typed_kept(client, cast, field, typed, error):
    client.force_login(cast.office)
    data = new_note(cast, **{field: typed})
    before = Note.objects.count()
    answer = client.post("/notater/ny/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert error in page
    for name, value in data.items():
        if name in ("title", "phone", "case_number", "ean", "unit", "closed_because"):
            assert f'value="{value}"' in page, name
    assert "Rådhuspladsen 1" in page
    assert Note.objects.count() == before


def test_closed_note_needs_a_reason(client, cast):
    client.force_login(cast.office)
    answer = client.post("/notater/ny/", new_note(cast, confidentiality="closed"))
    assert answer.status_code == 422
    assert "Skriv, hvorfor notatet er lukket." in text(answer)


@pytest.mark.parametrize("number", ["2013-0184482-2", "2010-161108"])
@pytest.mark.parametrize(("label", "phone", "website"), [("phone", "33 66 33 66", "www.kk.dk"), ("mobile", "", "")])
def test_both_forms_of_the_block_are_taken_and_printed(client, cast, number, label, phone, website):
    client.force_login(cast.office)
    data = new_note(cast, document_number=number, phone_label=label, phone=phone, website=website)
    address = client.post("/notater/ny/", data).url
    paper = client.get(f"{address}papir/").content.decode()
    assert number in paper
    note = Note.objects.latest("pk")
    assert (note.document_number, note.phone_label, note.website) == (number, label, website)


# --- Sections -----------------------------------------------------------------------------------------------------


def section_address(section) -> str:
    return f"/notater/{section.note_id}/afsnit/{section.pk}/"


def post_section(client, section, **fields):
    section.refresh_from_db()
    return client.post(section_address(section), {"heading": section.heading, "version": section.version, **fields})


def test_html_is_cleaned_on_save(client, cast):
    section = make_written_note(cast=cast).sections.first()
    client.force_login(cast.office)
    dirty = (
        "<h1>Stor</h1><p onclick='x()' style='color:red'>Et <b>fedt</b> ord<script>alert(1)</script> og "
        "<a href='javascript:alert(1)'>et</a> <a href='https://kk.dk' target=_blank>godt</a> link</p>"
        "<img src=x onerror=alert(1)><link rel=attachment href='file:///etc/passwd'><iframe src=//evil></iframe>"
    )
    assert post_section(client, section, html=dirty).status_code == 302
    section.refresh_from_db()
    assert section.html == (
        '<h3>Stor</h3><p>Et <strong>fedt</strong> ord og <a>et</a> <a href="https://kk.dk">godt</a> link</p>'
    )


def test_html_is_cleaned_however_it_is_written(cast):
    section = make_written_note(cast=cast).sections.first()
    Section.objects.filter(pk=section.pk).update(html="<p>x</p><script>1</script>")
    section.refresh_from_db()
    assert section.html == "<p>x</p>"
    section.html = "<p onclick=1>y</p>"
    Section.objects.bulk_update([section], ["html"])
    section.refresh_from_db()
    assert section.html == "<p>y</p>"


def test_text_without_tags_gets_its_paragraphs(client, cast):
    section = make_written_note(cast=cast).sections.first()
    client.force_login(cast.office)
    post_section(client, section, html="Første afsnit\r\nfortsat.\r\n\r\nAndet & sidste.")
    section.refresh_from_db()
    assert section.html == "<p>Første afsnit fortsat.</p><p>Andet &amp; sidste.</p>"


def test_too_long_text_is_kept_and_refused(client, cast):
    section = make_written_note(cast=cast).sections.first()
    client.force_login(cast.office)
    answer = post_section(client, section, html="<p>" + "lang " * 5000 + "</p>")
    assert answer.status_code == 422
    assert answer.content.decode().count("lang ") >= 5000


def test_sections_change_places_and_keep_their_order(client, cast):
    note = make_written_note(cast=cast)
    first, second, third, last = note.sections.all()
    client.force_login(cast.office)

    def order():
        return [each.pk for each in note.sections.all()]

    answer = client.post(f"{section_address(third)}op/", follow=True)
    assert f'id="{answer.redirect_chain[0][0].partition("#")[2]}" data-section="{third.pk}"' in text(answer)
    assert order() == [first.pk, third.pk, second.pk, last.pk]
    client.post(f"{section_address(first)}ned/")
    assert order() == [third.pk, first.pk, second.pk, last.pk]
    client.post(f"{section_address(third)}op/")  # already first
    client.post(f"{section_address(last)}ned/")  # already last
    assert order() == [third.pk, first.pk, second.pk, last.pk]
    client.post(f"{section_address(first)}fjern/")
    assert order() == [third.pk, second.pk, last.pk]


def test_new_section_stands_before_the_appendices(client, cast):
    note = make_written_note(cast=cast)
    client.force_login(cast.office)
    data = {"kind": "text", "heading": "Økonomi", "key": str(uuid.uuid4())}
    first, again = (client.post(f"/notater/{note.pk}/afsnit/ny/", data) for _ in range(2))
    assert first.url == again.url
    assert [each.heading for each in note.sections.all()] == [
        "",
        "Indstilling",
        "Videre proces",
        "Økonomi",
        "Vedlagte bilag",
    ]


def test_a_section_is_not_reached_through_another_note(client, cast):
    section, other = make_written_note(cast=cast).sections.first(), make_written_note(cast=cast)
    client.force_login(cast.office)
    assert client.get(f"/notater/{other.pk}/afsnit/{section.pk}/").status_code == 404
    assert client.post(f"/notater/{other.pk}/afsnit/{section.pk}/fjern/").status_code == 404


def test_stale_save_of_a_section_shows_both_texts(client, cast):
    section = make_written_note(cast=cast).sections.first()
    client.force_login(cast.office)
    seen = section.version
    Section.objects.filter(pk=section.pk).update(html="<p>Kollegaens tekst</p>")
    answer = client.post(section_address(section), {"heading": "", "html": "<p>Min tekst</p>", "version": seen})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "En anden har gemt imens" in page
    assert '<td data-label="Det, der er gemt">Kollegaens tekst</td>' in page
    assert '<td data-label="Det, du har skrevet">Min tekst</td>' in page
    section.refresh_from_db()
    assert section.html == "<p>Kollegaens tekst</p>"


def test_history_of_a_section_says_what_it_was_and_became(client, cast):
    section = make_written_note(cast=cast).sections.first()
    client.force_login(cast.office)
    post_section(client, section, html="<p>Ny tekst.</p>")
    page = text(client.get(f"/historik/reports.section/{section.pk}/"))
    assert page.index("Status for året.") < page.index("Ny tekst.")
    client.force_login(cast.contributor)  # who may read histories, but not of notes
    assert client.get(f"/historik/reports.section/{section.pk}/").status_code == 404


def test_stale_save_of_the_block_shows_both(client, cast):
    note = make_written_note(cast=cast)
    data = {name: value for name, value in new_note(cast).items() if name not in ("key", "template")}
    seen = note.version
    Note.objects.filter(pk=note.pk).update(title="Kollegaens titel")
    client.force_login(cast.office)
    answer = client.post(f"/notater/{note.pk}/ret/", {**data, "title": "Min titel", "version": seen})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Kollegaens titel" in page
    assert 'value="Min titel"' in page
    note.refresh_from_db()
    assert note.title == "Kollegaens titel"


def test_points_are_a_line_each_and_numbered(client, cast):
    note = make_written_note(cast=cast)
    section = note.sections.get(kind="recommendations")
    client.force_login(cast.office)
    post_section(client, section, points="at det drøftes\r\n\r\n at planen  godkendes ")
    assert list(note.recommendations.values_list("number", "text")) == [
        (1, "at det drøftes"),
        (2, "at planen godkendes"),
    ]
    post_section(client, section, points="at planen godkendes")
    assert list(note.recommendations.values_list("number", "text")) == [(1, "at planen godkendes")]
    refused = post_section(client, section, points="at\n" * 5_000)
    assert refused.status_code == 422
    assert "Et notat kan højst have 99 at-punkter." in refused.content.decode()
    assert note.recommendations.count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"year": "2014"}, "Notatet er fra 2013 og kan ikke vise ikke-planlagte lukkedage fra 2014."),
        ({"year": "2011"}, "Der er ingen opgørelse fra før 2012."),
        ({"first_year": "2013", "year": "2012"}, "Det sidste år ligger før det første."),
        ({"year": ""}, "Feltet skal udfyldes."),
        ({"year": "tolv"}, "Skriv et helt tal"),
    ],
)
def test_impossible_years_are_refused(client, cast, fields, error):
    note = make_written_note(cast=cast)
    section = Section.objects.create(note=note, order=9, kind="closures", heading="Lukkedage", year=2012)
    client.force_login(cast.office)
    answer = post_section(client, section, **{"first_year": "", "html": "<p>Bemærk</p>", **fields})
    assert answer.status_code == 422
    assert error in answer.content.decode()
    section.refresh_from_db()
    assert section.year == 2012


def test_editor_is_on_editing_pages_only_and_its_scripts_carry_the_nonce(client, cast):
    note = make_written_note(cast=cast)
    client.force_login(cast.office)
    answer = client.get(section_address(note.sections.first()))
    nonce = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"])[1]
    scripts = re.findall(r"<script[^>]*>", answer.content.decode().split("<body>")[0])
    of_the_editor = [each for each in scripts if "prose" in each or "importmap" in each]
    assert len(of_the_editor) >= 3
    assert all(f'nonce="{nonce}"' in each for each in of_the_editor)
    assert b"prose" not in client.get(f"/notater/{note.pk}/").content


# --- Promises ------------------------------------------------------------------------------------------------------


def test_promise_is_noted_and_printed(client, cast):
    note = make_written_note(cast=cast)
    client.force_login(cast.office)
    data = {
        "key": str(uuid.uuid4()),
        "promise": "Opgørelse for 2013",
        "due": "1.1.2014",
        "due_precision": "month",
        "responsible": "Center for Sikker By",
    }
    for _ in range(2):
        assert client.post(f"/notater/{note.pk}/opfoelgning/ny/", data).url == f"/notater/{note.pk}/"
    promise = FollowUp.objects.get()
    assert promise.committee == cast.finance
    assert "januar 2014" in text(client.get(section_address(note.sections.get(kind="process"))))
    assert "januar 2014" in text(client.get(f"/notater/{note.pk}/papir/"))
    client.post(f"/notater/{note.pk}/opfoelgning/{promise.pk}/fjern/")
    assert not FollowUp.objects.exists()


def test_a_promise_follows_the_note_to_another_committee(client, cast):
    note = make_written_note(cast=cast)
    note.follow_ups.create(committee=cast.finance, promise="Opgørelse")
    data = {name: value for name, value in new_note(cast).items() if name not in ("key", "template")}
    client.force_login(cast.office)
    client.post(f"/notater/{note.pk}/ret/", {**data, "committee": cast.social.pk, "version": note.version})
    assert [each.committee for each in note.promises()] == [cast.social]


def test_a_promise_dated_before_the_note_warns_and_is_issued_all_the_same(client, cast):
    note = make_written_note(cast=cast)
    note.sections.filter(kind="process").update(html="<p>Udvalget får en opfølgning i februar 2013.</p>")
    client.force_login(cast.office)
    warning = "»februar 2013«, men notatet er dateret 20-08-2013"
    assert warning in text(client.get(f"/notater/{note.pk}/"))
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    assert warning in text(client.get(f"/notater/{note.pk}/udsend/"))
    note.issue(by=cast.office)
    assert "i februar 2013" in IssuedDocument.objects.get().text
