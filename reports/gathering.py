"""From a note to its paper: all that it refers to in the other rooms, read in one place as it stands on one day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils.html import escape, linebreaks

from closures import figures
from closures.models import Closure
from initiatives.models import Target
from reports import content
from reports.prose import clean
from reports.references import Figures, fill
from sikkerby.templatetags import danish

FIRST_YEAR_EXPLAINED = 2014  # the year of the first note that could compare; one of 2013 shows 2012 alone


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a document stands in the chain of those issued: its number, the hash of the one before it, and the code
    that it is found by."""

    number: int
    after: str
    code: str = ""


def gather(note, *, on: date, issued_as: Place | None = None) -> content.Paper:
    """All that the note prints, read on the day `on`: as a draft, or as the document it becomes.

    Sections without content are left out; `empty_sections` says which.
    """
    sections = _sections(note).prefetch_related("initiatives").select_related("principle", "catalogue", "decision")
    gathered = [(section, _GATHERED_BY[section.kind](note, section, on)) for section in sections]
    known = Figures(last_year_of(note))
    filled = [fill(_headed(section, found), known, on=on) for section, found in gathered if found is not None]
    return content.Paper(
        addressee=note.committee.name_on(note.date),
        title=note.title,
        date=note.date,
        sender=sender(note),
        sections=tuple(section for section, _ in filled),
        figures=tuple(dict.fromkeys(figure for _, used in filled for figure in used)),
        closed=note.is_closed,
        closed_reason=note.closed_because,
        draft=issued_as is None,
        demo=settings.DEMO,
        replaces=_replaces(note),
        number=issued_as.number if issued_as else None,
        previous_hash=issued_as.after if issued_as else "",
        code=issued_as.code if issued_as else "",
    )


def empty_sections(note, *, on: date) -> list:
    """Those that would not be on the paper: no text yet, no principle chosen, no appendix."""
    return [section for section in _sections(note) if _GATHERED_BY[section.kind](note, section, on) is None]


def last_year_of(note) -> int:
    """The last year that a note may say figures of: its own; in one of 2013, the baseline's."""
    year = note.date.year
    return year if year >= FIRST_YEAR_EXPLAINED else min(year, figures.BASELINE_YEAR)


HEADLESS = ("text", "quote", "goal")  # kinds that may follow what stands above them without a heading of their own


def _headed(section, found: content.Section) -> content.Section:
    """Headings step down one at a time, or who hears the paper read cannot find the way: a subheading in a text that
    has no heading stands as one, and what prints subheadings of its own always has one."""
    if found.heading or isinstance(found, content.Goal):  # whose name stands in its box
        return found
    if section.kind in HEADLESS:
        return replace(found, html=found.html.replace("<h3>", "<h2>").replace("</h3>", "</h2>"))
    return replace(found, heading=str(section))


def _sections(note):
    return note.sections.order_by("order")


def sender(note) -> content.Sender:
    return content.Sender(
        case_number=note.case_number,
        document_number=note.document_number,
        case_officer=note.case_officer,
        unit=note.unit,
        administration=_name_of_sender(note),
        address=tuple(line.strip() for line in note.address.splitlines() if line.strip()),
        phone_label=note.get_phone_label_display(),
        phone=note.phone,
        email=note.email,
        ean=note.ean,
        website=note.website,
    )


def _name_of_sender(note) -> str:
    """As it was called on the note's date."""
    former = note.sender.names.on(note.date).filter(is_alias=False).first()
    return former.name if former else note.sender.name


def _replaces(note) -> str:
    if note.replaces is None:
        return ""
    old = note.replaces.document
    called = old.title
    if note.replaces.is_barred or old.closed and not note.is_closed:  # then a title is more than all may know
        called = "et spærret notat" if note.replaces.is_barred else "et lukket notat"
    return f"{called} af {danish.short_date(old.date)} (dokument nr. {old.number}). Rettet: {note.replaces_because}"


# --- Section by section; None where there is nothing to print -----------------------------------------------------


def _text(note, section, on) -> content.Text | None:
    return content.Text(heading=section.heading, html=section.html) if section.html else None


def _goal(note, section, on) -> content.Goal | None:
    """The principle's effect goal. One that is measured by closures has its baseline in closures.figures alone."""
    principle = section.principle
    if principle is None:
        return None
    target = principle.targets.order_by("pk").first()
    goal = target.text if target else principle.text
    if not goal:
        return None
    return content.Goal(heading=section.heading, name=principle.title, goal=goal, baseline=_baseline_of(target))


