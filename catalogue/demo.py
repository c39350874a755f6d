"""The demo data of this room: the catalogue of 2011 with its 18 practices, and that of 2013, known by its title only.

The facts are those of the papers, in words of our own; the advice to others is invented, for what was said in the
interviews is not in the papers, nor is the administration behind each practice.
"""

from datetime import date
from typing import NamedTuple

from initiatives.models import Initiative
from sikkerby.models import District, Precision

from .models import Catalogue, Practice

LOCAL = {
    "title": "Best practice: lokal koordinering af kriminalpræventivt arbejde",
    "year": 2011,
    "subject": (
        "Eksempler på aktiviteter, hvor folk fra flere fag og forvaltninger har fået det lokale arbejde mod "
        "kriminalitet til at hænge sammen. Økonomiudvalget besluttede den 15. juni 2010, at de gode eksempler skulle "
        "findes og bredes ud til de områder, der har brug for en stærkere indsats. Kataloget skal synliggøre "
        "erfaringerne og give inspiration på tværs af bydele."
    ),
    "criteria": (
        "Aktiviteten er ikke bydækkende.\n"
        "Den viser, hvordan arbejdet koordineres lokalt.\n"
        "Den kan bredes ud til andre bydele.\n"
        "Den kan så vidt muligt blive en del af den normale drift, når der tages hensyn til lokale forhold."
    ),
    "recommendations": (
        "Et godt ungdomsliv begynder med uddannelse, arbejde og et fritidsliv med indhold.\n"
        "Netværket skal være gennemsigtigt og hvile på klare aftaler og møder, der ligger fast.\n"
        "Aktiviteten skal bygge oven på normal drift og på det samarbejde, der er i forvejen, for eksempel SSP.\n"
        "Alle gode kræfter i lokalområdet skal med i arbejdet."
    ),
    "dissemination": (
        "Sikker Bys hjemmeside\n"
        "Debat på medarbejderkonferencen den 20. juni 2011\n"
        "SSP-lokaludvalg og ledergrupper, der bringer kataloget videre til deres medarbejdere\n"
        "Fagforvaltningerne"
    ),
    "proposed": 31,
    "examined": 28,
}

STABLE = {
    "title": "Best practice: medarbejdertryghed og stabil drift",
    "year": 2013,
    "subject": (
        "Aktiviteter i kommunen, der holder medarbejderne trygge og institutionerne i drift, når der er uro. "
        "Kataloget er lavet sammen med forvaltningerne og skulle løbende ajourføres. Papirerne nævner det som bilag; "
        "hvilke eksempler det indeholder, fremgår ikke."
    ),
    "dissemination": "Sikker Bys hjemmeside\nSSP København, ved kriser og på lederseminarer om konflikthåndtering",
}


class Example(NamedTuple):
    title: str
    districts: tuple[str, ...]
    summary: str
    method: str
    advice: str


