"""Committees, the notes they are given, what they decided, and the documents as issued."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from catalogue.models import Catalogue
from initiatives.models import Initiative, Principle
from sikkerby.models import (
    Administration,
    DanishOrder,
    Dated,
    Precision,
    Searchable,
    StoredFile,
    User,
    Versioned,
    audited,
)
from sikkerby.permissions import Act, Role


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
        help_text="Tomt for Borgerrepræsentationen.",
    )

    class Meta:
        verbose_name = "udvalg"
        verbose_name_plural = "udvalg"
        ordering = [DanishOrder("name")]

    def __str__(self):
        return self.name


@audited()
class CommitteeName(Dated):
    """A name that a committee has had between two dates."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="names", verbose_name="udvalg")
    name = models.CharField("navn", max_length=100)

    class Meta(Dated.Meta):
        verbose_name = "udvalgsnavn"
        verbose_name_plural = "udvalgsnavne"

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


def validate_ean(value: str) -> None:
    """An EAN location number: 13 digits, the last of which is GS1's check digit."""
    digits = [int(digit) for digit in value] if value.isascii() and value.isdigit() else []
    weighted = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12]))
    if len(digits) != 13 or (10 - weighted % 10) % 10 != digits[12]:
        raise ValidationError(
            "EAN-nummeret er ikke gyldigt: Det skal have 13 cifre, og det sidste er et kontrolciffer. "
            "Kontrollér, om et ciffer er tastet forkert."
        )


class NoteQuerySet(Searchable):
    def visible_to(self, user: User):
        """All to the office. To members and secretaries those issued: the open ones, and the closed ones of the
        committees on which they sit today."""
        if user.sees_all:
            return self
        if not user.may(Act.READ_NOTES):
            return self.none()
        own = user.seats.on(timezone.localdate()).values("committee")
        issued = self.filter(status=Note.Status.ISSUED)
        return issued.filter(Q(confidentiality=Note.Confidentiality.OPEN) | Q(committee__in=own))

    def editable_by(self, user: User):
        """Drafts are the office's; one sent for approval is sent back before it is changed."""
        return self.filter(status=Note.Status.DRAFT) if user.may(Act.WRITE_NOTES) else self.none()

    def for_approval_by(self, user: User):
        """Those that wait for this person: an approver, and not the one who wrote it."""
        if not user.may(Act.APPROVE_NOTES):
            return self.none()
        return self.filter(status=Note.Status.FOR_APPROVAL).exclude(written_by=user)

    def issued(self):
        return self.filter(status=Note.Status.ISSUED)


