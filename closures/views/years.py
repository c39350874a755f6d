"""The yearly count: the office opens it, follows it and closes it; leaders and contacts answer."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from sikkerby.exports import Column, export
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.middleware import Conflict
from sikkerby.paging import paginate
from sikkerby.permissions import FORM, POSTS, Act, Role, may
from sikkerby.templatetags.danish import number, plural

from .. import reminders
from ..forms.years import (
    AnswerForm,
    CloseForm,
    ConfirmNilForm,
    OpenForm,
    ReturnFilter,
    TakeBackForm,
    default_answer_by,
)
from ..models import AnnualReturn, YearlyAccount
from ..models.year import FIRST_YEAR, not_yet
from .closures import LIST, refusals_in, status_of

SHOWN_AT_ONCE = 10  # of the closures that hinder; the list of closures has them all
COLUMNS = [
    Column("Institution", lambda each: each.institution.name),
    Column("Type", lambda each: each.institution.get_kind_display()),
    Column("Forvaltning", lambda each: each.institution.administration.name),
    Column("Bydel", lambda each: each.institution.district.name if each.institution.district else ""),
    Column("Leder", lambda each: ", ".join(str(leads.user) for leads in each.institution.leads_now)),
    Column("Svar", lambda each: each.get_answer_display() if each.answer else "mangler svar"),
    Column("Besvaret af", lambda each: each.answered_by.name if each.answered_by else ""),
    Column("Besvaret", lambda each: each.answered_at),
    Column("Bekræftet af forvaltningen", lambda each: each.confirmed_by_administration),
]


# --- The office: open, follow, close ------------------------------------------------------------------------------


def _account(year: int) -> YearlyAccount | None:
    """The year's count; none where it is not opened yet."""
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404("a year that is not counted by asking")
    people = YearlyAccount.objects.select_related("opened_by", "closed_by", "missing_accepted_by")
    return people.defer("figures").filter(year=year).first()  # which of a year of many closures are large


def _opened(year: int) -> YearlyAccount:
    if account := _account(year):
        return account
    raise Conflict(f"Årsopgørelsen for {year} er ikke åbnet.")


@may(Act.READ_FIGURES)
def year_count(request: HttpRequest, year: int) -> HttpResponse:
    """How far the year's count is: who has answered, who has not, and what hinders its closing."""
    return _count_page(request, year)


def _count_page(request: HttpRequest, year: int, form: BaseForm | None = None) -> HttpResponse:
    today, account, counts = timezone.localdate(), _account(year), request.user.may(Act.COUNT_YEARS)
    context = {
        "year": year,
        "account": account,
        "today": today,
        "form": form,
        "crumbs": _crumbs(year, ("Indberetning for året", "")),
    }
    if account is None:
        action = reverse("closures:year_open", args=[year])
        context["not_yet"] = not_yet(year, today)
        if counts and not context["not_yet"]:
            initial = {"answer_by": default_answer_by(year, today)}
            context["form"] = form or bind(OpenForm, request, action=action, initial=initial)
        return page(request, "closures/year_count.html", context, status=status_of(form) if form else 200)
    filters = ReturnFilter(request.GET)
    returns = filters.narrow(account.returns).with_institution(today)
    if response := export(request, returns.order_by("danish", "pk"), COLUMNS, f"Indberetning for {year}"):
        return response
    hindering = [] if account.is_closed else list(account.hindering())
    context |= {
        "answers": account.answers,
        "administrations": account.returns.by_administration(),
        "reminders": reminders.sent(account),
        "filters": filters,
        "page": paginate(request, returns, "danish", "pk", noun=("institution", "institutioner")),
        "hindering": hindering[:SHOWN_AT_ONCE],
        "hindering_count": len(hindering),
        "too_soon": account.too_soon(today),
        "may_count": counts,
    }
    return page(request, "closures/year_count.html", context, partial="results")


@may(Act.COUNT_YEARS, POSTS)
def year_open(request: HttpRequest, year: int) -> HttpResponse:
    """Every unit that existed in the year is asked, and is told by mail."""
    _account(year)  # 404 for a year that is not counted by asking
    form = bind(OpenForm, request)

    def begin() -> YearlyAccount:
        answer_by = form.cleaned_data["answer_by"]
        account = YearlyAccount.objects.begin(year, answer_by=answer_by, by=request.user, today=timezone.localdate())
        asked = account.answers.asked
        units = plural(asked, "institution bliver spurgt,institutioner bliver spurgt")
        messages.success(
            request, f"Årsopgørelsen for {year} er åbnet. {number(asked)} {units} på mail i løbet af dagen."
        )
        return account

    if form.is_valid() and (response := once(request, form, begin)):
        return response
    if account := _account(year):
        raise Conflict(f"Årsopgørelsen for {year} er allerede åbnet af {account.opened_by}.")
    return _count_page(request, year, form)


