"""Strategies, their principles and targets, and the initiatives that carry them out."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from sikkerby.models import (
    Administration,
    DanishOrder,
    Joined,
    District,
    Precision,
    Searchable,
    User,
    Versioned,
    audited,
)
from sikkerby.permissions import Act, Role


class StrategyQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.may(Act.READ_STRATEGY) else self.none()

    def editable_by(self, user: User):
        return self if user.may(Act.EDIT_STRATEGY) else self.none()

    def in_force(self, year: int):
        return self.filter(first_year__lte=year, last_year__gte=year)


@audited(exclude=["version"])
class Strategy(Versioned):
    """A period of the programme, with vision, purpose, and the body and date of adoption (either may be unknown)."""

    name = models.CharField("navn", max_length=100, unique=True)
    slug = models.SlugField("adresse", unique=True, help_text="For eksempel 2022-2025.")
    first_year = models.PositiveSmallIntegerField("første år")
    last_year = models.PositiveSmallIntegerField("sidste år")
    vision = models.CharField("vision", max_length=300, blank=True)
    purpose = models.TextField("formål", max_length=20_000, blank=True)
    governance = models.TextField("styring", max_length=20_000, blank=True)
    adopted_by = models.CharField("vedtaget af", max_length=100, blank=True, help_text="Tomt vises som »ikke oplyst«.")
    adopted_on = models.DateField("vedtaget den", null=True, blank=True, help_text="Tomt vises som »ikke oplyst«.")

    objects = StrategyQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "strategi"
        verbose_name_plural = "strategier"
        ordering = ["-first_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="initiatives_strategy_years",
                violation_error_message="Strategiens sidste år ligger før det første.",
            )
        ]

    def __str__(self):
        return self.name


class PrincipleQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(strategy__in=Strategy.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(strategy__in=Strategy.objects.editable_by(user))


@audited(exclude=["version"])
class Principle(Versioned):
    """A numbered commitment of one strategy, numbered anew for each kind. An addendum can be adopted later."""

    class Kind(models.TextChoices):
        PRINCIPLE = "principle", "princip"
        BASIC = "basic", "grundprincip"
        PROFESSIONAL = "professional", "fagprincip"
        GOAL = "goal", "strategisk målsætning"
        FOCUS_AREA = "focus_area", "indsatsområde"
        ADDENDUM = "addendum", "tillæg"

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="principles", verbose_name="strategi")
    kind = models.CharField("slags", max_length=20, choices=Kind.choices)
    number = models.PositiveSmallIntegerField("nummer")
    slug = models.SlugField("adresse", help_text="For eksempel fagprincip-4.")
    title = models.CharField("kort titel", max_length=150)
    text = models.TextField("ordlyd", max_length=20_000, blank=True)
    adopted_on = models.DateField("vedtaget den", null=True, blank=True, help_text="Kun hvis senere end strategien.")
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name="fører videre"
    )

    objects = PrincipleQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "princip"
        verbose_name_plural = "principper"
        ordering = ["strategy", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "kind", "number"],
                name="initiatives_principle_numbered_once",
                violation_error_message="Nummeret er allerede brugt i strategien.",
            ),
            models.UniqueConstraint(
                fields=["strategy", "slug"],
                name="initiatives_principle_slug",
                violation_error_message="Adressen er allerede brugt i strategien.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display().capitalize()} {self.number}: {self.title}"


@audited()
class Partner(models.Model):
    """One that the municipality works with: SSP København, Københavns Politi, DSB, civil society …"""

    name = models.CharField("navn", max_length=150, unique=True)

    class Meta:
        verbose_name = "samarbejdspartner"
        verbose_name_plural = "samarbejdspartnere"
        ordering = [DanishOrder("name")]

    def __str__(self):
        return self.name


class InitiativeQuerySet(Searchable):
    def visible_to(self, user: User):
        return self if user.may(Act.READ_STRATEGY) else self.none()

    def editable_by(self, user: User):
        """All to the office; a contributor's are those that their administration carries."""
        if Role.OFFICE in user.roles:
            return self
        return self.filter(carried_by__in=user.administrations_as(Role.CONTRIBUTOR)).distinct()

    def lacking_effect_measure(self):
        """Those with a budget over 0.5 million kroner in a year and no target (decision of the BR, 10 February 2011)."""
        costly = Funding.objects.filter(initiative=models.OuterRef("pk"), granted__gt=Funding.NEEDS_EFFECT_MEASURE)
        return self.filter(models.Exists(costly), targets__isnull=True)


