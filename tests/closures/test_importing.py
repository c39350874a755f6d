"""A sheet of closures on its way into the register: what is said of its rows, and what is saved."""

import io
import random
import re
from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from post_office.models import Email

from closures import importing
from closures.models import (
    AnnualReturn,
    ClosedHalfDay,
    Closure,
    ClosureStep,
    Import,
    Institution,
    OpeningHours,
    PlannedClosing,
    ReportedTotal,
    SharedCalendar,
)
from closures.tasks import discard_sheets
from sikkerby.exports import DEMO_NOTICE
from sikkerby.models import StoredFile
from tests.factories import make_account, make_closure, make_import, make_institution

pytestmark = pytest.mark.django_db
NOW = "2026-11-18 10:00 +0100"  # a Wednesday
LIST_QUERIES, PAGE_QUERIES = 15, 17
HEAD = "Institution;Art;Hvor var uroen;Første dag;Sidste dag;Årsag"
ROW = "Skolen ved Søen;driftsforstyrrelse;uro i området;02-11-2026;03-11-2026;uro"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    client.cast = cast
    return client


def sheet(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows, ""]).encode("utf-8-sig")


def send(office, content: bytes, *, name: str = "lukninger.csv", **fields) -> Import:
    form = office.get(reverse("closures:imports")).context["form"]
    sent = {"file": SimpleUploadedFile(name, content), "key": str(form["key"].value()), **fields}
    response = office.post(reverse("closures:imports"), sent)
    assert response.status_code == 302, response.context["form"].errors
    return Import.objects.latest("pk")


def page_of(office, sent: Import, query: str = "") -> str:
    return " ".join(office.get(sent.get_absolute_url() + query).content.decode().split())


def save(office, sent: Import) -> Import:
    assert office.post(reverse("closures:import_save", args=[sent.pk])).status_code == 302
    sent.refresh_from_db()
    return sent


def test_a_sheet_is_shown_before_it_is_saved_and_then_saved_whole(office):
    sent = send(office, sheet(ROW, "Aftenklubben;pædagogisk;uro på institutionen;04-11-2026;04-11-2026;andet"))
    assert sent.status == "ready"
    assert not Closure.objects.exists()
    assert "2 nye rækker med 3,0 ikke-planlagte lukkedage" in page_of(office, sent)
    assert save(office, sent).status == "saved"
    closure = Closure.objects.get(institution=office.cast.school)
    assert (closure.kind, closure.scope, closure.cause, closure.half_days) == ("disruption", "area", "unrest", 4)
    assert (closure.first_day, closure.last_day) == (date(2026, 11, 2), date(2026, 11, 3))
    assert closure.status == "awaiting_review"
    assert closure.registered_by == office.cast.office
    assert ClosedHalfDay.objects.count() == 6
    (step,) = closure.steps.all()
    assert (step.act, step.by, step.text) == ("imported", office.cast.office, "Række 2 i »lukninger.csv«.")
    (event,) = closure.events.all()
    assert event.pgh_context["user"] == office.cast.office.pk


def test_the_same_sheet_again_changes_nothing(office):
    save(office, send(office, sheet(ROW)))
    again = send(office, sheet(ROW))
    assert again.status == "ready"
    assert again.verdicts["counts"] == {"error": 0, "new": 0, "exists": 1}
    assert office.post(reverse("closures:import_save", args=[again.pk])).status_code == 409
    assert Closure.objects.count() == 1
    assert ClosureStep.objects.count() == 1


# --- Whatever it was saved as -------------------------------------------------------------------------------------

TEXT = sheet(ROW).decode("utf-8-sig")


def xlsx(*rows: list, name: str = "Ark1", first: dict | None = None) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, cells in {**(first or {}), name: rows}.items():
        page = book.create_sheet(title)
        for each in cells:
            page.append(each)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


