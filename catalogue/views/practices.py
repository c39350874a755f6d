"""The list of practices, a practice's page, and its form."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from catalogue.forms import NewPracticeForm, PracticeFilter, PracticeForm
from catalogue.models import Catalogue, Practice
from sikkerby.access import get_editable
from sikkerby.exports import Column, export
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, READS, Act, Role, may

COLUMNS = [
    Column("Eksempel", lambda each: each.title),
    Column("Katalog", lambda each: each.catalogue and each.catalogue.title),
    Column("Tema", lambda each: each.theme and each.theme.title),
    Column("Bydele", lambda each: each.where),
    Column("Forvaltning", lambda each: each.administration and each.administration.name),
    Column("Status", lambda each: each.get_status_display()),
    Column("Kort fortalt", lambda each: each.summary),
]


def crumbs(*steps) -> list[tuple[str, str | None]]:
    """From best practice down to where one is; each step an object with an address, or the last word."""
    trail = [("Best practice", reverse("catalogue:practice_list"))]
    for step in steps:
        trail.append((step, None) if isinstance(step, str) else (str(step), step.get_absolute_url()))
    return trail


def works_on_it(user) -> bool:
    """Whether the person sees more than what was issued: the office, the approver and the administrations."""
    return user.sees_all or Role.CONTRIBUTOR in user.roles


@may(Act.READ_CATALOGUE, READS)
def practice_list(request: HttpRequest) -> HttpResponse:
    """The catalogues, and all that is in them, in Danish order."""
    filters = PracticeFilter(request.GET, user=request.user)
    found = filters.narrow(Practice.objects.visible_to(request.user)).for_list()
    if response := export(request, found.order_by("danish", "pk"), COLUMNS, "best practice"):
        return response
    context = {
        "filters": filters,
        "page": paginate(request, found, "danish", "pk", noun=("eksempel", "eksempler")),
        "catalogues": Catalogue.objects.visible_to(request.user).with_included(),
        "works_on_it": works_on_it(request.user),
        "may_propose": request.user.may(Act.EDIT_PRACTICES),
        "may_edit_catalogues": request.user.may(Act.EDIT_CATALOGUE),
        "crumbs": [("Best practice", None)],
    }
    return page(request, "catalogue/list.html", context, partial="results")


@may(Act.READ_CATALOGUE, READS)
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """What they do, what they learned, and their advice to others."""
    visible = Practice.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("catalogue", "theme", "administration", "initiative"), pk=pk)
    context = {
        "practice": found,
        "works_on_it": works_on_it(request.user),
        "may_read_initiative": request.user.may(Act.READ_STRATEGY),
        "may_edit": Practice.objects.editable_by(request.user).filter(pk=found.pk).exists(),
        "may_read_history": works_on_it(request.user),
        "crumbs": crumbs(*([found.catalogue] if found.catalogue else []), found.title),
    }
    return page(request, "catalogue/practice.html", context)


@may(Act.EDIT_PRACTICES, FORM)
def new_practice(request: HttpRequest) -> HttpResponse:
    form = bind(NewPracticeForm, request, user=request.user)
    if request.method == "POST" and form.is_valid() and (made := once(request, form, form.save)):
        messages.success(request, "Eksemplet er gemt. Center for Sikker By ser på det og beslutter, om det optages.")
        return made
    context = {
        "form": form,
        "heading": "Foreslå et eksempel",
        "verb": "Send forslaget",
        "crumbs": crumbs("Nyt eksempel"),
    }
    return page(request, "catalogue/form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_PRACTICES, FORM)
def edit_practice(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, Practice, pk=pk)
    trail = crumbs(found, "Ret")
    form = bind(PracticeForm, request, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Eksemplet er gemt.")
        return redirect(found)
    context = {"form": form, "heading": "Ret eksemplet", "verb": "Gem eksemplet", "crumbs": trail}
    return page(request, "catalogue/form.html", context, status=422 if form.errors else 200)
