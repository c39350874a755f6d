"""A note is approved, issued with a doubt, taken with, and checked, in a real browser."""

import io
import re
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from reports.models import IssuedDocument, Note, PaperJob
from tests.browser.conftest import PHONE, TABLET

pytestmark = pytest.mark.django_db  # the tests look at what the server has committed
AXE = Axe()
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def draft_of_the_demo() -> Note:
    return Note.objects.get(status=Note.Status.DRAFT)


def no_complaints(page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = AXE.run(page, options=WCAG).response["violations"]
        assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]


def test_from_approval_to_a_checked_file(visit, tmp_path):
    note = draft_of_the_demo()
    office = visit("center")
    office.goto(f"/notater/{note.pk}/bilag/ny/")
    expect(office.get_by_label("PDF-fil")).to_be_visible()
    expect(office.get_by_role("textbox", name="År")).to_be_hidden()
    no_complaints(office)
    office.get_by_label("Titel").fill("Lukninger i 2025")
    office.get_by_label("ikke-planlagte lukkedage i et år").check()
    expect(office.get_by_label("PDF-fil")).to_be_hidden()
    office.get_by_role("textbox", name="År").fill("2025")
    office.get_by_role("button", name="Læg bilaget ved").click()
    expect(office.get_by_text("»Lukninger i 2025« er lagt ved som bilag.")).to_be_visible()
    note.refresh_from_db()
    process = note.sections.get(kind="process")
    process.html = "<p>Udvalget orienteres igen i februar 2013.</p>"
    process.save()
    office.get_by_role("button", name="Send til godkendelse").click()
    expect(office.get_by_text("Notatet er sendt til godkendelse.")).to_be_visible()

    approver = visit("godkender", width=TABLET)
    approver.get_by_role("link", name=re.compile("notat venter på dig")).click()
    approver.get_by_role("link", name=note.title, exact=True).click()
    approver.get_by_role("button", name="Godkend").click()
    expect(approver.get_by_text("Notatet er godkendt.")).to_be_visible()

    office.goto(f"/notater/{note.pk}/udsend/")
    office.get_by_label("Sagsnummer").fill("2026-0012345")
    office.get_by_label("Dokumentnummer").fill("2026-0012345-1")
    office.get_by_role("button", name="Udsend til udvalget").click()
    expect(office.get_by_role("link", name="Sæt kryds ved »Udsend alligevel«")).to_be_visible()
    no_complaints(office)
    office.get_by_label("Udsend alligevel").check()
    office.get_by_role("button", name="Udsend til udvalget").click()
    expect(office.get_by_text("kan ikke længere ændres")).to_be_visible()
    expect(office.get_by_text("»februar 2013«")).to_be_visible()
    no_complaints(office)
    document = IssuedDocument.objects.get(note=note)

    member = visit("udvalg", width=TABLET)
    member.goto(f"/notater/{note.pk}/")
    no_complaints(member)
    with member.expect_download() as download:
        member.get_by_role("link", name=re.compile("Hent PDF")).click()
    paper = download.value.path()
    assert download.value.suggested_filename == document.filename
    assert paper.read_bytes() == bytes(document.pdf)
    with member.expect_download() as download:
        member.get_by_role("link", name="Pakke til dagsordenen").click()
    package = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert package.read(document.filename) == paper.read_bytes()
    assert package.namelist()[-1].endswith("- samlet.pdf")

    member.get_by_role("link", name="Kontrollér, om en PDF-fil er den udsendte").click()
    member.get_by_label("PDF-fil").set_input_files(paper)
    member.get_by_role("button", name="Kontrollér filen").click()
    expect(member.get_by_role("heading", name=re.compile("Uændret, udsendt"))).to_be_visible()
    no_complaints(member)
    changed = tmp_path / "notat.pdf"
    changed.write_bytes(paper.read_bytes() + b"\n")
    member.get_by_label("PDF-fil").set_input_files(changed)
    member.get_by_role("button", name="Kontrollér filen").click()
    expect(member.get_by_role("heading", name="Ikke identisk med det udsendte dokument")).to_be_visible()
    member.get_by_role("link", name="find det ved filen eller ved koden på papiret").click()
    member.get_by_label("Kode").fill(document.code.lower())
    member.get_by_role("button", name="Find notatet").click()
    expect(member.get_by_text(f"som dokument nr. {document.number} med koden {document.code}")).to_be_visible()


def test_pages_of_a_long_draft_are_waited_for_without_javascript_too(visit):
    """No worker runs here: the page says that it waits, and later that the pages are there."""
    note = Note.objects.filter(status=Note.Status.ISSUED).first()
    draft = Note.objects.create(
        **{name: getattr(note, name) for name in ("template", "committee", "sender", "unit", "date")},
        title="Et langt notat",
        written_by=note.written_by,
    )
    page = visit("center", width=PHONE, java_script_enabled=False)
    page.goto(f"/notater/{draft.pk}/sider/")
    page.get_by_role("button", name="Lav siderne").click()
    expect(page.get_by_text("Venter på at komme til.")).to_be_visible()
    job = PaperJob.objects.get(note=draft)
    job.end(PaperJob.State.FAILED, error="Papiret kunne ikke sættes op på 20 sekunder og er ikke lavet.")
    page.get_by_role("link", name="Genindlæs siden").click()
    expect(page.get_by_role("heading", name="Siderne kunne ikke laves")).to_be_visible()
    page.get_by_role("button", name="Prøv igen").click()
    expect(page.get_by_text("Venter på at komme til.")).to_be_visible()
