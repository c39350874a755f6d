"""What a note is made of: its sections, appendices and promises, while it is a draft."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from js_asset import Media

from reports.forms.appendices import AppendixForm
from reports.forms.meetings import FollowUpForm
from reports.forms.sections import FORM_OF, NewSectionForm
from reports.models import FollowUp, Note, Section
from reports.views import form_page
from sikkerby.access import get_editable
from sikkerby.forms import bind, locked, once
from sikkerby.models import StoredFile
from sikkerby.permissions import FORM, POSTS, Act, may


def _draft(request: HttpRequest, pk: int) -> Note:
    """The note, held while a POST changes a part of it, so that nobody sends it on meanwhile."""
    note = get_editable(request, Note, pk=pk)
    note.must_be_draft()
    return note


# --- Sections -----------------------------------------------------------------------------------------------------


@may(Act.WRITE_NOTES, FORM)
def new_section(request: HttpRequest, pk: int) -> HttpResponse:
    note = _draft(request, pk)
    form = bind(NewSectionForm, request)
    if request.method == "POST" and form.is_valid():
        made = once(request, form, lambda: note.add_section(form.save(commit=False)))
        if made:
            return made
    return form_page(request, note, "reports/new_section.html", form, "Nyt afsnit")


@may(Act.WRITE_NOTES, FORM)
def section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Write a section, or choose what fills it."""
    note = _draft(request, pk)
    found = get_object_or_404(locked(request, note.sections.all()), pk=section)
    form = bind(FORM_OF[found.kind], request, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Afsnittet »{found}« er gemt.")
        return redirect(note)
    editor = Media.from_media(form.media, nonce=request.csp_nonce) if "html" in form.fields else ""
    context = {
        "section": found,
        "editor": editor,
        "promises": note.promises() if found.kind == Section.Kind.PROCESS else None,
    }
    return form_page(request, note, "reports/section.html", form, str(found), **context)


@may(Act.WRITE_NOTES, POSTS)
def move_section_up(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    note = _draft(request, pk)
    get_object_or_404(note.sections, pk=section).move(up=True)
    return redirect(f"{note.get_absolute_url()}#afsnit")


@may(Act.WRITE_NOTES, POSTS)
def move_section_down(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    note = _draft(request, pk)
    get_object_or_404(note.sections, pk=section).move(up=False)
    return redirect(f"{note.get_absolute_url()}#afsnit")


@may(Act.WRITE_NOTES, POSTS)
def remove_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    note = _draft(request, pk)
    found = get_object_or_404(note.sections, pk=section)
    found.delete()
    messages.success(request, f"Afsnittet »{found}« er fjernet.")
    return redirect(f"{note.get_absolute_url()}#afsnit")


# --- Appendices ---------------------------------------------------------------------------------------------------


@may(Act.WRITE_NOTES, FORM)
def new_appendix(request: HttpRequest, pk: int) -> HttpResponse:
    """A title and, where there is one, the PDF."""
    note = _draft(request, pk)
    form = bind(AppendixForm, request)
    if request.method == "POST" and form.is_valid():
        made = once(request, form, lambda: _add_appendix(note, form, request.user))
        if made:
            messages.success(request, f"»{form.cleaned_data['title']}« er lagt ved som bilag.")
            return made
    return form_page(request, note, "reports/new_appendix.html", form, "Nyt bilag")


def _add_appendix(note: Note, form: AppendixForm, user):
    upload = form.cleaned_data["file"]
    stored = upload and StoredFile.objects.store(
        name=upload.name, content_type="application/pdf", content=upload.read(), by=user
    )
    return note.add_appendix(title=form.cleaned_data["title"], file=stored)


@may(Act.WRITE_NOTES, POSTS)
def move_appendix_up(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    note = _draft(request, pk)
    get_object_or_404(note.appendices, number=number).move(up=True)
    return redirect(f"{note.get_absolute_url()}#bilag")


@may(Act.WRITE_NOTES, POSTS)
def remove_appendix(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    note = _draft(request, pk)
    appendix = get_object_or_404(note.appendices, number=number)
    appendix.remove()
    messages.success(request, f"»{appendix.title}« er ikke længere bilag til notatet.")
    return redirect(f"{note.get_absolute_url()}#bilag")


# --- Promises -----------------------------------------------------------------------------------------------------


@may(Act.WRITE_NOTES, FORM)
def new_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """What the note promises the committee, which the office is then held to."""
    note = _draft(request, pk)
    form = bind(FollowUpForm, request, instance=FollowUp(note=note, committee=note.committee))
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, form.save):
            messages.success(request, "Løftet er noteret som opfølgning og kommer med under »Videre proces«.")
            return made
    return form_page(request, note, "reports/new_follow_up.html", form, "Ny opfølgning")


@may(Act.WRITE_NOTES, POSTS)
def remove_follow_up(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    note = _draft(request, pk)
    follow_up = get_object_or_404(note.follow_ups, pk=row)
    follow_up.delete()
    messages.success(request, f"»{follow_up}« er ikke længere lovet i notatet.")
    return redirect(note)
