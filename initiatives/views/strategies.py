"""Strategies, their principles, and the rows of the table "Princip | Udvalgte indsatser"."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from closures import figures
from initiatives.forms import (
    EntryForm,
    NewEntryForm,
    NewPrincipleForm,
    NewStrategyForm,
    PrincipleForm,
    StrategyForm,
)
from initiatives.models import Principle, PrincipleEntry, PrincipleQuerySet, Strategy, Target
from sikkerby.access import get_editable
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.permissions import FORM, POSTS, READS, Act, may


def crumbs(*steps) -> list[tuple[str, str | None]]:
    """From the list of strategies down to where one is; each step an object with an address, or the last word."""
    trail = [("Strategi", reverse("initiatives:strategy_list"))]
    for step in steps:
        trail.append((step, None) if isinstance(step, str) else (_short(step), step.get_absolute_url()))
    return trail


def _short(step) -> str:
    return step.label if isinstance(step, Principle) else step.slug


# --- Strategies ---------------------------------------------------------------------------------------------------


@may(Act.READ_STRATEGY, READS)
def strategy_list(request: HttpRequest) -> HttpResponse:
    """The newest first, each with its principles."""
    context = {
        "strategies": Strategy.objects.visible_to(request.user).prefetch_related("principles"),
        "may_edit": request.user.may(Act.EDIT_STRATEGY),
        "crumbs": [("Strategi", None)],
    }
    return page(request, "initiatives/strategy_list.html", context)


@may(Act.READ_STRATEGY, READS)
def strategy(request: HttpRequest, strategy: str) -> HttpResponse:
    """Vision, purpose, adoption and governance, and the table of principles with their chosen initiatives."""
    found = get_object_or_404(Strategy.objects.visible_to(request.user), slug=strategy)
    rows = Prefetch("entries", PrincipleEntry.objects.for_table())
    context = {
        "strategy": found,
        "principles": found.principles.prefetch_related(rows),
        "may_edit": request.user.may(Act.EDIT_STRATEGY),
        "may_read_history": request.user.may(Act.READ_HISTORY),
        "crumbs": crumbs(found.slug),
    }
    return page(request, "initiatives/strategy.html", context)


@may(Act.EDIT_STRATEGY, FORM)
def new_strategy(request: HttpRequest) -> HttpResponse:
    form = bind(NewStrategyForm, request)
    if request.method == "POST" and form.is_valid() and (made := once(request, form, form.save)):
        messages.success(request, "Strategien er oprettet. Skriv nu dens principper.")
        return made
    context = {"form": form, "heading": "Ny strategi", "verb": "Opret strategien", "crumbs": crumbs("Ny strategi")}
    return page(request, "initiatives/form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_STRATEGY, FORM)
def edit_strategy(request: HttpRequest, strategy: str) -> HttpResponse:
    found = get_editable(request, Strategy, slug=strategy)
    trail = crumbs(found, "Ret")
    form = bind(StrategyForm, request, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Strategien er gemt.")
        return redirect(found)
    context = {"form": form, "heading": "Ret strategien", "verb": "Gem strategien", "crumbs": trail}
    return page(request, "initiatives/form.html", context, status=422 if form.errors else 200)


# --- Principles ---------------------------------------------------------------------------------------------------


def _principles(request: HttpRequest) -> PrincipleQuerySet:
    return Principle.objects.visible_to(request.user).select_related("strategy", "continues__strategy")


@may(Act.READ_STRATEGY, READS)
def principle(request: HttpRequest, strategy: str, principle: str) -> HttpResponse:
    """What it says, what it continues, its targets, and its rows of the table."""
    found = get_object_or_404(_principles(request), strategy__slug=strategy, slug=principle)
    targets = list(found.targets.prefetch_related("measurements"))
    counts_closures = any(target.source == Target.Source.CLOSURES for target in targets)
    may_read_figures = counts_closures and request.user.may(Act.READ_FIGURES)
    context = {
        "principle": found,
        "entries": found.entries.for_table().prefetch_related("administrations"),
        "targets": targets,
        "may_read_figures": may_read_figures,
        "baseline": figures.baseline() if may_read_figures else None,
        "continued_by": found.continued_by.select_related("strategy"),
        "may_edit": request.user.may(Act.EDIT_STRATEGY),
        "may_read_history": request.user.may(Act.READ_HISTORY),
        "crumbs": crumbs(found.strategy, found.label),
    }
    return page(request, "initiatives/principle.html", context)


@may(Act.EDIT_STRATEGY, FORM)
def new_principle(request: HttpRequest, strategy: str) -> HttpResponse:
    found = get_editable(request, Strategy, slug=strategy)
    form = bind(NewPrincipleForm, request, instance=Principle(strategy=found))
    if request.method == "POST" and form.is_valid() and (made := once(request, form, form.save)):
        messages.success(request, "Princippet er oprettet. Tilføj nu udvalgte indsatser.")
        return made
    context = {
        "form": form,
        "heading": "Nyt princip",
        "verb": "Opret princippet",
        "crumbs": crumbs(found, "Nyt princip"),
    }
    return page(request, "initiatives/form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_STRATEGY, FORM)
def edit_principle(request: HttpRequest, strategy: str, principle: str) -> HttpResponse:
    found = get_editable(request, Principle, strategy__slug=strategy, slug=principle)
    trail = crumbs(found.strategy, found, "Ret")
    form = bind(PrincipleForm, request, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        found.refresh_from_db()  # the address follows kind and number
        messages.success(request, "Princippet er gemt.")
        return redirect(found)
    context = {"form": form, "heading": "Ret princippet", "verb": "Gem princippet", "crumbs": trail}
    return page(request, "initiatives/form.html", context, status=422 if form.errors else 200)


# --- Rows of the table --------------------------------------------------------------------------------------------


@may(Act.EDIT_STRATEGY, FORM)
def new_entry(request: HttpRequest, strategy: str, principle: str) -> HttpResponse:
    """Last in the principle's table; from there it is moved up."""
    found = get_editable(request, Principle, strategy__slug=strategy, slug=principle)
    form = bind(NewEntryForm, request)
    if request.method == "POST" and form.is_valid():
        made = once(request, form, lambda: _add(found, form))
        if made:
            messages.success(request, "Rækken står nu sidst under princippet. Flyt den med »Op«.")
            return made
    context = {
        "form": form,
        "heading": f"Tilføj en udvalgt indsats til {found.label.lower()}",
        "verb": "Tilføj rækken",
        "crumbs": crumbs(found.strategy, found, "Ny række"),
    }
    return page(request, "initiatives/form.html", context, status=422 if form.errors else 200)


def _add(principle: Principle, form: NewEntryForm) -> PrincipleEntry:
    entry = form.save(commit=False).add_to(principle)
    form.save_m2m()
    return entry


@may(Act.EDIT_STRATEGY, FORM)
def edit_entry(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, PrincipleEntry, pk=pk)
    form = bind(EntryForm, request, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Rækken er gemt.")
        return redirect(found)
    trail = crumbs(found.principle.strategy, found.principle, "Ret rækken")
    context = {"form": form, "heading": "Ret rækken", "verb": "Gem rækken", "crumbs": trail}
    return page(request, "initiatives/form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_STRATEGY, POSTS)
def move_entry_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, PrincipleEntry, pk=pk)
    found.move_up()
    return redirect(found)


@may(Act.EDIT_STRATEGY, POSTS)
def move_entry_down(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, PrincipleEntry, pk=pk)
    found.move_down()
    return redirect(found)


@may(Act.EDIT_STRATEGY, POSTS)
def remove_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The row only; the initiative stays."""
    found = get_editable(request, PrincipleEntry, pk=pk)
    found.delete()
    messages.success(request, f"Rækken om {found.initiative} er fjernet fra princippet. Indsatsen findes stadig.")
    return redirect(found.principle)
