"""Institutions, when they should have been open, and when they were closed all the same."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from sikkerby.models import (
    Administration,
    DanishOrder,
    Dated,
    DatedQuerySet,
    District,
    Searchable,
    User,
    Versioned,
    audited,
)
from sikkerby.permissions import Role

PEOPLE_HINT = "Skriv ikke navne eller kendetegn. Teksten kan blive udleveret ved aktindsigt."


class InstitutionQuerySet(Searchable):
    def visible_to(self, user: User):
        """All to the office; a contact's administration; a leader's own, and the services under them."""
        if user.sees_all:
            return self
        mine = Q(pk__in=[])
        if Role.CONTACT in user.roles:
            mine |= Q(administration__in=user.administrations_as(Role.CONTACT))
        if Role.LEADER in user.roles:
            led = user.leaderships.on(timezone.localdate()).values("institution")
            mine |= Q(pk__in=led) | Q(parent__in=led)
        return self.filter(mine)

    def editable_by(self, user: User):
        return self if Role.OFFICE in user.roles else self.none()

    def open_on(self, day: date):
        """Those that exist on the day: opened, and not closed down before it."""
        return self.filter(Q(opened_on__isnull=True) | Q(opened_on__lte=day)).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gte=day)
        )

    def without_leader(self, day: date):
        """Those for which nobody with a working account answers on the day."""
        leaders = Leadership.objects.on(day).filter(institution=models.OuterRef("pk"), user__is_active=True)
        return self.open_on(day).filter(~models.Exists(leaders))


@audited(exclude=["version", "search_text", "search_stems"])
class Institution(Versioned):
    """A municipal institution or service that is counted as a unit; a service can have a parent."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "skole"
        DAY_CARE = "day_care", "daginstitution"
        CLUB = "club", "klub eller fritidscenter"
        LIBRARY = "library", "bibliotek"
        CULTURE = "culture", "kulturhus"
        SPORTS = "sports", "idrætsanlæg"
        DROP_IN = "drop_in", "værested"
        CARE = "care", "plejecenter eller aktivitetscenter"
        CITIZEN_SERVICE = "citizen_service", "borgerservice eller jobcenter"
        OTHER = "other", "andet"

    name = models.CharField("navn", max_length=150)
    kind = models.CharField("type", max_length=20, choices=Kind.choices)
    administration = models.ForeignKey(
        Administration, models.PROTECT, related_name="institutions", verbose_name="forvaltning"
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        verbose_name="bydel",
        help_text="Lad feltet stå tomt, hvis enheden er bydækkende.",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name="hører under",
        help_text="Den større enhed, som enheden er en del af.",
    )
    address = models.CharField("adresse", max_length=200, blank=True)
    phone = models.CharField("telefon", max_length=30, blank=True)
    opened_on = models.DateField("oprettet", null=True, blank=True)
    closed_on = models.DateField("nedlagt", null=True, blank=True, help_text="Den sidste dag, enheden fandtes.")

    search_text = models.GeneratedField(expression=F("name"), output_field=models.TextField(), db_persist=True)
    search_stems = models.GeneratedField(
        expression=SearchVector("name", config="danish"), output_field=SearchVectorField(), db_persist=True
    )

    objects = InstitutionQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "institution"
        verbose_name_plural = "institutioner"
        ordering = [DanishOrder("name"), "pk"]
        indexes = [
            models.Index(DanishOrder("name"), "id", name="closures_institution_order"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="closures_institution_text"),
            GinIndex("search_stems", name="closures_institution_stems"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="closures_institution_name",
                violation_error_message="Der findes allerede en institution med det navn.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="closures_institution_closed_after_opened",
                violation_error_message="Institutionen kan ikke være nedlagt, før den blev oprettet.",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="closures_institution_not_its_own_parent",
                violation_error_message="En institution kan ikke høre under sig selv.",
            ),
        ]

    def __str__(self):
        return self.name


class DateRange(Func):
    """The days from one field to another, both inclusive; none is unbounded."""

    function = "daterange"
    output_field = DateRangeField()


def _days(first: str, last: str) -> DateRange:
    return DateRange(first, last, RangeBoundary(inclusive_lower=True, inclusive_upper=True))


