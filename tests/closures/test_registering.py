"""Registering: what is typed is checked, shown, and sent once; what is refused is said, and nothing typed is lost."""

import re
from datetime import date

import pytest
import time_machine

from closures.models import Closure
from tests.closures.test_closure_pages import address, typed
from tests.factories import make_closure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 10:00 +0100", tick=False):
        yield


# --- Registering --------------------------------------------------------------------------------------------------


def test_a_leader_registers_and_sees_the_receipt(client, cast):
    client.force_login(cast.leader)
    response = client.post(address("closure_new"), typed(cast.school), follow=True)
    closure = Closure.objects.get()
    assert response.redirect_chain == [(closure.get_absolute_url(), 302)]
    page = response.content.decode()
    assert f"Lukningen er registreret som {closure.number}." in page
    assert "Lukningen tæller 2 dage." in page
    assert "Hvad sker der nu?" in page


@pytest.mark.parametrize(
    ("person", "institutions"),
    [
        ("leader", {"Skolen ved Søen", "Aftenklubben"}),
        ("deputy", {"Skolen ved Søen"}),
        ("contact", {"Skolen ved Søen", "Aftenklubben"}),
        ("other_leader", {"Biblioteket"}),
        ("office", {"Skolen ved Søen", "Aftenklubben", "Biblioteket"}),
    ],
)
def test_the_institutions_to_choose_from_are_one_s_own(client, cast, person, institutions):
    client.force_login(getattr(cast, person))
    form = client.get(address("closure_new")).context["form"]
    assert {each.name for each in form.fields["institution"].queryset} == institutions


def test_the_only_institution_is_chosen_beforehand(client, cast):
    client.force_login(cast.deputy)
    page = client.get(address("closure_new")).content.decode()
    (chosen,) = re.findall(r'<input type="radio" name="institution" value="(\d+)"[^>]* checked>', page)
    assert chosen == str(cast.school.pk)


def test_another_institution_s_id_is_refused_at_the_field(client, cast):
    client.force_login(cast.leader)
    response = client.post(address("closure_new"), typed(cast.library))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["institution"]
    assert not Closure.objects.exists()


WRONG = [
    ({"first_day": "2026-11-05"}, "last_day", "Sidste dag ligger før første dag."),
    ({"first_day": "29.02.2027"}, "first_day", "»29.02.2027« er ikke en dato, der findes."),
    ({"last_day": "9999-01-01"}, "last_day", "Årstallet skal ligge mellem 2000 og 2100."),
    ({"last_day": ""}, "last_day", "Skriv den sidste dag, eller vælg »indtil videre«."),
    ({"first_day": "2027-01-04", "last_day": "2027-01-04"}, "first_day", "højst registreres 14 dage frem"),
    ({"first_day": "2009-11-02", "last_day": "2009-11-02"}, "__all__", "Sikker By begyndte i 2010."),
    ({"first_day": "2026-11-07", "last_day": "2026-11-08"}, "__all__", "Der er ingen lukkedage at registrere."),
    ({"last_day": "2026-11-02", "first_part": "last", "last_part": "first"}, "__all__", "kan ikke være samme dag"),
    ({"account": "Drengen med 010190-1234 var der."}, "account", "CPR-nummer"),
    ({"account": "nul\0tegn"}, "account", "Null-tegn"),
    ({"account": "brudt \ufffd tegn"}, "account", "tegn, der ikke kan læses"),
    ({"account": "æ" * 20_001}, "account", "20001"),
    ({"kind": "undistinguished"}, "kind", "kan ikke vælges"),
    ({"kind": ""}, "kind", "skal udfyldes"),
    ({"scope": ""}, "scope", "skal udfyldes"),
    ({"measures": ["dans"]}, "measures", "dans"),
]


