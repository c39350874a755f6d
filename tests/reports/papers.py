"""Papers as the office sends them, of plain values and without a database: to be set, judged and read."""

from datetime import UTC, date, datetime

from reports.appendix_papers import (
    AppendixPaper,
    CatalogueEdition,
    Chapter,
    Division,
    Example,
    PrincipleGroup,
    PrincipleTable,
    Share,
    YearInFull,
)
from reports.content import (
    Appendices,
    AppendixLine,
    Baseline,
    CatalogueInBrief,
    CatalogueTheme,
    ClosureFigures,
    Economy,
    Entry,
    EntryGroup,
    Goal,
    Initiatives,
    Measured,
    Paper,
    ProcessAhead,
    Promise,
    Quote,
    Recommendations,
    Sender,
    Target,
    Targets,
    Text,
    YearOfClosures,
)
from reports.paper import to_html, to_pdf

ISSUED_AT = datetime(2013, 8, 20, 8, 0, tzinfo=UTC)

SENDER = Sender(
    case_number="2013-0184482",
    document_number="2013-0184482-2",
    case_officer="Sekretariatet i Center for Sikker By",
    unit="Center for Sikker By",
    administration="Økonomiforvaltningen",
    address=("Københavns Rådhus", "Rådhuspladsen 1", "1599 København V"),
    phone_label="Mobil",
    phone="12 34 56 78",
    email="sikkerby@example.dk",
    ean="5798009800077",
    website="sikkerby.example.dk",
)

OPENING = Text(html="<p>Økonomiudvalget får hermed en status for indsatsområde 4 i Sikker By-programmet.</p>")
BACKGROUND = Text(
    heading="Baggrund",
    html=(
        "<p>Indsatsområdet handler om, at medarbejderne skal være trygge, og at driften skal kunne fortsætte, når der "
        'er uro. <a href="https://sikkerby.example.dk/strategi">Strategien</a> siger mere om '
        "<strong>effektmålet</strong> og <em>principperne</em>.</p><h3>Hvad der er gjort</h3>"
        "<ul><li>tv-overvågning, belysning, låse og brandsikring</li><li><p>uddannelse af medarbejderne</p>"
        "<ol><li>i at håndtere konflikter</li><li>i at tage imod nye</li></ol></li></ul>"
        "<blockquote><p>Fingeraftryk, offentlig, affald: Filmen flød effektivt.</p></blockquote>"
    ),
)
GOAL = Goal(
    heading="Effektmål",
    name="Tryghed for kommunens ansatte og stabil drift",
    goal="Ingen institutioner eller tjenester lukker på grund af uro eller krise i et område.",
    baseline="Udgangspunktet er 662,5 ikke-planlagte lukkedage i 2012.",
)
YEAR_2012 = YearOfClosures(year=2012, undistinguished=1325, total=1325, units=13)
FIGURES_2012 = ClosureFigures(
    heading="Ikke-planlagte lukninger",
    finding="I 2012 var der 662,5 ikke-planlagte lukkedage på 13 institutioner og tjenester.",
    years=(YEAR_2012,),
    counted_on=date(2013, 8, 20),
    source="Center for Sikker Bys opgørelse",
    comment="<p>Tallet er det udgangspunkt, som de kommende år bliver holdt op imod.</p>",
)
PROCESS = ProcessAhead(
    html="<p>Opfølgningen vil skelne mellem driftsforstyrrelser og lukninger med et pædagogisk formål.</p>",
    promises=(
        Promise(what="Opgørelse for 2013", to="Økonomiudvalget", by="januar 2014"),
        Promise(what="Kataloget holdes ved lige"),
    ),
)
APPENDICES = Appendices(
    appendices=(AppendixLine(number=1, title="Best practice-katalog 2013"), AppendixLine(number=2, title="Actioncard"))
)
POINTS = Recommendations(
    opening="Økonomiforvaltningen indstiller over for Økonomiudvalget,",
    points=(
        "at statusnotatet tages til efterretning,",
        "at opgørelsen af ikke-planlagte lukkedage fremover skelner mellem driftsforstyrrelser og lukninger med et "
        "pædagogisk formål,",
        "at udvalget får den næste status i januar 2015.",
    ),
)
CATALOGUE = CatalogueInBrief(
    heading="Katalog",
    intro="<p>Der er foreslået 31 eksempler, undersøgt 28 og optaget 18.</p>",
    edition="Best practice-katalog 2011",
    themes=(
        CatalogueTheme(name="Styring og netværk på tværs", practices=("Fælles tavle", "Bydelsmøder")),
        CatalogueTheme(name="Et aktivt fritidsliv", practices=("Åben hal",)),
    ),
    counted_on=date(2026, 11, 1),
)

