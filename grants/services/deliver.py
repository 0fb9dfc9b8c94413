"""Deliver a letter: once, with the channel's receipt, and every attempt kept."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from grants.documents import archive
from grants.documents.delivery import Outgoing, channel
from grants.jobs.registry import job
from grants.models import Delivery, Letter

ERROR_LENGTH = 500


def deliver(letter: Outgoing) -> Delivery:
    """Deliver a letter that has not been delivered. What fails is kept as an attempt and raised, so that the job waits."""
    done = Delivery.objects.of(letter.key).succeeded().first()
    if done is not None:
        return done
    by = channel()
    try:
        receipt = by.deliver(letter)  # no transaction is open while the letter leaves
    except Exception as fault:
        error = f"{type(fault).__name__}: {fault}"[:ERROR_LENGTH].replace("\x00", "")
        Delivery.objects.create(letter=letter.key, channel=by.name, error=error)
        raise
    try:
        with transaction.atomic():
            return Delivery.objects.create(letter=letter.key, channel=by.name, receipt=receipt)
    except IntegrityError:  # another worker was first with the same letter, and has the same receipt
        return Delivery.objects.of(letter.key).succeeded().get()


@job("deliver_run_letter")
def deliver_run_letter(payload: Mapping[str, Any]) -> None:
    """Deliver the letter of a run to its municipality."""
    letter = Letter.objects.select_related("recipient", "run").get(pk=payload["letter"])
    deliver(
        Outgoing(
            key=key_of(letter),
            title=f"Tilskuddsbrev {letter.number}",
            reference=letter.number,
            recipient=str(letter.recipient),
            orgnr=letter.recipient.orgnr or "",
            language=letter.language,
            dated=str(letter.run.booked_on or ""),
            sha256=letter.sha256,
            pdf=archive.read(letter.path, sha256=letter.sha256),
        )
    )


def key_of(letter: Letter) -> str:
    """What a run letter is called among deliveries, and its job."""
    return f"run_letter:{letter.pk}"
