"""Forms about institutions, who leads them, and when they are open."""

import uuid
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from sikkerby.forms import (
    CheckedText,
    CreateForm,
    DanishDateField,
    EditForm,
    FilterForm,
    PlainForm,
    danish_field,
)
from sikkerby.models import Administration, District, User
from sikkerby.permissions import Role
from sikkerby.templatetags.danish import WEEKDAYS, with_capital

from ..calendar import in_words
from ..models import Answer, Institution, Leadership, OpeningHours, PlannedClosing, SharedCalendar
from .filters import years_of_count


class YearFilter(FilterForm):
    """The year that the page of an institution or a calendar shows; this year unless another is chosen."""

    aar = forms.TypedChoiceField(label="År", coerce=int, required=False)

    def __init__(self, data, *, today: date):
        data = data.copy()
        data.setdefault("aar", str(today.year))
        super().__init__(data)
        # Next year too: its planned closings are entered before it begins.
        self.fields["aar"].choices = years_of_count(date(today.year + 1, 1, 1))
        self.today = today

    @property
    def days(self) -> tuple[date, date]:
        year = self.chosen("aar") or self.today.year
        return date(year, 1, 1), date(year, 12, 31)


class InstitutionFields(forms.Form):
    def clean_parent(self) -> Institution | None:
        """One level: the counting asks a service's parent, not the parent's."""
        parent = self.cleaned_data["parent"]
        if parent and parent.parent_id:
            raise ValidationError(f"{parent} hører selv under {parent.parent}. Vælg den i stedet.")
        if parent and self.instance.pk and self.instance.services.exists():
            raise ValidationError("Institutionen har selv enheder under sig og kan ikke høre under en anden.")
        return parent


_INSTITUTION = [
    *("name", "kind", "administration", "district", "parent", "address", "phone", "police_phone", "ssp_phone"),
    *("opened_on", "closed_on"),
]


class NewInstitutionForm(InstitutionFields, CreateForm):
    class Meta:
        model = Institution
        fields = _INSTITUTION


class InstitutionForm(InstitutionFields, EditForm):
    class Meta:
        model = Institution
        fields = _INSTITUTION

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Institution.objects.exclude(pk=self.instance.pk)

    def clean_parent(self) -> Institution | None:
        """What is counted must not change because a unit comes to belong elsewhere."""
        before, parent = Institution.objects.filter(services=self.instance).first(), super().clean_parent()
        for other in {before, parent} - {None} if before != parent else ():
            if half_days := self.instance.half_days_with(other):
                raise ValidationError(
                    f"{self.instance} og {other} har været lukket samtidig i {in_words(half_days)}, og de ville tælle "
                    "anderledes end før. Opret i stedet en ny enhed, og skriv her, hvornår den gamle er nedlagt."
                )
        return parent


class InstitutionFilter(FilterForm):
    q = forms.CharField(
        label="Navn", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search", "size": 20})
    )
    type = forms.ChoiceField(label="Type", choices=[("", "Alle"), *Institution.Kind.choices], required=False)
    forvaltning = forms.ModelChoiceField(
        label="Forvaltning", queryset=Administration.objects.all(), required=False, empty_label="Alle"
    )
    bydel = forms.ModelChoiceField(label="Bydel", queryset=District.objects.all(), required=False, empty_label="Alle")
    uden_leder = forms.BooleanField(label="Uden leder", required=False)

    def narrow(self, institutions: QuerySet, today: date) -> QuerySet:
        if query := self.chosen("q"):
            institutions = institutions.matching(query)
        if kind := self.chosen("type"):
            institutions = institutions.filter(kind=kind)
        if administration := self.chosen("forvaltning"):
            institutions = institutions.filter(administration=administration)
        if district := self.chosen("bydel"):
            institutions = institutions.filter(district=district)
        return institutions.without_leader(today) if self.chosen("uden_leder") else institutions


# --- What belongs to an institution and has dates -----------------------------------------------------------------


class OfItsOwner(forms.ModelForm):
    """A row that belongs to an institution or a shared calendar: the page's, and not in the form."""

    def _get_validation_exclusions(self):
        """Constraints ask for the owner all the same."""
        return super()._get_validation_exclusions() - {"institution", "calendar"}


class RowForm(CheckedText, OfItsOwner):
    class Meta:
        formfield_callback = staticmethod(danish_field)


class DatedFields(forms.ModelForm):
    """From and to. The database makes a range of them, and cannot be asked about one that ends before it begins."""

    def clean(self):
        super().clean()
        begins, ends = self.cleaned_data.get("begins"), self.cleaned_data.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", "Slutdatoen ligger før startdatoen. Ret en af datoerne.")
        return self.cleaned_data


