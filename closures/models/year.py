"""A year as a whole: totals without dates, the units' answers, and the closed account."""

from collections.abc import Iterable
from datetime import date
from itertools import count

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from sikkerby.models import User, audited

from .closure import SIKKER_BY_BEGAN, ClosedHalfDay, Kind
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


class AnnualReturnQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.sees_all else self.filter(institution__in=Institution.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(institution__in=Institution.objects.reported_by(user))

    def unanswered(self):
        return self.filter(answer="")

    def refuted(self, institution: int, years: Iterable[int]) -> None:
        """A closure is registered where the answer was that there were none: the unit is asked again."""
        closed = YearlyAccount.objects.closed().values("year")
        nil = self.filter(institution=institution, year__in=years, answer=AnnualReturn.Answer.NONE)
        nil.exclude(year__in=closed).update(
            answer="", answered_by=None, answered_at=None, confirmed_by_administration=False
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

    objects = AnnualReturnQuerySet.as_manager()

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


class YearlyAccountQuerySet(models.QuerySet):
    def closed(self):
        return self.filter(closed_at__isnull=False)

    def first_open_day(self) -> date:
        """1 January of the earliest year that is not closed: how far back those who report can register."""
        closed = set(self.closed().values_list("year", flat=True))
        if not closed:
            return SIKKER_BY_BEGAN
        return date(next(year for year in count(min(closed)) if year not in closed), 1, 1)

    def hold(self, years: Iterable[int]) -> None:
        """For who registers or changes closures in these years: none of them closes before this transaction ends.

        Many may hold a year at once; who closes it waits for them (hold_alone). The institution's row is locked before.
        """
        self._lock("pg_advisory_xact_lock_shared", years)

    def hold_alone(self, year: int) -> None:
        self._lock("pg_advisory_xact_lock", [year])

    def _lock(self, function: str, years: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            for year in sorted(set(years)):
                cursor.execute(f"SELECT {function}(%s, %s)", [YEAR_LOCKS, year])


YEAR_LOCKS = 2012  # the first of the two numbers of PostgreSQL's advisory locks; nothing else here uses them


@audited()
class YearlyAccount(models.Model):
    """The count of a year (årsopgørelse): opened with a date to answer by, closed with the figures frozen.

    A closed year is shown from `figures`, as put to the committee; what is corrected later moves only today's recount.
    """

    year = models.PositiveSmallIntegerField("år", unique=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="åbnet af")
    opened_at = models.DateTimeField("åbnet", default=timezone.now)
    answer_by = models.DateField("svarfrist")
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="afsluttet af")
    closed_at = models.DateTimeField("afsluttet", null=True)
    # By whose name the units that did not answer are accepted as missing; none where all did.
    missing_accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="manglende svar accepteret af"
    )
    figures = models.JSONField("tal", null=True)

    objects = YearlyAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "årsopgørelse"
        verbose_name_plural = "årsopgørelser"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, figures__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, figures__isnull=False),
                name="closures_yearlyaccount_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(missing_accepted_by__isnull=True) | Q(closed_at__isnull=False),
                name="closures_yearlyaccount_accepted_when_closed",
            ),
        ]

    def __str__(self):
        return f"Årsopgørelse {self.year}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None
