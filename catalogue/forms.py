"""Forms about catalogues and best practice, and the filter of the list of practices."""

from django import forms
from django.db.models import QuerySet

from initiatives.models import Initiative
from sikkerby.forms import CreateForm, EditForm, FilterForm
from sikkerby.models import Administration, District, User
from sikkerby.permissions import Role

from .models import Catalogue, Edition, Practice, Theme

TALL = forms.Textarea(attrs={"rows": 8})
LOW = forms.Textarea(attrs={"rows": 4})
OF_THE_OFFICE = ("status", "catalogue", "theme", "order", "left_out_because")


# --- Practices ----------------------------------------------------------------------------------------------------


class ThemeChoice(forms.ModelChoiceField):
    def label_from_instance(self, theme: Theme) -> str:
        return f"{theme.catalogue.year}: {theme}"


class ByWhom(forms.ModelForm):
    """A contributor proposes for the own administration; the office decides on status and place in a catalogue."""

    theme = ThemeChoice(
        label="Tema", queryset=Theme.objects.select_related("catalogue"), required=False, empty_label="Intet"
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["initiative"].queryset = Initiative.objects.visible_to(user)
        self.fields["initiative"].empty_label = "Ingen"
        if Role.OFFICE not in user.roles:
            for name in OF_THE_OFFICE:
                del self.fields[name]
            own = user.administrations_as(Role.CONTRIBUTOR)
            self.fields["administration"].queryset = own
            self.fields["administration"].required = True
            self.fields["administration"].help_text = "Din egen forvaltning."
            self.fields["administration"].initial = own.first()

    def clean(self):
        super().clean()
        catalogue, theme = self.cleaned_data.get("catalogue"), self.cleaned_data.get("theme")
        status = self.cleaned_data.get("status")
        if theme and theme.catalogue != catalogue:
            self.add_error("theme", "Temaet hører til et andet katalog. Vælg et tema i det valgte katalog.")
        if status == Practice.Status.INCLUDED and not theme and "theme" not in self.errors:
            self.add_error("theme", "Et eksempel, der er optaget, skal stå under et tema i et katalog.")
        if self.cleaned_data.get("left_out_because") and status != Practice.Status.LEFT_OUT:
            self.add_error(
                "left_out_because",
                "En begrundelse hører kun til eksempler, der ikke er optaget. Slet den, eller ret status.",
            )
        return self.cleaned_data


class NewPracticeForm(ByWhom, CreateForm):
    class Meta:
        model = Practice
        fields = [
            *("title", "summary", "method", "experience", "advice"),
            *("administration", "districts", "initiative"),
            *("status", "catalogue", "theme", "order", "left_out_because"),
        ]
        widgets = {
            "summary": LOW,
            "method": TALL,
            "experience": TALL,
            "advice": LOW,
            "districts": forms.CheckboxSelectMultiple,
        }


class PracticeForm(ByWhom, EditForm):
    Meta = NewPracticeForm.Meta


class PracticeFilter(FilterForm):
    q = forms.CharField(label="Søg", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}))
    katalog = forms.ModelChoiceField(
        label="Katalog", queryset=Catalogue.objects.none(), required=False, empty_label="Alle"
    )
    forvaltning = forms.ModelChoiceField(
        label="Forvaltning",
        queryset=Administration.objects.all(),
        to_field_name="abbreviation",
        required=False,
        empty_label="Alle",
    )
    bydel = forms.ModelChoiceField(label="Bydel", queryset=District.objects.all(), required=False, empty_label="Alle")
    status = forms.ChoiceField(label="Status", choices=[("", "Alle"), *Practice.Status.choices], required=False)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["katalog"].queryset = Catalogue.objects.visible_to(user)
        if not (user.sees_all or Role.CONTRIBUTOR in user.roles):
            del self.fields["status"]  # they see what is included

    def narrow(self, practices: QuerySet) -> QuerySet:
        if query := self.chosen("q"):
            practices = practices.matching(query)
        if catalogue := self.chosen("katalog"):
            practices = practices.in_catalogue(catalogue)
        if administration := self.chosen("forvaltning"):
            practices = practices.filter(administration=administration)
        if district := self.chosen("bydel"):
            practices = practices.filter(districts=district)
        if status := self.chosen("status"):
            practices = practices.filter(status=status)
        return practices


# --- Catalogues ---------------------------------------------------------------------------------------------------


class NewCatalogueForm(CreateForm):
    class Meta:
        model = Catalogue
        fields = [
            *("title", "year", "subject", "criteria", "recommendations", "dissemination"),
            *("proposed", "examined"),
        ]
        widgets = {"subject": TALL, "criteria": LOW, "recommendations": LOW, "dissemination": LOW}


class CatalogueForm(EditForm):
    Meta = NewCatalogueForm.Meta


class OfCatalogue(forms.ModelForm):
    """Numbered once within its catalogue, which the form does not show but must know."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"catalogue"}


class NewThemeForm(OfCatalogue, CreateForm):
    class Meta:
        model = Theme
        fields = ["number", "title", "introduction"]
        widgets = {"introduction": LOW}


class ThemeForm(OfCatalogue, EditForm):
    Meta = NewThemeForm.Meta


class EditionForm(OfCatalogue, CreateForm):
    class Meta:
        model = Edition
        fields = ["number", "issued", "issued_precision"]
        help_texts = {"issued": "En dag i perioden. For »sommeren 2011« kan det være 01-07-2011."}
