"""What the directorate does with appeals, and with decisions of its own that it reverses. The services are the pages'."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.appeals import AppealShape, told
from applications.api.reading import case_of
from applications.api.shapes import Amount, Plain, Version, Words
from applications.models import Appeal, AppealOutcome, MinistryAnswer, Reversal
from applications.services.appeal_outcome import decide_appeal, propose_outcome, proposed_outcome, return_outcome
from applications.services.appeal_work import (
    admit_late,
    ask_appellant,
    assign_appeal,
    forward_appeal,
    record_answer,
    stop_waiting,
)
from applications.services.reverse import (
    begin_reversal,
    decide_reversal,
    drop_reversal,
    open_reversal,
    propose_reversal,
    return_reversal,
)
from grants.api.asking import Endpoint, Listing, NewestFirst, verb
from grants.models import User
from grants.shared.errors import ChangedSince

Asked = dict[str, Any]


class Outcome(Version):
    """What an appeal should come to."""

    outcome = serializers.ChoiceField(AppealOutcome.Outcome.choices)
    reason = Plain(max_length=10_000)
    amount_ore = Amount(required=False, help_text="What is granted in all, when the decision is reversed.")


class Forwarding(Version):
    """Which ministry."""

    ministry = Plain(max_length=120)


class Answered(Version):
    """What the ministry came to."""

    outcome = serializers.ChoiceField(MinistryAnswer.Outcome.choices)
    reason = Plain(max_length=10_000)
    reference = Plain(max_length=80)
    dated = serializers.DateField()
    amount_ore = Amount(required=False, help_text="What is granted in all, when it is reversed.")


class ReversalShape(serializers.Serializer[Reversal]):
    """A reversal of a decision by the directorate itself."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(Reversal.State.choices)
    version = serializers.IntegerField()
    ground = serializers.ChoiceField(Reversal.Ground.choices)
    from_ore = serializers.IntegerField()
    to_ore = serializers.IntegerField()
    reason = serializers.CharField()
    answer_by = serializers.DateField(allow_null=True)
    answer = serializers.CharField()


class BeginReversal(serializers.Serializer[Any]):
    """What the decision should grant instead, and why. To the recipient's loss it takes a day to answer by."""

    to_ore = Amount()
    ground = serializers.ChoiceField(Reversal.Ground.choices)
    reason = Plain(max_length=10_000)
    answer_by = serializers.DateField(required=False)


# --- Appeals ----------------------------------------------------------------------------------------------------------


class SentFirst(NewestFirst):
    """The one that was sent last, first."""

    ordering = ("-submitted_at", "id")


class Appeals(Listing):
    """The appeals that were sent in."""

    pagination_class = SentFirst

    @extend_schema(operation_id="appeals", responses=AppealShape(many=True))
    def get(self, request: Request) -> Response:
        return self.pages_of(Appeal.objects.visible_to(self.user), told)


class OneAppeal(Endpoint):
    """One appeal."""

    @extend_schema(operation_id="appeal", responses=AppealShape)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(told(_appeal(self.user, pk)))


