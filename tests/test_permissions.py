"""Every address × every role × GET and POST × own, foreign and missing object, against the policy table.

An address that is not listed here fails, and so does a view that states no act. The last tests take one guard away at
a time and see that this is noticed.
"""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, path, reverse

from catalogue.models import Edition, Practice
from closures.models import Closure, Leadership, OpeningHours, SharedCalendar
from initiatives.models import PrincipleEntry, Target
from reports.models import AgendaItem, Decision, FollowUp, Note, Section
from sikkerby.models import AccessLogReading, StoredFile
from sikkerby.permissions import ANYONE, EVERYONE, POLICY, Act, Role
from tests import factories
from tests.reports.factories import make_card_issue, make_issued_note, make_written_note

BOTH, OWN, NONE = {"own", "foreign"}, {"own"}, set()
ROLES = {  # of the cast, and what the policy table knows them as
    "office": {Role.OFFICE},
    "approver": {Role.APPROVER},
    "contributor": {Role.CONTRIBUTOR},
    "contact": {Role.CONTACT},
    "leader": {Role.LEADER},
    "deputy": {Role.LEADER},
    "member": {Role.MEMBER},
    "social_member": {Role.MEMBER},
    "secretary": {Role.SECRETARY},
    "administrator": {Role.ADMINISTRATOR},
    "nobody": set(),
    "anonymous": None,
}
MISSING = 987_654

# --- Which rows are whose, in words that can be checked against domain.md ------------------------------------------

_ALL = {"office": BOTH, "approver": BOTH}
SEES = {
    # own: of a school of BUF that `leader` and `deputy` lead; foreign: of a library of KFF that others lead.
    "import": _ALL,
    "closure": _ALL | {"contact": OWN, "leader": OWN, "deputy": OWN},
    "institution": _ALL | {"contact": OWN, "leader": OWN, "deputy": OWN},
    "led institution": _ALL | {"contact": OWN, "leader": OWN, "deputy": OWN},
    "incident": _ALL | {"contact": OWN, "leader": OWN, "deputy": OWN},  # behind the closures above
    # Why a day does not count is for everybody who reads closures; there is none of one's own.
    "calendar": _ALL | {"contact": BOTH, "leader": BOTH, "deputy": BOTH},
    # own: carried by KFF, as whose contributor `contributor` works; foreign: by BUF. Both are read by all who read any.
    "strategy": _ALL | {"contributor": BOTH},
    "initiative": _ALL | {"contributor": BOTH},
    # own: in an issued catalogue; foreign: proposed, in none.
    "practice": _ALL
    | {"contributor": BOTH, "leader": OWN, "deputy": OWN, "member": OWN, "social_member": OWN, "secretary": OWN},
    "catalogue": _ALL
    | {"contributor": BOTH, "leader": OWN, "deputy": OWN, "member": OWN, "social_member": OWN, "secretary": OWN},
    # own: issued, open; foreign: a draft.
    "note": _ALL | {"member": OWN, "social_member": OWN, "secretary": OWN},
    "draft": _ALL,  # what there is of the same notes while they are written
    # own: issued to the ØU, closed; foreign: issued to the Socialudvalg, closed.
    "closed note": _ALL | {"member": OWN, "secretary": OWN, "social_member": {"foreign"}},
    # own: of the ØU; foreign: of the Socialudvalg. When they meet and who sits there is known to all who get notes.
    "committee": _ALL | {"member": BOTH, "social_member": BOTH, "secretary": BOTH},
    "meeting": _ALL | {"member": BOTH, "social_member": BOTH, "secretary": BOTH},
    "follow up": _ALL,
    "decision": _ALL,
    # own: what `administrator` read; foreign: what another did.
    "access log reading": {"administrator": OWN},
}
CHANGES = {
    "import": {"office": BOTH},
    "closure": {"office": BOTH, "contact": OWN, "leader": OWN, "deputy": OWN},
    "institution": {"office": BOTH},
    "incident": {"office": BOTH},
    # Who takes over is for the leader to say, not for who stands in.
    "led institution": {"office": BOTH, "leader": OWN},
    "calendar": {"office": BOTH},
    "strategy": {"office": BOTH},
    "initiative": {"office": BOTH, "contributor": OWN},
    "practice": {"office": BOTH, "contributor": OWN},
    "catalogue": {"office": BOTH},
    "note": {"office": BOTH},
    "closed note": {"office": BOTH},
    "committee": {"office": BOTH},
    "meeting": {"office": BOTH},
    "follow up": _ALL,
}


