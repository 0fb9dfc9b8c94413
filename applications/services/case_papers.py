"""The documents of a case as people read them: each with its attachments, and how it went with those that were sent."""

from collections import defaultdict
from dataclasses import dataclass

from applications.models import CaseDocument
from applications.models.application import CaseDocumentQuerySet
from applications.services.deliver import Delivered, deliveries_of


@dataclass(frozen=True)
class Recorded:
    """A document of a case with what came with it. `delivery` is there where it was to be sent."""

    document: CaseDocument
    delivery: Delivered | None
    attached: tuple[CaseDocument, ...]


def recorded_in(documents: CaseDocumentQuerySet, *, newest_first: bool = False) -> list[Recorded]:
    """These documents, in their order or the other way, in four queries however many they are."""
    rows = list(documents.with_file().order_by("number"))
    attached: dict[int, list[CaseDocument]] = defaultdict(list)
    for document in rows:
        if document.attached_to_id:
            attached[document.attached_to_id].append(document)
    main = [document for document in rows if document.attached_to_id is None]
    deliveries = deliveries_of(main)
    found = [Recorded(one, deliveries.get(one.pk), tuple(attached[one.pk])) for one in main]
    return found[::-1] if newest_first else found
