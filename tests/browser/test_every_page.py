"""Every page, as those who may open it, read by axe (WCAG 2.2 AA) at 320 and 1280 px, in light and in dark, with its
form refused as well. Pages are found as a person finds them: by following links from the front page."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Without preload: to read a sheet that another imports, axe itself writes a <style>, which our policy refuses.
OPTIONS = {"runOnly": {"type": "tag", "values": WCAG}, "preload": False}
NOT_A_PAGE = ("/log-ud/", "/pdf/", "udkast.pdf", "/static/", "format=", "mailto:", "/papir/")
# Of Django's own administration pages the overview, a list and a form stand for the rest.
ADMINISTRATION = ("/administration/", "/administration/sikkerby/user/", "/administration/sikkerby/user/add/")


def complaints_of(page: Page) -> list[str]:
    """What axe finds, in each of the four ways the page can be seen, without loading it anew."""
    found = []
    for width in (320, 1280):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            results = Axe().run(page, options=OPTIONS)
            found += [
                f"{page.url} {width}px {scheme}: {defect['id']} {[node['target'] for node in defect['nodes'][:3]]}"
                for defect in results.response["violations"]
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


def pages_from(page: Page, start: str) -> dict[str, str]:
    """One address for each route that can be reached by links from here."""
    found, waiting = {}, [start]
    while waiting:
        address = waiting.pop(0)
        route = route_of(address)
        if route is None or route in found or route.startswith("admin:"):
            continue
        response = page.goto(address)
        if response is None or response.status != 200:
            raise AssertionError(f"{address} answered {response and response.status}")
        found[route] = address
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [
            link
            for link in links
            if urlsplit(link).netloc == urlsplit(page.url).netloc and not any(each in link for each in NOT_A_PAGE)
        ]
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
    form.evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    page.wait_for_load_state()
    return page.locator(".error-summary").count() > 0


@pytest.mark.parametrize("username", ["center", "godkender", "forvaltning", "leder", "udvalg", "udvalg-social"])
def test_no_page_fails_axe(visit, username):
    page = visit(username)
    page.on("dialog", lambda dialog: dialog.accept())  # leaving a refused form asks whether one means it
    complaints = []
    addresses = pages_from(page, "/")
    assert len(addresses) >= 3
    for address in addresses.values():
        page.goto(address)
        complaints += complaints_of(page)
        if refuse_forms(page):
            complaints += complaints_of(page)
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
