"""Issuing: what was known is kept, one document comes of it, and its figures are of one moment."""

import threading
import uuid
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client

from reports import gathering
from reports.doubts import doubts
from reports.models import Barring, IssuedDocument, Note, Section
from sikkerby.middleware import Conflict
from tests.factories import make_closure, make_reviewed_closure
from tests.reports.factories import make_approved_note, make_issued_note, make_meeting, make_written_note

ODD = "<p>Udvalget orienteres igen i februar 2013.</p>"  # in a note of August 2013


def approved(cast, **fields) -> Note:
    note = make_written_note(cast=cast, **fields)
    note.sections.filter(kind=Section.Kind.PROCESS).update(html=ODD)
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.refresh_from_db()
    return note


def issue(client, note, **typed):
    numbers = {"case_number": note.case_number, "document_number": note.document_number, "version": note.version}
    return client.post(f"/notater/{note.pk}/udsend/", numbers | typed)


def seen_on(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


# --- With doubts --------------------------------------------------------------------------------------------------


def test_with_doubts_it_is_issued_when_someone_says_so_and_that_is_kept(client, cast):
    note = approved(cast)
    client.force_login(cast.office)
    page = client.get(f"/notater/{note.pk}/udsend/").content.decode()
    assert "»februar 2013«" in page
    answer = issue(client, note, seen=seen_on(page))
    assert answer.status_code == 422
    assert "Sæt flueben ved »Udsend alligevel«" in answer.content.decode()
    assert not IssuedDocument.objects.exists()

    assert issue(client, note, seen=seen_on(page), all_the_same="on").status_code == 302
    step = note.steps.last()
    assert (step.act, step.by) == ("issued", cast.office)
    assert "Udsendt, selv om dette var bemærket:" in step.text
    assert "»februar 2013«" in step.text
    assert "»februar 2013«" in client.get(f"/notater/{note.pk}/").content.decode()
    client.force_login(cast.member)
    assert "selv om" not in client.get(f"/notater/{note.pk}/").content.decode()


def test_a_doubt_that_came_meanwhile_must_be_read_first(client, cast):
    note = approved(cast)
    client.force_login(cast.office)
    seen = seen_on(client.get(f"/notater/{note.pk}/udsend/").content.decode())
    note.follow_ups.create(committee=cast.finance, promise="En status", due=date(2013, 1, 1))
    answer = issue(client, note, seen=seen, all_the_same="on")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Der er kommet noget til, siden du åbnede siden." in page
    assert "»En status« er lovet til" in page
    assert issue(client, note, seen=seen_on(page), all_the_same="on").status_code == 302


def test_without_doubts_nothing_is_asked(client, cast):
    note = make_approved_note(cast=cast)
    note.refresh_from_db()
    client.force_login(cast.office)
    assert "Udsend alligevel" not in client.get(f"/notater/{note.pk}/udsend/").content.decode()
    assert issue(client, note).status_code == 302
    assert note.steps.last().text == ""


# --- One document, of one moment ----------------------------------------------------------------------------------


def run_together(*acts) -> list:
    """Each on a connection of its own, at the same moment; what each came to, or the error it raised."""
    together, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        try:
            together.wait()
            outcomes.append(act())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_issue_the_same_note_at_once_50_times(cast, monkeypatch):
    """The paper itself is made quickly here: it is the rows that they race for."""
    monkeypatch.setattr("reports.paper.to_pdf", lambda paper, html, *, created: b"%PDF-1.7 " + html.encode())
    for _ in range(50):
        note = make_approved_note(cast=cast)
        act = lambda pk=note.pk: Note.objects.get(pk=pk).issue(by=cast.office)  # noqa: E731
        outcomes = run_together(act, act)
        assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "IssuedDocument"], outcomes
    assert IssuedDocument.objects.count() == 50
    assert list(IssuedDocument.objects.faults()) == []


