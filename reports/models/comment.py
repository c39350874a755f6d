"""What writers and the approver say to each other about a section."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from sikkerby.models import User

from .note import Note
from .section import Section


class CommentQuerySet(models.QuerySet):
    def open(self):
        return self.filter(resolved_at__isnull=True)

    def resolved(self):
        return self.filter(resolved_at__isnull=False)

    def in_full(self):
        return self.select_related("section", "by", "resolved_by")

    def visible_to(self, user: User):
        """The office's and the approver's, as drafts are."""
        return self if user.sees_all else self.none()


class Comment(models.Model):
    """A remark on a section of a note, or on the note as a whole, open until someone has dealt with it. Never part of
    what is issued."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="comments", verbose_name="notat")
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, related_name="comments", verbose_name="afsnit"
    )
    text = models.TextField("kommentar", max_length=20_000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="skrevet af")
    at = models.DateTimeField("skrevet", default=timezone.now)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="afsluttet af")
    resolved_at = models.DateTimeField("afsluttet", null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "kommentar"
        verbose_name_plural = "kommentarer"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="reports_comment_resolved_by_someone",
            )
        ]

    def __str__(self):
        return self.text[:80]

    def resolve(self, *, by: User) -> None:
        """It is dealt with; whoever does it again changes nothing."""
        if self.resolved_at is None:
            self.resolved_by, self.resolved_at = by, timezone.now()
            self.save(update_fields=["resolved_by", "resolved_at"])
