"""Members, substitutes and secretaries: what they find, are told and may read; and who may not."""

import gzip
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import django_htmx
import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from post_office.models import STATUS, Email

from reports.models import AgendaItem, Appendix, Note, Seat
from sikkerby.models import AccessLog, Notice, StoredFile, User
from tests.factories import PASSWORD, make_user
from tests.reports.factories import (
    PDF,
    make_approved_note,
    make_decision,
    make_issued_note,
    make_meeting,
    make_written_note,
)

CLOSED = {"confidentiality": Note.Confidentiality.CLOSED, "closed_because": "Personalesag"}
MOST = 60_000  # bytes of a page with style and scripts, as they are sent


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def to(committee, cast, **fields):
    """An issued note to this committee."""
    note = make_written_note(cast=cast, **fields)
    Note.objects.filter(pk=note.pk).update(committee=committee)
    note.refresh_from_db()
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.issue(by=cast.office)
    return note


# --- Mails --------------------------------------------------------------------------------------------------------


def told(note) -> set[User]:
    return set(User.objects.filter(notices__key=f"note-{note.pk}"))


def test_those_of_the_addressed_committee_are_told_once_when_it_is_issued(cast):
    substitute, former = make_user(), make_user()
    cast.finance.seats.create(user=substitute, kind=Seat.Kind.SUBSTITUTE)
    cast.finance.seats.create(user=substitute, kind=Seat.Kind.SECRETARY)
    cast.finance.seats.create(user=former, ends=timezone.localdate() - timedelta(days=1))
    quiet = make_user(necessary_mail_only=True)
    cast.finance.seats.create(user=quiet)
    note = make_approved_note(cast=cast)
    assert not Notice.objects.exists()
    note.issue(by=cast.office)
    assert told(note) == {cast.member, cast.secretary, substitute}
    assert Email.objects.count() == 3
    letter = Email.objects.get(to=cast.member.email)
    assert letter.subject == f"Nyt notat til Økonomiudvalget: {note.title}"
    assert f"/notater/{note.pk}/" in letter.message


def test_a_note_that_is_not_issued_after_all_tells_nobody(cast, monkeypatch):
    """The mails are rows of the same transaction: what is rolled back was never told."""
    note = make_approved_note(cast=cast)

    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Note, "save", fails)
    with pytest.raises(RuntimeError):
        note.issue(by=cast.office)
    assert not Notice.objects.exists()


def test_other_committees_that_treat_it_are_told_and_nobody_twice(cast):
    both = make_user()
    for committee in (cast.finance, cast.social):
        committee.seats.create(user=both)
    before, after = make_approved_note(cast=cast), make_approved_note(cast=cast)
    AgendaItem.objects.add(AgendaItem(note=before, committee=cast.social))
    before.issue(by=cast.office)
    after.issue(by=cast.office)
    assert cast.social_member not in told(after)
    AgendaItem.objects.add(AgendaItem(note=after, committee=cast.social))
    everyone = {cast.member, cast.secretary, cast.social_member, both}
    assert told(before) == told(after) == everyone
    assert Notice.objects.count() == 8


def test_the_mail_about_a_closed_note_does_not_say_what_it_is_about(cast):
    note = make_issued_note(cast=cast, title="Sagen om lederen af Aftenklubben", **CLOSED)
    letter = Email.objects.get(to=cast.member.email)
    assert "Nyt lukket notat til Økonomiudvalget" in letter.subject
    for words in (note.title, "Aftenklubben", "Personalesag"):
        assert words not in letter.subject + letter.message


def test_the_office_sees_which_mails_did_not_arrive_and_nobody_else(client, cast):
    note = make_issued_note(cast=cast)
    Email.objects.filter(to=cast.member.email).update(status=STATUS.failed)
    Email.objects.filter(to=cast.secretary.email).update(status=STATUS.sent)
    client.force_login(cast.office)
    page = text(client.get(note.get_absolute_url()))
    assert "Mails, der ikke er kommet frem" in page
    assert f"{cast.member.name} ({cast.member.email})" in page
    assert cast.secretary.email not in page
    client.force_login(cast.member)
    assert "Mails, der ikke er kommet frem" not in text(client.get(note.get_absolute_url()))


def test_the_office_does_not_see_who_read_what(client, cast):
    note = make_issued_note(cast=cast)
    meeting = make_meeting(committee=cast.finance)
    meeting.put(note, number="1")
    client.force_login(cast.member)
    client.get(f"/notater/{note.pk}/pdf/")
    client.force_login(cast.office)
    for address in (note.get_absolute_url(), meeting.get_absolute_url(), "/notater/", "/"):
        assert cast.member.name not in text(client.get(address))