@may(Act.COUNT_YEARS, FORM)
def year_close(request: HttpRequest, year: int) -> HttpResponse:
    """What closing means, who is missing, and the one act that cannot be undone."""
    account, today = _opened(year), timezone.localdate()
    if account.is_closed or account.too_soon(today):
        raise Conflict(account.too_soon(today) or f"Årsopgørelsen for {year} er allerede afsluttet.")
    answers = account.answers
    units = f"{number(answers.missing)} {plural(answers.missing, 'institution,institutioner')}"
    form = bind(CloseForm, request, missing=units, by=str(request.user))
    if form.is_valid():
        with refusals_in(form):
            account.close(by=request.user, accept_missing=form.cleaned_data["accept_missing"], today=today)
            messages.success(request, f"Årsopgørelsen for {year} er afsluttet, og tallene ligger fast.")
            return redirect(account)
    context = {
        "form": form,
        "account": account,
        "answers": answers,
        "missing": account.returns.unanswered().with_institution(today).order_by("danish", "pk"),
        "crumbs": _crumbs(year, ("Indberetning for året", account.get_absolute_url()), ("Afslut", "")),
    }
    return page(request, "closures/year_close.html", context, status=status_of(form))


def _crumbs(year: int, *last: tuple[str, str]) -> list[tuple[str, str]]:
    figures = ("Opgørelse", reverse("closures:figures"))
    return [LIST, figures, (str(year), reverse("closures:year_figures", args=[year])), *last]


# --- Leaders and contacts: answer ---------------------------------------------------------------------------------


@may(Act.ANSWER_FOR_THE_YEAR, FORM)
def annual_returns(request: HttpRequest, year: int) -> HttpResponse:
    """What is registered for one's units in the year, and whether it is all. A contact or the office comes with one
    institution at a time; the contact's many nil returns have a form of their own."""
    account, user, chosen = _account(year), request.user, request.GET.get("institution")
    if chosen is None and Role.OFFICE in user.roles and request.method == "GET":
        return redirect("closures:year_count", year)
    theirs = AnnualReturn.objects.editable_by(user).with_registered(year)
    rows = list(theirs.led_by(user) if chosen is None else _one(theirs, chosen))
    form = bind(AnswerForm, request, rows=rows, year=year)
    if form.is_valid():
        account = _opened(year)
        with refusals_in(form):
            account.answer(form.answers, by=user)
            count = len(form.answers)
            messages.success(
                request, f"Tak. {number(count)} {plural(count, 'institution har,institutioner har')} svaret for {year}."
            )
            return redirect(request.get_full_path())
    return _answers_page(request, year, account, form)


def _one(returns, chosen: str):
    """The one institution that the address names."""
    if not chosen.isdecimal() or len(chosen) > 18:
        raise Http404("not an institution")
    return [get_object_or_404(returns, institution=chosen)]


def _answers_page(
    request: HttpRequest, year: int, account: YearlyAccount | None, form: AnswerForm, refused: BaseForm | None = None
) -> HttpResponse:
    """`refused` is the form of many nil returns, where that was not accepted."""
    user = request.user
    is_open = account is not None and not account.is_closed
    of_contact = AnnualReturn.objects.filter(year=year).of_administrations(user.administrations_as(Role.CONTACT))
    waiting = of_contact.unanswered() if is_open else of_contact.none()
    one = request.GET.get("institution") is not None
    shown = refused or form
    context = {
        "year": year,
        "account": account,
        "is_open": is_open,
        "form": shown,
        "unanswered": [each for each in form.units if not each.row.answer] if is_open else [],
        "answered": [each for each in form.units if each.row.answer],
        "today": timezone.localdate(),
        "back": request.get_full_path(),
        "contact": Role.CONTACT in user.roles and not one,
        "confirmed": {str(each) for each in request.POST.getlist("units")},
        "without": waiting.with_closures(some=False).in_danish_order(),
        "with_closures": waiting.with_closures(some=True).in_danish_order(),
        "answers": of_contact.counted(),
        "crumbs": [LIST, (f"Indberetning for {year}", "")],
    }
    return page(request, "closures/annual_returns.html", context, status=status_of(shown))


@may(Act.ANSWER_FOR_ADMINISTRATION, POSTS)
def confirm_nil(request: HttpRequest, year: int) -> HttpResponse:
    """The administration's contact answers that many of its units had no closures."""
    account, user = _opened(year), request.user
    returns = account.returns.of_administrations(user.administrations_as(Role.CONTACT))
    form = bind(ConfirmNilForm, request, returns=returns)
    if form.is_valid():
        with refusals_in(form):
            count = account.confirm_nil(form.cleaned_data["units"], by=user)
            units = plural(count, "nulindberetning er,nulindberetninger er")
            messages.success(request, f"{number(count)} {units} bekræftet af forvaltningen.")
            return redirect("closures:annual_returns", year)
    rows = list(AnnualReturn.objects.editable_by(user).led_by(user).with_registered(year))
    return _answers_page(request, year, account, AnswerForm(rows=rows, year=year), form)


@may(Act.ANSWER_FOR_THE_YEAR, POSTS)
def take_back(request: HttpRequest, year: int) -> HttpResponse:
    """An answer given too soon: the unit is asked again."""
    account = _opened(year)
    form = bind(TakeBackForm, request, returns=account.returns.editable_by(request.user))
    if not form.is_valid():
        raise Http404("no institution of theirs")
    institution = form.cleaned_data["institution"]
    account.take_back(institution)
    messages.success(request, f"Svaret for {institution} er trukket tilbage. I bliver spurgt igen.")
    return redirect(f"{reverse('closures:annual_returns', args=[year])}?institution={institution.pk}")