@dataclass(frozen=True)
class Rule:
    """What an address is about: a page of its own, or a thing that one sees (reads) or changes."""

    thing: str = ""
    changes: bool = False


PAGE = Rule()


def reads(thing: str) -> Rule:
    return Rule(thing)


def changes(thing: str) -> Rule:
    return Rule(thing, changes=True)


ADDRESSES = {
    "home": PAGE,
    "search": PAGE,
    "log_in": PAGE,
    "log_out": PAGE,
    "account": PAGE,
    "account_mail": PAGE,
    "health": PAGE,
    "access_log": PAGE,
    "access_log_reading": reads("access log reading"),
    "history": reads("closure"),
    # closures
    "closures:closure_list": PAGE,
    "closures:half_days": PAGE,
    "closures:imports": PAGE,
    "closures:import_template": PAGE,
    "closures:import": reads("import"),
    "closures:import_save": changes("import"),
    "closures:import_try_again": changes("import"),
    "closures:import_discard": changes("import"),
    "closures:closure_new": PAGE,
    "closures:closure_count": PAGE,
    "closures:figures": PAGE,
    "closures:year_figures": PAGE,
    "closures:year_count": PAGE,
    "closures:year_open": PAGE,
    "closures:year_close": PAGE,
    "closures:annual_returns": PAGE,
    "closures:confirm_nil": PAGE,
    "closures:take_back": PAGE,
    "closures:reduced_service_list": PAGE,
    "closures:reduced_service": reads("closure"),
    "closures:reduced_service_change": changes("closure"),
    "closures:reduced_service_delete": changes("closure"),
    "closures:closure": reads("closure"),
    "closures:receipt": reads("closure"),
    "closures:closure_change": changes("closure"),
    "closures:closure_end": changes("closure"),
    "closures:closure_withdraw": changes("closure"),
    "closures:closure_answer": changes("closure"),
    "closures:closure_review": changes("closure"),
    "closures:closure_ask": changes("closure"),
    "closures:closure_exclude": changes("closure"),
    "closures:closure_reclassify": changes("closure"),
    **dict.fromkeys(
        (
            *("closures:closure_open_again", "closures:closure_continue_as", "closures:closure_agree"),
            *("closures:closure_disagree", "closures:closure_ask_correction", "closures:closure_decline_correction"),
            *("closures:closure_correct", "closures:closure_join", "closures:closure_leave_incident"),
        ),
        changes("closure"),
    ),
    "closures:review_queue": PAGE,
    "closures:review": reads("closure"),
    "closures:incident_list": PAGE,
    "closures:incident_new": PAGE,
    "closures:incident": reads("incident"),
    "closures:incident_change": changes("incident"),
    "closures:incident_add": changes("incident"),
    "closures:incident_delete": changes("incident"),
    "closures:institution_list": PAGE,
    "closures:institution_new": PAGE,
    "closures:institution": reads("institution"),
    "closures:institution_change": changes("institution"),
    "closures:hand_over": changes("led institution"),
    "closures:calendar_list": PAGE,
    "closures:calendar_new": PAGE,
    "closures:calendar": reads("calendar"),
    "closures:calendar_change": changes("calendar"),
    "closures:calendar_delete": changes("calendar"),
    "closures:shared_closing_new": changes("calendar"),
    "closures:shared_closing_change": changes("calendar"),
    "closures:shared_closing_delete": changes("calendar"),
    "closures:leadership_new": changes("institution"),
    "closures:leadership_change": changes("institution"),
    "closures:hours_new": changes("institution"),
    "closures:hours_change": changes("institution"),
    "closures:hours_delete": changes("institution"),
    "closures:closing_new": changes("institution"),
    "closures:closing_change": changes("institution"),
    "closures:closing_delete": changes("institution"),
    # initiatives
    "initiatives:strategy_list": PAGE,
    "initiatives:strategy_new": PAGE,
    "initiatives:strategy": reads("strategy"),
    "initiatives:strategy_edit": changes("strategy"),
    "initiatives:principle_new": changes("strategy"),
    "initiatives:principle": reads("strategy"),
    "initiatives:principle_edit": changes("strategy"),
    "initiatives:entry_new": changes("strategy"),
    "initiatives:goal_new": changes("strategy"),
    "initiatives:entry_edit": changes("strategy"),
    "initiatives:entry_up": changes("strategy"),
    "initiatives:entry_down": changes("strategy"),
    "initiatives:entry_remove": changes("strategy"),
    "initiatives:initiative_list": PAGE,
    "initiatives:initiative_new": PAGE,
    "initiatives:initiative": reads("initiative"),
    "initiatives:initiative_edit": changes("initiative"),
    "initiatives:status_new": changes("initiative"),
    "initiatives:milestone_new": changes("initiative"),
    "initiatives:funding_new": changes("initiative"),
    "initiatives:target_new": changes("initiative"),
    "initiatives:evaluation_new": changes("initiative"),
    "initiatives:milestone_edit": changes("initiative"),
    "initiatives:milestone_remove": changes("initiative"),
    "initiatives:funding_edit": changes("initiative"),
    "initiatives:funding_remove": changes("initiative"),
    "initiatives:target_edit": changes("initiative"),
    "initiatives:target_remove": changes("initiative"),
    "initiatives:measurement_new": changes("initiative"),
    "initiatives:measurement_remove": changes("initiative"),
    "initiatives:evaluation_edit": changes("initiative"),
    # catalogue
    "catalogue:practice_list": PAGE,
    "catalogue:practice_new": PAGE,
    "catalogue:practice": reads("practice"),
    "catalogue:practice_edit": changes("practice"),
    "catalogue:catalogue": reads("catalogue"),
    "catalogue:catalogue_new": PAGE,
    "catalogue:catalogue_edit": changes("catalogue"),
    "catalogue:theme_new": changes("catalogue"),
    "catalogue:theme_edit": changes("catalogue"),
    "catalogue:edition_new": changes("catalogue"),
    # reports
    "reports:note_list": PAGE,
    "reports:new_note": PAGE,
    "reports:note": reads("note"),
    "reports:edit_block": changes("note"),
    "reports:preview": reads("note"),
    "reports:draft_pdf": reads("note"),
    "reports:pdf": reads("closed note"),
    "reports:appendix_pdf": reads("note"),
    "reports:new_section": changes("note"),
    "reports:section": changes("note"),
    **dict.fromkeys(
        (
            *("reports:save_section", "reports:accept_suggestion", "reports:carry_promise", "reports:versions"),
            *("reports:restore_version", "reports:order_sections", "reports:removed_sections"),
            "reports:restore_section",
        ),
        changes("note"),
    ),
    "reports:comments": reads("note"),
    "reports:resolve_comment": reads("note"),
    "reports:move_section_up": changes("note"),
    "reports:move_section_down": changes("note"),
    "reports:remove_section": changes("note"),
    "reports:new_appendix": changes("note"),
    "reports:appendix_draft_pdf": changes("note"),
    "reports:move_appendix_up": changes("note"),
    "reports:move_appendix_down": changes("note"),
    "reports:remove_appendix": changes("note"),
    "reports:new_follow_up": changes("note"),
    "reports:remove_follow_up": changes("note"),
    "reports:submit": changes("note"),
    "reports:take_back": changes("note"),
    "reports:send_back": reads("note"),
    "reports:approve": reads("note"),
    "reports:issue": changes("note"),
    "reports:correct": changes("note"),
    "reports:pages": reads("note"),
    "reports:paper_job": reads("draft"),
    "reports:paper_job_pdf": reads("draft"),
    "reports:agenda_package": reads("closed note"),
    "reports:journal_package": reads("closed note"),
    "reports:check": PAGE,
    "reports:note_check": reads("closed note"),
    "reports:journalise": changes("note"),
    "reports:ask_barring": reads("note"),
    "reports:confirm_barring": reads("closed note"),
    "reports:take_back_barring": reads("closed note"),
    "reports:item_new": changes("note"),
    "reports:item_change": changes("note"),
    "reports:item_remove": changes("note"),
    "reports:record_decision": changes("note"),
    "reports:addendum_new": changes("note"),
    "reports:decisions": reads("closed note"),
    "reports:committee_list": PAGE,
    "reports:committee_new": PAGE,
    "reports:committee": reads("committee"),
    "reports:committee_change": changes("committee"),
    "reports:committee_rename": changes("committee"),
    "reports:name_new": changes("committee"),
    "reports:name_change": changes("committee"),
    "reports:seat_new": changes("committee"),
    "reports:seat_change": changes("committee"),
    "reports:meeting_new": reads("committee"),
    "reports:meeting": reads("meeting"),
    "reports:meeting_package": reads("meeting"),
    "reports:meeting_change": changes("meeting"),
    "reports:meeting_delete": changes("meeting"),
    "reports:item_put": changes("meeting"),
    "reports:follow_ups": PAGE,
    "reports:follow_up_new": reads("decision"),
    "reports:follow_up_change": changes("follow up"),
    "reports:follow_up_close": changes("follow up"),
    "reports:follow_up_reopen": changes("follow up"),
    "reports:action_card": PAGE,
    "reports:card_pdf": PAGE,
    "reports:institution_card": reads("institution"),
    "reports:institution_card_pdf": reads("institution"),
    "reports:card_numbers": reads("institution"),
    "reports:card_edit": PAGE,
    "reports:card_draft_pdf": PAGE,
    "reports:card_issue_next": PAGE,
    "reports:card_issues": PAGE,
    "reports:card_issue": PAGE,
}


