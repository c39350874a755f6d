"""The pages of closures: who sees what, what is refused and how it is said, and that lists agree."""

import re
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from closures.models import ClosedHalfDay, Closure, Kind
from tests.factories import make_closure, make_institution

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)  # a Wednesday


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 10:00 +0100", tick=False):
        yield


def typed(institution, **fields):
    """The registration form as a leader fills it in: Monday 2 to Tuesday 3 November."""
    return {
        "key": str(uuid4()),
        "institution": institution.pk,
        "kind": "disruption",
        "scope": "area",
        "first_day": "2026-11-02",
        "first_part": "whole",
        "last_day": "2026-11-03",
        "last_part": "whole",
    } | fields


def changed(closure, **fields):
    """The form for changing a closure, as the page gives it."""
    return typed(closure.institution, version=closure.version, **fields)


def address(name, *args):
    return reverse(f"closures:{name}", args=args)


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


# --- Seeing -------------------------------------------------------------------------------------------------------


def test_a_leader_sees_the_closures_of_own_institutions_only(client, cast):
    own, other = make_closure(institution=cast.school), make_closure(institution=cast.library)
    client.force_login(cast.leader)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    page = client.get(address("closure_list")).content.decode()
    assert own.number in page
    assert other.number not in page


def test_a_leader_sees_the_services_under_the_institution(client, cast):
    service = make_closure(institution=make_institution(parent=cast.school))
    client.force_login(cast.leader)
    assert client.get(service.get_absolute_url()).status_code == 200


def test_the_approver_reads_everything_and_is_offered_no_act(client, cast):
    closure = make_closure(institution=cast.school)
    client.force_login(cast.approver)
    page = client.get(closure.get_absolute_url()).content.decode()
    assert page.count("<form") == page.count('action="/log-ud/"') + page.count('role="search"')


ACTS = [
    ("closure_change", {}),
    ("closure_end", {"last_day": "2026-11-17", "last_part": "whole"}),
    ("closure_withdraw", {}),
    ("closure_answer", {"answer": "Ja."}),
    ("closure_review", {}),
    ("closure_ask", {"question": "Hvorfor?"}),
    ("closure_exclude", {"reason": "planned"}),
    ("closure_reclassify", {"kind": "pedagogical"}),
]


@pytest.mark.parametrize(("act", "fields"), ACTS)
@pytest.mark.parametrize(("person", "status"), [("other_leader", 404), ("approver", 403), ("member", 403)])
def test_another_s_closure_cannot_be_acted_on(client, cast, act, fields, person, status):
    closure = make_closure(institution=cast.school)
    client.force_login(getattr(cast, person))
    expected = 403 if act in {name for name, _ in ACTS[4:]} else status
    assert client.post(address(act, closure.pk), fields).status_code == expected
    assert Closure.objects.get().version == closure.version


@pytest.mark.parametrize(
    ("act", "fields"), [each for each in ACTS if each[0] not in ("closure_exclude", "closure_reclassify")]
)
def test_an_act_that_the_state_forbids_is_409_with_the_reason(client, cast, act, fields):
    closure = make_closure(institution=cast.school)
    closure.review(by=cast.office)
    client.force_login(cast.office)
    form = changed(closure) if act == "closure_change" else fields
    response = client.post(address(act, closure.pk), form)
    assert response.status_code == 409
    assert "Lukningen er gennemgået." in response.content.decode()


# --- Acts ---------------------------------------------------------------------------------------------------------


def test_question_answer_and_review_as_two_people_do_it(client, cast):
    closure = make_closure(institution=cast.school, by=cast.leader)
    client.force_login(cast.office)
    client.post(address("closure_ask", closure.pk), {"question": "Var det hele dagen?"})
    client.force_login(cast.leader)
    assert "Var det hele dagen?" in client.get(closure.get_absolute_url()).content.decode()
    client.post(address("closure_answer", closure.pk), {"answer": "Ja, hele dagen."})
    client.force_login(cast.office)
    response = client.post(address("closure_review", closure.pk), follow=True)
    page = response.content.decode()
    assert "Ja, hele dagen." in page
    assert Closure.objects.get().status == Closure.Status.REVIEWED


def test_an_act_s_form_that_is_not_filled_in_says_so_on_the_closure_s_page(client, cast):
    closure = make_closure(institution=cast.school)
    client.force_login(cast.office)
    response = client.post(address("closure_ask", closure.pk), {"question": ""})
    assert response.status_code == 422
    assert "Der er problemer" in response.content.decode()
    assert Closure.objects.get().status == Closure.Status.AWAITING


def test_change_moves_the_half_days(client, cast):
    closure = make_closure(institution=cast.school)
    client.force_login(cast.leader)
    response = client.post(address("closure_change", closure.pk), changed(closure, account="Mere at fortælle."))
    assert response.url == closure.get_absolute_url()
    assert set(ClosedHalfDay.objects.values_list("day", flat=True)) == {date(2026, 11, 2), date(2026, 11, 3)}


