"""What no one should send is answered in Danish at the field, with all that was typed still there and no row changed.

The rooms test their own fields; here is what holds for every form: length, bytes, and what lies behind the field.
"""

from urllib.parse import quote

import pytest
from django.urls import reverse

from closures.models import Closure
from sikkerby.models import District
from tests import factories

TEN_MB = "Uro på skolen. " * 700_000


def closure_form(cast, **fields) -> dict:
    return {
        "key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "institution": cast.school.pk,
        "kind": "disruption",
        "scope": "area",
        "first_day": "2026-03-02",
        "first_part": "whole",
        "last_day": "2026-03-03",
        "last_part": "whole",
        "what": "unit",
        "account": "Ruder blev knust.",
        "reference": "MM-17",
    } | fields


def check(client, cast, **fields):
    """ "Kontrollér og send", which shows the form to be read through."""
    client.force_login(cast.leader)
    return client.post(reverse("closures:closure_new"), closure_form(cast, **fields))


def send(client, cast, **fields):
    return check(client, cast, send="1", **fields)


def test_what_is_right_is_stored(client, cast):
    """The control: without a mistake the same form makes a row."""
    assert send(client, cast).status_code == 302
    assert Closure.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first_day": "2026-03-03", "last_day": "2026-03-02"}, "ligger før"),
        ({"first_day": "29.02.2027"}, "»29.02.2027« er ikke en dato, der findes"),
        ({"first_day": "01-01-9999"}, "Årstallet skal ligge mellem 2000 og 2100"),
        ({"first_day": "2010"}, "er ikke en dato, der findes"),
        ({"account": "Eleven 010203-1234 var med."}, "CPR-nummer"),
        ({"reference": "0102031234"}, "CPR-nummer"),
        ({"account": "før\0efter"}, "egn"),
        ({"institution": "999999"}, "Institution: "),
        ({"institution": "'; DROP TABLE"}, "Institution: "),
        ({"kind": "vandskade"}, "vandskade"),
        ({"what": "begge dele"}, "Hvad der var lukket"),
        ({"what": "part", "part": "x" * 151}, "150"),
        ({"what": "part", "part": "før\0efter"}, "egn"),
        ({"services": "999999"}, "Hvilke af jeres enheder lukkede også?"),
        ({"services": "'; DROP TABLE"}, "Hvilke af jeres enheder lukkede også?"),
        ({"key": "ikke en nøgle"}, ""),
    ],
)
@pytest.mark.parametrize("act", [check, send])
def test_mistake_is_said_and_the_rest_is_kept(client, cast, act, fields, said):
    response = act(client, cast, **fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Der er problemer" in page
    assert said in page
    for name in {"account", "reference"} - set(fields):
        assert closure_form(cast)[name] in page
    assert not Closure.objects.exists()


@pytest.mark.parametrize("act", [check, send])
def test_ten_megabytes_are_kept_and_answered_at_the_field(client, cast, act):
    response = act(client, cast, account=TEN_MB)
    page = response.content.decode()
    assert response.status_code == 422
    assert "20000" in page or "20.000" in page
    assert page.count("Uro på skolen.") == 700_000
    assert not Closure.objects.exists()


def test_bytes_that_are_no_text_are_answered_at_the_field(client, cast):
    client.force_login(cast.leader)
    fields = closure_form(cast, account="ODELAGT")
    body = "&".join(f"{name}={quote(str(value))}" for name, value in fields.items())
    response = client.generic(
        "POST",
        reverse("closures:closure_new"),
        body.encode().replace(b"ODELAGT", b"R%FFder blev knust"),
        content_type="application/x-www-form-urlencoded",
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "tegn, der ikke kan læses" in page
    assert "der blev knust" in page
    assert not Closure.objects.exists()


@pytest.mark.parametrize("name", ["closures:closure_list", "closures:institution_list"])
@pytest.mark.parametrize("query", ["efter=abc", "foer=abc", "efter=", "sidste=1&efter=abc", "format=exe"])
def test_list_that_is_asked_for_nonsense_is_404(client, cast, name, query):
    client.force_login(cast.office)
    assert client.get(f"{reverse(name)}?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["aar=abc", "status=ukendt", "bydel=-1", "institution=9999999999999999999999", "haendelse=" + "9" * 5000],
)
def test_filter_that_makes_no_sense_filters_nothing_and_breaks_nothing(client, cast, query):
    factories.make_closure(institution=cast.school)
    client.force_login(cast.office)
    response = client.get(f"{reverse('closures:closure_list')}?{query}")
    assert response.status_code == 200
    assert "Skolen ved Søen" in response.content.decode()


@pytest.mark.parametrize("username", ["\0", "a\0b", "x" * 10_000, "010203-1234"])
def test_log_in_with_an_impossible_name_is_answered_at_the_field(client, cast, username):
    response = client.post("/log-ind/", {"username": username, "password": "forkert"})
    assert response.status_code == 422
    assert "Der er problemer" in response.content.decode()


@pytest.mark.parametrize("charset", ["latin1", "utf-7", "iso-8859-1"])
def test_form_in_another_charset_is_a_polite_400(client, cast, charset):
    response = client.generic(
        "POST", "/log-ind/", "username=a", content_type=f"application/x-www-form-urlencoded; charset={charset}"
    )
    assert response.status_code == 400
    assert "Sikker By" in response.content.decode()


@pytest.mark.parametrize("year", ["2147483648", "99999", "-1", "10000", "0"])
@pytest.mark.parametrize("more", ["", "&format=csv"])
def test_list_of_notes_for_an_impossible_year_filters_nothing(client, cast, year, more):
    client.force_login(cast.office)
    assert client.get(f"/notater/?aar={year}{more}").status_code == 200


def test_form_sent_again_with_other_content_says_that_nothing_new_is_saved(client, cast):
    send(client, cast)
    response = send(client, cast, account="Noget helt andet.")
    response = client.get(response.url)
    assert "der er ikke gemt noget nyt" in response.content.decode()
    assert [each.account for each in Closure.objects.all()] == ["Ruder blev knust."]


def test_one_line_holds_one_line(client, cast):
    send(client, cast, reference="MM-17\r\nX-Injected: ja")
    assert Closure.objects.get().reference == "MM-17 X-Injected: ja"


@pytest.mark.parametrize("name", ["Ny\x01bydel", "010190-1234"])
def test_administration_pages_check_text_too(client, cast, name):
    client.force_login(cast.administrator)
    response = client.post("/administration/sikkerby/district/add/", {"name": name})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not District.objects.filter(name=name).exists()


def test_spreadsheet_leaves_out_what_it_cannot_hold(client, cast):
    District.objects.filter(pk=cast.school.district_id).update(name="Nør\x01rebro")
    client.force_login(cast.office)
    assert client.get("/institutioner/?format=xlsx").status_code == 200


def test_number_of_a_duplicate_must_have_its_own_year(client, cast):
    """A slip of the finger must not take a right closure out of the count."""
    closure = factories.make_closure(institution=cast.school)
    other = factories.make_closure(institution=cast.library)
    client.force_login(cast.office)
    address = reverse("closures:closure_exclude", args=[closure.pk])
    wrong = {"reason": "duplicate", "duplicate_of": other.number.replace("LUK-2", "LUK-1")}
    assert client.post(address, wrong).status_code == 422
    assert client.post(address, wrong | {"duplicate_of": other.number}).status_code == 302


def test_search_for_part_of_a_compound_finds_it(client, cast):
    """PostgreSQL stems "lukninger" to "lukning", and knows nothing of sommerferielukning: trigrams do."""
    factories.make_initiative(name="Sommerferielukning i klubberne")
    factories.make_initiative(name="Natteværter")
    client.force_login(cast.office)
    page = client.get("/soeg/?q=lukning").content.decode()
    assert "Sommerferielukning i klubberne" in page
    assert "Natteværter" not in page


@pytest.mark.parametrize("query", ["", "   ", "'", '"', "a & b | !c", "((", "æøå", "%" * 300, "lukning -uro", "\\"])
def test_search_for_anything_answers(client, cast, query):
    client.force_login(cast.office)
    assert client.get("/soeg/", {"q": query}).status_code == 200