# --- The world ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """A pattern of the URLconf: its name with namespace, its view, and the names of what it takes."""

    name: str
    view: object
    takes: frozenset[str]


def addresses(resolver=None, namespace: str = "") -> list[Address]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name or pattern.pattern}"
            found.append(Address(name, pattern.callback, frozenset(pattern.pattern.regex.groupindex)))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += addresses(pattern, inner)
    return found


def make_world() -> SimpleNamespace:
    """The cast, and of each thing one that is theirs and one that is not, as SEES and CHANGES say."""
    world = factories.make_cast()
    world.things = {
        "closure": (
            factories.make_closure(institution=world.school, by=world.leader),
            factories.make_closure(institution=world.library, by=world.other_leader),
        ),
        "institution": (world.school, world.library),
        "led institution": (world.school, world.library),
        "calendar": tuple(SharedCalendar.objects.create(name=name) for name in ("Ferier", "Helligaftener")),
        "import": (factories.make_import(by=world.office), factories.make_import(by=world.colleague)),
        "strategy": (factories.make_strategy(slug="2022-2025"), factories.make_strategy(slug="2018-2021")),
        "initiative": (
            factories.make_initiative(carried_by=world.kff),
            factories.make_initiative(carried_by=world.buf),
        ),
        "catalogue": (factories.make_catalogue(), factories.make_catalogue()),
    }
    world.things["incident"] = tuple(each.gather() for each in world.things["closure"])
    issued, draft_of_catalogue = world.things["catalogue"]
    Edition.objects.create(catalogue=issued, number=1, issued=date(2011, 6, 1))
    theme = factories.make_theme(catalogue=issued)
    world.things["practice"] = (
        factories.make_practice(
            catalogue=issued, theme=theme, status=Practice.Status.INCLUDED, administration=world.kff
        ),
        factories.make_practice(catalogue=draft_of_catalogue, administration=world.buf),
    )
    make_card_issue()
    closed = {"confidentiality": Note.Confidentiality.CLOSED, "closed_because": "Personalesag"}
    world.things["note"] = (make_issued_note(cast=world), make_written_note(cast=world))
    world.things["closed note"] = (
        make_issued_note(cast=world, **closed),
        make_issued_note(cast=SimpleNamespace(**{**vars(world), "finance": world.social}), **closed),
    )
    world.things["committee"] = (world.finance, world.social)
    world.things["meeting"] = tuple(each.meetings.create(day=date(2026, 3, 3)) for each in world.things["committee"])
    world.things["follow up"] = tuple(
        FollowUp.objects.create(committee=each, promise="En status") for each in world.things["committee"]
    )
    world.things["decision"] = tuple(_decision(note, world) for note in world.things["closed note"])
    world.things["access log reading"] = tuple(
        AccessLogReading.objects.create(by=each, because="En klage") for each in (world.administrator, world.nobody)
    )
    world.things["draft"] = world.things["note"]
    world.parts = {kind: tuple(make(world, thing) for thing in world.things[of]) for kind, of, make in PARTS}
    return world


