"""The unrest or crisis behind closures."""

from datetime import date, timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from sikkerby.middleware import Conflict
from sikkerby.models import District, User, Versioned, audited
from sikkerby.permissions import Role
from sikkerby.templatetags.danish import long_date

from .institution import Institution

FEW_DAYS = timedelta(days=3)  # how far apart in time one unrest can close institutions
PEOPLE_HINT = "Skriv ikke navne eller kendetegn. Teksten kan blive udleveret ved aktindsigt."


class IncidentQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Those behind a closure that this person may see."""
        if user.sees_all:
            return self
        return self.filter(closures__institution__in=Institution.objects.visible_to(user)).distinct()

    def editable_by(self, user: User):
        return self if Role.OFFICE in user.roles else self.none()

    def near(self, closure, today: date):
        """Those that may be behind this closure too: behind others that are near it, or in its district in the same
        few days."""
        from .closure import Closure  # which builds on this

        behind = Q(closures__in=Closure.objects.near(closure, today))
        if closure.scope == Closure.Scope.AREA and closure.institution.district_id:
            days = closure.first_day - FEW_DAYS, (closure.last_day or today) + FEW_DAYS
            behind |= Q(district=closure.institution.district_id, happened_on__range=days)
        return self.filter(behind).exclude(pk=closure.incident_id).distinct()

    def proposed(self, closure) -> dict:
        """What an incident made for this closure would be called, until someone gives it a title of its own. Leaders of
        other institutions can come to read it, so it names the district and no institution, where there is one."""
        institution = closure.institution
        return {
            "title": f"{institution.district or institution}, {long_date(closure.first_day)}"[:150],
            "happened_on": closure.first_day,
            "district": institution.district,
        }

    def begin(self, closure) -> "Incident":
        """The unrest behind this closure, before anyone has said more about it."""
        return self.create(**self.proposed(closure))


@audited(exclude=["version"])
class Incident(Versioned):
    """The unrest or crisis behind one or several closures (hændelse)."""

    title = models.CharField("overskrift", max_length=150)
    happened_on = models.DateField("skete den")
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="incidents", verbose_name="bydel"
    )
    description = models.TextField("hvad der skete", max_length=20_000, blank=True, help_text=PEOPLE_HINT)

    objects = IncidentQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "hændelse"
        verbose_name_plural = "hændelser"
        ordering = ["-happened_on", "-pk"]
        indexes = [models.Index(F("happened_on").desc(), F("id").desc(), name="closures_incident_newest")]

    def __str__(self):
        return self.title

    @transaction.atomic
    def remove(self) -> None:
        """Delete it, when nothing is gathered under it."""
        Incident.objects.select_for_update().get(pk=self.pk)  # who gathers a closure under it now, waits
        if self.closures.exists() or self.reduced_services.exists():
            raise Conflict("Der er lukninger eller nedsat drift under hændelsen. Tag dem ud, før du sletter den.")
        self.delete()

    def get_absolute_url(self):
        return reverse("closures:incident", args=[self.pk])
