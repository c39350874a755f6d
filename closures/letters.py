"""What is told by mail of a closure. A letter names the institution, the closure and the act; what people wrote stays
behind the log-in."""

from django.utils import timezone

from sikkerby import mail
from sikkerby.models import User

STEP = "closures/mail/step.txt"
HAND_OVER = "closures/mail/hand_over.txt"
# To those who report for the institution, whether or not they want more than the necessary.
NECESSARY = {"question", "reclassified", "corrected", "not_corrected", "recounted", "excluded"}
TO_THE_LEADERS = NECESSARY | {"registered", "changed", "ended", "reviewed", "withdrawn"}
# To whoever in the office asked for it, or reviewed the closure.
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


def _concerned(step) -> list[User]:
    if step.act in TO_THE_LEADERS:
        return list(step.closure.institution.leaders(timezone.localdate()))
    if asked := TO_THE_OFFICE.get(step.act):
        earlier = step.closure.steps.filter(act=asked).select_related("by").last()
        return [earlier.by] if earlier else []
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