HALF_DAYS = (620, 560, 505, 470, 440, 400, 260, 300, 330, 350, 380, 290, 210, 180)


def many_years(first: int = 2013, last: int = 2026) -> ClosureFigures:
    divided = tuple(
        YearOfClosures(
            year=year,
            disruption=half_days,
            pedagogical=half_days // 3,
            total=half_days + half_days // 3,
            units=10 + year % 7,
            answered=1143,
            asked=1512,
        )
        for year, half_days in zip(range(first, last + 1), HALF_DAYS, strict=False)
    )
    return ClosureFigures(
        heading="Ikke-planlagte lukninger over årene",
        finding=(
            "I 2026 var der 120,0 ikke-planlagte lukkedage på 13 institutioner og tjenester. Tallet for 2012 "
            "(662,5) er ikke opdelt og kan kun sammenlignes med summen, 120,0."
        ),
        years=(YEAR_2012, *divided),
        baseline=Baseline(year=2012, total=1325),
        counted_on=date(2026, 11, 1),
        explanation=(
            "En ikke-planlagt lukkedag er en dag, hvor en institution eller tjeneste skulle have haft åbent, men holdt "
            "lukket på grund af uro eller krise eller med et pædagogisk formål.",
            "Tallet for 2012 er ikke opdelt og blev indsamlet, efter at året var gået.",
        ),
    )


def initiatives(rows: int = 30) -> Initiatives:
    group = EntryGroup(
        name="Fagprincip 4",
        text="Vi arbejder sammen om at forebygge.",
        entries=tuple(
            Entry(
                title=f"Indsats {number}",
                text="Gadeplansmedarbejdere taler med de unge på de steder, hvor de opholder sig om aftenen.",
                carriers="SOF, BUF og SSP København" if number % 3 else "",
                period="anden halvdel af 2024" if number % 2 else "",
                status="grøn (01-02-2026)" if number % 4 == 0 else "",
            )
            for number in range(1, rows + 1)
        ),
    )
    return Initiatives(heading="Udvalgte indsatser", groups=(group,), counted_on=date(2026, 11, 1))


TARGETS = Targets(
    heading="Effektmål med målinger",
    targets=(
        Target(
            text="Ingen institutioner lukker på grund af uro",
            owner="Fagprincip 4",
            measure="ikke-planlagte lukkedage",
            unit="dage",
            baseline="662,5 i 2012",
            goal="0 i 2025",
            measurements=(
                Measured(period="2013", value="405,5", note="heraf 310,0 driftsforstyrrelser"),
                Measured(period="2014", value="373,0"),
            ),
        ),
        Target(text="Flere unge i fritidsjob", owner="Fritidsjobformidlingen", measure="ansættelser", unit="unge"),
    ),
    explanation=("Tallet for 2012 er ikke opdelt.",),
    counted_on=date(2026, 11, 1),
)
QUOTE = Quote(
    heading="Tidligere beslutning",
    html="<p>Udvalget tog statusnotatet til efterretning og bad om en opgørelse for 2013.</p>",
    source="Økonomiudvalget, mødet den 20. august 2013, punkt 4",
)
ECONOMY = Economy(statement="Indstillingen har ingen økonomiske konsekvenser.", html="<p>Der søges ingen midler.</p>")


def in_words() -> Initiatives:
    """Initiatives as running text."""
    chosen = (Entry(title="Natteværterne", text="De går i nattelivet.", carriers="SOF"), Entry(title="Akutpuljen"))
    return Initiatives(heading="Valgte indsatser", groups=(EntryGroup(entries=chosen),), as_text=True)


def make_paper(**fields) -> Paper:
    """The status note of 2013 as it was issued, unless said otherwise."""
    sections = (OPENING, BACKGROUND, GOAL, FIGURES_2012, PROCESS, APPENDICES)
    return Paper(
        **{
            "addressee": "Økonomiudvalget",
            "title": "Statusnotat for indsatsområde 4",
            "date": date(2013, 8, 20),
            "sender": SENDER,
            "sections": sections,
            "draft": False,
            "number": 1,
            **fields,
        }
    )


