"""What a note is made of: sections in an order, points to decide, and numbered appendices."""

import re

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Catalogue
from closures.figures import BASELINE_YEAR
from initiatives.models import Initiative, Principle, Strategy
from reports.prose import ProseField
from sikkerby.models import StoredFile, User, Versioned, audited
from sikkerby.templatetags.danish import with_capital


class SectionQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        from .note import Note  # which points here

        return self.filter(note__in=Note.objects.visible_to(user))

    def with_open_comments(self):
        still_open = Q(comments__isnull=False, comments__resolved_at__isnull=True)
        # A query that groups forgets the order of its model.
        return self.annotate(open_comments=models.Count("comments", filter=still_open)).order_by("order")


YEARS = [
    MinValueValidator(BASELINE_YEAR, f"Der er ingen opgørelse fra før {BASELINE_YEAR}."),
    MaxValueValidator(2100, "Skriv et årstal med fire cifre."),
]


@audited(exclude=["version"])
class Section(Versioned):
    """A headed part of a note: text, or filled from data of a year or several."""

    class Kind(models.TextChoices):
        TEXT = "text", "tekst"
        GOAL = "goal", "mål med udgangspunkt"
        CLOSURES = "closures", "ikke-planlagte lukkedage"
        PRINCIPLE = "principle", "udvalgte indsatser under et princip"
        INITIATIVES = "initiatives", "valgte indsatser"
        CATALOGUE = "catalogue", "best practice-kataloget i korte træk"
        TARGETS = "targets", "effektmål med målinger"
        QUOTE = "quote", "tidligere beslutning"
        RECOMMENDATIONS = "recommendations", "indstilling"
        ECONOMY = "economy", "økonomi"
        PROCESS = "process", "videre proces"
        APPENDICES = "appendices", "bilag"

    class Economy(models.TextChoices):
        NONE = "none", "Ingen økonomiske konsekvenser"
        WITHIN = "within", "Afholdes inden for den eksisterende ramme"
        SOME = "some", "Økonomiske konsekvenser, som beskrives her"

    note = models.ForeignKey("reports.Note", models.CASCADE, related_name="sections", verbose_name="notat")
    order = models.PositiveSmallIntegerField("rækkefølge")
    kind = models.CharField("indhold", max_length=20, choices=Kind.choices, default=Kind.TEXT)
    heading = models.CharField("overskrift", max_length=150, blank=True)
    html = ProseField("tekst", max_length=20_000, blank=True)
    first_year = models.PositiveSmallIntegerField("første år", null=True, blank=True, validators=YEARS)
    year = models.PositiveSmallIntegerField("sidste år", null=True, blank=True, validators=YEARS)
    principle = models.ForeignKey(
        Principle, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="princip"
    )
    initiatives = models.ManyToManyField(Initiative, related_name="+", blank=True, verbose_name="indsatser")
    catalogue = models.ForeignKey(
        Catalogue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="katalog"
    )

    # Of entries and initiatives: running text instead of a table.
    as_text = models.BooleanField("vis som tekst i stedet for tabel", default=False)
    # An earlier decision that the note quotes: one that is recorded here, or who decided it, when and where.
    decision = models.ForeignKey(
        "reports.Decision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="beslutning"
    )
    quoted_body = models.CharField("besluttet af", max_length=150, blank=True)
    quoted_on = models.DateField("mødedato", null=True, blank=True)
    quoted_item = models.CharField("punkt på dagsordenen", max_length=10, blank=True)
    economy = models.CharField("økonomiske konsekvenser", max_length=10, choices=Economy.choices, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "afsnit"
        verbose_name_plural = "afsnit"
        ordering = ["note", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "order"], name="reports_section_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(first_year__isnull=True) | Q(year__isnull=True) | Q(year__gte=F("first_year")),
                name="reports_section_years",
                violation_error_message="Det sidste år ligger før det første.",
            ),
        ]

    def __str__(self):
        if self.heading:
            return self.heading
        if self.kind == self.Kind.TEXT:
            return "Indledning" if self.order == 1 else "Tekst uden overskrift"
        return with_capital(self.get_kind_display())

    def get_absolute_url(self):
        return reverse("reports:section", args=[self.note_id, self.pk])

    def move(self, *, up: bool) -> None:
        """Change places with the one before it or after it; at the end of the row nothing happens."""
        _change_places(self, self.note.sections, "order", up=up)


@audited()
class Recommendation(models.Model):
    """What the committee is asked to decide, point by point (at-punkt)."""

    note = models.ForeignKey("reports.Note", models.CASCADE, related_name="recommendations")
    number = models.PositiveSmallIntegerField("nummer")
    text = models.TextField("at …", max_length=20_000)

    class Meta:
        verbose_name = "at-punkt"
        verbose_name_plural = "at-punkter"
        ordering = ["note", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "number"],
                name="reports_recommendation_numbered_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"{self.number}. at-punkt"


