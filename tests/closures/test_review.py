"""Review: the queue, what the office and those who report do with a closure and in which states, and who is told."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from post_office.models import Email

from closures.models import ClosedHalfDay, Closure, Institution, Kind, Leadership
from tests.factories import make_account, make_closure, make_institution, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)  # a Wednesday
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 10:00 +0100", tick=False):
        yield


def address(name, *args):
    return reverse(f"closures:{name}", args=args)


def registered(cast, **fields):
    fields = {"institution": cast.school, "by": cast.leader, "first_day": MONDAY, "today": TODAY} | fields
    return make_closure(**fields)


def send(client, person, act, closure, **fields):
    client.force_login(person)
    return client.post(address(f"closure_{act}", closure.pk), fields)


def page_of(client, person, closure):
    client.force_login(person)
    return " ".join(client.get(closure.get_absolute_url()).content.decode().split())


def offered(client, person, closure):
    """The acts that the closure's page offers this person."""
    page = page_of(client, person, closure)
    paths = {act: address(f"closure_{act}", closure.pk) for act in (*FIELDS, "change", "correct")}
    return {act for act, path in paths.items() if f'"{path}"' in page}


def now(closure):
    return Closure.objects.get(pk=closure.pk)


def steps_of(closure):
    return [step.act for step in closure.steps.all()]


# --- Each act in each state, for each person ----------------------------------------------------------------------

FIELDS = {
    "end": {"last_day": "2026-11-17", "last_part": "whole"},
    "open_again": {},
    "continue_as": {"from_day": "2026-11-17"},
    "withdraw": {},
    "answer": {"answer": "Ja, hele dagen."},
    "agree": {},
    "disagree": {"text": "Det var ikke vores valg."},
    "ask_correction": {"text": "Tirsdag var der åbent."},
    "review": {},
    "ask": {"question": "Var det hele dagen?"},
    "exclude": {"reason": "planned"},
    "reclassify": {"kind": "pedagogical"},
    "decline_correction": {"text": "Tirsdag var der lukket."},
}
REPORTING = {"change", "end", "open_again", "continue_as", "withdraw"}
LEADERS = {"answer", "agree", "disagree", "ask_correction"}
STATES = {  # how a closure comes into it, and which acts it then allows
    "awaiting": ({}, [], {"change", "withdraw", "review", "ask", "exclude", "reclassify"}),
    "open": ({"last_day": None}, [], {*REPORTING, "ask", "exclude", "reclassify"}),
    "returned": (
        {},
        [("ask", "office", ["Hvorfor?"])],
        {"change", "withdraw", "answer", "review", "ask", "exclude", "reclassify"},
    ),
    "reviewed": ({}, [("review", "office", [])], {"ask_correction", "exclude", "reclassify", "correct"}),
    "reclassified": (
        {},
        [("reclassify", "office", [Kind.PEDAGOGICAL])],
        {"change", "withdraw", "review", "ask", "exclude", "reclassify", "agree", "disagree"},
    ),
    "wished": (
        {},
        [("review", "office", []), ("ask_correction", "leader", ["Tirsdag var der åbent."])],
        {"exclude", "reclassify", "correct", "decline_correction"},
    ),
    "excluded": ({}, [("exclude", "office", ["planned"])], set()),
    "withdrawn": ({}, [("withdraw", "leader", [])], set()),
}


def in_state(cast, state):
    fields, acts, _ = STATES[state]
    closure = registered(cast, **fields)
    for act, person, arguments in acts:
        getattr(now(closure), act)(*arguments, by=getattr(cast, person))
    return now(closure)


@pytest.mark.parametrize("state", STATES)
def test_page_offers_each_person_the_acts_that_fit_the_state(client, cast, state):
    closure, allowed = in_state(cast, state), STATES[state][2]
    assert offered(client, cast.leader, closure) == allowed & (REPORTING | LEADERS)
    assert offered(client, cast.deputy, closure) == allowed & (REPORTING | LEADERS)
    assert offered(client, cast.contact, closure) == allowed & (REPORTING | LEADERS)
    # The office takes out what others reported; it does not withdraw it, and does not answer itself.
    assert offered(client, cast.office, closure) == allowed - LEADERS - {"withdraw"}
    assert offered(client, cast.approver, closure) == set()


