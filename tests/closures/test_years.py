"""The yearly count: who is asked, what they can answer, what hinders closing, and what is frozen."""

import threading
from collections import Counter
from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.urls import reverse

from closures import figures
from closures.models import AnnualReturn, Closure, Institution, Kind, ReportedTotal, YearlyAccount
from closures.models.year import YearlyAccountQuerySet
from closures.tasks import follow_counts
from sikkerby.middleware import Conflict
from tests.factories import (
    make_account,
    make_cast,
    make_closure,
    make_institution,
    make_reviewed_closure,
    make_user,
)

ALL, NONE = AnnualReturn.Answer.ALL, AnnualReturn.Answer.NONE
DECEMBER, JANUARY = date(2026, 12, 3), date(2027, 1, 12)


def begin(year=2026, *, by=None, answer_by=date(2027, 1, 31), today=DECEMBER) -> YearlyAccount:
    return YearlyAccount.objects.begin(year, answer_by=answer_by, by=by or make_user(), today=today)


def answer_of(institution, year=2026) -> AnnualReturn:
    return AnnualReturn.objects.get(institution=institution, year=year)


@pytest.fixture
def january():
    with time_machine.travel("2027-01-12 10:00 +0100", tick=False):
        yield


# --- Who is asked -------------------------------------------------------------------------------------------------


def test_count_asks_every_unit_that_existed_in_the_year(db):
    asked = [
        make_institution(name="Uden datoer"),
        make_institution(name="Åbnede sidst", opened_on=date(2026, 12, 31)),
        make_institution(name="Lukkede først", closed_on=date(2026, 1, 1)),
    ]
    make_institution(name="Åbnede efter", opened_on=date(2027, 1, 1))
    make_institution(name="Lukkede før", closed_on=date(2025, 12, 31))
    account = begin()
    assert set(account.returns.values_list("institution", flat=True)) == {each.pk for each in asked}
    assert str(account.answers) == "0 af 3 har svaret"


def test_asking_again_asks_new_units_and_no_unit_twice(db):
    account = begin()
    late = make_institution()
    account.ask_units()
    account.ask_units()
    assert [each.institution for each in account.returns] == [late]


def test_unit_that_did_not_exist_is_no_longer_asked_unless_it_has_answered(db, cast):
    account = begin()
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    Institution.objects.update(opened_on=date(2027, 2, 1))
    account.ask_units()
    assert [each.institution for each in account.returns] == [cast.school]


def test_daily_job_asks_units_entered_later(db, january):
    account = begin()
    make_institution()
    follow_counts(0)
    assert account.answers.asked == 1


def test_closed_year_asks_nobody_more(db, cast):
    account = begin()
    account.close(by=cast.office, accept_missing=True, today=JANUARY)
    make_institution()
    account.ask_units()
    assert account.answers.asked == 3


# --- Opening ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [date(2026, 11, 30), date(2026, 1, 2)])
def test_count_is_not_opened_before_december(db, today):
    with pytest.raises(Conflict, match=r"tidligst åbnes den 1\. december 2026"):
        begin(today=today)
    assert not YearlyAccount.objects.exists()


@pytest.mark.parametrize(
    ("answer_by", "said"),
    [
        (date(2026, 12, 3), "i morgen eller senere"),
        (date(2026, 12, 31), "1. januar 2027"),
        (date(2027, 12, 5), "højst ligge et år frem"),
    ],
)
def test_date_to_answer_by_lies_after_the_year_and_within_one_more(db, answer_by, said):
    with pytest.raises(ValidationError) as refusal:
        begin(answer_by=answer_by)
    assert said in refusal.value.message_dict["answer_by"][0]
    assert not YearlyAccount.objects.exists()


def test_count_is_opened_once(db):
    begin()
    with pytest.raises(Conflict, match="allerede åbnet"):
        begin()


def test_year_known_as_a_total_has_nothing_to_answer(db):
    ReportedTotal.objects.create(year=2013, kind=Kind.UNDISTINGUISHED, half_days=10, source="et notat")
    with pytest.raises(Conflict, match="total uden datoer"):
        begin(2013, today=DECEMBER)


