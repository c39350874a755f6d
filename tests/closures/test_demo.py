"""The demo data of this room holds together on any day it is loaded."""

from datetime import date

import pytest

import closures.demo
import sikkerby.demo
from closures import figures
from closures.models import Closure, Institution
from sikkerby.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2026, 12, 26), date(2027, 1, 3), date(2026, 7, 20)])
def test_the_demo_loads_to_its_sums_on_any_day(today):
    sikkerby.demo.load(today=today)
    closures.demo.load(today=today)
    years = figures.years(Closure.objects.all(), 2012, 2025, reviewed_only=True)
    assert (years[0].total, years[0].units, years[0].divided) == (1325, 13, False)
    assert {each.year: (each.disruption, each.pedagogical) for each in years[1:]} == closures.demo.HALF_DAYS
    assert Institution.objects.count() == 40
    assert Closure.objects.open_ended().count() == 2
    assert Closure.objects.awaiting_answer().answered_by(User.objects.get(username="leder")).count() == 2
    assert Institution.objects.without_leader(today).count() == 2
    of_the_leader = Institution.objects.visible_to(User.objects.get(username="leder"))
    assert set(of_the_leader.values_list("name", flat=True)) == {
        "Lærkevejens Skole",
        "Juniorklubben Kometen",
        "Aftenklubben Kvarteret",
    }


def test_no_half_day_of_the_demo_is_one_on_which_the_unit_need_not_be_open():
    sikkerby.demo.load(today=date(2026, 11, 22))
    closures.demo.load(today=date(2026, 11, 22))
    for institution in Institution.objects.all():
        calendar = institution.calendar(date(2013, 1, 1), date(2026, 12, 31))
        for day, half in institution.closed_half_days.values_list("day", "half"):
            assert half in calendar.halves_on(day), (institution, day)
