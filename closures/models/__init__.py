"""Institutions, when they should have been open, and when they were closed all the same."""

from .closure import AHEAD, SIKKER_BY_BEGAN, Closure, Kind
from .half_day import ClosedHalfDay, TakenOutHalfDay
from .importing import Import
from .incident import PEOPLE_HINT, Incident
from .institution import Institution, Leadership, OpeningHours, PlannedClosing, SharedCalendar
from .opening import EVER, Answer, OpeningChange
from .reduced_service import ReducedService
from .step import ClosureStep
from .year import AnnualReturn, ReportedTotal, YearlyAccount

__all__ = [
    "AHEAD",
    "EVER",
    "PEOPLE_HINT",
    "SIKKER_BY_BEGAN",
    "AnnualReturn",
    "Answer",
    "ClosedHalfDay",
    "Closure",
    "ClosureStep",
    "Import",
    "Incident",
    "Institution",
    "Kind",
    "Leadership",
    "OpeningChange",
    "OpeningHours",
    "PlannedClosing",
    "ReducedService",
    "ReportedTotal",
    "SharedCalendar",
    "TakenOutHalfDay",
    "YearlyAccount",
]
