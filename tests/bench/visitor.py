"""The office at one of the databases: asks for pages, finds them by their links, and sends their SQL by itself."""

import re
import time
from collections import Counter
from functools import cached_property
from html import unescape
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from .databases import Database
from .measuring import timed

SEARCHED_OF_EACH = 2  # pages of each route, for links to others
NOT_A_PAGE = re.compile(r"format=|/log-ud/|/pdf/|\.pdf|^/static/|^/administration/|^/driftsstatus/")
LINK = re.compile(r'<a[^>]* href="(/[^"#]*)')


class Visitor:
    def __init__(self, database: Database, username: str = "center"):
        self.database = database
        self.client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
        database.use()
        backend = settings.AUTHENTICATION_BACKENDS[-1]
        self.client.force_login(get_user_model().objects.get(username=username), backend=backend)

    def fetch(self, address: str) -> HttpResponse:
        self.database.use()
        return self._answer(address)

    def get(self, address: str) -> float:
        """How many seconds the page takes."""
        self.database.use()
        return timed(self._answer, address)

    def _answer(self, address: str) -> HttpResponse:
        return self._checked(self._ask(address))

    def _ask(self, address: str) -> HttpResponse:
        return self.client.get(address, secure=settings.SECURE_SSL_REDIRECT)

    def _checked(self, response: HttpResponse) -> HttpResponse:
        if response.status_code != 200:
            raise RuntimeError(f"{response.request['PATH_INFO']} answered {response.status_code}")
        return response

    # --- Pages as a person finds them -------------------------------------------------------------------------------

    @cached_property
    def pages(self) -> dict[str, str]:
        """An address of each route that links lead to from the front page, and what it answered."""
        self.database.use()
        found: dict[str, str] = {}
        searched, waiting, seen = Counter(), ["/", "/soeg/?q=klub"], set()
        while waiting:
            address = waiting.pop(0)
            route = _route_of(address)
            if route is None or searched[route] >= SEARCHED_OF_EACH:
                continue
            searched[route] += 1
            response = self._ask(address)
            if response.status_code == 302:  # such as the queue, to the one that waits first
                waiting.append(response["Location"])
                continue
            if not response["Content-Type"].startswith("text/html"):  # a file to fetch
                continue
            found.setdefault(route, address)
            for link in map(unescape, LINK.findall(self._checked(response).text)):
                if link not in seen and not NOT_A_PAGE.search(link):
                    seen.add(link)
                    waiting.append(link)
        return found

    # --- The same SQL -----------------------------------------------------------------------------------------------

    def statements_of(self, address: str) -> list[tuple]:
        """What the page sends to the database."""
        sent = []

        def note(execute, sql, params, many, context):
            sent.append((sql, params))
            return execute(sql, params, many, context)

        self.database.use()
        with self.database.connection.execute_wrapper(note):
            self._answer(address)
        return sent


def send(connection: psycopg.Connection, statements: list[tuple]) -> float:
    """How many seconds these take without an application around them."""
    start = time.perf_counter()
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return time.perf_counter() - start


def _route_of(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return None
