"""Is this PDF the one that was issued? Asked of a file or a code, by those who may see the note."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reports.models import ChainCheck, IssuedDocument, Note
from reports.models.document import CODE_SIGNS
from sikkerby.models import StoredFile
from tests.reports.factories import PDF, make_issued_note, make_pdf_file, make_written_note
from tests.reports.test_appendices import text, with_closed_appendix


def check(client, user, body: bytes, note=None):
    client.force_login(user)
    address = f"/notater/{note.pk}/aegthed/" if note else "/aegthed/"
    return client.post(address, {"file": SimpleUploadedFile("notat.pdf", body)})


def test_the_downloaded_file_is_unchanged_and_a_changed_one_is_not(client, cast):
    note = make_issued_note(cast=cast)
    client.force_login(cast.member)
    body = client.get(f"/notater/{note.pk}/pdf/").content
    for address in (note, None):
        assert "Uændret, udsendt 20-08-2013" in text(check(client, cast.member, body, address))
        answer = text(check(client, cast.member, body + b"\n", address))
        assert "Ikke identisk med" in answer
        assert "Uændret" not in answer
    assert StoredFile.objects.count() == 1  # the appendix: what was checked is not kept


def test_an_appendix_is_known_too(client, cast):
    note = make_issued_note(cast=cast)
    answer = text(check(client, cast.member, PDF, note))
    assert "Uændret, udsendt 20-08-2013" in answer
    assert "Bilag 1. Katalog til" in answer


def test_another_issued_document_is_named_to_those_who_may_see_it(client, cast):
    note = make_issued_note(cast=cast)
    closed = make_issued_note(cast=cast, title="Det lukkede", confidentiality="closed", closed_because="Personer")
    body = bytes(closed.document.pdf)
    answer = text(check(client, cast.member, body, note))
    assert "Ikke identisk med det udsendte dokument" in answer
    assert "Det lukkede" in answer
    for address in (note, None):
        answer = text(check(client, cast.social_member, body, address))
        assert "Ikke identisk med" in answer
        assert "Det lukkede" not in answer


def test_a_closed_appendix_is_known_to_its_readers_alone(client, cast):
    note = with_closed_appendix(cast)
    body = make_pdf_file("navne")
    assert "Uændret" in text(check(client, cast.social_member, body, note))
    assert "Uændret" not in text(check(client, cast.member, body, note))
    assert "Navne" not in text(check(client, cast.member, body))


def test_what_may_not_be_seen_has_no_page(client, cast):
    closed = make_issued_note(cast=cast, confidentiality="closed", closed_because="Personer")
    draft = make_written_note(cast=cast)
    for note in (closed, draft):
        assert check(client, cast.social_member, b"%PDF-", note).status_code == 404
    assert check(client, cast.office, b"%PDF-", draft).status_code == 404


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "Vælg den PDF-fil, du vil kontrollere."),
        ({"file": SimpleUploadedFile("tom.pdf", b"")}, "tom"),
        ({"file": SimpleUploadedFile("stor.pdf", b"%" * (StoredFile.LARGEST + 1))}, "Filen fylder 20"),
        ({"code": ""}, "Skriv den kode, der står nederst på papiret."),
        ({"code": "2222-2222"}, "Der er ikke noget notat til dig med den kode."),
        ({"code": "æøå"}, "Der er ikke noget notat til dig med den kode."),
    ],
)
def test_what_cannot_be_checked_is_said(client, cast, sent, error):
    make_issued_note(cast=cast)
    client.force_login(cast.member)
    answer = client.post("/aegthed/", sent)
    assert answer.status_code == 422
    assert error in text(answer)


# --- The code -----------------------------------------------------------------------------------------------------


def test_each_paper_has_a_code_of_its_own_that_is_read_without_doubt(cast):
    codes = [make_issued_note(cast=cast).document.code for _ in range(3)]
    assert len(set(codes)) == 3
    for code in codes:
        assert re.fullmatch(f"[{CODE_SIGNS}]{{4}}-[{CODE_SIGNS}]{{4}}", code)
    assert not set(CODE_SIGNS) & set("01OILS5Z8BUVAEÆØÅ")
    document = IssuedDocument.objects.defer(None).first()
    assert f"Udsendt dokument nr. 3, kode {document.code}, efter" in bytes(document.html).decode()


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_the_code_leads_to_the_note(client, cast, typed):
    note = make_issued_note(cast=cast)
    client.force_login(cast.member)
    answer = client.post("/aegthed/", {"code": typed(note.document.code)})
    assert answer.url == f"/notater/{note.pk}/aegthed/"
    assert note.document.code in text(client.get(answer.url))


def test_the_code_of_a_note_one_may_not_see_is_as_none(client, cast):
    note = make_issued_note(cast=cast, confidentiality="closed", closed_because="Personer")
    client.force_login(cast.social_member)
    seen = client.post("/aegthed/", {"code": note.document.code})
    missing = client.post("/aegthed/", {"code": "2222-2222"})
    assert seen.status_code == missing.status_code == 422
    unsigned = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|value="[\w-]+"')
    assert unsigned.sub("", text(seen)) == unsigned.sub("", text(missing))


def test_a_document_from_before_there_were_codes_can_be_checked_by_its_file(client, cast, monkeypatch):
    monkeypatch.setattr("reports.models.document.IssuedDocumentManager._new_code", lambda self: "")
    note = make_issued_note(cast=cast)
    assert "kode" not in bytes(note.document.html).decode()
    assert "Uændret" in text(check(client, cast.member, bytes(note.document.pdf), note))
    assert list(Note.objects.coded("")) == []


# --- When all was last gone through -------------------------------------------------------------------------------


def test_the_page_says_when_the_register_was_last_in_order(client, cast):
    make_issued_note(cast=cast)
    client.force_login(cast.member)
    assert "er ikke kontrolleret endnu" in text(client.get("/aegthed/"))
    ChainCheck.objects.create(documents=1, entries=0)
    assert "1 udsendt dokument blev kontrolleret" in text(client.get("/aegthed/"))
    ChainCheck.objects.create(documents=1, entries=0, faults=["Dokument nr. 1 (»Hemmeligt«): Indholdet svarer ikke"])
    page = text(client.get("/aegthed/"))
    assert "der var fejl i den" in page
    assert "Hemmeligt" not in page
    client.force_login(cast.office)
    assert "»Hemmeligt«" in text(client.get("/aegthed/"))
