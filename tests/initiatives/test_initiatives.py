"""Initiatives: who may edit which, how they are listed and found, and what the form refuses."""

import csv
import io
import uuid
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from initiatives.models import Carrier, Evaluation, Funding, Initiative, PrincipleEntry, Target
from sikkerby.history import changes_of
from tests.factories import make_district, make_initiative, make_principle, make_strategy

pytestmark = pytest.mark.django_db


def typed(cast, **changes):
    """What the form sends for an initiative that KFF carries."""
    data = {
        "key": uuid.uuid4(),
        "name": "Aftenværterne",
        "status": "running",
        "summary": "",
        "begins_precision": "day",
        "ends_precision": "day",
        f"role_{cast.kff.pk}": "equal",
    }
    return {name: value for name, value in (data | changes).items() if value is not None}


def edit(initiative):
    return reverse("initiatives:initiative_edit", args=[initiative.pk])


# --- Whose they are -----------------------------------------------------------------------------------------------


def test_a_contributor_edits_what_the_own_administration_carries(client, cast):
    initiative = make_initiative(name="Halværter", carried_by=cast.kff)
    client.force_login(cast.contributor)
    data = typed(cast, name="Halværterne", version=initiative.version)
    assert client.post(edit(initiative), data).url == initiative.get_absolute_url()
    initiative.refresh_from_db()
    assert initiative.name == "Halværterne"


def test_a_contributor_sees_the_others_and_does_not_edit_them(client, cast):
    initiative = make_initiative(name="Det Gode Fritidsliv", carried_by=cast.buf)
    client.force_login(cast.contributor)
    page = client.get(initiative.get_absolute_url())
    assert page.status_code == 200
    assert "Ret indsatsen" not in page.content.decode()
    assert client.get(edit(initiative)).status_code == 403
    assert client.post(edit(initiative), typed(cast, version=initiative.version)).status_code == 403
    initiative.refresh_from_db()
    assert initiative.name == "Det Gode Fritidsliv"


def test_an_initiative_of_two_administrations_is_edited_by_both(cast):
    initiative = make_initiative(carried_by=cast.kff)
    Carrier.objects.create(initiative=initiative, administration=cast.buf)
    for user in (cast.contributor, cast.other_contributor):
        assert initiative in Initiative.objects.editable_by(user)
    assert not Initiative.objects.editable_by(cast.approver).exists()


def test_a_missing_initiative_is_404(client, cast):
    client.force_login(cast.contributor)
    assert client.get("/indsatser/999/").status_code == 404
    assert client.post("/indsatser/999/ret/").status_code == 404


@pytest.mark.parametrize("role", ["leader", "contact", "member", "secretary", "administrator", "nobody"])
def test_others_see_no_initiatives(client, cast, role):
    initiative = make_initiative()
    client.force_login(getattr(cast, role))
    assert client.get("/indsatser/").status_code == 403
    assert client.get(initiative.get_absolute_url()).status_code == 403
    assert not Initiative.objects.visible_to(getattr(cast, role)).exists()


# --- Making and changing ------------------------------------------------------------------------------------------


def test_sent_twice_it_is_made_once_with_its_carriers(client, cast):
    client.force_login(cast.office)
    data = typed(cast) | {f"role_{cast.buf.pk}": "lead", "districts": [make_district(name="Valby").pk]}
    first, second = (client.post("/indsatser/ny/", data) for _ in range(2))
    initiative = Initiative.objects.get()
    assert first.url == second.url == initiative.get_absolute_url()
    assert {(each.administration, each.role) for each in initiative.carriers.all()} == {
        (cast.kff, "equal"),
        (cast.buf, "lead"),
    }
    assert initiative.where == "Valby"


def test_roles_are_changed_and_the_lead_handed_over(client, cast):
    initiative = make_initiative(name="SSP+")
    initiative.set_carriers({cast.kff: "lead"})
    client.force_login(cast.office)
    data = typed(cast, name="SSP+", version=initiative.version)
    data |= {f"role_{cast.kff.pk}": "takes_part", f"role_{cast.buf.pk}": "lead"}
    assert client.post(edit(initiative), data).status_code == 302
    assert initiative.carriers_text == "BUF (ansvarlig), KFF (medvirker)"
    data = typed(cast, name="SSP+", version=initiative.version + 1)
    assert client.post(edit(initiative), data).status_code == 302
    assert Initiative.objects.get().carriers_text == "KFF"


