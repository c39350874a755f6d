"""Decisions over ranges: as the minutes have them, refused where they cannot be, final, and added to."""

import threading
import uuid
from datetime import date, timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from reports.models import Decision, DecisionAddendum, IssuedDocument, Meeting, RegisterEntry
from reports.models.decision import minutes_of
from tests.reports.factories import make_approved_note, make_decision, make_item, make_note_with_points


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def rows(*decisions: tuple) -> dict:
    """What the form sends for (first, last, outcome) in each row."""
    sent = {}
    for number, (first, last, outcome) in enumerate(decisions, start=1):
        sent |= {f"first_{number}": first, f"last_{number}": last, f"outcome_{number}": outcome}
    return sent


def address_of(item) -> str:
    return f"/notater/{item.note_id}/behandling/{item.pk}/beslutning/"


def decide(client, user, item, *decisions: tuple, **data):
    client.force_login(user)
    return client.post(address_of(item), {"key": str(uuid.uuid4()), **rows(*decisions), **data})


# --- As minutes have it -------------------------------------------------------------------------------------------


def test_a_meeting_is_printed_as_minutes_have_it(client, cast):
    item = make_item(note=make_note_with_points(cast=cast), number="4")
    answer = decide(
        client,
        cast.office,
        item,
        ("1", "", "discussed_noted"),
        ("2", "3", "approved"),
        votes_2="For stemte 9, imod stemte 2.",
        remark_2="Et medlem tog forbehold for den 3. indstilling.",
        minutes_url="https://example.dk/protokol",
    )
    assert answer.status_code == 302
    client.force_login(cast.member)
    for address in (f"/notater/{item.note_id}/", f"/notater/{item.note_id}/beslutning/"):
        page = client.get(address).content.decode()
        words = " ".join(" ".join(page.replace("<", " <").split()).split())
        for part in (
            "Økonomiudvalgets beslutning den 27. august 2013, punkt 4:",
            "1. at-punkt blev drøftet og derefter taget til efterretning.",
            "2.–3. at-punkt blev godkendt.",
            "Afstemning om 2.–3. at-punkt",
            "For stemte 9, imod stemte 2.",
            "Protokolbemærkning til 2.–3. at-punkt",
            "Et medlem tog forbehold for den 3. indstilling.",
            "Gengivet efter beslutningsprotokollen.",
            'href="https://example.dk/protokol"',
        ):
            assert part in words, (address, part)
            words = words[words.index(part) :]
    assert [entry.kind for entry in RegisterEntry.objects.order_by("number")] == ["decision", "decision"]
    assert list(RegisterEntry.objects.faults()) == []


@pytest.mark.parametrize(
    ("points", "range_", "says"),
    [
        (0, ("", ""), "Notatet blev taget til efterretning."),
        (3, ("", ""), "Notatet blev taget til efterretning."),
        (3, ("2", ""), "2. at-punkt blev taget til efterretning."),
        (3, ("1", "3"), "1.–3. at-punkt blev taget til efterretning."),
    ],
)
def test_a_decision_is_over_all_or_a_range(client, cast, points, range_, says):
    item = make_item(note=make_note_with_points(cast=cast, points=points))
    assert decide(client, cast.office, item, (*range_, "noted")).status_code == 302
    (minutes,) = minutes_of(Decision.objects.all())
    assert minutes.sentences == says
    assert str(minutes) == f"Økonomiudvalgets beslutning den 27. august 2013: {says}"


def test_committees_can_decide_differently_on_the_same_points(client, cast):
    note = make_note_with_points(cast=cast)
    for committee, outcome in ((cast.finance, "approved"), (cast.social, "not_approved")):
        item = make_item(note=note, committee=committee)
        assert decide(client, cast.office, item, ("1", "3", outcome)).status_code == 302
    assert [each.heading for each in minutes_of(note.decisions.all())] == [
        "Økonomiudvalgets beslutning den 27. august 2013",
        "Socialudvalgets beslutning den 27. august 2013",
    ]


def test_the_name_is_that_of_the_day(client, cast):
    item = make_item(note=make_note_with_points(cast=cast))
    cast.finance.rename("Finansudvalget", begins=date(2020, 1, 1))
    decide(client, cast.office, item, ("1", "3", "approved"))
    assert Decision.objects.get().committee_name == "Økonomiudvalget"


