"""Large sheets are jobs; and of several who save at once, one does."""

import threading
from datetime import date

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from closures import importing
from closures.importing import saving
from closures.models import AnnualReturn, ClosedHalfDay, Closure, Import
from closures.models.importing import WORK_LOCKS
from closures.tasks import check_import, save_import
from sikkerby.models import StoredFile
from tests.closures.test_importing import HEAD, NOW, ROW, send, sheet
from tests.factories import make_cast, make_closure, make_import

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 18)


@pytest.fixture
def office(client):
    with time_machine.travel(NOW, tick=True):
        client.cast = make_cast()
        client.force_login(client.cast.office)
        yield client


@pytest.fixture
def _three_are_many(monkeypatch):
    """A sheet of more than two rows is a job."""
    monkeypatch.setattr(saving, "AT_ONCE", 2)


ROWS = [ROW.replace("02-11-2026;03-11-2026", f"{day:02}-09-2026;{day:02}-09-2026") for day in (1, 2, 3, 4)]


def run(task) -> None:
    """What waits for a worker, done by one."""
    (job,) = ProcrastinateJob.objects.filter(task_name=task.name, status="todo")
    ProcrastinateJob.objects.filter(pk=job.pk).delete()
    task(**job.args)


def page_of(office, sent: Import) -> str:
    return " ".join(office.get(sent.get_absolute_url()).content.decode().split())


@pytest.mark.usefixtures("_three_are_many")
def test_a_large_sheet_is_checked_and_saved_by_jobs(office):
    sent = send(office, sheet(*ROWS))
    assert sent.status == "checking"
    page = page_of(office, sent)
    assert "Arket bliver kontrolleret" in page
    assert 'hx-trigger="every 2s"' in page
    run(check_import)
    sent.refresh_from_db()
    assert (sent.status, sent.rows, sent.done) == ("ready", 4, 4)
    assert "hx-trigger" not in page_of(office, sent)
    save_url = reverse("closures:import_save", args=[sent.pk])
    assert office.post(save_url).status_code == 302
    assert "bliver kun gemt én gang" in office.post(save_url, follow=True).content.decode()
    assert "Arket bliver gemt" in page_of(office, sent)
    run(save_import)
    sent.refresh_from_db()
    assert sent.status == "saved"
    assert Closure.objects.count() == 4
    event = Closure.objects.first().events.get()
    assert event.pgh_context["user"] == office.cast.office.pk


@pytest.mark.usefixtures("_three_are_many")
def test_how_far_a_job_is_can_be_seen_while_it_saves(office, monkeypatch):
    sent = send(office, sheet(*ROWS))
    run(check_import)
    office.post(reverse("closures:import_save", args=[sent.pk]))
    seen = []

    def look(*args, **kwargs):
        seen.append(page_of(office, sent))
        return store(*args, **kwargs)

    store = saving._store_half_days
    monkeypatch.setattr(saving, "_store_half_days", look)
    run(save_import)
    assert '<progress max="4" value="2"' in seen[0]
    assert "2 af 4 rækker" in seen[0]


@pytest.mark.usefixtures("_three_are_many")
def test_a_worker_that_died_is_seen_and_one_can_try_again(office):
    sent = send(office, sheet(*ROWS))
    again = reverse("closures:import_try_again", args=[sent.pk])
    assert "afbrudt" not in page_of(office, sent)  # it waits for a worker
    assert office.post(again).status_code == 409
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    with connection.copy().cursor() as worker:
        worker.execute("SELECT pg_advisory_lock(%s, %s)", [WORK_LOCKS, sent.pk])
        assert "afbrudt" not in page_of(office, sent)  # one is at it
        worker.connection.close()
    for _ in range(100):
        if "Arbejdet blev afbrudt" in (page := page_of(office, sent)):
            break
    assert "Arbejdet blev afbrudt" in page
    assert "Prøv igen" in page
    assert office.post(again).status_code == 302
    run(check_import)
    sent.refresh_from_db()
    assert sent.status == "ready"


def test_a_job_that_two_workers_take_is_done_by_one(office):
    sent = make_import(sheet(*ROWS), by=office.cast.office)
    with saving.at_work(sent) as work:
        assert work
        saving.check_in_job(sent.pk, today=TODAY)
        sent.refresh_from_db()
        assert sent.status == "checking"
    saving.check_in_job(sent.pk, today=TODAY)
    sent.refresh_from_db()
    assert sent.status == "ready"


