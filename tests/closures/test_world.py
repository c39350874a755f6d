"""A divided year of 13 units, counted by hand, with a decoy for each rule that keeps a day from counting: it gives
662,5 and 13 on page, CSV, XLSX and note alike, and still does when what has happened since moves today's recount.

The year is 2023. Its weeks from 2 January to 31 March are 13, those from 5 June to 22 December 29, and no public
holiday falls in them; the sums beside the closures below are half-days, ten a week.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone
from openpyxl import load_workbook

from closures import figures
from closures.models import AnnualReturn, Closure, Institution, Kind, OpeningHours, PlannedClosing, SharedCalendar
from reports.gathering import gather
from reports.models import Section
from tests.factories import (
    make_account,
    make_administration,
    make_closure,
    make_district,
    make_institution,
    make_note,
    make_reduced_service,
    make_reviewed_closure,
)

pytestmark = pytest.mark.django_db
DISRUPTION, PEDAGOGICAL = Kind.DISRUPTION, Kind.PEDAGOGICAL
SUMS = ("120,0", "97,5", "88,0", "75,0", "64,5", "52,0", "47,0", "38,5", "30,0", "22,0", "15,5", "8,0", "4,5")
NAMES = [
    *("Enheden Asp", "Enheden Birk", "Enheden Ceder", "Enheden Dunbirk", "Enheden Elm", "Enheden Fyr", "Enheden Gran"),
    *(
        "Aftenklubben Hassel",
        "Skolen ved Ilex",
        "Tjenesten Jasmin",
        "Enheden Kirsebær",
        "Enheden Lind",
        "Enheden Myrte",
    ),
]
CLOSED = [  # of each unit: kind, from, to, and the half-days that a person counts in a calendar
    [(DISRUPTION, "2/1", "31/3", 130), (PEDAGOGICAL, "5/6", "18/8", 110)],
    [(DISRUPTION, "2/1", "31/3", 130), (DISRUPTION, "5/6", "14/7", 60), (PEDAGOGICAL, "7/8 last", "9/8", 5)],
    [
        *((DISRUPTION, "2/1", "31/3", 130), (PEDAGOGICAL, "5/6", "30/6", 40), (DISRUPTION, "4/9", "4/9", 2)),
        (PEDAGOGICAL, "5/4", "11/4", 4),  # over Easter: the Wednesday before and the Tuesday after
    ],
    [(DISRUPTION, "5/6", "15/9", 150)],
    [
        *((DISRUPTION, "5/6", "25/8", 120), (PEDAGOGICAL, "4/9 last", "6/9", 5)),
        (PEDAGOGICAL, "4/5", "8/5", 4),  # Thursday and Monday: Friday was Store Bededag, then came a weekend
    ],
    [
        (PEDAGOGICAL, "2/1", "10/3", 100),
        (DISRUPTION, "28/12", "3/1/2024", 4),  # Thursday and Friday; 2 and 3 January are of the next year
    ],
    [
        (DISRUPTION, "5/6", "18/8", 90),  # 11 weeks, of which two were planned
        (DISRUPTION, "1/9", "4/9", 4),  # Friday and Monday
    ],
    [
        (DISRUPTION, "2/1", "11/2", 72),  # a club open Monday to Saturday from 14 to 22: six weeks of twelve
        *((DISRUPTION, "11/3 last", "11/3", 1), (DISRUPTION, "17/3", "18/3", 4)),
    ],
    [
        (DISRUPTION, "19/6", "25/8", 30),  # ten weeks, of which the schools' summer took seven
        (PEDAGOGICAL, "2/10", "20/10", 30),
    ],
    [
        # A service of the first unit, which was closed until 31 March and until 18 August.
        *((DISRUPTION, "27/3", "5/4", 6), (DISRUPTION, "14/8", "8/9", 30), (PEDAGOGICAL, "11/9", "14/9", 8)),
    ],
    [(PEDAGOGICAL, "9/1", "27/1", 30), (DISRUPTION, "6/2", "6/2 first", 1)],
    [(DISRUPTION, "15/5", "25/5", 16)],  # without Ascension Day and a weekend
    [(PEDAGOGICAL, "6/11 last", "10/11", 9)],
]


def period(first: str, last: str) -> dict:
    """ "7/8 last" to "9/8": from the last part of 7 August 2023 to the whole of 9 August."""

    def day(typed: str) -> tuple[date, str]:
        number, _, part = typed.partition(" ")
        day, month, *year = map(int, number.split("/"))
        return date(year[0] if year else 2023, month, day), part or "whole"

    (first_day, first_part), (last_day, last_part) = day(first), day(last)
    return {"first_day": first_day, "first_part": first_part, "last_day": last_day, "last_part": last_part}


@pytest.fixture
def world(cast):
    """The 13 units and their closures, all reviewed; beside them a unit whose every report is a decoy."""
    office, kinds = cast.office, Institution.Kind
    places = [make_district(name=name) for name in ("Nørrebro", "Valby", "Amager Øst")]
    administrations = [cast.buf, cast.kff, make_administration(name="Socialforvaltningen", abbreviation="SOF")]
    units = [
        make_institution(
            name=name,
            kind=kinds.DAY_CARE if number % 2 else kinds.LIBRARY,
            district=places[number % 3] if number != 3 else None,
            administration=administrations[number % 3],
        )
        for number, name in enumerate(NAMES)
    ]
    asp, gran, club, school, service = units[0], units[6], units[7], units[8], units[9]
    Institution.objects.filter(pk=club.pk).update(kind=kinds.CLUB)
    Institution.objects.filter(pk=school.pk).update(kind=kinds.SCHOOL)
    Institution.objects.filter(pk=service.pk).update(parent=asp)
    for unit in units:
        unit.refresh_from_db()
    OpeningHours.objects.create(institution=club, halves=[3, 3, 3, 3, 3, 3, 0], opens_at="14:00", closes_at="22:00")
    summer = SharedCalendar.objects.create(name="Skolernes ferier", kinds=["school"])
    own = PlannedClosing.objects.create(
        institution=gran, first_day=date(2023, 7, 10), last_day=date(2023, 7, 21), reason="sommerlukning"
    )
    shared = PlannedClosing.objects.create(
        calendar=summer, first_day=date(2023, 6, 26), last_day=date(2023, 8, 11), reason="sommerferie"
    )
    for unit, closed in zip(units, CLOSED, strict=True):
        for number, (kind, first, last, _) in enumerate(closed):
            scope = Closure.Scope.INSTITUTION if number % 2 else Closure.Scope.AREA
            make_reviewed_closure(by=office, institution=unit, kind=kind, scope=scope, **period(first, last))

    outside = make_institution(name="Uden for tallene", kind=kinds.CULTURE)

    def decoy(first: str, last: str) -> Closure:
        return make_closure(institution=outside, by=office, **period(first, last))

    decoys = SimpleNamespace(
        returned=decoy("6/2", "8/2"),
        withdrawn=decoy("13/2", "15/2"),
        excluded=decoy("20/2", "22/2"),
        duplicate=decoy("27/2", "1/3"),
    )
    decoys.returned.ask("Hvad skete der?", by=office)
    decoys.withdrawn.withdraw(by=office)
    decoys.excluded.exclude(Closure.Exclusion.NOT_UNREST, by=office)
    decoys.duplicate.exclude(
        Closure.Exclusion.DUPLICATE, duplicate_of=Closure.objects.filter(institution=asp).first(), by=office
    )
    reduced = make_reduced_service(
        institution=outside, by=office, first_day=date(2023, 3, 6), last_day=date(2023, 3, 6)
    )
    AnnualReturn.objects.create(
        institution=make_institution(name="Den, der svarede nul", kind=kinds.CULTURE),
        year=2023,
        answer=AnnualReturn.Answer.NONE,
        answered_by=office,
        answered_at=timezone.now(),
    )
    return SimpleNamespace(
        office=office, units=units, decoys=decoys, reduced=reduced, own=own, shared=shared, outside=outside
    )


def counted() -> tuple[int, int]:
    found = figures.year(Closure.objects.all(), 2023, reviewed_only=True)
    return found.total, found.units


@contextmanager
def otherwise() -> Iterator[None]:
    """What is done in here is undone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- By hand ------------------------------------------------------------------------------------------------------


