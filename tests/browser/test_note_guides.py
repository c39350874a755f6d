"""The guides of those who write, approve, issue and read notes, walked through as those of test_guides.py are."""

import re
from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from post_office.models import STATUS

from closures.models import Closure
from reports.letters import key_of
from reports.models import (
    AgendaItem,
    Appendix,
    Barring,
    Committee,
    Decision,
    IssuedDocument,
    Meeting,
    Note,
    Seat,
    Section,
)
from sikkerby.models import Notice, User
from tests.browser.conftest import DESK, TABLET
from tests.browser.test_guides import STORY, TEXT, Reader
from tests.browser.test_notes import draft_of_the_demo, open_editor
from tests.browser.test_writing import expect_saved, of, save_elsewhere

TO_APPROVE, TO_ISSUE, WITH_FIGURES = (
    "Orientering om natteværterne",
    "Lys og udsyn i parkerne",
    "Ikke-planlagte lukkedage i byen",
)
PLACE_TODAY, PLACE_TOMORROW = "Rådhuset, værelse 3", "Rådhuset, festsalen"


@pytest.fixture(scope="module", autouse=True)
def what_the_guides_speak_of(site, django_db_blocker) -> None:
    """One note at each place on the way to a committee, and after it. Committed before the tests begin, for the server
    to see."""
    with django_db_blocker.unblock():
        cast = SimpleNamespace(
            office=User.objects.get(username="center"),
            approver=User.objects.get(username="godkender"),
            finance=Committee.objects.get(abbreviation="ØU"),
            social=Committee.objects.get(abbreviation="SUD"),
            today=timezone.localdate(),
        )
        _on_its_way(cast)
        figures = _with_figures_that_moved(cast)
        correction = _corrected(cast)
        _barred_and_to_be_barred(cast)
        _meetings(cast, figures, correction)
        User.objects.filter(username="udvalg").update(last_login=timezone.now() - timedelta(days=2))


def written(cast, title: str, texts: dict[str, str], **fields) -> Note:
    """A draft by the office with its template's sections and what it sent from last; those without text are gone."""
    fields = Note.objects.latest_block() | {"committee": cast.finance, "date": cast.today, "title": title} | fields
    note = Note.objects.begin(Note(**{"sender_id": fields.pop("sender"), **fields}), by=cast.office)
    for section in note.sections.filter(kind__in=[Section.Kind.TEXT, Section.Kind.PROCESS]):
        if section.heading in texts:
            section.html = f"<p>{texts[section.heading]}</p>"
            section.save()
        else:
            section.delete()
    return note


def _on_its_way(cast) -> None:
    """A comment on the demo's draft; one that waits for approval; one that is approved, with a doubt."""
    draft, year = draft_of_the_demo(), cast.today.year - 1
    draft.comments.create(
        section=of(draft, "Aktiviteter"), by=cast.approver, text="Skriv også, hvem der har fået kataloget."
    )
    waits = written(
        cast,
        TO_APPROVE,
        {
            "": "Økonomiudvalget orienteres om, hvordan natteværterne arbejder i weekenderne.",
            "Aktuel status": "Natteværterne går i Indre By fredag og lørdag. De taler med unge, ringer efter hjælp og "
            "følger til natbussen.",
        },
        template=Note.Template.ORIENTATION,
    )
    waits.attach(Appendix(title=f"Ikke-planlagte lukkedage i {year}", source=Appendix.Source.CLOSURES, year=year))
    waits.submit(by=cast.office)
    approved = written(
        cast,
        TO_ISSUE,
        {
            "": "Økonomiudvalget skal tage stilling til en plan for lys og udsyn i tre parker.",
            "Løsning": "Planen samler det, forvaltningerne i forvejen har sat i gang.",
        },
        template=Note.Template.RECOMMENDATION,
    )
    approved.sections.filter(kind=Section.Kind.ECONOMY).update(economy=Section.Economy.WITHIN)
    approved.set_points(["at planen drøftes", "at planen godkendes", "at udvalget får en status om et år"])
    approved.comments.create(by=cast.approver, text="Er planen set af Teknik- og Miljøforvaltningen?")
    approved.submit(by=cast.office)
    approved.approve(by=cast.approver)


def _issued(note: Note, number: str, cast) -> Note:
    note.case_number, note.document_number = "2026-0012345", number
    note.save()
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.issue(by=cast.office)
    return note


