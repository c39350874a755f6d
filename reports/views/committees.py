"""Committees: which there are, what they have been called, who sits on them, their meetings and their notes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from reports.forms.committees import (
    CommitteeForm,
    NameForm,
    NewCommitteeForm,
    NewNameForm,
    NewSeatForm,
    RenameForm,
    SeatForm,
)
from reports.models import AgendaItem, Committee, CommitteeName, Note, Seat
from reports.views import NOTES, saved
from sikkerby.access import get_editable
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.permissions import FORM, READS, Act, may
from sikkerby.templatetags.danish import plain_date

COMMITTEES = ("Udvalg", "/udvalg/")


@may(Act.READ_NOTES, READS)
def committee_list(request: HttpRequest) -> HttpResponse:
    """Those that exist with their next meeting, one's own first; and those that are dissolved."""
    today = timezone.localdate()
    visible = Committee.objects.visible_to(request.user)
    context = {
        "committees": visible.existing(today).with_next_meeting(today),
        "dissolved": visible.dissolved(today),
        "own": set(Committee.objects.of(request.user, today).values_list("pk", flat=True)),
        "may_edit": request.user.may(Act.EDIT_COMMITTEES),
        "crumbs": [NOTES, (COMMITTEES[0], None)],
    }
    return page(request, "reports/committees.html", context)


@may(Act.READ_NOTES, READS)
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """Its meetings to come and held, what waits for one, its newest notes, and who sits on it now and sat earlier."""
    today, user = timezone.localdate(), request.user
    found = get_object_or_404(Committee.objects.visible_to(user), pk=pk)
    seats = found.seats.in_order()
    context = {
        "committee": found,
        "exists": found.exists_on(today),
        "coming": found.meetings.to_come(today).with_papers(user),
        "held": found.meetings.held(today).with_papers(user)[:10],
        "without_meeting": AgendaItem.objects.visible_to(user).of(found).waiting().in_full(),
        "notes": Note.objects.visible_to(user).issued().to(found).with_document()[:10],
        "names": found.names.all(),
        "seats": seats.on(today),
        "seats_to_come": seats.after(today),
        "seats_before": seats.before(today),
        "may_edit": user.may(Act.EDIT_COMMITTEES),
        "may_plan": user.may(Act.PLAN_MEETINGS),
        "crumbs": [NOTES, COMMITTEES, (found.name, None)],
    }
    return page(request, "reports/committee.html", context)


# --- What the office edits ----------------------------------------------------------------------------------------


@may(Act.EDIT_COMMITTEES, FORM)
def new_committee(request: HttpRequest) -> HttpResponse:
    form = bind(NewCommitteeForm, request)
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, form.save):
            messages.success(request, "Udvalget er oprettet. Skriv nu, hvem der sidder i det.")
            return made
    return _form_page(request, form, "Nyt udvalg")


@may(Act.EDIT_COMMITTEES, FORM)
def change_committee(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, Committee, pk=pk)
    form = bind(CommitteeForm, request, instance=found)
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, "Udvalget er gemt.")
        return redirect(found)
    return _form_page(request, form, "Ret udvalget", Committee.objects.get(pk=pk))


@may(Act.EDIT_COMMITTEES, FORM)
def rename_committee(request: HttpRequest, pk: int) -> HttpResponse:
    """From a day on it is called otherwise; what was issued until then keeps the name of its day."""
    found = get_editable(request, Committee, pk=pk)
    form = bind(RenameForm, request, committee=found)
    if request.method == "POST" and form.is_valid():
        former = found.name
        try:
            found.rename(form.cleaned_data["name"], begins=form.cleaned_data["begins"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            begins = plain_date(form.cleaned_data["begins"])
            messages.success(request, f"{former} hedder {found} fra den {begins}.")
            return redirect(found)
    return _form_page(request, form, "Skift navn", found, verb="Skift navn")


@may(Act.EDIT_COMMITTEES, FORM)
def new_name(request: HttpRequest, pk: int) -> HttpResponse:
    """What it was called before it was known here."""
    found = get_editable(request, Committee, pk=pk)
    form = bind(NewNameForm, request, instance=CommitteeName(committee=found))
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, form.save, to=lambda name: found.get_absolute_url()):
            return made
    return _form_page(request, form, "Tidligere navn", found)


@may(Act.EDIT_COMMITTEES, FORM)
def change_name(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    found = get_editable(request, Committee, pk=pk)
    form = bind(NameForm, request, instance=get_object_or_404(found.names, pk=row))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Navnet er gemt.")
        return redirect(found)
    return _form_page(request, form, "Ret tidligere navn", found)


@may(Act.EDIT_COMMITTEES, FORM)
def new_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """A member, a substitute or a secretary, who has an account already."""
    found = get_editable(request, Committee, pk=pk)
    form = bind(NewSeatForm, request, instance=Seat(committee=found))
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, form.save, to=lambda seat: found.get_absolute_url()):
            seat = Seat.Kind(form.cleaned_data["kind"]).of(found)
            messages.success(request, f"{form.cleaned_data['user']} er {seat}.")
            return made
    return _form_page(request, form, "Ny plads i udvalget", found)


@may(Act.EDIT_COMMITTEES, FORM)
def change_seat(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A seat is not deleted but ended: who could read what when must be told afterwards."""
    found = get_editable(request, Committee, pk=pk)
    form = bind(SeatForm, request, instance=get_object_or_404(found.seats, pk=row))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Pladsen er gemt.")
        return redirect(found)
    return _form_page(request, form, "Ret pladsen", found)


def _form_page(
    request: HttpRequest, form: BaseForm, heading: str, committee: Committee | None = None, *, verb: str = "Gem"
) -> HttpResponse:
    own = [(committee.name, committee.get_absolute_url())] if committee else []
    context = {
        "form": form,
        "heading": f"{heading}: {committee}" if committee else heading,
        "verb": verb,
        "back_url": committee.get_absolute_url() if committee else COMMITTEES[1],
        "crumbs": [NOTES, COMMITTEES, *own, (heading, None)],
    }
    return page(request, "reports/committee_form.html", context, status=422 if form.errors else 200)
