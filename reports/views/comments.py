"""What the office and the approver say to each other about a draft."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from reports.forms.comments import CommentForm
from reports.models import Comment, Note
from reports.views import form_page
from sikkerby.forms import bind, locked, once
from sikkerby.permissions import FORM, POSTS, Act, may


@may(Act.COMMENT_ON_NOTES, FORM)
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was said, the open first; and a new comment, about a section or the whole note."""
    note = get_object_or_404(locked(request, Note.objects.visible_to(request.user)), pk=pk)
    form = bind(CommentForm, request, note=note, by=request.user, initial={"section": request.GET.get("afsnit")})
    if request.method == "POST":
        note.must_not_be_issued()
        if form.is_valid() and (made := once(request, form, form.save, to=_page_of)):
            messages.success(request, "Kommentaren er tilføjet.")
            return made
    said = note.comments.visible_to(request.user).in_full()
    context = {"open": said.open(), "resolved": said.resolved()}
    return form_page(request, note, "reports/comments.html", form, "Kommentarer", **context)


def _page_of(comment: Comment) -> str:
    return reverse("reports:comments", args=[comment.note_id])


@may(Act.COMMENT_ON_NOTES, POSTS)
def resolve(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    note = get_object_or_404(locked(request, Note.objects.visible_to(request.user)), pk=pk)
    note.must_not_be_issued()
    comment = get_object_or_404(note.comments.visible_to(request.user), pk=row)
    comment.resolve(by=request.user)
    messages.success(request, "Kommentaren er afsluttet.")
    return redirect(_page_of(comment))
