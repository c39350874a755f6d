"""The access log, which nobody browses: the administrator states a reason first, and the reading is itself logged."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from . import access
from .forms import CreateForm, bind, once
from .htmx import page
from .models import AccessLog, AccessLogReading
from .paging import paginate
from .permissions import FORM, READS, Act, may

LATEST = 20  # earlier readings that are shown


class ReadingForm(CreateForm):
    class Meta:
        model = AccessLogReading
        fields = ["because", "person", "document", "first_day", "last_day"]
        widgets = {"because": forms.Textarea(attrs={"rows": 2})}
        labels = {"because": "Hvorfor skal loggen læses?"}
        help_texts = {
            "because": "For eksempel et journalnummer og hvem der har bedt om det. Begrundelsen gemmes med dit navn.",
            "document": "En del af navnet på det, der er hentet, for eksempel »Notat 17« eller »Bilag 2«.",
        }

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Slutdatoen ligger før startdatoen. Ret en af datoerne.")
        return cleaned


@may(Act.READ_ACCESS_LOG, FORM)
def access_log(request: HttpRequest) -> HttpResponse:
    """The reason, and what is looked for; below it who has read the log before."""
    form = bind(ReadingForm, request, instance=AccessLogReading(by=request.user))
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, form.save):
            return made
    context = {
        "form": form,
        "readings": AccessLogReading.objects.select_related("by", "person")[:LATEST],
        "crumbs": [("Adgangslog", None)],
    }
    return page(request, "access_log.html", context, status=422 if form.errors else 200)


@may(Act.READ_ACCESS_LOG, READS)
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked for, to the one who asked, as it was then. Each look is one more row in the log."""
    found = get_object_or_404(AccessLogReading.objects.filter(by=request.user), pk=pk)
    access.record(request, f"Adgangsloggen: {found.asked_for}")
    entries = AccessLog.objects.read_by(found)
    context = {
        "reading": found,
        "page": paginate(request, entries, "-pk", noun=("hentning", "hentninger")),
        "crumbs": [("Adgangslog", reverse("access_log")), ("Læsning", None)],
    }
    return page(request, "access_log_reading.html", context)
