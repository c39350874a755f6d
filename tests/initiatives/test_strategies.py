"""Strategies, principles, and the rows of the table, which the office orders and edits."""

import uuid

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from initiatives.models import Initiative, Principle, PrincipleEntry, Strategy
from sikkerby.history import changes_of
from tests.factories import make_administration, make_initiative, make_principle, make_strategy

pytestmark = pytest.mark.django_db


def make_entry(principle, name, **fields):
    entry = PrincipleEntry(initiative=make_initiative(name=name), text=f"Om {name}.", **fields)
    return entry.add_to(principle)


def names(principle):
    return [entry.initiative.name for entry in principle.entries.for_table()]


def principle_data(**changes):
    return {
        "key": uuid.uuid4(),
        "kind": "professional",
        "number": "1",
        "title": "Et trygt natteliv",
        "text": "",
    } | changes


# --- Reading ------------------------------------------------------------------------------------------------------


def test_principles_are_numbered_anew_for_each_kind_and_read_in_order(cast):
    strategy = make_strategy(slug="2018-2021")
    for kind, number in (("addendum", 1), ("principle", 2), ("principle", 1), ("focus_area", 4), ("goal", 1)):
        Principle.objects.create(strategy=strategy, kind=kind, number=number, title="Titel")
    assert [each.slug for each in strategy.principles.all()] == [
        "maalsaetning-1",
        "indsatsomraade-4",
        "princip-1",
        "princip-2",
        "tillaeg-1",
    ]


def test_strategy_without_adoption_says_so(client, cast):
    make_strategy(slug="2022-2025")
    client.force_login(cast.office)
    assert client.get("/strategi/2022-2025/").content.decode().count("ikke oplyst") == 2
    assert "Vedtagelse: ikke oplyst" in client.get("/strategi/").content.decode()


def test_the_table_stands_on_the_strategys_page(client, cast):
    strategy = make_strategy(slug="2022-2025")
    principle = make_principle(strategy=strategy, number=5, title="Et trygt natteliv")
    make_entry(principle, "Natteværterne")
    client.force_login(cast.contributor)
    page = client.get("/strategi/2022-2025/").content.decode()
    assert page.index("Fagprincip 5") < page.index("Natteværterne") < page.index("Om Natteværterne.")
    assert "Tilføj princip" not in page


def test_a_principle_shows_what_it_continues_and_what_continues_it(client, cast):
    earlier = make_principle(strategy=make_strategy(slug="2018-2021", first_year=2018, last_year=2021), title="Bander")
    later = make_principle(strategy=make_strategy(slug="2022-2025"), title="Rockere og bander", continues=earlier)
    client.force_login(cast.contributor)
    assert earlier.get_absolute_url() in client.get(later.get_absolute_url()).content.decode()
    assert later.get_absolute_url() in client.get(earlier.get_absolute_url()).content.decode()


def test_number_of_queries_is_the_same_for_one_row_and_three(client, cast, django_assert_num_queries):
    strategy = make_strategy(slug="2022-2025")
    first = make_principle(strategy=strategy, number=1)
    make_entry(first, "Halværter").administrations.set([make_administration(name="KFF", abbreviation="K")])
    client.force_login(cast.contributor)
    client.get("/strategi/2022-2025/")
    with django_assert_num_queries(STRATEGY_QUERIES):
        client.get("/strategi/2022-2025/")
    for number in (2, 3):
        make_entry(make_principle(strategy=strategy, number=number), f"Indsats {number}")
        make_entry(first, f"Række {number}")
    with django_assert_num_queries(STRATEGY_QUERIES):
        client.get("/strategi/2022-2025/")


STRATEGY_QUERIES = 9  # session, person, roles, the transaction's two ends, what waits; strategy, principles, rows


# --- Editing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["contributor", "approver"])
@pytest.mark.parametrize("address", ["ny/", "2022-2025/ret/", "2022-2025/princip/ny/", "2022-2025/fagprincip-1/ret/"])
def test_only_the_office_edits_strategies(client, cast, role, address):
    make_principle(strategy=make_strategy(slug="2022-2025"))
    client.force_login(getattr(cast, role))
    assert client.get(f"/strategi/{address}").status_code == 403
    assert client.post(f"/strategi/{address}").status_code == 403


def test_a_member_sees_no_strategy(client, cast):
    make_strategy(slug="2022-2025")
    client.force_login(cast.member)
    assert client.get("/strategi/2022-2025/").status_code == 403


def test_new_strategy_and_principle_sent_twice_are_made_once(client, cast):
    client.force_login(cast.office)
    data = {"key": uuid.uuid4(), "name": "Næste strategi", "slug": "2026-2029", "first_year": 2026, "last_year": 2029}
    for _ in range(2):
        assert client.post("/strategi/ny/", data).url == "/strategi/2026-2029/"
    data = principle_data()
    for _ in range(2):
        assert client.post("/strategi/2026-2029/princip/ny/", data).url == "/strategi/2026-2029/fagprincip-1/"
    assert (Strategy.objects.count(), Principle.objects.count()) == (1, 1)


