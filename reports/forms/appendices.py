"""What is attached to a note."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from reports.models import Appendix, Committee, Note
from reports.uploaded import check_pdf
from sikkerby.forms import CreateForm, check_text
from sikkerby.models import StoredFile, User
from sikkerby.templatetags.danish import file_size

Source = Appendix.Source
MADE_FROM = {Source.PRINCIPLES: "strategy", Source.EDITION: "catalogue", Source.CLOSURES: "year"}
ASKED = {
    "strategy": "Vælg den strategi, bilaget skal laves af.",
    "catalogue": "Vælg det katalog, bilaget skal laves af.",
    "year": "Skriv det år, bilaget skal vise.",
}


class AppendixForm(CreateForm):
    """A file, a paper that is made from the registers, or a title alone. `note` is the note it is attached to."""

    file = forms.FileField(
        label="PDF-fil",
        required=False,
        max_length=200,
        validators=[FileExtensionValidator(["pdf"], "Bilag skal være PDF-filer. Gem dokumentet som PDF først.")],
        help_text=f"Højst {file_size(StoredFile.LARGEST)}. Uden fil nævnes bilaget kun ved sin titel.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )
    is_closed = forms.BooleanField(
        label="Lukket bilag",
        required=False,
        help_text="Titlen står på papiret, men kun de udvalg, du vælger, kan læse bilaget.",
    )

    class Meta:
        model = Appendix
        fields = ["title", "source", "strategy", "catalogue", "year", "names_institutions"]
        fields += ["closed_because", "closed_to"]
        widgets = {"source": forms.RadioSelect, "closed_to": forms.CheckboxSelectMultiple}
        labels = {"source": "Bilaget er", "year": "År", "closed_because": "Begrundelse"}
        help_texts = {"closed_because": ""}

    field_order = [
        *("title", "source", "file", "strategy", "catalogue", "year", "names_institutions"),
        *("is_closed", "closed_because", "closed_to"),
    ]

    def __init__(self, *args, note: Note, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.note = note
        self.fields["closed_to"].queryset = Committee.objects.existing(today)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > StoredFile.LARGEST:
            raise ValidationError(
                f"Filen fylder {file_size(file.size)}. Et bilag må højst fylde {file_size(StoredFile.LARGEST)}."
            )
        check_text(file.name)
        check_pdf(file.read())
        file.seek(0)
        return file

    def clean(self):
        """What belongs to another choice than the one made is left out, as the page does."""
        cleaned = super().clean()
        made_from = MADE_FROM.get(cleaned.get("source"))
        for name in MADE_FROM.values():
            if name != made_from:
                cleaned[name] = None
                self.errors.pop(name, None)
            elif not cleaned.get(name) and name not in self.errors:
                self.add_error(name, ASKED[name])
        if made_from:
            cleaned["file"] = None
        if made_from != "year":
            cleaned["names_institutions"] = False
        self._clean_closedness(cleaned)
        return cleaned

    def _clean_closedness(self, cleaned: dict) -> None:
        if not cleaned.get("is_closed"):
            cleaned["closed_because"], cleaned["closed_to"] = "", []
            self.errors.pop("closed_because", None)
            return
        if not cleaned.get("closed_because") and "closed_because" not in self.errors:
            self.add_error("closed_because", "Skriv, hvorfor bilaget er lukket.")
        if not cleaned.get("closed_to") and "closed_to" not in self.errors:
            self.add_error("closed_to", "Vælg mindst ét udvalg, som må læse det lukkede bilag.")

    def attach(self, *, by: User) -> Appendix:
        """The appendix, after the note's others, with its file."""
        upload = self.cleaned_data["file"]
        self.instance.file = upload and StoredFile.objects.store(
            name=upload.name, content_type="application/pdf", content=upload.read(), by=by
        )
        return self.instance.note.attach(self.instance, closed_to=self.cleaned_data["closed_to"])

    @property
    def parts(self):
        """The fields as the page groups them: a legend, a name that tells when they are of use, and the fields."""
        for name, fields in (
            ("what", ("title", "source")),
            ("file", ("file",)),
            ("principles", ("strategy",)),
            ("edition", ("catalogue",)),
            ("closures", ("year", "names_institutions")),
            ("closedness", ("is_closed",)),
            ("closed", ("closed_because", "closed_to")),
        ):
            yield name, [self[field] for field in fields]
