"""Meetings, the notes on them, and what the committee decided on each."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from reports.forms.meetings import (
    AddendumForm,
    DecisionForm,
    ItemForm,
    MeetingForm,
    NewItemForm,
    NewMeetingForm,
    PutForm,
)
from reports.letters import undelivered
from reports.meeting_package import package_of
from reports.models import AgendaItem, Committee, Decision, DecisionAddendum, Meeting, Note
from reports.models.decision import minutes_of
from reports.views import NOTES, form_page, saved
from reports.views.committees import COMMITTEES
from reports.views.documents import as_file
from sikkerby import access
from sikkerby.access import get_editable
from sikkerby.forms import bind, once, sent_before
from sikkerby.htmx import page
from sikkerby.middleware import Conflict
from sikkerby.models import User
from sikkerby.permissions import FORM, POSTS, READS, Act, may

# --- Meetings -----------------------------------------------------------------------------------------------------


@may(Act.READ_NOTES, READS)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The notes on it that this person may read, and what was decided there."""
    today, user = timezone.localdate(), request.user
    found = get_object_or_404(Meeting.objects.visible_to(user).select_related("committee"), pk=pk)
    items = AgendaItem.objects.visible_to(user).on(found).with_document().marking_replaced()
    context = {
        "meeting": found,
        "committee_name": found.committee.name_on(found.day),
        "items": items,
        "postponed": found.decisions().visible_to(user).postponed().exclude(item__in=items).select_related("note"),
        "papers": [item for item in items if item.note.status == Note.Status.ISSUED and not item.note.is_barred],
        "is_held": found.is_held(today),
        "may_plan": user.may(Act.PLAN_MEETINGS),
        "may_record": user.may(Act.RECORD_DECISIONS),
        "crumbs": [*_crumbs(found.committee), (found.when, None)],
    }
    return page(request, "reports/meeting.html", context)


@may(Act.READ_NOTES, READS)
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """All the papers of the meeting that this person may read. No row in the access log for each, no download."""
    found = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("committee"), pk=pk)
    items = list(AgendaItem.objects.visible_to(request.user).on(found).issued().with_document())
    if not items:
        raise Conflict("Der er ingen udsendte notater på mødet, som du kan læse.")
    body = package_of(items, request.user)
    for item in items:
        access.record(request, f"Notat {item.note.pk}: {item.note.document.filename} (mødet {found})")
    name = f"{found.day:%Y-%m-%d} {found.committee.name_on(found.day)}.zip"
    return as_file(body, name, content_type="application/zip")


@may(Act.PLAN_MEETINGS, FORM)
def new_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    committee = get_object_or_404(Committee.objects.visible_to(request.user), pk=pk)
    form = bind(NewMeetingForm, request, instance=Meeting(committee=committee))
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, form.save):
            messages.success(request, "Mødet er oprettet. Sæt nu notater på dagsordenen.")
            return made
    return _meeting_form(request, form, committee, "Nyt møde", committee.get_absolute_url())


@may(Act.PLAN_MEETINGS, FORM)
def change_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, Meeting, pk=pk)
    form = bind(MeetingForm, request, instance=found)
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, "Mødet er gemt.")
        return redirect(found)
    delete_url = reverse("reports:meeting_delete", args=[pk])
    return _meeting_form(request, form, found.committee, "Ret mødet", found.get_absolute_url(), delete_url=delete_url)


@may(Act.PLAN_MEETINGS, POSTS)
def delete_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_editable(request, Meeting, pk=pk)
    found.remove()
    messages.success(request, f"Mødet den {found.when} er slettet.")
    return redirect(found.committee)


@may(Act.PLAN_MEETINGS, FORM)
def put_on_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A note becomes an item; one that waits for a meeting of the committee moves here."""
    found = get_editable(request, Meeting, pk=pk)
    form = bind(PutForm, request, meeting=found)
    if request.method == "POST" and form.is_valid():
        note, number = form.cleaned_data["note"], form.cleaned_data["number"]
        if made := once(
            request, form, lambda: found.put(note, number=number), to=lambda item: found.get_absolute_url()
        ):
            messages.success(request, f"»{note}« er sat på dagsordenen.")
            return made
    return _meeting_form(
        request,
        form,
        found.committee,
        "Sæt et notat på dagsordenen",
        found.get_absolute_url(),
        verb="Sæt på dagsordenen",
    )


def _crumbs(committee: Committee) -> list:
    return [NOTES, COMMITTEES, (committee.name, committee.get_absolute_url())]


def _meeting_form(
    request: HttpRequest,
    form: BaseForm,
    committee: Committee,
    heading: str,
    back_url: str,
    *,
    verb: str = "Gem mødet",
    delete_url: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "heading": f"{heading}: {committee}",
        "verb": verb,
        "back_url": back_url,
        "delete_url": delete_url,
        "crumbs": [*_crumbs(committee), (heading, None)],
    }
    return page(request, "reports/meeting_form.html", context, status=422 if form.errors else 200)


# --- Which committees treat a note --------------------------------------------------------------------------------


def treatment_of(note: Note, user: User) -> dict:
    """For the note's page: each committee that treats it with how far it is, and what they decided."""
    today = timezone.localdate()
    items = list(note.items.in_full()) if note.status in (Note.Status.APPROVED, Note.Status.ISSUED) else []
    decisions = list(note.decisions.with_addenda())
    return {
        "items": [(item, item.meeting is not None and item.meeting.is_held(today)) for item in items],
        "all_done": bool(items) and all(item.is_done() for item in items),
        "minutes": minutes_of(decisions),
        "may_plan": user.may(Act.PLAN_MEETINGS),
        "may_record": user.may(Act.RECORD_DECISIONS),
        "undelivered": undelivered(note) if user.may(Act.ISSUE_NOTES) else [],
    }


