"""Dates, numbers and days as Danes write them: the only formatting code. Filters in templates, functions elsewhere."""

from datetime import date, datetime, time
from decimal import Decimal

from django import template
from django.utils import timezone

from sikkerby.models import Precision

register = template.Library()

WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
SEASONS = ("vinteren", "foråret", "sommeren", "efteråret")
HALF_YEARS = ("første halvår", "andet halvår")


@register.filter
def long_date(day: date | None) -> str:
    """tirsdag den 3. november 2026"""
    return f"{WEEKDAYS[day.weekday()]} den {day_and_month(day)} {day.year}" if day else ""


@register.filter
def plain_date(day: date | None) -> str:
    """3. november 2026"""
    return f"{day_and_month(day)} {day.year}" if day else ""


@register.filter
def day_and_month(day: date | None) -> str:
    """3. november"""
    return f"{day.day}. {MONTHS[day.month - 1]}" if day else ""


@register.filter
def short_date(day: date | None) -> str:
    """03-11-2026"""
    return f"{day:%d-%m-%Y}" if day else ""


@register.filter
def moment(at: datetime | None) -> str:
    """03-11-2026 kl. 14.32, in Danish time"""
    return f"{timezone.localtime(at):%d-%m-%Y kl. %H.%M}" if at else ""


@register.filter
def clock(at: time | None) -> str:
    """14.32"""
    return f"{at:%H.%M}" if at else ""


@register.filter
def month_name(number: int) -> str:
    """11 → november"""
    return MONTHS[number - 1]


@register.filter
def approximate(day: date | None, precision: str) -> str:
    """A date as it was said: "sommeren 2024", "andet halvår 2024", "januar 2014". A winter is named by its January."""
    if not day:
        return ""
    match precision:
        case Precision.YEAR:
            return str(day.year)
        case Precision.HALF_YEAR:
            return f"{HALF_YEARS[(day.month - 1) // 6]} {day.year}"
        case Precision.SEASON:
            return f"{SEASONS[day.month % 12 // 3]} {day.year + (day.month == 12)}"
        case Precision.QUARTER:
            return f"{(day.month - 1) // 3 + 1}. kvartal {day.year}"
        case Precision.MONTH:
            return f"{MONTHS[day.month - 1]} {day.year}"
        case _:
            return plain_date(day)


@register.filter
def number(value: int | Decimal | None) -> str:
    """1.325 and 662,5: full stop for thousands, decimal comma, no zeros that say nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return (
        f"{value:,f}".translate(str.maketrans(",.", ".,"))
        if isinstance(value, Decimal)
        else f"{value:,}".replace(",", ".")
    )


def as_days(half_days: int) -> Decimal:
    """Half-days, the unit of count, as days: 1325 are 662.5."""
    return Decimal(half_days) / 2


@register.filter
def days(half_days: int | None) -> str:
    """Half-days in, days out: 1325 → 662,5. A year's sums always show their decimal: 310,0."""
    return "" if half_days is None else f"{as_days(half_days):,.1f}".translate(str.maketrans(",.", ".,"))


@register.filter
def half(half_days: int) -> str:
    """A few half-days as one would say them: 1 → ½, 5 → 2½, 4 → 2"""
    whole, rest = divmod(half_days, 2)
    return f"{whole or ('' if rest else 0)}{'½' if rest else ''}"


@register.filter
def age(years: Decimal | None) -> str:
    """17.5 → 17½"""
    return "" if years is None else half(int(years * 2))


@register.filter
def plural(count: int, words: str) -> str:
    """{{ 1|plural:"dag,dage" }} → dag. A half is one: ½ dag."""
    one, many = words.split(",")
    return one if count == 1 else many


@register.filter
def file_size(size: int) -> str:
    """412 kB, 1,3 MB"""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


@register.filter
def with_capital(text: str) -> str:
    """The first letter large, the rest as it is (unlike capfirst's cousin title)."""
    return text[:1].upper() + text[1:]


def as_text(value, choices: dict | None = None) -> str:
    """Any stored value as history, stale saves and exports show it."""
    choices = choices or {}
    match value:
        case None | "":
            return ""
        case bool():
            return "ja" if value else "nej"
        case datetime():
            return moment(value)
        case date():
            return short_date(value)
        case time():
            return clock(value)
        case list() | tuple():
            return ", ".join(as_text(each, choices) for each in value)
        case int() | Decimal() if value not in choices:
            return str(value).replace(".", ",")
        case _:
            return str(choices.get(value, value))