def _baseline_of(target) -> str:
    if target is None:
        return ""
    if target.source == target.Source.CLOSURES:
        known = figures.baseline()
        return f"Udgangspunktet er {danish.days(known.total)} ikke-planlagte lukkedage i {known.year}." if known else ""
    if target.baseline is None:
        return ""
    year = f" i {target.baseline_year}" if target.baseline_year else ""
    return f"Udgangspunktet er {danish.number(target.baseline)} {target.unit}{year}."


def _closures(note, section, on) -> content.ClosureFigures | content.Text | None:
    """The years as the page of figures has them: closed ones as they were put to the committee before, the others of
    reviewed closures only. A year that nobody has counted is not a zero: it is said, and not drawn."""
    if section.year is None:
        return None
    last = section.year if note.date.year >= FIRST_YEAR_EXPLAINED else figures.BASELINE_YEAR
    first = min(section.first_year or last, last)
    years = figures.shown(first, last, reviewed_only=True, recounted=False)
    known = [each for each in years if not each.missing]
    baseline = figures.baseline()
    if not known:
        sentence = escape(figures.comparison(years[-1], baseline))
        return content.Text(heading=section.heading, html=f"<p>{sentence}</p>{section.html}")
    baseline_alone = [each.year for each in known] == [figures.BASELINE_YEAR]
    return content.ClosureFigures(
        heading=section.heading,
        finding=figures.comparison(known[-1], baseline),
        years=tuple(year_of_closures(each) for each in known),
        baseline=content.Baseline(year=baseline.year, total=baseline.total)
        if baseline and not baseline_alone
        else None,
        counted_on=on,
        source="" if baseline_alone else sources(known),
        explanation=tuple(explanation(years, baseline)) if note.date.year >= FIRST_YEAR_EXPLAINED else (),
        comment=section.html,
    )


def sources(years: list[figures.YearFigures]) -> str:
    """Where totals without dates come from. The note of 2013 is itself the source of its one total."""
    return "; ".join(f"{each.source} (for {each.year})" for each in years if each.source)


def year_of_closures(each: figures.YearFigures) -> content.YearOfClosures:
    return content.YearOfClosures(
        year=each.year,
        disruption=each.disruption,
        pedagogical=each.pedagogical,
        undistinguished=each.undistinguished,
        total=each.total,
        units=each.units,
        answered=each.answered,
        asked=each.asked,
    )


COUNTED_SO = (
    "En ikke-planlagt lukkedag er en dag, hvor en institution eller tjeneste skulle have haft åbent, men holdt lukket "
    "på grund af uro eller krise eller med et pædagogisk formål. Der tælles i halve dage: Var der lukket i højst "
    "halvdelen af åbningstiden, tæller det en halv dag, ellers en hel. Planlagte lukkedage tæller ikke med, og "
    "weekender og helligdage kun, hvis institutionen plejer at holde åbent på dem. Kun lukninger, som Center for "
    "Sikker By har gennemgået, er talt med."
)


def explanation(years: list[figures.YearFigures], baseline: figures.YearFigures | None) -> Iterable[str]:
    """The box "Sådan er der talt": what a councillor must know in order not to be misled by the numbers."""
    last = years[-1]
    yield COUNTED_SO
    if baseline:
        yield f"{figures.BREAK_IN_METHOD} Tallet for {baseline.year} blev indsamlet, da året var gået."
    yield from _accounts(years)
    yield from _answers(years)
    parts = figures.parts_shown(last.year, reviewed_only=True, by=("institution", "scope"))
    largest = max((share.total for share in parts["institution"] if share.key), default=0)
    if largest:
        share = round(100 * largest / last.total)
        yield (
            f"Den institution, der i {last.year} havde flest ikke-planlagte lukkedage, står for {share} procent af dem."
        )
    if last.taken_out or last.reclassified:
        yield (
            f"Ved gennemgangen af {last.year} er {danish.days(last.taken_out)} indberettede dage taget ud, og "
            f"{danish.days(last.reclassified)} dage er flyttet fra den ene art til den anden."
        )
    scopes = {share.key: share.total for share in parts["scope"]}
    if dated := last.total - scopes.get("", 0):
        unknown = dated - scopes.get(Closure.Scope.AREA, 0) - scopes.get(Closure.Scope.INSTITUTION, 0)
        yield (
            f"I {last.year} skyldtes {danish.days(scopes.get(Closure.Scope.AREA, 0))} af de ikke-planlagte lukkedage "
            f"uro i området og {danish.days(scopes.get(Closure.Scope.INSTITUTION, 0))} uro på institutionen selv."
        ) + (f" For {danish.days(unknown)} er det ikke oplyst." if unknown else "")


