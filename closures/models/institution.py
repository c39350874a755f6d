"""Institutions, when they should be open, and who leads them."""

from datetime import date
from itertools import groupby

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from sikkerby.models import Administration, DanishOrder, Dated, District, Searchable, User, Versioned, audited
from sikkerby.permissions import Role
from sikkerby.templatetags.danish import WEEKDAYS

from ..calendar import Calendar, Hours, Planned


class InstitutionQuerySet(Searchable):
    def reported_by(self, user: User):
        """Those for which this person registers closures: all for the office, a contact's administration, a leader's
        own and the services under them."""
        if Role.OFFICE in user.roles:
            return self
        mine = Q(pk__in=[])
        if Role.CONTACT in user.roles:
            mine |= Q(administration__in=user.administrations_as(Role.CONTACT))
        if Role.LEADER in user.roles:
            led = user.leaderships.on(timezone.localdate()).values("institution")
            mine |= Q(pk__in=led) | Q(parent__in=led)
        return self.filter(mine)

    def visible_to(self, user: User):
        return self if user.sees_all else self.reported_by(user)

    def editable_by(self, user: User):
        return self if Role.OFFICE in user.roles else self.none()

    def open_on(self, day: date):
        """Those that exist on the day: opened, and not closed down before it."""
        return self.filter(Q(opened_on__isnull=True) | Q(opened_on__lte=day)).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gte=day)
        )

    def without_leader(self, day: date):
        """Those for which nobody with a working account answers on the day."""
        leaders = Leadership.objects.on(day).filter(institution=models.OuterRef("pk"), user__is_active=True)
        return self.open_on(day).filter(~models.Exists(leaders))

    def with_facts(self, day: date):
        """In Danish order by `danish`, with administration, district and parent, and who leads it on the day
        (`leads_now`)."""
        leading = Leadership.objects.on(day).filter(user__is_active=True).select_related("user").order_by("kind", "pk")
        return (
            self.annotate(danish=DanishOrder("name"))
            .select_related("administration", "district", "parent")
            .prefetch_related(models.Prefetch("leaderships", leading, to_attr="leads_now"))
        )

    def needing(self, user: User, today: date):
        """What waits for this person: the office must put in a leader."""
        return self.without_leader(today) if Role.OFFICE in user.roles else self.none()

    def lock(self, pk: int) -> "Institution":
        """Hold the institution's row for the rest of the transaction. Who would take or free its half-days comes here
        first, so they take turns; without it, the unique half-days of a race end in deadlocks."""
        return self.select_for_update(no_key=True, of=("self",)).get(pk=pk)

    def lock_for_closure(self, pk: int) -> None:
        """The same, for whoever will then lock that closure: institution first, or two acts wait for each other."""
        list(self.filter(closures=pk).select_for_update(no_key=True, of=("self",)))


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

    def leaders(self, day: date) -> models.QuerySet:
        """Those who answer for it on the day and can log in: leaders and deputies, also of the unit it is part of."""
        leads = Leadership.objects.on(day).filter(institution__in={self.pk, self.parent_id} - {None})
        return User.objects.filter(pk__in=leads.values("user"), is_active=True)

    def calendar(self, first_day: date, last_day: date) -> Calendar:
        """All that decides when it should be open between two days: two queries."""
        planned = PlannedClosing.objects.for_institution(self).between(first_day, last_day)
        return Calendar(
            hours=tuple(each.as_hours() for each in self.opening_hours.all()),
            planned=tuple(
                Planned(first_day=each.first_day, last_day=each.last_day, reason=each.reason) for each in planned
            ),
            opened_on=self.opened_on,
            closed_on=self.closed_on,
        )


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
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(3)]),
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

    def as_hours(self) -> Hours:
        return Hours(
            halves=tuple(self.halves),
            on_public_holidays=self.open_on_public_holidays,
            begins=self.begins,
            ends=self.ends,
        )


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

    class Meta(Versioned.Meta):
        verbose_name = "fælles kalender"
        verbose_name_plural = "fælles kalendere"
        ordering = [DanishOrder("name")]

    def __str__(self):
        return self.name


class PlannedClosingQuerySet(models.QuerySet):
    def for_institution(self, institution: Institution):
        """The unit's own, and those of the shared calendars that its kind inherits."""
        shared = Q(calendar__kinds=[]) | Q(calendar__kinds__contains=[institution.kind])
        return self.filter(Q(institution=institution) | shared)

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


@audited()
class Leadership(Dated):
    """That a person leads an institution, or stands in for its leader, between two dates."""

    class Kind(models.TextChoices):
        LEADER = "leader", "leder"
        DEPUTY = "deputy", "souschef eller stedfortræder"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="leaderships", verbose_name="institution")
    user = models.ForeignKey(User, models.PROTECT, related_name="leaderships", verbose_name="bruger")
    kind = models.CharField("som", max_length=10, choices=Kind.choices, default=Kind.LEADER)

    class Meta(Dated.Meta):
        verbose_name = "ledelse af institution"
        verbose_name_plural = "ledelse af institutioner"

    def __str__(self):
        return f"{self.user}, {self.get_kind_display()} for {self.institution}"