def _all_week() -> list[int]:
    return [OpeningHours.BOTH] * 5 + [OpeningHours.NEITHER] * 2


@audited()
class OpeningHours(Dated):
    """Which halves of which weekdays a unit is open, and whether on public holidays; a closure is judged by those of
    its day. A half is the first or second half of the unit's own opening time, whatever the clock says."""

    NEITHER, FIRST, SECOND, BOTH = 0, 1, 2, 3

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="opening_hours", verbose_name="institution"
    )
    halves = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(3)]),
        size=7,
        default=_all_week,
        verbose_name="åbent mandag til søndag",
        help_text="0 er lukket, 1 første halvdel, 2 anden halvdel, 3 hele dagen.",
    )
    open_on_public_holidays = models.BooleanField("åbent på helligdage", default=False)
    opens_at = models.TimeField("åbner", null=True, blank=True)
    closes_at = models.TimeField(
        "lukker", null=True, blank=True, help_text="Efter midnat hører til den dag, der blev åbnet."
    )

    class Meta(Dated.Meta):
        verbose_name = "åbningstid"
        verbose_name_plural = "åbningstider"
        ordering = ["institution", "begins"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=Q(halves__len=7), name="closures_openinghours_seven_weekdays"),
            ExclusionConstraint(
                name="closures_openinghours_one_at_a_time",
                expressions=[("institution", RangeOperators.EQUAL), (_days("begins", "ends"), RangeOperators.OVERLAPS)],
                violation_error_message="Der gælder allerede andre åbningstider i perioden.",
            ),
        ]

    def __str__(self):
        return f"{self.institution}: åbningstid"


@audited()
class SharedCalendar(models.Model):
    """Planned closings that the office keeps for whole kinds of institutions: school holidays, 5 June, 24 December."""

    name = models.CharField("navn", max_length=100, unique=True)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=Institution.Kind.choices),
        default=list,
        blank=True,
        verbose_name="gælder for",
        help_text="Ingen valgt betyder alle institutioner.",
    )

    class Meta:
        verbose_name = "fælles kalender"
        verbose_name_plural = "fælles kalendere"
        ordering = [DanishOrder("name")]

    def __str__(self):
        return self.name


class PlannedClosingQuerySet(models.QuerySet):
    def for_institution(self, institution: Institution):
        """The unit's own, and those of the shared calendars that its kind inherits."""
        shared = Q(calendar__kinds=[]) | Q(calendar__kinds__contains=[institution.kind])
        return self.filter(Q(institution=institution) | shared)

    def between(self, first_day: date, last_day: date):
        return self.filter(first_day__lte=last_day, last_day__gte=first_day)


@audited()
class PlannedClosing(models.Model):
    """Ordinary closed days of one unit or of a shared calendar. They never count (planlagt lukkedag)."""

    institution = models.ForeignKey(
        Institution, models.CASCADE, null=True, blank=True, related_name="planned_closings", verbose_name="institution"
    )
    calendar = models.ForeignKey(
        SharedCalendar, models.CASCADE, null=True, blank=True, related_name="closings", verbose_name="fælles kalender"
    )
    first_day = models.DateField("første dag")
    last_day = models.DateField("sidste dag")
    reason = models.CharField("anledning", max_length=100)

    objects = PlannedClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "planlagt lukkedag"
        verbose_name_plural = "planlagte lukkedage"
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=False, calendar__isnull=True)
                | Q(institution__isnull=True, calendar__isnull=False),
                name="closures_plannedclosing_of_one",
                violation_error_message="Vælg enten en institution eller en fælles kalender.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="closures_plannedclosing_ends_after_begins",
                violation_error_message="Sidste dag ligger før første dag.",
            ),
        ]

    def __str__(self):
        return self.reason


@audited()
class Leadership(Dated):
    """That a person leads an institution, or stands in for its leader, between two dates."""

    class Kind(models.TextChoices):
        LEADER = "leader", "leder"
        DEPUTY = "deputy", "souschef eller stedfortræder"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="leaderships", verbose_name="institution")
    user = models.ForeignKey(User, models.PROTECT, related_name="leaderships", verbose_name="bruger")
    kind = models.CharField("som", max_length=10, choices=Kind.choices, default=Kind.LEADER)

    class Meta(Dated.Meta):
        verbose_name = "ledelse af institution"
        verbose_name_plural = "ledelse af institutioner"

    def __str__(self):
        return f"{self.user}, {self.get_kind_display()} for {self.institution}"