@audited(exclude=["version", "search_text", "search_stems"])
class Initiative(Versioned):
    """What is done, by one or several administrations in a role, with partners, in districts or city-wide."""

    class Status(models.TextChoices):
        PLANNED = "planned", "planlagt"
        RUNNING = "running", "i gang"
        ENDED = "ended", "afsluttet"

    name = models.CharField("navn", max_length=150, unique=True)
    summary = models.TextField("kort om indsatsen", max_length=20_000, blank=True)
    character = models.TextField("karakter", max_length=20_000, blank=True, help_text="Hvad indsatsen går ud på.")
    target_group = models.CharField("målgruppe", max_length=300, blank=True)
    age_from = models.DecimalField(
        "alder fra", max_digits=4, decimal_places=1, null=True, blank=True, help_text="Halve år skrives som 17,5."
    )
    age_to = models.DecimalField("alder til", max_digits=4, decimal_places=1, null=True, blank=True)
    volume = models.CharField("volumen", max_length=300, blank=True)
    do_less = models.TextField("hvad der skal gøres mindre af", max_length=20_000, blank=True)
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.RUNNING)
    city_wide = models.BooleanField("bydækkende", default=False)
    districts = models.ManyToManyField(District, related_name="initiatives", blank=True, verbose_name="bydele")
    sites = models.CharField("steder", max_length=300, blank=True)
    begins = models.DateField("begynder", null=True, blank=True)
    begins_precision = models.CharField(
        "begynder, sagt som", max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    ends = models.DateField("slutter", null=True, blank=True)
    ends_precision = models.CharField(
        "slutter, sagt som", max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    carried_by = models.ManyToManyField(
        Administration, through="Carrier", related_name="initiatives", verbose_name="forvaltninger"
    )
    partners = models.ManyToManyField(
        Partner, related_name="initiatives", blank=True, verbose_name="samarbejdspartnere"
    )
    principles = models.ManyToManyField(Principle, through="PrincipleEntry", related_name="initiatives")

    search_text = models.GeneratedField(
        expression=Joined("name", "summary", "sites"),
        output_field=models.TextField(),
        db_persist=True,
    )
    search_stems = models.GeneratedField(
        expression=SearchVector("name", "summary", "sites", config="danish"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "indsats"
        verbose_name_plural = "indsatser"
        ordering = [DanishOrder("name"), "pk"]
        indexes = [
            models.Index(DanishOrder("name"), "id", name="initiatives_initiative_order"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="initiatives_initiative_text"),
            GinIndex("search_stems", name="initiatives_initiative_stems"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(age_from__isnull=True) | Q(age_to__isnull=True) | Q(age_to__gte=F("age_from")),
                name="initiatives_initiative_ages",
                violation_error_message="Den højeste alder er lavere end den laveste.",
            ),
            models.CheckConstraint(
                condition=Q(begins__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("begins")),
                name="initiatives_initiative_ends_after_begins",
                violation_error_message="Indsatsen kan ikke slutte, før den begynder.",
            ),
        ]

    def __str__(self):
        return self.name


@audited()
class Carrier(models.Model):
    """An administration's part in an initiative. Who leads may be unknown; equals are allowed."""

    class Role(models.TextChoices):
        LEAD = "lead", "ansvarlig"
        EQUAL = "equal", "ligestillet"
        TAKES_PART = "takes_part", "medvirker"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="carriers")
    administration = models.ForeignKey(Administration, models.PROTECT, related_name="carries")
    role = models.CharField("rolle", max_length=10, choices=Role.choices, default=Role.EQUAL)

    class Meta:
        verbose_name = "forvaltning bag indsatsen"
        verbose_name_plural = "forvaltninger bag indsatsen"
        ordering = [models.Case(models.When(role="lead", then=0), default=1), DanishOrder("administration__name")]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "administration"],
                name="initiatives_carrier_once",
                violation_error_message="Forvaltningen står der allerede.",
            ),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(role="lead"),
                name="initiatives_carrier_one_lead",
                violation_error_message="Kun én forvaltning kan være ansvarlig.",
            ),
        ]


@audited(exclude=["version"])
class PrincipleEntry(Versioned):
    """A row of the table "Princip | Udvalgte indsatser": initiative, principle, its own text and order. An initiative
    can have several rows, also two under one principle; who carries it is as each row says, or nobody."""

    principle = models.ForeignKey(Principle, models.CASCADE, related_name="entries", verbose_name="princip")
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="entries", verbose_name="indsats")
    text = models.TextField("tekst", max_length=20_000)
    order = models.PositiveSmallIntegerField("rækkefølge")
    administrations = models.ManyToManyField(
        Administration, related_name="+", blank=True, verbose_name="forvaltninger, som rækken nævner"
    )

    class Meta(Versioned.Meta):
        verbose_name = "udvalgt indsats"
        verbose_name_plural = "udvalgte indsatser"
        ordering = ["principle", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["principle", "order"],
                name="initiatives_principleentry_order",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="To rækker kan ikke have samme plads.",
            )
        ]


