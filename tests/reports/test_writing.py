"""Writing a note: what its sections can say, figures in running text, and that nothing typed is lost."""

import re
import socket
import uuid
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from closures.models import Closure, Kind, ReportedTotal
from initiatives.models import PrincipleEntry, Target
from reports import content
from reports.doubts import doubts
from reports.gathering import gather
from reports.models import Decision, FollowUp, Note, Section
from reports.paper import to_html, to_pdf
from reports.versions import difference, versions_of
from tests.factories import make_initiative, make_note, make_principle
from tests.reports.factories import ISSUED_AT, make_issued_note, make_written_note
from tests.reports.test_gathering import close
from tests.reports.verapdf import faults

TODAY = date(2026, 11, 22)


def text(answer) -> str:
    """The page as one line."""
    return " ".join(answer.content.decode().split())


def gathered(section) -> content.Section:
    """The one section of its note that is on the paper, having been through JSON."""
    paper = content.Paper.from_json(gather(section.note, on=TODAY).to_json())
    (found,) = paper.sections
    return found


def add(note: Note, kind: str, *, chosen=(), **fields) -> Section:
    section = note.add_section(Section(kind=kind, **{"heading": "Overskrift", **fields}))
    section.initiatives.set(chosen)
    return section


def send(client, section: Section, part: str = "", **fields):
    """What the section's form sends when it is saved as it stands, but for these fields."""
    section.refresh_from_db()
    data = {"heading": section.heading, "html": section.html, "version": section.version, **fields}
    return client.post(f"{section.get_absolute_url()}{part}", data)


@pytest.fixture
def baseline(db):
    return ReportedTotal.objects.create(
        year=2012, kind=Kind.UNDISTINGUISHED, half_days=1325, units=13, source="Statusnotat af 20-08-2013"
    )


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    return client


# --- Targets ------------------------------------------------------------------------------------------------------


def make_target(**fields) -> Target:
    return Target.objects.create(
        **{
            "text": "Flere unge i job",
            "measure": "unge, der får et fritidsjob",
            "unit": "unge",
            "direction": Target.Direction.UP,
            **fields,
        }
    )


def test_targets_come_with_baseline_goal_and_what_was_measured(cast):
    initiative = make_initiative(name="Fritidsjob")
    target = make_target(initiative=initiative, baseline=612, baseline_year=2022, goal="850.5", goal_year=2025)
    for year, value in ((2024, 751), (2023, 688), (2027, 900)):
        target.measurements.create(
            first_day=date(year, 1, 1), last_day=date(year, 12, 31), value=value, entered_by=cast.office
        )
    make_target(initiative=make_initiative())
    section = add(make_note(date=TODAY), "targets", chosen=[initiative])
    (found,) = gathered(section).targets
    assert found == content.Target(
        text="Flere unge i job",
        owner="Fritidsjob",
        measure="unge, der får et fritidsjob",
        unit="unge",
        baseline="612 i 2022",
        goal="850,5 i 2025",
        measurements=(  # what is measured after the note's date is not on it
            content.Measured(period="2023", value="688"),
            content.Measured(period="2024", value="751"),
        ),
    )


def test_targets_measured_by_closures_are_counted(cast, baseline):
    close(cast, days=3)
    close(cast, days=2, kind=Kind.PEDAGOGICAL)
    close(cast, days=5, review=False)
    principle = make_principle()
    make_target(principle=principle, source=Target.Source.CLOSURES, goal=0)
    found = gathered(add(make_note(date=TODAY), "targets", principle=principle))
    (target,) = found.targets
    assert (target.baseline, target.goal) == ("662,5 i 2012", "0")
    assert target.measurements == (
        content.Measured(period="2025", value="5,0", note="heraf 3,0 driftsforstyrrelser, året er ikke afsluttet"),
    )
    assert "er ikke opdelt" in found.explanation[0]


def test_a_note_of_2013_has_the_targets_baseline_and_no_trend(cast, baseline):
    close(cast, days=3, start=date(2013, 3, 4))
    principle = make_principle()
    make_target(principle=principle, source=Target.Source.CLOSURES)
    found = gathered(add(make_note(date=date(2013, 8, 20)), "targets", principle=principle))
    assert (found.targets[0].measurements, found.explanation) == ((), ())


def test_section_of_targets_needs_a_principle_or_an_initiative(office, cast):
    section = add(make_written_note(cast=cast), "targets")
    answer = send(office, section)
    assert answer.status_code == 422
    assert "Vælg et princip eller mindst én indsats, som har et effektmål." in text(answer)


# --- Earlier decisions --------------------------------------------------------------------------------------------


def decide(note: Note, *, by, **fields) -> Decision:
    return Decision.objects.record(
        Decision(
            **{
                "note": note,
                "committee": note.committee,
                "meeting_date": date(2013, 9, 3),
                "item_number": "7",
                "outcome": Decision.Outcome.NOTED,
                "remark": "Udvalget bad om <tal>.",
                **fields,
            }
        ),
        by=by,
    )


