"""Incidents: how closures are gathered, who sees which of them, and what an incident comes to."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from closures.figures.incidents import NOTHING_COUNTED, IncidentFigures, of_incidents
from closures.models import Closure, Incident, Institution, Kind, ReducedService
from tests.factories import make_closure, make_district, make_institution

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)  # a Wednesday
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 10:00 +0100", tick=False):
        yield


def address(name, *args):
    return reverse(f"closures:{name}", args=args)


def closed(institution, first_day=MONDAY, **fields):
    return make_closure(institution=institution, first_day=first_day, today=TODAY, **fields)


def make_incident(**fields):
    return Incident.objects.create(**{"title": "Uro ved stationen", "happened_on": MONDAY} | fields)


def page_of(client, person, incident):
    client.force_login(person)
    return " ".join(client.get(incident.get_absolute_url()).content.decode().split())


def now(closure):
    return Closure.objects.get(pk=closure.pk)


# --- Suggestions --------------------------------------------------------------------------------------------------


@pytest.fixture
def around(cast):
    """Closures in the same days: what should be suggested for the school's, and what should not."""
    service = make_institution(parent=cast.school, district=None)
    elsewhere = cast.library.district
    return {
        "service": closed(service, scope="institution"),
        "district": closed(cast.club, date(2026, 11, 13)),
        "district, of its own": closed(make_institution(), scope="institution"),
        "elsewhere": closed(make_institution(district=elsewhere)),
        "long ago": closed(make_institution(), date(2026, 11, 11)),
        "long after": closed(make_institution(), date(2026, 11, 20)),
        "withdrawn": closed(make_institution()),
    }


def test_closures_near_in_place_and_date_are_suggested(client, cast, around):
    around["withdrawn"].withdraw(by=cast.leader)
    closure = closed(cast.school)
    client.force_login(cast.office)
    for url in (closure.get_absolute_url(), address("review", closure.pk)):
        suggested = set(client.get(url).context["nearby"]["closures"])
        # 20 November is three days from the 17th, and four from the 16th.
        assert suggested == {around["service"], around["district"]}


def test_unrest_at_the_institution_itself_is_nobody_elses_in_the_district(client, cast, around):
    closure = closed(cast.school, scope="institution")
    client.force_login(cast.office)
    assert set(client.get(closure.get_absolute_url()).context["nearby"]["closures"]) == {around["service"]}


def test_incidents_near_are_suggested_before_closures(client, cast, around):
    of_a_neighbour = around["district"].gather()
    in_the_district = make_incident(district=cast.school.district)
    make_incident(district=cast.library.district)
    make_incident(district=cast.school.district, happened_on=date(2026, 10, 1))
    closure = closed(cast.school)
    client.force_login(cast.office)
    nearby = client.get(closure.get_absolute_url()).context["nearby"]
    assert set(nearby["incidents"]) == {of_a_neighbour, in_the_district}
    assert set(nearby["closures"]) == {around["service"], around["withdrawn"]}


def test_one_still_closed_is_near_up_to_today(client, cast):
    closure = closed(cast.school, date(2026, 11, 2), last_day=None)
    other = closed(cast.club, TODAY)
    client.force_login(cast.office)
    assert list(client.get(closure.get_absolute_url()).context["nearby"]["closures"]) == [other]
    assert list(client.get(other.get_absolute_url()).context["nearby"]["closures"]) == [closure]


def test_an_incidents_page_suggests_closures_near_it(client, cast, around):
    incident = closed(cast.school).gather()
    client.force_login(cast.office)
    suggested = set(client.get(incident.get_absolute_url()).context["nearby"])
    assert suggested == {around["service"], around["district"], around["withdrawn"]}


# --- Gathering ----------------------------------------------------------------------------------------------------


def send(client, person, act, closure, /, **fields):
    client.force_login(person)
    return client.post(address(f"closure_{act}", closure.pk), fields)


