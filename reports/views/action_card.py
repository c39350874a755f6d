"""The action card: for a phone under pressure, for the wall, and its text as the office edits and issues it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from closures.models import Institution
from reports.content import CardText, PhoneNumber
from reports.forms.action_card import CardForm, CardIssueForm, NumbersForm
from reports.models import ActionCard, ActionCardIssue
from reports.pdf import PdfError, TooLong
from reports.poster import Poster, general_numbers, lines_of, numbers_of, to_pdf
from reports.views.documents import as_file
from sikkerby import access
from sikkerby.forms import bind, locked
from sikkerby.htmx import page
from sikkerby.middleware import Conflict
from sikkerby.permissions import FORM, READS, Act, may
from sikkerby.templatetags.danish import with_capital

CARD = ("Actioncard", "/actioncard/")


# --- To read it ---------------------------------------------------------------------------------------------------


@may(Act.READ_CARD, READS)
def card(request: HttpRequest) -> HttpResponse:
    """A leader of one institution is shown its card at once; one of several gets the general one and the choice."""
    led = list(Institution.objects.led_by(request.user))
    if len(led) == 1:
        return redirect("reports:institution_card", led[0].pk)
    return _card_page(request, _issued(ActionCardIssue.objects.first()), led=led, crumbs=[(CARD[0], None)])


@may(Act.READ_CARD, READS)
def institution_card(request: HttpRequest, pk: int) -> HttpResponse:
    institution = get_object_or_404(Institution.objects.visible_to(request.user).select_related("parent"), pk=pk)
    may_edit_numbers = (
        request.user.may(Act.EDIT_NUMBERS) and Institution.objects.with_numbers_of(request.user).filter(pk=pk).exists()
    )
    return _card_page(
        request,
        _issued(ActionCardIssue.objects.first(), institution),
        institution=institution,
        may_edit_numbers=may_edit_numbers,
        crumbs=[CARD, (institution.name, None)],
    )


@may(Act.READ_CARD, READS)
def card_pdf(request: HttpRequest) -> HttpResponse:
    """The page for a wall, with lines to write the numbers on."""
    return _pdf(request, _issued(ActionCardIssue.objects.first()))


@may(Act.READ_CARD, READS)
def institution_card_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    institution = get_object_or_404(Institution.objects.visible_to(request.user).select_related("parent"), pk=pk)
    return _pdf(request, _issued(ActionCardIssue.objects.first(), institution))


@may(Act.READ_CARD, READS)
def issues(request: HttpRequest) -> HttpResponse:
    """Every issue there has been, the newest first."""
    found = ActionCardIssue.objects.visible_to(request.user)
    return page(request, "reports/action_card_issues.html", {"issues": found, "crumbs": [CARD, ("Udgaver", None)]})


@may(Act.READ_CARD, READS)
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """One issue as it was, without any institution's numbers: those were never part of it."""
    found = get_object_or_404(ActionCardIssue.objects.visible_to(request.user), number=number)
    newest = ActionCardIssue.objects.first()
    crumbs = [CARD, ("Udgaver", reverse("reports:card_issues")), (with_capital(str(found)), None)]
    return _card_page(
        request, _issued(found), replaced_by=newest if newest != found else None, old=found, crumbs=crumbs
    )


def _poster(text: CardText, issue: str = "", institution: Institution | None = None) -> Poster:
    today = timezone.localdate()
    return Poster(
        text=text,
        issue=issue,
        institution=institution.name if institution else "",
        numbers=numbers_of(institution, today) if institution else general_numbers(),
        printed_on=today,
        demo=settings.DEMO,
    )


def _issued(issue: ActionCardIssue | None, institution: Institution | None = None) -> Poster | None:
    """The card as issued, with an institution's own numbers; None before the first issue."""
    return _poster(issue.text, issue.as_printed, institution) if issue else None


def _card_page(request: HttpRequest, poster: Poster | None, **context) -> HttpResponse:
    context = {
        "poster": poster,
        "calls": _calls(poster, context.get("institution")),
        "institution": None,
        "led": [],
        "old": None,
        "replaced_by": None,
        "may_edit_numbers": False,
        "may_edit_card": request.user.may(Act.EDIT_CARD),
    } | context
    return page(request, "reports/action_card.html", context)


def _calls(poster: Poster | None, institution: Institution | None) -> tuple[PhoneNumber, ...]:
    """Whom one can call from the page: on screen there is no line to write a number on."""
    if poster is None:
        return ()
    return poster.all_numbers if institution else poster.text.numbers


