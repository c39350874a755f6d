"""What every change of when units should be open goes through: it asks before anything counted changes."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from sikkerby.forms import CreateForm, once
from sikkerby.htmx import page

from ..forms.institutions import RecountForm
from ..models import OpeningChange


def opening_change(request: HttpRequest, institutions: models.QuerySet, *days: tuple) -> OpeningChange:
    """A change of when these should be open on some days, with the answer that was posted, if one was."""
    answer = RecountForm(request.POST).given
    return OpeningChange(institutions=institutions, days=days, by=request.user, today=timezone.localdate(), **answer)


def saved(
    request: HttpRequest, form: BaseForm, change: OpeningChange, save: Callable, *, owner: models.Model
) -> HttpResponse | None:
    """Save the form and go to what the row belongs to; or None, and the form asks about the closures it touches."""

    def make() -> models.Model:
        change.make(save)
        messages.success(request, f"Ændringen er gemt for {owner}. {change.outcome}".strip())
        return owner

    if isinstance(form, CreateForm):
        return once(request, form, make)
    try:
        return redirect(make())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def removed(
    request: HttpRequest, row: models.Model, change: OpeningChange, *, owner: models.Model, crumbs: list
) -> HttpResponse:
    """Delete the row and go to what it belonged to; or a page that asks about the closures this touches."""
    heading, form = f"Slet: {row}", RecountForm(request.POST)
    try:
        change.make(row.delete)
    except ValidationError as refusal:
        form.add_error(None, refusal)
    else:
        messages.success(request, f"Slettet for {owner}. {change.outcome}".strip())
        return redirect(owner)
    context = {"form": form, "heading": heading, "back_url": crumbs[-2][1], "crumbs": crumbs, **_asked(change)}
    return page(request, "closures/recount.html", context, status=422)


def _asked(change: OpeningChange | None) -> dict:
    """What a page needs to ask about the closures that a change touches."""
    if change is None or not change.touched:
        return {"change": None}
    answer = RecountForm(initial={"seen": change.fingerprint, "closed_years_too": change.closed_years_too})
    return {"change": change, "recount": answer}


def form_page(
    request: HttpRequest,
    form: BaseForm,
    heading: str,
    crumbs: list,
    *,
    change: OpeningChange | None = None,
    delete_url: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "delete_url": delete_url,
        "back_url": crumbs[-2][1],
        "crumbs": crumbs,
        **_asked(change),
    }
    return page(request, "closures/form.html", context, status=422 if form.errors else 200)
