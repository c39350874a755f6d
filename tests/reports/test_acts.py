"""A note's way to the committee: which act follows which, who may do it, and that each happens once."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client

from reports.models import Decision, IssuedDocument, Note, NoteStep, Section
from sikkerby.middleware import Conflict
from tests.factories import make_duty, make_note
from tests.reports.factories import ISSUED_AT, make_approved_note, make_issued_note, make_written_note


def act(client, user, note, name, **data):
    client.force_login(user)
    return client.post(f"/notater/{note.pk}/{name}/", data)


# --- The way ------------------------------------------------------------------------------------------------------


def test_the_way_to_the_committee_in_the_browser(client, cast):
    note = make_written_note(cast=cast, document_number="")
    assert act(client, cast.office, note, "send").url == f"/notater/{note.pk}/"
    assert act(client, cast.approver, note, "godkend").url == f"/notater/{note.pk}/"
    note.refresh_from_db()
    assert client.get(f"/notater/{note.pk}/udsend/").status_code == 403  # the approver does not issue
    client.force_login(cast.office)
    assert "kan ikke ændres eller trækkes tilbage" in client.get(f"/notater/{note.pk}/udsend/").content.decode()
    numbers = {"case_number": "2013-0184482", "document_number": "2010-161108", "version": note.version}
    assert act(client, cast.office, note, "udsend", **numbers).url == f"/notater/{note.pk}/"

    note.refresh_from_db()
    assert (note.status, note.document_number) == ("issued", "2010-161108")
    assert (note.submitted_by, note.approved_by, note.issued_by) == (cast.office, cast.approver, cast.office)
    assert list(note.steps.values_list("act", "by")) == [
        ("submitted", cast.office.pk),
        ("approved", cast.approver.pk),
        ("issued", cast.office.pk),
    ]
    document = note.document
    assert (document.committee_name, document.approved_by_name) == ("Økonomiudvalget", cast.approver.name)
    assert bytes(document.pdf).startswith(b"%PDF-")
    assert document.pdf_size == len(bytes(document.pdf))
    assert "Status for året." in document.text
    assert "<" not in document.text


def test_a_note_is_not_issued_without_its_numbers(client, cast):
    note = make_approved_note(cast=cast, document_number="")
    with pytest.raises(Conflict, match="mangler sagsnummer eller dokumentnummer"):
        note.issue(by=cast.office)
    answer = act(client, cast.office, note, "udsend", case_number="2013-0184482", document_number="", version=1)
    assert answer.status_code == 422
    assert 'value="2013-0184482"' in answer.content.decode()
    assert "Skriv dokumentnummeret fra ESDH-systemet." in answer.content.decode()
    assert not IssuedDocument.objects.exists()


def test_two_notes_cannot_have_the_same_document_number(client, cast):
    make_issued_note(cast=cast, document_number="2013-0184482-7")
    note = make_approved_note(cast=cast, document_number="")
    note.refresh_from_db()
    numbers = {"case_number": "2013-0184482", "document_number": "2013-0184482-7", "version": note.version}
    answer = act(client, cast.office, note, "udsend", **numbers)
    assert answer.status_code == 422
    assert "Der er allerede et notat med det dokumentnummer. Kontrollér nummeret." in answer.content.decode()
    assert IssuedDocument.objects.count() == 1


def test_the_writer_does_not_approve_their_own_note(client, cast):
    make_duty(user=cast.office, kind="approver")
    note = make_written_note(cast=cast)
    note.submit(by=cast.colleague)
    answer = act(client, cast.office, note, "godkend")
    assert answer.status_code == 409
    assert "Det skal godkendes af en anden." in answer.content.decode()
    assert "Godkend</button>" not in client.get(f"/notater/{note.pk}/").content.decode()
    note.refresh_from_db()
    assert note.status == Note.Status.FOR_APPROVAL


def test_what_was_changed_since_it_was_read_is_not_approved(client, cast):
    note = make_written_note(cast=cast)
    note.submit(by=cast.office)
    client.force_login(cast.approver)
    page = client.get(f"/notater/{note.pk}/").content.decode()
    read = page.split('name="version" value="')[1].split('"')[0]
    note.take_back(by=cast.office)
    note.sections.filter(order=1).update(html="<p>Noget helt andet.</p>")
    note.submit(by=cast.office)
    answer = act(client, cast.approver, note, "godkend", version=read)
    assert answer.status_code == 409
    assert "Læs det igen, før du godkender det." in answer.content.decode()
    note.refresh_from_db()
    assert note.status == Note.Status.FOR_APPROVAL
    assert act(client, cast.approver, note, "godkend", version=note.version).status_code == 302


def test_database_refuses_an_approval_by_the_writer(cast):
    note = make_written_note(cast=cast)
    note.submit(by=cast.office)
    with pytest.raises(Exception, match="reports_note_approved_by_another"), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(status="approved", approved_by=cast.office, approved_at=ISSUED_AT)


def test_sent_back_with_a_comment_it_waits_for_its_writer(client, cast):
    note = make_written_note(cast=cast)
    note.submit(by=cast.office)
    assert act(client, cast.approver, note, "send-tilbage", comment="").status_code == 422
    act(client, cast.approver, note, "send-tilbage", comment="Tallet for 2012 mangler.")
    note.refresh_from_db()
    assert (note.status, note.submitted_by, note.submitted_at) == ("draft", None, None)
    client.force_login(cast.office)
    page = client.get(f"/notater/{note.pk}/").content.decode()
    assert f"af {cast.approver.name}</strong></p>\n      <p>Tallet for 2012 mangler.</p>" in page
    assert list(Note.objects.needing(cast.office)) == [note]
    assert list(Note.objects.needing(cast.colleague)) == []


def test_taken_back_an_approved_note_must_be_approved_anew(client, cast):
    note = make_approved_note(cast=cast)
    act(client, cast.office, note, "tag-tilbage")
    note.refresh_from_db()
    assert (note.status, note.approved_by) == ("draft", None)
    with pytest.raises(Conflict):
        note.issue(by=cast.office)
    assert list(Note.objects.needing(cast.office)) == []


def test_needing_says_what_waits_for_each_person(cast):
    draft = make_written_note(cast=cast)
    assert [list(Note.objects.needing(each)) for each in (cast.office, cast.approver, cast.member)] == [[], [], []]
    draft.submit(by=cast.office)
    assert [list(Note.objects.needing(each)) for each in (cast.office, cast.approver)] == [[], [draft]]
    draft.approve(by=cast.approver)
    assert [list(Note.objects.needing(each)) for each in (cast.office, cast.approver)] == [[draft], []]
    draft.issue(by=cast.office)
    assert [list(Note.objects.needing(each)) for each in (cast.office, cast.approver)] == [[], []]


# --- What the state forbids ---------------------------------------------------------------------------------------

DRAFT, SENT, APPROVED, ISSUED = "draft", "sent", "approved", "issued"
FORBIDDEN = {
    "send": {SENT, APPROVED, ISSUED},
    "tag-tilbage": {DRAFT, ISSUED},
    "send-tilbage": {DRAFT, ISSUED},
    "godkend": {DRAFT, APPROVED, ISSUED},
    "udsend": {DRAFT, SENT, ISSUED},
    "erstat": {DRAFT, SENT, APPROVED},
    "behandling/ny": {DRAFT, SENT},
    "ret": {SENT, APPROVED, ISSUED},
    "afsnit/ny": {SENT, APPROVED, ISSUED},
    "bilag/ny": {SENT, APPROVED, ISSUED},
    "opfoelgning/ny": {SENT, APPROVED, ISSUED},
    "bilag/1/op": {SENT, APPROVED, ISSUED},
    "bilag/1/fjern": {SENT, APPROVED, ISSUED},
}


def note_in(state, cast) -> Note:
    note = make_written_note(cast=cast)
    if state != DRAFT:
        note.submit(by=cast.office)
    if state in (APPROVED, ISSUED):
        note.approve(by=cast.approver)
    if state == ISSUED:
        note.issue(by=cast.office)
    return note


@pytest.mark.parametrize("state", [DRAFT, SENT, APPROVED, ISSUED])
def test_what_the_state_forbids_is_409_with_a_reason_and_changes_nothing(client, cast, state):
    note = note_in(state, cast)
    before = (Note.objects.values().get(), Section.objects.count(), NoteStep.objects.count(), Decision.objects.count())
    for name in (name for name, states in FORBIDDEN.items() if state in states):
        user = cast.approver if name in ("godkend", "send-tilbage") else cast.office
        answer = act(client, user, note, name)
        assert answer.status_code == 409, name
        assert "Notatet" in answer.content.decode()
    after = (Note.objects.values().get(), Section.objects.count(), NoteStep.objects.count(), Decision.objects.count())
    assert after == before


def test_section_of_an_issued_note_is_409(client, cast):
    note = make_issued_note(cast=cast)
    section = note.sections.first()
    for name in ("", "op/", "ned/", "fjern/"):
        assert act(client, cast.office, note, f"afsnit/{section.pk}/{name}".rstrip("/")).status_code == 409


def test_paper_that_cannot_be_made_is_said_and_changes_nothing(client, cast):
    note = make_approved_note(cast=cast, text="<p>Et tegn, ingen skrift har: \U00012000</p>")
    note.refresh_from_db()
    numbers = {"case_number": "2013-0184482", "document_number": "2013-0184482-9", "version": note.version}
    answer = act(client, cast.office, note, "udsend", **numbers)
    assert answer.status_code == 409
    assert "findes ikke i skriften" in answer.content.decode()
    note.refresh_from_db()
    assert (note.status, note.issued_at) == ("approved", None)
    assert note.document_number != "2013-0184482-9"
    assert not IssuedDocument.objects.exists()


# --- Once ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_notes_issued_at_once_follow_each_other_in_the_chain(cast, monkeypatch):
    """However many; the paper itself is made quickly here."""
    monkeypatch.setattr("reports.paper.to_pdf", lambda paper, html, *, created: b"%PDF-1.7 " + html.encode())
    notes = [make_approved_note(cast=cast) for _ in range(8)]
    together = threading.Barrier(8)

    def issue(note):
        try:
            together.wait()
            note.issue(by=cast.office)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=[note]) for note in notes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(IssuedDocument.objects.values_list("number", flat=True)) == [*range(1, 9)]
    assert list(IssuedDocument.objects.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_two_notes_given_the_same_number_at_once_one_is_refused_politely(cast):
    notes = [make_approved_note(cast=cast) for _ in range(2)]
    answers, together = [], threading.Barrier(2)

    def issue(note):
        try:
            client = Client()
            client.force_login(cast.office)
            note.refresh_from_db()
            numbers = {"case_number": "2013-0184482", "document_number": "2010-161108", "version": note.version}
            together.wait()
            answers.append(client.post(f"/notater/{note.pk}/udsend/", numbers))
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=[note]) for note in notes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused, issued = sorted(answers, key=lambda answer: -answer.status_code)
    assert (refused.status_code, issued.status_code) == (422, 302)
    assert "Der er allerede et notat med det dokumentnummer. Kontrollér nummeret." in refused.content.decode()
    assert IssuedDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_section_saved_while_the_note_is_issued_is_refused(cast):
    """The trigger waits for the one who issues, and then sees that the note is issued."""
    note = make_approved_note(cast=cast)
    outcome, holds = [], threading.Event()

    def change():
        holds.wait()
        try:
            Section.objects.filter(note=note).update(heading="For sent")
            outcome.append("changed")
        except Exception as error:
            outcome.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=change)
    thread.start()
    with transaction.atomic():
        Note.objects.select_for_update().get(pk=note.pk)
        holds.set()
        thread.join(timeout=0.5)
        assert outcome == []  # it waits
        note.issue(by=cast.office)
    thread.join()
    assert "udsendt" in outcome[0]


# --- Corrections --------------------------------------------------------------------------------------------------


def test_correction_is_a_new_note_that_says_what_it_replaces(client, cast):
    old = make_issued_note(cast=cast)
    old.follow_ups.create(committee=cast.finance, promise="Opgørelse for 2013")
    before = IssuedDocument.objects.defer(None).values().get()
    answer = act(client, cast.office, old, "erstat", because="Tallet i tabellen", key="0" * 31 + "1")
    new = Note.objects.get(replaces=old)
    assert answer.url == f"/notater/{new.pk}/"
    assert (new.status, new.written_by, new.document_number) == ("draft", cast.office, "")
    assert (new.title, new.case_number, new.ean) == (old.title, old.case_number, old.ean)
    assert list(new.sections.values_list("kind", "heading", "html")) == list(
        old.sections.values_list("kind", "heading", "html")
    )
    assert list(new.recommendations.values_list("text")) == list(old.recommendations.values_list("text"))
    assert list(new.appendices.values_list("title", "file")) == list(old.appendices.values_list("title", "file"))
    assert [each.promise for each in new.promises()] == ["Opgørelse for 2013"]

    new.document_number = "2013-0184482-99"
    new.save()
    new.submit(by=cast.office)
    new.approve(by=cast.approver)
    new.issue(by=cast.office)
    assert new.document.replaces == old.document
    assert new.document.content["replaces"] == (
        f"{old.title} af 20-08-2013 (dokument nr. 1). Rettet: Tallet i tabellen"
    )
    assert IssuedDocument.objects.defer(None).values().get(number=1) == before
    client.force_login(cast.member)
    assert "Notatet er erstattet af" in client.get(f"/notater/{old.pk}/").content.decode()
    assert list(IssuedDocument.objects.faults()) == []


def test_a_note_is_corrected_once(client, cast):
    old = make_issued_note(cast=cast)
    first = act(client, cast.office, old, "erstat", because="Tallet", key="0" * 31 + "1")
    again = act(client, cast.office, old, "erstat", because="Tallet", key="0" * 31 + "1")
    assert again.url == first.url
    other = act(client, cast.office, old, "erstat", because="Navnet", key="0" * 31 + "2")
    assert other.status_code == 409
    assert Note.objects.filter(replaces=old).count() == 1


def test_note_without_sections_can_be_issued(cast):
    note = make_note(committee=cast.finance, written_by=cast.office)
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    assert note.issue(by=cast.office).content["sections"] == []