def test_recorded_decision_is_quoted_with_body_date_and_item(cast):
    decision = decide(make_issued_note(cast=cast), by=cast.office, first_point=1, last_point=1)
    found = gathered(add(make_note(date=TODAY), "quote", heading="", decision=decision))
    assert found == content.Quote(
        html="<p>1. at-punkt blev taget til efterretning.</p><p>Udvalget bad om &lt;tal&gt;.</p>",
        source="Økonomiudvalget, mødet den 3. september 2013, punkt 7",
    )


def test_decision_from_elsewhere_is_typed(office, cast):
    section = add(make_written_note(cast=cast), "quote", heading="")
    answer = send(
        office, section, html="Aktiviteter skal have et effektmål.", quoted_body="Borgerrepræsentationen",
        quoted_on="10-02-2011",
    )  # fmt: skip
    assert answer.status_code == 302
    section.refresh_from_db()
    quote = next(each for each in gather(section.note, on=TODAY).sections if each.kind == "quote")
    assert quote.source == "Borgerrepræsentationen, mødet den 10. februar 2011"
    assert quote.html == "<p>Aktiviteter skal have et effektmål.</p>"


def test_quotation_is_not_brought_up_to_date(office, cast, baseline):
    section = add(make_written_note(cast=cast), "quote")
    typed = {"quoted_body": "BR", "quoted_on": "10-02-2011", "html": "<p>Der var {lukkedage 2012} dage, 662,5.</p>"}
    assert "Indsæt tal" not in text(office.get(section.get_absolute_url()))
    assert send(office, section, **typed).status_code == 302
    quote = next(each for each in gather(section.note, on=TODAY).sections if each.kind == "quote")
    assert quote.html == typed["html"]
    assert "662,5" not in said_of(section.note)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Skriv, hvem der traf beslutningen, eller vælg en beslutning på listen."),
        ({"quoted_body": "BR"}, "Skriv, hvilken dag beslutningen blev truffet."),
        ({"quoted_body": "BR", "quoted_on": "10-02-2011"}, "Skriv, hvad der blev besluttet."),
        ({"quoted_body": "BR", "quoted_on": "31-02-2011", "html": "x"}, "er ikke en dato, der findes"),
    ],
)
def test_half_a_quotation_is_refused(office, cast, typed, error):
    answer = send(office, add(make_written_note(cast=cast), "quote"), **typed)
    assert answer.status_code == 422
    assert error in text(answer)


def test_decision_on_a_closed_note_is_not_offered_to_an_open_one(office, cast):
    closed = {"confidentiality": "closed", "closed_because": "Personsag"}
    secret = decide(make_issued_note(cast=cast, title="Hemmeligt notat", **closed), by=cast.office)
    opened = add(make_written_note(cast=cast), "quote")
    shut = add(make_written_note(cast=cast, **closed), "quote")
    assert "Hemmeligt notat" not in text(office.get(opened.get_absolute_url()))
    assert "Hemmeligt notat" in text(office.get(shut.get_absolute_url()))
    assert send(office, opened, decision=secret.pk).status_code == 422
    assert send(office, shut, decision=secret.pk).status_code == 302


# --- Economy, and entries as text ---------------------------------------------------------------------------------


def test_economy_is_stated_also_when_there_is_none(office, cast):
    section = add(make_written_note(cast=cast), "economy", heading="Økonomi")
    assert "Vælg, hvad der skal stå om økonomien." in text(send(office, section))
    assert "Skriv, hvad de økonomiske konsekvenser er" in text(send(office, section, economy="some"))
    assert send(office, section, economy="none").status_code == 302
    (found,) = [each for each in gather(section.note, on=TODAY).sections if each.kind == "economy"]
    assert found == content.Economy(statement="Der er ingen økonomiske konsekvenser.")


def test_recommendation_paper_asks_for_the_economy(cast):
    note = make_note(template="recommendation")
    begun = Note.objects.begin(
        Note(committee=note.committee, title="Indstilling", date=TODAY, sender=note.sender, template="recommendation"),
        by=cast.office,
    )
    assert begun.sections.get(heading="Økonomi").kind == "economy"


def test_entries_are_printed_as_text_when_one_wants(cast):
    principle = make_principle()
    entry = PrincipleEntry.objects.create(
        principle=principle, initiative=make_initiative(name="Natteværterne"), order=1, text="De går ture om natten."
    )
    section = add(make_note(date=TODAY), "principle", principle=principle, as_text=True)
    html = to_html(gather(section.note, on=TODAY))
    assert "<table" not in html
    assert f"<strong>{entry.initiative}</strong> (hvem er ikke oplyst). De går ture om natten." in " ".join(
        html.split()
    )
    Section.objects.update(as_text=False)
    assert "<table" in to_html(gather(section.note, on=TODAY))


