"""The guides of docs/vejledning/, walked through as their readers do. What a guide says is to be pressed, or stands on
the screen, is found there; its pictures are taken on the way, and `make pictures` puts them beside it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from closures.models import (
    AnnualReturn,
    ClosedHalfDay,
    Closure,
    Incident,
    Institution,
    Kind,
    Leadership,
    SharedCalendar,
)
from sikkerby.models import User
from tests.browser.conftest import PHONE

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "vejledning"
IN_DOCS, TAKEN = GUIDES / "billeder", ROOT / "var" / "pictures"
LARGEST = 120_000  # bytes: a guide is read on a phone too

PRESSED = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
QUOTED = re.compile(r"»(.+?)«", re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]+\]\(billeder/([\w-]+)\.png\)")
LINK = re.compile(r"\]\(([^)]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

AS_SEEN = """() => {
  const seen = element => {
    const copy = element.cloneNode(true)
    copy.querySelectorAll('.visually-hidden, script').forEach(each => each.remove())
    return copy.textContent
  }
  return [[...document.querySelectorAll('a, button, summary, label, option')].map(seen), seen(document.body)]
}"""
AROUND = """all => {
  const boxes = all.map(each => each.getBoundingClientRect())
  const furthest = side => Math.max(...boxes.map(box => box[side]))
  return [boxes[0].x, boxes[0].y + scrollY, furthest('right'), furthest('bottom') + scrollY]
}"""
MARGIN, TALLEST = 16, 1100
TEXT, STORY = 720, 890  # where a paragraph ends on a wide screen, and the main column


class Reader:
    """Somebody with a guide in hand: remembers what stood on the pages, and takes the pictures."""

    def __init__(self, page: Page):
        self.page = page
        self.pressable: set[str] = set()
        self.said: list[str] = []
        self.pictures: dict[str, int] = {}  # by name, how many bytes

    def look(self) -> None:
        pressable, said = self.page.evaluate(AS_SEEN)
        self.pressable.update(map(plain, pressable))
        self.said.append(plain(said))

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def press(self, name: str | re.Pattern, role: str = "button") -> None:
        """A button by its whole name, which brings another page."""
        exact = isinstance(name, str)
        self.look()
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.look()

    def follow(self, name: str | re.Pattern) -> None:
        self.press(name, role="link")

    def arrive(self, heading: str | re.Pattern) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def picture(self, name: str, first: Locator, last: Locator | None = None, *, right: int = 0) -> None:
        """From the top of one thing to the bottom of another, if it is not too far down; as wide as they are or to a
        line on the right, on a phone as wide as the screen."""
        self.look()
        boxes = [each.evaluate_all(AROUND) for each in (first, last or first)]
        left, top, bottom = max(boxes[0][0] - MARGIN, 0), max(boxes[0][1] - MARGIN, 0), boxes[1][3] + MARGIN // 2
        right = right or max(box[2] for box in boxes) + MARGIN
        if self.page.viewport_size["width"] == PHONE:
            left, right = 0, PHONE
        assert bottom > top + 2 * MARGIN, f"{name}: the last thing lies above the first"
        TAKEN.mkdir(parents=True, exist_ok=True)
        clip = {"x": left, "y": top, "width": right - left, "height": min(bottom - top, TALLEST)}
        self.pictures[name] = len(self.page.screenshot(path=TAKEN / f"{name}.png", clip=clip, full_page=True))

    def heading(self, name: str | re.Pattern) -> Locator:
        return self.page.get_by_role("heading", name=name).first

    def finds_all_of(self, guide: str) -> None:
        """Nothing that the guide says is unseen; its pictures are those that were taken, and small."""
        text = (GUIDES / guide).read_text(encoding="utf-8")
        wrong = {
            "pressed": [
                each for each in found(PRESSED, text) if not any(map(as_pattern(each).fullmatch, self.pressable))
            ],
            "said": [each for each in found(QUOTED, text) if not any(map(as_pattern(each).search, self.said))],
            "pictures": set(PICTURE.findall(text)) ^ set(self.pictures),
            "too large": {name: size for name, size in self.pictures.items() if size > LARGEST},
        }
        assert not any(wrong.values()), wrong


def plain(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


def found(what: re.Pattern, text: str) -> list[str]:
    return [plain(each) for each in what.findall(text)]


def as_pattern(words: str) -> re.Pattern:
    """Words of a guide, in which three dots are something that differs."""
    return re.compile(".+".join(map(re.escape, words.split("…"))))


# --- What the demo leaves to chance -------------------------------------------------------------------------------


def free_monday(*units: Institution, before: date) -> date:
    """The newest Monday before a day on which all of these should have been open, as on the two days after it, and of
    which nothing is registered."""
    first = before - timedelta(days=before.weekday() + 7)
    for monday in (first - timedelta(weeks=weeks) for weeks in range(60)):
        days = [monday + timedelta(days=more) for more in range(3)]
        taken = ClosedHalfDay.objects.filter(institution__in=units, day__in=days).exists()
        if not taken and all(
            len(unit.calendar(days[0], days[2]).halves_on(day)) == 2 for unit in units for day in days
        ):
            return monday
    raise AssertionError("No free Monday.")


@pytest.fixture(scope="module", autouse=True)
def what_the_guides_speak_of(site, django_db_blocker) -> None:
    """One unrest that was registered twice, and institutions that have not answered for last year; of one that had no
    closures the leader is the deputy. Committed before the tests begin, for the server to see."""
    with django_db_blocker.unblock():
        today = timezone.localdate()
        school = Institution.objects.get(name="Fyrskolen")
        monday = free_monday(school, before=today)
        for day in (monday, monday + timedelta(days=1)):
            Closure.objects.register(
                institution=school,
                by=school.leaders(today)[0],
                today=today,
                kind=Kind.DISRUPTION,
                scope=Closure.Scope.AREA,
                first_day=day,
                last_day=day,
                reference="Politianmeldelse 4711",
                account="Store drenge udefra kom ind på skolen og ville ikke gå igen.",
            )
        answers = AnnualReturn.objects.filter(year=today.year - 1)
        nil = list(answers.filter(confirmed_by_administration=True).order_by("pk"))
        some = answers.filter(answer="all", institution__administration__abbreviation="BUF").order_by("-pk")[:2]
        answers.filter(pk__in=[each.pk for each in (*nil, *some)]).take_back()
        stands_in, leader = nil[0].institution, User.objects.get(username="leder")
        stands_in.leaderships.create(user=leader, kind=Leadership.Kind.DEPUTY)


# --- The guides ---------------------------------------------------------------------------------------------------


def test_guide_of_the_leader(visit):
    today, club = timezone.localdate(), Institution.objects.get(name="Aftenklubben Kvarteret")
    school = Institution.objects.get(name="Lærkevejens Skole")
    reader = Reader(visit("leder", width=PHONE))
    page = reader.page

    # When it had to close.
    monday = free_monday(school, *school.services.all(), before=today)
    reader.follow("Registrér lukning")
    fill_in(page, "Lærkevejens Skole", monday, monday + timedelta(days=2))
    expect(page.locator("#count")).to_have_text(re.compile(r"Tæller 2½ dage: mandag \(sidste del\), tirsdag, onsdag\."))
    reader.picture("leder-datoer", page.get_by_text("Første dag", exact=True), page.locator("#count"))
    reader.press("Kontrollér og send")
    reader.arrive("Kontrollér og send")
    reader.press("Send")
    reader.arrive(re.compile(r"LUK-\d+-\d+"))
    reader.picture(
        "leder-kvittering", page.get_by_role("heading", level=1), page.get_by_role("link", name="Registrér én til")
    )
    reader.follow("Se lukningen")
    reader.follow("Ret")
    reader.arrive(re.compile(r"Ret LUK-\d+-\d+"))
    reader.press("Gem rettelsen")

    reader.open("/lukninger/ny/")
    fill_in(page, "Lærkevejens Skole", monday, monday)
    reader.press("Kontrollér og send")
    expect(page.get_by_text("Dagene er allerede registreret").first).to_be_visible()

    # Until further notice.
    lately = next(
        day for day in (today - timedelta(days=ago) for ago in range(1, 10)) if club.calendar(day, day).halves_on(day)
    )
    reader.open("/lukninger/ny/")
    fill_in(page, "Aftenklubben Kvarteret", lately, None)
    reader.press("Kontrollér og send")
    reader.press("Send")
    reader.follow("Se lukningen")
    reader.picture(
        "leder-aabnet-igen", reader.heading("Har I åbnet igen?"), page.get_by_text("Nej, men lukningen fortsætter som")
    )
    reader.press("Ja, vi åbnede i dag")
    expect(page.get_by_text("Lukningen er afsluttet.")).to_be_visible()

    # The office asks, and has changed a kind.
    asked = Closure.objects.filter(institution=club, status=Closure.Status.RETURNED).first()
    reader.open("/")
    reader.follow(re.compile("venter på dit svar"))
    reader.open(asked.get_absolute_url())
    page.get_by_label("Svar til Center for Sikker By").fill("Det var hele klubben. Vi sendte alle hjem klokken 18.")
    reader.picture(
        "leder-spoergsmaal",
        reader.heading("Spørgsmål fra Center for Sikker By"),
        page.get_by_role("button", name="Send svaret"),
    )
    reader.press("Send svaret")
    reader.open(Closure.objects.filter(institution=club, agreement="asked").first().get_absolute_url())
    reader.press("Ja, vi er enige")
    reader.open("/lukninger/?status=reviewed")
    page.get_by_role("table").get_by_role("link").first.click()
    reader.arrive(re.compile(r"LUK-\d+-\d+"))
    page.get_by_text("Bed om en rettelse").click()
    reader.look()

    # The year.
    reader.open("/")
    reader.follow(re.compile(f"mangler at svare for {today.year - 1}"))
    boxes = page.get_by_role("checkbox")
    for box in boxes.all():
        box.check()
    reader.picture("leder-aaret", reader.heading("Mangler svar"), page.get_by_role("button", name="Send svar"))
    reader.press("Send svar")
    expect(page.get_by_text("Alle dine institutioner har svaret")).to_be_visible()

    # The card, the next leader, the mails.
    reader.open("/")
    reader.follow("Actioncard")
    reader.follow("Aftenklubben Kvarteret")
    reader.picture("leder-actioncard", page.get_by_role("heading", level=1), page.locator(".situations section").first)
    reader.follow("Ret numrene")
    reader.open(club.get_absolute_url())
    reader.follow("Skift leder")
    reader.arrive("Skift ansvarlig leder")
    reader.open("/konto/")
    page.get_by_label("Send mig kun de nødvendige mails").check()
    reader.press("Gem")

    reader.finds_all_of("leder.md")


def fill_in(page: Page, institution: str, first_day: date, last_day: date | None) -> None:
    """A disruption in the area that began in the middle of a day."""
    page.get_by_role("radio", name=institution).check()
    page.get_by_role("radio", name=re.compile("Driftsforstyrrelse")).check()
    page.get_by_label("Første dag", exact=True).fill(first_day.isoformat())
    page.get_by_role("radio", name="kun sidste del (lukkede før tid)").check()
    if last_day:
        page.get_by_label("Sidste dag", exact=True).fill(last_day.isoformat())
    else:
        page.get_by_role("radio", name="indtil videre (der er stadig lukket)").check()
    page.get_by_role("radio", name="uro i området").check()


def test_guide_of_the_contact(visit):
    year = timezone.localdate().year - 1
    reader = Reader(visit("kontakt"))
    page = reader.page
    reader.open("/lukninger/")
    reader.open("/institutioner/?uden_leder=on")
    reader.open("/")
    reader.follow(re.compile(f"mangler at svare for {year}"))
    page.get_by_role("button", name=re.compile("^Vælg alle")).click()
    reader.picture(
        "kontakt-nul",
        reader.heading("Forvaltningens institutioner"),
        page.get_by_role("button", name="Bekræft nulindberetning"),
        right=TEXT,
    )
    reader.press("Bekræft nulindberetning")
    expect(page.get_by_text("bekræftet af forvaltningen.").first).to_be_visible()
    with page.expect_navigation():
        page.locator("h3:text-is('Mangler svar og har lukninger') + ul a").last.click()
    page.get_by_label("Ja, det er alle ikke-planlagte lukninger").check()
    reader.press("Send svar")
    reader.finds_all_of("kontaktperson.md")


def test_guide_of_the_office(visit):
    today = timezone.localdate()
    reader = Reader(visit("center"))
    page = reader.page
    head = page.locator(".page-head")

    # The queue.
    reader.look()
    reader.follow(re.compile("venter på gennemgang"))
    reader.picture("center-gennemgang", head, page.get_by_text("Tag lukningen ud, så den ikke tæller med"))
    reader.open(f"/lukninger/gennemgang/{Closure.objects.filter(correction_asked=True).first().pk}/")
    twice = Closure.objects.filter(reference="Politianmeldelse 4711").order_by("pk").last()
    reader.open(f"/lukninger/gennemgang/{twice.pk}/")
    page.get_by_text("Send tilbage med et spørgsmål til lederen").click()
    page.get_by_label("Spørgsmål til lederen").fill("Er det den samme lukning som dagen før?")
    reader.press("Send spørgsmålet")
    near = Closure.objects.filter(institution__name="Børnehuset Æblegrenen").awaiting_review().first()
    reader.open(f"/lukninger/gennemgang/{near.pk}/")
    reader.press(re.compile("^Saml her"))
    reader.open("/haendelser/")
    reader.open(Incident.objects.get(title__startswith="Brande og uro").get_absolute_url())
    reader.picture("center-haendelse", head, page.locator("figure.chart"), right=STORY)

    # Institutions.
    reader.open("/institutioner/?uden_leder=on")
    reader.open(Institution.objects.get(name="Fritidsklubben Zenit").get_absolute_url())
    reader.open("/institutioner/kalendere/")
    reader.open(SharedCalendar.objects.first().get_absolute_url())
    counted = (
        Closure.objects.filter(first_day__year=today.year - 1, first_day__month__lt=8).order_by("-half_days").first()
    )
    institution = counted.institution
    reader.open(f"{institution.get_absolute_url()}?aar={today.year - 1}")
    reader.picture(
        "center-institution", page.locator(".finding"), page.locator(".year .month:nth-child(-n + 8)"), right=STORY
    )
    reader.follow("Tilføj en planlagt lukkedag")
    first_held = counted.closed_half_days.order_by("day").first().day
    page.get_by_label("Første dag").fill(first_held.isoformat())
    page.get_by_label("Sidste dag").fill(first_held.isoformat())
    page.get_by_label("Anledning").fill("pædagogisk dag")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("heading", name=re.compile("som allerede er talt"))).to_be_visible()
    reader.picture("center-omtaelling", page.locator("#touched"), page.get_by_role("link", name="Fortryd ændringen"))

    # The year's count, from its opening.
    with on(max(date(today.year, 12, 3), today)):
        later = Reader(visit("center"))
        later.look()
        later.follow(re.compile(f"årsopgørelse for {today.year} kan åbnes"))
    reader.pressable |= later.pressable
    reader.said += later.said
    reader.open(f"/lukninger/opgoerelse/{today.year - 1}/indberetning/")
    reader.picture("center-aaret", page.locator("#by-administration"), page.locator("table.figures").first)

    # Figures of a closed year, before and after a correction in it.
    corrected = whole_day_at_first(today.year - 2)
    reader.open(corrected.get_absolute_url())
    reader.follow("Ret efter gennemgang")
    page.get_by_role("radio", name="kun sidste del (lukkede før tid)").check()
    page.get_by_label("Hvorfor bliver den rettet?").fill("Der var først lukket fra klokken 12.")
    reader.press("Gem rettelsen")
    reader.open("/lukninger/opgoerelse/")
    reader.open(f"/lukninger/opgoerelse/{today.year - 2}/")
    reader.picture("center-tal", reader.heading("Året i tal"), page.get_by_role("table").first)

    # A sheet.
    reader.open("/lukninger/?status=excluded")
    reader.open("/lukninger/indlaes/")
    page.get_by_label("Regneark").set_input_files(
        {"name": "Lukninger fra Fyrskolen.csv", "mimeType": "text/csv", "buffer": sheet(today).encode()}
    )
    reader.press("Kontrollér arket")
    reader.arrive(re.compile("^Indlæsning af"))
    reader.picture("center-indlaesning", head, page.locator("#state"))

    # The card.
    reader.open("/actioncard/")
    reader.follow("Ret teksten")
    introduction = page.get_by_label(re.compile("^Indledning"))
    introduction.fill("Få mennesker i sikkerhed først.")
    reader.press("Gem udkast")
    reader.open("/actioncard/")
    reader.follow("Udgiv en ny udgave")
    reader.open(f"/actioncard/{institution.pk}/")

    reader.finds_all_of("center.md")


@contextmanager
def on(day: date) -> Iterator[None]:
    """The server's clock, in this process, stands on the morning of a day."""
    with time_machine.travel(datetime.combine(day, time(9, 30), ZoneInfo("Europe/Copenhagen")), tick=True):
        yield


