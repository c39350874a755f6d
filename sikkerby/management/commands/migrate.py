import gc

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """Django's migrate, as the role that owns the tables: the one that serves may not change them."""

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        serving = connection.settings_dict
        owner = {key: settings.OWNER_DATABASE[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        connection.close()
        connection.settings_dict = serving | owner  # NAME stays: a test's database has another one
        # For each operation Django builds half of all models anew. Left to itself, the collector spends a quarter of
        # the time on walking through what still lives.
        thresholds = gc.get_threshold()
        gc.set_threshold(50_000, 20, 100)
        try:
            super().handle(*args, **options)
        finally:
            gc.set_threshold(*thresholds)
            connection.close()
            connection.settings_dict = serving
