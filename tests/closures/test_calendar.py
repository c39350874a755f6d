"""Which half-days a unit should have been open, and what a closure counts as: hand-counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closures.calendar import (
    FIRST,
    NOTHING_TO_COUNT,
    SECOND,
    Calendar,
    ClosedHalf,
    HalfDay,
    Hours,
    Period,
    Planned,
    explain,
    half_days_of,
    in_words,
    months_of,
    public_holidays,
)

SCHOOL = Calendar()  # Monday to Friday, both halves
CLUB = Calendar(hours=(Hours(halves=(3, 3, 3, 3, 3, 3, 0)),))  # 14–22, also on Saturdays
LIBRARY = Calendar(hours=(Hours(halves=(3,) * 7, on_public_holidays=True),))
FAR = date(2030, 1, 1)


def count(calendar, first_day, last_day, *, until=FAR, **parts):
    return len(half_days_of(calendar, Period(first_day=first_day, last_day=last_day, **parts), until=until))


def words(calendar, first_day, last_day, *, until=FAR, **parts):
    return explain(calendar, Period(first_day=first_day, last_day=last_day, **parts), until=until)


def test_a_week_of_a_school_is_five_days():
    assert count(SCHOOL, date(2026, 11, 2), date(2026, 11, 8)) == 10


def test_an_evening_club_closed_for_the_evening_counts_a_half():
    tuesday = date(2026, 11, 3)
    assert half_days_of(CLUB, Period(first_day=tuesday, last_day=tuesday, only_last_part=True), until=FAR) == [
        HalfDay(tuesday, SECOND)
    ]


def test_opened_later_counts_the_first_half():
    tuesday = date(2026, 11, 3)
    assert half_days_of(SCHOOL, Period(first_day=tuesday, last_day=tuesday, only_first_part=True), until=FAR) == [
        HalfDay(tuesday, FIRST)
    ]


def test_parts_belong_to_the_first_and_the_last_day_only():
    assert count(SCHOOL, date(2026, 11, 2), date(2026, 11, 4), only_last_part=True, only_first_part=True) == 4


@pytest.mark.parametrize(
    ("friday", "half_days"),
    [
        (date(2023, 5, 5), 0),  # Store bededag, for the last time
        (date(2024, 4, 26), 2),  # would have been it
        (date(2026, 5, 1), 2),  # the fourth Friday after Easter 2026
    ],
)
def test_store_bededag_is_a_holiday_up_to_2023(friday, half_days):
    assert count(SCHOOL, friday, friday) == half_days


def test_easter_2026_counts_three_days_of_ten():
    # Monday 30 March to Wednesday, then Thursday, Friday and Monday are public holidays.
    assert count(SCHOOL, date(2026, 3, 30), date(2026, 4, 6)) == 6


def test_over_new_year_each_half_day_has_its_own_year():
    taken = half_days_of(SCHOOL, Period(first_day=date(2025, 12, 29), last_day=date(2026, 1, 2)), until=FAR)
    assert [sum(each.day.year == year for each in taken) for year in (2025, 2026)] == [6, 2]


def test_5_june_and_24_december_count_unless_a_calendar_says_otherwise():
    constitution_day = date(2026, 6, 5)
    calendar = Calendar(
        planned=(Planned(first_day=constitution_day, last_day=constitution_day, reason="grundlovsdag"),)
    )
    assert count(SCHOOL, constitution_day, constitution_day) == 2
    assert count(calendar, constitution_day, constitution_day) == 0


def test_a_planned_closing_never_counts():
    summer = Calendar(planned=(Planned(first_day=date(2026, 6, 29), last_day=date(2026, 8, 9), reason="sommerferie"),))
    assert count(summer, date(2026, 6, 25), date(2026, 8, 11)) == 8  # Thursday, Friday, and Monday, Tuesday after


def test_a_unit_open_on_public_holidays_counts_them():
    assert count(LIBRARY, date(2026, 12, 25), date(2026, 12, 27)) == 6


def test_what_lies_past_midnight_belongs_to_the_day_it_opened():
    # Open Friday 20 to Saturday 02, and not on Saturday: closed from 23 is Friday's second half, and nothing more.
    night = Calendar(hours=(Hours(halves=(0, 0, 0, 0, 3, 0, 0)),))
    assert count(night, date(2026, 11, 6), date(2026, 11, 7), only_last_part=True) == 1


def test_a_half_opening_day_counts_its_one_half():
    morning_only = Calendar(hours=(Hours(halves=(3, 3, 3, 3, FIRST, 0, 0)),))
    friday = date(2026, 11, 6)
    assert count(morning_only, friday, friday) == 1
    assert count(morning_only, friday, friday, only_last_part=True) == 0


def test_a_closure_is_judged_by_the_opening_hours_of_its_day():
    saturdays_from_2026 = Calendar(
        hours=(
            Hours(ends=date(2025, 12, 31)),
            Hours(halves=(3, 3, 3, 3, 3, 3, 0), begins=date(2026, 1, 1)),
        )
    )
    assert count(saturdays_from_2026, date(2025, 12, 27), date(2025, 12, 27)) == 0
    assert count(saturdays_from_2026, date(2026, 1, 3), date(2026, 1, 3)) == 2


def test_between_opening_hours_the_usual_week_holds():
    closed_tuesdays_in_2025 = Calendar(
        hours=(Hours(halves=(3, 0, 3, 3, 3, 0, 0), begins=date(2025, 1, 1), ends=date(2025, 12, 31)),)
    )
    assert count(closed_tuesdays_in_2025, date(2025, 11, 4), date(2025, 11, 4)) == 0
    assert count(closed_tuesdays_in_2025, date(2026, 11, 3), date(2026, 11, 3)) == 2


def test_nothing_counts_before_the_unit_opened_or_after_it_was_closed_down():
    short_lived = Calendar(opened_on=date(2026, 11, 3), closed_on=date(2026, 11, 4))
    assert count(short_lived, date(2026, 11, 2), date(2026, 11, 6)) == 4


def test_until_further_notice_counts_to_today():
    assert count(SCHOOL, date(2026, 11, 2), None, until=date(2026, 11, 10)) == 14
    assert count(SCHOOL, date(2026, 11, 2), None, until=date(2026, 11, 1)) == 0


# --- In words -----------------------------------------------------------------------------------------------------


def test_explains_days_parts_and_what_does_not_count():
    # Monday 22 March 2027 to Maundy Thursday.
    assert words(SCHOOL, date(2027, 3, 22), date(2027, 3, 25), only_last_part=True) == (
        "Tæller 2½ dage: mandag (sidste del), tirsdag, onsdag. Skærtorsdag tæller ikke."
    )


def test_explains_a_long_closure_by_its_ends_and_names_weekdays_in_the_plural():
    assert words(SCHOOL, date(2026, 11, 2), date(2026, 11, 18), only_first_part=True) == (
        "Tæller 12½ dage: fra mandag den 2. november til onsdag den 18. november 2026 (første del). "
        "Lørdage og søndage tæller ikke."
    )


def test_explains_easter_in_the_lower_case_of_danish():
    assert words(SCHOOL, date(2026, 4, 1), date(2026, 4, 7)) == (
        "Tæller 2 dage: onsdag, tirsdag. Skærtorsdag, langfredag, lørdag, søndag og anden påskedag tæller ikke."
    )


def test_explains_that_there_is_nothing_to_count():
    assert words(SCHOOL, date(2026, 11, 7), date(2026, 11, 8)) == NOTHING_TO_COUNT


def test_explains_a_closure_until_further_notice():
    assert words(SCHOOL, date(2026, 11, 2), None, until=date(2026, 11, 3)) == (
        "Tæller 2 dage: mandag, tirsdag. Lukningen tæller videre dag for dag, indtil den bliver afsluttet."
    )


@pytest.mark.parametrize(
    ("half_days", "told"), [(1, "½ dag"), (2, "1 dag"), (3, "1½ dag"), (4, "2 dage"), (25, "12½ dage")]
)
def test_days_in_words(half_days, told):
    assert in_words(half_days) == told


# --- A year to be looked at ---------------------------------------------------------------------------------------


def shown(calendar, day, closed=None):
    months = months_of(calendar, day.year, closed or {})
    return next(each for week in months[day.month - 1].weeks for each in week if each and each.day == day)


def half(kind="disruption", words="driftsforstyrrelse, gennemgået", *, waiting=False):
    return ClosedHalf(kind=kind, words=words, waiting=waiting, url=f"/{kind}/")


@pytest.mark.parametrize("year", [2024, 2026])
def test_a_year_has_each_of_its_days_once_in_weeks_from_monday(year):
    months = months_of(SCHOOL, year, {})
    days = [each.day for month in months for week in month.weeks for each in week if each]
    assert days == sorted(set(days))
    assert (days[0], days[-1]) == (date(year, 1, 1), date(year, 12, 31))
    assert all(len(week) == 7 for month in months for week in month.weeks)
    assert all(not each or each.day.weekday() == place for m in months for w in m.weeks for place, each in enumerate(w))


@pytest.mark.parametrize(
    ("day", "words", "planned"),
    [
        (date(2026, 11, 3), "", False),
        (date(2026, 11, 7), "ikke åbent", False),
        (date(2026, 4, 2), "skærtorsdag", False),
        (date(2026, 7, 1), "sommerferie", True),
        (date(2026, 7, 4), "ikke åbent", False),  # a Saturday of it
        (date(2025, 12, 31), "institutionen fandtes ikke", False),
    ],
)
def test_a_day_says_why_it_need_not_be_open(day, words, planned):
    summer = Planned(first_day=date(2026, 6, 29), last_day=date(2026, 8, 9), reason="sommerferie")
    told = shown(Calendar(planned=(summer,), opened_on=date(2026, 1, 1)), day)
    assert (told.words, told.planned, told.url) == (words, planned, "")


def test_a_day_says_which_of_its_halves_are_closed_and_how():
    tuesday = date(2026, 11, 3)
    first, second = HalfDay(tuesday, FIRST), HalfDay(tuesday, SECOND)
    other = half("pedagogical", "lukning med et pædagogisk formål, afventer gennemgang", waiting=True)
    assert shown(SCHOOL, tuesday, {first: half(), second: half()}).words == (
        "lukket hele dagen: driftsforstyrrelse, gennemgået"
    )
    assert shown(SCHOOL, tuesday, {second: half()}).words == "lukket sidste del: driftsforstyrrelse, gennemgået"
    both = shown(SCHOOL, tuesday, {first: half(), second: other})
    assert both.words == (
        "lukket første del: driftsforstyrrelse, gennemgået; "
        "lukket sidste del: lukning med et pædagogisk formål, afventer gennemgang"
    )
    assert both.url == "/disruption/"


def test_a_half_that_is_counted_is_shown_whatever_the_calendar_says_now():
    saturday = date(2026, 11, 7)
    assert shown(SCHOOL, saturday, {HalfDay(saturday, FIRST): half()}).words.startswith("lukket første del")


def test_a_month_says_how_much_of_it_is_closed():
    closed = {HalfDay(date(2026, 11, 3), FIRST): half(), HalfDay(date(2026, 11, 3), SECOND): half()}
    closed[HalfDay(date(2026, 11, 4), FIRST)] = half()
    told = {month.number: month.closed_in_words for month in months_of(SCHOOL, 2026, closed) if month.closed}
    assert told == {11: "1½ dag"}


# --- What must hold for every closure -----------------------------------------------------------------------------

DAYS = st.dates(date(2010, 1, 1), date(2040, 12, 31))
PERIODS = st.builds(
    lambda first, length, late, early: Period(
        first_day=first,
        last_day=first + timedelta(days=length),
        only_last_part=late,
        only_first_part=early and length > 0,
    ),
    DAYS,
    st.integers(0, 60),
    st.booleans(),
    st.booleans(),
)
CALENDARS = st.builds(
    lambda halves, holidays_too: Calendar(hours=(Hours(halves=tuple(halves), on_public_holidays=holidays_too),)),
    st.lists(st.integers(0, 3), min_size=7, max_size=7),
    st.booleans(),
)


@given(CALENDARS, PERIODS)
def test_a_half_day_counts_once_in_order_and_only_when_the_unit_should_be_open(calendar, period):
    taken = half_days_of(calendar, period, until=FAR)
    assert taken == sorted(set(taken))
    assert all(half in calendar.halves_on(day) and period.covers(day, half) for day, half in taken)


@given(CALENDARS, DAYS, st.integers(0, 40), st.integers(0, 40))
def test_a_closure_cut_in_two_counts_the_same(calendar, first_day, one, two):
    middle, last_day = first_day + timedelta(days=one), first_day + timedelta(days=one + 1 + two)
    assert count(calendar, first_day, last_day) == count(calendar, first_day, middle) + count(
        calendar, middle + timedelta(days=1), last_day
    )


@given(DAYS)
def test_a_day_cut_at_midday_counts_the_same(day):
    both = count(CLUB, day, day, only_last_part=True) + count(CLUB, day, day, only_first_part=True)
    assert both == count(CLUB, day, day)


@given(st.integers(2010, 2040))
def test_a_year_has_its_ten_or_eleven_public_holidays(year):
    assert len(public_holidays(year)) == (11 if year <= 2023 else 10)
