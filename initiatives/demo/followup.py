"""What the papers do not have, invented: assessments, milestones, money and measurements, so that every page shows
something. The evaluations of 2023 and 2024, and the milestones of focus area 4, are of the papers."""

from datetime import date, timedelta
from decimal import Decimal

from sikkerby.models import Precision, User

from ..models import Evaluation, Funding, Initiative, Measurement, Milestone, StatusUpdate, Target

NO_DATE = (None, Precision.DAY)

# Initiative, days ago, assessment, text. Invented.
STATUS = (
    ("Natteværterne", 200, "yellow", "Det var svært at besætte holdene i de travle uger op til sommerferien."),
    ("Natteværterne", 25, "green", "Holdene er fuldtallige igen, og møderne med branchen holdes hver uge."),
    ("Halværter", 40, "green", "Alle syv steder har haft værter hele efteråret."),
    (
        "Tryghedsløft af Nørrebro Station",
        15,
        "yellow",
        "Belysningen venter på en tilladelse. De øvrige dele følger planen.",
    ),
    ("Dialogforum ved havnen", 60, "green", "Sommerens møder er holdt, og næste års er aftalt."),
    ("Aktivitetspuljen", 33, "green", "Flere fritidscentre end sidste år har søgt."),
    ("SSP+", 18, "red", "To af fire koordinatorer mangler, og nye sager venter i op til seks uger."),
    ("Fritidsjobindsatsen", 50, "green", "Antallet af unge i fritidsjob stiger fortsat."),
    ("Det Gode Fritidsliv", 75, "yellow", "To Ungeværker åbner senere end ventet."),
    ("Relationsmedarbejder på Vesterbro Bibliotek og Kulturhus", 10, "green", "Personalet oplever færre konflikter."),
    ("Tryghedsvagterne (TMF)", 21, "green", "Vagterne og Natteværterne har fælles briefing hver fredag."),
    ("Skoleindsats om demokrati og kritisk sans", 90, "yellow", "Materialet til udskolingen er forsinket."),
)

# Initiative, title, when it is expected and when it was reached, each as it was said.
MILESTONES = (
    # of the papers
    ("Folder om de udgående indsatser", "Støjvagten er med", NO_DATE, (date(2024, 6, 1), Precision.SEASON)),
    ("Folder om de udgående indsatser", "Tryghedsvagterne er med", NO_DATE, (date(2024, 6, 1), Precision.SEASON)),
    ("Børnesundhedsprofilen", "Undersøgelsen er gentaget", NO_DATE, (date(2023, 9, 1), Precision.SEASON)),
    ("Optælling af ikke-planlagte lukninger", "Opgørelse for 2013", (date(2014, 1, 1), Precision.MONTH), NO_DATE),
    ("Actioncard til kommunens institutioner", "Kortet er sendt ud", NO_DATE, (date(2012, 8, 1), Precision.MONTH)),
    ("Netværksmøder og aftalen med brandvæsenet", "Aftalen er indgået", NO_DATE, (date(2012, 4, 1), Precision.DAY)),
    # invented
    ("Tryghedsløft af Nørrebro Station", "Planen er aftalt", NO_DATE, (date(2025, 4, 1), Precision.QUARTER)),
    ("Tryghedsløft af Nørrebro Station", "Ny belysning er tændt", (date(2027, 3, 1), Precision.SEASON), NO_DATE),
    ("Det Gode Fritidsliv", "Det tredje Ungeværk åbner", (date(2027, 1, 1), Precision.HALF_YEAR), NO_DATE),
)

# Initiative, budget year, source, granted, spent. Invented.
FUNDING = (
    ("Tryghedsvagterne (TMF)", 2024, "Budget 2024", "6200000", "5950000"),
    ("Tryghedsvagterne (TMF)", 2025, "Budget 2024", "6300000", None),
    ("Relationsmedarbejder på Vesterbro Bibliotek og Kulturhus", 2023, "Budget 2023", "480000", "465000"),
    ("Helhedsorienteret familieindsats (HFI) på Nørrebro og Bispebjerg", 2023, "Budget 2023", "4100000", "3875000"),
    ("Fritidsjobindsatsen", 2025, "Budget 2025", "2900000", "2840000"),
    ("Natteværterne", 2025, "Budget 2025", "7400000", "7380000"),
    ("Flerstrenget Indsats for Ledige i Tingbjerg (FILT)", 2025, "Budget 2025", "350000", None),
)

