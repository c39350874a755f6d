"""Closures: the list, one closure, and what those who report it do with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from sikkerby.access import get_editable
from sikkerby.exports import Column, export
from sikkerby.forms import bind
from sikkerby.htmx import page
from sikkerby.middleware import Conflict
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, POSTS, Act, may
from sikkerby.templatetags.danish import as_days

from .. import figures
from ..calendar import in_words
from ..forms.closures import SELDOM_PEDAGOGICAL, ChangeForm
from ..forms.filters import ClosureFilter
from ..forms.review import ACT_FORMS, ActForm, AnswerForm, ContinueForm, DisagreeForm, EndForm, WishForm
from ..models import Closure, ClosureStep, Incident, Institution, Kind, ReportedTotal

LIST = ("Lukninger", "/lukninger/")
COLUMNS = [
    Column("Nummer", lambda closure: closure.number),
    Column("Institution", lambda closure: closure.institution.name),
    Column("Type", lambda closure: closure.institution.get_kind_display()),
    Column("Forvaltning", lambda closure: closure.institution.administration.name),
    Column("Bydel", lambda closure: closure.institution.district.name if closure.institution.district else ""),
    Column("Art", lambda closure: closure.get_kind_display()),
    Column("Hvor var uroen", lambda closure: closure.get_scope_display()),
    Column("Første dag", lambda closure: closure.first_day),
    Column("Den første dag var der lukket", lambda closure: closure.get_first_part_display()),
    Column("Sidste dag", lambda closure: closure.last_day),
    Column("Den sidste dag var der lukket", lambda closure: closure.get_last_part_display()),
    Column("Ikke-planlagte lukkedage", lambda closure: as_days(closure.counted)),
    Column("Årsag", lambda closure: closure.get_cause_display()),
    Column("Hvad I gjorde", lambda closure: closure.told("measures")),
    Column("Reference", lambda closure: closure.reference),
    Column("Hvad der skete", lambda closure: closure.account),
    Column("Status", lambda closure: closure.get_status_display()),
]

HALF_DAY_COLUMNS = [
    Column("Nummer", lambda half_day: half_day.closure.number),
    Column("Institution", lambda half_day: half_day.closure.institution.name),
    Column("Dag", lambda half_day: half_day.day),
    Column("Halvdel", lambda half_day: half_day.get_half_display()),
    Column("Art", lambda half_day: half_day.closure.get_kind_display()),
    Column("Status", lambda half_day: half_day.closure.get_status_display()),
]


# --- The list -----------------------------------------------------------------------------------------------------


@may(Act.READ_CLOSURES)
def closure_list(request: HttpRequest) -> HttpResponse:
    """The closures this person may see, newest first; of a year, with what they count in it."""
    mine, filters = Closure.objects.visible_to(request.user), _filters(request)
    way = {"reviewed_only": filters.reviewed_only, "when": filters.when, "taken_out": filters.taken_out}
    closures = figures.with_counted(filters.narrow(mine).with_institution(), filters.days, **way)
    closures = closures.annotate(after_closing=figures.after_closing())
    if response := export(request, closures.order_by("-first_day", "-pk"), COLUMNS, "Lukninger"):
        return response
    totals = filters.narrow_totals(ReportedTotal.objects.all())
    found = paginate(request, closures, "-first_day", "-pk", noun=("lukning", "lukninger"))
    half_days_url = f"{reverse('closures:half_days')}?{urlencode(filters.query | {'format': 'csv'})}"
    found.export_urls.append(("halve dage (CSV)", half_days_url))
    context = {
        "filters": filters,
        "page": found,
        "days": filters.days_in_words,
        "sum": figures.between(filters.about(mine), *filters.days, totals=totals, **way) if filters.days else None,
        "register_url": reverse("closures:closure_new") if request.user.may(Act.REGISTER_CLOSURES) else "",
        "import_url": reverse("closures:imports") if request.user.may(Act.IMPORT_CLOSURES) else "",
        "may_see_figures": request.user.may(Act.READ_FIGURES),
    }
    return page(request, "closures/list.html", context, partial="results")


def _filters(request: HttpRequest) -> ClosureFilter:
    return ClosureFilter(
        request.GET,
        institutions=Institution.objects.visible_to(request.user),
        incidents=Incident.objects.visible_to(request.user),
        whole_city=request.user.sees_all,
        today=timezone.localdate(),
    )


@may(Act.READ_CLOSURES)
def half_days(request: HttpRequest) -> HttpResponse:
    """The half-days that the list sums to, a row for each, as a file."""
    rows = _filters(request).half_days(Closure.objects.visible_to(request.user))
    response = export(request, rows, HALF_DAY_COLUMNS, "Halve dage")
    return response or redirect("closures:closure_list")


# --- What is refused ----------------------------------------------------------------------------------------------


@contextmanager
def refusals_in(form: BaseForm) -> Iterator[None]:
    """What the act refuses stands in the form, and nothing of the act is stored."""
    try:
        with transaction.atomic():
            yield
    except ValidationError as refusal:
        for field, errors in refusal.update_error_dict({}).items():
            for error in errors:
                form.add_error(field if field in form.fields else None, error)


def status_of(form: BaseForm) -> int:
    return 422 if form.is_bound and form.errors else 200


# --- One closure --------------------------------------------------------------------------------------------------

BY_THE_REPORTING = ("change", "end", "open_again", "continue_as", "withdraw")
BY_THE_LEADERS = ("answer", "agree", "disagree", "ask_correction")
BY_THE_OFFICE = (
    *("review", "ask", "exclude", "reclassify", "correct", "decline_correction"),
    *("join", "leave_incident"),
)


@may(Act.READ_CLOSURES)
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """The closure and its story."""
    return closure_page(request, pk)


def closure_page(request: HttpRequest, pk: int, form: BaseForm | None = None) -> HttpResponse:
    """With what may be done by this person now; `form` is one that was not accepted."""
    closure = get_object_or_404(Closure.objects.visible_to(request.user).in_full(), pk=pk)
    context = about(request, closure, form) | {"crumbs": [LIST, (closure.number, "")], "came_from": ""}
    return page(request, "closures/detail.html", context, status=status_of(form) if form else 200)


def about(request: HttpRequest, closure: Closure, form: BaseForm | None) -> dict:
    """All that is said of a closure, and the forms of the acts that are this person's and fit its state."""
    today, user = timezone.localdate(), request.user
    acts, steps = acts_of(request, closure), list(closure.steps.select_related("by"))
    if not user.may(Act.REVIEW_CLOSURES) and closure.closed_years.exists():
        acts.difference_update(BY_THE_REPORTING)  # a closed year is the office's to give to and take from

    def last_said(act: str) -> ClosureStep | None:
        return next((step for step in reversed(steps) if step.act == act), None)

    def form_of(act: str) -> BaseForm:
        if isinstance(form, ACT_FORMS[act]):
            return form
        if request.method == "POST":  # what was posted belongs to `form` alone
            return ACT_FORMS[act](closure=closure)
        return bind(ACT_FORMS[act], request, action=reverse(f"closures:closure_{act}", args=[pk]), closure=closure)

    pk = closure.pk
    return {
        "closure": closure,
        "form": form,
        "steps": steps,
        "acts": {act: form_of(act) if act in ACT_FORMS else True for act in acts},
        "question": last_said(ClosureStep.Act.QUESTION),
        "wish": last_said(ClosureStep.Act.CORRECTION_ASKED),
        "reclassified": last_said(ClosureStep.Act.RECLASSIFIED),
        "counts": in_words(closure.half_days),
        "measures": closure.told("measures"),
        "other_kind": other_kind(closure).label,
        "office_decides": closure.institution.kind in SELDOM_PEDAGOGICAL and closure.kind == Kind.DISRUPTION,
        "reports": user.may(Act.ANSWER_CLOSURES),
        "reviews": user.may(Act.REVIEW_CLOSURES),
        "nearby": {
            "incidents": Incident.objects.near(closure, today)[:NEARBY],
            "closures": Closure.objects.near(closure, today).without_incident().with_institution()[:NEARBY],
        }
        if "join" in acts
        else {},
    }


