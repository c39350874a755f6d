"""Forms about institutions, who leads them, and when they are open."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from sikkerby.forms import CheckedText, CreateForm, EditForm, FilterForm, danish_field
from sikkerby.models import Administration, District, User
from sikkerby.templatetags.danish import WEEKDAYS, with_capital

from ..models import Institution, Leadership, OpeningHours, PlannedClosing
from .filters import years_of_count


class YearFilter(FilterForm):
    """The year that an institution's page shows; this year unless another is chosen."""

    aar = forms.TypedChoiceField(label="År", coerce=int, required=False)

    def __init__(self, data, *, today: date):
        data = data.copy()
        data.setdefault("aar", str(today.year))
        super().__init__(data)
        self.fields["aar"].choices = years_of_count(today)
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


_INSTITUTION = ["name", "kind", "administration", "district", "parent", "address", "phone", "opened_on", "closed_on"]


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


class RowForm(CheckedText, forms.ModelForm):
    """A row that belongs to an institution: its leader, opening hours or planned closing."""

    class Meta:
        formfield_callback = staticmethod(danish_field)

    def _get_validation_exclusions(self):
        """The institution is the page's and not in the form, but constraints ask for it."""
        return super()._get_validation_exclusions() - {"institution"}


class LeadershipForm(RowForm):
    class Meta(RowForm.Meta):
        model = Leadership
        fields = ["user", "kind", "begins", "ends"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(is_active=True)


class HoursForm(RowForm):
    """A choice for each weekday, kept as one list of halves."""

    class Meta(RowForm.Meta):
        model = OpeningHours
        fields = ["opens_at", "closes_at", "open_on_public_holidays", "begins", "ends"]
        widgets = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("opens_at", "closes_at")}

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


class ClosingForm(RowForm):
    class Meta(RowForm.Meta):
        model = PlannedClosing
        fields = ["first_day", "last_day", "reason"]
