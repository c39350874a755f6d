"""What every room points at: people and their roles, administrations, districts, files, the access log."""

import hashlib
import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import cached_property

import pghistory
import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS

from .permissions import Act, Role, allows


class DanishOrder(models.Func):
    """Sort by a name as a Danish index does: … Zoo, Ærø, Øster, Åby, Aarhus. Needs no ICU and no OS locale.

    The letters after z become the characters after z, aa counts as å, and the bytes are compared.
    """

    template = "(translate(replace(lower(%(expressions)s), 'aa', 'å'), 'ÆØÅæøå', '{|}{|}') COLLATE \"C\")"
    output_field = models.TextField()


class Joined(models.Func):
    """Columns as one text with spaces between. Django's Concat refuses to mix long and short text columns."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = models.TextField()


AS_IT_STANDS = re.compile(r'"|(?:^|\s)-')  # in what is typed in a search box


class Searchable(models.QuerySet):
    """Search that a Dane trusts: the database's Danish stems, and trigrams, since stemming knows no compounds.

    A model says which text is searched in `search_text` (one column, trigram-indexed) and stems it in `search_stems`.
    """

    def matching(self, query: str):
        return self.filter(self.hit(query))

    @staticmethod
    def hit(query: str) -> Q:
        """The stems; or of each word something like it. Two letters are in everything, and what is asked for as it
        stands, or not at all ("to ord", -ord), is for the stems alone."""
        hit = Q(search_stems=stems_of(query))
        words = [word for word in query.split() if len(word) >= 3]
        if words and not AS_IT_STANDS.search(query):
            hit |= Q(*(("search_text__trigram_word_similar", word) for word in words))
        return hit


def stems_of(query: str) -> SearchQuery:
    """What was typed, as the database looks for it: "to ord" both, or "»i anførselstegn«" as they stand."""
    return SearchQuery(query, config="danish", search_type="websearch")


class DatedQuerySet(models.QuerySet):
    def on(self, day: date):
        """Those that hold on this day: begun, and not ended before it. The last day counts."""
        return self.filter(Q(begins__isnull=True) | Q(begins__lte=day), Q(ends__isnull=True) | Q(ends__gte=day))


class Dated(models.Model):
    """A relation with dates, both inclusive; none means since always, or until further notice."""

    begins = models.DateField("fra", null=True, blank=True)
    ends = models.DateField("til og med", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(begins__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=models.F("begins")),
                name="%(app_label)s_%(class)s_ends_after_begins",
                violation_error_message="Slutdatoen ligger før startdatoen.",
            )
        ]


class Versioned(models.Model):
    """A row that people edit in forms. The database counts its versions, so that a stale save is seen."""

    version = models.PositiveIntegerField("version", default=1, editable=False)

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="count_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="NEW.version = OLD.version + 1; RETURN NEW;",
            )
        ]


def audited(*, exclude: Sequence[str] = ()):
    """Keep this model's history in the database: every insert, update and delete, by ORM, bulk or raw SQL.

    Named here and not as PGHISTORY_DEFAULT_TRACKERS, which pghistory 3.9 copies and thereby breaks at statement level.
    """
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(exclude)
    )


class Precision(models.TextChoices):
    """How exactly a date was said: "summer 2024" is kept as a day of it, and printed as it was said."""

    DAY = "day", "dag"
    MONTH = "month", "måned"
    QUARTER = "quarter", "kvartal"
    SEASON = "season", "årstid"
    HALF_YEAR = "half_year", "halvår"
    YEAR = "year", "år"

    def first_day(self, day: date) -> date:
        """The first day that a date said so can mean: "sommeren 2024" begins on 1 June, a winter in December."""
        if self == Precision.DAY:
            return day
        year, month = divmod(self._first_month(day), 12)
        return date(year, month + 1, 1)

    def last_day(self, day: date) -> date:
        """The last day that a date said so can mean: "sommeren 2024" ends on 31 August. A winter ends in February."""
        if self == Precision.DAY:
            return day
        year, month = divmod(self._first_month(day) + MONTHS_OF[self.value] - 1, 12)
        return date(year, month + 1, monthrange(year, month + 1)[1])

    def _first_month(self, day: date) -> int:
        """Where the month, quarter, … of this day begins, in months since year 0."""
        into = (day.month - 1 + (self == Precision.SEASON)) % MONTHS_OF[self.value]  # seasons begin in December
        return day.year * 12 + day.month - 1 - into


MONTHS_OF = {"month": 1, "quarter": 3, "season": 3, "half_year": 6, "year": 12}


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@audited(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person with an account. What they may do follows from duties, leaderships and seats, each with dates."""

    username = models.CharField("brugernavn", max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField("navn", max_length=150)
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField("telefon", max_length=30, blank=True)
    is_active = models.BooleanField(
        "aktiv",
        default=True,
        help_text="Fjern fluebenet for at lukke kontoen. Personen bliver logget ud ved næste klik.",
    )
    necessary_mail_only = models.BooleanField(
        "send mig kun de nødvendige mails",
        default=False,
        help_text="Du får stadig mail, når du mangler at svare, eller når noget, du har registreret, bliver ændret.",
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = "bruger"
        verbose_name_plural = "brugere"
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles this person holds today. Read once per request: each request loads its own user."""
        today = timezone.localdate()
        found = (
            self.duties.on(today)
            .values_list("kind")
            .union(
                self.leaderships.on(today).values_list(models.Value(Role.LEADER.value)),
                self.seats.on(today).values_list(
                    models.Case(
                        models.When(kind="secretary", then=models.Value(Role.SECRETARY.value)),
                        default=models.Value(Role.MEMBER.value),
                        output_field=models.CharField(),
                    )
                ),
            )
        )
        return frozenset(Role(kind) for (kind,) in found)

    def may(self, act: Act) -> bool:
        return allows(self, act)

    @property
    def sees_all(self) -> bool:
        """Whether every row is theirs to read: the office, and the approver, who reads as the office does."""
        return not self.roles.isdisjoint({Role.OFFICE, Role.APPROVER})

    def administrations_as(self, role: Role) -> models.QuerySet:
        """The administrations for which this person holds the role today."""
        return Administration.objects.filter(
            pk__in=self.duties.on(timezone.localdate()).filter(kind=role).values("administration")
        )

    # What Django's admin asks. There are no superusers: the policy table answers.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.may(Act.ADMINISTER)

    def has_perm(self, perm, obj=None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label) -> bool:
        return self.is_staff


@audited()
class Administration(models.Model):
    """One of the municipality's seven administrations, by its name of today."""

    name = models.CharField("navn", max_length=100, unique=True)
    abbreviation = models.CharField("forkortelse", max_length=10, unique=True)

    class Meta:
        verbose_name = "forvaltning"
        verbose_name_plural = "forvaltninger"
        ordering = [DanishOrder("name")]

    def __str__(self):
        return self.name


@audited()
class AdministrationName(Dated):
    """A name that an administration has had, or goes by in some papers (an alias)."""

    administration = models.ForeignKey(Administration, models.CASCADE, related_name="names", verbose_name="forvaltning")
    name = models.CharField("navn", max_length=100)
    abbreviation = models.CharField("forkortelse", max_length=10, blank=True)
    is_alias = models.BooleanField("alias", default=False)

    class Meta(Dated.Meta):
        verbose_name = "forvaltningsnavn"
        verbose_name_plural = "forvaltningsnavne"

    def __str__(self):
        return self.name


@audited()
class District(models.Model):
    """One of the city's ten districts (bydele)."""

    name = models.CharField("navn", max_length=100, unique=True)

    class Meta:
        verbose_name = "bydel"
        verbose_name_plural = "bydele"
        ordering = [DanishOrder("name")]

    def __str__(self):
        return self.name


@audited()
class Duty(Dated):
    """A role that a person holds directly. Who leads an institution or sits on a committee has a row in those rooms."""

    class Kind(models.TextChoices):
        OFFICE = Role.OFFICE.value, Role.OFFICE.label
        APPROVER = Role.APPROVER.value, Role.APPROVER.label
        CONTRIBUTOR = Role.CONTRIBUTOR.value, Role.CONTRIBUTOR.label
        CONTACT = Role.CONTACT.value, Role.CONTACT.label
        ADMINISTRATOR = Role.ADMINISTRATOR.value, Role.ADMINISTRATOR.label

    user = models.ForeignKey(User, models.CASCADE, related_name="duties", verbose_name="bruger")
    kind = models.CharField("rolle", max_length=20, choices=Kind.choices)
    administration = models.ForeignKey(
        Administration, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="forvaltning"
    )

    class Meta(Dated.Meta):
        verbose_name = "rolle"
        verbose_name_plural = "roller"
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["contributor", "closure_contact"], administration__isnull=False)
                | Q(kind__in=["office", "approver", "administrator"], administration__isnull=True),
                name="sikkerby_duty_administration_fits_kind",
                violation_error_message=(
                    "Forvaltningsmedarbejdere og kontaktpersoner skal have en forvaltning; de øvrige roller ingen."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_kind_display()}"


class StoredFileManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().defer("content")

    def store(self, *, name: str, content_type: str, content: bytes, by: User) -> "StoredFile":
        return self.create(
            name=name,
            content_type=content_type,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            stored_by=by,
        )


class StoredFile(models.Model):
    """An uploaded file, as bytes in the database, so that one backup holds everything. 20 MB at most."""

    LARGEST = 20_000_000  # bytes, as said to people; the constraint below counts in powers of two

    name = models.CharField("filnavn", max_length=200)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("størrelse i byte")
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField("indhold")
    stored_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="gemt af")
    stored_at = models.DateTimeField("gemt", default=timezone.now)

    objects = StoredFileManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=Q(size__lte=20 * 1024 * 1024),
                name="sikkerby_storedfile_at_most_20_mb",
                violation_error_message="Filen fylder mere end 20 MB.",
            )
        ]

    def __str__(self):
        return self.name


