"""Every number about closures. A Closure queryset in, plain frozen values out; the database does the adding up.

All numbers are half-days, the unit of count; templates show them as days ({{ half_days|days }}). What counts:

- the half-days of closures that are reviewed (`reviewed_only`, for notes and closed years), or that hold their
  half-days at all: awaiting, returned and reviewed ones (the open year shows all that is reported);
- not a service's half-day on which its parent is closed in the same counted set;
- totals without dates (ReportedTotal), as for 2012. They are the whole city's or a unit's, and follow no closure:
  who narrows the closures passes the totals that belong (`totals=`), and likewise the answers (`answers=`).

`counting` says which half-days count, `years` and `parts` count them, `account` freezes a year and shows it as it was
put to the committee, `words` says it. A year is counted anew by `years`; what people are shown comes from `shown`.
"""

from .account import Moved, after_closing, freeze, is_closed, moved, parts_shown, shown
from .counting import Sum, between, counted, with_counted
from .parts import (
    PARTS,
    Share,
    by_administration,
    by_cause,
    by_district,
    by_incident,
    by_institution,
    by_institution_kind,
    by_month,
    by_scope,
    by_weekday,
    parts,
)
from .words import BREAK_IN_METHOD, GOAL_LEFT_OPEN, answers, bar, chart, comparison, finding, line
from .years import BASELINE_YEAR, YearFigures, baseline, year, years

__all__ = [
    "BASELINE_YEAR",
    "BREAK_IN_METHOD",
    "GOAL_LEFT_OPEN",
    "PARTS",
    "Moved",
    "Share",
    "Sum",
    "YearFigures",
    "after_closing",
    "answers",
    "bar",
    "baseline",
    "between",
    "by_administration",
    "by_cause",
    "by_district",
    "by_incident",
    "by_institution",
    "by_institution_kind",
    "by_month",
    "by_scope",
    "by_weekday",
    "chart",
    "comparison",
    "counted",
    "finding",
    "freeze",
    "is_closed",
    "line",
    "moved",
    "parts",
    "parts_shown",
    "shown",
    "with_counted",
    "year",
    "years",
]
