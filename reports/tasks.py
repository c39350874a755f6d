"""Nightly work of this room."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

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
