"""The papers that the application replaces, [000], [001] and [002], are built as notes in a real browser: sentences of
our own in the papers' shape. All that they have comes out in the PDF's text, in their order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from reports.prose import plain
from tests.browser.test_decisions import new_meeting
from tests.browser.test_main_job import text_of
from tests.reports.factories import make_pdf_file
from tests.reports.test_papers import outline

pytestmark = pytest.mark.django_db  # the tests look up where a committee's page is

PASTE = """(field, html) => {
  const clipboardData = new DataTransfer()
  clipboardData.setData("text/html", html)
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
}"""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of a paper. `kind` is said of those that the template does not begin with."""

    name: str  # as the list of sections has it
    heading: str = ""
    html: str = ""
    before: tuple[str, ...] = ()  # what is printed in it and not written there: before its text, and after it
    after: tuple[str, ...] = ()
    kind: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    ticked: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    template: str
    committee: str
    sender: str
    title: str
    day: str
    block: dict[str, str]
    phone_label: str
    head: tuple[str, ...]  # what the block prints, in its order
    sections: tuple[Part, ...]
    left_out: tuple[str, ...] = ()  # of the template's sections

    def said(self) -> Iterator[str]:
        """Line by line what the paper is to say."""
        yield from (f"Til {self.committee}", self.title, *self.head)
        for part in self.sections:
            written = part.html.replace("{lukkedage 2012}", "662,5").replace("{institutioner 2012}", "13")
            yield from filter(None, (part.heading, *part.before, *plain(written).splitlines(), *part.after))

    def headings(self) -> list[tuple[int, str]]:
        """As the bookmarks have them: the title, its sections, and the subheadings of each."""
        found = [(1, self.title)]
        for part in self.sections:
            found += [(2, part.heading)] * bool(part.heading)
            found += [(3, plain(each)) for each in re.findall("<h3>(.*?)</h3>", part.html)]
        return found


# --- [000]: a status note of the office, on paper from Økonomiforvaltningen -----------------------------------------

