"""Strategies and their principles."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, StrIndex
from django.urls import reverse

from sikkerby.models import User, Versioned, audited
from sikkerby.permissions import Act

YEARS = [
    MinValueValidator(2000, "Årstallet skal ligge mellem 2000 og 2100."),
    MaxValueValidator(2100, "Årstallet skal ligge mellem 2000 og 2100."),
]


class StrategyQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.may(Act.READ_STRATEGY) else self.none()

    def editable_by(self, user: User):
        return self if user.may(Act.EDIT_STRATEGY) else self.none()


@audited(exclude=["version"])
class Strategy(Versioned):
    """A period of the programme, with vision, purpose, and the body and date of adoption (either may be unknown)."""

    name = models.CharField(
        "navn",
        max_length=100,
        unique=True,
        error_messages={"unique": "Der er allerede en strategi med det navn. Vælg et andet."},
    )
    slug = models.CharField(
        "adresse",
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(
                r"\A(?!ny\Z)[a-z0-9-]+\Z",  # "ny" is the address of a new one
                "Brug kun små bogstaver fra a til z, tal og bindestreger, for eksempel 2022-2025. »ny« er optaget.",
            )
        ],
        help_text="Strategiens plads i adressen, for eksempel 2022-2025.",
        error_messages={"unique": "En anden strategi har den adresse. Vælg en anden."},
    )
    first_year = models.PositiveSmallIntegerField("første år", validators=YEARS)
    last_year = models.PositiveSmallIntegerField("sidste år", validators=YEARS)
    vision = models.CharField("vision", max_length=300, blank=True)
    purpose = models.TextField("formål", max_length=20_000, blank=True)
    governance = models.TextField("styring", max_length=20_000, blank=True)
    adopted_by = models.CharField(
        "vedtaget af", max_length=100, blank=True, help_text="Lad feltet stå tomt, hvis det ikke er oplyst."
    )
    adopted_on = models.DateField(
        "vedtaget den", null=True, blank=True, help_text="Lad feltet stå tomt, hvis det ikke er oplyst."
    )

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

    def get_absolute_url(self):
        return reverse("initiatives:strategy", args=[self.slug])


class PrincipleQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(strategy__in=Strategy.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(strategy__in=Strategy.objects.editable_by(user))


# What a principle's address begins with; the number follows. What is read first stands first.
PRINCIPLE_SLUGS = {
    "goal": "maalsaetning",
    "focus_area": "indsatsomraade",
    "principle": "princip",
    "basic": "grundprincip",
    "professional": "fagprincip",
    "addendum": "tillaeg",
}
READING_ORDER = StrIndex(Value(" ".join(PRINCIPLE_SLUGS)), F("kind"))  # Django cannot order a relation by a Case


@audited(exclude=["version", "slug"])
class Principle(Versioned):
    """A numbered commitment of one strategy, numbered anew for each kind. An addendum can be adopted later."""

    HISTORY_WITH = ("entries", "targets")

    class Kind(models.TextChoices):
        PRINCIPLE = "principle", "princip"
        BASIC = "basic", "grundprincip"
        PROFESSIONAL = "professional", "fagprincip"
        GOAL = "goal", "strategisk målsætning"
        FOCUS_AREA = "focus_area", "indsatsområde"
        ADDENDUM = "addendum", "tillæg"

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="principles", verbose_name="strategi")
    kind = models.CharField("slags", max_length=20, choices=Kind.choices)
    number = models.PositiveSmallIntegerField("nummer", validators=[MinValueValidator(1)])
    title = models.CharField("kort titel", max_length=150)
    text = models.TextField("ordlyd", max_length=20_000, blank=True)
    adopted_on = models.DateField(
        "vedtaget den", null=True, blank=True, help_text="Kun hvis princippet er vedtaget senere end strategien."
    )
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name="fører videre"
    )
    slug = models.GeneratedField(
        expression=Concat(
            models.Case(*(models.When(kind=kind, then=Value(slug)) for kind, slug in PRINCIPLE_SLUGS.items())),
            Value("-"),
            Cast("number", models.CharField()),
        ),
        output_field=models.CharField(max_length=50),
        db_persist=True,
    )

    objects = PrincipleQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "princip"
        verbose_name_plural = "principper"
        ordering = ["strategy", READING_ORDER, "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "kind", "number"],
                name="initiatives_principle_numbered_once",
                violation_error_message="Nummeret er allerede brugt i strategien. Vælg et andet.",
            ),
        ]

    def __str__(self):
        return f"{self.label}: {self.title}"

    def get_absolute_url(self):
        return reverse("initiatives:principle", args=[self.strategy.slug, self.slug])

    @property
    def label(self) -> str:
        """Fagprincip 4"""
        return f"{self.get_kind_display().capitalize()} {self.number}"