CELLS = ["Skolen ved Søen", "driftsforstyrrelse", "uro i området", date(2026, 11, 2), date(2026, 11, 3), "uro"]
SAVED_AS = {
    "UTF-8 with BOM": TEXT.encode("utf-8-sig"),
    "UTF-8": TEXT.encode(),
    "UTF-16, little end first": TEXT.encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16 without BOM": TEXT.encode("utf-16-le"),
    "Windows-1252": TEXT.encode("cp1252"),
    "commas": TEXT.replace(";", ",").encode(),
    "tabs": TEXT.replace(";", "\t").encode(),
    "the lines of an old Mac": TEXT.replace("\r\n", "\r").encode(),
    "Excel's own first line": b"sep=;\r\n" + TEXT.encode(),
    "our demo's first line": f"{DEMO_NOTICE}\r\n{TEXT}".encode("utf-8-sig"),
    "headings in capitals": TEXT.replace(HEAD, HEAD.upper()).encode(),
    "other words": TEXT.replace("Første dag;Sidste dag", "Startdato ; Slutdato").encode(),
    "empty rows between": TEXT.replace("\r\n", "\r\n;;;;;\r\n\r\n").encode(),
    "dates as people write them": TEXT.replace("02-11-2026", "2/11 2026").replace("03-11-2026", "3.11.26").encode(),
    "XLSX with dates": xlsx(HEAD.split(";"), CELLS),
    "XLSX with texts": xlsx(HEAD.split(";"), ROW.split(";")),
    "XLSX with another sheet before": xlsx(HEAD.split(";"), CELLS, name="Lukninger", first={"Noter": [["Hej"]]}),
    "XLSX with a title": xlsx(["Lukninger i november"], [], HEAD.split(";"), CELLS),
}


@pytest.mark.parametrize("saved_as", SAVED_AS)
def test_a_sheet_is_understood_whatever_it_was_saved_as(office, saved_as):
    content = SAVED_AS[saved_as]
    sent = send(office, content, name="ark.xlsx" if content.startswith(b"PK") else "ark.csv")
    assert sent.status == "ready", sent.verdicts
    save(office, sent)
    closure = Closure.objects.get()
    assert (closure.institution, closure.kind, closure.scope) == (office.cast.school, "disruption", "area")
    assert (closure.first_day, closure.last_day, closure.cause) == (date(2026, 11, 2), date(2026, 11, 3), "unrest")


def test_dates_of_a_mac_s_workbook_are_counted_from_1904(office):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for each in (HEAD.split(";"), CELLS):
        book.active.append(each)
    file = io.BytesIO()
    book.save(file)
    save(office, send(office, file.getvalue(), name="mac.xlsx"))
    assert Closure.objects.get().first_day == date(2026, 11, 2)


def test_the_sheet_that_is_read_and_the_columns_that_are_not_are_named(office):
    content = xlsx([*HEAD.split(";"), "Løbenr."], [*CELLS, 7], name="Lukninger", first={"Noter": [["Hej"]]})
    page = page_of(office, send(office, content, name="ark.xlsx"))
    assert "Filen har 2 ark. Kun arket »Lukninger« er læst." in page
    assert "Kolonner, der ikke bruges: Løbenr." in page


def test_every_column_is_stored_as_it_is_said(office):
    head = (
        "Art;Institution;Første dag;Den første dag var der lukket;Sidste dag;Den sidste dag var der lukket;"
        "Hvor var uroen;Årsag;Hvad I gjorde;Reference;Hvad der skete;Status"
    )
    row = (
        "Pædagogisk;SKOLEN  ved søen;02-11-2026;sidste del;03-11-2026;første del;på institutionen;Trusler eller vold;"
        'SSP underrettet, politiet underrettet;MM-77;"Én linje\r\nog en til; \\ og en tabulator\t.";gennemgået'
    )
    save(office, send(office, sheet(row, head=head)))
    closure = Closure.objects.get()
    assert closure.kind == "pedagogical"
    assert (closure.first_part, closure.last_part, closure.half_days) == ("last", "first", 2)
    assert (closure.scope, closure.cause, closure.measures) == ("institution", "violence", ["police", "ssp"])
    assert (closure.reference, closure.account) == ("MM-77", "Én linje\nog en til; \\ og en tabulator\t.")
    assert (closure.status, closure.reviewed_by) == ("reviewed", office.cast.office)
    assert [step.act for step in closure.steps.all()] == ["imported", "reviewed"]


def test_a_sheet_of_reviewed_closures_is_said_to_be_one(office):
    rows = [ROW, "Aftenklubben;pædagogisk;;04-11-2026;indtil videre;"]
    save(office, send(office, sheet(*rows), reviewed="on"))
    assert [each.status for each in Closure.objects.order_by("pk")] == ["reviewed", "awaiting_review"]
    assert not Email.objects.exists()


