"""The papers of a case for machines: its documents as the journal has them, the decision that stands, and the receipt."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.reading import case_of
from applications.models import CaseDocument, Decision, Submission
from applications.services.appeal import standing_decision
from applications.services.deadline import last_day
from applications.services.record_incoming import document_of, receipt_pdf
from grants.api.asking import Endpoint, Listing, NewestFirst, pdf
from grants.documents import archive

PDF = {(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The document.")}


class DocumentShape(serializers.ModelSerializer[CaseDocument]):
    """A document of a case, as the journal has it."""

    class Meta:
        model = CaseDocument
        fields = [
            "number", "kind", "title", "direction", "sender", "recipient", "dated", "access_code", "legal_ground", "sha256",
        ]  # fmt: skip
        read_only_fields = fields


class DecisionShape(serializers.Serializer[Decision]):
    """The decision that stands in a case, as its letter tells it."""

    outcome = serializers.ChoiceField(Decision.Outcome.choices)
    applied_ore = serializers.IntegerField()
    amount_ore = serializers.IntegerField()
    reason = serializers.CharField()
    decided_on = serializers.DateField()
    last_day_to_appeal = serializers.DateField(allow_null=True, help_text="null: there is no appeal, or no letter yet.")


class ReceiptShape(serializers.Serializer[Submission]):
    """What was sent in last: its number, when, by whom and its fingerprint."""

    reference = serializers.CharField(source="application.reference")
    number = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    submitted_by = serializers.CharField()
    applied_ore = serializers.IntegerField()
    sha256 = serializers.CharField()
    document = serializers.IntegerField(
        allow_null=True, help_text="Its number among the documents, once it is recorded."
    )


class ByNumber(NewestFirst):
    """The newest document first."""

    ordering = ("-number",)


class Documents(Listing):
    """The documents of a case; an applicant sees those it has sent or been sent."""

    pagination_class = ByNumber

    @extend_schema(operation_id="documents", responses=DocumentShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        documents = case_of(self.user, pk).documents.visible_to(self.user)
        return self.pages_of(documents, lambda document: dict(DocumentShape(document).data))


class OneDocument(Endpoint):
    """A document as PDF, proved by its hash."""

    @extend_schema(operation_id="document", responses=PDF)
    def get(self, request: Request, pk: UUID, number: int) -> Any:
        visible = CaseDocument.objects.visible_to(self.user)
        document = get_object_or_404(visible, application=pk, number=number, path__endswith=".pdf")
        return pdf(archive.read(document.path, sha256=document.sha256), f"dokument-{number}.pdf")


class StandingDecision(Endpoint):
    """The decision that stands."""

    @extend_schema(operation_id="decision", responses=DecisionShape)
    def get(self, request: Request, pk: UUID) -> Response:
        decision = standing_decision(case_of(self.user, pk))
        if decision is None:
            raise Http404
        decision.last_day_to_appeal = last_day(decision)  # type: ignore[attr-defined]
        return Response(DecisionShape(decision).data)


class Receipt(Endpoint):
    """The receipt for what was sent in last."""

    @extend_schema(operation_id="receipt", responses=ReceiptShape)
    def get(self, request: Request, pk: UUID) -> Response:
        submission = _last(self, pk)
        document = document_of(submission)
        submission.document = document.number if document else None  # type: ignore[attr-defined]
        return Response(ReceiptShape(submission).data)


class ReceiptFile(Endpoint):
    """The application as it was sent, with its receipt, as PDF."""

    @extend_schema(operation_id="receipt_file", responses=PDF)
    def get(self, request: Request, pk: UUID) -> Any:
        return pdf(receipt_pdf(_last(self, pk)), "kvittering.pdf")


def _last(endpoint: Endpoint, pk: UUID) -> Submission:
    submissions = case_of(endpoint.user, pk).submissions.select_related("application__call", "submitted_by")
    submission = submissions.order_by("number").last()
    if submission is None:
        raise Http404
    return submission
