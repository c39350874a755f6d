"""Institutions, when they should have been open, and when they were closed all the same."""

from .closure import AHEAD, ClosedHalfDay, Closure, ClosureStep, Kind, TakenOutHalfDay
from .importing import Import
from .incident import PEOPLE_HINT, Incident
from .institution import Institution, Leadership, OpeningHours, PlannedClosing, SharedCalendar
from .reduced_service import ReducedService
from .year import AnnualReturn, ReportedTotal, YearlyAccount

__all__ = [
    "AHEAD",
    "PEOPLE_HINT",
    "AnnualReturn",
    "ClosedHalfDay",
    "Closure",
    "ClosureStep",
    "Import",
    "Incident",
    "Institution",
    "Kind",
    "Leadership",
    "OpeningHours",
    "PlannedClosing",
    "ReducedService",
    "ReportedTotal",
    "SharedCalendar",
    "TakenOutHalfDay",
    "YearlyAccount",
]
