"""The programmes of 2010–2017 and the strategies of 2018–2021 and 2022–2025 with their principles."""

from datetime import date
from typing import NamedTuple

from ..models import Principle, Strategy, Target

Kind = Principle.Kind

STRATEGIES = (
    {
        "name": "Sikker By-programmerne 2010–2017",
        "slug": "2010-2017",
        "first_year": 2010,
        "last_year": 2017,
        "vision": "Sikker By – Vi gør København tryggere",
        "purpose": (
            "Programmerne samlede kommunens kriminalpræventive arbejde under ét politisk ansvar: Økonomiudvalget "
            "skulle sætte målene, prioritere på tværs af forvaltningerne og bruge pengene dér, hvor de forebygger "
            "mest.\n\n"
            "Fra begyndelsen gik tre opgaver forud for de andre: en vej ud for bandemedlemmer, nye tilbud til "
            "unge på 18–25 år, så de ikke trækkes ind i bandekonflikten, og samtaler med beboerne i udsatte "
            "bydele om, hvad der gør dem utrygge. Seks bilag foldede arbejdet ud: lokal indsats, fritidsliv, "
            "beskæftigelse og uddannelse, socialt udsatte unge over og under 18 år samt tryghed for kommunens "
            "ansatte. Hvert bilag skulle også sige, hvad der skal gøres mindre af.\n\n"
            "Den samlede pakke var sat til behandling i Økonomiudvalget den 13. april 2010. Hvordan årene "
            "2010–2017 deler sig mellem programmerne, fremgår ikke af papirerne; en revision ventedes fra "
            "efteråret 2013."
        ),
        "governance": (
            "Økonomiudvalget fastlægger mål og retning. Center for Sikker By blev oprettet i Økonomiforvaltningen "
            "i februar 2010 og er programmets sekretariat; en del af medarbejderne er udlånt fra de øvrige "
            "forvaltninger. Direktører fra forvaltningerne sidder i styregruppen, og centret arbejder tæt sammen "
            "med politiet."
        ),
    },
    {
        "name": "Sikker By-strategien 2018–2021",
        "slug": "2018-2021",
        "first_year": 2018,
        "last_year": 2021,
        "purpose": (
            "Hele kommunen og politiet skal arbejde i samme retning for mere tryghed og mindre "
            "kriminalitet i København. Derfor sætter strategien fælles mål, og kommunen, SSP og politiet aftaler "
            "med hinanden, hvem der gør hvad for at nå dem.\n\n"
            "Strategien bygger på erfaringerne fra programmerne 2010–2017, der blandt andet gav et bedre overblik "
            "over indsatserne, mere opmærksomhed på deres effekt og stærkere forhold til samarbejdspartnerne."
        ),
        "governance": (
            "Strategien styres af en styregruppe med ledere fra alle forvaltninger, SSP København og Københavns "
            "Politi. En arbejdsgruppe med medarbejdere fra de samme parter forbereder styregruppens møder, følger "
            "op på dens beslutninger og foreslår, hvad strategien skal blive til i praksis. Team Sikker By i "
            "Økonomiforvaltningen koordinerer begge grupper."
        ),
        "adopted_by": "Borgerrepræsentationen",
        "adopted_on": date(2018, 3, 1),
    },
    {
        "name": "Sikker By-strategien 2022–2025",
        "slug": "2022-2025",
        "first_year": 2022,
        "last_year": 2025,
    },
)


class Wording(NamedTuple):
    """A principle, its text in words of our own, and what it plainly continues ("2018-2021 princip-1")."""

    strategy: str
    kind: str
    number: int
    title: str
    text: str
    continues: str | None = None
    adopted_on: date | None = None


