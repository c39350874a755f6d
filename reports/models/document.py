"""The documents as they were issued, in a chain that shows whether any of them was touched."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone

from reports import paper
from reports.gathering import Place, gather
from reports.pdf import PdfError
from reports.prose import plain
from sikkerby.models import StoredFile

from .note import Note, NoteStep
from .section import Appendix

ONE_AT_A_TIME = 0x53494B42  # the advisory lock of the chain: two documents cannot both follow the same one
BYTES = ("content", "text", "html", "pdf", "stems")
GATHERING, SETTING, KEEPING = 5, 15, 95  # percent of the time it takes as a rule, when each step begins
CODE_SIGNS = "234679CDFGHJKMNPQRTWXY"  # none that looks like another, and no vowels to make words of


class IssuedDocumentManager(models.Manager):
    def get_queryset(self):
        """Without the document itself, which is loaded when it is asked for."""
        return super().get_queryset().defer(*BYTES)

    def not_barred(self) -> "models.QuerySet[IssuedDocument]":
        """Those whose text may be searched and shown."""
        return self.exclude(note__barring__confirmed_at__isnull=False)

    @transaction.atomic
    def append(self, note: Note, *, tell: Callable[[int], None] = lambda progress: None) -> "IssuedDocument":
        """Make the paper of a note that is being issued, and add it to the chain. `tell` is told how far it is."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        last = self.order_by("number").last()
        number, previous = (last.number + 1, last.sha256) if last else (1, "")
        on = timezone.localdate(note.issued_at)
        tell(GATHERING)
        _make_appendices(note, on=on)
        gathered = gather(note, on=on, issued_as=Place(number=number, after=previous, code=self._new_code()))
        html = paper.to_html(gathered)
        tell(SETTING)
        pdf = paper.to_pdf(gathered, html, created=note.issued_at)
        tell(KEEPING)
        document = IssuedDocument(
            number=number,
            note=note,
            filename=filename(note),
            committee_name=gathered.addressee,
            title=note.title,
            date=note.date,
            closed=gathered.closed,
            issued_at=note.issued_at,
            issued_by_name=note.issued_by.name,
            approved_by_name=note.approved_by.name,
            replaces=note.replaces.document if note.replaces else None,
            content=gathered.to_json(),
            text=plain(html),
            html=html.encode(),
            pdf=pdf,
            pdf_size=len(pdf),
            appendices=[fingerprint(appendix) for appendix in note.appendices.with_readers()],
            code=gathered.code or None,
            rows_sha256=hash_of_rows(note),
            previous_sha256=previous,
        )
        document.sha256 = document.digest()
        document.save(force_insert=True)
        return document

    def _new_code(self) -> str:
        """One that no document has. Random: who has one paper cannot tell from it what others there are."""
        while True:
            code = "-".join("".join(secrets.choice(CODE_SIGNS) for _ in range(4)) for _ in range(2))
            if not self.filter(code=code).exists():
                return code

    def faults(self) -> Iterator[str]:
        """What is wrong in the register, document by document, in Danish; nothing, where all is as it was issued.

        A chain cannot know that its last documents are gone. What tells that is a note that says it is issued, and
        the number and hash of the last document, which check_documents prints to be kept elsewhere.
        """
        previous, expected = "", 1
        for document in self.get_queryset().defer(None).order_by("number").iterator(chunk_size=10):
            name = f"Dokument nr. {document.number} (»{document.title}« af {document.date:%d-%m-%Y})"
            if document.number != expected:
                yield f"{name}: Der mangler {document.number - expected} før det i rækken."
            if document.previous_sha256 != previous:
                yield f"{name}: Det henviser ikke til dokumentet før sig i rækken."
            if document.sha256 != document.digest():
                yield f"{name}: Indholdet svarer ikke til den SHA-256, det blev udsendt med."
            if document.rows_sha256 and document.rows_sha256 != hash_of_rows(document.note):
                yield f"{name}: Notatets egne oplysninger eller tekster er ændret, siden det blev udsendt."
            for appendix in document.appendices_that_differ():
                yield f"{name}: Bilag {appendix} svarer ikke til det, der blev udsendt."
            previous, expected = document.sha256, document.number + 1
        issued = Q(status=Note.Status.ISSUED)
        for note in Note.objects.filter(issued & Q(document=None) | ~issued & Q(document__isnull=False)):
            yield f"Notat {note.pk} (»{note.title}«): Dets status og rækken af udsendte dokumenter passer ikke sammen."


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
    closed = models.BooleanField("lukket")
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
    # Of each appendix its number, title, and where it has a file that file's row, name, size and SHA-256.
    appendices = models.JSONField("bilag", default=list)
    # Printed on the paper, for whoever holds it to find it here by; those issued before there were codes have none.
    code = models.CharField("kode", max_length=10, unique=True, null=True, default=None)
    # What the note said row by row (hash_of_rows): its page, lists and decisions read these. Older ones have none.
    rows_sha256 = models.CharField("SHA-256 af notatets rækker", max_length=64, blank=True, default="")
    pdf_sha256 = models.GeneratedField(
        expression=models.Func(models.Func("pdf", function="sha256"), models.Value("hex"), function="encode"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
    )
    stems = models.GeneratedField(
        expression=SearchVector("title", Left("text", 400_000), config="danish"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    previous_sha256 = models.CharField("SHA-256 af dokumentet før", max_length=64, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)

    objects = IssuedDocumentManager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "udsendt dokument"
        verbose_name_plural = "udsendte dokumenter"
        ordering = ["-number"]
        indexes = [
            GinIndex("stems", name="reports_document_stems"),
            models.Index("pdf_sha256", name="reports_document_pdf_sha256"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["previous_sha256"], name="reports_issueddocument_one_chain"),
            models.CheckConstraint(condition=Q(number__gte=1), name="reports_issueddocument_numbered_from_one"),
        ]

    def __str__(self):
        return self.title

    def digest(self) -> str:
        """SHA-256 of four parts, each with its length in eight bytes before it: the hash of the document before (64
        hexadecimal digits, or nothing), the other columns as JSON, the HTML, and the PDF.

        The JSON has its keys in order, no spaces, UTF-8 unescaped, dates as 2013-08-20, the moment of issuing in UTC.
        """
        facts = {
            "number": self.number,
            "note": self.note_id,
            "filename": self.filename,
            "committee": self.committee_name,
            "title": self.title,
            "date": self.date.isoformat(),
            "closed": self.closed,
            "issued_at": self.issued_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "issued_by": self.issued_by_name,
            "approved_by": self.approved_by_name,
            "replaces": self.replaces_id,
            "content": self.content,
            "text": self.text,
            "appendices": self.appendices,
        }
        if self.code:  # those issued before there were codes keep the hash they got
            facts["code"] = self.code
        if self.rows_sha256:
            facts["rows"] = self.rows_sha256
        parts = (
            self.previous_sha256.encode(),
            json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(),
            bytes(self.html),
            bytes(self.pdf),
        )
        return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()

    def appendices_that_differ(self) -> list[int]:
        """The numbers of those whose row or file is no longer what was issued."""
        now = {each.number: fingerprint(each) for each in Appendix.objects.filter(note=self.note_id).with_readers()}
        wrong = [number for number, each in now.items() if each not in self.appendices]
        return sorted({*wrong, *(each["number"] for each in self.appendices if each["number"] not in now)})


def fingerprint(appendix: Appendix) -> dict:
    """What an appendix is, with its file's bytes hashed anew and not as its row says."""
    found = {"number": appendix.number, "title": appendix.title}
    if file := appendix.file:
        body = bytes(file.content)
        found |= {"name": file.name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    if appendix.is_closed:
        readers = sorted(committee.pk for committee in appendix.closed_to.all())
        found |= {"closed_because": appendix.closed_because, "closed_to": readers}
    return found


def hash_of_rows(note: Note) -> str:
    """SHA-256 of the rows that an issued note is made of, as JSON with its keys in order; the appendices, which have
    files, have fingerprints of their own. What is empty is left out: a column that comes later changes no hash."""
    said = {
        "note": _said(note, without=("version", "status", "search_text", "search_stems")),
        "sections": [
            _said(section, without=("version",)) | {"chosen": sorted(each.pk for each in section.initiatives.all())}
            for section in note.sections.order_by("pk").prefetch_related("initiatives")
        ],
        "points": [_said(point) for point in note.recommendations.order_by("pk")],
        "steps": [_said(step) for step in note.steps.exclude(act__in=NoteStep.AFTERWARDS).order_by("pk")],
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_in_utc)
    return hashlib.sha256(text.encode()).hexdigest()


def _said(row: models.Model, *, without: tuple[str, ...] = ()) -> dict:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in values.items() if value and name not in without}


def _in_utc(value: date) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


def _make_appendices(note: Note, *, on: date) -> None:
    """Those that are made from the registers become files, of the same moment as the note. PdfError says which cannot
    be made."""
    from reports import appendix_papers  # which reads the models

    for appendix in note.appendices.made_from_registers():
        try:
            body = appendix_papers.make(appendix, note=note, on=on, created=note.issued_at, draft=False)
        except PdfError as error:
            raise PdfError(f"{appendix} kan ikke laves, så notatet er ikke udsendt. {error}") from error
        appendix.file = StoredFile.objects.store(
            name=f"{appendix.filename}.pdf", content_type="application/pdf", content=body, by=note.issued_by
        )
        appendix.save(update_fields=["file"])


def filename(note: Note) -> str:
    """A name that sorts by date, and that every system can save: "2013-08-20 Statusnotat Sikker By.pdf"."""
    title = " ".join(re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", note.title).split())
    return f"{note.date:%Y-%m-%d} {title[:150].strip(' .')}.pdf"
