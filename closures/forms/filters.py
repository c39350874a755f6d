"""The filter that the list of closures and the figures share: one form, so that a number and its list agree."""

import re
from calendar import monthrange
from datetime import date

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms.models import ModelChoiceIterator

from sikkerby.forms import FilterForm, LongChoice
from sikkerby.models import Administration, District
from sikkerby.templatetags.danish import MONTHS, WEEKDAYS

from .. import figures
from ..models import AHEAD, ClosedHalfDay, Closure, Incident, Institution, Kind, TakenOutHalfDay

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


NONE = "ingen"  # in the address: those that have no district, no incident, no cause that is stated


class _OrNone(ModelChoiceIterator):
    def __iter__(self):
        yield from super().__iter__()
        yield NONE, self.field.none_label


class OrNoneField(forms.ModelChoiceField):
    """One of the rows, or those that have none."""

    iterator = _OrNone

    def __init__(self, *args, none_label: str, **kwargs):
        self.none_label = none_label
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        return value if value == NONE else super().to_python(value)


class ClosureFilter(FilterForm):
    """The filters of the list of closures and of a year's figures, whose year is in its address.

    A year, a month and a weekday narrow the half-days that are summed, all else the closures. Totals without dates and
    the units' answers are narrowed as far as they can be; what cannot be told of a total leaves it out.
    """

    COUNTING, NOT_REVIEWED, AWAITING_ANSWER = "counting", "not_reviewed", "awaiting_answer"

    aar = forms.TypedChoiceField(label="År", coerce=int, required=False)
    maaned = forms.TypedChoiceField(
        label="Måned", coerce=int, required=False, choices=[("", "Alle"), *enumerate(MONTHS, 1)]
    )
    ugedag = forms.TypedChoiceField(
        label="Ugedag", coerce=int, required=False, choices=[("", "Alle"), *enumerate(WEEKDAYS, 1)]
    )
    art = forms.ChoiceField(label="Art", choices=[("", "Alle"), *Kind.choices], required=False)
    status = forms.ChoiceField(
        label="Status",
        choices=[
            *(("", "Alle"), (COUNTING, "tæller med"), (NOT_REVIEWED, "ikke gennemgået")),
            *Closure.Status.choices,
            (AWAITING_ANSWER, "venter på lederens svar"),
        ],
        required=False,
    )
    bydel = OrNoneField(
        label="Bydel", queryset=District.objects.all(), required=False, empty_label="Alle", none_label="hele byen"
    )
    forvaltning = forms.ModelChoiceField(
        label="Forvaltning", queryset=Administration.objects.all(), required=False, empty_label="Alle"
    )
    type = forms.ChoiceField(
        label="Type af institution", choices=[("", "Alle"), *Institution.Kind.choices], required=False
    )
    institution = LongChoice(
        label="Institution", queryset=Institution.objects.none(), required=False, empty_label="Alle"
    )
    aarsag = forms.ChoiceField(
        label="Årsag", choices=[("", "Alle"), *Closure.Cause.choices, (NONE, "ikke oplyst")], required=False
    )
    hvor = forms.ChoiceField(
        label="Hvor var uroen", choices=[("", "Alle"), *Closure.Scope.choices, (NONE, "ikke oplyst")], required=False
    )
    haendelse = OrNoneField(
        label="Hændelse",
        queryset=Incident.objects.none(),
        required=False,
        empty_label="Alle",
        none_label="uden hændelse",
    )
    omklassificeret = forms.BooleanField(label="Omklassificeret", required=False)
    aendret = forms.BooleanField(label="Ændret efter årsopgørelsen", required=False)
    nummer = forms.CharField(
        label="Nummer", required=False, max_length=30, widget=forms.TextInput(attrs={"type": "search", "size": 12})
    )

    FOLDED = ("maaned", "ugedag", "type", "aarsag", "hvor", "aendret", "haendelse", "omklassificeret")
    LED_TO = ("haendelse", "omklassificeret")  # shown only where a figure or an incident led to them
    OF_THE_CITY = ("bydel", "forvaltning", "type")  # of little use to someone with a few institutions
    UNKNOWN_OF_TOTALS = ("ugedag", "aarsag", "hvor", "haendelse", "omklassificeret", "aendret", "nummer")

    def __init__(
        self,
        data,
        *,
        institutions: QuerySet,
        incidents: QuerySet,
        whole_city: bool,
        today: date,
        year: int | None = None,
    ):
        super().__init__(data)
        self.year_of_page, self.visible = year, None if whole_city else institutions
        self.fields["institution"].queryset = institutions
        # Only what was chosen is offered: a city has thousands of incidents.
        chosen = data.get("haendelse", "")
        is_key = chosen.isdecimal() and len(chosen) <= 18
        self.fields["haendelse"].queryset = incidents.filter(pk=chosen) if is_key else incidents.none()
        if year is None:
            self.fields["aar"].choices = [("", "Alle"), *years_of_count(today)]
        else:
            del self.fields["aar"]
        for name in self.LED_TO if whole_city else (*self.LED_TO, *self.OF_THE_CITY):
            if not data.get(name):
                self.fields[name].widget = forms.HiddenInput()

    def clean(self):
        super().clean()
        if not (self.year_of_page or self.cleaned_data.get("aar")):
            for name, which in (("maaned", "en måned"), ("ugedag", "en ugedag")):
                if self.cleaned_data.get(name):
                    self.add_error(name, f"Vælg også et år, når du vælger {which}.")
        return self.cleaned_data

    # --- What was chosen ------------------------------------------------------------------------------------------

    @property
    def query(self) -> dict[str, str]:
        """What narrows, as it stands in the address."""
        return {name: self.data[name] for name in self.fields if name in self.data and self.chosen(name)}

    @property
    def year(self) -> int | None:
        return self.year_of_page or self.chosen("aar")

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and last day of the year or month that is chosen."""
        year, month = self.year, self.chosen("maaned")
        if not year:
            return None
        return date(year, month or 1, 1), date(year, month or 12, monthrange(year, month or 12)[1])

    @property
    def days_in_words(self) -> str:
        """i 2026, i marts 2026, på mandage i marts 2026"""
        words = ["i", *([MONTHS[self.chosen("maaned") - 1]] if self.chosen("maaned") else []), str(self.year or "")]
        if weekday := self.chosen("ugedag"):
            words = [f"på {WEEKDAYS[weekday - 1]}e", *words]
        return " ".join(words) if self.year else ""

    @property
    def when(self) -> Q:
        """Which half-days of the year."""
        chosen = {"day__month": self.chosen("maaned"), "day__iso_week_day": self.chosen("ugedag")}
        return Q(**{lookup: value for lookup, value in chosen.items() if value})

    @property
    def reviewed_only(self) -> bool:
        """Reviewed closures are a counted set of their own: one that waits does not hide the services under it."""
        return self.chosen("status") == Closure.Status.REVIEWED

    @property
    def taken_out(self) -> bool:
        return self.chosen("status") == Closure.Status.EXCLUDED

    # --- What it narrows ------------------------------------------------------------------------------------------

    def narrow(self, closures: QuerySet) -> QuerySet:
        closures = self.about(closures)
        if days := self.days:
            closures = closures.between(*days)
        if days and self.chosen("ugedag"):
            own = Q(self.when, closure=OuterRef("pk"), day__range=days)
            closures = closures.filter(
                Exists(ClosedHalfDay.objects.filter(own)) | Exists(TakenOutHalfDay.objects.filter(own))
            )
        return closures

    def about(self, closures: QuerySet) -> QuerySet:
        """By all that is said of the closure itself, whatever its days."""
        if kind := self.chosen("art"):
            closures = closures.filter(kind=kind)
        if self.chosen("status") == self.AWAITING_ANSWER:
            closures = closures.awaiting_answer()
        elif status := self.chosen("status"):
            closures = closures.filter(status__in=self._statuses(status))
        if places := self._places():
            closures = closures.filter(places)
        if cause := self.chosen("aarsag"):
            closures = closures.filter(cause="" if cause == NONE else cause)
        if scope := self.chosen("hvor"):
            closures = closures.filter(scope="" if scope == NONE else scope)
        if incident := self.chosen("haendelse"):
            closures = closures.filter(incident=None if incident == NONE else incident)
        if self.chosen("omklassificeret"):
            closures = closures.exclude(reported_kind="")
        if self.chosen("aendret"):
            closures = closures.filter(figures.after_closing())
        if number := self.chosen("nummer"):
            closures = closures.filter(pk=number_in(number))
        return closures

    def narrow_totals(self, totals: QuerySet) -> QuerySet:
        """The totals without dates that belong to what is chosen."""
        status = self.chosen("status")
        counts = status in (None, self.COUNTING, Closure.Status.REVIEWED)
        if not self.year or not counts or any(self.chosen(name) for name in self.UNKNOWN_OF_TOTALS):
            return totals.none()
        totals = totals.filter(year=self.year)
        if self.visible is not None:
            totals = totals.filter(institution__in=self.visible)
        if month := self.chosen("maaned"):
            totals = totals.filter(month=month)
        if kind := self.chosen("art"):
            totals = totals.filter(kind=kind)
        if places := self._places():
            totals = totals.filter(places, institution__isnull=False)
        return totals

    def half_days(self, closures: QuerySet) -> QuerySet:
        """The half-days that the list of these closures sums to."""
        rows = figures.counted(self.about(closures), reviewed_only=self.reviewed_only).filter(self.when)
        if days := self.days:
            rows = rows.filter(day__range=days)
        return rows.select_related("closure__institution").order_by("day", "institution", "half")

    def narrow_answers(self, answers: QuerySet) -> QuerySet:
        """The units' answers: of the places that are chosen."""
        places = self._places()
        return answers.filter(places) if places else answers

    def _places(self) -> Q:
        places = Q()
        if district := self.chosen("bydel"):
            places &= Q(institution__district=None if district == NONE else district)
        if administration := self.chosen("forvaltning"):
            places &= Q(institution__administration=administration)
        if kind := self.chosen("type"):
            places &= Q(institution__kind=kind)
        if institution := self.chosen("institution"):
            places &= Q(institution=institution)
        return places

    def _statuses(self, status: str) -> tuple:
        return {self.COUNTING: Closure.HOLDING, self.NOT_REVIEWED: Closure.UNREVIEWED}.get(status, (status,))