def two_years_of(cast) -> Note:
    """A note that shows the same year twice."""
    make_reviewed_closure(institution=cast.school, by=cast.office)
    note = make_written_note(cast=cast, date=date(2026, 11, 1))
    for order in (8, 9):
        Section.objects.create(note=note, order=order, kind=Section.Kind.CLOSURES, heading="Lukkedage", year=2026)
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    return note


def totals_when_another_writes_between(cast, note, monkeypatch, issue) -> list[int]:
    """Between the first reading of the year and the second, another closure is reviewed and committed."""
    late = make_closure(institution=cast.library, by=cast.other_leader, first_day=date(2026, 5, 5))
    shown, read = gathering.figures.shown, []

    def read_and_let_another_in(*args, **kwargs):
        years = shown(*args, **kwargs)
        if not read:
            (outcome,) = run_together(lambda: late.review(by=cast.office))
            assert outcome is None
        read.append(years[-1].total)
        return years

    monkeypatch.setattr(gathering.figures, "shown", read_and_let_another_in)
    issue()
    return read


@pytest.mark.django_db(transaction=True)
def test_figures_of_a_note_are_of_one_moment(cast, monkeypatch):
    note = two_years_of(cast)
    totals = totals_when_another_writes_between(cast, note, monkeypatch, lambda: note.issue(by=cast.office))
    assert totals == [2, 2]
    sections = [each for each in note.document.content["sections"] if each["kind"] == "closures"]
    assert [each["years"][0]["total"] for each in sections] == [2, 2]


@pytest.mark.django_db(transaction=True)
def test_figures_of_a_note_issued_in_the_browser_are_of_one_moment(cast, monkeypatch, client):
    note = two_years_of(cast)
    note.refresh_from_db()
    client.force_login(cast.office)
    page = client.get(f"/notater/{note.pk}/udsend/").content.decode()
    typed = {"all_the_same": "on", "seen": seen_on(page)} if "Udsend alligevel" in page else {}
    answer = []
    totals = totals_when_another_writes_between(
        cast, note, monkeypatch, lambda: answer.append(issue(client, note, **typed))
    )
    assert answer[0].status_code == 302
    assert len(set(totals)) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_snapshot_they_would_not_be(cast, monkeypatch):
    """The control: the same within a transaction that reads each time what is committed."""
    note = two_years_of(cast)

    def in_an_ordinary_transaction():
        with transaction.atomic():
            note.issue(by=cast.office)

    assert totals_when_another_writes_between(cast, note, monkeypatch, in_an_ordinary_transaction) == [2, 4]


@pytest.mark.django_db(transaction=True)
def test_the_connection_reads_as_usual_afterwards(cast):
    with pytest.raises(Conflict):
        make_written_note(cast=cast).issue(by=cast.office)
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)


@pytest.mark.django_db(transaction=True)
def test_a_comment_written_while_the_note_is_issued_is_refused(cast):
    """It would stay open for good: an issued note has no page to resolve it on."""
    note, answers = make_approved_note(cast=cast), []

    def comment():
        try:
            client = Client()
            client.force_login(cast.approver)
            answers.append(client.post(f"/notater/{note.pk}/kommentarer/", {"text": "Vent!", "key": str(uuid.uuid4())}))
        finally:
            connection.close()

    thread = threading.Thread(target=comment)
    with transaction.atomic():
        held = Note.objects.select_for_update().get(pk=note.pk)
        thread.start()
        thread.join(timeout=0.5)
        assert answers == []  # it waits
        held.issue(by=cast.office)
    thread.join()
    assert answers[0].status_code == 409
    assert not note.comments.exists()


# --- Who may read it ----------------------------------------------------------------------------------------------

CLOSED = {"confidentiality": Note.Confidentiality.CLOSED, "closed_because": "Personalesag"}


def test_a_note_closed_after_it_came_on_another_agenda_is_not_opened_to_that_unseen(cast):
    note = make_approved_note(cast=cast)
    make_meeting(committee=cast.social).put(note, number="1")
    note.take_back(by=cast.office)
    assert "dagsordenen" not in " ".join(doubts(note, on=date(2013, 8, 20)))
    for name, value in CLOSED.items():
        setattr(note, name, value)
    note.save()
    said = " ".join(doubts(note, on=date(2013, 8, 20)))
    assert "Notatet er lukket, men Socialudvalget har det på dagsordenen." in said


