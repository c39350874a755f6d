"""Closures, the half-days they hold, and what happened to them."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from sikkerby.middleware import Conflict
from sikkerby.models import District, User, Versioned, audited
from sikkerby.permissions import Role
from sikkerby.templatetags.danish import short_date

from ..calendar import NOTHING_TO_COUNT, HalfDay, Period, half_days_of
from .institution import Institution

AHEAD = timedelta(days=14)  # how long before a day it can be registered
SIKKER_BY_BEGAN = date(2010, 1, 1)
PEOPLE_HINT = "Skriv ikke navne eller kendetegn. Teksten kan blive udleveret ved aktindsigt."


@audited(exclude=["version"])
class Incident(Versioned):
    """The unrest or crisis behind one or several closures (hændelse)."""

    title = models.CharField("overskrift", max_length=150)
    happened_on = models.DateField("skete den")
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="incidents", verbose_name="bydel"
    )
    description = models.TextField("hvad der skete", max_length=20_000, blank=True, help_text=PEOPLE_HINT)

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
        """Those of the institutions that this person registers for. Whether it is too late is the act's to say."""
        return self.filter(institution__in=Institution.objects.reported_by(user))

    def with_institution(self):
        """With what every list and page says of its institution."""
        return self.select_related("institution__administration", "institution__district", "institution__parent")

    def needing(self, user: User):
        """What waits for this person: the office's review, or an answer from those who report."""
        waiting = models.Q(pk__in=[])
        if Role.OFFICE in user.roles:
            waiting |= Q(status=Closure.Status.AWAITING)
        if not user.roles.isdisjoint({Role.LEADER, Role.CONTACT}):
            waiting |= Q(status=Closure.Status.RETURNED, institution__in=Institution.objects.reported_by(user))
        return self.filter(waiting)

    def holding(self):
        """Those whose half-days are taken: all but withdrawn and excluded."""
        return self.filter(status__in=Closure.HOLDING)

    def open_ended(self):
        """Until further notice (indtil videre)."""
        return self.holding().filter(last_day__isnull=True)

    def between(self, first_day: date, last_day: date):
        """Those with a day between the two, whatever it counts."""
        still_closed = Q(last_day__isnull=True, status__in=Closure.HOLDING)
        return self.filter(first_day__lte=last_day).filter(
            Q(last_day__gte=first_day) | Q(first_day__gte=first_day) | still_closed
        )

    @transaction.atomic
    def register(self, *, institution: Institution, by: User, today: date, **reported) -> "Closure":
        """Store a new closure with the half-days it takes. ValidationError, in Danish, when it cannot take them."""
        institution = Institution.objects.lock(institution.pk)
        closure = Closure(institution=institution, registered_by=by, **reported)
        taken = closure.half_days_to_take(today)
        closure.half_days = len(taken)
        closure.save()
        closure.take(taken)
        closure.steps.create(act=ClosureStep.Act.REGISTERED, by=by)
        return closure

    @transaction.atomic
    def count_open_closures(self, today: date) -> None:
        """Closures until further notice count to today. To be called as often as one likes."""
        for pk, institution in self.open_ended().order_by("institution").values_list("pk", "institution"):
            Institution.objects.lock(institution)
            if closure := self.open_ended().filter(pk=pk).first():  # not ended meanwhile
                closure.grow(today)


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

    UNREVIEWED = (Status.AWAITING, Status.RETURNED)
    HOLDING = (*UNREVIEWED, Status.REVIEWED)

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
    first_day = models.DateField("første dag")
    first_part = models.CharField("lukket", max_length=10, choices=FirstPart.choices, default=FirstPart.WHOLE)
    last_day = models.DateField("sidste dag", null=True, blank=True)
    last_part = models.CharField("lukket", max_length=10, choices=LastPart.choices, default=LastPart.WHOLE)
    cause = models.CharField("årsag", max_length=20, choices=Cause.choices, blank=True)
    measures = ArrayField(
        models.CharField(max_length=20, choices=Measure.choices), default=list, blank=True, verbose_name="hvad I gjorde"
    )
    reference = models.CharField(
        "reference",
        max_length=100,
        blank=True,
        help_text="Nummeret i MainManager eller på anmeldelsen til politiet eller af en arbejdsskade.",
    )
    account = models.TextField("hvad der skete", max_length=20_000, blank=True, help_text=PEOPLE_HINT)
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

    # What those who report it may change until it is reviewed.
    REPORTED = (
        *("kind", "scope", "first_day", "first_part", "last_day", "last_part"),
        *("cause", "measures", "reference", "account"),
    )

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
                violation_error_message="Sidste dag ligger før første dag. Ret en af datoerne.",
            ),
            models.CheckConstraint(
                condition=~Q(first_day=F("last_day"), first_part="last", last_part="first"),
                name="closures_closure_one_half_at_a_time",
                violation_error_message="Lukket før tid og åbnet senere kan ikke være samme dag. Vælg det ene.",
            ),
            models.CheckConstraint(
                condition=Q(first_day__gte=date(2010, 1, 1)),
                name="closures_closure_in_the_programme",
                violation_error_message="Sikker By begyndte i 2010. Lukningen kan ikke ligge før. Ret datoen.",
            ),
            models.CheckConstraint(
                condition=Q(status="reviewed", reviewed_by__isnull=False, reviewed_at__isnull=False)
                | ~Q(status="reviewed") & Q(reviewed_by__isnull=True, reviewed_at__isnull=True),
                name="closures_closure_reviewed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(status="excluded") & ~Q(exclusion="") | ~Q(status="excluded") & Q(exclusion=""),
                name="closures_closure_excluded_for_a_reason",
                violation_error_message="Vælg, hvorfor lukningen ikke tæller med.",
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(last_day__isnull=True, status__in=["awaiting_review", "returned", "reviewed"]),
                name="closures_closure_one_open_ended",
                violation_error_message="Institutionen har allerede en lukning »indtil videre«. Afslut den først.",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.institution}"

    def get_absolute_url(self):
        return reverse("closures:closure", args=[self.pk])

    @property
    def number(self) -> str:
        """LUK-2026-42: the year it was registered and a running number; numbers may be missing in between."""
        return f"LUK-{timezone.localtime(self.registered_at).year}-{self.pk}"

    @property
    def dates(self) -> str:
        """30-10-2026 til 03-11-2026, as in tables"""
        if self.last_day is None:
            return f"{short_date(self.first_day)} indtil videre"
        return " til ".join(short_date(day) for day in sorted({self.first_day, self.last_day}))

    @property
    def period(self) -> Period:
        return Period(
            first_day=self.first_day,
            last_day=self.last_day,
            only_last_part=self.first_part == self.FirstPart.LAST,
            only_first_part=self.last_part == self.LastPart.FIRST,
        )

    @property
    def question(self) -> "ClosureStep | None":
        """The office's question that waits for an answer."""
        if self.status != self.Status.RETURNED:
            return None
        return self.steps.filter(act=ClosureStep.Act.QUESTION).last()

    # --- What it takes --------------------------------------------------------------------------------------------

    def half_days_to_take(self, today: date) -> list[HalfDay]:
        """The half-days it counts as its dates stand. ValidationError when there are none, or another has them.

        The institution's row is locked, so what is free now is free when they are stored.
        """
        self.check_dates(today)
        ahead = today + AHEAD if self.last_day is None else self.last_day
        planned = half_days_of(self.institution.calendar(self.first_day, ahead), self.period, until=ahead)
        if not planned:
            raise ValidationError(NOTHING_TO_COUNT)
        if other := self._in_the_way(planned):
            raise ValidationError(
                format_html(
                    'Dagene er allerede registreret: <a href="{}">{}</a> ({}). Ret eller afslut den lukning i stedet.',
                    other.get_absolute_url(),
                    other.number,
                    other.dates,
                )
            )
        return [each for each in planned if self.last_day or each.day <= today]

    def check_dates(self, today: date) -> None:
        """The earliest and the latest day that can be reported."""
        days = {"first_day": self.first_day, "last_day": self.last_day}
        for field, day in days.items():
            if day and day > today + AHEAD:
                raise ValidationError(
                    {field: f"En lukning kan højst registreres {AHEAD.days} dage frem i tiden. Ret datoen."}
                )
        if self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": "Sidste dag ligger før første dag. Ret en af datoerne."})
        if self.first_day < SIKKER_BY_BEGAN:
            raise ValidationError({"first_day": "Sikker By begyndte i 2010. Lukningen kan ikke ligge før. Ret datoen."})
        self._check_years(range(self.first_day.year, (self.last_day or today).year + 1))

    def _check_years(self, years: range) -> None:
        """A year that is closed, or is there as a total without dates, takes no more closures."""
        from .year import ReportedTotal, YearlyAccount  # which build on this

        if closed := YearlyAccount.objects.filter(year__in=years).first():
            raise ValidationError(
                {
                    "first_day": f"Årsopgørelsen for {closed.year} er afsluttet. Lukninger i det år kan ikke længere "
                    "registreres eller ændres. Spørg Center for Sikker By."
                }
            )
        totals = ReportedTotal.objects.filter(year__in=years, kind__in=[self.kind, Kind.UNDISTINGUISHED])
        if total := totals.filter(Q(institution__isnull=True) | Q(institution=self.institution_id)).first():
            raise ValidationError(
                {
                    "first_day": f"{total.year} er opgjort som en total uden datoer, og lukningen kan allerede være "
                    "talt med i den. Spørg Center for Sikker By."
                }
            )

    def _in_the_way(self, wanted: list[HalfDay]) -> "Closure | None":
        """Another closure of the institution that has one of these half-days, or will: one until further notice has
        all that follow its first."""
        others = Closure.objects.holding().filter(institution=self.institution_id).exclude(pk=self.pk)
        days = {each.day for each in wanted}
        held = ClosedHalfDay.objects.filter(closure__in=others, day__range=(min(days), max(days)))
        if self.last_day is None:
            held = ClosedHalfDay.objects.filter(closure__in=others, day__gte=min(days))
        for row in held.select_related("closure").order_by("day", "half"):
            if HalfDay(row.day, row.half) in wanted or row.day > max(days):
                return row.closure
        open_ended = others.filter(last_day__isnull=True).first()
        if open_ended and (self.last_day is None or any(open_ended.period.covers(*each) for each in wanted)):
            return open_ended
        return None

    def take(self, taken: list[HalfDay]) -> None:
        ClosedHalfDay.objects.bulk_create(
            ClosedHalfDay(closure=self, institution_id=self.institution_id, day=day, half=half) for day, half in taken
        )

    def grow(self, today: date) -> None:
        """Take the half-days up to today. Those taken before stay as they were counted."""
        last = self.closed_half_days.aggregate(last=models.Max("day"))["last"]
        counted = half_days_of(self.institution.calendar(self.first_day, today), self.period, until=today)
        self.take([each for each in counted if last is None or each.day > last])
        self._keep_count()

    def _keep_count(self) -> None:
        count = self.closed_half_days.count()
        if count != self.half_days:
            self.half_days = count
            self.save(update_fields=["half_days"])

    # --- What is done with it: each act takes the institution's turn, asks the state, and is a step -----------------

    @transaction.atomic
    def change(self, *, by: User, today: date) -> None:
        """Store what the form has put into this instance, with the half-days it then takes."""
        Institution.objects.lock(self.institution_id)
        Closure.objects.get(pk=self.pk).refuse_unless("rettes", *self.UNREVIEWED)
        taken = self.half_days_to_take(today)
        self.closed_half_days.all().delete()
        self.half_days = len(taken)
        self.save(update_fields=[*self.REPORTED, "half_days"])
        self.take(taken)
        self.steps.create(act=ClosureStep.Act.CHANGED, by=by)

    @transaction.atomic
    def end(self, *, last_day: date, last_part: str, by: User, today: date) -> None:
        """The unit has opened again: a closure until further notice gets its last day."""
        self._take_turn("afsluttes", *self.UNREVIEWED)
        if self.last_day is not None:
            raise Conflict("Lukningen er allerede afsluttet. Ret den, hvis datoen er forkert.")
        self.last_day, self.last_part = last_day, last_part
        taken = self.half_days_to_take(today)
        self.closed_half_days.all().delete()
        self.half_days = len(taken)
        self.save(update_fields=["last_day", "last_part", "half_days"])
        self.take(taken)
        self.steps.create(act=ClosureStep.Act.ENDED, by=by)

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """It should not have been registered: its half-days are free again."""
        self._take_turn("trækkes tilbage", *self.UNREVIEWED)
        self.closed_half_days.all().delete()
        self._become(self.Status.WITHDRAWN)
        self.steps.create(act=ClosureStep.Act.WITHDRAWN, by=by)

    @transaction.atomic
    def review(self, *, by: User) -> None:
        self._take_turn("gennemgås", *self.UNREVIEWED)
        if self.last_day is None:
            raise Conflict("Lukningen gælder indtil videre. Den kan gennemgås, når den er afsluttet.")
        self.reviewed_by, self.reviewed_at = by, timezone.now()
        self._become(self.Status.REVIEWED)
        self.steps.create(act=ClosureStep.Act.REVIEWED, by=by)

    @transaction.atomic
    def ask(self, question: str, *, by: User) -> None:
        """The office has a question; the closure waits for those who reported it."""
        self._take_turn("sendes tilbage", *self.UNREVIEWED)
        self._become(self.Status.RETURNED)
        self.steps.create(act=ClosureStep.Act.QUESTION, by=by, text=question)

    @transaction.atomic
    def answer(self, answer: str, *, by: User) -> None:
        """The question is answered; the closure waits for the office again."""
        self._take_turn("besvares", self.Status.RETURNED)
        self._become(self.Status.AWAITING)
        self.steps.create(act=ClosureStep.Act.ANSWER, by=by, text=answer)

    @transaction.atomic
    def exclude(self, reason: str, *, by: User, text: str = "", duplicate_of: "Closure | None" = None) -> None:
        """Review takes it out of the count. Its half-days are free, and reported as taken out."""
        self._take_turn("tages ud", *self.HOLDING)
        TakenOutHalfDay.objects.bulk_create(
            TakenOutHalfDay(closure=self, day=each.day, half=each.half) for each in self.closed_half_days.all()
        )
        self.closed_half_days.all().delete()
        self.exclusion, self.duplicate_of = reason, duplicate_of
        self._become(self.Status.EXCLUDED)
        self.steps.create(act=ClosureStep.Act.EXCLUDED, by=by, text=text)

    @transaction.atomic
    def reclassify(self, kind: str, *, by: User, text: str = "") -> None:
        """Review finds it to be of the other kind. What it was reported as is kept."""
        self._take_turn("omklassificeres", *self.HOLDING)
        if kind == self.kind:
            raise Conflict(f"Lukningen er allerede registreret som {self.get_kind_display()}.")
        reported = self.reported_kind or self.kind
        self.kind, self.reported_kind = kind, "" if kind == reported else reported
        self._check_years(range(self.first_day.year, (self.last_day or self.first_day).year + 1))
        self.save(update_fields=["kind", "reported_kind"])
        self.steps.create(act=ClosureStep.Act.RECLASSIFIED, by=by, text=text)

    def _take_turn(self, act: str, *states: str) -> None:
        """Lock the institution, then read what the closure has become meanwhile."""
        Institution.objects.lock(self.institution_id)
        self.refresh_from_db()
        self.refuse_unless(act, *states)

    def refuse_unless(self, act: str, *states: str) -> None:
        """Conflict when its state forbids the act: "Lukningen er gennemgået. Den kan ikke rettes." """
        if self.status not in states:
            raise Conflict(f"Lukningen {STATE[self.status]}. Den kan ikke {act}.")

    def _become(self, status: str) -> None:
        if status != self.Status.REVIEWED:
            self.reviewed_by = self.reviewed_at = None
        self.status = status
        self.save(update_fields=["status", "reviewed_by", "reviewed_at", "exclusion", "duplicate_of"])


STATE = {
    Closure.Status.AWAITING: "afventer gennemgang",
    Closure.Status.RETURNED: "afventer svar fra lederen",
    Closure.Status.REVIEWED: "er gennemgået",
    Closure.Status.EXCLUDED: "er taget ud og tæller ikke med",
    Closure.Status.WITHDRAWN: "er trukket tilbage",
}


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


class TakenOutHalfDay(models.Model):
    """A half-day that review took out of the count with its closure. Reported beside the year's figures."""

    closure = models.ForeignKey(Closure, models.CASCADE, related_name="taken_out_half_days")
    day = models.DateField()
    half = models.PositiveSmallIntegerField(choices=ClosedHalfDay.Half.choices)

    class Meta:
        indexes = [models.Index("day", "closure", name="closures_takenouthalfday_day")]
        constraints = [models.UniqueConstraint(fields=["closure", "day", "half"], name="closures_takenouthalfday_once")]


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
    account = models.TextField("hvad der skete", max_length=20_000, blank=True, help_text=PEOPLE_HINT)
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, blank=True, related_name="reduced_services")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "nedsat drift"
        verbose_name_plural = "nedsat drift"
        ordering = ["-first_day"]
