"""Registering as a person does it, on a phone: downwards only, in few taps, and nothing typed is lost on the way."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from closures.models import Closure, ReducedService
from tests.browser.conftest import PHONE
from tests.browser.test_every_page import complaints_of

# From the front page to the receipt. Each more is a minute of someone's evening: raise these only for a reason.
TAPS, ENTRIES = 7, 2
MONDAY = date(2026, 3, 2)


class Finger:
    """Taps and types, counts it, and never goes back up a page."""

    def __init__(self, page: Page):
        self.page, self.taps, self.entries, self.reached = page, 0, 0, 0.0

    def _reach(self, target: Locator) -> None:
        target.scroll_into_view_if_needed()
        height = target.evaluate("each => each.getBoundingClientRect().bottom + window.scrollY")
        assert height >= self.reached, f"{target} lies above what was touched before"
        self.reached = height

    def tap(self, target: Locator) -> None:
        self._reach(target)
        target.tap()
        self.taps += 1

    def enter(self, target: Locator, text: str) -> None:
        self._reach(target)
        target.fill(text)
        self.entries += 1

    def arrive(self, heading: str | re.Pattern) -> None:
        """The next page, which is read from its top."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.reached = 0.0


def fill(finger: Finger, first_day: date, *, institution: str = "Lærkevejens Skole") -> None:
    """What is required: it was closed early on the first day, and all of the next."""
    page = finger.page
    finger.tap(page.get_by_role("radio", name=institution))
    finger.tap(page.get_by_role("radio", name=re.compile("Driftsforstyrrelse")))
    finger.enter(page.get_by_label("Første dag", exact=True), first_day.isoformat())
    finger.tap(page.get_by_role("radio", name="kun sidste del (lukkede før tid)"))
    finger.enter(page.get_by_label("Sidste dag", exact=True), (first_day + timedelta(days=1)).isoformat())
    expect(page.locator("#count")).to_contain_text("Tæller 1½ dag: mandag (sidste del), tirsdag.")
    finger.tap(page.get_by_role("radio", name="uro i området"))


def to_the_form(visit, **options) -> Finger:
    finger = Finger(visit("leder", width=PHONE, has_touch=True, **options))
    finger.tap(finger.page.get_by_role("link", name="Registrér lukning").first)
    finger.arrive("Registrér lukning")
    return finger


def test_a_closure_is_registered_on_a_phone_downwards_and_in_few_taps(visit):
    finger = to_the_form(visit)
    page = finger.page
    fill(finger, MONDAY)
    finger.tap(page.get_by_role("button", name="Kontrollér og send"))
    finger.arrive("Kontrollér og send")
    expect(page.get_by_text("Tæller 1½ dag: mandag (sidste del), tirsdag.")).to_be_visible()
    finger.tap(page.get_by_role("button", name="Send", exact=True))
    finger.arrive(re.compile(r"LUK-\d+-\d+"))
    expect(page.get_by_text("Hvad sker der nu?")).to_be_visible()
    assert (finger.taps, finger.entries) == (TAPS, ENTRIES)


def test_the_main_button_is_within_the_thumb_s_reach_from_the_start(visit):
    page = to_the_form(visit).page
    assert page.get_by_role("button", name="Kontrollér og send").bounding_box()["y"] > 844 * 0.75


@pytest.mark.parametrize("scripts", [True, False])
def test_ret_and_back_lose_nothing(visit, scripts):
    finger = to_the_form(visit, java_script_enabled=scripts)
    page = finger.page
    day = MONDAY + timedelta(days=7 if scripts else 14)
    page.get_by_role("radio", name="Lærkevejens Skole").check()
    page.get_by_role("radio", name=re.compile("Driftsforstyrrelse")).check()
    page.get_by_label("Første dag", exact=True).fill(day.isoformat())
    page.get_by_label("Sidste dag", exact=True).fill(day.isoformat())
    page.get_by_role("radio", name="uro i området").check()
    page.locator("details", has_text="Kan udfyldes senere").locator("summary").click()
    page.get_by_label(re.compile("^Hvad der skete")).fill("Uro ved porten.\nTo gange.")
    page.get_by_role("button", name="Kontrollér og send").click()

    page.get_by_role("button", name="Ret Hvad der skete").click()
    account = page.get_by_label(re.compile("^Hvad der skete"))
    expect(account).to_be_focused()
    expect(account).to_be_in_viewport()
    expect(account).to_have_value("Uro ved porten.\nTo gange.")
    account.fill("Uro ved porten.\nTre gange.")
    page.get_by_role("button", name="Kontrollér og send").click()
    expect(page.get_by_text("Tre gange.")).to_be_visible()

    page.go_back()
    expect(account).to_have_value("Uro ved porten.\nTre gange.")
    expect(page.get_by_label("Første dag", exact=True)).to_have_value(day.isoformat())
    expect(page.get_by_role("radio", name="uro i området")).to_be_checked()
    page.get_by_role("button", name="Kontrollér og send").click()
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("LUK-")
    registered = Closure.objects.filter(institution__name="Lærkevejens Skole", first_day=day)
    assert [each.account for each in registered] == ["Uro ved porten.\r\nTre gange."]


def test_of_a_part_it_is_said_at_once_that_it_never_counts(visit):
    finger = to_the_form(visit)
    page = finger.page
    fill(finger, MONDAY + timedelta(days=21))
    finger.tap(page.locator("details", has_text="Kan udfyldes senere").locator("summary"))
    finger.tap(page.get_by_role("radio", name=re.compile("^kun en del af den")))
    finger.enter(page.get_by_label(re.compile("^Hvilken del")), "svømmehallen")
    expect(page.locator("#count")).to_contain_text("Nedsat drift tæller aldrig med")
    finger.tap(page.get_by_role("button", name="Kontrollér og send"))
    finger.arrive("Kontrollér og send")
    finger.tap(page.get_by_role("button", name="Send", exact=True))
    finger.arrive("Lærkevejens Skole: svømmehallen")
    expect(page.get_by_text("Nedsat drift er registreret.")).to_be_visible()
    assert ReducedService.objects.filter(part="svømmehallen").count() == 1


def test_neither_the_page_to_read_through_nor_the_receipt_fails_axe(visit):
    page = visit("leder")
    page.goto("/lukninger/ny/")
    page.get_by_role("radio", name="Lærkevejens Skole").check()
    page.get_by_role("radio", name=re.compile("pædagogisk formål")).check()
    day = date(2026, 4, 13)
    page.get_by_label("Første dag", exact=True).fill(day.isoformat())
    page.get_by_label("Sidste dag", exact=True).fill(day.isoformat())
    page.get_by_role("radio", name="uro på institutionen").check()
    page.get_by_role("button", name="Kontrollér og send").click()
    expect(page.get_by_text("afgør Center for Sikker By ved")).to_be_visible()
    complaints = complaints_of(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("LUK-")
    assert complaints + complaints_of(page) == []
