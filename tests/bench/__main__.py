"""make bench: build the cities, measure, print the table; exit 1 when something falls short."""

import logging
import os
import sys
import time

import django

SIZES = (1_000, 100_000, 1_000_000)
INSTITUTIONS = 1_500
ROUNDS = 5


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sikkerby.settings")
    django.setup()
    from django.test import override_settings

    from sikkerby.management.commands.prepare import collect_static

    from .databases import server
    from .measuring import run
    from .papers import printing
    from .printing import as_table
    from .table import build, races

    logging.disable(logging.INFO)
    began = time.monotonic()
    collect_static()
    with override_settings(ROOT_URLCONF="tests.bench.site"), server() as made, printing() as printed:
        empty = made.make("empty")
        cities = build(made, empty=empty, sizes=SIZES, institutions=INSTITUTIONS, printing=printed)
        print(f"Built in {time.monotonic() - began:.0f} s.", flush=True)
        results = run(races(cities), ROUNDS)
    print(as_table(results))
    print(f"\n{ROUNDS} rounds; in all {time.monotonic() - began:.0f} s.")
    return 1 if any(each.falls_short for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())
