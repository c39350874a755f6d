"""The main job, end to end, as five people in one go: a leader registers a closure on a phone, the office reviews it
and writes the status note, another approves it, it is issued, and a member of the committee downloads the PDF."""

import re
import subprocess

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TABLET

TITLE = "Statusnotat om indsatsområde 4"
BLOCK = {
    "Sagsnummer": "2013-0184482",
    "Dokumentnummer": "2013-0184482-9",
    "Sagsbehandler": "Sekretariatet",
    "Enhed": "Center for Sikker By",
    "Adresse": "Københavns Rådhus\n1599 København V",
    "Nummer": "00 00 00 00",
    "E-mail": "center@sikkerby.example",
    "EAN-nummer": "5798009800077",
}


def register_on_a_phone(page: Page) -> str:
    """The number of the closure, as the receipt says it."""
    page.get_by_role("link", name="Registrér lukning").first.click()
    page.get_by_role("radio", name="Lærkevejens Skole").check()
    page.get_by_role("radio", name=re.compile("Driftsforstyrrelse")).check()
    page.get_by_label("Første dag", exact=True).fill("2026-03-02")
    page.get_by_label("Sidste dag", exact=True).fill("2026-03-03")
    page.get_by_role("radio", name="kun sidste del (lukkede før tid)").check()
    expect(page.get_by_text("Tæller 1½ dag: mandag (sidste del), tirsdag.")).to_be_visible()
    page.get_by_role("radio", name="uro i området").check()
    page.get_by_role("button", name="Kontrollér og send").click()
    page.get_by_role("button", name="Send", exact=True).click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("LUK-")
    expect(page.get_by_text("Hvad sker der nu?")).to_be_visible()
    number = re.search(r"LUK-\d+-\d+", heading.inner_text())[0]
    page.get_by_role("link", name="Se lukningen").click()
    expect(heading).to_contain_text(number)
    return number


def review(page: Page, number: str) -> None:
    """Through the queue, oldest first, to the one that was just registered."""
    page.get_by_role("link", name="venter på gennemgang").click()
    heading = page.get_by_role("heading", level=1)
    while number not in heading.inner_text():
        page.get_by_role("link", name="Næste").click()
    page.get_by_role("button", name="Gennemgået").click()
    expect(page.get_by_text(f"{number} er gennemgået")).to_be_visible()


def write_note(page: Page) -> None:
    page.goto("/notater/ny/")
    page.get_by_label("Skabelon", exact=True).select_option(label="statusnotat")
    page.get_by_label("Til", exact=True).select_option(label="Økonomiudvalget")
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Dato").fill("2013-08-20")
    for label, text in BLOCK.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_role("button", name="Opret udkast").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    for heading, text in (
        ("Baggrund", "Indsatsområdet handler om stabil drift."),
        ("Aktiviteter", "Der er fem aktiviteter i gang."),
        ("Videre proces", "Den næste opgørelse gælder 2013."),
    ):
        page.get_by_role("link", name=heading, exact=True).click()
        page.locator("[contenteditable=true]").click()  # the editor, when it has taken the place of the raw text
        page.keyboard.type(text)
        page.get_by_role("button", name="Gem afsnittet").click()
        expect(page.get_by_text(f"Afsnittet »{heading}« er gemt.")).to_be_visible()
    page.get_by_role("link", name="Mål", exact=True).click()
    focus_area = page.locator("option", has_text="Indsatsområde 4")
    page.get_by_label("Princip").select_option(value=focus_area.get_attribute("value"))
    page.get_by_role("button", name="Gem afsnittet").click()
    expect(page.get_by_text("Afsnittet »Mål« er gemt.")).to_be_visible()


def text_of(pdf: bytes) -> str:
    """What the PDF says, in the order in which it is read."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_main_job(visit):
    leader = visit("leder", width=PHONE)
    number = register_on_a_phone(leader)

    office = visit("center")
    review(office, number)
    leader.reload()
    expect(leader.get_by_text("gennemgået").first).to_be_visible()

    write_note(office)
    office.get_by_role("button", name="Send til godkendelse").click()
    expect(office.get_by_text("Notatet er sendt til godkendelse.")).to_be_visible()

    approver = visit("godkender", width=TABLET)
    approver.goto("/notater/?venter=on")
    approver.get_by_role("link", name=TITLE).first.click()
    approver.get_by_role("button", name="Godkend").click()
    expect(approver.get_by_text("Notatet er godkendt.")).to_be_visible()

    office.reload()
    office.get_by_role("link", name="Udsend til udvalget").click()
    office.get_by_label("Udsend alligevel").check()  # some sections are empty, and are left out
    office.get_by_role("button", name="Udsend til udvalget").click()
    expect(office.get_by_text("kan ikke længere ændres")).to_be_visible()

    member = visit("udvalg", width=TABLET)
    with member.expect_download() as download:
        member.get_by_role("link", name=re.compile(f"Hent som PDF {TITLE}")).click()
    assert download.value.suggested_filename == f"2013-08-20 {TITLE}.pdf"
    pdf = download.value.path().read_bytes()

    text = text_of(pdf)
    for wanted in ("662,5", " 13 ", "Sagsnr. 2013-0184482", "Dokumentnr. 2013-0184482-9", "5798009800077"):
        assert wanted in text, wanted
    in_order = (
        "Til Økonomiudvalget",
        TITLE,
        "Baggrund",
        "Mål",
        "Aktiviteter",
        "Ikke-planlagte lukkedage",
        "Videre proces",
    )
    places = [text.index(heading) for heading in in_order]
    assert places == sorted(places)
