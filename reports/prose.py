"""Text as the office writes it: the few tags that paper can show, and the words without them."""

import html
import re

import nh3
from django.db import models
from django_prose_editor.fields import ProseEditorFormField

from sikkerby.forms import check_text

TAGS = {"p", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote"}
SCHEMES = ("http", "https", "mailto")
ENDS_A_LINE = re.compile(r"</(?:p|h[1-6]|li|tr|blockquote|figcaption|caption|div|dt|dd)>|<br ?/?>", re.IGNORECASE)
ENDS_A_CELL = re.compile(r"</t[dh]>", re.IGNORECASE)
BLOCK = re.compile(r"<(?:p|h3|ul|ol|blockquote)\b", re.IGNORECASE)
# What other editors call the same, so that a pasted bold word stays bold.
SYNONYMS = re.compile(r"(</?)(b|i|h1|h2|h4|h5|h6|div)(?=[\s>])", re.IGNORECASE)
OURS = {"b": "strong", "i": "em", "div": "p"}
BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)

_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "title"},
    attributes={"a": {"href"}},
    # nh3 lets addresses without a scheme pass, which on paper lead nowhere.
    attribute_filter=lambda tag, name, value: value if value.strip().lower().startswith(_LEADS_OUT) else None,
    url_schemes=set(SCHEMES),
    link_rel=None,
    strip_comments=True,
)
_LEADS_OUT = tuple(f"{scheme}:" for scheme in SCHEMES)
_words = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style", "title", "svg"})


def clean(text: str) -> str:
    """HTML of the allowed tags alone. Text typed without any tag gets its paragraphs from its empty lines."""
    ours = SYNONYMS.sub(lambda tag: tag[1] + OURS.get(tag[2].lower(), "h3"), BREAK.sub(" ", text))
    cleaned = _cleaner.clean(ours).strip()
    if cleaned and not BLOCK.search(cleaned):
        cleaned = "".join(f"<p>{' '.join(part.split())}</p>" for part in re.split(r"\n\s*\n", cleaned) if part.strip())
    return cleaned if plain(cleaned) else ""


def plain(markup: str) -> str:
    """The words, a line for each block: what is searched, and what a reader without any style would see."""
    lines = ENDS_A_CELL.sub(r"\g<0> ", ENDS_A_LINE.sub(r"\g<0>\n", markup))
    words = html.unescape(_words.clean(lines))
    stripped = (" ".join(line.split()) for line in words.splitlines())
    return "\n".join(line for line in stripped if line)


# The editor offers what the paper can show, and nothing else.
EDITOR = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "protocols": list(SCHEMES)},
    "NoSpellCheck": False,
    "Menu": {"groups": [{"group": name} for name in ("blockType -lists", "lists", "nodes -blockType -lists", "marks")]},
}
EDITOR["Menu"]["groups"] += [{"group": "link"}, {"group": "history"}]


class ProseFormField(ProseEditorFormField):
    def clean(self, value):
        """What no text may contain is looked for in its words, which a bold letter or a hard space cuts in two."""
        cleaned = super().clean(value)
        check_text(plain(cleaned or ""))
        return cleaned

    def shown(self, value: str) -> str:
        """The words, where two versions stand side by side."""
        return plain(value or "")


class ProseField(models.TextField):
    """A text of the allowed tags: cleaned on its way to the database, by whichever way it goes there."""

    def formfield(self, **options):
        """Written as in a word processor; without JavaScript in a plain field, where a blank line parts paragraphs."""
        return super().formfield(
            **{"form_class": ProseFormField, "config": {"extensions": EDITOR}, "sanitize": clean, **options}
        )

    def get_db_prep_save(self, value, connection):
        if isinstance(value, str):
            value = clean(value)
        return super().get_db_prep_save(value, connection)
