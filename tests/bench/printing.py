"""The table, on a terminal."""

from itertools import groupby

from .measuring import Result


def as_table(results: list[Result]) -> str:
    """Each row of the table with all that was measured for it, worst first."""
    lines = []
    for row, measured in groupby(results, key=lambda each: each.race.row):
        lines += ["", row, f"{'ratio':>8} {'reach':>6} {'ours ms':>9} {'theirs':>9}"]
        lines += [line for each in sorted(measured, key=lambda each: -each.ratio) for line in _lines(each)]
    return "\n".join(lines)


def _lines(result: Result) -> list[str]:
    race = result.race
    reach = "–" if race.to_reach is None else f"{race.to_reach:g}"
    verdict = "   SHORT OF IT" if result.falls_short else ""
    figures = f"{result.ratio:8.2f} {reach:>6} {result.ours * 1000:9.1f} {result.theirs * 1000:9.1f}"
    lines = [f"{figures}   {race.what}{verdict}"]
    if result.falls_short:
        lines.append(f"{'':38}{race.reason or 'for a reason that is not known yet'}")
    return lines
