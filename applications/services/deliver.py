"""Deliver the letters of a case, and tell how it went: waiting, delivered, tried again, or stopped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from applications.models import CaseDocument
from grants.documents import archive
from grants.documents.delivery import Outgoing
from grants.jobs.registry import job
from grants.models import Delivery, Job
from grants.services.deliver import deliver

KIND = "deliver_document"


@dataclass(frozen=True)
class Delivered:
    """How far the delivery of a document has come. `state` is waiting, delivered, failed (tried again) or dead."""

    state: str
    attempts: tuple[Delivery, ...]

    @property
    def last(self) -> Delivery | None:
        """The newest attempt: the one that succeeded, when one did."""
        return self.attempts[-1] if self.attempts else None


@job(KIND)
def deliver_document(payload: Mapping[str, Any]) -> None:
    """Deliver an outgoing document of a case: to its applicant, or to the other whom it is for."""
    document = CaseDocument.objects.select_related("application__organisation").get(pk=payload["document"])
    case = document.application
    deliver(
        Outgoing(
            key=key_of(document),
            title=document.title,
            reference=f"{case.reference}-{document.number}",
            recipient=document.recipient,
            # Whoever else a letter is for is known by name alone, and has no organisation number here.
            orgnr=(case.organisation.orgnr or "") if document.recipient == str(case.organisation) else "",
            language=case.language,
            dated=document.dated.isoformat(),
            sha256=document.sha256,
            pdf=archive.read(document.path, sha256=document.sha256),
        )
    )


def key_of(document: CaseDocument) -> str:
    """What a document is called among deliveries."""
    return f"case_document:{document.pk}"


def job_key(document: CaseDocument) -> str:
    """What the delivery of a document is called among jobs."""
    return f"{KIND}:{document.pk}"


def deliveries_of(documents: Iterable[CaseDocument]) -> dict[int, Delivered]:
    """How it went with each outgoing document, by its id, in two queries."""
    outgoing = {key_of(d): d for d in documents if d.direction == CaseDocument.Direction.OUTGOING}
    attempts: dict[str, list[Delivery]] = {key: [] for key in outgoing}
    for one in Delivery.objects.filter(letter__in=outgoing).order_by("pk"):
        attempts[one.letter].append(one)
    dead = set(
        Job.objects.filter(key__in=map(job_key, outgoing.values()), state=Job.State.DEAD).values_list("key", flat=True)
    )
    return {
        document.pk: Delivered(_state(attempts[key], is_dead=job_key(document) in dead), tuple(attempts[key]))
        for key, document in outgoing.items()
    }


def _state(attempts: list[Delivery], *, is_dead: bool) -> str:
    if attempts and attempts[-1].receipt:
        return "delivered"
    if is_dead:
        return "dead"
    return "failed" if attempts else "waiting"
