"""Institutions: the list, one institution with its year, and its facts for the office to edit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from sikkerby.access import get_editable
from sikkerby.exports import Column, export
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, Act, may

from .. import figures
from ..forms.institutions import InstitutionFilter, InstitutionForm, NewInstitutionForm, YearFilter
from ..models import EVER, Closure, Institution, PlannedClosing, ReducedService
from .opening import form_page, opening_change, saved

LIST = ("Institutioner", "/institutioner/")
COLUMNS = [
    Column("Institution", lambda institution: institution.name),
    Column("Type", lambda institution: institution.get_kind_display()),
    Column("Forvaltning", lambda institution: institution.administration.name),
    Column("Bydel", lambda institution: institution.district.name if institution.district else ""),
    Column("Hører under", lambda institution: institution.parent.name if institution.parent else ""),
    Column("Leder", lambda institution: ", ".join(str(each.user) for each in institution.leads_now)),
    Column("Adresse", lambda institution: institution.address),
    Column("Telefon", lambda institution: institution.phone),
    Column("Oprettet", lambda institution: institution.opened_on),
    Column("Nedlagt", lambda institution: institution.closed_on),
]


@may(Act.READ_CLOSURES)
def institution_list(request: HttpRequest) -> HttpResponse:
    """The institutions this person may see, in Danish order."""
    today = timezone.localdate()
    filters = InstitutionFilter(request.GET)
    institutions = filters.narrow(Institution.objects.visible_to(request.user), today).with_facts(today)
    if response := export(request, institutions.order_by("danish", "pk"), COLUMNS, "Institutioner"):
        return response
    context = {
        "filters": filters,
        "page": paginate(request, institutions, "danish", "pk", noun=("institution", "institutioner")),
        "may_edit": request.user.may(Act.EDIT_INSTITUTIONS),
    }
    return page(request, "closures/institutions.html", context, partial="results")


@may(Act.READ_CLOSURES)
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """Its year as a calendar, a list and figures; who leads it, and when it should be open."""
    today, user = timezone.localdate(), request.user
    institution = get_object_or_404(Institution.objects.visible_to(user).with_facts(today), pk=pk)
    filters = YearFilter(request.GET, today=today)
    days = filters.days
    year = days[0].year
    closures = Closure.objects.visible_to(user).filter(institution=institution)
    context = {
        "institution": institution,
        "filters": filters,
        "year": year,
        "figures": figures.year(
            closures,
            year,
            reviewed_only=False,
            totals=institution.reported_totals.all(),
            answers=institution.annual_returns.all(),
        ),
        "months": institution.months(year),
        "closures": figures.with_counted(closures.between(*days), days),
        "reduced": ReducedService.objects.visible_to(user).of(institution).between(*days),
        "answer": institution.annual_returns.filter(year=year).select_related("answered_by").first(),
        "services": Institution.objects.visible_to(user).filter(parent=institution),
        "leaderships": institution.leaderships.select_related("user").order_by("-begins", "pk"),
        "opening_hours": institution.opening_hours.order_by("-begins"),
        "planned": PlannedClosing.objects.for_institution(institution).between(*days).select_related("calendar"),
        "today": today,
        "may_edit": user.may(Act.EDIT_INSTITUTIONS),
        "may_hand_over": user.may(Act.HAND_OVER)
        and Institution.objects.handed_over_by(user, today).filter(pk=pk).exists(),
        "may_register": user.may(Act.REGISTER_CLOSURES)
        and Institution.objects.reported_by(user).filter(pk=pk).exists(),
        "crumbs": [LIST, (institution.name, "")],
    }
    return page(request, "closures/institution.html", context)


@may(Act.EDIT_INSTITUTIONS, FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = bind(NewInstitutionForm, request)

    def make() -> Institution:
        institution = form.save()
        messages.success(request, f"{institution} er oprettet. Sæt nu en leder ind, som kan registrere lukninger.")
        return institution

    if form.is_valid() and (response := once(request, form, make)):
        return response
    return form_page(request, form, "Ny institution", [LIST, ("Ny institution", "")])


@may(Act.EDIT_INSTITUTIONS, FORM)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Its facts. Its kind decides which calendars it inherits, and its dates when it could be open at all."""
    institution = get_editable(request, Institution, pk=pk)
    form, change = bind(InstitutionForm, request, instance=institution), None
    if form.is_valid():
        change = opening_change(request, Institution.objects.filter(pk=pk), EVER)
        if response := saved(request, form, change, form.save, owner=institution):
            return response
    crumbs = [LIST, (institution.name, institution.get_absolute_url()), ("Ret", "")]
    return form_page(request, form, f"Ret {institution.name}", crumbs, change=change)
