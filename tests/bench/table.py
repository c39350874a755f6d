"""The rows of the table, in its order (README.md, Speed). Reasons for what is known to fall short stand beside them."""

import csv
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from itertools import cycle
from urllib.parse import urlencode

import pghistory
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from closures.importing.columns import HEADINGS
from closures.importing.saving import check, save
from closures.models import AHEAD, ClosedHalfDay, Closure, ClosureStep, Import, Institution, Kind, Leadership
from sikkerby.models import Administration, District, StoredFile, User

from . import city, papers
from .databases import Database, Server
from .measuring import P95, Race
from .visitor import Visitor, send

ADMIN = "/bench/admin/closures/closure/"
BARE = "/bench/bare/"
# Reasons for what is known to fall short. There is no summary table, which would be a second truth.
ADDS_UP = "the sum above the list of a year is counted anew from the year's half-days"
DRAWS = "a list of few closures takes as long as the admin's: both draw filters and 50 rows; and a year's is summed"
RECOUNTS = "the open year is counted anew from its half-days, and once more in each of its nine divisions"
READS_ACCOUNTS = "closed years come from their accounts, so drawing the page is most of what is left of it"
SEEKS = "one that began before the year may last into it, so the year's first is sought from the oldest closure on"
SEARCHES = ("/soeg/?q=klub", "/soeg/?q=lindevang", "/institutioner/?q=havblik", "/notater/?q=tryghed")
NOTES = 10_000  # at most; a tenth of the closures
IN_A_THIRD = "the word stands in a third of the papers: their stems are read twice, for the count and for the page"
OFFERS_ALL = "every note to the committee is offered as what kept the promise"
ASKS_EVERY_ROOM = "the front page asks every room what waits, and sums the open year"
LAYS_OUT = "nine tenths of it is WeasyPrint's, which lays out each line and cell in Python"
FALLS_SHORT = {"home": ASKS_EVERY_ROOM, "reports:follow_up_close": OFFERS_ALL}
A_WARM_TAB = "a tab that waits prints with compiled code on all cores; ours is a process made for the one paper"


@dataclass(frozen=True)
class Cities:
    """The same city with few, many and very many closures, and copies of the second to write in."""

    small: Visitor
    middle: Visitor
    large: Visitor
    audited: Database
    unaudited: Database
    imported: Database
    printing: papers.Printing
    today: date


