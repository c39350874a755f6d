"""What belongs to an institution and has dates: its leaders, its opening hours, its own planned closings."""

from django.contrib import messages
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from sikkerby.access import get_editable
from sikkerby.forms import bind
from sikkerby.htmx import page
from sikkerby.permissions import FORM, POSTS, Act, may

from ..forms.institutions import ClosingForm, HoursForm, LeadershipForm
from ..models import Institution, Leadership, OpeningHours, PlannedClosing
from .institutions import LIST


def _edit(
    request: HttpRequest, pk: int, form_class: type[ModelForm], row: models.Model, heading: str, delete_url: str = ""
) -> HttpResponse:
    """The form of one row; saved, it leads back to the institution."""
    institution = get_editable(request, Institution, pk=pk)
    row.institution = institution
    form = bind(form_class, request, instance=row)
    if form.is_valid():
        form.save()
        messages.success(request, f"Ændringen er gemt for {institution}.")
        return redirect(institution)
    address = institution.get_absolute_url()
    context = {
        "form": form,
        "heading": f"{heading}: {institution}",
        "delete_url": delete_url,
        "back_url": address,
        "crumbs": [LIST, (institution.name, address), (heading, "")],
    }
    return page(request, "closures/form.html", context, status=422 if form.errors else 200)


def _delete(request: HttpRequest, pk: int, row: models.Model) -> HttpResponse:
    institution = get_editable(request, Institution, pk=pk)
    row.delete()
    messages.success(request, f"Slettet for {institution}. Lukninger, der allerede er talt, er ikke ændret.")
    return redirect(institution)


@may(Act.EDIT_INSTITUTIONS, FORM)
def new_leadership(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, pk, LeadershipForm, Leadership(), "Ny leder")


@may(Act.EDIT_INSTITUTIONS, FORM)
def change_leadership(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A leadership is not deleted but ended: who could see and register when, must be told afterwards."""
    leadership = get_object_or_404(Leadership, pk=row, institution=pk)
    return _edit(request, pk, LeadershipForm, leadership, "Ret leder")


@may(Act.EDIT_INSTITUTIONS, FORM)
def new_hours(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, pk, HoursForm, OpeningHours(), "Nye åbningstider")


@may(Act.EDIT_INSTITUTIONS, FORM)
def change_hours(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    hours = get_object_or_404(OpeningHours, pk=row, institution=pk)
    return _edit(request, pk, HoursForm, hours, "Ret åbningstider", reverse("closures:hours_delete", args=[pk, row]))


@may(Act.EDIT_INSTITUTIONS, POSTS)
def delete_hours(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    return _delete(request, pk, get_object_or_404(OpeningHours, pk=row, institution=pk))


@may(Act.EDIT_INSTITUTIONS, FORM)
def new_closing(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, pk, ClosingForm, PlannedClosing(), "Ny planlagt lukkedag")


@may(Act.EDIT_INSTITUTIONS, FORM)
def change_closing(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    closing = get_object_or_404(PlannedClosing, pk=row, institution=pk)
    delete_url = reverse("closures:closing_delete", args=[pk, row])
    return _edit(request, pk, ClosingForm, closing, "Ret planlagt lukkedag", delete_url)


@may(Act.EDIT_INSTITUTIONS, POSTS)
def delete_closing(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    return _delete(request, pk, get_object_or_404(PlannedClosing, pk=row, institution=pk))
