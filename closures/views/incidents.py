"""Incidents: the unrest or crisis behind several closures, gathered by the office."""

from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from sikkerby import charts
from sikkerby.access import get_editable
from sikkerby.exports import Column, export
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, POSTS, Act, may
from sikkerby.templatetags.danish import as_days

from .. import figures
from ..calendar import in_words
from ..figures.incidents import NOTHING_COUNTED, IncidentFigures, of_incidents
from ..forms.incidents import AddForm, IncidentFilter, IncidentForm, NewIncidentForm
from ..models import Closure, Incident, ReducedService
from .closures import LIST as CLOSURES
from .closures import NEARBY, done, status_of

LIST = ("Hændelser", "/haendelser/")
ALL_DAYS = date.min, date.max


@may(Act.READ_CLOSURES)
def incident_list(request: HttpRequest) -> HttpResponse:
    """The incidents behind closures that this person may see, newest first, with what those closures count."""
    mine = Closure.objects.visible_to(request.user)
    filters = IncidentFilter(request.GET, today=timezone.localdate())
    incidents = filters.narrow(Incident.objects.visible_to(request.user)).select_related("district")
    incidents = incidents.order_by("-happened_on", "-pk")
    if "format" in request.GET:
        columns = _columns(of_incidents(mine))
        return export(request, incidents, columns, "Hændelser")
    shown = paginate(request, incidents, "-happened_on", "-pk", noun=("hændelse", "hændelser"))
    found = of_incidents(mine.filter(incident__in=shown.items))
    context = {
        "filters": filters,
        "page": shown,
        "rows": [(each, found.get(each.pk, NOTHING_COUNTED)) for each in shown.items],
        "may_edit": request.user.may(Act.REVIEW_CLOSURES),
        "crumbs": [CLOSURES, ("Hændelser", "")],
    }
    return page(request, "closures/incidents.html", context, partial="results")


def _columns(found: dict[int, IncidentFigures]) -> list[Column]:
    none = NOTHING_COUNTED
    return [
        Column("Hændelse", lambda each: each.title),
        Column("Skete den", lambda each: each.happened_on),
        Column("Bydel", lambda each: each.district.name if each.district else ""),
        Column("Institutioner", lambda each: found.get(each.pk, none).units),
        Column("Driftsforstyrrelser, dage", lambda each: as_days(found.get(each.pk, none).disruption)),
        Column("Med et pædagogisk formål, dage", lambda each: as_days(found.get(each.pk, none).pedagogical)),
        Column("Ikke opdelt, dage", lambda each: as_days(found.get(each.pk, none).undistinguished)),
        Column("Ikke-planlagte lukkedage i alt", lambda each: as_days(found.get(each.pk, none).total)),
        Column("Heraf ikke gennemgået", lambda each: as_days(found.get(each.pk, none).not_reviewed)),
    ]


@may(Act.READ_CLOSURES)
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """Its closures on a line of time, what they count, and the reduced services apart."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user).select_related("district"), pk=pk)
    return _incident_page(request, incident)


def _incident_page(request: HttpRequest, incident: Incident, form: BaseForm | None = None) -> HttpResponse:
    """With the closures that this person may see, and no others; `form` is one that was not accepted."""
    today, user, edits = timezone.localdate(), request.user, request.user.may(Act.REVIEW_CLOSURES)
    closures = Closure.objects.visible_to(user).behind(incident).with_institution()
    shown = list(figures.with_counted(closures, ALL_DAYS))
    found = of_incidents(closures).get(incident.pk, NOTHING_COUNTED)
    context = {
        "incident": incident,
        "form": form,
        "figures": found,
        "closures": shown,
        "counts_under_its_parent": any(
            each.counted < each.half_days for each in shown if each.status in Closure.HOLDING
        ),
        "timeline": _timeline(closures.holding(), found, today),
        "reduced_services": ReducedService.objects.visible_to(user)
        .filter(incident=incident)
        .select_related("institution"),
        "may_edit": edits,
        "add_form": form or bind(AddForm, request, action=reverse("closures:incident_add", args=[incident.pk]))
        if edits
        else None,
        "nearby": Closure.objects.near_incident(incident, today).without_incident().with_institution()[:NEARBY]
        if edits
        else [],
        "crumbs": [CLOSURES, LIST, (incident.title, "")],
    }
    return page(request, "closures/incident.html", context, status=status_of(form) if form else 200)


def _timeline(closures: QuerySet, found: IncidentFigures, today: date) -> str:
    """Those that count, until today where they are still closed."""
    spans = [
        charts.Span(
            label=f"{each.institution}: {in_words(each.half_days)}{'' if each.last_day else ', indtil videre'}",
            kind=each.kind,
            begins=each.first_day,
            ends=each.last_day or max(today, each.first_day),
            from_midday=each.period.only_last_part,
            to_midday=each.period.only_first_part,
        )
        for each in closures
    ]
    return charts.timeline(spans, title=found.in_words) if spans else ""


@may(Act.REVIEW_CLOSURES, FORM)
def new(request: HttpRequest) -> HttpResponse:
    """An incident, made for a closure or by itself."""
    form = bind(NewIncidentForm, request)
    closure = Closure.objects.visible_to(request.user).with_institution().filter(pk=_asked_for(request)).first()
    if closure and request.method != "POST":
        form.initial = Incident.objects.proposed(closure) | {"closure": closure.pk} | form.initial

    def make() -> Incident:
        incident = form.save()
        if first := form.cleaned_data["closure"]:
            first.join(incident, by=request.user)
        messages.success(request, "Hændelsen er oprettet.")
        return incident

    if form.is_valid() and (response := once(request, form, make)):
        return response
    back_url = closure.get_absolute_url() if closure else LIST[1]
    return _form_page(request, form, "Ny hændelse", [CLOSURES, LIST, ("Ny hændelse", "")], back_url)


def _asked_for(request: HttpRequest) -> int | None:
    asked = request.GET.get("lukning", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None


@may(Act.REVIEW_CLOSURES, FORM)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    incident = get_editable(request, Incident, pk=pk)
    form = bind(IncidentForm, request, instance=incident)
    if form.is_valid():
        form.save()
        messages.success(request, "Hændelsen er rettet.")
        return redirect(incident)
    crumbs = [CLOSURES, LIST, (str(incident), incident.get_absolute_url()), ("Ret", "")]
    return _form_page(request, form, "Ret hændelsen", crumbs, incident.get_absolute_url())


def _form_page(request: HttpRequest, form: BaseForm, heading: str, crumbs: list, back_url: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "crumbs": crumbs, "back_url": back_url}
    return page(request, "closures/incident_form.html", context, status=status_of(form))


@may(Act.REVIEW_CLOSURES, POSTS)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A closure that is known by its number."""
    incident = get_object_or_404(Incident.objects.editable_by(request.user).select_related("district"), pk=pk)
    form = bind(AddForm, request)
    if done(form, lambda number: number.join(incident, by=request.user)):
        messages.success(request, f"{form.cleaned_data['number'].number} er samlet under hændelsen.")
        return redirect(incident)
    return _incident_page(request, incident, form)


@may(Act.REVIEW_CLOSURES, POSTS)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """One that nothing is gathered under."""
    incident = get_editable(request, Incident, pk=pk)
    incident.remove()
    messages.success(request, f"»{incident}« er slettet.")
    return redirect("closures:incident_list")
