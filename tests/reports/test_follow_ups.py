"""What was promised: what is overdue on which day, what keeps it, and that it can be opened again."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from reports.models import FollowUp
from sikkerby.middleware import Conflict
from sikkerby.models import Precision
from tests.reports.factories import (
    make_decision,
    make_issued_note,
    make_item,
    make_note_with_points,
    make_written_note,
)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def promise(committee, **fields) -> FollowUp:
    return FollowUp.objects.create(committee=committee, **{"promise": "Opgørelse af lukkedage", **fields})


# --- Overdue ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "precision", "last_day"),
    [
        (date(2024, 2, 10), "day", date(2024, 2, 10)),
        (date(2024, 2, 10), "month", date(2024, 2, 29)),
        (date(2024, 2, 10), "quarter", date(2024, 3, 31)),
        (date(2024, 2, 10), "season", date(2024, 2, 29)),
        (date(2023, 12, 31), "season", date(2024, 2, 29)),
        (date(2024, 9, 1), "season", date(2024, 11, 30)),
        (date(2024, 2, 10), "half_year", date(2024, 6, 30)),
        (date(2024, 7, 1), "half_year", date(2024, 12, 31)),
        (date(2024, 2, 10), "year", date(2024, 12, 31)),
    ],
)
def test_a_promise_is_overdue_the_day_after_its_last(cast, due, precision, last_day):
    each = promise(cast.finance, due=due, due_precision=precision)
    assert each.last_day() == last_day
    for day, late in ((last_day, False), (last_day + timedelta(days=1), True)):
        assert each.is_overdue(day) is late
        assert FollowUp.objects.overdue(day).exists() is late


def test_first_and_last_day_are_of_one_period():
    """Over three years, each day of which lies in just one month, quarter, season, half-year and year."""
    for precision in Precision:
        day = date(2023, 1, 1)
        while day < date(2026, 1, 1):
            first, last = precision.first_day(day), precision.last_day(day)
            assert first <= day <= last
            assert precision.last_day(first) == last
            assert precision.first_day(last) == first
            assert precision.first_day(last + timedelta(days=1)) == last + timedelta(days=1)
            day += timedelta(days=1)


def test_without_a_date_or_kept_it_is_never_overdue(cast):
    note = make_issued_note(cast=cast)
    undated = promise(cast.finance)
    kept = promise(cast.finance, due=date(2013, 1, 1))
    kept.close(note=note, on=date(2014, 1, 1))
    assert not undated.is_overdue(date(2099, 1, 1))
    assert not kept.is_overdue(date(2099, 1, 1))
    assert not FollowUp.objects.overdue(date(2099, 1, 1)).exists()


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_outstanding_with_the_overdue_first(client, cast):
    today = timezone.localdate()
    promise(cast.finance, promise="Uden dato")
    promise(cast.finance, promise="Engang", due=today + timedelta(days=400))
    promise(cast.social, promise="Overskredet løfte", due=today - timedelta(days=1))
    kept = promise(cast.finance, promise="Indfriet løfte", due=today - timedelta(days=9))
    kept.close(note=make_issued_note(cast=cast), on=today)
    client.force_login(cast.office)
    page = text(client.get("/opfoelgninger/"))
    places = [page.index(words) for words in ("Overskredet løfte", "Engang", "Uden dato", "Indfriet løfte")]
    assert places == sorted(places)
    assert "3 opfølgninger, heraf 1 overskredet" in page
    assert page.count("Overskredet</span>") == 1

    narrowed = text(client.get(f"/opfoelgninger/?udvalg={cast.finance.pk}"))
    assert "Overskredet løfte" not in narrowed
    assert "Engang" in narrowed
    late = text(client.get("/opfoelgninger/?overskredet=on"))
    assert "Overskredet løfte" in late
    assert "Engang" not in late


def test_what_a_draft_would_promise_is_not_promised(client, cast):
    note = make_written_note(cast=cast)
    note.follow_ups.create(committee=cast.finance, promise="Et løfte i et udkast", due=date(2013, 1, 1))
    client.force_login(cast.office)
    assert "Et løfte i et udkast" not in text(client.get("/opfoelgninger/"))
    assert "overskredne" not in text(client.get("/"))


def test_the_front_page_of_the_office_has_the_promises_and_others_have_not(client, cast):
    promise(cast.finance, promise="En ny opgørelse", due=date(2014, 1, 1), due_precision="month")
    client.force_login(cast.office)
    page = text(client.get("/"))
    assert "<strong>1</strong> <span>overskredet opfølgning</span>" in page
    assert "Lovet og endnu ikke indfriet" in page
    assert "januar 2014" in page
    client.force_login(cast.member)
    assert "En ny opgørelse" not in text(client.get("/"))


def test_the_list_as_a_file_has_all_of_it(client, cast):
    note = make_issued_note(cast=cast)
    each = promise(cast.finance, note=note, due=date(2014, 1, 1), due_precision="month")
    client.force_login(cast.office)
    assert "format=csv" in text(client.get("/opfoelgninger/"))  # also while none is closed
    each.close(note=make_issued_note(cast=cast, title="Opgørelse for 2013"), on=date(2014, 2, 1))
    row = client.get("/opfoelgninger/?format=csv").content.decode("utf-8-sig").splitlines()[1]
    assert row.split(";")[:3] == ["Økonomiudvalget", "Opgørelse af lukkedage", "januar 2014"]
    assert row.split(";")[-1] == "Opgørelse for 2013"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(client, cast, django_assert_num_queries, count):
    for _ in range(count):
        note = make_note_with_points(cast=cast)
        decision = make_decision(item=make_item(note=note, day=note.date + timedelta(days=note.pk)), by=cast.office)
        promise(cast.finance, note=note)
        promise(cast.finance, decision=decision)
        promise(cast.finance).close(decision=decision, on=date(2014, 1, 1))
    client.force_login(cast.office)
    with django_assert_num_queries(LIST):
        client.get("/opfoelgninger/")


LIST = 17


# --- Made, kept, opened again -------------------------------------------------------------------------------------


def test_a_promise_is_noted_from_a_decision_once(client, cast):
    decision = make_decision(item=make_item(note=make_note_with_points(cast=cast)), by=cast.office)
    client.force_login(cast.office)
    data = {"key": str(uuid.uuid4()), "promise": "En ny status", "due": "1-1-2014", "due_precision": "month"}
    for _ in range(2):
        assert client.post(f"/opfoelgninger/fra-beslutning/{decision.pk}/", data).status_code == 302
    made = FollowUp.objects.get()
    assert (made.decision, made.committee) == (decision, cast.finance)
    assert "Økonomiudvalgets beslutning den 27. august 2013" in text(client.get("/opfoelgninger/"))


@pytest.mark.parametrize("by", ["note", "decision"])
def test_a_promise_is_kept_by_a_note_or_a_decision(client, cast, by):
    each = promise(cast.finance)
    note = make_note_with_points(cast=cast)
    decision = make_decision(item=make_item(note=note), by=cast.office)
    client.force_login(cast.office)
    keeper = {"note": note, "decision": decision}[by]
    assert client.post(f"/opfoelgninger/{each.pk}/afslut/", {by: keeper.pk}).status_code == 302
    each.refresh_from_db()
    assert each.keeper == keeper
    assert each.closed_on == timezone.localdate()


def test_what_cannot_have_kept_it_is_refused(client, cast):
    origin, draft = make_issued_note(cast=cast), make_written_note(cast=cast)
    note = make_note_with_points(cast=cast)
    decision = make_decision(item=make_item(note=note), by=cast.office)
    each = promise(cast.finance, note=origin)
    client.force_login(cast.office)
    for data, error in (
        ({}, "Vælg det notat eller den beslutning, som løftet er indfriet med."),
        ({"note": note.pk, "decision": decision.pk}, "Vælg enten et notat eller en beslutning, ikke begge."),
        ({"note": draft.pk}, "kan ikke vælges"),
        ({"note": origin.pk}, "kan ikke vælges"),  # the note that promised it
    ):
        answer = client.post(f"/opfoelgninger/{each.pk}/afslut/", data)
        assert answer.status_code == 422
        assert error in text(answer)
    each.refresh_from_db()
    assert each.closed_on is None
    with pytest.raises(Conflict):
        each.close(note=draft, on=date(2014, 1, 1))


def test_a_promise_closed_by_mistake_is_opened_again(client, cast):
    each = promise(cast.finance)
    each.close(note=make_issued_note(cast=cast), on=date(2014, 1, 1))
    client.force_login(cast.office)
    assert client.post(f"/opfoelgninger/{each.pk}/afslut/", {}).status_code in (409, 422)
    assert client.post(f"/opfoelgninger/{each.pk}/ret/", {"due_precision": "day"}).status_code == 409
    assert client.post(f"/opfoelgninger/{each.pk}/aabn-igen/").status_code == 302
    each.refresh_from_db()
    assert (each.closed_on, each.kept_by) == (None, None)
    assert client.post(f"/opfoelgninger/{each.pk}/aabn-igen/").status_code == 409


def test_a_deadline_is_moved_and_the_promise_stays(client, cast):
    each = promise(cast.finance, due=date(2014, 1, 1))
    client.force_login(cast.office)
    data = {"due": "1-6-2014", "due_precision": "season", "responsible": "Team Sikker By", "promise": "Noget andet"}
    assert client.post(f"/opfoelgninger/{each.pk}/ret/", data).status_code == 302
    each.refresh_from_db()
    assert (each.promise, each.due, each.responsible) == ("Opgørelse af lukkedage", date(2014, 6, 1), "Team Sikker By")
