"""A page, or for an htmx request the part of it that is swapped in: one template, one context."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, context: dict, *, partial: str | None = None, status: int = 200
) -> HttpResponse:
    """A page, or only its {% partialdef %} when htmx asks for that part. Going back in history gets it all."""
    if partial and request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request:
        template = f"{template}#{partial}"
    response = render(request, template, context, status=status)
    if partial:
        response.headers["Vary"] = "HX-Request"
    return response
