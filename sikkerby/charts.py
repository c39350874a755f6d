"""Charts of closed days, as SVG for the screen and for paper: scales and positions here, drawing in templates/charts/.

The SVG carries its colours and font as attributes, because WeasyPrint's page CSS does not reach into it, and class
names beside them, with which site.css recolours it in dark mode. Kinds differ in colour and in pattern, so that a
chart survives a black-and-white printer: disruption solid, pedagogical hatched, undivided grey, not reviewed outlined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A year's unplanned closed days by kind, in half-days; before the distinction, `undistinguished` only."""

    label: str
    disruption: int = 0
    pedagogical: int = 0
    undistinguished: int = 0
    awaiting: int = 0  # reported, of either kind, but not reviewed
    provisional: bool = False  # the year is not closed
    missing: bool = False  # nobody has counted: that is not a zero

    @property
    def total(self) -> int:
        return self.disruption + self.pedagogical + self.undistinguished + self.awaiting

    def parts(self) -> list[tuple[str, int]]:
        """The kinds that have days, from the bottom of the bar to its top."""
        return [(kind, getattr(self, kind)) for kind in _KINDS if getattr(self, kind)]


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What the bars are compared with: a dashed line, named "2012: 662,5"."""

    label: str
    total: int  # half-days


_KINDS = {
    "disruption": "Driftsforstyrrelser",
    "pedagogical": "Pædagogisk formål",
    "undistinguished": "Ikke opdelt",
    "awaiting": "Ikke gennemgået",
}


def years_chart(
    bars: Sequence[Bar],
    *,
    baseline: Baseline | None = None,
    title: str,
    description: str = "",
    on_paper: bool = False,
) -> SafeString:
    """Years side by side as standing bars, or one year alone as a lying bar. On paper, `title` is the alt text."""
    drawing = _lying(bars[0], baseline) if len(bars) == 1 else _standing(bars, baseline)
    return _drawn(drawing, title, description, on_paper=on_paper)


def describe(bars: Sequence[Bar], baseline: Baseline | None = None) -> str:
    """The chart in words, number by number, for those who do not see it."""
    sentences = []
    for bar in bars:
        if bar.missing:
            sentences.append(f"{bar.label}: ingen opgørelse.")
            continue
        parts = [f"{danish_days(half_days)} {_IN_WORDS[kind]}" for kind, half_days in bar.parts() if kind in _IN_WORDS]
        match parts:
            case []:
                detail = ", ikke opdelt" if bar.undistinguished else ""
            case [only]:
                detail = f", heraf {only}"
            case [*first, last]:
                detail = f", heraf {', '.join(first)} og {last}"
        if bar.provisional:
            detail += "; ikke afsluttet"
        sentences.append(f"{bar.label}: {danish_days(bar.total)} dage{detail}.")
    if baseline:
        sentences.append(f"Stiplet linje: {baseline.label}, {danish_days(baseline.total)} dage.")
    return " ".join(sentences)


_IN_WORDS = {
    "disruption": "driftsforstyrrelser",
    "pedagogical": "med et pædagogisk formål",
    "awaiting": "ikke gennemgået",
}


# --- Scales -------------------------------------------------------------------------------------------------------


def ticks(largest_days: float) -> list[int]:
    """Round numbers of days from zero up to at least `largest_days`, four or five of them."""
    rough = max(largest_days, 4) / 4
    magnitude = 10 ** floor(log10(rough))
    step = next(int(factor * magnitude) for factor in (1, 2, 5, 10) if factor * magnitude >= rough)
    return list(range(0, step * max(1, ceil(largest_days / step)) + 1, step))


def spread(positions: Sequence[float], *, gap: float, lowest: float) -> list[float]:
    """The positions in their order, moved as little as keeps neighbours `gap` apart and none beyond `lowest`."""
    placed: list[float] = []
    for position in positions:
        placed.append(max(position, placed[-1] + gap) if placed else position)
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], lowest - gap * (len(placed) - 1 - index))
    return placed


def hatch(x: float, y: float, width: float, height: float, *, step: float = 5) -> str:
    """A path of diagonals over a rectangle. A `<pattern>` would need an id, unique on a page of several charts."""
    lines = []
    diagonal = ceil((x + y) / step) * step
    while diagonal < x + width + y + height:
        left, right = max(x, diagonal - y - height), min(x + width, diagonal - y)
        lines.append(f"M{left:.1f} {diagonal - left:.1f}L{right:.1f} {diagonal - right:.1f}")
        diagonal += step
    return "".join(lines)


# --- Positions, in CSS pixels; 0,75 pt on paper --------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    kind: str
    x: float
    y: float
    width: float
    height: float
    hatching: str = ""
    value: str = ""  # written inside, where there is room

    @property
    def middle(self) -> float:
        return _round(self.x + self.width / 2)

    @property
    def value_start(self) -> float:
        return _round(self.middle - _length(self.value, _VALUE) / 2)

    @property
    def value_y(self) -> float:
        return _round(self.y + self.height / 2 + 4)

    @property
    def plate(self) -> Part:
        """A clean ground for the value, where hatching would run through it."""
        width = len(self.value) * 5.5 + 4
        return Part("plate", _round(self.middle - width / 2), _round(self.value_y - 10), _round(width), 13)


@dataclass(frozen=True)
class Label:
    text: str
    x: float
    y: float
    anchor: str = "start"
    kind: str = ""  # with a sample of the kind's pattern before it
    strong: bool = False

    @property
    def start(self) -> float:
        """Where it begins in Open Sans. WeasyPrint makes each text that is not anchored at its start an object of its
        own, which was a fifth of a note's file; in other fonts the browser knows better."""
        return _round(self.x - _length(self.text, _TEXT) * {"start": 0, "middle": 0.5, "end": 1}[self.anchor])


