"""What committees were promised: what is outstanding, and what kept the rest."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from reports.forms.follow_ups import CloseForm, FollowUpChangeForm, FollowUpFilter, FollowUpForm
from reports.models import Decision, FollowUp
from reports.views import NOTES
from sikkerby.access import get_editable
from sikkerby.exports import Column, export
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, POSTS, READS, Act, may
from sikkerby.templatetags.danish import approximate

FOLLOW_UPS = ("Opfølgninger", "/opfoelgninger/")
COLUMNS = [
    Column("Udvalg", lambda each: each.committee.name),
    Column("Hvad der er lovet", lambda each: each.promise),
    Column("Inden", lambda each: approximate(each.due, each.due_precision)),
    Column("Ansvarlig", lambda each: each.responsible),
    Column("Lovet i", lambda each: str(each.origin or "")),
    Column("Afsluttet", lambda each: each.closed_on),
    Column("Indfriet med", lambda each: str(each.keeper or "")),
]


@may(Act.KEEP_PROMISES, READS)
def follow_up_list(request: HttpRequest) -> HttpResponse:
    """The open ones, the most pressing first, with those overdue marked; below them those that are closed."""
    today = timezone.localdate()
    filters = FollowUpFilter(request.GET, today=today)
    found = filters.narrow(FollowUp.objects.visible_to(request.user).promised()).with_origin()
    if response := export(request, found, COLUMNS, "opfølgninger"):
        return response
    outstanding = list(found.outstanding())
    context = {
        "filters": filters,
        "outstanding": [(each, each.is_overdue(today)) for each in outstanding],
        "overdue_count": sum(each.is_overdue(today) for each in outstanding),
        "page": paginate(request, found.kept(), "-closed_on", "-pk", noun=("afsluttet", "afsluttede")),
        "crumbs": [NOTES, (FOLLOW_UPS[0], None)],
    }
    return page(request, "reports/follow_ups.html", context, partial="results")


@may(Act.KEEP_PROMISES, FORM)
def new_from_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """What a committee was promised when it decided, or asked for."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user).select_related("note"), pk=pk)
    form = bind(FollowUpForm, request, instance=FollowUp(committee=decision.committee, decision=decision))
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, form.save):
            messages.success(request, "Opfølgningen er noteret og udestår nu.")
            return made
    lead = f"{decision.committee_name}, {decision.note}: {decision}."
    return _form_page(request, form, "Ny opfølgning", lead=lead, verb="Notér opfølgningen")


@may(Act.KEEP_PROMISES, FORM)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A new deadline, or who answers for it now. What a note promised in print stays as printed."""
    follow_up = get_editable(request, FollowUp, pk=pk)
    follow_up.must_be_outstanding()
    form = bind(FollowUpChangeForm, request, instance=follow_up)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Opfølgningen er gemt.")
        return redirect(follow_up)
    return _form_page(request, form, "Ret opfølgningen", lead=str(follow_up), verb="Gem opfølgningen")


@may(Act.KEEP_PROMISES, FORM)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The promise is kept, by the note or the decision that is named."""
    follow_up = get_editable(request, FollowUp, pk=pk)
    form = bind(CloseForm, request, follow_up=follow_up)
    if request.method == "POST" and form.is_valid():
        follow_up.close(note=form.cleaned_data["note"], decision=form.cleaned_data["decision"], on=timezone.localdate())
        messages.success(request, f"»{follow_up}« er afsluttet.")
        return redirect(follow_up)
    follow_up.must_be_outstanding()
    return _form_page(request, form, "Afslut opfølgningen", lead=str(follow_up), verb="Afslut opfølgningen")


@may(Act.KEEP_PROMISES, POSTS)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up = get_editable(request, FollowUp, pk=pk)
    follow_up.reopen()
    messages.success(request, f"»{follow_up}« udestår igen.")
    return redirect(follow_up)


def _form_page(request: HttpRequest, form: BaseForm, heading: str, *, lead: str, verb: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "lead": lead,
        "verb": verb,
        "back_url": FOLLOW_UPS[1],
        "crumbs": [NOTES, FOLLOW_UPS, (heading, None)],
    }
    return page(request, "reports/follow_up_form.html", context, status=422 if form.errors else 200)
