"""What belongs to an institution and has dates: its leaders, its opening hours, its own planned closings."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from sikkerby.access import get_editable
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.permissions import FORM, POSTS, Act, may
from sikkerby.templatetags.danish import plain_date

from ..forms.institutions import (
    ClosingForm,
    HandOverForm,
    HoursForm,
    LeadershipForm,
    NewClosingForm,
    NewHoursForm,
    NewLeadershipForm,
)
from ..models import Institution, Leadership, OpeningHours, PlannedClosing
from .institutions import LIST
from .opening import form_page, opening_change, removed, saved

# --- An institution's rows ----------------------------------------------------------------------------------------


def _edit(
    request: HttpRequest,
    institution: Institution,
    form_class: type[BaseForm],
    row: models.Model,
    heading: str,
    delete_url: str = "",
) -> HttpResponse:
    """The form of opening hours or a planned closing; saved, it leads back to the institution. The row is read when
    the institution is held: which closures a change touches depends on what the row said before."""
    row.institution = institution
    before = [row.days] if row.pk else []
    form, change = bind(form_class, request, instance=row), None
    if form.is_valid():
        change = opening_change(request, Institution.objects.filter(pk=institution.pk), *before, row.days)
        if response := saved(request, form, change, form.save, owner=institution):
            return response
    return _row_page(request, institution, form, heading, change=change, delete_url=delete_url)


def _row_page(request: HttpRequest, institution: Institution, form: BaseForm, heading: str, **more) -> HttpResponse:
    crumbs = [LIST, (institution.name, institution.get_absolute_url()), (heading, "")]
    return form_page(request, form, f"{heading}: {institution}", crumbs, **more)


def _delete(request: HttpRequest, institution: Institution, row: OpeningHours | PlannedClosing) -> HttpResponse:
    change = opening_change(request, Institution.objects.filter(pk=institution.pk), row.days)
    crumbs = [LIST, (institution.name, institution.get_absolute_url()), ("Slet", "")]
    return removed(request, row, change, owner=institution, crumbs=crumbs)


@may(Act.EDIT_INSTITUTIONS, FORM)
def new_hours(request: HttpRequest, pk: int) -> HttpResponse:
    institution = get_editable(request, Institution, pk=pk)
    return _edit(request, institution, NewHoursForm, OpeningHours(), "Nye åbningstider")


@may(Act.EDIT_INSTITUTIONS, FORM)
def change_hours(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    institution = get_editable(request, Institution, pk=pk)
    hours = get_object_or_404(OpeningHours, pk=row, institution=pk)
    delete_url = reverse("closures:hours_delete", args=[pk, row])
    return _edit(request, institution, HoursForm, hours, "Ret åbningstider", delete_url)


@may(Act.EDIT_INSTITUTIONS, POSTS)
def delete_hours(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    institution = get_editable(request, Institution, pk=pk)
    return _delete(request, institution, get_object_or_404(OpeningHours, pk=row, institution=pk))


@may(Act.EDIT_INSTITUTIONS, FORM)
def new_closing(request: HttpRequest, pk: int) -> HttpResponse:
    institution = get_editable(request, Institution, pk=pk)
    return _edit(request, institution, NewClosingForm, PlannedClosing(), "Ny planlagt lukkedag")


@may(Act.EDIT_INSTITUTIONS, FORM)
def change_closing(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    institution = get_editable(request, Institution, pk=pk)
    closing = get_object_or_404(PlannedClosing, pk=row, institution=pk)
    delete_url = reverse("closures:closing_delete", args=[pk, row])
    return _edit(request, institution, ClosingForm, closing, "Ret planlagt lukkedag", delete_url)


@may(Act.EDIT_INSTITUTIONS, POSTS)
def delete_closing(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    institution = get_editable(request, Institution, pk=pk)
    return _delete(request, institution, get_object_or_404(PlannedClosing, pk=row, institution=pk))


# --- Who leads it -------------------------------------------------------------------------------------------------


@may(Act.EDIT_INSTITUTIONS, FORM)
def new_leadership(request: HttpRequest, pk: int) -> HttpResponse:
    """A deputy, or a leader beside or after others. That one takes over from another is hand_over."""
    institution = get_editable(request, Institution, pk=pk)
    form = bind(NewLeadershipForm, request, instance=Leadership(institution=institution))

    def make() -> Institution:
        leadership = form.save()
        messages.success(request, f"{leadership} er gemt.")
        return institution

    if form.is_valid() and (response := once(request, form, make)):
        return response
    return _row_page(request, institution, form, "Ny leder eller stedfortræder")


@may(Act.EDIT_INSTITUTIONS, FORM)
def change_leadership(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A leadership is not deleted but ended: who could see and register when, must be told afterwards."""
    institution = get_editable(request, Institution, pk=pk)
    form = bind(LeadershipForm, request, instance=get_object_or_404(Leadership, pk=row, institution=pk))
    if form.is_valid():
        form.save()
        messages.success(request, f"Ændringen er gemt for {institution}.")
        return redirect(institution)
    return _row_page(request, institution, form, "Ret ledelse")


@may(Act.HAND_OVER, FORM)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """From a day on someone else leads it. Who then no longer sees the institution lands on the front page."""
    today, user = timezone.localdate(), request.user
    form = bind(HandOverForm, request, by=user, today=today)

    def make() -> Institution:
        institution = _to_hand_over(request, pk)
        new = institution.hand_over(**form.change, by=user)
        messages.success(request, f"{new.user} leder {institution} fra den {plain_date(new.begins)} og har fået mail.")
        return institution

    def where(institution: Institution) -> str:
        mine = Institution.objects.visible_to(user).filter(pk=pk).exists()
        return institution.get_absolute_url() if mine else reverse("home")

    if form.is_valid() and (response := once(request, form, make, to=where)):
        return response
    institution = _to_hand_over(request, pk)
    context = {
        "form": form,
        "institution": institution,
        "leaders": institution.leaderships.leading().on(today).select_related("user").order_by("pk"),
        "crumbs": [LIST, (institution.name, institution.get_absolute_url()), ("Skift ansvarlig leder", "")],
    }
    return page(request, "closures/hand_over.html", context, status=422 if form.errors else 200)


def _to_hand_over(request: HttpRequest, pk: int) -> Institution:
    """404 if this person may not see it, 403 if its leader is not theirs to change."""
    institution = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not Institution.objects.handed_over_by(request.user, timezone.localdate()).filter(pk=pk).exists():
        raise PermissionDenied
    return institution
