"""Every page asks the database as often for fifty rows of everything as for five."""

from datetime import date, timedelta
from types import SimpleNamespace

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from closures.models import AnnualReturn, Kind, PlannedClosing, SharedCalendar
from initiatives.models import PrincipleEntry
from reports.models import FollowUp
from tests import factories
from tests.test_permissions import ADDRESSES, OURS, fill, make_world

NO_PAGES = {  # the paper itself, which is typeset, and files of it
    *("reports:pdf", "reports:draft_pdf", "reports:appendix_pdf", "reports:appendix_draft_pdf"),
    *("reports:agenda_package", "reports:journal_package", "reports:meeting_package"),
}


def addresses_of_pages(world: SimpleNamespace) -> dict[str, str]:
    """What each route answers a GET at, of the things that are `leader`'s."""
    return {
        address.name: reverse(address.name, kwargs=fill(address, ADDRESSES[address.name], world, "own"))
        for address in OURS
        if "GET" in address.view.methods and address.name not in NO_PAGES
    }


def queries_of(user, addresses: dict[str, str]) -> dict[str, int]:
    """How often each page asks, of those that this person gets."""
    client = Client()
    client.force_login(user)
    found = {}
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        if response.status_code == 200:
            found[name] = len(queries)
    return found


def add_rows(world: SimpleNamespace, count: int) -> None:
    """So many more of everything: things beside each other on lists, and parts that hang on one thing."""
    for _ in range(count):
        _add_a_closure_of_each_kind(world)
        _add_an_initiative(world)
        _add_a_practice(world)
        _add_a_note(world)


def _add_a_closure_of_each_kind(world: SimpleNamespace) -> None:
    """A unit under the one that has many closures; its own are asked about, reviewed, and of another kind."""
    (school, _), (incident, _) = world.things["institution"], world.things["incident"]
    unit = factories.make_institution(leader=world.leader, parent=school, administration=world.buf)
    tuesday = date(2016, 1, 5) + timedelta(days=7 * school.closures.count())
    for institution in (school, unit):
        factories.make_closure(institution=institution, by=world.leader, first_day=tuesday, incident=incident)
    asked = factories.make_closure(institution=unit, by=world.leader, first_day=tuesday + timedelta(days=1))
    asked.ask("Hvorfor?", by=world.office)
    reviewed = factories.make_reviewed_closure(institution=unit, by=world.office, incident=incident)
    reviewed.reclassify(Kind.PEDAGOGICAL, by=world.office)
    factories.make_reduced_service(institution=school, by=world.leader, first_day=tuesday)
    factories.make_import(by=world.office)
    calendar = SharedCalendar.objects.create(name=f"Kalender for {unit}")
    for owner in ({"calendar": calendar}, {"calendar": world.things["calendar"][0]}, {"institution": school}):
        PlannedClosing.objects.create(first_day=date(2026, 6, 5), last_day=date(2026, 6, 5), reason="fri", **owner)
    AnnualReturn.objects.create(institution=unit, year=2026)


def _add_an_initiative(world: SimpleNamespace) -> None:
    """A strategy, a principle and an initiative with one part of each; and a part of each of the one that has many."""
    (strategy, _), (initiative, _), (principle, _) = (
        *(world.things["strategy"], world.things["initiative"]),
        world.parts["principle"],
    )
    factories.make_strategy()
    number = strategy.principles.count() + 10
    others = factories.make_principle(strategy=strategy, number=number)
    other = factories.make_initiative(carried_by=world.kff)
    for order, each, of in ((number, other, principle), (1, other, others), (2, initiative, others)):
        entry = PrincipleEntry.objects.create(principle=of, initiative=each, order=order, text="En række.")
        entry.administrations.add(world.kff)
    for each in (initiative, other):
        target = each.targets.create(text="Flere", measure="Antal", unit="personer", direction="up")
        target.measurements.create(
            first_day=date(2025, 1, 1), last_day=date(2025, 12, 31), value=1, entered_by=world.office
        )
        each.status_updates.create(assessment="green", by=world.office)
        each.milestones.create(title="Næste skridt")
        each.funding.create(budget_year=2026)
        each.evaluations.create(year=2024, title="Virker den?")


def _add_a_practice(world: SimpleNamespace) -> None:
    catalogue = world.things["catalogue"][0]
    factories.make_catalogue()
    theme = factories.make_theme(catalogue=catalogue, number=catalogue.themes.count() + 10)
    factories.make_practice(catalogue=catalogue, theme=theme, status="included", administration=world.kff)
    factories.make_practice(administration=world.kff)


def _add_a_note(world: SimpleNamespace) -> None:
    other = factories.make_note(written_by=world.office, committee=world.finance)
    day = date(2013, 9, 3) + timedelta(days=other.pk)
    for each in (world.things["note"][0], world.things["note"][1], other):
        each.follow_ups.create(committee=each.committee, promise="En status")
        of_committee = {"committee": each.committee, "committee_name": each.committee.name}
        each.decisions.create(**of_committee, meeting_date=day, outcome="noted")
    meeting, _ = world.things["meeting"]
    meeting.items.create(note=other, committee=meeting.committee)
    meeting.committee.meetings.create(day=day)
    meeting.committee.seats.create(user=factories.make_user())
    meeting.committee.names.create(name="Udvalget før", ends=date(2009, 12, 31))
    world.things["note"][0].items.create(committee=factories.make_committee())
    kept = FollowUp.objects.create(committee=meeting.committee, promise="En opgørelse")
    kept.close(note=world.things["note"][0], on=day)


def test_every_page_asks_as_often_for_fifty_rows_as_for_five(db):
    world = make_world()
    addresses, people = addresses_of_pages(world), (world.office, world.leader)
    add_rows(world, 5)
    few = [queries_of(each, addresses) for each in people]

    add_rows(world, 45)
    many = [queries_of(each, addresses) for each in people]

    for before, after in zip(few, many, strict=True):
        assert after == before
        assert {"closures:closure_list", "closures:institution_list"} <= before.keys()