# --- Answers ------------------------------------------------------------------------------------------------------


def test_unit_without_closures_gives_a_nil_return_whatever_it_says(cast):
    account = begin()
    account.answer({cast.school.pk: NONE, cast.club.pk: ALL}, by=cast.leader)
    assert [answer_of(each).answer for each in (cast.school, cast.club)] == [NONE, NONE]
    assert answer_of(cast.school).answered_by == cast.leader
    assert not answer_of(cast.school).confirmed_by_administration


def test_nil_return_of_a_unit_with_closures_is_refused_and_nothing_is_stored(cast):
    make_closure(institution=cast.school)
    account = begin()
    with pytest.raises(ValidationError, match="Skolen ved Søen.* har lukninger i 2026"):
        account.answer({cast.school.pk: NONE, cast.club.pk: NONE}, by=cast.leader)
    assert account.answers.answered == 0


@pytest.mark.parametrize("act", ["withdraw", "exclude"])
def test_closure_that_holds_no_half_day_does_not_stand_in_the_way_of_a_nil_return(cast, act):
    closure = make_closure(institution=cast.school, by=cast.leader)
    closure.withdraw(by=cast.leader) if act == "withdraw" else closure.exclude("planned", by=cast.office)
    account = begin()
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    assert answer_of(cast.school).answer == NONE


def test_closure_over_new_year_counts_in_both_years(cast):
    make_closure(
        institution=cast.school, first_day=date(2026, 12, 30), last_day=date(2027, 1, 5), today=date(2027, 1, 6)
    )
    begin()
    begin(2027, answer_by=date(2028, 1, 31), today=date(2027, 12, 1))
    for account in YearlyAccount.objects.all():
        account.answer({cast.school.pk: ALL}, by=cast.leader)
    assert [answer_of(cast.school, year).answer for year in (2026, 2027)] == [ALL, ALL]


def test_registering_later_takes_back_a_nil_return(cast):
    account = begin()
    account.answer({cast.school.pk: NONE, cast.club.pk: NONE}, by=cast.leader)
    make_closure(institution=cast.school)
    assert answer_of(cast.school).answer == ""
    assert answer_of(cast.club).answer == NONE


def test_answer_can_be_taken_back_and_given_anew(cast):
    account = begin()
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    account.take_back(cast.school)
    assert answer_of(cast.school).answered_by is None
    with pytest.raises(Conflict):
        account.take_back(cast.school)


def test_contact_confirms_for_the_administration_but_not_for_a_unit_of_ones_own(cast):
    account = begin()
    own = make_institution(leader=cast.contact)
    account.ask_units()
    account.answer({cast.school.pk: NONE, own.pk: NONE}, by=cast.contact)
    assert answer_of(cast.school).confirmed_by_administration
    assert not answer_of(own).confirmed_by_administration
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    assert not answer_of(cast.school).confirmed_by_administration


def test_many_nil_returns_at_once_leave_those_answered_meanwhile(cast):
    account = begin()
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    assert account.confirm_nil([cast.school, cast.club], by=cast.contact) == 1
    assert answer_of(cast.school).answered_by == cast.leader
    assert answer_of(cast.club).confirmed_by_administration
    assert account.answers == figures_of_answers(asked=3, answered=2, nil=2, confirmed=1)


def figures_of_answers(**counts):
    from closures.models.year import Answers

    return Answers(**counts)


def test_five_hundred_nil_returns_take_as_many_queries_as_five(cast, django_assert_num_queries):
    account, roles = begin(), cast.contact.roles
    assert roles  # read once
    for count in (5, 500):
        units = Institution.objects.bulk_create(
            Institution(name=f"Enhed {count} {each}", kind="school", administration=cast.buf) for each in range(count)
        )
        account.ask_units()
        with django_assert_num_queries(15):
            assert account.confirm_nil(units, by=cast.contact) == count


