"""Calls for machines: what anybody may read of them, announcing them, and declaring that one is impartial."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.reading import line
from applications.api.shapes import LARGEST_ORE, Amount, CallShape, CaseLine, Declared, Plain
from applications.models import Call
from applications.services.announce import prepare_call, publish_call
from applications.services.assess import declare
from applications.services.invite import invite
from grants.api.asking import Endpoint, Listing, NewestFirst, Nothing, verb
from grants.law.registry import SCHEMES
from grants.models import Organisation, User

Asked = dict[str, Any]


class NewCall(serializers.Serializer[Any]):
    """A draft of a call, which only the directorate sees."""

    scheme = serializers.ChoiceField(sorted(code for code, law in SCHEMES.items() if law.themes))
    part = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="Where the scheme has parts.")
    year = serializers.IntegerField(min_value=2017, max_value=2100)
    title_nb = Plain(max_length=200)
    title_nn = Plain(max_length=200)
    about_nb = Plain(max_length=20_000)
    about_nn = Plain(max_length=20_000)
    envelope_ore = serializers.IntegerField(min_value=1, max_value=LARGEST_ORE)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    numbers = serializers.DictField(
        child=serializers.CharField(max_length=20), default=dict, help_text="Those of the scheme that are set by call."
    )


class Invited(serializers.Serializer[Any]):
    """Whom to invite, and where they are named."""

    organisation = serializers.UUIDField()
    ground = Plain(max_length=400)
    amount_ore = Amount(required=False, allow_null=True)


class ByDeadline(NewestFirst):
    """The newest deadline first."""

    ordering = ("-closes_at", "id")


class Calls(Listing):
    """The calls that anybody may read of."""

    permission_classes = [AllowAny]
    pagination_class = ByDeadline

    @extend_schema(operation_id="calls", responses=CallShape(many=True))
    def get(self, request: Request) -> Response:
        return self.pages_of(Call.objects.announced(), lambda call: dict(CallShape(call).data))


class OneCall(Endpoint):
    """One call."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="call", responses=CallShape)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(CallShape(get_object_or_404(Call.objects.announced(), pk=pk)).data)


@verb("prepare_call", asks=NewCall, answers=CallShape, status=201)
def prepare(user: User, asked: Asked) -> Asked:
    """Prepare a draft of a call."""
    call = prepare_call(asked.pop("scheme"), asked.pop("part"), asked.pop("year"), by=user, **asked)
    return dict(CallShape(call).data)


@verb("publish_call", asks=Nothing, answers=CallShape)
def publish(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Publish a draft. From now on it stands as it is."""
    return dict(CallShape(publish_call(get_object_or_404(Call, pk=pk), by=user)).data)


@verb("invite", asks=Invited, answers=CaseLine, status=201)
def invite_recipient(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Invite a named recipient; its draft stands ready."""
    call = get_object_or_404(Call.objects.named(), pk=pk)
    organisation = get_object_or_404(Organisation, pk=asked.pop("organisation"))
    return line(invite(call, organisation, **asked, by=user).application)


@verb("declare", asks=Declared, answers=Declared, status=201)
def declare_impartial(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Say whether one has an interest in a call. Said once."""
    declare(get_object_or_404(Call.objects.published(), pk=pk), by=user, **asked)
    return asked
