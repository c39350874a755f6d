"""The register: what was recorded for good, in a chain of its own, so that a change by anyone shows.

Issued documents have theirs (document.py). Here are the decisions as they were recorded, what was added to them,
journalisations and barrings.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

from django.db import connection, models, transaction
from django.utils import timezone

from .afterwards import Barring, Journalisation
from .decision import Decision, DecisionAddendum
from .document import IssuedDocument

ONE_AT_A_TIME = 0x53494B44  # the advisory lock of this chain
# What is entered, and the columns that say it.
ENTERED = {
    "decision": (
        Decision,
        (
            *("note_id", "committee_id", "item_id", "committee_name", "meeting_date", "item_number"),
            *("first_point", "last_point", "outcome", "remark", "votes"),
            *("minutes_url", "recorded_by_id", "recorded_at"),
        ),
    ),
    "addendum": (DecisionAddendum, ("decision_id", "text", "by_id", "at")),
    "journalisation": (Journalisation, ("note_id", "on", "by_id", "at")),
    "barring": (Barring, ("note_id", "because", "asked_by_id", "asked_at", "confirmed_by_id", "confirmed_at")),
}


class RegisterEntryManager(models.Manager):
    @transaction.atomic
    def enter(self, row: models.Model) -> "RegisterEntry":
        """Add what the row says now to the chain."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        last = self.order_by("number").last()
        kind = next(kind for kind, (model, _) in ENTERED.items() if isinstance(row, model))
        entry = RegisterEntry(
            number=last.number + 1 if last else 1,
            kind=kind,
            row=row.pk,
            facts=facts_of(kind, row),
            previous_sha256=last.sha256 if last else "",
        )
        entry.sha256 = entry.digest()
        entry.save(force_insert=True)
        return entry

    def faults(self) -> Iterator[str]:
        """What is wrong, in Danish; nothing, where all is as it was recorded."""
        previous, expected, said = "", 1, {}
        for entry in self.order_by("number").iterator():
            if entry.number != expected:
                yield f"{entry}: Der mangler {entry.number - expected} før den i rækken."
            if entry.previous_sha256 != previous:
                yield f"{entry}: Den henviser ikke til indførslen før sig i rækken."
            if entry.sha256 != entry.digest():
                yield f"{entry}: Indholdet svarer ikke til dens SHA-256."
            previous, expected = entry.sha256, entry.number + 1
            said[entry.kind, entry.row] = entry
        for kind, (model, _) in ENTERED.items():
            rows = {row.pk: row for row in model.objects.all() if is_entered(row)}
            entered = {row: entry for (of_kind, row), entry in said.items() if of_kind == kind}
            for pk, row in rows.items():
                if pk not in entered:
                    yield f"{model._meta.verbose_name.capitalize()} {pk} er ikke indført i registret."
                elif not _is_as_entered(entered[pk], facts_of(kind, row)):
                    yield f"{entered[pk]}: Rækken svarer ikke længere til det, der blev indført."
            yield from (f"{entry}: Rækken findes ikke længere." for pk, entry in entered.items() if pk not in rows)


class RegisterEntry(models.Model):
    """One thing that was recorded for good, as it was said then, chained by SHA-256 to the one before."""

    class Kind(models.TextChoices):
        DECISION = "decision", "beslutning"
        ADDENDUM = "addendum", "tilføjelse til en beslutning"
        JOURNALISATION = "journalisation", "journalisering"
        BARRING = "barring", "spærring for visning"

    number = models.PositiveIntegerField("nummer", primary_key=True)
    kind = models.CharField("hvad", max_length=20, choices=Kind.choices)
    row = models.PositiveBigIntegerField("række")
    facts = models.JSONField("indhold")
    at = models.DateTimeField("indført", default=timezone.now)
    previous_sha256 = models.CharField("SHA-256 af indførslen før", max_length=64, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)

    objects = RegisterEntryManager()

    class Meta:
        verbose_name = "indførsel i registret"
        verbose_name_plural = "indførsler i registret"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["previous_sha256"], name="reports_registerentry_one_chain")]

    def __str__(self):
        return f"Indførsel nr. {self.number} ({self.get_kind_display()})"

    def digest(self) -> str:
        """SHA-256 of this JSON, its keys in order, without spaces, UTF-8 unescaped."""
        said = {"number": self.number, "kind": self.kind, "row": self.row, "facts": self.facts}
        said |= {"at": _plain(self.at), "previous": self.previous_sha256}
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def is_entered(row: models.Model) -> bool:
    """Whether the register must have it: not a decision from before there was one, nor a barring that nobody has
    confirmed."""
    match row:
        case Decision():
            return row.recorded_by_id is not None
        case Barring():
            return row.confirmed_at is not None
    return True


def _is_as_entered(entry: RegisterEntry, facts: dict) -> bool:
    """Whether the row still says what its entry says: an older entry says less."""
    return bool(entry.facts) and all(name in facts and facts[name] == said for name, said in entry.facts.items())


def facts_of(kind: str, row: models.Model) -> dict:
    return {name: _plain(getattr(row, name)) for name in ENTERED[kind][1]}


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


class ChainCheckManager(models.Manager):
    def faults(self) -> Iterator[str]:
        """What is wrong in either chain; and that its end is gone, which a chain cannot know, but an earlier check."""
        yield from IssuedDocument.objects.faults()
        yield from RegisterEntry.objects.faults()
        most = self.aggregate(documents=models.Max("documents"), entries=models.Max("entries"))
        for what, model in (("documents", IssuedDocument), ("entries", RegisterEntry)):
            there = model.objects.count()
            if there < (most[what] or 0):
                name = model._meta.verbose_name_plural
                yield f"Antallet af {name} er faldet fra {most[what]} til {there} siden en tidligere kontrol."

    @transaction.atomic
    def run(self, *, today: date) -> "ChainCheck":
        """Go through both chains, note what was found, and tell the system administrators and the office of faults:
        once a day, however often it is run."""
        from reports.letters import tell_of_faults  # which reads the models

        faults = list(self.faults())
        documents, entries = IssuedDocument.objects.count(), RegisterEntry.objects.count()
        check = self.create(documents=documents, entries=entries, faults=faults)
        if check.faults:
            tell_of_faults(check, today=today)
        return check


class ChainCheck(models.Model):
    """A check of both chains, and what it found. Only added to."""

    at = models.DateTimeField("kontrolleret", default=timezone.now)
    documents = models.PositiveIntegerField("udsendte dokumenter")
    entries = models.PositiveIntegerField("indførsler")
    faults = models.JSONField("fejl", default=list)

    objects = ChainCheckManager()

    class Meta:
        verbose_name = "kontrol af rækken"
        verbose_name_plural = "kontroller af rækken"
        ordering = ["-pk"]

    def __str__(self):
        return f"Kontrol {self.at:%d-%m-%Y %H:%M}"
