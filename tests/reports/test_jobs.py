"""Long papers are made by a worker: once for those who ask at once, honest about how far it is, and never half."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from reports import jobs
from reports.models import IssuedDocument, PaperJob
from reports.tasks import discard_draft_pages, make_paper
from sikkerby.models import StoredFile
from tests.factories import make_cast
from tests.reports.factories import make_approved_note, make_issued_note, make_written_note
from tests.reports.test_appendices import text
from tests.reports.test_issuing import run_together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def _all_are_long(monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 0)


def run_the_worker() -> None:
    """What waits for a worker, done by one."""
    (job,) = ProcrastinateJob.objects.filter(task_name=make_paper.name, status="todo")
    ProcrastinateJob.objects.filter(pk=job.pk).delete()
    make_paper(**job.args)


def issue(client, note):
    numbers = {"case_number": note.case_number, "document_number": note.document_number, "version": note.version}
    return client.post(f"/notater/{note.pk}/udsend/", numbers)


def approved(cast, **fields):
    note = make_approved_note(cast=cast, **fields)
    note.refresh_from_db()
    return note


def test_ten_pages_are_made_at_once_and_more_by_a_worker(cast):
    paragraph = f"<p>{'Ord og tal. ' * 100}</p>"
    short, long = (make_written_note(cast=cast, text=paragraph * size) for size in (15, 16 * 2))
    assert not jobs.takes_a_job(short)
    assert jobs.takes_a_job(long)


@pytest.mark.usefixtures("_all_are_long")
def test_pages_of_a_long_draft_are_made_by_a_worker(client, cast):
    note = make_written_note(cast=cast)
    client.force_login(cast.office)
    assert client.get(f"/notater/{note.pk}/udkast.pdf/").url == f"/notater/{note.pk}/sider/"
    assert "Lav siderne" in text(client.get(f"/notater/{note.pk}/sider/"))
    assert not PaperJob.objects.exists()  # nothing is done by looking
    address = client.post(f"/notater/{note.pk}/sider/").url
    page = text(client.get(address))
    assert 'value="0"' in page
    assert "Venter på at komme til." in page
    assert 'hx-trigger="every 2s"' in page
    run_the_worker()
    page = text(client.get(address))
    assert "Siderne er klar" in page
    assert "hx-trigger" not in page
    pdf = client.get(f"{address}pdf/")
    assert pdf.content.startswith(b"%PDF-")
    assert "(udkast)" in pdf["Content-Disposition"]
    client.force_login(cast.approver)
    assert client.get(address).status_code == 200
    client.force_login(cast.member)
    for each in (address, f"{address}pdf/", f"/notater/{note.pk}/sider/"):
        assert client.get(each).status_code == 404


@pytest.mark.usefixtures("_all_are_long")
def test_what_is_swapped_in_is_what_the_page_has(client, cast):
    note = make_written_note(cast=cast)
    client.force_login(cast.office)
    address = client.post(f"/notater/{note.pk}/sider/").url
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.strip() in client.get(address).content.decode()


@pytest.mark.usefixtures("_all_are_long")
def test_a_long_note_is_issued_by_a_worker_with_its_doubts(client, cast):
    note = approved(cast)
    note.follow_ups.create(committee=cast.finance, promise="En status", due=timezone.localdate() - timedelta(days=9000))
    client.force_login(cast.office)
    page = client.get(f"/notater/{note.pk}/udsend/").content.decode()
    typed = {"case_number": note.case_number, "document_number": note.document_number, "version": note.version}
    typed |= {"all_the_same": "on", "seen": page.split('name="seen" value="')[1].split('"')[0]}
    address = client.post(f"/notater/{note.pk}/udsend/", typed).url
    assert not IssuedDocument.objects.exists()
    run_the_worker()
    assert "Notatet er udsendt" in text(client.get(address))
    step = note.steps.last()
    assert (step.act, step.by) == ("issued", cast.office)
    assert "»En status« er lovet til" in step.text
    assert IssuedDocument.objects.get().issued_by_name == cast.office.name
    assert client.get(f"{address}pdf/").status_code == 404  # what was issued is fetched as such


@pytest.mark.usefixtures("_all_are_long")
def test_two_who_ask_at_once_get_one_job(client, cast):
    note = approved(cast)
    for purpose in PaperJob.Purpose:
        order = lambda purpose=purpose: PaperJob.objects.order(note, purpose, by=cast.office)  # noqa: E731
        first, second = run_together(order, order)
        assert first == second
    assert PaperJob.objects.count() == ProcrastinateJob.objects.filter(task_name=make_paper.name).count() == 2


@pytest.mark.usefixtures("_all_are_long")
def test_how_far_it_is_is_seen_while_it_is_made(client, cast, monkeypatch):
    note = approved(cast)
    client.force_login(cast.office)
    address = issue(client, note).url
    seen = []

    def watched(make):
        def look(*args, **kwargs):
            seen.extend(run_together(lambda: text(client.get(address))))
            return make(*args, **kwargs)

        return look

    for name in ("to_html", "to_pdf"):
        monkeypatch.setattr(f"reports.paper.{name}", watched(getattr(jobs.paper, name)))
    run_the_worker()
    assert "Tekster og tal samles." in seen[0]
    assert '<progress max="100" value="15"' in seen[-1]
    assert "Siderne sættes op." in seen[-1]


@pytest.mark.usefixtures("_all_are_long")
def test_what_cannot_be_made_says_why_and_the_note_is_as_it_was(client, cast):
    note = approved(cast, text="<p>Et tegn, ingen skrift har: \U00012000</p>")
    client.force_login(cast.office)
    address = issue(client, note).url
    run_the_worker()
    page = text(client.get(address))
    assert "Notatet er ikke udsendt" in page
    assert "findes ikke i skriften" in page
    note.refresh_from_db()
    assert (note.status, note.issued_at) == ("approved", None)
    assert not IssuedDocument.objects.exists()


@pytest.mark.usefixtures("_all_are_long")
def test_a_note_that_was_taken_back_meanwhile_is_not_issued(client, cast):
    note = approved(cast)
    client.force_login(cast.office)
    address = issue(client, note).url
    note.take_back(by=cast.colleague)
    run_the_worker()
    assert "Notatet er et udkast." in text(client.get(address))
    assert not IssuedDocument.objects.exists()


def approve_anew(note, cast) -> None:
    note.take_back(by=cast.colleague)
    note.submit(by=cast.colleague)
    note.approve(by=cast.approver)
    note.refresh_from_db()


@pytest.mark.usefixtures("_all_are_long")
def test_what_was_approved_anew_is_not_issued_by_an_old_order(client, cast):
    """The worker was away all day; meanwhile it was taken back, changed and approved."""
    note = approved(cast)
    client.force_login(cast.office)
    address = issue(client, note).url
    approve_anew(note, cast)
    run_the_worker()
    assert "siden du udsendte det. Udsend det igen." in text(client.get(address))
    assert not IssuedDocument.objects.exists()

    assert issue(client, note).url != address
    run_the_worker()
    assert IssuedDocument.objects.exists()


@pytest.mark.usefixtures("_all_are_long")
def test_asked_again_an_order_that_waits_is_for_the_note_as_it_is_now(client, cast):
    note = approved(cast)
    client.force_login(cast.office)
    address = issue(client, note).url
    approve_anew(note, cast)
    client.force_login(cast.colleague)
    assert issue(client, note).url == address
    run_the_worker()
    assert IssuedDocument.objects.get().issued_by_name == cast.colleague.name


@pytest.mark.usefixtures("_all_are_long")
def test_a_doubt_that_came_while_the_order_waited_stops_it(client, cast):
    note = approved(cast)
    client.force_login(cast.office)
    address = issue(client, note).url
    note.comments.create(text="Vent, tallet er forkert", by=cast.approver)
    run_the_worker()
    page = text(client.get(address))
    assert "Der er kommet noget til, siden du udsendte det:" in page
    assert "Vent, tallet er forkert" in page
    assert not IssuedDocument.objects.exists()


def a_worker_that_sets_for_ever(job: PaperJob) -> int:
    """A process of its own, which has begun to set the paper when this returns."""
    begun, begins = os.pipe()
    pid = os.fork()
    if pid == 0:
        connection.connection = None  # it is the parent's; dropped here it would end there, so this process is killed

        def set_for_ever(*args, **kwargs):
            os.write(begins, b"+")
            signal.pause()

        jobs.paper.to_pdf = set_for_ever
        try:
            make_paper(job.pk)
        finally:
            os._exit(1)  # never on into the tests that the parent runs
    os.close(begins)
    assert os.read(begun, 1) == b"+"
    os.close(begun)
    return pid


@pytest.mark.usefixtures("_all_are_long")
def test_a_worker_that_is_killed_leaves_the_note_as_it_was_and_one_can_try_again(client, cast):
    note = approved(cast)
    client.force_login(cast.office)
    address = issue(client, note).url
    assert "afbrudt" not in text(client.get(address))  # it waits
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    pid = a_worker_that_sets_for_ever(PaperJob.objects.get())
    assert "Siderne sættes op." in text(client.get(address))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    for _ in range(100):
        if "Arbejdet blev afbrudt" in (page := text(client.get(address))):
            break
    assert "Arbejdet blev afbrudt" in page
    note.refresh_from_db()
    assert (note.status, note.issued_at) == ("approved", None)
    assert not IssuedDocument.objects.exists()
    assert issue(client, note).url == address
    run_the_worker()
    assert "Notatet er udsendt" in text(client.get(address))
    assert list(IssuedDocument.objects.faults()) == []


def test_a_job_that_two_workers_take_is_done_by_one(cast):
    note = make_written_note(cast=cast)
    job = PaperJob.objects.order(note, PaperJob.Purpose.DRAFT, by=cast.office)
    run_together(lambda: make_paper(job.pk), lambda: make_paper(job.pk))
    job.refresh_from_db()
    assert job.state == "made"
    assert StoredFile.objects.filter(name__contains="udkast").count() == 1


def test_pages_of_a_draft_are_gone_after_a_day(cast):
    note = make_written_note(cast=cast)
    kept = StoredFile.objects.count()
    job = PaperJob.objects.order(note, PaperJob.Purpose.DRAFT, by=cast.office)
    make_paper(job.pk)
    discard_draft_pages(timestamp=0)
    assert PaperJob.objects.count() == 1
    PaperJob.objects.update(at=timezone.now() - timedelta(hours=25))
    discard_draft_pages(timestamp=0)
    assert not PaperJob.objects.exists()
    assert StoredFile.objects.count() == kept


def test_an_issued_note_has_no_pages_to_make(client, cast):
    note = make_issued_note(cast=cast)
    client.force_login(cast.office)
    assert client.post(f"/notater/{note.pk}/sider/").status_code == 409
