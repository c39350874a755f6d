"""Nightly work of this room."""

import logging

from procrastinate.contrib.django import app

from .models import IssuedDocument

logger = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")
@app.task(pass_context=False)
def check_documents(timestamp: int) -> None:
    """Recount the whole chain. What is wrong is logged as errors, one for each document."""
    faults = list(IssuedDocument.objects.faults())
    for fault in faults:
        logger.error("Udsendte dokumenter: %s", fault)
    if not faults:
        logger.info("Udsendte dokumenter: alle er, som de blev udsendt.")
