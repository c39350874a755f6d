"""The versions of a section, as its history has them, and what differs between two of them, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.db import transaction
from django.db.models import Exists, OuterRef

from reports.models import Note, Section
from reports.prose import plain
from sikkerby.history import BY_THE_SYSTEM
from sikkerby.models import User

# What is saved while one writes is one version, until one stops for so long or another goes on.
PAUSE = timedelta(minutes=10)
BRINGS_BACK = "/versioner/"  # in the address of the page that an event came from
KEPT = (
    *("kind", "heading", "html", "first_year", "year", "principle", "catalogue", "as_text"),
    *("decision", "quoted_body", "quoted_on", "quoted_item", "economy"),
)


@dataclass(frozen=True, kw_only=True)
class Version:
    """How a section stood when someone stopped writing."""

    pk: int  # of the last event in it
    at: datetime
    by: str
    text: str  # its words, heading first


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some words that two texts share, or that only the newer (added) or the older (removed) has."""

    kind: str  # "same", "added", "removed"
    words: str


def versions_of(section: Section) -> list[Version]:
    """Newest first; those that changed its place alone are none."""
    people = {str(pk): name for pk, name in User.objects.values_list("pk", "name")}
    found: list[Version] = []
    for event in Section.pgh_event_model.objects.filter(pgh_obj_id=section.pk).order_by("pgh_id"):
        context = event.pgh_context or {}
        by = people.get(str(context.get("user")), BY_THE_SYSTEM)
        brought_back = BRINGS_BACK in context.get("url", "")
        version = Version(pk=event.pgh_id, at=event.pgh_created_at, by=by, text=_words(event))
        if found and found[-1].text == version.text:
            continue
        # The first of all is what it began as; and what an older version took the place of can be had back.
        if len(found) > 1 and not brought_back and found[-1].by == by and version.at - found[-1].at < PAUSE:
            found.pop()
        found.append(version)
    return found[::-1]


def _words(event) -> str:
    return "\n".join(part for part in (event.heading, plain(event.html)) if part)


def difference(old: str, new: str) -> Iterator[Piece]:
    """What became of the old text, word by word and in reading order. Of long texts words that stand everywhere are no
    sign of what stayed (difflib's autojunk): 20,000 letters of the same two words would take minutes."""
    before, after = (re.findall(r"\n|[^\s]+", text) for text in (old, new))
    for act, first, last, begin, end in SequenceMatcher(None, before, after).get_opcodes():
        if act == "equal":
            yield Piece(kind="same", words=" ".join(after[begin:end]))
        else:
            if first < last:
                yield Piece(kind="removed", words=" ".join(before[first:last]))
            if begin < end:
                yield Piece(kind="added", words=" ".join(after[begin:end]))


# --- Back to what was ---------------------------------------------------------------------------------------------


def bring_back(section: Section, version: int) -> None:
    """Make the section what it was, as a new version: nothing that was written since is lost from its history."""
    event = Section.pgh_event_model.objects.get(pgh_obj_id=section.pk, pgh_id=version)
    _fill(section, event)
    section.save()


def removed_from(note: Note):
    """The events that took sections off the note, the last first; not of those that stand there again."""
    there = note.sections.filter(kind=OuterRef("kind"), heading=OuterRef("heading"), html=OuterRef("html"))
    events = Section.pgh_event_model.objects.filter(~Exists(there), note_id=note.pk, pgh_label="delete")
    return events.order_by("-pgh_id")


@transaction.atomic
def put_back(note: Note, event) -> Section:
    """A section that was removed, with all that was in it but its choice of initiatives, which has no history."""
    section = Section()
    _fill(section, event)
    return note.add_section(section)


def _fill(section: Section, event) -> None:
    for name in KEPT:
        field = Section._meta.get_field(name)
        value = getattr(event, field.attname)
        if field.is_relation and not field.related_model._base_manager.filter(pk=value).exists():
            value = None  # it was deleted since
        setattr(section, field.attname, value)
