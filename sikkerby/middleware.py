"""What every request passes: the gate, and telling the database who is acting."""

import pghistory.middleware
from django.http import HttpResponseNotAllowed
from django.shortcuts import render

METHODS = ("GET", "HEAD", "POST")


class Conflict(Exception):
    """An act that the object's state forbids; the reason, in Danish, is shown (409)."""


def gate(get_response):
    """Refuse what no page answers, keep pages out of caches, and turn a Conflict into its page."""

    def pass_through(request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=400)
        if request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            return render(request, "400.html", status=400)  # Django would refuse it too, where no page can answer
        response = get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return pass_through


class ActingUser(pghistory.middleware.HistoryMiddleware):
    """Tag all that this request changes with the person and the page, for the history; and answer a Conflict."""

    def process_exception(self, request, exception):
        if isinstance(exception, Conflict):
            return render(request, "409.html", {"reason": str(exception)}, status=409)
        return None
