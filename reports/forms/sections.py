"""The sections of a note, each kind with the fields it has."""

from django import forms
from django.core.exceptions import ValidationError

from initiatives.models import Initiative, Principle
from reports.models import Section
from sikkerby.forms import CreateForm, EditForm


class NewSectionForm(CreateForm):
    class Meta:
        model = Section
        fields = ["kind", "heading"]
        widgets = {"kind": forms.RadioSelect}


class SectionForm(EditForm):
    """The fields that a section of its kind has. `note` is the note it is part of."""

    class Meta:
        model = Section
        fields = ["heading"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("principle", "catalogue", "year"):
            if name in self.fields:
                self.fields[name].required = True


class TextForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["heading", "html"]


class ClosuresForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["heading", "first_year", "year", "html"]
        labels = {"html": "Kommentar efter tallene"}
        help_texts = {
            "first_year": "Lad feltet stå tomt for at vise ét år.",
            "year": "Kun gennemgåede lukninger tæller med. Tallene følger registret, indtil notatet udsendes.",
        }

    def clean_year(self):
        year, of_the_note = self.cleaned_data["year"], self.instance.note.date.year
        if year is not None and year > of_the_note:
            raise ValidationError(
                f"Notatet er fra {of_the_note} og kan ikke vise ikke-planlagte lukkedage fra {year}. Ret årstallet."
            )
        return year


class PrincipleForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["heading", "principle"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["principle"]
        field.queryset = Principle.objects.select_related("strategy").order_by(
            "-strategy__first_year", "kind", "number"
        )
        field.label_from_instance = lambda principle: f"{principle.strategy}: {principle}"


class InitiativesForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["heading", "initiatives"]
        widgets = {"initiatives": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["initiatives"].queryset = Initiative.objects.all()


class CatalogueForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["heading", "catalogue", "html"]
        labels = {"html": "Indledning"}
        help_texts = {"html": "Lad feltet stå tomt for at få antallet af foreslåede, undersøgte og optagne eksempler."}


class PointsForm(SectionForm):
    points = forms.CharField(
        label="At-punkter",
        required=False,
        max_length=20_000,
        widget=forms.Textarea,
        help_text="Ét punkt på hver linje, for eksempel »at statusnotatet tages til efterretning«.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["points"] = "\n".join(point.text for point in self.instance.note.recommendations.all())

    def save(self, commit=True):
        section = super().save(commit)
        lines = (" ".join(line.split()) for line in self.cleaned_data["points"].splitlines())
        section.note.set_points(line for line in lines if line)
        return section


FORM_OF = {
    Section.Kind.TEXT: TextForm,
    Section.Kind.GOAL: PrincipleForm,
    Section.Kind.CLOSURES: ClosuresForm,
    Section.Kind.PRINCIPLE: PrincipleForm,
    Section.Kind.INITIATIVES: InitiativesForm,
    Section.Kind.CATALOGUE: CatalogueForm,
    Section.Kind.RECOMMENDATIONS: PointsForm,
    Section.Kind.PROCESS: TextForm,
    Section.Kind.APPENDICES: SectionForm,
}
