"""When units should be open is changed backwards: which counted closures it touches, and what the office says."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.safestring import mark_safe

from sikkerby.models import User

from ..calendar import Calendar, HalfDay, half_days_of
from .closure import Closure
from .half_day import ClosedHalfDay
from .institution import Institution
from .year import YearlyAccount

EVER = (date.min, date.max)
NOT_ANSWERED = mark_safe(
    'Ændringen berører <a href="#touched">lukninger, der allerede er talt</a>, og er ikke gemt endnu. Vælg nederst, '
    "om de skal beholde de dage, de er talt med, eller tælles om."
)
CHANGED_MEANWHILE = mark_safe(
    'Ændringen er ikke gemt, for den berører andre lukninger end dem, du tog stilling til. Se <a href="#touched">den '
    "nye liste</a>, og vælg igen."
)


class Answer(models.TextChoices):
    STAND = "stand", "Gem, og lad de talte dage stå"
    RECOUNT = "recount", "Gem, og tæl lukningerne om"


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A closure that would be counted differently, in half-days: as it is now, and counted again."""

    closure: Closure
    now: int
    then: int
    in_closed_year: bool  # a half-day that came or went would be one of a year whose account is closed


class OpeningChange:
    """A change of opening hours, planned closings, a shared calendar, or of a unit's own dates and kind.

    It never silently changes what was counted. A closure is touched when it would count other half-days after the
    change than before, and other ones than it holds. Where there is one, nothing is saved until the office has
    answered for exactly the list it saw: the counted days stand, or the closures are counted again; those of closed
    years only if that is said as well (efter årsopgørelsen).
    """

    def __init__(
        self,
        *,
        institutions: QuerySet,
        days: Iterable[tuple[date, date]],
        by: User,
        today: date,
        answer: str = "",
        closed_years_too: bool = False,
        seen: str = "",
    ):
        self.institutions, self.days = institutions, list(days)  # whose calendar changes, and between which days
        self.by, self.today = by, today
        self.answer, self.closed_years_too, self.seen = answer, closed_years_too, seen
        self.touched: list[Touched] = []

    @transaction.atomic
    def make(self, save: Callable[[], models.Model | None]) -> models.Model | None:
        """Save it, with what was answered. ValidationError, and nothing saved, while it is not."""
        closures = self._closures([each.pk for each in self.institutions.lock_all()])
        before = self._calendars(closures)
        saved = save()
        self.touched = self._touched(closures, before, self._calendars(closures))
        if self.touched and self.answer not in Answer.values:
            raise ValidationError(NOT_ANSWERED, code="recount")
        if self.touched and self.seen != self.fingerprint:
            raise ValidationError(CHANGED_MEANWHILE, code="recount")
        for each in self.recounted:
            each.closure.recount(by=self.by, today=self.today)
        return saved

    @property
    def recounted(self) -> list[Touched]:
        """Those that the answer has counted again."""
        if self.answer != Answer.RECOUNT:
            return []
        return [each for each in self.touched if self.closed_years_too or not each.in_closed_year]

    @property
    def fingerprint(self) -> str:
        """Tells this list from another: an answer is to what was seen."""
        rows = [f"{each.closure.pk}:{each.now}:{each.then}:{each.in_closed_year}" for each in self.touched]
        return hashlib.sha256(" ".join(rows).encode()).hexdigest()

    @property
    def now(self) -> int:
        return sum(each.now for each in self.touched)

    @property
    def then(self) -> int:
        return sum(each.then for each in self.touched)

    @property
    def in_closed_years(self) -> int:
        """How many of them are in a year whose account is closed."""
        return sum(each.in_closed_year for each in self.touched)

    @property
    def outcome(self) -> str:
        """What became of the touched closures, to be said when it is saved; empty when there were none."""
        again = len(self.recounted)
        stand = len(self.touched) - again
        told = [_so_many(again) + " talt om."] if again else []
        return " ".join(told + ([_so_many(stand) + " talt som før."] if stand else []))

    def _closures(self, units: list[int]) -> list[Closure]:
        """Those that hold half-days and lie where the calendar changes."""
        holding = Closure.objects.holding().filter(institution__in=units)
        found = holding.none()
        for first_day, last_day in self.days:
            found = found | holding.between(first_day, last_day)
        return list(found.select_related("institution").order_by("institution", "pk"))

    def _until(self, closure: Closure) -> date:
        return closure.last_day or self.today

    def _calendars(self, closures: list[Closure]) -> dict[int, Calendar]:
        if not closures:
            return {}
        first_day = min(each.first_day for each in closures)
        last_day = max(self._until(each) for each in closures)
        units = {each.institution_id for each in closures}
        return Institution.objects.filter(pk__in=units).calendars(first_day, last_day)

    def _touched(
        self, closures: list[Closure], before: dict[int, Calendar], after: dict[int, Calendar]
    ) -> list[Touched]:
        """In the order in which they are counted again, for the first one takes what two could hold."""
        differing = []
        for closure in closures:
            unit, until = closure.institution_id, self._until(closure)
            counted = half_days_of(after[unit], closure.period, until=until)
            if counted != half_days_of(before[unit], closure.period, until=until):
                differing.append((closure, counted))
        holders = _holders([closure for closure, _ in differing])
        closed = set(YearlyAccount.objects.closed().values_list("year", flat=True)) if differing else set()
        found = []
        for closure, counted in differing:
            held_by = holders[closure.institution_id]
            holds = {each for each, holder in held_by.items() if holder == closure.pk}
            would = {each for each in counted if held_by.get(each, closure.pk) == closure.pk}
            for each in holds - would:
                del held_by[each]
            held_by.update(dict.fromkeys(would, closure.pk))
            if holds != would:
                years = {each.day.year for each in holds ^ would}
                found.append(
                    Touched(closure=closure, now=len(holds), then=len(would), in_closed_year=bool(years & closed))
                )
        return found


def _holders(closures: list[Closure]) -> dict[int, dict[HalfDay, int]]:
    """For each of their units, which closure holds which half-day."""
    holders: dict[int, dict[HalfDay, int]] = {each.institution_id: {} for each in closures}
    for row in ClosedHalfDay.objects.filter(institution__in=holders):
        holders[row.institution_id][HalfDay(row.day, row.half)] = row.closure_id
    return holders


def _so_many(count: int) -> str:
    return "1 lukning er" if count == 1 else f"{count} lukninger er"