REVISION = "Programmet revideres efter planen i efteråret 2013, og så kommer erfaringerne herfra med"
STATUS = Paper(
    template="statusnotat",
    committee="Økonomiudvalget",
    sender="Økonomiforvaltningen",
    title="Status for Sikker Bys indsatsområde 4",
    day="2013-08-20",
    phone_label="Mobil",
    block={
        "Sagsnummer": "2013-0184482",
        "Dokumentnummer": "2013-0184482-3",
        "Sagsbehandler": "Sekretariatet",
        "Enhed": "Center for Sikker By",
        "Adresse": "Københavns Rådhus\nRådhuspladsen 1\n1599 København V",
        "Nummer": "00 00 00 00",
        "E-mail": "center@sikkerby.example",
        "EAN-nummer": "5798009800077",
        "Hjemmeside": "",
    },
    head=(
        *("20-08-2013", "Sagsnr. 2013-0184482", "Dokumentnr. 2013-0184482-3", "Sagsbehandler Sekretariatet"),
        *("Center for Sikker By", "Økonomiforvaltningen", "Københavns Rådhus", "Rådhuspladsen 1", "1599 København V"),
        *("Mobil 00 00 00 00", "E-mail center@sikkerby.example", "EAN-nummer 5798009800077"),
    ),
    sections=(
        Part(
            name="Indledning",
            html="<p>Økonomiudvalget får her en status for det fjerde indsatsområde i Sikker By-programmet.</p>",
        ),
        Part(
            name="Baggrund",
            heading="Baggrund",
            html="<p>Kommunens ansatte skal kunne være trygge på arbejdet, også når der er uro i kvarteret, og "
            "borgerne skal kunne regne med, at kommunens tilbud holder åbent. Derfor har programmet et indsatsområde, "
            "hvis mål er:</p>",
        ),
        Part(
            name="Mål",
            before=(
                "Tryghed for kommunens ansatte og stabil drift",
                "Udgangspunktet er 662,5 ikke-planlagte lukkedage i 2012.",
            ),
            chosen={"Princip": "Indsatsområde 4"},
        ),
        Part(
            name="Aktiviteter",
            heading="Aktiviteter",
            html="<p>Fem aktiviteter er i gang under indsatsområdet:</p>"
            "<h3>Ikke-planlagte lukninger</h3>"
            "<p>Center for Sikker By har bedt institutioner og tjenester oplyse, hvor mange dage de i 2012 måtte lukke "
            "på grund af uro eller krise i området eller hos dem selv. Svaret blev {lukkedage 2012} dage, fordelt på "
            "{institutioner 2012} institutioner og tjenester. Det er udgangspunktet, når de kommende år skal "
            "vurderes. Året 2013 gøres op i januar 2014.</p>"
            "<h3>Best practice-katalog</h3>"
            "<p>Forvaltningerne har fundet eksempler på, hvordan man holder medarbejderne trygge og driften i gang. "
            "De er samlet i et katalog (bilag 1), så andre har noget at bygge videre på.</p>"
            "<p>Kataloget kommer på Sikker Bys hjemmeside, og SSP København tager det med ud ved kriser og på "
            "lederseminarer. Forvaltningerne sender nye eksempler ind, efterhånden som de kommer til.</p>"
            "<h3>Pilotprojekt: tryghedspakke til Voldparken</h3>"
            "<p>Energicenter Voldparken har siden juni 2012 haft en tryghedspakke på prøve. Til den hører "
            "tv-overvågning, belysning, låse og brandsikring, kurser i at håndtere konflikter, flere aktiviteter for "
            "brugerne og et samarbejde med forældre og beboere. Foreløbig har ledere og medarbejdere været på "
            "workshopper, og området har haft tryghedsvandring og gadedage.</p>"
            "<h3>Actioncard</h3>"
            "<p>På opslagstavlerne hænger et kort, der fortæller, hvad man gør ved uro, vold og trusler. SSP, "
            "Københavns Politi og programgruppen har skrevet det, og forvaltningerne fik det i august 2012.</p>"
            "<h3>Netværksmøder</h3>"
            "<p>Arbejdsmiljø København og Københavns Brandvæsen har delt erfaringer med Center for Sikker By, og det "
            "har ført til fælles opgaver. Siden den 1. april 2012 har SSP København og brandvæsenet en aftale: De "
            "arbejder sammen om de særlige handleplaner og ser hvert kvartal på, om brande i et kvarter kan hænge "
            "sammen med grupper af unge.</p>",
        ),
        Part(
            name="Videre proces",
            heading="Videre proces",
            html="<p>Opgørelsen viser, at det ikke er muligt, at <em>ingen</em> institutioner lukker på grund af uro. "
            "Nogle lukninger er endda rigtige: Et par lukkede dage kan vise de unge, at det har følger, hvordan man "
            "opfører sig.</p>"
            "<p>Center for Sikker By deler derfor opgørelsen op i driftsforstyrrelser og lukninger med et pædagogisk "
            "formål. Udvalget får den delte opgørelse i februar 2013.</p>"
            f"<p>{REVISION}.</p>",
            after=(
                "Opfølgning Til Hvornår",
                REVISION,
                "Økonomiudvalget efteråret 2013",
                "Opgørelse af lukkedage i 2013 Økonomiudvalget januar 2014",
            ),
        ),
        Part(name="Vedlagte bilag", heading="Vedlagte bilag", after=("Bilag 1. Best practice-katalog 2013",)),
    ),
    left_out=("Ikke-planlagte lukkedage",),
)

# --- [001]: an orientation from an office of Socialforvaltningen ----------------------------------------------------

