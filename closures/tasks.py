"""Hourly work of this room."""

from django.utils import timezone
from procrastinate.contrib.django import app

from sikkerby.models import User

from . import importing
from .models import Closure, YearlyAccount
from .reminders import remind


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="count_open_closures", pass_context=False)
def count_open_closures(timestamp: int) -> None:
    """Closures until further notice count to today. Hourly, for a worker may have been down at midnight."""
    Closure.objects.count_open_closures(timezone.localdate())


@app.periodic(cron="20 5-16 * * *")
@app.task(queueing_lock="follow_counts", pass_context=False)
def follow_counts(timestamp: int) -> None:
    """Who should be asked for an open year is asked, and who has not answered is reminded. Hourly by day (UTC), for a
    worker may have been down in the morning; what is done is not done again."""
    for account in YearlyAccount.objects.open():
        account.ask_units()
    remind(timezone.localdate())


@app.periodic(cron="15 5-16 * * *")
@app.task(queueing_lock="ask_whether_open_again", pass_context=False)
def ask_whether_open_again(timestamp: int) -> None:
    """»Har I åbnet igen?« Hourly by day (UTC), as a worker may have been down; nobody is asked twice."""
    Closure.objects.ask_whether_open_again(timezone.localdate())


@app.task(pass_context=False)
def check_import(import_id: int) -> None:
    """A sheet of more rows than one waits for is checked."""
    importing.check_in_job(import_id, today=timezone.localdate())


@app.task(pass_context=False)
def save_import(import_id: int, by_id: int) -> None:
    """A sheet of more rows than one waits for is saved, all of it or nothing."""
    importing.save_in_job(import_id, by=User.objects.get(pk=by_id), today=timezone.localdate())


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="discard_sheets", pass_context=False)
def discard_sheets(timestamp: int) -> None:
    """A sheet that nobody saved is not kept: who knows what stands in it."""
    importing.discard_old(timezone.now())
