"""The ground's demo data: administrations and districts as they are, and one invented person for each role."""

from datetime import date

from django.contrib.auth.hashers import make_password

from .models import Administration, AdministrationName, District, Duty, User

PASSWORD = "sikkerby"

ADMINISTRATIONS = {
    "ØKF": "Økonomiforvaltningen",
    "KFF": "Kultur- og Fritidsforvaltningen",
    "BUF": "Børne- og Ungdomsforvaltningen",
    "SOF": "Socialforvaltningen",
    "SUF": "Sundheds- og Omsorgsforvaltningen",
    "TMF": "Teknik- og Miljøforvaltningen",
    "BIF": "Beskæftigelses- og Integrationsforvaltningen",
}
ALIASES = {"BUF": "Børne- og Ungeforvaltningen", "SUF": "Sundhedsforvaltningen"}

DISTRICTS = (
    *("Indre By", "Østerbro", "Nørrebro", "Vesterbro-Kongens Enghave", "Valby", "Vanløse"),
    *("Brønshøj-Husum", "Bispebjerg", "Amager Øst", "Amager Vest"),
)

# Roles for names: these are no persons.
PEOPLE = {
    "center": "Medarbejder i Center for Sikker By",
    "godkender": "Chef for Center for Sikker By",
    "forvaltning": "Medarbejder i Kultur- og Fritidsforvaltningen",
    "kontakt": "Kontaktperson i BUF",
    "leder": "Leder af to institutioner",
    "udvalg": "Medlem af Økonomiudvalget",
    "udvalg-social": "Medlem af Socialudvalget",
    "admin": "Systemadministrator",
}
DUTIES = {
    "center": (Duty.Kind.OFFICE, None),
    "godkender": (Duty.Kind.APPROVER, None),
    "forvaltning": (Duty.Kind.CONTRIBUTOR, "KFF"),
    "kontakt": (Duty.Kind.CONTACT, "BUF"),
    "admin": (Duty.Kind.ADMINISTRATOR, None),
}


def load(*, today: date) -> None:
    administrations = {
        abbreviation: Administration.objects.create(abbreviation=abbreviation, name=name)
        for abbreviation, name in ADMINISTRATIONS.items()
    }
    for abbreviation, name in ALIASES.items():
        AdministrationName.objects.create(administration=administrations[abbreviation], name=name, is_alias=True)
    District.objects.bulk_create(District(name=name) for name in DISTRICTS)
    password = make_password(PASSWORD)  # slow by design: once
    people = {
        username: User.objects.create(
            username=username, name=name, email=f"{username}@sikkerby.example", password=password
        )
        for username, name in PEOPLE.items()
    }
    for username, (kind, abbreviation) in DUTIES.items():
        Duty.objects.create(user=people[username], kind=kind, administration=administrations.get(abbreviation))
