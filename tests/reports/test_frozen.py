"""An issued note survives. What the serving role tries is refused; what the owner can do, the chain finds.

The tests run as sikkerby_app, as the application does. Each attempt is followed by a look at all that was issued.
"""

import io
import json
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pikepdf
import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from initiatives.models import PrincipleEntry
from reports import content, paper
from reports.appendix_papers import CONTENT, AppendixPaper, to_pdf
from reports.models import (
    Appendix,
    Barring,
    ChainCheck,
    IssuedDocument,
    Journalisation,
    Note,
    NoteStep,
    Recommendation,
    RegisterEntry,
    Section,
    register,
)
from reports.models.note import STANDARD_SECTIONS
from reports.tasks import check_documents
from sikkerby.middleware import Conflict
from sikkerby.models import Notice, StoredFile
from tests.conftest import connect_as_owner
from tests.factories import make_closure, make_initiative, make_principle, make_reviewed_closure
from tests.reports.factories import ISSUED_AT, make_decision, make_issued_note, make_item, make_written_note


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
        ("reports_issueddocument", "rows_sha256 = ''", "Indholdet svarer ikke"),
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
def test_owner_can_change_the_rows_that_a_note_is_made_of_and_each_is_found_out(cast, monkeypatch):
    """Lists, pages and decisions read these, and who may read the note is said by one of them."""
    monkeypatch.setattr("reports.paper.to_pdf", lambda *args, **kwargs: b"%PDF-1.7")
    changes = (
        ("note", "title = 'falsk'", "id"),
        ("note", "confidentiality = 'closed', closed_because = 'falsk'", "id"),
        ("note", "document_number = '2013-9999'", "id"),
        ("note", "written_by_id = approved_by_id, approved_by_id = written_by_id", "id"),
        ("section", "html = '<p>falsk</p>'", '"order" = 1 AND note_id'),
        ("recommendation", "text = 'falsk'", "note_id"),
        ("notestep", "text = 'falsk'", "act = 'issued' AND note_id"),
    )
    notes = [make_issued_note(cast=cast) for _ in changes]
    untouched = make_issued_note(cast=cast)
    Journalisation.objects.record(untouched, on=timezone.localdate(), by=cast.office)
    assert list(IssuedDocument.objects.faults()) == []
    for note, (table, change, which) in zip(notes, changes, strict=True):
        as_owner(f"reports_{table}", f"UPDATE reports_{table} SET {change} WHERE {which} = {note.pk}")
    assert list(IssuedDocument.objects.faults()) == [
        f"Dokument nr. {number} (»{note.document.title}« af 20-08-2013): Notatets egne oplysninger eller tekster er "
        "ændret, siden det blev udsendt."
        for number, note in enumerate(notes, start=1)
    ]


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


def test_nightly_check_logs_that_all_is_well(note, caplog, cast):
    caplog.set_level("INFO")
    check_documents(timestamp=0)
    assert "alle er, som de blev udsendt" in caplog.text
    check = ChainCheck.objects.get()
    assert (check.documents, check.entries, check.faults) == (1, 0, [])
    assert not Notice.objects.filter(key__startswith="chain-faults").exists()


@pytest.mark.django_db(transaction=True)
def test_nightly_check_logs_each_document_that_is_wrong_and_tells_those_who_watch_once_a_day(cast, caplog):
    note = make_issued_note(cast=cast, title="Det første")
    Journalisation.objects.record(note, on=date(2013, 8, 21), by=cast.office)
    for table, change in (("issueddocument", "text = 'falsk'"), ("registerentry", "facts = '{}'")):
        as_owner(f"reports_{table}", f"UPDATE reports_{table} SET {change}")
    cast.office.necessary_mail_only = True
    cast.office.save()
    for _ in range(2):
        check_documents(timestamp=0)
    errors = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert "Dokument nr. 1 (»Det første« af 20-08-2013)" in errors[0]
    assert "Indførsel nr. 1 (journalisering)" in errors[1]
    told = Notice.objects.filter(key__startswith="chain-faults").order_by("user")
    assert {notice.user for notice in told} == {cast.office, cast.colleague, cast.administrator}
    assert told.count() == 3
    letter = told.first().email
    assert letter.subject == "Fejl i rækken af udsendte dokumenter"
    assert "/aegthed/" in letter.message
    assert "Det første" not in letter.message
    assert ChainCheck.objects.count() == 2


def as_owner(table: str, sql: str) -> None:
    """What the owner of the tables can do, and the serving role cannot: with the triggers off."""
    with connect_as_owner() as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        assert owner.execute(sql).rowcount == 1
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


# --- What is recorded of a note -----------------------------------------------------------------------------------

