"""What is attached to a note: files, papers made from the registers, titles."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from reports import appendix_papers
from reports.forms.appendices import AppendixForm
from reports.models import Appendix, Note
from reports.pdf import PdfError
from reports.views import form_page
from reports.views.documents import as_file
from sikkerby import access
from sikkerby.access import get_editable
from sikkerby.forms import bind, once
from sikkerby.middleware import Conflict
from sikkerby.permissions import FORM, POSTS, READS, Act, may
from sikkerby.snapshot import one_snapshot


def _of_draft(request: HttpRequest, pk: int) -> Note:
    """The note, held while a POST changes a part of it, so that nobody sends it on meanwhile."""
    note = get_editable(request, Note, pk=pk)
    note.must_be_draft()
    return note


@may(Act.WRITE_NOTES, FORM)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A title and, where there is one, the PDF or what it is made from."""
    note = _of_draft(request, pk)
    form = bind(AppendixForm, request, note=note, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, lambda: form.attach(by=request.user)):
            messages.success(request, f"»{form.cleaned_data['title']}« er lagt ved som bilag.")
            return made
    return form_page(request, note, "reports/new_appendix.html", form, "Nyt bilag")


@may(Act.WRITE_NOTES, POSTS)
def move_up(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _moved(request, pk, number, up=True)


@may(Act.WRITE_NOTES, POSTS)
def move_down(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _moved(request, pk, number, up=False)


def _moved(request: HttpRequest, pk: int, number: int, *, up: bool) -> HttpResponse:
    note = _of_draft(request, pk)
    appendix = get_object_or_404(note.appendices, number=number)
    appendix.move(up=up)
    return redirect(f"{note.get_absolute_url()}#bilag-{appendix.number}")


@may(Act.WRITE_NOTES, POSTS)
def remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The one that the page showed: those after it move up, and a double click would take the next as well."""
    note = _of_draft(request, pk)
    there = {str(each.pk) for each in note.appendices.filter(number=number)}
    if request.POST.get("row") not in (None, *there):
        raise Conflict("Bilagene er ændret imens. Se listen igen, før du fjerner flere.")
    appendix = get_object_or_404(note.appendices, number=number)
    appendix.remove()
    messages.success(request, f"»{appendix.title}« er ikke længere bilag til notatet.")
    return redirect(f"{note.get_absolute_url()}#bilag")


# --- The paper ----------------------------------------------------------------------------------------------------


@transaction.non_atomic_requests
@may(Act.WRITE_NOTES, READS)
@one_snapshot
def draft_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One that is made from the registers, as it would be today, marked UDKAST."""
    note = get_editable(request, Note, pk=pk)
    note.must_not_be_issued()
    appendix = get_object_or_404(note.appendices.made_from_registers(), number=number)
    now = timezone.now()
    try:
        body = appendix_papers.make(appendix, note=note, on=timezone.localdate(now), created=now, draft=True)
    except PdfError as error:
        raise Conflict(str(error)) from error
    return as_file(body, f"{appendix.filename} (udkast).pdf", shown=True)


@may(Act.READ_NOTES, READS)
def pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The bytes that are kept. No row in the access log, no download."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    note.must_be_readable()
    readable = Appendix.objects.readable_by(request.user).filter(note=note).select_related("file")
    appendix = get_object_or_404(readable, number=number)
    if appendix.file is None:
        raise Http404("an appendix without a file")
    access.record(request, f"Notat {note.pk}: {appendix}")
    return as_file(bytes(appendix.file.content), f"{note.date:%Y-%m-%d} {appendix.filename}.pdf")
