"""What is told by mail of a closure. A letter names the institution, the closure and the act; what people wrote stays
behind the log-in."""

from datetime import date, timedelta

from django.utils import timezone

from sikkerby import mail
from sikkerby.models import User
from sikkerby.permissions import Role

STEP = "closures/mail/step.txt"
OPEN_AGAIN = "closures/mail/open_again.txt"
HAND_OVER = "closures/mail/hand_over.txt"
# To those who report for the institution, whether or not they want more than the necessary.
NECESSARY = {"question", "reclassified", "corrected", "not_corrected", "recounted", "excluded"}
TO_THE_LEADERS = NECESSARY | {"registered", "changed", "ended", "reviewed", "withdrawn"}
# To whoever in the office asked for it, or reviewed the closure, and is there still.
TO_THE_OFFICE = {
    "answer": "question",
    "agreed": "reclassified",
    "disagreed": "reclassified",
    "correction_asked": "reviewed",
}


def tell_of(step) -> None:
    """Tell those whom a step of a closure concerns; the one who took it gets its receipt."""
    closure = step.closure
    context = {"step": step, "closure": closure, "institution": closure.institution}
    for user in _concerned(step):
        mail.tell(user, STEP, context, key=f"closure-step-{step.pk}", necessary=step.act in NECESSARY)


ASKED_FIRST, ASKED_NEXT, THEN_EVERY = 1, 3, 7  # days after the first


def ask_whether_open_again(closure, today: date) -> None:
    """Of a closure until further notice those who lead its unit are asked after 1, 3 and then every 7 days whether it
    has opened: once on each occasion, however often this is called, and late only on the newest one."""
    days = (today - closure.first_day).days
    if days < ASKED_FIRST:
        return
    occasion = ASKED_FIRST if days < ASKED_NEXT else days - (days - ASKED_NEXT) % THEN_EVERY
    if closure.first_day + timedelta(days=occasion) <= timezone.localtime(closure.registered_at).date():
        return  # that day it was they who said that it was closed
    context = {
        "closure": closure,
        "institution": closure.institution,
        "next_in": ASKED_NEXT - ASKED_FIRST if occasion == ASKED_FIRST else THEN_EVERY,
    }
    for user in closure.institution.leaders(today):
        mail.tell(user, OPEN_AGAIN, context, key=f"open-again-{closure.pk}-{occasion}", necessary=True)


def readers_of(closure) -> list[User]:
    """To whom a mail was written that it is registered."""
    registered = closure.steps.filter(act="registered").values_list("pk", flat=True)
    keys = [f"closure-step-{pk}" for pk in registered]
    return list(User.objects.filter(notices__key__in=keys, notices__email__isnull=False).order_by("name"))


def _concerned(step) -> list[User]:
    if step.act in TO_THE_LEADERS:
        leaders = set(step.closure.institution.leaders(timezone.localdate()))
        # Whoever registers it has a receipt, also where someone else leads.
        return sorted(leaders | ({step.by} if step.act == "registered" else set()), key=lambda user: user.pk)
    if asked := TO_THE_OFFICE.get(step.act):
        earlier = step.closure.steps.filter(act=asked).select_related("by").last()
        return [earlier.by] if earlier and Role.OFFICE in earlier.by.roles else []
    return []


def tell_of_hand_over(leadership, *, former: list[User], stays_as_deputy: bool, by: User) -> None:
    """Tell the new leader and those who led until then. Nobody takes over, or stops, without knowing."""
    context = {
        "institution": leadership.institution,
        "leader": leadership.user,
        "former": former,
        "from_day": leadership.begins,
        "stays_as_deputy": stays_as_deputy,
        "by": by,
    }
    for user in (leadership.user, *former):
        mail.tell(user, HAND_OVER, context, key=f"hand-over-{leadership.pk}", necessary=True)
