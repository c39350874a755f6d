"""A note is issued, and what is recorded of it afterwards."""

import hashlib
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from reports.models import Note
from sikkerby.forms import DanishDateField, EditForm, PlainForm
from sikkerby.models import StoredFile, User
from sikkerby.templatetags.danish import file_size, short_date

from .notes import NUMBERS


class IssueForm(EditForm):
    """The numbers from the case system, which often come last; and where something looks odd, that it is issued all the
    same. `doubts` is what looks odd now: it is said yes to by someone who has seen just that."""

    may_look_like_cpr = NUMBERS

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    all_the_same = forms.BooleanField(
        label="Udsend alligevel",
        help_text="Det bliver noteret i notatets forløb, hvad der var bemærket, og at du udsendte det alligevel.",
        error_messages={"required": "Sæt flueben ved »Udsend alligevel«, hvis notatet skal udsendes, som det er."},
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
                "Der er kommet noget til, siden du åbnede siden. Læs bemærkningerne igen, og sæt flueben, hvis notatet "
                "skal udsendes alligevel."
            )
        return self.cleaned_data["all_the_same"]

    def clean(self):
        cleaned = super().clean()
        self.data = self.data.copy()
        self.data["seen"] = self._doubts_now  # shown again, the page shows them as they are now
        return cleaned


class JournaliseForm(PlainForm):
    """`issued` is the day it was issued."""

    on = DanishDateField(label="Journaliseret den", help_text="Den dag, notatet blev lagt på sagen i ESDH-systemet.")

    def __init__(self, *args, today: date, issued: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.issued = today, issued
        self.initial.setdefault("on", today)

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError("Dagen er ikke kommet endnu. Notér det, når notatet er journaliseret.")
        if day < self.issued:
            raise ValidationError(
                f"Notatet blev udsendt {short_date(self.issued)} og kan ikke være journaliseret før. Ret datoen."
            )
        return day


class BarringForm(PlainForm):
    because = forms.CharField(
        label="Hvorfor skal notatet spærres for visning?",
        max_length=300,
        help_text="Begrundelsen bliver ført i registret og kan ikke ændres. Gentag ikke det, der skal skjules.",
    )


class CheckForm(PlainForm):
    """A PDF file, which is compared and not kept."""

    file = forms.FileField(
        label="PDF-fil",
        help_text=f"Højst {file_size(StoredFile.LARGEST)}. Filen bliver sammenlignet og ikke gemt.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": "Vælg den PDF-fil, du vil kontrollere."},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > StoredFile.LARGEST:
            raise ValidationError(
                f"Filen fylder {file_size(file.size)}. Et udsendt dokument fylder højst "
                f"{file_size(StoredFile.LARGEST)}, så den er ikke udsendt herfra."
            )
        return file


class CodeForm(PlainForm):
    """The code on a paper. `user` is who asks."""

    code = forms.CharField(
        label="Kode",
        max_length=20,
        help_text="Otte tegn, for eksempel K7QF-2M9D. Koden står nederst på hver side af notatet.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "size": 12}),
        error_messages={"required": "Skriv den kode, der står nederst på papiret."},
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self):
        """The note is what comes out of it. One that may not be seen is as one that is not there."""
        note = Note.objects.visible_to(self.user).coded(self.cleaned_data["code"]).first()
        if note is None:
            raise ValidationError(
                "Der er ikke noget notat til dig med den kode. Kontrollér tegnene, eller vælg filen i stedet."
            )
        return note
