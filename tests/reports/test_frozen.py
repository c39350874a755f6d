"""An issued note survives. What the serving role tries is refused; what the owner can do, the chain finds.

The tests run as sikkerby_app, as the application does. Each attempt is followed by a look at all that was issued.
"""

from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError

from initiatives.models import PrincipleEntry
from reports import content, paper
from reports.models import Appendix, IssuedDocument, Note, NoteStep, Recommendation, Section
from reports.tasks import check_documents
from sikkerby.middleware import Conflict
from sikkerby.models import StoredFile
from tests.conftest import connect_as_owner
from tests.factories import make_closure, make_initiative, make_principle
from tests.reports.factories import ISSUED_AT, make_issued_note, make_written_note


@pytest.fixture
def note(cast):
    return make_issued_note(cast=cast)


def everything() -> list:
    """All rows of all that an issued note is made of, as the database has them."""
    tables = ("issueddocument", "note", "section", "recommendation", "appendix", "notestep", "section_initiatives")
    rows = []
    with connection.cursor() as cursor:
        for table in (*(f"reports_{name}" for name in tables), "sikkerby_storedfile"):
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            rows.append([tuple(bytes(x) if isinstance(x, memoryview) else x for x in row) for row in cursor.fetchall()])
    return rows


@contextmanager
def refused(*errors):
    """The attempt fails, and everything is as it was."""
    before = everything()
    with pytest.raises(errors or DatabaseError), transaction.atomic():
        yield
    assert everything() == before


def execute(sql: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


# --- Through the ORM ----------------------------------------------------------------------------------------------


def test_document_cannot_be_saved_again(note):
    document = IssuedDocument.objects.get(note=note)
    document.title = "Et andet notat"
    with refused():
        document.save()


def test_document_cannot_be_updated(note):
    with refused(ProgrammingError):
        IssuedDocument.objects.update(pdf=b"%PDF- falsk")


def test_document_cannot_be_deleted(note):
    with refused():
        IssuedDocument.objects.get(note=note).delete()
    with refused():
        IssuedDocument.objects.all().delete()
    with refused():
        IssuedDocument.objects.all()._raw_delete("default")


def test_document_cannot_be_updated_in_bulk(note):
    document = IssuedDocument.objects.get(note=note)
    document.html = b"<p>falsk</p>"
    with refused(ProgrammingError):
        IssuedDocument.objects.bulk_update([document], ["html"])


def test_document_cannot_be_replaced_by_an_upsert(note):
    document = IssuedDocument.objects.defer(None).get(note=note)
    document.pdf = b"%PDF- falsk"
    with refused():
        IssuedDocument.objects.bulk_create(
            [document], update_conflicts=True, update_fields=["pdf"], unique_fields=["number"]
        )


def test_issued_note_cannot_be_changed(note):
    note.title = "Et andet notat"
    with refused(InternalError, DatabaseError):
        note.save()
    with refused():
        Note.objects.filter(pk=note.pk).update(status=Note.Status.DRAFT)
    with refused(ProtectedError, DatabaseError):
        note.delete()
    with refused():
        Note.objects.all()._raw_delete("default")


@pytest.mark.parametrize("part", [Section, Recommendation, Appendix, NoteStep])
def test_parts_of_an_issued_note_can_neither_be_changed_nor_removed(note, part):
    with refused():
        part.objects.filter(note=note).update(note_id=note.pk)
    with refused():
        part.objects.filter(note=note).delete()


def test_nothing_can_be_added_to_an_issued_note(note):
    with refused():
        Section.objects.create(note=note, order=99, html="<p>Mere</p>")
    with refused():
        Recommendation.objects.create(note=note, number=99, text="at mere besluttes")
    with refused():
        Appendix.objects.create(note=note, number=99, title="Mere")


def test_a_part_cannot_be_moved_into_or_out_of_an_issued_note(note, cast):
    draft = make_written_note(cast=cast)
    with refused():
        Section.objects.filter(note=note).update(note=draft)
    with refused():
        Section.objects.filter(note=draft, order=1).update(note=note, order=99)


def test_initiatives_chosen_for_an_issued_note_stay(cast):
    draft = make_written_note(cast=cast)
    section = Section.objects.create(note=draft, order=9, kind=Section.Kind.INITIATIVES, heading="Indsatser")
    section.initiatives.add(make_initiative(name="Natteværterne"))
    draft.submit(by=cast.office)
    draft.approve(by=cast.approver)
    draft.issue(by=cast.office)
    with refused():
        section.initiatives.clear()
    with refused():
        section.initiatives.add(make_initiative(name="En anden"))


def test_the_file_of_an_issued_appendix_stays(note):
    file = StoredFile.objects.get(pk=note.appendices.get().file_id)
    with refused():
        StoredFile.objects.filter(pk=file.pk).update(content=b"%PDF- falsk")
    with refused():
        StoredFile.objects.filter(pk=file.pk)._raw_delete("default")


def test_a_draft_can_still_be_changed_and_deleted(cast):
    draft = make_written_note(cast=cast)
    draft.title = "Nyt navn"
    draft.save()
    draft.sections.first().delete()
    draft.delete()
    assert not Note.objects.exists()


# --- In SQL -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reports_issueddocument SET title = 'falsk'",
        "DELETE FROM reports_issueddocument",
        "TRUNCATE reports_issueddocument",
        "TRUNCATE reports_note CASCADE",
        "UPDATE reports_note SET title = 'falsk'",
        "DELETE FROM reports_note",
        "UPDATE reports_section SET html = '<p>falsk</p>'",
        "DELETE FROM reports_recommendation",
        "UPDATE reports_notestep SET by_id = by_id",
        "INSERT INTO reports_issueddocument SELECT * FROM reports_issueddocument"
        " ON CONFLICT (number) DO UPDATE SET title = 'falsk'",
        "INSERT INTO reports_issueddocument SELECT * FROM reports_issueddocument",
        "MERGE INTO reports_issueddocument AS old USING (SELECT 1 AS number) AS new ON old.number = new.number"
        " WHEN MATCHED THEN UPDATE SET title = 'falsk'",
        "WITH gone AS (DELETE FROM reports_issueddocument RETURNING *) SELECT * FROM gone",
        "ALTER TABLE reports_issueddocument DISABLE TRIGGER ALL",
        "ALTER TABLE reports_note DISABLE TRIGGER is_final",
        "DROP TRIGGER is_final ON reports_note",
        "CREATE OR REPLACE FUNCTION reports_keep_issued_note() RETURNS trigger"
        " LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "DROP TABLE reports_issueddocument",
        "GRANT ALL ON reports_issueddocument TO sikkerby_app; UPDATE reports_issueddocument SET title = 'falsk'",
        "SET session_replication_role = replica",
        "SET ROLE sikkerby_owner",
    ],
)
def test_serving_role_cannot(note, sql):
    with refused():
        execute(sql)


