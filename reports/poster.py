"""The action card as it hangs on an institution's wall: the issue's text and the institution's own numbers on one A4
page, as HTML and PDF."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from closures.models import Institution, Leadership

from .content import CardText, PhoneNumber
from .paper import STYLE
from .pdf import Limits, make_pdf

PEOPLE = 2  # leader and deputy: those there is room for
OWN_NUMBERS = 3  # the institution's, the local police's and SSP's
ONE_PAGE = Limits(pages=1)
LONG_NAME = 60  # letters of an institution's name; a longer one is set smaller, or it would push the steps off the page
LONG_PHONE = 12  # characters: "12 34 56 78" is large, "12 34 56 78, lokal 12" is not
LINE = 7  # mm: a step that fits on one line
LONG_PERSON = 28  # letters of a person's name beside the number


@dataclass(frozen=True, kw_only=True)
class Poster:
    """All that is printed on the page."""

    text: CardText
    issue: str = ""  # "Udgave 2, 3. november 2026"; none: a draft
    institution: str = ""  # none: the general card, with lines to write on
    numbers: tuple[PhoneNumber, ...]  # the institution's own
    printed_on: date
    demo: bool = False

    @property
    def all_numbers(self) -> tuple[PhoneNumber, ...]:
        return self.numbers + self.text.numbers

    @property
    def draft(self) -> bool:
        return not self.issue


def general_numbers() -> tuple[PhoneNumber, ...]:
    """Whom an institution calls first, not knowing which institution it is."""
    return tuple(
        PhoneNumber(label=label) for label in ("Leder", "Souschef eller stedfortræder", "Lokalpolitiet", "SSP")
    )


def numbers_of(institution: Institution, day: date) -> tuple[PhoneNumber, ...]:
    """An institution's own numbers on the day: its leader and deputies first, or those of the unit it is part of."""
    leaders = Leadership.objects.on(day).filter(user__is_active=True).select_related("user")
    own = leaders.filter(institution=institution)
    found = list(own) or list(leaders.filter(institution=institution.parent_id))
    found.sort(key=lambda each: (each.kind != Leadership.Kind.LEADER, each.pk))
    people = [
        PhoneNumber(label=_LEADS[each.kind], who=each.user.name, phone=each.user.phone) for each in found[:PEOPLE]
    ]
    return (
        *(people or [PhoneNumber(label="Leder")]),
        PhoneNumber(label="Institutionen", phone=institution.phone),
        PhoneNumber(label="Lokalpolitiet", phone=institution.police_phone),
        PhoneNumber(label="SSP", phone=institution.ssp_phone),
    )


_LEADS = {Leadership.Kind.LEADER: "Leder", Leadership.Kind.DEPUTY: "Souschef eller stedfortræder"}


def to_html(poster: Poster) -> str:
    context = {
        "poster": poster,
        "style": mark_safe(STYLE.read_text()),
        "long_name": len(poster.institution) > LONG_NAME,
        "calls": [(each, _short(each.who), len(each.phone) > LONG_PHONE) for each in poster.all_numbers],
    }
    return render_to_string("reports/paper/action_card.html", context)


def _short(name: str) -> str:
    """A person's name as there is room for it: first and last name, where the whole is long."""
    if len(name) > LONG_PERSON:
        first, *_, last = name.split() * 2
        name = f"{first} {last}"
    return name if len(name) <= LONG_PERSON else f"{name[: LONG_PERSON - 1]}…"


def to_pdf(poster: Poster) -> bytes:
    """One page. TooLong where there is no room, which `must_fit` has ruled out for what was issued."""
    title = f"Actioncard: {poster.text.heading}"
    created = timezone.make_aware(datetime.combine(poster.printed_on, time(12)))  # so the same page has the same bytes
    return make_pdf(to_html(poster), title=title, created=created, limits=ONE_PAGE)


def must_fit(text: CardText) -> None:
    """TooLong where the text has no room beside the longest names that the register can hold. The numbers are as
    long as they may be and still be set large, which takes more room than a longer one set small."""
    institution = Institution._meta.get_field("name").max_length
    to_pdf(
        Poster(
            text=text,
            issue="Udgave 1000, 30. september 2026",
            institution=("W" * 9 + " ") * (institution // 10),
            numbers=tuple(
                PhoneNumber(
                    label=_LEADS[Leadership.Kind.DEPUTY], who="W" * LONG_PERSON * person, phone="0" * LONG_PHONE
                )
                for person in (True,) * PEOPLE + (False,) * OWN_NUMBERS
            ),
            printed_on=date(2026, 9, 30),
            demo=True,
        )
    )


def lines_of(excess: int) -> int:
    """How many lines of steps so many millimetres are."""
    return -(-excess // LINE)
