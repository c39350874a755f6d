"""Headers, methods, lists by cursor, exports, keys, health: what every page stands on."""

import csv
import io
import json
import uuid
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import connection
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Initiative
from sikkerby.exports import Column, export
from sikkerby.models import DanishOrder, District, Submission
from sikkerby.paging import paginate
from sikkerby.tasks import tidy_up

NOUN = ("bydel", "bydele")


# --- What leaves the server ---------------------------------------------------------------------------------------


def test_pages_behind_log_in_carry_the_strict_headers(client, cast):
    client.force_login(cast.office)
    headers = client.get("/konto/").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy.replace("https:", "")
    assert "default-src 'none'" in policy
    assert "object-src 'none'" in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
@pytest.mark.parametrize("address", ["/", "/log-ind/", "/administration/", "/findes-ikke/"])
def test_unknown_methods_are_refused(client, cast, method, address):
    client.force_login(cast.office)
    assert client.generic(method, address).status_code == 405


@pytest.mark.parametrize("address", ["/soeg/?q=%00", "/%00/", "/notater/?q=a%00b"])
def test_nul_byte_in_an_address_is_a_polite_400(client, cast, address):
    client.force_login(cast.office)
    response = client.get(address)
    assert response.status_code in (400, 404)
    assert "Sikker By" in response.content.decode()


def test_foreign_object_is_to_the_byte_like_a_missing_one(client, cast):
    client.force_login(cast.leader)
    foreign = client.get(cast.library.get_absolute_url())
    missing = client.get(reverse("closures:institution", args=[987654]))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


# --- Lists by cursor ----------------------------------------------------------------------------------------------


def page_of(query: str = "", **options):
    request = RequestFactory().get("/liste/" + query)
    rows = District.objects.annotate(danish=DanishOrder("name"))
    return paginate(request, rows, "danish", "pk", noun=NOUN, size=2, **options)


def names(page) -> list[str]:
    return [row.name for row in page.items]


@pytest.fixture
def five(db):
    for name in ("Ærø", "Zoo", "Aarhus", "Anholt", "Østerbro"):
        District.objects.create(name=name)


def query_of(url: str) -> str:
    return "?" + url.partition("?")[2]


def test_list_is_in_danish_order_and_read_to_its_end(five):
    first = page_of()
    second = page_of(query_of(first.next_url))
    third = page_of(query_of(second.next_url))
    assert names(first) + names(second) + names(third) == ["Anholt", "Zoo", "Ærø", "Østerbro", "Aarhus"]
    assert third.next_url is third.last_url is None
    assert first.previous_url is first.first_url is None


def test_list_is_read_backwards_from_its_end(five):
    last = page_of("?sidste=1")
    before = page_of(query_of(last.previous_url))
    assert names(last) == ["Østerbro", "Aarhus"]
    assert names(before) == ["Zoo", "Ærø"]
    assert names(page_of(query_of(before.next_url))) == ["Østerbro", "Aarhus"]


@pytest.mark.parametrize("name", ["efter", "foer"])
@pytest.mark.parametrize(
    "cursor",
    [
        "abc",
        "",
        "W10",
        "eyJhIjoxfQ",
        "WyJhIiwgIngiXQ",
        "WzEsMiwzXQ",
        "WyJhIiwgbnVsbF0",
        "%00",
        "æøå",
        "WyJhIiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTldCg",
    ],
)
def test_bad_cursor_is_404(five, name, cursor):
    with pytest.raises(Http404):
        page_of(f"?{name}={cursor}")


def test_count_is_exact_to_a_thousand_and_then_over_a_thousand(db):
    District.objects.bulk_create(District(name=f"Bydel {number}") for number in range(1000))
    assert page_of().count_text == "1.000 bydele"
    District.objects.create(name="En til")
    assert page_of().count_text == "over 1.000 bydele"
    District.objects.all()[2:].model.objects.exclude(name="En til").delete()
    assert page_of().count_text == "1 bydel"


