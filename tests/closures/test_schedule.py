"""When a unit should be open is changed: what is counted changes only if the office says so. And who leads it."""

import re
import threading
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from post_office.models import Email

from closures.calendar import NOTHING_TO_COUNT
from closures.forms.institutions import RecountForm
from closures.models import (
    EVER,
    Closure,
    ClosureStep,
    Institution,
    Leadership,
    OpeningChange,
    OpeningHours,
    PlannedClosing,
    SharedCalendar,
)
from closures.models.institution import InstitutionQuerySet
from sikkerby.history import changes_with_parts
from tests.factories import make_account, make_closure, make_institution, make_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
WEEK = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 10:00 +0100", tick=False):
        yield


def address(name, *args):
    return reverse(f"closures:{name}", args=args)


def hours(week: str, **fields):
    """The form of opening hours: 3 is the whole day, 0 closed, Monday first."""
    return {"key": str(uuid4()), **dict(zip(WEEK, week, strict=True)), **fields}


def closing(first_day: str, last_day: str = "", **fields):
    return {
        "key": str(uuid4()),
        "first_day": first_day,
        "last_day": last_day or first_day,
        "reason": "Pædagogisk dag",
    } | fields


def make_calendar(*kinds: str, name: str = "Ferier") -> SharedCalendar:
    return SharedCalendar.objects.create(name=name, kinds=list(kinds))


def make_closing(owner, first_day: date, last_day: date | None = None, reason: str = "Lukkedag") -> PlannedClosing:
    closings = owner.closings if isinstance(owner, SharedCalendar) else owner.planned_closings
    return closings.create(first_day=first_day, last_day=last_day or first_day, reason=reason)


def make_reviewed(cast, institution, *, first_day=date(2026, 3, 3), **fields) -> Closure:
    closure = make_closure(institution=institution, by=cast.leader, first_day=first_day, **fields)
    closure.review(by=cast.office)
    return closure


def answered(response, answer: str, **more) -> dict:
    """What the page that asks sends when a button is pressed: all that was typed, and which list it was."""
    page = response.content.decode()
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    assert f'value="{answer}"' in page
    return {**response.wsgi_request.POST.dict(), "seen": seen, "answer": answer, **more}


def counts(closure) -> int:
    """In half-days, by the closure and by the rows that are added up, which never differ."""
    closure.refresh_from_db()
    assert closure.half_days == closure.closed_half_days.count()
    return closure.half_days


def touched(response) -> list[tuple]:
    return [(each.closure.pk, each.now, each.then) for each in response.context["change"].touched]


# --- Opening hours ------------------------------------------------------------------------------------------------


def test_hours_that_touch_a_counted_closure_are_not_saved_before_the_office_has_answered(client, cast):
    closure = make_reviewed(cast, cast.school)  # Tuesday 3 March 2026
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    response = client.post(url, hours("3033300", begins="01-01-2026"))
    assert response.status_code == 422
    assert touched(response) == [(closure.pk, 2, 0)]
    page = response.content.decode()
    assert closure.number in page
    assert "03-03-2026" in page
    assert 'value="2026-01-01"' in page or 'value="01-01-2026"' in page  # what was typed stands there still
    assert page.count('<option value="0" selected>') == 3
    assert not OpeningHours.objects.exists()
    assert counts(closure) == 2


def test_the_counted_days_can_stand(client, cast):
    closure = make_reviewed(cast, cast.school)
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    asked = client.post(url, hours("3033300", begins="01-01-2026"))
    response = client.post(url, answered(asked, "stand"), follow=True)
    assert "1 lukning er talt som før." in response.content.decode()
    assert OpeningHours.objects.get().halves == [3, 0, 3, 3, 3, 0, 0]
    assert counts(closure) == 2
    assert not closure.steps.filter(act=ClosureStep.Act.RECOUNTED).exists()


def test_or_the_closures_are_counted_again_and_their_leaders_told(client, cast):
    closure = make_reviewed(cast, cast.school, last_day=date(2026, 3, 6))
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    asked = client.post(url, hours("3033300", begins="01-01-2026"))
    response = client.post(url, answered(asked, "recount"), follow=True)
    assert "1 lukning er talt om." in response.content.decode()
    assert OpeningHours.objects.exists()
    assert counts(closure) == 6
    step = closure.steps.get(act=ClosureStep.Act.RECOUNTED)
    assert (step.by, step.changes) == (cast.office, [["Tæller", "4 dage", "3 dage"]])
    assert closure.status == Closure.Status.REVIEWED
    told = {each.to[0] for each in Email.objects.filter(subject__contains="lukningen er talt om")}
    assert told == {cast.leader.email, cast.deputy.email}


def test_hours_that_are_sent_twice_are_saved_once(client, cast):
    make_reviewed(cast, cast.school)
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    form = answered(client.post(url, hours("3033300", begins="01-01-2026")), "recount")
    assert {client.post(url, form).url for _ in range(2)} == {cast.school.get_absolute_url()}
    assert OpeningHours.objects.count() == 1
    assert ClosureStep.objects.filter(act=ClosureStep.Act.RECOUNTED).count() == 1


