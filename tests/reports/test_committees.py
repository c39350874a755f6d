"""Committees: their names by day, who sits on them when, and that a dissolved one gets nothing new."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reports.models import AgendaItem, Barring, Committee, Note, Seat
from reports.models.committee import genitive
from tests.factories import make_committee, make_note, make_user
from tests.reports.factories import make_issued_note, make_meeting
from tests.test_permissions import MISSING


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def edit(client, cast, address, **data):
    client.force_login(cast.office)
    return client.post(f"/udvalg/{cast.finance.pk}/{address}", {"key": str(uuid.uuid4()), **data})


# --- Names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Økonomiudvalget", "Økonomiudvalgets"),
        ("Udvalget for Børns Trivsel i Hus", "Udvalget for Børns Trivsel i Hus’"),
    ],
)
def test_genitive_of_a_name(name, says):
    assert genitive(name) == says


def test_renamed_it_has_the_name_of_each_day(client, cast):
    assert edit(client, cast, "skift-navn/", name="Finansudvalget", begins="1-1-2014").status_code == 302
    cast.finance.refresh_from_db()
    assert cast.finance.name == "Finansudvalget"
    assert [cast.finance.name_on(day) for day in (date(2013, 12, 31), date(2014, 1, 1))] == [
        "Økonomiudvalget",
        "Finansudvalget",
    ]
    edit(client, cast, "skift-navn/", name="Budgetudvalget", begins="1-1-2018")
    cast.finance.refresh_from_db()
    years = (2013, 2014, 2017, 2018)
    assert [cast.finance.name_on(date(year, 6, 1)) for year in years] == [
        "Økonomiudvalget",
        "Finansudvalget",
        "Finansudvalget",
        "Budgetudvalget",
    ]
    with pytest.raises(ValidationError, match="1. januar 2018"):
        cast.finance.rename("Pengeudvalget", begins=date(2018, 1, 1))


@pytest.mark.parametrize(
    ("name", "begins", "error"),
    [
        ("Socialudvalget", "1-1-2014", "Der er allerede et udvalg med det navn."),
        ("Finansudvalget", "31-2-2014", "er ikke en dato, der findes"),
        ("", "1-1-2014", "Feltet skal udfyldes."),
    ],
)
def test_impossible_name_is_refused_with_what_was_typed(client, cast, name, begins, error):
    answer = edit(client, cast, "skift-navn/", name=name, begins=begins)
    assert answer.status_code == 422
    assert error in text(answer)
    assert f'value="{name}"' in text(answer) or not name
    assert Committee.objects.get(pk=cast.finance.pk).name == "Økonomiudvalget"


def test_issued_note_shows_the_name_of_its_day(client, cast):
    note = make_issued_note(cast=cast)
    cast.finance.rename("Finansudvalget", begins=date(2020, 1, 1))
    client.force_login(cast.member)
    page = text(client.get(f"/notater/{note.pk}/"))
    assert "<dd>Økonomiudvalget</dd>" in page
    assert "Til Økonomiudvalget" in text(client.get(f"/udvalg/{cast.finance.pk}/"))
    assert "Økonomiudvalget" in text(client.get("/notater/"))


def test_a_stale_save_shows_both(client, cast):
    client.force_login(cast.office)
    seen = cast.finance.version
    Committee.objects.filter(pk=cast.finance.pk).update(abbreviation="FIU")
    data = {"name": "Økonomiudvalget", "abbreviation": "ØKU", "version": seen}
    answer = client.post(f"/udvalg/{cast.finance.pk}/ret/", data)
    assert answer.status_code == 422
    assert "En anden har gemt imens" in text(answer)
    assert Committee.objects.get(pk=cast.finance.pk).abbreviation == "FIU"


# --- Dissolved ----------------------------------------------------------------------------------------------------


def test_dissolved_committee_gets_no_new_notes_or_meetings_and_keeps_the_old(client, cast):
    note = make_issued_note(cast=cast)
    draft = make_note(committee=cast.finance, written_by=cast.office)
    yesterday = timezone.localdate() - timedelta(days=1)
    Committee.objects.filter(pk=cast.finance.pk).update(dissolved_on=yesterday)
    client.force_login(cast.office)
    assert "Økonomiudvalget</option>" not in text(client.get("/notater/ny/"))
    assert "Socialudvalget</option>" in text(client.get("/notater/ny/"))
    assert "Økonomiudvalget</option>" in text(client.get(f"/notater/{draft.pk}/ret/"))  # which is addressed to it
    assert note.title in text(client.get(f"/udvalg/{cast.finance.pk}/"))
    answer = edit(client, cast, "moeder/nyt/", day=str(timezone.localdate()))
    assert answer.status_code == 422
    assert "Økonomiudvalget er nedlagt" in text(answer)
    assert "Nedlagte udvalg" in text(client.get("/udvalg/"))


# --- Seats --------------------------------------------------------------------------------------------------------


def test_seats_are_shown_now_earlier_and_later(client, cast):
    today = timezone.localdate()
    people = {
        name: make_user(name=name) for name in ("Tidligere Medlem", "Sidste Dag", "Første Dag", "Kommende Medlem")
    }
    cast.finance.seats.create(user=people["Tidligere Medlem"], ends=today - timedelta(days=1))
    cast.finance.seats.create(user=people["Sidste Dag"], ends=today, kind=Seat.Kind.SUBSTITUTE)
    cast.finance.seats.create(user=people["Første Dag"], begins=today, kind=Seat.Kind.SECRETARY)
    cast.finance.seats.create(user=people["Kommende Medlem"], begins=today + timedelta(days=1))
    client.force_login(cast.social_member)
    page = text(client.get(f"/udvalg/{cast.finance.pk}/"))
    places = [
        page.index(words)
        for words in ("Medlemmer</h2>", "Sidste Dag", "Første Dag", "Tiltræder senere", "Kommende Medlem")
    ]
    assert places == sorted(places)
    assert page.index("Tidligere medlemmer") < page.index("Tidligere Medlem")


def test_a_seat_is_made_once_and_gives_its_right_at_once(client, cast):
    data = {"key": str(uuid.uuid4()), "user": cast.nobody.pk, "kind": "member", "begins": "1-1-2020"}
    for _ in range(2):
        assert edit(client, cast, "pladser/ny/", **data).url == cast.finance.get_absolute_url()
    assert Seat.objects.filter(user=cast.nobody).count() == 1
    client.force_login(cast.nobody)
    assert client.get("/notater/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "said"),
    [("member", "medlem af"), ("substitute", "stedfortræder i"), ("secretary", "sekretær for")],
)
def test_what_somebody_has_become_is_said_as_danes_do(client, cast, kind, said):
    answer = edit(client, cast, "pladser/ny/", user=cast.nobody.pk, kind=kind)
    assert f"{cast.nobody} er {said} Økonomiudvalget." in text(client.get(answer.url))
    assert str(Seat.objects.get(user=cast.nobody)) == f"{cast.nobody}, {said} Økonomiudvalget"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"begins": "1-2-2020", "ends": "1-1-2020"}, "Slutdatoen ligger før startdatoen."),
        ({"begins": "1-1-2020"}, "har allerede den plads i en del af perioden"),
        ({"user": ""}, "Feltet skal udfyldes."),
    ],
)
def test_impossible_seat_is_refused(client, cast, fields, error):
    before = Seat.objects.count()
    answer = edit(client, cast, "pladser/ny/", **{"user": cast.member.pk, "kind": "member", **fields})
    assert answer.status_code == 422
    assert error in text(answer)
    assert Seat.objects.count() == before


def test_the_same_person_may_sit_again_and_in_another_capacity(client, cast):
    cast.finance.seats.filter(user=cast.member).update(ends=date(2019, 12, 31))
    assert edit(client, cast, "pladser/ny/", user=cast.member.pk, kind="member", begins="1-1-2020").status_code == 302
    assert edit(client, cast, "pladser/ny/", user=cast.member.pk, kind="substitute").status_code == 302


def test_a_seat_of_another_committee_is_not_reached_through_this_one(client, cast):
    other = cast.social.seats.first()
    client.force_login(cast.office)
    assert client.get(f"/udvalg/{cast.finance.pk}/pladser/{other.pk}/").status_code == 404


def test_seats_are_in_the_committees_history(client, cast):
    edit(client, cast, "pladser/ny/", user=cast.nobody.pk, kind="secretary")
    assert cast.nobody.name in text(client.get(f"/historik/reports.committee/{cast.finance.pk}/"))


# --- The list and the page ----------------------------------------------------------------------------------------


def test_the_list_names_the_next_meeting_and_ones_own(client, cast):
    today = timezone.localdate()
    for days in (-1, 20, 9):
        make_meeting(committee=cast.finance, day=today + timedelta(days=days))
    client.force_login(cast.member)
    page = text(client.get("/udvalg/"))
    row = page[page.index("Økonomiudvalget") : page.index("</tr>", page.index("Økonomiudvalget"))]
    day = today + timedelta(days=9)
    assert "Dit udvalg" in row
    assert f"{day.day}. " in row
    assert page.count("Dit udvalg") == 1


def test_meetings_held_are_listed_last_first(client, cast):
    for month in (3, 9, 6):
        make_meeting(committee=cast.finance, day=date(2013, month, 1)).put(make_issued_note(cast=cast), number="1")
    client.force_login(cast.member)
    page = text(client.get(cast.finance.get_absolute_url()))
    places = [page.index(month) for month in ("1. september 2013", "1. juni 2013", "1. marts 2013")]
    assert places == sorted(places)


def test_a_replaced_note_is_marked_wherever_a_member_takes_it(client, cast):
    old = make_issued_note(cast=cast)
    meeting = make_meeting(committee=cast.finance)
    meeting.put(old, number="1")
    new = Note.objects.correct(old, by=cast.office, because="Et tal", today=date(2013, 9, 1))
    addresses = ("/", "/notater/", cast.finance.get_absolute_url(), meeting.get_absolute_url())
    client.force_login(cast.member)
    assert not any("Erstattet" in text(client.get(address)) for address in addresses)
    Note.objects.filter(pk=new.pk).update(document_number="2013-0184482-9")
    new.submit(by=cast.office)
    new.approve(by=cast.approver)
    new.issue(by=cast.office)
    assert [text(client.get(address)).count("Erstattet") for address in addresses] == [1, 1, 1, 1]


def test_a_barred_note_is_not_offered_on_the_front_page(client, cast):
    note = make_issued_note(cast=cast)
    client.force_login(cast.office)
    assert f"/notater/{note.pk}/pdf/" in text(client.get("/"))
    Barring.objects.ask(note, because="Personer", by=cast.office).confirm(by=cast.approver)
    assert f"/notater/{note.pk}/pdf/" not in text(client.get("/"))


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_often_for_three_as_for_one(client, cast, django_assert_num_queries, count):
    for number in range(count):
        make_meeting(committee=cast.finance, day=timezone.localdate() + timedelta(days=number))
        make_meeting(committee=cast.finance, day=date(2013, 8, 27) + timedelta(days=number))
        cast.finance.seats.create(user=make_user())
        cast.finance.names.create(name=f"Navn {number}", ends=date(2000 + number, 1, 1))
        if number:
            make_committee()
    client.force_login(cast.office)
    with django_assert_num_queries(LIST):
        client.get("/udvalg/")
    with django_assert_num_queries(PAGE):
        client.get(f"/udvalg/{cast.finance.pk}/")


LIST, PAGE = 16, 22


def test_what_waits_for_a_meeting_is_listed_and_does_not_count_as_what_waits_for_me(client, cast):
    """The frame of every page has a count of its own under that name."""
    note = make_issued_note(cast=cast)
    AgendaItem.objects.add(AgendaItem(note=note, committee=cast.finance))
    client.force_login(cast.office)
    page = text(client.get(f"/udvalg/{cast.finance.pk}/"))
    assert f'<h2>Venter på et møde</h2> <ul class="parts"> <li> <a href="{note.get_absolute_url()}">' in page
    assert "QuerySet" not in page
    counts = [
        text(client.get(address)).count('class="count"') for address in (f"/udvalg/{cast.finance.pk}/", "/udvalg/")
    ]
    assert counts[0] == counts[1]


def test_missing_committee_is_404(client, cast):
    client.force_login(cast.member)
    assert client.get(f"/udvalg/{MISSING}/").status_code == 404