def test_closed_year_takes_no_answers(cast):
    account = begin()
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    account.close(by=cast.office, accept_missing=True, today=JANUARY)
    for act in (
        lambda: account.answer({cast.club.pk: NONE}, by=cast.leader),
        lambda: account.take_back(cast.school),
        lambda: account.confirm_nil([cast.club], by=cast.contact),
    ):
        with pytest.raises(Conflict, match="er afsluttet"):
            act()


def test_answers_are_counted_by_administration(cast):
    account = begin()
    account.answer({cast.library.pk: NONE}, by=cast.other_contact)
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    assert [(name, str(each), each.confirmed) for name, _, each in account.returns.by_administration()] == [
        ("Børne- og Ungdomsforvaltningen", "1 af 2 har svaret", 0),
        ("Kultur- og Fritidsforvaltningen", "1 af 1 har svaret", 1),
    ]


def test_answers_wait_for_those_who_give_them(cast):
    begin()
    needing = {
        who: sorted(each.institution.name for each in AnnualReturn.objects.needing(getattr(cast, who)))
        for who in ("leader", "deputy", "contact", "office", "other_leader", "member")
    }
    assert needing == {
        "leader": ["Aftenklubben", "Skolen ved Søen"],
        "deputy": ["Skolen ved Søen"],
        "contact": ["Aftenklubben", "Skolen ved Søen"],
        "office": [],
        "other_leader": ["Biblioteket"],
        "member": [],
    }


# --- Closing ------------------------------------------------------------------------------------------------------


def waiting(cast):
    return make_closure(institution=cast.school)


def returned(cast):
    closure = make_closure(institution=cast.school)
    closure.ask("Hvornår?", by=cast.office)
    return closure


def correction_asked(cast):
    closure = make_reviewed_closure(institution=cast.school, by=cast.office)
    closure.ask_correction("Det var dagen efter.", by=cast.leader)
    return closure


def open_ended(cast):
    return make_closure(institution=cast.school, first_day=date(2026, 12, 29), last_day=None, today=date(2026, 12, 29))


@pytest.mark.parametrize("hindrance", [waiting, returned, correction_asked, open_ended])
def test_closure_that_is_not_settled_keeps_the_year_open_and_is_linked(cast, hindrance):
    closure = hindrance(cast)
    account = begin()
    with pytest.raises(ValidationError) as refusal:
        account.close(by=cast.office, accept_missing=True, today=JANUARY)
    (message,) = refusal.value.messages
    assert closure.number in message
    assert closure.get_absolute_url() in message
    account.refresh_from_db()
    assert not account.is_closed


def test_closures_of_other_years_and_released_ones_do_not_hinder(cast):
    make_closure(institution=cast.school, first_day=date(2025, 3, 3))
    make_closure(institution=cast.school, first_day=date(2027, 1, 5), today=JANUARY)
    make_closure(institution=cast.club).withdraw(by=cast.leader)
    account = begin()
    account.close(by=cast.office, accept_missing=True, today=JANUARY)
    assert account.is_closed


def test_year_is_not_closed_before_it_has_ended(cast):
    account = begin()
    with pytest.raises(Conflict, match=r"tidligst afsluttes den 1\. januar 2027"):
        account.close(by=cast.office, accept_missing=True, today=date(2026, 12, 31))


def test_missing_answers_are_accepted_by_name_or_the_year_stays_open(cast):
    account = begin()
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    with pytest.raises(ValidationError) as refusal:
        account.close(by=cast.office, accept_missing=False, today=JANUARY)
    assert "2 institutioner mangler at svare" in refusal.value.message_dict["accept_missing"][0]
    account.close(by=cast.office, accept_missing=True, today=JANUARY)
    account.refresh_from_db()
    assert account.missing_accepted_by == cast.office
    assert [name for _, name in account.figures["missing"]] == ["Aftenklubben", "Biblioteket"]