def test_what_was_issued_before_these_kinds_still_builds(cast):
    stored = {"kind": "initiatives", "heading": "Indsatser", "intro": "", "groups": [], "counted_on": "2026-11-01"}
    paper = gather(make_note(), on=TODAY).to_json() | {"sections": [stored]}
    del paper["figures"]
    assert content.Paper.from_json(paper).sections[0].as_text is False


def test_headings_step_down_one_at_a_time_whatever_has_none(cast, baseline):
    note = make_note(date=TODAY)
    add(note, "text", heading="", html="<h3>Først</h3><p>En tekst uden overskrift.</p>")
    add(note, "closures", heading="", first_year=2012, year=2012)
    paper = gather(note, on=TODAY)
    assert [each.heading for each in paper.sections] == ["", "Ikke-planlagte lukkedage"]
    assert faults(to_pdf(paper, to_html(paper), created=ISSUED_AT), "ua1") == set()


@pytest.mark.parametrize(("kind", "status"), [("text", 302), ("quote", 302), ("closures", 422), ("targets", 422)])
def test_only_texts_and_quotations_begin_without_a_heading(office, cast, kind, status):
    note = make_written_note(cast=cast)
    data = {"kind": kind, "heading": "", "key": str(uuid.uuid4())}
    assert office.post(f"/notater/{note.pk}/afsnit/ny/", data).status_code == status


def test_paper_with_every_new_kind_is_accessible(cast, baseline):
    close(cast, days=3)
    principle = make_principle(title="Stabil drift")
    make_target(principle=principle, source=Target.Source.CLOSURES)
    initiative = make_initiative(name="Fritidsjob", summary="Unge i job.")
    make_target(initiative=initiative)
    note = make_note(date=TODAY)
    decision = decide(make_issued_note(cast=cast), by=cast.office)
    add(note, "targets", principle=principle, chosen=[initiative])
    add(note, "quote", decision=decision)
    add(note, "economy", economy="some", html="<p>Det koster {lukkedage 2012} gange noget.</p>")
    add(note, "initiatives", chosen=[initiative], as_text=True)
    paper = gather(note, on=TODAY)
    assert len(paper.sections) == 4
    pdf = to_pdf(paper, to_html(paper), created=ISSUED_AT)
    assert (faults(pdf, "ua1"), faults(pdf, "3a")) == (set(), set())


# --- Figures in running text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("<p>I 2012 var der {lukkedage 2012} dage.</p>", "<p>I 2012 var der 662,5 dage.</p>"),
        ("<p>{Lukkedage&nbsp; 2012}</p>", "<p>662,5</p>"),
        ("<p>{udgangspunkt} på {institutioner 2012}</p>", "<p>662,5 på 13</p>"),
        ("<p>{lukkedage 2025}: {driftsforstyrrelser 2025}, {pædagogiske lukkedage 2025}</p>", "<p>5,0: 3,0, 2,0</p>"),
        ("<p>{noget andet}</p>", "<p>{noget andet}</p>"),
    ],
)  # fmt: skip
def test_figures_in_text_are_those_of_the_register(cast, baseline, typed, printed):
    close(cast, days=3)
    close(cast, days=2, kind=Kind.PEDAGOGICAL)
    close(cast, days=4, review=False)
    section = add(make_note(date=TODAY), "text", html=typed)
    assert gathered(section).html == printed


def test_a_draft_follows_the_register_and_an_issued_note_does_not(cast):
    note = make_written_note(cast=cast, text="<p>Der var {lukkedage 2025} dage.</p>", date=TODAY)
    close(cast, days=3)
    assert "3,0 dage" in gather(note, on=TODAY).sections[0].html
    close(cast, days=2)
    assert "5,0 dage" in gather(note, on=TODAY).sections[0].html
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.issue(by=cast.office, at=ISSUED_AT)
    close(cast, days=1)
    issued = content.Paper.from_json(note.document.content)
    assert "5,0 dage" in issued.sections[0].html
    assert issued.figures == (
        content.Figure(name="lukkedage", year=2025, value="5,0", counted_on=date(2013, 8, 20)),
    )  # fmt: skip


def test_figures_in_points_are_references_too(cast, baseline):
    note = make_written_note(cast=cast)
    note.set_points(["at de {lukkedage 2012} lukkedage tages til efterretning"])
    points = next(each for each in gather(note, on=TODAY).sections if each.kind == "recommendations").points
    assert points == ("at de 662,5 lukkedage tages til efterretning",)


