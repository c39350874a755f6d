"""Institutions, when they should be open, and who leads them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from sikkerby.middleware import Conflict
from sikkerby.models import (
    Administration,
    DanishOrder,
    Dated,
    DatedQuerySet,
    District,
    Searchable,
    User,
    Versioned,
    audited,
)
from sikkerby.permissions import Role
from sikkerby.templatetags.danish import WEEKDAYS, plain_date

from .. import letters
from ..calendar import Calendar, ClosedHalf, HalfDay, Hours, Month, Planned, months_of


class InstitutionQuerySet(Searchable):
    def reported_by(self, user: User):
        """Those for which this person registers closures: all for the office, else those one answers for."""
        return self if Role.OFFICE in user.roles else self.answered_by(user)

    def answered_by(self, user: User):
        """Those for which this person answers: a contact's administration, a leader's own and the services under
        them."""
        mine = Q(pk__in=[])
        if Role.CONTACT in user.roles:
            mine |= Q(administration__in=user.administrations_as(Role.CONTACT))
        if Role.LEADER in user.roles:
            mine |= Q(pk__in=Institution.objects.led_by(user).values("pk"))
        return self.filter(mine)

    def led_by(self, user: User):
        """Those that this person leads or stands in for today, and the services under them."""
        led = user.leaderships.on(timezone.localdate()).values("institution")
        return self.filter(Q(pk__in=led) | Q(parent__in=led))

    def with_numbers_of(self, user: User):
        """Those whose numbers on the action card are this person's to edit: all for the office, a leader's own."""
        return self if Role.OFFICE in user.roles else self.led_by(user)

    def visible_to(self, user: User):
        return self if user.sees_all else self.reported_by(user)

    def editable_by(self, user: User):
        return self if Role.OFFICE in user.roles else self.none()

    def handed_over_by(self, user: User, day: date):
        """Those whose leader this person can change: all for the office, a leader's own. Not a deputy's, who stands
        in for the one who answers; nor the services under a leader's own, which have leaders themselves."""
        if Role.OFFICE in user.roles:
            return self
        return self.filter(pk__in=user.leaderships.leading().on(day).values("institution"))

    def inheriting(self, kinds: Iterable[str]):
        """Those that inherit a shared calendar for these kinds; for none, all."""
        return self.filter(kind__in=kinds) if kinds else self

    def open_on(self, day: date):
        """Those that exist on the day: opened, and not closed down before it."""
        return self.filter(Q(opened_on__isnull=True) | Q(opened_on__lte=day)).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gte=day)
        )

    def open_in(self, year: int):
        """Those that existed at some time of the year: who is asked about it."""
        return self.filter(Q(opened_on__isnull=True) | Q(opened_on__lte=date(year, 12, 31))).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gte=date(year, 1, 1))
        )

    def without_leader(self, day: date):
        """Those that no leader with a working account answers for on the day.

        A deputy alone is a leader missing: deputies stand in (domain.md: stedfortræder) and go on registering, but
        "ansvarlig leder" is nobody, and the issue asks for a leader to be put in.
        """
        return self.open_on(day).filter(~_led_on(day))

    def with_facts(self, day: date):
        """In Danish order by `danish`, with administration, district and parent; who leads it or stands in on the day
        (`leads_now`), and whether one of them is its leader (`has_leader`)."""
        leading = Leadership.objects.on(day).filter(user__is_active=True).select_related("user")
        leading = leading.order_by(models.Case(models.When(kind=Leadership.Kind.LEADER, then=0), default=1), "pk")
        return (
            self.annotate(danish=DanishOrder("name"), has_leader=_led_on(day))
            .select_related("administration", "district", "parent")
            .prefetch_related(models.Prefetch("leaderships", leading, to_attr="leads_now"))
        )

    def needing(self, user: User, today: date):
        """What waits for this person: the office must put in a leader."""
        return self.without_leader(today) if Role.OFFICE in user.roles else self.none()

    def calendars(self, first_day: date, last_day: date) -> dict[int, Calendar]:
        """Of each, by its key, all that decides when it should be open between two days: a query for each kind of
        institution among them, and three."""
        units, planned = list(self), PlannedClosing.objects.between(first_day, last_day)
        own, hours = defaultdict(list), defaultdict(list)
        for closing in planned.filter(institution__in=units):
            own[closing.institution_id].append(closing.as_planned())
        for row in OpeningHours.objects.filter(institution__in=units):
            hours[row.institution_id].append(row.as_hours())
        inherited = {
            kind: [each.as_planned() for each in planned.inherited_by(kind)] for kind in {each.kind for each in units}
        }
        return {
            each.pk: Calendar(
                hours=tuple(hours[each.pk]),
                planned=(*own[each.pk], *inherited[each.kind]),
                opened_on=each.opened_on,
                closed_on=each.closed_on,
            )
            for each in units
        }

    def around(self, units):
        """These units, the ones they belong to, those beside them and those under them."""
        eldest = Institution.objects.filter(Q(pk__in=units) | Q(services__in=units)).order_by().values("pk")
        return self.filter(Q(pk__in=eldest) | Q(parent__in=eldest))

    def lock(self, pk: int) -> "Institution":
        """Hold the institution's row for the rest of the transaction. Who would take or free its half-days comes here
        first, so they take turns; without it, the unique half-days of a race end in deadlocks."""
        return self.select_for_update(no_key=True, of=("self",)).get(pk=pk)

    def lock_all(self) -> list["Institution"]:
        """Hold all of these. Larger units first, then the services under each: the order of register_with_services."""
        rows = self.order_by(F("parent").asc(nulls_first=True), "pk")
        return list(rows.select_for_update(no_key=True, of=("self",)))

    def lock_for_closure(self, pk: int) -> None:
        """The same, for whoever will then lock that closure: institution first, or two acts wait for each other."""
        list(self.filter(closures=pk).select_for_update(no_key=True, of=("self",)))


