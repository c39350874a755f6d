"""The demo data of this room: the bodies, the recommendation of 2011 with what was decided on it, the status note of
2013 as it was issued, a draft, what was promised, and the action card.

The facts are those of the papers, the sentences our own. Where the paper names a person there is a function, and the
telephone number is invented and says so.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from catalogue.models import Catalogue
from closures.models import Institution
from initiatives.models import Principle
from sikkerby.models import Administration, Precision, User

from .models import ActionCard, Committee, Decision, FollowUp, Note, Seat, Section
from .models.action_card import STANDARD

COMMITTEES = (
    ("ØU", "Økonomiudvalget", "ØKF"),
    ("KFU", "Kultur- og Fritidsudvalget", "KFF"),
    ("BUU", "Børne- og Ungdomsudvalget", "BUF"),
    ("SUD", "Socialudvalget", "SOF"),
    ("SOU", "Sundheds- og Omsorgsudvalget", "SUF"),
    ("TMU", "Teknik- og Miljøudvalget", "TMF"),
    ("BIU", "Beskæftigelses- og Integrationsudvalget", "BIF"),
    ("BR", "Borgerrepræsentationen", None),
)
SEATS = (("udvalg", "ØU"), ("udvalg-social", "SUD"))

BLOCK = {
    "case_officer": "Sekretariatet i Center for Sikker By",
    "unit": "Center for Sikker By",
    "address": "Københavns Rådhus\nRådhuspladsen 1\n1599 København V",
    "phone_label": Note.PhoneLabel.MOBILE,
    "phone": "12 34 56 78 (opfundet)",
    "email": "sikkerby@example.dk",
    "ean": "5798009800077",
}

_K = Section.Kind
# The status note of 2013, section by section: kind, heading, text.
STATUS_2013 = (
    (
        _K.TEXT,
        "",
        "<p>Økonomiudvalget får hermed en status for det fjerde indsatsområde i Sikker By-programmet, »Tryghed for "
        "kommunens ansatte og stabil drift«.</p>",
    ),
    (
        _K.TEXT,
        "Baggrund",
        "<p>Det fjerde indsatsområde handler om, at medarbejderne skal være trygge i byen, og at kommunens "
        "institutioner skal kunne holde driften i gang, når der opstår uro.</p>",
    ),
    (_K.GOAL, "Indsatsområdet og dets effektmål", ""),
    (_K.TEXT, "Aktiviteter", "<p>Der er sat fem aktiviteter i gang under indsatsområdet.</p>"),
    (
        _K.CLOSURES,
        "Ikke-planlagte lukninger",
        "<p>Center for Sikker By har gjort dagene op efter oplysninger fra kommunens institutioner og tjenester. "
        "Lukningerne skyldes uro eller krise i området eller på institutionen selv. Tallet for 2012 er det "
        "udgangspunkt, som de kommende år bliver holdt op imod. Den næste opgørelse laves i januar 2014 og gælder "
        "2013.</p>",
    ),
    (
        _K.TEXT,
        "Best practice-katalog",
        "<p>Sammen med forvaltningerne er der lavet et katalog med eksempler på, hvordan man i kommunen holder "
        "medarbejderne trygge og driften stabil. Kataloget gør de gode erfaringer synlige og skal give andre "
        "institutioner lyst til at prøve noget nyt.</p>"
        "<p>Det lægges på Sikker Bys hjemmeside. SSP København tager det desuden med ved kriser og på lederseminarer "
        "om konflikthåndtering. Forvaltningerne bidrager løbende, så kataloget bliver holdt ved lige. Det er vedlagt "
        "som bilag 1.</p>",
    ),
    (
        _K.TEXT,
        "Pilotprojekt: tryghedspakke til Voldparken",
        "<p>I juni 2012 begyndte et pilotprojekt, der skal dæmpe uro og kriminalitet omkring Energicenter Voldparken. "
        "Tryghedspakken består af fire dele:</p>"
        "<ul><li>fysisk sikring med tv-overvågning, belysning, låse og brandsikring</li>"
        "<li>uddannelse af medarbejderne, blandt andet i at håndtere konflikter</li>"
        "<li>flere aktiviteter for brugerne</li>"
        "<li>inddragelse af forældre og beboere i området.</li></ul>"
        "<p>Indtil nu har medarbejdere og ledere været på workshopper om konflikter og kompetencer, og beboere og "
        "brugere har været med til tryghedsvandring og gadedage.</p>",
    ),
    (
        _K.TEXT,
        "Actioncard",
        "<p>Et actioncard til opslagstavlen fortæller, hvad man gør ved uro, vold eller trusler mod brugere og "
        "personale. SSP, Københavns Politi og programgruppen i Center for Sikker By har lavet det sammen, og det blev "
        "sendt til forvaltningerne i august 2012.</p>",
    ),
    (
        _K.TEXT,
        "Netværksmøder",
        "<p>Center for Sikker By har mødtes med Arbejdsmiljø København og Københavns Brandvæsen for at udveksle "
        "erfaringer og finde opgaver, der kan løses i fællesskab.</p>"
        "<p>Ét resultat er den aftale, som SSP København og Københavns Brandvæsen indgik den 1. april 2012: "
        "Brandvæsenet bliver inddraget, når SSP laver særlige handleplaner, og de to mødes hvert kvartal og ser på "
        "ildspåsættelser, der kan hænge sammen med grupper af unge.</p>",
    ),
    (
        _K.PROCESS,
        "Videre proces",
        "<p>Opgørelsen viser, at målet om, at <em>ingen</em> institutioner eller tjenester lukker på grund af uro, "
        "ikke kan nås. En midlertidig lukning er dog ikke altid uheldig: Den kan være et godt pædagogisk middel, når "
        "brugerne skal mærke, at det har følger at opføre sig uacceptabelt.</p>"
        "<p>Derfor vil opfølgningen på effektmålet fremover skelne mellem driftsforstyrrelser og lukninger med et "
        "pædagogisk formål. Den opfølgning får Økonomiudvalget i februar 2013. Erfaringerne fra indsatsområdet "
        "kommer også med, hvis Sikker By-programmet revideres, hvilket ventes fra efteråret 2013.</p>",
    ),
    (_K.APPENDICES, "Vedlagte bilag", ""),
)

# The recommendation on the catalogue of 2011 [002]: kind, heading, text. The paper has neither date nor numbers; those
# of the note and of the meeting are invented.
CATALOGUE_2011 = (
    (
        _K.TEXT,
        "",
        "<p>Økonomiforvaltningen har sammen med de øvrige forvaltninger og SSP København samlet eksempler på, hvordan "
        "kriminalitetsforebyggelse koordineres godt lokalt. Økonomiudvalget skal tage stilling til, hvordan de bruges "
        "og formidles.</p>",
    ),
    (_K.RECOMMENDATIONS, "Indstilling", ""),
    (
        _K.TEXT,
        "Problemstilling",
        "<p>Mange arbejder med forebyggelse i de samme kvarterer. Økonomiudvalget bad den 15. juni 2010 om en "
        "kortlægning af de steder, hvor koordineringen fungerer godt, så andre kan lære af dem.</p>",
    ),
    (_K.CATALOGUE, "Løsning", ""),
    (_K.ECONOMY, "Økonomi", ""),
    (
        _K.PROCESS,
        "Videre proces",
        "<p>Kataloget indgår i forhandlingerne om budget 2012. Center for Sikker By formidler det til kommunens "
        "ansatte og andre praktikere, blandt andet på medarbejderkonferencen den 20. juni 2011.</p>",
    ),
    (_K.APPENDICES, "Vedlagte bilag", ""),
)
POINTS_2011 = (
    "at kataloget drøftes og tages til efterretning, og at eksemplerne indgår i forhandlingerne om budget 2012",
    "at det anbefales, at eksemplerne bruges som inspiration i det forebyggende arbejde, især i udsatte byområder",
    "at planen for, hvordan kataloget formidles, godkendes",
)
PROMISED_IN_2011 = (
    ("Best practice-kataloget indgår i forhandlingerne om budget 2012", date(2011, 9, 1), Precision.YEAR),
    ("Kataloget formidles til kommunens ansatte og andre praktikere", None, Precision.DAY),
)
# Promised in 2010 and kept by that note, and by what the committee decided on it [002].
KEPT_BY_THE_NOTE = "Kortlægning af de områder, hvor den lokale koordinering fungerer godt"
KEPT_BY_THE_DECISION = "Udvalget tager stilling til, hvordan de gode eksempler udbredes"

# Promise, day, said as; what the note of 2013 promises, and what the other papers do.
PROMISED_IN_2013 = (
    ("Opfølgning, der skelner mellem de to slags lukninger", date(2013, 2, 1), Precision.MONTH),
    ("Indsatsområdets erfaringer indgår i en revision af programmet", date(2013, 9, 1), Precision.SEASON),
    ("Opgørelse af ikke-planlagte lukkedage i 2013", date(2014, 1, 1), Precision.MONTH),
    ("Best practice-kataloget holdes ved lige sammen med forvaltningerne", None, Precision.DAY),
)
PROMISED_ELSEWHERE = (
    ("Indstilling om tidlig indsats, exitstrategi og mere tryghed", date(2010, 4, 13), Precision.DAY),
    ("Oplæg til, hvordan nye og eksisterende indsatser finansieres", None, Precision.DAY),
    (
        "Afrapportering af virkningsevalueringerne af 18+ Enhederne og Københavnerteamet",
        date(2025, 12, 31),
        Precision.YEAR,
    ),
    (
        "Afrapportering af virkningsevalueringerne af Studie- og fritidsjobindsatsen og Ny Start",
        date(2026, 12, 31),
        Precision.YEAR,
    ),
)


# The card of August 2012 [000], which the papers do not quote; and what it says now, where that is another thing.
CARD_OF_2012 = {
    "heading": "Uro på arbejdspladsen",
    "introduction": "Det vigtigste er, at ingen kommer til skade.",
    "unrest": "Hold afstand, og tal roligt.\nBliv sammen to og to.\nRing til lederen.\nLås døren, hvis det fortsætter.",
    "violence": "Ring 112.\nFå brugere og kolleger væk.\nGiv førstehjælp, når det er sikkert.",
    "threats": "Gå din vej, og hent hjælp.\nSig det til lederen med det samme.\nSkriv ned, hvad der blev sagt.",
    "afterwards": "Tal det igennem samme dag.\nAnmeld det til politiet.\nAnmeld arbejdsskader.",
    "numbers": "",
}
NUMBERS_OF_THE_CARD = {"phone": "12 34 56 70", "police_phone": "12 34 56 71", "ssp_phone": "12 34 56 72"}
ISSUED_NOW = date(2025, 9, 1)


def load(*, today: date) -> None:
    committees = _committees()
    _catalogue_of_2011(committees["ØU"])
    _status_of_2013(committees["ØU"])
    for promise, due, precision in PROMISED_ELSEWHERE:
        FollowUp.objects.create(
            committee=committees["ØU"],
            promise=promise,
            due=due,
            due_precision=precision,
            responsible="Team Sikker By" if due and due.year > 2020 else "Center for Sikker By",
        )
    _draft_for_last_year(committees["ØU"], today)
    _seats_and_meetings(committees, today)
    _action_card(today)


def _committees() -> dict[str, Committee]:
    administrations = {each.abbreviation: each for each in Administration.objects.all()}
    committees = {
        abbreviation: Committee.objects.create(
            abbreviation=abbreviation, name=name, administration=administrations.get(administration)
        )
        for abbreviation, name, administration in COMMITTEES
    }
    return committees


def _seats_and_meetings(committees: dict[str, Committee], today: date) -> None:
    """Who sits on them now, after the notes of long ago were issued: nobody is sent a mail about those."""
    tuesday = today + timedelta(days=7 + (1 - today.weekday()) % 7)
    for username, abbreviation in SEATS:
        committee = committees[abbreviation]
        Seat.objects.create(user=User.objects.get(username=username), committee=committee)
        committee.meetings.create(day=tuesday, starts_at=time(15, 0), place="Københavns Rådhus")


def _catalogue_of_2011(committee: Committee) -> None:
    """Issued, and decided on: point 1 discussed and noted, points 2 and 3 approved."""
    office, approver = User.objects.get(username="center"), User.objects.get(username="godkender")
    note = Note.objects.create(
        template=Note.Template.RECOMMENDATION,
        committee=committee,
        title="Best practice-eksempler på lokal koordinering",
        date=date(2011, 5, 24),
        case_number="2011-0000002",
        document_number="2011-0000002-1",
        sender=committee.administration,
        written_by=office,
        written_at=_at(2011, 5, 16, 9, 0),
        **BLOCK,
    )
    catalogue = Catalogue.objects.get(year=2011)
    for order, (kind, heading, html) in enumerate(CATALOGUE_2011, start=1):
        section = Section(note=note, order=order, kind=kind, heading=heading, html=html)
        if kind == _K.CATALOGUE:
            section.catalogue = catalogue
        if kind == _K.ECONOMY:
            section.economy = Section.Economy.NONE
        section.save()
    note.set_points(POINTS_2011)
    note.add_appendix(title="Best practice-katalog 2011", file=None)
    for promise, due, precision in PROMISED_IN_2011:
        note.follow_ups.create(
            committee=committee,
            promise=promise,
            due=due,
            due_precision=precision,
            responsible="Center for Sikker By",
        )
    note.submit(by=office, at=_at(2011, 5, 20, 10, 0))
    note.approve(by=approver, at=_at(2011, 5, 23, 14, 0))
    note.issue(by=office, at=_at(2011, 5, 24, 9, 0))
    item = committee.meetings.create(day=date(2011, 5, 31)).put(note, number="")
    decided = {"note": note, "committee": committee, "item": item, "meeting_date": item.meeting.day}
    outcome = Decision.Outcome
    _, on_the_plan = Decision.objects.record_all(
        [
            Decision(first_point=1, last_point=1, outcome=outcome.DISCUSSED_AND_NOTED, **decided),
            Decision(first_point=2, last_point=3, outcome=outcome.APPROVED, **decided),
        ],
        by=office,
    )
    mapping, spreading = (
        FollowUp.objects.create(committee=committee, promise=promise, responsible="Center for Sikker By")
        for promise in (KEPT_BY_THE_NOTE, KEPT_BY_THE_DECISION)
    )
    mapping.close(note=note, on=note.date)
    spreading.close(decision=on_the_plan, on=item.meeting.day)


def _status_of_2013(committee: Committee) -> None:
    """Written by the office, approved by another, and issued on its own date, with its PDF."""
    office, approver = User.objects.get(username="center"), User.objects.get(username="godkender")
    note = Note.objects.create(
        committee=committee,
        title="Statusnotat for Sikker Bys 4. indsatsområde",
        date=date(2013, 8, 20),
        case_number="2013-0184482",
        document_number="2013-0184482-2",
        sender=committee.administration,
        written_by=office,
        written_at=_at(2013, 8, 12, 9, 15),
        **BLOCK,
    )
    for order, (kind, heading, html) in enumerate(STATUS_2013, start=1):
        section = Section(note=note, order=order, kind=kind, heading=heading, html=html)
        if kind == _K.GOAL:
            section.principle = Principle.objects.get(kind=Principle.Kind.FOCUS_AREA, number=4)
        if kind == _K.CLOSURES:
            section.year = 2012
        section.save()
    note.add_appendix(title="Best practice-katalog 2013", file=None)
    for promise, due, precision in PROMISED_IN_2013:
        note.follow_ups.create(
            committee=committee,
            promise=promise,
            due=due,
            due_precision=precision,
            responsible="Center for Sikker By",
        )
    note.submit(by=office, at=_at(2013, 8, 16, 11, 30))
    note.approve(by=approver, at=_at(2013, 8, 19, 14, 5))
    note.issue(by=office, at=_at(2013, 8, 20, 10, 0))


def _draft_for_last_year(committee: Committee, today: date) -> None:
    """An open draft, as the office has it while it writes."""
    year = today.year - 1
    note = Note.objects.begin(
        Note(
            committee=committee,
            title=f"Statusnotat om ikke-planlagte lukkedage i {year}",
            date=today,
            sender=committee.administration,
            **BLOCK,
        ),
        by=User.objects.get(username="center"),
    )
    texts = {
        "": f"<p>Økonomiudvalget får hermed opgørelsen af ikke-planlagte lukkedage i {year}.</p>",
        "Baggrund": "<p>Siden 2013 har opgørelsen skelnet mellem driftsforstyrrelser og lukninger med et pædagogisk "
        "formål.</p>",
        "Videre proces": f"<p>Opgørelsen for {year + 1} forelægges udvalget i foråret {year + 2}.</p>",
    }
    for section in note.sections.all():
        section.html = texts.get(section.heading, "")
        if section.kind == _K.GOAL:
            section.principle = Principle.objects.get(kind=Principle.Kind.FOCUS_AREA, number=4)
        section.save()
    note.follow_ups.create(
        committee=committee,
        promise=f"Opgørelse af ikke-planlagte lukkedage i {year + 1}",
        due=date(year + 2, 4, 1),
        due_precision=Precision.SEASON,
        responsible="Team Sikker By",
    )


def _action_card(today: date) -> None:
    """Issue 1 of August 2012 and the one of now; the demo leader's institutions have their numbers, others a line."""
    office = User.objects.get(username="center")
    ActionCard(**CARD_OF_2012).issue(by=office, on=date(2012, 8, 1), precision=Precision.MONTH)
    ActionCard(**STANDARD).issue(by=office, on=min(ISSUED_NOW, today))
    leader = User.objects.get(username="leder")
    leader.phone = "12 34 56 78"
    leader.save(update_fields=["phone"])
    Institution.objects.led_by(leader).update(**NUMBERS_OF_THE_CARD)


def _at(*moment: int) -> datetime:
    """A moment in Copenhagen."""
    return timezone.make_aware(datetime(*moment))  # noqa: DTZ001
