"""Reminders of the yearly count: to those who have not answered, once for each stage whatever happens."""

from collections import defaultdict
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from sikkerby import mail
from sikkerby.models import DanishOrder, Duty, Notice, User

from .models import AnnualReturn, Institution, Leadership, YearlyAccount

LETTER = "closures/mail/answer_for_the_year.txt"


class Stage(StrEnum):
    OPENED = "aabnet"
    BEFORE = "foer"
    ON_THE_DAY = "frist"
    AFTER = "efter"
    LAST = "sidste"


IN_WORDS = {
    Stage.OPENED: "da årsopgørelsen blev åbnet",
    Stage.BEFORE: "7 dage før fristen",
    Stage.ON_THE_DAY: "på fristdagen",
    Stage.AFTER: "7 dage efter fristen",
    Stage.LAST: "14 dage efter fristen",
}
DAYS_FROM_THE_DATE = {Stage.BEFORE: -7, Stage.ON_THE_DAY: 0, Stage.AFTER: 7, Stage.LAST: 14}
NECESSARY = {Stage.OPENED, Stage.AFTER, Stage.LAST}
TO_THE_CONTACTS_TOO = {Stage.AFTER, Stage.LAST}


def stages(account: YearlyAccount) -> list[tuple[date, Stage]]:
    """The day of each reminder. One that would come before the count was opened, or with its opening, is left out."""
    opened = timezone.localtime(account.opened_at).date()
    after_it = [(account.answer_by + timedelta(days=days), stage) for stage, days in DAYS_FROM_THE_DATE.items()]
    return [(opened, Stage.OPENED), *((day, stage) for day, stage in after_it if day > opened)]


def key(account: YearlyAccount, stage: Stage) -> str:
    return f"annual-return-{account.year}-{stage}"


def remind(today: date) -> None:
    """Tell whoever has not answered, for each count that is open. To be called as often as one likes, by as many as
    like: of the stages that are due only the newest is sent, and to each person once."""
    for account in YearlyAccount.objects.open():
        due = [stage for day, stage in stages(account) if day <= today]
        if due:
            _remind(account, due[-1], today)


def _remind(account: YearlyAccount, stage: Stage, today: date) -> None:
    told = set(Notice.objects.filter(key=key(account, stage)).values_list("user", flat=True))
    for user, units in _concerned(account, stage, today).items():
        if user.pk not in told:
            with transaction.atomic():  # a person's mail and the note that it is sent, or neither
                _tell(user, units, account, stage, today)


def _tell(user: User, units: set[int], account: YearlyAccount, stage: Stage, today: date) -> None:
    """One mail of all that this person's units have not answered by now."""
    waiting = AnnualReturn.objects.waiting().filter(year=account.year, institution__in=units)
    institutions = list(Institution.objects.filter(annual_returns__in=waiting).order_by(DanishOrder("name"), "pk"))
    if institutions:
        context = {"account": account, "institutions": institutions, "stage": stage, "today": today}
        mail.tell(user, LETTER, context, key=key(account, stage), necessary=stage in NECESSARY)


def _concerned(account: YearlyAccount, stage: Stage, today: date) -> dict[User, set[int]]:
    """Who is told about which units: those who lead them, also as deputies or of the larger unit; after the date the
    administration's contacts too, and from the start where nobody leads."""
    leaders, contacts = defaultdict(set), defaultdict(set)
    for each in Leadership.objects.on(today).filter(user__is_active=True).select_related("user"):
        leaders[each.institution_id].add(each.user)
    for each in Duty.objects.on(today).filter(kind=Duty.Kind.CONTACT, user__is_active=True).select_related("user"):
        contacts[each.administration_id].add(each.user)
    concerned = defaultdict(set)
    columns = ("institution", "institution__parent", "institution__administration")
    for unit, parent, administration in account.returns.unanswered().values_list(*columns):
        told = leaders[unit] | (leaders[parent] if parent else set())
        if not told or stage in TO_THE_CONTACTS_TOO:
            told = told | contacts[administration]
        for user in told:
            concerned[user].add(unit)
    return concerned


def sent(account: YearlyAccount) -> list[tuple[date, str, int]]:
    """For each stage its day, what it is in words, and how many people were told."""
    keys = {stage: key(account, stage) for _, stage in stages(account)}
    told = list(Notice.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    return [(day, IN_WORDS[stage], told.count(keys[stage])) for day, stage in stages(account)]