@verb("take_appeal", asks=Version, answers=AppealShape)
def take(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Become the handler of an appeal."""
    return told(assign_appeal(_appeal(user, pk, asked["version"]), user, by=user))


@verb("admit_appeal", asks=Words, answers=AppealShape)
def admit(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Take a late appeal in, with a reason."""
    return told(admit_late(_appeal(user, pk, asked["version"]), reason=asked["text"], by=user))


@verb("ask_appellant", asks=Words, answers=AppealShape)
def ask(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Ask the appellant for more."""
    return told(ask_appellant(_appeal(user, pk, asked["version"]), asked["text"], by=user))


@verb("go_on_with_appeal", asks=Version, answers=AppealShape)
def go_on(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Go on without an answer."""
    return told(stop_waiting(_appeal(user, pk, asked["version"]), by=user))


@verb("propose_outcome", asks=Outcome, answers=AppealShape, status=201)
def propose(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Propose what the appeal comes to."""
    appeal = _appeal(user, pk, asked.pop("version"))
    propose_outcome(appeal, asked.pop("outcome"), **asked, by=user)
    return told(_appeal(user, pk))


@verb("return_outcome", asks=Words, answers=AppealShape)
def send_back(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Send a proposal back to the handler."""
    return told(return_outcome(_proposed(user, pk, asked["version"]), reason=asked["text"], by=user))


@verb("decide_appeal", asks=Version, answers=AppealShape)
def decide(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Make a proposal of somebody else what the appeal comes to."""
    decide_appeal(_proposed(user, pk, asked["version"]), by=user)
    return told(_appeal(user, pk))


@verb("forward_appeal", asks=Forwarding, answers=AppealShape)
def forward(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Send an upheld appeal to the ministry."""
    return told(forward_appeal(_appeal(user, pk, asked["version"]), ministry=asked["ministry"], by=user))


@verb("record_ministry", asks=Answered, answers=AppealShape, status=201)
def record_ministry(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Record what the ministry came to."""
    appeal = _appeal(user, pk, asked.pop("version"))
    amount = asked.pop("amount_ore", None)
    record_answer(appeal, asked.pop("outcome"), amount_ore=amount, **asked, by=user)
    return told(_appeal(user, pk))


def _appeal(user: User, pk: UUID, version: int | None = None) -> Appeal:
    appeal = get_object_or_404(Appeal.objects.visible_to(user).with_their_case(), pk=pk)
    if version is not None:
        appeal.version = version
    return appeal


def _proposed(user: User, pk: UUID, version: int) -> AppealOutcome:
    """The proposal that waits, with the appeal in the version that was read."""
    appeal = _appeal(user, pk, version)
    proposal = proposed_outcome(appeal)
    if proposal is None:
        raise ChangedSince(_("Ingen innstilling venter på å bli avgjort."))
    proposal.appeal = appeal
    return proposal


# --- Reversals --------------------------------------------------------------------------------------------------------


class OneReversal(Endpoint):
    """The reversal under way in a case."""

    @extend_schema(operation_id="reversal", responses=ReversalShape)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(_shown(_reversal(self.user, pk)))


@verb("begin_reversal", asks=BeginReversal, answers=ReversalShape, status=201)
def begin(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Begin a reversal; to the recipient's loss with a notice."""
    return _shown(begin_reversal(case_of(user, pk), **asked, by=user))


@verb("propose_reversal", asks=Words, answers=ReversalShape, status=201)
def propose_to_reverse(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Propose the new decision; the text is its reason, and stands in the letter."""
    propose_reversal(_reversal(user, pk, asked["version"]), reason=asked["text"], by=user)
    return _shown(_reversal(user, pk))


@verb("return_reversal", asks=Words, answers=ReversalShape)
def return_to_reverse(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Send the proposal back, with a reason."""
    return _shown(return_reversal(_reversal(user, pk, asked["version"]), reason=asked["text"], by=user))


@verb("decide_reversal", asks=Version, answers=ReversalShape)
def decide_to_reverse(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Make the proposal of somebody else the decision that stands."""
    reversal = _reversal(user, pk, asked["version"])
    decide_reversal(reversal, by=user)
    reversal.refresh_from_db()
    return _shown(reversal)


@verb("drop_reversal", asks=Words, answers=ReversalShape)
def drop(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Put a reversal away: the decision stands."""
    return _shown(drop_reversal(_reversal(user, pk, asked["version"]), reason=asked["text"], by=user))


def _reversal(user: User, pk: UUID, version: int | None = None) -> Reversal:
    reversal = open_reversal(case_of(user, pk))
    if reversal is None:
        raise Http404
    if version is not None:
        reversal.version = version
    return reversal


def _shown(reversal: Reversal) -> Asked:
    return dict(ReversalShape(reversal).data)
