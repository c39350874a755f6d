"""The bodies that are given notes, and who sits on them."""

from datetime import date

from django.db import models
from django.urls import reverse

from sikkerby.models import Administration, DanishOrder, Dated, User, audited


class CommitteeQuerySet(models.QuerySet):
    def existing(self, day: date):
        return self.filter(models.Q(dissolved_on=None) | models.Q(dissolved_on__gt=day))


@audited()
class Committee(models.Model):
    """One of the seven standing committees, or, as a body of its own, the council (Borgerrepræsentationen)."""

    name = models.CharField("navn", max_length=100, unique=True)
    abbreviation = models.CharField("forkortelse", max_length=10, unique=True)
    administration = models.OneToOneField(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="committee",
        verbose_name="forvaltning",
        help_text="Lad feltet stå tomt for Borgerrepræsentationen.",
    )

    dissolved_on = models.DateField(
        "nedlagt", null=True, blank=True, help_text="Den første dag, hvor udvalget ikke længere findes."
    )

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = "udvalg"
        verbose_name_plural = "udvalg"
        ordering = [DanishOrder("name")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("reports:committee", args=[self.pk])

    def name_on(self, day: date) -> str:
        """The name that it had on the day; where no other is known, today's."""
        former = self.names.on(day).first()
        return former.name if former else self.name


@audited()
class CommitteeName(Dated):
    """A name that a committee has had between two dates."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="names", verbose_name="udvalg")
    name = models.CharField("navn", max_length=100)

    class Meta(Dated.Meta):
        verbose_name = "udvalgsnavn"
        verbose_name_plural = "udvalgsnavne"
        ordering = ["committee", "begins", "pk"]

    def __str__(self):
        return self.name


@audited()
class Seat(Dated):
    """That a person sits on a committee, stands in there, or is its secretary, between two dates."""

    class Kind(models.TextChoices):
        MEMBER = "member", "medlem"
        SUBSTITUTE = "substitute", "stedfortræder"
        SECRETARY = "secretary", "sekretær"

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats", verbose_name="udvalg")
    user = models.ForeignKey(User, models.PROTECT, related_name="seats", verbose_name="bruger")
    kind = models.CharField("som", max_length=10, choices=Kind.choices, default=Kind.MEMBER)

    class Meta(Dated.Meta):
        verbose_name = "plads i udvalg"
        verbose_name_plural = "pladser i udvalg"

    def __str__(self):
        return f"{self.user}, {self.get_kind_display()} i {self.committee}"
