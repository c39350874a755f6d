"""What is done with a closure: the half-days it takes and frees, the states that forbid, the steps kept."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from closures.models import (
    ClosedHalfDay,
    Closure,
    Kind,
    OpeningHours,
    PlannedClosing,
    ReportedTotal,
    SharedCalendar,
    TakenOutHalfDay,
)
from sikkerby.middleware import Conflict
from tests.factories import make_account, make_closure, make_institution, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)  # a Wednesday
MONDAY, TUESDAY, FRIDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 6)
FIRST_HALF, LAST_HALF = {"last_part": "first"}, {"first_part": "last"}


def register(institution, first_day, last_day=None, **fields):
    return make_closure(institution=institution, first_day=first_day, last_day=last_day, today=TODAY, **fields)


def held(closure):
    return list(closure.closed_half_days.order_by("day", "half").values_list("day", "half"))


def refusal(*args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        register(*args, **kwargs)
    return " ".join(caught.value.messages)


# --- Registering --------------------------------------------------------------------------------------------------


def test_register_takes_the_half_days_and_is_the_first_step():
    leader = make_user()
    closure = register(make_institution(), MONDAY, TUESDAY, by=leader, **LAST_HALF)
    assert held(closure) == [(MONDAY, 2), (TUESDAY, 1), (TUESDAY, 2)]
    assert closure.half_days == 3
    assert [(step.act, step.by) for step in closure.steps.all()] == [("registered", leader)]


def test_register_judges_by_the_unit_s_own_opening_hours_and_planned_closings():
    school = make_institution()
    OpeningHours.objects.create(institution=school, halves=[3, 3, 3, 3, 1, 0, 0])
    PlannedClosing.objects.create(institution=school, first_day=TUESDAY, last_day=TUESDAY, reason="pædagogisk dag")
    assert register(school, MONDAY, FRIDAY).half_days == 2 + 0 + 2 + 2 + 1


def test_register_inherits_the_shared_calendars_of_its_kind_and_those_of_all():
    for name, kinds, day in (
        ("Alle", [], MONDAY),
        ("Skolernes", ["school", "day_care"], TUESDAY),
        ("Klubbernes", ["club"], FRIDAY),
    ):
        calendar = SharedCalendar.objects.create(name=name, kinds=kinds)
        PlannedClosing.objects.create(calendar=calendar, first_day=day, last_day=day, reason="lukket")
    assert register(make_institution(kind="school"), MONDAY, FRIDAY).half_days == 6
    assert register(make_institution(kind="library"), MONDAY, FRIDAY).half_days == 8


def test_another_unit_s_planned_closing_is_its_own():
    PlannedClosing.objects.create(
        institution=make_institution(), first_day=MONDAY, last_day=MONDAY, reason="pædagogisk dag"
    )
    assert register(make_institution(), MONDAY, MONDAY).half_days == 2


def test_register_refuses_days_on_which_nothing_should_have_been_open():
    assert refusal(make_institution(), date(2026, 11, 7), date(2026, 11, 8)) == (
        "Institutionen skulle ikke have haft åbent de valgte dage. Der er ingen lukkedage at registrere. "
        "Kontrollér datoerne."
    )


def test_register_names_and_links_the_closure_in_the_way():
    school = make_institution()
    first = register(school, MONDAY, TUESDAY)
    message = refusal(school, TUESDAY, FRIDAY)
    assert f'<a href="{first.get_absolute_url()}">{first.number}</a>' in message
    assert ClosedHalfDay.objects.count() == 4


def test_register_lets_closures_touch():
    school = make_institution()
    register(school, MONDAY, TUESDAY, **FIRST_HALF)
    register(school, TUESDAY, FRIDAY, **LAST_HALF)
    assert ClosedHalfDay.objects.count() == 10


def test_register_asks_only_the_closures_of_the_same_unit():
    register(make_institution(), MONDAY, TUESDAY)
    register(make_institution(), MONDAY, TUESDAY)
    assert ClosedHalfDay.objects.count() == 8


def test_withdrawn_and_excluded_closures_are_in_nobody_s_way():
    school, office = make_institution(), make_user()
    register(school, MONDAY, MONDAY).withdraw(by=office)
    register(school, MONDAY, MONDAY).exclude(Closure.Exclusion.PLANNED, by=office)
    assert register(school, MONDAY, MONDAY).half_days == 2


def test_register_refuses_more_than_14_days_ahead():
    school = make_institution()
    assert register(school, TODAY + timedelta(days=14), TODAY + timedelta(days=14)).half_days == 2
    assert "højst registreres 14 dage frem" in refusal(school, TODAY + timedelta(days=15), TODAY + timedelta(days=15))
    assert "højst registreres 14 dage frem" in refusal(school, TODAY, TODAY + timedelta(days=15))


def test_register_refuses_reversed_dates_and_days_before_sikker_by():
    assert "ligger før første" in refusal(make_institution(), TUESDAY, MONDAY)
    assert "begyndte i 2010" in refusal(make_institution(), date(2009, 12, 31), date(2010, 1, 4))


def test_register_refuses_a_closed_year():
    make_account(2025, closed_by=make_user(), closed_at=timezone.now(), figures={})
    assert "Årsopgørelsen for 2025 er afsluttet." in refusal(make_institution(), date(2025, 12, 30), date(2026, 1, 2))


@pytest.mark.parametrize("kind", [Kind.DISRUPTION, Kind.PEDAGOGICAL])
def test_register_refuses_a_year_that_is_there_as_an_undivided_total(kind):
    ReportedTotal.objects.create(year=2012, kind=Kind.UNDISTINGUISHED, half_days=1325, source="Notat")
    assert "2012 er opgjort som en total" in refusal(make_institution(), date(2012, 5, 7), date(2012, 5, 7), kind=kind)


def test_another_unit_s_total_is_in_nobody_s_way():
    ReportedTotal.objects.create(
        year=2014, kind=Kind.DISRUPTION, half_days=9, institution=make_institution(), source="Notat"
    )
    assert register(make_institution(), date(2014, 5, 7), date(2014, 5, 7)).half_days == 2


def test_a_total_beside_dated_rows_is_refused_in_words_and_by_the_database():
    closure = register(make_institution(), MONDAY, MONDAY)
    total = ReportedTotal(year=2026, kind=closure.kind, half_days=9, source="Brev")
    with pytest.raises(ValidationError, match="tælle to gange"):
        total.full_clean()
    with pytest.raises(IntegrityError, match="beside dated rows"), transaction.atomic():
        total.save()
    total.institution = make_institution()
    total.full_clean()
    total.save()


# --- Until further notice -----------------------------------------------------------------------------------------


def test_a_closure_until_further_notice_counts_to_today_and_grows_once_a_day():
    closure = register(make_institution(), date(2026, 11, 16), None, first_part="last")
    assert closure.half_days == 5
    for _ in range(2):
        Closure.objects.count_open_closures(TODAY + timedelta(days=5))  # Monday
    closure.refresh_from_db()
    assert (closure.half_days, len(held(closure))) == (11, 11)


def test_growing_leaves_what_was_counted_when_opening_hours_change_backwards():
    school = make_institution()
    closure = register(school, date(2026, 11, 16), None)
    OpeningHours.objects.create(institution=school, halves=[3, 0, 0, 3, 3, 0, 0])
    Closure.objects.count_open_closures(TODAY + timedelta(days=1))
    closure.refresh_from_db()
    assert closure.half_days == 8


def test_a_closure_until_further_notice_can_begin_later_this_week():
    assert register(make_institution(), TODAY + timedelta(days=2), None).half_days == 0


def test_one_until_further_notice_is_in_the_way_of_all_that_follow_its_first_half_day():
    school = make_institution()
    register(school, date(2026, 11, 16), None, first_part="last")
    assert "allerede registreret" in refusal(school, TODAY + timedelta(days=7), TODAY + timedelta(days=7))
    assert "allerede registreret" in refusal(school, FRIDAY, None)
    assert register(school, date(2026, 11, 13), date(2026, 11, 16), **FIRST_HALF).half_days == 3


def test_one_until_further_notice_is_refused_before_days_already_registered():
    school = make_institution()
    register(school, TODAY + timedelta(days=7), TODAY + timedelta(days=7))
    assert "allerede registreret" in refusal(school, TODAY, None)


def test_end_gives_the_last_day_and_frees_what_lies_after():
    closure = register(make_institution(), date(2026, 11, 16), None)
    closure.end(last_day=date(2026, 11, 17), last_part="first", by=make_user(), today=TODAY)
    assert held(closure) == [(date(2026, 11, 16), 1), (date(2026, 11, 16), 2), (date(2026, 11, 17), 1)]
    assert closure.steps.last().act == "ended"


def test_end_is_refused_when_it_has_ended():
    closure = register(make_institution(), MONDAY, MONDAY)
    with pytest.raises(Conflict, match="allerede afsluttet"):
        closure.end(last_day=TUESDAY, last_part="whole", by=make_user(), today=TODAY)


# --- Changing, withdrawing, reviewing -----------------------------------------------------------------------------


def test_change_takes_the_new_half_days_and_frees_the_old():
    closure = register(make_institution(), MONDAY, TUESDAY)
    closure.first_day = closure.last_day = FRIDAY
    closure.change(by=make_user(), today=TODAY)
    assert held(closure) == [(FRIDAY, 1), (FRIDAY, 2)]
    assert closure.half_days == 2
    assert closure.steps.last().act == "changed"


def test_change_into_another_closure_is_refused_and_changes_nothing():
    school = make_institution()
    register(school, FRIDAY, FRIDAY)
    closure = register(school, MONDAY, MONDAY)
    closure.last_day = FRIDAY
    with pytest.raises(ValidationError):
        closure.change(by=make_user(), today=TODAY)
    assert held(closure) == [(MONDAY, 1), (MONDAY, 2)]


def test_change_is_refused_when_the_office_has_reviewed_it_meanwhile():
    closure = register(make_institution(), MONDAY, MONDAY)
    Closure.objects.get(pk=closure.pk).review(by=make_user())
    closure.account = "Ny tekst"
    with pytest.raises(Conflict, match="er gennemgået"):
        closure.change(by=make_user(), today=TODAY)


def test_withdraw_frees_the_half_days_and_keeps_the_count():
    closure = register(make_institution(), MONDAY, TUESDAY)
    closure.withdraw(by=make_user())
    closure.refresh_from_db()
    assert (closure.status, closure.half_days, held(closure)) == ("withdrawn", 4, [])


def test_exclude_frees_the_half_days_and_keeps_them_as_taken_out():
    office = make_user()
    closure = register(make_institution(), MONDAY, TUESDAY)
    closure.review(by=office)
    closure.exclude(Closure.Exclusion.NOT_UNREST, by=office, text="Vandskade")
    closure.refresh_from_db()
    assert (closure.status, closure.exclusion, held(closure)) == ("excluded", "not_unrest", [])
    assert TakenOutHalfDay.objects.filter(closure=closure).count() == 4
    assert closure.reviewed_by is None
    assert closure.steps.last().text == "Vandskade"


def test_review_says_who_and_when():
    office = make_user()
    closure = register(make_institution(), MONDAY, MONDAY)
    closure.review(by=office)
    closure.refresh_from_db()
    assert (closure.status, closure.reviewed_by) == ("reviewed", office)
    assert closure.reviewed_at is not None


def test_review_waits_for_the_end_of_a_closure_until_further_notice():
    with pytest.raises(Conflict, match="indtil videre"):
        register(make_institution(), MONDAY, None).review(by=make_user())


def test_a_question_and_its_answer_are_kept_in_order():
    office, leader = make_user(), make_user()
    closure = register(make_institution(), MONDAY, MONDAY, by=leader)
    closure.ask("Var det hele dagen?", by=office)
    assert closure.status == "returned"
    closure.answer("Ja.", by=leader)
    assert closure.status == "awaiting_review"
    assert [(step.act, step.by, step.text) for step in closure.steps.all()][1:] == [
        ("question", office, "Var det hele dagen?"),
        ("answer", leader, "Ja."),
    ]


def test_an_answer_needs_a_question():
    with pytest.raises(Conflict):
        register(make_institution(), MONDAY, MONDAY).answer("Ja.", by=make_user())


def test_reclassify_keeps_what_was_reported_and_forgets_it_when_changed_back():
    office = make_user()
    closure = register(make_institution(), MONDAY, MONDAY)
    closure.reclassify(Kind.PEDAGOGICAL, by=office, text="Lukket for at markere en grænse")
    assert (closure.kind, closure.reported_kind) == (Kind.PEDAGOGICAL, Kind.DISRUPTION)
    closure.reclassify(Kind.DISRUPTION, by=office)
    assert (closure.kind, closure.reported_kind) == (Kind.DISRUPTION, "")


def test_kind_that_review_has_changed_is_not_changed_back_by_a_correction():
    closure, office = register(make_institution(), MONDAY, MONDAY), make_user()
    closure.reclassify(Kind.PEDAGOGICAL, by=office)
    closure.kind = Kind.DISRUPTION
    with pytest.raises(ValidationError) as caught:
        closure.change(by=make_user(), today=TODAY)
    assert "har ændret arten til lukning med et pædagogisk formål" in caught.value.messages[0]
    closure.refresh_from_db()
    assert (closure.kind, closure.reported_kind) == (Kind.PEDAGOGICAL, Kind.DISRUPTION)


def test_reclassify_to_what_it_is_is_refused():
    with pytest.raises(Conflict, match="allerede"):
        register(make_institution(), MONDAY, MONDAY).reclassify(Kind.DISRUPTION, by=make_user())


ACTS = {
    "withdraw": lambda closure, by: closure.withdraw(by=by),
    "review": lambda closure, by: closure.review(by=by),
    "ask": lambda closure, by: closure.ask("Hvorfor?", by=by),
    "answer": lambda closure, by: closure.answer("Derfor.", by=by),
    "exclude": lambda closure, by: closure.exclude(Closure.Exclusion.PLANNED, by=by),
    "reclassify": lambda closure, by: closure.reclassify(Kind.PEDAGOGICAL, by=by),
    "change": lambda closure, by: closure.change(by=by, today=TODAY),
    "end": lambda closure, by: closure.end(last_day=FRIDAY, last_part="whole", by=by, today=TODAY),
}
INTO = {"reviewed": "review", "withdrawn": "withdraw", "excluded": "exclude"}
ALLOWED = {("reviewed", "exclude"), ("reviewed", "reclassify")}


@pytest.mark.parametrize(
    ("state", "act"), [(state, act) for state in INTO for act in ACTS if (state, act) not in ALLOWED]
)
def test_a_state_that_forbids_an_act_refuses_it_and_keeps_no_step(state, act):
    someone = make_user()
    closure = register(make_institution(), MONDAY, MONDAY)
    ACTS[INTO[state]](closure, someone)
    steps = closure.steps.count()
    with pytest.raises(Conflict):
        ACTS[act](Closure.objects.get(pk=closure.pk), someone)
    assert (Closure.objects.get(pk=closure.pk).status, closure.steps.count()) == (state, steps)
