"""Writing a section: its page, and what happens while one writes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import escape
from js_asset import Media

from reports.forms.sections import FORM_OF, SectionForm
from reports.gathering import last_year_of
from reports.models import Note, Section
from reports.prose import plain
from reports.references import Figures
from reports.suggestions import Suggestion, suggested_in
from reports.views import draft, form_page
from sikkerby.forms import bind, locked
from sikkerby.permissions import FORM, POSTS, Act, may


def _form_of(request: HttpRequest, note: Note, section: int) -> SectionForm:
    found = get_object_or_404(locked(request, note.sections.all()), pk=section)
    return bind(FORM_OF[found.kind], request, instance=found)


def _promises(note: Note, section: Section) -> dict:
    """Beside "Videre proces": what the note promises, what its text seems to promise, and what was promised before."""
    if section.kind != Section.Kind.PROCESS:
        return {"promises": None, "suggestions": [], "earlier": []}
    promises = note.promises()
    known = {each.promise for each in promises}
    return {
        "promises": promises,
        "suggestions": [each for each in _suggested(note, section) if each.promise not in known],
        "earlier": note.promised_before(),
    }


def _suggested(note: Note, section: Section) -> list[Suggestion]:
    return suggested_in(plain(section.html), on=note.date)


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
    takes_figures = form.FIGURES_IN & form.fields.keys()
    context = {
        "section": found,
        "editor": Media.from_media(form.media, nonce=request.csp_nonce) if "html" in form.fields else "",
        "figures": Figures(last_year_of(note)).known() if takes_figures else [],
        "saved_at": None,
        "comments": found.comments.visible_to(request.user).open().in_full(),
        **_promises(note, found),
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
        **_promises(note, form.instance),
    }
    return render(request, "reports/section.html#saved", context, status=200 if valid else 422)


# --- Promises -----------------------------------------------------------------------------------------------------


@may(Act.WRITE_NOTES, POSTS)
def accept_suggestion(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """What the text promises becomes a follow-up, with its date as it was said."""
    note = draft(request, pk)
    found = get_object_or_404(note.sections, pk=section)
    wanted = next((each for each in _suggested(note, found) if each.promise == request.POST.get("promise")), None)
    if wanted is None:
        messages.warning(request, "Teksten er ændret imens. Se forslagene igen.")
    elif note.promise(wanted.promise, due=wanted.due, precision=wanted.precision):
        messages.success(request, f"»{wanted.promise}« er noteret som opfølgning.")
    return redirect(f"{found.get_absolute_url()}#opfoelgninger")


@may(Act.WRITE_NOTES, POSTS)
def carry_promise(request: HttpRequest, pk: int, section: int, row: int) -> HttpResponse:
    """Write what the committee was promised before, and still waits for, under the text."""
    note = draft(request, pk)
    found = get_object_or_404(locked(request, note.sections.all()), pk=section)
    promise = get_object_or_404(note.promised_before(), pk=row)
    sentence = f"<p>{escape(promise.as_outstanding())}</p>"
    if not found.html.endswith(sentence):  # a double click
        found.html += sentence
        found.save()
    messages.success(request, "Det, der udestår, er skrevet ind. Ret sætningen til, som den skal stå.")
    return redirect(found)