def make_full_paper(**fields) -> Paper:
    """Every kind of section there is, over four pages."""
    return make_paper(
        **{
            "date": date(2026, 11, 1),
            "sections": (
                OPENING,
                BACKGROUND,
                GOAL,
                FIGURES_2012,
                many_years(),
                initiatives(),
                in_words(),
                TARGETS,
                CATALOGUE,
                QUOTE,
                POINTS,
                ECONOMY,
                PROCESS,
                APPENDICES,
            ),
            "number": 2,
            "previous_hash": "3f9a61c0" * 8,
            **fields,
        }
    )


def make_orientation(**fields) -> Paper:
    """From another administration, to be read and not decided on."""
    sender = Sender(administration="Socialforvaltningen", unit="Kontoret for Tryghed", case_number="2010-39625")
    return make_paper(
        **{
            "title": "Orientering om indsatserne",
            "sender": sender,
            "sections": (OPENING, BACKGROUND, PROCESS),
            **fields,
        }
    )


def make_recommendation(**fields) -> Paper:
    sections = (POINTS, BACKGROUND, QUOTE, in_words(), ECONOMY, PROCESS, APPENDICES)
    return make_paper(**{"title": "Best practice-katalog 2011", "sections": sections, **fields})


# --- Appendices ---------------------------------------------------------------------------------------------------

WORDING = "Vi arbejder sammen på tværs af forvaltninger om det, der gør byen tryg, og vi begynder tidligt."


def make_principles(rows: tuple[int, ...] = (10, 1, 0)) -> PrincipleTable:
    """So many rows under each principle: over pages, one alone, and none."""
    groups = tuple(
        PrincipleGroup(
            name=f"Grundprincip {number}",
            title=f"Bredt samarbejde {number}",
            text=WORDING,
            entries=tuple(
                Entry(title=f"Indsats {number}.{row}", text=f"{WORDING}\n\n{WORDING}", carriers="SOF" * (row % 2))
                for row in range(1, count + 1)
            ),
        )
        for number, count in enumerate(rows, start=1)
    )
    return PrincipleTable(intro="Tabellen viser eksempler.", groups=groups)


EDITION = CatalogueEdition(
    edition="Best practice-katalog, 1. udgave",
    subject="Eksempler på lokal koordinering.\n\nDe kan bredes ud.",
    funnel="Der er foreslået 31 eksempler, undersøgt 28 og optaget 18.",
    criteria=("Aktiviteten er ikke bydækkende.",),
    recommendations=("Begynd med det, der er.", "Tag civilsamfundet med."),
    dissemination=("Hjemmesiden",),
    chapters=tuple(
        Chapter(
            title=f"Tema {number}",
            introduction="Herfra er alle inviteret ind.",
            examples=tuple(
                Example(
                    title=f"Eksempel {number}.{each}",
                    where="Socialforvaltningen, Nørrebro",
                    summary=WORDING,
                    method=WORDING,
                    experience=WORDING,
                    advice=WORDING,
                )
                for each in range(1, 6)
            ),
        )
        for number in (1, 2)
    ),
    mentioned=(Example(title="Aftenholdet", summary="Omtalt kort."),),
)
MONTHS = ("Januar", "Februar", "Marts", "April", "Maj", "Juni", "Juli", "August", "September")
MONTHS += ("Oktober", "November", "December")
YEAR = YearInFull(
    finding="I 2025 var der 60,0 ikke-planlagte lukkedage på 8 institutioner og tjenester.",
    year=YearOfClosures(year=2025, disruption=84, pedagogical=36, total=120, units=8, answered=36, asked=40),
    baseline=Baseline(year=2012, total=1325),
    facts=("36 af 40 har svaret.",),
    divisions=tuple(
        Division(
            by=by,
            shares=tuple(
                Share(label=label, disruption=7, pedagogical=3, undistinguished=0, total=10) for label in labels
            ),
        )
        for by, labels in (("måned", MONTHS), ("institution", tuple(f"Klubben {each}" for each in range(1, 41))))
    ),
    explanation=("En ikke-planlagt lukkedag er en dag, hvor der skulle have været åbent.",),
)
BODIES = {"principles": make_principles(), "edition": EDITION, "closures": YEAR}


def make_appendix_paper(body=YEAR, **fields) -> AppendixPaper:
    return AppendixPaper(
        **{
            "number": 2,
            "note": "Statusnotat for indsatsområde 4",
            "note_date": date(2026, 11, 1),
            "title": "Bilag om indsatserne",
            "sender": "Center for Sikker By, Økonomiforvaltningen",
            "body": body,
            "counted_on": date(2026, 11, 1),
            "draft": False,
            **fields,
        }
    )


def pdf_of(paper: Paper) -> bytes:
    return to_pdf(paper, to_html(paper), created=ISSUED_AT)
