"""Files of a case for machines: list them, add one through the same gate as on the pages, fetch one, take one away."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.reading import case_of
from applications.models import Attachment, AttachmentState
from applications.services.attach import detach, keep, through_the_gate
from applications.services.open_attachment import open_attachment
from grants.api.asking import KEY, Endpoint, Nothing, doing, hash_of, once, sent
from grants.documents.gate.refusal import FileRefused
from grants.documents.quarantine import too_large
from grants.documents.uploads import most_bytes, was_cut_off
from grants.models import User
from grants.shared.errors import Refused

PLACE = r"[-a-zA-Z0-9_]{1,60}"
UNSCANNED = OpenApiParameter(
    "unscanned", bool, description="true: a caseworker fetches a file that no scanner has seen. It is put on record."
)
WHY = OpenApiParameter(
    "why", str, description="Why a file that may tell of a person's health is looked at. It stands in the log of looks."
)
FILE = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "place": {"type": "string", "pattern": f"^{PLACE}$"},
            "file": {"type": "string", "format": "binary"},
        },
        "required": ["place", "file"],
    }
}


class AttachmentShape(serializers.Serializer[Attachment]):
    """A file of a case. `state` says whether the scanner has seen it; what is sent in with something stays."""

    id = serializers.UUIDField()
    place = serializers.CharField(help_text="The document that was asked for, or answer, report, appeal.")
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(AttachmentState.choices)
    reason = serializers.CharField(help_text="Why it is refused.")
    uploaded_at = serializers.DateTimeField()
    removed_at = serializers.DateTimeField(allow_null=True)
    case_version = serializers.IntegerField(
        source="application.version", help_text="Of the draft, which has another file now."
    )


class Place(serializers.Serializer[Any]):
    """Where in the application a file belongs."""

    place = serializers.RegexField(f"^{PLACE}$")


class Attachments(Endpoint):
    """The files of a case."""

    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(operation_id="attachments", responses=AttachmentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        application = case_of(self.user, pk)
        files = Attachment.objects.visible_to(self.user).of(application).select_related("application")
        inside: Any = files.order_by("uploaded_at", "pk")
        return Response(AttachmentShape(inside, many=True).data)

    @extend_schema(operation_id="attach", request=FILE, responses={201: AttachmentShape}, parameters=[KEY])
    def post(self, request: Request, pk: UUID) -> Response:
        """Add a file. The same file at the same place is one, and what does not pass the gate leaves nothing behind."""
        application = case_of(self.user, pk)
        file, place = _file_of(request), sent(Place, request)["place"]
        # Read and tried before the transaction: nobody waits for the lock while a file is looked through.
        with through_the_gate(application, place, file, by=self.user) as passed:
            asked_for = hash_of(request, f"{place}\n{passed.name}\n{passed.received.sha256}".encode())
            return once(request, asked_for, lambda: shown(keep(passed, by=self.user)), status=201)


class OneAttachment(Endpoint):
    """One file."""

    @extend_schema(
        operation_id="attachment",
        parameters=[UNSCANNED, WHY],
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file, always to save.")
        },
    )
    def get(self, request: Request, pk: UUID) -> Any:
        attachment = _visible(self.user, pk)
        if attachment.state == AttachmentState.UNSCANNED and request.query_params.get("unscanned") != "true":
            raise Refused(
                _("Filen er ikke viruskontrollert. En saksbehandler kan hente den likevel, med ?unscanned=true.")
            )
        response = FileResponse(
            open_attachment(attachment, by=self.user, why=request.query_params.get("why", "")),
            content_type="application/octet-stream",
        )
        response.headers["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
        return response

    @doing("detach", asks=Nothing, answers=AttachmentShape)
    @staticmethod
    def delete(user: User, asked: Mapping[str, Any], *, pk: UUID) -> dict[str, Any]:
        """Take a file away that has not been sent in."""
        return shown(detach(_visible(user, pk), by=user))


def shown(attachment: Attachment) -> dict[str, Any]:
    """A file as it is told of, with the case as it stands now."""
    attachment.application.refresh_from_db(fields=["version"])
    return dict(AttachmentShape(attachment).data)


def _visible(user: User, pk: UUID) -> Attachment:
    rows = Attachment.objects.visible_to(user).select_related("application__organisation", "application__call")
    return get_object_or_404(rows, pk=pk)


def _file_of(request: Request) -> Any:
    file = request.data.get("file") if isinstance(request.data, Mapping) else None
    if hasattr(file, "chunks"):
        return file
    if was_cut_off(request._request):
        too_large(most_bytes())
    raise FileRefused(_("Send filen som «file» i multipart/form-data, med «place» ved siden av."))
