"""Who may do what: one table, to be read by someone who does not program.

Two questions, two places. Which *acts* a role may do stands here, and `@may(Act.X)` on a view asks it. Which *rows*
a person may see or edit is `visible_to(user)` and `editable_by(user)` on each queryset. Roles follow from what a
person is attached to today (User.roles), so a right that is lost is gone at the next click.
"""

import functools
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed


class Role(TextChoices):
    OFFICE = "office", "Center for Sikker By"
    APPROVER = "approver", "godkender"
    CONTRIBUTOR = "contributor", "forvaltningsmedarbejder"
    CONTACT = "closure_contact", "forvaltningens kontaktperson for lukninger"
    LEADER = "leader", "institutionsleder, souschef eller stedfortræder"
    MEMBER = "member", "udvalgsmedlem eller stedfortræder"
    SECRETARY = "secretary", "udvalgssekretær"
    ADMINISTRATOR = "administrator", "systemadministrator"


class Act(TextChoices):
    # For anyone, logged in or not.
    CHECK_HEALTH = "check_health", "se driftsstatus"
    LOG_IN = "log_in", "logge ind og ud"
    # For everyone who is logged in.
    USE = "use", "bruge forsiden, søge og rette sin egen konto"
    # Strategies and initiatives.
    READ_STRATEGY = "read_strategy", "læse strategier og indsatser"
    EDIT_STRATEGY = "edit_strategy", "rette strategier og principper"
    EDIT_INITIATIVES = "edit_initiatives", "oprette og rette indsatser"
    # Closures.
    READ_CLOSURES = "read_closures", "læse institutioner og lukninger"
    REGISTER_CLOSURES = "register_closures", "registrere, rette og trække lukninger tilbage"
    ANSWER_CLOSURES = "answer_closures", "svare på spørgsmål til lukninger og bede om rettelser"
    IMPORT_CLOSURES = "import_closures", "indlæse lukninger fra et regneark"
    REVIEW_CLOSURES = "review_closures", "gennemgå lukninger og samle dem under hændelser"
    READ_FIGURES = "read_figures", "læse opgørelser over ikke-planlagte lukkedage"
    EDIT_INSTITUTIONS = "edit_institutions", "oprette og rette institutioner og fælles kalendere"
    HAND_OVER = "hand_over", "skifte ansvarlig leder"
    COUNT_YEARS = "count_years", "åbne og afslutte årsopgørelser"
    ANSWER_FOR_THE_YEAR = "answer_for_the_year", "svare for året for en institution"
    ANSWER_FOR_ADMINISTRATION = "answer_for_administration", "bekræfte nulindberetninger for sin forvaltning"
    # The catalogue.
    READ_CATALOGUE = "read_catalogue", "læse best practice-kataloget"
    EDIT_CATALOGUE = "edit_catalogue", "rette kataloger og temaer"
    EDIT_PRACTICES = "edit_practices", "oprette og rette eksempler på best practice"
    # Notes.
    READ_NOTES = "read_notes", "læse og hente notater"
    WRITE_NOTES = "write_notes", "skrive notater"
    APPROVE_NOTES = "approve_notes", "godkende notater, som en anden har skrevet"
    ISSUE_NOTES = "issue_notes", "udsende godkendte notater"
    COMMENT_ON_NOTES = "comment_on_notes", "skrive og afslutte kommentarer til udkast"
    CHECK_DOCUMENTS = "check_documents", "kontrollere, om en PDF-fil er den udsendte"
    JOURNALISE = "journalise", "notere, at et notat er journaliseret"
    BAR_NOTES = "bar_notes", "ønske og bekræfte, at et notat spærres for visning"
    # Committees.
    PLAN_MEETINGS = "plan_meetings", "oprette møder og sætte notater på dagsordenen"
    RECORD_DECISIONS = "record_decisions", "notere beslutninger og tilføjelser til dem"
    EDIT_COMMITTEES = "edit_committees", "rette udvalg og deres medlemmer"
    KEEP_PROMISES = "keep_promises", "følge op på det, udvalgene er lovet"
    # The action card.
    READ_CARD = "read_card", "læse og hente actioncardet"
    EDIT_NUMBERS = "edit_numbers", "rette en institutions numre på actioncardet"
    EDIT_CARD = "edit_card", "rette og udgive actioncardet"
    # The rest.
    READ_HISTORY = "read_history", "læse historik"
    ADMINISTER = "administer", "administrere brugere og stamdata"
    READ_ACCESS_LOG = "read_access_log", "læse adgangsloggen, når der er en grund til det"


ANYONE = None
EVERYONE = frozenset(Role)  # and those who are logged in without any role
_R = Role
_SEE_ALL = {_R.OFFICE, _R.APPROVER}

