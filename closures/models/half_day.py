"""The unit of count: half-days on which a unit was closed, and those that review took out."""

from django.db import models
from django.db.models import Q

from .institution import Institution


class ClosedHalfDay(models.Model):
    """One half-day on which one unit was closed and should have been open: the unit of count. Half-days / 2 are days.

    The database holds that it counts once. No history: it follows from the closure, which has one.
    """

    class Half(models.IntegerChoices):
        FIRST = 1, "første del"
        SECOND = 2, "sidste del"

    closure = models.ForeignKey("closures.Closure", models.CASCADE, related_name="closed_half_days")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="closed_half_days", db_index=False)
    day = models.DateField()
    half = models.PositiveSmallIntegerField(choices=Half.choices)

    class Meta:
        # With all that is counted by, so that the sum of a year is read from the index alone.
        indexes = [
            models.Index(fields=["day", "closure"], include=["institution", "half"], name="closures_closedhalfday_day")
        ]
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

    closure = models.ForeignKey("closures.Closure", models.CASCADE, related_name="taken_out_half_days")
    day = models.DateField()
    half = models.PositiveSmallIntegerField(choices=ClosedHalfDay.Half.choices)

    class Meta:
        indexes = [models.Index("day", "closure", name="closures_takenouthalfday_day")]
        constraints = [models.UniqueConstraint(fields=["closure", "day", "half"], name="closures_takenouthalfday_once")]
