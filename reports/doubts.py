"""What looks wrong in a note and may be right all the same: shown before it is issued, and never in the way."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date

from sikkerby.templatetags.danish import MONTHS, SEASONS, approximate, plain_date, short_date

from .copying import years_left_behind
from .gathering import empty_sections, last_year_of, listed
from .models import Appendix, Decision, Section
from .prose import plain
from .references import BASELINE, REFERENCE, Figures, unknown_in

# "februar 2013", "den 3. februar 2013", "efteråret 2013", "03-02-2013".
SAID_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\.\s*)?\b(?P<name>{'|'.join((*MONTHS, *(season[:-2] for season in SEASONS)))})(?:et|en)?"
    r"\s+(?P<year>20\d\d)\b|\b(?P<numbers>\d{1,2}[-./]\d{1,2}[-./]20\d\d)\b",
    re.IGNORECASE,
)


def doubts(note, *, on: date) -> list[str]:
    """In Danish, for the one who is about to issue the note."""
    known = Figures(last_year_of(note))
    return [
        *_open_comments(note),
        *_promises_already_past(note),
        *_years_to_come(note),
        *_years_not_closed(note, known),
        *_years_left_behind(note),
        *_references_to_nothing(note, known),
        *_figures_typed(note, known),
        *_points_missing(note),
        *_sections_left_out(note, on),
        *_headings_without_text(note),
        *_appendices_missing(note),
        *_appendices_without_file(note),
        *_decisions_not_to_be_quoted(note),
        *_readers(note, on),
    ]


def _open_comments(note) -> Iterator[str]:
    for comment in note.comments.open().select_related("section"):
        about = f"»{comment.section}«" if comment.section else "notatet"
        yield f"En kommentar til {about} er ikke afsluttet: »{shortened(comment.text)}«"


def shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:80].rsplit(' ', 1)[0]} …"


def _promises_already_past(note) -> Iterator[str]:
    for section in note.sections.filter(kind="process"):
        for said in past_dates(plain(section.html), note.date):
            yield (
                f"Under »{section}« står der »{said}«, men notatet er dateret {short_date(note.date)}. "
                "Er det et løfte, kan det ikke holdes."
            )
    for each in note.promises():
        if each.due and each.last_day() < note.date:
            due = approximate(each.due, each.due_precision)
            yield f"»{each.promise}« er lovet til {due}, og det er før notatets dato."


def _years_to_come(note) -> Iterator[str]:
    for section in note.sections.filter(year__gt=note.date.year):
        yield (
            f"Afsnittet »{section}« skal vise ikke-planlagte lukkedage fra {section.year}, men notatet er dateret "
            f"{short_date(note.date)}."
        )


def past_dates(text: str, day: date) -> list[str]:
    """The dates a text names that had wholly passed on the day, as it names them."""
    return [said[0] for said in SAID_DATE.finditer(text) if (last := _last_day(said)) and last < day]


def _last_day(said: re.Match) -> date | None:
    """The last day that the words can mean; None where there is no such day."""
    try:
        if said["numbers"]:
            day, month, year = map(int, re.split("[-./]", said["numbers"]))
            return date(year, month, day)
        name, year = said["name"].lower(), int(said["year"])
        if name in MONTHS:
            month = MONTHS.index(name) + 1
            return date(year, month, int(said["day"] or monthrange(year, month)[1]))
        month = {"vinter": 2, "forår": 5, "sommer": 8, "efterår": 11}[name]
        return date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None


# --- Figures ------------------------------------------------------------------------------------------------------


def _years_not_closed(note, known: Figures) -> Iterator[str]:
    """Of each year that still moves: where its figures stand."""
    standing: dict[int, list[str]] = {}

    def stands(name, years: Iterable[int]) -> None:
        for year in years:
            standing.setdefault(year, []).append(f"»{name}«")

    for section in note.sections.all():
        years = _years_said(section.html, known)
        if section.kind == Section.Kind.RECOMMENDATIONS:
            years = _years_said("\n".join(point.text for point in note.recommendations.all()), known)
        if section.kind == Section.Kind.CLOSURES and section.year and section.year <= known.last_year:
            years.update(range(section.first_year or section.year, section.year + 1))
        stands(section, years)
    for appendix in note.appendices.filter(source=Appendix.Source.CLOSURES, year__lte=known.last_year):
        stands(appendix, [appendix.year])
    for year in known.provisional(standing):
        where = listed(standing[year])
        yield f"Årsopgørelsen for {year} er ikke afsluttet, så tallene i {where} kan ændre sig."


def _years_said(text: str, known: Figures) -> set[int]:
    return {found.year for token in REFERENCE.findall(text) if (found := known.find(token))}


def _written_by_the_office(note):
    """Sections whose text is the office's own: what a quotation says is not theirs to mend."""
    return note.sections.exclude(html="").exclude(kind=Section.Kind.QUOTE)


