"""Sheets of closures on their way into the register: sent, looked at, saved."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from sikkerby.access import get_editable
from sikkerby.exports import XLSX
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.paging import Page, paginate
from sikkerby.permissions import FORM, POSTS, Act, may
from sikkerby.templatetags.danish import number

from .. import importing
from ..forms.importing import ImportForm
from ..models import Import, Institution
from ..models.importing import PAGE
from .closures import LIST

IMPORTS = ("Indlæs fra regneark", "/lukninger/indlaes/")
SHOWN = {"fejl": "error", "nye": "new", "findes": "exists"}


@may(Act.IMPORT_CLOSURES, FORM)
def imports(request: HttpRequest) -> HttpResponse:
    """Send a sheet; and those that were sent before."""
    form = bind(ImportForm, request)

    def receive() -> Import:
        return importing.receive(
            file=form.cleaned_data["file"],
            small=form.is_small,
            reviewed=form.cleaned_data["reviewed"],
            by=request.user,
            today=timezone.localdate(),
        )

    if request.method == "POST" and form.is_valid() and (response := once(request, form, receive)):
        return response
    sent = Import.objects.visible_to(request.user).overviews()
    found = paginate(request, sent, "-imported_at", "-pk", noun=("indlæsning", "indlæsninger"))
    found.export_urls.clear()  # nobody asks for these as a file
    context = {
        "form": form,
        "page": found,
        "crumbs": [LIST, ("Indlæs fra regneark", "")],
    }
    return page(request, "closures/imports.html", context, status=422 if form.is_bound and form.errors else 200)


@may(Act.IMPORT_CLOSURES)
def template(request: HttpRequest) -> HttpResponse:
    """The sheet to fill in."""
    match request.GET.get("format", "xlsx"):
        case "csv":
            body, content_type, name = importing.template_csv(), "text/csv; charset=utf-8", "Skabelon.csv"
        case "xlsx":
            institutions = Institution.objects.visible_to(request.user).with_facts(timezone.localdate())
            body, content_type, name = importing.template_xlsx(institutions), XLSX, "Skabelon.xlsx"
        case _:
            raise Http404("no such format")
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@may(Act.IMPORT_CLOSURES)
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """What the sheet would do, or did, row by row; and how far it is while it is under way."""
    sheet = get_object_or_404(Import.objects.visible_to(request.user).overviews(), pk=pk)
    counts = sheet.counts or {}
    shown = request.GET.get("vis") or next((name for name, each in SHOWN.items() if counts.get(each)), "fejl")
    if shown not in SHOWN:
        raise Http404("no such verdict")
    under_way, interrupted = sheet.status in Import.UNDER_WAY, sheet.is_interrupted
    rows = _page(request, sheet, shown, counts.get(SHOWN[shown], 0))
    context = {
        "import": sheet,
        "counts": counts,
        "shown": shown,
        "tabs": [
            (name, label, counts.get(SHOWN[name], 0))
            for name, label in (("fejl", "Fejl"), ("nye", "Nye"), ("findes", "Findes allerede"))
        ],
        "page": rows,
        "under_way": under_way,
        "interrupted": interrupted,
        "may_discard": sheet.status != Import.Status.SAVED and (interrupted or not under_way),
        "may_save": sheet.status == Import.Status.READY and counts.get("new", 0) > 0,
        "crumbs": [LIST, IMPORTS, (str(sheet), "")],
    }
    return page(request, "closures/import.html", context, partial="state")


def _page(request: HttpRequest, sheet: Import, shown: str, count: int) -> Page:
    """A page of rows. They are kept in pages, so the last costs what the first does."""
    asked = request.GET.get("side", "1")
    last = max(1, -(-count // PAGE))
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6 or not 1 <= int(asked) <= last:
        raise Http404("no such page")
    at = int(asked)

    def address(place: int) -> str:
        return f"{request.path}?vis={shown}&side={place}"

    return Page(
        items=sheet.rows_of(SHOWN[shown], at - 1),
        count_text=f"{number(count)} {'række' if count == 1 else 'rækker'}",
        first_url=address(1) if at > 1 else None,
        previous_url=address(at - 1) if at > 1 else None,
        next_url=address(at + 1) if at < last else None,
        last_url=address(last) if at < last else None,
        export_urls=[],
    )


@may(Act.IMPORT_CLOSURES, POSTS)
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it or nothing. A second click finds it saved."""
    sheet = get_editable(request, Import, pk=pk)
    if sheet.status in (Import.Status.SAVED, Import.Status.SAVING):
        messages.info(request, "Arket er allerede gemt, eller det er ved at blive gemt. Det bliver kun gemt én gang.")
    elif not importing.ask_to_save(sheet, by=request.user, today=timezone.localdate()):
        messages.warning(request, "Intet er gemt, for registret er ændret, siden arket blev kontrolleret.")
    elif sheet.status == Import.Status.SAVED:
        messages.success(request, "Alle rækker er gemt.")
    return redirect(sheet)


@may(Act.IMPORT_CLOSURES, POSTS)
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = get_editable(request, Import, pk=pk)
    importing.try_again(sheet)
    messages.success(request, "Arket bliver kontrolleret igen.")
    return redirect(sheet)


@may(Act.IMPORT_CLOSURES, POSTS)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = get_editable(request, Import, pk=pk)
    importing.discard(sheet)
    messages.success(request, "Indlæsningen og filen er slettet. Der er ikke ændret i registret.")
    return redirect("closures:imports")