@pytest.mark.parametrize(("answer", "left"), [("stand", 10), ("recount", 6)])
def test_changed_and_ended_hours_ask(client, cast, answer, left):
    week = OpeningHours.objects.create(institution=cast.school, halves=[3, 3, 3, 3, 3, 0, 0])
    closure = make_reviewed(cast, cast.school, first_day=date(2026, 3, 2), last_day=date(2026, 3, 6))
    client.force_login(cast.office)
    url = address("hours_change", cast.school.pk, week.pk)
    asked = client.post(url, hours("0033300"))
    assert touched(asked) == [(closure.pk, 10, 6)]
    assert OpeningHours.objects.get().halves == [3, 3, 3, 3, 3, 0, 0]
    assert client.post(url, answered(asked, answer)).status_code == 302
    assert OpeningHours.objects.get().halves == [0, 0, 3, 3, 3, 0, 0]
    assert counts(closure) == left


@pytest.mark.parametrize(("answer", "left"), [("stand", 14), ("recount", 10)])
def test_deleted_hours_ask(client, cast, answer, left):
    week = OpeningHours.objects.create(institution=cast.school, halves=[3] * 7)
    closure = make_reviewed(cast, cast.school, first_day=date(2026, 3, 2), last_day=date(2026, 3, 8))
    client.force_login(cast.office)
    url = address("hours_delete", cast.school.pk, week.pk)
    asked = client.post(url)
    assert (asked.status_code, touched(asked)) == (422, [(closure.pk, 14, 10)])
    assert OpeningHours.objects.exists()
    assert client.post(url, answered(asked, answer)).url == cast.school.get_absolute_url()
    assert not OpeningHours.objects.exists()
    assert counts(closure) == left


def test_an_open_closure_is_counted_again_to_today(client, cast):
    closure = make_closure(institution=cast.school, first_day=date(2026, 11, 16), last_day=None, today=TODAY)
    assert counts(closure) == 6  # Monday to Wednesday
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    asked = client.post(url, hours("3033300"))
    assert touched(asked) == [(closure.pk, 6, 4)]
    client.post(url, answered(asked, "recount"))
    assert counts(closure) == 4
    Closure.objects.count_open_closures(date(2026, 11, 19))
    assert counts(closure) == 6


def test_an_open_closure_whose_days_stand_grows_by_the_new_hours(client, cast):
    closure = make_closure(institution=cast.school, first_day=date(2026, 11, 16), last_day=None, today=TODAY)
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    client.post(url, answered(client.post(url, hours("3033000")), "stand"))  # closed on Tuesdays and Fridays
    Closure.objects.count_open_closures(date(2026, 11, 20))
    assert counts(closure) == 8  # the six, and Thursday


@pytest.mark.parametrize("gone", ["withdraw", "exclude"])
def test_what_no_longer_counts_asks_nothing(client, cast, gone):
    closure = make_closure(institution=cast.school)
    closure.withdraw(by=cast.leader) if gone == "withdraw" else closure.exclude("planned", by=cast.office)
    client.force_login(cast.office)
    assert client.post(address("hours_new", cast.school.pk), hours("3033300")).status_code == 302


@pytest.mark.parametrize(
    "form",
    [
        hours("3333300"),  # as it was taken to be
        hours("3033300", begins="04-03-2026"),  # after it
        hours("3330300", begins="01-01-2026"),  # another weekday
    ],
)
def test_hours_that_change_nothing_counted_ask_nothing(client, cast, form):
    closure = make_reviewed(cast, cast.school)
    client.force_login(cast.office)
    assert client.post(address("hours_new", cast.school.pk), form).status_code == 302
    assert counts(closure) == 2


def test_what_another_closure_holds_stays_there(client, cast):
    """Two closures around a weekend that did not count: with hours on Saturdays both could have it."""
    first = make_reviewed(cast, cast.school, first_day=date(2026, 3, 6), last_day=date(2026, 3, 7))
    second = make_reviewed(cast, cast.school, first_day=date(2026, 3, 7), last_day=date(2026, 3, 9))
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    asked = client.post(url, hours("3333330"))
    assert touched(asked) == [(first.pk, 2, 4)]
    client.post(url, answered(asked, "recount"))
    assert (counts(first), counts(second)) == (4, 2)


# --- An answer is to what was seen --------------------------------------------------------------------------------


def test_a_closure_that_came_meanwhile_is_asked_about_too(client, cast):
    make_reviewed(cast, cast.school)
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    answer = answered(client.post(url, hours("3033300")), "recount")
    came = make_reviewed(cast, cast.school, first_day=date(2026, 3, 10))
    response = client.post(url, answer)
    assert response.status_code == 422
    assert "andre lukninger end dem, du tog stilling til" in response.content.decode()
    assert len(touched(response)) == 2
    assert (counts(came), OpeningHours.objects.exists()) == (2, False)
    assert client.post(url, answered(response, "recount")).status_code == 302
    assert counts(came) == 0


