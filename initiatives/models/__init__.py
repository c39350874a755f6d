"""Strategies, their principles and targets, and the initiatives that carry them out."""

from .followup import Evaluation, Funding, Measurement, Milestone, StatusUpdate, Target
from .initiative import Carrier, Initiative, InitiativeDistrict, InitiativePartner, Partner, PrincipleEntry
from .strategy import YEARS, Principle, PrincipleQuerySet, Strategy

__all__ = [
    "Carrier",
    "Evaluation",
    "Funding",
    "Initiative",
    "InitiativeDistrict",
    "InitiativePartner",
    "Measurement",
    "Milestone",
    "Partner",
    "Principle",
    "PrincipleEntry",
    "PrincipleQuerySet",
    "StatusUpdate",
    "Strategy",
    "Target",
    "YEARS",
]
