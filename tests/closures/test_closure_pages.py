"""The pages of closures: who sees what, what is refused and how it is said, and that lists agree."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from closures.models import ClosedHalfDay, Closure, Institution, Kind
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
        "what": "unit",
    } | fields


def changed(closure, **fields):
    """The form for changing a closure, as the page gives it."""
    return typed(closure.institution, version=closure.version, **fields)


def address(name, *args):
    return reverse(f"closures:{name}", args=args)


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
    ("act", "fields"),
    [each for each in ACTS if each[0] not in ("closure_answer", "closure_exclude", "closure_reclassify")],
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


def test_list_of_all_years_counts_as_the_file_of_half_days(client, cast, world):
    """What was withdrawn, and a service's days while its parent is closed, count nothing there either."""
    Institution.objects.filter(pk=cast.club.pk).update(parent=cast.school)
    make_closure(institution=cast.club, first_day=date(2026, 3, 3))
    client.force_login(cast.office)
    heading, *rows = rows_of_csv(client.get(address("closure_list"), {"format": "csv"}))
    days = [Decimal(row[heading.index("Ikke-planlagte lukkedage")].replace(",", ".")) for row in rows]
    half_days = rows_of_csv(client.get(address("half_days"), {"format": "csv"}))[1:]
    assert sum(days) == Decimal(len(half_days)) / 2 == 4
    assert days.count(0) == 2


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
    with django_assert_num_queries(21):
        client.get(address("closure_list"), {"aar": 2026})


def test_the_part_that_is_swapped_in_is_the_page_s(client, cast, world):
    client.force_login(cast.office)
    whole = client.get(address("closure_list"), {"aar": 2026}).content.decode()
    part = client.get(address("closure_list"), {"aar": 2026}, headers={"HX-Request": "true"}).content.decode()
    assert part.strip() in whole
    assert "<html" not in part
