"""When a part that is no unit was closed."""

from django.db import models
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
    last_day = models.DateField("sidste dag", null=True, blank=True)
    account = models.TextField("hvad der skete", max_length=20_000, blank=True, help_text=PEOPLE_HINT)
    incident = models.ForeignKey(
        Incident, models.SET_NULL, null=True, blank=True, related_name="reduced_services", verbose_name="hændelse"
    )
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="registreret af")
    registered_at = models.DateTimeField("registreret", default=timezone.now)

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
            )
        ]

    def __str__(self):
        return f"{self.institution}: {self.part}"

    def get_absolute_url(self):
        return reverse("closures:reduced_service", args=[self.pk])
