"""What a note prints of the other rooms: small worlds, counted by hand."""

from datetime import UTC, date, datetime

import pytest

from closures.models import AnnualReturn, Closure, Kind, ReportedTotal
from initiatives.models import Principle, PrincipleEntry, StatusUpdate, Target
from reports import content
from reports.doubts import past_dates
from reports.gathering import empty_sections, gather
from reports.models import CommitteeName, Section
from sikkerby.models import Precision
from tests.factories import (
    make_administration,
    make_catalogue,
    make_closure,
    make_initiative,
    make_institution,
    make_note,
    make_practice,
    make_principle,
    make_theme,
)
from tests.reports.factories import make_written_note

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 1, 15, tzinfo=UTC)


def section_of(note, kind, **fields):
    """The gathered section of a note that has this one alone."""
    section = Section.objects.create(note=note, order=1, kind=kind, heading="Overskrift", **fields)
    for initiative in fields.pop("chosen", []):
        section.initiatives.add(initiative)
    (gathered,) = gather(note, on=TODAY).sections
    return gathered


@pytest.fixture
def baseline(db):
    return ReportedTotal.objects.create(
        year=2012, kind=Kind.UNDISTINGUISHED, half_days=1325, units=13, source="Statusnotat af 20-08-2013"
    )


def close(cast, *, days: int, kind=Kind.DISRUPTION, start=date(2025, 3, 3), review=True, **fields) -> Closure:
    """A reviewed closure of a new school for so many weekdays from a Monday."""
    assert days <= 5
    closure = make_closure(
        institution=fields.pop("institution", None) or make_institution(),
        by=cast.leader,
        kind=kind,
        first_day=start,
        last_day=start.replace(day=start.day + days - 1),
        **fields,
    )
    if review:
        closure.review(by=cast.office)
    return closure


# --- Closed days --------------------------------------------------------------------------------------------------


def test_a_note_of_2013_shows_2012_alone_and_no_trend(cast, baseline):
    close(cast, days=3, start=date(2013, 3, 4))
    figures = section_of(make_note(date=date(2013, 8, 20)), "closures", first_year=2012, year=2013)
    assert figures.years == (
        content.YearOfClosures(year=2012, undistinguished=1325, total=1325, units=13, answered=None, asked=None),
    )
    assert (figures.baseline, figures.explanation) == (None, ())
    assert "662,5" in figures.finding
    assert "13 institutioner" in figures.finding
    assert "2013" not in figures.finding
    assert figures.source == ""  # the note is itself the source
    assert figures.counted_on == TODAY


def test_later_years_compare_their_sum_with_2012(cast, baseline):
    close(cast, days=3)
    close(cast, days=2, kind=Kind.PEDAGOGICAL)
    close(cast, days=5, review=False)  # a note counts what is reviewed
    figures = section_of(make_note(date=TODAY), "closures", first_year=2025, year=2025)
    (year,) = figures.years
    assert (year.disruption, year.pedagogical, year.total, year.units) == (6, 4, 10, 2)
    assert figures.baseline == content.Baseline(year=2012, total=1325)
    assert "5,0 ikke-planlagte lukkedage" in figures.finding
    assert "kan kun sammenlignes med summen, 5,0" in figures.finding


def test_from_2014_on_it_says_how_it_is_counted(cast, baseline):
    school = make_institution()
    close(cast, days=3, institution=school)
    close(cast, days=1, kind=Kind.PEDAGOGICAL, scope=Closure.Scope.INSTITUTION)
    AnnualReturn.objects.create(institution=school, year=2025, answer="all", answered_by=cast.leader, answered_at=NOW)
    AnnualReturn.objects.create(institution=make_institution(), year=2025)
    figures = section_of(make_note(date=TODAY), "closures", first_year=2025, year=2025)
    said = " ".join(figures.explanation)
    assert "Der tælles i halve dage" in said
    assert "Tallet for 2012 omfatter alle ikke-planlagte lukninger og er ikke opdelt." in said
    assert "Så mange af de spurgte institutioner har svaret: 1 af 2 for 2025." in said
    assert "flest ikke-planlagte lukkedage, står for 75 procent af dem." in said
    assert "I 2025 skyldtes 3,0 af de ikke-planlagte lukkedage uro i området og 1,0 uro på institutionen selv." in said
    assert "Ved gennemgangen" not in said
    assert "Årsopgørelsen for 2025 er ikke afsluttet, så tallene kan ændre sig." in said