@pytest.mark.parametrize(
    "token", ["{lukedage 2012}", "{lukkedage}", "{lukkedage 2025}", "{lukkedage 1999}", "{lukkedage ٢٠١٢}", "{}",
              "{har svaret 2012}", "{lukke<strong>dage</strong> 2012}"],
)  # fmt: skip
def test_what_is_no_figure_is_refused_with_what_can_be_written(office, cast, baseline, token):
    section = make_written_note(cast=cast, date=date(2024, 5, 1)).sections.first()
    before = section.html
    answer = send(office, section, html=f"<p>Et tal: {token}</p>")
    assert answer.status_code == 422
    assert f"{token.replace('<strong>', '').replace('</strong>', '')} er ikke et tal, der kan slås op." in text(answer)
    assert "Skriv for eksempel {lukkedage 2012}" in text(answer)
    section.refresh_from_db()
    assert section.html == before


def test_figures_are_offered_with_what_they_are_today(office, cast, baseline):
    close(cast, days=3)
    section = make_written_note(cast=cast, date=TODAY).sections.first()
    page = text(office.get(section.get_absolute_url()))
    assert '<option value="{lukkedage 2025}">ikke-planlagte lukkedage i alt i 2025: 3,0</option>' in page
    assert "<code>{udgangspunkt}</code> udgangspunktet, ikke-planlagte lukkedage i 2012: 662,5" in page
    assert "{driftsforstyrrelser 2012}" not in page  # 2012 is not divided
    assert "{lukkedage 2019}" not in page  # nobody counted


def test_a_note_of_2013_is_offered_2012_alone(office, cast, baseline):
    close(cast, days=3, start=date(2013, 3, 4))
    section = make_written_note(cast=cast).sections.first()
    assert "{lukkedage 2013}" not in text(office.get(section.get_absolute_url()))
    assert send(office, section, html="<p>{lukkedage 2013}</p>").status_code == 422


def test_a_note_from_before_the_count_is_offered_none(office, cast, baseline):
    section = make_written_note(cast=cast, date=date(2010, 3, 5)).sections.first()
    assert "Indsæt tal" not in text(office.get(section.get_absolute_url()))
    assert send(office, section, html="<p>{udgangspunkt}</p>").status_code == 422


def test_years_are_counted_together_and_not_one_by_one(cast, baseline):
    note = make_written_note(cast=cast, date=TODAY)
    add(note, "closures", first_year=2012, year=2013)
    with CaptureQueriesContext(connection) as few:
        doubts(note, on=TODAY)
    note.sections.filter(kind="closures").update(year=2026)
    with CaptureQueriesContext(connection) as many:
        doubts(note, on=TODAY)
    assert len(many) <= len(few)


# --- Saved as one writes ------------------------------------------------------------------------------------------

HTMX = {"HX-Request": "true"}


def autosave(client, section, **fields):
    data = {"heading": section.heading, "html": section.html, "version": section.version, **fields}
    return client.post(f"{section.get_absolute_url()}gem/", data, headers=HTMX)


def test_text_is_saved_as_one_writes(office, cast):
    section = make_written_note(cast=cast).sections.first()
    answer = autosave(office, section, html="<p>Nyt.</p>")
    section.refresh_from_db()
    assert section.html == "<p>Nyt.</p>"
    assert f'data-version="{section.version}"' in text(answer)
    assert "Gemt " in text(answer)
    again = autosave(office, section, html="<p>Nyere.</p>")  # with the version that the answer gave
    assert again.status_code == 200


def test_two_writers_see_both_texts_and_nothing_is_overwritten(office, cast):
    section = make_written_note(cast=cast).sections.first()
    mine = Section.objects.get(pk=section.pk)
    autosave(office, section, html="<p>Deres.</p>")
    answer = autosave(office, mine, html="<p>Min.</p>")
    assert answer.status_code == 422
    page = text(answer)
    assert "Deres." in page
    assert "Min." in page
    assert "data-focus" not in page  # it would take the cursor from the one who writes
    section.refresh_from_db()
    assert section.html == "<p>Deres.</p>"
    assert f'data-mine="{section.version}"' in page


def test_what_is_saved_already_clashes_with_nothing(office, cast):
    section = make_written_note(cast=cast).sections.first()
    stale = Section.objects.get(pk=section.pk)
    section.move(up=False)
    assert autosave(office, stale).status_code == 200


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("<p>Om borger 010203-1234</p>", "ser ud til at indeholde et CPR-nummer"),
        ("<p>{lukkedage 1066}</p>", "{lukkedage 1066} er ikke et tal"),
        ("<p>" + "uro " * 240_000 + "</p>", "Del teksten i flere afsnit."),
    ],
    ids=["a CPR number", "no figure", "960,000 characters"],
)
def test_what_cannot_be_saved_is_said_and_what_was_saved_stays(office, cast, html, error):
    section = make_written_note(cast=cast).sections.first()
    answer = autosave(office, section, html=html)
    assert answer.status_code == 422
    assert error in text(answer)
    before = section.html
    section.refresh_from_db()
    assert section.html == before
    whole = send(office, section, html=html)  # by the button, without JavaScript
    assert whole.status_code == 422
    assert error in text(whole)
    assert html in unescape(whole.content.decode())


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "<em>" * 3_000 + "uro" + "</em>" * 3_000 + "</p>",
        "<blockquote>" * 800 + "<p>uro</p>" + "</blockquote>" * 800,
    ],
)
def test_deeply_nested_tags_do_not_take_the_server_down(office, cast, html):
    section = make_written_note(cast=cast).sections.first()
    answer = autosave(office, section, html=html)
    assert answer.status_code in (200, 422)
    page = office.get(f"/notater/{section.note_id}/udkast.pdf/")
    assert page.status_code in (200, 409)
    assert office.get(section.note.get_absolute_url()).status_code == 200


