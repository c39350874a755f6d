"""Notes on their way: with sections, and as far as issued. And issues of the action card."""

import io
from datetime import date, datetime

import pikepdf
from django.utils import timezone

from reports.content import CardText, Situation
from reports.models import ActionCardIssue, AgendaItem, Committee, Decision, Meeting, Note, Section
from sikkerby.models import StoredFile, User
from tests.factories import make_note

ISSUED_AT = timezone.make_aware(datetime(2013, 8, 20, 10, 0))  # noqa: DTZ001


def make_pdf_file(text: str = "et bilag", **save) -> bytes:
    """A whole PDF of one empty page, told from others by its title."""
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = text
        pdf.save(file, **({} if save else {"deterministic_id": True}), **save)
    return file.getvalue()


PDF = make_pdf_file()


def make_written_note(*, cast, text: str = "<p>Status for året.</p>", **fields) -> Note:
    """A draft with an opening, a process ahead, a point and an appendix with a file."""
    note = make_note(committee=cast.finance, written_by=cast.office, **fields)
    for order, (kind, heading, html) in enumerate(
        (
            (Section.Kind.TEXT, "", text),
            (Section.Kind.RECOMMENDATIONS, "Indstilling", ""),
            (Section.Kind.PROCESS, "Videre proces", "<p>Næste status kommer til udvalget.</p>"),
            (Section.Kind.APPENDICES, "Vedlagte bilag", ""),
        ),
        start=1,
    ):
        Section.objects.create(note=note, order=order, kind=kind, heading=heading, html=html)
    note.set_points(["at notatet tages til efterretning"])
    file = StoredFile.objects.store(name="bilag.pdf", content_type="application/pdf", content=PDF, by=cast.office)
    note.add_appendix(title="Katalog", file=file)
    return note


def make_approved_note(*, cast, **fields) -> Note:
    note = make_written_note(cast=cast, **fields)
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    return note


def make_issued_note(*, cast, **fields) -> Note:
    note = make_approved_note(cast=cast, **fields)
    note.issue(by=cast.office, at=ISSUED_AT)
    return note


def make_note_with_points(*, cast, points: int = 3, **fields) -> Note:
    """Issued, with so many points to decide."""
    note = make_note(committee=cast.finance, written_by=cast.office, **fields)
    note.set_points([f"at nummer {number} godkendes" for number in range(1, points + 1)])
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.issue(by=cast.office, at=ISSUED_AT)
    return note


def make_meeting(*, committee: Committee, day: date = date(2013, 8, 27), **fields) -> Meeting:
    return Meeting.objects.create(committee=committee, day=day, **fields)


def make_item(*, note: Note, committee: Committee | None = None, number: str = "", **meeting) -> AgendaItem:
    """On a meeting of 27 August 2013."""
    committee = committee or note.committee
    return make_meeting(committee=committee, **meeting).put(note, number=number)


def make_decision(
    *, item: AgendaItem, by: User, first: int | None = None, last: int | None = None, **fields
) -> Decision:
    decision = Decision(
        note=item.note,
        committee=item.committee,
        item=item,
        meeting_date=item.meeting.day,
        item_number=item.number,
        first_point=first,
        last_point=last or first,
        **{"outcome": Decision.Outcome.NOTED, **fields},
    )
    return Decision.objects.record(decision, by=by)


def make_card_issue(*, number: int = 1) -> ActionCardIssue:
    """As it is kept, without setting the page to see that it fits."""
    text = CardText(heading=f"Kort {number}", situations=(Situation(name="Uro", steps=("Tal roligt.",)),))
    return ActionCardIssue.objects.create(
        number=number, issued_on=date(2026, 11, 1), issued_by_name="Kontoret", content=text.to_json()
    )