def test_nobody_accepts_what_is_not_missing(cast):
    account = begin()
    account.answer(dict.fromkeys([cast.school.pk, cast.club.pk], NONE), by=cast.leader)
    account.answer({cast.library.pk: NONE}, by=cast.other_contact)
    account.close(by=cast.office, accept_missing=True, today=JANUARY)
    assert account.missing_accepted_by is None


def test_year_is_closed_once(cast):
    account = begin()
    account.close(by=cast.office, accept_missing=True, today=JANUARY)
    with pytest.raises(Conflict, match="allerede afsluttet"):
        account.close(by=cast.office, accept_missing=True, today=JANUARY)


def test_closing_freezes_the_figures_and_a_later_correction_moves_only_todays(cast):
    closure = make_reviewed_closure(institution=cast.school, by=cast.office)  # one day
    make_reviewed_closure(
        institution=cast.library,
        by=cast.office,
        kind=Kind.PEDAGOGICAL,
        first_day=date(2026, 3, 4),
        first_part=Closure.FirstPart.LAST,
    )
    account = begin()
    account.answer({cast.school.pk: ALL, cast.club.pk: NONE}, by=cast.contact)
    account.close(by=cast.office, accept_missing=True, today=JANUARY)
    closure.last_day = date(2026, 3, 4)
    closure.correct("Der var også lukket onsdag.", by=cast.office, today=JANUARY)
    account.refresh_from_db()
    frozen = account.figures["year"]
    assert {
        name: frozen[name] for name in ("disruption", "pedagogical", "units", "asked", "answered", "nil", "confirmed")
    } == {
        "disruption": 2,
        "pedagogical": 1,
        "units": 2,
        "asked": 3,
        "answered": 2,
        "nil": 1,
        "confirmed": 2,
    }
    assert figures.year(Closure.objects.all(), 2026, reviewed_only=True).disruption == 4


# --- Closing while others act -------------------------------------------------------------------------------------


def at_once(*acts) -> list[str]:
    """What became of each act: done, refused, or the database's error."""
    start, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place, act):
        try:
            start.wait(timeout=60)
            act()
            outcomes[place] = "done"
        except (ValidationError, Conflict):
            outcomes[place] = "refused"
        except DatabaseError as error:
            outcomes[place] = type(error).__name__
        finally:
            connection.close()

    people = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return outcomes


YEAR, DAY, ROUNDS = 2025, date(2025, 3, 5), 20


def waiting_closure(cast) -> Closure:
    return make_closure(institution=cast.school, by=cast.leader, first_day=DAY, today=JANUARY)


def register(cast):
    return lambda: waiting_closure(cast)


def register_as_office(cast):
    return lambda: make_closure(institution=cast.school, by=cast.office, first_day=DAY, today=JANUARY)


def review(cast):
    closure = waiting_closure(cast)
    return lambda: closure.review(by=cast.office)


def withdraw(cast):
    closure = waiting_closure(cast)
    return lambda: closure.withdraw(by=cast.leader)


def close_while(act, cast) -> tuple[Counter, int]:
    """How closing and the act ended in each round, and in how many a year was closed on figures that miss something
    done before."""
    endings, untrue = Counter(), 0
    for _ in range(ROUNDS):
        for rows in (YearlyAccount, AnnualReturn, Closure):
            rows.objects.all().delete()
        account = make_account(YEAR, by=cast.office)
        close = lambda: account.close(by=cast.office, accept_missing=True, today=JANUARY)  # noqa: B023, E731
        endings[tuple(at_once(close, act(cast)))] += 1
        account.refresh_from_db()
        if account.is_closed:
            earlier = Closure.objects.exclude(steps__at__gt=account.closed_at)
            now = figures.year(earlier, YEAR, reviewed_only=False)
            untrue += (now.disruption, now.not_reviewed) != (account.figures["year"]["disruption"], 0)
    return endings, untrue


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("act", "possible"),
    [
        (register, {("done", "refused"), ("refused", "done")}),
        (register_as_office, {("done", "done"), ("refused", "done")}),  # done after closing: "efter årsopgørelsen"
        (review, {("done", "done"), ("refused", "done")}),
        (withdraw, {("done", "done"), ("refused", "done")}),
    ],
)
def test_what_is_done_while_the_year_closes_is_in_its_figures_or_comes_after(act, possible):
    endings, untrue = close_while(act, make_cast())
    assert untrue == 0
    assert set(endings) <= possible
    assert endings.total() == ROUNDS


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_year_is_closed_on_figures_that_miss_a_closure(monkeypatch):
    monkeypatch.setattr(YearlyAccountQuerySet, "_lock", lambda self, function, years: None)
    cast = make_cast()
    assert sum(close_while(act, cast)[1] for act in (register, register_as_office)) > 0