def _item(request: HttpRequest, pk: int, row: int) -> AgendaItem:
    """The item, held while a POST changes it; of a note that this person may change."""
    note = get_editable(request, Note, pk=pk)
    get_object_or_404(note.items, pk=row)
    return get_editable(request, AgendaItem, pk=row)


@may(Act.PLAN_MEETINGS, FORM)
def new_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One more committee is to treat the note."""
    note = get_editable(request, Note, pk=pk)
    form = bind(NewItemForm, request, instance=AgendaItem(note=note), today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, lambda: AgendaItem.objects.add(form.save(commit=False))):
            messages.success(request, f"Notatet skal behandles i {form.cleaned_data['committee']}.")
            return made
    note.must_be_approved_or_issued()
    return form_page(request, note, "reports/item.html", form, "Sæt på en dagsorden")


@may(Act.PLAN_MEETINGS, FORM)
def change_item(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """To another meeting, or another number; what was decided on it keeps where it was."""
    item = _item(request, pk, row)
    item.must_be_movable()
    form = bind(ItemForm, request, instance=item)
    if request.method == "POST" and form.is_valid() and saved(form):
        messages.success(request, f"{item.committee} behandler notatet {_where(item)}.")
        return redirect(item)
    context = {"item": item, "may_be_removed": not item.decisions.exists()}
    return form_page(request, item.note, "reports/item.html", form, f"Flyt punktet: {item.committee}", **context)


def _where(item: AgendaItem) -> str:
    return f"på mødet den {item.meeting.when}" if item.meeting else "på et møde, der ikke er valgt endnu"


@may(Act.PLAN_MEETINGS, POSTS)
def remove_item(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    item = _item(request, pk, row)
    item.remove()
    messages.success(request, f"{item.committee} skal ikke længere behandle notatet.")
    return redirect(item.note)


# --- Decisions ----------------------------------------------------------------------------------------------------


@may(Act.RECORD_DECISIONS, FORM)
def record_decision(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """What the committee's minutes say, range by range; then it is final."""
    item = _item(request, pk, row)
    if request.method == "POST":
        item.hold_meeting()
    if not sent_before(request.POST.get("key")):
        item.must_be_treated(timezone.localdate())
    form = bind(DecisionForm, request, item=item)
    if request.method == "POST" and form.is_valid():
        if made := once(request, form, lambda: Decision.objects.record_all(form.decisions(), by=request.user)[-1]):
            messages.success(request, f"Beslutningen er noteret for {item.committee}.")
            return made
    points = item.note.recommendations.all()
    return form_page(request, item.note, "reports/decision.html", form, "Notér beslutning", item=item, points=points)


@may(Act.RECORD_DECISIONS, FORM)
def new_addendum(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """What a decision lacks, or says wrongly; it stands as it was recorded, with this below it."""
    note = get_editable(request, Note, pk=pk)
    decision = get_object_or_404(note.decisions, pk=row)
    form = bind(AddendumForm, request, instance=DecisionAddendum(decision=decision))
    if request.method == "POST" and form.is_valid():
        made = once(
            request,
            form,
            lambda: decision.add(form.cleaned_data["text"], by=request.user),
            to=lambda addendum: decision.get_absolute_url(),
        )
        if made:
            messages.success(request, "Tilføjelsen er noteret under beslutningen.")
            return made
    return form_page(request, note, "reports/addendum.html", form, "Føj til beslutningen", decision=decision)


@may(Act.READ_NOTES, READS)
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """The points and what was decided on them, to be printed."""
    note = get_object_or_404(Note.objects.visible_to(request.user).issued().with_document(), pk=pk)
    context = {
        "note": note,
        "points": note.recommendations.all(),
        "minutes": minutes_of(note.decisions.with_addenda()),
        "crumbs": [NOTES, (note.title, note.get_absolute_url()), ("Beslutning", None)],
    }
    return page(request, "reports/decisions.html", context)
