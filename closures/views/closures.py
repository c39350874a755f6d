"""Closures: the list, one closure, and what is done with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
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
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, POSTS, Act, may
from sikkerby.templatetags.danish import as_days

from .. import figures
from ..calendar import in_words
from ..forms.closures import ChangeForm
from ..forms.filters import ClosureFilter
from ..forms.review import AnswerForm, EndForm, ExcludeForm, QuestionForm, ReclassifyForm
from ..models import Closure, Institution, ReportedTotal

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
    Column("Status", lambda closure: closure.get_status_display()),
]


# --- The list -----------------------------------------------------------------------------------------------------


@may(Act.READ_CLOSURES)
def closure_list(request: HttpRequest) -> HttpResponse:
    """The closures this person may see, newest first; of a year, with what they count in it."""
    mine = Closure.objects.visible_to(request.user)
    filters = ClosureFilter(
        request.GET,
        institutions=Institution.objects.visible_to(request.user),
        whole_city=request.user.sees_all,
        today=timezone.localdate(),
    )
    closures = figures.with_counted(filters.narrow(mine).with_institution(), filters.days)
    if response := export(request, closures.order_by("-first_day", "-pk"), COLUMNS, "Lukninger"):
        return response
    context = {
        "filters": filters,
        "page": paginate(request, closures, "-first_day", "-pk", noun=("lukning", "lukninger")),
        "days": filters.days_in_words,
        "sum": figures.between(closures, *filters.days) if filters.days else None,
        "undated": ReportedTotal.objects.filter(year=filters.chosen("aar")).first(),
        "register_url": reverse("closures:closure_new") if request.user.may(Act.REGISTER_CLOSURES) else "",
        "may_see_figures": request.user.may(Act.READ_FIGURES),
    }
    return page(request, "closures/list.html", context, partial="results")


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


@may(Act.READ_CLOSURES)
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """The closure and its story; right after registering, the receipt."""
    closures = Closure.objects.visible_to(request.user).with_institution()
    closure = get_object_or_404(closures.select_related("registered_by", "reviewed_by", "duplicate_of"), pk=pk)
    return _closure_page(request, closure)


def _closure_page(request: HttpRequest, closure: Closure, form: BaseForm | None = None) -> HttpResponse:
    """With the forms of the acts that are this person's and fit its state; `form` is one that was not accepted."""
    user = request.user
    theirs = user.may(Act.REGISTER_CLOSURES) and Closure.objects.editable_by(user).filter(pk=closure.pk).exists()
    unreviewed, holding = closure.status in Closure.UNREVIEWED, closure.status in Closure.HOLDING
    reviews = user.may(Act.REVIEW_CLOSURES)

    def form_of(offered: bool, form_class: type[BaseForm], act: str, **options) -> BaseForm | None:
        if isinstance(form, form_class):
            return form
        if not offered:
            return None
        if request.method == "POST":  # what was posted belongs to `form` alone
            return form_class(**options)
        return bind(form_class, request, action=reverse(f"closures:closure_{act}", args=[closure.pk]), **options)

    context = {
        "closure": closure,
        "form": form,
        "steps": closure.steps.select_related("by"),
        "question": closure.question,
        "reports": theirs and not reviews,
        "counts": in_words(closure.half_days),
        "measures": [Closure.Measure(each).label for each in closure.measures],
        "may_change": theirs and unreviewed,
        "may_review": reviews and unreviewed and closure.last_day is not None,
        "end_form": form_of(theirs and unreviewed and closure.last_day is None, EndForm, "end"),
        "answer_form": form_of(theirs and closure.status == Closure.Status.RETURNED, AnswerForm, "answer"),
        "question_form": form_of(reviews and unreviewed, QuestionForm, "ask"),
        "exclude_form": form_of(reviews and holding, ExcludeForm, "exclude", closure=closure),
        "reclassify_form": form_of(reviews and holding, ReclassifyForm, "reclassify"),
        "crumbs": [LIST, (closure.number, "")],
    }
    return page(request, "closures/detail.html", context, status=status_of(form) if form else 200)


# --- What is done with it -----------------------------------------------------------------------------------------


def _to_change(request: HttpRequest, pk: int) -> Closure:
    """The closure, by the rule. A POST first takes the institution's turn, as every act does: locks in one order."""
    if request.method == "POST":
        Institution.objects.visible_to(request.user).lock_for_closure(pk)
    return get_editable(request, Closure, pk=pk)


@may(Act.REGISTER_CLOSURES, FORM)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Until the office has reviewed it, those who reported it can correct it."""
    closure = _to_change(request, pk)
    closure.refuse("change")
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
    closure = _to_change(request, pk)
    form = bind(EndForm, request)
    if form.is_valid():
        with refusals_in(form):
            closure.end(**form.cleaned_data, by=request.user, today=timezone.localdate())
            messages.success(request, f"Lukningen er afsluttet. Den tæller {in_words(closure.half_days)}.")
            return redirect(closure)
    return _closure_page(request, closure, form)


@may(Act.REGISTER_CLOSURES, POSTS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    closure = _to_change(request, pk)
    closure.withdraw(by=request.user)
    messages.success(request, "Lukningen er trukket tilbage og tæller ikke med. Dagene kan registreres igen.")
    return redirect(closure)


@may(Act.REGISTER_CLOSURES, POSTS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    closure = _to_change(request, pk)
    form = bind(AnswerForm, request)
    if form.is_valid():
        closure.answer(form.cleaned_data["answer"], by=request.user)
        messages.success(request, "Svaret er sendt. Center for Sikker By gennemgår nu lukningen.")
        return redirect(closure)
    return _closure_page(request, closure, form)


@may(Act.REVIEW_CLOSURES, POSTS)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    closure = _to_change(request, pk)
    closure.review(by=request.user)
    messages.success(request, f"{closure.number} er gennemgået og tæller med i opgørelsen.")
    return redirect(closure)


@may(Act.REVIEW_CLOSURES, POSTS)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    closure = _to_change(request, pk)
    form = bind(QuestionForm, request)
    if form.is_valid():
        closure.ask(form.cleaned_data["question"], by=request.user)
        messages.success(request, "Spørgsmålet er sendt. Lukningen venter nu på lederens svar.")
        return redirect(closure)
    return _closure_page(request, closure, form)


@may(Act.REVIEW_CLOSURES, POSTS)
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    closure = _to_change(request, pk)
    form = bind(ExcludeForm, request, closure=closure)
    if form.is_valid():
        closure.exclude(**form.cleaned_data, by=request.user)
        messages.success(request, f"{closure.number} er taget ud og tæller ikke med.")
        return redirect(closure)
    return _closure_page(request, closure, form)


@may(Act.REVIEW_CLOSURES, POSTS)
def reclassify(request: HttpRequest, pk: int) -> HttpResponse:
    closure = _to_change(request, pk)
    form = bind(ReclassifyForm, request)
    if form.is_valid():
        with refusals_in(form):
            closure.reclassify(**form.cleaned_data, by=request.user)
            messages.success(request, f"{closure.number} tæller nu som {closure.get_kind_display()}.")
            return redirect(closure)
    return _closure_page(request, closure, form)
