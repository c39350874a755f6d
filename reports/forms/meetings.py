"""Meetings, what stands on them, and what committees decide."""

import uuid
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from reports.models import AgendaItem, Committee, Decision, DecisionAddendum, Meeting, Note
from reports.models.decision import in_range
from sikkerby.forms import NOT_OFFERED, CreateForm, EditForm, PlainForm, sent_before
from sikkerby.templatetags.danish import plain_date, short_date

# --- Meetings -----------------------------------------------------------------------------------------------------


class _Meeting:
    model = Meeting
    fields = ["day", "starts_at", "place", "minutes_url"]
    widgets = {"starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
    help_texts = {"minutes_url": "Udfyldes, når protokollen er offentliggjort."}


class _MeetingFields(forms.ModelForm):
    def _get_validation_exclusions(self):
        """The constraint asks for the committee, which is the page's and not in the form."""
        return super()._get_validation_exclusions() - {"committee"}

    def clean_day(self):
        day, committee = self.cleaned_data["day"], self.instance.committee
        if not committee.exists_on(day):
            raise ValidationError(
                f"{committee} er nedlagt den {plain_date(committee.dissolved_on)}. Skriv en dato før den dag."
            )
        return day


class NewMeetingForm(_MeetingFields, CreateForm):
    class Meta(_Meeting):
        pass


class MeetingForm(_MeetingFields, EditForm):
    class Meta(_Meeting):
        pass

    def clean_day(self):
        day = super().clean_day()
        decided = Meeting.objects.get(pk=self.instance.pk)
        if day != decided.day and decided.decisions().exists():
            raise ValidationError(
                f"Der er noteret beslutninger fra mødet den {plain_date(decided.day)}. Datoen kan ikke ændres."
            )
        for item in decided.items.filter(note__date__gt=day).select_related("note")[:1]:
            raise ValidationError(
                f"»{item.note}« på dagsordenen er dateret {plain_date(item.note.date)}. Skriv en dato fra den dag, "
                "eller flyt notatet til et andet møde først."
            )
        return day


# --- Items on the agenda ------------------------------------------------------------------------------------------


class _OpensAClosedNote(forms.Form):
    """A closed note becomes readable for another committee's members when it comes on their agenda: the office says
    that it means that."""

    may_read = forms.BooleanField(
        label="Udvalgets medlemmer må læse det lukkede notat",
        required=False,
        help_text="Et lukket notat kan kun læses af det udvalg, det er stilet til. Sættes det på et andet udvalgs "
        "dagsorden, kan det udvalgs medlemmer, stedfortrædere og sekretærer også læse det.",
    )

    def must_open(self, note: Note, committee: Committee) -> None:
        """The tick is needed where the note is closed and the committee another than the one it is addressed to."""
        if note.is_closed and note.committee_id != committee.pk and not self.cleaned_data.get("may_read"):
            self.add_error("may_read", f"»{note}« er lukket. Sæt flueben, hvis medlemmerne af {committee} må læse det.")


def must_follow(note: Note, meeting: Meeting | None) -> None:
    if meeting and meeting.day < note.date:
        raise ValidationError(
            f"Mødet den {plain_date(meeting.day)} ligger før notatets dato, {plain_date(note.date)}. Vælg et senere."
        )


def _chosen_by_day(field: forms.ModelChoiceField, meetings) -> None:
    field.queryset = meetings
    field.empty_label = "Venter på et møde"
    field.label_from_instance = lambda meeting: f"{meeting.committee}, {meeting.when}"


class NewItemForm(_OpensAClosedNote, CreateForm):
    """From the note: which committee, and at which of its meetings."""

    field_order = ["committee", "meeting", "number", "may_read"]

    class Meta:
        model = AgendaItem
        fields = ["committee", "meeting", "number"]
        labels = {"committee": "Udvalg"}
        help_texts = {"meeting": "Mødet kan vælges senere."}

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        note = self.instance.note
        self.fields["committee"].queryset = Committee.objects.existing(today)
        _chosen_by_day(self.fields["meeting"], Meeting.objects.from_day(note.date).select_related("committee"))
        if not note.is_closed:
            del self.fields["may_read"]

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"note"}

    def clean(self):
        cleaned = super().clean()
        committee, meeting = cleaned.get("committee"), cleaned.get("meeting")
        if committee and meeting and meeting.committee_id != committee.pk:
            self.add_error("meeting", f"Mødet er et andet udvalgs. Vælg et af {committee.genitive} møder.")
        if committee:
            self.must_open(self.instance.note, committee)
        return cleaned