PARTS = (  # what hangs on a thing and has an address of its own
    ("reduced service", "closure", lambda world, each: factories.make_reduced_service(institution=each.institution)),
    ("principle", "strategy", lambda world, each: factories.make_principle(strategy=each)),
    ("leadership", "institution", lambda world, each: each.leaderships.first()),
    ("hours", "institution", lambda world, each: OpeningHours.objects.create(institution=each)),
    ("closing", "institution", lambda world, each: _closing(each)),
    ("shared closing", "calendar", lambda world, each: _closing(each)),
    ("entry", "strategy", lambda world, each: _entry(each)),
    ("milestone", "initiative", lambda world, each: each.milestones.create(title="Første skridt")),
    ("funding", "initiative", lambda world, each: each.funding.create(budget_year=2026)),
    ("target", "initiative", lambda world, each: _target(each)),
    ("measurement", "initiative", lambda world, each: _measurement(each, world)),
    ("evaluation", "initiative", lambda world, each: each.evaluations.create(year=2024, title="Virker den?")),
    ("theme", "catalogue", lambda world, each: factories.make_theme(catalogue=each, number=2)),
    ("section", "note", lambda world, each: each.sections.first()),
    ("item", "note", lambda world, each: AgendaItem.objects.create(note=each, committee=world.social)),
    ("decision", "note", lambda world, each: _decision(each, world)),
    ("name", "committee", lambda world, each: each.names.create(name="Udvalget før", ends=date(2009, 12, 31))),
    ("seat", "committee", lambda world, each: each.seats.first()),
    ("version", "note", lambda world, each: _last_event_of(each.sections.first())),
    ("removed section", "note", lambda world, each: _removed(each)),
    (
        "promised before",
        "note",
        lambda world, each: FollowUp.objects.create(committee=each.committee, promise="Et svar"),
    ),
    ("comment", "note", lambda world, each: each.comments.create(text="Er det rigtigt?", by=world.approver)),
    ("paper job", "draft", lambda world, each: _paper_job(each, world)),
    ("follow up", "note", lambda world, each: each.follow_ups.create(committee=each.committee, promise="En status")),
)


