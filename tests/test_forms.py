"""What every form does: Danish dates and numbers, no CPR numbers, no unreadable characters."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from sikkerby.forms import DanishDateField, DanishDecimalField, PlainForm, check_text


@pytest.mark.parametrize(
    "typed",
    ["24-12-2026", "24/12/2026", "24.12.2026", "24. 12. 2026", "24.12.26", "2026-12-24", " 24-12-2026 ", "24 12 2026"],
)
def test_date_is_understood_as_danes_type_it(typed):
    assert DanishDateField().clean(typed) == date(2026, 12, 24)


@pytest.mark.parametrize("typed", ["29.02.2027", "31-4-2026", "i morgen", "12-24-2026", "24-12", "٢٤-12-2026", "\0"])
def test_date_that_does_not_exist_is_refused_with_a_remedy(typed):
    with pytest.raises(ValidationError, match="Skriv den for eksempel som 24-12-2026"):
        DanishDateField().clean(typed)


class Everything(PlainForm):
    year = forms.IntegerField()
    starts_at = forms.TimeField()
    page = forms.URLField(assume_scheme="https")
    mail = forms.EmailField()
    name = forms.CharField(max_length=3)


def test_what_cannot_be_read_is_refused_with_what_to_write():
    nonsense = dict.fromkeys(Everything.base_fields, "noget vrøvl")
    assert {name: str(errors[0]) for name, errors in Everything(nonsense).errors.items()} == {
        "year": "Skriv et helt tal med cifre.",
        "starts_at": "Skriv klokkeslættet som 13:15.",
        "page": "Skriv en webadresse, for eksempel https://www.kk.dk.",
        "mail": "Skriv en e-mailadresse, for eksempel navn@kk.dk.",
        "name": "Teksten har 11 tegn. Der er plads til 3.",
    }


@pytest.mark.parametrize("typed", ["01-01-9999", "01-01-0001", "9999-12-31", "31-12-1999"])
def test_date_far_away_is_refused(typed):
    with pytest.raises(ValidationError, match="Årstallet skal ligge mellem 2000 og 2100"):
        DanishDateField().clean(typed)


def test_wrong_date_is_shown_again_as_it_was_typed():
    shown = DanishDateField().widget.render("dag", "29.02.2027")
    assert 'type="text"' in shown
    assert 'value="29.02.2027"' in shown


def test_right_date_is_shown_in_the_browsers_picker():
    shown = DanishDateField().widget.render("dag", "24-12-2026")
    assert 'type="date"' in shown
    assert 'value="2026-12-24"' in shown


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_comes_back_from_how_it_is_printed(day):
    assert DanishDateField().clean(f"{day:%d-%m-%Y}") == day


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("662,5", "662.5"),
        ("1.234,50", "1234.5"),
        ("1.234", "1234"),
        ("0", "0"),
        ("-3,5", "-3.5"),
        ("1234567", "1234567"),
    ],
)
def test_number_is_understood_as_danes_type_it(typed, number):
    assert DanishDecimalField().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["662.5", "1,234.50", "١٢", "1.23", "--1", "1e3", "NaN", "12,"])
def test_number_in_doubt_is_refused(typed):
    with pytest.raises(ValidationError):
        DanishDecimalField().clean(typed)


def test_minus_zero_is_zero():
    assert str(DanishDecimalField().clean("-0")) == "0"


@pytest.mark.parametrize(
    "text", ["010203-1234", "0102031234", "Eleven 010203 1234 var med", "nr. 311299–4321.", "cpr:2412104567"]
)
def test_cpr_number_is_refused_with_the_reason(text):
    with pytest.raises(ValidationError, match="CPR-nummer"):
        check_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sagsnr. 2013-0184482",
        "Dokumentnr. 2013-0184482-2",
        "Dokumentnr. 2010-161108",
        "EAN 5798009800077",
        "Ring på 33 66 33 66",
        "I 2012 var der 662,5 dage",
        "999999-9999",
    ],
)
def test_numbers_of_the_papers_are_no_cpr_numbers(text):
    check_text(text)


def test_document_number_without_its_hyphen_passes_in_its_own_field_only():
    check_text("2010161108", may_look_like_cpr=True)
    with pytest.raises(ValidationError):
        check_text("2010161108")


@pytest.mark.parametrize("text", ["NUL \0 byte", "ugyldig \ufffd tekst", "\x1b[31m"])
def test_unreadable_characters_are_refused(text):
    with pytest.raises(ValidationError, match="tegn, der ikke kan læses"):
        check_text(text)