@pytest.mark.parametrize(("wrong", "field", "message"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_all_that_was_typed_is_kept(client, cast, wrong, field, message):
    client.force_login(cast.leader)
    response = client.post(address("closure_new"), typed(cast.school, reference="MM-4711") | wrong)
    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert message in " ".join(form.errors[field])
    assert "MM-4711" in response.content.decode()
    assert not Closure.objects.exists()


def test_a_day_already_registered_names_and_links_the_closure_in_the_way(client, cast):
    other = make_closure(institution=cast.school, first_day=date(2026, 11, 3))
    client.force_login(cast.leader)
    response = client.post(address("closure_new"), typed(cast.school))
    assert response.status_code == 422
    assert f'<a href="{other.get_absolute_url()}">{other.number}</a> (03-11-2026)' in response.content.decode()
    assert Closure.objects.count() == 1


def test_until_further_notice_needs_no_last_day_and_takes_no_notice_of_one(client, cast):
    client.force_login(cast.leader)
    client.post(address("closure_new"), typed(cast.school, last_day="rod", last_part="open_ended"))
    closure = Closure.objects.get()
    assert (closure.last_day, closure.last_part, closure.half_days) == (None, "whole", 26)


def test_sent_twice_it_is_registered_once(client, cast):
    client.force_login(cast.leader)
    form = typed(cast.school)
    first, second = (client.post(address("closure_new"), form) for _ in range(2))
    assert first.url == second.url
    assert Closure.objects.count() == 1


def test_refused_and_sent_again_corrected_it_is_registered(client, cast):
    client.force_login(cast.leader)
    form = typed(cast.school, first_day="2026-11-07", last_day="2026-11-08")
    client.post(address("closure_new"), form)
    response = client.post(address("closure_new"), form | {"last_day": "2026-11-09"})
    assert response.url == Closure.objects.get().get_absolute_url()


def test_the_rest_can_be_filled_in_at_once(client, cast):
    client.force_login(cast.leader)
    rest = {"cause": "fire", "measures": ["police", "parents"], "reference": "MM-4711", "account": "Uro ved porten."}
    client.post(address("closure_new"), typed(cast.school) | rest)
    closure = Closure.objects.get()
    assert {name: getattr(closure, name) for name in rest} == rest


@pytest.mark.parametrize("person", ["approver", "contributor", "member", "secretary", "administrator", "nobody"])
def test_who_does_not_register_is_refused(client, cast, person):
    client.force_login(getattr(cast, person))
    assert client.get(address("closure_new")).status_code == 403
    assert client.post(address("closure_new"), typed(cast.school)).status_code == 403
    assert not Closure.objects.exists()


# --- The live count -----------------------------------------------------------------------------------------------


def counted(client, **fields):
    response = client.get(address("closure_count"), fields, headers={"HX-Request": "true"})
    return " ".join(response.content.decode().split())


def test_the_count_is_told_while_it_is_typed(client, cast):
    client.force_login(cast.leader)
    dates = {"first_day": "2026-03-30", "first_part": "last", "last_day": "02-04-2026", "last_part": "whole"}
    assert counted(client, institution=cast.school.pk, **dates) == (
        "<p>Tæller 2½ dage: mandag (sidste del), tirsdag, onsdag. Skærtorsdag tæller ikke.</p>"
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"institution": ""}, "Vælg en institution"),
        ({"first_day": "rod"}, "»rod« er ikke en dato"),
        ({"last_day": "2026-10-01"}, "ligger før første"),
        ({"first_day": "2027-02-01", "last_day": "2027-02-01"}, "højst registreres 14 dage frem"),
        ({"first_day": "2026-11-16", "last_part": "open_ended"}, "Tæller 3 dage: mandag, tirsdag, onsdag."),
        ({"first_day": "2026-11-20", "last_part": "open_ended"}, "Tæller ingen dage endnu."),
    ],
)
def test_the_count_says_what_is_missing_or_wrong(client, cast, fields, told):
    client.force_login(cast.leader)
    usual = {"institution": cast.school.pk, "first_day": "2026-11-02", "first_part": "whole", "last_part": "whole"}
    assert told in counted(client, **({"last_day": "2026-11-03"} | usual | fields))


def test_the_count_says_that_a_day_is_taken_but_not_by_the_closure_that_is_changed(client, cast):
    other = make_closure(institution=cast.school, first_day=date(2026, 11, 3))
    client.force_login(cast.leader)
    dates = {"first_day": "2026-11-02", "last_day": "2026-11-03", "first_part": "whole", "last_part": "whole"}
    told = counted(client, institution=cast.school.pk, **dates)
    assert f'Dagene er allerede registreret: <a href="{other.get_absolute_url()}">{other.number}</a>' in told
    assert "Tæller 2 dage" in counted(client, institution=cast.school.pk, closure=other.pk, **dates)


def test_the_count_says_nothing_of_another_s_institution(client, cast):
    client.force_login(cast.leader)
    assert "Vælg en institution" in counted(client, institution=cast.library.pk, first_day="2026-11-02")
