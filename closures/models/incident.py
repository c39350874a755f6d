"""The unrest or crisis behind closures."""

from django.db import models
from django.urls import reverse

from sikkerby.models import District, User, Versioned, audited
from sikkerby.permissions import Role
from sikkerby.templatetags.danish import long_date

from .institution import Institution

PEOPLE_HINT = "Skriv ikke navne eller kendetegn. Teksten kan blive udleveret ved aktindsigt."


class IncidentQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Those behind a closure that this person may see."""
        if user.sees_all:
            return self
        return self.filter(closures__institution__in=Institution.objects.visible_to(user)).distinct()

    def editable_by(self, user: User):
        return self if Role.OFFICE in user.roles else self.none()

    def begin(self, institution: Institution, day) -> "Incident":
        """What happened here on a day, before anyone has given it a title of its own. Leaders of others can come to
        read the title, so it names the district and no institution, where there is one."""
        place = institution.district or institution
        return self.create(
            title=f"{place}, {long_date(day)}"[:150], happened_on=day, district_id=institution.district_id
        )


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

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("closures:incident", args=[self.pk])
