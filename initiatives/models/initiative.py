"""Initiatives: what is done, by whom, with whom and where, and their rows under the principles."""

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.urls import reverse

from sikkerby.models import (
    Administration,
    DanishOrder,
    District,
    Joined,
    Precision,
    Searchable,
    User,
    Versioned,
    audited,
)
from sikkerby.permissions import Act, Role
from sikkerby.templatetags.danish import age, approximate

from .strategy import Principle, Strategy

AGES = [
    MinValueValidator(0, "Alderen kan ikke være under 0 år."),
    MaxValueValidator(120, "Alderen kan ikke være over 120 år."),
]


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
        mine = Carrier.objects.filter(administration__in=user.administrations_as(Role.CONTRIBUTOR))
        return self.filter(Exists(mine.filter(initiative=OuterRef("pk"))))

    def lacking_effect_measure(self):
        """Those granted over 0.5 million kroner in a year, with no target (decision of the BR, 10 February 2011)."""
        from .followup import Funding, Target  # which point at initiatives

        by_year = Funding.objects.filter(initiative=OuterRef("pk")).values("initiative", "budget_year")
        costly = by_year.annotate(budget=models.Sum("granted")).filter(budget__gt=Funding.NEEDS_EFFECT_MEASURE)
        return self.filter(Exists(costly), ~Exists(Target.objects.filter(initiative=OuterRef("pk"))))

    def needing(self, user: User):
        """Those that this person can give the effect measure they lack."""
        return self.editable_by(user).lacking_effect_measure() if user.may(Act.EDIT_INITIATIVES) else self.none()

    def with_evaluation_due_in(self, year: int):
        from .followup import Evaluation  # likewise

        return self.filter(Exists(Evaluation.objects.due_in(year).filter(initiative=OuterRef("pk"))))

    def under(self, *, strategy: Strategy | None = None, principle: Principle | None = None):
        """Those with a row under the principle, or under any of the strategy's."""
        rows = PrincipleEntry.objects.filter(initiative=OuterRef("pk"))
        if principle:
            rows = rows.filter(principle=principle)
        if strategy:
            rows = rows.filter(principle__strategy=strategy)
        return self.filter(Exists(rows)) if strategy or principle else self

    def carried_by_administration(self, administration: Administration):
        return self.filter(Exists(Carrier.objects.filter(initiative=OuterRef("pk"), administration=administration)))

    def in_district(self, district: District):
        """Those in the district, and those that are city-wide."""
        return self.filter(Q(city_wide=True) | Q(pk__in=district.initiatives.values("pk")))

    def for_list(self):
        """With what a line of the list shows, in as many queries whether one or fifty are shown."""
        return self.annotate(danish=DanishOrder("name")).prefetch_related(
            models.Prefetch("carriers", Carrier.objects.select_related("administration")), "districts"
        )


