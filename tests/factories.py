"""Plain keyword-only factories. Each makes what is valid and unremarkable; a test says only what it is about."""

import functools
import itertools
from datetime import date
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password

from catalogue.models import Catalogue, Practice, Theme
from closures.models import Closure, Import, Institution, Kind, Leadership, ReducedService, YearlyAccount
from initiatives.models import Carrier, Initiative, Principle, Strategy
from reports.models import Committee, Note, Seat
from sikkerby.models import Administration, District, Duty, StoredFile, User

_counter = itertools.count(1)
PASSWORD = "et langt kodeord"


def _next(word: str) -> str:
    return f"{word} {next(_counter)}"


def make_user(*, username: str | None = None, name: str | None = None, password: str = PASSWORD, **fields) -> User:
    username = username or f"bruger{next(_counter)}"
    return User.objects.create_user(
        username, password, name=name or f"Person {username}", email=f"{username}@example.dk", **fields
    )


def make_administration(*, name: str | None = None, abbreviation: str | None = None) -> Administration:
    name = name or _next("Forvaltning")
    return Administration.objects.get_or_create(
        name=name, defaults={"abbreviation": abbreviation or f"F{next(_counter)}"}
    )[0]


def make_district(*, name: str | None = None) -> District:
    return District.objects.get_or_create(name=name or _next("Bydel"))[0]


def make_duty(*, user: User, kind: str, administration: Administration | None = None, **dates) -> Duty:
    return Duty.objects.create(user=user, kind=kind, administration=administration, **dates)


def make_institution(*, name: str | None = None, leader: User | None = None, **fields) -> Institution:
    fields.setdefault("kind", Institution.Kind.SCHOOL)
    if "administration" not in fields:
        fields["administration"] = make_administration(name="Børne- og Ungdomsforvaltningen", abbreviation="BUF")
    if "district" not in fields:
        fields["district"] = make_district(name="Nørrebro")
    institution = Institution.objects.create(name=name or _next("Skolen"), **fields)
    if leader:
        Leadership.objects.create(institution=institution, user=leader)
    return institution


def make_closure(*, institution: Institution | None = None, by: User | None = None, **fields) -> Closure:
    """Registered as an institution leader would: Tuesday 3 March 2026, a whole day, unless said otherwise."""
    institution = institution or make_institution()
    fields.setdefault("kind", Kind.DISRUPTION)
    fields.setdefault("scope", Closure.Scope.AREA)
    fields.setdefault("first_day", date(2026, 3, 3))
    fields.setdefault("last_day", fields["first_day"])
    today = fields.pop("today", date(2026, 11, 1))
    return Closure.objects.register(institution=institution, by=by or make_user(), today=today, **fields)


def make_reduced_service(*, institution: Institution | None = None, by: User | None = None, **fields) -> ReducedService:
    """A part that was closed: Tuesday 3 March 2026, a whole day, unless said otherwise."""
    institution = institution or make_institution()
    fields.setdefault("part", _next("værkstedet"))
    fields.setdefault("kind", Kind.DISRUPTION)
    fields.setdefault("scope", Closure.Scope.AREA)
    fields.setdefault("first_day", date(2026, 3, 3))
    fields.setdefault("last_day", fields["first_day"])
    today = fields.pop("today", date(2026, 11, 1))
    return ReducedService.objects.register(institution=institution, by=by or make_user(), today=today, **fields)


def make_import(content: bytes | None = None, *, by: User, name: str = "lukninger.csv", **fields) -> Import:
    """A sheet that was sent, and is not checked yet."""
    content = content or "Institution;Art;Første dag;Sidste dag\r\n".encode()
    file = StoredFile.objects.store(name=name, content_type="text/csv", content=content, by=by)
    return Import.objects.create(file=file, imported_by=by, **fields)


def make_reviewed_closure(*, by: User, **fields) -> Closure:
    """One that the office has found right."""
    closure = make_closure(by=by, **fields)
    closure.review(by=by)
    return closure


def make_account(year: int, *, by: User | None = None, **fields) -> YearlyAccount:
    """A year whose count is open, to be answered by the end of January."""
    return YearlyAccount.objects.create(
        year=year, opened_by=by or make_user(), **{"answer_by": date(year + 1, 1, 31), **fields}
    )


def make_strategy(*, slug: str | None = None, **fields) -> Strategy:
    slug = slug or f"strategi-{next(_counter)}"
    return Strategy.objects.create(
        slug=slug, name=f"Strategi {slug}", **{"first_year": 2022, "last_year": 2025, **fields}
    )


def make_principle(*, strategy: Strategy | None = None, number: int = 1, **fields) -> Principle:
    return Principle.objects.create(
        strategy=strategy or make_strategy(),
        number=number,
        **{"kind": Principle.Kind.PROFESSIONAL, "title": _next("Princip"), **fields},
    )


