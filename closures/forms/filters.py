"""The filter that the list of closures and the figures share: one form, so that a number and its list agree."""

import re
from calendar import monthrange
from datetime import date

from django import forms
from django.db.models import QuerySet

from sikkerby.forms import FilterForm, LongChoice
from sikkerby.models import Administration, District
from sikkerby.templatetags.danish import MONTHS

from ..models import AHEAD, Closure, Institution, Kind

FIRST_YEAR_OF_COUNT = 2012
YEAR_IN_NUMBER = re.compile(r"(\d{4})-\d", re.ASCII)
NUMBER = re.compile(r"(?:luk-?)?(?:\d{4}-)?(\d{1,18})", re.IGNORECASE | re.ASCII)


def number_in(typed: str) -> int | None:
    """LUK-2026-42, 2026-42 and 42 are all closure 42."""
    match = NUMBER.fullmatch(typed.strip())
    return int(match[1]) if match else None


def years_of_count(today: date) -> list[tuple[int, str]]:
    """The years to choose from, newest first: a closure can be registered 14 days ahead."""
    return [(year, str(year)) for year in range((today + AHEAD).year, FIRST_YEAR_OF_COUNT - 1, -1)]


class ClosureFilter(FilterForm):
    """The filters of the list of closures. Month and kind of institution show only where a figure led to them."""

    COUNTING, NOT_REVIEWED = "counting", "not_reviewed"

    aar = forms.TypedChoiceField(label="År", coerce=int, required=False)
    maaned = forms.TypedChoiceField(
        label="Måned",
        coerce=int,
        required=False,
        choices=[("", "Alle"), *((number, name) for number, name in enumerate(MONTHS, 1))],
    )
    art = forms.ChoiceField(label="Art", choices=[("", "Alle"), *Kind.choices], required=False)
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "Alle"), (COUNTING, "tæller med"), (NOT_REVIEWED, "ikke gennemgået"), *Closure.Status.choices],
        required=False,
    )
    bydel = forms.ModelChoiceField(label="Bydel", queryset=District.objects.all(), required=False, empty_label="Alle")
    forvaltning = forms.ModelChoiceField(
        label="Forvaltning", queryset=Administration.objects.all(), required=False, empty_label="Alle"
    )
    type = forms.ChoiceField(
        label="Type af institution", choices=[("", "Alle"), *Institution.Kind.choices], required=False
    )
    institution = LongChoice(
        label="Institution", queryset=Institution.objects.none(), required=False, empty_label="Alle"
    )
    nummer = forms.CharField(
        label="Nummer", required=False, max_length=30, widget=forms.TextInput(attrs={"type": "search", "size": 12})
    )

    RARE = ("maaned", "type")
    PLACES = ("bydel", "forvaltning")  # of little use to someone with a few institutions

    def __init__(self, data, *, institutions: QuerySet, whole_city: bool, today: date):
        super().__init__(data)
        rare = self.RARE if whole_city else (*self.RARE, *self.PLACES)
        self.fields["aar"].choices = [("", "Alle"), *years_of_count(today)]
        self.fields["institution"].queryset = institutions
        for name in rare:
            if not data.get(name):
                self.fields[name].widget = forms.HiddenInput()

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and last day of the year or month that is chosen."""
        year, month = self.chosen("aar"), self.chosen("maaned")
        if not year:
            return None
        return date(year, month or 1, 1), date(year, month or 12, monthrange(year, month or 12)[1])

    @property
    def days_in_words(self) -> str:
        """2026, marts 2026"""
        words = [MONTHS[self.chosen("maaned") - 1]] if self.chosen("maaned") else []
        return " ".join([*words, str(self.chosen("aar") or "")])

    def narrow(self, closures: QuerySet) -> QuerySet:
        if days := self.days:
            closures = closures.between(*days)
        if kind := self.chosen("art"):
            closures = closures.filter(kind=kind)
        if status := self.chosen("status"):
            closures = closures.filter(status__in=self._statuses(status))
        if district := self.chosen("bydel"):
            closures = closures.filter(institution__district=district)
        if administration := self.chosen("forvaltning"):
            closures = closures.filter(institution__administration=administration)
        if institution_kind := self.chosen("type"):
            closures = closures.filter(institution__kind=institution_kind)
        if institution := self.chosen("institution"):
            closures = closures.filter(institution=institution)
        if number := self.chosen("nummer"):
            closures = closures.filter(pk=number_in(number))
        return closures

    def _statuses(self, status: str) -> tuple:
        return {self.COUNTING: Closure.HOLDING, self.NOT_REVIEWED: Closure.UNREVIEWED}.get(status, (status,))
