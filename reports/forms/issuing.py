"""A note is issued, and what is recorded of it afterwards."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError

from reports.models import Note
from sikkerby.forms import EditForm

from .notes import NUMBERS


class IssueForm(EditForm):
    """The numbers from the case system, which often come last; and where something looks odd, that it is issued all the
    same. `doubts` is what looks odd now: it is said yes to by someone who has seen just that."""

    may_look_like_cpr = NUMBERS

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    all_the_same = forms.BooleanField(
        label="Udsend alligevel",
        help_text="Det bliver noteret i notatets forløb, hvad der var bemærket, og at du udsendte det alligevel.",
        error_messages={"required": "Sæt kryds ved »Udsend alligevel«, hvis notatet skal udsendes, som det er."},
    )

    class Meta:
        model = Note
        fields = ["case_number", "document_number"]

    def __init__(self, *args, doubts: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.doubts = doubts
        for name in self.Meta.fields:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = f"Skriv {self[name].label.lower()}et fra ESDH-systemet."
        if doubts:
            self.initial["seen"] = self._doubts_now
        else:
            del self.fields["seen"], self.fields["all_the_same"]

    @property
    def _doubts_now(self) -> str:
        return hashlib.sha256("\n".join(self.doubts).encode()).hexdigest()

    def clean_all_the_same(self):
        if self.cleaned_data["seen"] != self._doubts_now:
            raise ValidationError(
                "Der er kommet noget til, siden du åbnede siden. Læs bemærkningerne igen, og sæt kryds, hvis notatet "
                "skal udsendes alligevel."
            )
        return self.cleaned_data["all_the_same"]

    def clean(self):
        cleaned = super().clean()
        self.data = self.data.copy()
        self.data["seen"] = self._doubts_now  # shown again, the page shows them as they are now
        return cleaned