def test_nothing_is_fetched_for_what_is_pasted(office, cast):
    section = make_written_note(cast=cast).sections.first()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        autosave(
            office,
            section,
            html=f'<p>uro<img src="http://127.0.0.1:{port}/"></p><link rel=attachment href="file:///etc/passwd">'
            f'<p style="background: url(http://127.0.0.1:{port}/)">x</p>',
        )
        pdf = office.get(f"/notater/{section.note_id}/udkast.pdf/")
        with pytest.raises(TimeoutError):
            server.accept()
    assert pdf.content.startswith(b"%PDF-")
    section.refresh_from_db()
    assert section.html == "<p>uro</p><p>x</p>"


def test_a_note_that_was_sent_on_meanwhile_takes_no_more_text(office, cast):
    section = make_written_note(cast=cast).sections.first()
    section.note.submit(by=cast.office)
    answer = autosave(office, section, html="<p>For sent.</p>")
    assert answer.status_code == 409
    assert "sendt til godkendelse" in text(answer)


def test_session_that_ended_asks_for_log_in_and_keeps_the_page(client, cast):
    section = make_written_note(cast=cast).sections.first()
    assert autosave(client, section, html="<p>Min.</p>").status_code == 401


# --- A copy of the last one ---------------------------------------------------------------------------------------


def begin_with_the_last(client, cast, **fields):
    return client.post(
        "/notater/ny/",
        {
            **{"key": str(uuid.uuid4()), "start": "last", "template": "orientation", "committee": cast.finance.pk},
            **{"title": "Næste notat", "date": "22-11-2026", "confidentiality": "open", "phone_label": "phone"},
            **{"sender": cast.kff.pk, "unit": "Center for Sikker By", **fields},
        },
    )


@pytest.fixture
def last_year(cast, baseline) -> Note:
    """Issued in 2025 with the figures of 2024: 3 days, which are 4 now. In 2025 there were 5."""
    close(cast, days=3, start=date(2024, 3, 4))
    note = make_written_note(
        cast=cast,
        date=date(2025, 11, 22),
        template="status",
        text="<p>I 2024 var der {lukkedage 2024} dage mod {lukkedage 2012} i 2012.</p>",
    )
    add(note, "closures", heading="Lukkedage", first_year=2012, year=2024)
    note.set_points(["at de {lukkedage 2024} dage drøftes"])
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.issue(by=cast.office)
    close(cast, days=1, start=date(2024, 3, 11))
    close(cast, days=5, start=date(2025, 3, 3))
    return note


def test_new_note_begins_as_a_copy_of_the_last_with_its_years_moved_on(office, cast, last_year):
    assert begin_with_the_last(office, cast).status_code == 302
    note = Note.objects.latest("pk")
    assert (note.copied_from, note.template, note.status, note.document_number) == (last_year, "status", "draft", "")
    assert [each.kind for each in note.sections.all()] == [each.kind for each in last_year.sections.all()]
    assert note.sections.first().html == "<p>I 2024 var der {lukkedage 2025} dage mod {lukkedage 2012} i 2012.</p>"
    closures = note.sections.get(kind="closures")
    assert (closures.first_year, closures.year) == (2012, 2025)
    assert [each.text for each in note.recommendations.all()] == ["at de {lukkedage 2025} dage drøftes"]
    assert [(each.title, each.file) for each in note.appendices.all()] == [
        (each.title, each.file) for each in last_year.appendices.all()
    ]
    assert last_year.sections.get(kind="closures").year == 2024


def test_draft_says_what_is_otherwise_than_last_time(office, cast, last_year):
    page = text(office.get(begin_with_the_last(office, cast).url))
    assert "Det er ændret i forhold til sidst" in page
    assert "Viser nu 2025 som det seneste år. Sidst var det 2024." in page
    assert "2024: 3,0 ikke-planlagte lukkedage er nu 4,0." in page
    assert "2025 er kommet til: 5,0 ikke-planlagte lukkedage i alt." in page
    assert (
        "Ikke-planlagte lukkedage i alt i 2024 (3,0) er blevet til ikke-planlagte lukkedage i alt i 2025 (5,0)." in page
    )
    assert "2012: 662,5 ikke-planlagte" not in page  # as it was


