"""A note as it is written: its block, what it is made of, and its way to being issued."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from closures.figures import BASELINE_YEAR
from sikkerby.middleware import Conflict
from sikkerby.models import Administration, Precision, Searchable, StoredFile, User, Versioned, audited, stems_of
from sikkerby.permissions import Act
from sikkerby.snapshot import one_snapshot

from .committee import Committee
from .section import Appendix, Section


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
        committees on which they sit today, or that have it on an agenda; none that is barred from view."""
        if user.sees_all:
            return self
        if not user.may(Act.READ_NOTES):
            return self.none()
        own = user.seats.on(timezone.localdate()).values("committee")
        on_their_agenda = Note.objects.filter(items__committee__in=own)
        theirs = Q(committee__in=own) | Q(pk__in=on_their_agenda.values("pk"))
        return self.issued().not_barred().filter(Q(confidentiality=Note.Confidentiality.OPEN) | theirs)

    def editable_by(self, user: User):
        """The office's, all of them; whether a note can be changed now is its status's to say."""
        return self if user.may(Act.WRITE_NOTES) else self.none()

    def matching(self, query: str):
        """By title; of those issued by the text of the paper too, unless it is barred from view."""
        from .document import IssuedDocument  # which points here

        barred = Note.objects.filter(barring__confirmed_at__isnull=False)
        in_the_paper = IssuedDocument.objects.filter(stems=stems_of(query)).exclude(note__in=barred)
        # A union, for by OR the database would compare every title and paper, with no index.
        of_these = Note.objects.filter(self.hit(query)).values("pk").union(in_the_paper.values("note"), all=True)
        return self.filter(pk__in=of_these)

    def on(self, meeting):
        """Those that stand on a meeting."""
        return self.filter(items__meeting=meeting)

    def issued_after(self, moment: datetime):
        return self.issued().filter(issued_at__gt=moment).order_by("-issued_at", "-pk")

    def with_document(self):
        """With committee, issued document, and whether it is barred or replaced, but without the document's bytes."""
        heavy = (f"document__{name}" for name in ("content", "text", "html", "pdf"))
        replaced = Note.objects.issued().filter(replaces=models.OuterRef("pk"))
        return (
            self.select_related("committee", "document", "barring")
            .annotate(is_replaced=models.Exists(replaced))
            .defer(*heavy)
        )

    def not_barred(self):
        """Those that two persons have not barred from view."""
        return self.exclude(barring__confirmed_at__isnull=False)

    def to(self, committee: Committee):
        """Those addressed to it, and those that it treats beside others."""
        on_its_agenda = Note.objects.filter(items__committee=committee).values("pk")
        return self.filter(Q(committee=committee) | Q(pk__in=on_its_agenda))

    def for_agenda_of(self, meeting):
        """Those that can be put on this meeting: approved or issued, not replaced, and on no other of its committee."""
        items = meeting.committee.items
        elsewhere = items.exclude(meeting=meeting).exclude(meeting=None).values("note")
        ready = self.filter(status__in=[Note.Status.APPROVED, Note.Status.ISSUED]).not_barred()
        return ready.exclude(pk__in=elsewhere).exclude(replaced_by__status=Note.Status.ISSUED)

    def issued(self):
        return self.filter(status=Note.Status.ISSUED)

    def coded(self, typed: str):
        """The one with this code on its paper, typed as people do: in any case, with its hyphen or without."""
        signs = "".join(sign for sign in typed.upper() if sign.isalnum())
        return self.filter(document__code=f"{signs[:4]}-{signs[4:]}")

    def for_approval_by(self, user: User):
        """Those that wait for this person: an approver, and not the one who wrote it."""
        if not user.may(Act.APPROVE_NOTES):
            return self.none()
        return self.filter(status=Note.Status.FOR_APPROVAL).exclude(written_by=user)

    def sent_back_to(self, user: User):
        """Drafts of this person that the approver sent back, and that have not moved since."""
        last = NoteStep.objects.filter(note=models.OuterRef("pk")).order_by("-pk").values("act")[:1]
        return self.alias(last_act=models.Subquery(last)).filter(
            status=Note.Status.DRAFT, written_by=user, last_act=NoteStep.Act.SENT_BACK
        )

    def to_be_issued_by(self, user: User):
        return self.filter(status=Note.Status.APPROVED) if user.may(Act.ISSUE_NOTES) else self.none()

    def needing(self, user: User):
        """What waits for this person: to approve, to mend what was sent back, to issue what is approved."""
        waiting = (self.for_approval_by(user), self.sent_back_to(user), self.to_be_issued_by(user))
        return self.filter(Q(*(("pk__in", each.values("pk")) for each in waiting), _connector=Q.OR))