class ItemForm(EditForm):
    """To another meeting of the same committee, or another number."""

    class Meta:
        model = AgendaItem
        fields = ["meeting", "number"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        item = self.instance
        meetings = Meeting.objects.of(item.committee).from_day(item.note.date).select_related("committee")
        _chosen_by_day(self.fields["meeting"], meetings)


class PutForm(_OpensAClosedNote, PlainForm):
    """From the meeting: which note."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    note = forms.ModelChoiceField(Note.objects.none(), label="Notat")
    number = forms.CharField(label="Punkt på dagsordenen", max_length=10, required=False)

    field_order = ["key", "note", "number", "may_read"]

    def __init__(self, *args, meeting: Meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["note"].queryset = Note.objects.for_agenda_of(meeting).select_related("committee")
        self.fields["note"].label_from_instance = lambda note: (
            f"{note.title} ({short_date(note.date)}, til {note.committee}{', lukket' if note.is_closed else ''})"
        )

    def clean_note(self):
        note = self.cleaned_data["note"]
        must_follow(note, self.meeting)
        if not sent_before(self.cleaned_data.get("key")) and self.meeting.items.filter(note=note).exists():
            raise ValidationError("Notatet står allerede på mødets dagsorden. Vælg et andet.")
        return note

    def clean(self):
        cleaned = super().clean()
        if note := cleaned.get("note"):
            self.must_open(note, self.meeting.committee)
        return cleaned


# --- Decisions ----------------------------------------------------------------------------------------------------

MOST_ROWS = 5  # of one form; what a meeting decided in more parts is recorded by the form again
PARTS = ("first", "last", "outcome", "remark", "votes")


@dataclass(frozen=True)
class Row:
    """One decision in the form: its legend, its fields, and whether they are shown from the start."""

    legend: str
    fields: list[forms.BoundField]
    is_open: bool


class DecisionForm(PlainForm):
    """What one committee decided on one item at one meeting: a row for each range of points, as the minutes have it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    minutes_url = forms.URLField(label="Link til beslutningsprotokollen", required=False, assume_scheme="https")

    def __init__(self, *args, item: AgendaItem, **kwargs):
        super().__init__(*args, **kwargs)
        self.item = item
        self.points = item.note.recommendations.count()
        self.numbers = range(1, min(max(self.points, 1), MOST_ROWS) + 1)
        for number in self.numbers:
            self._add_row(number)
        self.fields["minutes_url"] = self.fields.pop("minutes_url")  # last, as on the page
        if item.meeting:
            self.initial.setdefault("minutes_url", item.meeting.minutes_url)

    def _add_row(self, number: int) -> None:
        if self.points:
            point = {"required": False, "min_value": 1, "widget": forms.TextInput(attrs={"inputmode": "numeric"})}
            for name, label in (("first", "Fra at-punkt"), ("last", "Til at-punkt")):
                field = forms.IntegerField(label=label, **point)
                field.error_messages |= {
                    "min_value": "At-punkter er nummereret fra 1.",
                    "invalid": "Skriv nummeret på et at-punkt med tal.",
                }
                self.fields[f"{name}_{number}"] = field
            self.fields[f"first_{number}"].help_text = (
                "Lad begge felter stå tomme, hvis beslutningen gælder hele indstillingen." if number == 1 else ""
            )
        choices = [("", "Vælg" if number == 1 else "Ikke valgt"), *Decision.Outcome.choices]
        self.fields[f"outcome_{number}"] = forms.ChoiceField(
            label="Beslutning",
            choices=choices,
            required=number == 1,
            error_messages={"required": "Vælg, hvad udvalget besluttede.", "invalid_choice": NOT_OFFERED},
        )
        for name, label, hint in (
            ("votes", "Afstemning", "Hvem der stemte for og imod, hvis der blev stemt."),
            ("remark", "Protokolbemærkning", "Gengives efter beslutningsprotokollen."),
        ):
            self.fields[f"{name}_{number}"] = forms.CharField(
                label=label,
                help_text=hint if number == 1 else "",
                required=False,
                validators=[MaxLengthValidator(20_000)],
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def rows(self) -> list[Row]:
        rows = []
        for number in self.numbers:
            bound = [self[f"{part}_{number}"] for part in PARTS if f"{part}_{number}" in self.fields]
            legend = "Beslutning" if len(self.numbers) == 1 else f"{number}. beslutning"
            rows.append(Row(legend, bound, number == 1 or any(each.data for each in bound)))
        return rows

    def _said(self, number: int) -> dict:
        return {part: self.cleaned_data.get(f"{part}_{number}") for part in PARTS}

    def clean(self):
        cleaned = super().clean()
        if sent_before(cleaned.get("key")):  # then the decisions below are the very ones it made
            return cleaned
        taken = self._already_decided()
        for number in self.numbers:
            said = self._said(number)
            if not any(said.values()):
                continue
            if not said["outcome"] and f"outcome_{number}" not in self.errors:
                self.add_error(f"outcome_{number}", "Vælg, hvad udvalget besluttede.")
            self._check_range(number, said["first"], said["last"], taken)
        return cleaned

    def _already_decided(self) -> dict[int, str]:
        """By point, why nothing more can be decided on it here: decided before, or already said at this meeting."""
        taken, meeting = {}, self.item.meeting
        for decision in self.item.decisions.all():
            if not decision.is_postponed or meeting and decision.meeting_date == meeting.day:
                why = f"Beslutningen fra mødet den {plain_date(decision.meeting_date)} er allerede noteret: {decision}."
                taken |= dict.fromkeys(decision.points(of=max(self.points, 1)), why)
        return taken

    def _check_range(self, number: int, first: int | None, last: int | None, taken: dict[int, str]) -> None:
        at = f"first_{number}" if self.points else f"outcome_{number}"
        if {f"first_{number}", f"last_{number}"} & set(self.errors):
            return
        if last and not first:
            self.add_error(at, "Skriv også det første at-punkt.")
            return
        last = last or first
        if first and last < first:
            self.add_error(f"last_{number}", "Det sidste at-punkt ligger før det første. Byt dem om.")
            return
        if last and last > self.points:
            there = "ét at-punkt" if self.points == 1 else f"{self.points} at-punkter"
            self.add_error(f"last_{number}", f"Så mange at-punkter er der ikke: Notatet har {there}.")
            return
        wanted = range(first, last + 1) if first else range(1, max(self.points, 1) + 1)
        if why := next((taken[point] for point in wanted if point in taken), ""):
            self.add_error(at, why)
            return
        said = f"{in_range(first, last) if first else 'Hele indstillingen'} står i {number}. beslutning."
        taken |= dict.fromkeys(wanted, f"{said} Et at-punkt kan kun stå ét sted. Ret numrene.")

    def decisions(self) -> list[Decision]:
        """What is to be recorded, row by row."""
        return [
            Decision(
                note=self.item.note,
                committee=self.item.committee,
                item=self.item,
                meeting_date=self.item.meeting.day,
                item_number=self.item.number,
                first_point=said["first"],
                last_point=said["last"] or said["first"],
                outcome=said["outcome"],
                remark=said["remark"],
                votes=said["votes"],
                minutes_url=self.cleaned_data["minutes_url"],
            )
            for said in map(self._said, self.numbers)
            if said["outcome"]
        ]


class AddendumForm(CreateForm):
    class Meta:
        model = DecisionAddendum
        fields = ["text"]
        help_texts = {
            "text": "Beslutningen bliver stående, som den er noteret. Tilføjelsen står under den med dato og navn."
        }
