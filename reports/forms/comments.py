"""What is said about a section."""

from reports.models import Comment, Note
from sikkerby.forms import CreateForm
from sikkerby.models import User


class CommentForm(CreateForm):
    class Meta:
        model = Comment
        fields = ["section", "text"]
        labels = {"section": "Om"}

    def __init__(self, *args, note: Note, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.note, self.instance.by = note, by
        self.fields["section"].queryset = note.sections.all()
        self.fields["section"].empty_label = "Hele notatet"