def test_the_office_withdraws_what_it_registered_itself(client, cast):
    assert "withdraw" in offered(client, cast.office, registered(cast, by=cast.office))


def test_the_office_withdraws_nothing_that_others_registered(client, cast):
    """It would go without a reason. Also where the page does not offer it."""
    own, others = registered(cast, by=cast.office), registered(cast, institution=cast.library)
    response = send(client, cast.office, "withdraw", others)
    assert response.status_code == 409
    assert "Tag den ud, og skriv hvorfor" in response.content.decode()
    assert steps_of(others) == ["registered"]
    assert send(client, cast.office, "withdraw", own).status_code == 302


@pytest.mark.parametrize("act", FIELDS)
@pytest.mark.parametrize("state", STATES)
def test_an_act_is_done_or_refused_by_the_state_with_the_reason(client, cast, state, act):
    closure, allowed = in_state(cast, state), STATES[state][2]
    steps = steps_of(closure)
    person = cast.leader if act in REPORTING | LEADERS else cast.office
    back = {"kind": "disruption"} if state == "reclassified" and act == "reclassify" else {}
    response = send(client, person, act, closure, **FIELDS[act] | back)
    if act in allowed:
        assert response.status_code == 302
        assert len(steps_of(closure)) == len(steps) + 1
    else:
        assert response.status_code == 409
        assert re.search(r"Lukningen (er|afventer|gælder|hører)|Der er (allerede|ikke)", response.content.decode())
        assert steps_of(closure) == steps


@pytest.mark.parametrize("act", FIELDS)
def test_others_acts_are_refused(client, cast, act):
    closure = in_state(cast, "open")
    refused = {"approver": 403, "member": 403, "other_leader": 404 if act in REPORTING | LEADERS else 403}
    refused |= {"office": 403} if act in LEADERS else {} if act in REPORTING else {"leader": 403, "contact": 403}
    for person, status in refused.items():
        assert send(client, getattr(cast, person), act, closure, **FIELDS[act]).status_code == status, person
    assert steps_of(closure) == ["registered"]


def test_who_is_both_office_and_leader_answers_for_own_institutions_only(client, cast):
    Leadership.objects.create(institution=cast.library, user=cast.office)
    foreign, own = in_state(cast, "returned"), registered(cast, institution=cast.library)
    own.ask("Hvorfor?", by=cast.colleague)
    assert send(client, cast.office, "answer", foreign, answer="Ja.").status_code == 403
    assert send(client, cast.office, "answer", own, answer="Ja.").status_code == 302


# --- What is typed wrong, comes late, or comes twice --------------------------------------------------------------

TEXTS = {
    "answer": ("returned", "answer"),
    "disagree": ("reclassified", "text"),
    "ask_correction": ("reviewed", "text"),
    "ask": ("awaiting", "question"),
    "decline_correction": ("wished", "text"),
    "exclude": ("awaiting", "text"),
    "reclassify": ("awaiting", "text"),
}
BAD_TEXTS = [
    ("Drengen med 010190-1234 var der.", "CPR-nummer"),
    ("brudt \ufffd tegn", "tegn, der ikke kan læses"),
    ("nul\0tegn", "Null-tegn"),
    ("æ" * 20_001, "20001"),
]


@pytest.mark.parametrize("act", TEXTS)
@pytest.mark.parametrize(("text", "message"), [*BAD_TEXTS, ("", "skal udfyldes"), ("   ", "skal udfyldes")])
def test_a_text_that_cannot_be_is_refused_at_its_field_and_nothing_is_done(client, cast, act, text, message):
    state, field = TEXTS[act]
    closure = in_state(cast, state)
    steps = steps_of(closure)
    person = cast.leader if act in LEADERS else cast.office
    response = send(client, person, act, closure, **(FIELDS[act] | {field: text}))
    if act in ("exclude", "reclassify") and not text.strip():
        assert response.status_code == 302  # there the text is of one's own will
        return
    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert "Der er problemer" in response.content.decode()
    assert steps_of(closure) == steps


