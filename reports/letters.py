"""What is told by mail of a note. A letter names the committee and, of an open note, its title; the paper stays behind
the log-in."""

from datetime import date

from django.utils import timezone

from reports.models import ChainCheck, Committee, Note
from sikkerby import mail
from sikkerby.models import Duty, Notice, User

NOTE = "reports/mail/note.txt"
FAULTS = "reports/mail/faults.txt"


def tell_of_issue(note: Note) -> None:
    """Tell those who sit on the committees that are to treat it, on the day it is issued: each once, and only those
    who want more than the necessary. An open note may be read by all committees, which are not told."""
    for committee in note.treated_by():
        tell_of_note(note, committee)


def tell_of_note(note: Note, committee: Committee) -> None:
    """The members of one committee, with who stands in for them, and its secretaries."""
    context = {"note": note, "committee": committee}
    for user in readers_in(committee):
        mail.tell(user, NOTE, context, key=key_of(note))


def readers_in(committee: Committee) -> list[User]:
    seats = committee.seats.on(timezone.localdate()).values("user")
    return list(User.objects.filter(pk__in=seats).order_by("pk"))


def key_of(note: Note) -> str:
    return f"note-{note.pk}"


def undelivered(note: Note) -> list[Notice]:
    """The mails of this note that the mail server refused, those it still tries to send among them."""
    return list(Notice.objects.about(key_of(note)).refused().select_related("user", "email"))


def tell_of_faults(check: ChainCheck, *, today: date) -> None:
    """Tell the office and the system administrators, whatever else they want to be told, that something recorded for
    good has changed: once a day, while it lasts."""
    watch = Duty.objects.on(today).filter(kind__in=[Duty.Kind.OFFICE, Duty.Kind.ADMINISTRATOR])
    for user in User.objects.filter(pk__in=watch.values("user")).order_by("pk"):
        mail.tell(user, FAULTS, {"check": check}, key=f"chain-faults-{today}", necessary=True)