RECORDED = ("decision", "decisionaddendum", "registerentry", "chaincheck", "journalisation", "barring")


@pytest.fixture
def recorded(cast):
    """A note of which all is recorded that can be, and an appendix that is closed."""
    note = make_written_note(cast=cast)
    note.attach(Appendix(title="Navne", closed_because="Personer"), closed_to=[cast.social])
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.issue(by=cast.office)
    decision = make_decision(item=make_item(note=note), by=cast.office)
    decision.add("Et ord manglede.", by=cast.office)
    Journalisation.objects.record(note, on=timezone.localdate(), by=cast.office)
    Barring.objects.ask(note, because="Personer", by=cast.office).confirm(by=cast.approver)
    ChainCheck.objects.run(today=timezone.localdate())
    return note


def all_recorded() -> list:
    rows = []
    with connection.cursor() as cursor:
        for table in (*RECORDED, "appendix_closed_to"):
            cursor.execute(f"SELECT * FROM reports_{table} ORDER BY 1")
            rows.append(cursor.fetchall())
    return rows


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reports_decision SET outcome = 'approved'",
        "DELETE FROM reports_decision",
        "UPDATE reports_decisionaddendum SET text = 'falsk'",
        "DELETE FROM reports_decisionaddendum",
        "UPDATE reports_registerentry SET facts = '{}'",
        "DELETE FROM reports_registerentry",
        "UPDATE reports_chaincheck SET faults = '[]'",
        "DELETE FROM reports_chaincheck",
        "UPDATE reports_journalisation SET by_id = by_id",
        "DELETE FROM reports_journalisation",
        "UPDATE reports_barring SET confirmed_at = NULL, confirmed_by_id = NULL",
        "DELETE FROM reports_barring",
        "TRUNCATE reports_decision CASCADE",
        "TRUNCATE reports_registerentry",
        "INSERT INTO reports_appendix_closed_to (appendix_id, committee_id)"
        " SELECT appendix.id, committee.id FROM reports_appendix AS appendix, reports_committee AS committee",
        "DELETE FROM reports_appendix_closed_to",
        "UPDATE reports_appendix SET closed_because = ''",
        "UPDATE reports_appendix SET file_id = NULL",
        "UPDATE sikkerby_storedfile SET content = '\\x25504446'",
        "DELETE FROM sikkerby_storedfile",
        "ALTER TABLE reports_decision DISABLE TRIGGER ALL",
        "DROP TRIGGER is_final ON reports_barring",
    ],
)
def test_serving_role_cannot_change_what_is_recorded(recorded, sql):
    before = all_recorded()
    with refused():
        execute(sql)
    assert all_recorded() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("table", "sql", "found"),
    [
        ("reports_decision", "UPDATE reports_decision SET outcome = 'approved'", "Rækken svarer ikke længere"),
        ("reports_decision", "UPDATE reports_decision SET item_id = NULL", "Rækken svarer ikke længere"),
        ("reports_decisionaddendum", "DELETE FROM reports_decisionaddendum", "Rækken findes ikke længere"),
        ("reports_journalisation", "UPDATE reports_journalisation SET \"on\" = '2013-01-01'", "svarer ikke længere"),
        ("reports_barring", "DELETE FROM reports_barring", "Rækken findes ikke længere"),
        ("reports_registerentry", "DELETE FROM reports_registerentry WHERE number = 2", "Der mangler 1 før den"),
        (
            "reports_registerentry",
            "UPDATE reports_registerentry SET previous_sha256 = repeat('0', 64) WHERE number = 3",
            "henviser ikke til indførslen før",
        ),
        ("reports_appendix_closed_to", "DELETE FROM reports_appendix_closed_to", "Bilag 2"),
        ("reports_appendix", "UPDATE reports_appendix SET closed_because = '' WHERE number = 2", "Bilag 2"),
        ("reports_appendix", "DELETE FROM reports_appendix WHERE number = 1", "Bilag 1"),
    ],
)
def test_owner_changes_what_is_recorded_and_is_found_out(recorded, table, sql, found, capsys):
    as_owner(table, sql)
    with pytest.raises(SystemExit):
        call_command("check_documents")
    assert found in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_chain_that_is_gone_with_its_rows_is_missed_after_a_check(recorded, capsys):
    """The chain itself still fits: that there was more is known from the nights before."""
    as_owner("reports_barring", "DELETE FROM reports_barring")
    as_owner("reports_registerentry", "DELETE FROM reports_registerentry WHERE kind = 'barring'")
    assert list(RegisterEntry.objects.faults()) == []
    with pytest.raises(SystemExit):
        call_command("check_documents")
    assert "Antallet af indførsler i registret er faldet fra 4 til 3" in capsys.readouterr().err