NEARBY = 6  # incidents, and closures, that are offered at once


def acts_of(request: HttpRequest, closure: Closure) -> set[str]:
    """What this person may do with the closure in the state it is in."""
    user, theirs = request.user, set()
    answers = user.may(Act.ANSWER_CLOSURES) and Closure.objects.answered_by(user).filter(pk=closure.pk).exists()
    if user.may(Act.REGISTER_CLOSURES) and Closure.objects.editable_by(user).filter(pk=closure.pk).exists():
        theirs.update(BY_THE_REPORTING)
    if answers:
        theirs.update(BY_THE_LEADERS)
    if user.may(Act.REVIEW_CLOSURES):
        theirs.update(BY_THE_OFFICE)
        if not answers and closure.registered_by_id != user.pk:
            theirs.discard("withdraw")  # the office takes out what others reported, and says why
    if closure.first_day > timezone.localdate():
        theirs.discard("open_again")
    return {act for act in theirs if not closure.why_not(act)}


def other_kind(closure: Closure) -> Kind:
    """What it can continue as."""
    return Kind.PEDAGOGICAL if closure.kind == Kind.DISRUPTION else Kind.DISRUPTION


# --- What those who report it do ----------------------------------------------------------------------------------


def to_act(request: HttpRequest, pk: int, act: str) -> Closure:
    """The closure, by the rule, if its state permits the act. A POST first takes the institution's turn, as every act
    does: locks in one order."""
    if request.method == "POST":
        Institution.objects.visible_to(request.user).lock_for_closure(pk)
    closure = get_editable(request, Closure, pk=pk)
    closure.refuse(act)
    return closure


