"""The office goes through the queue by keys, and closes the gap between two closures of one unrest."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE


def test_the_queue_is_gone_through_by_keys(visit):
    page = visit("center")
    page.get_by_role("link", name=re.compile("venter på gennemgang")).click()
    heading = page.get_by_role("heading", level=1)
    place = page.get_by_role("navigation", name="Køen").locator("strong")
    count = int(place.text_content().split()[2])
    first = heading.text_content()
    expect(place).to_have_text(f"1 af {count} venter")

    page.keyboard.press("n")
    expect(place).to_have_text(f"2 af {count} venter")
    second = heading.text_content()
    page.keyboard.press("p")
    expect(heading).to_have_text(first)

    # In a field a letter is a letter.
    page.get_by_text("Send tilbage med et spørgsmål til lederen").click()
    question = page.get_by_label("Spørgsmål til lederen")
    question.press_sequentially("gang")
    expect(question).to_have_value("gang")
    expect(heading).to_have_text(first)
    question.fill("")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()

    page.get_by_role("button", name="Slå tasterne fra").click()
    page.keyboard.press("n")
    expect(heading).to_have_text(first)
    page.get_by_role("button", name="Slå tasterne til").click()

    page.keyboard.press("g")
    expect(heading).to_have_text(second)
    expect(page.get_by_text("er gennemgået og tæller med i opgørelsen.")).to_be_visible()
    expect(place).to_have_text(f"1 af {count - 1} venter")


def test_the_queue_works_on_a_phone_without_scripts(visit):
    page = visit("center", width=PHONE, java_script_enabled=False)
    page.goto("/lukninger/gennemgang/")
    heading = page.get_by_role("heading", level=1)
    first = heading.text_content()
    expect(page.get_by_text("Taster:")).to_be_hidden()
    page.get_by_role("link", name="Næste").click()
    expect(heading).not_to_have_text(first)
    page.get_by_role("link", name="Forrige").click()
    expect(heading).to_have_text(first)
    page.get_by_role("button", name="Gennemgået").click()
    expect(heading).not_to_have_text(first)