BAD_CHOICES = [
    ("end", "open", {"last_day": "rod"}, "last_day", "ikke en dato"),
    ("end", "open", {"last_day": ""}, "last_day", "skal udfyldes"),
    ("end", "open", {"last_day": "2026-11-13"}, "last_day", "ligger før første"),
    ("end", "open", {"last_day": "2027-01-04"}, "last_day", "14 dage frem"),
    ("end", "open", {"last_day": "2026-11-17", "last_part": "sludder"}, "last_part", "kan ikke vælges"),
    ("continue_as", "open", {"from_day": ""}, "from_day", "skal udfyldes"),
    ("continue_as", "open", {"from_day": "31-02-2026"}, "from_day", "ikke en dato"),
    ("continue_as", "open", {"from_day": "2026-11-16"}, "from_day", "efter lukningens første dag"),
    ("continue_as", "open", {"from_day": "2027-01-04"}, "__all__", "14 dage frem"),
    ("exclude", "awaiting", {"reason": ""}, "reason", "skal udfyldes"),
    ("exclude", "awaiting", {"reason": "sludder"}, "reason", "kan ikke vælges"),
    ("exclude", "awaiting", {"reason": "duplicate"}, "duplicate_of", "Skriv nummeret"),
    ("exclude", "awaiting", {"reason": "duplicate", "duplicate_of": "LUK-1999-1"}, "duplicate_of", "ingen anden"),
    ("exclude", "awaiting", {"reason": "duplicate", "duplicate_of": "9" * 30}, "duplicate_of", "ingen anden"),
    ("exclude", "awaiting", {"reason": "other"}, "text", "Skriv, hvorfor"),
    ("reclassify", "awaiting", {"kind": ""}, "kind", "skal udfyldes"),
    ("reclassify", "awaiting", {"kind": "undistinguished"}, "kind", "kan ikke vælges"),
    ("review", "awaiting", {"version": "mange"}, "version", "helt tal"),
]


@pytest.mark.parametrize(("act", "state", "fields", "field", "message"), BAD_CHOICES)
def test_what_cannot_be_is_refused_at_its_field(client, cast, act, state, fields, field, message):
    closure = in_state(cast, state)
    before = now(closure).version
    person = cast.leader if act in REPORTING else cast.office
    response = send(client, person, act, closure, **FIELDS[act] | fields)
    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert now(closure).version == before
    assert steps_of(closure) == ["registered"]


def test_of_two_duplicates_one_counts(client, cast):
    """Each taken out as a duplicate of the other, the days would be gone."""
    one, other = registered(cast), registered(cast, institution=cast.library)
    assert send(client, cast.office, "exclude", one, reason="duplicate", duplicate_of=other.number).status_code == 302
    response = send(client, cast.office, "exclude", other, reason="duplicate", duplicate_of=one.number)
    assert response.status_code == 422
    assert "tæller ikke selv med" in response.context["form"].errors["duplicate_of"][0]
    assert steps_of(other) == ["registered"]


def test_only_a_duplicate_has_another_s_number(client, cast):
    closure, other = registered(cast), registered(cast, institution=cast.library)
    response = send(client, cast.office, "exclude", closure, reason="planned", duplicate_of=other.number)
    assert response.status_code == 422
    assert "kun til en dublet" in response.context["form"].errors["duplicate_of"][0]
    assert steps_of(closure) == ["registered"]


@pytest.mark.parametrize("act", ["review", "ask", "exclude", "reclassify", "withdraw"])
def test_what_was_changed_since_it_was_read_is_not_acted_on(client, cast, act):
    closure = registered(cast)
    seen = closure.version
    Closure.objects.filter(pk=closure.pk).update(account="Det var helt anderledes.")
    person = cast.leader if act in REPORTING else cast.office
    response = send(client, person, act, closure, version=seen, **FIELDS[act])
    page = response.content.decode()
    assert response.status_code == 422
    assert "Lukningen er blevet ændret imens." in page
    assert "Det var helt anderledes." in page
    assert steps_of(closure) == ["registered"]
    # Read, and sent again.
    again = response.context["form"]["version"].value()
    assert send(client, person, act, closure, version=again, **FIELDS[act]).status_code == 302


@pytest.mark.parametrize("act", FIELDS)
def test_sent_twice_it_is_done_once(client, cast, act):
    state = next(name for name, (_, _, allowed) in STATES.items() if act in allowed)
    closure = in_state(cast, state)
    steps, person = len(steps_of(closure)), cast.leader if act in REPORTING | LEADERS else cast.office
    fields = FIELDS[act] | {"version": closure.version}
    first, second = (send(client, person, act, closure, **fields) for _ in range(2))
    assert first.status_code == 302
    assert second.status_code in (409, 422)
    assert len(steps_of(closure)) == steps + 1


