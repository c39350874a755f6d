"""What every form does here: Danish dates and numbers, no CPR numbers, nothing typed ever lost, nothing overwritten."""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from html import escape
from operator import methodcaller

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.models import ModelChoiceIterator, ModelFormMetaclass
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .history import changes_of
from .models import Submission
from .templatetags.danish import as_text, moment

LONGEST_TEXT = 20_000  # characters; a longer paragraph takes the paper's typesetting down
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Renderer(TemplatesSetting):
    """Forms and fields are drawn by templates/_form.html and _field.html."""

    form_template_name = "_form.html"
    field_template_name = "_field.html"


# --- Fields -------------------------------------------------------------------------------------------------------

ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
DANISH_DATE = re.compile(r"(\d{1,2})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{4}|\d{2})", re.ASCII)


def parse_date(typed: str) -> date:
    """24-12-2026, 24/12/2026, 24.12.2026, 1.2.26 and what browsers send. ValueError when there is no such day."""
    typed = typed.strip()
    if match := ISO_DATE.fullmatch(typed):
        year, month, day = map(int, match.groups())
    elif match := DANISH_DATE.fullmatch(typed):
        day, month, year = map(int, match.groups())
        year += 2000 if len(match[3]) == 2 else 0
    else:
        raise ValueError(typed)
    return date(year, month, day)


class DanishDateInput(forms.DateInput):
    """The browser's own date picker, which takes ISO dates only; what is no date is shown again as it was typed."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name, value, attrs):
        try:
            value = parse_date(value) if isinstance(value, str) and value else value
        except ValueError:
            pass
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = "text" if isinstance(value, str) and value else "date"
        return context


class DanishDateField(forms.DateField):
    widget = DanishDateInput

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            day = parse_date(value)
        except ValueError:
            raise ValidationError(
                "»%(typed)s« er ikke en dato, der findes. Skriv den for eksempel som 24-12-2026.",
                params={"typed": value[:40]},
            ) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(f"Årstallet skal ligge mellem {FIRST_YEAR} og {LAST_YEAR}.")
        return day

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


DANISH_NUMBER = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", re.ASCII)


class DanishDecimalField(forms.DecimalField):
    """662,5 and 1.234,50. A full stop that does not part thousands is refused, not guessed at."""

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "decimal"}

    def prepare_value(self, value):
        return as_text(value) if isinstance(value, Decimal) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        typed = as_text(value).strip() if isinstance(value, Decimal) else str(value).strip()
        if not DANISH_NUMBER.fullmatch(typed):
            raise ValidationError("Skriv et tal med komma foran decimalerne, for eksempel 662,5.")
        number = super().to_python(typed.replace(".", "").replace(",", "."))
        return number or abs(number)  # no -0


class LongSelect(forms.Select):
    """A list to pick from, without groups, that may be 1,500 long: Django draws each option by two templates, which
    takes most of such a page's time, and format_html as many calls."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        chosen = set(self.format_value(value))
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(str(label))}</option>'
            for key, label in ((str(key), label) for key, label in self.choices)
        )
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", attributes, mark_safe(options))


class _Names(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", "name")


class LongChoice(forms.ModelChoiceField):
    """One of many rows that go by their name: no object is made of those that are not chosen."""

    widget = LongSelect
    iterator = _Names


def danish_field(column: models.Field, **options) -> forms.Field | None:
    """The form field of a model's column, as we draw it."""
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        options = {"form_class": DanishDateField, **options}
        options.pop("widget", None)
    elif isinstance(column, models.URLField):
        options = {"assume_scheme": "https", **options}
    elif isinstance(column, models.DecimalField):
        options = {"form_class": DanishDecimalField, **options}
    elif isinstance(column, models.ForeignKey) and hasattr(column.related_model, "name"):
        options = {"form_class": LongChoice, **options}
    elif isinstance(column, models.IntegerField) and not column.choices:
        # type=number throws away what it does not understand, before anyone can say what was wrong with it.
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
    return column.formfield(**options)


# --- What no text may contain -------------------------------------------------------------------------------------

# Ten digits that begin with a day and a month, with or without a hyphen. Case numbers (2013-0184482), document
# numbers (2010-161108) and EAN numbers (13 digits) are parted or longer.
CPR_NUMBER = re.compile(r"(?<![\d-])(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}\s?[-–‑]?\s?\d{4}(?![\d-])", re.ASCII)
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]")


