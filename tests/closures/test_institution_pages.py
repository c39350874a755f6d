"""The pages of institutions: the list, an institution's year, and the office's editing of it."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from closures.models import (
    AnnualReturn,
    Institution,
    Leadership,
    OpeningHours,
    PlannedClosing,
    ReducedService,
    SharedCalendar,
)
from tests.factories import make_closure, make_district, make_institution, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 10:00 +0100", tick=False):
        yield


def address(name, *args):
    return reverse(f"closures:{name}", args=args)


def facts(institution, **fields):
    """The form for editing an institution, as the page gives it."""
    return {
        "version": institution.version,
        "name": institution.name,
        "kind": institution.kind,
        "administration": institution.administration_id,
        "district": institution.district_id,
        "parent": institution.parent_id or "",
    } | fields


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_is_in_danish_order(client, cast):
    for name in ("Aakanden", "Zenit", "Ærø", "Øster", "Åby"):
        make_institution(name=name)
    client.force_login(cast.office)
    shown = [each.name for each in client.get(address("institution_list")).context["page"].items]
    assert [name for name in shown if name in {"Aakanden", "Zenit", "Ærø", "Øster", "Åby"}] == [
        *("Zenit", "Ærø", "Øster", "Åby", "Aakanden")
    ]


def test_a_leader_sees_own_institutions_only(client, cast):
    client.force_login(cast.leader)
    shown = {each.name for each in client.get(address("institution_list")).context["page"].items}
    assert shown == {"Skolen ved Søen", "Aftenklubben"}
    assert client.get(cast.library.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "biblioteket"}, {"Biblioteket"}),
        ({"type": "club"}, {"Aftenklubben"}),
        ({"uden_leder": "on"}, {"Fritidshjemmet"}),
    ],
)
def test_filters_narrow_the_list(client, cast, query, found):
    make_institution(name="Fritidshjemmet", district=make_district(name="Valby"))
    client.force_login(cast.office)
    assert {each.name for each in client.get(address("institution_list"), query).context["page"].items} == found


def test_an_institution_whose_leader_s_account_is_closed_waits_for_one(client, cast):
    cast.other_leader.is_active = False
    cast.other_leader.save()
    assert [each.name for each in Institution.objects.needing(cast.office, date(2026, 11, 18))] == ["Biblioteket"]
    assert not Institution.objects.needing(cast.leader, date(2026, 11, 18)).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_however_long(client, cast, django_assert_num_queries, count):
    for _ in range(count):
        make_institution(leader=make_user(), parent=cast.library)
    client.force_login(cast.office)
    with django_assert_num_queries(18):
        client.get(address("institution_list"))


def test_csv_is_the_page(client, cast):
    client.force_login(cast.office)
    page = client.get(address("institution_list"))
    _, *rows = [
        line.split(";")
        for line in client.get(address("institution_list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    ]
    assert [(row[0], row[5]) for row in rows] == [
        (each.name, ", ".join(str(leads.user) for leads in each.leads_now)) for each in page.context["page"].items
    ]


# --- One institution ----------------------------------------------------------------------------------------------


def test_an_institution_s_page_tells_its_year(client, cast):
    make_closure(institution=cast.school, first_day=date(2026, 3, 2), last_day=date(2026, 3, 3)).review(by=cast.office)
    make_closure(institution=cast.school, first_day=date(2026, 3, 5), first_part="last")
    make_closure(institution=cast.school, first_day=date(2025, 3, 5))
    shared = SharedCalendar.objects.create(name="Skolernes ferier", kinds=["school"])
    PlannedClosing.objects.create(
        calendar=shared, first_day=date(2026, 10, 12), last_day=date(2026, 10, 16), reason="efterårsferie"
    )
    client.force_login(cast.leader)
    page = " ".join(client.get(cast.school.get_absolute_url()).content.decode().split())
    assert "Indberettet 2,5 dage, heraf 0,5 ikke gennemgået" in page
    assert "Efterårsferie" in page
    assert "05-03-2025" not in page
    assert "05-03-2025" in client.get(cast.school.get_absolute_url(), {"aar": 2025}).content.decode()


def test_the_year_is_a_calendar_that_says_in_words_what_it_shows_in_colours(client, cast):
    closure = make_closure(institution=cast.school, first_day=date(2026, 3, 3), first_part="last")
    closure.review(by=cast.office)
    waiting = make_closure(institution=cast.school, kind="pedagogical", first_day=date(2026, 3, 10))
    make_closure(institution=cast.school, first_day=date(2026, 4, 8)).withdraw(by=cast.leader)
    PlannedClosing.objects.create(
        institution=cast.school, first_day=date(2026, 12, 23), last_day=date(2026, 12, 23), reason="julelukning"
    )
    client.force_login(cast.leader)
    response = client.get(cast.school.get_absolute_url())
    page = " ".join(response.content.decode().split())
    days = {day.day: day for month in response.context["months"] for week in month.weeks for day in week if day}
    assert len(days) == 365
    assert days[date(2026, 3, 3)].words == "lukket sidste del: driftsforstyrrelse, gennemgået"
    whole = "lukket hele dagen: lukning med et pædagogisk formål, afventer gennemgang"
    assert days[date(2026, 3, 10)].words == whole
    assert f'<a href="{waiting.get_absolute_url()}">10<span class="visually-hidden">. marts: {whole}</span>' in page
    assert page.count("half--disruption") == 1
    assert page.count("half--pedagogical half--waiting") == 2
    assert (days[date(2026, 4, 8)].words, days[date(2026, 4, 2)].words) == ("", "skærtorsdag")
    assert (days[date(2026, 12, 23)].words, days[date(2026, 12, 23)].planned) == ("julelukning", True)
    assert page.count("<caption>") == 12
    assert "1½ dag" in page


@pytest.mark.parametrize("count", [1, 3])
def test_an_institution_s_page_asks_the_same_number_of_questions(client, cast, django_assert_num_queries, count):
    for number in range(count):
        make_closure(institution=cast.school, first_day=date(2026, 3, 3 + number), by=cast.leader)
        make_institution(parent=cast.school)
        cast.school.planned_closings.create(
            first_day=date(2026, 12, 21 + number), last_day=date(2026, 12, 21 + number), reason="Fri"
        )
        ReducedService.objects.create(
            institution=cast.school,
            part="Værkstedet",
            kind="disruption",
            first_day=date(2026, 5, 4),
            registered_by=cast.leader,
        )
    client.force_login(cast.office)
    with django_assert_num_queries(31):
        client.get(cast.school.get_absolute_url())


def test_an_institution_s_page_tells_the_answer_for_the_year_and_who_led_it(client, cast):
    AnnualReturn.objects.create(
        institution=cast.school,
        year=2025,
        answer=AnnualReturn.Answer.NONE,
        answered_by=cast.contact,
        answered_at="2026-01-05T10:00+01:00",
        confirmed_by_administration=True,
    )
    AnnualReturn.objects.create(institution=cast.school, year=2026)
    Leadership.objects.filter(user=cast.leader).update(ends=date(2026, 3, 31))
    ReducedService.objects.create(
        institution=cast.school,
        part="værkstedet",
        kind="disruption",
        first_day=date(2026, 5, 4),
        registered_by=cast.leader,
    )
    client.force_login(cast.deputy)
    page = " ".join(client.get(cast.school.get_absolute_url()).content.decode().split())
    assert "har ikke svaret" in page
    assert "ingen leder" in page
    assert f"{cast.leader}, leder" in page
    assert "til og med 31-03-2026" in page
    assert "Værkstedet" in page
    page = " ".join(client.get(cast.school.get_absolute_url(), {"aar": 2025}).content.decode().split())
    assert "Ingen ikke-planlagte lukninger" in page
    assert "bekræftet af forvaltningen" in page
    assert "Værkstedet" not in page


def test_only_the_office_is_offered_to_edit(client, cast):
    client.force_login(cast.leader)
    assert (
        address("institution_change", cast.school.pk) not in client.get(cast.school.get_absolute_url()).content.decode()
    )
    assert client.get(address("institution_change", cast.school.pk)).status_code == 403
    client.force_login(cast.office)
    assert address("institution_change", cast.school.pk) in client.get(cast.school.get_absolute_url()).content.decode()


# --- Editing ------------------------------------------------------------------------------------------------------


def test_an_institution_is_made_once(client, cast):
    client.force_login(cast.office)
    form = facts(cast.school, name="Den nye skole") | {"key": str(uuid4())}
    addresses = {client.post(address("institution_new"), form).url for _ in range(2)}
    assert addresses == {Institution.objects.get(name="Den nye skole").get_absolute_url()}


def test_a_name_that_is_taken_is_refused(client, cast):
    client.force_login(cast.office)
    response = client.post(address("institution_new"), facts(cast.school) | {"key": str(uuid4())})
    assert response.status_code == 422
    assert "allerede en institution med det navn" in response.content.decode()


def test_a_stale_save_overwrites_nothing(client, cast):
    form = facts(cast.school, address="Min gade 1")
    Institution.objects.filter(pk=cast.school.pk).update(address="Deres gade 2")
    client.force_login(cast.office)
    response = client.post(address("institution_change", cast.school.pk), form)
    assert response.status_code == 422
    assert "Deres gade 2" in response.content.decode()
    assert Institution.objects.get(pk=cast.school.pk).address == "Deres gade 2"


def test_a_unit_belongs_to_one_larger_unit_and_no_further(client, cast):
    service = make_institution(parent=cast.school)
    client.force_login(cast.office)
    for institution, parent in ((cast.club, service), (cast.school, cast.club), (cast.school, cast.school)):
        response = client.post(address("institution_change", institution.pk), facts(institution, parent=parent.pk))
        assert list(response.context["form"].errors) == ["parent"]


def test_a_unit_that_was_closed_with_another_does_not_come_to_belong_under_it(client, cast):
    """Its days would silently no longer count; and days of a service would, that leaves its larger unit."""
    for each in (cast.school, cast.club):
        make_closure(institution=each)
    client.force_login(cast.office)
    url = reverse("closures:institution_change", args=[cast.club.pk])
    asked = client.get(url).context["form"]
    sent = {name: asked[name].value() or "" for name in asked.fields} | {"parent": cast.school.pk}
    response = client.post(url, sent)
    assert response.status_code == 422
    assert "har været lukket samtidig i 1 dag, og de ville tælle anderledes" in response.content.decode()
    assert client.post(url, sent | {"parent": cast.library.pk}).status_code == 302
    Institution.objects.filter(pk=cast.club.pk).update(parent=cast.school)
    sent = sent | {"parent": "", "version": Institution.objects.get(pk=cast.club.pk).version}
    assert client.post(url, sent).status_code == 422


def test_opening_hours_are_a_choice_for_each_weekday(client, cast):
    client.force_login(cast.office)
    week = dict(zip(("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"), "3330210", strict=True))
    response = client.post(
        address("hours_new", cast.club.pk),
        week | {"key": str(uuid4()), "opens_at": "14:00", "closes_at": "22:00", "begins": "01.08.2026"},
    )
    assert response.url == cast.club.get_absolute_url()
    hours = OpeningHours.objects.get()
    assert (hours.halves, hours.begins, hours.open_on_public_holidays) == (
        [3, 3, 3, 0, 2, 1, 0],
        date(2026, 8, 1),
        False,
    )
    page = client.get(address("hours_change", cast.club.pk, hours.pk)).content.decode()
    assert page.count('<option value="3" selected>') == 3


def test_opening_hours_that_overlap_are_refused(client, cast):
    OpeningHours.objects.create(institution=cast.club, begins=date(2026, 1, 1))
    client.force_login(cast.office)
    week = dict.fromkeys(("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"), "3")
    response = client.post(address("hours_new", cast.club.pk), week | {"key": str(uuid4()), "begins": "2026-08-01"})
    assert response.status_code == 422
    assert "Der gælder allerede andre åbningstider i perioden." in response.content.decode()


def test_a_planned_closing_with_reversed_dates_is_refused(client, cast):
    client.force_login(cast.office)
    form = {"key": str(uuid4()), "first_day": "2026-12-24", "last_day": "2026-12-23", "reason": "juleferie"}
    response = client.post(address("closing_new", cast.club.pk), form)
    assert response.status_code == 422
    assert "Sidste dag ligger før første dag." in response.content.decode()
    assert client.post(address("closing_new", cast.club.pk), form | {"last_day": "2026-12-31"}).status_code == 302


def test_rows_are_deleted_by_post_alone(client, cast):
    closing = PlannedClosing.objects.create(
        institution=cast.club, first_day=date(2026, 12, 23), last_day=date(2026, 12, 23), reason="juleferie"
    )
    client.force_login(cast.office)
    url = address("closing_delete", cast.club.pk, closing.pk)
    assert client.get(url).status_code == 405
    assert client.post(address("closing_delete", cast.school.pk, closing.pk)).status_code == 404
    client.post(url)
    assert not PlannedClosing.objects.exists()


def test_a_leader_is_put_in_and_the_old_one_ended(client, cast):
    client.force_login(cast.office)
    new = make_user()
    old = Leadership.objects.get(institution=cast.library)
    client.post(
        address("leadership_change", cast.library.pk, old.pk),
        {"user": old.user_id, "kind": "leader", "ends": "17-11-2026"},
    )
    form = {"key": str(uuid4()), "user": new.pk, "kind": "leader", "begins": "18-11-2026"}
    client.post(address("leadership_new", cast.library.pk), form)
    assert list(Institution.objects.visible_to(new)) == [cast.library]
    assert not Institution.objects.visible_to(old.user).exists()


@pytest.mark.parametrize("name", ["hours_new", "closing_new", "leadership_new", "institution_change"])
@pytest.mark.parametrize("person", ["leader", "contact", "approver", "member"])
def test_who_is_not_the_office_edits_nothing(client, cast, name, person):
    client.force_login(getattr(cast, person))
    assert client.post(address(name, cast.school.pk), {}).status_code == 403
