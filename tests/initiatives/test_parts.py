"""Assessments, milestones, money, targets, measurements and evaluations: added and changed by whoever may edit."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Evaluation, Funding, Measurement, Milestone, StatusUpdate, Target
from sikkerby.templatetags.danish import short_date
from tests.factories import make_initiative, make_principle, make_strategy

pytestmark = pytest.mark.django_db

NEW = {
    "status_new": {"on": "02-11-2020", "assessment": "red", "text": "To stillinger er ubesatte."},
    "milestone_new": {"title": "Åbning", "due": "01-07-2099", "due_precision": "half_year", "reached_precision": "day"},
    "funding_new": {"budget_year": "2026", "source": "Budget 2026", "granted": "1.234.567,50"},
    "target_new": {"text": "Færre utrygge.", "measure": "andel utrygge", "unit": "procent", "direction": "down"},
    "evaluation_new": {"title": "Virkningsevaluering", "year": "2098"},
}
SHOWN = {
    "status_new": "To stillinger er ubesatte.",
    "milestone_new": "Ventes andet halvår 2099",
    "funding_new": "1.234.567,5",
    "target_new": "<h3>Færre utrygge.</h3>",
    "evaluation_new": "Følges op over for Økonomiudvalget i 2100",
}


@pytest.fixture
def initiative(cast):
    return make_initiative(name="Halværter", carried_by=cast.kff)


def make_target(**owner):
    return Target.objects.create(text="Mål", measure="antal", unit="stk.", direction="up", **owner)


@pytest.mark.parametrize("part", NEW)
def test_a_part_sent_twice_is_added_once_and_shown(client, cast, initiative, part):
    client.force_login(cast.contributor)
    address = reverse(f"initiatives:{part}", args=[initiative.pk])
    data = NEW[part] | {"key": uuid.uuid4()}
    for _ in range(2):
        assert client.post(address, data).url.startswith(initiative.get_absolute_url())
    assert client.get(initiative.get_absolute_url()).content.decode().count(SHOWN[part]) == 1


@pytest.mark.parametrize("part", NEW)
def test_another_administrations_contributor_adds_nothing(client, cast, initiative, part):
    client.force_login(cast.other_contributor)
    address = reverse(f"initiatives:{part}", args=[initiative.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, NEW[part] | {"key": uuid.uuid4()}).status_code == 403
    counts = [model.objects.count() for model in (StatusUpdate, Milestone, Funding, Target, Evaluation)]
    assert counts == [0, 0, 0, 0, 0]


def test_a_status_is_not_dated_tomorrow(client, cast, initiative):
    client.force_login(cast.contributor)
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = NEW["status_new"] | {"key": uuid.uuid4(), "on": short_date(tomorrow)}
    refused = client.post(reverse("initiatives:status_new", args=[initiative.pk]), data)
    assert refused.status_code == 422
    assert "Datoen ligger i fremtiden, men en status siger, hvordan det går nu." in refused.content.decode()
    assert "To stillinger er ubesatte." in refused.content.decode()
    assert not StatusUpdate.objects.exists()


def parts_of(initiative):
    target = make_target(initiative=initiative)
    return {
        "milestone": Milestone.objects.create(initiative=initiative, title="Åbning"),
        "funding": Funding.objects.create(initiative=initiative, budget_year=2026, granted=100),
        "target": target,
        "evaluation": Evaluation.objects.create(initiative=initiative, year=2024, title="Evaluering"),
    }


@pytest.mark.parametrize(
    ("part", "changes", "field"),
    [
        ("milestone", {"title": "Indvielse", "due_precision": "day", "reached_precision": "day"}, "title"),
        ("funding", {"budget_year": "2026", "source": "Budget 2026", "granted": "200"}, "source"),
        ("target", {"text": "Nyt mål", "measure": "antal", "unit": "stk.", "direction": "up"}, "text"),
        ("evaluation", {"title": "Ny titel", "year": "2024"}, "title"),
    ],
)
def test_a_part_is_changed_by_its_own_and_not_over_anothers_save(client, cast, initiative, part, changes, field):
    row = parts_of(initiative)[part]
    address = reverse(f"initiatives:{part}_edit", args=[row.pk])
    client.force_login(cast.other_contributor)
    assert client.post(address, changes | {"version": row.version}).status_code == 403
    client.force_login(cast.contributor)
    assert client.post(address, changes | {"version": row.version}).status_code == 302
    stale = client.post(address, changes | {field: "For sent", "version": row.version})
    assert stale.status_code == 422
    assert changes[field] in stale.content.decode()
    assert "For sent" in stale.content.decode()
    row.refresh_from_db()
    assert getattr(row, field) == changes[field]


@pytest.mark.parametrize("part", ["milestone", "funding", "target"])
def test_a_part_is_removed_by_its_own_only(client, cast, initiative, part):
    row = parts_of(initiative)[part]
    address = reverse(f"initiatives:{part}_remove", args=[row.pk])
    client.force_login(cast.other_contributor)
    assert client.post(address).status_code == 403
    client.force_login(cast.contributor)
    assert client.get(address).status_code == 405
    assert client.post(address).url.startswith(initiative.get_absolute_url())
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_milestones_are_dated_as_they_were_said_and_in_their_order(client, cast, initiative):
    add = initiative.milestones.create
    add(title="Ingen dato")
    add(title="Forventet", due=date(2012, 12, 1), due_precision="month")
    add(title="Nået", due=date(2013, 1, 1), reached_on=date(2012, 8, 1), reached_precision="season")
    client.force_login(cast.approver)
    page = " ".join(client.get(initiative.get_absolute_url()).content.decode().split())
    assert page.index("Nået sommeren 2012") < page.index("Var ventet december 2012") < page.index("Uden dato")


def test_a_measurement_is_entered_and_removed(client, cast, initiative):
    target = make_target(initiative=initiative)
    client.force_login(cast.contributor)
    data = {"key": uuid.uuid4(), "first_day": "01-01-2025", "last_day": "31-12-2025", "value": "27,5"}
    client.post(reverse("initiatives:measurement_new", args=[target.pk]), data)
    measurement = Measurement.objects.get()
    assert (measurement.period, measurement.entered_by) == ("2025", cast.contributor)
    assert "27,5" in client.get(initiative.get_absolute_url()).content.decode()
    client.post(reverse("initiatives:measurement_remove", args=[measurement.pk]))
    assert not Measurement.objects.exists()


def test_a_measurements_period_does_not_end_before_it_begins(client, cast, initiative):
    target = make_target(initiative=initiative)
    client.force_login(cast.contributor)
    data = {"key": uuid.uuid4(), "first_day": "31-12-2025", "last_day": "01-01-2025", "value": "27,5"}
    refused = client.post(reverse("initiatives:measurement_new", args=[target.pk]), data)
    assert refused.status_code == 422
    assert "Perioden kan ikke slutte, før den begynder." in refused.content.decode()


def test_a_target_with_measurements_is_not_removed(client, cast, initiative):
    target = make_target(initiative=initiative)
    target.measurements.create(
        first_day=date(2025, 1, 1), last_day=date(2025, 12, 31), value=1, entered_by=cast.contributor
    )
    client.force_login(cast.contributor)
    refused = client.post(reverse("initiatives:target_remove", args=[target.pk]))
    assert refused.status_code == 409
    assert "Effektmålet har målinger." in refused.content.decode()
    assert Target.objects.exists()


def test_closed_days_are_not_typed_in(client, cast):
    target = make_target(principle=make_principle(), source=Target.Source.CLOSURES)
    client.force_login(cast.office)
    address = reverse("initiatives:measurement_new", args=[target.pk])
    assert client.get(address).status_code == 409
    data = {"key": uuid.uuid4(), "first_day": "01-01-2012", "last_day": "31-12-2012", "value": "662,5"}
    assert client.post(address, data).status_code == 409
    assert not Measurement.objects.exists()
    changes = {"version": target.version, "text": "Mål", "measure": "dage", "unit": "dage", "direction": "down"}
    changes |= {"baseline": "662,5", "baseline_year": "2012"}
    refused = client.post(reverse("initiatives:target_edit", args=[target.pk]), changes)
    assert refused.status_code == 422
    assert "Udgangspunktet for ikke-planlagte lukkedage beregnes og kan ikke indtastes." in refused.content.decode()


def test_the_office_sets_a_principles_target_and_a_contributor_does_not(client, cast):
    principle = make_principle(strategy=make_strategy(slug="2022-2025"))
    address = f"{principle.get_absolute_url()}effektmaal/ny/"
    data = NEW["target_new"] | {"key": uuid.uuid4()}
    client.force_login(cast.contributor)
    assert client.post(address, data).status_code == 403
    client.force_login(cast.office)
    assert client.post(address, data).url == f"{principle.get_absolute_url()}#effektmaal"
    client.force_login(cast.contributor)
    assert client.post(reverse("initiatives:target_remove", args=[Target.objects.get().pk])).status_code == 403


def test_a_baseline_without_its_year_is_refused(client, cast, initiative):
    client.force_login(cast.contributor)
    data = NEW["target_new"] | {"key": uuid.uuid4(), "baseline": "31,5"}
    refused = client.post(reverse("initiatives:target_new", args=[initiative.pk]), data)
    assert refused.status_code == 422
    assert "Skriv også det år, udgangspunktet er fra." in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"budget_year": "1999"}, "Årstallet skal ligge mellem 2000 og 2100."),
        ({"granted": "-1"}, "En bevilling kan ikke være under nul kroner."),
        ({"granted": "mange"}, "Skriv et tal med komma foran decimalerne"),
    ],
)
def test_money_that_makes_no_sense_is_refused(client, cast, initiative, changes, message):
    client.force_login(cast.contributor)
    data = NEW["funding_new"] | {"key": uuid.uuid4()} | changes
    refused = client.post(reverse("initiatives:funding_new", args=[initiative.pk]), data)
    assert refused.status_code == 422
    assert message in refused.content.decode()
    assert not Funding.objects.exists()


def test_evaluations_wait_for_the_office_after_two_years(cast, initiative):
    evaluation = Evaluation.objects.create(initiative=initiative, year=2024, title="Evaluering")
    assert not Evaluation.objects.needing(cast.office, date(2025, 12, 31)).exists()
    assert list(Evaluation.objects.needing(cast.office, date(2026, 1, 1))) == [evaluation]
    assert not Evaluation.objects.needing(cast.contributor, date(2026, 1, 1)).exists()
    evaluation.followed_up_on = date(2026, 2, 3)
    evaluation.save()
    assert not Evaluation.objects.needing(cast.office, date(2026, 3, 1)).exists()