def check_text(text: str, *, may_look_like_cpr: bool = False) -> None:
    """Refuse CPR numbers, and characters that no one typed (NUL bytes, broken UTF-8)."""
    if UNREADABLE.search(text):
        raise ValidationError(
            "Teksten indeholder tegn, der ikke kan læses. Slet dem, eller skriv stedet om.",
            code="unreadable",
        )
    if not may_look_like_cpr and CPR_NUMBER.search(text):
        raise ValidationError(
            "Teksten ser ud til at indeholde et CPR-nummer. Det må ikke stå i Sikker By. Slet nummeret.", code="cpr"
        )


# Plainer than Django's Danish, where a field has no words of its own.
NOT_OFFERED = "Det kan ikke vælges her. Vælg en af mulighederne på listen."
PLAINER = (
    (forms.Field, "required", "Feltet skal udfyldes."),
    (forms.ChoiceField, "invalid_choice", NOT_OFFERED),
    (forms.ModelChoiceField, "invalid_choice", NOT_OFFERED),
    (forms.IntegerField, "invalid", "Skriv et helt tal med cifre."),
    (forms.TimeField, "invalid", "Skriv klokkeslættet som 13:15."),
    (forms.URLField, "invalid", "Skriv en webadresse, for eksempel https://www.kk.dk."),
)
TOO_LONG = "Teksten har %(show_value)s tegn. Der er plads til %(limit_value)s."
NO_ADDRESS = "Skriv en e-mailadresse, for eksempel navn@kk.dk."


class CheckedText:
    """For every form: its text fields are checked, and a too long text is kept and answered, not cut off."""

    may_look_like_cpr: frozenset[str] | set[str] = frozenset()  # names of case, document and EAN number fields
    stale = None
    carried = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
            if isinstance(field.widget, forms.Textarea) and field.max_length:
                field.widget.attrs["data-limit"] = field.max_length
            if isinstance(field, forms.ModelChoiceField):  # whose choices are a query, and not asked for here
                if field.empty_label == DASHES:
                    field.empty_label = _nothing_chosen(field)
            elif isinstance(field, forms.ChoiceField) and field.choices[:1] == [("", DASHES)]:
                field.choices = [("", _nothing_chosen(field)), *field.choices[1:]]
            for kind, code, words in PLAINER:
                if field.error_messages.get(code) is kind.default_error_messages[code]:
                    field.error_messages[code] = words
            field.error_messages.setdefault("max_length", TOO_LONG)
            if isinstance(field, forms.EmailField):
                field.error_messages.setdefault("invalid", NO_ADDRESS)

    def _clean_fields(self):
        super()._clean_fields()
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str):
                if isinstance(self.fields[name].widget, forms.TextInput):
                    # A browser's one-line field holds one line; what else sends lines gets them joined.
                    self.cleaned_data[name] = " ".join(value.splitlines())
                try:
                    check_text(value, may_look_like_cpr=name in self.may_look_like_cpr)
                except ValidationError as error:
                    self.add_error(name, error)


DASHES = BLANK_CHOICE_DASH[0][1]


def _nothing_chosen(field: forms.Field) -> str:
    """What a list of choices says before one is made."""
    return "Vælg" if field.required else "Ikke valgt"


class AdminForm(CheckedText, forms.ModelForm):
    """For the administration pages, whose fields are Django's own."""


class PlainForm(CheckedText, forms.Form):
    """A form that is no model's: a question, a reason."""


class FilterForm(CheckedText, forms.Form):
    """The filter of a list, in the address. What it does not understand is said, and filters nothing."""

    FOLDED: tuple[str, ...] = ()  # those of little use to most; one that is chosen is always seen

    @property
    def in_sight(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.FOLDED]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self.FOLDED]

    @property
    def fold_is_open(self) -> bool:
        return any(self.data.get(name) for name in self.FOLDED)

    def chosen(self, name: str):
        """The value that was chosen; None where nothing was, or nothing that makes sense."""
        self.is_valid()  # not before: a form's own __init__ may still be putting choices in
        return self.cleaned_data.get(name) or None


# --- Forms that make and change rows ------------------------------------------------------------------------------


class _DanishFields(ModelFormMetaclass):
    def __new__(mcs, name, bases, attrs):
        if (meta := attrs.get("Meta")) and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(danish_field)
        return super().__new__(mcs, name, bases, attrs)


