"""A note is approved, issued with a doubt, taken with, and checked, in a real browser."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from reports.models import IssuedDocument, Note, PaperJob
from tests.browser.conftest import PHONE, TABLET
from tests.browser.test_every_page import complaints_of

pytestmark = pytest.mark.django_db  # the tests look at what the server has committed


def draft_of_the_demo() -> Note:
    return Note.objects.get(status=Note.Status.DRAFT)


def no_complaints(page) -> None:
    assert complaints_of(page) == []


def test_pages_of_a_long_draft_are_waited_for_without_javascript_too(visit):
    """No worker runs here: the page says that it waits, however often it is looked at."""
    note = draft_of_the_demo()
    for page in (visit("center", width=PHONE, java_script_enabled=False), visit("godkender")):
        page.goto(f"/notater/{note.pk}/sider/")
        page.get_by_role("button", name="Lav siderne").click()
        expect(page.get_by_text("Venter på at komme til.")).to_be_visible()
        page.get_by_role("link", name="Genindlæs siden").click()
        expect(page.get_by_text("Venter på at komme til.")).to_be_visible()
    no_complaints(page)
    assert PaperJob.objects.filter(note=note).count() == 1


def test_from_approval_to_a_checked_file(visit, tmp_path):
    note = draft_of_the_demo()
    office = visit("center")
    office.goto(f"/notater/{note.pk}/bilag/ny/")
    expect(office.get_by_label("PDF-fil (frivilligt)")).to_be_visible()
    expect(office.get_by_role("textbox", name="År")).to_be_hidden()
    no_complaints(office)
    office.get_by_role("textbox", name="Titel").fill("Lukninger i 2025")
    office.get_by_label("ikke-planlagte lukkedage i et år").check()
    expect(office.get_by_label("PDF-fil (frivilligt)")).to_be_hidden()
    office.get_by_role("textbox", name="År").fill("2025")
    office.get_by_role("button", name="Læg bilaget ved").click()
    expect(office.get_by_text("»Lukninger i 2025« er lagt ved som bilag.")).to_be_visible()
    plain = visit("center", java_script_enabled=False)
    plain.goto(note.sections.get(kind="process").get_absolute_url())
    plain.get_by_label("Tekst").fill("Udvalget orienteres igen i februar 2013.")
    plain.get_by_role("button", name="Gem afsnittet").click()
    office.goto(f"/notater/{note.pk}/")
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
    expect(office.get_by_role("link", name="Sæt flueben ved »Udsend alligevel«")).to_be_visible()
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