def test_a_year_without_figures_is_not_moved_to(office, cast, last_year):
    Closure.objects.filter(first_day__year=2025).delete()
    begin_with_the_last(office, cast)
    note = Note.objects.latest("pk")
    assert note.sections.get(kind="closures").year == 2024
    assert "{lukkedage 2024}" in note.sections.first().html


def test_nothing_to_copy_is_said(office, cast, last_year):
    answer = begin_with_the_last(office, cast, committee=cast.social.pk)
    assert answer.status_code == 422
    assert "Der er ikke udsendt noget åbent notat til Socialudvalget, som kan kopieres." in text(answer)


def test_closed_note_is_not_copied_into_an_open_one(office, cast):
    make_issued_note(cast=cast, confidentiality="closed", closed_because="Personsag", text="<p>Hemmeligt.</p>")
    assert begin_with_the_last(office, cast).status_code == 422
    closed = {"confidentiality": "closed", "closed_because": "Personsag"}
    assert begin_with_the_last(office, cast, **closed).status_code == 302
    assert Note.objects.latest("pk").sections.first().html == "<p>Hemmeligt.</p>"


# --- Order --------------------------------------------------------------------------------------------------------


def keys(note: Note) -> list[int]:
    return [each.pk for each in note.sections.all()]


def put_in_order(client, note, wanted, shown):
    data = {"order": ",".join(map(str, wanted)), "shown": ",".join(map(str, shown))}
    return client.post(f"/notater/{note.pk}/afsnit/raekkefoelge/", data)


def test_sections_are_put_in_the_order_they_were_dragged_into(office, cast):
    note = make_written_note(cast=cast)
    shown = keys(note)
    wanted = [shown[2], shown[0], shown[1], shown[3]]
    assert put_in_order(office, note, wanted, shown).status_code == 302
    assert keys(note) == wanted
    page = text(office.get(note.get_absolute_url()))
    assert [int(key) for key in re.findall(r'data-section="(\d+)"', page)] == wanted
    assert f'name="shown" value="{",".join(map(str, wanted))}"' in page


def test_order_is_refused_when_the_sections_changed_meanwhile(office, cast):
    note = make_written_note(cast=cast)
    shown = keys(note)
    note.sections.first().move(up=False)
    moved = keys(note)
    answer = put_in_order(office, note, shown[::-1], shown)
    assert answer.status_code == 409
    assert "Afsnittene er ændret imens." in text(answer)
    add(note, "text")
    assert put_in_order(office, note, moved[::-1], moved).status_code == 409
    assert keys(note)[:3] == moved[:3]


@pytest.mark.parametrize("order", ["", "1,2", "x", "9" * 30, "1,,2"])
def test_order_that_makes_no_sense_changes_nothing(office, cast, order):
    note = make_written_note(cast=cast)
    shown = keys(note)
    answer = office.post(
        f"/notater/{note.pk}/afsnit/raekkefoelge/", {"order": order, "shown": ",".join(map(str, shown))}
    )
    assert answer.status_code in (302, 409)
    assert keys(note) == shown


# --- Versions -----------------------------------------------------------------------------------------------------


def test_versions_tell_who_wrote_what_and_are_brought_back(client, cast):
    section = make_written_note(cast=cast, text="").sections.first()
    for user, html in (
        (cast.office, "<p>Der var uro på skolen.</p>"),
        (cast.colleague, "<p>Der var ro på skolen.</p>"),
    ):
        client.force_login(user)
        send(client, section, html=html)
    page = text(client.get(f"{section.get_absolute_url()}versioner/"))
    assert re.search(r"<ins>.*?ro.*?</ins>", page)
    assert re.search(r"<del>.*?uro.*?</del>", page)
    assert page.index(cast.colleague.name) < page.index(cast.office.name, page.index("Alle versioner"))
    older = versions_of(section)[1]
    assert (older.by, older.text) == (cast.office.name, "Der var uro på skolen.")
    assert "Hent denne version" in text(client.get(f"{section.get_absolute_url()}versioner/?udgave={older.pk}"))
    client.post(f"{section.get_absolute_url()}versioner/{older.pk}/")
    section.refresh_from_db()
    assert section.html == "<p>Der var uro på skolen.</p>"
    assert [each.text for each in versions_of(section)][:2] == ["Der var uro på skolen.", "Der var ro på skolen."]


def test_what_one_saves_while_writing_is_one_version(office, cast):
    section = make_written_note(cast=cast, text="").sections.first()
    for html in ("<p>U</p>", "<p>Ur</p>", "<p>Uro</p>"):
        autosave(office, section, html=html)
        section.refresh_from_db()
    section.move(up=False)  # is no version
    assert [each.text for each in versions_of(section)] == ["Uro", ""]


