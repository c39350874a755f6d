"""A whole year's count, as six people: the office opens it, reminders go out, three leaders and a contact answer, the
office closes it, corrects a closure of it afterwards, and sees both figures."""

import re
import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from playwright.sync_api import Page, expect
from post_office.models import Email

from closures.models import AnnualReturn, Closure, Leadership, YearlyAccount
from closures.tasks import follow_counts
from sikkerby.demo import PASSWORD
from sikkerby.models import User
from tests.browser.conftest import PHONE

DEMO_DAY = date.today()  # noqa: DTZ011 – the day that the demo is loaded on, as its clock says
YEAR = DEMO_DAY.year
OPENING = max(date(YEAR, 12, 3), DEMO_DAY + timedelta(days=1))
ANSWER_BY, LATE = date(YEAR + 1, 1, 31), date(YEAR + 1, 2, 8)


@pytest.fixture
def clock():
    """Move the clock of the server, which runs in this process, to the morning of a day."""
    travelled = []

    def go_to(day: date) -> None:
        if travelled:
            travelled.pop().stop()
        at = datetime.combine(day, time(9, 30), ZoneInfo("Europe/Copenhagen"))
        travelled.append(time_machine.travel(at, tick=True))
        travelled[-1].start()

    yield go_to
    if travelled:
        travelled.pop().stop()


def beside_the_test(act: Callable) -> object:
    """What a job or another person does, by a connection of its own, so that the server sees it at once."""
    results, errors = [], []

    def run():
        try:
            results.append(act())
        except Exception as error:  # noqa: BLE001 – raised again below
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def letters_to(username: str) -> list[str]:
    address = User.objects.get(username=username).email
    return [each.subject for each in Email.objects.filter(to=address, message__contains=f"/indberetning/{YEAR}/")]


def leader_of(name: str) -> str:
    """The leader's user name, with a password that the test knows."""
    user = Leadership.objects.get(institution__name=name).user
    user.set_password(PASSWORD)
    user.save()
    return user.username


def settle_what_hinders(account: YearlyAccount) -> int:
    """What the office does at its queue, closure by closure; how many there were."""
    office = User.objects.get(username="center")
    hindering = list(account.hindering())
    for closure in hindering:
        if closure.last_day is None:
            closure.end(last_day=closure.first_day, last_part=Closure.LastPart.WHOLE, by=office, today=LATE)
        if closure.status in Closure.UNREVIEWED:
            closure.review(by=office)
        elif closure.correction_asked:
            closure.decline_correction("Det står rigtigt.", by=office)
    return len(hindering)


