"""Twenty people register the same half-day at once: one is stored, the others get the polite message."""

import threading
from collections import Counter
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from closures.models import ClosedHalfDay, Closure, Kind
from closures.models.institution import InstitutionQuerySet
from tests.factories import make_institution, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, ROUNDS = 20, 20
TODAY = date(2026, 11, 18)
DAYS = [date(2026, 3, 2 + week * 7 + weekday) for week in range(4) for weekday in range(5)]


def race(institution, by, day) -> Counter:
    """What each of the people got: stored, the message, or an error of the database."""
    start, outcomes = threading.Barrier(PEOPLE), []

    def register():
        try:
            start.wait(timeout=60)
            Closure.objects.register(
                institution=institution,
                by=by,
                today=TODAY,
                kind=Kind.DISRUPTION,
                scope=Closure.Scope.AREA,
                first_day=day,
                last_day=day,
            )
            outcome = "stored"
        except ValidationError as refusal:
            outcome = "message" if "allerede registreret" in refusal.messages[0] else "another message"
        except DatabaseError as error:
            outcome = type(error).__name__
        finally:
            connection.close()
        outcomes.append(outcome)

    people = [threading.Thread(target=register) for _ in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return Counter(outcomes)


def test_the_same_half_day_is_stored_once_and_the_others_get_the_message():
    institution, by = make_institution(), make_user()
    for round_, day in enumerate(DAYS[:ROUNDS], 1):
        assert race(institution, by, day) == {"stored": 1, "message": PEOPLE - 1}, round_
        assert ClosedHalfDay.objects.filter(day=day).count() == 2
    assert Closure.objects.count() == ROUNDS


def test_without_the_lock_the_race_is_seen(monkeypatch):
    """The control: were the lock forgotten, the test above would fail. Only the database's constraint is left."""
    monkeypatch.setattr(InstitutionQuerySet, "lock", lambda self, pk: self.get(pk=pk))
    institution, by = make_institution(), make_user()
    got = sum((race(institution, by, day) for day in DAYS[:3]), Counter())
    assert got["IntegrityError"] + got["OperationalError"] > 0
    assert ClosedHalfDay.objects.count() == 2 * got["stored"]