def build(
    server: Server, *, empty: Database, sizes: tuple[int, int, int], institutions: int, printing: papers.Printing
) -> Cities:
    today = timezone.localdate()
    begun = server.make("begun", like=empty)
    begun.use()
    city.begin(institutions=institutions, today=today)
    visitors = {}
    for size in dict.fromkeys(sizes):
        database = server.make(str(size), like=begun)
        database.use()
        with database.as_owner() as owner:
            city.close(owner, closures=size, today=today)
            papers.issue(owner, notes=min(NOTES, size // 10), today=today)
        visitors[size] = Visitor(database)
    small, middle, large = (visitors[size] for size in sizes)
    copies = [server.make(name, like=middle.database) for name in ("audited", "unaudited", "imported")]
    return Cities(small, middle, large, *copies, printing=printing, today=today)


def races(cities: Cities) -> Iterator[Race]:
    yield from filtered_lists(cities)
    yield from growth(cities)
    yield from depth(cities)
    yield from against_a_bare_view(cities)
    yield from against_their_sql(cities)
    yield from issued_notes(cities)
    yield from setting(cities.printing)
    yield from importing(cities)
    yield from registering(cities)


# --- Lists --------------------------------------------------------------------------------------------------------


def filters(today: date) -> list[tuple[dict, dict]]:
    """Ways to narrow the list of closures, and the same in Django's admin."""
    last_year = {"aar": today.year - 1}, {"first_day__year": today.year - 1}
    reviewed = {"status": "reviewed"}, {"status__exact": "reviewed"}
    waiting = {"status": "awaiting_review"}, {"status__exact": "awaiting_review"}
    disruption = {"art": Kind.DISRUPTION}, {"kind__exact": Kind.DISRUPTION}
    district, administration = District.objects.first().pk, Administration.objects.get(abbreviation="KFF").pk
    place = {"bydel": district}, {"institution__district__id__exact": district}
    whose = {"forvaltning": administration}, {"institution__administration__id__exact": administration}
    unit = Institution.objects.earliest("pk").pk
    of_unit = {"institution": unit}, {"institution__id__exact": unit}
    both = [(place, reviewed), (whose, disruption), (last_year, place)]
    return [
        *(last_year, reviewed, waiting, disruption, place, whose, of_unit),
        *((one[0] | other[0], one[1] | other[1]) for one, other in both),
    ]


def filtered_lists(cities: Cities) -> Iterator[Race]:
    """Each in turn, so the percentile is over ways to filter too."""
    for visitor, size, to_reach in ((cities.middle, "middle", 0.5), (cities.large, "large", 0.15)):
        visitor.database.use()
        pairs = filters(cities.today)
        ours = cycle(f"/lukninger/?{urlencode(query)}" for query, _ in pairs)
        theirs = cycle(f"{ADMIN}?{urlencode(query)}" for _, query in pairs)
        yield Race(
            row="closure list, filtered, p95 / Django admin's changelist of the same rows, p95",
            what=f"{len(pairs)} filters, {size}",
            ours=lambda visitor=visitor, ours=ours: visitor.get(next(ours)),
            theirs=lambda visitor=visitor, theirs=theirs: visitor.get(next(theirs)),
            to_reach=to_reach,
            percentile=P95,
            times=len(pairs),
            reason=DRAWS,
        )


def lists(cities: Cities) -> list[str]:
    """Every list that links lead to, those of closures also filtered, and searches."""
    found = [each for each in cities.large.pages.values() if "result-count" in cities.large.fetch(each).text]
    narrowed = [f"/lukninger/?{urlencode(query)}" for query, _ in filters(cities.today)]
    return list(dict.fromkeys([*found, *narrowed, *SEARCHES]))


def growth(cities: Cities) -> Iterator[Race]:
    for address in lists(cities):
        yield Race(
            row="each list and search, p50 at 1,000,000 / at 1,000",
            what=address,
            ours=lambda address=address: cities.large.get(address),
            theirs=lambda address=address: cities.small.get(address),
            to_reach=1.5,
            times=3,
            reason=ADDS_UP if "aar=" in address else IN_A_THIRD if "q=" in address else "",
        )


def depth(cities: Cities) -> Iterator[Race]:
    """The last page as the link to it finds it, and as one comes to it by "next"."""
    for address in lists(cities):
        last = f"{address}{'&' if '?' in address else '?'}sidste=1"
        if "sidste=1" not in cities.large.fetch(address).text:
            continue  # it has one page
        before = _link(cities.large.fetch(last).text, "foer")
        for deepest in (last, _link(cities.large.fetch(before).text, "efter")):
            yield Race(
                row="deepest page / first page at 1,000,000, p50",
                what=deepest if deepest == last else f"{address}, by cursor",
                ours=lambda deepest=deepest: cities.large.get(deepest),
                theirs=lambda address=address: cities.large.get(address),
                to_reach=1.5,
                times=2,
                reason=SEEKS if "aar=" in address else "",
            )


# --- Pages --------------------------------------------------------------------------------------------------------


def against_a_bare_view(cities: Cities) -> Iterator[Race]:
    for route, address in sorted(cities.middle.pages.items()):
        yield Race(
            row="each page, p95 / a bare view with one SELECT 1, p95, at 100,000; under 300 ms",
            what=f"{route} {address}",
            ours=lambda address=address: cities.middle.get(address),
            theirs=lambda: cities.middle.get(BARE),
            to_reach=40,
            at_most=0.3,
            percentile=P95,
            times=4,
            reason=RECOUNTS if "figures" in route else FALLS_SHORT.get(route, ""),
        )


def against_their_sql(cities: Cities) -> Iterator[Race]:
    addresses = ("/", "/lukninger/opgoerelse/", f"/lukninger/opgoerelse/{cities.today.year}/")
    for visitor, size, judged in ((cities.middle, "100,000", True), (cities.large, "1,000,000", False)):
        raw = visitor.database.connect()
        for address in addresses:
            statements = visitor.statements_of(address)
            yield Race(
                row="figures and front page / the same SQL by psycopg, p50, at 100,000 (at 1,000,000: not judged)",
                what=f"{address} at {size}",
                ours=lambda visitor=visitor, address=address: visitor.get(address),
                theirs=lambda raw=raw, statements=statements: send(raw, statements),
                to_reach=1.5 if judged else None,
                times=4 if judged else 1,
                reason=READS_ACCOUNTS,
            )


def issued_notes(cities: Cities) -> Iterator[Race]:
    """As the office has them, and as a committee's member, who sees fewer and of whom more is asked."""
    member = Visitor(cities.middle.database, "udvalg")
    for visitor, who in ((cities.middle, "the office"), (member, "a member")):
        for address in ("/notater/", "/notater/?q=tryghed", "/notater/?q=lindevang+havblik", "/notater/?sidste=1"):
            yield Race(
                row="the list of 10,000 issued notes and search in it, p95 / a bare view, p95; under 300 ms",
                what=f"{address}, {who}",
                ours=lambda visitor=visitor, address=address: visitor.get(address),
                theirs=lambda: cities.middle.get(BARE),
                to_reach=40,
                at_most=0.3,
                percentile=P95,
                times=4,
                reason=IN_A_THIRD,
            )


# --- Papers -------------------------------------------------------------------------------------------------------


def setting(printing: papers.Printing) -> Iterator[Race]:
    """A note of nine pages: the same HTML, made a PDF by both."""
    for state, theirs, to_reach in (("cold", printing.cold, 0.6), ("warm", printing.warm, 3.5)):
        yield Race(
            row=f"a note of nine pages, warm / headless Chromium's print-to-PDF of the same HTML, {state}, p50",
            what="the whole PDF, tagged",
            ours=printing.ours,
            theirs=theirs,
            to_reach=to_reach,
            times=2,
            reason=A_WARM_TAB if state == "warm" else LAYS_OUT,
        )
    yield Race(
        row="its bytes / Chromium's",
        what="kilobytes in the place of milliseconds",
        ours=printing.our_size,
        theirs=printing.their_size,
        to_reach=0.35,
        times=1,
    )


def _link(page: str, cursor: str) -> str:
    return unescape(re.search(rf'href="([^"]*[?;]{cursor}=[^"]*)"', page)[1])


# --- Writing ------------------------------------------------------------------------------------------------------


def importing(cities: Cities) -> Iterator[Race]:
    """A CSV that is read, checked row by row and saved, as its button does it once the preview has been seen; and the
    same rows, as they then were, by COPY. Tables are emptied before each; history and constraints are on for both."""
    cities.imported.use()
    sheet = as_csv(Closure.objects.order_by("pk").select_related("institution"))
    importer = Importer(cities.imported, sheet, cities.today)
    importer.save()
    copier = Copier(cities.imported)
    yield Race(
        row="checked CSV import of 100,000 closures with their half-days / COPY of the clean rows, p50",
        what=f"{Closure.objects.count()} closures",
        ours=importer.save,
        theirs=copier.copy,
        to_reach=2.5,
        times=1,
    )


def as_csv(closures: QuerySet) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    fields = ("institution", "kind", "scope", "first_day", "first_part", "last_day", "last_part", "cause", "account")
    writer.writerow([HEADINGS[name] for name in fields])
    for each in closures:
        values = {name: getattr(each, name) for name in fields}
        labels = {name: getattr(each, f"get_{name}_display")() for name in ("kind", "scope", "cause")}
        parts = {"first_part": each.get_first_part_display(), "last_part": each.get_last_part_display()}
        writer.writerow((values | labels | parts).values())
    return file.getvalue().encode()


class Importer:
    def __init__(self, database: Database, sheet: bytes, today: date):
        self.database, self.today = database, today
        self.office = User.objects.get(username="center")
        empty(database)
        file = StoredFile.objects.store(name="ark.csv", content_type="text/csv", content=sheet, by=self.office)
        self.import_ = Import.objects.create(file=file, reviewed=True, imported_by=self.office)
        check(self.import_, today=today)
        if self.import_.new != sheet.count(b"\n") - 1:
            raise RuntimeError("the sheet of the city is not right by the rules of the application")

    def save(self) -> float:
        self.database.use()
        empty(self.database)
        start = time.perf_counter()
        with pghistory.context(user=self.office.pk, url=self.import_.get_absolute_url()):
            if not save(self.import_, by=self.office, today=self.today):
                raise RuntimeError("the register is not what it was when the sheet was checked")
        return time.perf_counter() - start


class Copier:
    """What an import has just saved, row by row as it stands in the tables."""

    TABLES = tuple(each._meta.db_table for each in (Closure, ClosedHalfDay, ClosureStep))

    def __init__(self, database: Database):
        self.database, self.rows = database, {}
        with database.as_owner() as owner, owner.cursor() as cursor:
            for table in self.TABLES:
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    self.rows[table] = b"".join(copy)

    def copy(self) -> float:
        empty(self.database)
        with self.database.as_owner() as owner:
            start = time.perf_counter()
            with owner.transaction(), owner.cursor() as cursor:
                for table, rows in self.rows.items():
                    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                        copy.write(rows)
            return time.perf_counter() - start


def empty(database: Database) -> None:
    with database.as_owner() as owner:
        owner.execute("TRUNCATE closures_closure, closures_closureevent CASCADE")


def registering(cities: Cities) -> Iterator[Race]:
    """The act itself, as its page calls it: locks, checks, half-days, step and mail, in a transaction of its own."""
    with cities.unaudited.as_owner() as owner:
        for name, table in owner.execute(HISTORY_TRIGGERS).fetchall():
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    yield Race(
        row="registering with audit / without, p50",
        what="one closure, by its leader",
        ours=Registrar(cities.audited, cities.today).register,
        theirs=Registrar(cities.unaudited, cities.today).register,
        to_reach=1.3,
        times=10,
    )


HISTORY_TRIGGERS = """
    SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname ~ '^pgtrigger_(insert|update|delete)_\\1_'
"""


class Registrar:
    """Registers tomorrow and the days after, which no closure of the city has taken."""

    def __init__(self, database: Database, today: date):
        self.database, self.today = database, today
        self.free = self._free()

    def _free(self) -> Iterator[tuple[Institution, User, date]]:
        for ahead in range(1, AHEAD.days + 1):
            day = self.today + timedelta(days=ahead)
            for each in Leadership.objects.select_related("institution", "user").order_by("pk"):
                if each.institution.calendar(day, day).halves_on(day):
                    yield each.institution, each.user, day

    def register(self) -> float:
        self.database.use()
        institution, leader, day = next(self.free)
        reported = {"kind": Kind.DISRUPTION, "scope": Closure.Scope.AREA, "first_day": day, "last_day": day}
        start = time.perf_counter()
        with pghistory.context(user=leader.pk, url="/lukninger/ny/"), transaction.atomic():
            Closure.objects.register(institution=institution, by=leader, today=self.today, **reported)
        return time.perf_counter() - start
