"""What a note is made of: its sections and promises, while it is a draft."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from reports.forms.follow_ups import FollowUpForm
from reports.forms.sections import NewSectionForm, OrderForm
from reports.models import FollowUp
from reports.views import draft, form_page
from sikkerby.forms import bind, once
from sikkerby.permissions import FORM, POSTS, Act, may

# --- Sections -----------------------------------------------------------------------------------------------------


@may(Act.WRITE_NOTES, FORM)
def new_section(request: HttpRequest, pk: int) -> HttpResponse:
    note = draft(request, pk)
    form = bind(NewSectionForm, request)
    if request.method == "POST" and form.is_valid():
        made = once(request, form, lambda: note.add_section(form.save(commit=False)))
        if made:
            return made
    return form_page(request, note, "reports/new_section.html", form, "Nyt afsnit")


@may(Act.WRITE_NOTES, POSTS)
def move_section_up(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    return _moved(request, pk, section, up=True)


@may(Act.WRITE_NOTES, POSTS)
def move_section_down(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    return _moved(request, pk, section, up=False)


def _moved(request: HttpRequest, pk: int, section: int, *, up: bool) -> HttpResponse:
    """Back to its row, where who moves it by keyboard goes on."""
    note = draft(request, pk)
    get_object_or_404(note.sections, pk=section).move(up=up)
    return redirect(f"{note.get_absolute_url()}#afsnit-{section}")


@may(Act.WRITE_NOTES, POSTS)
def order_sections(request: HttpRequest, pk: int) -> HttpResponse:
    """All at once, as they were dragged."""
    note = draft(request, pk)
    form = OrderForm(request.POST)
    if form.is_valid():
        note.put_in_order(form.cleaned_data["order"], shown=form.cleaned_data["shown"])
    return redirect(f"{note.get_absolute_url()}#afsnit")


@may(Act.WRITE_NOTES, POSTS)
def remove_section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    note = draft(request, pk)
    found = get_object_or_404(note.sections, pk=section)
    found.delete()
    messages.success(request, f"Afsnittet »{found}« er fjernet. Det kan sættes ind igen fra »Fjernede afsnit«.")
    return redirect(f"{note.get_absolute_url()}#afsnit")


# --- Promises -----------------------------------------------------------------------------------------------------


@may(Act.WRITE_NOTES, FORM)
def new_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """What the note promises the committee, which the office is then held to."""
    note = draft(request, pk)
    form = bind(FollowUpForm, request, instance=FollowUp(note=note, committee=note.committee))
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, form.save, to=lambda follow_up: note.get_absolute_url()):
            messages.success(request, "Løftet er noteret som opfølgning og kommer med under »Videre proces«.")
            return made
    return form_page(request, note, "reports/new_follow_up.html", form, "Ny opfølgning")


@may(Act.WRITE_NOTES, POSTS)
def remove_follow_up(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    note = draft(request, pk)
    follow_up = get_object_or_404(note.follow_ups, pk=row)
    follow_up.delete()
    messages.success(request, f"»{follow_up}« er ikke længere lovet i notatet.")
    return redirect(note)
