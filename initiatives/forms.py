"""Forms about strategies, principles and initiatives, and the filter of the list of initiatives."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from sikkerby.forms import CreateForm, EditForm, FilterForm
from sikkerby.models import Administration, District, User
from sikkerby.permissions import Role

from .models import (
    Carrier,
    Evaluation,
    Funding,
    Initiative,
    Measurement,
    Milestone,
    Principle,
    PrincipleEntry,
    StatusUpdate,
    Strategy,
    Target,
)

TALL = forms.Textarea(attrs={"rows": 8})
LOW = forms.Textarea(attrs={"rows": 4})


# --- Strategies, principles and their rows ------------------------------------------------------------------------


class NewStrategyForm(CreateForm):
    class Meta:
        model = Strategy
        fields = [
            *("name", "slug", "first_year", "last_year", "vision", "purpose", "governance"),
            *("adopted_by", "adopted_on"),
        ]
        widgets = {"purpose": TALL, "governance": TALL}


class StrategyForm(EditForm):
    Meta = NewStrategyForm.Meta


class OfStrategy(forms.ModelForm):
    """A principle is numbered once within its strategy, which the form does not show but must know."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        earlier = Principle.objects.filter(strategy__first_year__lt=self.instance.strategy.first_year)
        self.fields["continues"].queryset = earlier.select_related("strategy")
        self.fields["continues"].label_from_instance = lambda each: f"{each.strategy.slug}, {each}"
        self.fields["continues"].empty_label = "Intet tidligere"

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"strategy"}


class NewPrincipleForm(OfStrategy, CreateForm):
    class Meta:
        model = Principle
        fields = ["kind", "number", "title", "text", "adopted_on", "continues"]
        widgets = {"text": LOW}


class PrincipleForm(OfStrategy, EditForm):
    Meta = NewPrincipleForm.Meta


class NewEntryForm(CreateForm):
    class Meta:
        model = PrincipleEntry
        fields = ["initiative", "text", "administrations"]
        widgets = {"text": LOW, "administrations": forms.CheckboxSelectMultiple}
        help_texts = {"administrations": "Vælg kun dem, rækken selv nævner. Nævner den ingen, så vælg ingen."}


class EntryForm(EditForm):
    Meta = NewEntryForm.Meta


# --- Initiatives --------------------------------------------------------------------------------------------------


class CarrierRoles(forms.ModelForm):
    """Who carries the initiative: a role for each administration, and at most one that is responsible."""

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.own = [] if Role.OFFICE in user.roles else list(user.administrations_as(Role.CONTRIBUTOR))
        held = dict(self.instance.carriers.values_list("administration", "role")) if self.instance.pk else {}
        self.administrations = {f"role_{each.pk}": each for each in Administration.objects.all()}
        for name, administration in self.administrations.items():
            self.fields[name] = forms.ChoiceField(
                label=administration.name,
                choices=[("", "ingen rolle"), *Carrier.Role.choices],
                required=False,
                initial=held.get(administration.pk, ""),
            )

    @property
    def role_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.administrations]

    @property
    def roles(self) -> dict[Administration, str]:
        """The roles that were chosen, by administration."""
        return {
            administration: self.cleaned_data[name]
            for name, administration in self.administrations.items()
            if self.cleaned_data.get(name)
        }

    def clean(self):
        super().clean()
        leads = [name for name in self.administrations if self.cleaned_data.get(name) == Carrier.Role.LEAD]
        for name in leads[1:]:
            self.add_error(name, "Kun én forvaltning kan være ansvarlig. Vælg »ligestillet« for de andre.")
        if self.own and not any(each in self.roles for each in self.own):
            name = next(name for name, each in self.administrations.items() if each == self.own[0])
            self.add_error(name, "Giv din egen forvaltning en rolle. Ellers kan du ikke rette indsatsen bagefter.")
        for first, last, message in (
            ("age_from", "age_to", "Den højeste alder er lavere end den laveste. Ret en af dem."),
            ("begins", "ends", "Indsatsen kan ikke slutte, før den begynder."),
        ):
            low, high = self.cleaned_data.get(first), self.cleaned_data.get(last)
            if low is not None and high is not None and high < low:
                self.add_error(last, message)
        return self.cleaned_data

    def keep(self) -> Initiative:
        """Save the initiative with its carriers."""
        initiative = self.save()
        initiative.set_carriers(self.roles)
        return initiative


class NewInitiativeForm(CarrierRoles, CreateForm):
    class Meta:
        model = Initiative
        fields = [
            *("name", "status", "summary", "character", "target_group", "age_from", "age_to", "volume", "do_less"),
            *("partners", "city_wide", "districts", "sites"),
            *("begins", "begins_precision", "ends", "ends_precision"),
        ]
        widgets = {
            "summary": LOW,
            "character": TALL,
            "do_less": LOW,
            "partners": forms.CheckboxSelectMultiple,
            "districts": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "age_to": "Halve år skrives som 17,5.",
            **dict.fromkeys(("begins", "ends"), "En dag i perioden. For »sommeren 2024« kan det være 01-07-2024."),
            **dict.fromkeys(
                ("begins_precision", "ends_precision"), "Hvor præcist datoen er oplyst. Sådan bliver den også vist."
            ),
        }


class InitiativeForm(CarrierRoles, EditForm):
    Meta = NewInitiativeForm.Meta