# --- Those who report it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "ended"),
    [
        ({"first_day": MONDAY}, (TUESDAY, "whole", 4)),
        ({"first_day": TODAY}, (TODAY, "first", 1)),
        ({"first_day": TODAY, "first_part": "last"}, (TODAY, "whole", 1)),
    ],
)
def test_one_button_says_that_it_opened_today(client, cast, fields, ended):
    closure = registered(cast, last_day=None, **fields)
    send(client, cast.leader, "open_again", closure)
    closure = now(closure)
    assert (closure.last_day, closure.last_part, closure.half_days) == ended


def test_one_that_has_not_begun_has_not_opened_again(client, cast):
    closure = registered(cast, first_day=date(2026, 11, 19), last_day=None)
    assert "open_again" not in offered(client, cast.leader, closure)
    assert send(client, cast.leader, "open_again", closure).status_code == 409


def test_continued_for_the_other_reason_there_are_two_of_one_incident(client, cast):
    first = registered(cast, last_day=None)
    response = send(client, cast.leader, "continue_as", first, from_day="2026-11-17")
    second = Closure.objects.exclude(pk=first.pk).get()
    first = now(first)
    assert response.url == second.get_absolute_url()
    assert (first.last_day, first.kind, first.half_days) == (MONDAY, Kind.DISRUPTION, 2)
    assert (second.first_day, second.last_day, second.kind) == (TUESDAY, None, Kind.PEDAGOGICAL)
    assert first.incident == second.incident is not None


def test_answer_stands_on_the_page_with_the_question(client, cast):
    closure = in_state(cast, "returned")
    assert "Hvorfor?" in page_of(client, cast.leader, closure)
    send(client, cast.leader, "answer", closure, answer="Fordi gaden var spærret.")
    page = page_of(client, cast.office, closure)
    assert "Hvorfor?" in page
    assert "Fordi gaden var spærret." in page
    assert now(closure).status == Closure.Status.AWAITING


def test_leader_disagrees_and_the_kind_stands(client, cast):
    closure = in_state(cast, "reclassified")
    send(client, cast.leader, "disagree", closure, text="Politiet lukkede os.")
    closure = now(closure)
    assert (closure.kind, closure.agreement) == (Kind.PEDAGOGICAL, "disagreed")
    page = page_of(client, cast.office, closure)
    assert "Politiet lukkede os." in page
    assert "Lederen er uenig" in page


# --- Correction after review --------------------------------------------------------------------------------------


def corrected(closure, **fields):
    """The form of the correction, as its page gives it."""
    return {
        "version": closure.version,
        "scope": closure.scope,
        "first_day": closure.first_day.isoformat(),
        "first_part": closure.first_part,
        "last_day": closure.last_day.isoformat(),
        "last_part": closure.last_part,
        "cause": closure.cause,
        "reference": closure.reference,
        "account": closure.account,
        "reason": "Lederen skrev, at tirsdag var med.",
    } | fields


def test_correction_replaces_the_half_days_and_keeps_the_old_values_readable(client, cast):
    closure = in_state(cast, "wished")
    response = send(client, cast.office, "correct", closure, **corrected(closure, last_day="2026-11-17"))
    assert response.url == closure.get_absolute_url()
    closure = now(closure)
    assert (closure.status, closure.half_days, closure.correction_asked) == ("reviewed", 4, False)
    assert set(ClosedHalfDay.objects.values_list("day", flat=True)) == {MONDAY, TUESDAY}
    step = closure.steps.last()
    assert (step.act, step.by, step.text) == ("corrected", cast.office, "Lederen skrev, at tirsdag var med.")
    assert step.changes == [["Sidste dag", "16-11-2026", "17-11-2026"], ["Tæller", "1 dag", "2 dage"]]
    page = page_of(client, cast.leader, closure)
    assert '<td data-label="Før">16-11-2026</td> <td data-label="Efter">17-11-2026</td>' in page
    assert "Lederen skrev, at tirsdag var med." in page