def test_two_leads_are_refused(client, cast):
    client.force_login(cast.office)
    data = typed(cast) | {f"role_{cast.kff.pk}": "lead", f"role_{cast.buf.pk}": "lead"}
    refused = client.post("/indsatser/ny/", data)
    assert refused.status_code == 422
    assert "Kun én forvaltning kan være ansvarlig." in refused.content.decode()
    assert not Initiative.objects.exists()


def test_a_contributor_keeps_the_own_administration_in(client, cast):
    client.force_login(cast.contributor)
    data = typed(cast) | {f"role_{cast.kff.pk}": "", f"role_{cast.buf.pk}": "lead"}
    refused = client.post("/indsatser/ny/", data)
    assert refused.status_code == 422
    assert "Giv din egen forvaltning en rolle." in refused.content.decode()
    assert not Initiative.objects.exists()


def test_a_stale_save_shows_both_versions_and_overwrites_nothing(client, cast):
    initiative = make_initiative(name="SSP+", summary="Som det var.", carried_by=cast.kff)
    before = initiative.version
    client.force_login(cast.office)
    client.post(edit(initiative), typed(cast, name="SSP+", summary="Kontorets tekst.", version=before))
    client.force_login(cast.contributor)
    mine = typed(cast, name="SSP+", summary="Forvaltningens tekst.", version=before)
    stale = client.post(edit(initiative), mine)
    page = stale.content.decode()
    assert stale.status_code == 422
    assert "Kontorets tekst." in page
    assert "Forvaltningens tekst." in page
    initiative.refresh_from_db()
    assert initiative.summary == "Kontorets tekst."
    assert client.post(edit(initiative), mine | {"version": initiative.version}).status_code == 302
    initiative.refresh_from_db()
    assert initiative.summary == "Forvaltningens tekst."


def test_history_names_who_changed_what(client, cast):
    initiative = make_initiative(name="SSP+", summary="Før", carried_by=cast.kff)
    client.force_login(cast.contributor)
    client.post(edit(initiative), typed(cast, name="SSP+", summary="Efter", version=initiative.version))
    event = next(changes_of(initiative))
    assert (event.by, [(each.label, each.before, each.after) for each in event.changes]) == (
        cast.contributor.name,
        [("kort om indsatsen", "Før", "Efter")],
    )


AS_THE_PICKER_HAS_IT = {"01-06-2024": "2024-06-01", "01-06-2023": "2023-06-01", "01-01-9999": "9999-01-01"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"age_from": "25", "age_to": "17,5"}, "Den højeste alder er lavere end den laveste. Ret en af dem."),
        ({"age_from": "17,3"}, "Alderen skal være i hele eller halve år, for eksempel 17,5."),
        ({"age_from": "17.5"}, "Skriv et tal med komma foran decimalerne"),
        ({"age_to": "130"}, "Alderen kan ikke være over 120 år."),
        ({"begins": "01-06-2024", "ends": "01-06-2023"}, "Indsatsen kan ikke slutte, før den begynder."),
        ({"begins": "29.02.2027"}, "»29.02.2027« er ikke en dato, der findes."),
        ({"begins": "01-01-9999"}, "Årstallet skal ligge mellem 2000 og 2100."),
        ({"summary": "Borgeren 010190-1234 bor her."}, "Teksten ser ud til at indeholde et CPR-nummer."),
        ({"summary": "x" * 20_001}, "20000"),
        ({"name": "Findes allerede"}, "Der er allerede en indsats med det navn. Vælg et andet."),
    ],
)
def test_bad_input_is_refused_with_the_remedy_and_kept(client, cast, changes, message):
    make_initiative(name="Findes allerede")
    client.force_login(cast.office)
    refused = client.post("/indsatser/ny/", typed(cast, target_group="Det, jeg skrev", **changes))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert message in page
    assert "Det, jeg skrev" in page
    for value in changes.values():
        assert AS_THE_PICKER_HAS_IT.get(value, value[:100]) in page
    assert Initiative.objects.count() == 1


