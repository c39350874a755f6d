"""The list of what committees were promised, and what becomes of a promise."""

from datetime import date

from django import forms

from reports.models import Committee, Decision, FollowUp, Note
from sikkerby.forms import CheckedText, CreateForm, FilterForm, PlainForm, danish_field
from sikkerby.templatetags.danish import short_date


class FollowUpFilter(FilterForm):
    udvalg = forms.ModelChoiceField(Committee.objects, label="Udvalg", required=False, empty_label="Alle udvalg")
    overskredet = forms.BooleanField(label="Kun overskredne", required=False)

    def __init__(self, data, *, today: date):
        super().__init__(data)
        self.today = today

    def narrow(self, follow_ups):
        if committee := self.chosen("udvalg"):
            follow_ups = follow_ups.for_committee(committee)
        return follow_ups.overdue(self.today) if self.chosen("overskredet") else follow_ups


class _FollowUp:
    model = FollowUp
    fields = ["promise", "due", "due_precision", "responsible"]
    help_texts = {
        "due": "Lad feltet stå tomt, hvis der ikke er lovet en dato.",
        "due_precision": "Er der lovet »januar 2014«, så vælg en dag i måneden og »måned«.",
    }


class FollowUpForm(CreateForm):
    class Meta(_FollowUp):
        pass


class FollowUpChangeForm(CheckedText, forms.ModelForm):
    class Meta(_FollowUp):
        fields = ["due", "due_precision", "responsible"]
        formfield_callback = staticmethod(danish_field)


class CloseForm(PlainForm):
    """What kept it: an issued note, or a decision."""

    note = forms.ModelChoiceField(
        Note.objects.none(), label="Notat, som indfrier løftet", required=False, empty_label="Intet notat"
    )
    decision = forms.ModelChoiceField(
        Decision.objects.none(), label="Beslutning, som indfrier løftet", required=False, empty_label="Ingen beslutning"
    )

    def __init__(self, *args, follow_up: FollowUp, **kwargs):
        super().__init__(*args, **kwargs)
        notes = Note.objects.issued().not_barred().exclude(pk=follow_up.note_id)
        self.fields["note"].queryset = notes.to(follow_up.committee)
        self.fields["note"].label_from_instance = lambda note: f"{note.title} ({short_date(note.date)})"
        decisions = Decision.objects.filter(committee=follow_up.committee).exclude(pk=follow_up.decision_id)
        self.fields["decision"].queryset = decisions.select_related("note").order_by("-meeting_date", "-pk")
        self.fields["decision"].label_from_instance = lambda decision: (
            f"{short_date(decision.meeting_date)}, {decision.note.title}: {decision}"
        )

    def clean(self):
        cleaned = super().clean()
        note, decision = cleaned.get("note"), cleaned.get("decision")
        if note and decision:
            self.add_error("decision", "Vælg enten et notat eller en beslutning, ikke begge.")
        if not note and not decision and not self.errors:
            self.add_error("note", "Vælg det notat eller den beslutning, som løftet er indfriet med.")
        return cleaned
