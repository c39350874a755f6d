"""The story of a closure."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from sikkerby.models import User


class ClosureStepQuerySet(models.QuerySet):
    def after_account(self):
        """Those that moved the figures of a year that was closed already (efter årsopgørelsen)."""
        return self.exclude(closed_years=[])


class ClosureStep(models.Model):
    """What happened to a closure after it was registered, and what office and leader said to each other."""

    class Act(models.TextChoices):
        REGISTERED = "registered", "registreret"
        IMPORTED = "imported", "indlæst fra et regneark"
        CHANGED = "changed", "rettet"
        ENDED = "ended", "afsluttet"
        QUESTION = "question", "spørgsmål til lederen"
        ANSWER = "answer", "svar fra lederen"
        REVIEWED = "reviewed", "gennemgået"
        RECLASSIFIED = "reclassified", "art ændret ved gennemgang"
        AGREED = "agreed", "lederen er enig i arten"
        DISAGREED = "disagreed", "lederen er uenig i arten"
        CORRECTION_ASKED = "correction_asked", "lederen beder om en rettelse"
        CORRECTED = "corrected", "rettet efter gennemgang"
        NOT_CORRECTED = "not_corrected", "ikke rettet"
        RECOUNTED = "recounted", "talt om efter nye åbningstider"
        EXCLUDED = "excluded", "taget ud ved gennemgang"
        WITHDRAWN = "withdrawn", "trukket tilbage"
        GATHERED = "gathered", "hændelse ændret"

    MOVING_FIGURES = (
        *(Act.REGISTERED, Act.CHANGED, Act.ENDED, Act.REVIEWED, Act.RECLASSIFIED),
        *(Act.CORRECTED, Act.RECOUNTED, Act.EXCLUDED, Act.WITHDRAWN),
    )

    closure = models.ForeignKey("closures.Closure", models.CASCADE, related_name="steps")
    act = models.CharField(max_length=20, choices=Act.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(max_length=20_000, blank=True)
    # What the act changed, as [label, before, after] in Danish: a correction's old values stay readable.
    changes = models.JSONField(default=list, blank=True)
    # The closed years whose figures it moved: "opgjort i dag" only, not what was put to the committee. All that can
    # move a closed year is found by this, and years without such a step are not counted again.
    closed_years = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name="efter årsopgørelsen for"
    )

    objects = ClosureStepQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        # Few have any: a list asks it of each closure, and would else read every step there is.
        indexes = [models.Index("closure", condition=~models.Q(closed_years=[]), name="closures_closurestep_late")]
