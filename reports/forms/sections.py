"""The sections of a note, each kind with the fields it has."""

from django import forms
from django.core.exceptions import ValidationError

from initiatives.models import Initiative, Principle
from reports.gathering import HEADLESS, last_year_of
from reports.models import Decision, Section
from reports.references import HOW_TO_WRITE, Figures, unknown_in
from sikkerby.forms import CreateForm, EditForm, PlainForm
from sikkerby.templatetags.danish import short_date

SAID_OF_FIGURES = (
    "%(token)s er ikke et tal, der kan slås op. Der kan være en tastefejl, eller der er ingen opgørelse for året. "
    + HOW_TO_WRITE
)


NEEDS_A_HEADING = "Giv afsnittet en overskrift. Kun tekster, citater og mål kan stå uden."


class NewSectionForm(CreateForm):
    class Meta:
        model = Section
        fields = ["kind", "heading"]
        widgets = {"kind": forms.RadioSelect}

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind and kind not in HEADLESS and not cleaned.get("heading") and "heading" not in self.errors:
            self.add_error("heading", NEEDS_A_HEADING)
        return cleaned


class KeysField(forms.CharField):
    """Keys of rows, with commas between: "12,7,9"."""

    def clean(self, value):
        keys = super().clean(value).split(",")
        if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in keys):
            raise ValidationError("Rækkefølgen kan ikke læses.")
        return [int(key) for key in keys]


class OrderForm(PlainForm):
    """The order that sections are dragged into, and the one they had on the screen."""

    order = KeysField()
    shown = KeysField()


