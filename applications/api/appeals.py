"""Appeals and reversals for machines: the applicant's side of both. What the directorate does stands in appeal_work.py."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.reading import case_of
from applications.api.shapes import Plain, Version, Words
from applications.models import Appeal, Decision, Reversal
from applications.services.appeal import (
    MOST_CHARACTERS,
    answer_about_appeal,
    appeal_of,
    save_appeal,
    send_appeal,
    standing_decision,
    withdraw_appeal,
)
from applications.services.deadline import is_late, last_day, may_be_appealed
from applications.services.reverse import answer_notice
from grants.api.asking import Endpoint, doing, verb
from grants.models import User

Asked = dict[str, Any]


class AppealShape(serializers.Serializer[Appeal]):
    """An appeal, or where there is none to make a request to look again."""

    id = serializers.UUIDField()
    case = serializers.UUIDField(source="application_id")
    kind = serializers.ChoiceField(Appeal.Kind.choices)
    state = serializers.ChoiceField(Appeal.State.choices)
    version = serializers.IntegerField()
    reference = serializers.CharField(help_text="Its own case number, from the day it is sent.")
    grounds = serializers.CharField()
    wanted = serializers.CharField()
    late_reason = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    last_day = serializers.DateField(allow_null=True)
    is_late = serializers.BooleanField()


class MayAppeal(serializers.Serializer[Any]):
    """Whether and until when one may appeal, and the appeal that is written or sent."""

    kind = serializers.ChoiceField(Appeal.Kind.choices, help_text="What it will be.")
    last_day = serializers.DateField(allow_null=True)
    is_late = serializers.BooleanField(help_text="A late appeal can be sent; somebody decides on it.")
    appeal = AppealShape(allow_null=True)


class Writing(serializers.Serializer[Any]):
    """What is typed, done or not. Version 0 begins a draft."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="Or the header If-Match.")
    grounds = Plain(max_length=MOST_CHARACTERS, default="", allow_blank=True)
    wanted = Plain(max_length=MOST_CHARACTERS, default="", allow_blank=True)
    late_reason = Plain(max_length=MOST_CHARACTERS, default="", allow_blank=True)


class NoticeShape(serializers.Serializer[Reversal]):
    """A notice that the decision may be reversed, and the answer to it."""

    version = serializers.IntegerField()
    ground = serializers.ChoiceField(Reversal.Ground.choices)
    from_ore = serializers.IntegerField()
    to_ore = serializers.IntegerField()
    reason = serializers.CharField()
    answer_by = serializers.DateField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class OwnAppeal(Endpoint):
    """The appeal of the decision that stands."""

    @extend_schema(operation_id="own_appeal", responses=MayAppeal)
    def get(self, request: Request, pk: UUID) -> Response:
        decision = _decision(self.user, pk)
        appeal = appeal_of(decision)
        last = last_day(decision)
        told = {
            "kind": Appeal.Kind.APPEAL if may_be_appealed(decision) else Appeal.Kind.REVIEW,
            "last_day": last,
            "is_late": is_late(last, timezone.now()),
            "appeal": appeal if appeal is not None and Appeal.objects.visible_to(self.user).has(appeal.pk) else None,
        }
        return Response(MayAppeal(told).data)

    @doing("write_appeal", asks=Writing, answers=AppealShape)
    @staticmethod
    def post(user: User, asked: Asked, *, pk: UUID) -> Asked:
        """Save a draft of an appeal."""
        return told(save_appeal(_decision(user, pk), by=user, **asked))


@verb("send_appeal", asks=Version, answers=AppealShape)
def send(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Send the appeal."""
    return told(send_appeal(_current(user, pk, asked["version"]), by=user))


@verb("withdraw_appeal", asks=Version, answers=AppealShape)
def withdraw(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Take the appeal back, or put the draft of one away."""
    return told(withdraw_appeal(_current(user, pk, asked["version"]), by=user))


@verb("answer_about_appeal", asks=Words, answers=AppealShape)
def answer(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Answer what the handler of the appeal asked."""
    return told(answer_about_appeal(_current(user, pk, asked["version"]), asked["text"], by=user))


class Notice(Endpoint):
    """A notice of reversal, while it is under way."""

    @extend_schema(operation_id="notice", responses=NoticeShape)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(NoticeShape(_noticed(self.user, pk)).data)

    @doing("answer_notice", asks=Words, answers=NoticeShape)
    @staticmethod
    def post(user: User, asked: Asked, *, pk: UUID) -> Asked:
        """Answer the notice, once."""
        reversal = _noticed(user, pk)
        reversal.version = asked["version"]
        return dict(NoticeShape(answer_notice(reversal, asked["text"], by=user)).data)


def told(appeal: Appeal) -> Asked:
    """An appeal as it is answered with."""
    return dict(AppealShape(appeal).data)


def _decision(user: User, pk: UUID) -> Decision:
    decision = standing_decision(case_of(user, pk))
    if decision is None:
        raise Http404
    return decision


def _current(user: User, pk: UUID, version: int) -> Appeal:
    appeal = appeal_of(_decision(user, pk))
    if appeal is None or not Appeal.objects.visible_to(user).has(appeal.pk):
        raise Http404
    appeal.version = version
    return appeal


def _noticed(user: User, pk: UUID) -> Reversal:
    application = case_of(user, pk)
    return get_object_or_404(Reversal.objects.visible_to(user).noticed(application))
