"""Which half-days count, and what those of some closures come to: a list and the sum below it."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..models import ClosedHalfDay, Closure, ReportedTotal, TakenOutHalfDay

NOT_REVIEWED = Q(closure__status__in=Closure.UNREVIEWED)  # of those that count
EVERY_DAY = Q()  # `when` narrows by the half-day itself: Q(day__month=3), Q(day__iso_week_day=1)


def counted(closures: QuerySet, *, reviewed_only: bool) -> QuerySet:
    """The half-days that count, each once: not a service's while its parent is closed.

    Withdrawn and excluded closures have none, so all that there are count where all that is reported does.
    """
    half_days = of_the_parent = ClosedHalfDay.objects.all()
    if reviewed_only:
        half_days = of_the_parent = half_days.filter(closure__status=Closure.Status.REVIEWED)
    if closures.query.where or closures.query.is_sliced:  # else naming each would cost as much as counting
        half_days = half_days.filter(closure__in=closures.order_by())
    of_the_parent = of_the_parent.filter(
        institution=OuterRef("institution__parent"), day=OuterRef("day"), half=OuterRef("half")
    )
    return half_days.filter(Q(institution__parent__isnull=True) | ~Exists(of_the_parent))


def not_ended_before(day: date, closure: str = "") -> Q:
    """Of closures, or by the name of the way to them: an index then leaves out those of earlier years."""
    return Q(**{f"{closure}last_day__gte": day}) | Q(**{f"{closure}last_day__isnull": True})


def on_days(first_day: date, last_day: date) -> Q:
    """Of half-days, both days included. A closure that ended before has none of them."""
    return Q(day__range=(first_day, last_day)) & not_ended_before(first_day, "closure__")


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What some closures count between two days, in half-days, and the totals without dates that belong to them."""

    dated: int
    not_reviewed: int
    units: int | None
    undated: int
    taken_out: int = 0

    @property
    def total(self) -> int:
        return self.dated + self.undated


def between(
    closures: QuerySet,
    first_day: date,
    last_day: date,
    *,
    reviewed_only: bool = False,
    when: Q = EVERY_DAY,
    totals: QuerySet | None = None,
    taken_out: bool = False,
) -> Sum:
    """What these closures count between two days of a year, both included: the sum below a list of them. Excluded ones
    count nothing; `taken_out` sums what review took out with them."""
    if taken_out:
        rows = TakenOutHalfDay.objects.filter(when, closure__in=closures.order_by(), day__range=(first_day, last_day))
        return Sum(dated=0, not_reviewed=0, units=0, undated=0, taken_out=rows.count())
    if closures.query.where:
        closures = closures.filter(not_ended_before(first_day))
    half_days = counted(closures, reviewed_only=reviewed_only).filter(when, day__range=(first_day, last_day)).order_by()
    # Unit by unit: to count distinct units, PostgreSQL would sort every half-day.
    of_units = half_days.values("institution").annotate(count=Count("pk"))
    found = of_units.aggregate(units=Count("*"), dated=Coalesce(models.Sum("count"), 0))
    unreviewed = half_days.none() if reviewed_only else half_days.filter(NOT_REVIEWED, on_days(first_day, last_day))
    found["not_reviewed"] = unreviewed.count()
    totals = ReportedTotal.objects.none() if totals is None else totals.order_by()
    undated = totals.aggregate(
        undated=Coalesce(models.Sum("half_days"), 0),
        city_totals=Count("pk", filter=Q(institution__isnull=True)),
        more=Count("institution", distinct=True, filter=~Exists(half_days.filter(institution=OuterRef("institution")))),
    )
    # The city's totals do not say which units they cover.
    found["units"] = None if undated.pop("city_totals") else found["units"] + undated["more"]
    del undated["more"]
    return Sum(**found, **undated)


def with_counted(
    closures: QuerySet,
    days: tuple[date, date] | None,
    *,
    reviewed_only: bool = False,
    when: Q = EVERY_DAY,
    taken_out: bool = False,
) -> QuerySet:
    """Each with the half-days it counts between two days, or ever (`counted`), as they are in the sum. `taken_out` is
    for a list of those that were excluded: what review took out with them."""
    if taken_out:
        rows = TakenOutHalfDay.objects.all()
    else:
        rows = counted(Closure.objects.all(), reviewed_only=reviewed_only)
    own = rows.filter(when, closure=OuterRef("pk"))
    if days:
        own = own.filter(day__range=days)
    count = own.order_by().values("closure").values(count=Count("pk"))
    return closures.annotate(counted=Coalesce(Subquery(count), 0))