def _paper_job(note, world):
    pages = StoredFile.objects.store(
        name="sider.pdf", content_type="application/pdf", content=b"%PDF-", by=world.office
    )
    return note.jobs.create(purpose="draft", state="made", pdf=pages, by=world.office)


def _closing(owner):
    closings = owner.closings if isinstance(owner, SharedCalendar) else owner.planned_closings
    return closings.create(first_day=date(2026, 12, 28), last_day=date(2026, 12, 28), reason="Lukkedag")


def _decision(note, world):
    """As it was recorded before there was a register: what the pages ask does not depend on that."""
    return Decision.objects.create(
        note=note,
        committee=note.committee,
        committee_name=note.committee.name,
        meeting_date=date(2013, 8, 27),
        outcome=Decision.Outcome.NOTED,
        recorded_by=world.office,
    )


def _last_event_of(section):
    return Section.pgh_event_model.objects.filter(pgh_obj_id=section.pk).latest("pgh_id")


def _removed(note):
    """An issued note has none, and its own address answers that it is issued."""
    if not note.is_draft:
        return _last_event_of(note.sections.first())
    section = note.add_section(Section(heading="Fjernet"))
    removed = section.pk
    section.delete()
    return Section.pgh_event_model.objects.filter(pgh_obj_id=removed).latest("pgh_id")


def _entry(strategy):
    principle = factories.make_principle(strategy=strategy, number=2)
    return PrincipleEntry.objects.create(
        principle=principle, initiative=factories.make_initiative(), order=1, text="En række."
    )


def _target(initiative):
    return initiative.targets.create(text="Flere", measure="Antal", unit="personer", direction=Target.Direction.UP)


def _measurement(initiative, world):
    return _target(initiative).measurements.create(
        first_day=date(2025, 1, 1), last_day=date(2025, 12, 31), value=1, entered_by=world.office
    )


