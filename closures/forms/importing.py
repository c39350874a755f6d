"""The form that takes a sheet of closures."""

from django import forms
from django.core.exceptions import ValidationError

from sikkerby.forms import CreateForm, check_text
from sikkerby.models import StoredFile
from sikkerby.templatetags.danish import file_size

from .. import importing
from ..models import Import


class ImportForm(CreateForm):
    """A file that cannot be read as a sheet of closures is refused here, before anything is stored."""

    file = forms.FileField(
        label="Regneark",
        max_length=200,
        allow_empty_file=True,  # which is said with more than Django's word for it
        help_text=f"XLSX eller CSV, højst {file_size(StoredFile.LARGEST)}.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={
            "required": "Vælg den fil, som lukningerne står i.",
            "max_length": "Filens navn er for langt. Giv den et kortere navn.",
        },
    )

    class Meta:
        model = Import
        fields = ["reviewed"]

    field_order = ("file", "reviewed")
    is_small = True

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > StoredFile.LARGEST:
            raise ValidationError(
                f"Filen fylder {file_size(file.size)}. Den må højst fylde {file_size(StoredFile.LARGEST)}. Del den i "
                "flere filer."
            )
        try:
            check_text(file.name)  # it stands in the story of each closure
        except ValidationError as refusal:
            raise ValidationError(f"Filens navn: {refusal.messages[0]}") from refusal
        try:
            self.is_small = importing.is_small(file.read())
        except importing.Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        file.seek(0)
        return file
