"""The table "Princip | Udvalgte indsatser" of 2022–2025 with its 51 rows, and the five initiatives of focus area 4.

A row names the administrations that the paper's row names, or none. Who carries an initiative is what its rows say
together: one alone is responsible, several are equals. The family effort on Nørrebro and Bispebjerg is one initiative
with two rows that name different administrations. So the 51 rows are 46 initiatives: Natteværterne have four rows,
Infohus København and the family effort two each.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from sikkerby.models import Administration, District, Precision

from ..models import Initiative, Partner, Principle

PARTNERS = {
    "SSP": "SSP København",
    "Politi": "Københavns Politi",
    "DSB": "DSB",
    "Banedanmark": "Banedanmark",
    "Metro": "Metroselskabet",
    "Movia": "Movia",
    "Kriminalforsorg": "Kriminalforsorgen",
    "Brandvæsen": "Københavns Brandvæsen",
    "SIRI": "Styrelsen for International Rekruttering og Integration (SIRI)",
    "Strong Cities": "Strong Cities Network",
    "Boligorganisationer": "Boligorganisationer",
    "Nattelivsbranche": "Nattelivsbranchen",
    "Civilsamfund": "Civilsamfundet",
    "Grundejere": "Grundejere og interessenter ved havnen",
    "Arbejdsmiljø": "Arbejdsmiljø København",
}

FOCUS_AREA = "2010-2017 indsatsomraade-4"
ENDED = Initiative.Status.ENDED


class Row(NamedTuple):
    """A row under a principle: the initiative, the administrations that the row names, its text."""

    initiative: str
    administrations: str
    text: str


TABLE = {
    "2022-2025 grundprincip-1": (
        Row(
            "Løbende tryghedsarbejde i fritids- og kulturinstitutionerne",
            "KFF",
            """Kultur- og Fritidsforvaltningen udvikler hele tiden sit tryghedsarbejde og leder efter løsninger
            sammen med de andre forvaltninger og aktører. Det gælder for eksempel, når hjemløse danskere og migranter
            uden bolig opholder sig ved institutionerne på en måde, der giver problemer.""",
        ),
        Row(
            "Relationsmedarbejder på Vesterbro Bibliotek og Kulturhus",
            "SOF",
            """Budget 2023 gav penge til en medarbejder fra Socialforvaltningen med fast plads på Vesterbro Bibliotek
            og Kulturhus. Medarbejderen tager socialfaglig viden med ind i huset, så både brugere og ansatte er trygge,
            og hjælper mennesker i en udsat situation videre til et bad, et måltid eller et sted at sove.""",
        ),
        Row(
            "Fælles Blik-møder",
            "",
            """På »Fælles Blik« fortæller gadeplan, Natteværter og andre udgående indsatser hinanden, hvad de ser i
            byen. Her lægger forvaltningerne også en fælles plan for, hvordan indsatserne fordeles i ferierne.""",
        ),
        Row(
            "Natteværterne",
            "",
            """Siden 2023 kan både vagtcentralen og alarmcentralen kalde Natteværterne direkte torsdag, fredag og
            lørdag nat, når de er de rette til at løse en situation.""",
        ),
        Row(
            "Natteværterne",
            "",
            """Hver uge mødes Natteværterne med nattelivets erhvervsdrivende, så arbejdet mod gener og for tryghed
            trækker i samme retning.""",
        ),
        Row(
            "Samarbejdet om migranter i København",
            "",
            """Kommunen og Københavns Politi har siden 2017 koordineret arbejdet for og med migranter i byen. DSB og
            Metroselskabet kom med samme år, og fra 2023 er civilsamfundet også en del af samarbejdet.""",
        ),
        Row(
            "Månedlig deling af viden om tryghed",
            "",
            """En gang om måneden orienterer forvaltninger, indsatser, SSP, politi og boligorganisationer hinanden om
            vigtige hændelser, tiltag for trygheden og arrangementer på vej. Det skal give mere tryghed og mindre
            kriminalitet.""",
        ),
        Row(
            "Tryghedsvagter i S-togene",
            "",
            """I sommeren 2022 fik S-togenes linjer og stationer tryghedsvagter. Sikker By samler Københavns Politi,
            Metroselskabet, DSB S-tog og Movia, så passagererne møder den samme indsats på perronen og undervejs.""",
        ),
        Row(
            "Folder om de udgående indsatser",
            "",
            """Forvaltningerne, de udgående indsatser og Københavns Politi har skrevet en folder om, hvem hver indsats
            er for, hvornår den er på gaden, og hvordan uniformen ser ud. Den dækker Aften-, Havne- og Natteværterne,
            Københavnerteamet, Opsøgende Gadeplan og Vagt og Sikring (Rådhusvagten) og fra sommeren 2024 også Støjvagten
            og Tryghedsvagterne. Både kommunen og dens partnere bruger den.""",
        ),
        Row(
            "Din Betjent",
            "",
            """Sikker By, Københavns Politi og SSP holder netværksarrangementer, hvor de deler viden, og laver
            kampagner, der skal forebygge kriminalitet.""",
        ),
    ),
    "2022-2025 grundprincip-2": (
        Row(
            "Børnesundhedsprofilen",
            "BUF",
            """Børne- og Ungdomsforvaltningen spørger eleverne i 3., 6. og 9. klasse om sundhed, trivsel og fritid.
            Svarene bruges af skolerne og kommunen til at gøre tilbuddene til børn og unge bedre. Den første
            undersøgelse var i 2021, den næste i efteråret 2023.""",
        ),
        Row(
            "Indmelding af utryghed i MainManager",
            "KFF",
            """Institutionerne under Kultur- og Fritidsforvaltningen melder hændelser, der skaber utryghed, ind i
            MainManager. Med tallene kan forvaltningen, politiet og de øvrige forvaltninger forebygge dér, hvor
            behovet er størst.""",
        ),
        Row(
            "Udsatte borgeres brug af byens åbne rum",
            "SOF TMF",
            """Socialforvaltningen og Teknik- og Miljøforvaltningen arbejder tættere sammen end før, så borgere i en
            socialt udsat situation får bedre muligheder for at bruge byens åbne rum.""",
        ),
        Row(
            "Sikker By-akutpuljen",
            "SOF KFF TMF ØKF",
            """Socialforvaltningen, Kultur- og Fritidsforvaltningen, Teknik- og Miljøforvaltningen og
            Økonomiforvaltningen sidder i den gruppe, der fordeler akutpuljens midler til hurtige, midlertidige svar på
            problemer med trygheden.""",
        ),
        Row(
            "Infohus København",
            "",
            """Når der er bekymring for ekstremisme, bruger Infohuset et nationalt redskab til vurdering, der bygger
            på forskning og evidens, så alle borgersager behandles systematisk. Et progressionsværktøj måler effekten
            på samme systematiske måde.""",
        ),
        Row(
            "Den årlige tryghedsundersøgelse",
            "ØKF",
            """Hvert år undersøger Sikker By i Økonomiforvaltningen, hvor trygt det er at være i København: hvilke
            steder der er særligt utrygge, hvem der er utrygge, og hvad det skyldes.""",
        ),
        Row(
            "Årlige virkningsevalueringer",
            "",
            """Hvert år begynder målrettede evalueringer af, hvordan nogle få indsatser virker. De lægges sådan til
            rette, at indsatsen og forvaltningen lærer af at være med. Evalueringerne og afrapporteringen af dem hører
            til Sikker Bys budgetpakke.""",
        ),
        Row(
            "Virkningsevalueringerne 2023 og 2024",
            "SOF BIF",
            """18+ Enhederne og Københavnerteamet i Socialforvaltningen var i 2023 de første, der blev evalueret, som
            et pilotprojekt. Anbefalingerne er begyndelsen på et udviklingsforløb, og Økonomiudvalget hører om
            resultatet efter to år. I 2024 begyndte næste runde med Studie- og fritidsjobindsatsen i Beskæftigelses- og
            Integrationsforvaltningen og Ny Start i Socialforvaltningen, så viden om lommepenge- og fritidsjob kan
            deles.""",
        ),
    ),
    "2022-2025 fagprincip-1": (
        Row(
            "Børn fra udsatte byområder ind i foreningslivet",
            "KFF",
            """Kultur- og Fritidsforvaltningen viser børn i udsatte byområder vej til foreningerne, tager dem med ind
            og hjælper dem med at blive. Det sker blandt andet med FerieCamps, FritidsGuiderne og tilskud til
            kontingentet.""",
        ),
        Row(
            "Opsøgende klubmedarbejdere og gadeplansindsats",
            "BUF SOF",
            """Børne- og Ungdomsforvaltningens klubmedarbejdere og Socialforvaltningens gadeplansindsats går ud og
            lærer de børn og unge at kende, som kommunen endnu ikke har kontakt med.""",
        ),
        Row(
            "Aktivitetspuljen",
            "BUF",
            """Børne- og Ungdomsforvaltningens pulje gør det muligt at arbejde mere opsøgende og forebyggende, både på
            fritidscentrene og ude i kvarteret sammen med de andre, der arbejder dér.""",
        ),
        Row(
            "Det Gode Fritidsliv",
            "BUF",
            """Børne- og Ungdomsforvaltningen er i gang med Det Gode Fritidsliv, der skal løfte det fritidspædagogiske
            arbejde. Midlerne er Ungeværker og gode fællesskaber.""",
        ),
        Row(
            "Ny Start 3.0",
            "SOF",
            """Medarbejdere fra Socialforvaltningen opsøger børn og unge og hjælper dem videre til fritidsliv,
            uddannelse og arbejde.""",
        ),
        Row(
            "Idrætsprojektet",
            "SOF",
            """Udsatte børn og unge og dem, der er på vej ud i kriminalitet, får tidligt et tilbud i
            Socialforvaltningen. Aktiviteter og gode fællesskaber er første skridt på vejen til skole, uddannelse,
            fritidsjob og et aktivt fritidsliv.""",
        ),
        Row(
            "Enheden for Kriminalpræventive Indsatser (EKI)",
            "",
            """EKI tager selv kontakt til voksne kriminelle og motiverer dem til at gå ind i et forløb, der kan føre
            dem ud af kriminaliteten.""",
        ),
        Row(
            "Den Korte Snor",
            "",
            """Københavnske børn og unge på 10–17 år, som skaber uro, begår kriminalitet eller vækker bekymring, får
            en kontaktperson tæt på sig, mens familien får rådgivning. Det skal gå hurtigt, fra noget sker, til hjælpen
            er der.""",
        ),
        Row(
            "Fritidsjobindsatsen",
            "BIF",
            """Unge på 15–24 år kan få hjælp til at finde et fritidsjob i Beskæftigelses- og
            Integrationsforvaltningen, og især udsatte unge er i fokus. Jobbet giver egne penge, flere at trække på og
            gode oplevelser med arbejdslivet, og det forebygger kriminalitet.""",
        ),
    ),
    "2022-2025 fagprincip-2": (
        Row(
            "18+ indsatsen i Husum/Voldparken",
            "KFF SOF",
            """Unge på 18–25 år, der er truet af kriminalitet eller bander, har et tilbud i Husum/Voldparken, som
            Kultur- og Fritidsforvaltningen og Socialforvaltningen er fælles om. Det har ikke sit eget hus, men lever
            af aktiviteter rundt omkring i byen.""",
        ),
        Row(
            "SSP+",
            "BIF SOF BUF",
            """Beskæftigelses- og Integrationsforvaltningen, Socialforvaltningen, Børne- og Ungdomsforvaltningen,
            Kriminalforsorgen og politiet koordinerer hjælpen til unge på 17½–25 år, så færre begår kriminalitet
            igen.""",
        ),
        Row(
            "Gode løsladelser",
            "BIF",
            """Beskæftigelses- og Integrationsforvaltningen og Kriminalforsorgen er fælles om samtaler før løsladelsen
            og om en plan for job eller uddannelse. Det gælder københavnere, der er varetægtsfængslet eller afsoner en
            dom et sted i landet.""",
        ),
        Row(
            "Specialenheden",
            "BIF",
            """Ledige, der har forbindelse til rocker- eller bandemiljøet, aktiveres med ekstra kræfter i
            Beskæftigelses- og Integrationsforvaltningens specialenhed.""",
        ),
        Row(
            "Strategisk samarbejdsaftale om rockere og bander",
            "",
            """Kommunen og Københavns Politi har aftalt på strategisk niveau, hvordan de i fællesskab bekæmper rockere
            og bander.""",
        ),
    ),
    "2022-2025 fagprincip-3": (
        Row(
            "Handleplan ved uro og ekstremistisk propaganda",
            "BIF",
            """Frustration og uro i byen kan gøre nogle borgere modtagelige for ekstremistisk propaganda. Til de
            perioder har Beskæftigelses- og Integrationsforvaltningen, SSP København og Københavns Politi et beredskab
            i form af en handleplan. Et nyt læringsværktøj hjælper børn og unge til at begå sig digitalt og
            socialt.""",
        ),
        Row(
            "Helhedsorienteret familieindsats (HFI) på Nørrebro og Bispebjerg",
            "KFF SOF BIF SUF",
            """På Nørrebro og Bispebjerg er Kultur- og Fritidsforvaltningen, Socialforvaltningen, Beskæftigelses- og
            Integrationsforvaltningen og Sundheds- og Omsorgsforvaltningen fælles om at støtte familier, så der ikke
            opstår parallelsamfund.""",
        ),
        Row(
            "Skoleindsats om demokrati og kritisk sans",
            "BIF BUF",
            """Elever skal kunne gennemskue propaganda på nettet og kende demokratiets regler, og lærerne skal have
            hjælp til at undervise i demokrati, fællesskab og medborgerskab. Det er Beskæftigelses- og
            Integrationsforvaltningen og Børne- og Ungdomsforvaltningen sammen om. Forældre får hjælp gennem en indsats
            og en kampagne om ekstremisme på nettet.""",
        ),
        Row(
            "Infohus København",
            "",
            """I samarbejdet om Infohuset bliver bekymringer om ekstremisme vurderet. Borgere, der er sårbare over for
            ekstremisme eller allerede har sluttet sig til et sådant miljø, får tilbudt en indsats.""",
        ),
        Row(
            "Viden om ekstremisme fra ind- og udland",
            "",
            """På konferencer og workshopper i Danmark og udlandet, blandt andet med SIRI og Strong Cities Network,
            henter og deler kommunen viden.""",
        ),
    ),
    "2022-2025 fagprincip-4": (
        Row(
            "Halværter",
            "",
            """Syv steder i byen er der halværter: Sundbyøsterhallerne, Hal C, Ørestad Streethal, Bellahøjhallerne,
            Sundby Idrætspark, Ryparken Idrætsanlæg og Vanløsehallerne.""",
        ),
        Row("Natteværterne", "", "Natteværter færdes i Indre By, og ved havnen er der havneværter."),
        Row(
            "Aftenværterne (15-24 teamet)",
            "KFF",
            """Aftenværterne, også kaldet 15-24 teamet, dækker hele byen om aftenen og kommer på Kultur- og
            Fritidsforvaltningens biblioteker, kulturhuse og idrætsanlæg.""",
        ),
        Row(
            "Dialogforum ved havnen",
            "",
            """Grundejere og andre med interesser ved Nordhavn, Islands Brygge og Krøyers Plads taler fortsat sammen
            om, hvordan sommerens mange gæster håndteres. Andre steder ved havnen kan der oprettes et pop op-forum.""",
        ),
        Row(
            "Flerstrenget Indsats for Ledige i Tingbjerg (FILT)",
            "KFF",
            """Kultur- og Fritidsforvaltningen er med i FILT, der hjælper folk i Tingbjerg, som har helbredsproblemer
            og ikke er i arbejde. Helbred og beskæftigelse tages op på samme tid, så vejen til et job bliver
            kortere.""",
        ),
        Row(
            "Forandringsplaner for udsatte byområder",
            "",
            """Husum Nord får en forandringsplan. I Hørgården, Lundtoftegade, Aldersrogade og Bispeparken bliver
            planerne fortsat ført ud i livet. En forandringsplan er en strategi for, hvad kommunen og de almene
            boligorganisationer kan investere i for at gøre et udsat byområde tryggere.""",
        ),
        Row(
            "Igangværende områdefornyelser",
            "",
            """Områdefornyelserne gør udsatte byområder tryggere og binder byen sammen med projekter af både fysisk,
            social og kulturel art.""",
        ),
        Row(
            "Helhedsorienteret familieindsats (HFI) på Nørrebro og Bispebjerg",
            "KFF BUF SOF BIF",
            """Budget 2023 skabte en ny helhedsorienteret familieindsats på Nørrebro og Bispebjerg. Kultur- og
            Fritidsforvaltningen, Børne- og Ungdomsforvaltningen, Socialforvaltningen og Beskæftigelses- og
            Integrationsforvaltningen skal blandt andet hindre, at der opstår parallelsamfund i udsatte boligområder, og
            sørge for, at borgere med mange problemer på én gang møder én samlet hjælp.""",
        ),
        Row(
            "Tryghedsløft af Nørrebro Station",
            "ØKF TMF",
            """Økonomiforvaltningen er sammen med Teknik- og Miljøforvaltningen, DSB og Banedanmark i gang med at gøre
            Nørrebro Station til et markant tryggere sted.""",
        ),
    ),
    "2022-2025 fagprincip-5": (
        Row(
            "Natteværterne",
            "",
            """Torsdag, fredag og lørdag nat er Natteværterne ude i Indre By for at forebygge, så nattelivet tager
            hensyn, er i balance og kan holde i længden. De aftaler løbende med Københavns Politi, nattelivsbranchen og
            resten af beredskabet, hvor kræfterne skal sættes ind.""",
        ),
        Row(
            "Restaurations- og Nattelivsplanen",
            "",
            "Planen er kommunens fælles ramme for byens restauranter og natteliv.",
        ),
        Row(
            "Charter for et natteliv uden diskrimination",
            "",
            """I 2023 vedtog Kultur- og Fritidsudvalget et charter for et natteliv uden diskrimination. Det ajourfører
            og genintroducerer det Charter for et Fair Natteliv, der stammer fra Diskriminationshandleplanen 2016.""",
        ),
        Row(
            "Tryghedsvagterne (TMF)",
            "TMF",
            """Med Budget 2024 fik Teknik- og Miljøforvaltningen en ordning med Tryghedsvagter. Vagterne og
            Natteværterne koordinerer nøje, hvem der er hvor.""",
        ),
        Row(
            "Myndighedssamarbejde mod partnervold",
            "",
            """Københavns Kommune og Københavns Politi har aftalt et myndighedssamarbejde mod partnervold. Det begynder
            i andet halvår 2024.""",
        ),
    ),
    FOCUS_AREA: (
        Row(
            "Optælling af ikke-planlagte lukninger",
            "ØKF",
            """Center for Sikker By spørger kommunens institutioner, hvor mange dage uro eller krise har holdt dem
            lukket. Tallet for 2012 er det udgangspunkt, som senere år måles mod.""",
        ),
        Row(
            "Best practice-katalog om tryghed for ansatte og stabil drift",
            "ØKF",
            """Forvaltningerne og Center for Sikker By samler eksempler på, hvordan medarbejdere holdes trygge og
            institutioner i drift, så andre kan lære af dem. Kataloget skal løbende ajourføres.""",
        ),
        Row(
            "Tryghedspakken i Voldparken",
            "",
            """Et pilotprojekt skal dæmpe uro og kriminalitet omkring Energicenter Voldparken med både bedre sikring
            af bygningen, uddannelse af de ansatte, flere aktiviteter og mere kontakt med forældre og beboere.""",
        ),
        Row(
            "Actioncard til kommunens institutioner",
            "ØKF",
            """En plakat til væggen fortæller, hvad man gør, hvis der opstår uro, eller hvis nogen udsættes for vold
            eller trusler.""",
        ),
        Row(
            "Netværksmøder og aftalen med brandvæsenet",
            "ØKF",
            """Center for Sikker By mødes med dem, der arbejder med nabofelter, for at dele erfaringer og finde nye
            samarbejder. Aftalen mellem SSP København og Københavns Brandvæsen er et af resultaterne.""",
        ),
    ),
}

# What is known of each initiative besides its rows: only what the papers say, and where a place lies.
FACTS: dict[str, dict] = {
    "Løbende tryghedsarbejde i fritids- og kulturinstitutionerne": {
        "summary": "Tryghed på byens biblioteker, kulturhuse og idrætsanlæg, udviklet sammen med andre.",
    },
    "Relationsmedarbejder på Vesterbro Bibliotek og Kulturhus": {
        "summary": "Socialfaglig hjælp i et bibliotek og kulturhus.",
        "target_group": "Mennesker i en udsat situation, andre brugere og husets ansatte",
        "sites": "Vesterbro Bibliotek og Kulturhus",
        "districts": ["Vesterbro-Kongens Enghave"],
        "begins": (date(2023, 1, 1), Precision.YEAR),
    },
    "Fælles Blik-møder": {"summary": "Møder, hvor de udgående indsatser deler viden og fordeler opgaverne."},
    "Natteværterne": {
        "summary": "Værter, der skaber tryghed og forebygger konflikter i nattelivet i Indre By.",
        "target_group": "Nattelivets gæster",
        "districts": ["Indre By"],
        "partners": ["Politi", "Nattelivsbranche"],
    },
    "Samarbejdet om migranter i København": {
        "summary": "Fælles koordinering af arbejdet for og med migranter i byen.",
        "target_group": "Migranter i København",
        "partners": ["Politi", "DSB", "Metro", "Civilsamfund"],
        "begins": (date(2017, 1, 1), Precision.YEAR),
    },
    "Månedlig deling af viden om tryghed": {
        "summary": "Et fast månedligt overblik over hændelser, tiltag og arrangementer.",
        "partners": ["SSP", "Politi", "Boligorganisationer"],
    },
    "Tryghedsvagter i S-togene": {
        "summary": "Vagter på S-togenes linjer og stationer, koordineret med byens øvrige trafik.",
        "target_group": "Passagerer i tog, metro og bus",
        "partners": ["Politi", "Metro", "DSB", "Movia"],
        "begins": (date(2022, 6, 1), Precision.SEASON),
    },
    "Folder om de udgående indsatser": {
        "summary": "Et overblik over, hvem der er på gaden hvornår, til brug i og uden for kommunen.",
        "partners": ["Politi"],
    },
    "Din Betjent": {
        "summary": "Oplysning og netværk, der forebygger kriminalitet.",
        "partners": ["Politi", "SSP"],
    },
    "Børnesundhedsprofilen": {
        "summary": "En spørgeskemaundersøgelse af skolebørns sundhed, trivsel og fritid.",
        "target_group": "Elever i 3., 6. og 9. klasse",
        "begins": (date(2021, 1, 1), Precision.YEAR),
    },
    "Indmelding af utryghed i MainManager": {
        "summary": "Data om hændelser på institutionerne, så forebyggelsen rammer rigtigt.",
        "partners": ["Politi"],
    },
    "Udsatte borgeres brug af byens åbne rum": {
        "summary": "Plads til alle i parker og på pladser.",
        "target_group": "Socialt udsatte borgere",
    },
    "Sikker By-akutpuljen": {"summary": "Penge til hurtige og midlertidige løsninger, når trygheden er under pres."},
    "Infohus København": {
        "summary": "Rådgivning og vurdering ved bekymring for ekstremisme.",
        "target_group": "Borgere, der er sårbare over for ekstremisme eller er en del af et ekstremistisk miljø",
    },
    "Den årlige tryghedsundersøgelse": {
        "summary": "Byens eget mål for, hvor trygge københavnerne er.",
        "target_group": "Københavnerne",
        "city_wide": True,
    },
    "Årlige virkningsevalueringer": {"summary": "Læring af, hvordan udvalgte indsatser virker."},
    "Virkningsevalueringerne 2023 og 2024": {
        "summary": "De to første runder af virkningsevalueringer og opfølgningen på dem.",
        "begins": (date(2023, 1, 1), Precision.YEAR),
    },
    "Børn fra udsatte byområder ind i foreningslivet": {
        "summary": "Vejledning, ferieaktiviteter og tilskud, så flere børn kommer med i en forening.",
        "target_group": "Børn i udsatte byområder",
    },
    "Opsøgende klubmedarbejdere og gadeplansindsats": {
        "summary": "Kontakt til børn og unge, som ingen tilbud endnu har fat i.",
        "target_group": "Børn og unge uden for kommunens tilbud",
    },
    "Aktivitetspuljen": {"summary": "En pulje til opsøgende arbejde i og omkring fritidscentrene."},
    "Det Gode Fritidsliv": {"summary": "Et løft af fritidspædagogikken med Ungeværker og fællesskaber."},
    "Ny Start 3.0": {
        "summary": "Opsøgende arbejde, der bygger bro til arbejde, uddannelse og fritidsliv.",
        "target_group": "Børn og unge",
    },
    "Idrætsprojektet": {
        "summary": "Idræt og fællesskab som vej til skole, job og fritidsliv.",
        "target_group": "Børn og unge, der er udsatte eller truet af kriminalitet",
    },
    "Enheden for Kriminalpræventive Indsatser (EKI)": {
        "summary": "Opsøgende arbejde, der motiverer til exit.",
        "target_group": "Voksne kriminelle",
    },
    "Den Korte Snor": {
        "summary": "Intensiv kontaktperson til den unge og rådgivning til familien.",
        "target_group": "Børn og unge med urolig, kriminel eller bekymrende adfærd",
        "ages": ("10", "17"),
    },
    "Fritidsjobindsatsen": {
        "summary": "Hjælp til et fritidsjob, som forebygger kriminalitet.",
        "target_group": "Unge, særligt udsatte unge",
        "ages": ("15", "24"),
    },
    "18+ indsatsen i Husum/Voldparken": {
        "summary": "Et tilbud uden faste mure til unge, der er truet af kriminalitet og bander.",
        "target_group": "Kriminalitets- og bandetruede unge",
        "ages": ("18", "25"),
        "sites": "Husum og Voldparken",
        "districts": ["Brønshøj-Husum"],
    },
    "SSP+": {
        "summary": "Koordineret hjælp, så unge ikke falder tilbage i kriminalitet.",
        "target_group": "Unge, der har begået kriminalitet",
        "ages": ("17.5", "25"),
        "partners": ["Kriminalforsorg", "Politi"],
    },
    "Gode løsladelser": {
        "summary": "Samtaler og planer, før en københavner løslades.",
        "target_group": "Varetægtsfængslede og afsonere fra København",
        "partners": ["Kriminalforsorg"],
    },
    "Specialenheden": {
        "summary": "Ekstra aktivering af ledige med forbindelse til rockere eller bander.",
        "target_group": "Ledige med relation til rocker- eller bandemiljøet",
    },
    "Strategisk samarbejdsaftale om rockere og bander": {
        "summary": "Kommunens og politiets fælles retning mod rockere og bander.",
        "partners": ["Politi"],
    },
    "Handleplan ved uro og ekstremistisk propaganda": {
        "summary": "Et beredskab til perioder med uro og frustration i byen.",
        "partners": ["SSP", "Politi"],
    },
    "Helhedsorienteret familieindsats (HFI) på Nørrebro og Bispebjerg": {
        "summary": "Én samlet indsats for familier med mange problemer på én gang.",
        "target_group": "Familier i udsatte boligområder",
        "districts": ["Nørrebro", "Bispebjerg"],
        "begins": (date(2023, 1, 1), Precision.YEAR),
    },
    "Skoleindsats om demokrati og kritisk sans": {
        "summary": "Undervisning og materiale mod propaganda på nettet.",
        "target_group": "Elever, lærere og forældre",
    },
    "Viden om ekstremisme fra ind- og udland": {
        "summary": "Konferencer og workshopper, hvor viden hentes og deles.",
        "partners": ["SIRI", "Strong Cities"],
    },
    "Halværter": {
        "summary": "Værter i haller og på idrætsanlæg.",
        "sites": (
            "Sundbyøsterhallerne, Hal C, Ørestad Streethal, Bellahøjhallerne, Sundby Idrætspark, "
            "Ryparken Idrætsanlæg, Vanløsehallerne"
        ),
    },
    "Aftenværterne (15-24 teamet)": {
        "summary": "Et aftenhold, der kommer i hele byen.",
        "sites": "Idrætsanlæg, biblioteker og kulturhuse",
        "city_wide": True,
    },
    "Dialogforum ved havnen": {
        "summary": "Samtaler om sommerens mange gæster ved havnen.",
        "sites": "Nordhavn, Islands Brygge, Krøyers Plads",
        "partners": ["Grundejere"],
        "districts": ["Østerbro", "Amager Vest", "Indre By"],
    },
    "Flerstrenget Indsats for Ledige i Tingbjerg (FILT)": {
        "summary": "Helbred og job på samme tid for ledige i Tingbjerg.",
        "target_group": "Borgere i Tingbjerg uden for arbejdsmarkedet og med helbredsproblemer",
        "sites": "Tingbjerg",
        "districts": ["Brønshøj-Husum"],
    },
    "Forandringsplaner for udsatte byområder": {
        "summary": "Strategiske planer for investeringer, der gør byområder tryggere.",
        "sites": "Husum Nord, Hørgården, Lundtoftegade, Aldersrogade, Bispeparken",
        "partners": ["Boligorganisationer"],
        "districts": ["Brønshøj-Husum", "Amager Vest", "Nørrebro", "Bispebjerg"],
    },
    "Igangværende områdefornyelser": {"summary": "Udsatte byområder fornyes med projekter af mange slags."},
    "Tryghedsløft af Nørrebro Station": {
        "summary": "En tryggere station, skabt i fællesskab.",
        "sites": "Nørrebro Station",
        "partners": ["DSB", "Banedanmark"],
    },
    "Restaurations- og Nattelivsplanen": {"summary": "Kommunens plan for restauranter og natteliv."},
    "Charter for et natteliv uden diskrimination": {
        "summary": "Et charter, der skal gøre nattelivet fair for alle.",
        "begins": (date(2023, 1, 1), Precision.YEAR),
    },
    "Tryghedsvagterne (TMF)": {
        "summary": "Vagter, der skaber tryghed i tæt koordinering med Natteværterne.",
        "begins": (date(2024, 1, 1), Precision.YEAR),
    },
    "Myndighedssamarbejde mod partnervold": {
        "summary": "Kommunens og politiets fælles arbejde mod vold i parforhold.",
        "partners": ["Politi"],
        "begins": (date(2024, 7, 1), Precision.HALF_YEAR),
    },
    "Optælling af ikke-planlagte lukninger": {
        "summary": "Det årlige tal for, hvor mange dage uro og krise lukker kommunens institutioner.",
        "begins": (date(2012, 1, 1), Precision.YEAR),
    },
    "Best practice-katalog om tryghed for ansatte og stabil drift": {
        "summary": "Gode erfaringer fra forvaltningerne, formidlet på nettet og gennem SSP.",
        "partners": ["SSP"],
        "begins": (date(2013, 1, 1), Precision.YEAR),
        "status": ENDED,
    },
    "Tryghedspakken i Voldparken": {
        "summary": "Fysisk sikring, uddannelse, aktiviteter og inddragelse omkring et energicenter.",
        "character": (
            "Energicentret sikres med tv-overvågning, bedre lys, låse og brandsikring. De ansatte lærer at håndtere "
            "konflikter, de unge får flere aktiviteter, og forældre og beboere tages med. Der har været workshopper "
            "for medarbejdere og ledere, en tryghedsvandring og gadedage."
        ),
        "target_group": "Brugere, ansatte, forældre og beboere i Voldparken",
        "sites": "Energicenter Voldparken",
        "districts": ["Brønshøj-Husum"],
        "begins": (date(2012, 6, 1), Precision.MONTH),
        "status": ENDED,
    },
    "Actioncard til kommunens institutioner": {
        "summary": "Besked på væggen om, hvad man gør ved uro, vold og trusler.",
        "target_group": "Ansatte i kommunens institutioner",
        "partners": ["SSP", "Politi"],
        "begins": (date(2012, 8, 1), Precision.MONTH),
        "status": ENDED,
    },
    "Netværksmøder og aftalen med brandvæsenet": {
        "summary": "Erfaringer på tværs og et fast samarbejde om unge og brande.",
        "character": (
            "SSP København og Københavns Brandvæsen samarbejder efter en aftale, især når SSP laver særlige "
            "handleplaner. Hvert kvartal ser de sammen efter mønstre i påsatte brande, som unge står bag."
        ),
        "partners": ["Arbejdsmiljø", "Brandvæsen", "SSP"],
        "begins": (date(2012, 4, 1), Precision.DAY),
        "status": ENDED,
    },
    # Named in the table as evaluated, without a row of their own.
    "18+ Enhederne": {"summary": "Socialforvaltningens tilbud til unge over 18 år.", "carriers": "SOF"},
    "Københavnerteamet": {"summary": "Et af byens udgående teams.", "carriers": "SOF"},
}


def load(principles: dict[str, Principle]) -> dict[str, Initiative]:
    """The initiatives by name, with their rows under the principles."""
    administrations = {each.abbreviation: each for each in Administration.objects.all()}
    districts = {each.name: each for each in District.objects.all()}
    partners = {short: Partner.objects.create(name=name) for short, name in PARTNERS.items()}

    carried_by: dict[str, dict[str, None]] = defaultdict(dict)  # an ordered set
    for rows in TABLE.values():
        for row in rows:
            carried_by[row.initiative] |= dict.fromkeys(row.administrations.split())

    initiatives = {}
    for name, facts in FACTS.items():
        initiatives[name] = initiative = _initiative(name, **facts)
        initiative.districts.set(districts[each] for each in facts.get("districts", ()))
        initiative.partners.set(partners[each] for each in facts.get("partners", ()))
        carriers = facts.get("carriers", "").split() or list(carried_by[name])
        role = "lead" if len(carriers) == 1 else "equal"
        initiative.set_carriers({administrations[each]: role for each in carriers})

    for address, rows in TABLE.items():
        for order, row in enumerate(rows, start=1):
            entry = principles[address].entries.create(
                initiative=initiatives[row.initiative], text=" ".join(row.text.split()), order=order
            )
            entry.administrations.set(administrations[each] for each in row.administrations.split())
    return initiatives


def _initiative(name: str, *, ages=(None, None), begins=(None, Precision.DAY), **facts) -> Initiative:
    fields = {key: value for key, value in facts.items() if key not in ("districts", "partners", "carriers")}
    return Initiative.objects.create(
        name=name, age_from=ages[0], age_to=ages[1], begins=begins[0], begins_precision=begins[1], **fields
    )
