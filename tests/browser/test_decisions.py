"""The office puts a note on two committees' agendas and records what each decided, over ranges of points."""

import pytest
from playwright.sync_api import expect

from reports.models import AgendaItem, Committee, Decision, Note
from sikkerby.models import User
from tests.browser.conftest import PHONE
from tests.factories import make_note

pytestmark = pytest.mark.django_db  # the tests look at what the server has committed


@pytest.fixture(scope="module", autouse=True)
def issued_with_points(site, django_db_blocker) -> None:
    """Three to the Økonomiudvalg, with three points each. Committed before the tests begin, for the server to see."""
    with django_db_blocker.unblock():
        office, approver = User.objects.get(username="center"), User.objects.get(username="godkender")
        committee = Committee.objects.get(abbreviation="ØU")
        for number, title in enumerate(("Lys i parkerne", "Lys i havnen", "Opgørelse for 2013"), start=1):
            named = {"title": title, "document_number": f"2013-0184483-{number}"}
            note = make_note(committee=committee, written_by=office, **named)
            note.set_points(["at planen drøftes", "at planen godkendes", "at der afsættes midler"])
            note.submit(by=office)
            note.approve(by=approver)
            note.issue(by=office)


def new_meeting(page, abbreviation: str, day: str) -> None:
    page.goto(Committee.objects.get(abbreviation=abbreviation).get_absolute_url())
    page.get_by_role("link", name="Opret møde").click()
    page.get_by_label("Dato").fill(day)
    page.get_by_role("button", name="Gem mødet").click()
    expect(page.get_by_text("Mødet er oprettet.")).to_be_visible()


@pytest.mark.parametrize(
    ("scripts", "title", "month"), [(True, "Lys i parkerne", "august"), (False, "Lys i havnen", "september")]
)
def test_two_committees_decide_over_ranges(visit, scripts, title, month):
    page, note = visit("center", java_script_enabled=scripts), Note.objects.get(title=title)
    number = {"august": "08", "september": "09"}[month]
    new_meeting(page, "ØU", f"2013-{number}-27")
    page.get_by_role("link", name="Sæt et notat på dagsordenen").click()
    page.get_by_label("Notat", exact=True).select_option(str(note.pk))
    page.get_by_label("Punkt på dagsordenen").fill("4")
    page.get_by_role("button", name="Sæt på dagsordenen").click()
    expect(page.get_by_role("heading", name=f"Punkt 4. {title}")).to_be_visible()

    new_meeting(page, "SUD", f"2013-{number}-28")
    page.goto(note.get_absolute_url())
    page.get_by_role("link", name="Behandles også i …").click()
    page.get_by_label("Udvalg").select_option(label="Socialudvalget")
    page.get_by_label("Møde").select_option(label=f"Socialudvalget, 28. {month} 2013")
    page.get_by_role("button", name="Sæt på dagsordenen").click()
    expect(page.get_by_text("Venter", exact=True)).to_have_count(2)

    page.get_by_role("link", name="Notér beslutning fra Økonomiudvalget").click()
    first = page.get_by_role("group", name="1. beslutning")
    first.get_by_label("Fra at-punkt").fill("1")
    first.get_by_label("Beslutning").select_option(label="drøftet og derefter taget til efterretning")
    page.get_by_text("2. beslutning", exact=True).first.click()
    second = page.get_by_role("group", name="2. beslutning")
    second.get_by_label("Fra at-punkt").fill("1")
    second.get_by_label("Til at-punkt").fill("3")
    second.get_by_label("Beslutning").select_option(label="godkendt")
    second.get_by_label("Afstemning").fill("For stemte 9, imod stemte 2.")
    page.get_by_role("button", name="Notér beslutningen").click()
    expect(page.locator(".error-summary")).to_contain_text("1. at-punkt står i 1. beslutning.")
    assert not Decision.objects.filter(note=note).exists()

    second.get_by_label("Fra at-punkt").fill("2")
    page.get_by_role("button", name="Notér beslutningen").click()
    minutes = page.locator(".minutes")
    expect(minutes).to_contain_text(f"Økonomiudvalgets beslutning den 27. {month} 2013, punkt 4:")
    expect(minutes).to_contain_text("1. at-punkt blev drøftet og derefter taget til efterretning.")
    expect(minutes).to_contain_text("2.–3. at-punkt blev godkendt.")
    expect(page.get_by_text("Behandlet", exact=True)).to_have_count(1)
    expect(page.get_by_text("Alle udvalg har behandlet notatet.")).to_have_count(0)

    page.get_by_role("link", name="Notér beslutning fra Socialudvalget").click()
    page.get_by_label("Beslutning").first.select_option(label="tiltrådt")
    page.get_by_role("button", name="Notér beslutningen").click()
    expect(page.get_by_text("Alle udvalg har behandlet notatet.")).to_be_visible()
    assert not [item for item in AgendaItem.objects.filter(note=note) if not item.is_done()]


def test_a_promise_is_kept_by_a_note(visit):
    page, note = visit("center", width=PHONE), Note.objects.get(title="Opgørelse for 2013")
    page.goto("/opfoelgninger/")
    row = page.get_by_role("row").filter(has_text="Opgørelse af ikke-planlagte lukkedage i 2013")
    expect(row.get_by_text("Overskredet")).to_be_visible()
    row.get_by_role("link", name="Afslut").click()
    page.get_by_label("Notat, som indfrier løftet").select_option(str(note.pk))
    page.get_by_role("button", name="Afslut opfølgningen").click()
    expect(page.get_by_text("er afsluttet.")).to_be_visible()
    kept = page.get_by_role("row").filter(has_text="Opgørelse af ikke-planlagte lukkedage i 2013")
    expect(kept.get_by_role("link", name=note.title)).to_be_visible()
    kept.get_by_role("button", name="Åbn igen").click()
    expect(page.get_by_text("udestår igen.")).to_be_visible()
