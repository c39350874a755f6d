"""Registering: what was closed, told in two minutes on a phone, read through, and sent; and the parts that were closed
(nedsat drift), which never count."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from sikkerby.access import get_editable
from sikkerby.exports import Column, export
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, POSTS, Act, may

from .. import letters
from ..calendar import in_words
from ..forms.closures import NEVER_COUNTED, CountForm, ReducedServiceForm, RegisterForm
from ..models import AnnualReturn, Closure, Institution, ReducedService
from .closures import LIST, refusals_in, status_of

# --- The form, the page to read it through, and the receipt -------------------------------------------------------


@may(Act.REGISTER_CLOSURES, FORM)
def new(request: HttpRequest) -> HttpResponse:
    """One short form, then all of it to read through ("Kontrollér og send"), then it is sent. Until then nothing is
    stored: each page carries what was typed to the next, so that Back, F5 and an ended session lose nothing."""
    form = bind(RegisterForm, request, by=request.user, today=timezone.localdate())
    if chosen := request.GET.get("institution"):
        form.initial.setdefault("institution", chosen)
    if "ret" in request.POST:
        form.begin_at(request.POST["ret"])
        return _page(request, form, "new")
    if "send" in request.POST and form.is_valid():
        if response := once(request, form, _registering(request, form), to=_receipt_of):
            return response
    if form.is_ready:
        with refusals_in(form):
            form.rehearse()
    return _page(request, form, "check" if form.is_ready else "new")


def _page(request: HttpRequest, form: RegisterForm, name: str) -> HttpResponse:
    context = {"form": form, "crumbs": [LIST, ("Registrér lukning", "")]}
    response = page(request, f"closures/{name}.html", context, status=status_of(form))
    # Kept by this browser alone, for its Back button: a page that may not be kept comes back empty, or not at all.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _registering(request: HttpRequest, form: RegisterForm):
    """What sending the form does."""

    def register() -> Closure | ReducedService:
        who = {"by": request.user, "today": form.today}
        if form.is_of_part:
            reduced = ReducedService.objects.register(**who, **form.reported)
            messages.success(request, f"Nedsat drift er registreret. {NEVER_COUNTED}")
            return reduced
        return Closure.objects.register_with_services(services=form.cleaned_data["services"], **who, **form.reported)

    return register


def _receipt_of(made: Closure | ReducedService) -> str:
    """A closure has a receipt. Of reduced service nothing more happens: its own page is enough."""
    return reverse("closures:receipt", args=[made.pk]) if isinstance(made, Closure) else made.get_absolute_url()


@may(Act.REGISTER_CLOSURES)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """That it is registered: its number, what happens next, and what it does not replace."""
    closures = Closure.objects.visible_to(request.user).with_institution()
    closure = get_object_or_404(closures, pk=pk)
    context = {
        "closure": closure,
        "counts": in_words(closure.half_days),
        "services": closures.of_services_with(closure),
        "readers": letters.readers_of(closure),
        "unanswered": AnnualReturn.objects.waiting_after(closure),
        "crumbs": [LIST, (closure.number, closure.get_absolute_url()), ("Kvittering", "")],
    }
    return page(request, "closures/receipt.html", context)


@may(Act.REGISTER_CLOSURES)
def count(request: HttpRequest) -> HttpResponse:
    """What the dates count as, while they are typed."""
    form = CountForm(request.GET, institutions=Institution.objects.reported_by(request.user), by=request.user)
    return page(request, "closures/count.html", {"count": form.explain(timezone.localdate())}, partial="count")


# --- Reduced service: shown apart, never counted ------------------------------------------------------------------

REDUCED = ("Nedsat drift", "/lukninger/nedsat-drift/")
REDUCED_COLUMNS = [
    Column("Institution", lambda reduced: reduced.institution.name),
    Column("Hvilken del", lambda reduced: reduced.part),
    Column("Forvaltning", lambda reduced: reduced.institution.administration.name),
    Column("Bydel", lambda reduced: reduced.institution.district.name if reduced.institution.district else ""),
    Column("Art", lambda reduced: reduced.get_kind_display()),
    Column("Hvor var uroen", lambda reduced: reduced.get_scope_display()),
    Column("Første dag", lambda reduced: reduced.first_day),
    Column("Den første dag var der lukket", lambda reduced: reduced.get_first_part_display()),
    Column("Sidste dag", lambda reduced: reduced.last_day),
    Column("Den sidste dag var der lukket", lambda reduced: reduced.get_last_part_display()),
    Column("Årsag", lambda reduced: reduced.get_cause_display()),
]


@may(Act.READ_CLOSURES)
def reduced_service_list(request: HttpRequest) -> HttpResponse:
    """The parts that were closed, of the institutions this person may see, newest first."""
    rows = ReducedService.objects.visible_to(request.user).with_institution()
    if response := export(request, rows.order_by("-first_day", "-pk"), REDUCED_COLUMNS, "Nedsat drift"):
        return response
    context = {
        "page": paginate(request, rows, "-first_day", "-pk", noun=("registrering", "registreringer")),
        "register_url": reverse("closures:closure_new") if request.user.may(Act.REGISTER_CLOSURES) else "",
        "crumbs": [LIST, ("Nedsat drift", "")],
    }
    return page(request, "closures/reduced_service_list.html", context, partial="results")


@may(Act.READ_CLOSURES)
def reduced_service(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    reduced = get_object_or_404(ReducedService.objects.visible_to(user).with_institution(), pk=pk)
    context = {
        "reduced": reduced,
        "measures": reduced.as_closure.told("measures"),
        "may_change": user.may(Act.REGISTER_CLOSURES)
        and ReducedService.objects.editable_by(user).filter(pk=pk).exists(),
        "crumbs": [LIST, REDUCED, (reduced.part, "")],
    }
    return page(request, "closures/reduced_service.html", context)


@may(Act.REGISTER_CLOSURES, FORM)
def change_reduced_service(request: HttpRequest, pk: int) -> HttpResponse:
    reduced = get_editable(request, ReducedService, pk=pk)
    form = bind(ReducedServiceForm, request, instance=reduced)
    if form.is_valid():
        with refusals_in(form):
            reduced.change(today=timezone.localdate())
            messages.success(request, "Rettelsen er gemt.")
            return redirect(reduced)
    crumbs = [LIST, REDUCED, (reduced.part, reduced.get_absolute_url()), ("Ret", "")]
    context = {"form": form, "reduced": reduced, "crumbs": crumbs}
    return page(request, "closures/reduced_service_change.html", context, status=status_of(form))


@may(Act.REGISTER_CLOSURES, POSTS)
def delete_reduced_service(request: HttpRequest, pk: int) -> HttpResponse:
    """It should not have been registered. What it said stays in the history."""
    reduced = get_editable(request, ReducedService, pk=pk)
    reduced.delete()
    messages.success(request, f"Den nedsatte drift af {reduced.part} er slettet.")
    return redirect("closures:reduced_service_list")
