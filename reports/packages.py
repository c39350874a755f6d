"""An issued note with its appendices as one file to take elsewhere: for the agenda, or for the journal.

Made when it is asked for, of stored bytes alone, and of those that the one who asks may read. The same stored bytes
give the same package.
"""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from django.utils import timezone

from sikkerby.exports import STARTS_A_FORMULA
from sikkerby.models import User

from .models import Appendix, IssuedDocument


@dataclass(frozen=True, kw_only=True)
class File:
    """A PDF of a package: under which name, what it is called on the paper, and its bytes."""

    name: str
    title: str
    body: bytes
    closed: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def files_of(document: IssuedDocument, user: User) -> list[File]:
    """The note as it was issued, and of its appendices those that this person may read and that have a file. The note
    must be one that they may see; one that is barred from view gives nothing."""
    if document.note.is_barred:
        return []
    appendices = Appendix.objects.readable_by(user).filter(note=document.note_id, file__isnull=False)
    return [
        File(name=document.filename, title=document.title, body=bytes(document.pdf), closed=document.closed),
        *(
            File(
                name=f"{each.filename}.pdf",
                title=str(each),
                body=bytes(each.file.content),
                closed=document.closed or each.is_closed,
            )
            for each in appendices.select_related("file").order_by("number")
        ),
    ]


def for_the_agenda(document: IssuedDocument, user: User) -> bytes:
    """Each PDF, and all of them as one with bookmarks."""
    files = files_of(document, user)
    return zipped([(each.name, each.body) for each in files] + _together(document, files), document.issued_at)


def for_the_journal(document: IssuedDocument, user: User) -> bytes:
    """The same, and what the case system asks of a document, for a person and for a machine to read."""
    files = files_of(document, user)
    metadata = metadata_of(document, files)
    parts = [(each.name, each.body) for each in files] + _together(document, files)
    parts.append(("metadata.json", (json.dumps(metadata, ensure_ascii=False, indent=2) + "\n").encode()))
    parts.append(("metadata.csv", _as_csv(metadata)))
    return zipped(parts, document.issued_at)


def zipped(parts: list[tuple[str, bytes]], at: datetime) -> bytes:
    """The parts under their names, each as of the same moment: the same parts give the same bytes."""
    file = io.BytesIO()
    moment = timezone.localtime(at).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts:
            entry = zipfile.ZipInfo(name, date_time=moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, body)
    return file.getvalue()


def _together(document: IssuedDocument, files: list[File]) -> list[tuple[str, bytes]]:
    """All as one PDF, where there is more than one; or why not, of a file from before they were looked into."""
    if len(files) < 2:
        return []
    whole = document.filename.removesuffix(".pdf")
    try:
        return [(f"{whole} - samlet.pdf", merged(document.title, [(each.title, each.body) for each in files]))]
    except pikepdf.PdfError:
        reason = "Mindst ét af bilagene er låst eller beskadiget, så filerne er ikke sat sammen til én.\r\n"
        return [(f"{whole} - ikke samlet.txt", b"\xef\xbb\xbf" + reason.encode())]


def merged(title: str, files: list[tuple[str, bytes]]) -> bytes:
    """The PDFs one after another, with a bookmark at the first page of each. A copy to read, and not an original:
    it is not in the register, and does not say that it can be archived."""
    whole = io.BytesIO()
    with pikepdf.new() as pdf:
        with pdf.open_outline() as outline:
            for called, body in files:
                with pikepdf.open(io.BytesIO(body)) as part:
                    outline.root.append(pikepdf.OutlineItem(called, len(pdf.pages)))
                    pdf.pages.extend(part.pages)
        pdf.docinfo["/Title"] = title
        pdf.Root.Lang = pikepdf.String("da")
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        pdf.save(whole, deterministic_id=True)
    return whole.getvalue()


# --- What the case system asks of a document ----------------------------------------------------------------------


def metadata_of(document: IssuedDocument, files: list[File]) -> dict:
    """As the document was issued, from what is stored of it."""
    content = document.content
    sender = content["sender"]
    return {
        "titel": document.title,
        "dato": document.date.isoformat(),
        "udvalg": document.committee_name,
        "sagsnummer": sender["case_number"],
        "dokumentnummer": sender["document_number"],
        "afsender": ", ".join(filter(None, (sender["unit"], sender["administration"]))),
        "sagsbehandler": sender["case_officer"],
        "fortrolighed": "lukket" if document.closed else "åben",
        "begrundelse": content["closed_reason"],
        "udsendt": timezone.localtime(document.issued_at).isoformat(timespec="seconds"),
        "udsendt_af": document.issued_by_name,
        "godkendt_af": document.approved_by_name,
        "erstatter": content["replaces"],
        "nummer_i_raekken": document.number,
        "kode": document.code or "",
        "sha256_i_raekken": document.sha256,
        "filer": [
            {
                "navn": each.name,
                "titel": each.title,
                "fortrolighed": "lukket" if each.closed else "åben",
                "byte": len(each.body),
                "sha256": each.sha256,
            }
            for each in files
        ],
    }


def _as_csv(metadata: dict) -> bytes:
    """A line for each file, with what holds for all of them on each: as Excel in Danish opens it."""
    common = {name: value for name, value in metadata.items() if name != "filer"}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([*common, *(f"fil_{name}" for name in metadata["filer"][0])])
    for each in metadata["filer"]:
        writer.writerow([_cell(value) for value in (*common.values(), *each.values())])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and STARTS_A_FORMULA.match(value) else value