THEMES = (
    (
        "Styring og netværk på tværs",
        "SSP er udgangspunktet. Herfra er alle lokale parter og forvaltninger inviteret ind i et formelt samarbejde.",
        (
            Example(
                "Områdefornyelsen i Haraldsgadekvarteret",
                ("Nørrebro",),
                "Kvarterets fornyelse bruges til at samle alle, der arbejder for mindre kriminalitet.",
                "Parterne i kvarteret og forvaltningerne mødes i et udvidet netværk, der er bygget op om SSP.",
                "Begynd med det samarbejde, der er, og udvid det.",
            ),
            Example(
                "Ungeseminar på Amager",
                ("Amager Øst", "Amager Vest"),
                "En gang om året er alle i Amagers ungenetværk i samme rum. Det gør ingen andre bydele.",
                "Netværket mødes året igennem, og seminaret samler op og lægger en fælles linje for det næste år.",
                "Sæt en fast dag af til at se hinanden i øjnene, også når der er travlt.",
            ),
            Example(
                "Tingbjerg Partnerskab",
                ("Brønshøj-Husum",),
                "Et partnerskab, der bygger på en kortlægning af Tingbjergs udfordringer og af det, der gøres ved dem.",
                "Kortlægningen er fælles grundlag for partnerskabet og kan genbruges i helhedsplaner og ansøgninger. "
                "Medarbejderne arbejder tværfagligt med den unge og familien.",
                "Bland lokalkendskab med central specialviden. Så bliver man enige om metoden.",
            ),
            Example(
                "Ungebydelsplanen på Bispebjerg",
                ("Bispebjerg",),
                "En plan for bydelens unge, hvor alle kan se, hvem der gør hvad.",
                "Planen begynder med et billede af problemer og tilbud i bydelen og følges op på både løbende og faste "
                "møder.",
                "Hold overblikket levende: En kortlægning forældes hurtigt.",
            ),
        ),
    ),
    (
        "Samarbejde med de unge i centrum",
        "Viden deles, og handleplaner koordineres, så den unge møder én samlet indsats.",
        (
            Example(
                "Fritidsjobformidlingen",
                (),
                "Fritidsjob til unge, formidlet dér, hvor de unge er.",
                "Formidlingen brugte Facebook, annoncer på metroens standere og pædagogiske værktøjer på nettet.",
                "Brug de medier, de unge selv bruger.",
            ),
            Example(
                "Trianglen/17+",
                (),
                "Udsatte unge får følgeskab, når de går fra børne- til voksensystemet, så ingen bliver væk undervejs.",
                "Medarbejdere fra begge systemer mødes om den unge, før det sker.",
                "Begynd, inden den unge fylder 18 år.",
            ),
            Example(
                "SSP+",
                (),
                "Unge, der er kommet ud i kriminalitet, får samlet hjælp til at finde uddannelse og arbejde.",
                "Er vokset ud af Trianglen/17+ og samler de parter, den unge skal have hjælp fra.",
                "Gør én person til den unges indgang.",
            ),
            Example(
                "Gadeplansarbejdet i Sundholmskvarteret",
                ("Amager Vest",),
                "SSP-samarbejdet gør gadeplansarbejdet bedre, så udsatte drenge bliver i skole og fritidsliv.",
                "Gadeplansmedarbejderne arbejder efter SSP-metoden og følger drengene i skole, uddannelse, idræt og "
                "fritidsjob.",
                "Bliv ved med at være der, også efter den første succes.",
            ),
            Example(
                "De tværfaglige gadeteam på Indre og Ydre Nørrebro",
                ("Nørrebro",),
                "To team holder øje med, hvordan det går de udsatte og urolige unge på Nørrebro.",
                "Teamene giver viden videre i en logbog og på et møde hver måned og taler tæt sammen med SSP's "
                "lokaludvalg og ledergruppe.",
                "Skriv det ned. Så går viden ikke tabt, når vagten skifter.",
            ),
            Example(
                "Ny Start Tingbjerg – Interventionsteamet",
                ("Brønshøj-Husum",),
                "Udsatte familier, der selv ønsker at flytte, får hjælp til det hele på én gang.",
                "Interventionsteamet ser på hele familiens situation og følger den under flytningen.",
                "Hjælpen virker bedst, når familien selv vil.",
            ),
        ),
    ),
    (
        "Et aktivt fritidsliv som nøglen til et godt ungdomsliv",
        "Idræt er vejen ind. SSP, gadeteam, klubber og boligsociale medarbejdere arbejder sammen om den.",
        (
            Example(
                "Settlementets idræts- og klubaktiviteter",
                (),
                "Idræt og klub under ét tag, så de unge siden finder vej til almindelige foreninger.",
                "Settlementet driver aktiviteterne samlet og følger de unge ud i det fritidsliv, der er for alle.",
                "Målet er, at de unge en dag ikke har brug for særlige tilbud.",
            ),
            Example(
                "Længere åbningstid i Nørrebrohallen og Sundby Idrætspark",
                ("Nørrebro", "Amager Vest"),
                "To anlæg holder åbent for kvarterets unge, når de ellers ville være lukket.",
                "De unge har et sted at være i stedet for gaden, og der bliver tryggere omkring anlæggene.",
                "Læg de ekstra timer dér, hvor uroen plejer at være.",
            ),
            Example(
                "Buret i Holmbladsgade",
                ("Amager Øst",),
                "Idræt i øjenhøjde for store og små, piger og drenge, uanset baggrund.",
                "Legen lærer børn og unge respekt for hinanden, tolerance, ansvar og fairplay, og at idræt er sjovt.",
                "Lad glæden komme først. Reglerne følger med.",
            ),
        ),
    ),
    (
        "Inddragelse af civilsamfundet",
        "Frivillige, beboere og private er med til at løfte opgaven.",
        (
            Example(
                "Områdefornyelsen Husum/Voldparken Skole",
                ("Brønshøj-Husum",),
                "Offentlige og private penge og mange frivillige kræfter i samme projekt.",
                "Fra første dag kunne kvarteret se, at noget fysisk skete.",
                "Vis noget synligt med det samme.",
            ),
            Example(
                "Midlertidig belysning i Sundholmskvarteret",
                ("Amager Vest",),
                "Områdeløftet i kvarteret brugte lys og kunst til at skabe både tryghed og samtale.",
                "Et midlertidigt kunstnerisk greb fik beboerne til at tale om kvarteret og med hinanden. Det "
                "offentlige og private stod bag i fællesskab.",
                "Det midlertidige gør det lettere at turde prøve.",
            ),
            Example(
                "Vægterne i Sundholmskvarteret",
                ("Amager Vest",),
                "En gruppe frivillige borgere gør kvarteret tryggere.",
                "De frivillige er uddannet til opgaven, blandt andet af Voksenpædagogisk Center.",
                "Giv de frivillige en ordentlig uddannelse.",
            ),
            Example(
                "Ghetto Gourmet",
                ("Amager Vest",),
                "Et pilotprojekt i Sundholmskvarteret på vej til at blive en socialøkonomisk virksomhed.",
                "De unge vokser med opgaven, når de bliver anerkendt, får ansvar og lærer noget.",
                "Tro på, at de unge kan.",
            ),
            Example(
                "Værestedet Joker",
                ("Amager Vest",),
                "Et værested for meget udsatte unge i og omkring Urbanplanen, båret af hele lokalområdet.",
                "De unge skal kunne være der, som de er. Der er afsat tid i normeringen til, at medarbejderne kan "
                "opbygge personlige relationer.",
                "Relationer tager tid. Sæt den af i vagtplanen.",
            ),
        ),
    ),
)

# The practice that lives on as an initiative of the table 2022–2025.
CONTINUED = {"SSP+": "SSP+"}


def load(*, today: date) -> None:
    local = Catalogue.objects.create(**LOCAL)
    local.editions.create(number=1, issued=date(2011, 1, 1), issued_precision=Precision.YEAR)
    stable = Catalogue.objects.create(**STABLE)
    stable.editions.create(number=1, issued=date(2013, 1, 1), issued_precision=Precision.YEAR)

    districts = {each.name: each for each in District.objects.all()}
    for number, (title, introduction, examples) in enumerate(THEMES, start=1):
        theme = local.themes.create(number=number, title=title, introduction=introduction)
        for order, example in enumerate(examples, start=1):
            practice = Practice.objects.create(
                title=example.title,
                catalogue=local,
                theme=theme,
                order=order,
                status=Practice.Status.INCLUDED,
                initiative=Initiative.objects.filter(name=CONTINUED.get(example.title)).first(),
                summary=example.summary,
                method=example.method,
                advice=example.advice,
            )
            practice.districts.set(districts[each] for each in example.districts)
