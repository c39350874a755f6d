"""What is recorded of a note after it was issued, when the note itself can no longer be changed."""

from datetime import date

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from sikkerby.middleware import Conflict
from sikkerby.models import User

from .note import Note, NoteStep


class JournalisationManager(models.Manager):
    @transaction.atomic
    def record(self, note: Note, *, on: date, by: User) -> "Journalisation":
        """Once for each note, and entered in the register."""
        from .register import RegisterEntry  # which builds on this

        held = Note.objects.select_for_update().get(pk=note.pk)
        held.must_be_issued()
        if self.filter(note=held).exists():
            raise Conflict("Notatet er allerede noteret som journaliseret.")
        made = self.create(note=held, on=on, by=by)
        held.steps.create(act=NoteStep.Act.JOURNALISED, by=by, text=f"Journaliseret den {on:%d-%m-%Y}.")
        RegisterEntry.objects.enter(made)
        return made


class Journalisation(models.Model):
    """That someone has put the issued note in the municipality's journal (journaliseret). Only added to."""

    note = models.OneToOneField(Note, models.PROTECT, related_name="journalisation", verbose_name="notat")
    on = models.DateField("journaliseret den")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="journaliseret af")
    at = models.DateTimeField("noteret", default=timezone.now)

    objects = JournalisationManager()

    class Meta:
        verbose_name = "journalisering"
        verbose_name_plural = "journaliseringer"

    def __str__(self):
        return f"Journaliseret den {self.on:%d-%m-%Y} af {self.by}"


class BarringManager(models.Manager):
    def wished_for(self, note: Note) -> "Barring":
        """The wish, to be confirmed or taken back."""
        wish = self.filter(note=note).first()
        if wish is None:
            raise Conflict("Der er intet ønske om at spærre notatet. Måske er det trukket tilbage.")
        return wish

    @transaction.atomic
    def ask(self, note: Note, *, because: str, by: User) -> "Barring":
        """The first of two persons wants it barred, and says why."""
        held = Note.objects.select_for_update().get(pk=note.pk)
        held.must_be_issued()
        if self.filter(note=held).exists():
            raise Conflict("Nogen har allerede ønsket, at notatet spærres.")
        barring = self.create(note=held, because=because, asked_by=by)
        held.steps.create(act=NoteStep.Act.BARRING_ASKED, by=by, text=because)
        return barring


class Barring(models.Model):
    """That an issued note is barred from view (spærret for visning), in the last resort: asked for by one person with
    a reason, and in force when another has confirmed it. The document and its hash stay where they are."""

    note = models.OneToOneField(Note, models.PROTECT, related_name="barring", verbose_name="notat")
    because = models.CharField("begrundelse", max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ønsket af")
    asked_at = models.DateTimeField("ønsket", default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="bekræftet af")
    confirmed_at = models.DateTimeField("bekræftet", null=True)

    objects = BarringManager()

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

    @property
    def is_in_force(self) -> bool:
        return self.confirmed_at is not None

    @transaction.atomic
    def confirm(self, *, by: User) -> None:
        """The second of two persons says so too: it is in force, for good, and entered in the register."""
        from .register import RegisterEntry  # which builds on this

        self._lock()
        if self.asked_by == by:
            raise Conflict("Du har selv ønsket spærringen. Den skal bekræftes af en anden.")
        self.confirmed_by, self.confirmed_at = by, timezone.now()
        self.save(update_fields=["confirmed_by", "confirmed_at"])
        self.note.steps.create(act=NoteStep.Act.BARRED, by=by, text=self.because)
        RegisterEntry.objects.enter(self)

    @transaction.atomic
    def take_back(self, *, by: User) -> None:
        """It is not to be barred after all; that someone wanted it stays among the note's steps."""
        self._lock()
        self.note.steps.create(act=NoteStep.Act.BARRING_TAKEN_BACK, by=by)
        self.delete()

    def _lock(self) -> None:
        """The wish, held; a Conflict where it is in force already, or was taken back meanwhile."""
        try:
            self.refresh_from_db(from_queryset=Barring.objects.select_for_update())
        except Barring.DoesNotExist:
            raise Conflict("Ønsket om at spærre notatet er trukket tilbage.") from None
        if self.is_in_force:
            raise Conflict("Notatet er allerede spærret for visning.")
