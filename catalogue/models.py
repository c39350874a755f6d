"""Best practice: activities that others can learn from, gathered in catalogues with themes, issued as editions."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from initiatives.models import YEARS, Initiative
from sikkerby.models import (
    Administration,
    DanishOrder,
    District,
    Joined,
    Precision,
    Searchable,
    StoredFile,
    User,
    Versioned,
    audited,
)
from sikkerby.permissions import Act, Role


class CatalogueQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """All to those who work on it; issued ones to all others who may read the catalogue."""
        if user.sees_all or Role.CONTRIBUTOR in user.roles:
            return self
        return self.issued() if user.may(Act.READ_CATALOGUE) else self.none()

    def editable_by(self, user: User):
        return self if user.may(Act.EDIT_CATALOGUE) else self.none()

    def issued(self):
        return self.filter(Exists(Edition.objects.filter(catalogue=OuterRef("pk"))))

    def with_included(self):
        """With how many practices each includes, the last number of its funnel."""
        return self.annotate(included=Count("practices", filter=Q(practices__status=Practice.Status.INCLUDED)))


@audited(exclude=["version"])
class Catalogue(Versioned):
    """A catalogue has a subject, criteria for what belongs in it, and themes. How many were proposed and examined is
    kept as numbers, since not every proposal is known by name."""

    HISTORY_WITH = ("themes", "editions")

    title = models.CharField(
        "titel",
        max_length=200,
        unique=True,
        error_messages={"unique": "Der er allerede et katalog med den titel. Vælg en anden."},
    )
    year = models.PositiveSmallIntegerField("år", validators=YEARS)
    subject = models.TextField("emne", max_length=20_000)
    criteria = models.TextField("kriterier", max_length=20_000, blank=True, help_text="Ét kriterium på hver linje.")
    recommendations = models.TextField(
        "hovedanbefalinger", max_length=20_000, blank=True, help_text="Én anbefaling på hver linje."
    )
    dissemination = models.TextField("formidling", max_length=20_000, blank=True, help_text="Én kanal på hver linje.")
    proposed = models.PositiveSmallIntegerField("antal forslag", null=True, blank=True)
    examined = models.PositiveSmallIntegerField("antal undersøgt", null=True, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "katalog"
        verbose_name_plural = "kataloger"
        ordering = ["-year", DanishOrder("title")]
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed__isnull=True) | Q(examined__isnull=True) | Q(examined__lte=F("proposed")),
                name="catalogue_catalogue_examined_among_proposed",
                violation_error_message="Der kan ikke være undersøgt flere, end der er foreslået.",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("catalogue:catalogue", args=[self.pk])


class ThemeQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(catalogue__in=Catalogue.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(catalogue__in=Catalogue.objects.editable_by(user))


@audited(exclude=["version"])
class Theme(Versioned):
    """A chapter of a catalogue."""

    catalogue = models.ForeignKey(Catalogue, models.CASCADE, related_name="themes", verbose_name="katalog")
    number = models.PositiveSmallIntegerField("nummer", validators=[MinValueValidator(1)])
    title = models.CharField("tema", max_length=150)
    introduction = models.TextField("indledning", max_length=20_000, blank=True)

    objects = ThemeQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "tema"
        verbose_name_plural = "temaer"
        ordering = ["catalogue", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "number"],
                name="catalogue_theme_numbered_once",
                violation_error_message="Nummeret er allerede brugt i kataloget. Vælg et andet.",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.catalogue.get_absolute_url()}#tema-{self.number}"


class PracticeQuerySet(Searchable):
    def visible_to(self, user: User):
        """All to those who work on it; what an issued catalogue includes or mentions to all others who may read it."""
        if user.sees_all or Role.CONTRIBUTOR in user.roles:
            return self
        shown = self.filter(status__in=[Practice.Status.INCLUDED, Practice.Status.MENTIONED])
        return shown.filter(catalogue__in=Catalogue.objects.visible_to(user))

    def editable_by(self, user: User):
        """All to the office; a contributor's are those of their administration."""
        if Role.OFFICE in user.roles:
            return self
        return self.filter(administration__in=user.administrations_as(Role.CONTRIBUTOR))

    def included(self):
        return self.filter(status=Practice.Status.INCLUDED)

    def needing(self, user: User):
        """Proposals, which the office examines."""
        return self.filter(status=Practice.Status.PROPOSED) if Role.OFFICE in user.roles else self.none()

    def in_chapters(self):
        """As a catalogue has them: by theme, and in their order there; what stands under none comes last."""
        return self.order_by(F("theme__number").asc(nulls_last=True), "order", DanishOrder("title"), "pk")

    def in_catalogue(self, catalogue: Catalogue):
        return self.filter(catalogue=catalogue)

    def for_list(self):
        """With what a line of the list shows, in as many queries whether one or fifty are shown."""
        return (
            self.annotate(danish=DanishOrder("title"))
            .select_related("administration", "catalogue", "theme")
            .prefetch_related("districts")
        )