class CreateForm(CheckedText, forms.ModelForm, metaclass=_DanishFields):
    """Makes a row, once: the key it carries tells a double click and F5 from a second row (once)."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def _post_clean(self):
        # Sent again, it would clash with the very row it made: then once() answers with that row.
        if not sent_before(self.cleaned_data.get("key")):
            super()._post_clean()


def sent_before(key: uuid.UUID | str | None) -> bool:
    """Whether a form with this key, which may be as it was posted, has made what it makes."""
    try:
        key = uuid.UUID(str(key))
    except ValueError:
        return False
    return Submission.objects.filter(key=key).exclude(address="").exists()


class EditForm(CheckedText, forms.ModelForm, metaclass=_DanishFields):
    """Changes a row that nobody changed meanwhile. Otherwise both versions are shown, and nothing is overwritten.

    The view loads the row with `locked(request, …)`, so that none can change between the check and the save.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    stale_by = stale_at = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)

    def clean(self):
        super().clean()
        if self.cleaned_data.get("version") != self.instance.version:
            self._show_both()
            self.add_error(
                None,
                ValidationError("En anden har gemt, mens du skrev. Se begge udgaver herunder.", code="stale"),
            )
        return self.cleaned_data

    def _show_both(self):
        latest = next(iter(changes_of(self.instance)), None)
        self.stale_by = latest.by if latest else "En anden"
        self.stale_at = moment(latest.at) if latest else ""
        self.stale = [
            (field.label, _shown(field, self.get_initial_for_field(field.field, field.name)), _shown(field, field.data))
            for field in self.visible_fields()
            if field.field.has_changed(self.get_initial_for_field(field.field, field.name), field.data)
        ]
        # Sent again, it is meant: "Gem min udgave".
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(self.instance.version)


def _shown(bound: forms.BoundField, value) -> str:
    """A value as the page would show it: as its field says, if it does; choices and related rows by their label."""
    if shown := getattr(bound.field, "shown", None):
        return shown(value)
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        values = value if isinstance(value, (list, tuple)) else [value]
        keys = {str(getattr(each, "pk", each)) for each in values} - {"", "None"}
        return ", ".join(str(label) for key, label in choices if str(key) in keys)
    return as_text(value)


def bind(form_class: type[forms.BaseForm], request: HttpRequest, *, action: str | None = None, **options):
    """The form of a page: bound when it is posted; else empty, or filled with what was typed when a session ended.

    `action` is the address it posts to, where that is not the page's own.
    """
    if request.method == "POST":
        return form_class(request.POST, request.FILES, **options)
    form = form_class(**options)
    carried = request.session.get(CARRIED)
    if carried and carried["path"] == (action or request.path):
        typed = QueryDict(carried["typed"])
        for name, field in form.fields.items():
            if (value := field.widget.value_from_datadict(typed, {}, form.add_prefix(name))) is not None:
                form.initial[name] = value
        form.carried = True
    return form


CARRIED = "carried"  # in the session: what was typed when it ended, until it is sent (login.py)


def locked(request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
    """For the view of an EditForm: hold the row while a POST checks its version and saves."""
    return queryset.select_for_update(of=("self",)) if request.method == "POST" else queryset


SENT_BEFORE = (
    "Formularen var allerede sendt, så der er ikke gemt noget nyt. Her står det, der blev gemt første gang. "
    "Ret det her, hvis du har skrevet noget om."
)


def once(
    request: HttpRequest,
    form: CreateForm,
    make: Callable[[], models.Model],
    *,
    to: Callable[[models.Model], str] = methodcaller("get_absolute_url"),
) -> HttpResponse | None:
    """Make the row and go to it (or to the address that `to` gives); if this form was sent before, go there again.

    Two requests with the same key at once: the second waits at the key's row until the first is through. What `make`
    or the database refuses becomes the form's error, nothing is kept, and None is returned: show the form again.
    """
    try:
        with transaction.atomic():
            submission, is_first = Submission.objects.get_or_create(
                key=form.cleaned_data["key"], defaults={"user": request.user}
            )
            if submission.user_id != request.user.pk:
                raise ValidationError("Formularen er allerede sendt. Genindlæs siden, og prøv igen.")
            if is_first:
                submission.address = to(make())
                submission.save(update_fields=["address"])
            else:
                messages.info(request, SENT_BEFORE)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    except IntegrityError as error:
        form.add_error(None, violated(error))
        return None
    return redirect(submission.address)


def violated(error: IntegrityError) -> ValidationError:
    """What the database refused, in the words of the constraint that refused it."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message is not None:
                return ValidationError(constraint.get_violation_error_message())
    raise error
