"""The ground's nightly jobs: what has served its purpose is thrown away."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from .models import Submission

KEY_LIVES = timedelta(days=30)  # a form that is sent again later than this makes a second row
FAILURE_LIVES = timedelta(days=30)


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="tidy_up", pass_context=False)
def tidy_up(timestamp: int) -> None:
    """Ended sessions (with what was carried in them), keys of sent forms, failed log-ins."""
    now = timezone.now()
    call_command("clearsessions")
    Submission.objects.filter(sent_at__lt=now - KEY_LIVES).delete()
    AccessFailureLog.objects.filter(attempt_time__lt=now - FAILURE_LIVES).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - FAILURE_LIVES).delete()
