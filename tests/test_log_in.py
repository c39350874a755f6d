"""Log-in, and what was typed when a session ended."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Initiative
from tests import factories

LOG_IN = "/log-ind/"
WRONG = "Brugernavn og adgangskode passer ikke sammen"


def log_in(client, username, password=factories.PASSWORD, **fields):
    return client.post(LOG_IN, {"username": username, "password": password, **fields})


def carried_in(response) -> str:
    return re.search(r'name="carried" value="([^"]+)"', response.content.decode())[1]


def test_right_password_leads_to_where_one_was_going(client, cast):
    response = client.get(reverse("account"))
    assert response.url == "/log-ind/?next=%2Fkonto%2F"
    response = log_in(client, "office", next="/konto/")
    assert (response.status_code, response.url) == (302, "/konto/")


@pytest.mark.parametrize(
    "next_url", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(client, cast, next_url):
    assert log_in(client, "office", next=next_url).url == "/"


def test_unknown_user_and_wrong_password_are_answered_alike(client, cast):
    wrong = log_in(client, "office", "forkert")
    unknown = Client().post(LOG_IN, {"username": "ukendt", "password": "forkert"})
    cast.member.is_active = False
    cast.member.save()
    closed = log_in(Client(), "member")
    for response in (wrong, unknown, closed):
        assert response.status_code == 422
        assert WRONG in response.content.decode()


def test_disabled_users_next_click_is_log_in(client, cast):
    client.force_login(cast.office)
    assert client.get("/konto/").status_code == 200
    cast.office.is_active = False
    cast.office.save()
    assert client.get("/konto/").url.startswith(LOG_IN)


def test_session_ends_after_twelve_hours(client, cast):
    log_in(client, "office")
    with time_machine.travel(timezone.now() + timedelta(hours=11, minutes=59)):
        assert client.get("/konto/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        assert client.get("/konto/").status_code == 302


def test_log_out_is_a_post_and_ends_the_session(client, cast):
    client.force_login(cast.office)
    assert client.get("/log-ud/").status_code == 405
    client.post("/log-ud/")
    assert not Session.objects.exists()


def test_tenth_failure_locks_the_pair_of_account_and_address(client, cast):
    at = timezone.now()
    for attempt in range(10):
        with time_machine.travel(at + timedelta(minutes=2 * attempt)):
            log_in(client, "office", "forkert")
    with time_machine.travel(at + timedelta(minutes=19)):
        locked = log_in(client, "office")
        other_person = log_in(Client(), "member")
    assert locked.status_code == 429
    assert "For mange forsøg" in locked.content.decode()
    assert other_person.status_code == 302


def test_account_waits_longer_after_each_failure(client, cast):
    at = timezone.now()
    for attempt in range(6):
        with time_machine.travel(at + timedelta(minutes=attempt)):
            log_in(Client(REMOTE_ADDR=f"10.0.0.{attempt}"), "office", "forkert")
    with time_machine.travel(at + timedelta(minutes=5, seconds=1)):
        response = log_in(client, "office")
        assert response.status_code == 429
        assert "Vent 3 sekunder" in response.content.decode()
    with time_machine.travel(at + timedelta(minutes=5, seconds=5)):
        assert log_in(client, "office").status_code == 302


def test_hundred_failures_an_hour_stop_an_address(client, cast):
    at = timezone.now()
    for attempt in range(100):
        with time_machine.travel(at + timedelta(seconds=attempt)):
            log_in(client, f"gaet{attempt}", "forkert")
    with time_machine.travel(at + timedelta(minutes=5)):
        assert log_in(client, "office").status_code == 429
        assert log_in(Client(REMOTE_ADDR="10.0.0.9"), "office").status_code == 302


def test_cpr_number_as_user_name_is_neither_looked_up_nor_logged(client, db, caplog):
    response = log_in(client, "0102031234")
    assert "CPR-nummer" in response.content.decode()
    assert "0102031234" not in caplog.text


def test_own_password_is_changed_and_the_session_lives_on(client, cast):
    log_in(client, "office")
    new = "endnu et langt kodeord 7"
    response = client.post("/konto/", {"old_password": factories.PASSWORD, "new_password1": new, "new_password2": new})
    assert response.status_code == 302
    assert "Din adgangskode er skiftet" in client.get("/konto/").content.decode()
    assert log_in(Client(), "office", new).status_code == 302


# --- Nothing typed is lost ----------------------------------------------------------------------------------------


def new_initiative(name: str, key: str = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff") -> dict:
    return {"name": name, "summary": "Lang tekst, der ikke må gå tabt: æøå.", "status": "running", "key": key}


def test_post_without_session_is_carried_through_log_in_and_not_saved(client, cast):
    address = reverse("initiatives:initiative_new")
    refused = client.post(address, new_initiative("Natteværter"))
    assert refused.status_code == 401

    response = log_in(client, "office", carried=carried_in(refused))

    assert response.url == address
    page = client.get(address).content.decode()
    assert "Natteværter" in page
    assert "Lang tekst, der ikke må gå tabt: æøå." in page
    assert not Initiative.objects.exists()


def test_carried_fields_are_for_their_own_address_only(client, cast):
    refused = client.post(reverse("initiatives:initiative_new"), new_initiative("Natteværter"))
    log_in(client, "office", carried=carried_in(refused))
    assert "Natteværter" not in client.get(reverse("catalogue:practice_new")).content.decode()


def test_carried_fields_that_are_tampered_with_are_dropped(client, cast):
    refused = client.post(reverse("initiatives:initiative_new"), new_initiative("Natteværter"))
    response = log_in(client, "office", carried="x" + carried_in(refused))
    assert response.url == "/"
    assert "Natteværter" not in client.get(reverse("initiatives:initiative_new")).content.decode()


def test_carried_fields_hold_no_password(client, db):
    refused = client.post("/konto/", {"old_password": "hemmeligt kodeord", "new_password1": "x", "new_password2": "x"})
    from django.core import signing

    assert "hemmeligt" not in str(signing.loads(carried_in(refused), salt="carried"))


def test_htmx_without_session_keeps_the_page_and_the_dialog_logs_in(client, cast):
    assert client.get("/konto/", headers={"HX-Request": "true"}).status_code == 401
    dialog = client.get("/log-ind/?dialog=1", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog
    response = client.post(
        "/log-ind/?dialog=1",
        {"username": "office", "password": factories.PASSWORD},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 204
    assert "csrf" in response.headers["HX-Trigger"]


def test_wrong_csrf_token_shows_what_was_typed_as_text_and_never_as_a_form(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.office)
    response = client.post(reverse("initiatives:initiative_new"), new_initiative("<b>Natteværter</b>"))
    page = response.content.decode()
    assert response.status_code == 403
    assert "&lt;b&gt;Natteværter&lt;/b&gt;" in page
    assert "<form" not in page
    assert "<input" not in page
    assert "<textarea" not in page