# Whose key the <int:pk> of these addresses is, where it is not the thing's own.
PK_OF = {
    **dict.fromkeys(("reduced_service", "reduced_service_change", "reduced_service_delete"), "reduced service"),
    **dict.fromkeys(("entry_edit", "entry_up", "entry_down", "entry_remove"), "entry"),
    **dict.fromkeys(("milestone_edit", "milestone_remove"), "milestone"),
    **dict.fromkeys(("funding_edit", "funding_remove"), "funding"),
    **dict.fromkeys(("target_edit", "target_remove", "measurement_new"), "target"),
    "measurement_remove": "measurement",
    "evaluation_edit": "evaluation",
    "theme_edit": "theme",
}
ROW_OF = {
    "leadership_change": "leadership",
    "hours": "hours",
    "closing": "closing",
    "shared_closing": "shared closing",
    "remove_follow_up": "follow up",
    "paper_job": "paper job",
    "carry_promise": "promised before",
    "restore_version": "version",
    "restore_section": "removed section",
    "resolve_comment": "comment",
    "item_": "item",
    "record_decision": "item",
    "addendum_new": "decision",
    "name_change": "name",
    "seat_change": "seat",
}


def fill(address: Address, rule: Rule, world: SimpleNamespace, which: str) -> dict:
    """What to put into the address so that it is of the one's own, the foreign or a missing thing."""
    missing = which == "missing"
    place = 0 if which == "own" else 1
    thing = world.things[rule.thing][place] if rule.thing else None
    short = address.name.rpartition(":")[2]
    values = {}
    for name in address.takes:
        match name:
            case "pk":
                of = world.parts[PK_OF[short]][place] if short in PK_OF else thing
                values[name] = MISSING if missing else of.pk
            case "row":
                kind = next(kind for start, kind in ROW_OF.items() if short.startswith(start))
                values[name] = world.parts[kind][place].pk
            case "section":
                values[name] = world.parts["section"][place].pk
            case "strategy":
                values[name] = "1848-1864" if missing else thing.slug
            case "principle":
                values[name] = world.parts["principle"][place].slug
            case "label":
                values[name] = "closures.closure"
            case "year":
                values[name] = 2026
            case "number":
                values[name] = 1
            case _:
                raise AssertionError(f"{address.name} takes {name}, of which this test knows nothing")
    return values


# --- What is expected ---------------------------------------------------------------------------------------------

ALLOWED = {200, 204, 302, 409, 422, 503}  # done, to be corrected, refused by the state, or honestly not well


def expected(address: Address, rule: Rule, role: str, method: str, which: str) -> set[int]:
    if method not in address.view.methods:
        return {405}
    allowed_to = POLICY[address.view.act]
    if allowed_to is ANYONE:
        return ALLOWED
    if role == "anonymous":
        return {401} if method == "POST" else {302}
    if allowed_to is not EVERYONE and not allowed_to & ROLES[role]:
        return {403}
    if not rule.thing:
        return ALLOWED
    if which == "missing" or which not in SEES[rule.thing].get(role, NONE):
        return {404}
    if rule.changes and which not in CHANGES[rule.thing].get(role, NONE):
        return {403}
    # An address under a thing may name a part that this thing, open to the person, does not have.
    return ALLOWED | {404} if address.takes & {"number"} else ALLOWED


def ask(client: Client, address: Address, method: str, values: dict):
    """The answer, and the writes it took; whatever it did is undone, also a log-out."""
    writes, cookies = [], client.cookies.copy()

    def watch(execute, sql, params, many, context):
        if str(sql).lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            writes.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        response = client.generic(method, reverse(address.name, kwargs=values))
        transaction.set_rollback(True)
    client.cookies = cookies
    return response, writes


def faults(world: SimpleNamespace, role: str, wanted: list[Address]) -> list[str]:
    """Every answer of these addresses to this role that is not the one expected, and every denial that wrote."""
    client, found = Client(), []
    if role != "anonymous":
        client.force_login(getattr(world, role))
    for address in wanted:
        rule = ADDRESSES[address.name]
        for which in ("own", "foreign", "missing") if rule.thing else ("own",):
            values = fill(address, rule, world, which)
            for method in ("GET", "POST"):
                if method not in address.view.methods and which != "own":
                    continue  # refused before anything is looked for
                response, writes = ask(client, address, method, values)
                right = expected(address, rule, role, method, which)
                case = f"{role} {method} {address.name} {which}"
                if response.status_code not in right:
                    found.append(f"{case}: {response.status_code}, not {sorted(right)}")
                if response.status_code in (401, 403, 404, 405) and writes:
                    found.append(f"{case}: denied, and wrote {writes[0]}")
                if role == "anonymous" and response.status_code == 302 and not response.url.startswith("/log-ind/"):
                    found.append(f"{case}: sent to {response.url}")
    return found