def answer_all(page: Page) -> None:
    page.get_by_role("link", name=re.compile(f"mangler at svare for {YEAR}")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Indberetning for {YEAR}")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_text(f"har svaret for {YEAR}").first).to_be_visible()


def test_whole_year(visit, clock):
    clock(OPENING)
    office = visit("center")
    office.get_by_role("link", name=f"årsopgørelse for {YEAR} kan åbnes").click()
    office.get_by_label("Svarfrist").fill(ANSWER_BY.isoformat())
    office.get_by_role("button", name="Åbn årsopgørelsen, og spørg alle").click()
    expect(office.get_by_text("0 af 40 har svaret")).to_be_visible()
    expect(office.get_by_text(f"{YEAR} er ikke slut.")).to_be_visible()

    for _ in range(2):
        beside_the_test(lambda: follow_counts(0))
    said = f"Årsopgørelsen for {YEAR} er åbnet: Svar senest den 31. januar {YEAR + 1}"
    assert beside_the_test(lambda: letters_to("leder")) == [said]
    assert beside_the_test(lambda: letters_to("kontakt")) == [said]  # for the one that nobody leads

    leader = visit("leder", width=PHONE)
    answer_all(leader)
    expect(leader.get_by_text("Alle dine institutioner har svaret")).to_be_visible()
    for name in ("Biblioteket på Pladsen", "Værestedet Lanternen"):
        answer_all(visit(beside_the_test(lambda: leader_of(name)), width=PHONE))  # noqa: B023 – run at once

    clock(LATE)
    beside_the_test(lambda: follow_counts(0))
    assert len(beside_the_test(lambda: letters_to("leder"))) == 1  # has answered
    late = f"Fristen er udløbet: Svar for {YEAR}"
    assert beside_the_test(lambda: letters_to("kontakt")) == [said, late]
    contact = visit("kontakt")
    contact.get_by_role("link", name=re.compile(f"mangler at svare for {YEAR}")).click()
    contact.get_by_role("button", name=re.compile("Vælg alle")).click()
    assert all(box.is_checked() for box in contact.get_by_role("checkbox").all())
    contact.get_by_role("button", name="Bekræft nulindberetning").click()
    expect(contact.get_by_text("bekræftet af forvaltningen").first).to_be_visible()
    answers = beside_the_test(lambda: AnnualReturn.objects.filter(year=YEAR).counted())
    assert answers.confirmed == answers.nil - beside_the_test(nil_by_leaders) > 0

    office = visit("center")
    office.get_by_role("link", name=f"{answers.answered} af 40 har svaret").click()
    expect(office.get_by_text("skal først gøres færdig")).to_be_visible()
    assert beside_the_test(lambda: settle_what_hinders(YearlyAccount.objects.get(year=YEAR))) > 0
    office.reload()
    expect(office.get_by_text("Den kan afsluttes nu.")).to_be_visible()
    office.get_by_role("link", name="Afslut årsopgørelsen").click()
    office.get_by_role("checkbox", name=re.compile(f"accepterer, at {answers.missing} institutioner")).check()
    office.get_by_role("button", name="Afslut årsopgørelsen").click()
    expect(office.get_by_text(f"Årsopgørelsen for {YEAR} er afsluttet, og tallene ligger fast.")).to_be_visible()

    put_to_the_committee = total_of(office)
    correct_a_closure(office)
    office.goto(f"/lukninger/opgoerelse/{YEAR}/")
    expect(office.get_by_role("heading", name="Ændret efter årsopgørelsen")).to_be_visible()
    expect(office.get_by_role("columnheader", name="Forelagt udvalget")).to_be_visible()
    expect(office.get_by_role("columnheader", name="Opgjort i dag")).to_be_visible()
    whole = office.locator("dl.facts dd").first
    expect(whole).to_contain_text(put_to_the_committee)
    expect(whole).to_contain_text("i dag")


def nil_by_leaders() -> int:
    return AnnualReturn.objects.filter(year=YEAR, answer="none", confirmed_by_administration=False).count()


def total_of(page: Page) -> str:
    """What the year's page says of all closed days: 94,5"""
    page.goto(f"/lukninger/opgoerelse/{YEAR}/")
    return re.search(r"[\d.]+,\d", page.locator("dl.facts dd").first.inner_text())[0]


def correct_a_closure(page: Page) -> None:
    """One that counted a whole day or more counts half a day less, or one more day's half."""
    closure = beside_the_test(
        lambda: Closure.objects.filter(
            status=Closure.Status.REVIEWED, first_day__year=YEAR, half_days__gte=2, first_part=Closure.FirstPart.WHOLE
        ).first()
    )
    page.goto(closure.get_absolute_url())
    page.get_by_role("link", name="Ret efter gennemgang").click()
    expect(page.get_by_text(f"Årsopgørelsen for {YEAR} er afsluttet.")).to_be_visible()
    page.get_by_role("radio", name="kun sidste del (lukkede før tid)").check()
    page.get_by_label(re.compile("^(Begrundelse|Hvorfor)")).fill("De lukkede først midt på dagen.")
    page.get_by_role("button", name="Gem rettelsen").click()
    expect(page.get_by_text("efter årsopgørelsen").first).to_be_visible()
