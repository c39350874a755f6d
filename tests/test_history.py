"""Historik: who changed which field of what from what to what, by ORM, in bulk and in raw SQL."""

import pghistory
from django.db import connection
from django.urls import reverse

from closures.models import Institution
from sikkerby.history import changes_of, changes_with_parts
from tests import factories


def newest(obj):
    return next(iter(changes_of(obj)))


def as_rows(event):
    return [(change.label, change.before, change.after) for change in event.changes]


def test_orm_save_is_seen_with_field_before_and_after(cast):
    cast.school.name = "Skolen ved Åen"
    cast.school.save()
    assert as_rows(newest(cast.school)) == [("navn", "Skolen ved Søen", "Skolen ved Åen")]


def test_bulk_update_is_seen(cast):
    Institution.objects.filter(pk=cast.school.pk).update(kind=Institution.Kind.CLUB)
    assert as_rows(newest(cast.school)) == [("type", "skole", "klub eller fritidscenter")]


def test_raw_sql_is_seen_and_names_related_rows(cast):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE closures_institution SET administration_id = %s WHERE id = %s", [cast.kff.pk, cast.school.pk]
        )
    assert as_rows(newest(cast.school)) == [
        ("forvaltning", "Børne- og Ungdomsforvaltningen", "Kultur- og Fritidsforvaltningen")
    ]


def test_making_a_row_is_seen_with_what_it_was_made_with(cast):
    oldest = list(changes_of(cast.school))[-1]
    assert oldest.what == "oprettet"
    assert ("navn", "", "Skolen ved Søen") in as_rows(oldest)


def test_person_and_page_are_tagged_by_the_middleware(client, cast):
    initiative = factories.make_initiative(name="Natteværter")
    client.force_login(cast.office)
    address = reverse("initiatives:initiative_edit", args=[initiative.pk])
    page = client.get(address)
    data = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    client.post(address, {**data, "name": "Natteværterne", "version": initiative.version})
    event = newest(initiative)
    assert (event.by, event.page) == ("Person office", address)
    assert ("navn", "Natteværter", "Natteværterne") in as_rows(event)


def test_what_belongs_to_a_row_is_in_its_history_and_saved_at_once_is_one_event(client, cast):
    initiative = factories.make_initiative(name="Natteværter", carried_by=cast.kff)
    district = factories.make_district(name="Valby")
    client.force_login(cast.office)
    address = reverse("initiatives:initiative_edit", args=[initiative.pk])
    typed = {"name": "Natteværterne", "status": "running", "begins_precision": "day", "ends_precision": "day"}
    typed |= {"version": initiative.version, "districts": [district.pk], f"role_{cast.buf.pk}": "lead"}
    assert client.post(address, typed).status_code == 302
    event = changes_with_parts(initiative)[0]
    assert (event.by, event.what) == ("Person office", "rettet")
    assert sorted(as_rows(event)) == [
        ("bydel", "", "Valby"),
        ("forvaltning bag indsatsen", "", "Børne- og Ungdomsforvaltningen, ansvarlig"),
        ("forvaltning bag indsatsen", "Kultur- og Fritidsforvaltningen, ligestillet", ""),
        ("navn", "Natteværter", "Natteværterne"),
    ]


def test_a_part_that_is_changed_is_named(cast):
    initiative = factories.make_initiative()
    milestone = initiative.milestones.create(title="Åbning")
    milestone.title = "Indvielse"
    milestone.save()
    changes = [row for event in changes_with_parts(initiative) for row in as_rows(event)]
    assert ("milepæl »Åbning«: milepæl", "Åbning", "Indvielse") in changes


def test_context_is_in_the_event_and_nowhere_else(cast):
    with pghistory.context(user=cast.office.pk, url="/et/sted/"):
        Institution.objects.filter(pk=cast.school.pk).update(phone="33 66 33 66")
    assert newest(cast.school).by == "Person office"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pghistory_context")
        assert cursor.fetchone() == (0,)


def test_passwords_are_not_in_the_history(cast):
    fields = {field.name for field in cast.office._meta.model.pgh_event_model._meta.fields}
    assert "username" in fields
    assert not fields & {"password", "last_login"}


def test_history_page_shows_field_before_and_after(client, cast):
    Institution.objects.filter(pk=cast.school.pk).update(phone="33 66 33 66")
    client.force_login(cast.office)
    page = client.get(reverse("history", args=["closures.institution", cast.school.pk])).content.decode()
    assert "33 66 33 66" in page
    assert "Systemet" in page


def test_history_of_what_one_may_not_see_is_missing(client, cast):
    client.force_login(cast.leader)
    assert client.get(reverse("history", args=["closures.institution", cast.library.pk])).status_code == 404
    assert client.get(reverse("history", args=["closures.institution", cast.school.pk])).status_code == 200
    assert client.get(reverse("history", args=["sikkerby.user", cast.leader.pk])).status_code == 404
    assert client.get(reverse("history", args=["auth.group", 1])).status_code == 404
