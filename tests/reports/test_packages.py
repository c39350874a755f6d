"""A note to take elsewhere: the stored bytes, the same each time, and no more than the one who asks may read."""

import csv
import hashlib
import io
import json
import zipfile

import pikepdf
import pytest
from django.db import connection

from reports import packages
from reports.models import Appendix
from sikkerby.models import AccessLog, StoredFile
from tests.reports.factories import PDF, make_issued_note, make_pdf_file, make_written_note
from tests.reports.test_appendices import issue, with_closed_appendix

AGENDA, JOURNAL = "dagsorden.zip", "journal.zip"


def package(client, user, note, which=AGENDA) -> zipfile.ZipFile:
    client.force_login(user)
    answer = client.get(f"/notater/{note.pk}/{which}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_agenda_package_has_each_pdf_and_all_as_one_with_bookmarks(client, cast):
    note = make_issued_note(cast=cast, title="Status: 2012/2013")
    found = package(client, cast.secretary, note)
    assert found.namelist() == [
        "2013-08-20 Status 2012 2013.pdf",
        "Bilag 1 - Katalog.pdf",
        "2013-08-20 Status 2012 2013 - samlet.pdf",
    ]
    assert found.read(found.namelist()[0]) == bytes(note.document.pdf)
    assert found.read("Bilag 1 - Katalog.pdf") == PDF
    with pikepdf.open(io.BytesIO(found.read(found.namelist()[2]))) as whole, whole.open_outline() as outline:
        with pikepdf.open(io.BytesIO(bytes(note.document.pdf))) as first:
            assert len(whole.pages) == len(first.pages) + 1
        assert [each.title for each in outline.root] == ["Status: 2012/2013", "Bilag 1. Katalog"]
    assert AccessLog.objects.get().what == f"Notat {note.pk}: pakke til dagsordenen"


def test_a_note_without_appendices_needs_no_file_of_all(client, cast):
    note = make_written_note(cast=cast)
    note.appendices.get().remove()
    issue(note, cast)
    assert package(client, cast.member, note).namelist() == [note.document.filename]


def test_journal_package_says_what_the_case_system_asks(client, cast):
    note = make_issued_note(cast=cast, unit="Center for Sikker By")
    found = package(client, cast.office, note, JOURNAL)
    metadata = json.loads(found.read("metadata.json"))
    files = metadata.pop("filer")
    assert metadata == {
        "titel": note.title,
        "dato": "2013-08-20",
        "udvalg": "Økonomiudvalget",
        "sagsnummer": "2013-0184482",
        "dokumentnummer": note.document_number,
        "afsender": "Center for Sikker By, Økonomiforvaltningen",
        "sagsbehandler": "",
        "fortrolighed": "åben",
        "begrundelse": "",
        "udsendt": "2013-08-20T10:00:00+02:00",
        "udsendt_af": cast.office.name,
        "godkendt_af": cast.approver.name,
        "erstatter": "",
        "nummer_i_raekken": 1,
        "kode": note.document.code,
        "sha256_i_raekken": note.document.sha256,
    }
    assert [(each["titel"], each["sha256"]) for each in files] == [
        (note.title, note.document.pdf_sha256),
        ("Bilag 1. Katalog", hashlib.sha256(PDF).hexdigest()),
    ]
    for each in files:
        assert hashlib.sha256(found.read(each["navn"])).hexdigest() == each["sha256"]
    rows = list(csv.DictReader(io.StringIO(found.read("metadata.csv").decode("utf-8-sig")), delimiter=";"))
    assert [(row["titel"], row["fil_navn"], row["fil_sha256"]) for row in rows] == [
        (note.title, each["navn"], each["sha256"]) for each in files
    ]


def test_a_title_is_no_formula_in_the_spreadsheet(client, cast):
    note = make_issued_note(cast=cast, title="=1+1")
    rows = package(client, cast.office, note, JOURNAL).read("metadata.csv").decode("utf-8-sig")
    assert "'=1+1;2013-08-20" in rows


@pytest.mark.parametrize("which", [AGENDA, JOURNAL])
def test_the_same_bytes_each_time_whatever_is_renamed(client, cast, which):
    note = make_issued_note(cast=cast)
    client.force_login(cast.office)
    before = client.get(f"/notater/{note.pk}/{which}/").content
    cast.finance.name = "Udvalget for noget andet"
    cast.finance.save()
    cast.office.name = "En anden"
    cast.office.save()
    note.sender.name = "Forvaltningen for alt"
    note.sender.save()
    assert client.get(f"/notater/{note.pk}/{which}/").content == before


def test_a_closed_appendix_is_in_the_packages_of_those_who_may_read_it(client, cast):
    note = with_closed_appendix(cast)
    secret = note.appendices.get(number=2).file
    for user, inside in (
        (cast.member, False),
        (cast.secretary, False),
        (cast.social_member, True),
        (cast.office, True),
    ):
        found = package(client, user, note)
        assert ("Bilag 2 - Navne.pdf" in found.namelist()) == inside
        with pikepdf.open(io.BytesIO(found.read(found.namelist()[-1]))) as whole, whole.open_outline() as outline:
            assert ("Bilag 2. Navne" in [each.title for each in outline.root]) == inside
        assert any(found.read(name) == bytes(secret.content) for name in found.namelist()) == inside


def test_packages_are_for_those_who_see_the_note(client, cast):
    closed = make_issued_note(cast=cast, confidentiality="closed", closed_because="Personalesag")
    draft = make_written_note(cast=cast)
    client.force_login(cast.social_member)
    for note in (closed, draft):
        assert client.get(f"/notater/{note.pk}/{AGENDA}/").status_code == 404
    client.force_login(cast.office)
    assert client.get(f"/notater/{draft.pk}/{AGENDA}/").status_code == 404  # it is not issued
    client.force_login(cast.secretary)
    assert client.get(f"/notater/{closed.pk}/{AGENDA}/").status_code == 200
    assert client.get(f"/notater/{closed.pk}/{JOURNAL}/").status_code == 403


def test_no_log_row_no_package(client, cast):
    note = make_issued_note(cast=cast)
    client.force_login(cast.member)
    client.raise_request_exception = False

    def no_room(execute, sql, params, many, context):
        if "INSERT" in sql and "accesslog" in sql:
            raise OSError("no room for the log")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(no_room):
        answer = client.get(f"/notater/{note.pk}/{AGENDA}/")
    assert answer.status_code == 500
    assert b"PK" not in answer.content[:2]


def test_a_damaged_file_from_before_they_were_looked_into_is_left_apart(client, cast):
    note = make_written_note(cast=cast)
    file = StoredFile.objects.store(
        name="a.pdf", content_type="application/pdf", content=b"%PDF-1.7 nej", by=cast.office
    )
    note.attach(Appendix(title="Gammelt", file=file))
    issue(note, cast)
    found = package(client, cast.member, note)
    assert "Bilag 2 - Gammelt.pdf" in found.namelist()
    assert found.namelist()[-1].endswith("- ikke samlet.txt")


def test_names_cannot_lead_out_of_the_package(client, cast):
    note = make_written_note(cast=cast, title="../../etc/passwd")
    file = StoredFile.objects.store(
        name="b.pdf", content_type="application/pdf", content=make_pdf_file("b"), by=cast.office
    )
    note.attach(Appendix(title="..\\..\\windows", file=file))
    issue(note, cast)
    for name in package(client, cast.member, note).namelist():
        assert "/" not in name
        assert "\\" not in name


def test_merged_of_the_same_is_the_same():
    parts = [("A", make_pdf_file("a")), ("B", make_pdf_file("b"))]
    assert packages.merged("Samlet", parts) == packages.merged("Samlet", parts)
