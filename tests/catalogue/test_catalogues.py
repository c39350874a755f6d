"""Catalogues: what one page shows, and that the office alone edits."""

import uuid

import pytest
from django.urls import reverse

from catalogue.models import Catalogue, Edition, Theme
from tests.factories import make_catalogue, make_practice, make_theme

pytestmark = pytest.mark.django_db


def typed(**changes):
    return {"key": uuid.uuid4(), "title": "Nyt katalog", "year": "2026", "subject": "Samarbejde"} | changes


def test_the_page_shows_the_way_from_proposals_and_the_practices_by_theme(client, cast):
    catalogue = make_catalogue(proposed=31, examined=28, criteria="Lokal\nKan udbredes")
    second, first = make_theme(catalogue=catalogue, number=2), make_theme(catalogue=catalogue, number=1)
    for title, theme, order in (("C", second, 1), ("B", first, 2), ("A", first, 1)):
        make_practice(title=title, catalogue=catalogue, theme=theme, order=order, status="included")
    client.force_login(cast.office)
    response = client.get(catalogue.get_absolute_url())
    page = " ".join(response.content.decode().split())
    assert "<strong>31</strong> foreslået" in page
    assert "<strong>28</strong> undersøgt" in page
    assert "<strong>3</strong> optaget" in page
    assert "<li>Lokal</li><li>Kan udbredes</li>" in page
    assert [[each.title for each in theme.shown] for theme in response.context["themes"]] == [["A", "B"], ["C"]]


def test_a_catalogue_known_by_its_title_only_says_so(client, cast):
    catalogue = make_catalogue()
    client.force_login(cast.office)
    assert (
        "Hvilke eksempler det indeholder, er ikke oplyst." in client.get(catalogue.get_absolute_url()).content.decode()
    )


def test_a_noted_edition_opens_the_catalogue_to_readers(client, cast):
    catalogue = make_catalogue()
    client.force_login(cast.member)
    assert client.get(catalogue.get_absolute_url()).status_code == 404
    client.force_login(cast.office)
    data = {"key": uuid.uuid4(), "number": "1", "issued": "01-06-2011", "issued_precision": "season"}
    client.post(reverse("catalogue:edition_new", args=[catalogue.pk]), data)
    again = client.post(reverse("catalogue:edition_new", args=[catalogue.pk]), data | {"key": uuid.uuid4()})
    assert "Kataloget har allerede en udgave med det nummer." in again.content.decode()
    client.force_login(cast.member)
    assert "1. udgave, sommeren 2011" in client.get(catalogue.get_absolute_url()).content.decode()


def test_the_office_makes_catalogue_and_theme_once(client, cast):
    client.force_login(cast.office)
    data = typed()
    made = [client.post("/katalog/kataloger/ny/", data).url for _ in range(2)]
    catalogue = Catalogue.objects.get()
    assert made == [catalogue.get_absolute_url()] * 2
    data = {"key": uuid.uuid4(), "number": "1", "title": "Styring"}
    for _ in range(2):
        client.post(reverse("catalogue:theme_new", args=[catalogue.pk]), data)
    assert [theme.title for theme in catalogue.themes.all()] == ["Styring"]
    again = client.post(reverse("catalogue:theme_new", args=[catalogue.pk]), data | {"key": uuid.uuid4()})
    assert "Nummeret er allerede brugt i kataloget. Vælg et andet." in again.content.decode()


def test_more_examined_than_proposed_is_refused(client, cast):
    client.force_login(cast.office)
    refused = client.post("/katalog/kataloger/ny/", typed(proposed="5", examined="6"))
    assert refused.status_code == 422
    assert "Der kan ikke være undersøgt flere, end der er foreslået." in refused.content.decode()
    assert not Catalogue.objects.exists()


def test_stale_saves_of_catalogue_and_theme_overwrite_nothing(client, cast):
    theme = make_theme(title="Først")
    client.force_login(cast.office)
    for row, name, data in (
        (theme.catalogue, "catalogue_edit", typed()),
        (theme, "theme_edit", {"number": "1", "title": "Tema"}),
    ):
        address = reverse(f"catalogue:{name}", args=[row.pk])
        assert client.post(address, data | {"title": "Kollegaens", "version": row.version}).status_code == 302
        assert client.post(address, data | {"title": "Min", "version": row.version}).status_code == 422
        row.refresh_from_db()
        assert row.title == "Kollegaens"


@pytest.mark.parametrize("role", ["contributor", "approver", "member", "leader"])
def test_only_the_office_edits_catalogues(client, cast, role):
    theme = make_theme()
    Edition.objects.create(catalogue=theme.catalogue, number=1)
    client.force_login(getattr(cast, role))
    for name, args in (
        ("catalogue_new", []),
        ("catalogue_edit", [theme.catalogue.pk]),
        ("theme_new", [theme.catalogue.pk]),
        ("theme_edit", [theme.pk]),
        ("edition_new", [theme.catalogue.pk]),
    ):
        address = reverse(f"catalogue:{name}", args=args)
        assert client.get(address).status_code == 403
        assert client.post(address, typed(number="9")).status_code == 403
    assert (Catalogue.objects.count(), Theme.objects.count(), Edition.objects.count()) == (1, 1, 1)
