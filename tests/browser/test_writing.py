"""A note is written in a real browser: saved as one writes, nothing lost, put in order, brought back."""

import re

import pytest
from playwright.sync_api import Page, expect

from reports.models import Note, Section
from tests.browser.conftest import PHONE
from tests.browser.test_notes import draft_of_the_demo, editor_on, open_editor

pytestmark = pytest.mark.django_db  # the tests look at what the server has committed
SAVED = re.compile(r"^\s*Gemt \d\d\.\d\d\s*$")


def of(note: Note, heading: str) -> Section:
    return note.sections.get(heading=heading)


def expect_saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(SAVED)


def save_elsewhere(page: Page, section: Section, html: str) -> None:
    """As from another window: what the test itself would write, the server would not see."""
    address = section.get_absolute_url()
    form = page.request.get(address).text()
    token, version = (
        re.search(rf'name="{name}" value="(\w+)"', form)[1] for name in ("csrfmiddlewaretoken", "version")
    )
    page.request.post(
        address,
        form={"csrfmiddlewaretoken": token, "version": version, "heading": section.heading, "html": html},
    )


def test_text_is_saved_as_one_writes_and_the_paper_follows(visit):
    page, note = visit("center"), draft_of_the_demo()
    open_editor(page, note, "Aktiviteter").click()
    page.keyboard.type("Kataloget er sendt ud.")
    expect_saved(page)
    assert of(note, "Aktiviteter").html == "<p>Kataloget er sendt ud.</p>"
    expect(page.frame_locator("#paper").get_by_text("Kataloget er sendt ud.")).to_be_visible()
    page.keyboard.type(" Og læst.")
    expect(page.frame_locator("#paper").get_by_text("Kataloget er sendt ud. Og læst.")).to_be_visible()
    page.get_by_role("link", name="Tilbage til notatet").click()  # with nothing unsaved, nobody is asked
    expect(page.get_by_role("heading", level=1)).to_have_text(note.title)


def test_figure_is_put_in_from_a_list_and_its_value_stands_on_the_paper(visit):
    page, note = visit("center"), draft_of_the_demo()
    editor = open_editor(page, note, "Baggrund")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" I 2012 var der ")
    page.get_by_label("Vælg et tal fra opgørelsen").select_option("{lukkedage 2012}")
    page.get_by_role("button", name="Indsæt tal").click()
    expect(editor).to_be_focused()  # a frame later; a space before that would press the button again
    page.keyboard.type(" dage.")
    expect(page.frame_locator("#paper").get_by_text("I 2012 var der 662,5 dage.")).to_be_visible()
    assert "I 2012 var der {lukkedage 2012} dage." in of(note, "Baggrund").html


def test_two_writers_see_both_texts_and_the_cursor_stays(visit):
    page, note = visit("center"), draft_of_the_demo()
    editor = open_editor(page, note, "Aktiviteter")
    editor.click()
    save_elsewhere(page, of(note, "Aktiviteter"), "<p>Skrevet af en anden.</p>")
    page.keyboard.type("Mit. ")
    status = page.locator("#saved")
    expect(status).to_contain_text("Skrevet af en anden.")
    expect(status).to_contain_text("Mit.")
    expect(editor).to_be_focused()
    assert "Mit." in page.evaluate("JSON.stringify(localStorage)")  # kept until it is saved
    page.get_by_role("button", name="Gem min udgave").click()
    expect_saved(page)
    assert page.evaluate("localStorage.length") == 0
    assert "Mit." in of(note, "Aktiviteter").html