@audited(exclude=["version", "search_text", "search_stems"])
class Note(Versioned):
    """What a committee is given, as it is written; when issued it is frozen, and IssuedDocument is what was sent."""

    class Template(models.TextChoices):
        STATUS = "status", "statusnotat"
        ORIENTATION = "orientation", "orienteringsnotat"
        RECOMMENDATION = "recommendation", "indstilling"

    class Status(models.TextChoices):
        DRAFT = "draft", "udkast"
        FOR_APPROVAL = "for_approval", "til godkendelse"
        APPROVED = "approved", "godkendt"
        ISSUED = "issued", "udsendt"

    class Confidentiality(models.TextChoices):
        OPEN = "open", "åben"
        CLOSED = "closed", "lukket (fortrolig)"

    class PhoneLabel(models.TextChoices):
        PHONE = "phone", "Telefon"
        MOBILE = "mobile", "Mobil"

    template = models.CharField("skabelon", max_length=20, choices=Template.choices, default=Template.STATUS)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="notes", verbose_name="til")
    title = models.CharField("titel", max_length=200)
    date = models.DateField("dato")
    confidentiality = models.CharField(
        "åben eller lukket", max_length=10, choices=Confidentiality.choices, default=Confidentiality.OPEN
    )
    closed_because = models.CharField(
        "begrundelse for at lukke", max_length=300, blank=True, help_text="Kun når notatet er lukket."
    )

    case_number = models.CharField(
        "sagsnummer",
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^\d{4}-\d{4,9}$", "Skriv sagsnummeret som 2013-0184482.")],
        help_text="Fra ESDH-systemet, for eksempel 2013-0184482.",
    )
    document_number = models.CharField(
        "dokumentnummer",
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^\d{4}-\d{4,9}(-\d{1,4})?$", "Skriv dokumentnummeret som 2013-0184482-2.")],
        help_text="Sagsnummeret med løbenummer (2013-0184482-2) eller et eget nummer (2010-161108).",
    )
    case_officer = models.CharField("sagsbehandler", max_length=150, blank=True)
    sender = models.ForeignKey(
        Administration, models.PROTECT, related_name="notes", verbose_name="afsender", help_text="Forvaltningen."
    )
    unit = models.CharField("enhed", max_length=150, default="Center for Sikker By")
    address = models.TextField("adresse", max_length=300, blank=True)
    phone_label = models.CharField(
        "telefon eller mobil", max_length=10, choices=PhoneLabel.choices, default=PhoneLabel.PHONE
    )
    phone = models.CharField("nummer", max_length=30, blank=True)
    email = models.EmailField("e-mail", blank=True)
    ean = models.CharField("EAN-nummer", max_length=13, blank=True, validators=[validate_ean])
    website = models.CharField("hjemmeside", max_length=100, blank=True)

    status = models.CharField("status", max_length=20, choices=Status.choices, default=Status.DRAFT)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="skrevet af")
    written_at = models.DateTimeField("oprettet", default=timezone.now)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="sendt af")
    submitted_at = models.DateTimeField("sendt til godkendelse", null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="godkendt af")
    approved_at = models.DateTimeField("godkendt", null=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="udsendt af")
    issued_at = models.DateTimeField("udsendt", null=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="erstatter"
    )
    replaces_because = models.CharField("hvad der er rettet", max_length=300, blank=True)

    search_text = models.GeneratedField(expression=F("title"), output_field=models.TextField(), db_persist=True)
    search_stems = models.GeneratedField(
        expression=SearchVector("title", config="danish"), output_field=SearchVectorField(), db_persist=True
    )

    objects = NoteQuerySet.as_manager()

    class Meta(Versioned.Meta):
        verbose_name = "notat"
        verbose_name_plural = "notater"
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(F("date").desc(), F("id").desc(), name="reports_note_newest"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="reports_note_text"),
            GinIndex("search_stems", name="reports_note_stems"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidentiality="open", closed_because="")
                | Q(confidentiality="closed") & ~Q(closed_because=""),
                name="reports_note_closed_for_a_reason",
                violation_error_message="Et lukket notat skal have en begrundelse, og et åbent må ikke have en.",
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~Q(document_number=""),
                name="reports_note_document_number",
                violation_error_message="Der er allerede et notat med det dokumentnummer.",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=True, submitted_at__isnull=True, status="draft")
                | Q(submitted_by__isnull=False, submitted_at__isnull=False) & ~Q(status="draft"),
                name="reports_note_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, status__in=["draft", "for_approval"])
                | Q(approved_by__isnull=False, approved_at__isnull=False, status__in=["approved", "issued"]),
                name="reports_note_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="reports_note_approved_by_another",
                violation_error_message="Et notat skal godkendes af en anden end den, der har skrevet det.",
            ),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True, issued_at__isnull=True) & ~Q(status="issued")
                | Q(issued_by__isnull=False, issued_at__isnull=False, status="issued"),
                name="reports_note_issued_by_someone",
            ),
        ]

    def __str__(self):
        return self.title


@audited(exclude=["version"])
class Section(Versioned):
    """A headed part of a note: text, or filled from data of a year as it stood on a day."""

    class Kind(models.TextChoices):
        TEXT = "text", "tekst"
        GOAL = "goal", "mål med udgangspunkt"
        CLOSURES = "closures", "lukkedage"
        PRINCIPLE = "principle", "udvalgte indsatser under et princip"
        INITIATIVES = "initiatives", "valgte indsatser"
        CATALOGUE = "catalogue", "kataloget i korte træk"
        RECOMMENDATIONS = "recommendations", "indstilling"
        PROCESS = "process", "videre proces"
        APPENDICES = "appendices", "bilag"

    note = models.ForeignKey(Note, models.CASCADE, related_name="sections", verbose_name="notat")
    order = models.PositiveSmallIntegerField("rækkefølge")
    kind = models.CharField("indhold", max_length=20, choices=Kind.choices, default=Kind.TEXT)
    heading = models.CharField("overskrift", max_length=150, blank=True)
    html = models.TextField("tekst", max_length=20_000, blank=True)
    year = models.PositiveSmallIntegerField("år", null=True, blank=True)
    as_of = models.DateField("opgjort pr.", null=True, blank=True)
    principle = models.ForeignKey(
        Principle, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="princip"
    )
    initiatives = models.ManyToManyField(Initiative, related_name="+", blank=True, verbose_name="indsatser")
    catalogue = models.ForeignKey(
        Catalogue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="katalog"
    )

    class Meta(Versioned.Meta):
        verbose_name = "afsnit"
        verbose_name_plural = "afsnit"
        ordering = ["note", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "order"], name="reports_section_order", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self):
        return self.heading or self.get_kind_display()


