"""The pages of figures: what they say of 2012, and that every number leads to the closures behind it."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from closures import figures
from closures.models import Institution, Kind, ReportedTotal
from tests.factories import make_closure, make_district, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 10:00 +0100", tick=False):
        yield


@pytest.fixture
def world(cast):
    """2025: 2 days. 2026: 2 + 3 + 1 + 1 days of disruption and half a pedagogical one, and a day that waits for review.

    A closure over New Year, and a service with one day of its own beside one of its closed parent's.
    """
    ReportedTotal.objects.create(
        year=2012, kind=Kind.UNDISTINGUISHED, half_days=1325, units=13, source="Statusnotat 20-08-2013"
    )
    closed = [
        make_closure(institution=cast.school, first_day=date(2025, 12, 30), last_day=date(2026, 1, 5)),
        make_closure(institution=cast.club, kind=Kind.PEDAGOGICAL, first_day=date(2026, 3, 2), first_part="last"),
        make_closure(institution=cast.library, first_day=date(2026, 3, 3), last_day=date(2026, 3, 5)),
        make_closure(
            institution=make_institution(parent=cast.library), first_day=date(2026, 3, 5), last_day=date(2026, 3, 6)
        ),
        make_closure(
            institution=make_institution(kind=Institution.Kind.OTHER, district=None), first_day=date(2026, 6, 1)
        ),
    ]
    for closure in closed:
        closure.review(by=cast.office)
    make_closure(institution=cast.club, first_day=date(2026, 9, 1))
    make_closure(institution=cast.school, first_day=date(2026, 9, 1)).withdraw(by=cast.office)
    make_closure(institution=cast.school, first_day=date(2026, 9, 2)).exclude("planned", by=cast.office)


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def links_to_lists(page):
    """Every number that is a link to a list, as (address, the number: days with a comma, or units)."""
    found = re.findall(r'<a href="(/lukninger/\?[^"]+)">([\d.]+(?:,\d)?)</a>', page)
    return [(unescape(address), number) for address, number in found]


def promised(address, number):
    """What the list must say for the number that led to it."""
    if "," not in number:
        return f". {number} institution"
    if "status=excluded" in address:
        return f"Taget ud ved gennemgang: {number} dage "
    if "status=not_reviewed" in address:
        return f"heraf {number} ikke gennemgået"
    return f"Gennemgået {number} dage " if "status=reviewed" in address else f"Indberettet {number} dage "


@pytest.mark.parametrize(
    ("address", "links"),
    [
        ("/lukninger/opgoerelse/", 8),
        ("/lukninger/opgoerelse/2026/", 60),
        ("/lukninger/opgoerelse/2025/", 40),
        ("/lukninger/opgoerelse/2026/?bydel=ingen", 5),
        ("/lukninger/opgoerelse/2026/?ugedag=2", 10),
        ("/lukninger/opgoerelse/2026/?maaned=3&art=disruption", 10),
        ("/lukninger/opgoerelse/2026/?status=awaiting_review", 10),
    ],
)
def test_every_number_leads_to_a_list_that_sums_to_it(client, cast, world, address, links):
    client.force_login(cast.office)
    found = links_to_lists(page_of(client, address))
    assert len(found) >= links
    for list_address, number in dict.fromkeys(found):
        assert promised(list_address, number) in page_of(client, list_address), (list_address, number)


def test_the_years_say_what_2012_can_be_compared_with(client, cast, world):
    client.force_login(cast.approver)
    page = page_of(client, reverse("closures:figures"))
    assert "662,5" in page
    assert "Statusnotat 20-08-2013" in page
    assert "kan kun sammenlignes med summen af de to arter" in page
    assert "Om målet på nul omfatter lukninger med et pædagogisk formål, fremgår ikke" in page
    assert page.count('<td colspan="8">ingen opgørelse</td>') == 12  # 2013 to 2024
    assert "2013: ingen opgørelse." in page  # and so in the chart
    assert "årsopgørelsen er ikke afsluttet" in page


def test_the_years_as_csv_are_the_page(client, cast, world):
    client.force_login(cast.office)
    lines = client.get(reverse("closures:figures"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    rows = {row[0]: row[1:6] for row in (line.split(";") for line in lines)}
    assert rows["2026"] == ["8", "0,5", "", "8,5", "1"]
    assert rows["2025"] == ["2", "0", "", "2", "0"]
    assert rows["2012"] == ["", "", "662,5", "662,5", "0"]


def test_a_year_s_parts_are_shown_and_summed(client, cast, world):
    client.force_login(cast.office)
    page = page_of(client, reverse("closures:year_figures", args=[2026]))
    assert "For 2026 er der indberettet 8,5 ikke-planlagte lukkedage på 5 institutioner og tjenester" in page
    assert "Hele byen" in page
    total = (
        '<tr> <th scope="row">I alt</th> <td class="num"> <a href="/lukninger/?aar=2026&amp;status=counting">8,5</a>'
    )
    assert page.count(total) == len(figures.PARTS)


def test_2012_has_no_parts_but_the_total(client, cast, world):
    client.force_login(cast.office)
    page = page_of(client, reverse("closures:year_figures", args=[2012]))
    assert "I 2012 var der 662,5 ikke-planlagte lukkedage på 13 institutioner og tjenester." in page
    assert "Ikke fordelt" in page
    assert not links_to_lists(page)


def test_the_list_of_2012_says_that_there_are_no_closures_behind_it(client, cast, world):
    client.force_login(cast.office)
    assert "2012 er opgjort som en total uden datoer: 662,5" in page_of(client, "/lukninger/?aar=2012")


@pytest.mark.parametrize("year", [0, 2011, 2027, 99999999999])
def test_a_year_that_is_not_counted_is_404(client, cast, year):
    client.force_login(cast.office)
    assert client.get(f"/lukninger/opgoerelse/{year}/").status_code == 404


def test_figures_are_not_for_leaders(client, cast):
    client.force_login(cast.leader)
    assert client.get(reverse("closures:figures")).status_code == 403
    assert client.get(reverse("closures:year_figures", args=[2026])).status_code == 403


@pytest.mark.parametrize("institutions", [1, 3])
def test_a_year_s_page_asks_the_same_number_of_questions_however_many(
    client, cast, django_assert_num_queries, institutions
):
    for number in range(institutions):
        make_closure(institution=make_institution(district=make_district()), first_day=date(2026, 3, 2 + number))
    client.force_login(cast.office)
    with django_assert_num_queries(28):
        client.get(reverse("closures:year_figures", args=[2026]))


@pytest.mark.parametrize("years", [1, 3])
def test_the_years_ask_the_same_number_of_questions_however_many(client, cast, django_assert_num_queries, years):
    for number in range(years):
        make_closure(by=cast.office, first_day=date(2024 + number, 3, 5))
    client.force_login(cast.office)
    with django_assert_num_queries(19):
        client.get(reverse("closures:figures"))


def test_a_year_s_parts_that_are_swapped_in_are_the_page_s(client, cast, world):
    client.force_login(cast.office)
    address = "/lukninger/opgoerelse/2026/?bydel=ingen"
    part = " ".join(client.get(address, headers={"HX-Request": "true"}).content.decode().split())
    assert part.startswith(
        '<p class="lead">I det valgte udsnit er der 1,0 ikke-planlagte lukkedage i 2026, fordelt på 1 '
    )
    assert part in page_of(client, address)


def test_a_list_of_a_month_or_weekday_sums_only_the_half_days_that_fit(client, cast):
    make_closure(institution=cast.school, first_day=date(2026, 3, 30), last_day=date(2026, 4, 1))  # Monday on
    client.force_login(cast.office)
    for query, said in (
        ("aar=2026&maaned=3", "Indberettet 2,0 dage i marts 2026, heraf 2,0 ikke gennemgået"),
        ("aar=2026&ugedag=3", "Indberettet 1,0 dage på onsdage i 2026, heraf 1,0 ikke gennemgået"),
        ("aar=2026&maaned=4&ugedag=3", "Indberettet 1,0 dage på onsdage i april 2026"),
    ):
        page = page_of(client, f"/lukninger/?{query}")
        assert said in page
        assert f'data-label="Dage">{said.split()[1]}</td>' in page
    assert "Ingen lukninger" in page_of(client, "/lukninger/?aar=2026&ugedag=5")
    assert "Vælg også et år, når du vælger en ugedag." in page_of(client, "/lukninger/?ugedag=5")


def test_filters_by_cause_scope_and_incident(client, cast):
    unrest = make_closure(institution=cast.school, cause="unrest", scope="area", first_day=date(2026, 3, 3))
    other = make_closure(institution=cast.club, cause="", scope="institution", first_day=date(2026, 3, 4))
    incident = unrest.gather()
    client.force_login(cast.office)
    for query, found in (
        ("aarsag=unrest", unrest),
        ("aarsag=ingen", other),
        ("hvor=institution", other),
        (f"haendelse={incident.pk}", unrest),
        ("haendelse=ingen", other),
    ):
        page = page_of(client, f"/lukninger/?{query}")
        assert "1 lukning" in page, query
        assert found.number in page, query
    assert str(incident) in page_of(client, f"/lukninger/?haendelse={incident.pk}")


def test_a_leader_is_told_nothing_of_totals_and_incidents_of_others(client, cast, world):
    incident = make_closure(institution=cast.library, first_day=date(2026, 9, 7)).gather()
    ReportedTotal.objects.create(
        year=2014, kind=Kind.DISRUPTION, half_days=7, institution=cast.library, source="Et brev"
    )
    client.force_login(cast.leader)
    assert incident.title not in page_of(client, f"/lukninger/?haendelse={incident.pk}")
    assert "3,5" not in page_of(client, "/lukninger/?aar=2014")
    client.force_login(cast.other_leader)
    assert "3,5" in page_of(client, "/lukninger/?aar=2014")
