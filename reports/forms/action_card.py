"""The action card: its text, and an institution's own numbers on it."""

import re

from django import forms
from django.core.exceptions import ValidationError

from closures.models import Institution
from reports.models import ActionCard
from sikkerby.forms import EditForm
from sikkerby.models import User

PHONE = re.compile(r"\+?\d{3,15}", re.ASCII)
SAID_OF_A_PHONE = "Skriv ét telefonnummer, for eksempel 12 34 56 78 eller 114."
MOST_GENERAL_NUMBERS = 4  # that there is room for on the card


def parse_phone(typed: str) -> str:
    """A phone number as Danes read it, "12 34 56 78", however it was grouped; with +45 or 0045 or without. Foreign
    ones keep their country code. ValueError where it is none."""
    digits = re.sub(r"[\s().\-–/]", "", typed)
    digits = re.sub(r"^00", "+", digits)
    if not PHONE.fullmatch(digits):
        raise ValueError(typed)
    digits = re.sub(r"^\+45(?=\d{8}$)", "", digits)
    return " ".join(re.findall("..", digits)) if len(digits) == 8 and digits.isdecimal() else digits


class PhoneField(forms.CharField):
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})

    def to_python(self, value):
        typed = super().to_python(value)
        try:
            return parse_phone(typed) if typed else ""
        except ValueError:
            raise ValidationError(f"Det er ikke et telefonnummer. {SAID_OF_A_PHONE}") from None


class NumbersForm(EditForm):
    """An institution's own numbers on its action card; with one's own, where one leads it. `by` is who edits them."""

    class Meta:
        model = Institution
        fields = ["phone", "police_phone", "ssp_phone"]
        field_classes = dict.fromkeys(fields, PhoneField)
        labels = {"phone": "Institutionens telefon"}
        help_texts = {
            "police_phone": "Nummeret til den lokale politistation eller den betjent, I har aftalt at ringe til."
        }

    def __init__(self, *args, by: User, leads: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        if leads:
            own = PhoneField(label="Din egen telefon", required=False, max_length=30, initial=by.phone)
            own.help_text = "Nummeret står på actioncardet, fordi du leder institutionen eller er stedfortræder."
            self.fields = {"own_phone": own, **self.fields}

    def save(self, commit=True):
        institution = super().save(commit)
        if "own_phone" in self.fields:
            self.by.phone = self.cleaned_data["own_phone"]
            self.by.save(update_fields=["phone"])
        return institution


class StepsField(forms.CharField):
    """One step a line; empty lines and numbers in front of it are typed out of habit, and left out."""

    widget = forms.Textarea

    def to_python(self, value):
        lines = (" ".join(line.split()) for line in super().to_python(value).splitlines())
        steps = (re.sub(r"^(\d{1,2}[.)]|[-–•*])(\s+|$)", "", line) for line in lines)
        return "\n".join(step for step in steps if step)


class CardForm(EditForm):
    """The card's text, as a draft."""

    class Meta:
        model = ActionCard
        fields = ["heading", "introduction", "unrest", "violence", "threats", "afterwards", "numbers"]
        field_classes = dict.fromkeys(("unrest", "violence", "threats", "afterwards"), StepsField)
        help_texts = {
            "introduction": "Én linje, som gælder i alle situationer. »Ring 112« står altid over den.",
            "unrest": "Ét punkt på hver linje, højst 50 tegn, og udsagnsordet først. Punkterne får selv numre.",
            "numbers": "Et navn, et kolon og et nummer på hver linje, for eksempel »Politiet, når det ikke haster: "
            f"114«. Højst {MOST_GENERAL_NUMBERS} linjer. Institutionens egne numre kommer af sig selv.",
        }

    def clean_numbers(self):
        lines = [line for line in self.cleaned_data["numbers"].splitlines() if line.strip()]
        if len(lines) > MOST_GENERAL_NUMBERS:
            raise ValidationError(
                f"Der er plads til {MOST_GENERAL_NUMBERS} fælles numre, og her er {len(lines)}. Slet nogle af dem."
            )
        return "\n".join(map(self._number, lines))

    @staticmethod
    def _number(line: str) -> str:
        label, _, phone = (" ".join(part.split()) for part in line.rpartition(":"))
        if not label or len(label) > 40:
            raise ValidationError(
                "Skriv, hvis nummer det er, med højst 40 tegn, og et kolon før nummeret. Det mangler i "
                f"»{line.strip()[:80]}«."
            )
        try:
            return f"{label}: {parse_phone(phone)}"
        except ValueError:
            raise ValidationError(f"»{phone[:40]}« er ikke et telefonnummer. {SAID_OF_A_PHONE}") from None


class CardIssueForm(EditForm):
    """Nothing to fill in: it carries the version of the text that was read before it is issued."""

    class Meta:
        model = ActionCard
        fields = []
