"""The bodies that are given notes, and who sits on them."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from sikkerby.models import Administration, DanishOrder, Dated, DatedQuerySet, User, Versioned, audited
from sikkerby.permissions import Act
from sikkerby.templatetags.danish import plain_date


class CommitteeQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Which committees there are, and who sits on them, is known to all who are given notes."""
        return self if user.may(Act.READ_NOTES) else self.none()

    def editable_by(self, user: User):
        return self if user.may(Act.EDIT_COMMITTEES) else self.none()

    def existing(self, day: date):
        return self.filter(Q(dissolved_on=None) | Q(dissolved_on__gt=day))

    def dissolved(self, day: date):
        return self.filter(dissolved_on__lte=day)

    def choosable(self, day: date, *, chosen: int | None = None):
        """Those that can be given something on this day, and the one that was chosen before."""
        return self.filter(Q(dissolved_on=None) | Q(dissolved_on__gt=day) | Q(pk=chosen))

    def of(self, user: User, day: date):
        """Those on which this person sits, stands in or is the secretary on the day."""
        return self.filter(pk__in=user.seats.on(day).values("committee"))

    def with_next_meeting(self, today: date):
        """Each with the day of its next meeting, `next_meeting`."""
        from .meeting import Meeting  # which points here

        coming = Meeting.objects.filter(committee=models.OuterRef("pk")).to_come(today).values("day")[:1]
        return self.annotate(next_meeting=models.Subquery(coming))


@audited(exclude=["version"])
class Committee(Versioned):
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

    HISTORY_WITH = ("names", "seats")

    class Meta(Versioned.Meta):
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

    @property
    def genitive(self) -> str:
        """Økonomiudvalgets; a name that ends on the sound of an s gets an apostrophe."""
        return genitive(self.name)

    def exists_on(self, day: date) -> bool:
        return self.dissolved_on is None or day < self.dissolved_on

    @transaction.atomic
    def rename(self, name: str, *, begins: date) -> None:
        """From this day it is called otherwise; what it was called until then stays known."""
        last = self.names.filter(ends__isnull=False).order_by("ends").last()
        since = last.ends + timedelta(days=1) if last else None
        if since and begins <= since:
            raise ValidationError(
                {"begins": f"Udvalget skiftede sidst navn den {plain_date(since)}. Skriv en senere dato."}
            )
        self.names.create(name=self.name, begins=since, ends=begins - timedelta(days=1))
        self.name = name
        self.save(update_fields=["name"])


def genitive(name: str) -> str:
    return f"{name}\u2019" if name[-1:] in "sxz" else f"{name}s"


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


class SeatQuerySet(DatedQuerySet):
    def in_order(self):
        """Members, then who stands in, then secretaries, each by name."""
        ranks = [models.When(kind=kind, then=rank) for rank, kind in enumerate(Seat.Kind.values)]
        order = models.Case(*ranks, output_field=models.IntegerField())
        return self.select_related("user").order_by(order, "user__name", "begins", "pk")

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def overlapping(self, begins: date | None, ends: date | None):
        """Those that hold on a day of this period; none means since always, or until further notice."""
        began = Q() if ends is None else Q(begins__isnull=True) | Q(begins__lte=ends)
        lasts = Q() if begins is None else Q(ends__isnull=True) | Q(ends__gte=begins)
        return self.filter(began, lasts)

    def before(self, day: date):
        """Those that have ended."""
        return self.filter(ends__lt=day)

    def after(self, day: date):
        """Those that have not begun."""
        return self.filter(begins__gt=day)


@audited()
class Seat(Dated):
    """That a person sits on a committee, stands in there, or is its secretary, between two dates."""

    class Kind(models.TextChoices):
        MEMBER = "member", "medlem"
        SUBSTITUTE = "substitute", "stedfortræder"
        SECRETARY = "secretary", "sekretær"

        def of(self, committee: Committee) -> str:
            """medlem af Økonomiudvalget, stedfortræder i Økonomiudvalget, sekretær for Økonomiudvalget"""
            word = {self.MEMBER: "af", self.SUBSTITUTE: "i", self.SECRETARY: "for"}[self]
            return f"{self.label} {word} {committee}"

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats", verbose_name="udvalg")
    user = models.ForeignKey(User, models.PROTECT, related_name="seats", verbose_name="bruger")
    kind = models.CharField("som", max_length=10, choices=Kind.choices, default=Kind.MEMBER)

    objects = SeatQuerySet.as_manager()

    HISTORY_NAME = "user"

    class Meta(Dated.Meta):
        verbose_name = "plads i udvalg"
        verbose_name_plural = "pladser i udvalg"

    def __str__(self):
        return f"{self.user}, {self.Kind(self.kind).of(self.committee)}"
