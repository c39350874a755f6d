"""A sheet of closures that the office reads into the register."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from sikkerby.models import StoredFile, User, audited


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.sees_all else self.none()

    def editable_by(self, user: User):
        return self.visible_to(user)


@audited(exclude=["done", "verdicts"])
class Import(models.Model):
    """A sheet (regneark) on its way in: checked row by row, shown, and then saved whole or not at all."""

    class Status(models.TextChoices):
        CHECKING = "checking", "kontrolleres"
        REFUSED = "refused", "har fejl"
        READY = "ready", "klar til at blive gemt"
        SAVING = "saving", "gemmes"
        SAVED = "saved", "gemt"
        FAILED = "failed", "kunne ikke læses"

    UNDER_WAY = (Status.CHECKING, Status.SAVING)

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="fil")
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.CHECKING)
    reviewed = models.BooleanField(
        "lukningerne er gennemgået",
        default=False,
        help_text="Sæt flueben, når de er gennemgået før. Ellers venter de på gennemgang.",
    )
    rows = models.PositiveIntegerField("rækker", default=0)
    done = models.PositiveIntegerField("rækker behandlet", default=0)  # the progress bar
    # What is said of each row, and why the whole was refused: of importing.py, for the page.
    verdicts = models.JSONField(default=dict)
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="indlæst af")
    imported_at = models.DateTimeField("indlæst", default=timezone.now)
    saved_at = models.DateTimeField("gemt", null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "indlæsning"
        verbose_name_plural = "indlæsninger"
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="saved", saved_at__isnull=False) | ~Q(status="saved") & Q(saved_at__isnull=True),
                name="closures_import_saved_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.file}"

    def get_absolute_url(self):
        return reverse("closures:import", args=[self.pk])