def test_what_review_took_out_and_moved_is_said(cast, baseline):
    close(cast, days=2)
    close(cast, days=3, review=False).exclude(Closure.Exclusion.NOT_UNREST, by=cast.office)
    moved = close(cast, days=1, review=False)
    moved.reclassify(Kind.PEDAGOGICAL, by=cast.office)
    moved.review(by=cast.office)
    figures = section_of(make_note(date=TODAY), "closures", year=2025)
    assert (
        "Ved gennemgangen af 2025 er 3,0 indberettede dage taget ud, og 1,0 dage er flyttet fra den ene art til den "
        "anden."
    ) in figures.explanation


def test_a_year_nobody_counted_is_not_a_zero(cast, baseline):
    close(cast, days=1)
    figures = section_of(make_note(date=TODAY), "closures", first_year=2023, year=2025)
    assert [each.year for each in figures.years] == [2025]
    assert "For 2023 og 2024 er der ingen opgørelse." in " ".join(figures.explanation)
    nothing = section_of(make_note(date=TODAY), "closures", year=2020)
    assert isinstance(nothing, content.Text)
    assert "For 2020 er der ingen opgørelse" in nothing.html


def test_a_total_without_dates_says_where_it_comes_from(cast, baseline):
    close(cast, days=1)
    figures = section_of(make_note(date=TODAY), "closures", first_year=2012, year=2025)
    assert figures.source == "Statusnotat af 20-08-2013 (for 2012)"
    assert "For 2012, 2013, 2014" in " ".join(figures.explanation)


def test_without_a_baseline_nothing_is_compared(cast):
    close(cast, days=1)
    figures = section_of(make_note(date=TODAY), "closures", year=2025)
    assert figures.baseline is None
    assert "2012" not in figures.finding


# --- The other sections -------------------------------------------------------------------------------------------


def test_goal_takes_its_baseline_from_the_closures(cast, baseline):
    principle = make_principle(kind=Principle.Kind.FOCUS_AREA, number=4, title="Tryghed for kommunens ansatte")
    Target.objects.create(
        principle=principle,
        text="Ingen institution lukker på grund af uro.",
        measure="lukkedage",
        unit="dage",
        direction="down",
        source="closures",
    )
    assert section_of(make_note(), "goal", principle=principle) == content.Goal(
        heading="Overskrift",
        name="Tryghed for kommunens ansatte",
        goal="Ingen institution lukker på grund af uro.",
        baseline="Udgangspunktet er 662,5 ikke-planlagte lukkedage i 2012.",
    )


def test_entries_of_a_principle_stand_as_the_table_has_them(cast):
    principle = make_principle(number=4, text="Vi bygger bro.")
    night = make_initiative(name="Natteværterne", begins=date(2024, 7, 1), begins_precision=Precision.HALF_YEAR)
    two = PrincipleEntry.objects.create(principle=principle, initiative=night, text="Anden tekst", order=2)
    two.administrations.add(cast.kff, cast.buf)
    PrincipleEntry.objects.create(principle=principle, initiative=night, text="Første tekst", order=1)
    (group,) = section_of(make_note(), "principle", principle=principle).groups
    assert (group.name, group.text) == ("Fagprincip 4", "Vi bygger bro.")
    assert [(each.title, each.text, each.carriers) for each in group.entries] == [
        ("Natteværterne", "Første tekst", ""),
        ("Natteværterne", "Anden tekst", "BUF og KFF"),
    ]
    assert group.entries[0].period == "fra andet halvår 2024"


def test_chosen_initiatives_come_with_carriers_and_status(cast):
    initiative = make_initiative(name="Tryghedspakken", carried_by=cast.kff, summary="Fysisk sikring")
    StatusUpdate.objects.create(initiative=initiative, on=date(2026, 2, 1), assessment="yellow", by=cast.office)
    make_initiative(name="Ikke valgt")
    note = make_note()
    section = Section.objects.create(note=note, order=1, kind="initiatives", heading="Indsatser")
    section.initiatives.add(initiative)
    ((group,),) = [each.groups for each in gather(note, on=TODAY).sections]
    assert group.entries == (
        content.Entry(title="Tryghedspakken", text="Fysisk sikring", carriers="KFF", status="gul (01-02-2026)"),
    )


def test_catalogue_in_brief(cast):
    catalogue = make_catalogue(title="Katalog 2011", proposed=31, examined=28)
    theme = make_theme(catalogue=catalogue, title="Styring")
    make_theme(catalogue=catalogue, number=2, title="Uden eksempler")
    make_practice(title="B", catalogue=catalogue, theme=theme, status="included", order=2)
    make_practice(title="A", catalogue=catalogue, theme=theme, status="included", order=1)
    make_practice(title="Foreslået", catalogue=catalogue, theme=theme)
    brief = section_of(make_note(), "catalogue", catalogue=catalogue)
    assert brief.themes == (content.CatalogueTheme(name="Styring", practices=("A", "B")),)
    assert brief.intro == "<p>Der er foreslået 31 eksempler, undersøgt 28 og optaget 2.</p>"