# --- The front page -----------------------------------------------------------------------------------------------


def test_the_front_page_has_the_meetings_to_come_of_ones_own_committees(client, cast):
    today = timezone.localdate()
    coming = make_meeting(committee=cast.finance, day=today + timedelta(days=3))
    coming.put(make_issued_note(cast=cast), number="1")
    coming.put(make_approved_note(cast=cast), number="2")
    other = make_meeting(committee=cast.social, day=today + timedelta(days=2))
    held = make_meeting(committee=cast.finance, day=today - timedelta(days=1))
    client.force_login(cast.secretary)
    page = text(client.get("/"))
    assert f'href="{coming.get_absolute_url()}"' in page
    assert "1 notat</span>" in page  # the approved one is not theirs to read yet
    assert not any(f'href="{each.get_absolute_url()}"' in page for each in (other, held))


def test_the_front_page_tells_what_is_new_since_the_log_in_before_this_one(client, cast):
    old = make_issued_note(cast=cast)
    User.objects.filter(pk=cast.member.pk).update(last_login=timezone.now() - timedelta(days=2))
    new = to(cast.finance, cast)
    client.post("/log-ind/", {"username": "member", "password": PASSWORD})
    page = text(client.get("/"))
    assert page.index("Nyt, siden du var her sidst") < page.index(new.title) < page.index("Tidligere notater")
    assert page.index("Tidligere notater") < page.index(old.title)
    assert page.count(f">{new.title}</a>") == 1

    client.post("/log-ud/")
    client.post("/log-ind/", {"username": "member", "password": PASSWORD})
    page = text(client.get("/"))
    assert "Nyt, siden du var her sidst" not in page
    assert "Nyeste notater" in page


# --- The list and search ------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_committee_meeting_and_year(client, cast):
    to_finance, to_social = to(cast.finance, cast), to(cast.social, cast, date=date(2014, 1, 7))
    meeting = make_meeting(committee=cast.social, day=date(2014, 2, 4))
    meeting.put(to_finance, number="1")
    client.force_login(cast.member)
    shown = {
        query: [note.title in text(client.get(f"/notater/?{query}")) for note in (to_finance, to_social)]
        for query in ("", f"udvalg={cast.finance.pk}", f"udvalg={cast.social.pk}", f"moede={meeting.pk}", "aar=2014")
    }
    assert list(shown.values()) == [[True, True], [True, False], [True, True], [True, False], [False, True]]
    assert client.get("/notater/?moede=987654&udvalg=x").status_code == 200


def test_search_finds_words_in_the_paper_and_shows_them_marked(client, cast):
    note = make_issued_note(cast=cast, text="<p>Der er <b>sat</b> lys op ved Tingbjerg &amp; Husum i foråret.</p>")
    other = make_issued_note(cast=cast)
    client.force_login(cast.member)
    for address in ("/notater/?q=tingbjerg", "/soeg/?q=tingbjerg"):
        page = text(client.get(address))
        assert note.title in page
        assert other.title not in page
        assert "<mark>Tingbjerg</mark> &amp; Husum" in page
    assert "<mark>" not in text(client.get("/notater/"))


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "'; drop table", '"', "a" * 200, "%", "æøå & |", "!("])
def test_search_takes_whatever_is_typed(client, cast, query):
    make_issued_note(cast=cast, text="<p>Lys &lt;script&gt;alert(1)&lt;/script&gt; ved Tingbjerg</p>")
    client.force_login(cast.member)
    for address in ("/notater/", "/soeg/"):
        answer = client.get(address, {"q": query})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_search_in_drafts_is_the_offices_and_by_title(client, cast):
    draft = make_written_note(cast=cast, title="Udkast om Sydhavnen", text="<p>Lys ved Tingbjerg.</p>")
    client.force_login(cast.office)
    assert draft.title in text(client.get("/notater/?q=sydhavnen"))
    assert draft.title not in text(client.get("/notater/?q=tingbjerg"))
    client.force_login(cast.member)
    assert draft.title not in text(client.get("/notater/?q=sydhavnen"))


@pytest.mark.parametrize("count", [1, 3])
def test_search_asks_as_often_for_three_as_for_one(client, cast, django_assert_num_queries, count):
    for _ in range(count):
        make_issued_note(cast=cast)
    client.force_login(cast.member)
    with django_assert_num_queries(LIST):
        client.get("/notater/?q=status")