def _led_on(day: date) -> models.Exists:
    leaders = Leadership.objects.leading().on(day)
    return models.Exists(leaders.filter(institution=models.OuterRef("pk"), user__is_active=True))


@audited(exclude=["version", "search_text", "search_stems"])
class Institution(Versioned):
    """A municipal institution or service that is counted as a unit; a service can have a parent."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "skole"
        DAY_CARE = "day_care", "daginstitution"
        CLUB = "club", "klub eller fritidscenter"
        LIBRARY = "library", "bibliotek"
        CULTURE = "culture", "kulturhus"
        SPORTS = "sports", "idrætsanlæg"
        DROP_IN = "drop_in", "værested"
        CARE = "care", "plejecenter eller aktivitetscenter"
        CITIZEN_SERVICE = "citizen_service", "borgerservice eller jobcenter"
        OTHER = "other", "andet"

    name = models.CharField("navn", max_length=150)
    kind = models.CharField("type", max_length=20, choices=Kind.choices)
    administration = models.ForeignKey(
        Administration, models.PROTECT, related_name="institutions", verbose_name="forvaltning"
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        verbose_name="bydel",
        help_text="Lad feltet stå tomt, hvis enheden er bydækkende.",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name="hører under",
        help_text="Den større enhed, som enheden er en del af.",
    )
    address = models.CharField("adresse", max_length=200, blank=True)
    phone = models.CharField("telefon", max_length=30, blank=True)
    police_phone = models.CharField("lokalpolitiets telefon", max_length=30, blank=True)
    ssp_phone = models.CharField("SSP's telefon", max_length=30, blank=True)
    opened_on = models.DateField("oprettet", null=True, blank=True)
    closed_on = models.DateField("nedlagt", null=True, blank=True, help_text="Den sidste dag, enheden fandtes.")

    search_text = models.GeneratedField(expression=F("name"), output_field=models.TextField(), db_persist=True)
    search_stems = models.GeneratedField(
        expression=SearchVector("name", config="danish"), output_field=SearchVectorField(), db_persist=True
    )

    HISTORY_WITH = ("leaderships", "opening_hours", "planned_closings")

    objects = InstitutionQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "institution"
        verbose_name_plural = "institutioner"
        ordering = [DanishOrder("name"), "pk"]
        indexes = [
            models.Index(DanishOrder("name"), "id", name="closures_institution_order"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="closures_institution_text"),
            GinIndex("search_stems", name="closures_institution_stems"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="closures_institution_name",
                violation_error_message="Der findes allerede en institution med det navn.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="closures_institution_closed_after_opened",
                violation_error_message="Institutionen kan ikke være nedlagt, før den blev oprettet.",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="closures_institution_not_its_own_parent",
                violation_error_message="En institution kan ikke høre under sig selv.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("closures:institution", args=[self.pk])

    def half_days_with(self, other: "Institution") -> int:
        """How many half-days both were closed. Where one belongs under the other they count once, else each."""
        from .half_day import ClosedHalfDay  # which builds on this

        same = ClosedHalfDay.objects.filter(institution=other, day=models.OuterRef("day"), half=models.OuterRef("half"))
        return ClosedHalfDay.objects.filter(models.Exists(same), institution=self).count()

    def leaders(self, day: date) -> models.QuerySet:
        """Those who answer for it on the day and can log in: leaders and deputies, also of the unit it is part of."""
        leads = Leadership.objects.on(day).filter(institution__in={self.pk, self.parent_id} - {None})
        return User.objects.filter(pk__in=leads.values("user"), is_active=True)

    def calendar(self, first_day: date, last_day: date) -> Calendar:
        """All that decides when it should be open between two days: two queries."""
        planned = PlannedClosing.objects.for_institution(self).between(first_day, last_day)
        return Calendar(
            hours=tuple(each.as_hours() for each in self.opening_hours.all()),
            planned=tuple(each.as_planned() for each in planned),
            opened_on=self.opened_on,
            closed_on=self.closed_on,
        )

    def months(self, year: int) -> list[Month]:
        """The year as a calendar, with the half-days that closures hold: three queries."""
        held = self.closed_half_days.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))
        closed = {
            HalfDay(row.day, row.half): ClosedHalf(
                kind=row.closure.kind,
                words=f"{row.closure.get_kind_display()}, {row.closure.get_status_display()}",
                waiting=row.closure.status != row.closure.Status.REVIEWED,
                url=row.closure.get_absolute_url(),
            )
            for row in held.select_related("closure")
        }
        return months_of(self.calendar(date(year, 1, 1), date(year, 12, 31)), year, closed)

    @transaction.atomic
    def hand_over(self, *, to: User, from_day: date, by: User, stays_as_deputy: bool = False) -> "Leadership":
        """From a day on someone else leads it (skift ansvarlig leder). Those who led it until then led it to the day
        before, and can stay as deputies; both are told by mail. ValidationError when someone's dates are in the way.
        """
        institution = Institution.objects.lock(self.pk)
        if institution.closed_on and from_day > institution.closed_on:
            gone = f"Institutionen er nedlagt den {plain_date(institution.closed_on)}. Vælg en tidligere dag."
            raise ValidationError({"from_day": gone})
        concerned = institution.leaderships.from_day_on(from_day).select_related("user")
        former = [each for each in concerned if each.kind == Leadership.Kind.LEADER]
        ending = [*former, *(each for each in concerned if each not in former and each.user_id == to.pk)]
        if to.pk in {each.user_id for each in former}:
            raise ValidationError({"to": f"{to} leder allerede institutionen. Vælg en anden."})
        for each in ending:
            if each.begins and each.begins >= from_day:
                raise ValidationError(
                    {
                        "from_day": f"{each.user} er sat ind som {each.get_kind_display()} fra den "
                        f"{plain_date(each.begins)}. Vælg en senere dag, eller skriv til Center for Sikker By."
                    }
                )
        for each in ending:
            each.ends = from_day - timedelta(days=1)
            each.save(update_fields=["ends"])
        if stays_as_deputy:
            for each in former:
                institution.leaderships.create(user=each.user, kind=Leadership.Kind.DEPUTY, begins=from_day)
        new = institution.leaderships.create(user=to, kind=Leadership.Kind.LEADER, begins=from_day)
        left = [each.user for each in former]
        letters.tell_of_hand_over(new, former=left, stays_as_deputy=stays_as_deputy, by=by)
        return new


class DateRange(Func):
    """The days from one field to another, both inclusive; none is unbounded."""

    function = "daterange"
    output_field = DateRangeField()


def _days(first: str, last: str) -> DateRange:
    return DateRange(first, last, RangeBoundary(inclusive_lower=True, inclusive_upper=True))


def _all_week() -> list[int]:
    return [OpeningHours.BOTH] * 5 + [OpeningHours.NEITHER] * 2


@audited()
class OpeningHours(Dated):
    """Which halves of which weekdays a unit is open, and whether on public holidays; a closure is judged by those of
    its day. A half is the first or second half of the unit's own opening time, whatever the clock says."""

    NEITHER, FIRST, SECOND, BOTH = 0, 1, 2, 3
    OPEN = {BOTH: "hele dagen", FIRST: "kun første del", SECOND: "kun sidste del", NEITHER: "lukket"}

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="opening_hours", verbose_name="institution"
    )
    halves = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(3)], choices=OPEN),
        size=7,
        default=_all_week,
        verbose_name="åbent mandag til søndag",
        help_text="0 er lukket, 1 første halvdel, 2 anden halvdel, 3 hele dagen.",
    )
    open_on_public_holidays = models.BooleanField("åbent på helligdage", default=False)
    opens_at = models.TimeField("åbner", null=True, blank=True)
    closes_at = models.TimeField(
        "lukker", null=True, blank=True, help_text="Timer efter midnat hører til den dag, institutionen åbnede."
    )

    class Meta(Dated.Meta):
        verbose_name = "åbningstid"
        verbose_name_plural = "åbningstider"
        ordering = ["institution", "begins"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=Q(halves__len=7), name="closures_openinghours_seven_weekdays"),
            ExclusionConstraint(
                name="closures_openinghours_one_at_a_time",
                expressions=[("institution", RangeOperators.EQUAL), (_days("begins", "ends"), RangeOperators.OVERLAPS)],
                violation_error_message="Der gælder allerede andre åbningstider i perioden.",
            ),
        ]

    def __str__(self):
        return f"{self.institution}: åbningstid"

    @property
    def week(self) -> list[tuple[str, str]]:
        """The week in as few lines as it takes: ("mandag til fredag", "hele dagen"), ("lørdag og søndag", "lukket")."""
        lines = []
        for halves, days in groupby(zip(self.halves, WEEKDAYS, strict=True), key=lambda each: each[0]):
            names = [name for _, name in days]
            between = " og " if len(names) == 2 else " til "
            lines.append((between.join(dict.fromkeys((names[0], names[-1]))), self.OPEN[halves]))
        return lines

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day it bears on."""
        return self.begins or date.min, self.ends or date.max

    def as_hours(self) -> Hours:
        return Hours(
            halves=tuple(self.halves),
            on_public_holidays=self.open_on_public_holidays,
            begins=self.begins,
            ends=self.ends,
        )


class SharedCalendarQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """All: whoever reads closures can see why a day does not count."""
        return self

    def editable_by(self, user: User):
        return self if Role.OFFICE in user.roles else self.none()

    def with_next(self, today: date):
        """With the planned closing of each that is on or comes next (`coming`, one or none)."""
        coming = PlannedClosing.objects.filter(last_day__gte=today).order_by("first_day", "pk")[:1]
        return self.prefetch_related(models.Prefetch("closings", coming, to_attr="coming"))


@audited(exclude=["version"])
class SharedCalendar(Versioned):
    """Planned closings that the office keeps for whole kinds of institutions: school holidays, 5 June, 24 December."""

    name = models.CharField("navn", max_length=100, unique=True)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=Institution.Kind.choices),
        default=list,
        blank=True,
        verbose_name="gælder for",
        help_text="Vælg ingen, hvis kalenderen gælder alle institutioner.",
    )

    HISTORY_WITH = ("closings",)

    objects = SharedCalendarQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "fælles kalender"
        verbose_name_plural = "fælles kalendere"
        ordering = [DanishOrder("name"), "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("closures:calendar", args=[self.pk])

    @property
    def kinds_in_words(self) -> str:
        return ", ".join(Institution.Kind(each).label for each in self.kinds) or "alle institutioner"

    @transaction.atomic
    def remove(self) -> None:
        """An empty one can go. One with closings says why days did not count, and stays."""
        if SharedCalendar.objects.select_for_update().get(pk=self.pk).closings.exists():
            raise Conflict("Kalenderen har planlagte lukkedage. Slet dem først, hvis de aldrig skulle have stået der.")
        self.delete()


class PlannedClosingQuerySet(models.QuerySet):
    def for_institution(self, institution: Institution):
        """The unit's own, and those of the shared calendars that its kind inherits."""
        return self.filter(institution=institution) | self.inherited_by(institution.kind)

    def inherited_by(self, kind: str):
        """Those of the shared calendars for this kind of institution, and for all."""
        return self.filter(Q(calendar__kinds=[]) | Q(calendar__kinds__contains=[kind]))

    def visible_to(self, user: User):
        """Those of a shared calendar: all. Those of a unit: as the unit."""
        return self.filter(Q(calendar__isnull=False) | Q(institution__in=Institution.objects.visible_to(user)))

    def between(self, first_day: date, last_day: date):
        return self.filter(first_day__lte=last_day, last_day__gte=first_day)


