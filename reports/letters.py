"""What is told by mail of a note. A letter names the committee and, of an open note, its title; the paper stays behind
the log-in."""

from django.utils import timezone

from reports.models import Committee, Note
from sikkerby import mail
from sikkerby.models import Notice, User

NOTE = "reports/mail/note.txt"


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