def test_two_without_an_incident_get_one_named_by_place_and_earliest_day(client, cast):
    school, club = closed(cast.school, TUESDAY), closed(cast.club)
    assert send(client, cast.office, "join", school, closure=club.pk).url == school.get_absolute_url()
    incident = Incident.objects.get()
    assert now(school).incident == now(club).incident == incident
    # A leader of either reads it, and it names neither.
    assert (str(incident), incident.happened_on) == ("Nørrebro, mandag den 16. november 2026", MONDAY)
    assert incident.district == cast.school.district
    for closure in (school, club):
        step = closure.steps.last()
        assert (step.act, step.by, step.changes) == ("gathered", cast.office, [["Hændelse", "", str(incident)]])


@pytest.mark.parametrize("which", ["its own", "the other's"])
def test_one_without_joins_the_incident_of_the_one_that_has_it(client, cast, which):
    school, club = closed(cast.school), closed(cast.club)
    incident = (school if which == "its own" else club).gather()
    send(client, cast.office, "join", school, closure=club.pk)
    assert now(school).incident == now(club).incident == incident
    assert Incident.objects.count() == 1


def test_a_closure_moves_to_an_incident_and_out_of_it_again(client, cast):
    closure, incident = closed(cast.school), make_incident()
    before = closure.gather()
    send(client, cast.office, "join", closure, incident=incident.pk)
    assert now(closure).incident == incident
    assert send(client, cast.office, "leave_incident", closure).status_code == 302
    assert now(closure).incident is None
    assert [step.changes for step in closure.steps.all()][1:] == [
        [["Hændelse", str(before), "Uro ved stationen"]],
        [["Hændelse", "Uro ved stationen", ""]],
    ]


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [("", "closure"), ("gennemgang", "review"), ("haendelse", "incident")],
)
def test_gathering_leads_back_to_where_the_button_was(client, cast, came_from, goes_to):
    closure, incident = closed(cast.school), make_incident()
    where = {"incident": incident.get_absolute_url()}
    where |= {name: address(name, closure.pk) for name in ("closure", "review")}
    assert send(client, cast.office, "join", closure, incident=incident.pk, fra=came_from).url == where[goes_to]
    assert send(client, cast.office, "leave_incident", closure, fra=came_from).url == where[goes_to]


@pytest.mark.parametrize(
    "fields",
    [{}, {"incident": "987654"}, {"closure": "987654"}, {"incident": "rod"}, {"closure": "\0"}, {"both": True}],
)
def test_what_is_neither_an_incident_nor_a_closure_is_refused(client, cast, fields):
    closure, other = closed(cast.school), closed(cast.club)
    if fields.pop("both", False):
        fields = {"incident": make_incident().pk, "closure": other.pk}
    assert send(client, cast.office, "join", closure, **fields).status_code == 422
    assert now(closure).incident is None
    assert closure.steps.count() == 1


