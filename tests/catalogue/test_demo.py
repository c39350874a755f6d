"""The demo data holds the catalogue of 2011 as the paper has it, and of 2013 no more than the title."""

from datetime import date

import pytest
from django.db.models import Count

import catalogue.demo
import initiatives.demo
import sikkerby.demo
from catalogue.models import Catalogue, Practice

TODAY = date(2026, 11, 22)


@pytest.fixture
def demo(db):
    for room in (sikkerby.demo, initiatives.demo, catalogue.demo):
        room.load(today=TODAY)


def test_the_catalogue_of_2011_has_18_practices_in_four_themes(demo):
    local = Catalogue.objects.get(year=2011)
    themes = local.themes.annotate(practices_in_it=Count("practices")).values_list("title", "practices_in_it")
    assert list(themes) == [
        ("Styring og netværk på tværs", 4),
        ("Samarbejde med de unge i centrum", 6),
        ("Et aktivt fritidsliv som nøglen til et godt ungdomsliv", 3),
        ("Inddragelse af civilsamfundet", 5),
    ]
    assert Practice.objects.included().filter(catalogue=local).count() == 18


def test_the_funnel_goes_from_31_over_28_to_18(demo):
    local = Catalogue.objects.with_included().get(year=2011)
    assert (local.proposed, local.examined, local.included) == (31, 28, 18)


def test_criteria_recommendations_and_channels_are_four_each(demo):
    local = Catalogue.objects.get(year=2011)
    for lines in (local.criteria, local.recommendations, local.dissemination):
        assert len(lines.splitlines()) == 4


def test_the_catalogue_of_2013_is_known_by_its_title_only(demo):
    stable = Catalogue.objects.get(year=2013)
    assert (stable.practices.count(), stable.themes.count(), stable.proposed) == (0, 0, None)