@audited()
class PlannedClosing(models.Model):
    """Ordinary closed days of one unit or of a shared calendar. They never count (planlagt lukkedag)."""

    institution = models.ForeignKey(
        Institution, models.CASCADE, null=True, blank=True, related_name="planned_closings", verbose_name="institution"
    )
    calendar = models.ForeignKey(
        SharedCalendar, models.CASCADE, null=True, blank=True, related_name="closings", verbose_name="fælles kalender"
    )
    first_day = models.DateField("første dag")
    last_day = models.DateField("sidste dag")
    reason = models.CharField("anledning", max_length=100)

    HISTORY_NAME = "reason"

    objects = PlannedClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "planlagt lukkedag"
        verbose_name_plural = "planlagte lukkedage"
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=False, calendar__isnull=True)
                | Q(institution__isnull=True, calendar__isnull=False),
                name="closures_plannedclosing_of_one",
                violation_error_message="Vælg enten en institution eller en fælles kalender.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="closures_plannedclosing_ends_after_begins",
                violation_error_message="Sidste dag ligger før første dag.",
            ),
        ]

    def __str__(self):
        return self.reason

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day it bears on."""
        return self.first_day, self.last_day

    def as_planned(self) -> Planned:
        return Planned(first_day=self.first_day, last_day=self.last_day, reason=self.reason)


class LeadershipQuerySet(DatedQuerySet):
    def leading(self):
        """The leaders, without those who stand in for them."""
        return self.filter(kind=Leadership.Kind.LEADER)

    def from_day_on(self, day: date):
        """Those that hold on this day, or begin later."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day)).order_by("pk")


@audited()
class Leadership(Dated):
    """That a person leads an institution, or stands in for its leader, between two dates."""

    class Kind(models.TextChoices):
        LEADER = "leader", "leder"
        DEPUTY = "deputy", "souschef eller stedfortræder"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="leaderships", verbose_name="institution")
    user = models.ForeignKey(User, models.PROTECT, related_name="leaderships", verbose_name="bruger")
    kind = models.CharField("som", max_length=10, choices=Kind.choices, default=Kind.LEADER)

    HISTORY_NAME = "user"

    objects = LeadershipQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = "ledelse af institution"
        verbose_name_plural = "ledelse af institutioner"
        constraints = [
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="closures_leadership_once_at_a_time",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (_days("begins", "ends"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Personen er allerede leder eller stedfortræder for institutionen i perioden. "
                "Ret datoerne.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_kind_display()} for {self.institution}"