def test_a_decision_leaves_the_document_as_it_was(client, cast):
    item = make_item(note=make_note_with_points(cast=cast))
    before = IssuedDocument.objects.defer(None).values().get()
    decide(client, cast.office, item, ("1", "3", "approved"))
    assert IssuedDocument.objects.defer(None).values().get() == before


def test_the_form_sent_twice_records_once(client, cast):
    item = make_item(note=make_note_with_points(cast=cast))
    key = str(uuid.uuid4())
    first, again = (decide(client, cast.office, item, ("1", "3", "postponed"), key=key) for _ in range(2))
    assert first.url == again.url
    assert Decision.objects.count() == 1


# --- Refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decisions", "field", "error"),
    [
        ([("1", "2", "approved"), ("2", "3", "noted")], "first_2", "1.–2. at-punkt står i 1. beslutning."),
        ([("", "", "approved"), ("2", "", "noted")], "first_2", "Hele indstillingen står i 1. beslutning."),
        ([("1", "4", "approved")], "last_1", "Så mange at-punkter er der ikke: Notatet har 3 at-punkter."),
        ([("3", "2", "approved")], "last_1", "Det sidste at-punkt ligger før det første."),
        ([("0", "2", "approved")], "first_1", "At-punkter er nummereret fra 1."),
        ([("to", "3", "approved")], "first_1", "Skriv nummeret på et at-punkt med tal."),
        ([("", "3", "approved")], "first_1", "Skriv også det første at-punkt."),
        ([("1", "3", "vetoed")], "outcome_1", "Det kan ikke vælges her."),
        ([("1", "1", "approved"), ("2", "3", "")], "outcome_2", "Vælg, hvad udvalget besluttede."),
        ([("1", "99999999999", "approved")], "last_1", "Så mange at-punkter er der ikke"),
    ],
)
def test_impossible_decision_is_refused_at_its_field_with_what_was_typed(client, cast, decisions, field, error):
    item = make_item(note=make_note_with_points(cast=cast))
    answer = decide(client, cast.office, item, *decisions, remark_1="Et medlem tog forbehold.")
    assert answer.status_code == 422
    page = text(answer)
    assert "Et medlem tog forbehold." in page
    assert error in page[page.index(f'id="id_{field}_error"') :].split("</p>")[0]
    assert not Decision.objects.exists()
    assert not RegisterEntry.objects.exists()


def test_a_point_is_decided_once(client, cast):
    item = make_item(note=make_note_with_points(cast=cast))
    decide(client, cast.office, item, ("2", "", "approved"))
    answer = decide(client, cast.office, item, ("1", "3", "noted"))
    assert answer.status_code == 422
    assert "Beslutningen fra mødet den 27. august 2013 er allerede noteret: 2. at-punkt blev godkendt." in text(answer)
    assert decide(client, cast.office, item, ("1", "", "noted"), ("3", "", "noted")).status_code == 302
    assert Decision.objects.count() == 3


def test_what_was_postponed_is_decided_at_the_next_meeting_and_the_rest_is_not(client, cast):
    item = make_item(note=make_note_with_points(cast=cast))
    decide(client, cast.office, item, ("1", "", "approved"), ("2", "3", "postponed"))
    item.refresh_from_db()
    assert item.meeting is None
    item.move(meeting=make_item(note=make_note_with_points(cast=cast), day=date(2013, 9, 3)).meeting)
    assert decide(client, cast.office, item, ("1", "3", "approved")).status_code == 422
    assert decide(client, cast.office, item, ("2", "3", "approved")).status_code == 302
    item.refresh_from_db()
    assert item.is_done()


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (timezone.localdate() + timedelta(days=1), "er ikke holdt endnu"),
        (date(2013, 8, 19), "ligger før notatets dato, 20. august 2013"),
        (None, "Punktet er ikke på et møde."),
    ],
)
def test_a_meeting_that_cannot_have_decided_is_409(client, cast, day, error):
    item = make_item(note=make_note_with_points(cast=cast), day=day or date(2013, 8, 27))
    if day is None:
        item.move(meeting=None)
    client.force_login(cast.office)
    answers = [client.get(address_of(item)), decide(client, cast.office, item, ("1", "3", "approved"))]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert all(error in text(answer) for answer in answers)
    assert not Decision.objects.exists()


def test_a_note_that_is_not_issued_has_no_decision(client, cast):
    item = make_item(note=make_approved_note(cast=cast))
    assert decide(client, cast.office, item, ("1", "", "approved")).status_code == 409
    assert not Decision.objects.exists()


