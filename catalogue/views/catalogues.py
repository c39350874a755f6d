"""A catalogue: subject, criteria, from proposals to what is included, themes, editions. Edited by the office."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from catalogue.forms import CatalogueForm, EditionForm, NewCatalogueForm, NewThemeForm, ThemeForm
from catalogue.models import Catalogue, Edition, Practice, Theme
from sikkerby.access import get_editable
from sikkerby.forms import bind, once
from sikkerby.htmx import page
from sikkerby.permissions import FORM, READS, Act, may

from .practices import crumbs, works_on_it


@may(Act.READ_CATALOGUE, READS)
def catalogue(request: HttpRequest, pk: int) -> HttpResponse:
    """As it would be read: what belongs in it and why, then theme by theme."""
    found = get_object_or_404(Catalogue.objects.visible_to(request.user).with_included(), pk=pk)
    practices = Practice.objects.visible_to(request.user).in_chapters()
    context = {
        "catalogue": found,
        "themes": found.themes.prefetch_related(Prefetch("practices", practices, to_attr="shown")),
        "without_theme": practices.in_catalogue(found).filter(theme=None),
        "editions": found.editions.all(),
        "may_edit": request.user.may(Act.EDIT_CATALOGUE),
        "may_read_history": works_on_it(request.user),
        "crumbs": crumbs(found.title),
    }
    return page(request, "catalogue/catalogue.html", context)


@may(Act.EDIT_CATALOGUE, FORM)
def new_catalogue(request: HttpRequest) -> HttpResponse:
    form = bind(NewCatalogueForm, request)
    if request.method == "POST" and form.is_valid() and (made := once(request, form, form.save)):
        messages.success(request, "Kataloget er oprettet. Tilføj nu temaer.")
        return made
    context = {"form": form, "heading": "Nyt katalog", "verb": "Opret kataloget", "crumbs": crumbs("Nyt katalog")}
    return page(request, "catalogue/form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_CATALOGUE, FORM)
def edit_catalogue(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, Catalogue, pk=pk)
    trail = crumbs(found, "Ret")
    form = bind(CatalogueForm, request, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Kataloget er gemt.")
        return redirect(found)
    context = {"form": form, "heading": "Ret kataloget", "verb": "Gem kataloget", "crumbs": trail}
    return page(request, "catalogue/form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_CATALOGUE, FORM)
def new_theme(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, Catalogue, pk=pk)
    form = bind(NewThemeForm, request, instance=Theme(catalogue=found))
    if request.method == "POST" and form.is_valid() and (made := once(request, form, form.save)):
        messages.success(request, "Temaet er tilføjet.")
        return made
    context = {"form": form, "heading": "Nyt tema", "verb": "Tilføj temaet", "crumbs": crumbs(found, "Nyt tema")}
    return page(request, "catalogue/form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_CATALOGUE, FORM)
def edit_theme(request: HttpRequest, pk: int) -> HttpResponse:
    theme = get_editable(request, Theme, pk=pk)
    form = bind(ThemeForm, request, instance=theme)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Temaet er gemt.")
        return redirect(form.save())
    trail = crumbs(theme.catalogue, "Ret temaet")
    context = {"form": form, "heading": "Ret temaet", "verb": "Gem temaet", "crumbs": trail}
    return page(request, "catalogue/form.html", context, status=422 if form.errors else 200)


@may(Act.EDIT_CATALOGUE, FORM)
def new_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on leaders and committee members see the catalogue, and what it includes."""
    found = get_editable(request, Catalogue, pk=pk)
    form = bind(EditionForm, request, instance=Edition(catalogue=found))
    if request.method == "POST" and form.is_valid() and (made := once(request, form, form.save)):
        messages.success(request, "Udgaven er noteret. Institutionsledere og udvalgsmedlemmer kan nu læse kataloget.")
        return made
    trail = crumbs(found, "Ny udgave")
    context = {"form": form, "heading": "Notér en udgave", "verb": "Notér udgaven", "crumbs": trail}
    return page(request, "catalogue/form.html", context, status=422 if form.errors else 200)