ORIENTATION = Paper(
    template="orienteringsnotat",
    committee="Socialudvalget",
    sender="Socialforvaltningen",
    title="Orientering om Sikker By og om Socialforvaltningens del af samarbejdet",
    day="2010-03-05",
    phone_label="Telefon",
    block={
        "Sagsnummer": "2010-39625",
        "Dokumentnummer": "2010-161108",
        "Sagsbehandler": "Sekretariatet",
        "Enhed": "MR børn og familier",
        "Adresse": "Bernstorffsgade 17, 3. sal\n1592 København V",
        "Nummer": "00 00 00 01",
        "E-mail": "kontoret@sikkerby.example",
        "EAN-nummer": "57 98 00 96 83 01 4",
        "Hjemmeside": "www.kk.dk",
    },
    head=(
        *("05-03-2010", "Sagsnr. 2010-39625", "Dokumentnr. 2010-161108", "Sagsbehandler Sekretariatet"),
        *("MR børn og familier", "Socialforvaltningen", "Bernstorffsgade 17, 3. sal", "1592 København V"),
        *("Telefon 00 00 00 01", "E-mail kontoret@sikkerby.example", "EAN-nummer 5798009683014", "www.kk.dk"),
    ),
    sections=(
        Part(
            name="Indledning",
            html="<p>Økonomiudvalget holdt den 12. januar 2010 temadag om bander og om at forebygge kriminalitet. Det "
            "var overborgmesteren, der havde taget initiativ til den.</p>"
            "<p>I halvandet år havde banderne sat deres præg på byen, og kommunen ville gøre sit til, at det hørte "
            "op.</p>"
            "<p>Ugen efter tog udvalget ansvaret for at koordinere det forebyggende arbejde:</p>",
        ),
        Part(
            name="Tidligere beslutning",
            html="<p>Udvalget sætter mål og retning for det arbejde, der forebygger kriminalitet og bander på tværs af "
            "kommunen, og sørger for, at pengene gør mest mulig gavn for trygheden.</p>",
            kind="tidligere beslutning",
            fields={"Besluttet af": "Økonomiudvalget", "Mødedato": "2010-01-19", "Punkt på dagsordenen": "6"},
            after=("Økonomiudvalget, mødet den 19. januar 2010, punkt 6.",),
        ),
        Part(
            name="Tekst uden overskrift",
            html="<p>Indstillingen og beslutningen er vedlagt som bilag 2.</p>"
            "<p>I februar 2010 blev Center for Sikker By oprettet i Økonomiforvaltningen. Her arbejder også folk fra "
            "de øvrige forvaltninger, og centret har en særlig rådgiver og et tæt samarbejde med politiet.</p>"
            "<p>Tre områder kommer først:</p>"
            "<ul><li>en vej ud for dem, der er i en bande eller på vej ind i den</li>"
            "<li>flere tilbud til de 18–25-årige, så de holder sig fra konflikten</li>"
            "<li>samtaler med beboere i udsatte kvarterer om, hvad der gør dem utrygge</li></ul>"
            "<p>Centret skal desuden</p>"
            "<ul><li>være sekretariat for samarbejdet</li>"
            "<li>samle kommunens ansøgning til satspuljen, som blev sendt den 1. marts 2010</li>"
            "<li>kortlægge det, som kommunen gør for at forebygge.</li></ul>"
            "<p>Kortlægningen bliver til en pakke, som Økonomiudvalget får forelagt den 13. april 2010.</p>"
            "<p>Socialforvaltningen har udlånt medarbejdere til centret og har</p>"
            "<ul><li>været med til at skrive ansøgningen</li>"
            "<li>beskrevet karakter, målgruppe, volumen, økonomi og effektmål for sine egne indsatser</li>"
            "<li>deltaget i styregruppen.</li></ul>"
            "<p>En særlig indsats for unge over 18 år begyndte ved årsskiftet. Forslaget kom fra projektrådet og var "
            "med i forhandlingerne om budget 2010 (bilag 1). Indsatsen skal</p>"
            "<ul><li>oprette og drive væresteder efter ét fælles koncept</li>"
            "<li>give de unge en kontaktperson, sådan som Kort Snor har gjort det for dem under 18 år.</li></ul>",
            kind="tekst",
        ),
        Part(
            name="Aktuel status",
            heading="Aktuel status",
            html="<p>Centrets vision er »Sikker By – Vi gør København tryggere«. Den er delt i fire mål:</p>"
            "<ul><li>Tryghed for københavnere og kommunens ansatte</li>"
            "<li>Tidlig indsats for udsatte unge under 18 år</li>"
            "<li>Kriminalitetsexit</li>"
            "<li>Koordinering og samarbejde</li></ul>"
            "<p>Forvaltningerne hjælper lige nu med indstillingen til mødet i april. Til den hører bilag om</p>"
            "<ul><li>det lokale arbejde</li><li>fritidsliv</li><li>job og uddannelse</li>"
            "<li>udsatte unge over 18 år</li><li>udsatte unge under 18 år</li><li>tryghed for de ansatte.</li></ul>"
            "<p>Hvert bilag siger,</p>"
            "<ul><li>hvad der kan gøres bedre</li><li>hvad effekten skal være</li><li>hvad det koster</li>"
            "<li>hvad kommunen så skal gøre mindre af.</li></ul>"
            "<p>Et oplæg til, hvordan det hele betales, <strong>udestår</strong>.</p>",
        ),
        Part(
            name="Vedlagte bilag",
            heading="Bilag",
            after=("Bilag 1. Oplæg om unge over 18 år", "Bilag 2. Økonomiudvalgets indstilling og beslutning"),
        ),
    ),
    left_out=("Baggrund", "Videre proces"),
)