def test_ignoring_pgtrigger_does_not_open_what_is_issued(note):
    with refused():
        execute(
            "SELECT set_config('pgtrigger.ignore', '{reports_note:is_final,reports_issueddocument:is_final}', true)"
        )
        execute("UPDATE reports_note SET title = 'falsk'")


def test_copy_cannot_overwrite_a_document(note):
    with refused(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        with cursor.cursor.connection.cursor() as raw:
            with raw.copy("COPY reports_issueddocument TO STDOUT") as out:
                rows = b"".join(bytes(part) for part in out)
            try:
                with raw.copy("COPY reports_issueddocument FROM STDIN") as into:
                    into.write(rows)
            except psycopg.errors.UniqueViolation as error:
                raise DatabaseError from error


# --- What it names ------------------------------------------------------------------------------------------------


def test_what_a_note_hangs_on_cannot_be_deleted(note, cast):
    with refused(ProtectedError):
        cast.finance.delete()
    with refused(ProtectedError, DatabaseError):
        cast.office.delete()
    with refused(ProtectedError):
        note.sender.delete()
    with refused():
        execute("DELETE FROM reports_committee WHERE id = %s", cast.finance.pk)
        execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_renaming_what_it_names_changes_no_byte(note, cast, client):
    before = IssuedDocument.objects.defer(None).values().get()
    cast.finance.name = "Udvalget for noget andet"
    cast.finance.save()
    cast.office.name = "Et andet navn"
    cast.office.is_active = False
    cast.office.save()
    note.sender.name = "En anden forvaltning"
    note.sender.save()
    assert IssuedDocument.objects.defer(None).values().get() == before
    assert before["committee_name"] == "Økonomiudvalget"
    client.force_login(cast.member)
    page = client.get(f"/notater/{note.pk}/papir/").content.decode()
    assert "Til Økonomiudvalget" in page
    assert "noget andet" not in page


def test_changing_what_it_counted_and_quoted_changes_no_byte(cast):
    closure = make_closure(institution=cast.school, by=cast.leader)
    closure.review(by=cast.office)
    principle = make_principle(number=4, title="Vi bygger bro")
    entry = PrincipleEntry.objects.create(principle=principle, initiative=make_initiative(), text="En indsats", order=1)
    draft = make_written_note(cast=cast, date=date(2026, 11, 1))
    Section.objects.create(note=draft, order=8, kind=Section.Kind.CLOSURES, heading="Lukkedage", year=2026)
    Section.objects.create(note=draft, order=9, kind=Section.Kind.PRINCIPLE, heading="Princip", principle=principle)
    draft.submit(by=cast.office)
    draft.approve(by=cast.approver)
    draft.issue(by=cast.office)
    before = IssuedDocument.objects.defer(None).values().get()
    assert "1,0 ikke-planlagte lukkedage" in before["text"]
    assert "En indsats" in before["text"]

    closure.exclude("planned", by=cast.office)
    cast.school.name = "Et andet sted"
    cast.school.save()
    principle.title = "Noget andet"
    principle.save()
    entry.delete()
    with pytest.raises(ProtectedError):
        principle.delete()
    with pytest.raises(ProtectedError):
        cast.school.delete()
    assert IssuedDocument.objects.defer(None).values().get() == before
    assert list(IssuedDocument.objects.faults()) == []


def test_the_stored_content_gives_the_stored_bytes_again(note):
    document = IssuedDocument.objects.defer(None).get(note=note)
    again = content.Paper.from_json(document.content)
    html = paper.to_html(again)
    assert html.encode() == bytes(document.html)
    assert paper.to_pdf(again, html, created=document.issued_at) == bytes(document.pdf)


def test_issuing_again_is_refused_and_the_bytes_stay(note, cast):
    with refused(Conflict):
        note.issue(by=cast.office)
    with refused(DatabaseError):
        note.issued_by, note.issued_at = cast.office, ISSUED_AT
        IssuedDocument.objects.append(note)


# --- The chain ----------------------------------------------------------------------------------------------------


def test_documents_are_chained(cast):
    first = make_issued_note(cast=cast).document
    second = make_issued_note(cast=cast).document
    assert (first.number, second.number) == (1, 2)
    assert first.previous_sha256 == ""
    assert second.previous_sha256 == first.sha256
    assert first.sha256[:12] in bytes(second.html).decode()
    assert list(IssuedDocument.objects.faults()) == []


def test_check_documents_says_that_all_is_well(note, capsys):
    call_command("check_documents")
    assert f"Det sidste: {note.document.sha256}" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("table", "change", "found"),
    [
        ("reports_issueddocument", "title = 'falsk'", "Indholdet svarer ikke"),
        ("reports_issueddocument", "pdf = pdf || '\\x00'", "Indholdet svarer ikke"),
        ("reports_issueddocument", "html = 'falsk'", "Indholdet svarer ikke"),
        ("reports_issueddocument", "text = 'falsk'", "Indholdet svarer ikke"),
        ("reports_issueddocument", "content = jsonb_set(content, '{title}', '\"falsk\"')", "Indholdet svarer ikke"),
        ("reports_issueddocument", "issued_at = issued_at - interval '1 day'", "Indholdet svarer ikke"),
        ("reports_issueddocument", "issued_by_name = 'falsk'", "Indholdet svarer ikke"),
        ("reports_issueddocument", "closed = not closed", "Indholdet svarer ikke"),
        ("reports_issueddocument", "sha256 = repeat('0', 64)", "Indholdet svarer ikke"),
        ("reports_issueddocument", "number = 7", "mangler 6 før det"),
        ("reports_issueddocument", "previous_sha256 = repeat('0', 64)", "henviser ikke til dokumentet før"),
        ("reports_appendix", "title = 'falsk'", "Bilag 1"),
        ("sikkerby_storedfile", "content = '\\x25504446'", "Bilag 1"),
    ],
)
def test_owner_can_change_it_and_is_found_out(cast, table, change, found, capsys):
    make_issued_note(cast=cast, title="Det første")
    with connect_as_owner() as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        assert owner.execute(f"UPDATE {table} SET {change}").rowcount == 1
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with pytest.raises(SystemExit) as stop:
        call_command("check_documents")
    assert stop.value.code == 1
    said = capsys.readouterr().err
    assert "»Det første«" in said or "»falsk«" in said
    assert found in said


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_document_that_is_gone_is_missed(cast, number):
    for _ in range(3):
        make_issued_note(cast=cast)
    with connect_as_owner() as owner:
        owner.execute("ALTER TABLE reports_issueddocument DISABLE TRIGGER USER")
        owner.execute("DELETE FROM reports_issueddocument WHERE number = %s", [number])
        owner.execute("ALTER TABLE reports_issueddocument ENABLE TRIGGER USER")
    assert list(IssuedDocument.objects.faults())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reports_issueddocument SET title = 'falsk'",
        "DELETE FROM reports_issueddocument",
        "TRUNCATE reports_issueddocument",
        "TRUNCATE reports_note CASCADE",
        "UPDATE reports_note SET title = 'falsk'",
        "UPDATE reports_section SET html = 'falsk'",
    ],
)
def test_even_the_owner_is_refused_before_disabling_triggers(cast, sql):
    make_issued_note(cast=cast)
    before = everything()
    with connect_as_owner() as owner, pytest.raises(psycopg.Error, match="udsendt|ført til protokol"):
        owner.execute(sql)
    assert everything() == before


def test_nightly_check_logs_that_all_is_well(note, caplog):
    caplog.set_level("INFO")
    check_documents(timestamp=0)
    assert "alle er, som de blev udsendt" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_nightly_check_logs_each_document_that_is_wrong(cast, caplog):
    make_issued_note(cast=cast, title="Det første")
    with connect_as_owner() as owner:
        owner.execute("ALTER TABLE reports_issueddocument DISABLE TRIGGER USER")
        owner.execute("UPDATE reports_issueddocument SET text = 'falsk'")
        owner.execute("ALTER TABLE reports_issueddocument ENABLE TRIGGER USER")
    check_documents(timestamp=0)
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "Dokument nr. 1 (»Det første« af 20-08-2013)" in record.getMessage()
