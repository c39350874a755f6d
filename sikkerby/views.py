"""The front page, search, history and health: the pages that look into every room."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from catalogue.models import Practice
from closures import figures
from closures.models import AnnualReturn, Closure, Institution, YearlyAccount
from initiatives.models import Evaluation, Initiative
from reports.models import Committee, FollowUp, Meeting, Note
from reports.searching import snippets

from .history import changes_with_parts
from .htmx import page
from .login import last_here
from .models import User
from .permissions import Act, Role, may
from .templatetags.danish import with_capital


@dataclass(frozen=True)
class Section:
    label: str
    url: str
    current: bool


SECTIONS = (  # at most six for any role
    ("Strategi", "initiatives:strategy_list", Act.READ_STRATEGY),
    ("Indsatser", "initiatives:initiative_list", Act.READ_STRATEGY),
    ("Lukninger", "closures:closure_list", Act.READ_CLOSURES),
    ("Institutioner", "closures:institution_list", Act.READ_CLOSURES),
    ("Best practice", "catalogue:practice_list", Act.READ_CATALOGUE),
    ("Notater", "reports:note_list", Act.READ_NOTES),
    ("Administration", "admin:index", Act.ADMINISTER),
    ("Adgangslog", "access_log", Act.READ_ACCESS_LOG),
)
UNDER = {  # what a section has beside its own addresses
    "/lukninger/": ("/haendelser/",),
    "/notater/": ("/udvalg/", "/moeder/", "/opfoelgninger/", "/aegthed/"),
}


def frame(request: HttpRequest) -> dict:
    """Context processor: what stands around every page. Lazy, for error pages and parts have no frame."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        person, sections, waiting = "", [], 0
    else:
        person = user.name
        sections = SimpleLazyObject(lambda: _sections(request))
        waiting = SimpleLazyObject(lambda: sum(each.count for each in waiting_for(user, timezone.localdate())))
    return {
        "person": person,
        "sections": sections,
        "waiting": waiting,
        "demo": settings.DEMO,
        "accessibility_url": settings.ACCESSIBILITY_URL,
        "privacy_url": settings.PRIVACY_URL,
    }


def _sections(request: HttpRequest) -> list[Section]:
    addresses = [(label, reverse(name)) for label, name, act in SECTIONS if request.user.may(act)]
    return [Section(label, url, request.path.startswith((url, *UNDER.get(url, ())))) for label, url in addresses]


# --- Front page ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: how many, of what, and where."""

    count: int
    one: str
    many: str
    url: str

    @property
    def label(self) -> str:
        return self.one if self.count == 1 else self.many


def waiting_for(user: User, today: date) -> list[Waiting]:
    """What needs this person, the most pressing first; what does not wait is left out."""
    closures, institutions = reverse("closures:closure_list"), reverse("closures:institution_list")
    initiatives, practices = reverse("initiatives:initiative_list"), reverse("catalogue:practice_list")
    found = []

    def waits(rows: models.QuerySet, one: str, many: str, url: str) -> None:
        if count := rows.count():
            found.append(Waiting(count, one, many, url))

    if user.may(Act.REVIEW_CLOSURES):
        rows = Closure.objects.awaiting_review()
        queue = reverse("closures:review_queue")
        waits(rows, "lukning venter på gennemgang", "lukninger venter på gennemgang", queue)
    if user.may(Act.ANSWER_CLOSURES):
        rows = Closure.objects.awaiting_answer().answered_by(user)
        waits(rows, "lukning venter på dit svar", "lukninger venter på dit svar", f"{closures}?status=awaiting_answer")
    if user.may(Act.ANSWER_FOR_THE_YEAR):
        for year, count in AnnualReturn.objects.needing(user).by_year():
            one, many = f"institution mangler at svare for {year}", f"institutioner mangler at svare for {year}"
            found.append(Waiting(count, one, many, reverse("closures:annual_returns", args=[year])))
    if user.may(Act.COUNT_YEARS) and (year := YearlyAccount.objects.next_to_open(today)):
        label = f"årsopgørelse for {year} kan åbnes"
        found.append(Waiting(1, label, label, reverse("closures:year_count", args=[year])))
    if user.may(Act.EDIT_INSTITUTIONS):
        rows = Institution.objects.needing(user, today)
        waits(rows, "institution uden leder", "institutioner uden leder", f"{institutions}?uden_leder=on")
    if user.may(Act.WRITE_NOTES) or user.may(Act.APPROVE_NOTES):
        rows = Note.objects.needing(user)
        waits(rows, "notat venter på dig", "notater venter på dig", f"{reverse('reports:note_list')}?venter=on")
    if user.may(Act.KEEP_PROMISES):
        rows = FollowUp.objects.visible_to(user).promised().overdue(today)
        late = f"{reverse('reports:follow_ups')}?overskredet=on"
        waits(rows, "overskredet opfølgning", "overskredne opfølgninger", late)
    if user.may(Act.EDIT_INITIATIVES):
        rows = Initiative.objects.needing(user)
        which = "mangler" if user.may(Act.EDIT_STRATEGY) else "mine"
        lacks = "mangler et effektmål"
        waits(rows, f"indsats {lacks}", f"indsatser {lacks}", f"{initiatives}?effektmaal={which}")
    if user.may(Act.EDIT_STRATEGY):
        rows = Evaluation.objects.needing(user, today)
        due = "skal følges op"
        waits(
            rows, f"virkningsevaluering {due}", f"virkningsevalueringer {due}", f"{initiatives}?evaluering=opfoelgning"
        )
    if user.may(Act.EDIT_CATALOGUE):
        rows = Practice.objects.needing(user)
        waits(rows, "forslag til best practice", "forslag til best practice", f"{practices}?status=proposed")
    return found


