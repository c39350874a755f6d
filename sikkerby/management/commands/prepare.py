import hashlib
import os

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    """What `make run` needs before it serves, in one start of Django: tables, static files, the demo's data."""

    def handle(self, *args, **options):
        call_command("migrate", interactive=False, verbosity=0)
        collect_static()
        if settings.DEMO:
            call_command("demo")


def collect_static():
    """Only where a source has changed: to hash and compress them all takes longer than the rest of the start."""
    sources = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    state = hashlib.sha256(repr([(path, os.stat(path).st_mtime_ns) for path in sorted(sources)]).encode()).hexdigest()
    stamp = settings.STATIC_ROOT.with_suffix(".stamp")
    if not (stamp.exists() and stamp.read_text() == state):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)