@audited(exclude=["version", "search_text", "search_stems"])
class Initiative(Versioned):
    """What is done, by one or several administrations in a role, with partners, in districts or city-wide."""

    HISTORY_WITH = (
        *("carriers", "partner_links", "district_links", "targets", "milestones", "funding", "evaluations"),
        "status_updates",
    )

    class Status(models.TextChoices):
        PLANNED = "planned", "planlagt"
        RUNNING = "running", "i gang"
        ENDED = "ended", "afsluttet"

    name = models.CharField(
        "navn",
        max_length=150,
        unique=True,
        error_messages={"unique": "Der er allerede en indsats med det navn. Vælg et andet."},
    )
    summary = models.TextField("kort om indsatsen", max_length=20_000, blank=True)
    character = models.TextField("karakter", max_length=20_000, blank=True, help_text="Hvad indsatsen går ud på.")
    target_group = models.CharField("målgruppe", max_length=300, blank=True)
    age_from = models.DecimalField(
        "alder fra",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=AGES,
        help_text="Halve år skrives som 17,5.",
    )
    age_to = models.DecimalField("alder til", max_digits=4, decimal_places=1, null=True, blank=True, validators=AGES)
    volume = models.CharField("volumen", max_length=300, blank=True)
    do_less = models.TextField("hvad der skal gøres mindre af", max_length=20_000, blank=True)
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.RUNNING)
    city_wide = models.BooleanField("bydækkende", default=False)
    districts = models.ManyToManyField(
        District, through="InitiativeDistrict", related_name="initiatives", blank=True, verbose_name="bydele"
    )
    sites = models.CharField("steder", max_length=300, blank=True)
    begins = models.DateField("begynder", null=True, blank=True)
    begins_precision = models.CharField(
        "begynder, angivet som", max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    ends = models.DateField("slutter", null=True, blank=True)
    ends_precision = models.CharField(
        "slutter, angivet som", max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    carried_by = models.ManyToManyField(
        Administration, through="Carrier", related_name="initiatives", verbose_name="forvaltninger"
    )
    partners = models.ManyToManyField(
        Partner,
        through="InitiativePartner",
        related_name="initiatives",
        blank=True,
        verbose_name="samarbejdspartnere",
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
                violation_error_message="Den højeste alder er lavere end den laveste. Ret en af dem.",
            ),
            models.CheckConstraint(
                condition=(Q(age_from__isnull=True) | Exact(Mod(F("age_from") * 2, Value(Decimal(1))), Value(0)))
                & (Q(age_to__isnull=True) | Exact(Mod(F("age_to") * 2, Value(Decimal(1))), Value(0))),
                name="initiatives_initiative_half_years",
                violation_error_message="Alderen skal være i hele eller halve år, for eksempel 17,5.",
            ),
            models.CheckConstraint(
                condition=Q(begins__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("begins")),
                name="initiatives_initiative_ends_after_begins",
                violation_error_message="Indsatsen kan ikke slutte, før den begynder.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("initiatives:initiative", args=[self.pk])

    @property
    def period(self) -> str:
        """As it was said: "fra sommeren 2022"; empty when neither end is known."""
        begins = approximate(self.begins, self.begins_precision)
        ends = approximate(self.ends, self.ends_precision)
        if begins and ends:
            return begins if begins == ends else f"{begins} – {ends}"
        return f"fra {begins}" if begins else f"til {ends}" if ends else ""

    @property
    def ages(self) -> str:
        """17½–25 år; empty when neither is known."""
        if self.age_from is not None and self.age_to is not None:
            return f"{age(self.age_from)}–{age(self.age_to)} år"
        if self.age_from is not None:
            return f"fra {age(self.age_from)} år"
        return f"til {age(self.age_to)} år" if self.age_to is not None else ""

    @property
    def carriers_text(self) -> str:
        """KFF (ansvarlig), SOF; one alone needs no role; empty when none is known."""
        carriers = list(self.carriers.all())
        if len(carriers) == 1:
            return carriers[0].administration.abbreviation
        return ", ".join(str(each) for each in carriers)

    @property
    def where(self) -> str:
        """The districts, or that it is city-wide; empty when it is not known."""
        return "bydækkende" if self.city_wide else ", ".join(each.name for each in self.districts.all())

    @transaction.atomic
    def set_carriers(self, roles: dict[Administration, str]) -> None:
        """These administrations carry it, each in its role, and no others."""
        self.carriers.exclude(administration__in=roles).delete()
        kept = {carrier.administration_id: carrier for carrier in self.carriers.all()}
        # A new lead comes last, when the old one has stepped down.
        for administration, role in sorted(roles.items(), key=lambda each: each[1] == Carrier.Role.LEAD):
            carrier = kept.get(administration.pk) or Carrier(initiative=self, administration=administration)
            if carrier.role != role or carrier.pk is None:
                carrier.role = role
                carrier.save()


class OfInitiativeQuerySet(models.QuerySet):
    """Rows that belong to an initiative: seen and edited with it."""

    def visible_to(self, user: User):
        return self.filter(initiative__in=Initiative.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(initiative__in=Initiative.objects.editable_by(user))


@audited()
class Carrier(models.Model):
    """An administration's part in an initiative. Who leads may be unknown; equals are allowed."""

    class Role(models.TextChoices):
        LEAD = "lead", "ansvarlig"
        EQUAL = "equal", "ligestillet"
        TAKES_PART = "takes_part", "medvirker"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="carriers", verbose_name="indsats")
    administration = models.ForeignKey(
        Administration, models.PROTECT, related_name="carries", verbose_name="forvaltning"
    )
    role = models.CharField("rolle", max_length=10, choices=Role.choices, default=Role.EQUAL)

    objects = OfInitiativeQuerySet.as_manager()

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

    def __str__(self):
        of_role = "" if self.role == self.Role.EQUAL else f" ({self.get_role_display()})"
        return f"{self.administration.abbreviation}{of_role}"


@audited()
class InitiativeDistrict(models.Model):
    """A district that an initiative works in; a row of its own, so that the history has it."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="district_links")
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="bydel")

    class Meta:
        verbose_name = "bydel"
        constraints = [
            models.UniqueConstraint(fields=["initiative", "district"], name="initiatives_initiativedistrict_once")
        ]


@audited()
class InitiativePartner(models.Model):
    """A partner of an initiative; a row of its own, so that the history has it."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="partner_links")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name="samarbejdspartner")

    class Meta:
        verbose_name = "samarbejdspartner"
        constraints = [
            models.UniqueConstraint(fields=["initiative", "partner"], name="initiatives_initiativepartner_once")
        ]


class PrincipleEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(principle__in=Principle.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(principle__in=Principle.objects.editable_by(user))

    def for_table(self):
        """As the table prints them, with their initiatives."""
        return self.select_related("initiative").order_by("order")


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

    objects = PrincipleEntryQuerySet.as_manager()

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

    def __str__(self):
        return f"{self.initiative} under {self.principle}"

    def get_absolute_url(self):
        return f"{self.principle.get_absolute_url()}#raekke-{self.pk}"

    @transaction.atomic
    def add_to(self, principle: Principle) -> "PrincipleEntry":
        """Put the row last in the principle's table."""
        Principle.objects.select_for_update().get(pk=principle.pk)  # two that add at once take their places in turn
        last = principle.entries.aggregate(last=models.Max("order"))["last"] or 0
        self.principle, self.order = principle, last + 1
        self.save()
        return self

    def move_up(self) -> None:
        self._change_places(upwards=True)

    def move_down(self) -> None:
        self._change_places(upwards=False)

    @transaction.atomic
    def _change_places(self, *, upwards: bool) -> None:
        """With the row above or below; the first stays first, the last last."""
        rows = list(self.principle.entries.select_for_update().order_by("order"))
        place = rows.index(self) + (-1 if upwards else 1)
        if 0 <= place < len(rows):
            mine, other = rows[rows.index(self)], rows[place]
            mine.order, other.order = other.order, mine.order
            PrincipleEntry.objects.bulk_update([mine, other], ["order"])