class InitiativeFilter(FilterForm):
    q = forms.CharField(label="Søg", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}))
    princip = forms.ChoiceField(label="Strategi eller princip", required=False)
    forvaltning = forms.ModelChoiceField(
        label="Forvaltning",
        queryset=Administration.objects.all(),
        to_field_name="abbreviation",
        required=False,
        empty_label="Alle",
    )
    bydel = forms.ModelChoiceField(label="Bydel", queryset=District.objects.all(), required=False, empty_label="Alle")
    status = forms.ChoiceField(label="Status", choices=[("", "Alle"), *Initiative.Status.choices], required=False)
    effektmaal = forms.ChoiceField(label="Effektmål", choices=[("", "Alle"), ("mangler", "Mangler")], required=False)
    evaluering = forms.ChoiceField(
        label="Virkningsevaluering", choices=[("", "Alle"), ("opfoelgning", "Skal følges op")], required=False
    )

    def __init__(self, *args, user: User, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        if Role.CONTRIBUTOR in user.roles:
            self.fields["effektmaal"].choices += [("mine", "Mangler i mine indsatser")]
        self.chosen_rows: dict[str, dict] = {}
        groups = []
        for strategy in Strategy.objects.prefetch_related("principles"):
            self.chosen_rows[strategy.slug] = {"strategy": strategy}
            lines = [(strategy.slug, f"Hele {strategy.slug}")]
            for principle in strategy.principles.all():
                address = f"{strategy.slug}/{principle.slug}"
                self.chosen_rows[address] = {"principle": principle}
                lines.append((address, str(principle)))
            groups.append((strategy.name, lines))
        self.fields["princip"].choices = [("", "Alle"), *groups]

    def narrow(self, initiatives: QuerySet) -> QuerySet:
        if query := self.chosen("q"):
            initiatives = initiatives.matching(query)
        if address := self.chosen("princip"):
            initiatives = initiatives.under(**self.chosen_rows[address])
        if administration := self.chosen("forvaltning"):
            initiatives = initiatives.carried_by_administration(administration)
        if district := self.chosen("bydel"):
            initiatives = initiatives.in_district(district)
        if status := self.chosen("status"):
            initiatives = initiatives.filter(status=status)
        match self.chosen("effektmaal"):
            case "mangler":
                initiatives = initiatives.lacking_effect_measure()
            case "mine":
                initiatives = initiatives.needing(self.user)
        if self.chosen("evaluering"):
            initiatives = initiatives.with_evaluation_due_in(self.today.year)
        return initiatives


# --- What belongs to an initiative or a principle -----------------------------------------------------------------


class StatusForm(CreateForm):
    class Meta:
        model = StatusUpdate
        fields = ["on", "assessment", "text"]
        widgets = {"text": LOW, "assessment": forms.RadioSelect}

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("on", today)
        self.fields[
            "assessment"
        ].choices = StatusUpdate.Assessment.choices  # none is chosen beforehand, and none is empty

    def clean_on(self):
        if self.cleaned_data["on"] > self.today:
            raise ValidationError("Datoen ligger i fremtiden, men en status siger, hvordan det går nu. Ret datoen.")
        return self.cleaned_data["on"]


class NewMilestoneForm(CreateForm):
    class Meta:
        model = Milestone
        fields = ["title", "due", "due_precision", "reached_on", "reached_precision"]
        help_texts = {
            **dict.fromkeys(("due", "reached_on"), "En dag i perioden. For »sommeren 2024« kan det være 01-07-2024."),
            **dict.fromkeys(
                ("due_precision", "reached_precision"), "Hvor præcist datoen er oplyst. Sådan bliver den også vist."
            ),
        }


class MilestoneForm(EditForm):
    Meta = NewMilestoneForm.Meta


class NewFundingForm(CreateForm):
    class Meta:
        model = Funding
        fields = ["budget_year", "source", "granted", "spent"]
        help_texts = {"granted": "I kroner. Får indsatsen over 500.000 kr. i et år, skal den have et effektmål."}


class FundingForm(EditForm):
    Meta = NewFundingForm.Meta


class WithItsYear(forms.ModelForm):
    """A baseline has its year, or nobody knows what it says."""

    def clean(self):
        super().clean()
        if self.cleaned_data.get("baseline") is not None and not self.cleaned_data.get("baseline_year"):
            if "baseline_year" not in self.errors:
                self.add_error("baseline_year", "Skriv også det år, udgangspunktet er fra.")
        return self.cleaned_data

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"initiative", "principle", "source"}


class NewTargetForm(WithItsYear, CreateForm):
    class Meta:
        model = Target
        fields = ["text", "measure", "unit", "direction", "baseline", "baseline_year", "goal", "goal_year"]
        help_texts = {
            "text": "Hvad der skal opnås, i én sætning.",
            "measure": "For eksempel: andel utrygge i nattelivet.",
            "unit": "For eksempel: procent, unge eller dage.",
        }


class TargetForm(WithItsYear, EditForm):
    Meta = NewTargetForm.Meta


class MeasurementForm(CreateForm):
    class Meta:
        model = Measurement
        fields = ["first_day", "last_day", "value", "note"]


class NewEvaluationForm(CreateForm):
    class Meta:
        model = Evaluation
        fields = ["title", "year", "recommendations", "followed_up_on"]
        widgets = {"recommendations": TALL}


class EvaluationForm(EditForm):
    Meta = NewEvaluationForm.Meta
