"""Registering: a closure, told in two minutes on a phone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.permissions import FORM, Act, may

from ..forms.closures import CountForm, RegisterForm
from ..models import Closure, Institution
from .closures import LIST, status_of


@may(Act.REGISTER_CLOSURES, FORM)
def new(request: HttpRequest) -> HttpResponse:
    """One short form, for a phone under pressure."""
    today = timezone.localdate()
    form = bind(RegisterForm, request, institutions=Institution.objects.reported_by(request.user), today=today)
    if chosen := request.GET.get("institution"):
        form.initial.setdefault("institution", chosen)

    def register() -> Closure:
        closure = Closure.objects.register(by=request.user, today=today, **form.reported)
        messages.success(
            request, f"Lukningen er registreret som {closure.number}. Nu gennemgår Center for Sikker By den."
        )
        return closure

    if form.is_valid() and (response := once(request, form, register)):
        return response
    crumbs = [LIST, ("Registrér lukning", "")]
    return page(request, "closures/new.html", {"form": form, "crumbs": crumbs}, status=status_of(form))


@may(Act.REGISTER_CLOSURES)
def count(request: HttpRequest) -> HttpResponse:
    """What the dates count as, while they are typed."""
    today = timezone.localdate()
    form = CountForm(request.GET, institutions=Institution.objects.reported_by(request.user), by=request.user)
    return page(request, "closures/count.html", {"count": form.explain(today)}, partial="count")
