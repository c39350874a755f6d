"""Forms about closures. What they refuse late, under the lock, the views put back into them."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from sikkerby.forms import CreateForm, DanishDateField, DanishDateInput, EditForm, PlainForm
from sikkerby.models import DanishOrder, User

from ..calendar import explain
from ..models import Closure, Institution, Kind

FEW = 5  # as many choices are seen at once as buttons; more are a list to pick from
OPEN_ENDED = "open_ended"
DIVIDED_KINDS = [
    (Kind.DISRUPTION.value, "Driftsforstyrrelse: I måtte lukke på grund af uro eller krise."),
    (Kind.PEDAGOGICAL.value, "Pædagogisk formål: I valgte at lukke for at vise, at adfærd har konsekvenser."),
]


# --- Closures -----------------------------------------------------------------------------------------------------


class InstitutionChoice(forms.ModelChoiceField):
    """One of the institutions that this person registers for; the only one is chosen beforehand."""

    widget = forms.RadioSelect

    def offer(self, institutions: QuerySet) -> None:
        self.queryset = institutions.order_by(DanishOrder("name"), "pk")
        offered = list(self.queryset[: FEW + 1])
        if len(offered) == 1:
            self.initial = offered[0].pk
        if len(offered) > FEW:
            self.widget = forms.Select()
            self.empty_label = "Vælg institution"
        else:
            self.empty_label = None
        self.widget.choices = self.choices


class PerhapsDateInput(DanishDateInput):
    """For a date that another answer makes needless: the browser must not insist on it."""

    def use_required_attribute(self, initial):
        return False


class PeriodFields(forms.Form):
    """From and to, as one would say it: the whole day, a part of it, or until further notice."""

    first_day = DanishDateField(label="Første dag")
    first_part = forms.ChoiceField(
        label="Den første dag var der lukket",
        choices=Closure.FirstPart.choices,
        widget=forms.RadioSelect,
        initial="whole",
    )
    last_day = DanishDateField(
        label="Sidste dag",
        widget=PerhapsDateInput,
        error_messages={"required": "Skriv den sidste dag, eller vælg »indtil videre«."},
    )
    last_part = forms.ChoiceField(
        label="Den sidste dag var der lukket",
        choices=[*Closure.LastPart.choices, (OPEN_ENDED, "indtil videre (der er stadig lukket)")],
        widget=forms.RadioSelect,
        initial="whole",
    )

    def clean(self):
        super().clean()
        first_day, last_day = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if self.cleaned_data.get("last_part") == OPEN_ENDED:
            self.cleaned_data |= {"last_day": None, "last_part": Closure.LastPart.WHOLE.value}
            self._errors.pop("last_day", None)
        elif first_day and last_day and last_day < first_day:
            self.add_error("last_day", "Sidste dag ligger før første dag. Ret en af datoerne.")
        return self.cleaned_data


class ReportFields(PeriodFields):
    """What is reported: the short part, and what can be filled in later."""

    LATER = ("cause", "measures", "reference", "account")

    kind = forms.ChoiceField(label="Hvorfor lukkede I?", choices=DIVIDED_KINDS, widget=forms.RadioSelect)
    scope = forms.ChoiceField(label="Hvor var uroen?", choices=Closure.Scope.choices, widget=forms.RadioSelect)
    cause = forms.ChoiceField(label="Årsag", choices=[("", "Ikke valgt"), *Closure.Cause.choices], required=False)
    measures = forms.MultipleChoiceField(
        label="Hvad I gjorde", choices=Closure.Measure.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    @property
    def later(self) -> list[forms.BoundField]:
        return [self[name] for name in self.LATER]

    @property
    def later_is_open(self) -> bool:
        """Whether what can be filled in later must be seen: something in it is wrong, or already written."""
        return any(field.errors or field.value() for field in self.later)

    @property
    def reported(self) -> dict:
        """What was reported, as the closure keeps it."""
        return {name: self.cleaned_data[name] for name in Closure.REPORTED}


_REPORTED = ["kind", "scope", "first_day", "first_part", "last_day", "last_part", *ReportFields.LATER]
_ACCOUNT = {"account": forms.Textarea(attrs={"rows": 6})}


class RegisterForm(ReportFields, CreateForm):
    institution = InstitutionChoice(label="Institution", queryset=Institution.objects.none())

    class Meta:
        model = Closure
        fields = ["institution", *_REPORTED]
        widgets = _ACCOUNT

    def __init__(self, *args, institutions: QuerySet, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].offer(institutions)
        self.initial.setdefault("first_day", today)
        self.initial.setdefault("last_day", today)

    @property
    def reported(self) -> dict:
        return super().reported | {"institution": self.cleaned_data["institution"]}


class ChangeForm(ReportFields, EditForm):
    class Meta:
        model = Closure
        fields = _REPORTED
        widgets = _ACCOUNT

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.last_day is None:
            self.initial["last_part"] = OPEN_ENDED


class CountForm(PeriodFields, PlainForm):
    """The dates while they are typed, and what they would count as; `closure` when it is one that is changed."""

    institution = forms.ModelChoiceField(queryset=Institution.objects.none())
    closure = forms.ModelChoiceField(queryset=Closure.objects.none(), required=False)

    def __init__(self, *args, institutions: QuerySet, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["institution"].queryset = institutions
        self.fields["closure"].queryset = Closure.objects.filter(institution__in=institutions)

    def explain(self, today: date) -> str:
        """What the dates count as, or why they cannot be registered."""
        if not self.is_valid():
            if "institution" in self.errors:
                return "Vælg en institution, så kan du se, hvad lukningen tæller."
            return next(iter(self.errors.values()))[0]
        changed = self.cleaned_data.pop("closure")
        closure = Closure(pk=changed and changed.pk, **self.cleaned_data)
        try:
            closure.half_days_to_take(today, by=self.by)
        except ValidationError as refusal:
            return refusal.messages[0]
        calendar = closure.institution.calendar(closure.first_day, closure.last_day or today)
        return explain(calendar, closure.period, until=today)
