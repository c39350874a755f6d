"""What is attached to a note."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from reports.models import Appendix
from sikkerby.forms import CreateForm
from sikkerby.models import StoredFile
from sikkerby.templatetags.danish import file_size


class AppendixForm(CreateForm):
    file = forms.FileField(
        label="PDF-fil",
        required=False,
        max_length=200,
        validators=[FileExtensionValidator(["pdf"], "Bilag skal være PDF-filer. Gem dokumentet som PDF først.")],
        help_text=f"Højst {file_size(StoredFile.LARGEST)}. Uden fil nævnes bilaget kun ved sin titel.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    class Meta:
        model = Appendix
        fields = ["title"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > StoredFile.LARGEST:
            raise ValidationError(
                f"Filen fylder {file_size(file.size)}. Et bilag må højst fylde {file_size(StoredFile.LARGEST)}."
            )
        if b"%PDF-" not in file.read(1024):
            raise ValidationError("Filen er ikke en PDF-fil, selv om navnet siger det. Gem dokumentet som PDF igen.")
        file.seek(0)
        return file