@audited(exclude=["version", "search_text", "search_stems"])
class Practice(Versioned):
    """An activity that others can learn from (best practice-eksempel)."""

    HISTORY_WITH = ("district_links",)

    class Status(models.TextChoices):
        PROPOSED = "proposed", "foreslået"
        EXAMINED = "examined", "undersøgt"
        INCLUDED = "included", "optaget"
        MENTIONED = "mentioned", "omtalt kort"
        LEFT_OUT = "left_out", "ikke optaget"

    title = models.CharField(
        "titel",
        max_length=150,
        unique=True,
        error_messages={"unique": "Der er allerede et eksempel med den titel. Vælg en anden."},
    )
    catalogue = models.ForeignKey(
        Catalogue, models.PROTECT, null=True, blank=True, related_name="practices", verbose_name="katalog"
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="practices", verbose_name="tema"
    )
    order = models.PositiveSmallIntegerField("rækkefølge", default=0)
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.PROPOSED)
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="practices",
        verbose_name="forvaltning",
        help_text="Lad feltet stå tomt, hvis den ikke er oplyst.",
    )
    districts = models.ManyToManyField(
        District, through="PracticeDistrict", related_name="practices", blank=True, verbose_name="bydele"
    )
    initiative = models.ForeignKey(
        Initiative, models.SET_NULL, null=True, blank=True, related_name="practices", verbose_name="indsats"
    )
    summary = models.TextField("kort fortalt", max_length=20_000)
    method = models.TextField("sådan gør de", max_length=20_000, blank=True)
    experience = models.TextField("erfaringer", max_length=20_000, blank=True)
    advice = models.TextField("gode råd til andre", max_length=20_000, blank=True)
    left_out_because = models.CharField("ikke optaget, fordi", max_length=300, blank=True)

    search_text = models.GeneratedField(
        expression=Joined("title", "summary", "method"),
        output_field=models.TextField(),
        db_persist=True,
    )
    search_stems = models.GeneratedField(
        expression=SearchVector("title", "summary", "method", "experience", "advice", config="danish"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PracticeQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "best practice-eksempel"
        verbose_name_plural = "best practice-eksempler"
        ordering = [DanishOrder("title"), "pk"]
        indexes = [
            models.Index(DanishOrder("title"), "id", name="catalogue_practice_order"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="catalogue_practice_text"),
            GinIndex("search_stems", name="catalogue_practice_stems"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="included") | Q(theme__isnull=False, catalogue__isnull=False),
                name="catalogue_practice_included_under_theme",
                violation_error_message="Et eksempel, der er optaget, skal stå under et tema i et katalog.",
            ),
            models.CheckConstraint(
                condition=Q(status="left_out") | Q(left_out_because=""),
                name="catalogue_practice_reason_only_when_left_out",
                violation_error_message="En begrundelse hører kun til eksempler, der ikke er optaget.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("catalogue:practice", args=[self.pk])

    @property
    def where(self) -> str:
        return ", ".join(each.name for each in self.districts.all())


@audited()
class PracticeDistrict(models.Model):
    """A district that a practice comes from; a row of its own, so that the history has it."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="district_links")
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="bydel")

    class Meta:
        verbose_name = "bydel"
        constraints = [models.UniqueConstraint(fields=["practice", "district"], name="catalogue_practicedistrict_once")]


class EditionQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self.filter(catalogue__in=Catalogue.objects.visible_to(user))


@audited()
class Edition(models.Model):
    """What was issued of a catalogue, and when; the file where there is one."""

    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="editions", verbose_name="katalog")
    number = models.PositiveSmallIntegerField("udgave", validators=[MinValueValidator(1)])
    issued = models.DateField("udsendt", null=True, blank=True)
    issued_precision = models.CharField("angivet som", max_length=10, choices=Precision.choices, default=Precision.DAY)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fil")

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "udgave"
        verbose_name_plural = "udgaver"
        ordering = ["catalogue", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "number"],
                name="catalogue_edition_numbered_once",
                violation_error_message="Kataloget har allerede en udgave med det nummer.",
            )
        ]

    def __str__(self):
        return f"{self.catalogue}, {self.number}. udgave"

    def get_absolute_url(self):
        return f"{self.catalogue.get_absolute_url()}#udgaver"