@pytest.mark.django_db(transaction=True)
def test_unit_that_registers_while_it_answers_nil_is_asked_again_or_has_registered_first():
    """Either the closure comes first, and the nil return is refused; or it comes after, and takes it back."""
    cast = make_cast()
    for _ in range(ROUNDS):
        for rows in (YearlyAccount, AnnualReturn, Closure):
            rows.objects.all().delete()
        account = make_account(YEAR, by=cast.office)
        account.ask_units()
        answer = lambda: account.answer({cast.school.pk: NONE}, by=cast.leader)  # noqa: B023, E731
        assert at_once(answer, register(cast))[1] == "done"
        assert answer_of(cast.school, YEAR).answer == ""


# --- The pages ----------------------------------------------------------------------------------------------------


def texts(response) -> str:
    return " ".join(response.content.decode().split())


ANSWERS, NIL, UNDO = (f"closures:{name}" for name in ("annual_returns", "confirm_nil", "take_back"))


@pytest.mark.usefixtures("january")
def test_leader_of_five_answers_five_on_one_page(client, cast):
    units = [make_institution(leader=cast.leader) for _ in range(3)]
    closure = make_closure(institution=cast.school, by=cast.leader, first_part=Closure.FirstPart.LAST)
    account = begin()
    client.force_login(cast.leader)
    page = texts(client.get(reverse(ANSWERS, args=[2026])))
    assert page.count('type="checkbox"') == 5
    assert "Ja, det er alle ikke-planlagte lukninger i 2026" in page
    assert page.count("Ingen ikke-planlagte lukninger i 2026 (nulindberetning)") == 4
    assert closure.get_absolute_url() in page
    assert "03-03-2026" in page
    assert "0,5" in page
    assert f"/lukninger/ny/?institution={cast.school.pk}" in page
    sent = {f"unit_{each.pk}": "none" for each in (cast.club, *units)} | {f"unit_{cast.school.pk}": "all"}
    page = texts(client.post(reverse(ANSWERS, args=[2026]), sent, follow=True))
    assert "5 institutioner har svaret for 2026" in page
    assert (account.answers.answered, account.answers.nil) == (5, 4)
    assert "Alle dine institutioner har svaret" in page


@pytest.mark.usefixtures("january")
def test_some_can_wait_for_another_day(client, cast):
    account = begin()
    client.force_login(cast.leader)
    client.post(reverse(ANSWERS, args=[2026]), {f"unit_{cast.school.pk}": "none"})
    assert [each.institution for each in account.returns.answered()] == [cast.school]


@pytest.mark.usefixtures("january")
def test_leader_is_told_that_a_closure_took_back_the_nil_return(client, cast):
    account = begin()
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    client.force_login(cast.leader)
    assert "bortfalder den, og I bliver spurgt igen" in texts(client.get(reverse(ANSWERS, args=[2026])))
    make_closure(institution=cast.school)
    assert "Den er bortfaldet" in texts(client.get(reverse(ANSWERS, args=[2026])))


