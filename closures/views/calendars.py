"""Shared calendars: planned closings that the office keeps for whole kinds of institutions."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from sikkerby.access import get_editable
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.permissions import FORM, POSTS, Act, may

from ..forms.institutions import CalendarForm, ClosingForm, NewCalendarForm, NewClosingForm, YearFilter
from ..models import Institution, PlannedClosing, SharedCalendar
from .institutions import LIST
from .opening import form_page, opening_change, removed, saved

CALENDARS = ("Fælles kalendere", "/institutioner/kalendere/")


@may(Act.READ_CLOSURES)
def calendar_list(request: HttpRequest) -> HttpResponse:
    """Which there are, for whom, and what is next in each."""
    context = {
        "calendars": SharedCalendar.objects.visible_to(request.user).with_next(timezone.localdate()),
        "may_edit": request.user.may(Act.EDIT_INSTITUTIONS),
        "crumbs": [LIST, (CALENDARS[0], "")],
    }
    return page(request, "closures/calendars.html", context)


@may(Act.READ_CLOSURES)
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One calendar, and a year of its planned closings."""
    calendar = get_object_or_404(SharedCalendar.objects.visible_to(request.user), pk=pk)
    filters = YearFilter(request.GET, today=timezone.localdate())
    context = {
        "calendar": calendar,
        "filters": filters,
        "year": filters.days[0].year,
        "closings": calendar.closings.between(*filters.days),
        "is_empty": not calendar.closings.exists(),
        "inheriting": Institution.objects.inheriting(calendar.kinds).open_on(timezone.localdate()).count(),
        "may_edit": request.user.may(Act.EDIT_INSTITUTIONS),
        "crumbs": [LIST, CALENDARS, (calendar.name, "")],
    }
    return page(request, "closures/calendar.html", context)


@may(Act.EDIT_INSTITUTIONS, FORM)
def new_calendar(request: HttpRequest) -> HttpResponse:
    """It holds nothing yet, so that it changes nothing yet."""
    form = bind(NewCalendarForm, request)

    def make() -> SharedCalendar:
        calendar = form.save()
        messages.success(request, f"{calendar} er oprettet. Tilføj nu de planlagte lukkedage.")
        return calendar

    if form.is_valid() and (response := once(request, form, make)):
        return response
    return form_page(request, form, "Ny fælles kalender", [LIST, CALENDARS, ("Ny fælles kalender", "")])


@may(Act.EDIT_INSTITUTIONS, FORM)
def change_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, and the kinds of institutions that inherit it."""
    calendar = get_editable(request, SharedCalendar, pk=pk)
    inherited = Institution.objects.inheriting(calendar.kinds)
    days = [each.days for each in calendar.closings.all()]
    form, change = bind(CalendarForm, request, instance=calendar), None
    if form.is_valid():
        inheriting = inherited | Institution.objects.inheriting(calendar.kinds)
        change = opening_change(request, inheriting, *days)
        if response := saved(request, form, change, form.save, owner=calendar):
            return response
    return form_page(request, form, f"Ret {calendar}", _crumbs(calendar, "Ret"), change=change)


@may(Act.EDIT_INSTITUTIONS, POSTS)
def delete_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    calendar = get_editable(request, SharedCalendar, pk=pk)
    calendar.remove()
    messages.success(request, f"{calendar} er slettet.")
    return redirect("closures:calendar_list")


@may(Act.EDIT_INSTITUTIONS, FORM)
def new_shared_closing(request: HttpRequest, pk: int) -> HttpResponse:
    calendar = get_editable(request, SharedCalendar, pk=pk)
    return _edit(request, calendar, NewClosingForm, PlannedClosing(), "Ny planlagt lukkedag")


@may(Act.EDIT_INSTITUTIONS, FORM)
def change_shared_closing(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    calendar = get_editable(request, SharedCalendar, pk=pk)
    closing = get_object_or_404(PlannedClosing, pk=row, calendar=pk)
    delete_url = reverse("closures:shared_closing_delete", args=[pk, row])
    return _edit(request, calendar, ClosingForm, closing, "Ret planlagt lukkedag", delete_url)


@may(Act.EDIT_INSTITUTIONS, POSTS)
def delete_shared_closing(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    calendar = get_editable(request, SharedCalendar, pk=pk)
    closing = get_object_or_404(PlannedClosing, pk=row, calendar=pk)
    change = opening_change(request, Institution.objects.inheriting(calendar.kinds), closing.days)
    return removed(request, closing, change, owner=calendar, crumbs=_crumbs(calendar, "Slet"))


def _edit(
    request: HttpRequest,
    calendar: SharedCalendar,
    form_class: type[BaseForm],
    closing: PlannedClosing,
    heading: str,
    delete_url: str = "",
) -> HttpResponse:
    closing.calendar = calendar
    before = [closing.days] if closing.pk else []
    form, change = bind(form_class, request, instance=closing), None
    if form.is_valid():
        change = opening_change(request, Institution.objects.inheriting(calendar.kinds), *before, closing.days)
        if response := saved(request, form, change, form.save, owner=calendar):
            return response
    crumbs = _crumbs(calendar, heading)
    return form_page(request, form, f"{heading}: {calendar}", crumbs, change=change, delete_url=delete_url)


def _crumbs(calendar: SharedCalendar, last: str) -> list:
    return [LIST, CALENDARS, (calendar.name, calendar.get_absolute_url()), (last, "")]