def make_initiative(*, name: str | None = None, carried_by: Administration | None = None, **fields) -> Initiative:
    initiative = Initiative.objects.create(name=name or _next("Indsats"), **fields)
    if carried_by:
        Carrier.objects.create(initiative=initiative, administration=carried_by)
    return initiative


def make_catalogue(*, title: str | None = None, **fields) -> Catalogue:
    return Catalogue.objects.create(
        title=title or _next("Katalog"), **{"year": 2011, "subject": "Samarbejde", **fields}
    )


def make_theme(*, catalogue: Catalogue | None = None, number: int = 1, **fields) -> Theme:
    return Theme.objects.create(
        catalogue=catalogue or make_catalogue(), number=number, **{"title": _next("Tema"), **fields}
    )


def make_practice(*, title: str | None = None, **fields) -> Practice:
    return Practice.objects.create(title=title or _next("Eksempel"), **{"summary": "Kort fortalt.", **fields})


def make_committee(*, name: str | None = None, abbreviation: str | None = None) -> Committee:
    name = name or _next("Udvalget")
    return Committee.objects.get_or_create(name=name, defaults={"abbreviation": abbreviation or f"U{next(_counter)}"})[
        0
    ]


def make_note(*, committee: Committee | None = None, written_by: User | None = None, **fields) -> Note:
    """A draft, with its block filled in."""
    return Note.objects.create(
        committee=committee or make_committee(name="Økonomiudvalget", abbreviation="ØU"),
        written_by=written_by or make_user(),
        **{
            "title": _next("Statusnotat"),
            "date": date(2013, 8, 20),
            "sender": make_administration(name="Økonomiforvaltningen", abbreviation="ØKF"),
            "case_number": "2013-0184482",
            "document_number": f"2013-0184482-{next(_counter)}",
            "ean": "5798009800077",
            **fields,
        },
    )


ROLES_OF_CAST = (
    *("office", "colleague", "approver", "contributor", "other_contributor", "contact", "other_contact", "leader"),
    *("deputy", "other_leader", "member", "social_member", "secretary", "administrator", "nobody"),
)


def make_cast() -> SimpleNamespace:
    """In as few statements as can be: most tests begin with it."""
    kff = make_administration(name="Kultur- og Fritidsforvaltningen", abbreviation="KFF")
    buf = make_administration(name="Børne- og Ungdomsforvaltningen", abbreviation="BUF")
    people = [
        User(username=role, name=f"Person {role}", email=f"{role}@example.dk", password=_hash(PASSWORD))
        for role in ROLES_OF_CAST
    ]
    cast = SimpleNamespace(
        kff=kff,
        buf=buf,
        finance=make_committee(name="Økonomiudvalget", abbreviation="ØU"),
        social=make_committee(name="Socialudvalget", abbreviation="SUD"),
        **{person.username: person for person in User.objects.bulk_create(people)},
    )
    Duty.objects.bulk_create(
        Duty(user=user, kind=kind, administration=administration)
        for user, kind, administration in (
            (cast.office, Duty.Kind.OFFICE, None),
            (cast.colleague, Duty.Kind.OFFICE, None),
            (cast.approver, Duty.Kind.APPROVER, None),
            (cast.contributor, Duty.Kind.CONTRIBUTOR, kff),
            (cast.other_contributor, Duty.Kind.CONTRIBUTOR, buf),
            (cast.contact, Duty.Kind.CONTACT, buf),
            (cast.other_contact, Duty.Kind.CONTACT, kff),
            (cast.administrator, Duty.Kind.ADMINISTRATOR, None),
        )
    )
    school, club, library = Institution.Kind.SCHOOL, Institution.Kind.CLUB, Institution.Kind.LIBRARY
    norrebro, valby = make_district(name="Nørrebro"), make_district(name="Valby")
    cast.school, cast.club, cast.library = Institution.objects.bulk_create(
        [
            Institution(name="Skolen ved Søen", kind=school, administration=buf, district=norrebro),
            Institution(name="Aftenklubben", kind=club, administration=buf, district=norrebro),
            Institution(name="Biblioteket", kind=library, administration=kff, district=valby),
        ]
    )
    Leadership.objects.bulk_create(
        [
            Leadership(institution=cast.school, user=cast.leader),
            Leadership(institution=cast.club, user=cast.leader),
            Leadership(institution=cast.library, user=cast.other_leader),
            Leadership(institution=cast.school, user=cast.deputy, kind=Leadership.Kind.DEPUTY),
        ]
    )
    Seat.objects.bulk_create(
        [
            Seat(committee=cast.finance, user=cast.member),
            Seat(committee=cast.social, user=cast.social_member),
            Seat(committee=cast.finance, user=cast.secretary, kind=Seat.Kind.SECRETARY),
        ]
    )
    return cast


@functools.cache
def _hash(password: str) -> str:
    return make_password(password)