def test_a_version_of_another_section_is_not_brought_back(office, cast):
    first, second = make_written_note(cast=cast).sections.all()[:2]
    foreign = versions_of(first)[0]
    assert office.post(f"{second.get_absolute_url()}versioner/{foreign.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("a b c", "a c", [("same", "a"), ("removed", "b"), ("same", "c")]),
        ("a", "a b\nc", [("same", "a"), ("added", "b \n c")]),
        ("", "<b>", [("added", "<b>")]),
        ("x", "x", [("same", "x")]),
        ("uro", "ro", [("removed", "uro"), ("added", "ro")]),
    ],
)
def test_difference_is_told_word_by_word(old, new, pieces):
    assert [(each.kind, each.words) for each in difference(old, new)] == pieces


def test_a_section_that_was_removed_is_put_back(office, cast):
    note = make_written_note(cast=cast)
    section = add(note, "closures", heading="Lukkedage", year=2012, html="<p>Se her.</p>")
    office.post(f"{section.get_absolute_url()}fjern/")
    page = text(office.get(f"/notater/{note.pk}/fjernede-afsnit/"))
    assert "Lukkedage" in page
    assert "Se her." in page
    row = re.search(r"fjernede-afsnit/(\d+)/", page)[1]
    office.post(f"/notater/{note.pk}/fjernede-afsnit/{row}/")
    back = note.sections.get(heading="Lukkedage")
    assert (back.kind, back.year, back.html) == ("closures", 2012, "<p>Se her.</p>")
    assert note.sections.last().kind == "appendices"
    assert "Der er ikke fjernet nogen afsnit" in text(office.get(f"/notater/{note.pk}/fjernede-afsnit/"))


# --- Comments -----------------------------------------------------------------------------------------------------


def comment(client, note, said="Passer tallet?", **fields):
    return client.post(f"/notater/{note.pk}/kommentarer/", {"text": said, "key": str(uuid.uuid4()), **fields})


def test_approver_comments_and_the_writer_resolves(client, cast):
    note = make_written_note(cast=cast)
    section = note.sections.first()
    note.submit(by=cast.office)
    client.force_login(cast.approver)
    assert comment(client, note, section=section.pk).status_code == 302
    note.send_back(by=cast.approver, comment="Se kommentaren.")
    client.force_login(cast.office)
    page = text(client.get(note.get_absolute_url()))
    assert "1 åben kommentar" in page
    assert "En kommentar til »Indledning« er ikke afsluttet: »Passer tallet?«" in unescape(page)
    assert "Passer tallet?" in text(client.get(section.get_absolute_url()))
    client.post(f"/notater/{note.pk}/kommentarer/{note.comments.get().pk}/afslut/")
    assert note.comments.get().resolved_by == cast.office
    assert "åben kommentar" not in text(client.get(note.get_absolute_url()))


def test_comments_are_never_a_members(client, cast):
    note = make_issued_note(cast=cast)
    note.comments.create(text="Internt ord", by=cast.approver)
    client.force_login(cast.member)
    assert "Internt ord" not in text(client.get(note.get_absolute_url()))
    assert client.get(f"/notater/{note.pk}/kommentarer/").status_code == 403
    assert b"Internt ord" not in bytes(note.document.html)


def test_comment_on_a_section_of_another_note_or_with_a_cpr_number_is_refused(office, cast):
    note, other = make_written_note(cast=cast), make_written_note(cast=cast)
    assert comment(office, note, section=other.sections.first().pk).status_code == 422
    assert comment(office, note, said="Om 010203-1234").status_code == 422
    assert not note.comments.exists()


def test_an_issued_note_takes_no_comments(office, cast):
    note = make_issued_note(cast=cast)
    assert comment(office, note).status_code == 409


def test_comments_are_read_at_once_however_many(office, cast):
    note = make_written_note(cast=cast)
    counts = []
    for section in note.sections.all()[:3]:
        note.comments.create(section=section, text="Passer det?", by=cast.approver)
        with CaptureQueriesContext(connection) as queries:
            office.get(f"/notater/{note.pk}/kommentarer/")
        counts.append(len(queries))
    assert counts == [COMMENT_QUERIES] * 3


COMMENT_QUERIES = 17


# --- What looks wrong ---------------------------------------------------------------------------------------------


