"""When a part that is no unit was closed."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from sikkerby.models import User, Versioned, audited

from .closure import Closure, Kind
from .incident import PEOPLE_HINT, Incident
from .institution import Institution


class ReducedServiceQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.sees_all else self.filter(institution__in=Institution.objects.visible_to(user))

    def editable_by(self, user: User):
        return self.filter(institution__in=Institution.objects.reported_by(user))

    def with_institution(self):
        """With what every list and page says of its institution."""
        return self.select_related("institution__administration", "institution__district")

    def of(self, institution: Institution):
        return self.filter(institution=institution)

    def between(self, first_day: date, last_day: date):
        """Those with a day between the two; one without an end is still reduced."""
        return self.filter(first_day__lte=last_day).filter(Q(last_day__isnull=True) | Q(last_day__gte=first_day))

    @transaction.atomic
    def register(self, *, institution: Institution, by: User, today: date, **reported) -> "ReducedService":
        """Store that a part was closed. ValidationError, in Danish, when its days cannot be reported."""
        reduced = ReducedService(institution=institution, registered_by=by, **reported)
        reduced.check_days(today)
        reduced.save()
        return reduced


@audited(exclude=["version"])
class ReducedService(Versioned):
    """A part that is no unit was closed (nedsat drift). Shown apart, never counted."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="reduced_services", verbose_name="institution"
    )
    part = models.CharField("hvilken del", max_length=150, help_text="For eksempel værkstedet eller svømmehallen.")
    kind = models.CharField("art", max_length=20, choices=Kind.choices)
    scope = models.CharField("hvor var uroen", max_length=20, choices=Closure.Scope.choices, blank=True)
    first_day = models.DateField("første dag")
    first_part = models.CharField(
        "lukket", max_length=10, choices=Closure.FirstPart.choices, default=Closure.FirstPart.WHOLE
    )
    last_day = models.DateField("sidste dag", null=True, blank=True)
    last_part = models.CharField(
        "lukket", max_length=10, choices=Closure.LastPart.choices, default=Closure.LastPart.WHOLE
    )
    cause = models.CharField("årsag", max_length=20, choices=Closure.Cause.choices, blank=True)
    measures = ArrayField(
        models.CharField(max_length=20, choices=Closure.Measure.choices),
        default=list,
        blank=True,
        verbose_name="hvad I gjorde",
    )
    reference = models.CharField(
        "reference",
        max_length=100,
        blank=True,
        help_text=Closure._meta.get_field("reference").help_text,
    )
    account = models.TextField("hvad der skete", max_length=20_000, blank=True, help_text=PEOPLE_HINT)
    incident = models.ForeignKey(
        Incident, models.SET_NULL, null=True, blank=True, related_name="reduced_services", verbose_name="hændelse"
    )
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="registreret af")
    registered_at = models.DateTimeField("registreret", default=timezone.now)

    # What those who report it say of it: as of a closure, and which part it was.
    REPORTED = ("part", *Closure.REPORTED)

    objects = ReducedServiceQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "nedsat drift"
        verbose_name_plural = "nedsat drift"
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="closures_reducedservice_ends_after_begins",
                violation_error_message="Sidste dag ligger før første dag. Ret en af datoerne.",
            ),
            models.CheckConstraint(
                condition=~Q(first_day=F("last_day"), first_part="last", last_part="first"),
                name="closures_reducedservice_one_half_at_a_time",
                violation_error_message="Lukket før tid og åbnet senere kan ikke være samme dag. Vælg det ene.",
            ),
        ]

    def __str__(self):
        return f"{self.institution}: {self.part}"

    def get_absolute_url(self):
        return reverse("closures:reduced_service", args=[self.pk])

    @property
    def as_closure(self) -> Closure:
        """The closure it would have been of the whole unit: its days follow the same rules and are said in the same
        words. Never stored."""
        return Closure(institution=self.institution, **{name: getattr(self, name) for name in Closure.REPORTED})

    @property
    def dates(self) -> str:
        return self.as_closure.dates

    def check_days(self, today: date) -> None:
        """ValidationError when they lie too far off, or its unit should not have been open on any of them."""
        self.as_closure.check_dates(today)
        self.as_closure.half_days_planned(today)
        self.validate_constraints()

    @transaction.atomic
    def change(self, *, today: date) -> None:
        """Store what the form has put into this instance."""
        self.check_days(today)
        self.save(update_fields=self.REPORTED)
