"""The audit trail's reading side. The writing side is the database's (models.audited, middleware.ActingUser)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import migrations, models

from .models import User

APPEND_ONLY = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE '{}\\_%event' LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %I FROM sikkerby_app', name);
    END LOOP;
END $$
"""


def append_only(app_label: str) -> migrations.RunSQL:
    """For a room's migration: the serving role may add to its history, and not change it."""
    return migrations.RunSQL(APPEND_ONLY.format(app_label), migrations.RunSQL.noop)


@dataclass(frozen=True)
class Change:
    """One field's change: its Danish label, and what it was and became, as text ("" is empty)."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One saved act on a row: who, when, from which page, and what it changed."""

    at: datetime
    by: str
    page: str
    what: str
    changes: list[Change]


WHAT = {"insert": "oprettet", "update": "rettet", "delete": "slettet"}
BY_THE_SYSTEM = "Systemet"


def changes_of(obj: models.Model) -> Iterator[Event]:
    """The history of one row, newest first: who changed which field from what to what, and from which page."""
    return reversed([event for event, _ in _read(obj._meta.model, pgh_obj_id=obj.pk)])


def changes_with_parts(obj: models.Model) -> list[Event]:
    """The same, with the rows that belong to it (HISTORY_WITH names them). What was saved at once is one event."""
    found = [event for event, _ in _read(obj._meta.model, pgh_obj_id=obj.pk)]
    acts = {(event.at, event.by, event.page): event for event in found}
    for name in getattr(obj, "HISTORY_WITH", ()):
        owner = obj._meta.get_field(name).field
        for event, row in _read(owner.model, owner=owner, **{owner.attname: obj.pk}):
            act = acts.setdefault(
                (event.at, event.by, event.page), Event(event.at, event.by, event.page, WHAT["update"], [])
            )
            act.changes.extend(_of_part(event, row, owner.model._meta.verbose_name))
    return sorted(acts.values(), key=lambda act: act.at)[::-1]


def _of_part(event: Event, row: str, kind: str) -> list[Change]:
    """A part that came or went is one line; one that was changed is a line for each field."""
    if event.what == WHAT["update"]:
        part = f"{kind} »{row}«" if row else kind
        return [Change(f"{part}: {each.label}", each.before, each.after) for each in event.changes]
    values = ", ".join(each.after for each in event.changes)
    return [Change(kind, values, "")] if event.what == WHAT["delete"] else [Change(kind, "", values)]


def _read(model: type[models.Model], *, owner: models.Field | None = None, **rows) -> list[tuple[Event, str]]:
    """The events of these rows, oldest first, each with what the row was called then: its first field, or the one that
    HISTORY_NAME names."""
    event_model = model.pgh_event_model
    silent = {model._meta.pk.name, "version", owner.name if owner else ""}
    fields = [
        field
        for field in event_model._meta.concrete_fields
        if not field.name.startswith("pgh_") and field.name not in silent
    ]
    events = list(event_model.objects.filter(**rows).order_by("pgh_id"))
    called = next((each for each in fields if each.name == getattr(model, "HISTORY_NAME", "")), fields[0])
    people = {str(pk): name for pk, name in User.objects.values_list("pk", "name")} if events else {}
    named = _Names(fields, events)
    latest = {}
    found = []
    for event in events:
        before = latest.get(event.pgh_obj_id)
        changes = [
            Change(str(field.verbose_name), named.of(field, before), named.of(field, event))
            for field in fields
            if before is None
            or (owner and event.pgh_label == "delete")
            or getattr(before, field.attname) != getattr(event, field.attname)
        ]
        if before is None or event.pgh_label == "delete":
            changes = [change for change in changes if change.after]
        context = event.pgh_context or {}
        act = Event(
            at=event.pgh_created_at,
            by=people.get(str(context.get("user")), BY_THE_SYSTEM),
            page=context.get("url", ""),
            what=WHAT[event.pgh_label],
            changes=changes,
        )
        found.append((act, named.of(called, before or event)))
        latest[event.pgh_obj_id] = event
    return found


class _Names:
    """Values as the page says them: choices by their label, related rows by their name, with one query a field."""

    def __init__(self, fields, events):
        self.related = {}
        for field in fields:
            if field.is_relation:
                keys = {getattr(event, field.attname) for event in events} - {None}
                rows = field.related_model._base_manager.in_bulk(keys)
                self.related[field.name] = {key: str(row) for key, row in rows.items()}

    def of(self, field, event) -> str:
        from .templatetags.danish import as_text  # which needs loaded models

        value = getattr(event, field.attname) if event is not None else None
        if field.is_relation:
            return self.related[field.name].get(value, "" if value is None else f"(slettet, nr. {value})")
        return as_text(value, dict(getattr(field, "base_field", field).flatchoices))