# --- Exports ------------------------------------------------------------------------------------------------------

ROWS = [SimpleNamespace(name="=1+1", days=Decimal("-3.5")), SimpleNamespace(name='Ærø; og "to"', days=Decimal(2))]
COLUMNS = [Column("Navn", lambda row: row.name), Column("Dage", lambda row: row.days)]


def exported(query: str, settings=None) -> bytes:
    return export(RequestFactory().get("/" + query), ROWS, COLUMNS, "liste").content


def test_csv_opens_right_in_danish_excel():
    body = exported("?format=csv")
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["Navn", "Dage"], ["'=1+1", "-3,5"], ['Ærø; og "to"', "2"]]


def test_xlsx_keeps_numbers_numbers_and_formulas_text():
    sheet = openpyxl.load_workbook(io.BytesIO(exported("?format=xlsx"))).active
    assert [cell.value for cell in sheet[2]] == ["=1+1", -3.5]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n"]


def test_demo_is_marked_in_exports(settings):
    settings.DEMO = True
    assert "DEMODATA – opfundne tal" in exported("?format=csv").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(exported("?format=xlsx"))).active
    assert sheet["A1"].value == "DEMODATA – opfundne tal"


def test_unknown_format_is_404_and_none_is_a_page():
    with pytest.raises(Http404):
        exported("?format=pdf")
    assert export(RequestFactory().get("/"), ROWS, COLUMNS, "liste") is None


def initiative(key: str | None = None, **fields) -> dict:
    """What the form of a new initiative sends."""
    precisions = {"begins_precision": "day", "ends_precision": "day"}
    return {"name": "Natteværter", "status": "running", "key": key or str(uuid.uuid4())} | precisions | fields


# --- Sent once ----------------------------------------------------------------------------------------------------


def test_form_that_is_sent_twice_makes_one_row(client, cast):
    client.force_login(cast.office)
    data = initiative()
    first = client.post(reverse("initiatives:initiative_new"), data)
    again = client.post(reverse("initiatives:initiative_new"), data | {"name": "Natteværter, rettet"})
    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    assert [each.name for each in Initiative.objects.all()] == ["Natteværter"]


def test_form_that_was_refused_can_be_sent_again_with_its_key(client, cast):
    client.force_login(cast.office)
    data = initiative(name="")
    assert client.post(reverse("initiatives:initiative_new"), data).status_code == 422
    assert client.post(reverse("initiatives:initiative_new"), data | {"name": "Natteværter"}).status_code == 302


def test_key_of_another_person_leads_nowhere(client, cast):
    data = initiative()
    client.force_login(cast.office)
    client.post(reverse("initiatives:initiative_new"), data)
    client.force_login(cast.colleague)
    response = client.post(reverse("initiatives:initiative_new"), data | {"name": "En anden"})
    assert response.status_code == 422
    assert Initiative.objects.count() == 1


def test_old_keys_are_thrown_away(cast):
    old = Submission.objects.create(key=uuid.uuid4(), user=cast.office, sent_at=timezone.now() - timedelta(days=31))
    new = Submission.objects.create(key=uuid.uuid4(), user=cast.office)
    tidy_up.func(timestamp=0)
    assert list(Submission.objects.values_list("key", flat=True)) == [new.key]
    assert old.key != new.key


# --- Health -------------------------------------------------------------------------------------------------------


def beat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_health_is_well_with_a_living_worker_and_tells_strangers_nothing(db):
    beat(5)
    response = Client().get("/driftsstatus/")
    assert response.status_code == 200
    assert json.loads(response.content) == {"status": "ok"}


def test_health_is_not_well_without_a_worker(client, cast):
    beat(300)
    assert json.loads(Client().get("/driftsstatus/").content) == {"status": "fejl"}
    client.force_login(cast.administrator)
    response = client.get("/driftsstatus/")
    assert response.status_code == 503
    assert json.loads(response.content) == {"status": "fejl", "database": True, "migrations": True, "worker": False}
