"""The action card: one A4 page whatever it says and whoever leads, read by those who need it, and kept as issued."""

import io
import subprocess
from datetime import date

import pikepdf
import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.urls import reverse

from closures.models import Institution, Leadership
from reports import poster
from reports.content import CardText, PhoneNumber
from reports.forms.action_card import parse_phone
from reports.models import ActionCard, ActionCardIssue
from reports.models.action_card import STANDARD
from reports.pdf import TooLong
from sikkerby.middleware import Conflict
from sikkerby.models import AccessLog, Precision, User
from tests.conftest import connect_as_owner
from tests.factories import make_institution, make_user
from tests.reports.factories import make_card_issue
from tests.reports.verapdf import faults

TODAY = date(2026, 11, 22)
CARD = "/actioncard/"
FORM = STANDARD | {"version": 1}


def make_issue(*, by: User, **text) -> ActionCardIssue:
    return ActionCard(**STANDARD | text).issue(by=by, on=TODAY)


def make_poster(**fields) -> poster.Poster:
    fields = {"issue": "Udgave 1, august 2012", "numbers": poster.general_numbers(), "printed_on": TODAY} | fields
    return poster.Poster(**{"text": ActionCard(**STANDARD).text()} | fields)


def card_of(institution: Institution) -> str:
    return reverse("reports:institution_card", args=[institution.pk])


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def pages_of(pdf: bytes) -> int:
    return len(pikepdf.open(io.BytesIO(pdf)).pages)


def body(response) -> str:
    return " ".join(response.content.decode().split())


# --- The page for the wall ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
@pytest.mark.parametrize("institution", ["", "Aftenklubben Kvarteret"])
def test_poster_passes(flavour, institution):
    assert faults(poster.to_pdf(make_poster(institution=institution)), flavour) == set()


def test_poster_is_one_a4_page_and_reads_in_order():
    with pikepdf.open(io.BytesIO(poster.to_pdf(make_poster(institution="Skolen ved Søen")))) as pdf:
        (only,) = pdf.pages
        assert [round(float(side) / 72 * 25.4) for side in only.mediabox] == [0, 0, 210, 297]
        assert str(pdf.Root.Lang) == "da"
        spoken = " ".join(tags_of(pdf.Root.StructTreeRoot))
    assert spoken.startswith("Document")
    text = text_of(poster.to_pdf(make_poster(institution="Skolen ved Søen")))
    wanted = [
        "Uro, vold eller trusler",
        "Skolen ved Søen",
        "Ring 112",
        "Uro 1.",
        "Vold 1.",
        "Trusler 1.",
        "Bagefter 1.",
    ]
    places = [text.index(each) for each in [*wanted, "Ring til", "114", "Udgave 1, august 2012"]]
    assert places == sorted(places)