def test_other_hours_than_those_that_were_asked_about_are_asked_about_again(client, cast):
    closure = make_reviewed(cast, cast.school, last_day=date(2026, 3, 4))
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    answer = answered(client.post(url, hours("3033300")), "recount")
    response = client.post(url, answer | {"onsdag": "0"})
    assert (response.status_code, touched(response)) == (422, [(closure.pk, 4, 0)])
    assert counts(closure) == 4


@pytest.mark.parametrize(
    "answer",
    [
        {"answer": "recount"},
        {"answer": "recount", "seen": "0" * 64},
        {"answer": "nej", "seen": "\x00"},
        {"answer": "stand", "seen": "0" * 5000},
        {"closed_years_too": "on"},
    ],
)
def test_an_answer_to_another_list_is_none(client, cast, answer):
    closure = make_reviewed(cast, cast.school)
    client.force_login(cast.office)
    response = client.post(address("hours_new", cast.school.pk), hours("3033300") | answer)
    assert response.status_code == 422
    assert (counts(closure), OpeningHours.objects.exists()) == (2, False)


def outcome_of_registering_while_hours_are_saved(institution, by) -> str:
    """One saves that it is closed on Tuesdays, and has nothing to ask; a leader registers a Tuesday before that is
    committed."""
    saved, registered, outcomes = threading.Event(), threading.Event(), []

    def save():
        OpeningHours.objects.create(institution=institution, halves=[3, 0, 3, 3, 3, 0, 0])
        saved.set()
        registered.wait(timeout=2)

    def save_hours():
        units = Institution.objects.filter(pk=institution.pk)
        OpeningChange(institutions=units, days=[EVER], by=by, today=TODAY).make(save)
        connection.close()

    def register():
        saved.wait(timeout=60)
        try:
            make_closure(institution=institution, by=by)
            outcomes.append("counted by the old hours")
        except ValidationError as refusal:
            outcomes.append(refusal.messages[0])
        registered.set()
        connection.close()

    people = [threading.Thread(target=act) for act in (save_hours, register)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return outcomes[0]


@pytest.mark.django_db(transaction=True)
def test_who_registers_while_hours_are_saved_is_judged_by_the_new_ones():
    assert outcome_of_registering_while_hours_are_saved(make_institution(), make_user()) == NOTHING_TO_COUNT


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_closure_would_be_counted_by_the_old_hours(monkeypatch):
    monkeypatch.setattr(InstitutionQuerySet, "lock_all", list)
    told = outcome_of_registering_while_hours_are_saved(make_institution(), make_user())
    assert told == "counted by the old hours"


# --- Closed years -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("too", "old"), [({}, 2), ({"closed_years_too": "on"}, 0)])
def test_closed_years_are_counted_again_only_if_the_office_says_so(client, cast, too, old):
    last_year = make_reviewed(cast, cast.school, first_day=date(2025, 3, 4))
    this_year = make_reviewed(cast, cast.school)
    make_account(2025, closed_by=cast.office, closed_at="2026-02-01T10:00+01:00", figures={})
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    asked = client.post(url, hours("3033300"))
    assert [each.in_closed_year for each in asked.context["change"].touched] == [True, False]
    assert "efter årsopgørelsen" in asked.content.decode()
    response = client.post(url, answered(asked, "recount", **too), follow=True)
    assert (counts(last_year), counts(this_year)) == (old, 0)
    assert ("1 lukning er talt om. 1 lukning er talt som før." in response.content.decode()) is not too
    assert ("2 lukninger er talt om." in response.content.decode()) is bool(too)


def test_a_closure_over_new_year_is_of_the_year_whose_days_change(client, cast):
    closure = make_reviewed(cast, cast.school, first_day=date(2025, 12, 30), last_day=date(2026, 1, 6))
    make_account(2025, closed_by=cast.office, closed_at="2026-02-01T10:00+01:00", figures={})
    client.force_login(cast.office)
    url = address("hours_new", cast.school.pk)
    asked = client.post(url, hours("0333300", begins="01-01-2026"))
    assert [each.in_closed_year for each in asked.context["change"].touched] == [False]
    client.post(url, answered(asked, "recount"))
    assert counts(closure) == 8  # 30 and 31 December, 2 and 6 January


# --- Planned closings of its own ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "left"), [("stand", 8), ("recount", 6)])
def test_a_planned_closing_backwards_asks(client, cast, answer, left):
    closure = make_reviewed(cast, cast.school, last_day=date(2026, 3, 6))
    make_reviewed(cast, cast.library)
    client.force_login(cast.office)
    url = address("closing_new", cast.school.pk)
    asked = client.post(url, closing("04-03-2026"))
    assert (asked.status_code, touched(asked)) == (422, [(closure.pk, 8, 6)])
    assert "Pædagogisk dag" in asked.content.decode()
    assert not PlannedClosing.objects.exists()
    assert client.post(url, answered(asked, answer)).status_code == 302
    assert PlannedClosing.objects.get().reason == "Pædagogisk dag"
    assert counts(closure) == left


def test_a_planned_closing_that_is_moved_asks_about_where_it_was_and_where_it_will_be(client, cast):
    row = make_closing(cast.school, date(2026, 3, 4))
    around = make_reviewed(cast, cast.school, last_day=date(2026, 3, 5))
    later = make_reviewed(cast, cast.school, first_day=date(2026, 4, 8))
    client.force_login(cast.office)
    url = address("closing_change", cast.school.pk, row.pk)
    asked = client.post(url, closing("08-04-2026"))
    assert touched(asked) == [(around.pk, 4, 6), (later.pk, 2, 0)]
    client.post(url, answered(asked, "recount"))
    assert (counts(around), counts(later)) == (6, 0)


def test_a_planned_closing_that_is_deleted_asks(client, cast):
    row = make_closing(cast.school, date(2026, 3, 4))
    closure = make_reviewed(cast, cast.school, last_day=date(2026, 3, 5))
    client.force_login(cast.office)
    url = address("closing_delete", cast.school.pk, row.pk)
    asked = client.post(url)
    assert (asked.status_code, touched(asked)) == (422, [(closure.pk, 4, 6)])
    assert PlannedClosing.objects.exists()
    client.post(url, answered(asked, "recount"))
    assert counts(closure) == 6
    assert not PlannedClosing.objects.exists()


# --- Shared calendars ---------------------------------------------------------------------------------------------


@pytest.fixture
def three(cast):
    """The same Tuesday at a school, a day care and a library."""
    day_care = make_institution(name="Børnehuset", kind=Institution.Kind.DAY_CARE)
    return [make_reviewed(cast, each) for each in (cast.school, day_care, cast.library)]


@pytest.mark.parametrize(("answer", "left"), [("stand", 2), ("recount", 0)])
def test_a_closing_of_a_calendar_for_two_kinds_asks_about_both(client, cast, three, answer, left):
    calendar = make_calendar("school", "day_care")
    client.force_login(cast.office)
    url = address("shared_closing_new", calendar.pk)
    asked = client.post(url, closing("02-03-2026", "06-03-2026"))
    assert sorted(touched(asked)) == [(each.pk, 2, 0) for each in three[:2]]
    assert not PlannedClosing.objects.exists()
    response = client.post(url, answered(asked, answer))
    assert response.url == calendar.get_absolute_url()
    assert [counts(each) for each in three] == [left, left, 2]


def test_a_fingerprint_that_looks_like_a_cpr_number_is_an_answer_all_the_same():
    seen = "a0102031234b"
    assert RecountForm({"seen": seen, "answer": "stand"}).given["seen"] == seen


def test_a_calendar_for_no_kind_in_particular_is_everybody_s(client, cast, three):
    calendar = make_calendar()
    client.force_login(cast.office)
    asked = client.post(address("shared_closing_new", calendar.pk), closing("03-03-2026"))
    assert len(touched(asked)) == 3


def test_a_shared_closing_that_is_changed_or_deleted_asks(client, cast, three):
    calendar = make_calendar("school")
    row = make_closing(calendar, date(2026, 4, 8))
    client.force_login(cast.office)
    url = address("shared_closing_change", calendar.pk, row.pk)
    asked = client.post(url, closing("03-03-2026"))
    assert touched(asked) == [(three[0].pk, 2, 0)]
    client.post(url, answered(asked, "recount"))
    assert counts(three[0]) == 0
    url = address("shared_closing_delete", calendar.pk, row.pk)
    asked = client.post(url)
    assert touched(asked) == [(three[0].pk, 0, 2)]
    client.post(url, answered(asked, "recount"))
    assert counts(three[0]) == 2
    assert not PlannedClosing.objects.exists()


def test_a_calendar_that_gets_other_kinds_asks_about_the_old_and_the_new(client, cast, three):
    calendar = make_calendar("school")
    make_closing(calendar, date(2026, 3, 3))
    Closure.objects.get(pk=three[0].pk).recount(by=cast.office, today=TODAY)
    client.force_login(cast.office)
    url = address("calendar_change", calendar.pk)
    form = {"version": calendar.version, "name": "Ferier", "kinds": ["library"]}
    asked = client.post(url, form)
    assert sorted(touched(asked)) == [(three[0].pk, 0, 2), (three[2].pk, 2, 0)]
    calendar.refresh_from_db()
    assert calendar.kinds == ["school"]
    client.post(url, answered(asked, "recount") | {"kinds": ["library"]})
    assert [counts(each) for each in three] == [2, 2, 0]


def test_a_closing_to_come_asks_nothing(client, cast, three):
    calendar = make_calendar("school")
    client.force_login(cast.office)
    assert client.post(address("shared_closing_new", calendar.pk), closing("24-12-2026")).status_code == 302


def test_all_closures_are_counted_again_or_none(client, cast, three, monkeypatch):
    calendar = make_calendar("school", "day_care")
    client.force_login(cast.office)
    url = address("shared_closing_new", calendar.pk)
    answer = answered(client.post(url, closing("03-03-2026")), "recount")
    recount = Closure.recount

    def second_fails(closure, **by):
        if closure.pk == three[1].pk:
            raise ValidationError("Nej.")
        recount(closure, **by)

    monkeypatch.setattr(Closure, "recount", second_fails)
    assert client.post(url, answer).status_code == 422
    assert [counts(each) for each in three] == [2, 2, 2]
    assert not PlannedClosing.objects.exists()


@pytest.mark.parametrize("count", [5, 50])
def test_asking_takes_as_many_questions_however_many_closures(client, cast, django_assert_num_queries, count):
    calendar = make_calendar("school")
    for _ in range(count):
        make_closure(institution=make_institution(), by=cast.leader)
    client.force_login(cast.office)
    with django_assert_num_queries(46):
        response = client.post(address("shared_closing_new", calendar.pk), closing("03-03-2026"))
    assert len(touched(response)) == count


# --- The unit itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", [{"opened_on": "04-03-2026"}, {"closed_on": "02-03-2026"}, {"kind": "library"}])
def test_an_institution_s_dates_and_kind_ask(client, cast, changed):
    make_closing(make_calendar("library"), date(2026, 3, 3))
    closure = make_reviewed(cast, cast.school)
    client.force_login(cast.office)
    url = address("institution_change", cast.school.pk)
    form = {"version": cast.school.version, "name": "Skolen ved Åen", "kind": "school"}
    form |= {"administration": cast.school.administration_id, "district": cast.school.district_id} | changed
    asked = client.post(url, form)
    assert touched(asked) == [(closure.pk, 2, 0)]
    assert Institution.objects.get(pk=cast.school.pk).name == "Skolen ved Søen"
    client.post(url, answered(asked, "recount"))
    assert Institution.objects.get(pk=cast.school.pk).name == "Skolen ved Åen"
    assert counts(closure) == 0


def test_an_institution_s_other_facts_ask_nothing(client, cast):
    closure = make_reviewed(cast, cast.school)
    client.force_login(cast.office)
    form = {"version": cast.school.version, "name": "Skolen ved Åen", "kind": "school"}
    form |= {"administration": cast.school.administration_id, "district": cast.school.district_id}
    assert client.post(address("institution_change", cast.school.pk), form).status_code == 302
    assert counts(closure) == 2


# --- Calendars as pages -------------------------------------------------------------------------------------------


def test_a_calendar_is_made_once_renamed_and_filled(client, cast):
    client.force_login(cast.office)
    form = {"key": str(uuid4()), "name": "Skolernes ferier", "kinds": ["school", "day_care"]}
    made = {client.post(address("calendar_new"), form).url for _ in range(2)}
    calendar = SharedCalendar.objects.get()
    assert made == {calendar.get_absolute_url()}
    client.post(address("shared_closing_new", calendar.pk), closing("21-12-2026", "31-12-2026"))
    client.post(address("shared_closing_new", calendar.pk), closing("02-01-2027"))
    page = client.get(calendar.get_absolute_url()).content.decode()
    assert "31-12-2026" in page
    assert "02-01-2027" not in page
    assert "02-01-2027" in client.get(calendar.get_absolute_url(), {"aar": 2027}).content.decode()
    assert "skole, daginstitution" in client.get(address("calendar_list")).content.decode()
    form = {"version": calendar.version, "name": "Ferier", "kinds": ["school", "day_care"]}
    client.post(address("calendar_change", calendar.pk), form)
    calendar.refresh_from_db()
    assert str(calendar) == "Ferier"


def test_a_calendar_that_holds_closings_is_not_deleted(client, cast):
    calendar = make_calendar()
    row = make_closing(calendar, date(2026, 12, 24))
    client.force_login(cast.office)
    url = address("calendar_delete", calendar.pk)
    assert client.post(url).status_code == 409
    row.delete()
    assert client.post(url).url == address("calendar_list")
    assert not SharedCalendar.objects.exists()


def test_a_stale_calendar_overwrites_nothing(client, cast):
    calendar = make_calendar("school")
    SharedCalendar.objects.filter(pk=calendar.pk).update(name="Deres navn")
    client.force_login(cast.office)
    response = client.post(address("calendar_change", calendar.pk), {"version": calendar.version, "name": "Mit navn"})
    assert response.status_code == 422
    assert "Deres navn" in response.content.decode()
    assert SharedCalendar.objects.get().name == "Deres navn"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "Ferier"}, "name"),  # there is one
        ({"name": "x" * 101}, "name"),
        ({"name": "010190-1234"}, "name"),
        ({"name": "Ferie\x00r"}, "name"),
        ({"kinds": ["slot"]}, "kinds"),
    ],
)
def test_a_bad_calendar_is_not_saved_and_what_was_typed_stands(client, cast, fields, wrong):
    make_calendar("school")
    client.force_login(cast.office)
    form = {"key": str(uuid4()), "name": "Helligaftener", "kinds": ["school"]} | fields
    response = client.post(address("calendar_new"), form)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [wrong]
    assert SharedCalendar.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (closing("24-12-2026", "23-12-2026"), "__all__"),
        (closing("31-02-2026"), "first_day"),
        (closing("0001-01-01"), "first_day"),
        (closing("9999-12-31"), "first_day"),
        (closing("24-12-2026", reason=""), "reason"),
        (closing("24-12-2026", reason="x" * 101), "reason"),
        (closing("24-12-2026", reason="Anna, 010190-1234"), "reason"),
        (closing("24-12-2026", reason="\x00"), "reason"),
        (closing("24-12-2026", key="igen"), "key"),
    ],
)
@pytest.mark.parametrize("of", ["institution", "calendar"])
def test_a_bad_planned_closing_is_not_saved_and_what_was_typed_stands(client, cast, form, wrong, of):
    client.force_login(cast.office)
    calendar = make_calendar()
    url = address("closing_new", cast.school.pk) if of == "institution" else address("shared_closing_new", calendar.pk)
    response = client.post(url, form)
    assert response.status_code == 422
    assert wrong in response.context["form"].errors
    assert response.context["form"]["first_day"].value() == form["first_day"]
    assert not PlannedClosing.objects.exists()


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (hours("3333309"), "søndag"),
        ({"key": str(uuid4()), "mandag": "3"}, "tirsdag"),
        (hours("3333300", opens_at="25:00"), "opens_at"),
        (hours("3333300", begins="2026-13-01"), "begins"),
        (hours("3333300", begins="01-02-2026", ends="01-01-2026"), "ends"),
    ],
)
def test_bad_opening_hours_are_not_saved(client, cast, form, wrong):
    client.force_login(cast.office)
    response = client.post(address("hours_new", cast.school.pk), form)
    assert response.status_code == 422
    assert wrong in response.context["form"].errors
    assert not OpeningHours.objects.exists()