def said_of(note: Note) -> str:
    return " ".join(doubts(note, on=TODAY))


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>Se bilag 3.</p>", "Teksten henviser til bilag 3, men notatet har 1 bilag."),
        ("<h3>Uden noget</h3>", "Under »Indledning« står mellemoverskriften »Uden noget« uden tekst."),
        ("<p>Der var 662,5 dage.</p>", "Under »Indledning« står 662,5. Skriv {lukkedage 2012} i stedet"),
        ("<p>Der var {lukkedage 2025} dage.</p>", "Årsopgørelsen for 2025 er ikke afsluttet"),
        ("<p>Der var {lukkedage 2031} dage.</p>", "står {lukkedage 2031}, som ikke kan slås op."),
    ],
)
def test_doubt_is_told(cast, baseline, html, said):
    close(cast, days=3)
    note = make_written_note(cast=cast, date=TODAY, text=html)
    assert said in said_of(note)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Se bilag 1.</p>",
        "<h3>Med noget</h3><p>Noget.</p>",
        "<p>Der var {lukkedage 2012} dage. Sagsnr. 2013-0184482. 9662,5 er et andet tal.</p>",
        "<p>En note er en note.</p>",
    ],
)
def test_no_doubt_where_there_is_none(cast, baseline, html):
    assert doubts(make_written_note(cast=cast, date=TODAY, text=html), on=TODAY) == []


@pytest.mark.parametrize(
    ("due", "precision", "told"),
    [
        (date(2026, 11, 21), "day", True),
        (date(2026, 11, 22), "day", False),
        (date(2026, 10, 1), "month", True),
        (date(2026, 11, 1), "month", False),  # the month is not over on the day of the note
        (date(2026, 1, 1), "year", False),
    ],
)
def test_promise_that_is_past_on_the_notes_day_is_told(cast, due, precision, told):
    note = make_written_note(cast=cast, date=TODAY)
    note.follow_ups.create(committee=cast.finance, promise="Opgørelsen", due=due, due_precision=precision)
    assert ("det er før notatets dato" in said_of(note)) == told


def test_recommendation_without_a_point_is_told(cast):
    note = make_written_note(cast=cast)
    note.set_points([])
    assert "Indstillingen har ingen at-punkter" in said_of(note)
    assert said_of(note).count("Indstilling") == 1


def test_a_year_in_letters_that_was_left_behind_is_told(office, cast, last_year):
    begin_with_the_last(office, cast)
    assert "Under »Indledning« står der stadig 2024" in said_of(Note.objects.latest("pk"))


def test_decision_on_a_closed_note_is_told_when_the_note_is_opened(cast):
    closed = {"confidentiality": "closed", "closed_because": "Personsag"}
    note = make_written_note(cast=cast, **closed)
    add(note, "quote", decision=decide(make_issued_note(cast=cast, **closed), by=cast.office))
    assert "citerer en beslutning" not in said_of(note)
    Note.objects.filter(pk=note.pk).update(confidentiality="open", closed_because="")
    note.refresh_from_db()
    assert "citerer en beslutning om et lukket notat" in said_of(note)


# --- Promises -----------------------------------------------------------------------------------------------------


def test_promise_is_suggested_as_it_is_written_and_accepted(office, cast):
    note = make_written_note(cast=cast)
    section = note.sections.get(kind="process")
    answer = autosave(office, section, html="<p>Opgørelsen for 2013 forelægges i januar 2014.</p>")
    promise = "Opgørelsen for 2013 forelægges i januar 2014"
    assert f'name="promise" value="{promise}"' in text(answer)
    for _ in range(2):
        office.post(f"{section.get_absolute_url()}forslag/", {"promise": promise})
    made = note.follow_ups.get(promise=promise)
    assert (made.due, made.due_precision, made.committee) == (date(2014, 1, 1), "month", cast.finance)
    assert 'name="promise"' not in text(office.get(section.get_absolute_url()))


def test_what_the_text_no_longer_says_is_not_noted(office, cast):
    note = make_written_note(cast=cast)
    section = note.sections.get(kind="process")
    office.post(f"{section.get_absolute_url()}forslag/", {"promise": "Noget helt andet i maj 2027"})
    assert not note.follow_ups.exists()


def test_what_was_promised_before_is_written_in(office, cast):
    issued = make_issued_note(cast=cast)
    old = issued.follow_ups.create(
        committee=cast.finance, promise="Opgørelse for 2013", due=date(2014, 1, 1), due_precision="month"
    )
    FollowUp.objects.create(committee=cast.social, promise="Til et andet udvalg")
    note = make_written_note(cast=cast)
    draft = make_written_note(cast=cast)
    draft.follow_ups.create(committee=cast.finance, promise="Kun et udkast")
    section = note.sections.get(kind="process")
    page = text(office.get(section.get_absolute_url()))
    assert "Opgørelse for 2013" in page
    assert "Til et andet udvalg" not in page
    assert "Kun et udkast" not in page
    office.post(f"{section.get_absolute_url()}lovet/{old.pk}/")
    section.refresh_from_db()
    assert section.html.endswith(
        "<p>»Opgørelse for 2013« (januar 2014), som udvalget er lovet i notatet af 20. august 2013, udestår.</p>"
    )