def test_gathered_twice_it_is_gathered_once(client, cast):
    closure, incident = closed(cast.school), make_incident()
    answers = [send(client, cast.office, "join", closure, incident=incident.pk).status_code for _ in range(2)]
    assert answers == [302, 409]
    answers = [send(client, cast.office, "leave_incident", closure).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert closure.steps.count() == 3


def test_with_itself_it_is_not_gathered(client, cast):
    closure = closed(cast.school)
    assert send(client, cast.office, "join", closure, closure=closure.pk).status_code == 422
    assert not Incident.objects.exists()


@pytest.mark.parametrize("act", ["withdraw", "exclude"])
def test_what_does_not_count_is_not_gathered_but_can_be_taken_out(client, cast, act):
    closure, incident = closed(cast.school), make_incident()
    closure.join(incident, by=cast.office)
    closure.withdraw(by=cast.leader) if act == "withdraw" else closure.exclude("planned", by=cast.office)
    assert send(client, cast.office, "leave_incident", closure).status_code == 302
    assert send(client, cast.office, "join", closure, incident=incident.pk).status_code == 409


@pytest.mark.parametrize("person", ["leader", "contact", "approver", "member"])
@pytest.mark.parametrize("act", ["join", "leave_incident"])
def test_only_the_office_gathers(client, cast, person, act):
    closure = closed(cast.school)
    closure.gather()
    assert send(client, getattr(cast, person), act, closure, incident=make_incident().pk).status_code == 403


# --- Its page -----------------------------------------------------------------------------------------------------


def test_others_see_an_incident_only_behind_their_own_closures_and_only_those(client, cast):
    incident = make_incident(description="Politiet spærrede gaden.")
    own, foreign = closed(cast.school), closed(cast.library, kind=Kind.PEDAGOGICAL, last_day=TUESDAY)
    for each in (own, foreign):
        each.join(incident, by=cast.office)
    reduced = ReducedService.objects.register(
        institution=cast.library,
        by=cast.other_leader,
        today=TODAY,
        part="Læsesalen",
        kind=Kind.DISRUPTION,
        scope="area",
        first_day=MONDAY,
        last_day=MONDAY,
        incident=incident,
    )
    for person in (cast.leader, cast.deputy, cast.contact):
        page = page_of(client, person, incident)
        assert "Skolen ved Søen" in page
        assert "1,0 ikke-planlagte lukkedage på 1 institution, alle ved driftsforstyrrelser." in page
        for hidden in ("Biblioteket", "Læsesalen", foreign.number, "pædagogisk"):
            assert hidden not in page, hidden
    for person in (cast.office, cast.approver):
        page = page_of(client, person, incident)
        assert "3,0 ikke-planlagte lukkedage på 2 institutioner og tjenester" in page
        assert str(reduced) in page
    none_of_theirs = make_incident()
    closed(make_institution(administration=cast.kff)).join(none_of_theirs, by=cast.office)
    for person in (cast.leader, cast.deputy, cast.contact, cast.other_leader):
        client.force_login(person)
        assert client.get(none_of_theirs.get_absolute_url()).status_code == 404
    client.force_login(cast.leader)
    listed = client.get(address("incident_list"))
    assert [each for each, _ in listed.context["rows"]] == [incident]
    exported = client.get(address("incident_list"), {"format": "csv"}).content.decode("utf-8-sig")
    assert exported.splitlines()[1].split(";")[3:] == ["1", "1", "0", "0", "1", "1"]


def test_figures_count_each_half_day_once_and_no_reduced_service(client, cast):
    incident, other = make_incident(), make_incident()
    service = make_institution(parent=cast.school)
    school = closed(cast.school, last_day=TUESDAY)
    under_it = closed(service, first_part="last", last_day=TODAY)
    club = closed(cast.club, kind=Kind.PEDAGOGICAL, last_part="first")
    library = closed(cast.library)
    for each in (school, under_it, club, library):
        each.join(incident, by=cast.office)
    library.withdraw(by=cast.other_leader)
    school.review(by=cast.office)
    closed(cast.club, TODAY).join(other, by=cast.office)
    # The school's four halves, the service's two on Wednesday alone, the club's one.
    assert of_incidents(Closure.objects.all())[incident.pk] == IncidentFigures(
        disruption=6, pedagogical=1, units=3, not_reviewed=3
    )
    assert of_incidents(Closure.objects.filter(institution=cast.library)).get(incident.pk) is None
    # What its page lists sums to it.
    client.force_login(cast.office)
    response = client.get(incident.get_absolute_url())
    counted = {each: each.counted for each in response.context["closures"]}
    assert counted == {school: 4, under_it: 2, club: 1, library: 0}
    assert "tæller ikke med for sig selv" in response.content.decode()


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (NOTHING_COUNTED, "Ingen ikke-planlagte lukkedage tæller med under hændelsen."),
        (
            IncidentFigures(disruption=1, units=1),
            "0,5 ikke-planlagte lukkedage på 1 institution, alle ved driftsforstyrrelser.",
        ),
        (
            IncidentFigures(disruption=7, pedagogical=2, units=3, not_reviewed=2),
            "4,5 ikke-planlagte lukkedage på 3 institutioner og tjenester: 3,5 ved driftsforstyrrelser og 1,0 med et "
            "pædagogisk formål. Heraf er 1,0 ikke gennemgået.",
        ),
    ],
)
def test_figures_in_words(figures, words):
    assert figures.in_words == words