def test_rows_without_dates_become_totals(office):
    head = "Institution;Art;År;Måned;Dage;Antal institutioner;Kilde;Første dag;Sidste dag"
    rows = [
        ";ikke opdelt;2012;maj;4,5;3;Notat til ØU;;",
        "Biblioteket;ikke opdelt;2011;;1.002,5;;Optælling;;",
        "Skolen ved Søen;driftsforstyrrelse;;;;;;02-11-2026;02-11-2026",
    ]
    content = sheet(*rows, head=head)
    save(office, send(office, content))
    totals = ReportedTotal.objects.values_list("year", "month", "institution", "half_days", "units", "source")
    assert list(totals) == [
        (2011, None, office.cast.library.pk, 2005, None, "Optælling"),
        (2012, 5, None, 9, 3, "Notat til ØU"),
    ]
    again = send(office, content)
    assert again.verdicts["counts"] == {"error": 0, "new": 0, "exists": 3}


def test_a_closed_year_and_a_count_that_differs_are_said_and_do_not_hinder(office):
    account = make_account(2025, by=office.cast.office)
    account.closed_by, account.closed_at, account.figures = office.cast.office, timezone.now(), {}
    account.save()
    sent = send(
        office,
        sheet(
            "Biblioteket;driftsforstyrrelse;12-06-2025;13-06-2025;3",
            head=("Institution;Art;Første dag;Sidste dag;Dage"),
        ),
    )
    page = page_of(office, sent)
    assert "Bliver mærket »efter årsopgørelsen« for 2025." in page
    assert "I arket står der 3. Sikker By tæller selv dagene." in page
    save(office, sent)
    assert Closure.objects.get().steps.get().closed_years


def test_a_total_of_a_closed_year_is_said_to_move_only_todays_numbers(office):
    account = make_account(2025, by=office.cast.office)
    account.closed_by, account.closed_at, account.figures = office.cast.office, timezone.now(), {}
    account.save()
    rows = ";driftsforstyrrelse;2025;4,5;Notat", ";driftsforstyrrelse;2024;4,5;Notat"
    sent = send(office, sheet(*rows, head="Institution;Art;År;Dage;Kilde"))
    closed, still_open = sent.rows_of("new", 0)
    assert closed.said == ["Årsopgørelsen for 2025 er afsluttet. Totalen er kun med i tallene opgjort i dag."]
    assert still_open.said == []


def test_who_answered_that_there_were_none_is_asked_again(office):
    answer = AnnualReturn.objects.create(
        institution=office.cast.school,
        year=2026,
        answer="none",
        answered_by=office.cast.leader,
        answered_at=timezone.now(),
    )
    save(office, send(office, sheet(ROW)))
    answer.refresh_from_db()
    assert answer.answer == ""


# --- What the register has already --------------------------------------------------------------------------------


def exported(office, format: str) -> bytes:
    return office.get(reverse("closures:closure_list"), {"format": format}).content


def everything() -> dict:
    rows = {each: list(each.objects.order_by("pk").values()) for each in (Closure, ClosedHalfDay, ClosureStep)}
    return rows | {"events": Closure.pgh_event_model.objects.count()}


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("demo", [False, True])
def test_reading_an_export_back_in_changes_nothing(office, settings, format, demo):
    settings.DEMO = demo
    by, days = office.cast.office, iter(date(2026, 3, 4) + timedelta(days=7 * week) for week in range(30))
    odd = make_institution(name='=Klub "Øst"; Nord, +5')
    texts = ["=1+1", "'-5", "''=x", "-5", 'Linje 1\r\nLinje 2; og "mere"', "'", "\t@x", "æøå – … »«", " rum "]
    for text in texts:
        make_closure(institution=odd, first_day=next(days), account=text, reference=text.strip()[:5], by=by)
    closures = [make_closure(first_day=next(days), by=by, measures=["ssp", "police"]) for _ in range(6)]
    closures[0].review(by=by)
    closures[1].withdraw(by=by)
    closures[2].ask("Hvorfor?", by=by)
    closures[3].exclude("planned", by=by)
    closures[4].reclassify("pedagogical", by=by)
    make_closure(first_day=date(2026, 11, 16), last_day=None, first_part="last", today=date(2026, 11, 18), by=by)
    make_closure(
        first_day=date(2026, 11, 10), last_day=date(2026, 11, 12), last_part="first", by=by, scope="", cause="fire"
    )
    before = everything()
    sent = send(office, exported(office, format), name=f"Lukninger.{format}")
    assert sent.verdicts["counts"] == {"error": 0, "new": 0, "exists": len(before[Closure])}, sent.verdicts
    assert not any("noget andet" in said for row in sent.rows_of("exists", 0) for said in row.said)
    assert everything() == before


def test_a_number_that_the_register_knows_differently_is_an_error(office):
    closure = make_closure(institution=office.cast.school, by=office.cast.office)
    changed = exported(office, "csv").decode("utf-8-sig").replace("03-03-2026", "04-03-2026")
    sent = send(office, changed.encode("utf-8-sig"))
    (row,) = sent.rows_of("error", 0)
    assert row.said[0].startswith(f"Første dag, Sidste dag: Der står noget andet i registret om {closure.number}.")