@audited()
class Target(models.Model):
    """What a principle or an initiative is to achieve (effektmål). One from closures stores no values:
    closures/figures.py has them."""

    class Direction(models.TextChoices):
        DOWN = "down", "skal ned"
        UP = "up", "skal op"
        KEEP = "keep", "skal holdes"

    class Source(models.TextChoices):
        ENTERED = "entered", "indtastet"
        CLOSURES = "closures", "ikke-planlagte lukkedage"

    principle = models.ForeignKey(
        Principle, models.CASCADE, null=True, blank=True, related_name="targets", verbose_name="princip"
    )
    initiative = models.ForeignKey(
        Initiative, models.CASCADE, null=True, blank=True, related_name="targets", verbose_name="indsats"
    )
    text = models.CharField("effektmål", max_length=300)
    measure = models.CharField("hvad der måles", max_length=200)
    unit = models.CharField("enhed", max_length=50)
    direction = models.CharField("retning", max_length=10, choices=Direction.choices)
    source = models.CharField("kilde", max_length=10, choices=Source.choices, default=Source.ENTERED)
    baseline = models.DecimalField("udgangspunkt", max_digits=12, decimal_places=2, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField("udgangspunktets år", null=True, blank=True)
    goal = models.DecimalField("mål", max_digits=12, decimal_places=2, null=True, blank=True)
    goal_year = models.PositiveSmallIntegerField("målets år", null=True, blank=True)

    class Meta:
        verbose_name = "effektmål"
        verbose_name_plural = "effektmål"
        constraints = [
            models.CheckConstraint(
                condition=Q(principle__isnull=False, initiative__isnull=True)
                | Q(principle__isnull=True, initiative__isnull=False),
                name="initiatives_target_of_one",
                violation_error_message="Et effektmål hører til enten et princip eller en indsats.",
            ),
            models.CheckConstraint(
                condition=~Q(source="closures") | Q(baseline__isnull=True),
                name="initiatives_target_closures_store_nothing",
                violation_error_message="Udgangspunktet for lukkedage beregnes og kan ikke indtastes.",
            ),
        ]

    def __str__(self):
        return self.text


@audited()
class Measurement(models.Model):
    """An observed value of a target for a period."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="measurements")
    first_day = models.DateField("periode fra")
    last_day = models.DateField("periode til")
    value = models.DecimalField("værdi", max_digits=12, decimal_places=2)
    note = models.CharField("bemærkning", max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "måling"
        verbose_name_plural = "målinger"
        ordering = ["last_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="initiatives_measurement_period")
        ]


@audited()
class StatusUpdate(models.Model):
    """A dated assessment of an initiative: green, yellow or red, with text."""

    class Assessment(models.TextChoices):
        GREEN = "green", "grøn: går som planlagt"
        YELLOW = "yellow", "gul: kræver opmærksomhed"
        RED = "red", "rød: går ikke som planlagt"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="status_updates")
    on = models.DateField("dato", default=timezone.localdate)
    assessment = models.CharField("vurdering", max_length=10, choices=Assessment.choices)
    text = models.TextField("tekst", max_length=20_000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "statusopdatering"
        verbose_name_plural = "statusopdateringer"
        ordering = ["-on", "-pk"]


@audited()
class Milestone(models.Model):
    """A dated step of an initiative."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="milestones")
    title = models.CharField("milepæl", max_length=200)
    due = models.DateField("ventes", null=True, blank=True)
    due_precision = models.CharField("sagt som", max_length=10, choices=Precision.choices, default=Precision.DAY)
    reached_on = models.DateField("nået", null=True, blank=True)

    class Meta:
        verbose_name = "milepæl"
        verbose_name_plural = "milepæle"
        ordering = ["due", "pk"]


@audited()
class Funding(models.Model):
    """What an initiative is granted and has spent in a budget year, in kroner, by source."""

    NEEDS_EFFECT_MEASURE = 500_000  # kroner; above it an effect measure is required (BR, 10 February 2011)

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="funding")
    budget_year = models.PositiveSmallIntegerField("budgetår")
    source = models.CharField("kilde", max_length=150, blank=True)
    granted = models.DecimalField("bevilget (kr.)", max_digits=14, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField("brugt (kr.)", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "bevilling"
        verbose_name_plural = "økonomi"
        ordering = ["budget_year", "source"]


@audited()
class Evaluation(models.Model):
    """An effect evaluation (virkningsevaluering); its recommendations are reported to the ØU after two years."""

    REPORTED_AFTER_YEARS = 2

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="evaluations")
    year = models.PositiveSmallIntegerField("begyndt i")
    title = models.CharField("titel", max_length=200)
    recommendations = models.TextField("anbefalinger", max_length=20_000, blank=True)
    followed_up_on = models.DateField("fulgt op", null=True, blank=True)

    class Meta:
        verbose_name = "virkningsevaluering"
        verbose_name_plural = "virkningsevalueringer"
        ordering = ["-year"]

    @property
    def due(self) -> date:
        """The year in which it is to be reported, as that year's last day."""
        return date(self.year + self.REPORTED_AFTER_YEARS, 12, 31)
