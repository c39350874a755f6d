"""The figures in Danish and as a chart: what may be compared with 2012, and how."""

from django.utils.safestring import SafeString

from sikkerby import charts
from sikkerby.templatetags.danish import days, number

from .years import YearFigures, baseline

GOAL_LEFT_OPEN = (
    "Effektmålet er, at ingen institution eller tjeneste lukker på grund af uro eller krise i et område; opgørelsen "
    "tæller også uro på institutionen selv. Om målet på nul omfatter lukninger med et pædagogisk formål, fremgår ikke "
    "af de papirer, der er forelagt udvalget."
)
BREAK_IN_METHOD = (
    "Tallet for 2012 omfatter alle ikke-planlagte lukninger og er ikke opdelt. Det kan kun sammenlignes med summen af "
    "de to arter. Driftsforstyrrelser alene kan kun sammenlignes mellem år, der er opdelt."
)


def comparison(figures: YearFigures, against: YearFigures | None) -> str:
    """The year in Danish, and beside the undivided 2012 exactly what the two can say of each other."""
    if figures.missing:
        return f"For {figures.year} er der ingen opgørelse over ikke-planlagte lukkedage."
    where = "" if figures.units is None else f" på {number(figures.units)} {_institutions(figures.units)}"
    if figures.not_reviewed:
        opening = f"For {figures.year} er der indberettet {days(figures.total)} ikke-planlagte lukkedage{where}"
        opening += f", heraf {days(figures.not_reviewed)} ikke gennemgået"
    else:
        opening = f"I {figures.year} var der {days(figures.total)} ikke-planlagte lukkedage{where}"
    today = f" {recounted(figures)}" if figures.today else ""
    if not figures.divided:
        if figures.undistinguished == figures.total:
            return f"{opening}. Tallet er ikke opdelt efter art.{today}"
        return f"{opening}. {days(figures.undistinguished)} af dem er ikke opdelt efter art.{today}"
    parts = f"{days(figures.disruption)} skyldtes driftsforstyrrelser, og {days(figures.pedagogical)} var lukninger "
    sentence = f"{opening}. {parts}med et pædagogisk formål."
    if against and against.year != figures.year and not against.divided:
        sentence += (
            f" Tallet for {against.year} ({days(against.total)}) er ikke opdelt og kan kun sammenlignes med summen, "
            f"{days(figures.total)}."
        )
    return sentence + today


def finding(figures: YearFigures, when: str) -> str:
    """A part of a year in one sentence; nothing compares with it."""
    units = "" if figures.units is None else f", fordelt på {number(figures.units)} {_institutions(figures.units)}"
    awaiting = f", heraf {days(figures.not_reviewed)} ikke gennemgået" if figures.not_reviewed else ""
    return f"I det valgte udsnit er der {days(figures.total)} ikke-planlagte lukkedage {when}{units}{awaiting}."


def recounted(figures: YearFigures) -> str:
    """What the year comes to today, beside what was put to the committee."""
    then, today = figures, figures.today
    said = f"Udvalget har fået forelagt {days(then.total)} dage. "
    said += f"Opgjort i dag er der {days(today.total)} ikke-planlagte lukkedage"
    if today.total == then.total and today.divided and (today.disruption != then.disruption):
        said += f": {days(today.disruption)} driftsforstyrrelser og {days(today.pedagogical)} med et pædagogisk formål"
    return f"{said}."


def answers(figures: YearFigures) -> str:
    """1.143 af 1.512 har svaret, heraf 900 med nulindberetning. 300 svar er bekræftet af forvaltningen."""
    if figures.asked is None:
        return "Det er ikke oplyst, hvor mange institutioner der blev spurgt."
    said = f"{number(figures.answered)} af {number(figures.asked)} har svaret"
    if figures.nil:
        said += f", heraf {number(figures.nil)} med nulindberetning"
    if figures.confirmed:
        said += f". {number(figures.confirmed)} svar er bekræftet af forvaltningen"
    return f"{said}."


def chart(years: list[YearFigures], against: YearFigures | None = None) -> SafeString:
    """The years as bars in two parts, with the undivided 2012 as a bar and as the line that sums compare with."""
    against = against or baseline()
    shown = years if against is None or against.year in {each.year for each in years} else [against, *years]
    bars = [bar(each) for each in shown]
    baseline_line = line(against) if against else None
    last = next((each for each in reversed(shown) if not each.missing), shown[-1])
    title = f"{days(last.total)} ikke-planlagte lukkedage i {last.year}"
    if against and against.year != last.year:
        title += f", {days(against.total)} i {against.year}"
    return charts.years_chart(
        bars, baseline=baseline_line, title=title, description=charts.describe(bars, baseline_line)
    )


def bar(figures: YearFigures) -> charts.Bar:
    return charts.Bar(
        label=str(figures.year),
        disruption=(figures.disruption or 0) - figures.disruption_not_reviewed,
        pedagogical=(figures.pedagogical or 0) - figures.pedagogical_not_reviewed,
        undistinguished=figures.undistinguished or 0,
        awaiting=figures.disruption_not_reviewed + figures.pedagogical_not_reviewed,
        provisional=figures.provisional,
        missing=figures.missing,
    )


def line(figures: YearFigures) -> charts.Baseline:
    return charts.Baseline(label=str(figures.year), total=figures.total)


def _institutions(count: int) -> str:
    return "institution eller tjeneste" if count == 1 else "institutioner og tjenester"