def whole_day_at_first(year: int) -> Closure:
    """A reviewed closure of the year that counts less when its first day was only a half."""
    whole = Closure.objects.filter(
        status=Closure.Status.REVIEWED, first_day__year=year, last_day__year=year, first_part="whole", last_part="whole"
    )
    return next(
        each for each in whole.order_by("pk") if each.closed_half_days.filter(day=each.first_day, half=1).exists()
    )


def sheet(today: date) -> str:
    """Two closures of days that are free, and a total without days."""
    monday = free_monday(Institution.objects.get(name="Fyrskolen"), before=today)
    rows = [
        "Institution;Art;Første dag;Sidste dag;År;Måned;Ikke-planlagte lukkedage;Kilde",
        f"Fyrskolen;driftsforstyrrelse;{monday:%d-%m-%Y};{monday:%d-%m-%Y};;;;",
        f"Fyrskolen;lukning med et pædagogisk formål;{monday + timedelta(days=2):%d-%m-%Y};"
        f"{monday + timedelta(days=2):%d-%m-%Y};;;;",
    ]
    return "\r\n".join(rows)


# --- What needs no browser ----------------------------------------------------------------------------------------


def test_what_the_guides_link_to_is_there():
    """Other guides and their headings, as GitHub names them; and the pictures, none of which is left over."""
    lost, pictures = [], set()
    for guide in GUIDES.glob("*.md"):
        text = guide.read_text(encoding="utf-8")
        pictures.update(f"{name}.png" for name in PICTURE.findall(text))
        for link in LINK.findall(text):
            name, _, place = link.partition("#")
            target = guide.parent / name if name else guide
            if not target.is_file() or place and place not in places_of(target):
                lost.append(f"{guide.name}: {link}")
    assert lost == []
    assert {each.name for each in IN_DOCS.iterdir()} == pictures


def places_of(guide: Path) -> set[str]:
    headings = HEADING.findall(guide.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
