"""Two sides of a ratio, measured in turns; medians of rounds."""

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles

P50, P95 = 50, 95


@dataclass(frozen=True, kw_only=True)
class Race:
    """What is to be measured against what. Each side does it once, and says how many seconds it took."""

    row: str  # of the table
    what: str
    ours: Callable[[], float]
    theirs: Callable[[], float]
    to_reach: float | None  # None: printed, not judged
    percentile: int = P50
    times: int = 10  # a round
    at_most: float | None = None  # seconds, for our side alone
    reason: str = ""  # why it is known to fall short


@dataclass(frozen=True)
class Result:
    """Medians of the rounds, in seconds."""

    race: Race
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def falls_short(self) -> bool:
        too_slow = self.race.at_most is not None and self.ours >= self.race.at_most
        return too_slow or self.race.to_reach is not None and self.ratio > self.race.to_reach


def run(races: Iterable[Race], rounds: int) -> list[Result]:
    """Every race once a round, each side first in every other turn."""
    races = list(races)
    measured: list[list[tuple[float, float]]] = [[] for _ in races]
    for _ in range(rounds):
        for race, of_rounds in zip(races, measured, strict=True):
            gc.collect()
            ours, theirs = [], []
            for turn in range(race.times):
                for side, found in ((race.ours, ours), (race.theirs, theirs))[:: -1 if turn % 2 else 1]:
                    found.append(side())
            of_rounds.append((_percentile(ours, race.percentile), _percentile(theirs, race.percentile)))
    return [
        Result(race, median(ours for ours, _ in of_rounds), median(theirs for _, theirs in of_rounds))
        for race, of_rounds in zip(races, measured, strict=True)
    ]


def _percentile(values: list[float], percentile: int) -> float:
    if percentile == P50 or len(values) == 1:
        return median(values)
    return quantiles(values, n=100, method="inclusive")[percentile - 1]


def timed(act: Callable, *args, **kwargs) -> float:
    start = time.perf_counter()
    act(*args, **kwargs)
    return time.perf_counter() - start