def test_words_that_the_register_has_otherwise_are_noted_and_left(office):
    make_closure(institution=office.cast.school, by=office.cast.office, account="Før")
    changed = exported(office, "csv").decode("utf-8-sig").replace("Før\r", "Efter\r").replace(";Før;", ";Efter;")
    sent = send(office, changed.encode("utf-8-sig"))
    (row,) = sent.rows_of("exists", 0)
    assert row.said == ["I registret står der noget andet i Hvad der skete. Det bliver stående."]


def test_a_sheet_whose_closure_was_withdrawn_does_not_bring_it_back(office):
    save(office, send(office, sheet(ROW)))
    Closure.objects.get().withdraw(by=office.cast.office)
    sent = send(office, sheet(ROW))
    (row,) = sent.rows_of("exists", 0)
    assert row.said == ["Lukningen er trukket tilbage. Det ændres ikke."]


def test_the_half_days_behind_the_list_can_be_had_as_a_file(office):
    closure = make_closure(institution=office.cast.school, by=office.cast.office, last_part="first")
    page = office.get(reverse("closures:closure_list"), {"aar": "2026"}).content.decode()
    address = re.search(r'href="([^"]*halve-dage[^"]*)"', page)[1].replace("&amp;", "&")
    rows = office.get(address).content.decode("utf-8-sig").split("\r\n")
    assert rows == [
        "Nummer;Institution;Dag;Halvdel;Art;Status",
        f"{closure.number};Skolen ved Søen;03-03-2026;første del;driftsforstyrrelse;afventer gennemgang",
        "",
    ]


# --- The same rules as by hand ------------------------------------------------------------------------------------


def odd_city() -> list[Institution]:
    """Units that open on all kinds of days."""
    plain, evening, summer, late = (make_institution(kind=kind) for kind in ("school", "club", "library", "sports"))
    OpeningHours.objects.create(institution=evening, halves=[2, 2, 2, 2, 2, 3, 0], open_on_public_holidays=True)
    OpeningHours.objects.create(institution=summer, halves=[3, 3, 1, 3, 3, 0, 0], ends=date(2026, 5, 31))
    OpeningHours.objects.create(institution=summer, halves=[0, 3, 3, 3, 0, 3, 3], begins=date(2026, 6, 1))
    PlannedClosing.objects.create(
        institution=plain, first_day=date(2026, 3, 4), last_day=date(2026, 3, 6), reason="Uge 10"
    )
    late.opened_on, late.closed_on = date(2026, 3, 10), date(2026, 6, 15)
    late.save()
    ferie = SharedCalendar.objects.create(name=f"Ferie {plain.pk}", kinds=["school", "club"])
    ferie.closings.create(first_day=date(2026, 4, 13), last_day=date(2026, 4, 17), reason="Ferie")
    return [plain, evening, summer, late]


def test_a_sheet_counts_as_registering_does(office):
    by, today, dice = office.cast.office, date(2026, 11, 18), random.Random(7)
    one, other = odd_city(), odd_city()
    SharedCalendar.objects.filter(name=f"Ferie {other[0].pk}").delete()  # of both cities, by kind
    rows, refused = [], 0
    for unit, twin in zip(one, other, strict=True):
        for _ in range(60):
            first_day = date(2026, 1, 1) + timedelta(days=dice.randrange(325))
            last_day = dice.choice([first_day + timedelta(days=dice.randrange(9))] * 20 + [None])
            parts = dice.choice(["whole", "last"]), dice.choice(["whole", "first"]) if last_day else "whole"
            try:
                make_closure(
                    **{"institution": unit, "first_day": first_day, "last_day": last_day, "today": today, "by": by},
                    **{"first_part": parts[0], "last_part": parts[1]},
                )
            except ValidationError:
                refused += 1
                continue
            rows.append(
                f"{twin.name};driftsforstyrrelse;{first_day:%d-%m-%Y};{Closure.FirstPart(parts[0]).label};"
                f"{f'{last_day:%d-%m-%Y}' if last_day else 'indtil videre'};{Closure.LastPart(parts[1]).label}"
            )
    assert refused > 50  # the register's own rules were met
    dice.shuffle(rows)
    head = "Institution;Art;Første dag;Den første dag var der lukket;Sidste dag;Den sidste dag var der lukket"
    sent = send(office, sheet(*rows, head=head))
    assert sent.status == "ready", sent.rows_of("error", 0)
    save(office, sent)
    for unit, twin in zip(one, other, strict=True):
        held = [list(each.closed_half_days.order_by("day", "half").values_list("day", "half")) for each in (unit, twin)]
        assert held[0] == held[1]
        said = ("kind", "first_day", "first_part", "last_day", "last_part", "half_days", "status", "version")
        counts = [list(each.closures.order_by("first_day", "first_part").values_list(*said)) for each in (unit, twin)]
        assert counts[0] == counts[1]