def _pdf(request: HttpRequest, poster: Poster | None) -> HttpResponse:
    if poster is None:
        raise Conflict("Actioncardet er ikke udgivet endnu. Center for Sikker By er ved at skrive det.")
    body = _made(poster)
    where = poster.institution or "til alle institutioner"
    access.record(request, f"Actioncard {where}: {poster.issue}")
    return as_file(body, f"Actioncard {where}.pdf")


def _made(poster: Poster) -> bytes:
    try:
        return to_pdf(poster)
    except PdfError as error:
        raise Conflict(str(error)) from error


# --- An institution's own numbers ---------------------------------------------------------------------------------


@may(Act.EDIT_NUMBERS, FORM)
def numbers(request: HttpRequest, pk: int) -> HttpResponse:
    """The institution's phone, the local police's and SSP's; and one's own, where one leads it."""
    institution = get_object_or_404(locked(request, Institution.objects.with_numbers_of(request.user)), pk=pk)
    leads = Institution.objects.led_by(request.user).filter(pk=pk).exists()
    form = bind(NumbersForm, request, instance=institution, by=request.user, leads=leads)
    address = reverse("reports:institution_card", args=[pk])
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Numrene er gemt. Hent kortet igen, og hæng det nye op.")
        return redirect(address)
    context = {
        "form": form,
        "heading": f"Numre på actioncardet for {institution}",
        "lead": "Numrene står på kortet, som alle medarbejdere ser. Et tomt felt bliver en linje at skrive på.",
        "verb": "Gem numrene",
        "back_url": address,
        "crumbs": [CARD, (institution.name, address), ("Ret numre", None)],
    }
    return _form_page(request, context)


def _form_page(request: HttpRequest, context: dict) -> HttpResponse:
    return page(request, "reports/action_card_form.html", context, status=422 if context["form"].errors else 200)


# --- The text, and issuing it -------------------------------------------------------------------------------------


@may(Act.EDIT_CARD, FORM)
def edit(request: HttpRequest) -> HttpResponse:
    """The draft. What hangs on walls stays as it is until the next issue."""
    draft = ActionCard.objects.draft(held=request.method == "POST")
    form = bind(CardForm, request, instance=draft)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(
            request, "Teksten er gemt som udkast. Se den som PDF, og udgiv den, når den er, som den skal være."
        )
        return redirect("reports:card_issue_next")
    context = {
        "form": form,
        "heading": "Ret actioncardets tekst",
        "lead": "Du retter et udkast. Institutionerne ser den gældende udgave, indtil du udgiver en ny.",
        "verb": "Gem udkast",
        "back_url": CARD[1],
        "crumbs": [CARD, ("Ret teksten", None)],
    }
    return _form_page(request, context)


@may(Act.EDIT_CARD, READS)
def draft_pdf(request: HttpRequest) -> HttpResponse:
    """The page as it would be, marked UDKAST."""
    return as_file(_made(_poster(ActionCard.objects.draft().text())), "Actioncard (udkast).pdf", shown=True)


@may(Act.EDIT_CARD, FORM)
def issue_next(request: HttpRequest) -> HttpResponse:
    """What will happen; then the text is the issue that everyone sees."""
    draft = ActionCard.objects.draft(held=request.method == "POST")
    form = bind(CardIssueForm, request, instance=draft)
    if request.method == "POST" and form.is_valid():
        try:
            made = draft.issue(by=request.user, on=timezone.localdate())
        except TooLong as error:
            form.add_error(None, _too_long(error))
        except PdfError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{with_capital(str(made))} er udgivet. Alle institutioner ser den nu.")
            return redirect("reports:action_card")
    newest = ActionCardIssue.objects.first()
    issued = newest if draft.is_issued() else None
    context = {
        "form": form,
        "heading": "Udgiv actioncardet" if issued else f"Udgiv udgave {newest.number + 1 if newest else 1}",
        "back_url": CARD[1],
        "poster": _poster(draft.text()),
        "issued": issued,
        "has_history": not draft._state.adding,
        "crumbs": [CARD, ("Udgiv", None)],
    }
    return page(request, "reports/action_card_issue.html", context, status=422 if form.errors else 200)


def _too_long(error: TooLong) -> str:
    lines = lines_of(error.excess)
    return (
        f"Teksten er for lang til én A4-side: Den fylder {error.excess} mm for meget, når navne og numre er så lange, "
        f"som de kan være. Slet cirka {lines} {'linje' if lines == 1 else 'linjer'}, eller skriv punkterne kortere."
    )