# --- [002]: a recommendation with three points, and what was decided on them ----------------------------------------

POINTS = (
    "at kataloget drøftes og tages til efterretning, og at eksemplerne er med, når budget 2012 forhandles,",
    "at eksemplerne anbefales som inspiration, når det forebyggende arbejde koordineres i udsatte områder, samt",
    "at planen for, hvordan kataloget kommer ud til kommunens ansatte, godkendes.",
)
RECOMMENDATION = Paper(
    template="indstilling",
    committee="Økonomiudvalget",
    sender="Økonomiforvaltningen",
    title="Gode eksempler på, hvordan forebyggelsen koordineres lokalt",
    day="2011-05-30",
    phone_label="Telefon",
    block={
        "Sagsnummer": "2011-0000003",
        "Dokumentnummer": "2011-0000003-1",
        "Sagsbehandler": "Sekretariatet",
        "Enhed": "Center for Sikker By",
        "Adresse": "Københavns Rådhus\n1599 København V",
        "Nummer": "",
        "E-mail": "",
        "EAN-nummer": "",
        "Hjemmeside": "",
    },
    head=(
        *("30-05-2011", "Sagsnr. 2011-0000003", "Dokumentnr. 2011-0000003-1", "Sagsbehandler Sekretariatet"),
        *("Center for Sikker By", "Økonomiforvaltningen", "Københavns Rådhus", "1599 København V"),
    ),
    sections=(
        Part(
            name="Indledning",
            html="<p>Forvaltningerne og SSP har samlet eksempler på lokalt arbejde, der forebygger kriminalitet. "
            "Udvalget får dem til drøftelse og skal tage stilling til, hvordan de bredes ud.</p>",
        ),
        Part(
            name="Indstilling",
            heading="Indstilling og beslutning",
            before=(
                "Økonomiforvaltningen indstiller over for Økonomiudvalget,",
                *(f"{number}. {point}" for number, point in enumerate(POINTS, start=1)),
            ),
            fields={"At-punkter": "\n".join(POINTS)},
        ),
        Part(
            name="Problemstilling",
            heading="Problemstilling",
            html="<p>Da forvaltningerne søgte penge til gadeplansarbejdet, viste det sig, hvor mange der arbejder i de "
            "samme kvarterer. Det kræver, at nogen holder sammen på det. Udvalget besluttede derfor:</p>",
        ),
        Part(
            name="Tidligere beslutning",
            html="<p>Center for Sikker By finder sammen med forvaltningerne og SSP København de steder, hvor den "
            "lokale koordinering lykkes, så andre områder kan lære af dem.</p>",
            kind="tidligere beslutning",
            fields={"Besluttet af": "Økonomiudvalget", "Mødedato": "2010-06-15"},
            after=("Økonomiudvalget, mødet den 15. juni 2010.",),
        ),
        Part(
            name="Tekst uden overskrift",
            html="<p>Kortlægningen skal gøre erfaringerne synlige, give nye idéer på tværs af bydelene og hjælpe dem, "
            "der vil i gang.</p>"
            "<p>Arbejdet med de udsatte boligområder frem mod 2020 peger på det samme: Lokale projekter og kommunens "
            "faste tilbud kan støtte hinanden bedre.</p>",
            kind="tekst",
        ),
        Part(
            name="Løsning",
            heading="Løsning",
            html="<p>Kataloget (bilag 1) beskriver aktiviteter, hvor folk fra flere fag har arbejdet godt sammen i et "
            "lokalområde. De er samlet under fire temaer.</p>"
            "<h3>Sådan er eksemplerne fundet</h3>"
            "<p>Hver forvaltning og SSP pegede på 3–5 eksempler. Det gav 31 forslag, og de 28 blev undersøgt i "
            "interview efter en fast guide.</p>"
            "<p>18 eksempler kom med. De er ikke bydækkende, de koordineres lokalt, og de kan bruges i flere bydele "
            "som en del af den daglige drift.</p>"
            "<p>Til sidst i kataloget nævnes kort nogle aktiviteter, der går godt, men som hele byen allerede har.</p>"
            "<h3>Fælles for det gode samarbejde</h3>"
            "<p>Fire råd går igen:</p>"
            "<ul><li>at et godt ungdomsliv begynder med skole, arbejde og fritid,</li>"
            "<li>at netværket er åbent og hviler på klare aftaler og faste møder,</li>"
            "<li>at nye aktiviteter bygger på det, der er i forvejen, og</li>"
            "<li>at alle gode kræfter i området er med.</li></ul>"
            "<h3>Styring og netværk på tværs</h3>"
            "<p>Fire aktiviteter har udvidet SSP-samarbejdet til alle, der arbejder i kvarteret. I Tingbjerg og på "
            "Bispebjerg begyndte man med at kortlægge, og kortlægningen kan bruges igen i helhedsplaner og "
            "ansøgninger. På Amager mødes hele netværket til ungeseminar en gang om året.</p>"
            "<h3>Samarbejde med de unge i centrum</h3>"
            "<p>I seks aktiviteter lægger medarbejderne fælles planer for den enkelte unge. Fritidsjob formidles på "
            "Facebook og i metroen, Trianglen/17+ følger de unge over i voksensystemet, og de to gadeteam på Nørrebro "
            "skriver logbog og mødes hver måned.</p>"
            "<h3>Et aktivt fritidsliv</h3>"
            "<p>Tre aktiviteter bruger idrætten. Når hallerne har åbent om aftenen, er der færre på gaden og mere "
            "trygt omkring hallen, og i Buret i Holmbladsgade lærer børn og unge at spille efter reglerne.</p>"
            "<h3>Inddragelse af civilsamfundet</h3>"
            "<p>Fem aktiviteter er lavet sammen med frivillige, beboere og private. I Sundholmskvarteret går vægterne "
            "rundt, lys og kunst gør gaderne mere trygge, og på værestedet Joker er der plads til de unge, som ikke "
            "kommer andre steder.</p>"
            "<h3>Kommunikation og formidling</h3>"
            "<p>Kataloget skal ud at virke. Det sker gennem</p>"
            "<ul><li>Sikker Bys hjemmeside</li><li>medarbejderkonferencen den 20. juni 2011</li>"
            "<li>SSP's lokaludvalg og ledergrupper</li><li>fagforvaltningerne.</li></ul>",
        ),
        Part(
            name="Økonomi",
            heading="Økonomi",
            before=("Der er ingen økonomiske konsekvenser.",),
            ticked="Ingen økonomiske konsekvenser",
        ),
        Part(
            name="Videre proces",
            heading="Videre proces",
            html="<p>Kataloget lægges frem, når budget 2012 forhandles, og Center for Sikker By bringer det ud til "
            "dem, der kan bruge det.</p>",
        ),
        Part(name="Vedlagte bilag", heading="Vedlagte bilag", after=("Bilag 1. Best practice-katalog 2011",)),
    ),
)


