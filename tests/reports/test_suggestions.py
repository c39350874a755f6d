"""Promises found in running Danish: what, by when, and how exactly it was said."""

from datetime import date

import pytest

from reports.suggestions import LONGEST, suggested_in
from sikkerby.models import Precision

DAY, MONTH, QUARTER, SEASON, HALF, YEAR = (
    *(Precision.DAY, Precision.MONTH, Precision.QUARTER),
    *(Precision.SEASON, Precision.HALF_YEAR, Precision.YEAR),
)


NOTE = date(2013, 1, 20)


@pytest.mark.parametrize(
    ("said", "when", "precision"),
    [
        ("Opgørelsen for 2013 forelægges udvalget i januar 2014.", "januar 2014", MONTH),
        ("Indsatsen følges op i efteråret 2026.", "efteråret 2026", SEASON),
        ("Udvalget orienteres senest den 1. marts 2027.", "1. marts 2027", DAY),
        ("Udvalget orienteres senest 01-03-2027.", "1. marts 2027", DAY),
        ("Udvalget orienteres den 1/3/2027.", "1. marts 2027", DAY),
        ("Evalueringen forelægges i andet halvår 2025.", "andet halvår 2025", HALF),
        ("Evalueringen forelægges i anden halvdel af 2025.", "andet halvår 2025", HALF),
        ("Evalueringen forelægges i 1. halvår 2025.", "første halvår 2025", HALF),
        ("Udvalget får en status i 3. kvartal 2026.", "3. kvartal 2026", QUARTER),
        ("Udvalget får en status i fjerde kvartal af 2026.", "4. kvartal 2026", QUARTER),
        ("Der afrapporteres til udvalget inden udgangen af 2025.", "2025", YEAR),
        ("Kataloget revideres i 2027.", "2027", YEAR),
        ("Center for Sikker By vender tilbage til udvalget i foråret 2027.", "foråret 2027", SEASON),
        ("Den næste opgørelse laves i januar 2014 og gælder 2013.", "januar 2014", MONTH),
        ("Der følges op sommeren 2024.", "sommeren 2024", SEASON),
        ("Sagen behandles i vinteren 2027.", "vinteren 2027", SEASON),
        ("Sagen drøftes på mødet den 3. december 2026.", "3. december 2026", DAY),
        ("Den opfølgning får Økonomiudvalget i februar 2013.", "februar 2013", MONTH),
        ("OPGØRELSEN FORELÆGGES I JANUAR 2014.", "januar 2014", MONTH),
        ("Opgørelsen over lukkedage i 2025 forelægges i marts 2026.", "marts 2026", MONTH),
    ],
)
def test_a_promise_is_found_with_when_it_is_due(said, when, precision):
    (found,) = suggested_in(said, on=NOTE)
    assert (found.when, found.precision) == (when, precision)
    assert found.promise == said.rstrip(".")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Opgørelsen forelægges udvalget.",  # no date
        "I januar 2014 blev det koldt.",  # no promise
        "Opgørelsen for 2013 viser, at målet ikke kan nås.",  # 2013 is what it is about
        "Evalueringen af 2024 er god.",
        "Udvalget orienteres den 31. februar 2027.",  # no such day
        "Udvalget orienteres i kvartal 2027 2.",
        "Udvalget blev orienteret om opfølgning i december 2012.",  # before the note
        "Se sagsnr. 2013-0184482, som forelægges.",
    ],
)
def test_what_promises_nothing_is_left_alone(said):
    assert suggested_in(said, on=NOTE) == []


def test_each_sentence_is_a_promise_of_its_own():
    found = suggested_in(
        "Opgørelsen for 2025 forelægges den 3. april 2026. Derefter følges op i efteråret 2026.\n"
        "Kataloget holdes ved lige.\nUdvalget orienteres i 2. halvår 2027.",
        on=NOTE,
    )
    assert [(each.promise, each.due) for each in found] == [
        ("Opgørelsen for 2025 forelægges den 3. april 2026", date(2026, 4, 3)),
        ("Derefter følges op i efteråret 2026", date(2026, 10, 1)),
        ("Udvalget orienteres i 2. halvår 2027", date(2027, 7, 1)),
    ]


def test_a_long_sentence_becomes_a_promise_that_there_is_room_for():
    (found,) = suggested_in("Udvalget orienteres i maj 2027 om " + "meget " * 100, on=NOTE)
    assert len(found.promise) <= LONGEST
    assert found.promise.endswith(" …")


def test_a_text_as_long_as_a_section_is_read_at_once():
    text = " ".join(f"Udvalget orienteres i maj 2027 om sag {number}a." for number in range(450))
    assert len(suggested_in(text, on=NOTE)) == 450


def test_what_is_said_twice_is_suggested_once():
    assert len(suggested_in("Udvalget orienteres i maj 2027. Udvalget orienteres i maj 2027.", on=NOTE)) == 1