def _with_figures_that_moved(cast) -> Note:
    """Of the spring of last year, about the year before; one of its closures was taken out since."""
    year = cast.today.year - 2
    note = written(
        cast,
        WITH_FIGURES,
        {"": f"I {year} var der {{lukkedage {year}}} ikke-planlagte lukkedage."},
        committee=cast.social,
        date=date(year + 1, 3, 10),
    )
    note.sections.exclude(kind__in=[Section.Kind.TEXT, Section.Kind.CLOSURES]).delete()
    note.sections.update(first_year=None)
    _issued(note, "2026-0012345-1", cast)
    whole = Closure.objects.filter(status=Closure.Status.REVIEWED, first_day__year=year, last_day__year=year)
    whole.order_by("pk").first().exclude("planned", by=cast.office)
    return note


def _corrected(cast) -> Note:
    """The demo's note of 2013 has promised something for a month that was past. The mail about the correction did not
    come through."""
    wrong = Note.objects.get(status=Note.Status.ISSUED, date=date(2013, 8, 20))
    note = Note.objects.correct(
        wrong, by=cast.office, because="Opfølgningen kommer i februar 2014 og ikke i 2013.", today=cast.today
    )
    note.attach(Appendix(title="Vagtplan", closed_because="Medarbejdernes sikkerhed"), closed_to=[cast.finance])
    _issued(note, "2026-0012345-2", cast)
    for notice in Notice.objects.about(key_of(note)).select_related("email"):
        notice.email.status = STATUS.failed
        notice.email.save()
    return note


def _barred_and_to_be_barred(cast) -> None:
    """By each of the two, for the other to confirm; and one that both have said yes to."""
    wrong, old = Note.objects.get(date=date(2013, 8, 20)), Note.objects.get(date=date(2011, 5, 24))
    Barring.objects.ask(wrong, because="Navnet på en medarbejder", by=cast.office)
    Barring.objects.ask(Note.objects.get(title=WITH_FIGURES), because="Navnet på en klub", by=cast.approver)
    Barring.objects.ask(old, because="Navnet på en beboer", by=cast.office).confirm(by=cast.approver)


def _meetings(cast, figures: Note, correction: Note) -> None:
    """Today's, with the note that is to be issued; tomorrow's, with two; and another committee's, which postponed."""
    today = cast.finance.meetings.create(day=cast.today, starts_at=time(15, 0), place=PLACE_TODAY)
    today.put(Note.objects.get(title=TO_ISSUE), number="3")
    tomorrow = cast.finance.meetings.create(
        day=cast.today + timedelta(days=1), starts_at=time(13, 15), place=PLACE_TOMORROW
    )
    tomorrow.put(correction, number="4")
    tomorrow.put(figures, number="5")
    postponed = cast.social.meetings.create(day=cast.today).put(correction, number="2")
    Decision.objects.record(
        Decision(
            note=correction,
            committee=cast.social,
            item=postponed,
            meeting_date=cast.today,
            outcome=Decision.Outcome.POSTPONED,
        ),
        by=cast.office,
    )
    left = User.objects.create(username="forhenvaerende", name="Tidligere medlem af Økonomiudvalget")
    Seat.objects.create(user=left, committee=cast.finance, ends=cast.today - timedelta(days=90))


def the_correction() -> Note:
    return Note.objects.get(replaces__isnull=False)


# --- The guides ---------------------------------------------------------------------------------------------------