LIST = 10


# --- A tablet on a poor network -----------------------------------------------------------------------------------


def test_what_a_tablet_loads_is_small(client, cast):
    """With style and scripts, as they are sent (gzip); the second page brings its HTML alone."""
    files = [finders.find("site.css"), finders.find("app.js")]
    files.append(next(Path(django_htmx.__file__).parent.rglob("htmx-2.min.js")))
    common = sum(len(gzip.compress(Path(each).read_bytes())) for each in files)
    meeting = make_meeting(committee=cast.finance)
    for number in range(10):
        note = make_issued_note(cast=cast, title=f"Statusnotat om ikke-planlagte lukkedage og tryghed i bydel {number}")
        make_decision(item=meeting.put(note, number=str(number)), by=cast.office)
    client.force_login(cast.member)
    for address in ("/", "/notater/", meeting.get_absolute_url(), note.get_absolute_url()):
        page = len(gzip.compress(client.get(address).content))
        assert page + common < MOST, (address, page, common)
        assert page < 10_000, address


# --- Packages -----------------------------------------------------------------------------------------------------


def names_in(answer) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        return package.namelist()


def test_the_package_of_a_meeting_has_what_this_person_may_read(client, cast):
    meeting = make_meeting(committee=cast.finance)
    opened, closed, draft = (
        make_issued_note(cast=cast),
        make_issued_note(cast=cast, **CLOSED),
        make_approved_note(cast=cast),
    )
    for number, note in enumerate((closed, opened, draft), start=1):
        meeting.put(note, number=str(number))
    client.force_login(cast.member)
    answer = client.get(f"{meeting.get_absolute_url()}pakke.zip/")
    assert answer["Content-Type"] == "application/zip"
    assert [name.split("/")[0] for name in names_in(answer)] == [
        f"01 {closed.document.filename[:-4]}",
        f"01 {closed.document.filename[:-4]}",
        f"02 {opened.document.filename[:-4]}",
        f"02 {opened.document.filename[:-4]}",
    ]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        bodies = [package.read(name) for name in package.namelist()]
    assert bytes(closed.document.pdf) in bodies
    assert PDF in bodies
    log = [entry.what for entry in AccessLog.objects.filter(user=cast.member)]
    assert {each.split(":")[0] for each in log} == {f"Notat {closed.pk}", f"Notat {opened.pk}"}

    client.force_login(cast.social_member)
    assert {name.split("/")[0] for name in names_in(client.get(f"{meeting.get_absolute_url()}pakke.zip/"))} == {
        f"01 {opened.document.filename[:-4]}"
    }


def test_the_package_of_a_meeting_without_papers_says_so(client, cast):
    meeting = make_meeting(committee=cast.finance)
    meeting.put(make_issued_note(cast=cast, **CLOSED), number="1")
    client.force_login(cast.social_member)
    answer = client.get(f"{meeting.get_absolute_url()}pakke.zip/")
    assert answer.status_code == 409
    assert "som du kan læse" in text(answer)


# --- Who may not --------------------------------------------------------------------------------------------------

TITLE, WORDS = "Redegørelse om Aftenklubben", "Tingbjerg"


def pages_of(note) -> list[str]:
    """Every address at which a note, or a part of it, is to be had."""
    base = note.get_absolute_url()
    return [
        f"{base}{part}" for part in ("", "papir/", "pdf/", "bilag/1/pdf/", "beslutning/", "aegthed/", "dagsorden.zip/")
    ]


def given(client, user, note, meeting) -> set[str]:
    """Of the note's own addresses those that answer, and of lists, searches and packages those that give it away."""
    client.force_login(user)
    found = set()
    for address in pages_of(note):
        answer = client.get(address)
        assert answer.status_code in (200, 404), address
        if answer.status_code == 200:
            found.add(address)
    lists = ("/", "/notater/", f"/notater/?q={WORDS}", f"/soeg/?q={WORDS}", f"/soeg/?q={TITLE}")
    for address in (*lists, note.committee.get_absolute_url(), meeting.get_absolute_url()):
        answer = client.get(address)
        assert answer.status_code == 200, address
        if f'href="{note.get_absolute_url()}"' in text(answer) or "<mark>" in text(answer):
            found.add(address)
    package = client.get(f"{meeting.get_absolute_url()}pakke.zip/")
    if package.status_code == 200 and any(note.document.filename in name for name in names_in(package)):
        found.add("package")
    return found


