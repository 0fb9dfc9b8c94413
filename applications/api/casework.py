"""Casework for machines: take, give, ask, settle, score, note, propose, return and decide. The services are the pages'."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.reading import case_of, line
from applications.api.shapes import (
    CaseLine,
    FindingShape,
    Plain,
    Points,
    Proposal,
    Question,
    Ruling,
    Version,
    Words,
)
from applications.models import Application, Decision, Finding
from applications.search.options import caseworkers
from applications.services.assess import add_note, ask_applicant, rule_on, score, stop_waiting, take_case
from applications.services.assign import assign, give_back
from applications.services.decide import decide, propose, return_proposal
from applications.services.reopen import open_again
from applications.workflow.grounds import newest_findings, settled
from grants.api.asking import Endpoint, verb
from grants.models import User
from grants.shared.errors import BadInput

Asked = dict[str, Any]


class To(Version):
    """Whom a case is given to."""

    to = Plain(max_length=150, help_text="The user name of a caseworker.")


class Reopening(Version):
    """Until when the applicant may change the application, and why."""

    until = serializers.DateTimeField()
    reason = Plain(max_length=4_000)


class NoteShape(serializers.Serializer[Any]):
    """An internal note."""

    text = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()


class Findings(Endpoint):
    """The conditions of the newest submission, each as it is settled."""

    @extend_schema(operation_id="findings", responses=FindingShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        return Response([_shown(finding) for finding in newest_findings(case_of(self.user, pk))])


@verb("take", asks=Version, answers=CaseLine)
def take(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Become the handler of a case."""
    return line(take_case(case_of(user, pk, version=asked["version"]), by=user))


@verb("give_back", asks=Version, answers=CaseLine)
def put_back(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Put a case that one handles back in the queue."""
    return line(give_back(case_of(user, pk, version=asked["version"]), by=user))


@verb("assign", asks=To, answers=CaseLine)
def give_to(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Give a case to a caseworker."""
    application = case_of(user, pk, version=asked["version"])
    to = next((person for person in caseworkers() if person.username == asked["to"]), None)
    if to is None:
        raise BadInput(_("Det er ingen saksbehandler med det brukernavnet."))
    return line(assign(application, to=to, by=user))


@verb("ask", asks=Question, answers=CaseLine)
def ask(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Ask the applicant for more."""
    application = case_of(user, pk, version=asked["version"])
    return line(ask_applicant(application, asked["text"], due_on=asked.get("due_on"), by=user))


@verb("stop_waiting", asks=Version, answers=CaseLine)
def go_on(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Go on without an answer."""
    return line(stop_waiting(case_of(user, pk, version=asked["version"]), by=user))


@verb("open_again", asks=Reopening, answers=CaseLine)
def let_change(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Let the applicant change what was sent in, after the deadline."""
    application = case_of(user, pk, version=asked["version"])
    return line(open_again(application, until=asked["until"], reason=asked["reason"], by=user))


@verb("note", asks=Words, answers=NoteShape, status=201)
def note(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Leave an internal note to colleagues."""
    return dict(NoteShape(add_note(case_of(user, pk, version=asked["version"]), asked["text"], by=user)).data)


@verb("rule", asks=Ruling, answers=FindingShape, status=201)
def rule(user: User, asked: Asked, *, pk: UUID, finding: int) -> Asked:
    """Settle a condition, or override it, with a reason."""
    application = case_of(user, pk)
    of = _finding(application, finding)
    rule_on(of, met=asked["met"], reason=asked["reason"], seen=asked.get("seen"), by=user)
    return _shown(_finding(application, finding))


@verb("score", asks=Points, answers=Points, status=201)
def give_points(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Give points on a criterion."""
    score(case_of(user, pk), asked["criterion"], asked["points"], reason=asked["reason"], by=user)
    return asked


@verb("propose", asks=Proposal, answers=CaseLine, status=201)
def make_proposal(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Propose a decision."""
    application = case_of(user, pk, version=asked["version"])
    propose(application, amount_ore=asked["amount_ore"], reason=asked["reason"], by=user)
    return line(application)


@verb("return_proposal", asks=Words, answers=CaseLine)
def send_back(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Send a proposal back with a reason."""
    proposal = _proposal(case_of(user, pk, version=asked["version"]))
    return line(return_proposal(proposal, reason=asked["text"], by=user))


@verb("decide", asks=Version, answers=CaseLine)
def make_decision(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Make a proposal of somebody else a decision."""
    application = case_of(user, pk, version=asked["version"])
    decide(_proposal(application), by=user)
    application.refresh_from_db()
    return line(application)


def _proposal(application: Application) -> Decision:
    """The proposal that waits, with the case in the version that was read."""
    proposal: Decision = get_object_or_404(application.decisions.proposed())
    proposal.application = application
    return proposal


def _finding(application: Application, number: int) -> Finding:
    found = next((one for one in newest_findings(application) if one.pk == number), None)
    if found is None:
        raise Http404
    return found


def _shown(finding: Finding) -> Asked:
    finding.met = settled(finding)  # type: ignore[attr-defined]
    return dict(FindingShape(finding).data)