def _accounts(years: list[figures.YearFigures]) -> Iterable[str]:
    """Which of the numbers are for good, which can still move, and which there are none of."""
    if closed := [str(each.year) for each in years if each.closed_on]:
        yield (
            f"Årsopgørelsen for {listed(closed)} er afsluttet. Hvad der er registreret eller rettet siden, er ikke "
            "talt med."
        )
    if provisional := [str(each.year) for each in years if each.provisional]:
        yield f"Årsopgørelsen for {listed(provisional)} er ikke afsluttet, så tallene kan ændre sig."
    if missing := [str(each.year) for each in years if each.missing]:
        yield f"For {listed(missing)} er der ingen opgørelse. Det betyder ikke, at der ingen lukninger var."


def _answers(years: list[figures.YearFigures]) -> Iterable[str]:
    answered = [
        f"{danish.number(each.answered)} af {danish.number(each.asked)} for {each.year}" for each in years if each.asked
    ]
    if answered:
        yield f"Så mange af de spurgte institutioner har svaret: {listed(answered)}."
    if not_asked := [str(each.year) for each in years if not each.asked]:
        yield f"For {listed(not_asked)} er det ikke oplyst, hvor mange institutioner der blev spurgt."


def _principle(note, section, on) -> content.Initiatives | None:
    principle = section.principle
    if principle is None:
        return None
    entries = [
        content.Entry(
            title=entry.initiative.name,
            text=entry.text,
            carriers=listed(each.abbreviation for each in entry.administrations.all()),
            period=_period(entry.initiative),
        )
        for entry in principle.entries.select_related("initiative").prefetch_related("administrations")
    ]
    if not entries:
        return None
    name = f"{danish.with_capital(principle.get_kind_display())} {principle.number}"
    group = content.EntryGroup(name=name, text=principle.text or principle.title, entries=tuple(entries))
    return content.Initiatives(heading=section.heading, groups=(group,), counted_on=on, as_text=section.as_text)


def _initiatives(note, section, on) -> content.Initiatives | None:
    chosen = section.initiatives.prefetch_related("carriers__administration", "partners", "status_updates")
    entries = tuple(
        content.Entry(
            title=each.name,
            text=each.summary,
            carriers=listed(
                [carrier.administration.abbreviation for carrier in each.carriers.all()]
                + [partner.name for partner in each.partners.all()]
            ),
            period=_period(each),
            status=_status(each),
        )
        for each in chosen
    )
    if not entries:
        return None
    groups = (content.EntryGroup(entries=entries),)
    return content.Initiatives(heading=section.heading, groups=groups, counted_on=on, as_text=section.as_text)


def _period(initiative) -> str:
    begins = danish.approximate(initiative.begins, initiative.begins_precision)
    ends = danish.approximate(initiative.ends, initiative.ends_precision)
    if begins and ends:
        return begins if begins == ends else f"{begins} – {ends}"
    return f"fra {begins}" if begins else f"til {ends}" if ends else ""


def _status(initiative) -> str:
    """The latest assessment in a word, with its date: "grøn (01-02-2026)"."""
    latest = next(iter(initiative.status_updates.all()), None)
    if latest is None:
        return initiative.get_status_display()
    colour, _, _ = latest.get_assessment_display().partition(":")
    return f"{colour} ({danish.short_date(latest.on)})"


def _targets(note, section, on) -> content.Targets | None:
    """Those of the section's principle, then those of the chosen initiatives."""
    of = Q(initiative__in=section.initiatives.all())
    if section.principle:
        of |= Q(principle=section.principle)
    rows = Target.objects.filter(of).select_related("principle", "initiative").prefetch_related("measurements")
    targets = list(rows.order_by("initiative__name", "pk"))  # a principle's have no initiative, and NULL comes last
    targets.sort(key=lambda target: target.principle is None)
    if not targets:
        return None
    counted = any(not target.is_measured_by_hand for target in targets)
    explained = counted and note.date.year >= FIRST_YEAR_EXPLAINED
    return content.Targets(
        heading=section.heading,
        targets=tuple(_target(note, target) for target in targets),
        explanation=(figures.BREAK_IN_METHOD, COUNTED_SO) if explained else (),
        counted_on=on,
    )


def _target(note, target) -> content.Target:
    if target.is_measured_by_hand:
        baseline = _value_in(target.baseline, target.baseline_year)
        measurements = [
            content.Measured(period=each.period, value=danish.number(each.value), note=each.note)
            for each in target.measurements.all()
            if each.last_day <= note.date
        ]
    else:
        known = figures.baseline()
        baseline = f"{danish.days(known.total)} i {known.year}" if known else ""
        measurements = list(_counted_years(note))
    return content.Target(
        text=target.text,
        owner=str(target.owner),
        measure=target.measure,
        unit=target.unit,
        baseline=baseline,
        goal=_value_in(target.goal, target.goal_year),
        measurements=tuple(measurements),
    )


def _value_in(value, year: int | None) -> str:
    if value is None:
        return ""
    return f"{danish.number(value)} i {year}" if year else danish.number(value)