def test_timeline_shows_each_closure_that_counts_and_the_table_all(client, cast):
    incident = make_incident()
    school = closed(cast.school, last_day=TUESDAY, first_part="last")
    club = closed(cast.club, kind=Kind.PEDAGOGICAL, last_day=None)
    library = closed(cast.library)
    for each in (school, club, library):
        each.join(incident, by=cast.office)
    library.withdraw(by=cast.other_leader)
    page = page_of(client, cast.approver, incident)
    drawing = page[page.index("<svg") : page.index("</svg>")]
    assert "Skolen ved Søen: 1½ dag" in drawing
    assert "Aftenklubben: 3 dage, indtil videre" in drawing
    assert "Biblioteket" not in drawing
    assert 'class="chart-hatch"' in drawing  # the kind is told by pattern too
    assert "style=" not in drawing
    for closure in (school, club, library):
        assert f">{closure.number}<" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_the_same_number_of_questions_however_many(client, cast, django_assert_num_queries, count):
    incident = make_incident()
    for _ in range(count):
        closed(make_institution()).join(incident, by=cast.office)
        closed(make_institution(district=make_district())).gather()
    client.force_login(cast.office)
    with django_assert_num_queries(20):
        client.get(incident.get_absolute_url())
    with django_assert_num_queries(17):
        client.get(address("incident_list"))


# --- Making and changing ------------------------------------------------------------------------------------------


def typed(**fields):
    return {
        "key": str(uuid4()),
        "title": "Uro ved stationen",
        "happened_on": "16-11-2026",
        "district": "",
        "description": "Stenkast mod politiet.",
    } | fields


def test_an_incident_is_made_for_a_closure(client, cast):
    closure = closed(cast.school)
    client.force_login(cast.office)
    form = client.get(address("incident_new"), {"lukning": closure.pk}).context["form"]
    assert form["title"].value() == "Nørrebro, mandag den 16. november 2026"
    response = client.post(address("incident_new"), typed(closure=closure.pk))
    incident = Incident.objects.get()
    assert response.url == incident.get_absolute_url()
    assert now(closure).incident == incident


@pytest.mark.parametrize("asked", ["rod", "9" * 30, "987654", "٣", "-1"])
def test_one_made_for_a_closure_that_is_none_is_made_for_none(client, cast, asked):
    client.force_login(cast.office)
    assert client.get(address("incident_new"), {"lukning": asked}).status_code == 200


def test_sent_twice_one_is_made(client, cast):
    client.force_login(cast.office)
    form = typed(closure=closed(cast.school).pk)
    first, second = (client.post(address("incident_new"), form) for _ in range(2))
    assert first.url == second.url
    assert Incident.objects.count() == 1


BAD = [
    ({"title": ""}, "title", "skal udfyldes"),
    ({"title": "æ" * 151}, "title", "151"),
    ({"title": "010190-1234"}, "title", "CPR-nummer"),
    ({"title": "nul\0tegn"}, "title", "Null-tegn"),
    ({"happened_on": ""}, "happened_on", "skal udfyldes"),
    ({"happened_on": "31-02-2026"}, "happened_on", "ikke en dato"),
    ({"happened_on": "01-01-0001"}, "happened_on", "Årstallet"),
    ({"district": "987654"}, "district", "kan ikke vælges"),
    ({"description": "æ" * 20_001}, "description", "20001"),
    ({"description": "brudt \ufffd tegn"}, "description", "tegn, der ikke kan læses"),
]