BAD_CORRECTIONS = [
    ({"reason": ""}, "reason", "skal udfyldes"),
    ({"reason": "Drengen 010190-1234"}, "reason", "CPR-nummer"),
    ({"reason": "nul\0tegn"}, "reason", "Null-tegn"),
    ({}, "__all__", "Der er ikke rettet noget."),
    ({"last_day": "2026-11-13"}, "last_day", "ligger før første"),
    ({"last_day": ""}, "last_day", "Skriv den sidste dag"),
    ({"last_day": "2026-11-17", "last_part": "open_ended"}, "last_part", "kan ikke vælges"),
    ({"first_day": "2009-01-05"}, "__all__", "2010"),
    ({"first_day": "rod"}, "first_day", "ikke en dato"),
    ({"first_day": "2026-11-14", "last_day": "2026-11-15"}, "__all__", "ingen lukkedage at registrere"),
    ({"scope": ""}, "scope", "skal udfyldes"),
    ({"account": "æ" * 20_001}, "account", "20001"),
]


@pytest.mark.parametrize(("wrong", "field", "message"), BAD_CORRECTIONS)
def test_a_correction_that_cannot_be_is_said_at_its_field_and_changes_nothing(client, cast, wrong, field, message):
    closure = in_state(cast, "reviewed")
    typed = corrected(closure, **({"reference": "MM-4711"} if wrong else {}) | wrong)
    response = send(client, cast.office, "correct", closure, **typed)
    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert "MM-4711" in response.content.decode() or not wrong
    assert (now(closure).version, steps_of(closure)) == (closure.version, ["registered", "reviewed"])