@pytest.mark.usefixtures("january")
def test_receipt_leads_back_to_the_answer_and_says_that_the_nil_return_is_gone(client, cast):
    account = begin()
    account.answer({cast.club.pk: NONE}, by=cast.leader)
    client.force_login(cast.leader)
    receipts = [
        texts(client.get(reverse("closures:receipt", args=[make_closure(institution=unit, **days).pk])))
        for unit, days in (
            (cast.school, {}),
            (cast.club, {}),
            (cast.club, {"first_day": date(2025, 3, 3)}),  # a year that is not open
        )
    ]
    assert [f'href="{reverse(ANSWERS, args=[2026])}"' in each for each in receipts] == [True, True, False]
    assert ["Nulindberetningen for 2026 er bortfaldet" in each for each in receipts] == [False, True, False]


@pytest.mark.usefixtures("january")
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Sæt flueben ved mindst én institution"),
        ({"unit_{school}": "none"}, "kan ikke være en nulindberetning"),
        ({"unit_{school}": "måske", "unit_{club}": "none"}, "Sæt flueben ved svaret"),
        ({"unit_{school}": "all\0", "unit_{club}": "none"}, "Skolen ved Søen"),
        ({"unit_{library}": "none"}, "Sæt flueben ved mindst én institution"),
        ({"unit_{club}": "none", "unit_{school}": "all" * 100_000}, "Sæt flueben ved svaret"),
    ],
)
def test_answer_that_makes_no_sense_is_said_and_none_is_stored(client, cast, sent, said):
    make_closure(institution=cast.school)
    account = begin()
    client.force_login(cast.leader)
    keys = {"school": cast.school.pk, "club": cast.club.pk, "library": cast.library.pk}
    response = client.post(reverse(ANSWERS, args=[2026]), {name.format(**keys): value for name, value in sent.items()})
    page = texts(response)
    assert response.status_code == 422
    assert "Der er problemer" in page
    assert said in page
    assert ("checked" in page) == ("unit_{club}" in sent or "unit_{school}" in sent)
    assert account.answers.answered == 0


@pytest.mark.usefixtures("january")
def test_closure_registered_while_the_page_stood_open_is_said(client, cast):
    begin()
    client.force_login(cast.leader)
    make_closure(institution=cast.school)
    response = client.post(reverse(ANSWERS, args=[2026]), {f"unit_{cast.school.pk}": "none"})
    assert response.status_code == 422
    assert "Se dem igennem" in texts(response)


@pytest.mark.usefixtures("january")
def test_contact_confirms_many_at_once(client, cast):
    make_closure(institution=cast.school)
    account = begin()
    client.force_login(cast.contact)
    page = texts(client.get(reverse(ANSWERS, args=[2026])))
    assert f'value="{cast.club.pk}"' in page
    assert f'value="{cast.school.pk}"' not in page
    assert f"?institution={cast.school.pk}" in page
    page = texts(client.post(reverse(NIL, args=[2026]), {"units": [cast.club.pk]}, follow=True))
    assert "1 nulindberetning er bekræftet af forvaltningen" in page
    assert "1 af 2 har svaret" in page
    assert (account.answers.nil, account.answers.confirmed) == (1, 1)


@pytest.mark.usefixtures("january")
@pytest.mark.parametrize(
    "units", [[], ["x"], ["{school}", "{library}"], ["99999999999999999999"], ["{school}"], ["1\0"]]
)
def test_nil_returns_that_make_no_sense_are_said_and_none_is_stored(client, cast, units):
    make_closure(institution=cast.school)
    account = begin()
    client.force_login(cast.contact)
    keys = {"school": cast.school.pk, "library": cast.library.pk}
    response = client.post(reverse(NIL, args=[2026]), {"units": [*(each.format(**keys) for each in units)]})
    assert response.status_code == 422
    assert "Der er problemer" in texts(response)
    assert account.answers.answered == 0


@pytest.mark.usefixtures("january")
def test_contact_and_office_answer_for_one_institution(client, cast):
    account = begin()
    for who, unit in ((cast.contact, cast.school), (cast.office, cast.library)):
        client.force_login(who)
        address = f"{reverse(ANSWERS, args=[2026])}?institution={unit.pk}"
        assert unit.name in texts(client.get(address))
        assert client.post(address, {f"unit_{unit.pk}": "none"}).status_code == 302
    assert (account.answers.answered, account.answers.confirmed) == (2, 1)


