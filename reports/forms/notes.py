"""The list of notes, a note and its block, and its way to the committee."""

import uuid

from django import forms
from django.utils import timezone

from reports.copying import begin_as_copy
from reports.models import Committee, Meeting, Note, validate_ean
from sikkerby.forms import FIRST_YEAR, LAST_YEAR, CreateForm, EditForm, FilterForm, PlainForm
from sikkerby.models import User
from sikkerby.permissions import Act

NUMBERS = {"case_number", "document_number", "ean"}  # some read like CPR numbers without their hyphens


# --- The list -----------------------------------------------------------------------------------------------------


class NoteFilter(FilterForm):
    q = forms.CharField(label="Søg i titler og tekst", required=False, max_length=200, widget=forms.SearchInput)
    udvalg = forms.ModelChoiceField(Committee.objects, label="Udvalg", required=False, empty_label="Alle udvalg")
    moede = forms.ModelChoiceField(Meeting.objects, label="Møde", required=False, empty_label="Alle møder")
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
        meetings = Meeting.objects.visible_to(user).with_something_for(user)
        self.fields["moede"].queryset = meetings.select_related("committee")
        if not user.may(Act.WRITE_NOTES) and not user.may(Act.APPROVE_NOTES):  # they see issued ones only
            del self.fields["status"], self.fields["venter"]

    def narrow(self, notes):
        if query := self.chosen("q"):
            notes = notes.matching(query)
        if committee := self.chosen("udvalg"):
            notes = notes.to(committee)
        if meeting := self.chosen("moede"):
            notes = notes.on(meeting)
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
        existing = Committee.objects.choosable(timezone.localdate(), chosen=self.instance.committee_id)
        self.fields["committee"].queryset = existing
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
            ("Notatet", ("start", "template", "committee", "title", "date", "confidentiality", "closed_because")),
            ("Sag og dokument", ("case_number", "document_number", "case_officer")),
            ("Afsender", ("sender", "unit", "address", "phone_label", "phone", "email", "ean", "website")),
        ):
            yield legend, [self[name] for name in names if name in self.fields]


class NewNoteForm(_Block, CreateForm):
    """The block of a new note, and what it begins with; `last` is then the note that it is a copy of."""

    TEMPLATE, LAST = "template", "last"

    last = None
    start = forms.ChoiceField(
        label="Begynd med",
        choices=[
            (TEMPLATE, "skabelonens afsnit"),
            (LAST, "det seneste notat til udvalget, med årstal og tal ført frem"),
        ],
        initial=TEMPLATE,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Note
        fields = BLOCK
        widgets = {"confidentiality": forms.RadioSelect}
        help_texts = {"template": "En kopi af det seneste notat har samme skabelon som det."}

    def clean(self):
        cleaned = super().clean()
        committee = cleaned.get("committee")
        if cleaned.get("start") == self.LAST and committee:
            closed = cleaned.get("confidentiality") == Note.Confidentiality.CLOSED
            self.last = Note.objects.last_issued_to(committee, closed=closed)
            if self.last is None:
                which = "" if closed else " åbent"
                self.add_error(
                    "start",
                    f"Der er ikke udsendt noget{which} notat til {committee}, som kan kopieres. Begynd med "
                    "skabelonens afsnit.",
                )
        return cleaned

    def begin(self, *, by: User) -> Note:
        note = self.save(commit=False)
        return begin_as_copy(note, of=self.last, by=by) if self.last else Note.objects.begin(note, by=by)


class BlockForm(_Block, EditForm):
    class Meta:
        model = Note
        fields = [name for name in BLOCK if name != "template"]
        widgets = {"confidentiality": forms.RadioSelect}

    def save(self, commit=True):
        note = super().save(commit)
        note.follow_ups.update(committee=note.committee)  # what it promises, it promises its addressee
        return note


# --- Acts ---------------------------------------------------------------------------------------------------------


class SendBackForm(PlainForm):
    comment = forms.CharField(
        label="Hvad skal ændres?", max_length=20_000, widget=forms.Textarea, help_text="Skribenten får teksten at se."
    )


class CorrectForm(PlainForm):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    because = forms.CharField(
        label="Hvad er der rettet?",
        max_length=300,
        help_text="Teksten kommer til at stå på det nye notat.",
    )
