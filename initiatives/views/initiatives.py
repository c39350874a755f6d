"""The list of initiatives, an initiative's page, and its form."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from initiatives.forms import InitiativeFilter, InitiativeForm, NewInitiativeForm
from initiatives.models import Initiative
from sikkerby.access import get_editable
from sikkerby.exports import Column, export
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, READS, Act, may

COLUMNS = [
    Column("Indsats", lambda each: each.name),
    Column("Forvaltninger", lambda each: each.carriers_text),
    Column("Bydele", lambda each: each.where),
    Column("Steder", lambda each: each.sites),
    Column("Målgruppe", lambda each: each.target_group),
    Column("Alder fra", lambda each: each.age_from),
    Column("Alder til", lambda each: each.age_to),
    Column("Periode", lambda each: each.period),
    Column("Status", lambda each: each.get_status_display()),
    Column("Kort om indsatsen", lambda each: each.summary),
]


def crumbs(*steps) -> list[tuple[str, str | None]]:
    """From the list of initiatives down to where one is; each step an initiative, or the last word."""
    trail = [("Indsatser", reverse("initiatives:initiative_list"))]
    for step in steps:
        trail.append((step, None) if isinstance(step, str) else (step.name, step.get_absolute_url()))
    return trail


@may(Act.READ_STRATEGY, READS)
def initiative_list(request: HttpRequest) -> HttpResponse:
    """In Danish order, with what a case worker asks for: under which principle, by whom, where, in what state."""
    filters = InitiativeFilter(request.GET, user=request.user, today=timezone.localdate())
    found = filters.narrow(Initiative.objects.visible_to(request.user)).for_list()
    if response := export(request, found.order_by("danish", "pk"), COLUMNS, "indsatser"):
        return response
    context = {
        "filters": filters,
        "page": paginate(request, found, "danish", "pk", noun=("indsats", "indsatser")),
        "may_edit": request.user.may(Act.EDIT_INITIATIVES),
        "crumbs": [("Indsatser", None)],
    }
    return page(request, "initiatives/list.html", context, partial="results")


@may(Act.READ_STRATEGY, READS)
def initiative(request: HttpRequest, pk: int) -> HttpResponse:
    """The story, and beside it the facts; whoever may edit it finds the next act at each part."""
    found = get_object_or_404(Initiative.objects.visible_to(request.user), pk=pk)
    context = {
        "initiative": found,
        "carriers": found.carriers.select_related("administration"),
        "partners": found.partners.all(),
        "rows": found.entries.select_related("principle__strategy").prefetch_related("administrations"),
        "targets": found.targets.prefetch_related("measurements"),
        "status_updates": found.status_updates.select_related("by"),
        "milestones": found.milestones.all(),
        "funding": found.funding.all(),
        "evaluations": found.evaluations.all(),
        "today": timezone.localdate(),
        "lacks_effect_measure": Initiative.objects.lacking_effect_measure().filter(pk=found.pk).exists(),
        "may_edit": Initiative.objects.editable_by(request.user).filter(pk=found.pk).exists(),
        "may_read_history": request.user.may(Act.READ_HISTORY),
        "crumbs": crumbs(found.name),
    }
    return page(request, "initiatives/detail.html", context)


@may(Act.EDIT_INITIATIVES, FORM)
def new_initiative(request: HttpRequest) -> HttpResponse:
    form = bind(NewInitiativeForm, request, user=request.user)
    if request.method == "POST" and form.is_valid() and (made := once(request, form, form.keep)):
        messages.success(request, "Indsatsen er oprettet. Tilføj nu effektmål, økonomi og milepæle.")
        return made
    context = {
        "form": form,
        "heading": "Ny indsats",
        "verb": "Opret indsatsen",
        "crumbs": crumbs("Ny indsats"),
    }
    return page(request, "initiatives/initiative_form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_INITIATIVES, FORM)
def edit_initiative(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, Initiative, pk=pk)
    trail = crumbs(found, "Ret")
    form = bind(InitiativeForm, request, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.keep()
        messages.success(request, "Indsatsen er gemt.")
        return redirect(found)
    context = {"form": form, "heading": "Ret indsatsen", "verb": "Gem indsatsen", "crumbs": trail}
    return page(request, "initiatives/initiative_form.html", context, status=422 if form.errors else 200)