def to_answer(request: HttpRequest, pk: int, act: str) -> Closure:
    """The same, for what is those who report's to say, and not the office's."""
    closure = to_act(request, pk, act)
    if not Closure.objects.answered_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return closure


def done(form: BaseForm, act: Callable, **more) -> bool:
    """Whether the form was right, and the act was carried out with what it says. What the act refuses stands in it."""
    if form.is_valid():
        with refusals_in(form):
            act(**form.cleaned_data, **more)
    return not form.errors


@may(Act.REGISTER_CLOSURES, FORM)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Until the office has reviewed it, those who reported it can correct it."""
    closure = to_act(request, pk, "change")
    form = bind(ChangeForm, request, instance=closure)
    if form.is_valid():
        with refusals_in(form):
            closure.change(by=request.user, today=timezone.localdate())
            messages.success(request, "Rettelsen er gemt. Center for Sikker By ser den ved gennemgangen.")
            return redirect(closure)
    crumbs = [LIST, (closure.number, closure.get_absolute_url()), ("Ret", "")]
    context = {"form": form, "closure": closure, "crumbs": crumbs}
    return page(request, "closures/change.html", context, status=status_of(form))


@may(Act.REGISTER_CLOSURES, POSTS)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The institution has opened again."""
    closure = to_act(request, pk, "end")
    form = bind(EndForm, request, closure=closure)
    if done(form, closure.end, by=request.user, today=timezone.localdate()):
        return _ended(request, closure)
    return closure_page(request, pk, form)


@may(Act.REGISTER_CLOSURES, POSTS)
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """It opened today: one button."""
    closure = to_act(request, pk, "open_again")
    form = bind(ActForm, request, closure=closure)
    if done(form, closure.open_again, by=request.user, today=timezone.localdate()):
        return _ended(request, closure)
    return closure_page(request, pk, form)


def _ended(request: HttpRequest, closure: Closure) -> HttpResponse:
    messages.success(
        request,
        f"Lukningen er afsluttet. Den tæller {in_words(closure.half_days)}. Nu gennemgår Center for Sikker By den.",
    )
    return redirect(closure)


@may(Act.REGISTER_CLOSURES, POSTS)
def continue_as(request: HttpRequest, pk: int) -> HttpResponse:
    """It goes on for the other reason: this one ends, and the next begins."""
    closure = to_act(request, pk, "continue_as")
    form, kind = bind(ContinueForm, request, closure=closure), other_kind(closure)
    if form.is_valid():
        with refusals_in(form):
            following = closure.continue_as(kind, **form.cleaned_data, by=request.user, today=timezone.localdate())
            ended = f"{closure.number} er afsluttet, og {following.number} er begyndt"
            messages.success(request, f"{ended} som {kind.label} indtil videre.")
            return redirect(following)
    return closure_page(request, pk, form)


@may(Act.REGISTER_CLOSURES, POSTS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_act(request, pk, "withdraw")
    if "withdraw" not in acts_of(request, closure):
        raise Conflict("Andre har registreret lukningen. Tag den ud, og skriv hvorfor.")
    form = bind(ActForm, request, closure=closure)
    if done(form, closure.withdraw, by=request.user):
        messages.success(request, "Lukningen er trukket tilbage og tæller ikke med. Dagene kan registreres igen.")
        return redirect(closure)
    return closure_page(request, pk, form)


@may(Act.ANSWER_CLOSURES, POSTS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_answer(request, pk, "answer")
    form = bind(AnswerForm, request, closure=closure)
    if done(form, closure.answer, by=request.user):
        messages.success(request, "Svaret er sendt. Center for Sikker By gennemgår nu lukningen.")
        return redirect(closure)
    return closure_page(request, pk, form)


@may(Act.ANSWER_CLOSURES, POSTS)
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_answer(request, pk, "agree")
    form = bind(ActForm, request, closure=closure)
    if done(form, closure.agree, by=request.user):
        messages.success(request, "Tak. Det er noteret, at I er enige i arten.")
        return redirect(closure)
    return closure_page(request, pk, form)


@may(Act.ANSWER_CLOSURES, POSTS)
def disagree(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_answer(request, pk, "disagree")
    form = bind(DisagreeForm, request, closure=closure)
    if done(form, closure.disagree, by=request.user):
        messages.success(
            request, "Tak. Det er noteret, at I er uenige, og hvorfor. Center for Sikker By har fået besked."
        )
        return redirect(closure)
    return closure_page(request, pk, form)


@may(Act.ANSWER_CLOSURES, POSTS)
def ask_correction(request: HttpRequest, pk: int) -> HttpResponse:
    closure = to_answer(request, pk, "ask_correction")
    form = bind(WishForm, request, closure=closure)
    if done(form, closure.ask_correction, by=request.user):
        messages.success(request, "Ønsket er sendt. Center for Sikker By retter lukningen eller svarer her på siden.")
        return redirect(closure)
    return closure_page(request, pk, form)
