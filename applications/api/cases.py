"""The applicant's road for machines: begin, write, send in, answer, take back. The services are those of the pages."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.reading import case_of, line, reads_all, whole
from applications.api.shapes import CASE_COLUMNS, Begin, CaseLine, CaseShape, EventShape, Theme, Version, Words
from applications.api.typed import as_typed
from applications.intake.completeness import themes_of
from applications.models import Application, Call, CaseEvent, State
from applications.services.assess import answer_directorate
from applications.services.copy_application import begin_from_earlier, to_copy_from
from applications.services.draft import begin_application, may_begin_for, save_answers
from applications.services.reopen import reopen
from applications.services.submit import submit
from applications.services.withdraw import withdraw
from applications.workflow.transitions import ANSWER, ASK
from grants.api.asking import Endpoint, Listing, NewestFirst, doing, verb
from grants.models import User
from grants.shared.errors import BadInput, Refused

Asked = dict[str, Any]
STATE = OpenApiParameter("state", str, enum=State.values)


class LastSaved(NewestFirst):
    """The last saved first, as the pages have them."""

    ordering = ("-saved_at", "id")


class LastFirst(NewestFirst):
    """What happened last, first."""

    ordering = ("-id",)


class Cases(Listing):
    """The cases that this person may open, and a new one."""

    pagination_class = LastSaved

    @extend_schema(operation_id="cases", responses=CaseLine(many=True), parameters=[STATE])
    def get(self, request: Request) -> Response:
        rows = Application.objects.visible_to(self.user)
        if state := request.query_params.get("state"):
            if state not in State.values:
                raise BadInput(_("state er en av %(states)s.") % {"states": ", ".join(State.values)})
            rows = rows.in_state(state)
        columns: Any = rows.values("saved_at", *CASE_COLUMNS.values())
        return self.pages_of(columns, lambda row: {name: row[path] for name, path in CASE_COLUMNS.items()})

    @doing("begin", asks=Begin, answers=CaseShape, status=201)
    @staticmethod
    def post(user: User, asked: Asked) -> Asked:
        """A new draft for one of the person's organisations, empty or with the answers of last time."""
        call = get_object_or_404(Call.objects.published(), pk=asked["call"])
        organisation = next((one for one in may_begin_for(user, call) if one.pk == asked["organisation"]), None)
        if organisation is None:
            raise Http404
        if not asked["copy"]:
            return whole(begin_application(call, organisation, by=user, language=asked["language"]), user)
        earlier = to_copy_from(call, organisation)
        if earlier is None:
            raise Refused(_("Det er ingen tidligere søknad på ordningen å kopiere fra."))
        return whole(begin_from_earlier(call, earlier, by=user, language=asked["language"]), user)


class OneCase(Endpoint):
    """One case with its answers."""

    @extend_schema(operation_id="case", responses=CaseShape)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(whole(case_of(self.user, pk), self.user))


class Events(Listing):
    """What has happened in a case; an applicant sees what is open to applicants."""

    pagination_class = LastFirst

    @extend_schema(operation_id="events", responses=EventShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        events = case_of(self.user, pk).events.order_by("-pk")
        if not reads_all(self.user):
            events = events.filter(open_to_applicant=True)
        return self.pages_of(events, lambda event: dict(EventShape(event).data))


class QuestionShape(serializers.Serializer[CaseEvent]):
    """A question to the applicant, or the answer to one."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField([ASK.name, ANSWER.name], source="verb")
    text = serializers.CharField()
    due_on = serializers.DateField(source="details.due_on", default=None, allow_null=True)


class Questions(Listing):
    """What the directorate has asked, and what was answered."""

    pagination_class = LastFirst

    @extend_schema(operation_id="questions", responses=QuestionShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        events = case_of(self.user, pk).events.filter(verb__in=[ASK.name, ANSWER.name]).order_by("-pk")
        return self.pages_of(events, lambda event: dict(QuestionShape(event).data))


@verb("save_theme", asks=Theme, answers=CaseShape)
def save_theme(user: User, asked: Asked, *, pk: UUID, theme: str) -> Asked:
    """Save what is typed in a theme of a draft."""
    application = case_of(user, pk)
    known = next((one for one in themes_of(application.call) if one.code == theme), None)
    if known is None:
        raise BadInput(_("Søknaden har ingen del som heter «%(theme)s».") % {"theme": theme})
    typed = as_typed(known, application.call.part, asked["typed"])
    return whole(save_answers(application, theme, typed, version=asked["version"], by=user), user)


@verb("submit", asks=Version, answers=CaseLine)
def send_in(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Send the application in."""
    application = case_of(user, pk, version=asked["version"])
    submit(application, by=user)
    return line(application)


@verb("withdraw", asks=Version, answers=CaseLine)
def take_back(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Take the application back for good."""
    return line(withdraw(case_of(user, pk, version=asked["version"]), by=user))


@verb("reopen", asks=Version, answers=CaseLine)
def open_to_change(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Open what was sent in, to change it before the deadline. Unless it is sent in again, the submission counts."""
    return line(reopen(case_of(user, pk, version=asked["version"]), by=user))


@verb("answer", asks=Words, answers=CaseLine)
def answer(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Answer what the directorate asked."""
    return line(answer_directorate(case_of(user, pk, version=asked["version"]), asked["text"], by=user))
