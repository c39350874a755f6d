"""Best practice: who sees and edits which, and how it is listed and found."""

import csv
import io
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from catalogue.models import Edition, Practice
from tests.factories import make_catalogue, make_district, make_practice, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued():
    """A catalogue that was issued, with a theme."""
    catalogue = make_catalogue(title="Lokal koordinering")
    Edition.objects.create(catalogue=catalogue, number=1)
    return make_theme(catalogue=catalogue, title="De unge i centrum").catalogue


def included(catalogue, title, **fields):
    return make_practice(title=title, catalogue=catalogue, theme=catalogue.themes.first(), status="included", **fields)


def typed(**changes):
    data = {"key": uuid.uuid4(), "title": "Gadeteam", "summary": "Kort fortalt."}
    return {name: value for name, value in (data | changes).items() if value is not None}


def edit(practice):
    return reverse("catalogue:practice_edit", args=[practice.pk])


# --- Who sees and edits which -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["leader", "member", "secretary"])
def test_readers_see_what_an_issued_catalogue_includes_or_mentions(client, cast, issued, role):
    shown = included(issued, "Optaget")
    mentioned = make_practice(title="Omtalt", catalogue=issued, status="mentioned")
    hidden = [
        make_practice(title="Foreslået"),
        make_practice(title="Ikke optaget", catalogue=issued, status="left_out"),
        included(make_theme(catalogue=make_catalogue(title="Ikke udsendt")).catalogue, "Senere"),
    ]
    client.force_login(getattr(cast, role))
    assert [each.title for each in client.get("/katalog/").context["page"].items] == ["Omtalt", "Optaget"]
    assert client.get(shown.get_absolute_url()).status_code == 200
    assert client.get(mentioned.get_absolute_url()).status_code == 200
    for practice in hidden:
        assert client.get(practice.get_absolute_url()).status_code == 404
    assert client.get(hidden[2].catalogue.get_absolute_url()).status_code == 404
    assert b"Ikke udsendt" not in client.get("/katalog/").content
    assert client.get(edit(shown)).status_code == 403
    assert client.get("/katalog/ny/").status_code == 403


@pytest.mark.parametrize("role", ["contact", "administrator", "nobody"])
def test_others_see_no_catalogue(client, cast, issued, role):
    practice = included(issued, "Optaget")
    client.force_login(getattr(cast, role))
    for address in ("/katalog/", practice.get_absolute_url(), issued.get_absolute_url()):
        assert client.get(address).status_code == 403
    assert not Practice.objects.visible_to(getattr(cast, role)).exists()


def test_a_contributor_proposes_once_for_the_own_administration(client, cast):
    client.force_login(cast.contributor)
    data = typed(administration=cast.kff.pk, status="included", order="7")
    first, second = (client.post("/katalog/ny/", data) for _ in range(2))
    practice = Practice.objects.get()
    assert first.url == second.url == practice.get_absolute_url()
    assert (practice.administration, practice.status, practice.order) == (cast.kff, "proposed", 0)
    assert practice in Practice.objects.needing(cast.office)
    assert not Practice.objects.needing(cast.contributor).exists()


def test_a_contributor_does_not_propose_for_another_administration(client, cast):
    client.force_login(cast.contributor)
    assert client.post("/katalog/ny/", typed(administration=cast.buf.pk)).status_code == 422
    assert not Practice.objects.exists()


def test_a_contributor_edits_the_own_and_sees_the_others(client, cast):
    own, other = make_practice(administration=cast.kff), make_practice(title="Andres", administration=cast.buf)
    client.force_login(cast.contributor)
    data = typed(administration=cast.kff.pk, version=own.version)
    assert client.post(edit(own), data).status_code == 302
    assert client.get(other.get_absolute_url()).status_code == 200
    assert client.post(edit(other), typed(version=other.version)).status_code == 403
    other.refresh_from_db()
    assert other.title == "Andres"


def test_a_stale_save_shows_both_versions_and_overwrites_nothing(client, cast):
    practice = make_practice(title="Gadeteam", summary="Først.")
    before = practice.version
    client.force_login(cast.office)
    data = typed(status="proposed", order="0")
    client.post(edit(practice), data | {"summary": "Kollegaens.", "version": before})
    stale = client.post(edit(practice), data | {"summary": "Min.", "version": before})
    assert stale.status_code == 422
    assert "Kollegaens." in stale.content.decode()
    assert "Min." in stale.content.decode()
    practice.refresh_from_db()
    assert practice.summary == "Kollegaens."


