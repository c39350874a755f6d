"""Committees and their meetings, the notes they are given, what they decided and were promised, the documents as they
were issued, and the action card."""

from .action_card import ActionCard, ActionCardIssue
from .afterwards import Barring, Journalisation
from .comment import Comment
from .committee import Committee, CommitteeName, Seat
from .decision import Decision, DecisionAddendum
from .document import IssuedDocument
from .follow_up import FollowUp
from .job import PaperJob
from .meeting import AgendaItem, Meeting
from .note import Note, NoteStep, validate_ean
from .register import ChainCheck, RegisterEntry
from .section import Appendix, Recommendation, Section

__all__ = [
    "ActionCard",
    "ActionCardIssue",
    "AgendaItem",
    "Appendix",
    "Barring",
    "ChainCheck",
    "Comment",
    "Committee",
    "CommitteeName",
    "Decision",
    "DecisionAddendum",
    "FollowUp",
    "IssuedDocument",
    "Journalisation",
    "Meeting",
    "Note",
    "NoteStep",
    "PaperJob",
    "Recommendation",
    "RegisterEntry",
    "Seat",
    "Section",
    "validate_ean",
]