# --- At once ------------------------------------------------------------------------------------------------------


def at_once(*acts) -> list:
    start, answers = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait(timeout=60)
            answers.append(act())
        finally:
            connections.close_all()

    people = [threading.Thread(target=run, args=[act]) for act in acts]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return answers


def post_of(user, sent: Import):
    client = Client()
    client.force_login(user)
    return lambda: client.post(reverse("closures:import_save", args=[sent.pk])).status_code


def test_eight_clicks_on_gem_save_once(office):
    cast = office.cast
    sent = send(office, sheet(*ROWS))
    assert at_once(*[post_of(each, sent) for each in [cast.office, cast.colleague] * 4]) == [302] * 8
    assert Closure.objects.count() == 4
    assert ClosedHalfDay.objects.count() == 8


def test_of_two_sheets_that_say_the_same_one_is_saved(office):
    cast = office.cast
    one, other = (send(office, sheet(*ROWS)) for _ in range(2))
    at_once(post_of(cast.office, one), post_of(cast.colleague, other))
    assert Closure.objects.count() == 4
    assert sorted(Import.objects.values_list("status", flat=True)) == ["ready", "saved"]
    late = Import.objects.get(status="ready")
    assert late.verdicts["counts"] == {"error": 0, "new": 0, "exists": 4}
    assert late.changed


def test_what_changed_since_it_was_shown_is_refused_and_shown_anew(office):
    sent = send(office, sheet(*ROWS))
    make_closure(
        institution=office.cast.school, first_day=date(2026, 9, 1), last_day=date(2026, 9, 2), by=office.cast.leader
    )
    page = office.post(reverse("closures:import_save", args=[sent.pk]), follow=True).content.decode()
    assert "Intet er gemt, for registret er ændret, siden arket blev kontrolleret." in page
    assert "2 rækker har fejl" in page
    assert Closure.objects.count() == 1


def test_a_save_that_fails_at_its_end_leaves_nothing(office, monkeypatch):
    sent = send(office, sheet(*ROWS))
    AnnualReturn.objects.create(institution=office.cast.school, year=2026)
    monkeypatch.setattr(saving, "_refute", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        importing.save(sent, by=office.cast.office, today=TODAY)
    sent.refresh_from_db()
    assert sent.status == "ready"
    assert not Closure.objects.exists()
    assert not ClosedHalfDay.objects.exists()


def test_a_sheet_that_was_not_saved_can_be_thrown_away_with_its_file(office):
    sent = send(office, sheet(ROW, ROW))
    assert office.post(reverse("closures:import_discard", args=[sent.pk])).status_code == 302
    assert not Import.objects.exists()
    assert not StoredFile.objects.exists()
    saved = send(office, sheet(ROW))
    office.post(reverse("closures:import_save", args=[saved.pk]))
    assert office.post(reverse("closures:import_discard", args=[saved.pk])).status_code == 409


def test_a_long_preview_is_shown_in_pages(office):
    rows = [ROW.replace("02-11-2026;03-11-2026", f"{day:%d-%m-%Y};{day:%d-%m-%Y}") for day in _weekdays(230)]
    sent = send(office, sheet(*rows, "Ukendt;driftsforstyrrelse;;04-11-2026;04-11-2026;", head=HEAD))
    first = office.get(sent.get_absolute_url()).context
    assert (first["shown"], [row.row for row in first["page"].items]) == ("fejl", [232])
    last = office.get(sent.get_absolute_url(), {"vis": "nye", "side": "5"}).context
    assert [row.row for row in last["page"].items] == list(range(202, 232))
    for wrong in ({"vis": "alt"}, {"side": "9"}, {"side": "0"}, {"side": "²"}, {"vis": "nye", "side": "x"}):
        assert office.get(sent.get_absolute_url(), wrong).status_code == 404


def _weekdays(count: int) -> list[date]:
    days = (date.fromordinal(each) for each in range(date(2025, 1, 6).toordinal(), date(2026, 11, 1).toordinal()))
    holidays = {date(2025, 4, 17), date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 29), date(2025, 6, 9)}
    holidays |= {date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)}
    return [day for day in days if day.weekday() < 5 and day not in holidays][:count]