@pytest.mark.parametrize("age", ["17.3", "0.25"])
def test_the_database_takes_halves_only(age):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_initiative(age_from=Decimal(age))


def test_ages_with_halves_are_printed_as_said(client, cast):
    initiative = make_initiative(age_from=Decimal("17.5"), age_to=25)
    client.force_login(cast.office)
    assert "17½–25 år" in client.get(initiative.get_absolute_url()).content.decode()
    assert 'value="17,5"' in client.get(edit(initiative)).content.decode()


# --- Lists --------------------------------------------------------------------------------------------------------


def listed(client, query=""):
    """The names in the list, as the page and as the CSV have them."""
    rows = csv.reader(
        io.StringIO(client.get(f"/indsatser/?format=csv&{query}").content.decode("utf-8-sig")), delimiter=";"
    )
    names = [row[0] for row in list(rows)[1:]]
    shown = [each.name for each in client.get(f"/indsatser/?{query}").context["page"].items]
    assert shown == names
    return names


def test_the_list_is_in_danish_order(client, cast):
    for name in ("Åbne gader", "Zebra", "Ældre i byen", "Aabenhed", "Øst", "Aften"):
        make_initiative(name=name)
    client.force_login(cast.contributor)
    assert listed(client) == ["Aften", "Zebra", "Ældre i byen", "Øst", "Aabenhed", "Åbne gader"]


def test_filters_narrow_list_and_csv_alike(client, cast):
    nørrebro, valby = make_district(name="Nørrebro"), make_district(name="Valby")
    strategy = make_strategy(slug="2022-2025")
    first, second = (make_principle(strategy=strategy, number=number) for number in (1, 2))
    a = make_initiative(name="A", carried_by=cast.kff, status="ended")
    b = make_initiative(name="B", carried_by=cast.buf, city_wide=True)
    c = make_initiative(name="C")
    a.districts.add(nørrebro)
    for principle, initiative in ((first, a), (first, a), (second, b)):
        PrincipleEntry(initiative=initiative, text="…").add_to(principle)
    Funding.objects.create(initiative=c, budget_year=2024, granted=500_001)
    Funding.objects.create(initiative=b, budget_year=2024, granted=500_000)
    Evaluation.objects.create(initiative=a, year=2020, title="Ikke fulgt op")
    Evaluation.objects.create(initiative=b, year=2020, title="Fulgt op", followed_up_on=date(2022, 3, 1))
    Evaluation.objects.create(initiative=c, year=2099, title="Endnu ikke")
    client.force_login(cast.contributor)
    assert listed(client) == ["A", "B", "C"]
    assert listed(client, "princip=2022-2025") == ["A", "B"]
    assert listed(client, "princip=2022-2025/fagprincip-1") == ["A"]
    assert listed(client, "forvaltning=KFF") == ["A"]
    assert listed(client, f"bydel={nørrebro.pk}") == ["A", "B"]
    assert listed(client, f"bydel={valby.pk}") == ["B"]
    assert listed(client, "status=ended") == ["A"]
    assert listed(client, "effektmaal=mangler") == ["C"]
    assert listed(client, "effektmaal=mine") == []
    assert "Mangler i mine indsatser" in client.get("/indsatser/").content.decode()
    assert listed(client, "evaluering=opfoelgning") == ["A"]
    assert listed(client, "princip=2022-2025&forvaltning=BUF") == ["B"]
    assert listed(client, "q=findes+slet+ikke") == []


def test_an_effect_measure_is_needed_above_half_a_million(cast):
    initiative = make_initiative(carried_by=cast.kff)
    for year, source, granted in ((2024, "Budget", 300_000), (2025, "Budget", 250_000), (2025, "Pulje", 250_000)):
        Funding.objects.create(initiative=initiative, budget_year=year, source=source, granted=granted)
    assert not Initiative.objects.lacking_effect_measure().exists()
    Funding.objects.create(initiative=initiative, budget_year=2025, source="Fond", granted=Decimal("0.01"))
    assert initiative in Initiative.objects.needing(cast.contributor)
    assert not Initiative.objects.needing(cast.other_contributor).exists()
    assert not Initiative.objects.needing(cast.approver).exists()
    Target.objects.create(initiative=initiative, text="Mål", measure="antal", unit="stk.", direction="up")
    assert not Initiative.objects.needing(cast.contributor).exists()


