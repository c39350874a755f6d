"""Where a word stands in the papers: the place in the text that a list shows under a note's title."""

from collections.abc import Iterable

from django.contrib.postgres.search import SearchHeadline
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reports.models import IssuedDocument, Note
from sikkerby.models import stems_of

# Around a hit, while the text is still to be escaped: characters that nobody types and no paper has.
BEGINS, ENDS = "\ue000", "\ue001"


def snippets(notes: Iterable[Note], query: str | None) -> dict[int, SafeString]:
    """For each of these notes that has the words in its paper, the place, with the words marked. The text is stemmed
    anew for it, so a page asks for its own rows and not for all that were found."""
    if not query:
        return {}
    place = SearchHeadline(
        "text",
        stems_of(query),
        config="danish",
        start_sel=BEGINS,
        stop_sel=ENDS,
        min_words=12,
        max_words=26,
    )
    found = IssuedDocument.objects.not_barred().filter(note__in=[note.pk for note in notes], stems=stems_of(query))
    return {note: _marked(text) for note, text in found.annotate(place=place).values_list("note", "place")}


def _marked(text: str) -> SafeString:
    words = escape(" ".join(text.split()))
    return mark_safe(words.replace(BEGINS, "<mark>").replace(ENDS, "</mark>"))  # noqa: S308