POLICY: dict[Act, frozenset[Role] | None] = {
    Act.CHECK_HEALTH: ANYONE,
    Act.LOG_IN: ANYONE,
    Act.USE: EVERYONE,
    Act.READ_STRATEGY: frozenset(_SEE_ALL | {_R.CONTRIBUTOR}),
    Act.EDIT_STRATEGY: frozenset({_R.OFFICE}),
    Act.EDIT_INITIATIVES: frozenset({_R.OFFICE, _R.CONTRIBUTOR}),
    Act.READ_CLOSURES: frozenset(_SEE_ALL | {_R.CONTACT, _R.LEADER}),
    Act.REGISTER_CLOSURES: frozenset({_R.OFFICE, _R.CONTACT, _R.LEADER}),
    Act.ANSWER_CLOSURES: frozenset({_R.CONTACT, _R.LEADER}),
    Act.IMPORT_CLOSURES: frozenset({_R.OFFICE}),
    Act.REVIEW_CLOSURES: frozenset({_R.OFFICE}),
    Act.READ_FIGURES: frozenset(_SEE_ALL),
    Act.EDIT_INSTITUTIONS: frozenset({_R.OFFICE}),
    Act.HAND_OVER: frozenset({_R.OFFICE, _R.LEADER}),
    Act.COUNT_YEARS: frozenset({_R.OFFICE}),
    Act.ANSWER_FOR_THE_YEAR: frozenset({_R.OFFICE, _R.CONTACT, _R.LEADER}),
    Act.ANSWER_FOR_ADMINISTRATION: frozenset({_R.CONTACT}),
    Act.READ_CATALOGUE: frozenset(_SEE_ALL | {_R.CONTRIBUTOR, _R.LEADER, _R.MEMBER, _R.SECRETARY}),
    Act.EDIT_CATALOGUE: frozenset({_R.OFFICE}),
    Act.EDIT_PRACTICES: frozenset({_R.OFFICE, _R.CONTRIBUTOR}),
    Act.READ_NOTES: frozenset(_SEE_ALL | {_R.MEMBER, _R.SECRETARY}),
    Act.WRITE_NOTES: frozenset({_R.OFFICE}),
    Act.APPROVE_NOTES: frozenset({_R.APPROVER}),
    Act.ISSUE_NOTES: frozenset({_R.OFFICE}),
    Act.COMMENT_ON_NOTES: frozenset(_SEE_ALL),
    Act.CHECK_DOCUMENTS: frozenset(_SEE_ALL | {_R.MEMBER, _R.SECRETARY}),
    Act.JOURNALISE: frozenset({_R.OFFICE}),
    Act.BAR_NOTES: frozenset(_SEE_ALL),
    Act.PLAN_MEETINGS: frozenset({_R.OFFICE}),
    Act.RECORD_DECISIONS: frozenset({_R.OFFICE}),
    Act.EDIT_COMMITTEES: frozenset({_R.OFFICE}),
    Act.KEEP_PROMISES: frozenset(_SEE_ALL),
    Act.READ_CARD: frozenset(_SEE_ALL | {_R.CONTACT, _R.LEADER}),
    Act.EDIT_NUMBERS: frozenset({_R.OFFICE, _R.LEADER}),
    Act.EDIT_CARD: frozenset({_R.OFFICE}),
    Act.READ_HISTORY: frozenset(_SEE_ALL | {_R.CONTRIBUTOR, _R.CONTACT, _R.LEADER}),
    Act.ADMINISTER: frozenset({_R.ADMINISTRATOR}),
    Act.READ_ACCESS_LOG: frozenset({_R.ADMINISTRATOR}),
}

READS = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
POSTS = ("POST",)


def allows(user, act: Act) -> bool:
    """Whether the policy lets this person do the act, on the rows that are theirs."""
    roles = POLICY[act]
    if roles is ANYONE:
        return True
    return user.is_authenticated and (roles is EVERYONE or not roles.isdisjoint(user.roles))


def may(act: Act, methods: tuple[str, ...] = READS) -> Callable:
    """State the act of a view and its methods: READS (a page), FORM (a page that posts to itself), POSTS (a button).

    Without a session: a page sends to log-in, a POST or htmx request gets 401 and keeps what was typed (login.py).
    An act that is not the person's is 403; the rows are the queryset's business, and 404.
    """

    def decorate(view):
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not allows(request.user, act):
                if not request.user.is_authenticated:
                    from .login import ask_for_log_in  # login.py states acts of its own

                    return ask_for_log_in(request, readable="GET" in methods)
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.act = act
        guarded.methods = methods
        guarded.login_required = False  # asked above, with better manners than LoginRequiredMiddleware's
        return guarded

    return decorate