@may(Act.USE)
def home(request: HttpRequest) -> HttpResponse:
    """What needs me? And for each role the thing it came for."""
    today, user = timezone.localdate(), request.user
    context = {
        "waiting_list": waiting_for(user, today),
        "works_here": bool(user.roles - {Role.MEMBER, Role.SECRETARY}),
        "leads": [],
        "carries": [],
        "notes": None,
        "new_notes": [],
        "meetings": [],
        "promises": [],
        "chart": None,
        "may_read_card": user.may(Act.READ_CARD),
        "counts": [],
    }
    if Role.LEADER in user.roles:
        context["leads"] = Institution.objects.filter(leaderships__in=user.leaderships.on(today)).distinct()
    if Role.CONTRIBUTOR in user.roles:
        context["carries"] = user.administrations_as(Role.CONTRIBUTOR).annotate(count=Count("initiatives"))
    if user.may(Act.READ_NOTES):
        context |= _papers(user, today, last_here(request))
    if user.may(Act.KEEP_PROMISES):
        promises = FollowUp.objects.visible_to(user).promised().outstanding().with_origin()[:5]
        context["promises"] = [(each, each.is_overdue(today)) for each in promises]
    if user.may(Act.READ_FIGURES):
        context |= _closed_days(today)
        context["counts"] = [
            (each, each.answers, each.standing(today)) for each in YearlyAccount.objects.open().order_by("year")
        ]
    return render(request, "home.html", context)


def _papers(user: User, today: date, last_here: datetime | None) -> dict:
    """What came since this person was here last, the newest notes, and the meetings to come of their committees."""
    issued = Note.objects.visible_to(user).issued().not_barred().with_document()
    new = list(issued.issued_after(last_here)[:10]) if last_here else []
    own = Committee.objects.of(user, today)
    return {
        "new_notes": new,
        "notes": issued.exclude(pk__in=[note.pk for note in new])[:5],
        "meetings": Meeting.objects.visible_to(user).of_those(own).to_come(today).with_papers(user)[:5],
    }


def _closed_days(today: date) -> dict:
    """This year's unplanned closed days, in two parts, beside last year, as the committee has it, and 2012."""
    last_year, this_year = figures.shown(today.year - 1, today.year, recounted=False)
    baseline = figures.baseline()
    shown = [each for each in (baseline, last_year, this_year) if each and not each.missing]
    return {
        "this_year": this_year,
        "comparison": figures.comparison(this_year, baseline),
        "chart": figures.chart(shown, baseline) if shown else None,
    }


# --- Search -------------------------------------------------------------------------------------------------------

HITS = 10  # of each kind; more is a list's business


@dataclass(frozen=True)
class Found:
    """The hits of one kind."""

    label: str
    items: list[tuple[models.Model, str]]  # each with the place in its text, where there is one
    more: bool


@may(Act.USE)
def search(request: HttpRequest) -> HttpResponse:
    """Initiatives, practices, notes and institutions that this person may see, by stem and by part of a compound."""
    query = " ".join(request.GET.get("q", "").split())[:200]
    groups = []
    for model in (Initiative, Practice, Note, Institution):
        hits = list(model.objects.visible_to(request.user).matching(query)[: HITS + 1]) if query else []
        if hits:
            label = with_capital(str(model._meta.verbose_name_plural))
            places = snippets(hits[:HITS], query) if model is Note else {}
            shown = [(hit, places.get(hit.pk, "")) for hit in hits[:HITS]]
            groups.append(Found(label, shown, len(hits) > HITS))
    return page(request, "search.html", {"query": query, "groups": groups})


# --- History ------------------------------------------------------------------------------------------------------


@may(Act.READ_HISTORY)
def history(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """Who changed which field of this object from what to what, when, and from which page."""
    try:
        model = apps.get_model(label)
        rows = model.objects.visible_to(request.user)
    except (LookupError, ValueError, AttributeError) as error:
        raise Http404("not a model with a history") from error
    obj = get_object_or_404(rows, pk=pk)
    return page(request, "history.html", {"object": obj, "events": changes_with_parts(obj)})


# --- Health -------------------------------------------------------------------------------------------------------

WORKER_SILENT_FOR = timedelta(seconds=60)  # procrastinate's heartbeat is every ten


@transaction.non_atomic_requests
@may(Act.CHECK_HEALTH)
def health(request: HttpRequest) -> HttpResponse:
    """200 when all is well, else 503; what is wrong is for the administrator to see."""
    parts = {"database": False, "migrations": False, "worker": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
            (heartbeat,) = cursor.fetchone()
        parts["database"] = True
        parts["worker"] = heartbeat is not None and timezone.now() - heartbeat < WORKER_SILENT_FOR
        executor = MigrationExecutor(connection)
        parts["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        trusted = request.user.is_authenticated and request.user.may(Act.ADMINISTER)
    except DatabaseError:
        trusted = False
    well = all(parts.values())
    answer = {"status": "ok" if well else "fejl"} | (parts if trusted else {})
    return JsonResponse(answer, status=200 if well else 503)
