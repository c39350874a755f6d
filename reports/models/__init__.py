"""Committees, the notes they are given, what they decided, the documents as issued, and the action card."""

from .action_card import ActionCard, ActionCardIssue
from .committee import Committee, CommitteeName, Seat
from .document import IssuedDocument
from .meeting import Decision, FollowUp
from .note import Note, NoteStep, validate_ean
from .section import Appendix, Recommendation, Section

__all__ = [
    "ActionCard",
    "ActionCardIssue",
    "Appendix",
    "Committee",
    "CommitteeName",
    "Decision",
    "FollowUp",
    "IssuedDocument",
    "Note",
    "NoteStep",
    "Recommendation",
    "Seat",
    "Section",
    "validate_ean",
]