OURS = [address for address in addresses() if not address.name.startswith("admin:")]
ADMIN = [address for address in addresses() if address.name.startswith("admin:")]


# --- The tests ----------------------------------------------------------------------------------------------------


def test_every_address_is_listed_here():
    assert {address.name for address in OURS} == set(ADDRESSES)


def without_an_act(found: list[Address]) -> list[str]:
    return [address.name for address in found if not isinstance(getattr(address.view, "act", None), Act)]


def test_every_view_states_an_act():
    assert without_an_act(OURS + ADMIN) == []


def test_every_act_is_in_the_policy_and_in_use():
    assert set(POLICY) == set(Act)
    assert {address.view.act for address in OURS + ADMIN} == set(Act)


def test_every_address_answers_each_role_as_the_policy_says(db):
    world = make_world()  # once, for whatever is asked of it is undone
    assert [fault for role in ROLES for fault in faults(world, role, OURS)] == []


@pytest.mark.parametrize("role", ROLES)
def test_administration_is_for_the_administrator(db, role):
    world = factories.make_cast()
    client = Client()
    if role != "anonymous":
        client.force_login(getattr(world, role))
    values = dict.fromkeys(("object_id", "id", "content_type_id"), world.office.pk) | {
        "app_label": "sikkerby",
        "url": "findes/ikke/",
    }
    for address in ADMIN:
        if "<" in address.name:
            continue  # without a name: the old address of a form, which sends on to its new one
        url = reverse(address.name, kwargs={name: values[name] for name in address.takes})
        if role != "administrator":
            assert client.get(url).status_code == (302 if role == "anonymous" else 403), address.name
            assert client.post(url).status_code == (401 if role == "anonymous" else 403), address.name
        elif address.name.endswith(("index", "changelist", "user_add", "user_change", "user_history")):
            assert client.get(url).status_code == 200, address.name


# --- The controls: one guard taken away is noticed ----------------------------------------------------------------


def listed(*names: str) -> list[Address]:
    return [address for address in OURS if address.name in names]


def test_view_without_an_act_is_noticed():
    resolver = SimpleNamespace(url_patterns=[path("nyt/", lambda request: None, name="nyt")])
    assert without_an_act(addresses(resolver)) == ["nyt"]


def test_unguarded_view_is_noticed(db, monkeypatch):
    """The guard off, and the act still stated: what a wrong order of decorators would do."""
    (address,) = listed("closures:closure")
    for pattern in get_resolver("closures.urls").url_patterns:
        if pattern.name == "closure":
            monkeypatch.setattr(pattern, "callback", address.view.__wrapped__)
            monkeypatch.setattr(address.view.__wrapped__, "login_required", False, raising=False)
    assert faults(make_world(), "member", [address]) != []


def test_rule_for_rows_taken_away_is_noticed(db, monkeypatch):
    world = make_world()
    monkeypatch.setattr(type(Closure.objects.all()), "visible_to", lambda self, user: self)
    assert any("foreign" in fault for fault in faults(world, "leader", listed("closures:closure")))


def test_rule_for_changes_taken_away_is_noticed(db, monkeypatch):
    world = make_world()
    initiatives = type(world.things["initiative"][0]._meta.model.objects.all())
    monkeypatch.setattr(initiatives, "editable_by", lambda self, user: self)
    assert any("foreign" in fault for fault in faults(world, "contributor", listed("initiatives:initiative_edit")))


def test_role_added_to_an_act_is_noticed(db, monkeypatch):
    world = make_world()
    monkeypatch.setattr("sikkerby.permissions.POLICY", POLICY | {Act.READ_FIGURES: EVERYONE})
    assert faults(world, "member", listed("closures:figures")) != []


def test_write_by_a_denied_request_is_noticed(db, monkeypatch):
    world = make_world()
    (address,) = listed("closures:closure_withdraw")

    def writes_and_refuses(self, user):
        Leadership.objects.update(kind=Leadership.Kind.DEPUTY)
        return self.none()

    monkeypatch.setattr(type(Closure.objects.all()), "visible_to", writes_and_refuses)
    assert any("denied, and wrote" in fault for fault in faults(world, "leader", [address]))
