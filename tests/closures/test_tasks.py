"""The hourly job of this room."""

from datetime import date

import pytest
import time_machine
from procrastinate.contrib.django import app

from closures.models import Closure
from closures.tasks import count_open_closures
from tests.factories import make_closure, make_institution


@pytest.mark.django_db
def test_closures_until_further_notice_are_counted_to_today_by_the_job():
    make_closure(institution=make_institution(), first_day=date(2026, 11, 16), last_day=None, today=date(2026, 11, 16))
    with time_machine.travel("2026-11-18 00:10 +0100", tick=False):
        count_open_closures(0)
        count_open_closures(0)
    assert Closure.objects.get().half_days == 6


def test_the_job_runs_every_hour():
    (cron,) = [
        periodic.cron
        for (name, _), periodic in app.periodic_registry.periodic_tasks.items()
        if name == count_open_closures.name
    ]
    assert cron == "5 * * * *"