@dataclass(frozen=True)
class Line:
    kind: str  # grid, zero or baseline
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    lines: list[Line]
    parts: list[Part]
    labels: list[Label]
    samples: list[Part]


NOT_CLOSED, NO_COUNT = "*", "–"
_TEXT = 11  # font size, 8,25 pt on paper
_VALUE = 10  # that of a number within its bar
_SAMPLE = 9


def _standing(bars: Sequence[Bar], baseline: Baseline | None) -> Drawing:
    left, top, plot, slot = 34, 20, 160, 58 if len(bars) <= 6 else 38
    thickness = slot * 0.62
    floor_y, right = top + plot, left + slot * len(bars) + 8
    marks = _marks(bars, baseline)
    per_half_day = plot / (marks[-1] * 2)

    lines, parts, labels, aside = [], [], [], []
    for mark in marks:
        y = _round(floor_y - mark * 2 * per_half_day)
        lines.append(Line("grid" if mark else "zero", left, y, right, y))
        labels.append(Label(_thousands(mark), left - 6, y + 4, anchor="end"))
    for index, bar in enumerate(bars):
        x, y = left + 8 + slot * index + (slot - thickness) / 2 - 4, float(floor_y)
        middle = _round(x + thickness / 2)
        for kind, half_days in bar.parts():
            height = half_days * per_half_day
            y -= height
            parts.append(_part(kind, x, y, thickness, height, half_days if len(bar.parts()) > 1 else 0))
            if index == len(bars) - 1 and kind != "undistinguished":
                aside.append((y + height / 2 + 4, kind, _KINDS[kind]))
        total = NO_COUNT if bar.missing else danish_days(bar.total)
        labels.append(Label(total, middle, _round(y - 6), anchor="middle", strong=not bar.missing))
        labels.append(Label(_marked(bar), middle, floor_y + 16, anchor="middle"))
        if bar.undistinguished:
            labels.append(Label("ikke opdelt", middle, floor_y + 29, anchor="middle"))
    # A kind that the last year lacks is named all the same, below the others.
    named = {kind for _, kind, _ in aside}
    for kind in ("pedagogical", "disruption"):
        if kind not in named and any(getattr(bar, kind) for bar in bars):
            aside.append((float(floor_y), kind, _KINDS[kind]))
    if baseline:
        y = _round(floor_y - baseline.total * per_half_day)
        lines.append(Line("baseline", left, y, right + 8, y))
        aside.append((y + 4, "", f"{baseline.label}: {danish_days(baseline.total)}"))
    aside.sort()
    heights = spread([y for y, _, _ in aside], gap=16, lowest=floor_y)
    samples = []
    for y, (_, kind, text) in zip(heights, aside, strict=True):
        labels.append(Label(text, right + 12 + (_SAMPLE + 5 if kind else 0), _round(y), kind=kind, strong=not kind))
        if kind:
            samples.append(_part(kind, right + 12, y - _SAMPLE + 0.5, _SAMPLE, _SAMPLE))
    width = right + 12 + (_SAMPLE + 5 + 7 * max(len(text) for _, _, text in aside) if aside else 0)
    if notes := _notes(bars):
        labels.append(Label(notes, left, floor_y + 46))
    return Drawing(_round(width), floor_y + (52 if notes else 36), lines, parts, labels, samples)


def _lying(bar: Bar, baseline: Baseline | None) -> Drawing:
    left, top, plot, thickness = 4, 24, 330, 26
    floor_y = top + thickness + 8
    marks = _marks([bar], baseline)
    per_half_day = plot / (marks[-1] * 2)

    lines, parts, samples = [], [], []
    labels = [Label(f"{_marked(bar)}: {danish_days(bar.total)} dage", left, 14, strong=True)]
    for mark in marks:
        x = _round(left + mark * 2 * per_half_day)
        lines.append(Line("grid" if mark else "zero", x, top - 4, x, floor_y))
        labels.append(Label(_thousands(mark), x, floor_y + 14, anchor="middle" if mark else "start"))
    x, name_y = float(left), floor_y + 36
    for kind, half_days in bar.parts():
        width = half_days * per_half_day
        parts.append(_part(kind, x, top, width, thickness))
        samples.append(_part(kind, left, name_y - _SAMPLE + 0.5, _SAMPLE, _SAMPLE))
        text = f"{_KINDS[kind]}: {danish_days(half_days)}"
        labels.append(Label(text, left + _SAMPLE + 5, name_y, kind=kind))
        x, name_y = x + width, name_y + 16
    if notes := _notes([bar]):
        labels.append(Label(notes, left, name_y))
        name_y += 16
    if baseline:
        x = _round(left + baseline.total * per_half_day)
        lines.append(Line("baseline", x, top - 6, x, floor_y))
        labels.append(Label(f"{baseline.label}: {danish_days(baseline.total)}", x, 14, anchor="end", strong=True))
    return Drawing(left + plot + 20, name_y - 8, lines, parts, labels, samples)


