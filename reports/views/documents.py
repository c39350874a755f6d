"""The paper itself: on screen, as a draft in PDF, and as the bytes that were issued."""

import base64
import hashlib
import re
from urllib.parse import quote

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from reports import paper
from reports.gathering import gather
from reports.models import Note
from reports.models.document import filename
from reports.pdf import PdfError
from sikkerby import access
from sikkerby.middleware import Conflict
from sikkerby.permissions import READS, Act, may

STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


@may(Act.READ_NOTES, READS)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper's own HTML: gathered now for a draft; for an issued note what was stored."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    note.must_be_readable()
    if note.status == Note.Status.ISSUED:
        html = bytes(note.document.html).decode()
    else:
        html = paper.to_html(gather(note, on=timezone.localdate()))
    # A paper carries its style with it. The browser may use that one, known by its hash, and no other.
    allowed = csp_update({"style-src": [_source(style) for style in STYLE.findall(html)]})
    return allowed(lambda request: HttpResponse(html))(request)


def _source(style: str) -> str:
    digest = hashlib.sha256(style.replace("\r\n", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@may(Act.READ_NOTES, READS)
def draft_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The pages as they would be, marked UDKAST."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    if note.status == Note.Status.ISSUED:
        raise Conflict("Notatet er udsendt. Hent det i stedet, som det blev udsendt.")
    now = timezone.now()
    gathered = gather(note, on=timezone.localdate(now))
    try:
        body = paper.to_pdf(gathered, paper.to_html(gathered), created=now)
    except PdfError as error:
        raise Conflict(str(error)) from error
    return as_file(body, filename(note).replace(".pdf", " (udkast).pdf"), shown=True)


@may(Act.READ_NOTES, READS)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes that were issued. No row in the access log, no download."""
    note = get_object_or_404(Note.objects.visible_to(request.user).issued().with_document(), pk=pk)
    note.must_be_readable()
    access.record(request, f"Notat {note.pk}: {note.document.filename}")
    return as_file(bytes(note.document.pdf), note.document.filename)


def as_file(body: bytes, name: str, *, shown: bool = False, content_type: str = "application/pdf") -> HttpResponse:
    """A file under its name. Browsers that do not read UTF-8 in headers get the name without Danish letters."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", name)
    plain = name.encode("ascii", "replace").decode()
    disposition = f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": disposition})
