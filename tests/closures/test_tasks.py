"""The hourly jobs of this room: closures until further notice are counted, and asked after."""

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from post_office.models import Email
from procrastinate.contrib.django import app

from closures.models import Closure
from closures.tasks import ask_whether_open_again, count_open_closures
from sikkerby.models import Notice
from tests.factories import make_closure, make_institution, make_user


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


# --- »Har I åbnet igen?« ------------------------------------------------------------------------------------------


def on(day: date) -> time_machine.travel:
    return time_machine.travel(f"{day} 09:00 +0100", tick=False)


def close_until_further_notice(first_day=date(2026, 11, 2), **fields) -> Closure:
    """Registered on its first day, by its leader."""
    leader = make_user(username="leder")
    with on(fields.pop("registered", first_day)):
        return make_closure(
            institution=make_institution(name="Skolen ved Søen", leader=leader),
            by=leader,
            first_day=first_day,
            last_day=None,
            today=timezone.localdate(),
            **fields,
        )


def asked(day: date) -> int:
    """How many mails the job writes on the day."""
    before = Email.objects.count()
    with on(day):
        ask_whether_open_again(0)
    return Email.objects.count() - before


@pytest.mark.django_db
def test_a_unit_is_asked_whether_it_has_opened_after_1_and_3_and_then_every_7_days():
    closure = close_until_further_notice()
    days = [each for each in range(32) if asked(closure.first_day + timedelta(days=each))]
    assert days == [1, 3, 10, 17, 24, 31]
    letter = Email.objects.last()
    assert letter.subject == f"{closure.number}: Har I åbnet igen?"
    assert closure.get_absolute_url() in letter.message
    assert (
        "Skolen ved Søen er registreret som lukket fra mandag den 2. november 2026 og indtil videre." in letter.message
    )


@pytest.mark.django_db
def test_nobody_is_asked_twice_on_one_occasion():
    close_until_further_notice()
    assert [asked(date(2026, 11, 5)) for _ in range(3)] == [1, 0, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2026, 11, 8), date(2026, 11, 22)])
def test_a_worker_that_is_late_asks_once_of_the_newest_occasion(day):
    """Three days late for the second occasion, and for the fourth."""
    close_until_further_notice()
    assert asked(day) == 1
    assert asked(day + timedelta(days=1)) == 0
    assert asked(day + timedelta(days=4)) == 1  # and in time for the next


@pytest.mark.django_db
def test_who_wants_only_the_necessary_is_asked_and_who_no_longer_leads_is_not():
    closure = close_until_further_notice()
    leader, institution = closure.registered_by, closure.institution
    leader.necessary_mail_only = True
    leader.save()
    assert asked(date(2026, 11, 3)) == 1
    institution.leaderships.update(ends=date(2026, 11, 4))
    assert asked(date(2026, 11, 5)) == 0


@pytest.mark.django_db
def test_a_unit_is_not_asked_on_the_day_it_said_that_it_is_closed():
    close_until_further_notice(registered=date(2026, 11, 13))
    assert [asked(date(2026, 11, day)) for day in (13, 18, 19)] == [0, 0, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["open_again", "withdraw"])
def test_a_unit_that_has_opened_is_not_asked(act):
    closure = close_until_further_notice()
    today = {"today": date(2026, 11, 4)} if act == "open_again" else {}
    with on(date(2026, 11, 4)):
        getattr(closure, act)(by=closure.registered_by, **today)
    assert asked(date(2026, 11, 5)) == 0


def two_workers_ask() -> int:
    """How many mails two write who begin at once."""
    start, before = threading.Barrier(2), Email.objects.count()

    def work():
        start.wait(timeout=60)
        try:
            ask_whether_open_again(0)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return Email.objects.count() - before


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once():
    closure = close_until_further_notice()
    for days in (1, 3, 10, 17, 24):
        with on(closure.first_day + timedelta(days=days)):
            assert two_workers_ask() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_forget_whom_they_told_ask_twice(monkeypatch):
    """The control: without the note of each mail, both write one."""

    def forget(*, user, key):
        return Notice.objects.create(user=user, key=str(uuid4())), True

    closure = close_until_further_notice()
    monkeypatch.setattr(Notice.objects, "get_or_create", forget)
    with on(closure.first_day + timedelta(days=1)):
        assert two_workers_ask() == 2