def test_a_stale_correction_shows_both_and_overwrites_nothing(client, cast):
    closure = in_state(cast, "reviewed")
    Closure.objects.filter(pk=closure.pk).update(account="Deres udgave")
    response = send(client, cast.office, "correct", closure, **corrected(closure, account="Min udgave"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Deres udgave" in page
    assert "Min udgave" in page
    assert now(closure).account == "Deres udgave"


def test_a_correction_sent_twice_is_one(client, cast):
    closure = in_state(cast, "reviewed")
    typed = corrected(closure, last_day="2026-11-17")
    first, second = (send(client, cast.office, "correct", closure, **typed) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 422)
    assert steps_of(closure) == ["registered", "reviewed", "corrected"]


@pytest.mark.parametrize("state", ["awaiting", "returned", "excluded", "withdrawn", "open"])
def test_only_what_is_reviewed_is_corrected(client, cast, state):
    closure = in_state(cast, state)
    client.force_login(cast.office)
    assert client.get(address("closure_correct", closure.pk)).status_code == 409


def close_year(cast, year):
    account = make_account(year, by=cast.office)
    account.closed_by, account.closed_at, account.figures = cast.office, "2026-02-15 12:00+01:00", {}
    account.save()


def test_a_correction_of_a_closed_year_is_marked_as_after_its_account(client, cast):
    closure = registered(cast, first_day=date(2025, 11, 10))
    closure.review(by=cast.office)
    close_year(cast, 2025)
    client.force_login(cast.office)
    form = client.get(address("closure_correct", closure.pk)).content.decode()
    assert "Årsopgørelsen for 2025 er afsluttet." in form
    # To a day of a year that is open: it is 2025 that it is taken from.
    typed = corrected(now(closure), first_day="2026-11-10", last_day="2026-11-10")
    assert send(client, cast.office, "correct", closure, **typed).status_code == 302
    assert [step.closed_years for step in closure.steps.all()] == [[], [], [2025]]
    assert "efter årsopgørelsen" in page_of(client, cast.leader, closure)


def test_a_closed_year_is_the_office_s_to_take_from(client, cast):
    closure = registered(cast, by=cast.office, first_day=date(2025, 11, 10))
    assert offered(client, cast.leader, closure) == {"change", "withdraw"}
    close_year(cast, 2025)
    assert offered(client, cast.leader, closure) == set()
    response = send(client, cast.leader, "withdraw", closure)
    assert response.status_code == 422
    assert "Årsopgørelsen for 2025 er afsluttet." in response.content.decode()
    assert steps_of(closure) == ["registered"]
    assert send(client, cast.office, "withdraw", closure).status_code == 302


def test_what_happens_to_an_open_year_is_not_marked(client, cast):
    closure = in_state(cast, "reviewed")
    send(client, cast.office, "correct", closure, **corrected(closure, last_day="2026-11-17"))
    assert not closure.steps.after_account().exists()
    assert "efter årsopgørelsen" not in page_of(client, cast.leader, closure)


def test_a_declined_wish_is_answered_with_the_text(client, cast):
    closure = in_state(cast, "wished")
    assert "Tirsdag var der åbent." in page_of(client, cast.office, closure)
    send(client, cast.office, "decline_correction", closure, text="Porten var låst.")
    assert not now(closure).correction_asked
    assert "Porten var låst." in page_of(client, cast.leader, closure)


# --- The queue ----------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(cast):
    """Three that wait, in the order of their registration; and what does not wait."""
    found = []
    for hour, institution in ((8, cast.school), (9, cast.club), (11, cast.library)):
        with time_machine.travel(f"2026-11-17 {hour}:00 +0100", tick=False):
            found.append(registered(cast, institution=institution))
    registered(cast, institution=make_institution(), last_day=None)
    for state in ("returned", "reviewed", "excluded", "withdrawn"):
        cast.school = make_institution()
        in_state(cast, state)
    return found


def queue(client, cast, closure=None):
    client.force_login(cast.office)
    return client.get(address("review", closure.pk) if closure else address("review_queue"))


def test_the_queue_begins_with_the_one_that_has_waited_longest(client, cast, waiting):
    assert queue(client, cast).url == address("review", waiting[0].pk)


@pytest.mark.parametrize(("place", "previous", "following"), [(1, None, 1), (2, 0, 2), (3, 1, None)])
def test_each_says_its_place_and_leads_to_its_neighbours(client, cast, waiting, place, previous, following):
    response = queue(client, cast, waiting[place - 1])
    page = response.content.decode()
    assert f"{place} af 3 venter" in page
    assert response.context["previous"] == (None if previous is None else waiting[previous])
    assert response.context["next"] == (None if following is None else waiting[following])
    assert ('aria-keyshortcuts="n"' in page, 'aria-keyshortcuts="p"' in page) == (
        following is not None,
        previous is not None,
    )
    assert 'aria-keyshortcuts="g"' in page


@pytest.mark.parametrize(
    ("act", "fields"),
    [("review", {}), ("ask", {"question": "Hvorfor?"}), ("exclude", {"reason": "not_unrest"})],
)
def test_an_act_in_the_queue_goes_on_to_the_next(client, cast, waiting, act, fields):
    going = [send(client, cast.office, act, each, fra="gennemgang", **fields).url for each in waiting]
    assert going == [address("review", waiting[1].pk), address("review", waiting[2].pk), address("review_queue")]
    assert "Ingen lukninger venter på gennemgang." in queue(client, cast).content.decode()


def test_a_changed_kind_stays_in_the_queue_until_it_is_reviewed(client, cast, waiting):
    response = send(client, cast.office, "reclassify", waiting[1], fra="gennemgang", kind="pedagogical")
    assert response.url == address("review", waiting[1].pk)


def test_what_is_wrong_in_the_queue_is_said_in_the_queue(client, cast, waiting):
    response = send(client, cast.office, "ask", waiting[1], fra="gennemgang", question="")
    assert response.status_code == 422
    assert "2 af 3 venter" in response.content.decode()
    assert "skal udfyldes" in response.content.decode()


def test_the_queue_holds_wishes_for_correction(client, cast):
    closure = in_state(cast, "wished")
    page = queue(client, cast, closure).content.decode()
    assert "1 af 1 venter" in page
    assert "Tirsdag var der åbent." in page
    assert 'aria-keyshortcuts="g"' not in page
    going = send(client, cast.office, "decline_correction", closure, fra="gennemgang", text="Nej.").url
    assert going == address("review_queue")


def test_one_that_waits_no_longer_is_shown_as_it_is(client, cast):
    closure = in_state(cast, "reviewed")
    assert queue(client, cast, closure).url == closure.get_absolute_url()
    assert queue(client, cast, Closure(pk=987_654)).status_code == 404


def test_the_queue_shows_what_it_takes_to_judge(client, cast):
    other = registered(cast, first_day=date(2026, 11, 5), kind=Kind.PEDAGOGICAL)
    far = registered(cast, first_day=date(2026, 9, 7))
    closure = registered(cast, account="Uro ved porten.", measures=["police"], cause="violence")
    response = queue(client, cast, closure)
    page = " ".join(response.content.decode().split())
    assert list(response.context["around"]) == [other]
    assert far.number not in page
    for said in ("Tæller 1 dag: mandag.", "Uro ved porten.", "Politiet underrettet", "trusler eller vold", "Nørrebro"):
        assert said in page, said


def test_the_queue_says_when_the_opening_hours_were_others(client, cast):
    closure = registered(cast)
    assert "Lukningen blev talt efter andre." not in queue(client, cast, closure).content.decode()
    cast.school.opening_hours.create(halves=[1] * 7)
    assert "Lukningen blev talt efter andre." in queue(client, cast, closure).content.decode()


def test_possible_duplicates_are_of_the_same_family_and_day_or_reference(client, cast):
    service, outsider = make_institution(parent=cast.school), make_institution()
    closure = registered(cast, reference="MM-1")
    same_day = registered(cast, institution=service)
    same_reference = registered(cast, institution=service, first_day=date(2026, 11, 3), reference="MM-1")
    registered(cast, institution=outsider, reference="MM-1")
    registered(cast, institution=service, first_day=date(2026, 11, 4))
    registered(cast, institution=make_institution(parent=cast.school)).withdraw(by=cast.leader)
    told_apart = registered(cast, institution=make_institution(parent=cast.school), incident=closure.gather())
    found = queue(client, cast, closure).context["duplicates"]
    assert set(found) == {same_day, same_reference}
    assert told_apart not in found
    send(client, cast.office, "exclude", closure, fra="gennemgang", reason="duplicate", duplicate_of=same_day.number)
    assert (now(closure).exclusion, now(closure).duplicate_of) == ("duplicate", same_day)


@pytest.mark.parametrize("count", [5, 50])
def test_the_queue_asks_the_same_number_of_questions_however_long(client, cast, django_assert_num_queries, count):
    for _ in range(count):
        registered(cast, institution=make_institution())
    client.force_login(cast.office)
    first = Closure.objects.order_by("pk").first()
    with django_assert_num_queries(29):
        client.get(address("review", first.pk))


# --- What waits, and for whom -------------------------------------------------------------------------------------


def waits(client, person):
    client.force_login(person)
    page = " ".join(client.get("/").content.decode().split())
    return re.findall(r'href="([^"]+)"><strong>(\d+)</strong> <span>(lukning[^<]+)<', page)


def test_the_front_page_leads_the_office_to_the_queue(client, cast, waiting):
    assert waits(client, cast.office) == [(address("review_queue"), "3", "lukninger venter på gennemgang")]


def test_the_front_page_leads_those_who_report_to_what_they_have_to_answer(client, cast):
    question = in_state(cast, "returned")
    kind = registered(cast, institution=cast.club)
    kind.reclassify(Kind.PEDAGOGICAL, by=cast.office)
    registered(cast, institution=cast.library).ask("Hvorfor?", by=cast.office)
    for person in (cast.leader, cast.contact):
        ((url, count, label),) = waits(client, person)
        assert (count, label) == ("2", "lukninger venter på dit svar")
        page = client.get(url).content.decode()
        assert f">{question.number}<" in page
        assert f">{kind.number}<" in page
    assert waits(client, cast.deputy) == [(url, "1", "lukning venter på dit svar")]
    kind.agree(by=cast.leader)
    now(question).answer("Ja.", by=cast.leader)
    assert waits(client, cast.leader) == []


# --- Mails --------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(cast):
    """Who is told of the latest step, by name in the cast. Their leader wants only what is necessary."""
    cast.leader.necessary_mail_only = True
    cast.leader.save()
    Leadership.objects.create(institution=cast.school, user=make_user(username="disabled", is_active=False))

    def names():
        found = {to.partition("@")[0] for letter in Email.objects.all() for to in letter.to}
        Email.objects.all().delete()
        return found

    return names


UNNECESSARY, NECESSARY = {"deputy"}, {"leader", "deputy"}
TOLD = [
    ("awaiting", "withdraw", UNNECESSARY),
    ("open", "end", UNNECESSARY),
    ("open", "open_again", UNNECESSARY),
    ("awaiting", "review", UNNECESSARY),
    ("awaiting", "ask", NECESSARY),
    ("awaiting", "exclude", NECESSARY),
    ("awaiting", "reclassify", NECESSARY),
    ("wished", "decline_correction", NECESSARY),
    ("returned", "answer", {"office"}),
    ("reclassified", "agree", {"office"}),
    ("reclassified", "disagree", {"office"}),
    ("reviewed", "ask_correction", {"office"}),
]


@pytest.mark.parametrize(("state", "act", "who"), TOLD)
def test_a_step_is_told_to_whom_it_concerns(client, cast, told, state, act, who):
    closure = in_state(cast, state)
    told()
    person = cast.leader if act in REPORTING | LEADERS else cast.colleague
    send(client, person, act, closure, **FIELDS[act])
    assert told() == who


def test_a_correction_is_told_to_the_leaders(client, cast, told):
    closure = in_state(cast, "reviewed")
    told()
    send(client, cast.office, "correct", closure, **corrected(closure, last_day="2026-11-17"))
    assert told() == NECESSARY


def test_what_concerns_a_service_is_told_to_its_parents_leaders(client, cast, told):
    own = make_user(username="own")
    service = make_institution(parent=cast.school, leader=own, kind=Institution.Kind.CLUB)
    closure = registered(cast, institution=service)
    assert told() == {"own", "deputy"}
    closure.ask("Hvorfor?", by=cast.office)
    assert told() == {"own", "leader", "deputy"}


def test_an_asker_whose_account_is_closed_is_not_told(client, cast, told):
    closure = in_state(cast, "returned")
    cast.office.is_active = False
    cast.office.save()
    told()
    send(client, cast.leader, "answer", closure, **FIELDS["answer"])
    assert told() == set()


def test_an_asker_who_has_left_the_office_is_not_told(client, cast, told):
    closure = in_state(cast, "returned")
    cast.office.duties.all().delete()
    told()
    send(client, cast.leader, "answer", closure, **FIELDS["answer"])
    assert told() == set()


def test_a_kind_that_is_changed_back_asks_nobody_to_agree(cast):
    closure = in_state(cast, "reclassified")
    assert "Skriv på lukningens side, om I er enige." in Email.objects.last().message
    closure.reclassify(Kind.DISRUPTION, by=cast.office)
    letter = Email.objects.last().message
    assert "ændret arten til driftsforstyrrelse. Det er igen den art, som I indberettede." in letter
    assert "enige" not in letter


def test_gathering_is_told_to_nobody(cast, told):
    closure, other = registered(cast), registered(cast, institution=cast.club)
    told()
    closure.gather_with(other, by=cast.office)
    assert told() == set()


LETTERS = {
    "ask": ("awaiting", "Center for Sikker By har et spørgsmål", "svar på lukningens side"),
    "review": ("awaiting", "lukningen er gennemgået", "den tæller med i opgørelsen"),
    "exclude": ("awaiting", "lukningen tæller ikke med", "taget lukningen ud ved gennemgangen"),
    "reclassify": ("awaiting", "arten er ændret", "ændret arten til lukning med et pædagogisk formål"),
    "decline_correction": ("wished", "svar på jeres ønske om en rettelse", "Læs svaret på lukningens side"),
    "answer": ("returned", "lederen har svaret", "har svaret på dit spørgsmål"),
    "agree": ("reclassified", "lederen er enig i arten", "er enig i, at det er en lukning med et pædagogisk formål"),
    "disagree": (
        "reclassified",
        "lederen er uenig i arten",
        "ikke enig i, at det er en lukning med et pædagogisk formål",
    ),
    "ask_correction": ("reviewed", "der er bedt om en rettelse", "beder om, at lukningen bliver rettet"),
}


@pytest.mark.parametrize("act", LETTERS)
def test_the_letter_says_what_happened_and_none_of_what_people_wrote(client, cast, act):
    state, subject, sentence = LETTERS[act]
    closure = in_state(cast, state)
    Email.objects.all().delete()
    fields = FIELDS[act] | ({"reason": "other", "text": "En hemmelig grund."} if act == "exclude" else {})
    send(client, cast.leader if act in LEADERS else cast.office, act, closure, **fields)
    letter = Email.objects.first()
    assert letter.subject == f"{closure.number}: {subject}"
    assert sentence in letter.message
    assert closure.get_absolute_url() in letter.message
    for written in ("hemmelig", *(text for text in fields.values() if " " in text)):
        assert written not in letter.message
