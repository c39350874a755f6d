"""Writing a section: its page, and what happens while one writes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from js_asset import Media

from reports.forms.sections import FORM_OF, SectionForm
from reports.gathering import last_year_of
from reports.models import Note, Section
from reports.references import Figures
from reports.views import draft, form_page
from sikkerby.forms import bind, locked
from sikkerby.permissions import FORM, POSTS, Act, may


def _form_of(request: HttpRequest, note: Note, section: int) -> SectionForm:
    found = get_object_or_404(locked(request, note.sections.all()), pk=section)
    return bind(FORM_OF[found.kind], request, instance=found)


@may(Act.WRITE_NOTES, FORM)
def section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Write a section, or choose what fills it."""
    note = draft(request, pk)
    form = _form_of(request, note, section)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Afsnittet »{form.instance}« er gemt.")
        return redirect(note)
    found = note.sections.get(pk=section)  # the form's own is as it was typed
    is_text = not {"html", "points"}.isdisjoint(form.fields)
    context = {
        "section": found,
        "editor": Media.from_media(form.media, nonce=request.csp_nonce) if "html" in form.fields else "",
        "figures": Figures(last_year_of(note)).known() if is_text else [],
        "promises": note.promises() if found.kind == Section.Kind.PROCESS else None,
        "saved_at": None,
    }
    return form_page(request, note, "reports/section.html", form, str(found), **context)


@may(Act.WRITE_NOTES, POSTS)
def save_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """What is written so far, a second after the last key: the answer says when it was saved, or why it was not."""
    note = draft(request, pk)
    form = _form_of(request, note, section)
    valid = form.is_valid()
    if valid:
        form.save()
        form.instance.refresh_from_db(fields=["version"])
    if not request.htmx:
        return redirect(form.instance)
    context = {
        "form": form,
        "note": note,
        "section": form.instance,
        "saved_at": timezone.localtime() if valid else None,
    }
    return render(request, "reports/section.html#saved", context, status=200 if valid else 422)
