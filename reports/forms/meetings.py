"""What committees decide, and what they are promised."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from reports.models import Decision, FollowUp, Note
from sikkerby.forms import CreateForm


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


class FollowUpForm(CreateForm):
    class Meta:
        model = FollowUp
        fields = ["promise", "due", "due_precision", "responsible"]
        help_texts = {
            "due": "Lad feltet stå tomt, hvis der ikke er lovet en dato.",
            "due_precision": "Er der lovet »januar 2014«, så vælg en dag i måneden og »måned«.",
        }