def _marked(bar: Bar) -> str:
    return f"{bar.label}{NOT_CLOSED}" if bar.provisional else bar.label


def _notes(bars: Sequence[Bar]) -> str:
    """What the marks at years mean, of those that are drawn."""
    notes = [(NOT_CLOSED, "årsopgørelsen er ikke afsluttet", "provisional"), (NO_COUNT, "ingen opgørelse", "missing")]
    return "   ".join(f"{mark} {words}" for mark, words, name in notes if any(getattr(bar, name) for bar in bars))


@dataclass(frozen=True, kw_only=True)
class Span:
    """When one unit was closed; on a timeline, a line of its own."""

    label: str
    kind: str
    begins: date
    ends: date
    from_midday: bool = False
    to_midday: bool = False


def timeline(spans: Sequence[Span], *, title: str) -> SafeString:
    """Closures one below the other on the same days, each named above its bar."""
    sentences = [f"{each.label}, {each.begins:%d-%m-%Y} til {each.ends:%d-%m-%Y}." for each in spans]
    return _drawn(_on_a_line(spans), title, " ".join(sentences))


def _on_a_line(spans: Sequence[Span]) -> Drawing:
    left, top, thickness, row = 4, 24, 14, 42
    first_day = min(each.begins for each in spans)
    length = (max(each.ends for each in spans) - first_day).days + 1
    a_day = min(72, 600 / length)
    floor_y = top + row * len(spans)

    lines, parts, labels, samples = [], [], [], []
    named = next(step for step in (1, 2, 7, 14, 28, 91, 364) if step * a_day >= 36 or step == 364)
    for number in range(0, length, named):
        x, day = _round(left + number * a_day), first_day + timedelta(days=number)
        lines.append(Line("grid", x, top - 6, x, floor_y))
        labels.append(Label(f"{day.day}/{day.month}", x, 12, anchor="start"))
    for index, span in enumerate(spans):
        y = top + row * index + 8
        begins = (span.begins - first_day).days + span.from_midday / 2
        ends = (span.ends - first_day).days + 1 - span.to_midday / 2
        room = left + length * a_day - 6 * len(span.label)  # near the bar, but not past the end
        labels.append(Label(span.label, _round(max(left, min(left + begins * a_day, room))), y + 4))
        parts.append(_part(span.kind, left + begins * a_day, y + 10, (ends - begins) * a_day, thickness))
    name_y = floor_y + 20
    for kind in (each for each in _KINDS if each in {span.kind for span in spans}):
        samples.append(_part(kind, left, name_y - _SAMPLE + 0.5, _SAMPLE, _SAMPLE))
        labels.append(Label(_KINDS[kind], left + _SAMPLE + 5, name_y, kind=kind))
        name_y += 16
    width = max([length * a_day, *(7 * len(span.label) for span in spans)]) + left + 8
    return Drawing(_round(width), name_y - 8, lines, parts, labels, samples)


def _marks(bars: Sequence[Bar], baseline: Baseline | None) -> list[int]:
    return ticks(max([bar.total for bar in bars] + [baseline.total if baseline else 0]) / 2)


def _part(kind: str, x: float, y: float, width: float, height: float, half_days: int = 0) -> Part:
    value = danish_days(half_days)
    fits = half_days and height >= _TEXT + 5 and width >= len(value) * 6 + 4
    hatching = hatch(x, y, width, height) if kind == "pedagogical" else ""
    return Part(kind, _round(x), _round(y), _round(width), _round(height), hatching, value if fits else "")


def _round(pixels: float) -> float:
    return round(pixels, 1)


# Widths in Open Sans, as parts of the font size, of what is not as wide as a figure.
_WIDTHS = {**dict.fromkeys("ijl", 0.25), **dict.fromkeys(",. ", 0.26), "t": 0.35, "r": 0.41, "–": 0.5, "m": 0.93}


def _length(text: str, size: float) -> float:
    return size * sum(_WIDTHS.get(each, 0.57) for each in text)


def _drawn(drawing: Drawing, title: str, description: str, *, on_paper: bool = False) -> SafeString:
    context = {"drawing": drawing, "title": title, "description": description, "on_paper": on_paper}
    return render_to_string("charts/bars.svg", context)


def danish_days(half_days: int) -> str:
    """Half-days as days: 1325 is "662,5", 2000 is "1.000,0"."""
    days, half = divmod(half_days, 2)
    return f"{_thousands(days)},{half * 5}"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