# --- Building one -------------------------------------------------------------------------------------------------


def begin(page: Page, paper: Paper, **otherwise: str) -> None:
    """Fill in the head of a new note, and send it."""
    page.goto("/notater/ny/")
    page.get_by_label("Skabelon", exact=True).select_option(label=paper.template)
    page.get_by_label("Til", exact=True).select_option(label=paper.committee)
    page.get_by_label("Titel").fill(paper.title)
    page.get_by_label("Dato").fill(paper.day)
    page.get_by_label("Afsender", exact=True).select_option(label=paper.sender)
    page.get_by_label("Telefon eller mobil").select_option(label=paper.phone_label)
    for label, text in (paper.block | otherwise).items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_role("button", name="Opret udkast").click()


def write(page: Page, part: Part) -> None:
    """On the section's own page."""
    page.get_by_label(re.compile("^Overskrift")).fill(part.heading)
    for label, option in part.chosen.items():
        wanted = page.locator("option", has_text=option)
        page.get_by_label(label).select_option(value=wanted.get_attribute("value"))
    for label, text in part.fields.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    if part.ticked:
        page.get_by_role("radio", name=part.ticked).check()
    if part.html:
        editor = page.locator("[contenteditable=true]")  # when it has taken the place of the raw text
        editor.evaluate(PASTE, part.html)
        expect(editor).to_contain_text(plain(part.html).splitlines()[-1])
    page.get_by_role("button", name="Gem afsnittet").click()
    expect(page.get_by_text(re.compile("Afsnittet ».+« er gemt."))).to_be_visible()


