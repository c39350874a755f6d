"""A paper as HTML, and that HTML as PDF: what an issued document keeps of both."""

from datetime import datetime

from django.template.loader import render_to_string

from .content import Paper
from .pdf import make_pdf


def to_html(paper: Paper) -> str:
    """The whole document, with its own style in it."""
    return render_to_string("reports/paper/note.html", {"paper": paper})


def to_pdf(paper: Paper, html: str, *, created: datetime) -> bytes:
    """The same paper and HTML give the same bytes. PdfError where it cannot be made."""
    return make_pdf(html, title=paper.title, created=created)