def test_a_note_to_a_dissolved_committee_is_doubted(cast):
    note = make_written_note(cast=cast)
    cast.finance.dissolved_on = date(2013, 8, 20)
    note.committee = cast.finance
    assert "dagsordenen" not in " ".join(doubts(note, on=date(2013, 8, 19)))
    assert doubts(note, on=date(2013, 8, 19)) == []
    assert "Økonomiudvalget er nedlagt den 20. august 2013." in doubts(note, on=date(2013, 8, 20))[0]


@pytest.mark.parametrize("hidden", ["closed", "barred"])
def test_a_correction_does_not_say_what_its_readers_may_not_know_of_the_old_one(client, cast, hidden):
    old = make_issued_note(cast=cast, title="Sagen om Aftenklubben", **(CLOSED if hidden == "closed" else {}))
    if hidden == "barred":
        Barring.objects.ask(old, because="Personer", by=cast.office).confirm(by=cast.approver)
    new = Note.objects.correct(old, by=cast.office, because="Uden navne", today=date(2013, 9, 1))
    new.title, new.document_number = "Redegørelse", "2013-0184482-77"
    new.confidentiality, new.closed_because = Note.Confidentiality.OPEN, ""
    new.save()
    opened = "Notatet er åbent, men er skrevet på grundlag af et lukket."
    assert (opened in " ".join(doubts(new, on=date(2013, 9, 1)))) == (hidden == "closed")
    new.submit(by=cast.office)
    new.approve(by=cast.approver)
    new.issue(by=cast.office)
    said = {"closed": "Erstatter et lukket notat af", "barred": "Erstatter et spærret notat af"}[hidden]
    client.force_login(cast.social_member)
    for address in (new.get_absolute_url(), f"{new.get_absolute_url()}papir/"):
        page = client.get(address).content.decode()
        assert "Aftenklubben" not in page
        assert old.get_absolute_url() not in page
    assert said in page
    assert "Uden navne" in page
    client.force_login(cast.office)
    assert f'href="{old.get_absolute_url()}"' in client.get(new.get_absolute_url()).content.decode()


# --- Corrections --------------------------------------------------------------------------------------------------


def test_a_correction_has_all_that_sections_have_and_the_old_one_is_marked(client, cast):
    old = make_written_note(cast=cast)
    given = {"heading": "Økonomi", "kind": Section.Kind.ECONOMY, "economy": Section.Economy.WITHIN}
    quoted = {"heading": "Tidligere", "kind": Section.Kind.QUOTE, "quoted_body": "Borgerrepræsentationen"}
    quoted |= {"quoted_on": date(2011, 2, 10), "quoted_item": "12", "html": "<p>Det blev godkendt.</p>"}
    Section.objects.create(note=old, order=8, as_text=True, **given)
    Section.objects.create(note=old, order=9, **quoted)
    old.submit(by=cast.office)
    old.approve(by=cast.approver)
    old.issue(by=cast.office)
    new = Note.objects.correct(old, by=cast.office, because="Et tal", today=date(2013, 9, 1))
    copied = new.sections.get(kind=Section.Kind.ECONOMY)
    assert (copied.economy, copied.as_text) == (Section.Economy.WITHIN, True)
    copied = new.sections.get(kind=Section.Kind.QUOTE)
    assert {name: getattr(copied, name) for name in quoted} == quoted

    client.force_login(cast.member)
    assert "Erstattet" not in client.get("/notater/").content.decode()
    new.document_number = "2010-161108"
    new.save()
    new.submit(by=cast.office)
    new.approve(by=cast.approver)
    new.issue(by=cast.office)
    assert client.get("/notater/").content.decode().count("Erstattet") == 1
    assert "Notatet er erstattet af" in client.get(f"/notater/{old.pk}/").content.decode()