PRINCIPLES = (
    Wording(
        "2010-2017",
        Kind.GOAL,
        1,
        "Tryghed for københavnere og kommunens ansatte",
        "Både de mennesker, der bor i byen, og de, der arbejder for kommunen, skal kunne være trygge.",
    ),
    Wording(
        "2010-2017",
        Kind.GOAL,
        2,
        "Tidlig indsats for udsatte unge under 18 år",
        "Unge under 18 år i en udsat situation skal have hjælp, længe før problemerne bliver til kriminalitet.",
    ),
    Wording(
        "2010-2017",
        Kind.GOAL,
        3,
        "Kriminalitetsexit",
        "Den, der vil væk fra et liv med kriminalitet, skal have en reel vej ud og støtte undervejs.",
    ),
    Wording(
        "2010-2017",
        Kind.GOAL,
        4,
        "Koordinering og samarbejde",
        "Forvaltninger, SSP og politi skal kende hinandens arbejde og tilrettelægge det sammen.",
    ),
    Wording(
        "2010-2017",
        Kind.FOCUS_AREA,
        4,
        "Tryghed for kommunens ansatte og stabil drift",
        (
            "Kommunens medarbejdere skal være trygge i byen, og borgerne skal kunne regne med, at institutioner og "
            "tjenester holder åbent, også når der er uro."
        ),
    ),
    Wording(
        "2018-2021",
        Kind.PRINCIPLE,
        1,
        "Bredt samarbejde om helhedsorienterede løsninger",
        "Svar på kriminalitet og utryghed findes i fællesskab, så de hænger sammen på tværs af fag og myndigheder.",
        continues="2010-2017 maalsaetning-4",
    ),
    Wording(
        "2018-2021",
        Kind.PRINCIPLE,
        2,
        "Viden og effekt",
        "Arbejdet hviler på solid viden om, hvad der hjælper, og virkningen af det bliver målt.",
    ),
    Wording(
        "2018-2021",
        Kind.PRINCIPLE,
        3,
        "Børn og unge på vej mod kriminalitet",
        "Intet barn og ingen ung i fare må blive overset: Kommunen ved, hvem de er, og hjælper.",
        continues="2010-2017 maalsaetning-2",
    ),
    Wording(
        "2018-2021",
        Kind.PRINCIPLE,
        4,
        "Banderne og vejen ud af dem",
        "Bandelivet skal ikke lokke nogen i København, og døren ud af de kriminelle miljøer skal stå åben.",
        continues="2010-2017 maalsaetning-3",
    ),
    Wording(
        "2018-2021",
        Kind.PRINCIPLE,
        5,
        "Lokalområder med tryghedsudfordringer",
        "Kvarterer, hvor trygheden er under pres, får målrettet hjælp og en langsigtet plan for at komme videre.",
    ),
    Wording(
        "2018-2021",
        Kind.ADDENDUM,
        1,
        "Samarbejde mod ekstremisme",
        (
            "Unge med stærke bånd til samfundet er det bedste værn mod ekstremisme. Københavnere, der allerede er i et "
            "ekstremistisk miljø, skal mødes af en indsats."
        ),
        adopted_on=date(2019, 10, 31),
    ),
    Wording(
        "2022-2025",
        Kind.BASIC,
        1,
        "Bredt samarbejde om koordinerede løsninger",
        (
            "Forvaltninger, SSP, politi og samarbejdspartnere uden for kommunen finder sammen hele og koordinerede "
            "svar på byens udfordringer med kriminalitet og utryghed."
        ),
        continues="2018-2021 princip-1",
    ),
    Wording(
        "2022-2025",
        Kind.BASIC,
        2,
        "Vidensbaseret arbejde",
        (
            "Den viden, der findes om at forebygge kriminalitet, bliver brugt. Kommunen undersøger, om dens egne "
            "indsatser virker, og skaber ny viden, som det fælles arbejde kan bygge på."
        ),
        continues="2018-2021 princip-2",
    ),
    Wording(
        "2022-2025",
        Kind.PROFESSIONAL,
        1,
        "En opvækst uden kriminalitet",
        (
            "Børn, unge, forældre og alle andre omkring dem inddrages efter en fast plan, så hvert barn bliver holdt "
            "ude af kriminalitet og hører til i et godt fællesskab."
        ),
        continues="2018-2021 princip-3",
    ),
    Wording(
        "2022-2025",
        Kind.PROFESSIONAL,
        2,
        "Rocker- og bandemiljøet skal være uattraktivt",
        (
            "Ingen skal ønske sig at være rocker eller bandemedlem. Unge skal holdes ude af miljøerne, og den, der vil "
            "forlade dem, skal altid kunne få hjælp."
        ),
        continues="2018-2021 princip-4",
    ),
    Wording(
        "2022-2025",
        Kind.PROFESSIONAL,
        3,
        "Forebyggelse af ekstremisme",
        (
            "Flere fagligheder arbejder sammen mod ekstremisme ved at styrke fællesskaber, medborgerskab og "
            "modstandskraft. Er der bekymring for en borger, får vedkommende støtte, der passer til egne behov, risici "
            "og ressourcer, så det bliver muligt at slippe fri."
        ),
        continues="2018-2021 tillaeg-1",
    ),
    Wording(
        "2022-2025",
        Kind.PROFESSIONAL,
        4,
        "Tryghed i hele byen",
        (
            "København skal blive ved med at være tryg for beboere og gæster. Forvaltninger, andre myndigheder og "
            "civilsamfund tager sig sammen af lokale udfordringer og binder byen sammen."
        ),
        continues="2018-2021 princip-5",
    ),
    Wording(
        "2022-2025",
        Kind.PROFESSIONAL,
        5,
        "Et trygt natteliv",
        (
            "Københavnere og gæster skal kunne gå trygt i byen om natten. Et bredt samarbejde skaber et natteliv i "
            "balance med plads til alle."
        ),
    ),
)


def load() -> dict[str, Principle]:
    """The principles by strategy and address: "2022-2025 fagprincip-4"."""
    strategies = {fields["slug"]: Strategy.objects.create(**fields) for fields in STRATEGIES}
    principles: dict[str, Principle] = {}
    for each in PRINCIPLES:
        principle = Principle.objects.create(
            strategy=strategies[each.strategy],
            kind=each.kind,
            number=each.number,
            title=each.title,
            text=each.text,
            continues=principles[each.continues] if each.continues else None,
            adopted_on=each.adopted_on,
        )
        principles[f"{each.strategy} {principle.slug}"] = principle
    # It stores no figures: those of 2012 and after are counted in closures/figures.
    Target.objects.create(
        principle=principles["2010-2017 indsatsomraade-4"],
        text="Ingen institution eller tjeneste skal lukke på grund af uro eller krise i et område.",
        measure="ikke-planlagte lukkedage",
        unit="ikke-planlagte lukkedage",
        direction=Target.Direction.DOWN,
        source=Target.Source.CLOSURES,
        goal=0,
    )
    return principles