def test_what_registering_refuses_a_sheet_refuses_too(office):
    by, today, dice = office.cast.office, date(2026, 11, 18), random.Random(8)
    units, met = odd_city(), Counter()
    for unit in units:
        make_closure(institution=unit, first_day=date(2026, 5, 4), last_day=date(2026, 5, 22), by=by)
    for unit in units[:3]:
        make_closure(institution=unit, first_day=date(2026, 11, 9), last_day=None, today=today, by=by)
    head = "Institution;Art;Første dag;Sidste dag"
    for _ in range(80):
        unit, first_day = dice.choice(units), date(2026, 4, 1) + timedelta(days=dice.randrange(250))
        last_day = first_day + timedelta(days=dice.randrange(-1, 5))
        with transaction.atomic():
            try:
                make_closure(institution=unit, first_day=first_day, last_day=last_day, today=today, by=by)
                allowed = True
            except ValidationError:
                allowed = False
            transaction.set_rollback(True)
        content = sheet(f"{unit.name};driftsforstyrrelse;{first_day:%d-%m-%Y};{last_day:%d-%m-%Y}", head=head)
        import_ = make_import(content, by=by)
        importing.check(import_, today=today)
        same = import_.rows_of("exists", 0)
        assert (import_.status == "ready" and not same) == allowed or same, (unit, first_day, last_day)
        met[allowed] += 1
    assert min(met.values()) > 10


# --- Its pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_template_is_understood_and_its_example_is_not_read_in(office, format):
    response = office.get(reverse("closures:import_template"), {"format": format})
    assert f"Skabelon.{format}" in response.headers["Content-Disposition"]
    sent = send(office, response.content, name=f"Skabelon.{format}")
    (row,) = sent.rows_of("error", 0)
    assert row.said == ["Institution: Rækken er skabelonens eksempel. Slet rækken."]
    filled = response.content
    if format == "csv":
        filled = filled.decode("utf-8-sig").replace("Eksempel: Skolen ved Søen", "Skolen ved Søen").encode("utf-8-sig")
        assert send(office, filled).status == "ready"


def test_the_part_that_is_fetched_anew_is_the_page_s_own(office):
    sent = send(office, sheet(ROW))
    part, whole = (
        re.sub(r'value="\w{64}"|\s', "", office.get(sent.get_absolute_url(), headers=headers).content.decode())
        for headers in ({"HX-Request": "true"}, {})
    )
    assert part.startswith('<divid="state"')
    assert part in whole


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_sheets_costs_the_same_however_many_there_are(office, django_assert_num_queries, count):
    for number in range(count):
        send(office, sheet(ROW), name=f"ark {number}.csv")
    office.get(reverse("closures:imports"))
    with django_assert_num_queries(LIST_QUERIES):
        page = office.get(reverse("closures:imports")).content.decode()
    assert f"ark {count - 1}.csv" in page


@pytest.mark.parametrize("count", [5, 50])
def test_the_page_of_a_sheet_costs_the_same_however_many_rows_it_has(office, django_assert_num_queries, count):
    days = [date(2026, 1, 5) + timedelta(days=each) for each in range(count)]
    rows = [f"Ukendt {day:%j};driftsforstyrrelse;;{day:%d-%m-%Y};{day:%d-%m-%Y};" for day in days]
    sent = send(office, sheet(*rows))
    with django_assert_num_queries(PAGE_QUERIES):
        office.get(sent.get_absolute_url())


def test_a_sheet_that_nobody_saved_is_gone_after_a_month_and_one_that_was_saved_stays(office):
    saved = save(office, send(office, sheet(ROW)))
    send(office, sheet("Ukendt;driftsforstyrrelse;;04-11-2026;04-11-2026;"))
    with time_machine.travel("2026-12-17 10:00 +0100"):
        discard_sheets(0)
        assert Import.objects.count() == 2
    with time_machine.travel("2026-12-19 10:00 +0100"):
        discard_sheets(0)
    assert Import.objects.get() == saved
    assert StoredFile.objects.count() == 1
