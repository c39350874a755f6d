"""Forms about closures. What they refuse late, under the lock, the views put back into them."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from sikkerby.forms import (
    CreateForm,
    DanishDateField,
    DanishDateInput,
    EditForm,
    LongChoice,
    LongSelect,
    PlainForm,
    danish_field,
)
from sikkerby.models import DanishOrder, User
from sikkerby.templatetags.danish import long_date, plain_date

from ..models import AHEAD, Closure, Institution, Kind, ReducedService, YearlyAccount

FEW = 5  # as many choices are seen at once as buttons; more are a list to pick from
OPEN_ENDED = "open_ended"
DIVIDED_KINDS = [
    (Kind.DISRUPTION.value, "Driftsforstyrrelse: I måtte lukke på grund af uro eller krise."),
    (
        Kind.PEDAGOGICAL.value,
        "Lukning med et pædagogisk formål: I valgte at lukke for at vise, at adfærd har konsekvenser.",
    ),
]
UNIT, PART = "unit", "part"
NEVER_COUNTED = "Nedsat drift tæller aldrig med i lukkedagene. Den bliver vist for sig."
# They can hardly close to show children that behaviour has consequences: the office looks twice.
SELDOM_PEDAGOGICAL = (Institution.Kind.SCHOOL, Institution.Kind.DAY_CARE)


# --- Closures -----------------------------------------------------------------------------------------------------


class InstitutionChoice(LongChoice):
    """One of the institutions that this person registers for; the only one is chosen beforehand."""

    widget = forms.RadioSelect

    def offer(self, institutions: QuerySet) -> None:
        self.queryset = institutions.order_by(DanishOrder("name"), "pk")
        offered = list(self.queryset[: FEW + 1])
        if len(offered) == 1:
            self.initial = offered[0].pk
        if len(offered) > FEW:
            self.widget = LongSelect()
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
    def later_in_words(self) -> str:
        """hvad der var lukket, årsag, hvad I gjorde, reference, hvad der skete"""
        labels = [str(field.label) for field in self.later if field.name != "part"]
        return ", ".join(label[:1].lower() + label[1:] for label in labels)

    @property
    def later_is_open(self) -> bool:
        """Whether what can be filled in later must be seen: something in it is wrong, or already written, or is where
        one came to mend it."""
        return any(
            field.errors or field.value() not in (None, "", [], UNIT) or field.field.widget.attrs.get("autofocus")
            for field in self.later
        )

    def begin_at(self, name: str) -> None:
        """One came to mend this line: the page begins there."""
        if name in self.fields:
            self.fields[name].widget.attrs["autofocus"] = True

    @property
    def reported(self) -> dict:
        """What was reported, as the closure keeps it."""
        return {name: self.cleaned_data[name] for name in Closure.REPORTED}


_REPORTED = ["kind", "scope", "first_day", "first_part", "last_day", "last_part", *ReportFields.LATER]
_ACCOUNT = {"account": forms.Textarea(attrs={"rows": 6})}


class RegisterForm(ReportFields, CreateForm):
    """A closure as it is registered, filled in on one page and read through on the next, which carries all of it. If
    only a part was closed, it becomes reduced service."""

    LATER = ("what", "part", *ReportFields.LATER)

    institution = InstitutionChoice(label="Institution", queryset=Institution.objects.none())
    what = forms.ChoiceField(
        label="Hvad der var lukket",
        choices=[
            (UNIT, "hele institutionen eller enheden"),
            (PART, "kun en del af den (nedsat drift, som aldrig tæller med)"),
        ],
        widget=forms.RadioSelect,
        initial=UNIT,
    )
    part = danish_field(ReducedService._meta.get_field("part"), required=False)
    services = forms.ModelMultipleChoiceField(
        label="Hvilke af jeres enheder lukkede også?",
        queryset=Institution.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sæt flueben ved dem, der lukkede de samme dage. Hver af dem bliver en lukning for sig.",
    )

    class Meta:
        model = Closure
        fields = ["institution", *_REPORTED]
        widgets = _ACCOUNT

    def __init__(self, *args, by: User, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.today = by, today
        mine = Institution.objects.reported_by(by)
        self.fields["institution"].offer(mine)
        self.fields["services"].queryset = mine.filter(parent__isnull=False)
        self.fields["first_day"].help_text = self._how_far()
        self.initial.setdefault("first_day", today)
        self.initial.setdefault("last_day", today)

    def _how_far(self) -> str:
        """How far back and ahead a day can lie."""
        earliest = YearlyAccount.objects.first_open_day(self.by)
        return f"Tidligst den {plain_date(earliest)} og højst {AHEAD.days} dage frem."

    def clean(self):
        super().clean()
        what, part = self.cleaned_data.get("what"), self.cleaned_data.get("part")
        if what == PART and not part and "part" not in self.errors:
            self.add_error("part", "Skriv, hvilken del der var lukket, for eksempel værkstedet.")
        elif what == UNIT and part:
            self.add_error("what", "Der står noget under »Hvilken del«. Vælg »kun en del af den«, eller slet teksten.")
        return self.cleaned_data

    def validate_constraints(self):
        if not self.is_of_part:  # of which several may be closed until further notice
            super().validate_constraints()

    @property
    def is_of_part(self) -> bool:
        """Whether it is reduced service."""
        return self.cleaned_data.get("what") == PART

    @property
    def reported(self) -> dict:
        reported = super().reported | {"institution": self.cleaned_data["institution"]}
        return reported | {"part": self.cleaned_data["part"]} if self.is_of_part else reported

    @property
    def closure(self) -> Closure:
        """What it would be, of the whole unit. Not stored."""
        return Closure(institution=self.cleaned_data["institution"], **super().reported)

    # --- Read through before it is sent ---------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """Whether it can be read through: nothing is wrong but perhaps the services, which are asked for there."""
        return self.is_bound and not set(self.errors) - {"services"}

    def rehearse(self) -> None:
        """Refuse what would be refused if it were sent now; store nothing."""
        if self.is_of_part:
            ReducedService(**self.reported).check_days(self.today)
        else:
            self.closure.half_days_to_take(self.today, by=self.by)
            self.fields["services"].queryset = Institution.objects.filter(pk__in=self._services_that_could_close())

    def _services_that_could_close(self) -> list[int]:
        """Of the unit's services those that should have been open too, and are not registered already."""
        found = []
        for service in self.fields["services"].queryset.filter(parent=self.cleaned_data["institution"]):
            closure = self.closure
            closure.institution = service
            try:
                closure.half_days_to_take(self.today, by=self.by)
            except ValidationError:
                continue
            found.append(service.pk)
        return found

    @property
    def asks_for_services(self) -> bool:
        return not self.is_of_part and self.fields["services"].queryset.exists()

    @property
    def carried_on(self) -> list[forms.BoundField]:
        """What the page to read through carries on, unseen; the services are asked for there."""
        return [field for field in self.visible_fields() if field.name != "services" or not self.asks_for_services]

    @property
    def counts(self) -> str:
        return NEVER_COUNTED if self.is_of_part else self.closure.explain(self.today)

    @property
    def office_decides(self) -> bool:
        """A school or a day care that reports a pedagogical closing."""
        chosen = self.cleaned_data
        return chosen["kind"] == Kind.PEDAGOGICAL and chosen["institution"].kind in SELDOM_PEDAGOGICAL

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """All that was typed but the services, to read through: label, what was said, and the field to mend it in."""
        closure = self.closure
        what = f"kun en del: {self.cleaned_data['part']}" if self.is_of_part else "hele institutionen eller enheden"
        told = {"institution": str(closure.institution), "what": what}
        told["first_day"] = _day_and_part(closure.first_day, closure.first_part, closure.get_first_part_display())
        told["last_day"] = _day_and_part(closure.last_day, closure.last_part, closure.get_last_part_display())
        told |= {name: closure.told(name) for name in ("kind", "scope", *ReportFields.LATER)}
        return [(self.fields[name].label, told[name], name) for name in self.READ]

    READ = ("institution", "kind", "first_day", "last_day", "scope", "what", *ReportFields.LATER)


