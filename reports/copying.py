"""A note that begins as a copy of the last one to the same committee: its years moved on, and what that changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from closures.figures import BASELINE_YEAR
from reports import content
from reports.gathering import gather, last_year_of
from reports.models import Decision, IssuedDocument, Note, Section
from reports.prose import plain
from reports.references import BASELINE, REFERENCE, SAID, Figures, moved_on
from sikkerby.models import User
from sikkerby.templatetags.danish import days, with_capital


@transaction.atomic
def begin_as_copy(note: Note, *, of: Note, by: User) -> Note:
    """Save a new draft with the sections, points and appendices of the note `of`. Years of figures are moved on by the
    years between the two, as far as there are figures; what was uploaded is attached again, what is made from the
    registers will be made anew."""
    note.template, note.written_by, note.copied_from = of.template, by, of
    note.save()
    shift = note.date.year - of.date.year
    known = Figures(last_year_of(note))
    for section in of.sections.prefetch_related("initiatives"):
        initiatives = list(section.initiatives.all())
        section.pk, section.note, section._state.adding = None, note, True
        _move_on(section, shift, known)
        if not Decision.objects.quotable_in(note).filter(pk=section.decision_id).exists():
            section.decision = None
        section.save()
        section.initiatives.set(initiatives)
    note.set_points(moved_on(point.text, shift, known) for point in of.recommendations.all())
    for appendix in of.appendices.with_readers():
        readers = list(appendix.closed_to.all())
        appendix.pk, appendix.note, appendix._state.adding = None, note, True
        if appendix.is_made_from_registers:
            appendix.file = None
        if appendix.year:
            appendix.year = known.newest(appendix.year + shift, after=appendix.year)
        appendix.save()
        appendix.closed_to.set(readers)
    return note


def _move_on(section: Section, shift: int, known: Figures) -> None:
    """The baseline stays what the years are compared with."""
    section.html = moved_on(section.html, shift, known)
    if section.kind == Section.Kind.CLOSURES and section.year:
        last = known.newest(section.year + shift, after=section.year)
        if section.first_year and section.first_year != BASELINE_YEAR:
            section.first_year += last - section.year
        section.year = last


# --- What is changed since the last one ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What is otherwise in a section than in the note it was copied from: one sentence for each thing."""

    heading: str
    said: tuple[str, ...]


def changed_since_last(note: Note, *, on: date) -> list[Changed]:
    """Section by section, of a draft that was copied: figures and years, as the last paper had them and as they are
    today. What is written otherwise is for the writer to see in the text."""
    last = Note.objects.issued().with_document().get(pk=note.copied_from_id).document
    before = list(content.Paper.from_json(last.content).sections)
    found = []
    for section in gather(note, on=on).sections:
        old = next((each for each in before if (each.kind, each.heading) == (section.kind, section.heading)), None)
        if old is None:
            continue
        before.remove(old)
        if said := tuple(_SAID_OF.get(section.kind, _nothing)(old, section)):
            found.append(Changed(heading=section.heading or "Uden overskrift", said=said))
    if said := tuple(_figures(note, last)):
        found.append(Changed(heading="Tal i teksten", said=said))
    return found


def _nothing(old, new) -> Iterator[str]:
    return iter(())


def _closures(old: content.ClosureFigures, new: content.ClosureFigures) -> Iterator[str]:
    then, now = ({each.year: each for each in section.years} for section in (old, new))
    if old.years[-1].year != new.years[-1].year:
        yield f"Viser nu {new.years[-1].year} som det seneste år. Sidst var det {old.years[-1].year}."
    for year in sorted(then.keys() | now.keys()):
        if year not in then:
            yield f"{year} er kommet til: {days(now[year].total)} ikke-planlagte lukkedage i alt."
        elif year not in now:
            yield f"{year} er ikke længere med."
        elif then[year].total != now[year].total:
            yield f"{year}: {days(then[year].total)} ikke-planlagte lukkedage er nu {days(now[year].total)}."


def _targets(old: content.Targets, new: content.Targets) -> Iterator[str]:
    then = {each.text: each for each in old.targets}
    for target in new.targets:
        before = {each.period: each.value for each in then[target.text].measurements} if target.text in then else {}
        for each in target.measurements:
            if each.period not in before:
                yield f"»{target.text}«: {each.period} er kommet til med {each.value}."
            elif before[each.period] != each.value:
                yield f"»{target.text}«: {each.period} var {before[each.period]} og er nu {each.value}."


def _initiatives(old: content.Initiatives, new: content.Initiatives) -> Iterator[str]:
    then, now = ({entry.title: entry for group in section.groups for entry in group.entries} for section in (old, new))
    for title in now.keys() - then.keys():
        yield f"»{title}« er kommet til."
    for title in then.keys() - now.keys():
        yield f"»{title}« er ikke længere med."
    for title in now.keys() & then.keys():
        if then[title].status != now[title].status:
            yield f"»{title}«: {then[title].status or 'uden status'} er nu {now[title].status or 'uden status'}."


_SAID_OF = {"closures": _closures, "targets": _targets, "initiatives": _initiatives}


def _figures(note: Note, last: IssuedDocument) -> Iterator[str]:
    """References, one for one in the order they stand: each year that was moved, and each value that is another."""
    known = Figures(last_year_of(note))
    then = {(each["name"], each["year"]): each["value"] for each in last.content.get("figures", ())}
    shift = note.date.year - note.copied_from.date.year
    for (name, year), value in then.items():
        token = BASELINE if name == BASELINE else moved_on(f"{{{name} {year}}}", shift, known).strip("{}")
        now = known.find(token)
        if now and (now.year, now.value) != (year, value):
            said = with_capital(SAID[name].format(year=year))
            yield f"{said} ({value}) er blevet til {now.said} ({now.value})."


def years_left_behind(note: Note) -> Iterator[tuple[Section, int]]:
    """Sections that name the year a copied text was about in plain figures, beside a reference that was moved on."""
    if not note.copied_from:
        return
    known = Figures(last_year_of(note))
    shift = note.date.year - note.copied_from.date.year
    for section in note.sections.exclude(html=""):
        words = plain(REFERENCE.sub("", section.html))
        for token in REFERENCE.findall(section.html):
            found = known.find(token)
            if found and found.year != BASELINE_YEAR and str(found.year - shift) in words and shift:
                yield section, found.year - shift
                break