def _years_left_behind(note) -> Iterator[str]:
    for section, year in years_left_behind(note):
        yield f"Under »{section}« står der stadig {year}, selv om tallene er ført frem til et senere år."


def _references_to_nothing(note, known: Figures) -> Iterator[str]:
    for section in _written_by_the_office(note):
        for token in unknown_in(section.html, known):
            yield f"Under »{section}« står {token}, som ikke kan slås op. Det kommer på papiret, som det står."
    for point in note.recommendations.all():
        for token in unknown_in(point.text, known):
            yield f"I {point} står {token}, som ikke kan slås op. Det kommer på papiret, som det står."


TYPED = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+|\d{2,}),\d(?![\d,])")


def _figures_typed(note, known: Figures) -> Iterator[str]:
    """A number with a decimal that is one of the register's: written as a reference it could not go stale."""
    texts = [(section, plain(REFERENCE.sub("", section.html))) for section in _written_by_the_office(note)]
    if not any(TYPED.search(text) for _, text in texts):
        return
    tokens = {found.value: found.token for found in reversed(known.known()) if found.name != BASELINE}
    for section, text in texts:
        for value in dict.fromkeys(TYPED.findall(text)):
            if value in tokens:
                yield f"Under »{section}« står {value}. Skriv {tokens[value]} i stedet, så følger tallet med."


# --- What is missing ----------------------------------------------------------------------------------------------


def _points_missing(note) -> Iterator[str]:
    asks = note.template == note.Template.RECOMMENDATION or note.sections.filter(kind="recommendations").exists()
    if asks and not note.recommendations.exists():
        yield "Indstillingen har ingen at-punkter, så udvalget bliver ikke bedt om at beslutte noget."


LONELY_HEADING = re.compile(r"<h3>((?:(?!</h3>).)*)</h3>\s*(?=<h3>|\Z)", re.DOTALL)


def _headings_without_text(note) -> Iterator[str]:
    for section in _written_by_the_office(note):
        for heading in LONELY_HEADING.findall(section.html):
            yield f"Under »{section}« står mellemoverskriften »{plain(heading)}« uden tekst."


def _appendices_missing(note) -> Iterator[str]:
    """Those that the text refers to by number, and that are not attached."""
    attached = set(note.appendices.values_list("number", flat=True))
    texts = [plain(section.html) for section in note.sections.all()] + [
        each.text for each in note.recommendations.all()
    ]
    named = {
        int(number) for text in texts for number in re.findall(r"\bbilag(?:et)?\s+(\d{1,2})\b", text, re.IGNORECASE)
    }
    for number in sorted(named - attached):
        has = f"har {len(attached)} bilag" if attached else "har ingen bilag"
        yield f"Teksten henviser til bilag {number}, men notatet {has}."


def _decisions_not_to_be_quoted(note) -> Iterator[str]:
    """A note that was opened after it quoted from a closed one."""
    quotable = Decision.objects.quotable_in(note).values("pk")
    for section in note.sections.filter(decision__isnull=False).exclude(decision__in=quotable):
        yield f"Afsnittet »{section}« citerer en beslutning om et lukket notat, men dette notat er åbent."


def _readers(note, on: date) -> Iterator[str]:
    """Where others may read it than its being open or closed says, or nobody is there to."""
    if not note.committee.exists_on(on):
        yield f"{note.committee} er nedlagt den {plain_date(note.committee.dissolved_on)}. Ret, hvem notatet er til."
    if note.is_closed:
        for committee in note.treated_by().exclude(pk=note.committee_id):
            yield (
                f"Notatet er lukket, men {committee} har det på dagsordenen. Også det udvalgs medlemmer kan læse det, "
                "når det er udsendt."
            )
    elif any(each and each.is_closed for each in (note.replaces, note.copied_from)):
        yield (
            "Notatet er åbent, men er skrevet på grundlag af et lukket. Se efter, om der står noget, som ikke alle må "
            "læse."
        )


def _sections_left_out(note, on: date) -> Iterator[str]:
    for section in empty_sections(note, on=on):
        if section.kind in (Section.Kind.APPENDICES, Section.Kind.RECOMMENDATIONS):
            continue  # a note without appendices is an ordinary one; of points it is said above
        yield f"Afsnittet »{section}« er tomt og kommer ikke med på papiret."


def _appendices_without_file(note) -> Iterator[str]:
    for appendix in note.appendices.filter(source=Appendix.Source.FILE, file=None):
        yield f"{appendix} har ingen fil. Det nævnes på papiret, men kan ikke hentes her."
