"""What the views of this room share."""

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from reports.models import Note
from sikkerby.access import get_editable
from sikkerby.forms import EditForm, violated
from sikkerby.htmx import page

NOTES = ("Notater", "/notater/")  # the first of the crumbs of every page here


def draft(request: HttpRequest, pk: int) -> Note:
    """The note, held while a POST changes a part of it, so that nobody sends it on meanwhile."""
    note = get_editable(request, Note, pk=pk)
    note.must_be_draft()
    return note


def form_page(request: HttpRequest, note: Note, template: str, form, title: str, **context) -> HttpResponse:
    """A page about a note, under the note's own, with its form if it has one; 422 where that was refused."""
    crumbs = [NOTES, (note.title, note.get_absolute_url()), (title, None)]
    context |= {"form": form, "note": note, "title": title, "crumbs": crumbs}
    return page(request, template, context, status=422 if form and form.errors else 200)


def saved(form: EditForm) -> bool:
    """Save a valid form. False where another was first and the database refuses it; then the form says so."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError as error:
        form.add_error(None, violated(error))
        return False
    return True
