"""The ground's jobs: waiting mails are sent, and what has served its purpose is thrown away."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.core.management import call_command
from django.utils import timezone
from post_office.models import Email
from procrastinate.contrib.django import app

from . import mail
from .models import Notice, Submission

KEY_LIVES = timedelta(days=30)  # a form that is sent again later than this makes a second row
FAILURE_LIVES = timedelta(days=30)
MAIL_LIVES = timedelta(days=400)  # past a year's count and the next; a key that is gone could be told again


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_mail", lock="send_mail", pass_context=False)
def send_mail(timestamp: int) -> None:
    """Every minute: no mail is lost when the mail server is down."""
    mail.send()


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="tidy_up", pass_context=False)
def tidy_up(timestamp: int) -> None:
    """Ended sessions (with what was carried in them), keys of sent forms, failed log-ins, old mails."""
    now = timezone.now()
    call_command("clearsessions")
    Submission.objects.filter(sent_at__lt=now - KEY_LIVES).delete()
    AccessFailureLog.objects.filter(attempt_time__lt=now - FAILURE_LIVES).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - FAILURE_LIVES).delete()
    old = Notice.objects.filter(at__lt=now - MAIL_LIVES)
    Email.objects.filter(pk__in=old.values("email")).delete()
    old.delete()