# --- What is refused ----------------------------------------------------------------------------------------------


def test_included_without_a_theme_is_refused_by_form_and_database(client, cast, issued):
    client.force_login(cast.office)
    refused = client.post("/katalog/ny/", typed(status="included", order="0", catalogue=issued.pk))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert page.count("Tema: Et eksempel, der er optaget, skal stå under et tema i et katalog.") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        make_practice(status="included")


def test_a_theme_of_another_catalogue_is_refused(client, cast, issued):
    other = make_theme(title="Andet tema")
    client.force_login(cast.office)
    data = typed(status="included", order="0", catalogue=issued.pk, theme=other.pk)
    refused = client.post("/katalog/ny/", data)
    assert refused.status_code == 422
    assert "Temaet hører til et andet katalog." in refused.content.decode()
    assert not Practice.objects.exists()


def test_a_reason_belongs_to_what_is_left_out(client, cast):
    client.force_login(cast.office)
    refused = client.post("/katalog/ny/", typed(status="proposed", order="0", left_out_because="Bydækkende"))
    assert refused.status_code == 422
    assert "En begrundelse hører kun til eksempler, der ikke er optaget." in refused.content.decode()
    assert (
        client.post("/katalog/ny/", typed(status="left_out", order="0", left_out_because="Bydækkende")).status_code
        == 302
    )


# --- Lists --------------------------------------------------------------------------------------------------------


def listed(client, query=""):
    """The titles in the list, as the page and as the CSV have them."""
    file = client.get(f"/katalog/?format=csv&{query}").content.decode("utf-8-sig")
    titles = [row[0] for row in list(csv.reader(io.StringIO(file), delimiter=";"))[1:]]
    assert [each.title for each in client.get(f"/katalog/?{query}").context["page"].items] == titles
    return titles


def test_filters_narrow_list_and_csv_alike(client, cast, issued):
    included(issued, "Øvelse", administration=cast.kff)
    practice = included(issued, "Aften")
    practice.districts.add(make_district(name="Valby"))
    make_practice(title="Zoo", administration=cast.kff)
    client.force_login(cast.office)
    assert listed(client) == ["Aften", "Zoo", "Øvelse"]
    assert listed(client, f"katalog={issued.pk}") == ["Aften", "Øvelse"]
    assert listed(client, "forvaltning=KFF") == ["Zoo", "Øvelse"]
    assert listed(client, f"bydel={make_district(name='Valby').pk}") == ["Aften"]
    assert listed(client, "status=proposed") == ["Zoo"]
    assert listed(client, "katalog=abc&status=nej") == ["Aften", "Zoo", "Øvelse"]


def test_a_reader_cannot_filter_by_a_catalogue_that_is_not_issued(client, cast, issued):
    included(issued, "Optaget")
    secret = make_catalogue(title="Ikke udsendt")
    client.force_login(cast.member)
    page = client.get(f"/katalog/?katalog={secret.pk}")
    assert b"Ikke udsendt" not in page.content
    assert [each.title for each in page.context["page"].items] == ["Optaget"]


def test_search_finds_part_of_a_compound():
    practice = make_practice(title="Åbent i ferien", summary="Når skolen har sommerferielukning.")
    make_practice(title="Gadeteam")
    assert list(Practice.objects.matching("lukning")) == [practice]


def test_a_bad_cursor_is_404(client, cast):
    client.force_login(cast.office)
    assert client.get("/katalog/?efter=abc").status_code == 404


# Session, person, roles, the transaction's two ends, what waits; three choices of the filter; catalogues, count, page,
# districts.
LIST_QUERIES = 13


def test_number_of_queries_is_the_same_for_one_practice_and_three(client, cast, issued, django_assert_num_queries):
    def make(title):
        included(issued, title, administration=cast.kff).districts.add(make_district(name="Valby"))

    make("A")
    client.force_login(cast.contributor)
    client.get("/katalog/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/katalog/")
    make("B")
    make("C")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/katalog/")
