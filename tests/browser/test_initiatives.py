"""A contributor brings an initiative up to date and proposes a practice; the office orders the table. With and without
JavaScript, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from initiatives.models import Initiative, Principle
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db  # the tests look at what the server has committed


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_contributor_finds_the_own_initiative_and_writes_its_status(visit, width, scripts):
    page = visit("forvaltning", width=width, java_script_enabled=scripts)
    page.goto("/indsatser/")
    filters = page.locator("form.filters")
    filters.get_by_label("Forvaltning").select_option("KFF")
    if not scripts:
        filters.get_by_role("button", name="Vis").click()
    expect(page.locator(".result-count")).to_have_text("8 indsatser")
    filters.get_by_label("Søg").fill("aftenværter")
    if not scripts:
        filters.get_by_role("button", name="Vis").click()
    expect(page.locator(".result-count")).to_have_text("1 indsats")
    expect(page).to_have_url(re.compile("q=aftenv%C3%A6rter.*forvaltning=KFF"))
    page.get_by_role("link", name="Aftenværterne (15-24 teamet)").click()
    page.get_by_role("link", name="Skriv status").click()
    text = f"Holdet er fuldtalligt, set ved {width} punkter {'med' if scripts else 'uden'} scripts."
    page.get_by_label("grøn: går som planlagt").check()
    page.get_by_label("Tekst").fill(text)
    page.get_by_role("button", name="Gem status").click()
    expect(page.get_by_text("Statusopdateringen er gemt og står nu øverst.")).to_be_visible()
    expect(page.locator(".updates > li").first).to_contain_text(text)


def test_what_is_wrong_is_said_first_and_led_to(visit):
    page = visit("forvaltning")
    page.goto("/indsatser/ny/")
    page.get_by_label("Navn").fill("Ny indsats")
    page.get_by_label("Alder fra").fill("17,3")
    page.get_by_role("button", name="Opret indsatsen").click()
    summary = page.get_by_role("alert").filter(has_text="Der er problemer")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Alderen skal være i hele eller halve år, for eksempel 17,5.")
    summary.get_by_role("link", name=re.compile("Giv din egen forvaltning en rolle.")).click()
    role = page.get_by_label("Kultur- og Fritidsforvaltningen")
    expect(role).to_be_focused()
    role.select_option("ansvarlig")
    page.get_by_label("Alder fra").fill("17,5")
    page.get_by_role("button", name="Opret indsatsen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ny indsats")
    expect(page.locator(".facts")).to_contain_text("fra 17½ år")
    assert Initiative.objects.get(name="Ny indsats").carriers_text == "KFF"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_office_moves_a_row_of_the_table(visit, scripts):
    page = visit("center", java_script_enabled=scripts)
    page.goto("/strategi/2022-2025/fagprincip-5/")
    names = page.locator(".entries h3")
    first, second = names.nth(0).inner_text(), names.nth(1).inner_text()
    page.get_by_role("button", name=re.compile(f"^Op.*{re.escape(second)}")).click()
    expect(names.nth(0)).to_have_text(second)
    expect(names.nth(1)).to_have_text(first)
    page.goto("/strategi/2022-2025/")
    row = page.get_by_role("row").filter(has_text="Fagprincip 5")
    expect(row.get_by_role("link").nth(1)).to_have_text(second)
    principle = Principle.objects.get(strategy__slug="2022-2025", slug="fagprincip-5")
    assert [entry.initiative.name for entry in principle.entries.for_table()[:2]] == [second, first]


def test_a_proposal_waits_for_the_office(visit):
    page = visit("forvaltning", width=PHONE)
    page.goto("/katalog/")
    page.get_by_role("link", name="Foreslå et eksempel").click()
    page.get_by_label("Titel").fill("Åbent bibliotek om aftenen")
    page.get_by_label("Kort fortalt").fill("Biblioteket er bemandet til kl. 22.")
    page.get_by_label("Nørrebro").check()
    page.get_by_role("button", name="Send forslaget").click()
    expect(page.get_by_text("Center for Sikker By ser på det og beslutter, om det optages.")).to_be_visible()
    office = visit("center")
    office.get_by_role("link", name=re.compile("forslag til best practice")).click()
    expect(office.locator("#results")).to_contain_text("Åbent bibliotek om aftenen")
    member = visit("udvalg")
    member.goto("/katalog/?q=bibliotek")
    expect(member.locator("#results")).not_to_contain_text("Åbent bibliotek om aftenen")
