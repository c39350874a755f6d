"""The demo data of this room: invented institutions and invented closures, and the one total that the papers know.

The same every time but for the day it is loaded on: the open year is filled up to then.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from sikkerby.models import Administration, District, User

from . import importing
from .calendar import Calendar, HalfDay, Hours, Period, Planned, half_days_of, public_holidays
from .models import (
    AnnualReturn,
    ClosedHalfDay,
    Closure,
    ClosureStep,
    Institution,
    Kind,
    Leadership,
    OpeningHours,
    PlannedClosing,
    ReducedService,
    ReportedTotal,
    SharedCalendar,
    YearlyAccount,
)

_K = Institution.Kind
# Name, kind, administration, district ("" is the whole city), and the larger unit it belongs to.
INSTITUTIONS = (
    ("Lærkevejens Skole", _K.SCHOOL, "BUF", "Bispebjerg", ""),
    ("Fyrskolen", _K.SCHOOL, "BUF", "Amager Øst", ""),
    ("Skolen ved Volden", _K.SCHOOL, "BUF", "Brønshøj-Husum", ""),
    ("Møllebakkens Skole", _K.SCHOOL, "BUF", "Nørrebro", ""),
    ("Kanalskolen", _K.SCHOOL, "BUF", "Vesterbro-Kongens Enghave", ""),
    ("Ellekærets Skole", _K.SCHOOL, "BUF", "Valby", ""),
    ("Åløkkens Skole", _K.SCHOOL, "BUF", "Vanløse", ""),
    ("Stjerneskolen", _K.SCHOOL, "BUF", "Amager Vest", ""),
    ("Børnehuset Æblegrenen", _K.DAY_CARE, "BUF", "Nørrebro", ""),
    ("Børnehuset Solsikken", _K.DAY_CARE, "BUF", "Bispebjerg", ""),
    ("Børnehuset Ørnereden", _K.DAY_CARE, "BUF", "Brønshøj-Husum", ""),
    ("Børnehuset Kløverbakken", _K.DAY_CARE, "BUF", "Valby", ""),
    ("Børnehuset Aakanden", _K.DAY_CARE, "BUF", "Østerbro", ""),
    ("Aftenklubben Kvarteret", _K.CLUB, "BUF", "Nørrebro", ""),
    ("Fritidscentret Broen", _K.CLUB, "BUF", "Bispebjerg", ""),
    ("Ungdomsklubben Kajen", _K.CLUB, "BUF", "Vesterbro-Kongens Enghave", ""),
    ("Juniorklubben Kometen", _K.CLUB, "BUF", "Bispebjerg", "Lærkevejens Skole"),
    ("Klubben Tingstedet", _K.CLUB, "BUF", "Brønshøj-Husum", ""),
    ("Fritidsklubben Zenit", _K.CLUB, "BUF", "Amager Vest", ""),
    ("Skoleklubben Fyret", _K.CLUB, "BUF", "Amager Øst", "Fyrskolen"),
    ("Biblioteket på Pladsen", _K.LIBRARY, "KFF", "Nørrebro", ""),
    ("Biblioteket ved Parken", _K.LIBRARY, "KFF", "Bispebjerg", ""),
    ("Biblioteket Rosenhaven", _K.LIBRARY, "KFF", "Brønshøj-Husum", ""),
    ("Biblioteket Havneporten", _K.LIBRARY, "KFF", "Vesterbro-Kongens Enghave", ""),
    ("Ungebiblioteket på Pladsen", _K.LIBRARY, "KFF", "Nørrebro", "Biblioteket på Pladsen"),
    ("Kulturhuset Pakhuset", _K.CULTURE, "KFF", "Indre By", ""),
    ("Medborgerhuset Samlingen", _K.CULTURE, "KFF", "Valby", ""),
    ("Idrætshallen Nord", _K.SPORTS, "KFF", "Bispebjerg", ""),
    ("Idrætsanlægget Engen", _K.SPORTS, "KFF", "Amager Vest", ""),
    ("Svømmehallen Bølgen", _K.SPORTS, "KFF", "Vanløse", ""),
    ("Borgerservice Gården", _K.CITIZEN_SERVICE, "KFF", "Indre By", ""),
    ("Værestedet Lanternen", _K.DROP_IN, "SOF", "Indre By", ""),
    ("Værestedet Åsen", _K.DROP_IN, "SOF", "Vesterbro-Kongens Enghave", ""),
    ("Værestedet Perronen", _K.DROP_IN, "SOF", "Nørrebro", ""),
    ("Gadeplansteamet", _K.OTHER, "SOF", "", ""),
    ("Aktivitetscentret Kastanien", _K.CARE, "SUF", "Østerbro", ""),
    ("Plejecentret Lindehaven", _K.CARE, "SUF", "Vanløse", ""),
    ("Jobcentret ved Sporet", _K.CITIZEN_SERVICE, "BIF", "Valby", ""),
    ("Ungecentret Springbrættet", _K.CITIZEN_SERVICE, "BIF", "Amager Øst", ""),
    ("Legepladsen Dragen", _K.OTHER, "TMF", "Østerbro", ""),
)
WITHOUT_LEADER = {"Fritidsklubben Zenit", "Legepladsen Dragen"}
LED_BY_THE_DEMO_LEADER = {"Lærkevejens Skole", "Aftenklubben Kvarteret"}

_EVERY_DAY, _MONDAY_TO_SATURDAY, _WEEKDAYS = [3] * 7, [3] * 6 + [0], [3] * 5 + [0] * 2
# Weekdays, open on public holidays, opens, closes. Other kinds have no hours of their own: Monday to Friday.
HOURS = {
    _K.CLUB: (_WEEKDAYS, False, time(14), time(22)),
    _K.LIBRARY: (_MONDAY_TO_SATURDAY, False, time(10), time(19)),
    _K.CULTURE: (_MONDAY_TO_SATURDAY, False, time(10), time(22)),
    _K.SPORTS: (_EVERY_DAY, False, time(7), time(22)),
    _K.DROP_IN: (_EVERY_DAY, True, time(9), time(20)),
    _K.CARE: (_EVERY_DAY, True, time(8), time(20)),
}

FIRST_DATED_YEAR = 2013
# Half-days of disruptions and of pedagogical closings, all invented: up, down, and with a year of empty streets.
HALF_DAYS = {
    2013: (620, 191),
    2014: (512, 160),
    2015: (548, 121),
    2016: (431, 102),
    2017: (395, 88),
    2018: (300, 95),
    2019: (268, 71),
    2020: (117, 30),
    2021: (190, 45),
    2022: (241, 66),
    2023: (205, 53),
    2024: (172, 61),
    2025: (149, 40),
}
USUAL_YEAR = (140, 44)
LENGTHS = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 8)  # in days, by how often

ACCOUNTS = {
    Kind.DISRUPTION: (
        "Unge samlede sig ved indgangen og råbte ad brugere og medarbejdere. Vi lukkede for en sikkerheds skyld.",
        "Der blev kastet sten mod vinduerne. Politiet bad os om at holde lukket, til der var ro i området.",
        "Politiet havde spærret gaden af. Hverken brugere eller medarbejdere kunne komme frem.",
        "En ophidset gruppe trængte ind i foyeren og truede personalet. Alle kom ud, og vi lukkede resten af dagen.",
        "Der var sat ild til containere ved bygningen, og røgen stod ind i lokalerne.",
        "Efter nattens uro i kvarteret var der ikke medarbejdere nok, der turde møde ind.",
        "",
    ),
    Kind.PEDAGOGICAL: (
        "Vi lukkede for at vise, at trusler mod personalet får konsekvenser for alle. Vi talte med brugerne bagefter.",
        "Efter hærværk på værkstedet holdt vi lukket og brugte dagen på samtaler med de unge og deres forældre.",
        "Flere unge ville ikke følge reglerne, så vi lukkede før tid og åbnede igen med nye aftaler.",
        "",
    ),
}


@dataclass
class Unit:
    """An institution while its closures are invented."""

    institution: Institution
    leader: User
    calendar: Calendar
    weight: int
    taken: set[HalfDay] = field(default_factory=set)


def load(*, today: date) -> None:
    chance = random.Random(20_130_820)
    institutions = _institutions()
    leaders = _leaders(institutions)
    hours = _opening_hours(institutions)
    planned = _shared_calendars(today)
    office = User.objects.get(username="center")
    units = [
        Unit(
            institution=each,
            leader=leaders.get(each.name, office),
            calendar=Calendar(hours=hours.get(each.pk, ()), planned=planned.get(each.kind, ())),
            weight=chance.choice((1, 1, 2, 3, 8)),
        )
        for each in institutions.values()
    ]
    ReportedTotal.objects.create(
        year=2012,
        kind=Kind.UNDISTINGUISHED,
        half_days=1325,
        units=13,
        source="Statusnotat til Økonomiudvalget, 20-08-2013",
    )
    _closures(units, chance, office, today)
    _answers(units, chance, office, today)
    _what_waits(units, office, today)
    _reduced_service(institutions["Lærkevejens Skole"], leaders["Lærkevejens Skole"], today)
    _deputies_and_own_closing(institutions["Lærkevejens Skole"], today)
    _sheet(office, today)


def _sheet(office: User, today: date) -> None:
    """What someone sent to be read in, and has still to put right."""
    rows = (
        "Institution;Art;Første dag;Sidste dag;Årsag;Løbenummer",
        "Lærkevejens Skole;driftsforstyrrelse;06-05-2013;07-05-2013;uro;1",
        "Lærkevejens Skolen;driftsforstyrrelse;04-06-2013;04-06-2013;uro;2",
        "Lærkevejens Skole;pædagogisk;07-05-2013;08-05-2013;trusler eller vold;3",
    )
    content = "\r\n".join(rows).encode("utf-8-sig")
    file = SimpleUploadedFile("Lukninger før Sikker By.csv", content, content_type="text/csv")
    importing.receive(file=file, small=True, reviewed=True, by=office, today=today)


def _institutions() -> dict[str, Institution]:
    administrations = {each.abbreviation: each for each in Administration.objects.all()}
    districts = {each.name: each for each in District.objects.all()}
    made: dict[str, Institution] = {}
    for name, kind, administration, district, parent in INSTITUTIONS:
        made[name] = Institution.objects.create(
            name=name,
            kind=kind,
            administration=administrations[administration],
            district=districts.get(district),
            parent=made.get(parent),
        )
    return made


def _leaders(institutions: dict[str, Institution]) -> dict[str, User]:
    """One invented account each, which nobody can log in to; two institutions have none, and wait at the office."""
    demo_leader = User.objects.get(username="leder")
    leaders = {}
    for name, institution in institutions.items():
        if name in LED_BY_THE_DEMO_LEADER:
            leaders[name] = demo_leader
        elif name not in WITHOUT_LEADER:
            username = f"leder-{institution.pk}"
            leaders[name] = User(username=username, name=f"Leder af {name}", email=f"{username}@sikkerby.example")
            leaders[name].set_unusable_password()
    User.objects.bulk_create(leader for leader in leaders.values() if leader.pk is None)
    Leadership.objects.bulk_create(
        Leadership(institution=institutions[name], user=leader) for name, leader in leaders.items()
    )
    return leaders


def _opening_hours(institutions: dict[str, Institution]) -> dict[int, tuple[Hours, ...]]:
    rows = [
        OpeningHours(institution=each, halves=week, open_on_public_holidays=holidays, opens_at=opens, closes_at=closes)
        for each in institutions.values()
        if each.kind in HOURS
        for week, holidays, opens, closes in [HOURS[each.kind]]
    ]
    OpeningHours.objects.bulk_create(rows)
    return {row.institution_id: (row.as_hours(),) for row in rows}


# --- Shared calendars ---------------------------------------------------------------------------------------------


def _shared_calendars(today: date) -> dict[str, tuple[Planned, ...]]:
    """Kept by the office to the end of next year; what each kind of institution inherits."""
    closed_anyway = [kind for kind in _K.values if kind not in (_K.DROP_IN, _K.CARE)]
    years = range(FIRST_DATED_YEAR, today.year + 2)
    calendars = {
        "Grundlovsdag, juleaften og nytårsaften": (closed_anyway, _single_days),
        "Skolernes ferier": ([_K.SCHOOL.value], _school_holidays),
        "Daginstitutionernes sommerlukning": ([_K.DAY_CARE.value], _day_care_summer),
    }
    planned: dict[str, tuple[Planned, ...]] = {}
    for name, (kinds, closings_of) in calendars.items():
        calendar = SharedCalendar.objects.create(name=name, kinds=kinds)
        closings = tuple(
            Planned(first_day=first_day, last_day=last_day, reason=reason)
            for year in years
            for first_day, last_day, reason in closings_of(year)
        )
        PlannedClosing.objects.bulk_create(
            PlannedClosing(calendar=calendar, first_day=each.first_day, last_day=each.last_day, reason=each.reason)
            for each in closings
        )
        for kind in kinds:
            planned[kind] = planned.get(kind, ()) + closings
    return planned


def _single_days(year: int):
    for day, reason in ((date(year, 6, 5), "grundlovsdag"), (date(year, 12, 24), "juleaften")):
        yield day, day, reason
    yield date(year, 12, 31), date(year, 12, 31), "nytårsaften"


def _school_holidays(year: int):
    """As København has them, near enough: weeks 7 and 42, the days around Easter and Christmas, six weeks of summer."""
    easter = next(day for day, name in public_holidays(year).items() if name == "påskedag")
    yield *_week(year, 7), "vinterferie"
    yield easter - timedelta(days=6), easter + timedelta(days=1), "påskeferie"
    yield *_weeks(year, 26, 31), "sommerferie"
    yield *_week(year, 42), "efterårsferie"
    yield date(year, 12, 22), date(year, 12, 31), "juleferie"


def _day_care_summer(year: int):
    yield *_weeks(year, 29, 30), "sommerlukning"


def _week(year: int, week: int) -> tuple[date, date]:
    return _weeks(year, week, week)


def _weeks(year: int, first: int, last: int) -> tuple[date, date]:
    return date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 5)


# --- Closures -----------------------------------------------------------------------------------------------------


def _closures(units: list[Unit], chance: random.Random, office: User, today: date) -> None:
    """Every year to its sums, reviewed. A larger unit and its services are never closed at once here, so that the
    sums come out as written above."""
    made: list[tuple[Closure, list[HalfDay]]] = []
    families = {unit.institution.pk: unit for unit in units}
    for unit in units:
        if unit.institution.parent_id:
            unit.taken = families[unit.institution.parent_id].taken
    for year in range(FIRST_DATED_YEAR, today.year + 1):
        first_day, last_day = date(year, 1, 2), min(date(year, 12, 20), today - timedelta(days=21))
        if last_day <= first_day:
            continue
        part = min(1, (last_day - first_day).days / 352)  # of the open year
        for kind, sum_of_year in zip((Kind.DISRUPTION, Kind.PEDAGOGICAL), HALF_DAYS.get(year, USUAL_YEAR), strict=True):
            made += _to_the_sum(units, kind, round(sum_of_year * part), first_day, last_day, chance)
    for closure, taken in made:
        closure.half_days = len(taken)
        closure.registered_at = _morning(closure.last_day, 1, chance)
        closure.reviewed_at = closure.registered_at + timedelta(days=chance.randint(2, 12))
        closure.reviewed_by = office
        closure.status = Closure.Status.REVIEWED
    made.sort(key=lambda each: each[0].registered_at)
    Closure.objects.bulk_create(closure for closure, _ in made)
    ClosedHalfDay.objects.bulk_create(
        (
            ClosedHalfDay(closure=closure, institution_id=closure.institution_id, day=day, half=half)
            for closure, taken in made
            for day, half in taken
        ),
        batch_size=2000,
    )
    ClosureStep.objects.bulk_create(
        ClosureStep(closure=closure, act=act, at=at, by=by)
        for closure, _ in made
        for act, at, by in (
            (ClosureStep.Act.REGISTERED, closure.registered_at, closure.registered_by),
            (ClosureStep.Act.REVIEWED, closure.reviewed_at, office),
        )
    )


def _to_the_sum(units, kind, left, first_day, last_day, chance):
    """Closures of one kind until they are as many half-days as are left."""
    weights = [unit.weight for unit in units]
    while left:
        (unit,) = chance.choices(units, weights)
        start = first_day + timedelta(days=chance.randint(0, (last_day - first_day).days))
        length = chance.choice(LENGTHS)
        half_first, half_last = chance.random() < 0.45, chance.random() < 0.15 and length > 1
        period = Period(
            first_day=start,
            last_day=start + timedelta(days=length - 1),
            only_last_part=half_first,
            only_first_part=half_last,
        )
        taken = half_days_of(unit.calendar, period, until=last_day)
        ends_in_time = period.last_day <= last_day
        if not taken or len(taken) > left or not ends_in_time or not unit.taken.isdisjoint(taken):
            continue
        unit.taken.update(taken)
        left -= len(taken)
        yield _closure(unit, kind, period, chance), taken


def _closure(unit: Unit, kind: str, period: Period, chance: random.Random) -> Closure:
    return Closure(
        institution=unit.institution,
        registered_by=unit.leader,
        kind=kind,
        scope=Closure.Scope.AREA if chance.random() < 0.6 else Closure.Scope.INSTITUTION,
        first_day=period.first_day,
        first_part=Closure.FirstPart.LAST if period.only_last_part else Closure.FirstPart.WHOLE,
        last_day=period.last_day,
        last_part=Closure.LastPart.FIRST if period.only_first_part else Closure.LastPart.WHOLE,
        cause=chance.choice(["", *Closure.Cause.values]),
        measures=sorted(chance.sample(Closure.Measure.values, chance.randint(0, 3))),
        account=chance.choice(ACCOUNTS[kind]),
    )


def _morning(day: date, later: int, chance: random.Random) -> datetime:
    at = time(chance.randint(8, 15), chance.randint(0, 59))
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), at))


def _answers(units: list[Unit], chance: random.Random, office: User, today: date) -> None:
    """Each winter all are asked about the year before, and nearly all answer. Older years are closed; last year's count
    is still open, and waits for the demo leader and a few more."""
    contact = User.objects.get(username="kontakt")
    last_year, returns = today.year - 1, []
    for year in range(FIRST_DATED_YEAR, today.year):
        closed = set(ClosedHalfDay.objects.filter(day__year=year).values_list("institution", flat=True).distinct())
        for unit in units:
            unit_closed = unit.institution.pk in closed
            answer = AnnualReturn(institution=unit.institution, year=year)
            if year == last_year and unit.institution.name in LED_BY_THE_DEMO_LEADER:
                pass
            elif chance.random() < 0.93 or unit_closed and year != last_year:
                answer.answer = AnnualReturn.Answer.ALL if unit_closed else AnnualReturn.Answer.NONE
                answer.answered_by = unit.leader
                answer.answered_at = _morning(date(year + 1, 1, 4), chance.randint(0, 20), chance)
                if year == last_year and not unit_closed and unit.institution.administration.abbreviation == "BUF":
                    answer.answered_by, answer.confirmed_by_administration = contact, True
            returns.append(answer)
    AnnualReturn.objects.bulk_create(returns)
    for year in range(FIRST_DATED_YEAR, today.year):
        opened, answer_by = date(year, 12, 2), date(year + 1, 1, 31)
        if year == last_year:  # whenever the demo is loaded, its count has just been opened
            opened, answer_by = max(opened, today - timedelta(days=21)), max(answer_by, today + timedelta(days=9))
        account = YearlyAccount.objects.create(
            year=year, opened_by=office, opened_at=_morning(opened, 0, chance), answer_by=answer_by
        )
        if year < last_year:
            account.close(by=office, accept_missing=True, today=today)
            closed_at = _morning(date(year + 1, 3, 3), chance.randint(0, 9), chance)
            YearlyAccount.objects.filter(pk=account.pk).update(closed_at=closed_at)


def _what_waits(units: list[Unit], office: User, today: date) -> None:
    """The last three weeks, through the acts themselves: some wait, one has a question, two are still closed, one was
    taken out, two turned out to be of the other kind, and the same unrest is behind three."""
    of = {unit.institution.name: unit for unit in units}

    def register(name: str, days_ago: int, length: int | None, kind: str = Kind.DISRUPTION, **fields) -> Closure:
        unit = of[name]
        first_day = next(
            day
            for day in (today - timedelta(days=days_ago + more) for more in range(6))  # past Christmas
            if unit.calendar.halves_on(day)
        )
        return Closure.objects.register(
            institution=unit.institution,
            by=unit.leader,
            today=today,
            kind=kind,
            first_day=first_day,
            last_day=None if length is None else first_day + timedelta(days=length - 1),
            **{"scope": Closure.Scope.AREA, "account": ACCOUNTS[kind][0]} | fields,
        )

    register("Klubben Tingstedet", 4, 1, first_part="last", scope=Closure.Scope.INSTITUTION)
    library = register("Biblioteket på Pladsen", 6, 2, cause=Closure.Cause.FIRE)
    register("Ungebiblioteket på Pladsen", 6, 2, cause=Closure.Cause.FIRE).gather_with(library, by=office)
    drop_in = register("Værestedet Perronen", 2, None, cause=Closure.Cause.POLICE)
    drop_in.gather_with(library, by=office)
    library.incident.title = "Brande og uro omkring Pladsen"
    library.incident.description = "Natlige containerbrande og stenkast mod politi og brandvæsen gennem flere dage."
    library.incident.save()
    register("Børnehuset Æblegrenen", 5, 1, cause=Closure.Cause.UNREST)  # not gathered yet
    register("Fritidscentret Broen", 9, 1, Kind.PEDAGOGICAL, scope=Closure.Scope.INSTITUTION)
    register("Idrætshallen Nord", 1, None, cause=Closure.Cause.VIOLENCE)
    asked = register("Aftenklubben Kvarteret", 12, 1, first_part="last")
    asked.ask("Lukkede I hele klubben, eller var det kun værkstedet?", by=office)
    not_unrest = register("Svømmehallen Bølgen", 14, 1, account="Der var vand i kælderen, og teknikken slog fra.")
    not_unrest.exclude(Closure.Exclusion.NOT_UNREST, by=office, text="En vandskade skal ikke registreres her.")
    other_kind = register("Ungdomsklubben Kajen", 15, 1, account=ACCOUNTS[Kind.PEDAGOGICAL][2])
    other_kind.reclassify(Kind.PEDAGOGICAL, by=office, text="Der blev lukket for at sætte en grænse.")
    other_kind.agree(by=of["Ungdomsklubben Kajen"].leader)
    other_kind.review(by=office)
    wish = "Vi lukkede først klokken 18, så det var kun sidste del af dagen."
    other_kind.ask_correction(wish, by=of["Ungdomsklubben Kajen"].leader)
    not_chosen = register("Aftenklubben Kvarteret", 17, 1, Kind.PEDAGOGICAL, account="Politiet bad os om at lukke.")
    not_chosen.reclassify(Kind.DISRUPTION, by=office, text="Politiet lukkede jer. Det var ikke jeres eget valg.")


def _reduced_service(institution: Institution, leader: User, today: date) -> None:
    """A part was closed for a day, in the last week in which the unit was open."""
    first_day = next(
        day
        for day in (today - timedelta(days=ago) for ago in range(7, 90))
        if institution.calendar(day, day).halves_on(day)
    )
    ReducedService.objects.register(
        institution=institution,
        by=leader,
        today=today,
        part="værkstedet",
        kind=Kind.DISRUPTION,
        scope=Closure.Scope.INSTITUTION,
        first_day=first_day,
        last_day=first_day,
        account="Der blev lavet hærværk på værkstedets maskiner. Resten af skolen holdt åbent.",
    )


def _deputies_and_own_closing(school: Institution, today: date) -> None:
    """Who stands in for its leader, who did before, and a planned closing that is not of a shared calendar."""
    deputies = (("souschef", date(2024, 8, 1), None), ("souschef-tidligere", None, date(2024, 7, 31)))
    for username, begins, ends in deputies:
        user = User(username=username, name="Souschef" if ends is None else "Tidligere souschef")
        user.set_unusable_password()
        user.save()
        school.leaderships.create(user=user, kind=Leadership.Kind.DEPUTY, begins=begins, ends=ends)
    friday = today + timedelta(days=40 + (4 - today.weekday()) % 7)
    school.planned_closings.create(first_day=friday, last_day=friday, reason="pædagogisk dag")
