"""A year as a whole: totals without dates, the units' answers, and the closed account."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sikkerby.models import User, audited

from .closure import ClosedHalfDay, Kind
from .institution import Institution


@audited()
class ReportedTotal(models.Model):
    """A total without dates, as for 2012. A trigger holds that its unit, year and kind have no dated rows."""

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
        "antal institutioner med lukninger", null=True, blank=True, help_text="Tomt, hvis antallet er ukendt."
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
                violation_error_message="Der er allerede en total for samme år, måned, institution og art.",
            )
        ]

    def __str__(self):
        return f"{self.year}: {self.get_kind_display()}"

    def clean(self):
        """What the trigger holds, said in time."""
        dated = ClosedHalfDay.objects.filter(day__year=self.year, closure__kind=self.kind)
        if self.institution_id:
            dated = dated.filter(institution=self.institution_id)
        if dated.exists():
            raise ValidationError(
                "Der er allerede lukninger med datoer af samme art i det år. Med en total ville de tælle to gange."
            )


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
