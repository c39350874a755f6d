"""The figures, against small worlds counted by hand, with decoys beside what counts."""

import json
from datetime import date

import pytest
from django.utils import timezone

from closures import figures
from closures.models import (
    AnnualReturn,
    Closure,
    Institution,
    Kind,
    OpeningHours,
    PlannedClosing,
    ReportedTotal,
    SharedCalendar,
)
from sikkerby.models import Duty
from tests.factories import (
    make_account,
    make_administration,
    make_closure,
    make_district,
    make_duty,
    make_institution,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    office = make_user(name="Centret")
    make_duty(user=office, kind=Duty.Kind.OFFICE)
    return office


def reviewed(office, **fields):
    closure = make_closure(**fields)
    closure.review(by=office)
    return closure


def year_2023(**options):
    return figures.year(Closure.objects.all(), 2023, **{"reviewed_only": True} | options)


@pytest.fixture
def world(office):
    """2023, counted by hand: disruptions 2 + 4 + 1 half-days, pedagogical 3; the decoys count nothing.

    The school was closed Monday 6 March; the club Tuesday 7 and Wednesday 8, and the evening of Friday 10; the library
    from Thursday afternoon 9 March over Friday for a pedagogical purpose.
    """
    school, club = make_institution(name="Skolen"), make_institution(name="Klubben", kind=Institution.Kind.CLUB)
    library = make_institution(
        name="Biblioteket",
        kind=Institution.Kind.LIBRARY,
        administration=make_administration(name="Kultur- og Fritidsforvaltningen", abbreviation="KFF"),
        district=make_district(name="Valby"),
    )
    reviewed(office, institution=school, first_day=date(2023, 3, 6))
    reviewed(office, institution=club, first_day=date(2023, 3, 7), last_day=date(2023, 3, 8))
    reviewed(office, institution=club, first_day=date(2023, 3, 10), first_part="last")
    reviewed(
        office,
        institution=library,
        kind=Kind.PEDAGOGICAL,
        first_day=date(2023, 3, 9),
        first_part="last",
        last_day=date(2023, 3, 10),
    )

    # Decoys: withdrawn, taken out, waiting, asked about, of the next year.
    make_closure(institution=school, first_day=date(2023, 5, 1), last_day=date(2023, 5, 3)).withdraw(by=office)
    make_closure(institution=school, first_day=date(2023, 5, 8)).exclude(Closure.Exclusion.PLANNED, by=office)
    make_closure(institution=school, first_day=date(2023, 5, 10))  # awaits review
    make_closure(institution=club, first_day=date(2023, 5, 11)).ask("Hvorfor?", by=office)
    reviewed(office, institution=library, first_day=date(2024, 1, 2))
    summer = SharedCalendar.objects.create(name="Skolernes ferier", kinds=["school"])
    PlannedClosing.objects.create(
        calendar=summer, first_day=date(2023, 7, 3), last_day=date(2023, 8, 11), reason="sommerferie"
    )
    return {"school": school, "club": club, "library": library}


def test_a_year_counts_reviewed_half_days_by_kind(world):
    found = year_2023()
    assert (found.disruption, found.pedagogical, found.undistinguished) == (7, 3, None)
    assert (found.total, found.units, found.not_reviewed) == (10, 3, 0)
    assert found.divided
    assert not found.undated


def test_the_open_year_counts_all_that_is_reported_and_says_what_is_not_reviewed(world):
    found = year_2023(reviewed_only=False)
    assert (found.total, found.not_reviewed) == (14, 4)
    assert (found.disruption, found.disruption_not_reviewed, found.pedagogical_not_reviewed) == (11, 4, 0)


def test_what_review_took_out_and_reclassified_stands_beside(world, office):
    reviewed_one = reviewed(office, institution=world["school"], first_day=date(2023, 9, 4))
    reviewed_one.reclassify(Kind.PEDAGOGICAL, by=office)
    found = year_2023()
    assert (found.taken_out, found.reclassified) == (2, 2)
    assert (found.disruption, found.pedagogical) == (7, 5)


def test_taken_out_over_new_year_belongs_to_the_year_of_each_half_day(office):
    closure = make_closure(first_day=date(2023, 12, 28), last_day=date(2024, 1, 3))
    closure.exclude(Closure.Exclusion.NOT_UNREST, by=office)
    years = figures.years(Closure.objects.all(), 2023, 2024, reviewed_only=True)
    assert [each.taken_out for each in years] == [4, 4]
    assert [each.total for each in years] == [0, 0]


@pytest.mark.parametrize(
    ("first_day", "last_day", "half_days"),
    [
        (date(2023, 5, 4), date(2023, 5, 8), 4),  # Store bededag on Friday, then the weekend
        (date(2023, 4, 5), date(2023, 4, 11), 4),  # Easter
        (date(2023, 6, 30), date(2023, 8, 14), 4),  # the planned summer
        (date(2022, 12, 29), date(2023, 1, 3), 4),  # 2 and 3 January
        (date(2023, 12, 29), date(2024, 1, 3), 2),  # 29 December
    ],
)
def test_days_that_need_not_be_open_and_days_of_other_years_do_not_count(world, office, first_day, last_day, half_days):
    before = year_2023().total
    reviewed(office, institution=world["school"], first_day=first_day, last_day=last_day)
    assert year_2023().total - before == half_days


def test_an_evening_club_s_halves_count(office):
    club = make_institution(kind=Institution.Kind.CLUB)
    OpeningHours.objects.create(institution=club, halves=[3, 3, 3, 3, 3, 3, 0], opens_at="14:00", closes_at="22:00")
    reviewed(office, institution=club, first_day=date(2023, 3, 11), first_part="last")  # a Saturday evening
    assert year_2023().total == 1


def test_a_service_does_not_count_again_while_its_parent_is_closed(office):
    parent = make_institution()
    service = make_institution(parent=parent)
    reviewed(office, institution=parent, first_day=date(2023, 3, 7), first_part="last")
    closure = reviewed(office, institution=service, first_day=date(2023, 3, 6), last_day=date(2023, 3, 7))
    found = year_2023()
    assert found.total == 1 + 3  # Tuesday afternoon once
    assert found.units == 2
    (row,) = figures.with_counted(Closure.objects.filter(pk=closure.pk), (date(2023, 1, 1), date(2023, 12, 31)))
    assert row.counted == 3


def test_a_unit_whose_every_half_day_is_its_parent_s_is_no_unit_with_a_closure(office):
    parent = make_institution()
    reviewed(office, institution=parent, first_day=date(2023, 3, 6), last_day=date(2023, 3, 7))
    reviewed(office, institution=make_institution(parent=parent), first_day=date(2023, 3, 7))
    assert (year_2023().total, year_2023().units) == (4, 1)


def test_a_parent_outside_the_counted_set_hides_nothing(office):
    parent = make_institution()
    service = make_institution(parent=parent)
    make_closure(institution=parent, first_day=date(2023, 3, 6))  # awaits review
    reviewed(office, institution=service, first_day=date(2023, 3, 6))
    assert year_2023().total == 2
    found = year_2023(reviewed_only=False)
    assert (found.total, found.not_reviewed) == (2, 2)


# --- Totals without dates, and 2012 -------------------------------------------------------------------------------


@pytest.fixture
def baseline(db):
    return ReportedTotal.objects.create(
        year=2012, kind=Kind.UNDISTINGUISHED, half_days=1325, units=13, source="Statusnotat 20-08-2013"
    )


def test_the_baseline_is_the_reported_total_of_2012(baseline):
    found = figures.baseline()
    assert (found.year, found.total, found.units, found.source) == (2012, 1325, 13, "Statusnotat 20-08-2013")
    assert (found.disruption, found.pedagogical, found.divided, found.undated) == (None, None, False, True)
    assert (found.asked, found.answered) == (None, None)


@pytest.mark.django_db
def test_without_its_total_there_is_no_baseline():
    assert figures.baseline() is None


def test_years_include_totals_and_years_without_any_count(world, baseline):
    years = figures.years(Closure.objects.all(), 2011, 2024, reviewed_only=True)
    assert [each.year for each in years if not each.missing] == [2012, 2023, 2024]
    assert [each.total for each in years if not each.missing] == [1325, 10, 2]


def test_a_unit_s_total_without_dates_is_added_and_its_unit_counted_once(world):
    for institution, half_days in ((world["school"], 5), (make_institution(), 9)):
        ReportedTotal.objects.create(
            year=2023, kind=Kind.PEDAGOGICAL, half_days=half_days, institution=institution, source="Brev"
        )
    found = year_2023()
    assert (found.disruption, found.pedagogical, found.units, found.undated) == (7, 3 + 14, 4, True)


def test_beside_a_total_of_the_city_the_number_of_units_is_not_known(world):
    ReportedTotal.objects.create(year=2023, kind=Kind.UNDISTINGUISHED, half_days=8, units=3, source="Brev")
    found = year_2023()
    assert (found.total, found.undistinguished, found.divided, found.units) == (18, 8, False, None)


def test_asked_and_answered(world, office):
    for institution, answer in ((world["school"], "all"), (world["club"], "none"), (world["library"], "")):
        AnnualReturn.objects.create(
            institution=institution,
            year=2023,
            answer=answer,
            answered_by=office if answer else None,
            answered_at=timezone.now() if answer else None,
        )
    assert (year_2023().asked, year_2023().answered) == (3, 2)


def test_a_year_with_only_answers_is_a_zero_and_without_them_it_is_missing(office):
    assert year_2023().missing
    AnnualReturn.objects.create(
        institution=make_institution(), year=2023, answer="none", answered_by=office, answered_at=timezone.now()
    )
    assert not year_2023().missing
    assert (year_2023().total, year_2023().units) == (0, 0)


def test_figures_ask_as_many_questions_for_many_years_as_for_one(world, baseline, django_assert_num_queries):
    with django_assert_num_queries(5):
        figures.years(Closure.objects.all(), 2012, 2026, reviewed_only=True)


# --- Parts of a year ----------------------------------------------------------------------------------------------


def test_a_unit_that_has_not_answered_is_missing_whatever_others_answered(office):
    unit, other = make_institution(), make_institution()
    AnnualReturn.objects.create(
        institution=other, year=2023, answer="none", answered_by=office, answered_at=timezone.now()
    )
    for institution, missing in ((unit, True), (other, False)):
        closures, returns = institution.closures.all(), institution.annual_returns.all()
        found = figures.year(
            closures, 2023, reviewed_only=False, totals=institution.reported_totals.all(), answers=returns
        )
        assert found.missing is missing


@pytest.mark.parametrize(
    "by",
    [
        *(figures.by_month, figures.by_weekday, figures.by_district, figures.by_administration),
        *(figures.by_institution_kind, figures.by_institution, figures.by_cause, figures.by_scope, figures.by_incident),
    ],
)
@pytest.mark.parametrize("reviewed_only", [True, False])
def test_a_year_s_parts_sum_to_its_total(world, by, reviewed_only):
    ReportedTotal.objects.create(year=2023, kind=Kind.UNDISTINGUISHED, half_days=8, source="Brev")
    ReportedTotal.objects.create(
        year=2023, month=6, kind=Kind.PEDAGOGICAL, half_days=3, institution=make_institution(), source="Brev"
    )
    found = year_2023(reviewed_only=reviewed_only)
    shares = by(Closure.objects.all(), 2023, reviewed_only=reviewed_only)
    assert sum(each.total for each in shares) == found.total
    assert sum(each.disruption for each in shares) == found.disruption
    assert sum(each.pedagogical for each in shares) == found.pedagogical
    assert sum(each.undistinguished for each in shares) == found.undistinguished


def test_by_district_is_counted_by_hand(world):
    shares = figures.by_district(Closure.objects.all(), 2023, reviewed_only=True)
    assert [(each.label, each.disruption, each.pedagogical) for each in shares] == [("Nørrebro", 7, 0), ("Valby", 0, 3)]


def test_by_month_has_all_twelve(world):
    shares = figures.by_month(Closure.objects.all(), 2023, reviewed_only=True)
    assert [(each.label, each.total) for each in shares if each.total] == [("marts", 10)]
    assert len(shares) == 12


def test_by_institution_kind_says_the_kind_in_danish(world):
    shares = figures.by_institution_kind(Closure.objects.all(), 2023, reviewed_only=True)
    assert {each.label: each.total for each in shares} == {"skole": 2, "klub eller fritidscenter": 5, "bibliotek": 3}


def test_all_parts_are_had_from_one_reading(world, django_assert_num_queries):
    with django_assert_num_queries(4):  # with the names of administrations, districts and institutions
        together = figures.parts(Closure.objects.all(), 2023, reviewed_only=True)
    assert together["weekday"] == figures.by_weekday(Closure.objects.all(), 2023, reviewed_only=True)
    assert [(each.label, each.total) for each in together["weekday"]] == [
        *(("mandag", 2), ("tirsdag", 2), ("onsdag", 2), ("torsdag", 1), ("fredag", 3), ("lørdag", 0), ("søndag", 0))
    ]


def test_between_two_days_is_what_a_list_sums_to(world):
    found = figures.between(Closure.objects.filter(institution=world["club"]), date(2023, 3, 8), date(2023, 12, 31))
    assert (found.total, found.not_reviewed) == (2 + 1 + 2, 2)


# --- In words -----------------------------------------------------------------------------------------------------


def year_of(**values):
    usual = {
        "year": 2013,
        "disruption": 620,
        "pedagogical": 191,
        "undistinguished": None,
        "units": 24,
        "not_reviewed": 0,
        "undated": False,
        "source": "",
        "taken_out": 0,
        "reclassified": 0,
        "asked": None,
        "answered": None,
    }
    return figures.YearFigures(**usual | values)


def undivided(**values):
    return year_of(year=2012, disruption=None, pedagogical=None, undistinguished=1325, units=13, undated=True, **values)


def test_a_divided_year_compares_with_2012_by_its_sum_alone():
    assert figures.comparison(year_of(), undivided()) == (
        "I 2013 var der 405,5 ikke-planlagte lukkedage på 24 institutioner og tjenester. 310,0 skyldtes "
        "driftsforstyrrelser, og 95,5 var lukninger med et pædagogisk formål. Tallet for 2012 (662,5) er ikke opdelt "
        "og kan kun sammenlignes med summen, 405,5."
    )


def test_2012_is_said_to_be_undivided_and_compares_with_nothing():
    assert figures.comparison(undivided(), undivided()) == (
        "I 2012 var der 662,5 ikke-planlagte lukkedage på 13 institutioner og tjenester. "
        "Tallet er ikke opdelt efter art."
    )


def test_a_year_partly_undivided_makes_no_comparison():
    told = figures.comparison(year_of(undistinguished=10, units=None), undivided())
    assert told == "I 2013 var der 410,5 ikke-planlagte lukkedage. 5,0 af dem er ikke opdelt efter art."


def test_the_open_year_says_how_much_is_not_reviewed():
    told = figures.comparison(year_of(year=2026, disruption=70, pedagogical=13, units=1, not_reviewed=7), None)
    assert told == (
        "For 2026 er der indberettet 41,5 ikke-planlagte lukkedage på 1 institution eller tjeneste, heraf 3,5 ikke "
        "gennemgået. 35,0 skyldtes driftsforstyrrelser, og 6,5 var lukninger med et pædagogisk formål."
    )


def test_a_missing_year_is_not_a_zero():
    told = figures.comparison(year_of(year=2024, disruption=0, pedagogical=0, units=0), undivided())
    assert told == "For 2024 er der ingen opgørelse over ikke-planlagte lukkedage."


def test_the_chart_draws_2012_undivided_beside_the_year_and_as_a_line(baseline):
    drawn = figures.chart([year_of()])
    assert "<title>405,5 ikke-planlagte lukkedage i 2013, 662,5 i 2012</title>" in drawn
    assert "2012: 662,5 dage, ikke opdelt." in drawn
    assert "Stiplet linje: 2012, 662,5 dage." in drawn


def test_what_is_not_reviewed_is_drawn_apart_and_not_twice():
    bar = figures.bar(year_of(not_reviewed=7, disruption_not_reviewed=5, pedagogical_not_reviewed=2))
    assert (bar.disruption, bar.pedagogical, bar.awaiting, bar.total) == (615, 189, 7, 811)


# --- Closed years -------------------------------------------------------------------------------------------------


def closed(year, office):
    """The year's count, closed: what YearlyAccount.close keeps of the figures."""
    account = make_account(year, by=office)
    account.figures, account.closed_by, account.closed_at = figures.freeze(year), office, timezone.now()
    account.save()
    return account


def test_a_closed_year_is_shown_as_it_was_and_recounted_beside(world, office):
    closed(2023, office)
    (shown,) = figures.shown(2023, 2023)
    assert (shown.total, shown.units, shown.today) == (10, 3, None)
    late = make_closure(institution=world["club"], by=office, first_day=date(2023, 9, 5))
    assert figures.shown(2023, 2023)[0].today is None  # it counts when it is reviewed
    late.review(by=office)
    (shown,) = figures.shown(2023, 2023)
    assert (shown.total, shown.today.total, shown.closed_on) == (10, 12, timezone.localdate())
    assert [share.total for share in figures.parts_shown(2023)["month"]] == [0, 0, 10, *[0] * 9]
    (moved,) = figures.moved(2023)
    assert (moved.closure, moved.before_days, moved.after) == (late, 0, ("disruption", 2))
    assert moved.step.act == "reviewed"
    assert [*Closure.objects.filter(figures.after_closing())] == [late]


def test_what_is_frozen_can_be_kept_as_json(world, office):
    AnnualReturn.objects.create(institution=world["club"], year=2023)
    frozen = figures.freeze(2023)
    assert json.loads(json.dumps(frozen)) == frozen
    assert frozen["missing"] == [[world["club"].pk, "Klubben"]]
    assert {share["label"]: share["disruption"] for share in frozen["parts"]["institution"]} == {
        "Klubben": 5,
        "Skolen": 2,
        "Biblioteket": 0,
    }
    assert sum(half_days for _, half_days in frozen["closures"].values()) == frozen["year"]["disruption"] + 3