def test_what_was_recorded_before_more_was_hashed_is_as_it_was(cast, monkeypatch):
    model, names = register.ENTERED["decision"]
    with monkeypatch.context() as before:
        before.setitem(register.ENTERED, "decision", (model, tuple(name for name in names if name != "item_id")))
        before.setattr("reports.models.document.hash_of_rows", lambda note: "")
        make_decision(item=make_item(note=make_issued_note(cast=cast)), by=cast.office)
    assert "item_id" not in RegisterEntry.objects.get().facts
    assert IssuedDocument.objects.get().rows_sha256 == ""
    assert list(ChainCheck.objects.faults()) == []


def test_check_documents_says_the_last_of_both(recorded, capsys):
    call_command("check_documents")
    said = capsys.readouterr().out
    assert recorded.document.sha256 in said
    assert RegisterEntry.objects.first().sha256 in said


# --- 100 times the same -------------------------------------------------------------------------------------------


def test_the_stored_content_gives_the_stored_bytes_100_times(cast, client, monkeypatch):
    """After all that it was gathered from has changed: names, people, closures, principles, the templates of papers and
    notes; with appendices that were made from the registers, one of which names institutions."""
    closure = make_reviewed_closure(institution=cast.school, by=cast.office)
    waiting = make_closure(institution=cast.library, by=cast.other_leader, first_day=date(2026, 5, 5))
    principle = make_principle(number=4, title="Vi bygger bro")
    entry = PrincipleEntry.objects.create(principle=principle, initiative=make_initiative(), text="Indsats", order=1)
    draft = make_written_note(cast=cast, date=date(2026, 11, 1))
    Section.objects.create(note=draft, order=8, kind=Section.Kind.CLOSURES, heading="Lukkedage", year=2026)
    Section.objects.create(note=draft, order=9, kind=Section.Kind.PRINCIPLE, heading="Princip", principle=principle)
    draft.attach(Appendix(title="Principper", source="principles", strategy=principle.strategy))
    draft.attach(Appendix(title="Lukninger", source="closures", year=2026, names_institutions=True))
    draft.submit(by=cast.office)
    draft.approve(by=cast.approver)
    draft.issue(by=cast.office)
    before, files = IssuedDocument.objects.defer(None).values().get(), list(StoredFile.objects.values_list("sha256"))
    parts = ("papir/", "pdf/", "bilag/2/pdf/", "bilag/3/pdf/", "dagsorden.zip/")
    fetch = lambda: [client.get(f"/notater/{draft.pk}/{part}").content for part in parts]  # noqa: E731
    client.force_login(cast.member)
    fetched = fetch()

    cast.school.name = "Et andet sted"
    cast.school.save()
    cast.finance.rename("Finansudvalget", begins=date(2026, 10, 1))
    cast.finance.dissolved_on = date(2026, 11, 2)
    cast.finance.save()
    for writer in (cast.office, cast.approver):
        writer.name, writer.is_active = "Et andet navn", False
        writer.save()
    entry.delete()
    principle.title = "Noget andet"
    principle.save()
    closure.exclude("planned", by=cast.colleague)
    waiting.last_day = date(2026, 5, 7)
    waiting.change(by=cast.other_leader, today=date(2026, 5, 8))
    waiting.withdraw(by=cast.other_leader)

    with monkeypatch.context() as edited:
        for module in ("paper", "appendix_papers"):
            edited.setattr(f"reports.{module}.render_to_string", lambda *args: "<title>Et andet papir</title>")
        edited.setattr("reports.paper.STYLE", Path(__file__))
        edited.setitem(STANDARD_SECTIONS, Note.Template.STATUS, ())
        assert fetch() == fetched
    assert IssuedDocument.objects.defer(None).values().get() == before
    assert list(StoredFile.objects.values_list("sha256")) == files
    assert list(IssuedDocument.objects.faults()) == []
    again = content.Paper.from_json(before["content"])
    assert {paper.to_html(again).encode() for _ in range(100)} == {bytes(before["html"])}
    html = bytes(before["html"]).decode()
    assert "Til Økonomiudvalget" in html
    assert "Vi bygger bro" in html
    assert {paper.to_pdf(again, html, created=before["issued_at"]) for _ in range(100)} == {bytes(before["pdf"])}
    made = draft.appendices.get(number=3)
    with pikepdf.open(io.BytesIO(bytes(made.file.content))) as pdf:
        inside = json.loads(pdf.attachments[CONTENT].get_file().read_bytes())
    assert cast.school.name not in str(inside)
    assert "Skolen ved Søen" in str(inside)
    body = to_pdf(AppendixPaper.from_json(inside), created=before["issued_at"])
    assert body == bytes(made.file.content)