def test_a_stale_change_shows_both_versions_and_overwrites_nothing(client, cast):
    closure = make_closure(institution=cast.school)
    Closure.objects.filter(pk=closure.pk).update(account="Deres udgave")
    client.force_login(cast.leader)
    response = client.post(address("closure_change", closure.pk), changed(closure, account="Min udgave"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Deres udgave" in page
    assert "Min udgave" in page
    assert Closure.objects.get().account == "Deres udgave"


def test_end_a_closure_until_further_notice(client, cast):
    closure = make_closure(institution=cast.school, first_day=date(2026, 11, 16), last_day=None, today=TODAY)
    client.force_login(cast.leader)
    client.post(address("closure_end", closure.pk), {"last_day": "17-11-2026", "last_part": "first"})
    closure = Closure.objects.get()
    assert (closure.last_day, closure.half_days) == (date(2026, 11, 17), 3)


def test_ending_before_it_began_is_refused_at_the_field(client, cast):
    closure = make_closure(institution=cast.school, first_day=date(2026, 11, 16), last_day=None, today=TODAY)
    client.force_login(cast.leader)
    response = client.post(address("closure_end", closure.pk), {"last_day": "2026-11-13", "last_part": "whole"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["last_day"]
    assert Closure.objects.get().last_day is None


def test_a_duplicate_is_taken_out_by_the_number_of_the_other(client, cast):
    first, second = make_closure(institution=cast.school), make_closure(institution=cast.club)
    client.force_login(cast.office)
    url = address("closure_exclude", second.pk)
    assert client.post(url, {"reason": "duplicate"}).status_code == 422
    assert client.post(url, {"reason": "duplicate", "duplicate_of": second.number}).status_code == 422
    assert client.post(url, {"reason": "duplicate", "duplicate_of": first.number}).status_code == 302
    assert Closure.objects.get(pk=second.pk).duplicate_of == first


# --- The list -----------------------------------------------------------------------------------------------------


@pytest.fixture
def world(cast):
    """Three closures of three units, one of each state that matters."""
    school = make_closure(institution=cast.school, first_day=date(2026, 3, 2), last_day=date(2026, 3, 3))
    club = make_closure(
        institution=cast.club, kind=Kind.PEDAGOGICAL, first_day=date(2025, 12, 31), last_day=date(2026, 1, 2)
    )
    library = make_closure(institution=cast.library, first_day=date(2026, 5, 4))
    school.review(by=cast.office)
    library.withdraw(by=cast.office)
    return {"school": school, "club": club, "library": library}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"school", "club", "library"}),
        ("?aar=2026", {"school", "club", "library"}),
        ("?aar=2025", {"club"}),
        ("?aar=2026&maaned=3", {"school"}),
        ("?art=pedagogical", {"club"}),
        ("?status=counting", {"school", "club"}),
        ("?status=not_reviewed", {"club"}),
        ("?status=withdrawn", {"library"}),
        ("?type=club", {"club"}),
        ("?status=sludder", {"school", "club", "library"}),
    ],
)
def test_filters_narrow_the_list(client, cast, world, query, found):
    client.force_login(cast.office)
    page = client.get(address("closure_list") + query).content.decode()
    assert {name for name, closure in world.items() if f">{closure.number}<" in page} == found


def test_filters_by_place_and_number(client, cast, world):
    client.force_login(cast.office)
    for query, found in [
        ({"bydel": cast.library.district_id}, {"library"}),
        ({"forvaltning": cast.kff.pk}, {"library"}),
        ({"institution": cast.school.pk}, {"school"}),
        ({"nummer": world["club"].number}, {"club"}),
        ({"nummer": str(world["club"].pk)}, {"club"}),
        ({"nummer": "sludder"}, set()),
    ]:
        page = client.get(address("closure_list"), query).content.decode()
        assert {name for name, closure in world.items() if f">{closure.number}<" in page} == found, query


def test_a_year_s_list_says_what_it_counts_in_that_year(client, cast, world):
    client.force_login(cast.office)
    page = " ".join(client.get(address("closure_list"), {"aar": 2026}).content.decode().split())
    assert "Indberettet 3,0 dage i 2026, heraf 1,0 ikke gennemgået" in page


def rows_of_csv(response):
    lines = response.content.decode("utf-8-sig").splitlines()
    return [line.split(";") for line in lines]


def test_csv_is_the_page(client, cast, world):
    client.force_login(cast.office)
    page = client.get(address("closure_list"), {"aar": 2026})
    heading, *rows = rows_of_csv(client.get(address("closure_list"), {"aar": 2026, "format": "csv"}))
    shown = [
        [
            closure.number,
            closure.institution.name,
            closure.get_status_display(),
            f"{closure.counted / 2:g}".replace(".", ","),
        ]
        for closure in page.context["page"].items
    ]
    columns = [heading.index(name) for name in ("Nummer", "Institution", "Status", "Ikke-planlagte lukkedage")]
    assert [[row[column] for column in columns] for row in rows] == shown


def test_a_name_that_looks_like_a_formula_is_harmless_in_csv(client, cast):
    make_closure(institution=make_institution(name="=1+1"))
    client.force_login(cast.office)
    assert rows_of_csv(client.get(address("closure_list"), {"format": "csv"}))[1][1] == "'=1+1"


@pytest.mark.parametrize("cursor", ["?efter=abc", "?foer=", "?efter=W10"])
def test_a_cursor_of_nothing_is_404(client, cast, cursor):
    client.force_login(cast.office)
    assert client.get(address("closure_list") + cursor).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_however_long(client, cast, django_assert_num_queries, count):
    for number in range(count):
        make_closure(institution=make_institution(), first_day=date(2026, 3, 2 + number))
    client.force_login(cast.office)
    with django_assert_num_queries(18):
        client.get(address("closure_list"), {"aar": 2026})


def test_the_part_that_is_swapped_in_is_the_page_s(client, cast, world):
    client.force_login(cast.office)
    whole = client.get(address("closure_list"), {"aar": 2026}).content.decode()
    part = client.get(address("closure_list"), {"aar": 2026}, headers={"HX-Request": "true"}).content.decode()
    assert part.strip() in whole
    assert "<html" not in part