def test_the_sums_by_hand_are_those_of_the_issue():
    by_unit = [sum(half_days for *_, half_days in closed) for closed in CLOSED]
    assert tuple(f"{half_days / 2:.1f}".replace(".", ",") for half_days in by_unit) == SUMS
    assert sum(by_unit) == 1325


def test_each_closure_counts_what_a_person_counts_in_the_calendar(world):
    days = (date(2023, 1, 1), date(2023, 12, 31))
    closures = figures.with_counted(Closure.objects.filter(institution__in=world.units), days, reviewed_only=True)
    found = {(each.institution.name, each.first_day): each.counted for each in closures.select_related("institution")}
    assert found == {
        (name, period(first, last)["first_day"]): half_days
        for name, closed in zip(NAMES, CLOSED, strict=True)
        for _, first, last, half_days in closed
    }


# --- 662,5 and 13, alike wherever they are read --------------------------------------------------------------------


def assert_alike(client, world) -> None:
    """The same numbers on the pages, in CSV and XLSX, and in a note."""
    client.force_login(world.office)
    page = " ".join(client.get("/lukninger/opgoerelse/2023/").content.decode().split())
    assert "I 2023 var der 662,5 ikke-planlagte lukkedage på 13 institutioner og tjenester." in page
    assert "490,0 skyldtes driftsforstyrrelser, og 172,5 var lukninger med et pædagogisk formål." in page
    table = page[page.index('<h2 id="by-institution">') : page.index('<h2 id="by-incident">')]
    rows = re.findall(r'<th scope="row">([^<]+)</th> <td class="num"> (?:<a href="[^"]+">)?([\d.,]+)', table)
    assert rows == [*zip(NAMES, SUMS, strict=True), ("I alt", "662,5")]
    years = " ".join(client.get("/lukninger/opgoerelse/").content.decode().split())
    row = years[years.index('href="/lukninger/opgoerelse/2023/"') : years.index('href="/lukninger/opgoerelse/2022/"')]
    numbers = re.findall(r'<td class="num">.*?</td>', row)
    assert [re.sub(r"<[^>]+>", "", each).strip() for each in numbers[:6]] == [
        *("662,5", "490,0", "172,5", "–", "0,0", "13")
    ]

    csv = client.get("/lukninger/opgoerelse/2023/", {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    cells = [line.split(";") for line in csv]
    assert [(row[1], row[5]) for row in cells if row[0] == "Institution"] == [
        (name, days.removesuffix(",0")) for name, days in zip(NAMES, SUMS, strict=True)
    ]
    assert next(row[2:6] for row in cells if row[:2] == ["Hele året", "Ikke-planlagte lukkedage"]) == [
        *("490", "172,5", "", "662,5")
    ]
    assert next(row[7] for row in cells if row[1].startswith("Institutioner og tjenester")) == "13"

    content = client.get("/lukninger/opgoerelse/2023/", {"format": "xlsx"}).content
    sheet = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows()]
    assert [[_as_typed(value) for value in row] for row in sheet] == cells

    note = make_note(date=date(2024, 3, 1), written_by=world.office)
    Section.objects.create(note=note, order=1, kind="closures", heading="Lukninger", year=2023)
    (section,) = gather(note, on=date(2024, 3, 1)).sections
    assert (section.years[0].total, section.years[0].units) == (1325, 13)
    assert (section.years[0].disruption, section.years[0].pedagogical) == (980, 345)
    assert "662,5 ikke-planlagte lukkedage på 13 institutioner og tjenester" in section.finding
    assert "står for 18 procent af dem" in " ".join(section.explanation)


def _as_typed(value) -> str:
    """A cell of XLSX as CSV has it."""
    if value is None:
        return ""
    return (
        (f"{value:g}" if isinstance(value, float) else str(value)).replace(".", ",")
        if not isinstance(value, str)
        else value
    )


def links_of(client, address) -> list[tuple[str, str]]:
    page = " ".join(client.get(address).content.decode().split())
    found = re.findall(r'<a href="(/lukninger/\?[^"]+)">([\d.]+(?:,\d)?)</a>', page)
    return [(address.replace("&amp;", "&"), number) for address, number in dict.fromkeys(found)]


def assert_lists_sum_to(client, address, *, at_least: int) -> None:
    links = links_of(client, address)
    assert len(links) >= at_least
    for link, number in links:
        page = " ".join(client.get(link).content.decode().split())
        if "," not in number:
            promised = f". {number} institution"
        elif "status=excluded" in link:
            promised = f"Taget ud ved gennemgang: {number} dage "
        elif "status=not_reviewed" in link:
            promised = f"heraf {number} ikke gennemgået"
        else:
            promised = f"{number} dage "
        assert promised in page, (link, number)


def test_the_closed_year_is_662_5_on_13_units_everywhere(client, world):
    world.decoys.returned.withdraw(by=world.office)  # or the year could not close
    make_account(2023, by=world.office).close(by=world.office, accept_missing=True, today=date(2024, 2, 1))
    assert_alike(client, world)
    assert_lists_sum_to(client, "/lukninger/opgoerelse/2023/", at_least=80)

    # The decoys of a closed year: registered after it and asked about, or not reviewed.
    late = make_closure(institution=world.outside, by=world.office, first_day=date(2023, 2, 6))
    make_closure(institution=world.outside, by=world.office, first_day=date(2023, 2, 7)).ask(
        "Hvorfor?", by=world.office
    )
    assert_alike(client, world)

    # What is reviewed moves today's recount alone.
    late.review(by=world.office)
    Closure.objects.get(institution=world.units[12]).exclude(Closure.Exclusion.OTHER, text="Fejl", by=world.office)
    Closure.objects.get(institution=world.units[11]).reclassify(PEDAGOGICAL, by=world.office)
    (shown,) = figures.shown(2023, 2023)
    assert (shown.total, shown.units, shown.taken_out) == (1325, 13, 12)
    assert (shown.today.total, shown.today.units, shown.today.taken_out) == (1325 + 2 - 9, 13, 12 + 9)
    page = " ".join(client.get("/lukninger/opgoerelse/2023/").content.decode().split())
    assert "I 2023 var der 662,5 ikke-planlagte lukkedage på 13 institutioner og tjenester." in page
    assert "Opgjort i dag er der 659,0 ikke-planlagte lukkedage." in page
    moved = re.findall(r'<td class="num">([\d,]+)</td> <td class="num">([\d,]+)', page[page.index('id="after"') :])[:3]
    assert sorted(moved) == [("0,0", "1,0"), ("4,5", "0,0"), ("8,0", "8,0")]
    assert_lists_sum_to(client, "/lukninger/opgoerelse/2023/", at_least=80)
    assert_lists_sum_to(client, "/lukninger/opgoerelse/", at_least=5)
    for form in ("csv", "xlsx"):
        content = client.get("/lukninger/opgoerelse/2023/", {"format": form}).content
        if form == "csv":
            rows = [line.split(";") for line in content.decode("utf-8-sig").splitlines()]
        else:
            sheet = load_workbook(io.BytesIO(content)).active
            rows = [[_as_typed(cell.value) for cell in row] for row in sheet.iter_rows()]
        whole = next(row for row in rows if row[:2] == ["Hele året", "Ikke-planlagte lukkedage"])
        assert (whole[5], whole[6], whole[8]) == ("662,5", "659", "forelagt udvalget")
        assert [row[5:7] for row in rows if row[1] == "Enheden Myrte"] == [["4,5", "0"]]
        assert len([row for row in rows if row[0] == "Efter årsopgørelsen"]) == 3
    note = make_note(date=date(2024, 3, 1), written_by=world.office)
    Section.objects.create(note=note, order=1, kind="closures", heading="Lukninger", year=2023)
    (section,) = gather(note, on=date(2024, 3, 1)).sections
    assert (section.years[0].total, section.years[0].disruption) == (1325, 980)
    assert "Årsopgørelsen for 2023 er afsluttet." in " ".join(section.explanation)
    assert "659" not in section.finding
    marked = " ".join(client.get("/lukninger/?aar=2023&aendret=on").content.decode().split())
    assert marked.count(">efter årsopgørelsen<") == 4
    assert "4 lukninger" in marked


# --- The decoys are decoys: without its rule each would move the sum ------------------------------------------------


def test_what_is_not_reviewed_withdrawn_or_taken_out_would_count(world):
    assert counted() == (1325, 13)
    for decoy in vars(world.decoys).values():
        with otherwise():
            if decoy.status == Closure.Status.RETURNED:
                decoy.review(by=world.office)
            else:  # its days are free: the same days, reported again and reviewed
                days = {name: getattr(decoy, name) for name in ("first_day", "first_part", "last_day", "last_part")}
                make_reviewed_closure(by=world.office, institution=world.outside, **days)
            assert counted() == (1331, 14)
    with otherwise():
        make_reviewed_closure(by=world.office, institution=world.outside, first_day=world.reduced.first_day)
        assert counted() == (1327, 14)


def test_a_nil_return_and_days_of_the_next_year_are_elsewhere(world):
    found, after = figures.years(Closure.objects.all(), 2023, 2024, reviewed_only=True)
    assert (found.asked, found.answered, found.nil, found.units) == (1, 1, 1, 13)
    assert (after.total, after.units) == (4, 1)


@pytest.mark.parametrize(
    ("unit", "opening", "half_days"),
    [
        (2, {"halves": [3] * 6 + [0]}, 32),  # 16 Saturdays: 12 of the winter, 3 of June, 1 of Easter
        (2, {"open_on_public_holidays": True}, 6),  # Maundy Thursday, Good Friday, Easter Monday
        (4, {"open_on_public_holidays": True}, 2),  # Store Bededag
        (6, {"halves": [3] * 7}, 40),  # 8 weekends out of the planned weeks, and one in September
        (11, {"open_on_public_holidays": True}, 2),  # Ascension Day
    ],
)
def test_weekends_and_public_holidays_would_count_if_the_unit_were_open(world, unit, opening, half_days):
    OpeningHours.objects.create(institution=world.units[unit], **opening)
    recount(world, unit)
    assert counted() == (1325 + half_days, 13)


def recount(world, unit: int) -> None:
    for closure in Closure.objects.filter(institution=world.units[unit]):
        closure.recount(by=world.office, today=date(2026, 11, 1))


def test_planned_closings_would_count_if_they_were_not_planned(world):
    for planned, unit, half_days in ((world.own, 6, 20), (world.shared, 8, 70)):
        with otherwise():
            planned.delete()
            recount(world, unit)
            assert counted() == (1325 + half_days, 13)


def test_a_service_would_count_again_if_it_were_a_unit_of_its_own(world):
    Institution.objects.filter(pk=world.units[9].pk).update(parent=None)
    assert counted() == (1325 + 20, 13)


def test_an_evening_club_s_saturdays_would_be_lost_on_ordinary_hours(world):
    OpeningHours.objects.all().delete()
    recount(world, 7)
    assert counted() == (1325 - 12 - 1 - 2, 13)
