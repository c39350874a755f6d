"""Dates, numbers and days as Danes write them."""

from datetime import date
from decimal import Decimal

import pytest

from sikkerby.models import Precision
from sikkerby.templatetags import danish


def test_days_are_half_days_over_two():
    assert danish.days(1325) == "662,5"
    assert danish.days(620) == "310,0"
    assert danish.days(24690) == "12.345,0"
    assert danish.days(None) == ""


@pytest.mark.parametrize(("half_days", "said"), [(1, "½"), (5, "2½"), (4, "2"), (0, "0")])
def test_few_days_are_said_with_a_half(half_days, said):
    assert danish.half(half_days) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(1325, "1.325"), (Decimal("662.50"), "662,5"), (Decimal("1234.00"), "1.234"), (Decimal(1000), "1.000"), (7, "7")],
)
def test_number(value, said):
    assert danish.number(value) == said


def test_dates():
    day = date(2026, 11, 3)
    assert danish.long_date(day) == "tirsdag den 3. november 2026"
    assert danish.plain_date(day) == "3. november 2026"
    assert danish.short_date(day) == "03-11-2026"


@pytest.mark.parametrize(
    ("day", "precision", "said"),
    [
        (date(2024, 7, 1), Precision.SEASON, "sommeren 2024"),
        (date(2013, 10, 1), Precision.SEASON, "efteråret 2013"),
        (date(2013, 12, 15), Precision.SEASON, "vinteren 2014"),
        (date(2024, 7, 1), Precision.HALF_YEAR, "andet halvår 2024"),
        (date(2014, 1, 1), Precision.MONTH, "januar 2014"),
        (date(2024, 9, 30), Precision.QUARTER, "3. kvartal 2024"),
        (date(2023, 1, 1), Precision.YEAR, "2023"),
        (date(2010, 4, 13), Precision.DAY, "13. april 2010"),
    ],
)
def test_approximate_date_is_printed_as_it_was_said(day, precision, said):
    assert danish.approximate(day, precision) == said


def test_age_with_a_half():
    assert danish.age(Decimal("17.5")) == "17½"
    assert danish.age(Decimal(25)) == "25"


def test_file_size():
    assert danish.file_size(411_700) == "412 kB"
    assert danish.file_size(1_340_000) == "1,3 MB"