def _counted_years(note) -> Iterable[content.Measured]:
    """Closed days by year, from the first that can be compared with 2012 to the note's own."""
    if note.date.year < FIRST_YEAR_EXPLAINED:
        return
    for each in figures.shown(figures.BASELINE_YEAR + 1, note.date.year, reviewed_only=True, recounted=False):
        if each.missing:
            continue
        divided = each.divided and f"heraf {danish.days(each.disruption)} driftsforstyrrelser"
        said = (divided, each.provisional and "året er ikke afsluttet")
        yield content.Measured(
            period=str(each.year), value=danish.days(each.total), note=", ".join(word for word in said if word)
        )


def _catalogue(note, section, on) -> content.CatalogueInBrief | None:
    catalogue = section.catalogue
    if catalogue is None:
        return None
    practices = catalogue.practices.included().order_by("order", "pk")
    themes = tuple(
        content.CatalogueTheme(name=theme.title, practices=tuple(each.title for each in practices.filter(theme=theme)))
        for theme in catalogue.themes.all()
    )
    edition = catalogue.editions.last()
    said = funnel(catalogue, included=sum(len(theme.practices) for theme in themes))
    return content.CatalogueInBrief(
        heading=section.heading,
        intro=section.html or (f"<p>{said}</p>" if said else ""),
        edition=str(edition or catalogue),
        themes=tuple(theme for theme in themes if theme.practices),
        counted_on=on,
    )


def funnel(catalogue, *, included: int) -> str:
    """How many were proposed, examined and included; what is not known is not said."""
    steps = ((catalogue.proposed, "foreslået"), (catalogue.examined, "undersøgt"), (included or None, "optaget"))
    known = [(words, count) for count, words in steps if count is not None]
    if not known:
        return ""
    said = [f"{words} {danish.number(count)}" for words, count in known]
    said[0] += f" {danish.plural(known[0][1], 'eksempel,eksempler')}"
    return f"Der er {listed(said)}."


def _recommendations(note, section, on) -> content.Recommendations | None:
    points = tuple(point.text for point in note.recommendations.all())
    if not points:
        return None
    opening = f"{_name_of_sender(note)} indstiller over for {note.committee.name_on(note.date)},"
    return content.Recommendations(heading=section.heading, opening=opening, points=points)


def _quote(note, section, on) -> content.Quote | None:
    """A decision that is recorded here, as its minutes have it, or one that was typed."""
    decision = section.decision
    if decision:
        body, day, item = decision.committee_name, decision.meeting_date, decision.item_number
    else:
        body, day, item = section.quoted_body, section.quoted_on, section.quoted_item
    words = section.html or decision and _as_minuted(decision)
    if not (words and body and day):
        return None
    source = f"{body}, mødet den {danish.plain_date(day)}" + (f", punkt {item}" if item else "")
    return content.Quote(heading=section.heading, html=words, source=source)


def _as_minuted(decision) -> str:
    remark = linebreaks(decision.remark, autoescape=True) if decision.remark else ""
    return clean(f"<p>{escape(decision)}.</p>{remark}")


ECONOMY = {  # by Section.Economy
    "none": "Der er ingen økonomiske konsekvenser.",
    "within": "Udgifterne afholdes inden for den eksisterende ramme.",
    "some": "Der er økonomiske konsekvenser.",
}


def _economy(note, section, on) -> content.Economy | None:
    if not section.economy:
        return None
    return content.Economy(heading=section.heading, statement=ECONOMY[section.economy], html=section.html)


def _process(note, section, on) -> content.ProcessAhead | None:
    promises = tuple(
        content.Promise(
            what=each.promise,
            to=each.committee.name_on(note.date),
            by=danish.approximate(each.due, each.due_precision),
        )
        for each in note.promises()
    )
    if not (section.html or promises):
        return None
    return content.ProcessAhead(heading=section.heading, html=section.html, promises=promises)


def _appendices(note, section, on) -> content.Appendices | None:
    lines = tuple(
        content.AppendixLine(number=each.number, title=each.title, closed=each.is_closed)
        for each in note.appendices.all()
    )
    return content.Appendices(heading=section.heading, appendices=lines) if lines else None


def listed(words: Iterable[str]) -> str:
    """SOF, BUF og SSP København"""
    *others, last = [*words] or [""]
    return f"{', '.join(others)} og {last}" if others else last


_GATHERED_BY = {
    "text": _text,
    "goal": _goal,
    "closures": _closures,
    "principle": _principle,
    "initiatives": _initiatives,
    "targets": _targets,
    "catalogue": _catalogue,
    "quote": _quote,
    "recommendations": _recommendations,
    "economy": _economy,
    "process": _process,
    "appendices": _appendices,
}
