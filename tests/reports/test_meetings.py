"""Meetings and what stands on them: moved, postponed, treated by several committees, and closed notes."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import AgendaItem, Barring, Meeting, Note
from sikkerby.history import changes_of
from sikkerby.models import Notice
from tests.reports.factories import (
    make_approved_note,
    make_decision,
    make_issued_note,
    make_item,
    make_meeting,
    make_note_with_points,
    make_written_note,
)

CLOSED = {"confidentiality": Note.Confidentiality.CLOSED, "closed_because": "Personalesag"}


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def post(client, user, address, **data):
    client.force_login(user)
    return client.post(address, {"key": str(uuid.uuid4()), **data})


# --- Meetings -----------------------------------------------------------------------------------------------------


def test_a_meeting_is_made_once_and_changed(client, cast):
    data = {"key": str(uuid.uuid4()), "day": "27-8-2013", "starts_at": "13:15", "place": "Rådhuset"}
    for _ in range(2):
        answer = post(client, cast.office, f"/udvalg/{cast.finance.pk}/moeder/nyt/", **data)
    meeting = Meeting.objects.get()
    assert answer.url == meeting.get_absolute_url()
    assert meeting.when == "27. august 2013 kl. 13.15"
    answer = post(client, cast.office, f"{answer.url}ret/", day="28-8-2013", version=meeting.version)
    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.day, meeting.starts_at) == (date(2013, 8, 28), None)


def test_two_meetings_at_one_time_are_refused(client, cast):
    make_meeting(committee=cast.finance)
    answer = post(client, cast.office, f"/udvalg/{cast.finance.pk}/moeder/nyt/", day="27-8-2013")
    assert answer.status_code == 422
    assert "Udvalget har allerede et møde på det tidspunkt." in text(answer)
    assert post(client, cast.office, f"/udvalg/{cast.social.pk}/moeder/nyt/", day="27-8-2013").status_code == 302


def test_a_meeting_with_something_on_it_is_not_deleted(client, cast):
    item = make_item(note=make_issued_note(cast=cast))
    answer = post(client, cast.office, f"{item.meeting.get_absolute_url()}slet/")
    assert answer.status_code == 409
    assert "Flyt punkterne først." in text(answer)
    empty = make_meeting(committee=cast.social)
    assert post(client, cast.office, f"{empty.get_absolute_url()}slet/").url == cast.social.get_absolute_url()
    assert list(Meeting.objects.all()) == [item.meeting]


def test_the_day_of_a_meeting_that_decided_stays(client, cast):
    item = make_item(note=make_issued_note(cast=cast))
    make_decision(item=item, by=cast.office)
    version = item.meeting.version
    answer = post(client, cast.office, f"{item.meeting.get_absolute_url()}ret/", day="28-8-2013", version=version)
    assert answer.status_code == 422
    assert "Datoen kan ikke ændres." in text(answer)
    data = {"day": "27-8-2013", "minutes_url": "https://example.dk/protokol", "version": version}
    assert post(client, cast.office, f"{item.meeting.get_absolute_url()}ret/", **data).status_code == 302


def test_a_meeting_is_not_moved_to_before_a_note_on_it(client, cast):
    item = make_item(note=make_issued_note(cast=cast))
    answer = post(
        client, cast.office, f"{item.meeting.get_absolute_url()}ret/", day="19-8-2013", version=item.meeting.version
    )
    assert answer.status_code == 422
    assert "på dagsordenen er dateret 20. august 2013." in text(answer)
    assert Meeting.objects.get().day == date(2013, 8, 27)


def test_what_is_barred_is_not_offered_on_a_meeting(client, cast):
    item = make_item(note=make_issued_note(cast=cast))
    Barring.objects.ask(item.note, because="Personer", by=cast.office).confirm(by=cast.approver)
    client.force_login(cast.office)
    page = text(client.get(item.meeting.get_absolute_url()))
    assert "pakke.zip" not in page
    assert f"/notater/{item.note.pk}/pdf/" not in page
    assert "Spærret for visning" in page
    told = Notice.objects.count()
    answer = post(client, cast.office, f"/notater/{item.note.pk}/behandling/ny/", committee=cast.social.pk, number="")
    assert answer.status_code == 409
    assert "kan ikke sættes på en dagsorden" in text(answer)
    assert Notice.objects.count() == told


# --- Items --------------------------------------------------------------------------------------------------------


def put(client, cast, meeting, note, **data):
    return post(client, cast.office, f"{meeting.get_absolute_url()}punkter/nyt/", note=note.pk, **data)


def test_a_note_is_put_on_a_meeting_once(client, cast):
    note, meeting = make_issued_note(cast=cast), make_meeting(committee=cast.finance)
    key = str(uuid.uuid4())
    assert [put(client, cast, meeting, note, number="4", key=key).url for _ in range(2)] == [
        meeting.get_absolute_url()
    ] * 2
    item = AgendaItem.objects.get()
    assert (item.note, item.committee, item.number) == (note, cast.finance, "4")
    client.force_login(cast.member)
    assert f'Punkt 4. <a href="/notater/{note.pk}/">{note.title}' in text(client.get(meeting.get_absolute_url()))


def test_what_cannot_be_put_on_a_meeting_is_not_offered(client, cast):
    meeting, other = make_meeting(committee=cast.finance), make_meeting(committee=cast.finance, day=date(2013, 9, 3))
    draft, elsewhere = make_written_note(cast=cast), make_issued_note(cast=cast)
    other.put(elsewhere, number="")
    approved = make_approved_note(cast=cast)
    client.force_login(cast.office)
    page = text(client.get(f"{meeting.get_absolute_url()}punkter/nyt/"))
    assert f'value="{approved.pk}"' in page
    assert f'value="{draft.pk}"' not in page
    assert f'value="{elsewhere.pk}"' not in page
    assert put(client, cast, meeting, draft).status_code == 422


@pytest.mark.parametrize(
    ("number", "day", "error"),
    [
        ("4", date(2013, 8, 27), "Mødet har allerede et punkt med det nummer."),
        ("5", date(2013, 8, 19), "ligger før notatets dato, 20. august 2013"),
    ],
)
def test_impossible_item_is_refused(client, cast, number, day, error):
    meeting = make_meeting(committee=cast.finance, day=day)
    AgendaItem.objects.create(note=make_issued_note(cast=cast), committee=cast.finance, meeting=meeting, number="4")
    answer = put(client, cast, meeting, make_issued_note(cast=cast), number=number)
    assert answer.status_code == 422
    assert error in text(answer)
    assert AgendaItem.objects.count() == 1


def test_an_item_stands_on_a_meeting_of_its_own_committee(client, cast):
    note, meeting = make_issued_note(cast=cast), make_meeting(committee=cast.social)
    answer = post(
        client, cast.office, f"/notater/{note.pk}/behandling/ny/", committee=cast.finance.pk, meeting=meeting.pk
    )
    assert answer.status_code == 422
    assert "Mødet er et andet udvalgs." in text(answer)
    with pytest.raises(IntegrityError, match="Mødet er et andet udvalgs"), transaction.atomic():
        AgendaItem.objects.create(note=note, committee=cast.finance, meeting=meeting)


def test_an_item_moves_and_its_history_says_so(client, cast):
    item = make_item(note=make_issued_note(cast=cast), number="4")
    later = make_meeting(committee=cast.finance, day=date(2013, 9, 3))
    address = f"/notater/{item.note.pk}/behandling/{item.pk}/"
    assert post(client, cast.office, address, meeting=later.pk, number="2", version=item.version).status_code == 302
    item.refresh_from_db()
    assert (item.meeting, item.number) == (later, "2")
    (moved, _) = changes_of(item)
    assert ("møde", str(later)) in [(change.label, change.after) for change in moved.changes]


def test_a_postponed_item_waits_keeps_its_history_and_moves_on(client, cast):
    item = make_item(note=make_issued_note(cast=cast), number="4")
    first = item.meeting
    make_decision(item=item, by=cast.office, outcome="postponed")
    item.refresh_from_db()
    assert (item.meeting, item.number) == (None, "")
    client.force_login(cast.member)
    assert "Udsat på mødet" in text(client.get(first.get_absolute_url()))
    assert "Venter på et møde" in text(client.get(cast.finance.get_absolute_url()))
    page = text(client.get(item.note.get_absolute_url()))
    assert "Udsat</span>" in page
    assert "beslutning den 27. august 2013, punkt 4:" in page

    later = make_meeting(committee=cast.finance, day=date(2013, 9, 3))
    assert put(client, cast, later, item.note, number="1").status_code == 302
    item.refresh_from_db()
    assert item.meeting == later
    make_decision(item=item, by=cast.office)
    page = text(client.get(item.note.get_absolute_url()))
    assert page.index("den 27. august 2013, punkt 4") < page.index("den 3. september 2013, punkt 1")
    assert "Økonomiudvalget har behandlet notatet." in page


def test_what_a_meeting_decided_is_not_moved_or_removed(client, cast):
    item = make_item(note=make_issued_note(cast=cast))
    make_decision(item=item, by=cast.office)
    address = f"/notater/{item.note.pk}/behandling/{item.pk}/"
    for answer in (
        post(client, cast.office, address, meeting="", number="", version=item.version),
        post(client, cast.office, f"{address}fjern/"),
    ):
        assert answer.status_code == 409
    assert AgendaItem.objects.get().meeting == item.meeting


def test_an_item_is_taken_off_before_it_is_treated(client, cast):
    item = make_item(note=make_issued_note(cast=cast), committee=cast.social)
    assert post(client, cast.office, f"/notater/{item.note.pk}/behandling/{item.pk}/fjern/").status_code == 302
    assert not AgendaItem.objects.exists()


def test_an_item_is_not_reached_through_another_note(client, cast):
    item, other = make_item(note=make_issued_note(cast=cast)), make_issued_note(cast=cast)
    client.force_login(cast.office)
    for address in ("", "beslutning/"):
        assert client.get(f"/notater/{other.pk}/behandling/{item.pk}/{address}").status_code == 404


# --- Several committees -------------------------------------------------------------------------------------------


def test_a_note_is_tracked_until_all_its_committees_have_treated_it(client, cast):
    note = make_note_with_points(cast=cast, points=2)
    finance = make_item(note=note, number="4")
    address = f"/notater/{note.pk}/behandling/ny/"
    assert post(client, cast.office, address, committee=cast.social.pk, number="").status_code == 302
    social = AgendaItem.objects.get(committee=cast.social)
    make_decision(item=finance, by=cast.office)
    page = text(client.get(note.get_absolute_url()))
    assert "Alle udvalg har behandlet notatet." not in page
    assert [page.count(f"{state}</span>") for state in ("Behandlet", "Venter", "Udsat")] == [1, 1, 0]

    social.move(meeting=make_meeting(committee=cast.social), number="7")
    make_decision(item=social, by=cast.office, first=2)
    assert "mangler 1. at-punkt" in text(client.get(note.get_absolute_url()))
    make_decision(item=social, by=cast.office, first=1, outcome="approved")
    page = text(client.get(note.get_absolute_url()))
    assert "Alle udvalg har behandlet notatet." in page
    assert "mangler" not in page


def test_a_committee_treats_a_note_once(client, cast):
    note = make_issued_note(cast=cast)
    make_item(note=note)
    answer = post(client, cast.office, f"/notater/{note.pk}/behandling/ny/", committee=cast.finance.pk)
    assert answer.status_code == 422
    assert "Udvalget skal allerede behandle notatet." in text(answer)


def test_a_draft_comes_on_no_agenda(client, cast):
    note = make_written_note(cast=cast)
    client.force_login(cast.office)
    answer = client.get(f"/notater/{note.pk}/behandling/ny/")
    assert answer.status_code == 409
    assert "Notatet skal være godkendt eller udsendt" in text(answer)
    assert "Behandling i udvalg" not in text(client.get(f"/notater/{note.pk}/"))


# --- Closed notes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["from the note", "from the meeting"])
def test_a_closed_note_is_opened_to_another_committee_by_a_tick_alone(client, cast, how):
    note = make_issued_note(cast=cast, **CLOSED)
    meeting = make_meeting(committee=cast.social)
    address = {
        "from the note": f"/notater/{note.pk}/behandling/ny/",
        "from the meeting": f"{meeting.get_absolute_url()}punkter/nyt/",
    }[how]
    data = {"note": note.pk, "committee": cast.social.pk, "meeting": meeting.pk}
    refused = post(client, cast.office, address, **data)
    assert refused.status_code == 422
    assert "Sæt flueben, hvis medlemmerne af Socialudvalget må læse det." in text(refused)
    client.force_login(cast.social_member)
    assert client.get(note.get_absolute_url()).status_code == 404
    assert note.title not in text(client.get(meeting.get_absolute_url()))

    assert post(client, cast.office, address, **data, may_read="on").status_code == 302
    client.force_login(cast.social_member)
    assert client.get(note.get_absolute_url()).status_code == 200
    assert note.title in text(client.get(meeting.get_absolute_url()))


def test_a_closed_note_needs_no_tick_for_its_own_committee(client, cast):
    note, meeting = make_issued_note(cast=cast, **CLOSED), make_meeting(committee=cast.finance)
    assert put(client, cast, meeting, note).status_code == 302


def test_a_meeting_shows_each_what_they_may_read(client, cast):
    meeting = make_meeting(committee=cast.finance)
    closed, opened = make_issued_note(cast=cast, **CLOSED), make_issued_note(cast=cast)
    approved = make_approved_note(cast=cast)
    for note in (closed, opened, approved):
        meeting.put(note, number="")
    shown = {}
    for who in ("office", "member", "social_member"):
        client.force_login(getattr(cast, who))
        page = text(client.get(meeting.get_absolute_url()))
        shown[who] = [note.title in page for note in (closed, opened, approved)]
    assert shown == {
        "office": [True, True, True],
        "member": [True, True, False],
        "social_member": [False, True, False],
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_meeting_asks_as_often_for_three_as_for_one(client, cast, django_assert_num_queries, count):
    meeting = make_meeting(committee=cast.finance)
    for _ in range(count):
        item = meeting.put(make_note_with_points(cast=cast, points=1), number="")
        make_decision(item=item, by=cast.office)
    client.force_login(cast.member)
    with django_assert_num_queries(MEETING):
        client.get(meeting.get_absolute_url())


MEETING = 11


def test_numbers_of_items_are_read_as_numbers(cast):
    meeting = make_meeting(committee=cast.finance)
    for number in ("10", "9", "2"):
        meeting.put(make_approved_note(cast=cast), number=number)
    assert [item.number for item in AgendaItem.objects.on(meeting)] == ["2", "9", "10"]


def test_meetings_to_come_begin_today(cast):
    today = timezone.localdate()
    days = [today - timedelta(days=1), today, today + timedelta(days=1)]
    for day in days:
        make_meeting(committee=cast.finance, day=day)
    assert [each.day for each in Meeting.objects.to_come(today)] == days[1:]
    assert [each.day for each in Meeting.objects.held(today)] == days[:1]
