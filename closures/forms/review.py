"""Forms of what is done with a closure: by those who report it, and by the office's review."""

from django import forms
from django.core.exceptions import ValidationError

from sikkerby.forms import DanishDateField, EditForm, PlainForm

from ..models import PEOPLE_HINT, Closure, Incident, Kind
from .closures import ReportFields
from .filters import YEAR_IN_NUMBER, number_in

LONGEST_TEXT = 20_000


def _text(label: str, *, rows: int = 3, **options) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows}), **options)


def closure_of(typed: str, *, but: Closure | None = None) -> Closure:
    """The closure whose number was typed: LUK-2026-42, 2026-42 or 42."""
    closure = Closure.objects.exclude(pk=but and but.pk).filter(pk=number_in(typed)).first()
    # A year that is typed must be the number's own: a slip of the finger would hit a closure that nobody meant.
    year = YEAR_IN_NUMBER.search(typed)
    if closure is None or year and not closure.number.startswith(f"LUK-{year[1]}-"):
        raise ValidationError("Der er ingen anden lukning med det nummer. Kontrollér nummeret.")
    return closure


class ActForm(PlainForm):
    """A form of one act on a closure; by itself, a button. It carries the version of the closure that was on show, so
    that what changed meanwhile is read before anything is done. Several stand on a page; each has ids of its own."""

    # Not every page with such a button shows the closure itself.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, closure: Closure, **kwargs):
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}_%s", **kwargs)
        self.closure = closure
        self.initial.setdefault("version", closure.version)

    def clean(self):
        super().clean()
        if self.cleaned_data.pop("version", None) not in (None, self.closure.version):
            self.add_error(None, "Lukningen er blevet ændret imens. Læs, hvad der står nu, og send igen.")
            self.data = self.data.copy()  # sent again, it is meant
            self.data[self.add_prefix("version")] = str(self.closure.version)
        return self.cleaned_data


# --- Of those who report it ---------------------------------------------------------------------------------------


class EndForm(ActForm):
    last_day = DanishDateField(label="Sidste dag")
    last_part = forms.ChoiceField(
        label="Den sidste dag var der lukket",
        choices=Closure.LastPart.choices,
        widget=forms.RadioSelect,
        initial="whole",
    )


class ContinueForm(ActForm):
    from_day = DanishDateField(label="Fra og med")


class AnswerForm(ActForm):
    answer = _text("Svar til Center for Sikker By", rows=4, help_text=PEOPLE_HINT)


class DisagreeForm(ActForm):
    text = _text("Hvorfor er I uenige?", help_text=PEOPLE_HINT)


class WishForm(ActForm):
    text = _text("Hvad skal rettes, og hvorfor?", rows=4, help_text=PEOPLE_HINT)


# --- Of the review ------------------------------------------------------------------------------------------------


class QuestionForm(ActForm):
    question = _text("Spørgsmål til lederen", rows=4)


class ExcludeForm(ActForm):
    reason = forms.ChoiceField(
        label="Hvorfor tæller lukningen ikke med?", choices=Closure.Exclusion.choices, widget=forms.RadioSelect
    )
    duplicate_of = forms.CharField(
        label="Nummeret på den anden lukning",
        required=False,
        max_length=30,
        help_text="Kun hvis det er en dublet. For eksempel LUK-2026-42.",
    )
    text = _text("Begrundelse", required=False)

    def clean_duplicate_of(self) -> Closure | None:
        typed = self.cleaned_data["duplicate_of"]
        other = closure_of(typed, but=self.closure) if typed else None
        if other and other.status not in Closure.HOLDING:  # two that are each other's duplicates would both be gone
            raise ValidationError(f"{other.number} tæller ikke selv med. Kontrollér nummeret.")
        return other

    def clean(self):
        super().clean()
        reason = self.cleaned_data.get("reason")
        if reason == Closure.Exclusion.DUPLICATE and not self.cleaned_data.get("duplicate_of"):
            if "duplicate_of" not in self.errors:
                self.add_error("duplicate_of", "Skriv nummeret på den lukning, som denne er en dublet af.")
        elif reason and reason != Closure.Exclusion.DUPLICATE and self.cleaned_data.get("duplicate_of"):
            self.add_error(
                "duplicate_of", "Nummeret hører kun til en dublet. Slet det, eller vælg »dublet af en anden lukning«."
            )
        if reason == Closure.Exclusion.OTHER and not self.cleaned_data.get("text"):
            self.add_error("text", "Skriv, hvorfor lukningen ikke tæller med.")
        return self.cleaned_data


class ReclassifyForm(ActForm):
    kind = forms.ChoiceField(
        label="Hvilken art er den rigtige?",
        choices=[(kind.value, kind.label) for kind in (Kind.DISRUPTION, Kind.PEDAGOGICAL)],
        widget=forms.RadioSelect,
    )
    text = _text("Begrundelse", required=False)


class DeclineForm(ActForm):
    text = _text("Hvorfor bliver lukningen ikke rettet?")


class CorrectForm(ReportFields, EditForm):
    """After review: all that was reported but the kind, which is changed by itself, and the reason."""

    kind = None
    reason = _text(
        "Hvorfor bliver den rettet?",
        help_text="Begrundelsen står på lukningens side, hvor institutionens ledere kan læse den.",
    )

    class Meta:
        model = Closure
        fields = [name for name in Closure.REPORTED if name != "kind"]
        widgets = {"account": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_part"].choices = Closure.LastPart.choices

    def clean(self):
        super().clean()
        if not self.errors and not set(self.changed_data) - {"reason", "version"}:
            self.add_error(None, "Der er ikke rettet noget. Ret et af felterne, eller gå tilbage til lukningen.")
        return self.cleaned_data


ACT_FORMS = {
    "end": EndForm,
    "continue_as": ContinueForm,
    "answer": AnswerForm,
    "disagree": DisagreeForm,
    "ask_correction": WishForm,
    "ask": QuestionForm,
    "exclude": ExcludeForm,
    "reclassify": ReclassifyForm,
    "decline_correction": DeclineForm,
}


class GatherForm(PlainForm):
    """With which incident, or which other closure, a closure is gathered."""

    incident = forms.ModelChoiceField(queryset=Incident.objects.all(), required=False, label="Hændelse")
    closure = forms.ModelChoiceField(queryset=Closure.objects.none(), required=False, label="Lukning")

    def __init__(self, *args, gathered: Closure, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closure"].queryset = Closure.objects.exclude(pk=gathered.pk)

    def clean(self):
        super().clean()
        if not self.errors and bool(self.cleaned_data["incident"]) == bool(self.cleaned_data["closure"]):
            self.add_error(None, "Vælg den hændelse eller den lukning, som lukningen skal samles med.")
        return self.cleaned_data
