"""Forms of the yearly count: opening it, answering for a year, and closing it."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from sikkerby.forms import CreateForm, FilterForm, PlainForm
from sikkerby.models import Administration

from ..models import AnnualReturn, Institution, YearlyAccount


class OpenForm(CreateForm):
    class Meta:
        model = YearlyAccount
        fields = ["answer_by"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer_by"].help_text = (
            "Der bliver sendt mail om svaret, når årsopgørelsen åbnes, 7 dage før fristen, på fristdagen og 7 og 14 "
            "dage efter den. Fristen kan højst ligge et år frem."
        )


class CloseForm(PlainForm):
    accept_missing = forms.BooleanField(required=False)

    def __init__(self, *args, missing: str, by: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accept_missing"].label = f"Jeg, {by}, accepterer, at {missing} ikke har svaret"


@dataclass(frozen=True)
class Unit:
    """One institution's part of the page: what is registered for the year, and the one answer that fits it."""

    row: AnnualReturn
    field: forms.BoundField | None  # None where it has answered
    answer: str
    statement: str

    @property
    def institution(self) -> Institution:
        return self.row.institution


def fitting_answer(row: AnnualReturn) -> str:
    held = any(closure.in_the_year for closure in row.institution.closures_then)
    return (AnnualReturn.Answer.ALL if held else AnnualReturn.Answer.NONE).value


def statement_of(answer: str, year: int) -> str:
    """What the leader says with it."""
    if answer == AnnualReturn.Answer.ALL:
        return f"Ja, det er alle ikke-planlagte lukninger i {year}"
    return f"Ingen ikke-planlagte lukninger i {year} (nulindberetning)"


class AnswerForm(PlainForm):
    """A leader's units on one page, each with a box to tick. Those that are left empty are answered another day."""

    def __init__(self, *args, rows: list[AnnualReturn], year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows, self.year = rows, year
        for row in rows:
            self.fields[f"unit_{row.institution_id}"] = forms.ChoiceField(
                label=row.institution.name,
                choices=[("", ""), *AnnualReturn.Answer.choices],
                required=False,
                error_messages={"invalid_choice": "Sæt flueben ved svaret, eller lad feltet stå tomt."},
            )

    @property
    def units(self) -> list[Unit]:
        found = []
        for row in self.rows:
            answer = fitting_answer(row)
            field = self[f"unit_{row.institution_id}"]
            found.append(Unit(row, field, answer, statement_of(answer, self.year)))
        return found

    @property
    def answers(self) -> dict[int, str]:
        given = {row.institution_id: self.cleaned_data.get(f"unit_{row.institution_id}") for row in self.rows}
        return {unit: answer for unit, answer in given.items() if answer}

    def clean(self):
        super().clean()
        for row in self.rows:
            name = f"unit_{row.institution_id}"
            if self.cleaned_data.get(name) == AnnualReturn.Answer.NONE and fitting_answer(row) != "none":
                self.add_error(
                    name,
                    f"Der er registreret lukninger i {self.year}, så svaret kan ikke være en nulindberetning. Se dem "
                    "igennem, og svar, om det er alle.",
                )
        if not self.errors and not self.answers:
            raise ValidationError("Sæt flueben ved mindst én institution, før du sender.")
        return self.cleaned_data


class UnitChoice(forms.ModelMultipleChoiceField):
    """Institutions by their keys, of which many are chosen at once."""

    default_error_messages = {
        "required": "Vælg mindst én institution.",
        "invalid_choice": "En af institutionerne bliver ikke spurgt for året. Genindlæs siden, og vælg igen.",
        "invalid_pk_value": "En af institutionerne findes ikke. Genindlæs siden, og vælg igen.",
        "invalid_list": "Vælg institutioner på listen.",
    }


class ConfirmNilForm(PlainForm):
    """Nil returns of many units at once. Who has answered since the page was shown is no error."""

    units = UnitChoice(label="Institutioner uden lukninger", queryset=Institution.objects.none())

    def __init__(self, *args, returns: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = Institution.objects.filter(pk__in=returns.values("institution"))


class TakeBackForm(PlainForm):
    institution = forms.ModelChoiceField(queryset=Institution.objects.none())

    def __init__(self, *args, returns: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = Institution.objects.filter(pk__in=returns.values("institution"))


class ReturnFilter(FilterForm):
    """The filters of the list of who has answered; those who have not are shown first of all."""

    MISSING, ANSWERED, CONFIRMED, EVERYONE = "mangler", "svaret", "bekraeftet", "alle"

    svar = forms.ChoiceField(
        label="Svar",
        choices=[
            (MISSING, "Mangler svar"),
            (ANSWERED, "Har svaret"),
            (AnnualReturn.Answer.NONE.value, "Nulindberetning"),
            (AnnualReturn.Answer.ALL.value, "Har lukninger"),
            (CONFIRMED, "Bekræftet af forvaltningen"),
            (EVERYONE, "Alle"),
        ],
        required=False,
    )
    forvaltning = forms.ModelChoiceField(
        label="Forvaltning", queryset=Administration.objects.all(), required=False, empty_label="Alle"
    )
    type = forms.ChoiceField(
        label="Type af institution", choices=[("", "Alle"), *Institution.Kind.choices], required=False
    )

    def __init__(self, data):
        data = data.copy()
        data.setdefault("svar", self.MISSING)
        super().__init__(data)

    def narrow(self, returns: QuerySet) -> QuerySet:
        match self.chosen("svar"):
            case self.MISSING:
                returns = returns.unanswered()
            case self.ANSWERED:
                returns = returns.answered()
            case self.CONFIRMED:
                returns = returns.filter(confirmed_by_administration=True)
            case AnnualReturn.Answer.ALL | AnnualReturn.Answer.NONE as answer:
                returns = returns.filter(answer=answer)
        if administration := self.chosen("forvaltning"):
            returns = returns.filter(institution__administration=administration)
        if kind := self.chosen("type"):
            returns = returns.filter(institution__kind=kind)
        return returns


def default_answer_by(year: int, today: date) -> date:
    """31 January after the year; four weeks from now for a year that is counted late."""
    return max(date(year + 1, 1, 31), date.fromordinal(today.toordinal() + 28))