@audited(exclude=["version"])
class Incident(Versioned):
    """The unrest or crisis behind one or several closures (hændelse)."""

    title = models.CharField("overskrift", max_length=150)
    happened_on = models.DateField("skete den")
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="incidents", verbose_name="bydel"
    )
    description = models.TextField("hvad skete der", max_length=20_000, blank=True, help_text=PEOPLE_HINT)

    class Meta(Versioned.Meta):
        verbose_name = "hændelse"
        verbose_name_plural = "hændelser"
        ordering = ["-happened_on", "-pk"]

    def __str__(self):
        return self.title


class Kind(models.TextChoices):
    """The distinction that the committee was promised in 2013; before it, closings were not divided."""

    DISRUPTION = "disruption", "driftsforstyrrelse"
    PEDAGOGICAL = "pedagogical", "lukning med et pædagogisk formål"
    UNDISTINGUISHED = "undistinguished", "ikke opdelt"


class ClosureQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.sees_all else self.filter(institution__in=Institution.objects.visible_to(user))

    def editable_by(self, user: User):
        """Until it is reviewed, those who may register it may change it."""
        theirs = self if Role.OFFICE in user.roles else self.visible_to(user)
        return theirs.filter(status__in=[Closure.Status.AWAITING, Closure.Status.RETURNED])

    def holding(self):
        """Those whose half-days are taken: all but withdrawn and excluded."""
        return self.filter(status__in=Closure.HOLDING)

    def awaiting_review(self):
        return self.filter(status=Closure.Status.AWAITING)

    def open_ended(self):
        """Until further notice (indtil videre)."""
        return self.holding().filter(last_day__isnull=True)

    def in_year(self, year: int):
        """Those with a half-day in the year, and those that released theirs but had their days in it."""
        return self.filter(first_day__lte=date(year, 12, 31)).filter(
            Q(last_day__isnull=True) | Q(last_day__gte=date(year, 1, 1))
        )


