"""The demo data holds the facts of the papers, neither more nor fewer."""

from datetime import date

import pytest
from django.db.models import Count

import initiatives.demo
import sikkerby.demo
from initiatives.models import Evaluation, Initiative, Principle, PrincipleEntry, Strategy, Target
from sikkerby.templatetags.danish import age, approximate

TODAY = date(2026, 11, 22)


@pytest.fixture
def demo(db):
    sikkerby.demo.load(today=TODAY)
    initiatives.demo.load(today=TODAY)


def abbreviations(entry: PrincipleEntry) -> set[str]:
    return set(entry.administrations.values_list("abbreviation", flat=True))


def test_the_table_of_2022_has_51_rows_under_seven_principles(demo):
    principles = Principle.objects.filter(strategy__slug="2022-2025")
    assert [(each.slug, each.entries.count()) for each in principles] == [
        ("grundprincip-1", 10),
        ("grundprincip-2", 8),
        ("fagprincip-1", 9),
        ("fagprincip-2", 5),
        ("fagprincip-3", 5),
        ("fagprincip-4", 9),
        ("fagprincip-5", 5),
    ]
    assert PrincipleEntry.objects.filter(principle__strategy__slug="2022-2025").count() == 51


def test_the_51_rows_are_46_initiatives(demo):
    strategy = Strategy.objects.get(slug="2022-2025")
    several = {
        name: rows
        for name, rows in Initiative.objects.filter(entries__principle__strategy=strategy)
        .annotate(rows=Count("entries"))
        .values_list("name", "rows")
        if rows > 1
    }
    assert several == {
        "Natteværterne": 4,
        "Infohus København": 2,
        "Helhedsorienteret familieindsats (HFI) på Nørrebro og Bispebjerg": 2,
    }
    assert Initiative.objects.under(strategy=strategy).count() == 46


def test_natteværterne_have_two_rows_under_one_principle(demo):
    rows = PrincipleEntry.objects.filter(initiative__name="Natteværterne").values_list("principle__slug", flat=True)
    assert sorted(rows) == ["fagprincip-4", "fagprincip-5", "grundprincip-1", "grundprincip-1"]


def test_the_rows_name_the_administrations_that_the_paper_does(demo):
    family = "Helhedsorienteret familieindsats (HFI) på Nørrebro og Bispebjerg"
    third = PrincipleEntry.objects.get(initiative__name=family, principle__slug="fagprincip-3")
    fourth = PrincipleEntry.objects.get(initiative__name=family, principle__slug="fagprincip-4")
    assert abbreviations(third) == {"KFF", "SOF", "BIF", "SUF"}
    assert abbreviations(fourth) == {"KFF", "BUF", "SOF", "BIF"}
    named_by_nobody = PrincipleEntry.objects.filter(
        principle__strategy__slug="2022-2025", administrations__isnull=True
    ).count()
    assert named_by_nobody == 24


def test_tryghedsvagter_are_two_things(demo):
    trains, streets = Initiative.objects.filter(name__startswith="Tryghedsvagter").order_by("begins")
    assert (trains.name, approximate(trains.begins, trains.begins_precision)) == (
        "Tryghedsvagter i S-togene",
        "sommeren 2022",
    )
    assert set(streets.carried_by.values_list("abbreviation", flat=True)) == {"TMF"}


def test_ages_are_in_halves(demo):
    aged = Initiative.objects.filter(age_from__isnull=False)
    assert {(age(each.age_from), age(each.age_to)) for each in aged} == {
        ("10", "17"),
        ("15", "24"),
        ("18", "25"),
        ("17½", "25"),
    }


def test_dates_are_as_they_were_said(demo):
    violence = Initiative.objects.get(name="Myndighedssamarbejde mod partnervold")
    assert approximate(violence.begins, violence.begins_precision) == "andet halvår 2024"
    package = Initiative.objects.get(name="Tryghedspakken i Voldparken")
    assert approximate(package.begins, package.begins_precision) == "juni 2012"


def test_the_strategies_and_their_principles(demo):
    counted = {
        strategy.slug: [(each.kind, each.number) for each in strategy.principles.all()]
        for strategy in Strategy.objects.all()
    }
    assert counted == {
        "2022-2025": [("basic", 1), ("basic", 2), *(("professional", number) for number in range(1, 6))],
        "2018-2021": [*(("principle", number) for number in range(1, 6)), ("addendum", 1)],
        "2010-2017": [*(("goal", number) for number in range(1, 5)), ("focus_area", 4)],
    }
    adopted = dict(Strategy.objects.values_list("slug", "adopted_on"))
    assert adopted == {"2022-2025": None, "2018-2021": date(2018, 3, 1), "2010-2017": None}
    assert Principle.objects.get(kind="addendum").adopted_on == date(2019, 10, 31)


def test_the_target_of_focus_area_4_counts_closures_and_stores_no_figures(demo):
    target = Target.objects.get(principle__slug="indsatsomraade-4")
    assert (target.source, target.baseline, target.goal, target.measurements.count()) == ("closures", None, 0, 0)
    assert target.principle.entries.count() == 5


def test_the_evaluations_of_2023_and_2024_are_due_two_years_later(demo):
    assert sorted(Evaluation.objects.values_list("year", flat=True)) == [2023, 2023, 2024, 2024]
    assert Evaluation.objects.due_in(2025).count() == 2
    assert Evaluation.objects.due_in(2026).count() == 4


def test_one_initiative_lacks_an_effect_measure(demo):
    assert [each.name for each in Initiative.objects.lacking_effect_measure()] == ["Tryghedsvagterne (TMF)"]
