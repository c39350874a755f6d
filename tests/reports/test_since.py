"""Beside an issued note: what its figures are today, and which closures moved them. Counted by hand."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from closures.models import AnnualReturn, Kind, ReportedTotal
from reports import since
from reports.models import IssuedDocument, Section
from tests.factories import make_closure, make_reviewed_closure
from tests.reports.factories import make_issued_note, make_written_note
from tests.reports.test_appendices import issue, text


@pytest.fixture
def note(cast):
    """Issued when 2026 had one closed day of disruption, at one institution."""
    make_reviewed_closure(institution=cast.school, by=cast.office)
    draft = make_written_note(cast=cast, date=date(2026, 11, 1))
    Section.objects.create(note=draft, order=8, kind=Section.Kind.CLOSURES, heading="Lukkedage", year=2026)
    issue(draft, cast)
    return draft


def figures_of(note) -> dict[str, tuple[str, str]]:
    document = IssuedDocument.objects.get(note=note)
    return {each.label: (each.before, each.now) for year in since.since(document) for each in year.figures}


def test_nothing_has_changed_right_after(note):
    figures = figures_of(note)
    assert figures["ikke-planlagte lukkedage i alt i 2026"] == ("1,0", "1,0")
    assert all(before == now for before, now in figures.values())
    assert [(year.has_changed, year.moved) for year in since.since(note.document)] == [(False, [])]


def test_what_changed_from_what_to_what_and_by_which_closures(client, cast, note):
    before = IssuedDocument.objects.defer(None).values().get()
    late = make_reviewed_closure(
        institution=cast.library, by=cast.office, first_day=date(2026, 5, 5), kind=Kind.PEDAGOGICAL
    )
    waiting = make_closure(institution=cast.school, by=cast.leader, first_day=date(2026, 6, 2))
    other_year = make_reviewed_closure(institution=cast.school, by=cast.office, first_day=date(2025, 6, 3))
    assert figures_of(note) == {
        "ikke-planlagte lukkedage i alt i 2026": ("1,0", "2,0"),
        "driftsforstyrrelser i 2026": ("1,0", "1,0"),
        "lukkedage med et pædagogisk formål i 2026": ("0,0", "1,0"),
        "institutioner og tjenester med lukninger i 2026": ("1", "2"),
    }
    (year,) = since.since(note.document)
    moved = [each.closure for each in year.moved]
    assert late in moved
    assert other_year not in moved
    assert {step.act for each in year.moved if each.closure == late for step in each.steps} >= {"reviewed"}

    client.force_login(cast.office)
    page = text(client.get(f"/notater/{note.pk}/"))
    assert f'<a href="/lukninger/{late.pk}/">' in page
    assert f'<a href="/lukninger/{other_year.pk}/">' not in page
    total = next(figure for figure in year.figures if figure.label.startswith("ikke-planlagte"))
    assert total.rows_url.replace("&", "&amp;") in page
    behind = text(client.get(total.rows_url))  # what the note would count today, and not what waits for review
    assert late.number in behind
    assert waiting.number not in behind
    assert "opgjort pr." in page
    assert waiting.status == "awaiting_review"
    assert IssuedDocument.objects.defer(None).values().get() == before


def test_a_closure_that_is_taken_out_is_said(cast, note):
    closure = make_reviewed_closure(institution=cast.library, by=cast.office, first_day=date(2026, 5, 5))
    closure.exclude("planned", by=cast.office)
    (first,) = cast.school.closures.all()
    first.exclude("planned", by=cast.office)
    (year,) = since.since(note.document)
    (figure,) = [each for each in year.figures if each.label.startswith("ikke-planlagte")]
    assert (figure.before, figure.now) == ("1,0", since.NONE_NOW)
    assert {each.closure for each in year.moved} == {first, closure}


def test_members_are_told_that_figures_are_of_the_day_and_see_no_closures(client, cast, note):
    late = make_reviewed_closure(institution=cast.library, by=cast.office, first_day=date(2026, 5, 5))
    client.force_login(cast.member)
    page = text(client.get(f"/notater/{note.pk}/"))
    assert "Tallene i notatet er, som de var" in page
    assert str(late.number) not in page
    assert "/lukninger/" not in page
    assert "I dag" not in page


def test_a_note_without_figures_says_nothing_of_them(client, cast):
    note = make_issued_note(cast=cast)
    for user in (cast.member, cast.office):
        client.force_login(user)
        assert "Tallene i notatet" not in text(client.get(f"/notater/{note.pk}/"))
    assert since.since(note.document) == []


def test_figures_in_running_text_are_followed_too(cast):
    ReportedTotal.objects.create(year=2012, kind=Kind.UNDISTINGUISHED, half_days=1325, units=13, source="Statusnotat")
    draft = make_written_note(cast=cast, text="<p>Der var {lukkedage 2012} lukkedage.</p>", date=date(2026, 11, 1))
    issue(draft, cast)
    assert figures_of(draft) == {"ikke-planlagte lukkedage i alt i 2012": ("662,5", "662,5")}
    ReportedTotal.objects.update(half_days=1327)
    assert figures_of(draft) == {"ikke-planlagte lukkedage i alt i 2012": ("662,5", "663,5")}
    (year,) = since.since(draft.document)
    assert year.moved == []


def test_a_figure_in_the_text_leads_to_what_it_counts(cast):
    make_reviewed_closure(institution=cast.school, by=cast.office)
    AnnualReturn.objects.create(
        institution=cast.school, year=2026, answer="all", answered_by=cast.leader, answered_at=timezone.now()
    )
    words = "<p>{driftsforstyrrelser 2026} og {har svaret 2026}</p>"
    draft = make_written_note(cast=cast, text=words, date=date(2026, 11, 1))
    issue(draft, cast)
    (year,) = since.since(IssuedDocument.objects.get(note=draft))
    assert {figure.rows_url for figure in year.figures} == {
        "/lukninger/?aar=2026&status=reviewed&art=disruption",
        "/lukninger/opgoerelse/2026/indberetning/",
    }


def test_it_asks_the_same_however_many_closures(cast, note):
    counts = []
    for day in (5, 6, 7):
        make_reviewed_closure(institution=cast.library, by=cast.office, first_day=date(2026, 5, day))
        document = IssuedDocument.objects.get()
        with CaptureQueriesContext(connection) as queries:
            since.since(document)
        counts.append(len(queries))
    assert len(set(counts)) == 1
