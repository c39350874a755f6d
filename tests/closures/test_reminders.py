"""Reminders of the yearly count: each once whatever happens, to those who should have them; none after the answer."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from post_office.models import Email

from closures import reminders
from closures.models import AnnualReturn, Institution, Leadership, YearlyAccount
from closures.reminders import Stage, remind
from closures.tasks import follow_counts
from sikkerby import mail
from sikkerby.models import Notice
from tests.factories import make_account, make_cast, make_institution, make_user

OPENED, ANSWER_BY = date(2026, 12, 3), date(2027, 1, 31)
BEFORE, AFTER, LAST = date(2027, 1, 24), date(2027, 2, 7), date(2027, 2, 14)
NONE = AnnualReturn.Answer.NONE


@pytest.fixture
def account(cast) -> YearlyAccount:
    return open_count(cast)


def open_count(cast) -> YearlyAccount:
    opened_at = datetime(2026, 12, 3, 9, tzinfo=UTC)
    account = make_account(2026, by=cast.office, answer_by=ANSWER_BY, opened_at=opened_at)
    account.ask_units()
    return account


def told(day: date) -> dict[str, int]:
    """Who is told on this day, and how many mails each."""
    before = set(Email.objects.values_list("pk", flat=True))
    remind(day)
    found: dict[str, int] = {}
    for (address,) in Email.objects.exclude(pk__in=before).values_list("to"):
        name = address[0].partition("@")[0] if isinstance(address, list) else address.partition("@")[0]
        found[name] = found.get(name, 0) + 1
    return found


LEADERS = {"leader": 1, "deputy": 1, "other_leader": 1}
CONTACTS = {"contact": 1, "other_contact": 1}


# --- When, and to whom --------------------------------------------------------------------------------------------


def test_each_stage_is_told_once_first_to_the_leaders_then_also_to_the_contacts(account):
    days = [OPENED + timedelta(days=each) for each in range(90)]
    mails = {day: told(day) for day in days}
    assert {day: who for day, who in mails.items() if who} == {
        OPENED: LEADERS,
        BEFORE: LEADERS,
        ANSWER_BY: LEADERS,
        AFTER: LEADERS | CONTACTS,
        LAST: LEADERS | CONTACTS,
    }


def test_nothing_is_told_before_the_count_is_opened(account):
    assert told(OPENED - timedelta(days=1)) == {}


@pytest.mark.parametrize("day", [OPENED, BEFORE, ANSWER_BY, AFTER, LAST])
def test_same_day_twice_tells_once(account, day):
    assert told(day) != {}
    assert told(day) == {}


@pytest.mark.parametrize("day", [OPENED, BEFORE, ANSWER_BY, AFTER, LAST])
def test_three_days_late_is_told_all_the_same(account, day):
    assert told(day + timedelta(days=3)) != {}
    assert told(day + timedelta(days=4)) == {}


def test_of_several_that_are_due_only_the_newest_is_sent(account):
    assert told(AFTER + timedelta(days=1)) == LEADERS | CONTACTS
    assert {each.key for each in Notice.objects.all()} == {"annual-return-2026-efter"}


def test_stage_that_would_come_before_the_opening_is_left_out(cast):
    opened_at = datetime(2027, 1, 28, 9, tzinfo=UTC)
    account = make_account(2026, by=cast.office, answer_by=ANSWER_BY, opened_at=opened_at)
    assert [stage for _, stage in reminders.stages(account)] == [
        Stage.OPENED,
        Stage.ON_THE_DAY,
        Stage.AFTER,
        Stage.LAST,
    ]


def test_one_mail_a_person_lists_all_that_is_unanswered(account, cast):
    remind(OPENED)
    letter = Email.objects.get(to=cast.leader.email)
    assert letter.subject == "Årsopgørelsen for 2026 er åbnet: Svar senest den 31. januar 2027"
    assert "- Aftenklubben\n- Skolen ved Søen\n" in letter.message
    assert "/lukninger/indberetning/2026/" in letter.message
    letter = Email.objects.get(to=cast.deputy.email)
    assert "Skolen ved Søen mangler at svare for 2026." in letter.message
    assert "Aftenklubben" not in letter.message


@pytest.mark.parametrize(
    ("day", "subject"),
    [
        (BEFORE, "Svar for 2026 senest den 31. januar 2027"),
        (ANSWER_BY, "Fristen er i dag: Svar for 2026"),
        (ANSWER_BY + timedelta(days=3), "Fristen er udløbet: Svar for 2026"),
        (LAST, "Fristen er udløbet: Svar for 2026"),
    ],
)
def test_letter_says_how_near_the_date_is_when_it_is_sent(account, cast, day, subject):
    remind(day)
    assert Email.objects.get(to=cast.leader.email).subject == subject


def test_reminders_stop_at_the_answer(account, cast):
    remind(OPENED)
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    assert told(BEFORE) == {"leader": 1, "other_leader": 1}
    assert "Skolen ved Søen" not in Email.objects.filter(to=cast.leader.email).last().message
    account.answer({cast.club.pk: NONE}, by=cast.leader)
    assert told(AFTER) == {"other_leader": 1, "other_contact": 1}
    account.answer({cast.library.pk: NONE}, by=cast.other_leader)
    assert told(LAST) == {}


def test_closed_year_reminds_nobody(account, cast):
    account.close(by=cast.office, accept_missing=True, today=date(2027, 2, 1))
    assert told(LAST) == {}


def test_contact_is_told_from_the_start_of_a_unit_that_nobody_leads(account, cast):
    make_institution(name="Uden leder")
    left = make_institution(name="Lederens konto er lukket", leader=make_user(is_active=False))
    gone = make_institution(name="Lederen er holdt op")
    Leadership.objects.create(institution=gone, user=make_user(), ends=OPENED - timedelta(days=1))
    account.ask_units()
    assert told(OPENED) == LEADERS | {"contact": 1}
    message = Email.objects.get(to=cast.contact.email).message
    assert all(name in message for name in ("Uden leder", left.name, gone.name))
    assert "Skolen ved Søen" not in message


def test_leader_of_the_larger_unit_is_told_of_its_services(account, cast):
    service = make_institution(name="SFO'en & klubben", parent=cast.school)
    account.ask_units()
    remind(OPENED)
    assert f"- {service}\n" in Email.objects.get(to=cast.leader.email).message


def test_who_wants_only_the_necessary_is_told_at_the_opening_and_after_the_date(account, cast):
    type(cast.leader).objects.filter(pk=cast.leader.pk).update(necessary_mail_only=True)
    mails = [told(day).get("leader", 0) for day in (OPENED, BEFORE, ANSWER_BY, AFTER, LAST)]
    assert mails == [1, 0, 0, 1, 1]


def test_two_counts_remind_each_for_itself(account, cast):
    remind(LAST)
    make_account(2025, by=cast.office, answer_by=ANSWER_BY, opened_at=account.opened_at).ask_units()
    assert told(LAST) == LEADERS | CONTACTS


def test_office_sees_how_many_were_told(account):
    remind(OPENED)
    assert reminders.sent(account)[:2] == [
        (OPENED, "da årsopgørelsen blev åbnet", 3),
        (BEFORE, "7 dage før fristen", 0),
    ]


def test_job_reminds_and_the_mail_leaves(account):
    with time_machine.travel("2027-01-31 08:20 +0100", tick=False):
        follow_counts(0)
        follow_counts(0)
        mail.send()
    assert sorted(each.to[0] for each in outbox.outbox) == [
        "deputy@example.dk",
        "leader@example.dk",
        "other_leader@example.dk",
    ]


# --- Many workers -------------------------------------------------------------------------------------------------


def remind_at_once(workers: int = 2) -> list[str]:
    """Errors of so many workers that remind at the same time."""
    start, errors = threading.Barrier(workers), []

    def run():
        try:
            start.wait(timeout=60)
            remind(OPENED)
        except Exception as error:  # noqa: BLE001 – told to the test, whatever it is
            errors.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return errors


def units_of_one_leader_each(count: int = 15) -> YearlyAccount:
    cast = make_cast()
    for _ in range(count):
        make_institution(leader=make_user())
    return open_count(cast)


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_each_person_once():
    units_of_one_leader_each()
    assert remind_at_once() == []
    assert Email.objects.count() == Notice.objects.count() == 18


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_key_two_workers_tell_twice(monkeypatch):
    """The control: were each notice another, the race above would fail."""
    one_of_each = Notice.objects.get_or_create

    def always_new(*, user, key):
        return one_of_each(user=user, key=f"{key}-{uuid.uuid4()}")

    monkeypatch.setattr(Notice.objects, "get_or_create", always_new)
    units_of_one_leader_each()
    remind_at_once()
    assert Email.objects.count() > 18


@pytest.mark.django_db(transaction=True)
def test_worker_that_dies_between_two_people_is_followed_by_one_that_tells_the_rest(monkeypatch):
    units_of_one_leader_each()
    create, left = Email.objects.create, [5]

    def dies(**fields):
        left[0] -= 1
        if left[0] < 0:
            raise ConnectionError("the worker is killed")
        return create(**fields)

    monkeypatch.setattr(Email.objects, "create", dies)
    with pytest.raises(ConnectionError):
        remind(OPENED)
    monkeypatch.setattr(Email.objects, "create", create)
    assert Email.objects.count() == Notice.objects.count() == 5
    remind(OPENED)
    assert Email.objects.count() == 18
    assert Institution.objects.count() == 18


# --- What people want ---------------------------------------------------------------------------------------------


def test_person_chooses_only_the_necessary_mails_and_all_again(client, cast):
    client.force_login(cast.leader)
    assert "Send mig kun de nødvendige mails" in client.get("/konto/").content.decode()
    response = client.post("/konto/mail/", {"necessary_mail_only": "on"}, follow=True)
    assert "kun de nødvendige mails" in response.content.decode()
    cast.leader.refresh_from_db()
    assert cast.leader.necessary_mail_only
    client.post("/konto/mail/", {})
    cast.leader.refresh_from_db()
    assert not cast.leader.necessary_mail_only
    assert client.get("/konto/mail/").status_code == 405
