"""Work of this room that nobody waits for: nightly, hourly, and papers that take long to set."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from . import jobs
from .models import ChainCheck

logger = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="check_documents", pass_context=False)
def check_documents(timestamp: int) -> None:
    """Recount both chains, of issued documents and of what was recorded of them. What is wrong is logged as errors, one
    for each, and those who can do something about it are told."""
    check = ChainCheck.objects.run(today=timezone.localdate())
    for fault in check.faults:
        logger.error("Udsendte dokumenter: %s", fault)
    if not check.faults:
        logger.info("Udsendte dokumenter: alle er, som de blev udsendt.")


@app.task(pass_context=False)
def make_paper(job_id: int) -> None:
    """A paper of more pages than one waits for is set."""
    jobs.make(job_id)


@app.periodic(cron="50 * * * *")
@app.task(queueing_lock="discard_draft_pages", pass_context=False)
def discard_draft_pages(timestamp: int) -> None:
    """The pages of a draft that were looked at are not kept."""
    jobs.discard_old(timezone.now())
