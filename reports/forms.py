"""The forms of notes, their sections and what follows them, and of the action card."""

import re
import uuid
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from closures.models import Institution
from initiatives.models import Initiative, Principle
from sikkerby.forms import FIRST_YEAR, LAST_YEAR, CreateForm, EditForm, FilterForm, PlainForm
from sikkerby.models import StoredFile, User
from sikkerby.permissions import Act
from sikkerby.templatetags.danish import file_size

from .models import ActionCard, Appendix, Committee, Decision, FollowUp, Note, Section, validate_ean

NUMBERS = {"case_number", "document_number", "ean"}  # some read like CPR numbers without their hyphens


# --- The list -----------------------------------------------------------------------------------------------------


class NoteFilter(FilterForm):
    q = forms.CharField(label="Søg i titler", required=False, max_length=200, widget=forms.SearchInput)
    udvalg = forms.ModelChoiceField(Committee.objects, label="Udvalg", required=False, empty_label="Alle udvalg")
    aar = forms.IntegerField(
        label="År",
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Alle"), *Note.Status.choices], initial="")
    venter = forms.BooleanField(label="Venter på mig", required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        if not user.may(Act.WRITE_NOTES) and not user.may(Act.APPROVE_NOTES):  # they see issued ones only
            del self.fields["status"], self.fields["venter"]

    def narrow(self, notes):
        if query := self.chosen("q"):
            notes = notes.matching(query)
        if committee := self.chosen("udvalg"):
            notes = notes.filter(committee=committee)
        if year := self.chosen("aar"):
            notes = notes.filter(date__year=year)
        if status := self.chosen("status"):
            notes = notes.filter(status=status)
        return notes.needing(self.user) if self.chosen("venter") else notes


# --- The note and its block ---------------------------------------------------------------------------------------


class EanField(forms.CharField):
    """Thirteen digits, which people group as they like."""

    default_validators = [validate_ean]

    def to_python(self, value):
        return "".join(super().to_python(value).split())


BLOCK = [
    *("template", "committee", "title", "date", "confidentiality", "closed_because"),
    *("case_number", "document_number", "case_officer", "sender", "unit", "address"),
    *("phone_label", "phone", "email", "ean", "website"),
]


class _Block:
    """What the new note's form and the block's share."""

    may_look_like_cpr = NUMBERS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ean"] = EanField(
            label="EAN-nummer", required=False, help_text="13 cifre, for eksempel 5798009800077."
        )
        self.fields["address"].widget.attrs["rows"] = 3
        self.fields["website"].help_text = "For eksempel www.kk.dk."

    def clean(self):
        cleaned = super().clean()
        closed = cleaned.get("confidentiality") == Note.Confidentiality.CLOSED
        if closed and not cleaned.get("closed_because") and "closed_because" not in self.errors:
            self.add_error(
                "closed_because", "Skriv, hvorfor notatet er lukket. Begrundelsen kommer til at stå på papiret."
            )
        if not closed and cleaned.get("closed_because"):
            self.add_error("closed_because", "Et åbent notat har ingen begrundelse. Slet teksten, eller luk notatet.")
        return cleaned

    @property
    def parts(self):
        """The fields as the page groups them."""
        for legend, names in (
            ("Notatet", ("template", "committee", "title", "date", "confidentiality", "closed_because")),
            ("Sag og dokument", ("case_number", "document_number", "case_officer")),
            ("Afsender", ("sender", "unit", "address", "phone_label", "phone", "email", "ean", "website")),
        ):
            yield legend, [self[name] for name in names if name in self.fields]


class NewNoteForm(_Block, CreateForm):
    class Meta:
        model = Note
        fields = BLOCK
        widgets = {"confidentiality": forms.RadioSelect}


class BlockForm(_Block, EditForm):
    class Meta:
        model = Note
        fields = [name for name in BLOCK if name != "template"]
        widgets = {"confidentiality": forms.RadioSelect}

    def save(self, commit=True):
        note = super().save(commit)
        note.follow_ups.update(committee=note.committee)  # what it promises, it promises its addressee
        return note


# --- Sections -----------------------------------------------------------------------------------------------------


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


class FollowUpForm(CreateForm):
    class Meta:
        model = FollowUp
        fields = ["promise", "due", "due_precision", "responsible"]
        help_texts = {
            "due": "Lad feltet stå tomt, hvis der ikke er lovet en dato.",
            "due_precision": "Er der lovet »januar 2014«, så vælg en dag i måneden og »måned«.",
        }


# --- Acts ---------------------------------------------------------------------------------------------------------


class SendBackForm(PlainForm):
    comment = forms.CharField(
        label="Hvad skal ændres?", max_length=20_000, widget=forms.Textarea, help_text="Skribenten får teksten at se."
    )


class IssueForm(EditForm):
    """The numbers from the case system, which often come last."""

    may_look_like_cpr = NUMBERS

    class Meta:
        model = Note
        fields = ["case_number", "document_number"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = True
            field.error_messages["required"] = f"Skriv {self[name].label.lower()}et fra ESDH-systemet."


class CorrectForm(PlainForm):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    because = forms.CharField(
        label="Hvad er der rettet?",
        max_length=300,
        help_text="Teksten kommer til at stå på det nye notat.",
    )


class DecisionForm(CreateForm):
    minutes_url = forms.URLField(label="Link til beslutningsprotokollen", required=False, assume_scheme="https")

    class Meta:
        model = Decision
        fields = [
            *("committee", "meeting_date", "item_number", "first_point", "last_point"),
            *("outcome", "remark", "minutes_url"),
        ]
        help_texts = {
            "first_point": "Lad felterne stå tomme, hvis beslutningen gælder hele notatet.",
            "remark": "Gengivet efter beslutningsprotokollen.",
        }

    def __init__(self, *args, note: Note, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.note = note
        self.initial.setdefault("committee", note.committee)
        self.today = today

    def clean_meeting_date(self):
        day = self.cleaned_data["meeting_date"]
        if day > self.today:
            raise ValidationError("Mødet er ikke holdt endnu. Skriv beslutningen, når protokollen foreligger.")
        return day

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_point"), cleaned.get("last_point")
        points = self.instance.note.recommendations.count()
        if last is None and first is not None and "last_point" not in self.errors:
            cleaned["last_point"] = self.instance.last_point = last = first
        if last is not None and last > points:
            has = f"har {points}" if points else "har ingen"
            self.add_error("last_point", f"Der er ikke så mange at-punkter: Notatet {has}.")
        return cleaned


# --- The action card ----------------------------------------------------------------------------------------------

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