@audited(exclude=["version"])
class Closure(Versioned):
    """A period in which a unit was not open when it should have been (ikke-planlagt lukning). Its length is counted
    in half-days; the rows are ClosedHalfDay."""

    class Status(models.TextChoices):
        AWAITING = "awaiting_review", "afventer gennemgang"
        RETURNED = "returned", "spørgsmål til lederen"
        REVIEWED = "reviewed", "gennemgået"
        EXCLUDED = "excluded", "tæller ikke med"
        WITHDRAWN = "withdrawn", "trukket tilbage"

    HOLDING = (Status.AWAITING, Status.RETURNED, Status.REVIEWED)

    class Scope(models.TextChoices):
        AREA = "area", "uro i området"
        INSTITUTION = "institution", "uro på institutionen"

    class Cause(models.TextChoices):
        UNREST = "unrest", "uro"
        VIOLENCE = "violence", "trusler eller vold"
        FIRE = "fire", "brand eller hærværk"
        POLICE = "police", "politiaktion eller afspærring"
        OTHER = "other", "andet"

    class FirstPart(models.TextChoices):
        WHOLE = "whole", "hele dagen"
        LAST = "last", "kun sidste del (lukkede før tid)"

    class LastPart(models.TextChoices):
        WHOLE = "whole", "hele dagen"
        FIRST = "first", "kun første del (åbnede senere)"

    class Measure(models.TextChoices):
        POLICE = "police", "politiet underrettet"
        SSP = "ssp", "SSP underrettet"
        PARENTS = "parents", "forældre eller brugere underrettet"
        OTHER_PLACE = "other_place", "tilbud et andet sted"

    class Exclusion(models.TextChoices):
        DUPLICATE = "duplicate", "dublet af en anden lukning"
        PLANNED = "planned", "planlagt lukkedag"
        NOT_UNREST = "not_unrest", "skyldtes ikke uro eller krise"
        OTHER = "other", "andet"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="closures", verbose_name="institution")
    kind = models.CharField("art", max_length=20, choices=Kind.choices)
    scope = models.CharField("hvor var uroen", max_length=20, choices=Scope.choices, blank=True)
    first_day = models.DateField("første lukkedag")
    first_part = models.CharField("lukket", max_length=10, choices=FirstPart.choices, default=FirstPart.WHOLE)
    last_day = models.DateField("sidste lukkedag", null=True, blank=True)
    last_part = models.CharField("lukket", max_length=10, choices=LastPart.choices, default=LastPart.WHOLE)
    cause = models.CharField("årsag", max_length=20, choices=Cause.choices, blank=True)
    measures = ArrayField(
        models.CharField(max_length=20, choices=Measure.choices), default=list, blank=True, verbose_name="hvad I gjorde"
    )
    reference = models.CharField(
        "reference", max_length=100, blank=True, help_text="Nummer i MainManager, arbejdsskade- eller politianmeldelse."
    )
    account = models.TextField("hvad skete der", max_length=20_000, blank=True, help_text=PEOPLE_HINT)
    incident = models.ForeignKey(
        Incident, models.SET_NULL, null=True, blank=True, related_name="closures", verbose_name="hændelse"
    )

    status = models.CharField("status", max_length=20, choices=Status.choices, default=Status.AWAITING)
    # Kept when the closure is withdrawn or excluded and its rows are gone.
    half_days = models.PositiveIntegerField("antal halve dage", default=0)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="registreret af")
    registered_at = models.DateTimeField("registreret", default=timezone.now)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="gennemgået af")
    reviewed_at = models.DateTimeField("gennemgået", null=True)
    exclusion = models.CharField("tæller ikke med, fordi", max_length=20, choices=Exclusion.choices, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name="dublet af"
    )
    # Set when review changed the kind (omklassificeret).
    reported_kind = models.CharField("indberettet som", max_length=20, choices=Kind.choices, blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "lukning"
        verbose_name_plural = "lukninger"
        ordering = ["-first_day", "-pk"]
        indexes = [
            models.Index(F("first_day").desc(), F("id").desc(), name="closures_closure_newest"),
            models.Index("institution", F("first_day").desc(), name="closures_closure_of_unit"),
            models.Index("registered_at", "id", condition=Q(status="awaiting_review"), name="closures_closure_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="closures_closure_ends_after_begins",
                violation_error_message="Sidste lukkedag ligger før første lukkedag.",
            ),
            models.CheckConstraint(
                condition=~Q(first_day=F("last_day"), first_part="last", last_part="first"),
                name="closures_closure_one_half_at_a_time",
                violation_error_message="Én dag kan ikke både være lukket før tid og åbnet senere.",
            ),
            models.CheckConstraint(
                condition=Q(first_day__gte=date(2010, 1, 1)),
                name="closures_closure_in_the_programme",
                violation_error_message="Sikker By begyndte i 2010. Der kan ikke registreres lukninger før.",
            ),
            models.CheckConstraint(
                condition=Q(status="reviewed", reviewed_by__isnull=False, reviewed_at__isnull=False)
                | ~Q(status="reviewed") & Q(reviewed_by__isnull=True, reviewed_at__isnull=True),
                name="closures_closure_reviewed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(status="excluded") & ~Q(exclusion="") | ~Q(status="excluded") & Q(exclusion=""),
                name="closures_closure_excluded_for_a_reason",
                violation_error_message="Angiv, hvorfor lukningen ikke tæller med.",
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(last_day__isnull=True, status__in=["awaiting_review", "returned", "reviewed"]),
                name="closures_closure_one_open_ended",
                violation_error_message="Institutionen har allerede en lukning indtil videre. Afslut den først.",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.institution}"

    @property
    def number(self) -> str:
        """LUK-2026-42: the year it was registered and a running number; numbers may be missing in between."""
        return f"LUK-{timezone.localtime(self.registered_at).year}-{self.pk}"


class ClosedHalfDay(models.Model):
    """One half-day on which one unit was closed and should have been open: the unit of count. Half-days / 2 are days.

    The database holds that it counts once. No history: it follows from the closure, which has one.
    """

    class Half(models.IntegerChoices):
        FIRST = 1, "første del"
        SECOND = 2, "sidste del"

    closure = models.ForeignKey(Closure, models.CASCADE, related_name="closed_half_days")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="closed_half_days", db_index=False)
    day = models.DateField()
    half = models.PositiveSmallIntegerField(choices=Half.choices)

    class Meta:
        indexes = [models.Index("day", "closure", name="closures_closedhalfday_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "day", "half"],
                name="closures_closedhalfday_counts_once",
                violation_error_message="Dagen er allerede registreret som lukket.",
            ),
            models.CheckConstraint(condition=Q(half__in=[1, 2]), name="closures_closedhalfday_half"),
        ]


class ClosureStep(models.Model):
    """What happened to a closure after it was registered, and what office and leader said to each other."""

    class Act(models.TextChoices):
        REGISTERED = "registered", "registreret"
        CHANGED = "changed", "rettet"
        ENDED = "ended", "afsluttet"
        QUESTION = "question", "spørgsmål til lederen"
        ANSWER = "answer", "svar fra lederen"
        REVIEWED = "reviewed", "gennemgået"
        RECLASSIFIED = "reclassified", "art ændret ved gennemgang"
        EXCLUDED = "excluded", "taget ud ved gennemgang"
        WITHDRAWN = "withdrawn", "trukket tilbage"

    closure = models.ForeignKey(Closure, models.CASCADE, related_name="steps")
    act = models.CharField(max_length=20, choices=Act.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(max_length=20_000, blank=True)

    class Meta:
        ordering = ["at", "pk"]


@audited()
class ReducedService(models.Model):
    """A part that is no unit was closed (nedsat drift). Shown apart, never counted."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="reduced_services")
    part = models.CharField("hvilken del", max_length=150)
    kind = models.CharField("art", max_length=20, choices=Kind.choices)
    first_day = models.DateField("første dag")
    last_day = models.DateField("sidste dag", null=True, blank=True)
    account = models.TextField("hvad skete der", max_length=20_000, blank=True, help_text=PEOPLE_HINT)
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, blank=True, related_name="reduced_services")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "nedsat drift"
        verbose_name_plural = "nedsat drift"
        ordering = ["-first_day"]


@audited()
class ReportedTotal(models.Model):
    """A total without dates, as for 2012; never beside dated rows of the same unit, year and kind (a trigger holds it)."""

    year = models.PositiveSmallIntegerField("år", validators=[MinValueValidator(2010), MaxValueValidator(2100)])
    month = models.PositiveSmallIntegerField(
        "måned", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="reported_totals", verbose_name="institution"
    )
    kind = models.CharField("art", max_length=20, choices=Kind.choices)
    half_days = models.PositiveIntegerField("antal halve dage")
    units = models.PositiveIntegerField(
        "antal institutioner med lukninger", null=True, blank=True, help_text="Tomt betyder ukendt."
    )
    source = models.CharField("kilde", max_length=200)

    class Meta:
        verbose_name = "total uden dato"
        verbose_name_plural = "totaler uden dato"
        ordering = ["year", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "month", "institution", "kind"],
                nulls_distinct=False,
                name="closures_reportedtotal_one_of_each",
                violation_error_message="Der er allerede en total for det år, den måned, institution og art.",
            )
        ]

    def __str__(self):
        return f"{self.year}: {self.get_kind_display()}"


@audited()
class AnnualReturn(models.Model):
    """One unit's answer for a year: these are all, or none (nulindberetning)."""

    class Answer(models.TextChoices):
        ALL = "all", "alle lukninger er registreret"
        NONE = "none", "ingen ikke-planlagte lukninger"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="annual_returns")
    year = models.PositiveSmallIntegerField("år")
    answer = models.CharField("svar", max_length=10, choices=Answer.choices, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_administration = models.BooleanField("bekræftet af forvaltningen", default=False)

    class Meta:
        verbose_name = "indberetning for året"
        verbose_name_plural = "indberetninger for året"
        constraints = [
            models.UniqueConstraint(fields=["institution", "year"], name="closures_annualreturn_one_a_year"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="closures_annualreturn_answered_by_someone",
            ),
        ]


@audited()
class YearlyAccount(models.Model):
    """The year's figures, closed and frozen (årsopgørelse)."""

    year = models.PositiveSmallIntegerField("år", unique=True)
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)
    figures = models.JSONField("tal")

    class Meta:
        verbose_name = "årsopgørelse"
        verbose_name_plural = "årsopgørelser"
        ordering = ["-year"]
