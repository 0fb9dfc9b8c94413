"""What is attached to an application: document by document, with what is missing and what must be taken away."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Attachment, AttachmentState
from grants.law.question import Document

MISSING = gettext_lazy("Last opp dokumentet.")


@dataclass(frozen=True)
class DocumentState:
    """A document with its files and its fault, if it has one."""

    document: Document
    files: tuple[Attachment, ...]
    fault: str = ""

    @property
    def is_missing(self) -> bool:
        return self.fault == str(MISSING)


def document_states(documents: Iterable[Document], files: Iterable[Attachment]) -> tuple[DocumentState, ...]:
    """Every document with the files that are there. The files know whether they have been sent (`with_is_sent`)."""
    present = list(files)
    return tuple(
        _state(document, tuple(file for file in present if file.place == document.code)) for document in documents
    )


def _state(document: Document, files: tuple[Attachment, ...]) -> DocumentState:
    refused = [file for file in files if file.state == AttachmentState.REFUSED]
    # What was sent in earlier stays, whatever a scanner has found since: it is not in the applicant's hands.
    in_the_way = [file for file in refused if not getattr(file, "is_sent", False)]
    if in_the_way:
        return DocumentState(document, files, _("Fjern %(name)s: filen er avvist.") % {"name": in_the_way[0].name})
    if document.required and len(refused) == len(files):
        return DocumentState(document, files, str(MISSING))
    return DocumentState(document, files)
