"""Institutions, when they should have been open, and when they were closed all the same."""

from .closure import (
    AHEAD,
    PEOPLE_HINT,
    ClosedHalfDay,
    Closure,
    ClosureStep,
    Incident,
    Kind,
    ReducedService,
    TakenOutHalfDay,
)
from .institution import Institution, Leadership, OpeningHours, PlannedClosing, SharedCalendar
from .year import AnnualReturn, ReportedTotal, YearlyAccount

__all__ = [
    "AHEAD",
    "PEOPLE_HINT",
    "AnnualReturn",
    "ClosedHalfDay",
    "Closure",
    "ClosureStep",
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