@audited()
class Recommendation(models.Model):
    """What the committee is asked to decide, point by point (at-punkt)."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="recommendations")
    number = models.PositiveSmallIntegerField("nummer")
    text = models.TextField("at …", max_length=20_000)

    class Meta:
        verbose_name = "at-punkt"
        verbose_name_plural = "at-punkter"
        ordering = ["note", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "number"],
                name="reports_recommendation_numbered_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]


@audited()
class Decision(models.Model):
    """What one committee decided on one point or a range of them, as its minutes have it."""

    class Outcome(models.TextChoices):
        DISCUSSED = "discussed", "drøftet"
        NOTED = "noted", "taget til efterretning"
        DISCUSSED_AND_NOTED = "discussed_noted", "drøftet og derefter taget til efterretning"
        APPROVED = "approved", "godkendt"
        ADOPTED = "adopted", "tiltrådt"
        RECOMMENDED = "recommended", "anbefalet"
        APPROVED_CHANGED = "approved_changed", "godkendt med ændringer"
        NOT_APPROVED = "not_approved", "ikke godkendt"
        POSTPONED = "postponed", "udsat"
        SENT_BACK = "sent_back", "sendt retur"
        LAPSED = "lapsed", "bortfaldet"

    note = models.ForeignKey(Note, models.PROTECT, related_name="decisions")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="decisions")
    meeting_date = models.DateField("mødedato")
    item_number = models.CharField("dagsordenspunkt", max_length=10, blank=True)
    first_point = models.PositiveSmallIntegerField("fra at-punkt")
    last_point = models.PositiveSmallIntegerField("til at-punkt")
    outcome = models.CharField("beslutning", max_length=20, choices=Outcome.choices)
    remark = models.TextField("protokolbemærkning", max_length=20_000, blank=True)
    minutes_url = models.URLField("link til beslutningsprotokollen", blank=True)

    class Meta:
        verbose_name = "beslutning"
        verbose_name_plural = "beslutninger"
        ordering = ["meeting_date", "first_point"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_point__gte=F("first_point")), name="reports_decision_range_of_points"
            )
        ]


@audited()
class Appendix(models.Model):
    """A numbered document attached to a note."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="appendices")
    number = models.PositiveSmallIntegerField("nummer")
    title = models.CharField("titel", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fil")

    class Meta:
        verbose_name = "bilag"
        verbose_name_plural = "bilag"
        ordering = ["note", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "number"],
                name="reports_appendix_numbered_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"Bilag {self.number}. {self.title}"


@audited()
class FollowUp(models.Model):
    """What was promised to a committee, by when (a date may be approximate, or none), and what kept it."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="follow_ups", verbose_name="udvalg")
    note = models.ForeignKey(
        Note, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name="lovet i"
    )
    promise = models.CharField("hvad der er lovet", max_length=300)
    due = models.DateField("inden", null=True, blank=True)
    due_precision = models.CharField("sagt som", max_length=10, choices=Precision.choices, default=Precision.DAY)
    responsible = models.CharField("ansvarlig", max_length=150, blank=True)
    kept_by = models.ForeignKey(
        Note, models.PROTECT, null=True, blank=True, related_name="keeps", verbose_name="indfriet med"
    )
    closed_on = models.DateField("afsluttet", null=True, blank=True)

    class Meta:
        verbose_name = "opfølgning"
        verbose_name_plural = "opfølgninger"
        ordering = [F("due").asc(nulls_last=True), "pk"]


class IssuedDocument(models.Model):
    """A note as it was issued: bytes, and its content as JSON and text, chained by SHA-256 to the document before.

    Never re-read from live rows, never changed: triggers of our own refuse it, the serving role could not do it
    anyway, and what the owner could do, the chain detects (manage.py check_documents). Names are text, for the
    things they name may change.
    """

    number = models.PositiveIntegerField("nummer", primary_key=True)
    note = models.OneToOneField(Note, models.PROTECT, related_name="document", verbose_name="notat")
    filename = models.CharField("filnavn", max_length=200)
    committee_name = models.CharField("til", max_length=100)
    title = models.CharField("titel", max_length=200)
    date = models.DateField("dato")
    issued_at = models.DateTimeField("udsendt")
    issued_by_name = models.CharField("udsendt af", max_length=150)
    approved_by_name = models.CharField("godkendt af", max_length=150)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="erstatter"
    )
    content = models.JSONField("indhold")
    text = models.TextField("tekst")
    html = models.BinaryField("HTML")
    pdf = models.BinaryField("PDF")
    pdf_size = models.PositiveIntegerField("størrelse i byte")
    previous_sha256 = models.CharField("SHA-256 af dokumentet før", max_length=64, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)

    class Meta:
        verbose_name = "udsendt dokument"
        verbose_name_plural = "udsendte dokumenter"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["previous_sha256"], name="reports_issueddocument_one_chain"),
            models.CheckConstraint(condition=Q(number__gte=1), name="reports_issueddocument_numbered_from_one"),
        ]

    def __str__(self):
        return self.title