def _day_and_part(day: date | None, part: str, part_in_words: str) -> str:
    """mandag den 2. november 2026, kun sidste del (lukkede før tid)"""
    if day is None:
        return "indtil videre"
    return long_date(day) if part == "whole" else f"{long_date(day)}, {part_in_words}"


class ChangeForm(ReportFields, EditForm):
    class Meta:
        model = Closure
        fields = _REPORTED
        widgets = _ACCOUNT

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.last_day is None:
            self.initial["last_part"] = OPEN_ENDED


class ReducedServiceForm(ReportFields, EditForm):
    class Meta:
        model = ReducedService
        fields = ["part", *_REPORTED]
        widgets = _ACCOUNT

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.last_day is None:
            self.initial["last_part"] = OPEN_ENDED


class CountForm(PeriodFields, PlainForm):
    """The dates while they are typed, and what they would count as; `closure` when it is one that is changed."""

    what = forms.ChoiceField(choices=[(UNIT, ""), (PART, "")], required=False)
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
        changed, what = self.cleaned_data.pop("closure"), self.cleaned_data.pop("what")
        if what == PART:
            return NEVER_COUNTED
        closure = Closure(pk=changed and changed.pk, **self.cleaned_data)
        try:
            closure.half_days_to_take(today, by=self.by)
        except ValidationError as refusal:
            return refusal.messages[0]
        return closure.explain(today)
