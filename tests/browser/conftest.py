"""A real Chromium on the demo's city. What a page says on the console, and every blocked request, fails the test."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from sikkerby.demo import PASSWORD
from tests.conftest import copy_database, drop_database, empty_tables, leave_database

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs in this thread; our code is not in it
TIMEOUT = 40_000  # milliseconds: no measure of speed, only the end of waiting on a busy machine
expect.set_options(timeout=TIMEOUT)

# A fifth less work than the whole browser, which `make pictures` asks for: this one says "Choose File".
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
PHONE, TABLET, DESK = 390, 820, 1280
# A 401, 403, 404, 409 or 422 that a test asks for is no defect, and both Chromium and htmx log each.
EXPECTED = ("Failed to load resource: the server responded with a status of 4", "Response Status Error Code 4")


def pytest_itemcollected(item):
    """pytest-django makes the test database for tests that say they need one; those of a browser do, through `site`."""
    if "site" in item.fixturenames:
        item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "chromium_sandbox": False,
        "env": {**os.environ, "LANGUAGE": "da"},
        "args": [
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def load_demo(django_db_setup) -> Iterator[Callable[[], None]]:
    """Once. Then the database is copied, and the copy takes its place for the modules that follow."""
    name = connection.settings_dict["NAME"]
    assert name.startswith("test_"), "the demo would fill the database that is served"
    kept = []

    def load() -> None:
        if kept:
            leave_database()
            copy_database(name, like=kept[0])
        else:
            call_command("demo", verbosity=0)
            leave_database()
            copy_database(f"{name}_demo", like=name)
            kept.append(f"{name}_demo")

    yield load
    for each in kept:
        drop_database(each)


@pytest.fixture(scope="module")
def site(load_demo, django_db_blocker) -> Iterator[str]:
    """The demo, served once for the tests of a module. Its address."""
    with django_db_blocker.unblock():
        settings.DEMO = True
        load_demo()
        server = LiveServer("127.0.0.1")
        server._live_server_modified_settings.enable()
        yield server.url
        server._live_server_modified_settings.disable()
        server.stop()
        settings.DEMO = False
        empty_tables()


@pytest.fixture
def visit(site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a browser as somebody: visit("leder", width=PHONE) is a page on the front page, logged in."""
    contexts, complaints = [], []

    def open_page(username: str | None = None, *, width: int = DESK, **options) -> Page:
        context = browser.new_context(
            base_url=site,
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            viewport={"width": width, "height": 844 if width == PHONE else 900},
            **options,
        )
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type in ("error", "warning") and not message.text.startswith(EXPECTED)
                else None
            ),
        )
        if username:
            page.goto("/log-ind/")
            page.get_by_label("Brugernavn").fill(username)
            page.get_by_label("Adgangskode").fill(PASSWORD)
            page.get_by_role("button", name="Log ind").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Forside")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
