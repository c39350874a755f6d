"""make bench still runs: from the building of a city to the last row of its table."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import override_settings

from closures.models import Closure
from reports.models import Note
from tests.bench.databases import Database, server
from tests.bench.measuring import Race, Result, run
from tests.bench.papers import printing
from tests.bench.printing import as_table
from tests.bench.table import build, races

CLOSURES = 200


@pytest.fixture
def cities(transactional_db):
    """Copies of the empty test database, which nobody may be connected to meanwhile."""
    with override_settings(ROOT_URLCONF="tests.bench.site"), server() as made, printing() as printed:
        connection.close()
        empty = Database(connection.settings_dict["NAME"])
        yield build(made, empty=empty, sizes=(CLOSURES,) * 3, institutions=60, printing=printed)


def test_each_row_of_the_table_has_its_ratio(cities):
    rows = {race.row: race for race in races(cities)}

    results = run([replace(race, times=1) for race in rows.values()], rounds=1)

    assert len(rows) == 11
    assert all(result.ours > 0 and result.theirs > 0 for result in results)
    table = as_table(results)
    assert all(row in table for row in rows)
    cities.middle.database.use()
    assert Closure.objects.count() == CLOSURES
    assert Note.objects.issued().count() >= CLOSURES // 10


def test_what_falls_short_is_said_with_its_reason():
    race = Race(row="row", what="page", ours=lambda: 1.0, theirs=lambda: 1.0, to_reach=1.5, reason="because")
    short, reached = Result(race, ours=2.0, theirs=1.0), Result(race, ours=1.4, theirs=1.0)

    assert short.falls_short
    assert not reached.falls_short
    assert Result(replace(race, at_most=0.3), ours=0.3, theirs=1.0).falls_short
    assert not Result(replace(race, to_reach=None), ours=9.0, theirs=1.0).falls_short
    assert "SHORT OF IT" in as_table([short])
    assert "because" in as_table([short])
    assert "because" not in as_table([reached])
