"""A recorded document of a case, for its applicant and for the directorate, proved by its hash."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from applications.models import CaseDocument
from grants.documents import archive
from grants.pages.asking import signed_in


@require_safe
def case_document(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The document with this number in the case. Another's, an internal one and a missing one answer alike.

    A file that came with another document has a door of its own, where the scanner is asked first.
    """
    document = get_object_or_404(CaseDocument.objects.visible_to(signed_in(request)), application=pk, number=number)
    if document.attachment_id is not None:
        return redirect("attachment", pk=document.attachment_id)
    if not document.path.endswith(".pdf"):
        raise Http404
    return HttpResponse(
        archive.read(document.path, sha256=document.sha256),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="dokument-{number}.pdf"'},
    )
