"""What belongs to an initiative or a principle: assessments, milestones, money, targets, measurements, evaluations.

Whoever may edit the initiative may edit these; each view says which part and in which words.
"""

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from initiatives.forms import (
    EvaluationForm,
    FundingForm,
    MeasurementForm,
    MilestoneForm,
    NewEvaluationForm,
    NewFundingForm,
    NewMilestoneForm,
    NewTargetForm,
    StatusForm,
    TargetForm,
)
from initiatives.models import (
    Evaluation,
    Funding,
    Initiative,
    Measurement,
    Milestone,
    Principle,
    StatusUpdate,
    Target,
)
from sikkerby.access import get_editable
from sikkerby.forms import CreateForm, EditForm, bind, once
from sikkerby.htmx import page
from sikkerby.middleware import Conflict
from sikkerby.permissions import FORM, POSTS, Act, may

from . import initiatives, strategies


def _trail(owner: Initiative | Principle, *last: str) -> list:
    if isinstance(owner, Principle):
        return strategies.crumbs(owner.strategy, owner, *last)
    return initiatives.crumbs(owner, *last)


def _new(request: HttpRequest, form: CreateForm, owner, *, heading: str, verb: str, done: str) -> HttpResponse:
    """A part is added on a page of its own, and shown where it belongs."""
    if request.method == "POST" and form.is_valid() and (made := once(request, form, form.save)):
        messages.success(request, done)
        return made
    context = {"form": form, "heading": heading, "verb": verb, "of": owner, "crumbs": _trail(owner, heading)}
    return page(request, "initiatives/form.html", context, status=422 if form.errors else 200)