def test_points_process_and_appendices(cast):
    note = make_written_note(cast=cast)
    note.follow_ups.create(
        committee=cast.finance, promise="Opgørelse", due=date(2014, 1, 1), due_precision=Precision.MONTH
    )
    note.follow_ups.create(committee=cast.finance, promise="Indfriet", closed_on=date(2013, 8, 1), kept_by=note)
    _, points, process, appendices = gather(note, on=TODAY).sections
    assert points == content.Recommendations(
        heading="Indstilling",
        opening="Økonomiforvaltningen indstiller over for Økonomiudvalget,",
        points=("at notatet tages til efterretning",),
    )
    assert process.promises == (content.Promise(what="Opgørelse", to="Økonomiudvalget", by="januar 2014"),)
    assert appendices.appendices == (content.AppendixLine(number=1, title="Katalog"),)


def test_empty_sections_are_left_out_and_named(cast):
    note = make_note()
    for order, kind in enumerate(Section.Kind.values):
        Section.objects.create(note=note, order=order, kind=kind, heading=kind)
    assert gather(note, on=TODAY).sections == ()
    assert [each.kind for each in empty_sections(note, on=TODAY)] == Section.Kind.values


# --- The head -----------------------------------------------------------------------------------------------------


def test_the_block_is_as_it_was_typed(cast):
    note = make_note(
        committee=cast.finance,
        address="Rådhuspladsen 1\r\n\r\n 1599 København V ",
        phone_label="mobile",
        phone="12 34 56 78",
        document_number="2010-161108",
    )
    sender = gather(note, on=TODAY).sender
    assert sender.address == ("Rådhuspladsen 1", "1599 København V")
    assert (sender.phone_label, sender.phone, sender.document_number) == ("Mobil", "12 34 56 78", "2010-161108")
    assert (sender.administration, sender.unit) == ("Økonomiforvaltningen", "Center for Sikker By")


def test_the_committee_has_the_name_of_the_notes_day(cast):
    CommitteeName.objects.create(
        committee=cast.social, name="Familie- og Arbejdsmarkedsudvalget", ends=date(2005, 12, 31)
    )
    assert gather(make_note(committee=cast.social, date=date(2005, 5, 1)), on=TODAY).addressee.startswith("Familie")
    assert gather(make_note(committee=cast.social, date=date(2010, 3, 5)), on=TODAY).addressee == "Socialudvalget"


def test_the_sender_has_the_name_of_the_notes_day_wherever_it_stands(cast):
    sender = make_administration(name="Kultur- og Fritidsforvaltningen")
    sender.names.create(name="Kulturforvaltningen", ends=date(2005, 12, 31))
    paper = gather(make_written_note(cast=cast, sender=sender, date=date(2005, 5, 1)), on=TODAY)
    assert paper.sender.administration == "Kulturforvaltningen"
    assert paper.sections[1].opening.startswith("Kulturforvaltningen indstiller")


def test_a_paper_survives_as_json(cast, baseline):
    close(cast, days=1)
    note = make_written_note(cast=cast, date=TODAY)
    Section.objects.create(note=note, order=9, kind="closures", heading="Lukkedage", first_year=2012, year=2025)
    paper = gather(note, on=TODAY)
    assert content.Paper.from_json(paper.to_json()) == paper


def test_administration_without_alias_names_the_sender(cast):
    sender = make_administration(name="Børne- og Ungdomsforvaltningen")
    sender.names.create(name="Børne- og Ungeforvaltningen", is_alias=True)
    assert gather(make_note(sender=sender), on=TODAY).sender.administration == "Børne- og Ungdomsforvaltningen"


# --- Promises already past ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("forelægges i februar 2013", ["februar 2013"]),
        ("forelægges i august 2013", []),
        ("forelægges i januar 2014", []),
        ("den 3. februar 2013 og 19. august 2013", ["3. februar 2013", "19. august 2013"]),
        ("den 20. august 2013", []),
        ("fra foråret 2013, igen efteråret 2013", ["foråret 2013"]),
        ("senest 01-06-2013 eller 1.6.2014", ["01-06-2013"]),
        ("den 31. februar 2013", []),
        ("Februar  2013", ["Februar  2013"]),
        ("sagsnr. 2013-0184482", []),
    ],
)
def test_dates_wholly_past_are_found(text, found):
    assert past_dates(text, date(2013, 8, 20)) == found
