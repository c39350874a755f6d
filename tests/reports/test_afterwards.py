"""What is recorded of an issued note: that it is journalised, and in the last resort that two persons barred it."""

import pytest
from django.utils import timezone

from reports.models import Barring, IssuedDocument, Journalisation, RegisterEntry
from sikkerby.middleware import Conflict
from tests.reports.factories import make_issued_note, make_written_note
from tests.reports.test_appendices import text
from tests.reports.test_issuing import run_together


def post(client, user, note, act, **typed):
    client.force_login(user)
    return client.post(f"/notater/{note.pk}/{act}/", typed)


# --- Journalised --------------------------------------------------------------------------------------------------


def test_journalising_is_noted_once_and_entered_in_the_register(client, cast):
    note = make_issued_note(cast=cast)
    assert post(client, cast.office, note, "journaliseret", on="21-08-2013").status_code == 302
    page = text(client.get(f"/notater/{note.pk}/"))
    assert f"Journaliseret den 21. august 2013. Noteret af {cast.office}." in page
    assert post(client, cast.office, note, "journaliseret", on="22-08-2013").status_code == 409
    assert Journalisation.objects.get().by == cast.office
    assert RegisterEntry.objects.get().facts["on"] == "2013-08-21"
    assert list(RegisterEntry.objects.faults()) == []


@pytest.mark.parametrize(
    ("on", "error"),
    [
        ("", "Feltet skal udfyldes."),
        ("19-08-2013", "Notatet blev udsendt 20-08-2013"),
        ("01-01-2099", "Dagen er ikke kommet endnu."),
        ("31-02-2014", "er ikke en dato, der findes"),
    ],
)
def test_impossible_days_are_refused(client, cast, on, error):
    note = make_issued_note(cast=cast)
    answer = post(client, cast.office, note, "journaliseret", on=on)
    assert answer.status_code == 422
    assert error in text(answer)
    assert not Journalisation.objects.exists()


def test_a_draft_is_not_journalised(client, cast):
    assert post(client, cast.office, make_written_note(cast=cast), "journaliseret", on="21-08-2013").status_code == 409


# --- Barred -------------------------------------------------------------------------------------------------------

PAPERS = ("papir/", "pdf/", "bilag/1/pdf/", "dagsorden.zip/")


def test_two_persons_bar_a_note_and_members_find_it_no_longer(client, cast):
    note = make_issued_note(cast=cast, title="Notatet om Holmen")
    before = note.document.sha256
    assert post(client, cast.office, note, "spaer").status_code == 422
    assert post(client, cast.office, note, "spaer", because="Navngivne personer").status_code == 302
    client.force_login(cast.member)
    page = text(client.get(f"/notater/{note.pk}/"))
    assert client.get(f"/notater/{note.pk}/pdf/").status_code == 200  # it is only asked for
    assert "spærret for visning" not in page
    assert "Navngivne personer" not in page
    assert str(cast.office) not in page
    assert post(client, cast.office, note, "spaer/bekraeft").status_code == 409  # the one who asked
    assert post(client, cast.approver, note, "spaer/bekraeft").status_code == 302

    client.force_login(cast.member)
    missing = client.get("/notater/987654/").content
    for part in ("", *PAPERS, "aegthed/"):
        answer = client.get(f"/notater/{note.pk}/{part}")
        assert answer.status_code == 404, part
    assert client.get(f"/notater/{note.pk}/").content == missing
    for address in ("/notater/", "/notater/?q=Holmen", "/notater/?q=efterretning", "/soeg/?q=Holmen"):
        assert f"/notater/{note.pk}/" not in client.get(address).content.decode(), address
    assert client.post("/aegthed/", {"code": note.document.code}).status_code == 422

    client.force_login(cast.office)
    page = text(client.get(f"/notater/{note.pk}/"))
    assert "Notatet er spærret for visning" in page
    assert "Navngivne personer" in page
    assert str(cast.approver) in page
    assert "<iframe" not in page
    for part in (*PAPERS, "journal.zip/"):
        assert f"/notater/{note.pk}/{part}" not in page, part
        answer = client.get(f"/notater/{note.pk}/{part}")
        assert answer.status_code == 409, part
        assert "spærret for visning" in text(answer)
    for address in ("/notater/", "/notater/?q=Holmen", f"/udvalg/{cast.finance.pk}/"):
        assert f"/notater/{note.pk}/pdf/" not in client.get(address).content.decode(), address
    assert "Status for året" not in client.get("/notater/?q=Holmen+status").content.decode()
    assert f"/notater/{note.pk}/" not in client.get("/notater/?q=efterretning").content.decode()
    assert IssuedDocument.objects.get().sha256 == before
    assert RegisterEntry.objects.get().kind == "barring"
    assert list(IssuedDocument.objects.faults()) == list(RegisterEntry.objects.faults()) == []


def test_a_wish_can_be_taken_back_until_it_is_confirmed(client, cast):
    note = make_issued_note(cast=cast)
    post(client, cast.office, note, "spaer", because="Personer")
    assert post(client, cast.office, note, "spaer/fortryd").status_code == 302
    assert not Barring.objects.exists()
    assert [step.act for step in note.steps.all()][-2:] == ["barring_asked", "barring_taken_back"]
    post(client, cast.office, note, "spaer", because="Personer igen")
    post(client, cast.approver, note, "spaer/bekraeft")
    assert post(client, cast.office, note, "spaer/fortryd").status_code == 409
    assert post(client, cast.office, note, "spaer", because="En gang til").status_code == 409
    assert Barring.objects.get().is_in_force


def test_a_draft_is_not_barred(client, cast):
    assert post(client, cast.office, make_written_note(cast=cast), "spaer", because="Personer").status_code == 409
    assert post(client, cast.office, make_issued_note(cast=cast), "spaer/bekraeft").status_code == 409


def test_a_barred_note_does_not_bar_its_correction(client, cast):
    note = make_issued_note(cast=cast)
    post(client, cast.office, note, "spaer", because="Personer")
    post(client, cast.approver, note, "spaer/bekraeft")
    client.force_login(cast.office)
    assert post(client, cast.office, note, "erstat", because="Uden navne", key="0" * 32).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_once_and_it_is_entered_once(cast):
    note = make_issued_note(cast=cast)
    Barring.objects.ask(note, because="Personer", by=cast.office)
    acts = [
        lambda user=user: Barring.objects.get(note=note).confirm(by=user) for user in (cast.approver, cast.colleague)
    ]
    outcomes = run_together(*acts)
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]
    assert RegisterEntry.objects.count() == 1
    assert list(RegisterEntry.objects.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_confirmed_and_taken_back_at_once_one_of_them_holds(cast):
    for _ in range(10):
        note = make_issued_note(cast=cast)
        Barring.objects.ask(note, because="Personer", by=cast.office)
        held = Barring.objects.get(note=note), Barring.objects.get(note=note)
        outcomes = run_together(
            lambda held=held: held[0].confirm(by=cast.approver), lambda held=held: held[1].take_back(by=cast.office)
        )
        assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]
    assert list(RegisterEntry.objects.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_journalised_twice_at_once_is_noted_once(cast):
    note = make_issued_note(cast=cast)
    record = lambda: Journalisation.objects.record(note, on=timezone.localdate(), by=cast.office)  # noqa: E731
    outcomes = run_together(record, record)
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "Journalisation"]
    assert any(isinstance(each, Conflict) for each in outcomes)