def test_guide_of_the_writer(visit):
    note = draft_of_the_demo()
    reader = Reader(visit("center"))
    page = reader.page
    saved = page.locator("#saved")

    # A copy of the last one.
    reader.look()
    reader.open("/notater/")
    reader.follow("Skriv et notat")
    page.get_by_label("det seneste notat til udvalget").check()
    page.get_by_label("Til", exact=True).select_option(label="Socialudvalget")
    page.get_by_label("Titel").fill("Ikke-planlagte lukkedage i byen, året efter")
    reader.press("Opret udkast")
    changed = page.locator("details.callout")
    reader.picture("notat-kopi", changed)

    # What is to be looked at, and the sections.
    reader.open(note.get_absolute_url())
    reader.picture(
        "notat-se-efter", page.locator(".callout--warning"), page.locator("#sections li").nth(3), right=STORY
    )
    reader.press("Fjern Ikke-planlagte lukkedage")
    for part in ("afsnit/ny/", "bilag/ny/", "kommentarer/", "sider/"):
        reader.open(f"{note.get_absolute_url()}{part}")

    # One section, as it is written: with a figure, against another, and after the session has ended.
    editor = open_editor(page, note, "Baggrund")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" I 2012 var der ")
    page.get_by_label("Vælg et tal fra opgørelsen").select_option("{lukkedage 2012}")
    page.get_by_role("button", name="Indsæt tal").click()
    expect(editor).to_be_focused()
    page.keyboard.type(" ikke-planlagte lukkedage.")
    expect_saved(page)
    expect(page.frame_locator("#paper").get_by_text("I 2012 var der 662,5 ikke-planlagte lukkedage.")).to_be_visible()
    reader.picture("notat-skriv", page.locator(".page-head"), saved, right=DESK)
    save_elsewhere(page, of(note, "Baggrund"), "<p>Siden 2013 har opgørelsen haft to dele.</p>")
    page.keyboard.type(" Tallet er faldet.")
    expect(saved).to_contain_text("haft to dele")
    reader.picture("notat-to-skriver", page.get_by_role("button", name="Gem afsnittet"), saved)
    page.get_by_role("button", name="Gem min udgave").click()
    expect_saved(page)
    page.context.clear_cookies(name="session")
    editor.press_sequentially(" Igen.")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Brugernavn").fill("center")
    dialog.get_by_label("Adgangskode").fill("sikkerby")
    reader.look()
    dialog.get_by_role("button", name="Log ind").click()
    expect_saved(page)
    reader.follow("Versioner")
    page.locator("ol.parts a").last.click()
    expect(page.get_by_role("button", name="Hent denne version")).to_be_visible()
    reader.look()

    # What it promises.
    open_editor(page, note, "Videre proces").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Udvalget får en status på kataloget i efteråret 2031.")
    expect(page.get_by_role("button", name=re.compile("Notér som opfølgning .*efteråret 2031"))).to_be_visible()
    reader.picture("notat-loefte", reader.heading("Opfølgninger"), page.get_by_role("link", name="Notér en opfølgning"))

    # To the approver, and after it was issued.
    reader.open(note.get_absolute_url())
    reader.follow("Fjernede afsnit")
    reader.press("Sæt ind igen Ikke-planlagte lukkedage")
    reader.press("Send til godkendelse")
    issued = Note.objects.get(title=WITH_FIGURES)
    reader.open(issued.get_absolute_url())
    reader.picture("notat-siden", reader.heading("Tallene siden"), page.locator("h3[id^=tal-] ~ ul"), right=TEXT)
    reader.open(the_correction().get_absolute_url())
    reader.follow("spærre det for visning")
    reader.open(the_correction().get_absolute_url())
    reader.follow("Lav en rettelse")

    reader.finds_all_of("notater.md")


def test_guide_of_the_approver(visit):
    reader = Reader(visit("godkender"))
    page = reader.page
    reader.follow(re.compile("venter på dig"))
    reader.follow(TO_APPROVE)
    reader.picture("godkender-notat", page.locator(".page-head"), page.locator("ol.steps"))
    reader.follow("Kommentarer")
    page.get_by_label(re.compile("^Om ")).select_option(label="Aktuel status")
    page.get_by_label("Kommentar").fill("Hvor mange aftener er det om året?")
    reader.press("Tilføj kommentaren")
    reader.open(Note.objects.get(title=TO_APPROVE).get_absolute_url())
    reader.follow("Send tilbage")
    page.get_by_label("Hvad skal ændres?").fill("Skriv, hvor mange aftener det er om året, og hvad det koster.")
    reader.picture(
        "godkender-send-tilbage",
        page.locator(".page-head"),
        page.get_by_role("button", name="Send tilbage"),
        right=STORY,
    )
    reader.press("Send tilbage")
    reader.open(Note.objects.get(date=date(2013, 8, 20)).get_absolute_url())
    reader.finds_all_of("godkender.md")