class NoteManager(models.Manager.from_queryset(NoteQuerySet)):
    def latest_block(self) -> dict:
        """Who sends and where to answer, as the note that was written last has it."""
        return self.order_by("-pk").values(*SENT_FROM).first() or {}

    def last_issued_to(self, committee: Committee, *, closed: bool) -> "Note | None":
        """The newest that a new note may begin as a copy of: a closed one only for a note that is closed itself."""
        issued = self.issued().not_barred().filter(committee=committee, replaced_by=None)
        if not closed:
            issued = issued.filter(confidentiality=Note.Confidentiality.OPEN)
        return issued.order_by("-date", "-pk").first()

    @transaction.atomic
    def begin(self, note: "Note", *, by: User) -> "Note":
        """Save a new draft with the sections that its template has."""
        note.written_by = by
        note.save()
        last_year = note.date.year - 1
        for order, (kind, heading) in enumerate(STANDARD_SECTIONS[note.template], start=1):
            section = Section(note=note, order=order, kind=kind, heading=heading)
            if kind == Section.Kind.CLOSURES and last_year >= BASELINE_YEAR:
                section.year = last_year
                section.first_year = BASELINE_YEAR
            section.save()
        return note

    @transaction.atomic
    def correct(self, issued: "Note", *, by: User, because: str, today: date) -> "Note":
        """A new draft with all that the issued note has, which says that it replaces it and why.

        Only its document number is its own; what was promised stays with the note that promised it.
        """
        issued.refresh_from_db(from_queryset=Note.objects.select_for_update())
        issued.must_be_replaceable()
        copied = {name: getattr(issued, name) for name in COPIED_BY_A_CORRECTION}
        note = self.create(**copied, date=today, written_by=by, replaces=issued, replaces_because=because)
        for section in issued.sections.prefetch_related("initiatives"):
            initiatives = list(section.initiatives.all())
            section.pk, section.note, section._state.adding = None, note, True
            section.save()
            section.initiatives.set(initiatives)
        note.set_points(point.text for point in issued.recommendations.all())
        for appendix in issued.appendices.all():
            readers = list(appendix.closed_to.all())
            appendix.pk, appendix.note, appendix._state.adding = None, note, True
            if appendix.is_made_from_registers:
                appendix.file = None  # made anew, from the registers as they are when the correction is issued
            appendix.save()
            appendix.closed_to.set(readers)
        return note


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
        "begrundelse for, at notatet er lukket",
        max_length=300,
        blank=True,
        help_text="Udfyldes kun, når notatet er lukket.",
    )

    case_number = models.CharField(
        "sagsnummer",
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{4}-[0-9]{4,9}$", "Skriv sagsnummeret som 2013-0184482.")],
        help_text="Fra ESDH-systemet, for eksempel 2013-0184482.",
    )
    document_number = models.CharField(
        "dokumentnummer",
        max_length=30,
        blank=True,
        validators=[
            RegexValidator(
                r"^[0-9]{4}-[0-9]{4,9}(-[1-9][0-9]{0,3})?$",
                "Skriv dokumentnummeret som 2013-0184482-2 eller 2010-161108.",
            )
        ],
        help_text="Sagsnummeret med løbenummer (2013-0184482-2) eller et eget nummer (2010-161108).",
    )
    case_officer = models.CharField("sagsbehandler", max_length=150, blank=True)
    sender = models.ForeignKey(
        Administration,
        models.PROTECT,
        related_name="notes",
        verbose_name="afsender",
        help_text="Den forvaltning, notatet kommer fra.",
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
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="skrevet på grundlag af"
    )
    replaces_because = models.CharField("hvad der er rettet", max_length=300, blank=True)

    search_text = models.GeneratedField(expression=F("title"), output_field=models.TextField(), db_persist=True)
    search_stems = models.GeneratedField(
        expression=SearchVector("title", config="danish"), output_field=SearchVectorField(), db_persist=True
    )

    objects = NoteManager()

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
                violation_error_message="Der er allerede et notat med det dokumentnummer. Kontrollér nummeret.",
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
            models.CheckConstraint(
                condition=~Q(status="issued") | ~Q(case_number="") & ~Q(document_number=""),
                name="reports_note_issued_with_numbers",
                violation_error_message="Et notat kan ikke udsendes uden sagsnummer og dokumentnummer.",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, replaces_because="")
                | Q(replaces__isnull=False) & ~Q(replaces_because=""),
                name="reports_note_replaces_for_a_reason",
                violation_error_message="Skriv, hvad der er rettet.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:note", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.confidentiality == self.Confidentiality.CLOSED

    @property
    def is_barred(self) -> bool:
        """Whether two persons have barred it from view."""
        barring = getattr(self, "barring", None)
        return barring is not None and barring.is_in_force

    # --- Its way to the committee ---------------------------------------------------------------------------------

    def must_be_draft(self) -> None:
        self._must_be(self.Status.DRAFT)

    def must_be_sent(self) -> None:
        self._must_be(self.Status.FOR_APPROVAL, self.Status.APPROVED)

    def must_be_approved(self) -> None:
        self._must_be(self.Status.APPROVED)

    def must_be_approved_or_issued(self) -> None:
        if self.status not in (self.Status.APPROVED, self.Status.ISSUED):
            raise Conflict("Notatet skal være godkendt eller udsendt, før det kan sættes på en dagsorden.")
        if self.is_barred:
            raise Conflict("Notatet er spærret for visning og kan ikke sættes på en dagsorden.")

    def must_have_no_document(self) -> None:
        if self.status == self.Status.ISSUED:
            raise Conflict("Notatet er udsendt. Hent det i stedet, som det blev udsendt.")

    def must_not_be_issued(self) -> None:
        self._must_be(self.Status.DRAFT, self.Status.FOR_APPROVAL, self.Status.APPROVED)

    def must_be_issued(self) -> None:
        if self.status != self.Status.ISSUED:
            raise Conflict("Notatet er ikke udsendt endnu.")

    def must_be_readable(self) -> None:
        if self.is_barred:
            raise Conflict(
                "Notatet er spærret for visning. Papiret og bilagene kan ikke hentes; hvorfor, står på notatets side."
            )

    def must_be_replaceable(self) -> None:
        self.must_be_issued()
        if Note.objects.filter(replaces=self).exists():
            raise Conflict("Der er allerede lavet en rettelse, som erstatter notatet. Ret videre i den.")

    @transaction.atomic
    def submit(self, *, by: User, at: datetime | None = None) -> None:
        """Send it to an approver, who is another than its writer."""
        self._lock()
        self.must_be_draft()
        self.status, self.submitted_by, self.submitted_at = self.Status.FOR_APPROVAL, by, at or timezone.now()
        self._step(NoteStep.Act.SUBMITTED, by=by, at=self.submitted_at)

    @transaction.atomic
    def send_back(self, *, by: User, comment: str) -> None:
        """The approver wants something changed, and says what."""
        self._lock()
        self.must_be_sent()
        self._to_draft()
        self._step(NoteStep.Act.SENT_BACK, by=by, text=comment)

    @transaction.atomic
    def take_back(self, *, by: User) -> None:
        """The office wants to change it after all; it must then be approved anew."""
        self._lock()
        self.must_be_sent()
        self._to_draft()
        self._step(NoteStep.Act.TAKEN_BACK, by=by)

    @transaction.atomic
    def approve(self, *, by: User, at: datetime | None = None, read: str | None = None) -> None:
        """What was read is approved, and not what it was made into meanwhile: `read` is the version on the page."""
        self._lock()
        self._must_be(self.Status.FOR_APPROVAL)
        if read is not None and read != str(self.version):
            raise Conflict("Notatet har været taget tilbage, siden du åbnede det. Læs det igen, før du godkender det.")
        if by == self.written_by:
            raise Conflict("Du har selv skrevet notatet. Det skal godkendes af en anden.")
        self.status, self.approved_by, self.approved_at = self.Status.APPROVED, by, at or timezone.now()
        self._step(NoteStep.Act.APPROVED, by=by, at=self.approved_at)

    @one_snapshot
    def issue(
        self,
        *,
        by: User,
        at: datetime | None = None,
        despite: Iterable[str] = (),
        tell: Callable[[int], None] = lambda progress: None,
    ):
        """Send it to the committee, for good: the paper is made, kept as bytes in the chain of documents, and the
        database refuses changes from then on. PdfError where the paper cannot be made; then all is as before.

        `despite` is what looked odd in it, and was known to the one who issued it all the same. `tell` is told how far
        it is, in percent.
        """
        from reports.letters import tell_of_issue  # which reads the models

        from .document import IssuedDocument  # which points here

        self._lock()
        self.must_be_approved()
        if not (self.case_number and self.document_number):
            raise Conflict("Notatet mangler sagsnummer eller dokumentnummer. Skriv dem, før det udsendes.")
        self.issued_by, self.issued_at = by, at or timezone.now()
        known = "\n".join(f"– {doubt}" for doubt in despite)
        text = f"Udsendt, selv om dette var bemærket:\n{known}" if known else ""
        # Before the document, whose hash covers what was known and by whom.
        self.steps.create(act=NoteStep.Act.ISSUED, by=by, at=self.issued_at, text=text)
        document = IssuedDocument.objects.append(self, tell=tell)
        self.status = self.Status.ISSUED
        self.save()
        tell_of_issue(self)
        return document

    def _lock(self) -> None:
        self.refresh_from_db(from_queryset=Note.objects.select_for_update())

    def _must_be(self, *wanted: "Note.Status") -> None:
        if self.status not in wanted:
            raise Conflict(CANNOT_NOW[self.status])

    def _to_draft(self) -> None:
        self.status = self.Status.DRAFT
        self.submitted_by = self.submitted_at = self.approved_by = self.approved_at = None

    def _step(self, act: "NoteStep.Act", *, by: User, at: datetime | None = None, text: str = "") -> None:
        self.steps.create(act=act, by=by, at=at or timezone.now(), text=text)
        self.save()

    # --- What it holds --------------------------------------------------------------------------------------------

    def add_section(self, section: Section) -> Section:
        """Put a new section last, but before the appendices, which end a note."""
        others = list(self.sections.all())
        section.note = self
        section.order = others[-1].order + 1 if others else 1
        section.save()
        if others and others[-1].kind == Section.Kind.APPENDICES:
            section.move(up=True)
        return section

    @transaction.atomic
    def put_in_order(self, wanted: list[int], *, shown: list[int]) -> None:
        """The sections in this order; `shown` is the order that was on the screen when they were moved."""
        sections = {section.pk: section for section in self.sections.select_for_update()}
        if list(sections) != shown or sorted(wanted) != sorted(shown):
            raise Conflict("Afsnittene er ændret imens. Se den nye rækkefølge, og flyt så igen.")
        for order, pk in enumerate(wanted, start=1):
            if sections[pk].order != order:
                sections[pk].order = order
                sections[pk].save(update_fields=["order"])

    def set_points(self, texts: Iterable[str]) -> None:
        """What the committee is asked to decide, numbered from 1 in this order."""
        number = 0
        for number, text in enumerate(texts, start=1):
            self.recommendations.update_or_create(number=number, defaults={"text": text})
        self.recommendations.filter(number__gt=number).delete()

    def sent_back_with(self) -> "NoteStep | None":
        """The approver's last word, while the writer mends what it was about."""
        last = self.steps.select_related("by").last() if self.is_draft else None
        return last if last and last.act == NoteStep.Act.SENT_BACK else None

    def treated_by(self) -> models.QuerySet:
        """The committee that it is addressed to, and those that have it on an agenda."""
        return Committee.objects.filter(Q(pk=self.committee_id) | Q(items__note=self)).distinct()

    def promises(self) -> models.QuerySet:
        """What it promises and is not yet kept; a correction promises what the note that it replaces did."""
        from .follow_up import FollowUp  # which points here

        notes, note = [self], self
        while note.replaces:
            note = note.replaces
            notes.append(note)
        return FollowUp.objects.outstanding().filter(note__in=notes).select_related("committee")

    def promise(self, what: str, *, due: date, precision: Precision) -> bool:
        """Note what it promises its committee; False where it is noted already."""
        _, is_new = self.follow_ups.get_or_create(
            promise=what, defaults={"committee": self.committee, "due": due, "due_precision": precision}
        )
        return is_new

    def promised_before(self) -> models.QuerySet:
        """What the committee has in writing from other papers, and still waits for."""
        from .follow_up import FollowUp  # which points here

        own = self.promises().values("pk")
        earlier = FollowUp.objects.promised().outstanding().for_committee(self.committee).exclude(pk__in=own)
        return earlier if self.is_closed else earlier.in_open_papers()

    @transaction.atomic
    def attach(self, appendix: Appendix, *, closed_to: Iterable[Committee] = ()) -> Appendix:
        """Number it after the others."""
        last = self.appendices.last()
        appendix.note, appendix.number = self, last.number + 1 if last else 1
        appendix.save()
        appendix.closed_to.set(closed_to)
        return appendix

    def add_appendix(self, *, title: str, file: StoredFile | None) -> Appendix:
        return self.attach(Appendix(title=title, file=file))