class SectionForm(EditForm):
    """The fields that a section of its kind has; NEEDED are those it says nothing without."""

    NEEDED = ()
    FIGURES_IN = frozenset({"html", "points"})  # the fields in which references stand for figures

    class Meta:
        model = Section
        fields = ["heading"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.NEEDED:
            self.fields[name].required = True
        if self.instance.kind not in HEADLESS:
            self.fields["heading"].required = True
            self.fields["heading"].error_messages["required"] = NEEDS_A_HEADING
        if "html" in self.fields:
            self.fields["html"].error_messages["max_length"] = (
                "Teksten har %(show_value)s tegn. Et afsnit kan højst have %(limit_value)s. Del teksten i flere afsnit."
            )

    def clean_version(self):
        """A text that is already saved as it stands clashes with nobody's, whatever happened to its place meanwhile."""
        same = set(self.changed_data) <= {"version"}
        return self.instance.version if same else self.cleaned_data["version"]

    def clean(self):
        cleaned = super().clean()
        known = Figures(last_year_of(self.instance.note))
        for name in self.FIGURES_IN & cleaned.keys():
            for token in unknown_in(cleaned[name], known):
                self.add_error(name, ValidationError(SAID_OF_FIGURES, params={"token": token}))
        return cleaned


class TextForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["heading", "html"]


class ClosuresForm(SectionForm):
    NEEDED = ("year",)

    class Meta(SectionForm.Meta):
        fields = ["heading", "first_year", "year", "html"]
        labels = {"first_year": "Fra og med år", "year": "Til og med år", "html": "Kommentar efter tallene"}
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


AS_TEXT = "Tekst læses lettere end en tabel, når der er få indsatser med lange beskrivelser."


class GoalForm(SectionForm):
    """Its principle, whose effect goal is printed."""

    NEEDED = ("principle",)

    class Meta(SectionForm.Meta):
        fields = ["heading", "principle"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["principle"]
        field.queryset = Principle.objects.select_related("strategy").order_by(
            "-strategy__first_year", "kind", "number"
        )
        field.label_from_instance = lambda principle: f"{principle.strategy}: {principle}"


class PrincipleForm(GoalForm):
    class Meta(SectionForm.Meta):
        fields = ["heading", "principle", "as_text"]
        help_texts = {"as_text": AS_TEXT}


class InitiativesForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["heading", "initiatives", "as_text"]
        widgets = {"initiatives": forms.CheckboxSelectMultiple}
        help_texts = {"as_text": AS_TEXT}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["initiatives"].queryset = Initiative.objects.all()


class TargetsForm(GoalForm):
    """A principle or some initiatives; their targets are printed."""

    NEEDED = ()

    class Meta(SectionForm.Meta):
        fields = ["heading", "principle", "initiatives"]
        widgets = {"initiatives": forms.CheckboxSelectMultiple}
        help_texts = {
            "principle": "Princippets effektmål kommer først.",
            "initiatives": "Kun de indsatser, der har et effektmål, står på listen.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        measured = Initiative.objects.filter(targets__isnull=False).distinct()
        self.fields["initiatives"].queryset = measured
        self.fields["principle"].queryset = self.fields["principle"].queryset.filter(targets__isnull=False).distinct()

    def clean(self):
        cleaned = super().clean()
        if not (self.errors or cleaned.get("principle") or cleaned.get("initiatives")):
            self.add_error("principle", "Vælg et princip eller mindst én indsats, som har et effektmål.")
        return cleaned


class QuoteForm(SectionForm):
    """A decision that is recorded here, or one that is typed in; never both. It stays what was said."""

    FIGURES_IN = frozenset()

    class Meta(SectionForm.Meta):
        fields = ["heading", "decision", "quoted_body", "quoted_on", "quoted_item", "html"]
        labels = {"decision": "Beslutning, der er noteret her", "html": "Den citerede tekst"}
        help_texts = {
            "decision": "Udvalg, mødedato og punkt følger med. Ellers skrives de i felterne herunder.",
            "quoted_body": "For eksempel Borgerrepræsentationen.",
            "html": "Lad feltet stå tomt for at gengive en noteret beslutning, som den står i protokollen.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        field.queryset = (
            Decision.objects.quotable_in(self.instance.note).select_related("note").order_by("-meeting_date", "pk")
        )
        field.label_from_instance = said_of_a_decision

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision"):
            for name in ("quoted_body", "quoted_on", "quoted_item"):
                if cleaned.get(name):
                    self.add_error(name, "Det følger med den valgte beslutning. Slet det her, eller vælg ingen.")
            return cleaned
        for name, needed in (
            ("quoted_body", "Skriv, hvem der traf beslutningen, eller vælg en beslutning på listen."),
            ("quoted_on", "Skriv, hvilken dag beslutningen blev truffet."),
            ("html", "Skriv, hvad der blev besluttet."),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, needed)
        return cleaned


def said_of_a_decision(decision: Decision) -> str:
    item = f", punkt {decision.item_number}" if decision.item_number else ""
    when = f"{decision.committee_name} {short_date(decision.meeting_date)}{item}"
    return f"{when}: {decision} (»{decision.note.title}«)"


class EconomyForm(SectionForm):
    NEEDED = ("economy",)

    class Meta(SectionForm.Meta):
        fields = ["heading", "economy", "html"]
        widgets = {"economy": forms.RadioSelect}
        labels = {"html": "Uddybning"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["economy"].choices = Section.Economy.choices  # none of them is "not chosen"
        self.fields["economy"].error_messages["required"] = "Vælg, hvad der skal stå om økonomien."

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("economy") == Section.Economy.SOME and not cleaned.get("html") and "html" not in self.errors:
            self.add_error("html", "Skriv, hvad de økonomiske konsekvenser er, og hvordan de finansieres.")
        return cleaned


class CatalogueForm(SectionForm):
    NEEDED = ("catalogue",)

    class Meta(SectionForm.Meta):
        fields = ["heading", "catalogue", "html"]
        labels = {"html": "Indledning"}
        help_texts = {"html": "Lad feltet stå tomt for at få antallet af foreslåede, undersøgte og optagne eksempler."}


MOST_POINTS = 99


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

    def clean_points(self):
        points = self.cleaned_data["points"]
        count = len(points.split("\n"))
        if count > MOST_POINTS:
            raise ValidationError(f"Der er {count} linjer. Et notat kan højst have {MOST_POINTS} at-punkter.")
        return points

    def save(self, commit=True):
        section = super().save(commit)
        lines = (" ".join(line.split()) for line in self.cleaned_data["points"].splitlines())
        section.note.set_points(line for line in lines if line)
        return section


FORM_OF = {
    Section.Kind.TEXT: TextForm,
    Section.Kind.GOAL: GoalForm,
    Section.Kind.CLOSURES: ClosuresForm,
    Section.Kind.PRINCIPLE: PrincipleForm,
    Section.Kind.INITIATIVES: InitiativesForm,
    Section.Kind.CATALOGUE: CatalogueForm,
    Section.Kind.TARGETS: TargetsForm,
    Section.Kind.QUOTE: QuoteForm,
    Section.Kind.RECOMMENDATIONS: PointsForm,
    Section.Kind.ECONOMY: EconomyForm,
    Section.Kind.PROCESS: TextForm,
    Section.Kind.APPENDICES: SectionForm,
}