def test_guide_of_the_secretary(visit):
    note, today = Note.objects.get(title=TO_ISSUE), Meeting.objects.get(place=PLACE_TODAY)
    reader = Reader(visit("center"))
    page = reader.page
    head = page.locator(".page-head")

    # It is issued, with a doubt.
    reader.look()
    reader.open(note.get_absolute_url())
    reader.follow("Udsend til udvalget")
    page.get_by_label("Sagsnummer").fill("2026-0012345")
    page.get_by_label("Dokumentnummer").fill("2026-0012345-3")
    page.get_by_label("Udsend alligevel").check()
    reader.picture("sekretaer-udsend", page.locator(".callout--warning"), page.get_by_text("Fortryd"))
    reader.press("Udsend til udvalget")
    reader.follow("Notér journalisering")
    reader.open(the_correction().get_absolute_url())
    bounced = page.locator(".callout--warning", has_text="Mails, der ikke er kommet frem")
    reader.picture("sekretaer-mail", bounced)
    reader.follow("Behandles også i …")
    reader.open(the_correction().replaces.get_absolute_url())

    # Committees and meetings.
    reader.open("/notater/")
    reader.follow("Udvalg og møder")
    for abbreviation in ("SUD", "ØU"):
        reader.open(Committee.objects.get(abbreviation=abbreviation).get_absolute_url())
    reader.follow("Tilføj plads")
    reader.open(f"{today.committee.get_absolute_url()}moeder/nyt/")
    reader.open(Meeting.objects.get(place=PLACE_TOMORROW).get_absolute_url())
    reader.picture("sekretaer-moede", head, page.locator("dl.facts"))
    reader.follow("Sæt et notat på dagsordenen")
    item = AgendaItem.objects.get(note=note)
    reader.open(f"{note.get_absolute_url()}behandling/{item.pk}/")

    # What was decided.
    reader.open(today.get_absolute_url())
    reader.follow(re.compile("^Notér beslutning"))
    first, second = (page.get_by_role("group", name=f"{number}. beslutning") for number in (1, 2))
    first.get_by_label("Fra at-punkt").fill("1")
    first.get_by_label("Beslutning").select_option(label="drøftet")
    page.get_by_text("2. beslutning", exact=True).first.click()
    second.get_by_label("Fra at-punkt").fill("2")
    second.get_by_label("Til at-punkt").fill("3")
    second.get_by_label("Beslutning").select_option(label="godkendt")
    second.get_by_label("Afstemning").fill("For stemte 9, imod stemte 2.")
    reader.press("Notér beslutningen")
    reader.picture("sekretaer-beslutning", reader.heading("Behandling i udvalg"), page.locator(".minutes"), right=STORY)

    # What was promised, and what is genuine.
    reader.open("/opfoelgninger/")
    reader.picture("sekretaer-opfoelgninger", reader.heading("Udestår"), page.locator("tbody tr").nth(3))
    reader.follow(re.compile("^Afslut"))
    reader.open(note.get_absolute_url())
    reader.follow("Kontrollér, om en PDF-fil er den udsendte")

    reader.finds_all_of("sekretaer.md")


def test_guide_of_the_member(visit):
    note = the_correction()
    paper = bytes(IssuedDocument.objects.get(note=note).pdf)
    reader = Reader(visit("udvalg", width=TABLET))
    page = reader.page
    head = page.locator(".page-head")

    reader.picture("medlem-forside", head, page.locator(".cards").first)
    reader.follow("Alle notater")
    page.get_by_label("Søg i titler og tekst").fill("ildspåsættelse")
    expect(page.locator("mark").first).to_be_visible()
    reader.picture("medlem-soeg", head, page.locator("#results"))
    reader.follow("Udvalg og møder")
    reader.open(Meeting.objects.get(place=PLACE_TOMORROW).get_absolute_url())
    reader.picture("medlem-moede", head, page.locator("ol.updates"))

    # A note that took another's place, and one that nobody may read.
    reader.open(note.get_absolute_url())
    reader.open(note.replaces.get_absolute_url())
    reader.picture("medlem-erstattet", head, page.locator(".callout--warning"))
    reader.open(Note.objects.get(date=date(2011, 5, 24)).get_absolute_url())

    # Is it what was issued?
    reader.open(note.get_absolute_url())
    reader.follow("Kontrollér, om en PDF-fil er den udsendte")
    for body in (paper + b"\n", paper):
        file = {"name": "Statusnotat.pdf", "mimeType": "application/pdf", "buffer": body}
        page.get_by_label("PDF-fil").set_input_files(file)
        reader.press("Kontrollér filen")
    reader.picture("medlem-aegte", head, page.locator(".callout--success"))
    reader.follow("find det ved filen eller ved koden på papiret")
    reader.open("/konto/")

    reader.finds_all_of("medlem.md")