@pytest.mark.parametrize(("wrong", "field", "message"), BAD)
def test_what_is_wrong_is_said_at_its_field_and_all_is_kept(client, cast, wrong, field, message):
    incident = make_incident()
    client.force_login(cast.office)
    for url in (address("incident_new"), address("incident_change", incident.pk)):
        form = {"description": "Stenkast.", "title": "Uro i gaden"} | wrong
        response = client.post(url, typed(version=incident.version, **form))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert message in " ".join(response.context["form"].errors[field])
        kept = "Uro i gaden" if field == "description" else "Stenkast."
        assert kept in response.content.decode()
    assert list(Incident.objects.all()) == [incident]
    assert Incident.objects.get().version == incident.version


def test_an_incident_is_changed_by_the_office(client, cast):
    incident = make_incident()
    client.force_login(cast.office)
    response = client.post(address("incident_change", incident.pk), typed(version=incident.version, title="Brande"))
    assert response.url == incident.get_absolute_url()
    assert Incident.objects.get().title == "Brande"


def test_a_stale_change_shows_both_and_overwrites_nothing(client, cast):
    incident = make_incident()
    Incident.objects.update(title="Deres udgave")
    client.force_login(cast.office)
    response = client.post(address("incident_change", incident.pk), typed(version=incident.version, title="Min"))
    assert response.status_code == 422
    assert "Deres udgave" in response.content.decode()
    assert Incident.objects.get().title == "Deres udgave"


def test_a_closure_is_added_by_its_number(client, cast):
    incident, closure = make_incident(), closed(cast.school)
    client.force_login(cast.office)
    assert client.post(address("incident_add", incident.pk), {"number": closure.number}).status_code == 302
    assert now(closure).incident == incident
    assert client.post(address("incident_add", incident.pk), {"number": closure.number}).status_code == 409


@pytest.mark.parametrize("number", ["", "rod", "LUK-1999-1", "987654", "9" * 40, "nul\0"])
def test_a_number_of_no_closure_is_refused_on_the_page(client, cast, number):
    incident = make_incident()
    closed(cast.school)
    client.force_login(cast.office)
    response = client.post(address("incident_add", incident.pk), {"number": number})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["number"]
    assert not Closure.objects.filter(incident=incident).exists()


def test_only_an_empty_incident_is_deleted(client, cast):
    incident = make_incident()
    closure = closed(cast.school)
    closure.join(incident, by=cast.office)
    client.force_login(cast.office)
    assert "Slet hændelsen" not in page_of(client, cast.office, incident)
    assert client.post(address("incident_delete", incident.pk)).status_code == 409
    closure.leave_incident(by=cast.office)
    assert "Slet hændelsen" in page_of(client, cast.office, incident)
    assert client.post(address("incident_delete", incident.pk)).url == address("incident_list")
    assert not Incident.objects.exists()


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_year_and_district_and_says_what_each_comes_to(client, cast):
    here = make_incident(district=cast.school.district)
    earlier = make_incident(title="Før", happened_on=date(2025, 3, 3))
    closed(cast.school).join(here, by=cast.office)
    client.force_login(cast.office)
    for query, found in [
        ({}, [here, earlier]),
        ({"aar": 2025}, [earlier]),
        ({"bydel": cast.school.district_id}, [here]),
        ({"aar": "sludder"}, [here, earlier]),
    ]:
        assert [each for each, _ in client.get(address("incident_list"), query).context["rows"]] == found, query
    rows = dict(client.get(address("incident_list")).context["rows"])
    assert (rows[here].total, rows[earlier].total) == (2, 0)


def test_the_part_of_the_list_that_is_swapped_in_is_the_page_s(client, cast):
    make_incident()
    client.force_login(cast.office)
    whole = client.get(address("incident_list")).content.decode()
    part = client.get(address("incident_list"), headers={"HX-Request": "true"}).content.decode()
    assert part.strip() in whole
    assert "<html" not in part


def test_institutions_around_are_a_units_family(cast):
    service, sibling = (make_institution(parent=cast.school, kind=Institution.Kind.CLUB) for _ in range(2))
    make_institution(parent=cast.club)
    for unit in (cast.school, service, sibling):
        assert set(Institution.objects.around([unit.pk])) == {cast.school, service, sibling}
