"""A session that ends while someone is typing: nothing typed is lost, with htmx and without JavaScript."""

import re

from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Page, expect

from sikkerby.demo import PASSWORD
from tests.browser.conftest import PHONE
from tests.conftest import connect_as_owner

WHAT_HAPPENED = "Der blev kastet sten mod ruderne."


def end_all_sessions() -> None:
    """As after twelve hours. By a connection of its own, so that the server sees it at once."""
    with connect_as_owner() as owner:
        owner.execute(f"DELETE FROM {Session._meta.db_table}")
    connection.close()


def fill_registration(page: Page) -> None:
    page.goto("/lukninger/ny/")
    page.get_by_role("radio", name="Lærkevejens Skole").check()
    page.get_by_role("radio", name=re.compile("Driftsforstyrrelse")).check()
    page.get_by_label("Første dag", exact=True).fill("2026-03-09")
    page.get_by_label("Sidste dag", exact=True).fill("2026-03-09")
    page.get_by_role("radio", name="uro i området").check()
    page.locator("details", has_text="Kan udfyldes senere").locator("summary").click()
    page.get_by_label(re.compile("^Hvad der skete")).fill(WHAT_HAPPENED)


def log_in_again(page: Page) -> None:
    page.get_by_label("Brugernavn").fill("leder")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()


def test_without_javascript_the_form_is_filled_after_log_in_and_nothing_is_saved(visit):
    page = visit("leder", width=PHONE, java_script_enabled=False)
    fill_registration(page)
    for button in ("Kontrollér og send", "Send"):  # the session ends on the form, and again on the page after it
        end_all_sessions()
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text("Det, du skrev, er ikke tabt")).to_be_visible()
        log_in_again(page)
        expect(page.get_by_label(re.compile("^Hvad der skete"))).to_have_value(WHAT_HAPPENED)
        expect(page.get_by_label("Første dag", exact=True)).to_have_value("2026-03-09")
        page.get_by_role("button", name="Kontrollér og send").click()
        expect(page.get_by_text(WHAT_HAPPENED)).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("LUK-")
    page.get_by_role("link", name="Se lukningen").click()
    expect(page.get_by_text(WHAT_HAPPENED)).to_be_visible()


def test_with_htmx_the_page_stays_and_log_in_opens_over_it(visit):
    page = visit("leder", width=PHONE)
    page.goto("/lukninger/ny/")
    page.get_by_role("radio", name="Juniorklubben Kometen").check()
    page.get_by_label("Første dag", exact=True).fill("2026-03-10")
    page.get_by_label("Sidste dag", exact=True).fill("2026-03-10")
    expect(page.get_by_text("Tæller 1 dag")).to_be_visible()
    page.wait_for_load_state("networkidle")
    end_all_sessions()
    page.get_by_role("radio", name="kun sidste del").check()  # asks for the count, and is refused
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Brugernavn").fill("leder")
    dialog.get_by_label("Adgangskode").fill("forkert")
    dialog.get_by_role("button", name="Log ind").click()
    expect(dialog.get_by_text("passer ikke sammen")).to_be_visible()
    dialog.get_by_label("Brugernavn").fill("leder")
    dialog.get_by_label("Adgangskode").fill(PASSWORD)
    dialog.get_by_role("button", name="Log ind").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Du er logget ind igen.")).to_be_visible()
    expect(page.get_by_role("radio", name="Juniorklubben Kometen")).to_be_checked()
    expect(page.get_by_role("radio", name="kun sidste del")).to_be_checked()
    expect(page.get_by_label("Sidste dag", exact=True)).to_have_value("2026-03-10")
    page.get_by_role("radio", name=re.compile("Driftsforstyrrelse")).check()
    page.get_by_role("radio", name="uro i området").check()
    page.get_by_role("button", name="Kontrollér og send").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("LUK-")
