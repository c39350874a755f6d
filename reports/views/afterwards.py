"""What happens with a note after it was issued: packages, its authenticity, journalising, and in the last resort that
it is barred from view."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from reports import packages, since
from reports.authenticity import hash_of, issued_as
from reports.forms.issuing import BarringForm, CheckForm, CodeForm, JournaliseForm
from reports.models import Barring, ChainCheck, Journalisation, Note
from reports.views import NOTES, form_page
from reports.views.documents import as_file
from sikkerby import access
from sikkerby.access import get_editable
from sikkerby.forms import bind
from sikkerby.htmx import page
from sikkerby.permissions import FORM, POSTS, READS, Act, may

ZIP = "application/zip"


def about(note: Note, user) -> dict:
    """What the page of an issued note says of what has become of it."""
    may_bar, document = user.may(Act.BAR_NOTES), getattr(note, "document", None)
    barring = getattr(note, "barring", None) if may_bar else None  # that someone wishes it would make others curious
    follows = document is not None and user.may(Act.READ_FIGURES)
    return {
        "years_since": since.since(document) if follows else [],
        "has_figures": document is not None and since.has_figures(document),
        "barring": barring,
        "may_confirm": barring is not None and barring.asked_by_id != user.pk,
        "journalisation": getattr(note, "journalisation", None),
        "may_journalise": user.may(Act.JOURNALISE),
        "may_bar": may_bar,
    }


# --- Packages -----------------------------------------------------------------------------------------------------


@may(Act.READ_NOTES, READS)
def agenda_package(request: HttpRequest, pk: int) -> HttpResponse:
    return _package(request, pk, packages.for_the_agenda, "pakke til dagsordenen")


@may(Act.JOURNALISE, READS)
def journal_package(request: HttpRequest, pk: int) -> HttpResponse:
    return _package(request, pk, packages.for_the_journal, "pakke til journalisering")


def _package(request: HttpRequest, pk: int, make, called: str) -> HttpResponse:
    """What this person may read of the note, as one file. No row in the access log, no download."""
    note = get_object_or_404(Note.objects.visible_to(request.user).issued().with_document(), pk=pk)
    note.must_be_readable()
    access.record(request, f"Notat {note.pk}: {called}")
    name = f"{note.document.filename.removesuffix('.pdf')} - {called}.zip"
    return as_file(make(note.document, request.user), name, content_type=ZIP)


# --- Is it what was issued? ---------------------------------------------------------------------------------------


@may(Act.CHECK_DOCUMENTS, FORM)
def check(request: HttpRequest) -> HttpResponse:
    """By the code on a paper, or by the file: which note is it?"""
    by_code = request.method == "POST" and "code" in request.POST
    code = CodeForm(request.POST if by_code else None, user=request.user)
    file = CheckForm(None, None) if by_code else bind(CheckForm, request)
    if by_code and code.is_valid():
        return redirect("reports:note_check", code.cleaned_data["code"].pk)
    context = {"code": code, "file": file, "form": code if by_code else file} | _answer(request, file)
    context["crumbs"] = [NOTES, ("Er det ægte?", None)]
    return page(request, "reports/authenticity.html", context, status=422 if code.errors or file.errors else 200)


@may(Act.CHECK_DOCUMENTS, FORM)
def check_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Is a file this note, as it was issued, or one of its appendices?"""
    note = get_object_or_404(Note.objects.visible_to(request.user).issued().with_document(), pk=pk)
    form = bind(CheckForm, request)
    context = {"document": note.document} | _answer(request, form, note=note)
    return form_page(request, note, "reports/authenticity_of_note.html", form, "Er filen den udsendte?", **context)


def _answer(request: HttpRequest, form: CheckForm, *, note: Note | None = None) -> dict:
    """What a file that was sent is: of this note; else which other; else nothing that this person may see."""
    last = ChainCheck.objects.first()
    context = {
        "last_check": last,
        "shown_faults": last.faults if last and request.user.sees_all else [],
        "asked": form.is_bound and form.is_valid(),
    }
    if not context["asked"]:
        return context
    sha256 = hash_of(form.cleaned_data["file"].chunks())
    found = issued_as(sha256, user=request.user, note=note)
    other = issued_as(sha256, user=request.user) if note and not found else None
    return context | {"found": found, "other": other, "filename": form.cleaned_data["file"].name}


# --- Journalised, barred ------------------------------------------------------------------------------------------


@may(Act.JOURNALISE, FORM)
def journalise(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_editable(request, Note, pk=pk)
    note.must_be_issued()
    today, issued = timezone.localdate(), timezone.localdate(note.issued_at)
    form = bind(JournaliseForm, request, today=today, issued=issued)
    if request.method == "POST" and form.is_valid():
        Journalisation.objects.record(note, on=form.cleaned_data["on"], by=request.user)
        messages.success(request, "Det er noteret, at notatet er journaliseret.")
        return redirect(note)
    return form_page(request, note, "reports/journalise.html", form, "Notér journalisering")


@may(Act.BAR_NOTES, FORM)
def ask_barring(request: HttpRequest, pk: int) -> HttpResponse:
    """The first of two persons says why."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    note.must_be_issued()
    form = bind(BarringForm, request)
    if request.method == "POST" and form.is_valid():
        Barring.objects.ask(note, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, "Ønsket er noteret. Notatet bliver spærret, når en anden har bekræftet det.")
        return redirect(note)
    may_write = request.user.may(Act.WRITE_NOTES)
    return form_page(request, note, "reports/bar.html", form, "Spær for visning", may_write=may_write)


@may(Act.BAR_NOTES, POSTS)
def confirm_barring(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    Barring.objects.wished_for(note).confirm(by=request.user)
    messages.success(request, "Notatet er spærret for visning. Det kan ikke læses eller hentes længere.")
    return redirect(note)


@may(Act.BAR_NOTES, POSTS)
def take_back_barring(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    Barring.objects.wished_for(note).take_back(by=request.user)
    messages.success(request, "Notatet bliver ikke spærret. Det kan læses som før.")
    return redirect(note)
