"""Lists by cursor: the last page of a million rows costs what the first does.

A page is addressed by the row it comes after (?efter=) or before (?foer=): the values of the order's columns, signed
by nobody, for they select among rows that the queryset has already let through.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest

from .templatetags.danish import number

PAGE_SIZE = 50
COUNTED_TO = 1000  # beyond it counting costs more than the page


@dataclass(frozen=True)
class Page:
    """A page of a list, with the addresses around it; an address that would lead nowhere is None."""

    items: list[Model]
    count_text: str
    first_url: str | None
    previous_url: str | None
    next_url: str | None
    last_url: str | None
    export_urls: list[tuple[str, str]]


def paginate(
    request: HttpRequest, queryset: QuerySet, *order: str, noun: tuple[str, str], size: int = PAGE_SIZE
) -> Page:
    """The page that the address asks for. `order` must end in something unique; its columns must not be null."""
    after, before, last = (request.GET.get(name) for name in ("efter", "foer", "sidste"))
    backwards = before is not None or last is not None
    rows = queryset.order_by(*(_turned(order) if backwards else order))
    if cursor := before if before is not None else after:
        rows = rows.filter(_beyond(cursor, _turned(order) if backwards else order, queryset))
    elif after is not None or before is not None:
        raise Http404("an empty cursor")
    try:
        found = list(rows[: size + 1])
    except (ValidationError, ValueError, TypeError, FieldError) as error:
        raise Http404("a cursor of another list") from error
    more = len(found) > size
    items = found[:size]
    if backwards:
        items.reverse()
    has_next = more if not backwards else before is not None
    has_previous = more if backwards else after is not None
    return Page(
        items=items,
        count_text=_count_text(queryset.order_by(*order), noun),
        first_url=_address(request) if has_previous else None,
        previous_url=_address(request, foer=_cursor(items[0], order)) if has_previous and items else None,
        next_url=_address(request, efter=_cursor(items[-1], order)) if has_next and items else None,
        last_url=_address(request, sidste="1") if has_next else None,
        export_urls=[("CSV", _address(request, format="csv")), ("XLSX", _address(request, format="xlsx"))],
    )


def _turned(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _cursor(row: Model, order: Sequence[str]) -> str:
    values = [getattr(row, name.lstrip("-")) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values, cls=DjangoJSONEncoder).encode()).decode().rstrip("=")


def _beyond(cursor: str, order: Sequence[str], queryset: QuerySet) -> Q:
    """Rows that come after the cursor's: greater in the first column, or equal there and greater in the next, …"""
    try:
        values: list[Any] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise Http404("not a cursor") from error
    if not isinstance(values, list) or len(values) != len(order):
        raise Http404("a cursor of another list")
    if not all(_is_a_value(value) for value in values):
        raise Http404("a cursor of another list")
    beyond, equal = Q(), Q()
    try:
        for name, value in zip(order, values, strict=True):
            column = name.lstrip("-")
            beyond |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
            equal &= Q(**{column: value})
        # Said again of the first column alone, which an index can begin at; through the ORs above it reads every row.
        first = order[0].lstrip("-")
        beyond &= Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]})
        queryset.filter(beyond)  # a value that does not fit its column is refused here, before the database
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise Http404("a cursor of another list") from error
    return beyond


def _is_a_value(value: Any) -> bool:
    """Whether PostgreSQL could hold it: a text without NUL, or a number that fits a column."""
    match value:
        case bool():
            return False
        case str():
            return "\0" not in value
        case int() | float():
            return abs(value) < 2**63
        case _:
            return False


def _count_text(queryset: QuerySet, noun: tuple[str, str]) -> str:
    """Exactly to 1.000, and "over 1.000" after. In the list's order, whose index ends the search at the last of them;
    and without what is annotated, which a slice would compute."""
    count = queryset.values("pk")[: COUNTED_TO + 1].count()
    if count > COUNTED_TO:
        return f"over {number(COUNTED_TO)} {noun[1]}"
    return f"{number(count)} {noun[0] if count == 1 else noun[1]}"


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name in ("efter", "foer", "sidste", "format"):
        query.pop(name, None)
    query.update(changes)
    return f"{request.path}?{query.urlencode()}" if query else request.path