def test_a_number_used_in_the_strategy_is_refused_with_all_typed_kept(client, cast):
    strategy = make_strategy(slug="2022-2025")
    make_principle(strategy=strategy, number=1)
    make_principle(strategy=make_strategy(slug="2018-2021", first_year=2018, last_year=2021), number=2)
    client.force_login(cast.office)
    refused = client.post("/strategi/2022-2025/princip/ny/", principle_data(text="Hele ordlyden."))
    assert refused.status_code == 422
    assert "Nummeret er allerede brugt i strategien. Vælg et andet." in refused.content.decode()
    assert "Hele ordlyden." in refused.content.decode()
    assert client.post("/strategi/2022-2025/princip/ny/", principle_data(number="2")).status_code == 302


def test_years_the_wrong_way_round_are_refused(client, cast):
    client.force_login(cast.office)
    data = {"key": uuid.uuid4(), "name": "Baglæns", "slug": "baglaens", "first_year": 2025, "last_year": 2022}
    refused = client.post("/strategi/ny/", data)
    assert refused.status_code == 422
    assert "Strategiens sidste år ligger før det første." in refused.content.decode()
    assert not Strategy.objects.exists()


@pytest.mark.parametrize("slug", ["ny", "æøå", "2022/2025", "2022 2025", "Stor"])
def test_an_address_that_would_not_work_is_refused(client, cast, slug):
    client.force_login(cast.office)
    data = {"key": uuid.uuid4(), "name": "Strategi", "slug": slug, "first_year": 2022, "last_year": 2025}
    refused = client.post("/strategi/ny/", data)
    assert refused.status_code == 422
    assert "Brug kun små bogstaver fra a til z, tal og bindestreger" in refused.content.decode()


def test_a_principles_address_follows_its_number(client, cast):
    principle = make_principle(strategy=make_strategy(slug="2022-2025"), number=1, title="Gammel")
    client.force_login(cast.office)
    data = principle_data(number="3", title="Ny", version=principle.version)
    assert client.post(f"{principle.get_absolute_url()}ret/", data).url == "/strategi/2022-2025/fagprincip-3/"
    event = next(changes_of(principle))
    assert {(change.label, change.before, change.after) for change in event.changes} == {
        ("nummer", "1", "3"),
        ("kort titel", "Gammel", "Ny"),
    }


def test_a_principle_continues_only_an_earlier_strategys(client, cast):
    strategy = make_strategy(slug="2022-2025")
    own = make_principle(strategy=strategy, number=1)
    client.force_login(cast.office)
    refused = client.post("/strategi/2022-2025/princip/ny/", principle_data(number="2", continues=own.pk))
    assert refused.status_code == 422
    assert Principle.objects.count() == 1


# --- Rows of the table --------------------------------------------------------------------------------------------


def test_a_row_is_added_last_and_an_initiative_can_have_two(client, cast):
    principle = make_principle(strategy=make_strategy(slug="2022-2025"))
    row = make_entry(principle, "Natteværterne")
    client.force_login(cast.office)
    data = {
        "key": uuid.uuid4(),
        "initiative": row.initiative.pk,
        "text": "De holder ugentlige møder.",
        "administrations": [cast.kff.pk, cast.buf.pk],
    }
    made = client.post(f"{principle.get_absolute_url()}raekker/ny/", data)
    client.post(f"{principle.get_absolute_url()}raekker/ny/", data)
    assert [entry.text for entry in principle.entries.all()] == ["Om Natteværterne.", "De holder ugentlige møder."]
    added = principle.entries.last()
    assert made.url == f"{principle.get_absolute_url()}#raekke-{added.pk}"
    assert set(added.administrations.all()) == {cast.kff, cast.buf}


def test_rows_move_up_and_down_and_not_beyond_the_ends(client, cast):
    principle = make_principle()
    rows = [make_entry(principle, name) for name in ("A", "B", "C")]
    client.force_login(cast.office)
    client.post(reverse("initiatives:entry_up", args=[rows[2].pk]))
    assert names(principle) == ["A", "C", "B"]
    client.post(reverse("initiatives:entry_down", args=[rows[0].pk]))
    assert names(principle) == ["C", "A", "B"]
    client.post(reverse("initiatives:entry_up", args=[rows[2].pk]))
    client.post(reverse("initiatives:entry_down", args=[rows[1].pk]))
    assert names(principle) == ["C", "A", "B"]


def test_a_removed_row_leaves_the_initiative_and_the_order(client, cast):
    principle = make_principle()
    rows = [make_entry(principle, name) for name in ("A", "B", "C")]
    client.force_login(cast.office)
    client.post(reverse("initiatives:entry_remove", args=[rows[1].pk]))
    client.post(reverse("initiatives:entry_up", args=[rows[2].pk]))
    assert names(principle) == ["C", "A"]
    assert Initiative.objects.count() == 3


@pytest.mark.parametrize("act", ["entry_up", "entry_down", "entry_remove", "entry_edit"])
def test_a_contributor_does_not_touch_the_table(client, cast, act):
    principle = make_principle()
    row = make_entry(principle, "A")
    make_entry(principle, "B")
    client.force_login(cast.contributor)
    assert client.post(reverse(f"initiatives:{act}", args=[row.pk]), {"text": "Ændret"}).status_code == 403
    assert names(principle) == ["A", "B"]


def test_two_rows_never_share_a_place():
    principle = make_principle()
    first, second = make_entry(principle, "A"), make_entry(principle, "B")
    PrincipleEntry.objects.filter(pk=second.pk).update(order=first.order)
    with pytest.raises(IntegrityError):
        connection.check_constraints()  # as at the end of a request: until then two rows may change places
