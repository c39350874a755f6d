"""Papers: ten thousand that are issued, to be listed and searched; and one to be set beside what Chromium prints."""

import hashlib
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

import psycopg
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max
from django.utils import timezone
from playwright.sync_api import sync_playwright
from psycopg.types.json import Jsonb

from reports.content import Text
from reports.models import Committee, IssuedDocument, Note
from reports.paper import to_html, to_pdf
from sikkerby.models import Administration, User
from tests.reports.papers import ISSUED_AT, WORDING, make_full_paper, make_paper

from .measuring import timed

# --- Issued notes -------------------------------------------------------------------------------------------------

WORDS = (
    *("lukkedage", "driftsforstyrrelser", "tryghed", "nattelivet", "institutionerne", "klubben", "biblioteket"),
    *("medarbejderne", "samarbejdet", "opgørelsen", "effektmålet", "forvaltningerne", "indsatsen", "bydelen"),
    *("havblik", "lindevang", "forebyggelse", "opfølgning", "udvalget", "orienteres", "ungdomsliv", "belysning"),
    *("politiet", "boligorganisationerne", "uro", "ledelsen", "evalueringen", "katalog", "erfaringer", "økonomi"),
)
COMPOUNDS = [
    f"{first}{second}"
    for first in ("skole", "bolig", "natte", "gade", "kultur", "ungdoms", "idræts", "bydels", "nabo", "trafik")
    for second in ("indsatser", "netværk", "møder", "planer", "vagter", "hold", "forløb", "puljer", "vejledere", "dage")
]
FIRST_DAY = date(2013, 1, 8)
WORDS_OF_A_NOTE = 500  # two pages, with a third of the common words and as many of the others


