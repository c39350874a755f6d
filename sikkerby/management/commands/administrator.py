from django.core.management import BaseCommand, call_command
from django.db import transaction
from django.utils import timezone

from sikkerby.models import Duty, User


class Command(BaseCommand):
    """The first account of an empty installation; all others are made in the administration pages.

    There are no superusers: a system administrator has no part in the content.
    """

    help = "Opretter en systemadministrator, eller gør en bruger til det, og spørger om en adgangskode."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="brugernavn")
        parser.add_argument("name", metavar="navn")

    @transaction.atomic  # no account is left behind when no password is given
    def handle(self, *args, username, name, **options):
        user, _ = User.objects.get_or_create(username=username, defaults={"name": name})
        today = timezone.localdate()
        if not user.duties.on(today).filter(kind=Duty.Kind.ADMINISTRATOR).exists():
            user.duties.create(kind=Duty.Kind.ADMINISTRATOR, begins=today)
        call_command("changepassword", username, stdout=self.stdout)