@pytest.mark.usefixtures("january")
@pytest.mark.parametrize("chosen", ["{library}", "0", "x", "99999999999999999999", ""])
def test_institution_of_others_is_not_found(client, cast, chosen):
    begin()
    client.force_login(cast.leader)
    address = f"{reverse(ANSWERS, args=[2026])}?institution={chosen.format(library=cast.library.pk)}"
    assert client.get(address).status_code == 404
    assert client.post(address, {}).status_code == 404


@pytest.mark.usefixtures("january")
def test_leader_takes_back_an_answer_but_not_that_of_others(client, cast):
    account = begin()
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    account.answer({cast.library.pk: NONE}, by=cast.other_leader)
    client.force_login(cast.leader)
    assert client.post(reverse(UNDO, args=[2026]), {"institution": cast.library.pk}).status_code == 404
    page = texts(client.post(reverse(UNDO, args=[2026]), {"institution": cast.school.pk}, follow=True))
    assert "Svaret for Skolen ved Søen er trukket tilbage" in page
    assert account.answers.answered == 1


@pytest.mark.usefixtures("january")
def test_office_opens_a_count_follows_it_and_closes_it(client, cast):
    address = reverse("closures:year_count", args=[2026])
    client.force_login(cast.office)
    page = texts(client.get(address))
    key = page.split('name="key" value="')[1].split('"')[0]
    opening = {"key": key, "answer_by": "31-01-2027"}
    for _ in range(2):  # a double click
        page = texts(client.post(f"{address}aabn/", opening, follow=True))
    assert "0 af 3 har svaret" in page
    account = YearlyAccount.objects.get()
    assert (account.opened_by, account.answer_by) == (cast.office, date(2027, 1, 31))

    closure = make_closure(institution=cast.school, by=cast.leader)
    page = texts(client.get(address))
    assert "1 lukning i 2026 skal først gøres færdig" in page
    response = client.post(f"{address}afslut/", {"accept_missing": "on"})
    assert response.status_code == 422
    assert closure.number in texts(response)
    closure.review(by=cast.office)
    assert "3 institutioner mangler at svare" in texts(client.post(f"{address}afslut/"))
    page = texts(client.post(f"{address}afslut/", {"accept_missing": "on"}, follow=True))
    assert "Årsopgørelsen for 2026 er afsluttet" in page
    assert f"{cast.office} har accepteret, at 3 institutioner ikke har svaret" in page
    assert client.get(f"{address}afslut/").status_code == 409
    assert client.post(f"{address}aabn/", opening | {"key": ""}).status_code == 409


