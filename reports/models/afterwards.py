"""What is recorded of a note after it was issued, when the note itself can no longer be changed."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from sikkerby.models import User

from .note import Note


class Journalisation(models.Model):
    """That someone has put the issued note in the municipality's journal (journaliseret). Only added to."""

    note = models.OneToOneField(Note, models.PROTECT, related_name="journalisation", verbose_name="notat")
    on = models.DateField("journaliseret den")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="journaliseret af")
    at = models.DateTimeField("noteret", default=timezone.now)

    class Meta:
        verbose_name = "journalisering"
        verbose_name_plural = "journaliseringer"

    def __str__(self):
        return f"Journaliseret den {self.on:%d-%m-%Y} af {self.by}"


class Barring(models.Model):
    """That an issued note is barred from view (spærret for visning), in the last resort: asked for by one person with
    a reason, and in force when another has confirmed it. The document and its hash stay where they are."""

    note = models.OneToOneField(Note, models.PROTECT, related_name="barring", verbose_name="notat")
    because = models.CharField("begrundelse", max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ønsket af")
    asked_at = models.DateTimeField("ønsket", default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="bekræftet af")
    confirmed_at = models.DateTimeField("bekræftet", null=True)

    class Meta:
        verbose_name = "spærring for visning"
        verbose_name_plural = "spærringer for visning"
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("asked_by")),
                name="reports_barring_by_two_persons",
                violation_error_message="Et notat skal spærres af to personer. Bed en anden om at bekræfte.",
            )
        ]

    def __str__(self):
        return f"Spærret for visning: {self.because}"
