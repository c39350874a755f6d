"""Review: the office's queue, and what the office does with a closure."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from sikkerby.forms import bind
from sikkerby.htmx import page
from sikkerby.permissions import FORM, POSTS, Act, may

from ..forms.review import (
    ActForm,
    CorrectForm,
    DeclineForm,
    ExcludeForm,
    GatherForm,
    QuestionForm,
    ReclassifyForm,
)
from ..models import Closure, Incident
from .closures import LIST, about, closure_page, done, refusals_in, status_of, to_act

# What `fra` says of the page that an act was done on, where that is not the closure's own.
QUEUE, INCIDENT = "gennemgang", "haendelse"


# --- The queue ----------------------------------------------------------------------------------------------------


@may(Act.REVIEW_CLOSURES)
def queue(request: HttpRequest) -> HttpResponse:
    """The one that has waited longest."""
    first = Closure.objects.awaiting_review().order_by("registered_at", "pk").first()
    if first:
        return redirect("closures:review", first.pk)
    return page(request, "closures/review_empty.html", {"crumbs": [LIST, ("Gennemgang", "")]})


@may(Act.REVIEW_CLOSURES)
def review_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One that waits, with all that it takes to judge it."""
    return _queue_page(request, pk)


def _queue_page(request: HttpRequest, pk: int, form: BaseForm | None = None) -> HttpResponse:
    today, waiting = timezone.localdate(), Closure.objects.awaiting_review()
    closure = get_object_or_404(Closure.objects.visible_to(request.user).in_full(), pk=pk)
    if not waiting.filter(pk=pk).exists():
        return redirect(closure)  # someone else has looked at it meanwhile
    earlier = waiting.before(closure)
    context = about(request, closure, form) | {
        "place": earlier.count() + 1,
        "waiting_count": waiting.count(),
        "previous": earlier.first(),
        "next": waiting.after(closure).first(),
        "explained": closure.explain(today),
        "counts_otherwise": closure.counts_now(today) != closure.half_days,
        "around": Closure.objects.of_its_unit_around(closure, today),
        "duplicates": Closure.objects.maybe_the_same_as(closure, today).with_institution(),
        "came_from": QUEUE,
        "crumbs": [LIST, ("Gennemgang", "")],
    }
    return page(request, "closures/review.html", context, status=status_of(form) if form else 200)


def _onwards(request: HttpRequest, closure: Closure) -> HttpResponse:
    """Back to the closure; or, in the queue, to the next one."""
    if request.POST.get("fra") != QUEUE:
        return redirect(closure)
    following = Closure.objects.awaiting_review().after(closure).first()
    return redirect("closures:review", following.pk) if following else redirect("closures:review_queue")


def _refused(request: HttpRequest, pk: int, form: BaseForm) -> HttpResponse:
    """The page that the form was on, with what was wrong."""
    return (_queue_page if request.POST.get("fra") == QUEUE else closure_page)(request, pk, form)


# --- What the office does -----------------------------------------------------------------------------------------


@may(Act.REVIEW_CLOSURES, POSTS)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_act(request, pk, "review")
    form = bind(ActForm, request, closure=closure)
    if done(form, closure.review, by=request.user):
        messages.success(request, f"{closure.number} er gennemgået og tæller med i opgørelsen.")
        return _onwards(request, closure)
    return _refused(request, pk, form)


@may(Act.REVIEW_CLOSURES, POSTS)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_act(request, pk, "ask")
    form = bind(QuestionForm, request, closure=closure)
    if done(form, closure.ask, by=request.user):
        messages.success(request, f"Spørgsmålet er sendt. {closure.number} venter nu på lederens svar.")
        return _onwards(request, closure)
    return _refused(request, pk, form)


@may(Act.REVIEW_CLOSURES, POSTS)
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_act(request, pk, "exclude")
    form = bind(ExcludeForm, request, closure=closure)
    if done(form, closure.exclude, by=request.user):
        messages.success(request, f"{closure.number} er taget ud og tæller ikke med.")
        return _onwards(request, closure)
    return _refused(request, pk, form)


@may(Act.REVIEW_CLOSURES, POSTS)
def reclassify(request: HttpRequest, pk: int) -> HttpResponse:
    """It still waits to be reviewed, and the page says so."""
    closure = to_act(request, pk, "reclassify")
    form = bind(ReclassifyForm, request, closure=closure)
    if done(form, closure.reclassify, by=request.user):
        messages.success(request, f"{closure.number} tæller nu som {closure.get_kind_display()}.")
        return _stay(request, closure)
    return _refused(request, pk, form)


@may(Act.REVIEW_CLOSURES, POSTS)
def decline_correction(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_act(request, pk, "decline_correction")
    form = bind(DeclineForm, request, closure=closure)
    if done(form, closure.decline_correction, by=request.user):
        messages.success(request, f"Svaret er sendt. {closure.number} er ikke rettet.")
        return _onwards(request, closure)
    return _refused(request, pk, form)


@may(Act.REVIEW_CLOSURES, FORM)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """After review: a new version with a reason. What it said before stays readable among its steps."""
    closure = to_act(request, pk, "correct")
    form = bind(CorrectForm, request, instance=closure)
    if form.is_valid():
        with refusals_in(form):
            closure.correct(form.cleaned_data["reason"], by=request.user, today=timezone.localdate())
            messages.success(request, f"{closure.number} er rettet, og institutionens ledere har fået besked.")
            return redirect(closure)
    context = {
        "form": form,
        "closure": closure,
        "stored": Closure.objects.get(pk=pk),  # `closure` is as it was typed
        "crumbs": [LIST, (closure.number, closure.get_absolute_url()), ("Ret efter gennemgang", "")],
    }
    return page(request, "closures/correct.html", context, status=status_of(form))


# --- Under which incident -----------------------------------------------------------------------------------------


def _stay(request: HttpRequest, closure: Closure, incident: Incident | None = None) -> HttpResponse:
    """Where the button was pressed: in the queue, on the incident's page, or on the closure's."""
    came_from = request.POST.get("fra")
    if came_from == QUEUE:
        return redirect("closures:review", closure.pk)
    return redirect(incident if came_from == INCIDENT and incident else closure)


@may(Act.REVIEW_CLOSURES, POSTS)
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Gather it under an incident, or with another closure. Of two institutions the act locks both, in order."""
    closure = get_object_or_404(Closure.objects.visible_to(request.user), pk=pk)
    form = bind(GatherForm, request, gathered=closure)
    if not form.is_valid():
        return _refused(request, pk, form)
    incident, other = form.cleaned_data["incident"], form.cleaned_data["closure"]
    if incident:
        closure.join(incident, by=request.user)
    else:
        closure.gather_with(other, by=request.user)
    messages.success(request, f"{closure.number} er samlet under »{closure.incident}«.")
    return _stay(request, closure, closure.incident)


@may(Act.REVIEW_CLOSURES, POSTS)
def leave_incident(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_act(request, pk, "leave_incident")
    incident = closure.incident
    closure.leave_incident(by=request.user)
    messages.success(request, f"{closure.number} er taget ud af »{incident}«.")
    return _stay(request, closure, incident)
