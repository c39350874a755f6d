"""Registering: what is typed is read through and sent once; what is refused is said before it is sent, and nothing
typed is lost."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from django.utils import timezone
from post_office.models import Email

from closures.models import (
    ClosedHalfDay,
    Closure,
    OpeningHours,
    ReducedService,
    YearlyAccount,
)
from tests.closures.test_closure_pages import address, typed
from tests.factories import PASSWORD, make_account, make_closure, make_institution, make_reduced_service

pytestmark = pytest.mark.django_db
REST = {
    "cause": "fire",
    "measures": ["police", "parents"],
    "reference": "MM-4711",
    "account": "Uro ved porten.\r\nTo gange.",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 10:00 +0100", tick=False):
        yield


def check(client, form, **options):
    """ "Kontrollér og send", which shows all of it."""
    return client.post(address("closure_new"), form, **options)


def send(client, form, **options):
    return client.post(address("closure_new"), form | {"send": "1"}, **options)


def carried_by(page) -> dict:
    """What the page to read through would send, as a browser does."""
    fields = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def close_year(year, by):
    YearlyAccount.objects.filter(pk=make_account(year, by=by).pk).update(
        closed_at=timezone.now(), closed_by=by, figures={}
    )


# --- The form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "institutions"),
    [
        ("leader", {"Skolen ved Søen", "Aftenklubben"}),
        ("deputy", {"Skolen ved Søen"}),
        ("contact", {"Skolen ved Søen", "Aftenklubben"}),
        ("other_leader", {"Biblioteket"}),
        ("office", {"Skolen ved Søen", "Aftenklubben", "Biblioteket"}),
    ],
)
def test_the_institutions_to_choose_from_are_one_s_own(client, cast, person, institutions):
    client.force_login(getattr(cast, person))
    form = client.get(address("closure_new")).context["form"]
    assert {each.name for each in form.fields["institution"].queryset} == institutions


def test_the_only_institution_is_chosen_beforehand(client, cast):
    client.force_login(cast.deputy)
    page = client.get(address("closure_new")).content.decode()
    (chosen,) = re.findall(r'<input type="radio" name="institution" value="(\d+)"[^>]* checked>', page)
    assert chosen == str(cast.school.pk)


def test_it_says_what_does_not_belong_here(client, cast):
    client.force_login(cast.leader)
    page = client.get(address("closure_new")).content.decode()
    assert all(word in page for word in ("Sygdom", "strejke", "vandskade", "planlagte lukkedage"))


@pytest.mark.parametrize(
    ("closed", "person", "earliest"),
    [
        ([], "leader", "1. januar 2010"),
        ([2024, 2025], "leader", "1. januar 2026"),
        ([2023, 2025], "leader", "1. januar 2024"),
        ([2024, 2025], "office", "1. januar 2010"),
    ],
)
def test_it_says_how_far_back_a_day_can_lie(client, cast, closed, person, earliest):
    for year in closed:
        close_year(year, cast.office)
    client.force_login(getattr(cast, person))
    page = client.get(address("closure_new")).content.decode()
    assert f"Tidligst den {earliest} og højst 14 dage frem." in page


@pytest.mark.parametrize("person", ["approver", "contributor", "member", "secretary", "administrator", "nobody"])
def test_who_does_not_register_is_refused(client, cast, person):
    client.force_login(getattr(cast, person))
    assert client.get(address("closure_new")).status_code == 403
    assert check(client, typed(cast.school)).status_code == 403
    assert send(client, typed(cast.school)).status_code == 403
    assert not Closure.objects.exists()


# --- Read through -------------------------------------------------------------------------------------------------


def test_all_of_it_is_shown_before_it_is_sent_and_nothing_is_stored(client, cast):
    client.force_login(cast.leader)
    response = check(client, typed(cast.school, first_part="last") | REST)
    page = " ".join(response.content.decode().split())
    assert response.status_code == 200
    assert "Kontrollér og send" in page
    for told in (
        "Skolen ved Søen",
        "Driftsforstyrrelse",
        "Mandag den 2. november 2026, kun sidste del (lukkede før tid)",
        "Tirsdag den 3. november 2026",
        "Tæller 1½ dag: mandag (sidste del), tirsdag.",
        "Uro i området",
        "Hele institutionen eller enheden",
        "Brand eller hærværk",
        "Politiet underrettet, forældre eller brugere underrettet",
        "MM-4711",
        "Uro ved porten.<br>To gange.",
    ):
        assert told in page, told
    assert not Closure.objects.exists()
    assert not Email.objects.exists()


def test_what_is_not_filled_in_is_said_to_be_so(client, cast):
    client.force_login(cast.leader)
    assert check(client, typed(cast.school)).content.decode().count("Ikke udfyldt. Det kan I gøre senere") == 4


def test_what_the_page_carries_is_what_was_typed(client, cast):
    client.force_login(cast.leader)
    form = typed(cast.school, first_day="2.11.26", last_part="open_ended") | REST
    sent = carried_by(check(client, form))
    assert {name: value if len(value) > 1 else value[0] for name, value in sent.items() if name in form} == {
        name: value if isinstance(value, list) else str(value) for name, value in form.items()
    }
    assert send(client, sent).status_code == 302
    assert {
        name: getattr(Closure.objects.get(), name) for name in ("cause", "measures", "reference", "account")
    } == REST


@pytest.mark.parametrize(
    ("line", "focused"),
    [
        ("last_day", '<input type="date" name="last_day"'),
        ("kind", '<input type="radio" name="kind"'),
        ("account", '<textarea name="account"'),
    ],
)
def test_ret_goes_back_to_the_field_with_all_that_was_typed(client, cast, line, focused):
    client.force_login(cast.leader)
    form = typed(cast.school, kind="pedagogical", first_part="last", last_day="2026-11-04") | REST
    response = check(client, form | {"ret": line})
    page = response.content.decode()
    assert response.status_code == 200
    (first,) = set(re.findall(r"(<[^>]*?)[^<>]* autofocus", page)) or {""}
    assert all(focused in each for each in re.findall(r"<[^>]* autofocus[^>]*>", page))
    assert " autofocus" in page
    shown = response.context["form"]
    assert {name: str(shown[name].value()) for name in form if name not in ("measures", "key")} == {
        name: str(value) for name, value in form.items() if name not in ("measures", "key")
    }
    assert shown["measures"].value() == REST["measures"]
    assert str(form["key"]) in page
    assert "<details open>" in page


def test_ret_of_no_field_is_the_form_as_it_was(client, cast):
    client.force_login(cast.leader)
    response = check(client, typed(cast.school, reference="MM-4711") | {"ret": "vandskade"})
    assert response.status_code == 200
    assert "MM-4711" in response.content.decode()


WRONG = [
    ({"first_day": "2026-11-05"}, "last_day", "Sidste dag ligger før første dag."),
    ({"first_day": "29.02.2027"}, "first_day", "»29.02.2027« er ikke en dato, der findes."),
    ({"last_day": "9999-01-01"}, "last_day", "Årstallet skal ligge mellem 2000 og 2100."),
    ({"last_day": ""}, "last_day", "Skriv den sidste dag, eller vælg »indtil videre«."),
    ({"first_day": "2027-01-04", "last_day": "2027-01-04"}, "first_day", "højst registreres 14 dage frem"),
    ({"first_day": "2009-11-02", "last_day": "2009-11-02"}, "__all__", "Sikker By begyndte i 2010."),
    ({"first_day": "2026-11-07", "last_day": "2026-11-08"}, "__all__", "Der er ingen lukkedage at registrere."),
    ({"last_day": "2026-11-02", "first_part": "last", "last_part": "first"}, "__all__", "kan ikke være samme dag"),
    ({"account": "Drengen med 010190-1234 var der."}, "account", "CPR-nummer"),
    ({"account": "nul\0tegn"}, "account", "Null-tegn"),
    ({"account": "brudt \ufffd tegn"}, "account", "tegn, der ikke kan læses"),
    ({"account": "æ" * 20_001}, "account", "20001"),
    ({"kind": "undistinguished"}, "kind", "kan ikke vælges"),
    ({"kind": ""}, "kind", "skal udfyldes"),
    ({"scope": ""}, "scope", "skal udfyldes"),
    ({"measures": ["dans"]}, "measures", "dans"),
    ({"what": "vandskade"}, "what", "kan ikke vælges"),
    ({"what": "part"}, "part", "Skriv, hvilken del der var lukket"),
    ({"what": "part", "part": "x" * 151}, "part", "150"),
    ({"what": "part", "part": "Drengen med 010190-1234"}, "part", "CPR-nummer"),
    ({"what": "part", "part": "værkstedet", "first_day": "2026-11-07", "last_day": "2026-11-08"}, "__all__", "ingen"),
    ({"what": "part", "part": "værkstedet", "last_day": "2027-01-04"}, "last_day", "14 dage frem"),
    ({"part": "værkstedet"}, "what", "Vælg »kun en del af den«"),
]


@pytest.mark.parametrize("act", [check, send])
@pytest.mark.parametrize(("wrong", "field", "message"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_all_that_was_typed_is_kept(client, cast, act, wrong, field, message):
    client.force_login(cast.leader)
    response = act(client, typed(cast.school, reference="MM-4711") | wrong)
    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert message in " ".join(form.errors[field])
    assert "MM-4711" in response.content.decode()
    assert not Closure.objects.exists()
    assert not ReducedService.objects.exists()


@pytest.mark.parametrize("act", [check, send])
def test_another_institution_s_id_is_refused_at_the_field(client, cast, act):
    client.force_login(cast.leader)
    response = act(client, typed(cast.library))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["institution"]
    assert not Closure.objects.exists()


@pytest.mark.parametrize("act", [check, send])
def test_a_day_already_registered_names_and_links_the_closure_in_the_way(client, cast, act):
    other = make_closure(institution=cast.school, first_day=date(2026, 11, 3))
    client.force_login(cast.leader)
    response = act(client, typed(cast.school))
    assert response.status_code == 422
    assert f'<a href="{other.get_absolute_url()}">{other.number}</a> (03-11-2026)' in response.content.decode()
    assert Closure.objects.count() == 1


def test_a_touching_closure_is_no_obstacle(client, cast):
    make_closure(institution=cast.school, first_day=date(2026, 11, 2), last_part="first", today=date(2026, 11, 18))
    client.force_login(cast.leader)
    assert send(client, typed(cast.school, first_part="last")).status_code == 302
    assert sorted(Closure.objects.values_list("half_days", flat=True)) == [1, 3]


@pytest.mark.parametrize("act", [check, send])
def test_a_closed_year_is_the_office_s_to_correct(client, cast, act):
    close_year(2025, cast.office)
    form = typed(cast.school, first_day="2025-11-03", last_day="2025-11-03")
    client.force_login(cast.leader)
    response = act(client, form)
    assert response.status_code == 422
    assert "Årsopgørelsen for 2025 er afsluttet." in response.content.decode()
    client.force_login(cast.office)
    assert act(client, form).status_code in (200, 302)


@pytest.mark.parametrize("act", [check, send])
def test_a_second_closure_until_further_notice_is_refused(client, cast, act):
    make_closure(institution=cast.school, first_day=date(2026, 11, 16), last_day=None, today=date(2026, 11, 18))
    client.force_login(cast.leader)
    response = act(client, typed(cast.school, first_day="2026-11-02", last_part="open_ended"))
    assert response.status_code == 422
    assert Closure.objects.count() == 1


@pytest.mark.parametrize(("kind", "warned"), [("school", True), ("day_care", True), ("club", False)])
def test_a_school_that_chooses_pedagogical_is_told_that_the_office_decides(client, cast, kind, warned):
    institution = make_institution(kind=kind, leader=cast.leader)
    client.force_login(cast.leader)
    page = check(client, typed(institution, kind="pedagogical")).content.decode()
    assert ("afgør Center for Sikker By ved" in page) == warned
    assert "afgør Center for Sikker By ved" not in check(client, typed(institution)).content.decode()
    assert send(client, typed(institution, kind="pedagogical")).status_code == 302


# --- Sent ---------------------------------------------------------------------------------------------------------


def test_a_leader_registers_and_sees_the_receipt(client, cast):
    client.force_login(cast.leader)
    response = send(client, typed(cast.school), follow=True)
    closure = Closure.objects.get()
    assert response.redirect_chain == [(address("receipt", closure.pk), 302)]
    page = " ".join(response.content.decode().split())
    for told in (
        closure.number,
        "Lukningen af Skolen ved Søen er registreret. Den tæller 2 dage.",
        "Hvad sker der nu?",
        "erstatter hverken anmeldelsen af en arbejdsskade eller en anmeldelse til politiet",
        "Registrér én til",
        "sendt på mail til Person deputy og Person leader.",
    ):
        assert told in page, told
    assert "spørger vi jer på mail" not in page
    assert {email.to[0] for email in Email.objects.all()} == {"leader@example.dk", "deputy@example.dk"}


def test_who_registers_for_another_has_the_receipt_too(client, cast):
    client.force_login(cast.contact)
    page = send(client, typed(cast.school), follow=True).content.decode()
    assert "Person contact, Person deputy og Person leader." in page
    assert Email.objects.count() == 3


def test_the_receipt_says_that_nobody_has_a_mail(client, cast):
    institution = make_institution()
    cast.office.necessary_mail_only = True
    cast.office.save()
    client.force_login(cast.office)
    assert "Skriv nummeret ned." in send(client, typed(institution), follow=True).content.decode()


def test_the_receipt_is_for_those_who_see_the_closure(client, cast):
    closure = make_closure(institution=cast.school)
    client.force_login(cast.other_leader)
    assert client.get(address("receipt", closure.pk)).status_code == 404
    client.force_login(cast.office)
    assert client.get(address("receipt", closure.pk)).status_code == 200


def test_until_further_notice_needs_no_last_day_and_takes_no_notice_of_one(client, cast):
    client.force_login(cast.leader)
    response = send(client, typed(cast.school, last_day="rod", last_part="open_ended"), follow=True)
    closure = Closure.objects.get()
    assert (closure.last_day, closure.last_part, closure.half_days) == (None, "whole", 26)
    assert "Efter 1 og 3 dage og derefter hver 7. dag spørger vi jer på mail" in response.content.decode()


def test_sent_twice_it_is_registered_once(client, cast):
    client.force_login(cast.leader)
    form = typed(cast.school)
    check(client, form)
    first, second = (send(client, form) for _ in range(2))
    assert first.url == second.url == address("receipt", Closure.objects.get().pk)
    assert "der er ikke gemt noget nyt" in client.get(second.url).content.decode()


def test_refused_and_sent_again_corrected_it_is_registered(client, cast):
    client.force_login(cast.leader)
    form = typed(cast.school, first_day="2026-11-07", last_day="2026-11-08")
    send(client, form)
    response = send(client, form | {"last_day": "2026-11-09"})
    assert response.url == address("receipt", Closure.objects.get().pk)


def test_a_session_that_ends_on_the_page_to_read_through_loses_nothing(client, cast):
    service = make_institution(name="Fritidshjemmet", parent=cast.school)
    client.force_login(cast.leader)
    sent = carried_by(check(client, typed(cast.school) | REST)) | {"services": [service.pk]}
    client.logout()
    refused = send(client, sent)
    assert refused.status_code == 401
    carried = re.search(r'name="carried" value="([^"]+)"', refused.content.decode())[1]
    response = client.post(
        "/log-ind/", {"username": "leader", "password": PASSWORD, "carried": unescape(carried)}, follow=True
    )
    form, page = response.context["form"], response.content.decode()
    assert "står i felterne igen" in page
    assert {name: form[name].value() for name in REST} == REST
    assert form["first_day"].value() == "2026-11-02"
    assert f'<input type="hidden" name="services" value="{service.pk}"' in page
    assert not Closure.objects.exists()


# --- A larger unit, and those under it ----------------------------------------------------------------------------


@pytest.fixture
def services(cast):
    """One that is open when the school is, one that opens on Saturdays alone, one that is registered already."""
    open_too = make_institution(name="Fritidshjemmet", parent=cast.school)
    on_saturdays = make_institution(name="Lørdagsskolen", parent=cast.school)
    OpeningHours.objects.create(institution=on_saturdays, halves=[0, 0, 0, 0, 0, 3, 0])
    registered = make_institution(name="Svømmehallen", parent=cast.school)
    make_closure(institution=registered, first_day=date(2026, 11, 2))
    return open_too, on_saturdays, registered


def test_it_is_asked_which_units_of_it_closed_too(client, cast, services):
    client.force_login(cast.leader)
    response = check(client, typed(cast.school))
    assert list(response.context["form"].fields["services"].queryset) == [services[0]]
    assert "Hvilke af jeres enheder lukkede også?" in response.content.decode()


def test_a_unit_without_others_under_it_is_not_asked(client, cast, services):
    client.force_login(cast.leader)
    assert "Hvilke af jeres enheder" not in check(client, typed(cast.club)).content.decode()
    assert "Hvilke af jeres enheder" not in check(client, typed(services[0])).content.decode()


def test_the_units_that_closed_too_are_closures_of_their_own_under_one_incident(client, cast, services):
    client.force_login(cast.leader)
    response = send(client, typed(cast.school, services=[services[0].pk]), follow=True)
    parent, service = Closure.objects.filter(first_day=date(2026, 11, 2), last_day=date(2026, 11, 3)).order_by("pk")
    assert (parent.institution, service.institution) == (cast.school, services[0])
    assert parent.incident == service.incident is not None
    page = response.content.decode()
    assert parent.number in page
    assert service.number in page


def test_a_unit_that_cannot_be_registered_with_it_is_said_where_it_is_chosen(client, cast, services):
    client.force_login(cast.leader)
    response = send(client, typed(cast.school, services=[services[0].pk, services[2].pk], reference="MM-4711"))
    page = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["services"]
    assert "Svømmehallen: Dagene er allerede registreret" in page
    assert "Kontrollér og send" in page
    assert "MM-4711" in page
    assert Closure.objects.count() == 1


@pytest.mark.parametrize("act", [check, send])
def test_a_unit_of_another_is_refused(client, cast, act):
    elsewhere = make_institution(parent=cast.library)
    client.force_login(cast.leader)
    response = act(client, typed(cast.school, services=[elsewhere.pk]))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["services"]
    assert not Closure.objects.exists()


# --- Reduced service: a part that is no unit ----------------------------------------------------------------------


def of_part(institution, **fields):
    return typed(institution, what="part", part="værkstedet") | fields


def test_a_part_is_registered_by_the_same_form_and_never_counted(client, cast):
    client.force_login(cast.leader)
    page = " ".join(check(client, of_part(cast.school) | REST).content.decode().split())
    assert "Nedsat drift tæller aldrig med i lukkedagene." in page
    assert "Kun en del: værkstedet" in page
    response = send(client, of_part(cast.school, first_part="last") | REST, follow=True)
    reduced = ReducedService.objects.get()
    assert response.redirect_chain == [(reduced.get_absolute_url(), 302)]
    assert "Nedsat drift er registreret." in response.content.decode()
    assert (reduced.part, reduced.institution, reduced.first_part) == ("værkstedet", cast.school, "last")
    assert {name: getattr(reduced, name) for name in REST} == REST
    assert not Closure.objects.exists()
    assert not ClosedHalfDay.objects.exists()


def test_parts_can_be_closed_beside_a_closure_and_each_other(client, cast):
    make_closure(institution=cast.school, first_day=date(2026, 11, 16), last_day=None, today=date(2026, 11, 18))
    client.force_login(cast.leader)
    for part in ("værkstedet", "svømmehallen"):
        form = of_part(cast.school, part=part, first_day="2026-11-16", last_part="open_ended")
        assert check(client, form).status_code == 200
        assert send(client, form).status_code == 302
    assert ReducedService.objects.filter(last_day=None).count() == 2


def test_a_part_sent_twice_is_registered_once(client, cast):
    client.force_login(cast.leader)
    form = of_part(cast.school)
    first, second = (send(client, form) for _ in range(2))
    assert first.url == second.url == ReducedService.objects.get().get_absolute_url()


def test_the_parts_one_sees_are_those_of_one_s_institutions(client, cast):
    own, other = (make_reduced_service(institution=each) for each in (cast.school, cast.library))
    client.force_login(cast.leader)
    page = client.get(address("reduced_service_list")).content.decode()
    assert own.part in page
    assert other.part not in page
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [5, 50])
def test_the_list_of_parts_asks_the_same_however_long(client, cast, django_assert_num_queries, count):
    for _ in range(count):
        make_reduced_service(institution=make_institution())
    client.force_login(cast.office)
    client.get(address("reduced_service_list"))
    with django_assert_num_queries(7):
        client.get(address("reduced_service_list"), headers={"HX-Request": "true"})


def test_a_part_is_changed_by_who_reports_it(client, cast):
    reduced = make_reduced_service(institution=cast.school)
    client.force_login(cast.deputy)
    form = of_part(cast.school, part="køkkenet", last_part="open_ended", version=reduced.version)
    assert client.post(address("reduced_service_change", reduced.pk), form).url == reduced.get_absolute_url()
    reduced.refresh_from_db()
    assert (reduced.part, reduced.last_day) == ("køkkenet", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"part": ""}, "part"),
        ({"part": "0101901234"}, "part"),
        ({"first_day": "2026-11-05"}, "last_day"),
        ({"first_day": "29.02.2027"}, "first_day"),
        ({"first_day": "2026-11-07", "last_day": "2026-11-08"}, "__all__"),
        ({"last_day": "2026-11-02", "first_part": "last", "last_part": "first"}, "__all__"),
        ({"first_day": "2026-12-24", "last_day": "2026-12-24"}, "first_day"),
        ({"kind": "undistinguished"}, "kind"),
        ({"account": "nul\0tegn"}, "account"),
        ({"version": "99"}, "__all__"),
    ],
)
def test_a_wrong_change_of_a_part_is_said_and_not_stored(client, cast, wrong, field):
    reduced = make_reduced_service(institution=cast.school)
    client.force_login(cast.leader)
    form = of_part(cast.school, version=reduced.version, reference="MM-4711") | wrong
    response = client.post(address("reduced_service_change", reduced.pk), form)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "MM-4711" in response.content.decode()
    assert ReducedService.objects.get().version == reduced.version


def test_a_deleted_part_stays_in_the_history(client, cast):
    reduced = make_reduced_service(institution=cast.school, part="svømmehallen")
    client.force_login(cast.leader)
    response = client.post(address("reduced_service_delete", reduced.pk), follow=True)
    assert "Den nedsatte drift af svømmehallen er slettet." in response.content.decode()
    assert not ReducedService.objects.exists()
    events = ReducedService.pgh_event_model.objects.filter(pgh_obj_id=reduced.pk).order_by("pgh_id")
    assert [(event.pgh_label, event.part) for event in events] == [
        ("insert", "svømmehallen"),
        ("delete", "svømmehallen"),
    ]


@pytest.mark.parametrize(("person", "status"), [("other_leader", 404), ("approver", 403), ("member", 403)])
@pytest.mark.parametrize("act", ["reduced_service_change", "reduced_service_delete"])
def test_another_s_part_cannot_be_acted_on(client, cast, person, status, act):
    reduced = make_reduced_service(institution=cast.school)
    client.force_login(getattr(cast, person))
    assert client.post(address(act, reduced.pk), of_part(cast.school, version=1)).status_code == status
    assert ReducedService.objects.get().version == 1


def test_parts_between_two_days_are_those_with_a_day_there(cast):
    whole_year = (date(2026, 1, 1), date(2026, 12, 31))
    days = [("2025-12-30", "2025-12-31"), ("2025-12-30", "2026-01-02"), ("2025-06-02", None), ("2027-01-04", None)]
    for first_day, last_day in days:
        make_reduced_service(
            institution=cast.school,
            part=first_day,
            first_day=date.fromisoformat(first_day),
            last_day=last_day and date.fromisoformat(last_day),
            today=date(2027, 1, 4),
        )
    found = ReducedService.objects.of(cast.school).between(*whole_year)
    assert [(each.part, each.last_day) for each in found] == [("2025-12-30", date(2026, 1, 2)), ("2025-06-02", None)]
    assert not ReducedService.objects.of(cast.library).exists()


# --- The live count -----------------------------------------------------------------------------------------------


def counted(client, **fields):
    response = client.get(address("closure_count"), fields, headers={"HX-Request": "true"})
    return " ".join(response.content.decode().split())


def test_the_count_is_told_while_it_is_typed(client, cast):
    client.force_login(cast.leader)
    dates = {"first_day": "2026-03-30", "first_part": "last", "last_day": "02-04-2026", "last_part": "whole"}
    assert counted(client, institution=cast.school.pk, **dates) == (
        "<p>Tæller 2½ dage: mandag (sidste del), tirsdag, onsdag. Skærtorsdag tæller ikke.</p>"
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"institution": ""}, "Vælg en institution"),
        ({"first_day": "rod"}, "»rod« er ikke en dato"),
        ({"last_day": "2026-10-01"}, "ligger før første"),
        ({"first_day": "2027-02-01", "last_day": "2027-02-01"}, "højst registreres 14 dage frem"),
        ({"first_day": "2026-11-16", "last_part": "open_ended"}, "Tæller 3 dage: mandag, tirsdag, onsdag."),
        ({"first_day": "2026-11-20", "last_part": "open_ended"}, "Tæller ingen dage endnu."),
        ({"what": "part"}, "Nedsat drift tæller aldrig med i lukkedagene."),
    ],
)
def test_the_count_says_what_is_missing_or_wrong(client, cast, fields, told):
    client.force_login(cast.leader)
    usual = {"institution": cast.school.pk, "first_day": "2026-11-02", "first_part": "whole", "last_part": "whole"}
    assert told in counted(client, **({"last_day": "2026-11-03"} | usual | fields))


def test_the_count_says_that_a_day_is_taken_but_not_by_the_closure_that_is_changed(client, cast):
    other = make_closure(institution=cast.school, first_day=date(2026, 11, 3))
    client.force_login(cast.leader)
    dates = {"first_day": "2026-11-02", "last_day": "2026-11-03", "first_part": "whole", "last_part": "whole"}
    told = counted(client, institution=cast.school.pk, **dates)
    assert f'Dagene er allerede registreret: <a href="{other.get_absolute_url()}">{other.number}</a>' in told
    assert "Tæller 2 dage" in counted(client, institution=cast.school.pk, closure=other.pk, **dates)


def test_the_count_says_nothing_of_another_s_institution(client, cast):
    client.force_login(cast.leader)
    assert "Vælg en institution" in counted(client, institution=cast.library.pk, first_day="2026-11-02")


def test_the_count_is_a_page_without_scripts(client, cast):
    client.force_login(cast.leader)
    dates = {"first_day": "2026-11-02", "last_day": "2026-11-03", "first_part": "whole", "last_part": "whole"}
    page = client.get(address("closure_count"), {"institution": cast.school.pk} | dates).content.decode()
    assert "Tæller 2 dage: mandag, tirsdag." in page
