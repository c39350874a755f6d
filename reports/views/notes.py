"""The list of notes, a note's page, and its block."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from reports.copying import changed_since_last
from reports.doubts import doubts
from reports.forms.notes import BlockForm, NewNoteForm, NoteFilter
from reports.models import Note
from reports.searching import snippets
from reports.views import NOTES, form_page, saved
from reports.views.afterwards import about
from reports.views.meetings import treatment_of
from sikkerby.access import get_editable
from sikkerby.exports import Column, export
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, READS, Act, may

COLUMNS = [
    Column("Dato", lambda note: note.date),
    Column("Titel", lambda note: note.title),
    Column("Til", lambda note: note.committee.name),
    Column("Status", lambda note: note.get_status_display()),
    Column("Åben eller lukket", lambda note: note.get_confidentiality_display()),
    Column("Sagsnummer", lambda note: note.case_number),
    Column("Dokumentnummer", lambda note: note.document_number),
]


@may(Act.READ_NOTES, READS)
def note_list(request: HttpRequest) -> HttpResponse:
    """Newest first; to members those that were issued to them."""
    filters = NoteFilter(request.GET, user=request.user)
    found = filters.narrow(Note.objects.visible_to(request.user)).with_document()
    if response := export(request, found.order_by("-date", "-pk"), COLUMNS, "notater"):
        return response
    shown = paginate(request, found, "-date", "-pk", noun=("notat", "notater"))
    places = snippets(shown.items, filters.chosen("q"))
    context = {
        "filters": filters,
        "page": shown,
        "rows": [(note, places.get(note.pk, "")) for note in shown.items],
        "may_write": request.user.may(Act.WRITE_NOTES),
        "works_on_them": request.user.sees_all,
        "crumbs": [(NOTES[0], None)],
    }
    return page(request, "reports/list.html", context, partial="results")


@may(Act.WRITE_NOTES, FORM)
def new_note(request: HttpRequest) -> HttpResponse:
    """A draft with the sections of its template, and the block of the note that was written last."""
    today = timezone.localdate()
    form = bind(NewNoteForm, request, initial={"date": today} | Note.objects.latest_block())
    if request.method == "POST" and form.is_valid():
        made = once(request, form, lambda: form.begin(by=request.user))
        if made:
            source = "det seneste notats" if form.last else "skabelonens"
            messages.success(request, f"Notatet er oprettet som udkast med {source} afsnit. Skriv nu afsnittene.")
            return made
    context = {"form": form, "crumbs": [NOTES, ("Nyt notat", None)]}
    return page(request, "reports/new.html", context, status=422 if form.errors else 200)


@may(Act.READ_NOTES, READS)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it looks now or as it was issued; beside it the facts and the one next act."""
    visible = Note.objects.visible_to(request.user).with_document()
    found = get_object_or_404(visible.select_related("written_by", "approved_by", "issued_by", "replaces"), pk=pk)
    works_on_it = request.user.sees_all
    context = {
        "note": found,
        "document": getattr(found, "document", None),
        "replaces": found.replaces and Note.objects.visible_to(request.user).filter(pk=found.replaces_id).first(),
        "replaced_by": Note.objects.visible_to(request.user).filter(replaces=found).first(),
        "appendices": found.appendices.listed_for(request.user),
        "sent_back": found.sent_back_with(),
        "steps": found.steps.select_related("by") if works_on_it else [],
        "works_on_it": works_on_it,
        "may_write": request.user.may(Act.WRITE_NOTES),
        "may_approve": request.user.may(Act.APPROVE_NOTES) and found.written_by != request.user,
        "may_issue": request.user.may(Act.ISSUE_NOTES),
        "crumbs": [NOTES, (found.title, None)],
    }
    context |= treatment_of(found, request.user) | about(found, request.user)
    edits_it = context["may_write"] and found.is_draft
    context["parts"] = found.sections.with_open_comments() if edits_it else None
    context["open_comments"] = found.comments.visible_to(request.user).open().count()
    context["doubts"] = doubts(found, on=timezone.localdate()) if edits_it else []
    context["changed"] = changed_since_last(found, on=timezone.localdate()) if edits_it and found.copied_from else []
    return page(request, "reports/detail.html", context)


@may(Act.WRITE_NOTES, FORM)
def edit_block(request: HttpRequest, pk: int) -> HttpResponse:
    """Addressee, title, date, open or closed, and the block beside the text."""
    found = get_editable(request, Note, pk=pk)
    found.must_be_draft()
    form = bind(BlockForm, request, instance=found)
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, "Notathovedet er gemt.")
        return redirect(found)
    return form_page(request, found, "reports/block.html", form, "Ret notathovedet")