class Submission(models.Model):
    """A creating form that was sent, by the key it carried, and the address of what it made.

    A double click, F5 and back-and-resubmit carry the same key, and are answered with the same address.
    """

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)


class NoticeQuerySet(models.QuerySet):
    def about(self, key: str):
        return self.filter(key=key)

    def refused(self):
        """Those that the mail server would not take: given up, or to be tried again."""
        return self.filter(email__status__in=[STATUS.failed, STATUS.requeued])


class Notice(models.Model):
    """A mail to a person. Its key says about what, and there is one of each: whatever runs twice, in parallel or late,
    the person is told once. Written with the rows it tells about, and sent by a job (mail.py)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notices", verbose_name="til")
    key = models.CharField("om", max_length=100)
    at = models.DateTimeField("tidspunkt", default=timezone.now, db_index=True)
    email = models.ForeignKey("post_office.Email", models.SET_NULL, null=True, related_name="+", verbose_name="mail")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "mail"
        verbose_name_plural = "mails"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="sikkerby_notice_once")]

    def __str__(self):
        return f"{self.at:%d-%m-%Y %H:%M} {self.user}"


class AccessLogQuerySet(models.QuerySet):
    def read_by(self, reading: "AccessLogReading"):
        """What a reading may show: what it asked for, as it was when it was asked."""
        found = self.filter(at__lte=reading.at).select_related("user")
        if reading.person_id:
            found = found.filter(user=reading.person_id)
        if reading.document:
            found = found.filter(what__icontains=reading.document)
        if reading.first_day:
            found = found.filter(at__date__gte=reading.first_day)
        if reading.last_day:
            found = found.filter(at__date__lte=reading.last_day)
        return found


class AccessLog(models.Model):
    """Who fetched which document when. Written by access.record before the bytes leave; read by the administrator
    who states a reason."""

    at = models.DateTimeField("tidspunkt", default=timezone.now, db_index=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="bruger")
    what = models.CharField("hvad", max_length=200)
    ip_address = models.GenericIPAddressField("IP-adresse", null=True)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        verbose_name = "hentning"
        verbose_name_plural = "adgangslog"
        ordering = ["-at"]

    def __str__(self):
        return f"{self.at:%d-%m-%Y %H:%M} {self.user}: {self.what}"


class AccessLogReading(models.Model):
    """That someone read the access log: who, when, why, and what was looked for. Only added to."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="læst af")
    at = models.DateTimeField("tidspunkt", default=timezone.now)
    because = models.CharField("begrundelse", max_length=300)
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="person, som har hentet"
    )
    document = models.CharField("dokument", max_length=200, blank=True)
    first_day = models.DateField("fra", null=True, blank=True)
    last_day = models.DateField("til og med", null=True, blank=True)

    class Meta:
        verbose_name = "læsning af adgangsloggen"
        verbose_name_plural = "læsninger af adgangsloggen"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.at:%d-%m-%Y %H:%M} {self.by}: {self.because}"

    def get_absolute_url(self):
        return reverse("access_log_reading", args=[self.pk])

    @property
    def asked_for(self) -> str:
        """What was looked for, in words."""
        said = [
            f"hentet af {self.person}" if self.person else "",
            f"»{self.document}«" if self.document else "",
            f"fra {self.first_day:%d-%m-%Y}" if self.first_day else "",
            f"til og med {self.last_day:%d-%m-%Y}" if self.last_day else "",
        ]
        return ", ".join(filter(None, said)) or "hele loggen"