def test_what_was_not_saved_is_offered_again(visit):
    page, note, slow = visit("center"), draft_of_the_demo(), []
    page.route("**/papir/", lambda route: slow.append(route))  # the page is written on before all of it has loaded
    page.goto(of(note, "Aktiviteter").get_absolute_url(), wait_until="commit")
    editor_on(page).click()
    page.route("**/gem/", lambda route: route.fulfill(status=409, body=""))  # it does not come through
    page.keyboard.press("Control+A")
    page.keyboard.type("Skrevet i toget.")
    expect(page.get_by_text("Det, du har skrevet, står her stadig.")).to_be_visible()
    page.unroute("**/papir/")
    slow[0].continue_()
    page.wait_for_load_state("load")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.unroute("**/gem/")
    save_elsewhere(page, of(note, "Aktiviteter"), "<p>Som det var.</p>")
    editor = open_editor(page, note, "Aktiviteter")
    expect(editor).to_have_text("Som det var.")
    expect(page.get_by_text("Du havde skrevet noget, der ikke nåede at blive gemt.")).to_be_visible()
    page.get_by_role("button", name="Hent det").click()
    expect(editor).to_have_text("Skrevet i toget.")
    expect(page.locator("#saved")).to_contain_text("Som det var.")  # what was saved since is not overwritten


def test_what_was_saved_by_the_button_is_not_offered_again(visit):
    page, note = visit("center"), draft_of_the_demo()
    open_editor(page, note, "Aktiviteter").click()
    page.keyboard.type("Gemt med knappen. ")
    page.get_by_role("button", name="Gem afsnittet").click()
    expect(page.get_by_text("Afsnittet »Aktiviteter« er gemt.")).to_be_visible()
    open_editor(page, note, "Aktiviteter")
    expect(page.get_by_text("der ikke nåede at blive gemt")).to_be_hidden()


def test_session_that_ended_is_renewed_and_the_text_saved(visit):
    page, note = visit("center"), draft_of_the_demo()
    open_editor(page, note, "Aktiviteter").click()
    page.context.clear_cookies(name="session")
    page.keyboard.type("Efter pausen. ")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Brugernavn").fill("center")
    dialog.get_by_label("Adgangskode").fill("sikkerby")
    dialog.get_by_role("button", name="Log ind").click()
    expect_saved(page)
    assert "Efter pausen." in of(note, "Aktiviteter").html


def test_version_is_brought_back(visit):
    page, note = visit("center"), draft_of_the_demo()
    section = of(note, "Aktiviteter")
    save_elsewhere(page, section, "<p>Ganske andre ord.</p>")
    page.goto(section.get_absolute_url())
    page.get_by_role("link", name="Versioner").click()
    expect(page.locator("ins")).to_contain_text("Ganske andre ord.")
    page.locator("ol.parts a").last.click()
    page.get_by_role("button", name="Hent denne version").click()
    expect(page.get_by_text("Versionen er hentet frem igen.")).to_be_visible()
    section.refresh_from_db()
    assert section.html != "<p>Ganske andre ord.</p>"


def test_sections_are_dragged(visit):
    page, note = visit("center"), draft_of_the_demo()
    page.goto(note.get_absolute_url())
    before = [section.pk for section in note.sections.all()]
    handles = page.locator("#sections .handle")
    grip, target = handles.nth(2).bounding_box(), handles.nth(0).bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 5, target["y"] - 5, steps=5)
    with page.expect_navigation():
        page.mouse.up()
    assert [section.pk for section in note.sections.all()] == [before[2], before[0], before[1], *before[3:]]


def test_suggested_promise_is_accepted_on_a_phone(visit):
    page, note = visit("center", width=PHONE), draft_of_the_demo()
    open_editor(page, note, "Videre proces").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Kataloget følges op i efteråret 2031.")
    page.get_by_role("button", name="Notér som opfølgning Kataloget følges op i efteråret 2031").click()
    expect(page.get_by_text("er noteret som opfølgning.")).to_be_visible()
    assert note.follow_ups.get(promise__startswith="Kataloget følges op").due_precision == "season"


def test_what_is_kept_in_the_browser_goes_with_the_log_out(visit):
    page, note = visit("center"), draft_of_the_demo()
    open_editor(page, note, "Aktiviteter")
    page.evaluate("localStorage.setItem('afsnit:1:1', '{}'); localStorage.setItem('taster', 'fra')")
    page.get_by_role("button", name="Log ud").click()
    expect(page.get_by_label("Brugernavn")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == ["taster"]
