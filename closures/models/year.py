"""A year as a whole: totals without dates, the units' answers, and the closed account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from sikkerby.middleware import Conflict
from sikkerby.models import DanishOrder, User, audited
from sikkerby.permissions import Role
from sikkerby.templatetags.danish import number, plain_date, plural, short_date

from .closure import SIKKER_BY_BEGAN, Closure, Kind
from .half_day import ClosedHalfDay
from .institution import Institution, Leadership
from .reduced_service import ReducedService


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


@dataclass(frozen=True, kw_only=True)
class Answers:
    """How many units were asked for a year and how many answered; of these the nil returns, and those that the
    administration confirmed in the leader's place."""

    asked: int
    answered: int
    nil: int
    confirmed: int

    @property
    def missing(self) -> int:
        return self.asked - self.answered

    def __str__(self):
        """As it stands everywhere: 1.143 af 1.512 har svaret"""
        return f"{number(self.answered)} af {number(self.asked)} har svaret"


class AnnualReturnQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.sees_all else self.filter(institution__in=Institution.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(institution__in=Institution.objects.reported_by(user))

    def led_by(self, user: User):
        return self.filter(institution__in=Institution.objects.led_by(user))

    def of_administrations(self, administrations: models.QuerySet):
        return self.filter(institution__administration__in=administrations)

    def unanswered(self):
        return self.filter(answer="")

    def answered(self):
        return self.exclude(answer="")

    def waiting(self):
        """Those that are not answered yet, of a count that is still open."""
        return self.unanswered().filter(year__in=YearlyAccount.objects.open().values("year"))

    def needing(self, user: User):
        """What waits for this person's answer: that of a leader's own units, and of a contact's administration. The
        office follows the count as a whole."""
        return self.none() if Role.OFFICE in user.roles else self.waiting().editable_by(user)

    def with_closures(self, *, some: bool):
        """Those of units with, or without, a half-day of the year that a closure holds."""
        held = Exists(ClosedHalfDay.objects.filter(institution=OuterRef("institution"), day__year=OuterRef("year")))
        return self.filter(held if some else ~held)

    def with_institution(self, day: date):
        """In Danish order by `danish`, with all that a list says of the unit, and who leads it on the day."""
        leading = Leadership.objects.on(day).filter(user__is_active=True).select_related("user").order_by("kind", "pk")
        return (
            self.annotate(danish=DanishOrder("institution__name"))
            .select_related("institution__administration", "institution__district", "answered_by")
            .prefetch_related(Prefetch("institution__leaderships", leading, to_attr="leads_now"))
        )

    def in_danish_order(self):
        return self.select_related("institution").order_by(DanishOrder("institution__name"), "pk")

    def with_nil_before(self):
        """`nil_before`: it was once answered that there were none."""
        before = AnnualReturn.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"), answer=AnnualReturn.Answer.NONE)
        return self.annotate(nil_before=Exists(before))

    def waiting_after(self, closure: Closure):
        """Those of its unit that wait for an answer for a year that it has a half-day of."""
        years = closure.closed_half_days.values("day__year")
        return self.waiting().filter(institution=closure.institution_id, year__in=years).with_nil_before()

    def with_registered(self, year: int):
        """In Danish order, each with what is registered for its unit in the year: `institution.closures_then`, each
        with the half-days it holds `in_the_year`, and `institution.reduced_then`."""
        days = (date(year, 1, 1), date(year, 12, 31))
        closures = Closure.objects.between(*days).exclude(status=Closure.Status.WITHDRAWN).order_by("first_day", "pk")
        closures = closures.annotate(in_the_year=Count("closed_half_days", filter=Q(closed_half_days__day__range=days)))
        reduced = ReducedService.objects.filter(first_day__lte=days[1]).filter(
            Q(last_day__gte=days[0]) | Q(last_day__isnull=True)
        )
        return (
            self.filter(year=year)
            .with_nil_before()
            .in_danish_order()
            .select_related("institution", "answered_by")
            .prefetch_related(
                Prefetch("institution__closures", closures, to_attr="closures_then"),
                Prefetch("institution__reduced_services", reduced.order_by("first_day"), to_attr="reduced_then"),
            )
        )

    def counted(self) -> Answers:
        return Answers(**self.order_by().aggregate(**_COUNTS))

    def by_year(self) -> list[tuple[int, int]]:
        """How many of each year, oldest first."""
        return list(self.order_by("year").values_list("year").annotate(Count("pk")))

    def by_administration(self) -> list[tuple[str, int, Answers]]:
        """The name of each administration, its key, and how many of its units answered; in Danish order."""
        key, name = "institution__administration", "institution__administration__name"
        rows = self.order_by(DanishOrder(name)).values(key, name).annotate(**_COUNTS)
        return [(row.pop(name), row.pop(key), Answers(**row)) for row in rows]

    def refuted(self, institution: int, years: Iterable[int]) -> None:
        """A closure is registered where the answer was that there were none: the unit is asked again."""
        closed = YearlyAccount.objects.closed().values("year")
        nil = self.filter(institution=institution, year__in=years, answer=AnnualReturn.Answer.NONE)
        nil.exclude(year__in=closed).take_back()

    def take_back(self) -> int:
        """What was answered no longer holds. How many."""
        return self.answered().update(answer="", answered_by=None, answered_at=None, confirmed_by_administration=False)


_COUNTS = {
    "asked": Count("pk"),
    "answered": Count("pk", filter=~Q(answer="")),
    "nil": Count("pk", filter=Q(answer="none")),
    "confirmed": Count("pk", filter=Q(confirmed_by_administration=True)),
}


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
    def open(self):
        return self.filter(closed_at__isnull=True)

    def closed(self):
        return self.filter(closed_at__isnull=False)

    def first_open_day(self, user: User) -> date:
        """How far back this person can register: to 1 January of the earliest year that is not closed; the office to
        the beginning of the programme."""
        closed = set(self.closed().values_list("year", flat=True))
        if not closed or Role.OFFICE in user.roles:
            return SIKKER_BY_BEGAN
        return date(next(year for year in count(min(closed)) if year not in closed), 1, 1)

    def next_to_open(self, today: date) -> int | None:
        """The year after the newest that was opened, once its count can be opened."""
        newest = self.order_by("-year").values_list("year", flat=True).first()
        return newest + 1 if newest and not not_yet(newest + 1, today) else None

    @transaction.atomic
    def begin(self, year: int, *, answer_by: date, by: User, today: date) -> "YearlyAccount":
        """Open the count of a year: every unit that existed in it is asked, and is to answer by the date."""
        self.hold_alone(year)  # who opens it at the same time waits, and is told
        if other := self.filter(year=year).select_related("opened_by").first():
            raise Conflict(f"Årsopgørelsen for {year} er allerede åbnet af {other.opened_by}.")
        if refusal := not_yet(year, today):
            raise Conflict(refusal)
        if answer_by <= today:
            raise ValidationError({"answer_by": "Svarfristen skal være i morgen eller senere. Ret datoen."})
        if answer_by.year <= year:
            raise ValidationError(
                {"answer_by": f"Svarfristen kan tidligst være den 1. januar {year + 1}, når året er gået. Ret datoen."}
            )
        if (answer_by - today).days > LONGEST_TO_ANSWER:
            raise ValidationError({"answer_by": "Svarfristen kan højst ligge et år frem. Ret datoen."})
        account = self.create(year=year, answer_by=answer_by, opened_by=by)
        account.ask_units()
        return account

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


FIRST_YEAR = 2013  # that is counted by asking; 2012 was reported as a total
LONGEST_TO_ANSWER = 366  # days
NAMED_AT_ONCE = 20  # closures that keep a year from closing


def opens_on(year: int) -> date:
    """The first day on which its count can be opened: in time for an answer before Christmas. What happens in the
    rest of December takes back a nil return by itself, so nothing is lost by asking before the year is over."""
    return date(year, 12, 1)


def not_yet(year: int, today: date) -> str:
    """Why the count of this year cannot be opened; empty when it can."""
    if today < opens_on(year):
        return f"Årsopgørelsen for {year} kan tidligst åbnes den {plain_date(opens_on(year))}."
    total = ReportedTotal.objects.filter(year=year, institution__isnull=True).first()
    if total and not ClosedHalfDay.objects.filter(day__year=year).exists():
        return f"{year} er opgjort som en total uden datoer ({total.source}), og der er ikke noget at svare på."
    return ""


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

    def get_absolute_url(self):
        return reverse("closures:year_count", args=[self.year])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def returns(self) -> AnnualReturnQuerySet:
        return AnnualReturn.objects.filter(year=self.year)

    @property
    def answers(self) -> Answers:
        return self.returns.counted()

    @transaction.atomic
    def ask_units(self) -> None:
        """Every unit that existed at some time of the year is asked, also one entered or opened since; one that did
        not exist then is no longer asked, unless it has answered. To be called as often as one likes."""
        YearlyAccount.objects.hold([self.year])
        if YearlyAccount.objects.closed().filter(year=self.year).exists():
            return
        existed = Institution.objects.open_in(self.year)
        asked = self.returns.values("institution")
        AnnualReturn.objects.bulk_create(
            (AnnualReturn(institution=each, year=self.year) for each in existed.exclude(pk__in=asked)),
            ignore_conflicts=True,  # who asks at the same time asks the same
        )
        self.returns.unanswered().exclude(institution__in=existed).delete()

    # --- Answers --------------------------------------------------------------------------------------------------

    @transaction.atomic
    def answer(self, answers: Mapping[int, str], *, by: User) -> None:
        """The answers of these units, by their keys: all of them are stored, or none. "All" of a unit that has no
        closure is a nil return; a nil return of one that has some is refused.

        A contact who answers for a unit that is not their own confirms it for the administration.
        """
        self._take_turn(answers)
        asked = self.returns.filter(institution__in=answers)
        if asked.count() != len(answers):
            raise Conflict(f"En af institutionerne bliver ikke længere spurgt for {self.year}. Genindlæs siden.")
        closed = set(asked.with_closures(some=True).values_list("institution", flat=True))
        wrong = closed & {unit for unit, answer in answers.items() if answer == AnnualReturn.Answer.NONE}
        if wrong:
            raise ValidationError([self._not_nil(each) for each in Institution.objects.filter(pk__in=wrong)])
        confirmed = set()
        if Role.CONTACT in by.roles and Role.OFFICE not in by.roles:
            confirmed = set(answers) - set(Institution.objects.led_by(by).values_list("pk", flat=True))
        for answer, units in ((AnnualReturn.Answer.ALL, closed), (AnnualReturn.Answer.NONE, set(answers) - closed)):
            for for_administration in (True, False):
                these = units & confirmed if for_administration else units - confirmed
                asked.filter(institution__in=these).update(
                    answer=answer,
                    answered_by=by,
                    answered_at=timezone.now(),
                    confirmed_by_administration=for_administration,
                )

    def _not_nil(self, institution: Institution) -> str:
        return format_html(
            "<a href='{}?institution={}'>{}</a> har lukninger i {}, så svaret kan ikke være en nulindberetning. Se, om "
            "de er rigtige, og svar, at det er alle.",
            reverse("closures:annual_returns", args=[self.year]),
            institution.pk,
            institution,
            self.year,
        )

    @transaction.atomic
    def confirm_nil(self, institutions: Iterable[Institution], *, by: User) -> int:
        """The administration answers that these units had no closures: how many. One whose leader has answered
        meanwhile keeps that answer."""
        units = [each.pk for each in institutions]
        self._take_turn(units)
        waiting = self.returns.unanswered().filter(institution__in=units).values_list("institution", flat=True)
        answers = dict.fromkeys(waiting, AnnualReturn.Answer.NONE)
        self.answer(answers, by=by)
        return len(answers)

    @transaction.atomic
    def take_back(self, institution: Institution) -> None:
        """The unit has answered too soon: it is asked again."""
        self._take_turn([institution.pk])
        if not self.returns.filter(institution=institution).take_back():
            raise Conflict(f"{institution} har ikke svaret for {self.year}.")

    def _take_turn(self, units: Iterable[int]) -> None:
        """Whoever registers a closure of one of these units comes before or after; the year stays open until then.

        Larger units first, then their services: the order in which closures of both are registered.
        """
        institutions = Institution.objects.filter(pk__in=list(units)).order_by(F("parent").asc(nulls_first=True), "pk")
        list(institutions.select_for_update(no_key=True, of=("self",)).values_list("pk"))
        YearlyAccount.objects.hold([self.year])
        self.refresh_from_db()
        if self.is_closed:
            raise Conflict(f"Årsopgørelsen for {self.year} er afsluttet. Svarene kan ikke længere ændres.")

    # --- Closing --------------------------------------------------------------------------------------------------

    def hindering(self) -> models.QuerySet:
        """The closures that keep the year from closing, oldest first: with a half-day in it and not reviewed, or with
        a correction asked for; and those still open, which grow."""
        days = (date(self.year, 1, 1), date(self.year, 12, 31))
        in_the_year = Exists(ClosedHalfDay.objects.filter(closure=OuterRef("pk"), day__range=days))
        unsettled = Q(status__in=Closure.UNREVIEWED) | Q(correction_asked=True)
        still_open = Q(last_day__isnull=True, first_day__lte=days[1])
        closures = Closure.objects.holding().filter(still_open | unsettled & Q(in_the_year))
        return closures.select_related("institution").order_by("first_day", "pk")

    def too_soon(self, today: date) -> str:
        """Why the year cannot be closed yet, whatever is reviewed and answered; empty when it can."""
        if today.year > self.year:
            return ""
        begins = plain_date(date(self.year + 1, 1, 1))
        return f"{self.year} er ikke slut. Årsopgørelsen kan tidligst afsluttes den {begins}."

    def standing(self, today: date) -> str:
        """When it can be closed, in a sentence."""
        if refusal := self.too_soon(today):
            return refusal
        if count := self.hindering().count():
            closures = plural(count, "lukning er gjort færdig,lukninger er gjort færdige")
            return f"Årsopgørelsen kan afsluttes, når {number(count)} {closures}."
        return "Årsopgørelsen kan afsluttes nu."

    @transaction.atomic
    def close(self, *, by: User, accept_missing: bool, today: date) -> None:
        """Freeze the year's figures, as they are put to the committee, for good. Units that did not answer are accepted
        as missing in the name of the one who closes."""
        from ..figures import freeze  # which builds on this

        YearlyAccount.objects.hold_alone(self.year)
        self.refresh_from_db()
        if self.is_closed:
            raise Conflict(f"Årsopgørelsen for {self.year} er allerede afsluttet.")
        if refusal := self.too_soon(today):
            raise Conflict(refusal)
        self.ask_units()
        if hindering := list(self.hindering()):
            reasons = [_hinders(closure) for closure in hindering[:NAMED_AT_ONCE]]
            if more := len(hindering) - len(reasons):
                reasons.append(f"Og {number(more)} {plural(more, 'lukning,lukninger')} til.")
            raise ValidationError(reasons)
        missing = self.answers.missing
        if missing and not accept_missing:
            units = plural(missing, "institution mangler,institutioner mangler")
            raise ValidationError(
                {"accept_missing": f"{number(missing)} {units} at svare. Acceptér det, eller vent på svarene."}
            )
        self.figures = freeze(self.year)
        self.closed_by, self.closed_at = by, timezone.now()
        self.missing_accepted_by = by if missing else None
        self.save()


def _hinders(closure: Closure) -> str:
    """Why this closure keeps its year from closing, and where to settle it."""
    if closure.last_day is None:
        why = "gælder indtil videre og skal afsluttes"
    elif closure.status == Closure.Status.RETURNED:
        why = "afventer svar fra lederen"
    elif closure.correction_asked:
        why = "ønskes rettet og skal besvares"
    else:
        why = "er ikke gennemgået"
    return format_html(
        "<a href='{}'>{} {}</a>, {}, {}.",
        closure.get_absolute_url(),
        closure.number,
        closure.institution,
        f"fra {short_date(closure.first_day)}" if closure.last_day is None else closure.dates,
        why,
    )