class AppendixQuerySet(models.QuerySet):
    def readable_by(self, user: User):
        """Those whose file this person may fetch, of notes that they may see: one that is closed to all but named
        committees is theirs who sit on one of these today."""
        if user.sees_all:
            return self
        own = user.seats.on(timezone.localdate()).values("committee")
        return self.filter(Q(closed_because="") | Q(pk__in=self.model.objects.filter(closed_to__in=own).values("pk")))

    def listed_for(self, user: User) -> list[tuple["Appendix", bool]]:
        """Each with whether this person may fetch it: a closed one is listed to all who see the note."""
        readable = set(self.readable_by(user).values_list("pk", flat=True))
        return [(each, each.pk in readable) for each in self.with_readers()]

    def made_from_registers(self):
        return self.exclude(source=Appendix.Source.FILE)

    def with_readers(self):
        return self.select_related("file").prefetch_related("closed_to")


@audited()
class Appendix(models.Model):
    """A numbered document attached to a note: a file, or a paper that is made from the registers when the note is
    issued, or a title alone when the paper itself lies elsewhere."""

    class Source(models.TextChoices):
        FILE = "file", "en PDF-fil, eller kun en titel"
        PRINCIPLES = "principles", "en strategis principper med udvalgte indsatser"
        EDITION = "edition", "best practice-kataloget"
        CLOSURES = "closures", "ikke-planlagte lukkedage i et år"

    note = models.ForeignKey("reports.Note", models.CASCADE, related_name="appendices")
    number = models.PositiveSmallIntegerField("nummer")
    title = models.CharField("titel", max_length=200)
    source = models.CharField("indhold", max_length=20, choices=Source.choices, default=Source.FILE)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fil")
    strategy = models.ForeignKey(
        Strategy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="strategi"
    )
    catalogue = models.ForeignKey(
        Catalogue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="katalog"
    )
    year = models.PositiveSmallIntegerField("år", null=True, blank=True, validators=YEARS)
    names_institutions = models.BooleanField(
        "nævn institutionerne ved navn",
        default=False,
        help_text="Ellers står der kun, hvor mange der havde lukninger, fordelt på forvaltninger og bydele.",
    )
    closed_because = models.CharField(
        "begrundelse for, at bilaget er lukket", max_length=300, blank=True, help_text="Tomt, når bilaget er åbent."
    )
    closed_to = models.ManyToManyField(
        "reports.Committee", blank=True, related_name="+", verbose_name="udvalg, som må læse det lukkede bilag"
    )

    objects = AppendixQuerySet.as_manager()

    class Meta:
        verbose_name = "bilag"
        verbose_name_plural = "bilag"
        ordering = ["note", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "number"],
                name="reports_appendix_numbered_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(source="file", strategy=None, catalogue=None, year=None)
                | Q(source="principles", strategy__isnull=False, catalogue=None, year=None)
                | Q(source="edition", strategy=None, catalogue__isnull=False, year=None)
                | Q(source="closures", strategy=None, catalogue=None, year__isnull=False),
                name="reports_appendix_made_from_one_thing",
                violation_error_message="Vælg det, som bilaget skal laves af.",
            ),
        ]

    def __str__(self):
        return f"Bilag {self.number}. {self.title}"

    def get_absolute_url(self):
        return self.note.get_absolute_url()

    def move(self, *, up: bool) -> None:
        _change_places(self, self.note.appendices, "number", up=up)

    @property
    def is_closed(self) -> bool:
        return bool(self.closed_because)

    @property
    def is_made_from_registers(self) -> bool:
        return self.source != self.Source.FILE

    @property
    def filename(self) -> str:
        """A name that every system can save, without its ending: "Bilag 2 - Katalog 2013"."""
        title = " ".join(re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", self.title).split())
        return f"Bilag {self.number} - {title[:120].strip(' .')}"

    @transaction.atomic
    def remove(self) -> None:
        """Take it off the note; those after it move up, so that no number is missing."""
        later = self.note.appendices.filter(number__gt=self.number)
        self.delete()
        later.update(number=F("number") - 1)


@transaction.atomic
def _change_places(row, among, place: str, *, up: bool) -> None:
    here = getattr(row, place)
    neighbour = (
        among.filter(**{f"{place}__lt": here}).order_by(f"-{place}")
        if up
        else among.filter(**{f"{place}__gt": here}).order_by(place)
    ).first()
    if neighbour is None:
        return
    there = getattr(neighbour, place)
    for each, new in ((row, there), (neighbour, here)):
        setattr(each, place, new)
        each.save(update_fields=[place])