# Invented. Baseline and goal with their years, measurements by year. Tryghedsvagterne have none on purpose: they are
# granted more than 500.000 kroner, and lack an effect measure.
TARGETS = (
    {
        "initiative": "Fritidsjobindsatsen",
        "text": "Flere udsatte unge får et fritidsjob.",
        "measure": "unge hjulpet i fritidsjob om året",
        "unit": "unge",
        "direction": Target.Direction.UP,
        "baseline": (Decimal("620"), 2022),
        "goal": (Decimal("900"), 2026),
        "measured": {2023: "688", 2024: "751", 2025: "823"},
    },
    {
        "initiative": "Natteværterne",
        "text": "Færre gæster i Indre By er utrygge om natten.",
        "measure": "andel utrygge i nattelivet",
        "unit": "procent",
        "direction": Target.Direction.DOWN,
        "baseline": (Decimal("31.5"), 2022),
        "goal": (Decimal("25"), 2026),
        "measured": {2023: "30", 2024: "28.5", 2025: "27.5"},
    },
    {
        "initiative": "Helhedsorienteret familieindsats (HFI) på Nørrebro og Bispebjerg",
        "text": "Flere familier får én samlet plan.",
        "measure": "familier med én samlet plan",
        "unit": "familier",
        "direction": Target.Direction.UP,
        "baseline": (Decimal("0"), 2023),
        "goal": (Decimal("60"), 2026),
        "measured": {2024: "22", 2025: "41"},
    },
)

# Initiative, the year it began, title; of the papers. What they recommend is not in them.
EVALUATIONS = (
    ("18+ Enhederne", 2023, "Virkningsevaluering af 18+ Enhederne"),
    ("Københavnerteamet", 2023, "Virkningsevaluering af Københavnerteamet"),
    ("Fritidsjobindsatsen", 2024, "Virkningsevaluering af Studie- og fritidsjobindsatsen"),
    ("Ny Start 3.0", 2024, "Virkningsevaluering af Ny Start"),
)


def load(initiatives: dict[str, Initiative], *, today: date) -> None:
    office = User.objects.get(username="center")
    StatusUpdate.objects.bulk_create(
        StatusUpdate(
            initiative=initiatives[name], on=today - timedelta(days=ago), assessment=assessment, text=text, by=office
        )
        for name, ago, assessment, text in STATUS
    )
    Milestone.objects.bulk_create(
        Milestone(
            initiative=initiatives[name],
            title=title,
            due=due,
            due_precision=due_precision,
            reached_on=reached,
            reached_precision=reached_precision,
        )
        for name, title, (due, due_precision), (reached, reached_precision) in MILESTONES
    )
    Funding.objects.bulk_create(
        Funding(initiative=initiatives[name], budget_year=year, source=source, granted=granted, spent=spent)
        for name, year, source, granted, spent in FUNDING
    )
    for each in TARGETS:
        (baseline, baseline_year), (goal, goal_year) = each["baseline"], each["goal"]
        target = Target.objects.create(
            initiative=initiatives[each["initiative"]],
            text=each["text"],
            measure=each["measure"],
            unit=each["unit"],
            direction=each["direction"],
            baseline=baseline,
            baseline_year=baseline_year,
            goal=goal,
            goal_year=goal_year,
        )
        target.measurements.bulk_create(
            Measurement(
                target=target,
                first_day=date(year, 1, 1),
                last_day=date(year, 12, 31),
                value=Decimal(value),
                entered_by=office,
            )
            for year, value in each["measured"].items()
        )
    Evaluation.objects.bulk_create(
        Evaluation(initiative=initiatives[name], year=year, title=title) for name, year, title in EVALUATIONS
    )
