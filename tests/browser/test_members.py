"""A member on a tablet, minutes before the meeting: finds it, reads what is new, and takes the papers along."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports.models import Committee, IssuedDocument, Meeting
from sikkerby.models import AccessLog
from tests.browser.conftest import PHONE, TABLET

pytestmark = pytest.mark.django_db  # the tests look at what the server has committed


@pytest.fixture(scope="module", autouse=True)
def meeting_with_papers(site, django_db_blocker) -> None:
    """Tomorrow's, with both papers of the demo on it."""
    with django_db_blocker.unblock():
        committee = Committee.objects.get(abbreviation="ØU")
        tomorrow = timezone.localdate() + timedelta(days=1)
        meeting = committee.meetings.create(day=tomorrow, starts_at="15:00", place="Rådhuset, mødeværelse 3")
        meeting.put(IssuedDocument.objects.order_by("number").last().note, number="4")


@pytest.mark.parametrize("width", [PHONE, TABLET])
def test_a_member_finds_the_meeting_and_takes_its_papers(visit, width):
    page = visit("udvalg", width=width)
    meeting = Meeting.objects.get(place="Rådhuset, mødeværelse 3")
    page.get_by_role("link", name=f"Økonomiudvalget, {meeting.when}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Økonomiudvalget, {meeting.when}")
    expect(page.get_by_role("heading", name="Punkt 4. Statusnotat for Sikker Bys 4. indsatsområde")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent notatet med bilag").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as package:
        (name,) = package.namelist()
        body = package.read(name)
    document = IssuedDocument.objects.get(note__items__meeting=meeting)
    assert body == bytes(document.pdf)
    assert AccessLog.objects.filter(user__username="udvalg", what__startswith=f"Notat {document.note_id}: ").exists()


def test_a_member_searches_in_the_papers_as_they_type(visit):
    page = visit("udvalg", width=TABLET)
    page.get_by_role("link", name="Alle notater").click()
    page.get_by_label("Søg i titler og tekst").press_sequentially("ildspåsættelser")
    expect(page.locator("mark").first).to_have_text("ildspåsættelser")
    expect(page.get_by_text("1 notat", exact=True)).to_be_visible()
    page.get_by_label("Søg i titler og tekst").fill("")
    page.get_by_label("Møde").select_option(label="Økonomiudvalget, 31-05-2011")
    expect(page.get_by_role("link", name="Best practice-eksempler på lokal koordinering", exact=True)).to_be_visible()
    expect(page.get_by_text("1 notat", exact=True)).to_be_visible()
