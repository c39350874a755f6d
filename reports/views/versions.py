"""How a section stood before, and those that were removed: to be read, and to be brought back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from reports.models import Section
from reports.versions import bring_back, difference, put_back, removed_from, versions_of
from reports.views import draft, form_page
from sikkerby.forms import locked
from sikkerby.permissions import POSTS, READS, Act, may


@may(Act.WRITE_NOTES, READS)
def versions(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Who wrote when; and of the chosen version what it changed in the one before."""
    note = draft(request, pk)
    found = get_object_or_404(note.sections, pk=section)
    all_of_them = versions_of(found)
    place = next((i for i, each in enumerate(all_of_them) if str(each.pk) == request.GET.get("udgave")), 0)
    chosen = all_of_them[place]
    before = all_of_them[place + 1].text if place + 1 < len(all_of_them) else ""
    context = {
        "section": found,
        "versions": all_of_them,
        "chosen": chosen,
        "is_newest": place == 0,
        "pieces": list(difference(before, chosen.text)),
    }
    return form_page(request, note, "reports/versions.html", None, f"Versioner af »{found}«", **context)


@may(Act.WRITE_NOTES, POSTS)
def restore_version(request: HttpRequest, pk: int, section: int, row: int) -> HttpResponse:
    note = draft(request, pk)
    found = get_object_or_404(locked(request, note.sections.all()), pk=section)
    get_object_or_404(Section.pgh_event_model, pgh_obj_id=found.pk, pgh_id=row)
    bring_back(found, row)
    messages.success(request, "Versionen er hentet frem igen. Det, der stod før, ligger stadig blandt versionerne.")
    return redirect(found)


@may(Act.WRITE_NOTES, READS)
def removed_sections(request: HttpRequest, pk: int) -> HttpResponse:
    note = draft(request, pk)
    return form_page(request, note, "reports/removed.html", None, "Fjernede afsnit", removed=removed_from(note))


@may(Act.WRITE_NOTES, POSTS)
def restore_section(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    note = draft(request, pk)
    section = put_back(note, get_object_or_404(removed_from(note), pgh_id=row))
    messages.success(request, f"Afsnittet »{section}« er sat ind igen.")
    return redirect(f"{reverse('reports:note', args=[note.pk])}#afsnit")
