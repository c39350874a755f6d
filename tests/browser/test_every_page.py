"""Every page, as those who may open it, read by axe (WCAG 2.2 AA) at 320 and 1280 px, in light and in dark, with its
form refused as well. Pages are found as a person finds them: by following links from the front page."""

import re
from collections import Counter
from datetime import date
from html import unescape
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from closures.models import Closure, Institution, OpeningHours, PlannedClosing
from initiatives.models import Evaluation, Funding, Milestone, Target
from reports.models import Committee, Note
from sikkerby.models import User
from sikkerby.permissions import Act
from tests.factories import make_note
from tests.test_permissions import OURS

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Without preload: to read a sheet that another imports, axe itself writes a <style>, which our policy refuses.
# Nor does it look into the frames: the papers in them run no script. tests/reports/test_pdf.py judges those.
OPTIONS = {
    "runOnly": {"type": "tag", "values": WCAG},
    "preload": False,
    "iframes": False,
    "resultTypes": ["violations"],
}
AXE = Axe().axe_script
# What passed is left in the browser: to hand it over takes as long as to find it.
RUN = "async options => (await axe.run(document, options)).violations"
NOT_A_PAGE = ("/log-ud/", "/pdf/", "udkast.pdf", ".zip", "/static/", "format=", "mailto:", "/papir/")
# Of Django's own administration pages the overview, a list and a form stand for the rest.
ADMINISTRATION = (
    "/adgangslog/",
    "/administration/",
    "/administration/sikkerby/user/",
    "/administration/sikkerby/user/add/",
)


# Each page at both widths and in both schemes; those that others open too are then seen in the other two ways.
BY_THE_OFFICE = ((320, "light"), (1280, "dark"))
BY_OTHERS = ((320, "dark"), (1280, "light"))


def complaints_of(page: Page, ways=BY_THE_OFFICE + BY_OTHERS) -> list[str]:
    """What axe finds, in each of the ways the page can be seen, without loading it anew."""
    found = []
    page.evaluate(AXE)
    for width, scheme in ways:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [
            f"{page.url} {width}px {scheme}: {violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
            for violation in page.evaluate(RUN, OPTIONS)
        ]
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            found.append(f"{page.url} {width}px: {overflow}px wider than the screen")
    return found


def route_of(address: str) -> str | None:
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    return match.view_name


def routes_of_pages() -> set[str]:
    """Every route that answers a GET with a page of ours, so that none is forgotten when links change."""
    return {
        address.name
        for address in OURS
        if "GET" in address.view.methods and address.view.act != Act.CHECK_HEALTH and address.name not in NO_PAGES
    }


@pytest.fixture(scope="module", autouse=True)
def what_the_demo_leaves_out(site, django_db_blocker) -> None:
    """A note for approval and one that is approved, an item that is not decided on, a former name, and an institution
    with a closed day of its own. Committed before the tests begin, for the server to see."""
    with django_db_blocker.unblock():
        add_what_the_demo_leaves_out()


def add_what_the_demo_leaves_out() -> None:
    office, approver = User.objects.get(username="center"), User.objects.get(username="godkender")
    for approved in (False, True):
        committee = Committee.objects.get(abbreviation="ØU")
        note = make_note(written_by=office, committee=committee, document_number="")
        note.submit(by=office)
        if approved:
            note.approve(by=approver)
    committee.names.create(name="Magistraten", ends=date(1937, 12, 31))
    issued = Note.objects.issued().order_by("date").last()
    committee.meetings.create(day=date(2013, 8, 27)).put(issued, number="4")
    Institution.objects.first().planned_closings.create(
        first_day=date(2026, 12, 23), last_day=date(2026, 12, 23), reason="Lukkedag"
    )


def starts() -> list[str]:
    """The front page, a search, and one page of each kind that others of its kind do not link from."""
    things = [
        *(Note.objects.filter(status=status).first() for status in Note.Status.values),
        *(part.objects.filter(initiative__isnull=False).first().initiative for part in PARTS_OF_INITIATIVES),
        PlannedClosing.objects.filter(institution__isnull=False).first().institution,
        OpeningHours.objects.first().institution,
        Closure.objects.filter(status=Closure.Status.AWAITING).first(),
        Closure.objects.filter(status=Closure.Status.RETURNED).first(),
        Closure.objects.filter(correction_asked=True).first(),
    ]
    return ["/", "/soeg/?q=uro", *(thing.get_absolute_url() for thing in things)]


