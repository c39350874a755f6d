"""A note is written in a real browser: with the editor under the strict policy, and without it."""

import pytest
from playwright.sync_api import expect

from reports.models import Note
from tests.browser.conftest import PHONE, TABLET

pytestmark = pytest.mark.django_db  # the tests look at what the server has committed
EDITOR_SPEAKS = ["Mellemoverskrift", "Punktopstilling", "Nummereret liste", "Citat", "Fed", "Kursiv", "Indsæt link"]


def draft_of_the_demo() -> Note:
    return Note.objects.get(status=Note.Status.DRAFT)


def open_section(page, note, heading):
    page.goto(f"/notater/{note.pk}/")
    page.get_by_role("link", name=heading, exact=True).click()


def open_editor(page, note, heading):
    open_section(page, note, heading)
    return editor_on(page)


def editor_on(page):
    """Until the editor's buttons are there, the plain field answers to its name."""
    expect(page.get_by_role("button", name="Fed", exact=True)).to_be_visible()
    return page.get_by_role("textbox", name="Tekst")


def test_text_is_written_as_in_a_word_processor(visit):
    page, note = visit("center"), draft_of_the_demo()
    editor = open_editor(page, note, "Aktiviteter")
    for name in EDITOR_SPEAKS:
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    editor.click()
    page.get_by_role("button", name="Fed", exact=True).click()
    page.keyboard.type("Kataloget")
    page.get_by_role("button", name="Fed", exact=True).click()
    page.keyboard.type(" er sendt ud.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Punktopstilling").click()
    page.keyboard.type("til alle skoler")
    page.get_by_role("button", name="Gem afsnittet").click()
    expect(page.get_by_text("Afsnittet »Aktiviteter« er gemt.")).to_be_visible()
    assert note.sections.get(heading="Aktiviteter").html == (
        "<p><strong>Kataloget</strong> er sendt ud.</p><ul><li><p>til alle skoler</p></li></ul>"
    )
    paper = page.frame_locator("iframe")
    expect(paper.get_by_role("listitem").filter(has_text="til alle skoler")).to_be_visible()


def test_the_editors_own_style_is_the_one_the_policy_names(visit):
    """Tiptap injects one <style>. Were its hash another, the console would say so, and `visit` fail the test."""
    page, note = visit("center"), draft_of_the_demo()
    editor = open_editor(page, note, "Baggrund")
    expect(page.locator("style[data-tiptap-style]")).to_have_count(1)
    assert editor.evaluate("e => getComputedStyle(e).whiteSpace") == "break-spaces"


def test_leaving_unsaved_text_is_warned_about(visit):
    page, note = visit("center"), draft_of_the_demo()
    open_editor(page, note, "Baggrund").click()
    page.keyboard.type("Mere ")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Tilbage til notatet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(note.title)
    assert asked == ["beforeunload"]


def test_everything_is_done_without_javascript(visit):
    page, note = visit("center", java_script_enabled=False), draft_of_the_demo()
    open_section(page, note, "Baggrund")
    page.get_by_label("Tekst").fill("Første afsnit.\n\nAndet afsnit.")
    page.get_by_role("button", name="Gem afsnittet").click()
    assert note.sections.get(heading="Baggrund").html == "<p>Første afsnit.</p><p>Andet afsnit.</p>"
    before = [section.heading for section in note.sections.all()]
    page.get_by_role("button", name="Op Baggrund").click()
    after = [section.heading for section in note.sections.all()]
    assert after == [before[1], before[0], *before[2:]]
    page.get_by_role("button", name="Ned Baggrund").click()
    assert [section.heading for section in note.sections.all()] == before


@pytest.mark.parametrize("width", [PHONE, TABLET])
def test_the_paper_fits_the_screen_of_a_member(visit, width):
    page = visit("udvalg", width=width)
    page.goto("/notater/")
    page.get_by_role("link", name="Statusnotat for Sikker Bys 4. indsatsområde", exact=True).click()
    expect(page.frame_locator("iframe").get_by_text("662,5").first).to_be_visible()
    for frame in page.frames:
        assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
