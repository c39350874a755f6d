"""manage.py demo: fill an empty database with the facts of the papers and invented figures."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

import catalogue.demo
import closures.demo
import initiatives.demo
import reports.demo
import sikkerby.demo
from sikkerby.models import User


class Command(BaseCommand):
    help = "Fylder en tom database med demodata. Gør intet, hvis der allerede er brugere."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Demo data has accounts with a known password: only where DEMO=1, as make run sets it.")
        if User.objects.exists():
            return
        today = timezone.localdate()
        with transaction.atomic():
            for room in (sikkerby.demo, closures.demo, initiatives.demo, catalogue.demo, reports.demo):
                room.load(today=today)
        self.stdout.write("Demodata er lagt i den tomme database.")