def of_the_meeting(note):
    meeting = make_meeting(committee=note.committee)
    meeting.put(note, number="1")
    return meeting


def test_a_closed_note_is_given_to_its_committee_and_to_nobody_else(client, cast):
    note = make_issued_note(cast=cast, title=TITLE, text=f"<p>Lys ved {WORDS}.</p>", **CLOSED)
    meeting = of_the_meeting(note)
    everything = given(client, cast.member, note, meeting)
    assert len(everything) == len(pages_of(note)) + 8  # the control: there is something to leak everywhere
    assert given(client, cast.secretary, note, meeting) == everything
    assert given(client, cast.social_member, note, meeting) == set()


@pytest.mark.parametrize("dates", [{"ends": -1}, {"begins": 1}])
def test_a_former_and_a_coming_member_get_nothing_closed(client, cast, dates):
    """Who still has a seat elsewhere, and so may read notes at all."""
    today = timezone.localdate()
    days = {name: today + timedelta(days=days) for name, days in dates.items()}
    cast.finance.seats.create(user=cast.social_member, **days)
    note = make_issued_note(cast=cast, title=TITLE, text=f"<p>Lys ved {WORDS}.</p>", **CLOSED)
    meeting = of_the_meeting(note)
    assert given(client, cast.social_member, note, meeting) == set()
    Seat.objects.filter(user=cast.social_member, committee=cast.finance).update(begins=None, ends=today)
    assert len(given(client, cast.social_member, note, meeting)) == len(pages_of(note)) + 8  # on the last day still


def test_a_former_member_without_a_seat_may_read_nothing(client, cast):
    note = make_issued_note(cast=cast)
    Seat.objects.filter(user=cast.member).update(ends=timezone.localdate() - timedelta(days=1))
    client.force_login(cast.member)
    for address in (*pages_of(note), "/notater/", "/udvalg/"):
        assert client.get(address).status_code == 403
    assert note.title not in text(client.get("/"))
    assert note.get_absolute_url() not in text(client.get(f"/soeg/?q={note.title}"))


@pytest.mark.parametrize("make", [make_written_note, make_approved_note])
def test_what_is_not_issued_is_given_to_no_member(client, cast, make):
    note = make(cast=cast, title=TITLE, text=f"<p>Lys ved {WORDS}.</p>")
    meeting = make_meeting(committee=cast.finance)
    if note.status == Note.Status.APPROVED:
        meeting.put(note, number="1")
    assert given(client, cast.member, note, meeting) == set()
    assert given(client, cast.social_member, note, meeting) == set()


def test_a_closed_appendix_is_given_to_the_committees_it_names(client, cast):
    """The note is open to all; its one appendix is closed to all but the Økonomiudvalg."""
    note = make_written_note(cast=cast)
    secret = b"%PDF-1.7 lukket"
    file = StoredFile.objects.store(name="x.pdf", content_type="application/pdf", content=secret, by=cast.office)
    appendix = Appendix(title="Navne", file=file, closed_because="Personoplysninger")
    note.attach(appendix, closed_to=[cast.finance])
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.issue(by=cast.office)
    meeting = of_the_meeting(note)
    for user, allowed in ((cast.member, True), (cast.secretary, True), (cast.social_member, False)):
        client.force_login(user)
        assert client.get(f"/notater/{note.pk}/bilag/2/pdf/").status_code == (200 if allowed else 404)
        for address in (f"/notater/{note.pk}/dagsorden.zip/", f"{meeting.get_absolute_url()}pakke.zip/"):
            with zipfile.ZipFile(io.BytesIO(client.get(address).content)) as package:
                bodies = [package.read(name) for name in package.namelist()]
            assert (secret in bodies) is allowed
            assert PDF in bodies  # the open one
    Seat.objects.filter(user=cast.member).update(ends=timezone.localdate() - timedelta(days=1))
    cast.social.seats.create(user=cast.member)
    client.force_login(cast.member)
    assert client.get(f"/notater/{note.pk}/bilag/2/pdf/").status_code == 404


def test_missing_and_forbidden_answer_alike(client, cast):
    note = make_issued_note(cast=cast, **CLOSED)
    client.force_login(cast.social_member)
    there, missing = (client.get(f"/notater/{pk}/beslutning/") for pk in (note.pk, 987_654))
    assert (there.status_code, there.content) == (missing.status_code, missing.content)
