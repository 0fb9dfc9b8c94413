"""The doorbell wakes a worker, if there is one. The job table is the queue, so a bell that fails loses nothing."""

import logging
from functools import cache
from typing import Any

import celery
from django.conf import settings

DRAIN = "grants.jobs.drain"
# A person waits for the answer while the bell rings.
PATIENCE_SECONDS = 1

log = logging.getLogger("tilskudd.jobs")


def ring() -> None:
    """Ask the Celery workers to drain. Never raises: without Redis the worker finds the job on its next round."""
    if not settings.REDIS_URL:
        return
    try:
        _messenger(settings.REDIS_URL).send_task(DRAIN, retry=False, ignore_result=True)
    except Exception as fault:
        log.warning("The bell did not ring (%s): the job waits for the next round.", type(fault).__name__)


@cache
def _messenger(url: str) -> Any:
    """A client that only sends, and gives up quickly."""
    messenger = celery.Celery("bell", broker=url, set_as_current=False)
    messenger.conf.update(
        broker_connection_timeout=PATIENCE_SECONDS,
        broker_transport_options={
            "socket_timeout": PATIENCE_SECONDS,
            "socket_connect_timeout": PATIENCE_SECONDS,
            "max_retries": 0,
        },
        task_serializer="json",
    )
    return messenger
