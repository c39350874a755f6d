"""Forms of what is done with a closure: by those who report it, and by the office's review."""

from django import forms
from django.core.exceptions import ValidationError

from sikkerby.forms import DanishDateField, PlainForm

from ..models import PEOPLE_HINT, Closure, Kind
from .filters import YEAR_IN_NUMBER, number_in


class ActForm(PlainForm):
    """A form of one act on a closure. Several stand on its page, so each has ids of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}_%s", **kwargs)


class EndForm(ActForm):
    last_day = DanishDateField(label="Sidste dag")
    last_part = forms.ChoiceField(
        label="Den sidste dag var der lukket",
        choices=Closure.LastPart.choices,
        widget=forms.RadioSelect,
        initial="whole",
    )


class QuestionForm(ActForm):
    question = forms.CharField(
        label="Spørgsmål til lederen", max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AnswerForm(ActForm):
    answer = forms.CharField(
        label="Svar til Center for Sikker By",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=PEOPLE_HINT,
    )


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
    text = forms.CharField(
        label="Begrundelse", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, closure: Closure, **kwargs):
        super().__init__(*args, **kwargs)
        self.closure = closure

    def clean_duplicate_of(self) -> Closure | None:
        typed = self.cleaned_data["duplicate_of"]
        if not typed:
            return None
        other = Closure.objects.exclude(pk=self.closure.pk).filter(pk=number_in(typed)).first()
        # A year that is typed must be the number's own: a slip of the finger would take a right closure out.
        if other is None or (year := YEAR_IN_NUMBER.search(typed)) and not other.number.startswith(f"LUK-{year[1]}-"):
            raise ValidationError("Der er ingen anden lukning med det nummer. Kontrollér nummeret.")
        return other

    def clean(self):
        super().clean()
        reason = self.cleaned_data.get("reason")
        if reason == Closure.Exclusion.DUPLICATE and not self.cleaned_data.get("duplicate_of"):
            if "duplicate_of" not in self.errors:
                self.add_error("duplicate_of", "Skriv nummeret på den lukning, som denne er en dublet af.")
        elif reason == Closure.Exclusion.OTHER and not self.cleaned_data.get("text"):
            self.add_error("text", "Skriv, hvorfor lukningen ikke tæller med.")
        return self.cleaned_data


class ReclassifyForm(ActForm):
    kind = forms.ChoiceField(
        label="Hvilken art er den rigtige?",
        choices=[(kind.value, kind.label) for kind in (Kind.DISRUPTION, Kind.PEDAGOGICAL)],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Begrundelse", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )
