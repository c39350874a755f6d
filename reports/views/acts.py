"""A note's way to the committee, act by act."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from reports.doubts import doubts
from reports.forms.issuing import IssueForm
from reports.forms.notes import CorrectForm, SendBackForm
from reports.jobs import takes_a_job
from reports.models import Note, PaperJob
from reports.pdf import PdfError
from reports.views import form_page, saved
from sikkerby.access import get_editable
from sikkerby.forms import bind, once
from sikkerby.middleware import Conflict
from sikkerby.permissions import FORM, POSTS, Act, may
from sikkerby.snapshot import one_snapshot


@may(Act.WRITE_NOTES, POSTS)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_editable(request, Note, pk=pk)
    note.submit(by=request.user)
    messages.success(request, "Notatet er sendt til godkendelse. Det kan ikke ændres, før godkenderen har svaret.")
    return redirect(note)


@may(Act.WRITE_NOTES, POSTS)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_editable(request, Note, pk=pk)
    note.take_back(by=request.user)
    messages.success(request, "Notatet er igen et udkast. Send det til godkendelse, når det er rettet.")
    return redirect(note)


@may(Act.APPROVE_NOTES, FORM)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The approver says what should be changed."""
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    note.must_be_sent()
    form = bind(SendBackForm, request)
    if request.method == "POST" and form.is_valid():
        note.send_back(by=request.user, comment=form.cleaned_data["comment"])
        messages.success(request, f"Notatet er sendt tilbage til {note.written_by}.")
        return redirect(note)
    return form_page(request, note, "reports/send_back.html", form, "Send tilbage")


@may(Act.APPROVE_NOTES, POSTS)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    note.approve(by=request.user, read=request.POST.get("version"))
    messages.success(request, f"Notatet er godkendt. Nu kan Center for Sikker By udsende det til {note.committee}.")
    return redirect(note)


@transaction.non_atomic_requests
@may(Act.ISSUE_NOTES, FORM)
@one_snapshot
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen, what looks odd, and the numbers from the case system; then it is final."""
    note = get_editable(request, Note, pk=pk)
    note.must_be_approved()
    form = bind(IssueForm, request, instance=note, doubts=doubts(note, on=timezone.localdate()))
    if request.method == "POST" and form.is_valid() and saved(form):
        if takes_a_job(note, issuing=True):
            return redirect(PaperJob.objects.order(note, PaperJob.Purpose.ISSUE, by=request.user, despite=form.doubts))
        try:
            note.issue(by=request.user, despite=form.doubts)
        except PdfError as error:
            raise Conflict(str(error)) from error
        messages.success(request, f"Notatet er udsendt til {note.committee} og kan ikke længere ændres.")
        return redirect(note)
    return form_page(request, note, "reports/issue.html", form, "Udsend")


@may(Act.WRITE_NOTES, FORM)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft that replaces what was issued, which stays as it is."""
    note = get_editable(request, Note, pk=pk)
    form = bind(CorrectForm, request)
    if request.method == "POST" and form.is_valid():
        made = once(
            request,
            form,
            lambda: Note.objects.correct(
                note, by=request.user, because=form.cleaned_data["because"], today=timezone.localdate()
            ),
        )
        if made:
            messages.success(request, "Rettelsen er oprettet som udkast med det udsendte notats indhold.")
            return made
    note.must_be_replaceable()
    return form_page(request, note, "reports/correct.html", form, "Lav en rettelse")
