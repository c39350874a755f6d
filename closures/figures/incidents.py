"""What the unrest behind several closures came to."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from sikkerby.templatetags.danish import days, number, plural

from ..models import Kind
from .counting import NOT_REVIEWED, counted
from .years import of_kinds


@dataclass(frozen=True, kw_only=True)
class IncidentFigures:
    """The unplanned closed days of one incident, in half-days."""

    disruption: int = 0
    pedagogical: int = 0
    undistinguished: int = 0
    units: int = 0  # institutions and services with at least one counted half-day
    not_reviewed: int = 0  # of the total, of either kind

    @property
    def total(self) -> int:
        return self.disruption + self.pedagogical + self.undistinguished

    @property
    def in_words(self) -> str:
        """4,5 ikke-planlagte lukkedage på 3 institutioner og tjenester: 3,5 ved driftsforstyrrelser og 1,0 …"""
        if not self.total:
            return "Ingen ikke-planlagte lukkedage tæller med under hændelsen."
        kinds = {"ved driftsforstyrrelser": self.disruption, "med et pædagogisk formål": self.pedagogical}
        kinds = {
            words: half_days
            for words, half_days in (kinds | {"ikke opdelt": self.undistinguished}).items()
            if half_days
        }
        parts = [f"{days(half_days)} {words}" for words, half_days in kinds.items()]
        told = f": {', '.join(parts[:-1])} og {parts[-1]}" if len(parts) > 1 else f", alle {next(iter(kinds))}"
        where = f"{number(self.units)} {plural(self.units, 'institution,institutioner og tjenester')}"
        rest = f" Heraf er {days(self.not_reviewed)} ikke gennemgået." if self.not_reviewed else ""
        return f"{days(self.total)} ikke-planlagte lukkedage på {where}{told}.{rest}"


NOTHING_COUNTED = IncidentFigures()


def of_incidents(closures: QuerySet) -> dict[int, IncidentFigures]:
    """What these closures count, all years together, by the incident they belong to; one that counts nothing is not
    there."""
    half_days = counted(closures.filter(incident__isnull=False), reviewed_only=False)
    rows = half_days.values("closure__incident").annotate(
        **of_kinds(lambda filter: Count("pk", filter=filter), "closure__kind"),
        units=Count("institution", distinct=True),
        not_reviewed=Count("pk", filter=NOT_REVIEWED),
    )
    names = (*Kind.values, "units", "not_reviewed")
    return {row["closure__incident"]: IncidentFigures(**{name: row[name] for name in names}) for row in rows}
