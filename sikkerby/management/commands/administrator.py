"""manage.py administrator USERNAME "NAME": the first account, which makes all others at /administration/."""

from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from sikkerby.models import Duty, User


class Command(BaseCommand):
    help = "Opretter en systemadministrator og spørger om adgangskoden."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *, username: str, name: str, **options):
        if User.objects.filter(username=username).exists():
            raise CommandError(f"Der er allerede en bruger med navnet {username}.")
        user = User(username=username, name=name)
        password = getpass("Adgangskode: ")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        if getpass("Adgangskoden igen: ") != password:
            raise CommandError("De to adgangskoder er ikke ens.")
        user.set_password(password)
        user.save()
        Duty.objects.create(user=user, kind=Duty.Kind.ADMINISTRATOR)
        self.stdout.write(f"{username} er oprettet som systemadministrator.")
