"""A closure, what it takes, and what is done with it."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from sikkerby.middleware import Conflict
from sikkerby.models import User, Versioned, audited
from sikkerby.permissions import Role
from sikkerby.templatetags.danish import as_text, short_date, with_capital

from .. import letters
from ..calendar import NOTHING_TO_COUNT, HalfDay, Period, explain, half_days_of, in_words
from .half_day import ClosedHalfDay, TakenOutHalfDay
from .incident import PEOPLE_HINT, Incident
from .institution import Institution
from .register import ClosureQuerySet
from .step import ClosureStep

AHEAD = timedelta(days=14)  # how long before a day it can be registered
SIKKER_BY_BEGAN = date(2010, 1, 1)


class Kind(models.TextChoices):
    """The distinction that the committee was promised in 2013; before it, closings were not divided."""

    DISRUPTION = "disruption", "driftsforstyrrelse"
    PEDAGOGICAL = "pedagogical", "lukning med et pædagogisk formål"
    UNDISTINGUISHED = "undistinguished", "ikke opdelt"


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

    class Agreement(models.TextChoices):
        ASKED = "asked", "afventer lederen"
        AGREED = "agreed", "enig"
        DISAGREED = "disagreed", "uenig"

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
    # What those who reported it say to that. Empty where there is nothing to say.
    agreement = models.CharField("lederens svar om arten", max_length=10, choices=Agreement.choices, blank=True)
    # Reviewed, and those who reported it ask for a correction that the office has not answered yet.
    correction_asked = models.BooleanField("rettelse ønsket", default=False)

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
            models.Index("last_day", name="closures_closure_ended"),
            models.Index("status", F("first_day").desc(), F("id").desc(), name="closures_closure_of_status"),
            models.Index(
                *("registered_at", "id"),
                condition=Q(status="awaiting_review", last_day__isnull=False) | Q(correction_asked=True),
                name="closures_closure_queue",
            ),
            models.Index(
                "institution", condition=Q(status="returned") | Q(agreement="asked"), name="closures_closure_asked"
            ),
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
    def wish(self) -> "ClosureStep | None":
        """What those who report it want corrected, while it waits for an answer."""
        return self.steps.filter(act=ClosureStep.Act.CORRECTION_ASKED).last() if self.correction_asked else None

    def explain(self, today: date) -> str:
        """What it counts by the opening hours known now: "Tæller 2½ dage: mandag (sidste del), tirsdag, onsdag." """
        calendar = self.institution.calendar(self.first_day, self.last_day or today)
        return explain(calendar, self.period, until=today)

    def counts_now(self, today: date) -> int:
        """How many half-days it is by the opening hours known now; when it was counted, they may have been others."""
        until = self.last_day or today
        return len(half_days_of(self.institution.calendar(self.first_day, until), self.period, until=until))

    @property
    def closed_years(self) -> models.QuerySet:
        """The accounts of its years that are closed: what moves its days now comes after them."""
        from .year import YearlyAccount  # which builds on this

        return YearlyAccount.objects.closed().filter(year__in=self._years(self.first_day))

    # --- What it takes --------------------------------------------------------------------------------------------

    def hold_years(self, today: date) -> None:
        """None of its years is closed before this transaction ends. After the institution's row, always."""
        from .year import YearlyAccount  # which builds on this

        YearlyAccount.objects.hold(self._years(today))

    def _years(self, today: date) -> range:
        last_day = self.last_day or max(today, self.first_day)
        # Dates far out are refused by check_dates; they must not be counted through first.
        return range(self.first_day.year, min(last_day.year, self.first_day.year + 20) + 1)

    def half_days_to_take(self, today: date, *, by: User) -> list[HalfDay]:
        """The half-days it counts as its dates stand. ValidationError when there are none, or another has them.

        The institution's row is locked, so what is free now is free when they are stored.
        """
        self.check_dates(today)
        self._check_years(self._years(today), by=by)
        planned = self.half_days_planned(today)
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

    def half_days_planned(self, today: date) -> list[HalfDay]:
        """Those of its days, of the next two weeks too when it has no end, that its unit should have been open.
        ValidationError when there are none."""
        ahead = today + AHEAD if self.last_day is None else self.last_day
        planned = half_days_of(self.institution.calendar(self.first_day, ahead), self.period, until=ahead)
        if not planned:
            raise ValidationError(NOTHING_TO_COUNT)
        return planned

    def check_dates(self, today: date) -> None:
        """The earliest and the latest day that can be reported at all."""
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

    def _check_years(self, years: range, *, by: User) -> None:
        """A closed year is only the office's to correct (efter årsopgørelsen); a total without dates takes no more."""
        from .year import ReportedTotal, YearlyAccount  # which build on this

        closed = YearlyAccount.objects.closed().filter(year__in=years).first()
        if closed and Role.OFFICE not in by.roles:
            raise ValidationError(
                {
                    "first_day": f"Årsopgørelsen for {closed.year} er afsluttet. Kun Center for Sikker By kan "
                    "registrere lukninger i det år. Skriv til centret."
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
        """Store these half-days as its own. A year's answer that there were none no longer holds."""
        from .year import AnnualReturn  # which builds on this

        if years := {each.day.year for each in taken}:
            AnnualReturn.objects.refuted(self.institution_id, years)
        ClosedHalfDay.objects.bulk_create(
            ClosedHalfDay(closure=self, institution_id=self.institution_id, day=day, half=half) for day, half in taken
        )

    def grow(self, today: date) -> None:
        """Take the half-days up to today. Those taken before stay as they were counted."""
        last = self.closed_half_days.aggregate(last=models.Max("day"))["last"]
        counted = half_days_of(self.institution.calendar(self.first_day, today), self.period, until=today)
        self.take([each for each in counted if last is None or each.day > last])
        count = self.closed_half_days.count()
        if count != self.half_days:
            self.half_days = count
            self.save(update_fields=["half_days"])

    def _take_instead(self, taken: list[HalfDay]) -> None:
        """The half-days it takes, instead of those it had. The caller saves the count."""
        self.closed_half_days.all().delete()
        self.half_days = len(taken)
        self.take(taken)

    def record(
        self, act: str, *, by: User, text: str = "", changes: list | None = None, years: Iterable[int] = ()
    ) -> None:
        """What was done, by whom and when; and those whom it concerns are told by mail. `years` are those it had
        before, where they may be others."""
        from .year import YearlyAccount  # which builds on this

        moved = []
        if act in ClosureStep.MOVING_FIGURES:
            closed = self.closed_years | YearlyAccount.objects.closed().filter(year__in=years)
            moved = sorted(closed.values_list("year", flat=True))
        letters.tell_of(self.steps.create(act=act, by=by, text=text, changes=changes or [], closed_years=moved))

    def _changes_since(self, before: "Closure") -> list[list[str]]:
        """What this instance says differently, as [label, before, after], with what it counts."""
        labelled = [(with_capital(str(self._meta.get_field(name).verbose_name)), name) for name in self.REPORTED]
        told = [[label, before.told(name), self.told(name)] for label, name in labelled]
        told.append(["Tæller", in_words(before.half_days), in_words(self.half_days)])
        return [each for each in told if each[1] != each[2]]

    def told(self, name: str) -> str:
        """One of the reported fields, as the page says it."""
        value = getattr(self, name)
        if name == "measures":
            return ", ".join(self.Measure(each).label for each in value)
        return as_text(value, dict(self._meta.get_field(name).flatchoices))

    # --- What is done with it: each act takes the institution's turn, asks the state, and is a step -----------------

    @transaction.atomic
    def change(self, *, by: User, today: date) -> None:
        """Store what the form has put into this instance, with the half-days it then takes."""
        self._store_reported(ClosureStep.Act.CHANGED, "change", by=by, today=today)

    @transaction.atomic
    def correct(self, reason: str, *, by: User, today: date) -> None:
        """After review: what the form has put into this instance is a new version, with its reason."""
        self.correction_asked = False
        self._store_reported(ClosureStep.Act.CORRECTED, "correct", by=by, today=today, text=reason)

    def _store_reported(self, step: str, act: str, *, by: User, today: date, text: str = "") -> None:
        Institution.objects.lock(self.institution_id)
        before = Closure.objects.get(pk=self.pk)
        before.refuse(act)
        before.hold_years(today)
        self.hold_years(today)
        before._check_years(before._years(today), by=by)
        if before.reported_kind and self.kind != before.kind:
            raise ValidationError(
                {"kind": f"Center for Sikker By har ændret arten til {before.get_kind_display()}. Lad den stå."}
            )
        if before.status == self.Status.REVIEWED and self.last_day is None:
            raise ValidationError(
                {"last_day": "Lukningen er gennemgået og kan ikke gælde indtil videre. Skriv den sidste dag."}
            )
        self._take_instead(self.half_days_to_take(today, by=by))
        self.save(update_fields=[*self.REPORTED, "half_days", "correction_asked"])
        changes = self._changes_since(before)
        self.record(step, by=by, text=text, changes=changes, years=before._years(before.first_day))

    @transaction.atomic
    def end(self, *, last_day: date, last_part: str, by: User, today: date) -> None:
        """The unit has opened again: a closure until further notice gets its last day."""
        self._take_turn("end")
        before = Closure.objects.get(pk=self.pk)
        self.last_day, self.last_part = last_day, last_part
        self._take_instead(self.half_days_to_take(today, by=by))
        self.save(update_fields=["last_day", "last_part", "half_days"])
        self.record(ClosureStep.Act.ENDED, by=by, changes=self._changes_since(before))

    @transaction.atomic
    def open_again(self, *, by: User, today: date) -> None:
        """The unit opened today: it was closed up to and including yesterday, or, closed since today, for the part of
        today that it began in."""
        if self.first_day > today:
            raise Conflict("Lukningen er ikke begyndt endnu. Træk den tilbage, hvis I ikke lukker.")
        if self.first_day < today:
            self.end(last_day=today - timedelta(days=1), last_part=self.LastPart.WHOLE, by=by, today=today)
        elif self.first_part == self.FirstPart.LAST:
            self.end(last_day=today, last_part=self.LastPart.WHOLE, by=by, today=today)
        else:
            self.end(last_day=today, last_part=self.LastPart.FIRST, by=by, today=today)

    @transaction.atomic
    def continue_as(self, kind: str, *, from_day: date, by: User, today: date) -> "Closure":
        """It changes its nature: this one ends the day before, and the next begins, of the same incident."""
        if from_day <= self.first_day:
            raise ValidationError({"from_day": "Dagen skal ligge efter lukningens første dag. Ret datoen."})
        self.end(last_day=from_day - timedelta(days=1), last_part=self.LastPart.WHOLE, by=by, today=today)
        return Closure.objects.register(
            institution=self.institution,
            by=by,
            today=today,
            kind=kind,
            scope=self.scope,
            first_day=from_day,
            last_day=None,
            incident=self.gather(),
        )

    def gather(self) -> Incident:
        """The incident behind it, made where it had none."""
        if self.incident is None:
            self.incident = Incident.objects.begin(self)
            self.save(update_fields=["incident"])
        return self.incident

    @transaction.atomic
    def gather_with(self, other: "Closure", *, by: User) -> None:
        """The same unrest is found to be behind both: under the other's incident, or this one's, or a new one."""
        Institution.objects.filter(pk__in=[self.institution_id, other.institution_id]).lock_all()
        self.refresh_from_db()
        other.refresh_from_db()
        if other.incident is None and self.incident is None:
            self.join(Incident.objects.begin(min(self, other, key=lambda each: each.first_day)), by=by)
        if other.incident is None:
            other.join(self.incident, by=by)
        else:
            self.join(other.incident, by=by)

    @transaction.atomic
    def join(self, incident: Incident, *, by: User) -> None:
        """This incident is found to be behind it."""
        self._take_turn("join")
        if not Incident.objects.select_for_update(no_key=True).filter(pk=incident.pk).first():
            raise Conflict("Hændelsen findes ikke længere.")  # someone deleted it, empty, meanwhile
        if self.incident == incident:
            raise Conflict("Lukningen hører allerede til hændelsen.")
        self._be_part_of(incident, by=by)

    @transaction.atomic
    def leave_incident(self, *, by: User) -> None:
        """Another unrest was behind it than behind the others."""
        self._take_turn("leave_incident")
        self._be_part_of(None, by=by)

    def _be_part_of(self, incident: Incident | None, *, by: User) -> None:
        changes = [["Hændelse", as_text(self.incident), as_text(incident)]]
        self.incident = incident
        self.save(update_fields=["incident"])
        self.record(ClosureStep.Act.GATHERED, by=by, changes=changes)

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """It should not have been registered: its half-days are free again."""
        self._take_turn("withdraw")
        self._check_years(self._years(self.first_day), by=by)
        self.closed_half_days.all().delete()
        self._become(self.Status.WITHDRAWN)
        self.record(ClosureStep.Act.WITHDRAWN, by=by)

    @transaction.atomic
    def review(self, *, by: User) -> None:
        self._take_turn("review")
        self.reviewed_by, self.reviewed_at = by, timezone.now()
        self._become(self.Status.REVIEWED)
        self.record(ClosureStep.Act.REVIEWED, by=by)

    @transaction.atomic
    def ask(self, question: str, *, by: User) -> None:
        """The office has a question; the closure waits for those who reported it."""
        self._take_turn("ask")
        self._become(self.Status.RETURNED)
        self.record(ClosureStep.Act.QUESTION, by=by, text=question)

    @transaction.atomic
    def answer(self, answer: str, *, by: User) -> None:
        """The question is answered; the closure waits for the office again."""
        self._take_turn("answer")
        self._become(self.Status.AWAITING)
        self.record(ClosureStep.Act.ANSWER, by=by, text=answer)

    @transaction.atomic
    def exclude(self, reason: str, *, by: User, text: str = "", duplicate_of: "Closure | None" = None) -> None:
        """Review takes it out of the count. Its half-days are free, and reported as taken out."""
        self._take_turn("exclude")
        TakenOutHalfDay.objects.bulk_create(
            TakenOutHalfDay(closure=self, day=each.day, half=each.half) for each in self.closed_half_days.all()
        )
        self.closed_half_days.all().delete()
        self.exclusion, self.duplicate_of = reason, duplicate_of
        self._become(self.Status.EXCLUDED)
        self.record(ClosureStep.Act.EXCLUDED, by=by, text=text)

    @transaction.atomic
    def reclassify(self, kind: str, *, by: User, text: str = "") -> None:
        """Review finds it to be of the other kind. What it was reported as is kept, and its leader is asked."""
        self._take_turn("reclassify")
        if kind == self.kind:
            raise Conflict(f"Lukningen er allerede registreret som {self.get_kind_display()}.")
        reported, before = self.reported_kind or self.kind, self.get_kind_display()
        self.kind, self.reported_kind = kind, "" if kind == reported else reported
        self.agreement = self.Agreement.ASKED if self.reported_kind else ""
        self._check_years(self._years(self.first_day), by=by)
        self.save(update_fields=["kind", "reported_kind", "agreement"])
        changes = [["Art", before, self.get_kind_display()]]
        self.record(ClosureStep.Act.RECLASSIFIED, by=by, text=text, changes=changes)

    @transaction.atomic
    def agree(self, *, by: User) -> None:
        """Those who reported it accept the kind that review gave it."""
        self._take_turn("agree")
        self._answer_reclassification(self.Agreement.AGREED, ClosureStep.Act.AGREED, by=by)

    @transaction.atomic
    def disagree(self, text: str, *, by: User) -> None:
        """Those who reported it do not accept the kind. The office's stands; that they disagree is recorded."""
        self._take_turn("disagree")
        self._answer_reclassification(self.Agreement.DISAGREED, ClosureStep.Act.DISAGREED, by=by, text=text)

    def _answer_reclassification(self, agreement: str, act: str, *, by: User, text: str = "") -> None:
        self.agreement = agreement
        self.save(update_fields=["agreement"])
        self.record(act, by=by, text=text)

    @transaction.atomic
    def ask_correction(self, text: str, *, by: User) -> None:
        """After review, those who reported it can no longer change it, but ask the office to."""
        self._take_turn("ask_correction")
        self.correction_asked = True
        self.save(update_fields=["correction_asked"])
        self.record(ClosureStep.Act.CORRECTION_ASKED, by=by, text=text)

    @transaction.atomic
    def decline_correction(self, text: str, *, by: User) -> None:
        """The office lets it stand, and says why."""
        self._take_turn("decline_correction")
        self.correction_asked = False
        self.save(update_fields=["correction_asked"])
        self.record(ClosureStep.Act.NOT_CORRECTED, by=by, text=text)

    @transaction.atomic
    def recount(self, *, by: User, today: date, text: str = "") -> None:
        """Its unit should have been open at other times than was thought: count it again. What another closure holds
        stays there; it can come to count nothing."""
        self._take_turn("recount")
        before = Closure.objects.get(pk=self.pk)
        until = self.last_day or today
        counted = half_days_of(self.institution.calendar(self.first_day, until), self.period, until=until)
        others = ClosedHalfDay.objects.filter(institution=self.institution_id, day__range=(self.first_day, until))
        held = {HalfDay(each.day, each.half) for each in others.exclude(closure=self)}
        self._take_instead([each for each in counted if each not in held])
        self.save(update_fields=["half_days"])
        self.record(ClosureStep.Act.RECOUNTED, by=by, text=text, changes=self._changes_since(before))

    def _take_turn(self, act: str) -> None:
        """Lock the institution, then read what the closure has become meanwhile. Its years stay open until then."""
        Institution.objects.lock(self.institution_id)
        self.refresh_from_db()
        self.refuse(act)
        self.hold_years(self.first_day)  # one that is still open keeps all its years from closing, by itself

    def refuse(self, act: str) -> None:
        """Conflict when its state forbids the act."""
        if reason := self.why_not(act):
            raise Conflict(reason)

    def why_not(self, act: str) -> str:
        """Why its state forbids the act: "Lukningen er gennemgået. Den kan ikke rettes." Empty when it does not."""
        verb, states = ACTS[act]
        if self.status not in states:
            return f"Lukningen {STATE[self.status]}. Den kan ikke {verb}."
        match act:
            case "end" | "open_again" | "continue_as" if self.last_day is not None:
                return "Lukningen er allerede afsluttet. Ret den, hvis datoen er forkert."
            case "review" if self.last_day is None:
                return "Lukningen gælder indtil videre. Den kan gennemgås, når den er afsluttet."
            case "agree" | "disagree" if self.agreement != self.Agreement.ASKED:
                return "Der er allerede svaret på ændringen af arten."
            case "ask_correction" if self.correction_asked:
                return "Der er allerede bedt om en rettelse. Center for Sikker By svarer på lukningens side."
            case "decline_correction" if not self.correction_asked:
                return "Der er ikke bedt om en rettelse, eller der er allerede svaret."
            case "leave_incident" if self.incident_id is None:
                return "Lukningen hører ikke til en hændelse."
        return ""

    def _become(self, status: str) -> None:
        if status != self.Status.REVIEWED:
            self.reviewed_by = self.reviewed_at = None
            self.correction_asked = False
        if status not in self.HOLDING:
            self.agreement = ""
        self.status = status
        self.save(
            update_fields=[
                *("status", "reviewed_by", "reviewed_at", "exclusion", "duplicate_of"),
                *("agreement", "correction_asked"),
            ]
        )


STATE = {
    Closure.Status.AWAITING: "afventer gennemgang",
    Closure.Status.RETURNED: "afventer svar fra lederen",
    Closure.Status.REVIEWED: "er gennemgået",
    Closure.Status.EXCLUDED: "er taget ud og tæller ikke med",
    Closure.Status.WITHDRAWN: "er trukket tilbage",
}


# What may be done in which states, and how a refusal says it: "Den kan ikke …".
ACTS = {
    "change": ("rettes", Closure.UNREVIEWED),
    "correct": ("rettes efter gennemgang", [Closure.Status.REVIEWED]),
    "end": ("afsluttes", Closure.UNREVIEWED),
    "open_again": ("afsluttes", Closure.UNREVIEWED),
    "continue_as": ("afsluttes", Closure.UNREVIEWED),
    "withdraw": ("trækkes tilbage", Closure.UNREVIEWED),
    "review": ("gennemgås", Closure.UNREVIEWED),
    "ask": ("sendes tilbage", Closure.UNREVIEWED),
    "answer": ("besvares", [Closure.Status.RETURNED]),
    "exclude": ("tages ud", Closure.HOLDING),
    "reclassify": ("få ændret sin art", Closure.HOLDING),
    "agree": ("besvares", Closure.HOLDING),
    "disagree": ("besvares", Closure.HOLDING),
    "ask_correction": ("rettes efter ønske", [Closure.Status.REVIEWED]),
    "decline_correction": ("besvares", [Closure.Status.REVIEWED]),
    "recount": ("tælles om", Closure.HOLDING),
    "join": ("samles under en hændelse", Closure.HOLDING),
    "leave_incident": ("tages ud af en hændelse", list(Closure.Status)),
}
