"""How initiatives are followed: targets and measurements, assessments, milestones, money, evaluations."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from sikkerby.models import Precision, User, Versioned, audited
from sikkerby.permissions import Act, Role
from sikkerby.templatetags.danish import short_date

from .initiative import Initiative, OfInitiativeQuerySet
from .strategy import YEARS, Principle


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.may(Act.READ_STRATEGY) else self.none()

    def editable_by(self, user: User):
        return self.filter(
            Q(initiative__in=Initiative.objects.editable_by(user))
            | Q(principle__in=Principle.objects.editable_by(user))
        )


@audited(exclude=["version"])
class Target(Versioned):
    """What a principle or an initiative is to achieve (effektmål). One from closures stores no values:
    closures/figures has them."""

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
    baseline_year = models.PositiveSmallIntegerField("udgangspunktets år", null=True, blank=True, validators=YEARS)
    goal = models.DecimalField("mål", max_digits=12, decimal_places=2, null=True, blank=True)
    goal_year = models.PositiveSmallIntegerField("målets år", null=True, blank=True, validators=YEARS)

    objects = TargetQuerySet.as_manager()

    class Meta(Versioned.Meta):
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
                violation_error_message="Udgangspunktet for ikke-planlagte lukkedage beregnes og kan ikke indtastes.",
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return f"{self.owner.get_absolute_url()}#effektmaal"

    @property
    def owner(self) -> "Initiative | Principle":
        return self.initiative or self.principle

    @property
    def is_measured_by_hand(self) -> bool:
        """Whether people enter its measurements. Closed days are counted, and have one home."""
        return self.source == self.Source.ENTERED


class MeasurementQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(target__in=Target.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(target__in=Target.objects.editable_by(user))


@audited()
class Measurement(models.Model):
    """An observed value of a target for a period."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="measurements", verbose_name="effektmål")
    first_day = models.DateField("periode fra")
    last_day = models.DateField("periode til")
    value = models.DecimalField("værdi", max_digits=12, decimal_places=2)
    note = models.CharField("bemærkning", max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="indtastet af")

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = "måling"
        verbose_name_plural = "målinger"
        ordering = ["last_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="initiatives_measurement_period",
                violation_error_message="Perioden kan ikke slutte, før den begynder.",
            )
        ]

    def __str__(self):
        return f"{self.target}, {self.period}"

    def get_absolute_url(self):
        return self.target.get_absolute_url()

    @property
    def period(self) -> str:
        """A whole year is said as such."""
        year = self.first_day.year
        if (self.first_day, self.last_day) == (date(year, 1, 1), date(year, 12, 31)):
            return str(year)
        return f"{short_date(self.first_day)} – {short_date(self.last_day)}"


@audited()
class StatusUpdate(models.Model):
    """A dated assessment of an initiative: green, yellow or red, with text."""

    class Assessment(models.TextChoices):
        GREEN = "green", "grøn: går som planlagt"
        YELLOW = "yellow", "gul: kræver opmærksomhed"
        RED = "red", "rød: går ikke som planlagt"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="status_updates", verbose_name="indsats")
    on = models.DateField("dato", default=timezone.localdate)
    assessment = models.CharField("vurdering", max_length=10, choices=Assessment.choices)
    text = models.TextField("tekst", max_length=20_000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="vurderet af")

    objects = OfInitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = "statusopdatering"
        verbose_name_plural = "statusopdateringer"
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.get_assessment_display()} ({short_date(self.on)})"

    def get_absolute_url(self):
        return f"{self.initiative.get_absolute_url()}#status"


@audited(exclude=["version"])
class Milestone(Versioned):
    """A dated step of an initiative."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="milestones", verbose_name="indsats")
    title = models.CharField("milepæl", max_length=200)
    due = models.DateField("ventes", null=True, blank=True)
    due_precision = models.CharField(
        "ventes, angivet som", max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    reached_on = models.DateField("nået", null=True, blank=True)
    reached_precision = models.CharField(
        "nået, angivet som", max_length=10, choices=Precision.choices, default=Precision.DAY
    )

    objects = OfInitiativeQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "milepæl"
        verbose_name_plural = "milepæle"
        ordering = [Coalesce("reached_on", "due").asc(nulls_last=True), "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.initiative.get_absolute_url()}#milepaele"


@audited(exclude=["version"])
class Funding(Versioned):
    """What an initiative is granted and has spent in a budget year, in kroner, by source."""

    NEEDS_EFFECT_MEASURE = 500_000  # kroner; above it an effect measure is required (BR, 10 February 2011)

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="funding", verbose_name="indsats")
    budget_year = models.PositiveSmallIntegerField("budgetår", validators=YEARS)
    source = models.CharField("kilde", max_length=150, blank=True, help_text="For eksempel Budget 2024.")
    granted = models.DecimalField("bevilget (kr.)", max_digits=14, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField("brugt (kr.)", max_digits=14, decimal_places=2, null=True, blank=True)

    objects = OfInitiativeQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "bevilling"
        verbose_name_plural = "økonomi"
        ordering = ["budget_year", "source", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(granted__gte=0),
                name="initiatives_funding_granted_not_negative",
                violation_error_message="En bevilling kan ikke være under nul kroner.",
            )
        ]

    def __str__(self):
        return f"{self.source or 'Bevilling'}, {self.budget_year}"

    def get_absolute_url(self):
        return f"{self.initiative.get_absolute_url()}#oekonomi"


class EvaluationQuerySet(OfInitiativeQuerySet):
    def due_in(self, year: int):
        """Those that are to be reported this year, or should have been before, and are not followed up."""
        return self.filter(followed_up_on__isnull=True, year__lte=year - Evaluation.REPORTED_AFTER_YEARS)

    def needing(self, user: User, today: date):
        """The office reports them to the committee."""
        return self.due_in(today.year) if Role.OFFICE in user.roles else self.none()


@audited(exclude=["version"])
class Evaluation(Versioned):
    """An effect evaluation (virkningsevaluering); its recommendations are reported to the ØU after two years."""

    REPORTED_AFTER_YEARS = 2

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="evaluations", verbose_name="indsats")
    year = models.PositiveSmallIntegerField("begyndt i", validators=YEARS)
    title = models.CharField("titel", max_length=200)
    recommendations = models.TextField("anbefalinger", max_length=20_000, blank=True)
    followed_up_on = models.DateField(
        "fulgt op", null=True, blank=True, help_text="Den dag, opfølgningen blev forelagt Økonomiudvalget."
    )

    objects = EvaluationQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "virkningsevaluering"
        verbose_name_plural = "virkningsevalueringer"
        ordering = ["-year", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.initiative.get_absolute_url()}#evalueringer"

    @property
    def due(self) -> date:
        """The year in which it is to be reported, as that year's last day."""
        return date(self.year + self.REPORTED_AFTER_YEARS, 12, 31)