def issue(owner: psycopg.Connection, *, notes: int, today: date) -> None:
    """Add so many issued notes, written by COPY as closures are; the chain goes on from the demo's."""
    chance = random.Random(3)
    committees = list(Committee.objects.order_by("pk"))
    office, approver = (User.objects.get(username=name).pk for name in ("center", "godkender"))
    sender = Administration.objects.get(abbreviation="ØKF").pk
    first = 1 + (Note.objects.aggregate(last=Max("pk"))["last"] or 0)
    last = IssuedDocument.objects.order_by("number").last()
    number, previous = (last.number, last.sha256) if last else (0, "")
    step = (today - FIRST_DAY) / notes
    planned = [
        (
            first + each,
            FIRST_DAY + step * each,
            f"Notat om {' og '.join(chance.sample(WORDS, 2))}",
            committees[each % 8],
        )
        for each in range(notes)
    ]

    def note_rows() -> Iterator[tuple]:
        for pk, day, title, committee in planned:
            at = timezone.make_aware(datetime.combine(day, time(10)))
            acts = (office, at, approver, at, office, at)
            yield pk, committee.pk, title, day, f"2010-{pk:07}", f"2010-{pk:07}-1", sender, "issued", office, at, *acts

    def document_rows() -> Iterator[tuple]:
        before = previous
        for place, (pk, day, title, committee) in enumerate(planned, start=number + 1):
            at = timezone.make_aware(datetime.combine(day, time(10)))
            its_words = chance.sample(WORDS, len(WORDS) // 3) + chance.sample(COMPOUNDS, len(COMPOUNDS) // 3)
            text = " ".join(chance.choices(its_words, k=WORDS_OF_A_NOTE))
            paper = make_paper(title=title, date=day, number=place, previous_hash=before, addressee=committee.name)
            digest = hashlib.sha256(f"{before}{place}".encode()).hexdigest()
            facts = (place, pk, f"{day} {title}.pdf", committee.name, title, day, False, at, "Kontoret", "Godkenderen")
            pdf = f"%PDF-1.7 {place}".encode()
            yield *facts, Jsonb(paper.to_json()), text, f"<p>{text}</p>".encode(), pdf, len(pdf), before, digest
            before = digest

    with owner.cursor() as cursor:
        _copy(
            cursor,
            Note,
            (
                *("id", "committee_id", "title", "date", "case_number", "document_number", "sender_id", "status"),
                *("written_by_id", "written_at", "submitted_by_id", "submitted_at", "approved_by_id", "approved_at"),
                *("issued_by_id", "issued_at"),
            ),
            note_rows(),
        )
        _copy(
            cursor,
            IssuedDocument,
            (
                *("number", "note_id", "filename", "committee_name", "title", "date", "closed", "issued_at"),
                *("issued_by_name", "approved_by_name", "content", "text", "html", "pdf", "pdf_size"),
                *("previous_sha256", "sha256"),
            ),
            document_rows(),
        )
        for statement in connection.ops.sequence_reset_sql(no_style(), [Note]):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE reports_note, reports_issueddocument")


def _copy(cursor: psycopg.Cursor, model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """COPY these columns; the others get what the model gives them by itself. History is written by its trigger."""
    given = {*columns, "id"}
    others = [each for each in model._meta.concrete_fields if not each.generated and each.attname not in given]
    ends = tuple(each.get_db_prep_save(each.get_default(), connection) for each in others)
    names = ", ".join(f'"{name}"' for name in (*columns, *(each.attname for each in others)))
    with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row((*row, *ends))


# --- A note of nine pages, beside Chromium ------------------------------------------------------------------------

PAGES = 9
CHROMIUM = "/usr/bin/chromium"  # the whole browser, as people have it
ARGUMENTS = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


class Printing:
    """The same HTML, set by us and printed by Chromium. Playwright has a loop of its own, hence a thread of its own."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.paper = nine_pages()
        self.html = to_html(self.paper)
        self.file = directory / "paper.html"
        self.file.write_text(self.html)
        self.thread = ThreadPoolExecutor(max_workers=1)

    @cached_property
    def page(self):
        """A tab in a browser that runs."""
        self.playwright = sync_playwright().start()
        browser = self.playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=[*ARGUMENTS])
        return browser.new_page()

    def ours(self) -> float:
        return timed(to_pdf, self.paper, self.html, created=ISSUED_AT)

    def cold(self) -> float:
        """From nothing: a browser that starts, prints, and ends."""
        home = tempfile.mkdtemp(dir=self.directory)
        command = [CHROMIUM, "--headless", "--no-sandbox", *ARGUMENTS, f"--user-data-dir={home}"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={self.directory / 'cold.pdf'}", self.file.as_uri()]
        seconds = timed(subprocess.run, command, check=True, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)
        return seconds

    def warm(self) -> float:
        return self.thread.submit(self._warm).result()

    def _warm(self) -> float:
        page = self.page
        return timed(self._print, page)

    def _print(self, page) -> bytes:
        page.goto(self.file.as_uri())
        return page.pdf(prefer_css_page_size=True, tagged=True, outline=True)

    def our_size(self) -> float:
        """Megabytes, so that the table, which multiplies by a thousand, has kilobytes."""
        return len(to_pdf(self.paper, self.html, created=ISSUED_AT)) / 1e6

    def their_size(self) -> float:
        return len(self.thread.submit(lambda: self._print(self.page)).result()) / 1e6

    def close(self) -> None:
        self.thread.submit(lambda: self.playwright.stop() if "page" in self.__dict__ else None).result()
        self.thread.shutdown()


@contextmanager
def printing() -> Iterator[Printing]:
    with tempfile.TemporaryDirectory() as directory:
        made = Printing(Path(directory))
        try:
            yield made
        finally:
            made.close()


def nine_pages():
    """Every kind of section, and so much text that it is nine pages."""
    full = make_full_paper()
    paragraphs = "".join(f"<h3>Aktivitet {each}</h3><p>{f'{WORDING} ' * (1 + each % 5)}</p>" for each in range(15))
    return make_full_paper(sections=(*full.sections, Text(heading="Aktiviteter", html=paragraphs)))
