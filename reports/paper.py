"""A paper as HTML, and that HTML as PDF: what an issued document keeps of both."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from sikkerby import charts
from sikkerby.templatetags.danish import as_days, as_text

from .content import Baseline, ClosureFigures, Paper, YearOfClosures
from .pdf import Attachment, make_pdf

STYLE = settings.ROOT / "static" / "paper.css"
BARS_IN_A_COLUMN = 5
FOOT_DIGITS = 12  # of the hash of the document before: enough to find it by
# The editor puts what stands in a list in paragraphs. The first of each item is taken out of its own, to stand by the
# bullet.
FIRST_OF_AN_ITEM = re.compile(r"<li><p>(.*?)</p>", re.DOTALL)


@dataclass(frozen=True)
class Chart:
    """The drawing of a section's closed days, and which columns its table has."""

    svg: SafeString
    divided: bool  # at least one year tells the two kinds apart
    asked: bool  # of at least one year it is known how many were asked
    wide: bool  # more bars than the first page's narrow column can show


def to_html(paper: Paper) -> str:
    """The whole document, with its own style in it."""
    context = {
        "paper": paper,
        "sections": [
            (section, chart(section.years, section.baseline) if isinstance(section, ClosureFigures) else None)
            for section in paper.sections
        ],
        "style": mark_safe(STYLE.read_text()),
        "mark": " · ".join(marks(paper)),
        "place": _place(paper),
    }
    return FIRST_OF_AN_ITEM.sub(r"<li>\1", render_to_string("reports/paper/note.html", context))


def to_pdf(paper: Paper, html: str, *, created: datetime) -> bytes:
    """The same paper and HTML give the same bytes. PdfError where it cannot be made."""
    return make_pdf(html, title=paper.title, created=created, attachments=tuple(_data_behind(paper)))


def marks(paper) -> Iterator[str]:
    """What stands at the head of every page."""
    if paper.draft:
        yield "UDKAST"
    if paper.closed:
        yield "FORTROLIGT"
    if paper.demo:
        yield "DEMODATA – opfundne tal"


def _place(paper: Paper) -> str:
    """Where it stands in the chain of issued documents, for the foot of every page."""
    if paper.number is None:
        return ""
    after = f"efter {paper.previous_hash[:FOOT_DIGITS]}" if paper.previous_hash else "det første"
    code = f", kode {paper.code}" if paper.code else ""
    return f"Udsendt dokument nr. {paper.number}{code}, {after}"


def chart(years: Sequence[YearOfClosures], baseline: Baseline | None) -> Chart:
    bars = [_bar(year) for year in years]
    line = baseline and charts.Baseline(label=str(baseline.year), total=baseline.total)
    svg = charts.years_chart(bars, baseline=line, title=f"Søjlediagram. {charts.describe(bars, line)}", on_paper=True)
    return Chart(
        svg,
        divided=any(year.disruption is not None for year in years),
        asked=any(year.asked is not None for year in years),
        wide=len(bars) > BARS_IN_A_COLUMN,
    )


def _bar(year: YearOfClosures) -> charts.Bar:
    return charts.Bar(
        label=str(year.year),
        disruption=year.disruption or 0,
        pedagogical=year.pedagogical or 0,
        undistinguished=year.undistinguished or 0,
    )


def _data_behind(paper: Paper) -> Iterator[Attachment]:
    """The figures of each section as CSV, for those who want to reckon on: semicolons and decimal commas."""
    sections = [section for section in paper.sections if isinstance(section, ClosureFigures)]
    for number, section in enumerate(sections, start=1):
        file = io.StringIO()
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(
            [
                "År",
                "Driftsforstyrrelser",
                "Pædagogisk formål",
                "Ikke opdelt",
                "I alt",
                "Institutioner",
                "Spurgt",
                "Svaret",
            ]
        )
        for year in section.years:
            half_days = (year.disruption, year.pedagogical, year.undistinguished, year.total)
            known = [None if each is None else as_days(each) for each in half_days]
            writer.writerow([as_text(each) for each in (year.year, *known, year.units, year.asked, year.answered)])
        suffix = f" {number}" if len(sections) > 1 else ""
        yield Attachment(
            name=f"lukkedage{suffix.replace(' ', '-')}.csv",
            data=b"\xef\xbb\xbf" + file.getvalue().encode(),
            description=f"Tallene bag figuren »{section.heading}«, opgjort pr. {section.counted_on:%d-%m-%Y}",
        )
