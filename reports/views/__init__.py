"""What the views of this room share."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from reports.models import Note
from sikkerby.htmx import page


def form_page(request: HttpRequest, note: Note, template: str, form, title: str, **context) -> HttpResponse:
    """The page of a form about a note, under the note's own page; 422 where the form was refused."""
    crumbs = [("Notater", reverse("reports:note_list")), (note.title, note.get_absolute_url()), (title, None)]
    context |= {"form": form, "note": note, "title": title, "crumbs": crumbs}
    return page(request, template, context, status=422 if form.errors else 200)
