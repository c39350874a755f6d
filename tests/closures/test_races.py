"""Many act at once: what may happen once happens once, the others are told, and nobody waits for ever."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from closures.models import ClosedHalfDay, Closure, Incident, Institution, Kind, OpeningHours, ReducedService
from closures.models.institution import InstitutionQuerySet
from sikkerby.middleware import Conflict
from sikkerby.models import Submission
from tests.factories import make_cast, make_closure, make_institution, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, ROUNDS = 20, 20
TODAY = date(2026, 11, 18)
DAYS = [date(2026, 3, 2 + week * 7 + weekday) for week in range(4) for weekday in range(5)]


def at_once(*acts: Callable[[], object]) -> Counter:
    """How the acts ended, each in a thread and a connection of its own: done, the message, or a database error."""
    start, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait(timeout=60)
            act()
            outcome = "done"
        except ValidationError as refusal:
            outcome = "message" if "allerede registreret" in refusal.messages[0] else "another message"
        except Conflict:
            outcome = "conflict"
        except DatabaseError as error:
            outcome = type(error).__name__
        finally:
            connection.close()
        outcomes.append(outcome)

    people = [threading.Thread(target=run, args=[act]) for act in acts]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return Counter(outcomes)


@pytest.fixture
def _without_the_lock(monkeypatch):
    """The control of each race: were the lock forgotten, the test would fail."""
    monkeypatch.setattr(InstitutionQuerySet, "lock", lambda self, pk: self.get(pk=pk))
    monkeypatch.setattr(InstitutionQuerySet, "lock_for_closure", lambda self, pk: None)


# --- Twenty register the same half-day ----------------------------------------------------------------------------


def register(institution, by, day):
    def act():
        Closure.objects.register(
            institution=institution,
            by=by,
            today=TODAY,
            kind=Kind.DISRUPTION,
            scope=Closure.Scope.AREA,
            first_day=day,
            last_day=day,
        )

    return act


def test_the_same_half_day_is_stored_once_and_the_others_get_the_message():
    institution, by = make_institution(), make_user()
    for day in DAYS[:ROUNDS]:
        assert at_once(*[register(institution, by, day)] * PEOPLE) == {"done": 1, "message": PEOPLE - 1}, day
        assert ClosedHalfDay.objects.filter(day=day).count() == 2
    assert Closure.objects.count() == ROUNDS


@pytest.mark.usefixtures("_without_the_lock")
def test_without_the_lock_the_same_half_day_is_refused_by_the_database_alone():
    institution, by = make_institution(), make_user()
    got = sum((at_once(*[register(institution, by, day)] * PEOPLE) for day in DAYS[:3]), Counter())
    assert got["IntegrityError"] + got["OperationalError"] > 0
    assert ClosedHalfDay.objects.count() == 2 * got["done"]


# --- The office reviews while the leader withdraws ----------------------------------------------------------------


def review_and_withdraw(day) -> Counter:
    closure = make_closure(first_day=day, today=TODAY)
    office, leader = make_user(), make_user()
    return at_once(
        lambda: Closure.objects.get(pk=closure.pk).review(by=office),
        lambda: Closure.objects.get(pk=closure.pk).withdraw(by=leader),
    )


def test_reviewed_or_withdrawn_but_not_both():
    for day in DAYS[:10]:
        assert review_and_withdraw(day) == {"done": 1, "conflict": 1}
    for closure in Closure.objects.all():
        assert closure.steps.count() == 2
        assert closure.closed_half_days.exists() == (closure.status == Closure.Status.REVIEWED)


@pytest.mark.usefixtures("_without_the_lock")
def test_without_the_lock_it_is_both():
    assert sum((review_and_withdraw(day) for day in DAYS), Counter())["done"] > len(DAYS)


# --- Two gather the same closures, each from its own --------------------------------------------------------------


def test_two_who_gather_the_same_closures_make_one_incident():
    office = make_user()
    for day in DAYS[:10]:
        first, second = (make_closure(first_day=day, today=TODAY).pk for _ in range(2))
        got = at_once(*[gathering(pair, by=office) for pair in ((first, second), (second, first))])
        assert got == {"done": 1, "conflict": 1}
    assert Incident.objects.count() == 10
    assert not Closure.objects.filter(incident__isnull=True).exists()


def gathering(pair, by):
    def act():
        closure, other = (Closure.objects.get(pk=pk) for pk in pair)
        closure.gather_with(other, by=by)

    return act


# --- The hourly job counts while the leader ends the closure ------------------------------------------------------


def test_the_job_and_the_pages_lock_in_one_order():
    cast = make_cast()
    for number in range(10):
        closure = make_closure(
            institution=cast.school, by=cast.leader, first_day=DAYS[number], last_day=None, today=DAYS[number]
        )
        client = Client()
        client.force_login(cast.leader)
        ending = {"last_day": DAYS[number].isoformat(), "last_part": "whole"}
        got = at_once(
            lambda: Closure.objects.count_open_closures(TODAY),  # noqa: B023 – run before the loop goes on
            lambda: client.post(reverse("closures:closure_end", args=[closure.pk]), ending),  # noqa: B023
            lambda: Closure.objects.count_open_closures(TODAY + timedelta(days=1)),
        )
        assert got == {"done": 3}
        closure.refresh_from_db()
        assert (closure.last_day, closure.half_days, closure.closed_half_days.count()) == (DAYS[number], 2, 2)


# --- Two units that belong together -------------------------------------------------------------------------------


def until_someone_waits() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits for the lock")


def test_gathering_holds_the_larger_unit_before_its_service():
    """As registering for both does; in another order the two would wait for each other."""
    service, larger = make_institution(), make_institution()  # by their keys, the service comes first
    service.parent = larger
    service.save()
    pair = [make_closure(institution=each, today=TODAY).pk for each in (service, larger)]
    office, outcomes = make_user(), []
    gatherer = threading.Thread(target=lambda: outcomes.append(at_once(gathering(pair, by=office))))
    with transaction.atomic():
        Institution.objects.lock(larger.pk)
        gatherer.start()
        until_someone_waits()
        Institution.objects.select_for_update(nowait=True).get(pk=service.pk)  # still free
    gatherer.join()
    assert outcomes == [{"done": 1}]


def test_hours_that_another_changed_meanwhile_are_read_before_it_is_asked_what_they_touch():
    """From the hours as they stood before the wait, one would not see which closures lose their days."""
    cast, saturday = make_cast(), date(2026, 3, 7)
    hours = OpeningHours.objects.create(institution=cast.school, begins=date(2026, 1, 1), ends=date(2026, 1, 31))
    days = "mandag tirsdag onsdag torsdag fredag".split()
    form = dict.fromkeys(days, "3") | {"lørdag": "0", "søndag": "0", "begins": "2026-01-01", "ends": "2026-01-31"}
    client, answers = Client(), []
    client.force_login(cast.office)
    address = reverse("closures:hours_change", args=[cast.school.pk, hours.pk])

    def save():
        answers.append(client.post(address, form).status_code)

    saver = threading.Thread(target=lambda: at_once(save))
    with transaction.atomic():
        Institution.objects.lock(cast.school.pk)
        saver.start()
        until_someone_waits()
        hours.halves, hours.ends = [3, 3, 3, 3, 3, 3, 0], date(2026, 3, 31)
        hours.save()
        closure = make_closure(institution=cast.school, first_day=saturday, today=TODAY)
    saver.join()
    assert closure.half_days == 2
    assert answers == [422]
    hours.refresh_from_db()
    assert hours.ends == date(2026, 3, 31)


# --- The same form is sent twice ----------------------------------------------------------------------------------


def send_at_once(cast, times: int) -> list[str]:
    """The same form, with its key, from as many windows as times; where each was led."""
    form = {
        "key": str(uuid.uuid4()),
        "institution": cast.school.pk,
        "kind": "disruption",
        "scope": "area",
        "what": "part",
        "part": "Værkstedet",
        "first_day": "2026-03-02",
        "first_part": "whole",
        "last_day": "2026-03-02",
        "last_part": "whole",
        "send": "1",
    }
    led_to = []

    def send():
        client = Client()
        client.force_login(cast.leader)
        led_to.append(client.post(reverse("closures:closure_new"), form).url)

    assert at_once(*[send] * times) == {"done": times}
    return led_to


def test_form_that_is_sent_many_times_at_once_makes_one_row_and_leads_to_it():
    cast = make_cast()
    for sent in range(1, 6):
        assert len(set(send_at_once(cast, 8))) == 1
        assert ReducedService.objects.count() == sent


def test_without_the_key_it_makes_many(monkeypatch):
    """The control: reduced service counts nothing, so nothing but the key keeps a second row away."""

    def always_first(key, defaults):
        return Submission.objects.create(key=uuid.uuid4(), **defaults), True

    monkeypatch.setattr(Submission.objects, "get_or_create", always_first)
    send_at_once(make_cast(), 8)
    assert ReducedService.objects.count() == 8