@pytest.mark.parametrize("person", ["leader", "contact", "approver"])
def test_who_reads_closures_reads_the_calendars_and_changes_none(client, cast, person):
    calendar = make_calendar("school")
    make_closing(calendar, date(2026, 12, 24), reason="juleaften")
    client.force_login(getattr(cast, person))
    page = client.get(calendar.get_absolute_url()).content.decode()
    assert "Juleaften" in page
    assert address("calendar_change", calendar.pk) not in page
    assert client.post(address("calendar_change", calendar.pk), {}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_calendars_asks_the_same_number_of_questions(client, cast, django_assert_num_queries, count):
    for number in range(count):
        make_closing(make_calendar("school", name=f"Kalender {number}"), date(2026, 12, 24))
    client.force_login(cast.office)
    with django_assert_num_queries(15):
        client.get(address("calendar_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_a_calendar_asks_the_same_number_of_questions(client, cast, django_assert_num_queries, count):
    calendar = make_calendar("school")
    for _ in range(count):
        make_closing(calendar, date(2026, 12, 24))
    client.force_login(cast.office)
    with django_assert_num_queries(17):
        client.get(calendar.get_absolute_url())


# --- Skift ansvarlig leder ----------------------------------------------------------------------------------------


def handing(to, from_day="01-12-2026", **fields):
    typed = to if isinstance(to, str) else to.username
    return {"key": str(uuid4()), "to": typed, "from_day": from_day, "former": "leaves"} | fields


def leaders_of(institution, day) -> set:
    return {(each.user, each.kind) for each in institution.leaderships.on(day)}


def test_a_leader_hands_over_from_a_day(client, cast):
    new = make_user()
    client.force_login(cast.leader)
    url = address("hand_over", cast.school.pk)
    assert "Skift ansvarlig leder" in client.get(url).content.decode()
    assert client.post(url, handing(new)).url == cast.school.get_absolute_url()
    assert leaders_of(cast.school, date(2026, 11, 30)) == {(cast.leader, "leader"), (cast.deputy, "deputy")}
    assert leaders_of(cast.school, date(2026, 12, 1)) == {(new, "leader"), (cast.deputy, "deputy")}
    letters = {each.to[0]: each for each in Email.objects.all()}
    assert set(letters) == {new.email, cast.leader.email}
    assert letters[new.email].subject == f"Skolen ved Søen: {new} er leder fra den 1. december 2026"
    assert "Du er leder af Skolen ved Søen fra tirsdag den 1. december 2026." in letters[new.email].message
    assert "kan du ikke længere se" in letters[cast.leader.email].message


def test_mail_of_a_hand_over_is_necessary(client, cast):
    new = make_user(necessary_mail_only=True)
    cast.school.hand_over(to=new, from_day=TODAY, by=cast.office)
    assert {each.to[0] for each in Email.objects.all()} == {new.email, cast.leader.email}


def test_the_former_leader_can_stay_as_a_deputy(client, cast):
    new = make_user()
    client.force_login(cast.leader)
    client.post(address("hand_over", cast.school.pk), handing(new, former="deputy"))
    assert leaders_of(cast.school, date(2026, 12, 1)) == {
        (new, "leader"),
        (cast.leader, "deputy"),
        (cast.deputy, "deputy"),
    }
    told = Email.objects.get(message__contains="Du fortsætter")
    assert told.to == [cast.leader.email]


def test_a_deputy_who_takes_over_is_no_longer_deputy(client, cast):
    cast.school.hand_over(to=cast.deputy, from_day=date(2026, 12, 1), by=cast.leader)
    assert leaders_of(cast.school, date(2026, 12, 1)) == {(cast.deputy, "leader")}
    assert leaders_of(cast.school, date(2026, 11, 30)) == {(cast.leader, "leader"), (cast.deputy, "deputy")}


def test_who_hands_over_today_lands_on_the_front_page_with_the_answer(client, cast):
    client.force_login(cast.leader)
    response = client.post(address("hand_over", cast.school.pk), handing(make_user(), "18-11-2026"), follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "leder Skolen ved Søen fra den 18. november 2026" in response.content.decode()
    assert client.get(cast.school.get_absolute_url()).status_code == 404


def test_a_hand_over_sent_twice_happens_once(client, cast):
    client.force_login(cast.leader)
    form = handing(make_user(), "18-11-2026")
    assert {client.post(address("hand_over", cast.school.pk), form).url for _ in range(2)} == {"/"}
    assert cast.school.leaderships.count() == 3


def test_an_institution_without_a_leader_gets_one_and_no_longer_waits(client, cast):
    Leadership.objects.filter(institution=cast.library).update(ends=date(2026, 11, 1))
    client.force_login(cast.office)
    assert list(Institution.objects.needing(cast.office, TODAY)) == [cast.library]
    page = client.get(address("hand_over", cast.library.pk)).content.decode()
    assert "har ingen leder nu" in page
    assert "stopper dagen før" not in page
    new = make_user(name="Åse Ærlig")
    assert '<option value="' + new.username in client.get(address("hand_over", cast.library.pk)).content.decode()
    assert '<input type="hidden" name="former" value="leaves">' in page
    form = handing(new.email.upper(), "18-11-2026")
    assert client.post(address("hand_over", cast.library.pk), form).status_code == 302
    assert not Institution.objects.needing(cast.office, TODAY).exists()


@pytest.mark.parametrize("person", ["deputy", "contact", "approver", "member"])
def test_a_deputy_and_a_contact_do_not_hand_over(client, cast, person):
    client.force_login(getattr(cast, person))
    url = address("hand_over", cast.school.pk)
    assert client.get(url).status_code == 403
    assert client.post(url, handing(make_user())).status_code == 403
    assert cast.school.leaderships.count() == 2
    if person == "deputy":
        assert url not in client.get(cast.school.get_absolute_url()).content.decode()


def test_a_leader_hands_over_own_institutions_only(client, cast):
    service = make_institution(name="Klubben under skolen", parent=cast.school)
    client.force_login(cast.leader)
    assert client.post(address("hand_over", cast.library.pk), handing(make_user())).status_code == 404
    assert client.post(address("hand_over", service.pk), handing(make_user())).status_code == 403
    assert not Leadership.objects.filter(institution=service).exists()


def test_only_the_office_is_shown_who_has_an_account(client, cast):
    client.force_login(cast.leader)
    assert cast.member.username not in client.get(address("hand_over", cast.school.pk)).content.decode()


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        (handing("findes-ikke"), "to", "bed systemadministratoren om at oprette en"),
        (handing("lukket"), "to", "er lukket"),
        (handing("faelles@example.dk"), "to", "Skriv personens brugernavn"),
        (handing(""), "to", "skal udfyldes"),
        (handing("\x00"), "to", ""),
        (handing("x" * 300), "to", ""),
        (handing("leader"), "to", "leder allerede institutionen"),
        (handing("other_leader", "17-11-2026"), "from_day", "skriv til Center for Sikker By"),
        (handing("other_leader", "30-02-2027"), "from_day", "ikke en dato"),
        (handing("other_leader", "01-01-2028"), "from_day", "et år frem"),
        (handing("other_leader", ""), "from_day", "skal udfyldes"),
        (handing("other_leader", former="pensioneret"), "former", "Vælg en af mulighederne"),
        (handing("other_leader", key="x"), "key", ""),
    ],
)
def test_a_bad_hand_over_changes_nothing_and_says_why(client, cast, form, field, words):
    make_user(username="lukket", is_active=False)
    for username in ("en", "to"):
        user = make_user(username=username)
        user.email = "faelles@example.dk"
        user.save()
    client.force_login(cast.leader)
    response = client.post(address("hand_over", cast.school.pk), form)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert words in str(response.context["form"].errors[field])
    assert response.context["form"]["to"].value() == form["to"]
    assert cast.school.leaderships.filter(ends__isnull=True).count() == 2
    assert not Email.objects.exists()


def test_a_leader_who_is_put_in_later_is_in_the_way_of_another(client, cast):
    cast.school.hand_over(to=make_user(name="Den næste"), from_day=date(2026, 12, 1), by=cast.office)
    client.force_login(cast.leader)
    response = client.post(address("hand_over", cast.school.pk), handing(make_user(), "20-11-2026"))
    assert "Den næste er sat ind som leder fra den 1. december 2026" in response.content.decode()


def test_an_institution_that_is_closed_down_gets_no_leader_after(cast):
    Institution.objects.filter(pk=cast.school.pk).update(closed_on=date(2026, 11, 30))
    with pytest.raises(ValidationError, match="nedlagt den 30. november 2026"):
        cast.school.hand_over(to=make_user(), from_day=date(2026, 12, 1), by=cast.office)


def test_a_leadership_that_ends_before_it_begins_is_refused(client, cast):
    client.force_login(cast.office)
    form = {"key": str(uuid4()), "user": cast.member.pk, "kind": "deputy", "begins": "01-12-2026", "ends": "30-11-2026"}
    response = client.post(address("leadership_new", cast.school.pk), form)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["ends"])
    row = cast.school.leaderships.first()
    form |= {"user": row.user_id, "kind": "leader"}
    assert client.post(address("leadership_change", cast.school.pk, row.pk), form).status_code == 422


def test_the_same_person_leads_once_at_a_time(client, cast):
    client.force_login(cast.office)
    form = {"key": str(uuid4()), "user": cast.leader.pk, "kind": "deputy", "begins": "01-12-2026"}
    response = client.post(address("leadership_new", cast.school.pk), form)
    assert response.status_code == 422
    assert "allerede leder eller stedfortræder for institutionen i perioden" in response.content.decode()


# --- Without a leader ---------------------------------------------------------------------------------------------


def test_a_deputy_alone_is_a_leader_missing(client, cast):
    Leadership.objects.filter(institution=cast.school, user=cast.leader).update(ends=date(2026, 11, 17))
    assert list(Institution.objects.needing(cast.office, TODAY)) == [cast.school]
    client.force_login(cast.office)
    page = " ".join(client.get(address("institution_list"), {"uden_leder": "on"}).content.decode().split())
    assert f"ingen leder</span> {cast.deputy} (stedfortræder)" in page
    assert client.get("/").content.decode().count("institution uden leder") == 1
    client.force_login(cast.deputy)
    assert client.get(address("closure_new")).status_code == 200


def test_a_leader_who_is_put_in_from_tomorrow_does_not_lead_today(cast):
    Leadership.objects.filter(institution=cast.library).update(begins=date(2026, 11, 19))
    assert list(Institution.objects.needing(cast.office, TODAY)) == [cast.library]


# --- Historik -----------------------------------------------------------------------------------------------------


def test_leaders_hours_and_own_closings_are_in_the_institution_s_history(client, cast):
    row = make_closing(cast.school, date(2026, 12, 23), reason="julelukning")
    row.last_day = date(2026, 12, 24)
    row.save()
    OpeningHours.objects.create(institution=cast.school, begins=date(2026, 8, 1))
    cast.school.hand_over(to=make_user(name="Åse Ærlig"), from_day=date(2026, 12, 1), by=cast.office)
    told = {
        (each.label, each.before, each.after) for event in changes_with_parts(cast.school) for each in event.changes
    }
    assert ("planlagt lukkedag »julelukning«: sidste dag", "23-12-2026", "24-12-2026") in told
    assert (f"ledelse af institution »{cast.leader}«: til og med", "", "30-11-2026") in told
    assert ("ledelse af institution", "", "01-12-2026, Åse Ærlig, leder") in told
    week = "hele dagen, hele dagen, hele dagen, hele dagen, hele dagen, lukket, lukket"
    assert ("åbningstid", "", f"01-08-2026, {week}, nej") in told


def test_closings_are_in_the_calendar_s_history(client, cast):
    calendar = make_calendar("school")
    make_closing(calendar, date(2026, 12, 24), reason="juleaften")
    client.force_login(cast.office)
    page = client.get(reverse("history", args=["closures.sharedcalendar", calendar.pk])).content.decode()
    assert "24-12-2026, 24-12-2026, juleaften" in page