def _edit(request: HttpRequest, form: EditForm, owner, *, heading: str, done: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        changed = form.save()
        messages.success(request, done)
        return redirect(changed)
    context = {"form": form, "heading": heading, "verb": "Gem", "of": owner, "crumbs": _trail(owner, heading)}
    return page(request, "initiatives/form.html", context, status=422 if form.errors else 200)


def _remove(request: HttpRequest, part: models.Model, done: str) -> HttpResponse:
    address = part.get_absolute_url()
    part.delete()
    messages.success(request, done)
    return redirect(address)


# --- Assessments --------------------------------------------------------------------------------------------------


@may(Act.EDIT_INITIATIVES, FORM)
def new_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Dated, and not changed afterwards: what was thought then stays; a new one says what is thought now."""
    owner = get_editable(request, Initiative, pk=pk)
    form = bind(
        StatusForm,
        request,
        instance=StatusUpdate(initiative=owner, by=request.user),
        today=timezone.localdate(),
    )
    return _new(
        request,
        form,
        owner,
        heading="Ny statusopdatering",
        verb="Gem status",
        done="Statusopdateringen er gemt og står nu øverst.",
    )


# --- Milestones ---------------------------------------------------------------------------------------------------


@may(Act.EDIT_INITIATIVES, FORM)
def new_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    owner = get_editable(request, Initiative, pk=pk)
    form = bind(NewMilestoneForm, request, instance=Milestone(initiative=owner))
    return _new(request, form, owner, heading="Ny milepæl", verb="Tilføj milepælen", done="Milepælen er tilføjet.")


@may(Act.EDIT_INITIATIVES, FORM)
def edit_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    milestone = get_editable(request, Milestone, pk=pk)
    form = bind(MilestoneForm, request, instance=milestone)
    return _edit(request, form, milestone.initiative, heading="Ret milepælen", done="Milepælen er gemt.")


@may(Act.EDIT_INITIATIVES, POSTS)
def remove_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    return _remove(request, get_editable(request, Milestone, pk=pk), "Milepælen er fjernet.")


# --- Money --------------------------------------------------------------------------------------------------------


@may(Act.EDIT_INITIATIVES, FORM)
def new_funding(request: HttpRequest, pk: int) -> HttpResponse:
    owner = get_editable(request, Initiative, pk=pk)
    form = bind(NewFundingForm, request, instance=Funding(initiative=owner))
    return _new(
        request, form, owner, heading="Ny bevilling", verb="Tilføj bevillingen", done="Bevillingen er tilføjet."
    )


@may(Act.EDIT_INITIATIVES, FORM)
def edit_funding(request: HttpRequest, pk: int) -> HttpResponse:
    funding = get_editable(request, Funding, pk=pk)
    form = bind(FundingForm, request, instance=funding)
    return _edit(request, form, funding.initiative, heading="Ret bevillingen", done="Bevillingen er gemt.")


@may(Act.EDIT_INITIATIVES, POSTS)
def remove_funding(request: HttpRequest, pk: int) -> HttpResponse:
    return _remove(request, get_editable(request, Funding, pk=pk), "Bevillingen er fjernet.")


# --- Targets and what is measured ---------------------------------------------------------------------------------


@may(Act.EDIT_INITIATIVES, FORM)
def new_target(request: HttpRequest, pk: int) -> HttpResponse:
    return _new_target(request, Target(initiative=get_editable(request, Initiative, pk=pk)))


@may(Act.EDIT_STRATEGY, FORM)
def new_principle_target(request: HttpRequest, strategy: str, principle: str) -> HttpResponse:
    owner = get_editable(request, Principle, strategy__slug=strategy, slug=principle)
    return _new_target(request, Target(principle=owner))


def _new_target(request: HttpRequest, target: Target) -> HttpResponse:
    form = bind(NewTargetForm, request, instance=target)
    return _new(
        request,
        form,
        target.owner,
        heading="Nyt effektmål",
        verb="Tilføj effektmålet",
        done="Effektmålet er tilføjet. Indtast målingerne, når de kommer.",
    )


@may(Act.EDIT_INITIATIVES, FORM)
def edit_target(request: HttpRequest, pk: int) -> HttpResponse:
    target = get_editable(request, Target, pk=pk)
    form = bind(TargetForm, request, instance=target)
    return _edit(request, form, target.owner, heading="Ret effektmålet", done="Effektmålet er gemt.")


@may(Act.EDIT_INITIATIVES, POSTS)
def remove_target(request: HttpRequest, pk: int) -> HttpResponse:
    target = get_editable(request, Target, pk=pk)
    if target.measurements.exists():
        raise Conflict("Effektmålet har målinger. Fjern dem først, hvis det skal væk.")
    return _remove(request, target, "Effektmålet er fjernet.")


@may(Act.EDIT_INITIATIVES, FORM)
def new_measurement(request: HttpRequest, pk: int) -> HttpResponse:
    target = get_editable(request, Target, pk=pk)
    if not target.is_measured_by_hand:
        raise Conflict("Ikke-planlagte lukkedage indtastes ikke her: De tælles ud fra de registrerede lukninger.")
    form = bind(MeasurementForm, request, instance=Measurement(target=target, entered_by=request.user))
    return _new(request, form, target.owner, heading="Ny måling", verb="Tilføj målingen", done="Målingen er tilføjet.")


@may(Act.EDIT_INITIATIVES, POSTS)
def remove_measurement(request: HttpRequest, pk: int) -> HttpResponse:
    """A measurement that was typed wrongly is removed and entered again."""
    return _remove(request, get_editable(request, Measurement, pk=pk), "Målingen er fjernet.")


# --- Evaluations --------------------------------------------------------------------------------------------------


@may(Act.EDIT_INITIATIVES, FORM)
def new_evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    owner = get_editable(request, Initiative, pk=pk)
    form = bind(NewEvaluationForm, request, instance=Evaluation(initiative=owner))
    return _new(
        request,
        form,
        owner,
        heading="Ny virkningsevaluering",
        verb="Tilføj evalueringen",
        done="Evalueringen er tilføjet. Opfølgningen forelægges Økonomiudvalget efter to år.",
    )


@may(Act.EDIT_INITIATIVES, FORM)
def edit_evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    evaluation = get_editable(request, Evaluation, pk=pk)
    form = bind(EvaluationForm, request, instance=evaluation)
    return _edit(request, form, evaluation.initiative, heading="Ret evalueringen", done="Evalueringen er gemt.")
