"""The papers of a meeting as one file: a folder for each note on the agenda, in its order."""

from reports.models import AgendaItem
from reports.packages import files_of, zipped
from sikkerby.models import User


def package_of(items: list[AgendaItem], user: User) -> bytes:
    """Of issued notes that this person may see: the note as it was issued, with the appendices that they may read."""
    parts = []
    for place, item in enumerate(items, start=1):
        document = item.note.document
        folder = f"{place:02} {document.filename.removesuffix('.pdf')}"
        parts += [(f"{folder}/{file.name}", file.body) for file in files_of(document, user)]
    return zipped(parts, max(item.note.document.issued_at for item in items))
