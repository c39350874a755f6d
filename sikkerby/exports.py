"""Rows as a file: CSV for Danish Excel, or XLSX. The same for every list."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from .templatetags.danish import as_text

DEMO_NOTICE = "DEMODATA – opfundne tal"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Also behind apostrophes of its own: who reads the file back takes one away, and has what was written.
STARTS_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Column:
    """A heading in Danish, and how the row's value is had: text, number, date or nothing."""

    heading: str
    value: Callable[[Any], Any]


def export(request: HttpRequest, rows: Iterable, columns: list[Column], name: str) -> HttpResponse | None:
    """The response to ?format=csv or ?format=xlsx, of all rows that are filtered; None when a page is asked for."""
    match request.GET.get("format"):
        case None:
            return None
        case "csv":
            body, content_type = _csv(rows, columns), "text/csv; charset=utf-8"
        case "xlsx":
            body, content_type = _xlsx(rows, columns), XLSX
        case _:
            raise Http404("no such format")
    filename = f"{name} {timezone.localdate():%Y-%m-%d}.{request.GET['format']}"
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


def _csv(rows: Iterable, columns: list[Column]) -> bytes:
    """Semicolons, BOM, decimal comma: what Excel in Danish opens right. A text that would be a formula gets an
    apostrophe; a number never does, so -3,5 stays one."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    if settings.DEMO:
        writer.writerow([DEMO_NOTICE])
    writer.writerow([column.heading for column in columns])
    for row in rows:
        writer.writerow([_csv_value(column.value(row)) for column in columns])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _csv_value(value: Any) -> str:
    text = as_text(value)
    return f"'{text}" if isinstance(value, str) and STARTS_A_FORMULA.match(text) else text


def _xlsx(rows: Iterable, columns: list[Column]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Liste")
    if settings.DEMO:
        sheet.append([DEMO_NOTICE])
    sheet.append([_cell(sheet, column.heading, bold=True) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, column.value(row)) for column in columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    """Numbers and dates stay such; every text is typed as text, so that "=1+1" is not a formula."""
    is_figure = isinstance(value, (int, Decimal, date)) and not isinstance(value, (bool, datetime))
    cell = WriteOnlyCell(sheet, value if is_figure else None)
    if isinstance(value, date) and is_figure:
        cell.number_format = "dd-mm-yyyy"
    if not is_figure:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", as_text(value))  # of rows that were not typed in a form of ours
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