@pytest.mark.usefixtures("january")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Feltet skal udfyldes"),
        ("i morgen", "»i morgen« er ikke en dato"),
        ("31-02-2027", "er ikke en dato, der findes"),
        ("01-01-0001", "Årstallet skal ligge mellem"),
        ("12-01-2027", "i morgen eller senere"),
        ("31-12-2028", "højst ligge et år frem"),
        ("1\0", "er ikke en dato"),
    ],
)
def test_date_to_answer_by_that_makes_no_sense_is_said(client, cast, typed, said):
    client.force_login(cast.office)
    address = reverse("closures:year_open", args=[2026])
    response = client.post(address, {"key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "answer_by": typed})
    assert response.status_code == 422
    assert said in texts(response)
    assert not YearlyAccount.objects.exists()


@pytest.mark.usefixtures("january")
def test_list_shows_and_exports_who_has_not_answered(client, cast):
    account = begin()
    account.answer({cast.library.pk: NONE}, by=cast.other_contact)
    client.force_login(cast.office)
    address = reverse("closures:year_count", args=[2026])
    page = texts(client.get(address))
    assert "1 af 3 har svaret, heraf 1 bekræftet af forvaltningen" in page
    assert "Person other_contact" not in page
    assert "Person other_contact" in texts(client.get(f"{address}?svar=alle"))
    lines = client.get(f"{address}?svar=mangler&format=csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Institution", "Aftenklubben", "Skolen ved Søen"]
    (line,) = client.get(f"{address}?svar=bekraeftet&format=csv").content.decode("utf-8-sig").splitlines()[1:]
    assert line.startswith("Biblioteket;bibliotek;")
    assert line.endswith(";ja")
    assert client.get(f"{address}?format=xlsx").status_code == 200
    for query in ("svar=x", "forvaltning=-1", "forvaltning=99999999999999999999", "type=x"):
        assert client.get(f"{address}?{query}").status_code == 200
    for query in ("efter=abc", "format=exe"):
        assert client.get(f"{address}?{query}").status_code == 404


@pytest.mark.usefixtures("january")
@pytest.mark.parametrize("year", [1999, 2012, 2028, 99999])
def test_year_that_is_not_counted_is_not_found(client, cast, year):
    client.force_login(cast.office)
    for name in ("year_count", "annual_returns"):
        assert client.get(reverse(f"closures:{name}", args=[year]), {"institution": cast.school.pk}).status_code == 404


@pytest.mark.usefixtures("january")
@pytest.mark.parametrize("year", [0, 1999, 2012, 2028, 99999, 10**18, 10**30])
def test_year_that_is_not_counted_is_not_opened(client, cast, year):
    client.force_login(cast.office)
    form = {"key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "answer_by": "2027-03-01"}
    assert client.post(reverse("closures:year_open", args=[year]), form).status_code == 404
    assert not YearlyAccount.objects.exists()


@pytest.mark.usefixtures("january")
def test_year_that_is_not_open_takes_no_answers(client, cast):
    client.force_login(cast.leader)
    assert "ikke noget at svare på endnu" in texts(client.get(reverse(ANSWERS, args=[2026])))
    assert client.post(reverse(UNDO, args=[2026]), {"institution": cast.school.pk}).status_code == 409


@pytest.mark.usefixtures("january")
def test_approver_reads_the_count_and_opens_nothing(client, cast):
    client.force_login(cast.approver)
    address = reverse("closures:year_count", args=[2026])
    assert "Åbn årsopgørelsen" not in texts(client.get(address))
    begin()
    assert "afslut/" not in texts(client.get(address))


@pytest.mark.usefixtures("january")
def test_front_page_says_what_waits_and_how_far_the_count_is(client, cast):
    account = begin()
    client.force_login(cast.leader)
    page = texts(client.get("/"))
    assert "institutioner mangler at svare for 2026" in page
    assert reverse(ANSWERS, args=[2026]) in page
    account.answer({cast.school.pk: NONE}, by=cast.leader)
    assert "institution mangler at svare for 2026" in texts(client.get("/"))
    client.force_login(cast.office)
    page = texts(client.get("/"))
    assert "1 af 3 har svaret" in page
    assert "Årsopgørelsen kan afsluttes nu." in page
    make_closure(institution=cast.club)
    assert "Årsopgørelsen kan afsluttes, når 1 lukning er gjort færdig." in texts(client.get("/"))


@pytest.mark.usefixtures("january")
def test_pages_take_as_many_queries_for_many_units_as_for_few(client, cast, django_assert_num_queries):
    begin()
    pages = (
        (cast.leader, reverse(ANSWERS, args=[2026]), 12),
        (cast.contact, reverse(ANSWERS, args=[2026]), 12),
        (cast.office, reverse("closures:year_count", args=[2026]), 22),
        (cast.office, reverse("closures:year_close", args=[2026]), 17),
    )
    for count in (5, 45):
        for _ in range(count):
            make_reviewed_closure(institution=make_institution(leader=cast.leader), by=cast.office)
            waiting = make_institution(leader=cast.leader)
        make_closure(institution=waiting)
        YearlyAccount.objects.get().ask_units()
        for user, address, queries in pages:
            client.force_login(user)
            with django_assert_num_queries(queries):
                client.get(address)