def write_sections(page: Page, paper: Paper) -> None:
    """All of them, those that the template has and those that it has not, put in the paper's order."""
    for name in paper.left_out:
        page.get_by_role("button", name=f"Fjern {name}").click()
    for part in paper.sections:
        if part.kind:
            page.get_by_role("link", name="Tilføj afsnit").click()
            page.get_by_role("radio", name=part.kind, exact=True).check()
            page.get_by_role("button", name="Tilføj afsnittet").click()
        else:
            page.get_by_role("link", name=part.name, exact=True).click()
        write(page, part)
    names = page.locator("#sections > li > a:first-of-type")
    for place, part in enumerate(paper.sections):
        while part.kind and (at := names.all_inner_texts().index(part.name)) > place:
            page.get_by_role("button", name=f"Op {part.name}", exact=True).click()
            expect(names.nth(at - 1)).to_have_text(part.name)


def attach(page: Page, title: str, *, catalogue: str = "") -> None:
    """A PDF of one page, or a catalogue that is made from the register."""
    page.get_by_role("link", name="Læg et bilag ved").click()
    page.get_by_role("textbox", name="Titel").fill(title)
    if catalogue:
        page.get_by_label("best practice-kataloget").check()
        wanted = page.locator("#id_catalogue option", has_text=catalogue)
        page.get_by_role("combobox", name=re.compile("^Katalog")).select_option(wanted.get_attribute("value"))
    else:
        file = {"name": "bilag.pdf", "mimeType": "application/pdf", "buffer": make_pdf_file(title)}
        page.get_by_label(re.compile("^PDF-fil")).set_input_files(file)
    page.get_by_role("button", name="Læg bilaget ved").click()
    expect(page.get_by_text(f"»{title}« er lagt ved som bilag.")).to_be_visible()


def approve_and_issue(office: Page, approver: Page, *, doubts: tuple[str, ...] = ()) -> bytes:
    """From the note's page to its PDF. What looks odd in it is just this."""
    address = office.url.partition("#")[0]
    office.get_by_role("button", name="Send til godkendelse").click()
    approver.goto(address)
    approver.get_by_role("button", name="Godkend").click()
    expect(approver.get_by_text("Notatet er godkendt.")).to_be_visible()
    office.goto(f"{address}udsend/")
    shown = office.locator(".callout--warning li")
    expect(shown).to_have_count(len(doubts))
    for place, doubt in enumerate(doubts):
        expect(shown.nth(place)).to_contain_text(doubt)
    if doubts:
        office.get_by_label("Udsend alligevel").check()
    office.get_by_role("button", name="Udsend til udvalget").click()
    expect(office.get_by_text("kan ikke længere ændres")).to_be_visible()
    with office.expect_download() as download:
        office.get_by_role("link", name=re.compile("^Hent PDF")).click()
    return download.value.path().read_bytes()


def in_their_order(text: str, *lines: str) -> None:
    """Each line after the one before it. Of a line that can be parted by a page's foot and head, how it begins and how
    it ends; white space is left out, for a line can be broken at a hyphen too."""
    text, at = "".join(text.split()), 0
    for line in lines:
        whole = "".join(line.split())
        for piece in (whole,) if len(whole) <= 70 else (whole[:35], whole[-35:]):
            found = text.find(piece, at)
            assert found >= 0, f"{line!r} is not after what was to come before it"
            at = found + len(piece)


# --- The three ----------------------------------------------------------------------------------------------------


