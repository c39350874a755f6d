"""Closed years: their figures frozen when the count is closed, and what has moved since."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.db.models import Count, Exists, F, Func, OuterRef
from django.utils import timezone

from ..models import AnnualReturn, Closure, ClosureStep, Kind, ReportedTotal, YearlyAccount
from .counting import counted, on_days
from .parts import PARTS, Share, parts
from .years import YearFigures, recount, year

NOT_FROZEN = ("year", "closed_on", "today")


def freeze(closing: int) -> dict:
    """All that a closed year is shown from, as JSON, of reviewed closures only:

    - `year`: the fields of YearFigures: by kind, units, asked, answered, nil, confirmed, taken_out, reclassified …
    - `parts`: by each name of PARTS its shares, with key, label and half-days by kind; `institution` names the units
    - `missing`: [id, name] of each unit that was asked and has not answered
    - `closures`: by id the kind and half-days of each closure that counts, to tell what moved the year later
    """
    closures = Closure.objects.all()
    figures = asdict(year(closures, closing, reviewed_only=True))
    missing = AnnualReturn.objects.filter(year=closing).unanswered().order_by("institution__name", "institution")
    return {
        "year": {name: value for name, value in figures.items() if name not in NOT_FROZEN},
        "parts": {
            way: [asdict(share) for share in shares]
            for way, shares in parts(closures, closing, reviewed_only=True).items()
        },
        "missing": [list(row) for row in missing.values_list("institution", "institution__name")],
        "closures": {str(pk): list(row) for pk, row in _by_closure(closing).items()},
    }


def is_closed(year: int) -> bool:
    return YearlyAccount.objects.closed().filter(year=year).exists()


def shown(first: int, last: int, *, reviewed_only: bool = False, recounted: bool = True) -> list[YearFigures]:
    """Each year as people are shown it: a closed one as it was put to the committee, with today's recount beside it
    where that differs; an open one counted as of now. For a note: `reviewed_only`, and closed years not `recounted`."""
    closed = YearlyAccount.objects.closed().filter(year__range=(first, last))
    frozen = {
        each: YearFigures(year=each, closed_on=timezone.localdate(closed_at), **figures)
        for each, closed_at, figures in closed.values_list("year", "closed_at", "figures__year")
    }
    settled = frozen.keys() - (touched() if recounted and frozen else ())
    wanted = [each for each in range(first, last + 1) if each not in settled]
    live = {
        each.year: each
        for each in recount(Closure.objects.all(), wanted, reviewed=wanted if reviewed_only else frozen.keys())
    }
    return [_beside(frozen.get(each), live.get(each)) for each in range(first, last + 1)]


def _beside(frozen: YearFigures | None, live: YearFigures | None) -> YearFigures:
    if frozen is None:
        return live
    return frozen if live is None or live.counts_as(frozen) else replace(frozen, today=live)


def parts_shown(
    year: int, *, reviewed_only: bool = False, by: Collection[str] = tuple(PARTS)
) -> dict[str, list[Share]]:
    """The parts of the year as `shown` has its total."""
    frozen = YearlyAccount.objects.closed().filter(year=year).values_list("figures__parts", flat=True).first()
    if frozen is None:
        return parts(Closure.objects.all(), year, reviewed_only=reviewed_only, by=by)
    return {way: [Share(**share) for share in frozen[way]] for way in by}


# --- After the year was closed ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A closure that counts otherwise in a closed year than it did when the year was closed."""

    closure: Closure
    before: tuple[str, int]  # kind and half-days; no half-days where it did not count
    after: tuple[str, int]
    step: ClosureStep | None  # the last that can have moved it; none where another closure did

    @property
    def before_days(self) -> int:
        return self.before[1]

    @property
    def after_days(self) -> int:
        return self.after[1]

    @property
    def changed_kind(self) -> bool:
        return self.before[0] != self.after[0]


def touched() -> set[int]:
    """The closed years whose totals something may have moved since: those alone are counted again. An act on a closure
    says which it moves (ClosureStep.closed_years); of a total without dates, its history tells. What is changed of a
    unit moves no total: a parent that would is refused (InstitutionForm)."""
    steps = ClosureStep.objects.after_account().order_by()
    years = set(steps.values_list(Func("closed_years", function="unnest"), flat=True).distinct())
    totals = ReportedTotal.pgh_event_model.objects
    changed_since = totals.filter(pgh_obj=OuterRef("pgh_obj"), pgh_created_at__gt=OuterRef(OuterRef("closed_at")))
    of_the_year = totals.filter(Exists(changed_since), year=OuterRef("year"))  # then, or before it was changed
    years.update(YearlyAccount.objects.closed().filter(Exists(of_the_year)).values_list("year", flat=True))
    return years


def after_closing() -> Exists:
    """Of a closure: that something was done to it that could move a closed year, after it was closed (efter
    årsopgørelsen)."""
    return Exists(ClosureStep.objects.after_account().filter(closure=OuterRef("pk")))


def moved(year: int) -> list[Moved]:
    """What moved the closed year since: each closure that counts otherwise now, newest first."""
    frozen = YearlyAccount.objects.closed().filter(year=year).values_list("figures__closures", flat=True).first()
    if frozen is None:
        return []
    then, now = {int(pk): tuple(row) for pk, row in frozen.items()}, _by_closure(year)
    differing = [pk for pk in then.keys() | now.keys() if then.get(pk) != now.get(pk)]
    steps = ClosureStep.objects.filter(closure__in=differing, closed_years__contains=[year]).select_related("by")
    last_steps = {step.closure_id: step for step in steps}
    return [
        Moved(
            closure=closure,
            before=then.get(closure.pk, (closure.kind, 0)),
            after=now.get(closure.pk, (closure.kind, 0)),
            step=last_steps.get(closure.pk),
        )
        for closure in Closure.objects.filter(pk__in=differing).with_institution()
    ]


def _by_closure(year: int) -> dict[int, tuple[str, int]]:
    """The kind and the half-days of each closure that counts in the year."""
    days = on_days(date(year, 1, 1), date(year, 12, 31))
    half_days = counted(Closure.objects.all(), reviewed_only=True).filter(days).order_by()
    rows = half_days.values("closure").annotate(kind=F("closure__kind"), count=Count("pk"))
    return {row["closure"]: (str(Kind(row["kind"])), row["count"]) for row in rows}