def tags_of(element) -> list[str]:
    """The structure tree's kinds, in the order in which they are read."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    own = [str(element.S)[1:]] if "/S" in element else []
    return own + [tag for kid in kids if isinstance(kid, pikepdf.Dictionary) for tag in tags_of(kid)]


def test_steps_are_lists_and_situations_headings():
    with pikepdf.open(io.BytesIO(poster.to_pdf(make_poster()))) as pdf:
        tags = tags_of(pdf.Root.StructTreeRoot)
    steps = sum(len(each.steps) for each in make_poster().text.situations)
    assert tags.count("H1") == 1
    assert tags.count("H2") == 5
    assert tags.count("Lbl") == steps
    assert tags.count("LI") == steps + len(make_poster().all_numbers)


def test_poster_is_black_and_white():
    """Every pixel of it is grey: it loses nothing on the printer of an institution."""
    done = subprocess.run(
        ["pdftoppm", "-r", "40", "-"], input=poster.to_pdf(make_poster()), capture_output=True, check=True
    )
    pixels = done.stdout[-300_000:]
    spread = max(max(pixels[i : i + 3]) - min(pixels[i : i + 3]) for i in range(0, len(pixels) - 3, 3))
    assert spread <= 12  # the paper's black is #14181f


def test_same_card_same_bytes():
    assert poster.to_pdf(make_poster()) == poster.to_pdf(make_poster())


@pytest.mark.parametrize("digits", [12, 30])
def test_longest_names_and_numbers_stay_on_the_page(cast, digits):
    name = ("W" * 14 + " ") * 10
    school = make_institution(name=name.strip(), phone="0" * digits, police_phone="1" * digits, ssp_phone="2" * digits)
    for number in range(5):
        person = make_user(name=("W" * 150)[: 150 - number], phone="3" * digits)
        Leadership.objects.create(institution=school, user=person)
    made = make_poster(institution=school.name, numbers=poster.numbers_of(school, TODAY))
    assert pages_of(poster.to_pdf(made)) == 1
    assert text_of(poster.to_pdf(made)).count("3" * digits) == poster.PEOPLE


def test_long_name_of_a_person_is_first_and_last():
    made = make_poster(numbers=(PhoneNumber(label="Leder", who="Anne Sofie Marie von Østergaard Holm", phone="114"),))
    assert "Anne Holm" in text_of(poster.to_pdf(made))


# --- Whose numbers ------------------------------------------------------------------------------------------------


def said(numbers) -> list[tuple]:
    return [(each.label, each.who, each.phone) for each in numbers]


def test_numbers_are_the_leaders_and_the_institutions_own(cast):
    User.objects.filter(pk=cast.leader.pk).update(phone="12 34 56 78")
    Institution.objects.filter(pk=cast.school.pk).update(police_phone="12 34 56 71", ssp_phone="12 34 56 72")
    Leadership.objects.create(institution=cast.school, user=cast.other_leader, ends=date(2020, 1, 1))
    cast.school.refresh_from_db()
    assert said(poster.numbers_of(cast.school, TODAY)) == [
        ("Leder", "Person leader", "12 34 56 78"),
        ("Souschef eller stedfortræder", "Person deputy", ""),
        ("Institutionen", "", ""),
        ("Lokalpolitiet", "", "12 34 56 71"),
        ("SSP", "", "12 34 56 72"),
    ]


def test_service_without_a_leader_has_its_parents(cast):
    service = make_institution(parent=cast.library)
    assert said(poster.numbers_of(service, TODAY))[0] == ("Leder", "Person other_leader", "")


def test_institution_without_a_leader_has_a_line_for_one(cast):
    User.objects.filter(pk=cast.other_leader.pk).update(is_active=False)
    assert said(poster.numbers_of(cast.library, TODAY))[0] == ("Leder", "", "")
    made = make_poster(institution="Biblioteket", numbers=poster.numbers_of(cast.library, TODAY))
    assert text_of(poster.to_pdf(made)).count("Skriv nummeret her") == 4


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12345678", "12 34 56 78"),
        (" 1234 5678 ", "12 34 56 78"),
        ("+45 12-34-56-78", "12 34 56 78"),
        ("0045 12345678", "12 34 56 78"),
        ("(+45) 12 34 56 78", "12 34 56 78"),
        ("114", "114"),
        ("+46 8 123 456 78", "+46812345678"),
    ],
)
def test_phone_is_read_however_it_is_grouped(typed, kept):
    assert parse_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["11", "ring til Hanne", "12 34 56 78 eller 87 65 43 21", "１２３４５６７８", "+", "1" * 16]
)
def test_what_is_no_phone_is_refused(typed):
    with pytest.raises(ValueError, match="."):
        parse_phone(typed)


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("12 34 56 78", "+4512345678"),
        ("114", "114"),
        ("+46812345678", "+46812345678"),
        ("12 34 56 78, lokal 9", "+4512345678"),
        ("12345678 / 87654321", "+4512345678"),
        ("(+45) 12 34 56 78", "+4512345678"),
        ("ikke endnu", ""),
        ("", ""),
    ],
)
def test_link_dials_the_first_number(phone, dialled):
    assert PhoneNumber(label="SSP", phone=phone).dialled == dialled


# --- Issues -------------------------------------------------------------------------------------------------------


def test_issue_is_numbered_dated_and_newest_first(cast):
    first = ActionCard(**STANDARD | {"heading": "Uro"}).issue(
        by=cast.office, on=date(2012, 8, 1), precision=Precision.MONTH
    )
    second = make_issue(by=cast.office)
    assert [each.as_printed for each in ActionCardIssue.objects.all()] == [
        "Udgave 2, 22. november 2026",
        "Udgave 1, august 2012",
    ]
    assert (first.text.heading, second.text) == ("Uro", ActionCard(**STANDARD).text())
    assert CardText.from_json(second.text.to_json()) == second.text


def test_same_text_is_not_issued_twice(cast):
    make_issue(by=cast.office)
    with pytest.raises(Conflict, match="allerede udgivet som udgave 1"):
        make_issue(by=cast.office)
    assert ActionCardIssue.objects.count() == 1


def test_text_that_does_not_fit_is_refused_with_how_much(cast):
    steps = "\n".join(["Gør noget."] * 4)
    longer = "\n".join([STANDARD["unrest"], steps])
    with pytest.raises(TooLong) as refused:
        make_issue(by=cast.office, unrest=longer)
    with pytest.raises(TooLong) as refused_more:
        make_issue(by=cast.office, unrest="\n".join([longer, steps]))
    assert refused_more.value.excess - refused.value.excess == pytest.approx(4 * poster.LINE, abs=2)
    assert not ActionCardIssue.objects.exists()


def test_deleting_as_many_lines_as_said_makes_it_fit(cast):
    lines = ["Gør noget."] * 14
    with pytest.raises(TooLong) as refused:
        poster.must_fit(ActionCard(**STANDARD | {"unrest": "\n".join(lines)}).text())
    fewer = lines[: -poster.lines_of(refused.value.excess)]
    assert fewer
    poster.must_fit(ActionCard(**STANDARD | {"unrest": "\n".join(fewer)}).text())


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: ActionCardIssue.objects.update(content={}),
        lambda: ActionCardIssue.objects.all().delete(),
        lambda: ActionCardIssue.objects.all()._raw_delete("default"),
        lambda: ActionCardIssue.objects.get().save(),
        lambda: connection.cursor().execute("TRUNCATE reports_actioncardissue"),
    ],
)
def test_serving_role_cannot_change_an_issue(cast, attempt):
    issue = make_issue(by=cast.office)
    with pytest.raises((ProgrammingError, DatabaseError)), transaction.atomic():
        attempt()
    assert ActionCardIssue.objects.get().content == issue.content


@pytest.mark.django_db(transaction=True)
def test_owner_is_refused_too():
    make_issue(by=make_user())
    for sql in ("UPDATE reports_actioncardissue SET number = 9", "DELETE FROM reports_actioncardissue"):
        with connect_as_owner() as owner, pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(sql)


# --- Who sees what ------------------------------------------------------------------------------------------------


def test_leader_of_several_chooses_and_leader_of_one_does_not(client, cast):
    make_issue(by=cast.office)
    client.force_login(cast.leader)
    page = body(client.get(CARD))
    assert page.index("tel:112") < page.index("Skolen ved Søen") < page.index("Tal roligt")
    assert card_of(cast.club) in page
    client.force_login(cast.deputy)
    assert client.get(CARD).url == card_of(cast.school)


def test_card_puts_112_first_and_dials(client, cast):
    make_issue(by=cast.office)
    User.objects.filter(pk=cast.leader.pk).update(phone="12 34 56 78")
    client.force_login(cast.deputy)
    page = body(client.get(card_of(cast.school)))
    places = [page.index(each) for each in ("tel:112", "tel:+4512345678", "tel:114", "Tal roligt", "Hent som PDF")]
    assert places == sorted(places)
    assert page.count("Nummeret er ikke oplyst") == 4


def test_contact_sees_cards_of_the_administrations_institutions_only(client, cast):
    make_issue(by=cast.office)
    client.force_login(cast.contact)
    assert client.get(CARD).status_code == 200
    assert client.get(card_of(cast.school)).status_code == 200
    assert client.get(card_of(cast.library)).status_code == 404


def test_pdf_is_logged_by_name_and_issue(client, cast):
    make_issue(by=cast.office)
    client.force_login(cast.leader)
    response = client.get(reverse("reports:institution_card_pdf", args=[cast.school.pk]))
    assert "Skolen ved Søen" in text_of(response.content)
    assert "Actioncard%20Skolen%20ved%20S%C3%B8en.pdf" in response["Content-Disposition"]
    assert AccessLog.objects.get().what.startswith("Actioncard Skolen ved Søen: Udgave 1, ")
    assert AccessLog.objects.get().user == cast.leader


def test_before_the_first_issue_it_still_says_112_and_nothing_of_the_draft(client, cast):
    client.force_login(cast.deputy)
    page = body(client.get(card_of(cast.school)))
    assert "tel:112" in page
    assert "ikke udgivet endnu" in page
    assert "Tal roligt" not in page
    assert client.get(reverse("reports:card_pdf")).status_code == 409


def test_old_issue_is_shown_as_it_was_and_says_which_one_holds(client, cast):
    make_issue(by=cast.office, introduction="Det gamle kort.")
    make_issue(by=cast.office)
    client.force_login(cast.leader)
    old = body(client.get(reverse("reports:card_issue", args=[1])))
    assert "Det gamle kort." in old
    assert "Se udgave 2, som gælder nu" in old
    assert "Det gamle kort." not in body(client.get(card_of(cast.school)))
    assert client.get(reverse("reports:card_issue", args=[3])).status_code == 404
    issues = body(client.get(reverse("reports:card_issues")))
    assert issues.index("Udgave 2") < issues.index("Udgave 1")


@pytest.mark.parametrize("count", [1, 20])
def test_queries_do_not_grow(client, cast, django_assert_num_queries, count):
    for number in range(count):
        make_card_issue(number=number + 1)
        make_institution(leader=cast.leader)
    client.force_login(cast.leader)
    client.get(CARD)
    with django_assert_num_queries(9):
        client.get(CARD)
    with django_assert_num_queries(11):
        client.get(card_of(cast.school))
    with django_assert_num_queries(8):
        client.get(reverse("reports:card_issues"))


# --- Editing the numbers ------------------------------------------------------------------------------------------


def numbers_form(institution: Institution, **fields) -> dict:
    return {"version": institution.version, "phone": "", "police_phone": "", "ssp_phone": ""} | fields


def send_numbers(client, institution: Institution, **fields):
    institution.refresh_from_db()
    return client.post(reverse("reports:card_numbers", args=[institution.pk]), numbers_form(institution, **fields))


def test_leader_edits_the_numbers_of_the_institution_and_ones_own(client, cast):
    client.force_login(cast.leader)
    response = send_numbers(
        client, cast.school, own_phone="12345670", police_phone="+45 12345671", ssp_phone="12345672"
    )
    assert response.url == card_of(cast.school)
    cast.school.refresh_from_db()
    cast.leader.refresh_from_db()
    assert (cast.leader.phone, cast.school.police_phone, cast.school.ssp_phone) == (
        *("12 34 56 70", "12 34 56 71", "12 34 56 72"),
    )


def test_office_edits_numbers_but_not_as_if_it_led(client, cast):
    client.force_login(cast.office)
    assert "own_phone" not in body(client.get(reverse("reports:card_numbers", args=[cast.school.pk])))
    assert send_numbers(client, cast.school, ssp_phone="12345672", own_phone="12345678").status_code == 302
    cast.office.refresh_from_db()
    assert cast.office.phone == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ring til Hanne", "Det er ikke et telefonnummer. Skriv ét telefonnummer, for eksempel"),
        ("12 34 56 78 / 87 65 43 21", "er ikke et telefonnummer"),
        ("1" * 31, "er ikke et telefonnummer"),
        ("12 34\0 56 78", "er ikke et telefonnummer"),
        ("0102901234", "CPR-nummer"),
        ("x" * 100_000, "er ikke et telefonnummer"),
    ],
)
def test_number_that_makes_no_sense_is_said_and_the_rest_kept(client, cast, typed, said):
    client.force_login(cast.leader)
    response = send_numbers(client, cast.school, own_phone="12345670", police_phone=typed, ssp_phone="12345672")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Der er problemer" in page
    assert said in page
    assert "12345672" in page
    cast.school.refresh_from_db()
    cast.leader.refresh_from_db()
    assert (cast.school.police_phone, cast.school.ssp_phone, cast.leader.phone) == ("", "", "")


def test_numbers_that_another_saved_meanwhile_are_not_overwritten(client, cast):
    version = cast.school.version
    Institution.objects.filter(pk=cast.school.pk).update(ssp_phone="12 34 56 79")
    client.force_login(cast.leader)
    response = send_numbers(client, cast.school, ssp_phone="12345672", version=version)
    assert response.status_code == 422
    assert "En anden har gemt" in response.content.decode()
    cast.school.refresh_from_db()
    assert cast.school.ssp_phone == "12 34 56 79"


def test_contact_cannot_edit_numbers(client, cast):
    client.force_login(cast.contact)
    assert send_numbers(client, cast.school, ssp_phone="12345672").status_code == 403


# --- Editing the text ---------------------------------------------------------------------------------------------


def test_draft_is_saved_then_issued_and_only_then_seen(client, cast):
    make_issue(by=cast.office)
    client.force_login(cast.office)
    edit, issue = reverse("reports:card_edit"), reverse("reports:card_issue_next")
    assert client.post(edit, FORM | {"introduction": "Pas på hinanden."}).url == issue
    assert "Pas på hinanden." not in body(client.get(CARD))
    assert "Pas på hinanden." in body(client.get(issue))
    assert "UDKAST" in text_of(client.get(reverse("reports:card_draft_pdf")).content)
    assert client.post(issue, {"version": ActionCard.objects.get().version}).url == CARD
    assert "Pas på hinanden." in body(client.get(CARD))
    assert client.get(reverse("history", args=["reports.actioncard", 1])).status_code == 200


def test_steps_lose_the_numbers_and_empty_lines_typed_with_them(client, cast):
    client.force_login(cast.office)
    client.post(
        reverse("reports:card_edit"), FORM | {"unrest": "1. Tal roligt.\n\n  - Lås dørene.\r\n112 er nummeret."}
    )
    assert ActionCard.objects.get().unrest.splitlines() == ["Tal roligt.", "Lås dørene.", "112 er nummeret."]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"heading": ""}, "Feltet skal udfyldes."),
        ({"unrest": " \n - \n"}, "Feltet skal udfyldes."),
        ({"heading": "x" * 61}, "60"),
        ({"violence": "x" * 10_000}, "600"),
        ({"threats": "Eleven 010290-1234 truede."}, "CPR-nummer"),
        ({"threats": "før\0efter"}, "er ikke tilladt"),
        ({"numbers": "Politiet 114"}, "et kolon før nummeret. Det mangler i »Politiet 114«"),
        ({"numbers": "Politiet: ring bare"}, "»ring bare« er ikke et telefonnummer"),
        (
            {"numbers": "\n".join(f"Nummer {each}: 114" for each in range(5))},
            "Der er plads til 4 fælles numre, og her er 5",
        ),
        ({"version": "x"}, ""),
    ],
)
def test_mistake_in_the_text_is_said_and_nothing_saved(client, cast, fields, said):
    client.force_login(cast.office)
    response = client.post(reverse("reports:card_edit"), FORM | fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Der er problemer" in page
    assert said in page
    assert "Skriv ned, hvad der skete" in page
    assert not ActionCard.objects.exists()


def test_text_that_another_saved_meanwhile_is_not_overwritten(client, cast):
    ActionCard.objects.create(**STANDARD)
    ActionCard.objects.update(heading="Kollegaens overskrift")
    client.force_login(cast.office)
    response = client.post(reverse("reports:card_edit"), FORM | {"heading": "Min overskrift"})
    assert response.status_code == 422
    assert "En anden har gemt" in response.content.decode()
    assert ActionCard.objects.get().heading == "Kollegaens overskrift"


def test_text_that_changed_since_it_was_read_is_not_issued(client, cast):
    ActionCard.objects.create(**STANDARD)
    ActionCard.objects.update(heading="Kollegaens overskrift")
    client.force_login(cast.office)
    assert client.post(reverse("reports:card_issue_next"), {"version": 1}).status_code == 422
    assert not ActionCardIssue.objects.exists()


def test_too_long_text_is_saved_as_a_draft_but_not_issued(client, cast):
    client.force_login(cast.office)
    client.post(reverse("reports:card_edit"), FORM | {"unrest": "\n".join(["Gør noget."] * 20)})
    response = client.post(reverse("reports:card_issue_next"), {"version": ActionCard.objects.get().version})
    assert response.status_code == 422
    assert "for lang til én A4-side" in body(response)
    assert "linjer, eller skriv punkterne kortere" in body(response)
    assert not ActionCardIssue.objects.exists()


def test_sent_twice_it_is_issued_once(client, cast):
    client.force_login(cast.office)
    issue = reverse("reports:card_issue_next")
    assert [client.post(issue, {"version": 1}).status_code for _ in range(2)] == [302, 409]
    assert ActionCardIssue.objects.count() == 1


@pytest.mark.parametrize("role", ["leader", "deputy", "contact", "approver"])
def test_only_the_office_edits_the_text(client, cast, role):
    client.force_login(getattr(cast, role))
    assert client.post(reverse("reports:card_edit"), FORM).status_code == 403
    assert client.post(reverse("reports:card_issue_next"), {"version": 1}).status_code == 403