def test_status_note(visit):
    office, approver = visit("center"), visit("godkender")
    begin(office, STATUS, **{"EAN-nummer": "5798009800078"})
    wrong = office.get_by_role("textbox", name=re.compile("^EAN-nummer"))
    expect(wrong).to_have_value("5798009800078")
    expect(wrong).to_have_accessible_description(re.compile("EAN-nummeret er ikke gyldigt"))
    for label, text in STATUS.block.items():
        if label != "EAN-nummer":
            expect(office.get_by_label(re.compile(f"^{label}"))).to_have_value(text)
    expect(office.get_by_label("Titel")).to_have_value(STATUS.title)
    wrong.fill(STATUS.block["EAN-nummer"])
    office.get_by_role("button", name="Opret udkast").click()
    write_sections(office, STATUS)

    office.get_by_role("link", name="Videre proces", exact=True).click()
    office.get_by_role("button", name=f"Notér som opfølgning {REVISION}").click()
    office.get_by_role("link", name="Notér en opfølgning").click()
    office.get_by_label("Hvad der er lovet").fill("Opgørelse af lukkedage i 2013")
    office.get_by_label("Inden").fill("2014-01-01")
    office.get_by_label("Angivet som").select_option(label="måned")
    office.get_by_role("button", name="Notér opfølgningen").click()
    attach(office, "Best practice-katalog 2013")
    too_late = "Under »Videre proces« står der »februar 2013«, men notatet er dateret 20-08-2013."
    expect(office.locator(".callout--warning")).to_contain_text(too_late)
    pdf = approve_and_issue(office, approver, doubts=(too_late,))

    in_their_order(text_of(pdf), *STATUS.said())
    assert outline(pdf) == STATUS.headings()


def test_orientation_of_another_administration(visit):
    office, approver = visit("center"), visit("godkender")
    begin(office, ORIENTATION)
    write_sections(office, ORIENTATION)
    attach(office, "Oplæg om unge over 18 år")
    attach(office, "Økonomiudvalgets indstilling og beslutning")
    pdf = approve_and_issue(office, approver)

    in_their_order(text_of(pdf), *ORIENTATION.said())
    assert outline(pdf) == ORIENTATION.headings()


def test_recommendation_and_what_was_decided(visit):
    office, approver = visit("center"), visit("godkender")
    begin(office, RECOMMENDATION)
    write_sections(office, RECOMMENDATION)
    attach(office, "Best practice-katalog 2011", catalogue="lokal koordinering")
    pdf = approve_and_issue(office, approver)
    note = office.url

    in_their_order(text_of(pdf), *RECOMMENDATION.said())
    assert outline(pdf) == RECOMMENDATION.headings()
    with office.expect_download() as download:
        office.get_by_role("link", name="Bilag 1. Best practice-katalog 2011").click()
    in_their_order(
        text_of(download.value.path().read_bytes()),
        f"Bilag 1 til {RECOMMENDATION.title}, 30-05-2011",
        *("Kriterier", "Hovedanbefalinger", "Formidling", "Eksemplerne"),
        *("Styring og netværk på tværs", "Samarbejde med de unge i centrum", "Et aktivt fritidsliv"),
    )

    new_meeting(office, "ØU", "2011-06-07")
    office.get_by_role("link", name="Sæt et notat på dagsordenen").click()
    wanted = office.locator("option", has_text=RECOMMENDATION.title)
    office.get_by_label("Notat", exact=True).select_option(value=wanted.get_attribute("value"))
    office.get_by_label("Punkt på dagsordenen").fill("6")
    office.get_by_role("button", name="Sæt på dagsordenen").click()
    office.goto(note)
    office.get_by_role("link", name="Notér beslutning fra Økonomiudvalget").click()
    first = office.get_by_role("group", name="1. beslutning")
    first.get_by_label("Fra at-punkt").fill("1")
    first.get_by_label("Beslutning").select_option(label="drøftet og derefter taget til efterretning")
    office.get_by_text("2. beslutning", exact=True).first.click()
    second = office.get_by_role("group", name="2. beslutning")
    second.get_by_label("Fra at-punkt").fill("2")
    second.get_by_label("Til at-punkt").fill("3")
    second.get_by_label("Beslutning").select_option(label="godkendt")
    office.get_by_role("button", name="Notér beslutningen").click()
    office.get_by_role("link", name="Vis til udskrift").click()
    printed = office.pdf()
    in_their_order(
        text_of(printed),
        RECOMMENDATION.title,
        f"Sagsnr. 2011-0000003, dokumentnr. {RECOMMENDATION.block['Dokumentnummer']}.",
        "Indstilling",
        *(f"{number}. {point}" for number, point in enumerate(POINTS, start=1)),
        "Økonomiudvalgets beslutning den 7. juni 2011, punkt 6:",
        "1. at-punkt blev drøftet og derefter taget til efterretning. 2.–3. at-punkt blev godkendt.",
        "Gengivet efter beslutningsprotokollen.",
    )
