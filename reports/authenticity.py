"""Is a PDF file one that was issued? Compared by SHA-256 with those kept; the file itself is not."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sikkerby.models import User

from .models import Appendix, IssuedDocument, Note


@dataclass(frozen=True, kw_only=True)
class Found:
    """The issued PDF that a file is, byte for byte: a note, or an appendix of it."""

    document: IssuedDocument
    appendix: Appendix | None = None

    def __str__(self):
        return str(self.appendix or self.document.title)


def hash_of(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def issued_as(sha256: str, *, user: User, note: Note | None = None) -> Found | None:
    """Which issued PDF has this hash, among those that this person may see; of one note, or of all. Of several that are
    the same bytes, as an appendix of many notes, the newest."""
    notes = Note.objects.visible_to(user).issued()
    if note:
        notes = notes.filter(pk=note.pk)
    document = IssuedDocument.objects.filter(pdf_sha256=sha256, note__in=notes).first()
    if document:
        return Found(document=document)
    readable = Appendix.objects.readable_by(user).filter(note__in=notes, file__sha256=sha256)
    appendix = readable.select_related("note__document").order_by("-note__document__number", "number").first()
    return Found(document=appendix.note.document, appendix=appendix) if appendix else None