# --- At once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_record_the_same_range_at_once_one_is_refused_politely(cast):
    item = make_item(note=make_note_with_points(cast=cast))
    answers, together = [], threading.Barrier(2)

    def record(user, range_):
        try:
            client = Client()
            client.force_login(user)
            together.wait()
            data = {"key": str(uuid.uuid4()), **rows((*range_, "approved"))}
            answers.append(client.post(address_of(item), data))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=record, args=args) for args in ((cast.office, ("1", "2")), (cast.colleague, ("2", "3")))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    (refused,) = (answer for answer in answers if answer.status_code == 422)
    assert "er allerede noteret" in text(refused)
    assert Decision.objects.count() == RegisterEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_meeting_that_is_moved_meanwhile_has_decided_nothing_on_its_old_day(cast):
    item, answers = make_item(note=make_note_with_points(cast=cast)), []

    def record():
        try:
            answers.append(decide(Client(), cast.office, item, ("1", "3", "approved")))
        finally:
            connection.close()

    thread = threading.Thread(target=record)
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update().get()
        thread.start()
        thread.join(timeout=0.5)
        assert answers == []  # it waits
        meeting.day = timezone.localdate() + timedelta(days=1)
        meeting.save()
    thread.join()
    assert answers[0].status_code == 409
    assert not Decision.objects.exists()


def test_the_database_refuses_a_second_decision_on_a_point_without_the_form(cast):
    """The control: the constraint holds what the form says earlier."""
    item = make_item(note=make_note_with_points(cast=cast))
    make_decision(item=item, by=cast.office, first=1, last=2)
    with pytest.raises(DatabaseError, match="reports_decision_one_on_each_point"), transaction.atomic():
        make_decision(item=item, by=cast.office, first=2, last=3)


# --- Final --------------------------------------------------------------------------------------------------------


def test_a_decision_is_not_changed_or_deleted(cast):
    item = make_item(note=make_note_with_points(cast=cast))
    decision = make_decision(item=item, by=cast.office)
    for change in (
        lambda: Decision.objects.update(outcome="lapsed"),
        lambda: Decision.objects.filter(pk=decision.pk).delete(),
        lambda: decision.add("x", by=cast.office) and DecisionAddendum.objects.update(text="y"),
    ):
        with pytest.raises((DatabaseError, InternalError)), transaction.atomic():
            change()
    assert Decision.objects.get().outcome == "noted"


def test_an_addendum_stands_below_the_decision_with_its_day(client, cast):
    item = make_item(note=make_note_with_points(cast=cast))
    decision = make_decision(item=item, by=cast.office, first=2, last=3)
    client.force_login(cast.office)
    address = f"/notater/{item.note_id}/beslutning/{decision.pk}/tilfoej/"
    data = {"key": str(uuid.uuid4()), "text": "3. at-punkt blev godkendt med den ændring, at planen forelægges igen."}
    for _ in range(2):
        assert client.post(address, data).url == decision.get_absolute_url()
    client.force_login(cast.member)
    page = text(client.get(f"/notater/{item.note_id}/"))
    assert (
        page.index("blev taget til efterretning.")
        < page.index("<strong>Tilføjelse")
        < page.index("planen forelægges igen")
    )
    assert [entry.kind for entry in RegisterEntry.objects.order_by("number")] == ["decision", "addendum"]
    assert list(RegisterEntry.objects.faults()) == []


def test_an_empty_addendum_is_refused(client, cast):
    item = make_item(note=make_note_with_points(cast=cast))
    decision = make_decision(item=item, by=cast.office)
    client.force_login(cast.office)
    address = f"/notater/{item.note_id}/beslutning/{decision.pk}/tilfoej/"
    assert client.post(address, {"key": str(uuid.uuid4()), "text": " "}).status_code == 422
    assert not DecisionAddendum.objects.exists()


# --- The page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_decisions_asks_as_often_for_three_as_for_one(client, cast, django_assert_num_queries, count):
    item = make_item(note=make_note_with_points(cast=cast))
    for point in range(1, count + 1):
        make_decision(item=item, by=cast.office, first=point).add("Mere", by=cast.office)
    client.force_login(cast.member)
    with django_assert_num_queries(DECISIONS):
        client.get(f"/notater/{item.note_id}/beslutning/")


DECISIONS = 10
