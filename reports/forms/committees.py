"""A committee: its names, and who sits on it."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from reports.models import Committee, CommitteeName, Seat
from sikkerby.forms import CheckedText, CreateForm, DanishDateField, EditForm, PlainForm, danish_field, sent_before
from sikkerby.models import User

_COMMITTEE = ["name", "abbreviation", "administration"]


class NewCommitteeForm(CreateForm):
    class Meta:
        model = Committee
        fields = _COMMITTEE


class CommitteeForm(EditForm):
    class Meta:
        model = Committee
        fields = [*_COMMITTEE, "dissolved_on"]
        help_texts = {
            "name": "Ret kun stavefejl her. Har udvalget skiftet navn, så brug »Skift navn«, så det tidligere navn "
            "bliver stående på de gamle papirer."
        }


class RenameForm(PlainForm):
    name = forms.CharField(label="Nyt navn", max_length=100)
    begins = DanishDateField(label="Første dag med det nye navn")

    def __init__(self, *args, committee: Committee, **kwargs):
        super().__init__(*args, **kwargs)
        self.committee = committee

    def clean_name(self):
        name = self.cleaned_data["name"]
        if Committee.objects.filter(name=name).exists():
            raise ValidationError("Der er allerede et udvalg med det navn. Skriv et andet.")
        return name


class _Dates(forms.ModelForm):
    """From and to, said at the field where the second comes before the first."""

    def clean(self):
        super().clean()
        begins, ends = self.cleaned_data.get("begins"), self.cleaned_data.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", "Slutdatoen ligger før startdatoen. Ret en af datoerne.")
        return self.cleaned_data


class _Name:
    model = CommitteeName
    fields = ["name", "begins", "ends"]
    help_texts = {"begins": "Lad feltet stå tomt, hvis datoen ikke er kendt."}


class NewNameForm(_Dates, CreateForm):
    class Meta(_Name):
        pass


class NameForm(CheckedText, _Dates):
    class Meta(_Name):
        formfield_callback = staticmethod(danish_field)


class _Seats(_Dates):
    """Who sits, and from when to when. One person does not hold the same seat twice at once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Who sat there stays named, also when the account is closed.
        self.fields["user"].queryset = User.objects.filter(Q(is_active=True) | Q(pk=self.instance.user_id))

    def clean(self):
        cleaned = super().clean()
        user = cleaned.get("user")
        if user and not sent_before(cleaned.get("key")):
            begins, ends = cleaned.get("begins"), cleaned.get("ends")
            others = self.instance.committee.seats.exclude(pk=self.instance.pk).filter(user=user)
            if others.of_kind(cleaned.get("kind")).overlapping(begins, ends).exists():
                self.add_error("user", f"{user} har allerede den plads i en del af perioden. Ret datoerne.")
        return cleaned


class _Seat:
    model = Seat
    fields = ["user", "kind", "begins", "ends"]
    labels = {"user": "Person"}
    help_texts = {
        "user": "Mangler personen på listen, så bed systemadministratoren om at oprette en bruger.",
        "ends": "Den sidste dag. Derefter kan personen ikke længere læse udvalgets lukkede notater.",
    }


class NewSeatForm(_Seats, CreateForm):
    class Meta(_Seat):
        pass


class SeatForm(CheckedText, _Seats):
    class Meta(_Seat):
        formfield_callback = staticmethod(danish_field)
