"""Mails to people: rows in the transaction of what they tell about, sent by a job. No mail is lost when the mail server
is down, and none is sent about what was rolled back."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from post_office.mail import send_queued
from post_office.models import PRIORITY, STATUS, Email

from .models import Notice, User


def tell(user: User, template: str, context: dict, *, key: str, necessary: bool = False) -> bool:
    """Write a mail to this person, once for each key; whether one was written now.

    The template is the whole letter, its first line the subject. Without an address, with a closed account, or where
    the person wants only what is necessary and this is not, nothing is written.
    """
    if not user.is_active or not _can_be_sent_to(user.email) or user.necessary_mail_only and not necessary:
        return False
    # Whoever comes second waits here for the first to commit, and then finds the row.
    notice, is_first = Notice.objects.get_or_create(user=user, key=key)
    if not is_first:
        return False
    letter = render_to_string(template, context | {"user": user, "base_url": settings.BASE_URL}).strip()
    subject, text = letter.split("\n", 1)
    # Not post_office.mail.create: it renders what people wrote as a template.
    notice.email = Email.objects.create(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[user.email],
        subject=subject.strip(),
        message=text.strip() + "\n",
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )
    notice.save(update_fields=["email"])
    return True


def _can_be_sent_to(address: str) -> bool:
    """An address that is none must not keep what it tells about from being stored, nor the next person from theirs."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def send() -> int:
    """Hand the waiting mails to the mail server; how many went. One that is refused is tried again later."""
    sent = 0
    while any(outcome := send_queued(processes=1)):
        sent += outcome[0]
    return sent