def test_what_the_filter_does_not_understand_filters_nothing(client, cast):
    make_initiative(name="A")
    client.force_login(cast.office)
    assert listed(client, "princip=findes/ikke&forvaltning=XYZ&bydel=abc&status=nej") == ["A"]


def test_the_second_page_goes_on_where_the_first_ended(client, cast):
    for number in range(52):
        make_initiative(name=f"Indsats {number:02}")
    client.force_login(cast.office)
    first = client.get("/indsatser/").context["page"]
    second = client.get(first.next_url).context["page"]
    last = client.get(first.last_url).context["page"]
    assert [each.name for each in (*first.items, *second.items)] == [f"Indsats {number:02}" for number in range(52)]
    assert last.items[-1].name == "Indsats 51"
    assert (first.count_text, first.previous_url, second.next_url) == ("52 indsatser", None, None)
    assert [each.name for each in client.get(second.previous_url).context["page"].items] == [
        each.name for each in first.items
    ]


def test_the_spreadsheet_has_the_list_with_ages_as_numbers(client, cast):
    make_initiative(name="=1+1", age_from=Decimal("17.5"), carried_by=cast.kff)
    client.force_login(cast.office)
    file = io.BytesIO(client.get("/indsatser/?format=xlsx").content)
    heading, row = openpyxl.load_workbook(file).active.iter_rows(values_only=True)
    found = dict(zip(heading, row, strict=True))
    assert (found["Indsats"], found["Alder fra"], found["Forvaltninger"]) == ("=1+1", 17.5, "KFF")


def test_a_bad_cursor_is_404(client, cast):
    client.force_login(cast.office)
    for query in ("efter=abc", "foer=", "efter=W10"):
        assert client.get(f"/indsatser/?{query}").status_code == 404


def test_a_formula_in_the_csv_is_harmless(client, cast):
    make_initiative(name="=1+1")
    client.force_login(cast.office)
    assert "'=1+1" in client.get("/indsatser/?format=csv").content.decode()


@pytest.mark.parametrize("query", ["lukning", "sommerferielukning", "sommerferielukninger"])
def test_search_finds_part_of_a_compound(cast, query):
    initiative = make_initiative(name="Hjælp ved sommerferielukning")
    make_initiative(name="Halværter")
    assert list(Initiative.objects.matching(query)) == [initiative]


@pytest.mark.parametrize(
    ("query", "is_found"),
    [("hjælp ferielukning", True), ("hjælp nattevagt", False), ('"ved hjælp"', False), ("lukning -hjælp", False)],
)
def test_search_for_several_words_finds_what_has_them_all_as_they_are_asked_for(cast, query, is_found):
    make_initiative(name="Hjælp ved sommerferielukning")
    assert Initiative.objects.matching(query).exists() is is_found


# Session, person, roles, the transaction's two ends, what waits; four choices of the filter; count, page, carriers,
# districts.
LIST_QUERIES = 14


def test_number_of_queries_is_the_same_for_one_initiative_and_three(client, cast, django_assert_num_queries):
    def make(name):
        initiative = make_initiative(name=name, carried_by=cast.kff)
        Carrier.objects.create(initiative=initiative, administration=cast.buf)
        initiative.districts.add(make_district(name="Valby"))

    make_principle()
    make("A")
    client.force_login(cast.contributor)
    client.get("/indsatser/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/indsatser/")
    make("B")
    make("C")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/indsatser/")


def test_the_part_swapped_in_is_the_part_of_the_page(client, cast):
    make_initiative(name="A")
    client.force_login(cast.office)
    part = client.get("/indsatser/?q=a", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.strip() in client.get("/indsatser/?q=a").content.decode()
