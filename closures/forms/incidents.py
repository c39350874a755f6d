"""Forms about incidents: the unrest or crisis behind closures."""

from datetime import date

from django import forms

from sikkerby.forms import CreateForm, EditForm, FilterForm, PlainForm
from sikkerby.models import District

from ..models import Closure, Incident
from .filters import years_of_count
from .review import closure_of

_INCIDENT = ["title", "happened_on", "district", "description"]


class NewIncidentForm(CreateForm):
    """`closure` is the one that it is made for, if it is made from one's page."""

    closure = forms.ModelChoiceField(
        label="Lukning", queryset=Closure.objects.all(), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Incident
        fields = _INCIDENT


class IncidentForm(EditForm):
    class Meta:
        model = Incident
        fields = _INCIDENT


class AddForm(PlainForm):
    """A closure that is known by its number."""

    number = forms.CharField(
        label="Nummeret på en lukning", max_length=30, help_text="For eksempel LUK-2026-42.", widget=forms.TextInput
    )

    def clean_number(self) -> Closure:
        return closure_of(self.cleaned_data["number"])


class IncidentFilter(FilterForm):
    aar = forms.TypedChoiceField(label="År", coerce=int, required=False)
    bydel = forms.ModelChoiceField(label="Bydel", queryset=District.objects.all(), required=False, empty_label="Alle")

    def __init__(self, data, *, today: date):
        super().__init__(data)
        self.fields["aar"].choices = [("", "Alle"), *years_of_count(today)]

    def narrow(self, incidents):
        if year := self.chosen("aar"):
            incidents = incidents.filter(happened_on__year=year)
        if district := self.chosen("bydel"):
            incidents = incidents.filter(district=district)
        return incidents
