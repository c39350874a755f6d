"""Hourly work of this room."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .models import Closure


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="count_open_closures", pass_context=False)
def count_open_closures(timestamp: int) -> None:
    """Closures until further notice count to today. Hourly, for a worker may have been down at midnight."""
    Closure.objects.count_open_closures(timezone.localdate())
