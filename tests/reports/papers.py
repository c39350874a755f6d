"""Papers as the office sends them, of plain values and without a database: to be set, judged and read."""

from datetime import UTC, date, datetime

from reports.content import (
    Appendices,
    AppendixLine,
    Baseline,
    CatalogueInBrief,
    CatalogueTheme,
    ClosureFigures,
    Entry,
    EntryGroup,
    Goal,
    Initiatives,
    Paper,
    ProcessAhead,
    Promise,
    Recommendations,
    Sender,
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
                CATALOGUE,
                POINTS,
                PROCESS,
                APPENDICES,
            ),
            "number": 2,
            "previous_hash": "3f9a61c0" * 8,
            **fields,
        }
    )


def pdf_of(paper: Paper) -> bytes:
    return to_pdf(paper, to_html(paper), created=ISSUED_AT)