PARTS_OF_INITIATIVES = (Milestone, Funding, Target, Evaluation)


def pages_from(page: Page, starts: list[str]) -> dict[str, str]:
    """One address for each route that can be reached by links from here. Of each route several pages are searched for
    links, for a draft leads to other pages than an issued note. In the browser's session, but by the quicker client."""
    client = Client()
    client.cookies.load({each["name"]: each["value"] for each in page.context.cookies()})
    found, seen, searched, waiting = {}, set(starts), Counter(), list(starts)
    while waiting:
        address = waiting.pop(0)
        route = route_of(address)
        if route is None or route.startswith("admin:") or searched[route] >= SEARCHED_OF_EACH:
            continue
        searched[route] += 1
        response = client.get(address, follow=True)
        assert response.status_code == 200, f"{address} answered {response.status_code}"
        found.setdefault(route, address)
        for link in re.findall(r'<a[^>]* href="(/[^"#]*)', response.content.decode()):
            link = unescape(link)
            if link not in seen and not any(each in link for each in NOT_A_PAGE):
                seen.add(link)
                waiting.append(link)
    return found


def refuse_forms(page: Page) -> bool:
    """Send the page's form as empty as it can be; whether it was refused, and the errors are on show."""
    form = page.locator("main form[method=post][data-guard]").first
    if not form.count():
        return False
    form.evaluate("""form => {
        form.noValidate = true;
        for (const field of form.elements) {
            if (["text", "date", "email", "textarea"].includes(field.type)) field.value = "";
            if (field.type === "select-one") field.selectedIndex = 0;
        }
        form.removeAttribute("hx-post");
    }""")
    with page.expect_navigation():
        form.evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    return page.locator(".error-summary").count() > 0


SEARCHED_OF_EACH = 6
NO_PAGES = {
    *("closures:closure_count", "reports:pdf", "reports:draft_pdf", "reports:appendix_pdf", "reports:preview"),
    *("reports:agenda_package", "reports:journal_package", "reports:appendix_draft_pdf"),
    *("reports:pages", "reports:paper_job", "reports:paper_job_pdf"),  # of long papers: test_issuing.py
    "reports:meeting_package",
    *("closures:half_days", "closures:import_template"),
    *("reports:card_pdf", "reports:institution_card_pdf", "reports:card_draft_pdf"),
}
NOT_FOR_THE_OFFICE = {"log_in", "access_log", "access_log_reading", "reports:send_back", "closures:receipt"}
# The office, a leader and a member between them open every page; the others see these otherwise.
EVERYTHING = ("center", "leder", "udvalg")
SEEN_OTHERWISE = {
    "godkender": {"home", "reports:note_list", "reports:note", "reports:send_back"},
    "forvaltning": {"home", "initiatives:initiative", "initiatives:initiative_edit", "catalogue:practice"},
    "udvalg-social": {"home"},
}


@pytest.mark.parametrize("username", [*EVERYTHING, *SEEN_OTHERWISE])
def test_no_page_fails_axe(visit, username):
    page = visit(username)
    page.on("dialog", lambda dialog: dialog.accept())  # leaving a refused form asks whether one means it
    complaints, ways = [], BY_THE_OFFICE if username == "center" else BY_OTHERS
    if username == "center":
        addresses = pages_from(page, starts())
        assert routes_of_pages() - set(addresses) == NOT_FOR_THE_OFFICE
    else:
        addresses = pages_from(page, ["/"])
    for route in addresses.keys() & SEEN_OTHERWISE.get(username, addresses.keys()):
        page.goto(addresses[route])
        complaints += complaints_of(page, ways)
        if refuse_forms(page):
            complaints += complaints_of(page, ways[:1])  # the same page, with its errors
    assert not complaints, "\n".join(complaints)


def test_no_page_for_strangers_fails_axe(visit):
    page = visit()
    complaints = []
    for address in ("/log-ind/", "/findes-ikke/"):
        page.goto(address)
        complaints += complaints_of(page)
    assert not complaints, "\n".join(complaints)


def test_no_administration_page_fails_axe(visit):
    page = visit("admin")
    complaints = []
    for address in ADMINISTRATION:
        assert page.goto(address).status == 200
        complaints += complaints_of(page)
    assert not complaints, "\n".join(complaints)


def test_axe_finds_a_planted_defect(visit):
    """The control: a picture without words and a text too faint, which must be found."""
    page = visit("udvalg")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/favicon.svg\">')")
    assert any("image-alt" in each for each in complaints_of(page))