class LeadershipFields(DatedFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(is_active=True)


class _Leadership:
    model = Leadership
    fields = ["user", "kind", "begins", "ends"]


class NewLeadershipForm(LeadershipFields, OfItsOwner, CreateForm):
    class Meta(_Leadership):
        pass


class LeadershipForm(LeadershipFields, RowForm):
    class Meta(_Leadership, RowForm.Meta):
        pass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Who led it stays named, also when the account is closed.
        self.fields["user"].queryset = User.objects.filter(Q(is_active=True) | Q(pk=self.instance.user_id))


class HoursFields(DatedFields):
    """A choice for each weekday, kept as one list of halves."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, halves in zip(WEEKDAYS, self.instance.halves, strict=True):
            self.fields[name] = forms.TypedChoiceField(
                label=with_capital(name), coerce=int, choices=OpeningHours.OPEN, initial=halves
            )
        self.order_fields([*WEEKDAYS, "open_on_public_holidays", "opens_at", "closes_at", "begins", "ends"])

    def clean(self):
        super().clean()
        chosen = [self.cleaned_data.get(name) for name in WEEKDAYS]
        if None not in chosen:
            self.instance.halves = chosen
        return self.cleaned_data


class _Hours:
    model = OpeningHours
    fields = ["opens_at", "closes_at", "open_on_public_holidays", "begins", "ends"]
    widgets = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("opens_at", "closes_at")}


class NewHoursForm(HoursFields, OfItsOwner, CreateForm):
    class Meta(_Hours):
        pass


class HoursForm(HoursFields, RowForm):
    class Meta(_Hours, RowForm.Meta):
        pass


class _Closing:
    model = PlannedClosing
    fields = ["first_day", "last_day", "reason"]


class NewClosingForm(OfItsOwner, CreateForm):
    """Of an institution, or of a shared calendar."""

    class Meta(_Closing):
        pass


class ClosingForm(RowForm):
    class Meta(_Closing, RowForm.Meta):
        pass


# --- Shared calendars ---------------------------------------------------------------------------------------------


class CalendarFields(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label="Gælder for",
        choices=Institution.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Vælg ingen, hvis kalenderen gælder alle institutioner.",
    )


class NewCalendarForm(CalendarFields, CreateForm):
    class Meta:
        model = SharedCalendar
        fields = ["name", "kinds"]


class CalendarForm(CalendarFields, EditForm):
    class Meta:
        model = SharedCalendar
        fields = ["name", "kinds"]


# --- When a change touches what is counted ------------------------------------------------------------------------


class RecountForm(PlainForm):
    """The office's answer about the closures that a change of when units should be open would count differently."""

    may_look_like_cpr = {"seen"}  # one fingerprint in some hundreds does

    answer = forms.ChoiceField(choices=Answer.choices, required=False)
    closed_years_too = forms.BooleanField(
        label="Tæl også lukninger i afsluttede år om (efter årsopgørelsen)",
        required=False,
        help_text="Tallene, der er forelagt udvalget, ændrer sig ikke. Det gør kun tallene opgjort i dag.",
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @property
    def given(self) -> dict:
        """What was answered; nothing, where it makes no sense."""
        return self.cleaned_data if self.is_valid() else {}


# --- Who leads it -------------------------------------------------------------------------------------------------

AT_MOST_AHEAD = timedelta(days=366)


class HandOverForm(PlainForm):
    """Someone else takes the responsibility for an institution (skift ansvarlig leder)."""

    STAYS, LEAVES = "deputy", "leaves"

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    to = forms.CharField(
        label="Hvem tager over?",
        max_length=254,
        help_text="Skriv brugernavnet eller e-mailadressen.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    from_day = DanishDateField(label="Fra og med")
    former = forms.ChoiceField(
        label="Hvad sker der med den nuværende leder?",
        choices=[
            (LEAVES, "stopper dagen før"),
            (STAYS, "fortsætter som souschef eller stedfortræder"),
        ],
        widget=forms.RadioSelect,
        initial=LEAVES,
    )

    def __init__(self, *args, by: User, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_office, self.today = Role.OFFICE in by.roles, today
        self.initial.setdefault("from_day", today)
        if self.is_office:
            self.fields["to"].widget.attrs["list"] = "people"

    @property
    def people(self) -> QuerySet:
        """Whom the office can pick from."""
        return User.objects.filter(is_active=True).order_by("name") if self.is_office else User.objects.none()

    def clean_to(self) -> User:
        typed = self.cleaned_data["to"]
        found = list(User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed))[:2])
        if not found:
            raise ValidationError(
                f"Der er ingen konto med brugernavnet eller e-mailadressen »{typed}«. Kontrollér stavemåden. Har "
                "personen ingen konto, så bed systemadministratoren om at oprette en."
            )
        if len(found) > 1:
            raise ValidationError(f"Flere konti passer til »{typed}«. Skriv personens brugernavn.")
        if not found[0].is_active:
            raise ValidationError(
                f"Kontoen »{typed}« er lukket. Vælg en anden, eller bed systemadministratoren om at åbne kontoen."
            )
        return found[0]

    def clean_from_day(self) -> date:
        day = self.cleaned_data["from_day"]
        if day < self.today and not self.is_office:
            raise ValidationError(
                "Vælg i dag eller en senere dag. Er skiftet allerede sket, så skriv til Center for Sikker By."
            )
        if day > self.today + AT_MOST_AHEAD:
            raise ValidationError("Et skifte kan højst skrives ind et år frem. Ret datoen.")
        return day

    @property
    def change(self) -> dict:
        """What is to be done, as the institution's act takes it."""
        return {
            "to": self.cleaned_data["to"],
            "from_day": self.cleaned_data["from_day"],
            "stays_as_deputy": self.cleaned_data["former"] == self.STAYS,
        }