CANNOT_NOW = {
    Note.Status.DRAFT: "Notatet er et udkast. Det skal først sendes til godkendelse.",
    Note.Status.FOR_APPROVAL: (
        "Notatet er sendt til godkendelse og kan ikke ændres imens. Tag det tilbage, eller vent på svaret."
    ),
    Note.Status.APPROVED: (
        "Notatet er godkendt. Skal det ændres, så tag det tilbage som udkast; det skal derefter godkendes igen."
    ),
    Note.Status.ISSUED: "Notatet er udsendt og kan ikke ændres. Er der en fejl i det, så lav en rettelse.",
}

SENT_FROM = ("case_officer", "sender", "unit", "address", "phone_label", "phone", "email", "ean", "website")
COPIED_BY_A_CORRECTION = (
    *("template", "committee", "title", "confidentiality", "closed_because", "case_number"),
    *SENT_FROM,
)


class NoteStep(models.Model):
    """What happened to a note on its way, and what the approver said to the writer. Only added to."""

    class Act(models.TextChoices):
        SUBMITTED = "submitted", "sendt til godkendelse"
        SENT_BACK = "sent_back", "sendt tilbage"
        TAKEN_BACK = "taken_back", "taget tilbage som udkast"
        APPROVED = "approved", "godkendt"
        ISSUED = "issued", "udsendt"
        JOURNALISED = "journalised", "noteret som journaliseret"
        BARRING_ASKED = "barring_asked", "ønsket spærret for visning"
        BARRING_TAKEN_BACK = "barring_taken_back", "ønsket om spærring trukket tilbage"
        BARRED = "barred", "spærret for visning"

    AFTERWARDS = (Act.JOURNALISED, Act.BARRING_ASKED, Act.BARRING_TAKEN_BACK, Act.BARRED)

    note = models.ForeignKey(Note, models.CASCADE, related_name="steps")
    act = models.CharField(max_length=20, choices=Act.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(max_length=20_000, blank=True)

    class Meta:
        ordering = ["pk"]


_K = Section.Kind
STANDARD_SECTIONS = {
    Note.Template.STATUS: (
        (_K.TEXT, ""),
        (_K.TEXT, "Baggrund"),
        (_K.GOAL, "Mål"),
        (_K.TEXT, "Aktiviteter"),
        (_K.CLOSURES, "Ikke-planlagte lukkedage"),
        (_K.PROCESS, "Videre proces"),
        (_K.APPENDICES, "Vedlagte bilag"),
    ),
    Note.Template.ORIENTATION: (
        (_K.TEXT, ""),
        (_K.TEXT, "Baggrund"),
        (_K.TEXT, "Aktuel status"),
        (_K.PROCESS, "Videre proces"),
        (_K.APPENDICES, "Vedlagte bilag"),
    ),
    Note.Template.RECOMMENDATION: (
        (_K.TEXT, ""),
        (_K.RECOMMENDATIONS, "Indstilling"),
        (_K.TEXT, "Problemstilling"),
        (_K.TEXT, "Løsning"),
        (_K.ECONOMY, "Økonomi"),
        (_K.PROCESS, "Videre proces"),
        (_K.APPENDICES, "Vedlagte bilag"),
    ),
}
