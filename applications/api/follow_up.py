"""After a grant, for machines: the terms and the answer to them, requests to change them, deadlines, and the report."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.reading import grant_of
from applications.api.shapes import Amount, Plain, Theme, ThemeShape, Typed, Version
from applications.api.typed import BUDGET, as_typed, in_fields
from applications.intake.report import themes_of_report
from applications.models import Acceptance, ChangeRequest, Deadline, Report, ReportReview, Terms
from applications.services.change_requests import ask_for_change, decide_change, recommend_change
from applications.services.follow_up import FollowUp
from applications.services.reports import save_report, states_now, submit_report, terms_of
from applications.services.review_report import (
    approve_report,
    approve_unspent,
    propose_unspent,
    reject_unspent,
    return_report,
)
from applications.services.terms import accept_terms, decline_grant, give_new_deadline
from grants.api.asking import Endpoint, Listing, NewestFirst, doing, verb
from grants.models import User
from grants.shared.dates import today
from grants.shared.errors import BadInput

Asked = dict[str, Any]
Verdict = ReportReview.Verdict
SHA256 = r"[0-9a-f]{64}"


class TermsShape(serializers.Serializer[Any]):
    """The terms in force, whole, with the answer to them."""

    number = serializers.IntegerField()
    amount_ore = serializers.IntegerField()
    content = serializers.JSONField()
    sha256 = serializers.CharField(help_text="Send it with the answer: it says which terms were read.")
    accept_by = serializers.DateField(allow_null=True)
    answer = serializers.ChoiceField(Acceptance.Answer.choices, allow_null=True)
    answered_on = serializers.DateField(allow_null=True)


class Accepting(serializers.Serializer[Any]):
    """Which terms were read."""

    sha256 = serializers.RegexField(f"^{SHA256}$")


class Declining(Accepting):
    """Which terms were read, and why the grant is declined."""

    reason = Plain(max_length=4_000)


class ChangeShape(serializers.Serializer[ChangeRequest]):
    """A request to change the terms, within the same amount."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(ChangeRequest.State.choices)
    version = serializers.IntegerField()
    text = serializers.CharField()
    wanted = serializers.JSONField(help_text="What is to be otherwise; what is not named stays.")
    asked_on = serializers.DateField()
    answer = serializers.CharField()
    decided_on = serializers.DateField(allow_null=True)


class Changing(serializers.Serializer[Any]):
    """What should be otherwise, and why. What is left out stays as it is."""

    text = Plain(max_length=4_000)
    activity = Plain(max_length=4_000, required=False, allow_blank=True)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    budget = Typed(required=False, help_text="`costs` and `financing`, lists of text and kroner, and `own`.")


class Advice(Version):
    """Yes or no to a change request, and why."""

    approve = serializers.BooleanField()
    reason = Plain(max_length=4_000)


class NewDeadline(serializers.Serializer[Any]):
    """Another last day, and why."""

    what = serializers.ChoiceField(Deadline.What.choices)
    due_on = serializers.DateField()
    reason = Plain(max_length=4_000)


class ReportShape(serializers.Serializer[Any]):
    """The recipient's report as it stands."""

    state = serializers.ChoiceField(Report.State.choices)
    version = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)
    is_overdue = serializers.BooleanField()
    answers = serializers.JSONField()
    themes = ThemeShape(many=True)


class ReportLine(serializers.Serializer[Report]):
    """A report in a list."""

    case = serializers.UUIDField(source="application_id")
    state = serializers.ChoiceField(Report.State.choices)
    version = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)


class Reviewed(Version):
    """What a caseworker makes of a report: right, to be mended by a day, or an amount left unspent."""

    verdict = serializers.ChoiceField(Verdict.choices)
    reason = Plain(max_length=4_000, default="", allow_blank=True)
    last_day = serializers.DateField(required=False, help_text="With «return».")
    amount_ore = Amount(required=False, help_text="With «unspent».")


class Found(Version):
    """What another person makes of unspent money: it stands, or it goes back with a reason."""

    approve = serializers.BooleanField()
    reason = Plain(max_length=4_000, default="", allow_blank=True)


# --- Terms ------------------------------------------------------------------------------------------------------------


class TermsInForce(Endpoint):
    """The terms in force."""

    @extend_schema(operation_id="terms", responses=TermsShape)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(_terms(grant_of(self.user, pk)))


@verb("accept", asks=Accepting, answers=TermsShape)
def accept(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Accept the terms that were read."""
    accept_terms(grant_of(user, pk).terms, sha256=asked["sha256"], by=user)
    return _terms(grant_of(user, pk))


@verb("decline", asks=Declining, answers=TermsShape)
def decline(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Say no to the grant, with a reason."""
    decline_grant(grant_of(user, pk).terms, sha256=asked["sha256"], reason=asked["reason"], by=user)
    return _terms(grant_of(user, pk))


@verb("new_deadline", asks=NewDeadline, answers=NewDeadline, status=201)
def new_deadline(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Give a new deadline for the answer to the terms, or for the report."""
    what = Deadline.What(asked["what"])
    give_new_deadline(grant_of(user, pk).decision, what, asked["due_on"], reason=asked["reason"], by=user)
    return asked


def _terms(found: FollowUp) -> Asked:
    answer, terms = found.acceptance, found.terms
    told = {
        "number": terms.number,
        "amount_ore": terms.amount_ore,
        "content": terms.content,
        "sha256": terms.sha256,
        "accept_by": found.accept_by,
        "answer": answer.answer if answer else None,
        "answered_on": answer.answered_on if answer else None,
    }
    return dict(TermsShape(told).data)


# --- Requests to change the terms -------------------------------------------------------------------------------------


class ByNumber(NewestFirst):
    """The newest first."""

    ordering = ("-number",)


class Changes(Listing):
    """Requests to change the terms of a grant, and a new one."""

    pagination_class = ByNumber

    @extend_schema(operation_id="changes", responses=ChangeShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        requests = grant_of(self.user, pk).decision.change_requests.order_by("-number")
        return self.pages_of(requests, lambda one: dict(ChangeShape(one).data))

    @doing("ask_for_change", asks=Changing, answers=ChangeShape, status=201)
    @staticmethod
    def post(user: User, asked: Asked, *, pk: UUID) -> Asked:
        """Ask for another activity, period or budget within the same amount."""
        terms = grant_of(user, pk).terms
        return dict(ChangeShape(ask_for_change(terms, _as_form(asked, terms), by=user)).data)


@verb("recommend_change", asks=Advice, answers=ChangeShape)
def recommend(user: User, asked: Asked, *, pk: UUID, number: int) -> Asked:
    """Recommend yes or no to a request."""
    change = _change(user, pk, number, asked["version"])
    recommend_change(change, approve=asked["approve"], reason=asked["reason"], by=user)
    return dict(ChangeShape(change).data)


@verb("decide_change", asks=Advice, answers=ChangeShape)
def decide_on_change(user: User, asked: Asked, *, pk: UUID, number: int) -> Asked:
    """Say yes or no to a request, as another person than the one who recommended it."""
    change = _change(user, pk, number, asked["version"])
    decide_change(change, approve=asked["approve"], reason=asked["reason"], by=user)
    return dict(ChangeShape(change).data)


def _change(user: User, pk: UUID, number: int, version: int) -> ChangeRequest:
    change: ChangeRequest = get_object_or_404(grant_of(user, pk).decision.change_requests, number=number)
    change.version = version
    return change


def _as_form(asked: Asked, terms: Terms) -> Asked:
    """The request as the form would have posted it. A period that is not named is the one that stands."""
    form: Asked = {"text": asked["text"], "activity": asked.get("activity", "")}
    for name in ("starts_on", "ends_on"):
        form[name] = asked[name].isoformat() if name in asked else terms.content[name]
    if "budget" in asked:
        form |= in_fields(BUDGET[0], frozenset({"own"}), asked["budget"]) | {"changes_budget": "yes"}
    return form


# --- The report -------------------------------------------------------------------------------------------------------


class OneReport(Endpoint):
    """The report that is owed for the grant."""

    @extend_schema(operation_id="report", responses=ReportShape)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(_told(grant_of(self.user, pk)))


class ByDueDay(NewestFirst):
    """In the order of the cases' own keys, which never change."""

    ordering = ("id",)


OVERDUE = OpenApiParameter("overdue", bool, description="true: those that are owed and late; else those to review.")


class Reports(Listing):
    """Reports of all cases that wait: to be reviewed, or overdue."""

    pagination_class = ByDueDay

    @extend_schema(operation_id="reports", responses=ReportLine(many=True), parameters=[OVERDUE])
    def get(self, request: Request) -> Response:
        mine = Report.objects.visible_to(self.user)
        late = request.query_params.get("overdue") == "true"
        rows = mine.overdue_on(today()) if late else mine.to_review()
        return self.pages_of(rows, lambda one: dict(ReportLine(one).data))


@verb("save_report_theme", asks=Theme, answers=ReportShape)
def save_report_theme(user: User, asked: Asked, *, pk: UUID, theme: str) -> Asked:
    """Save what is typed in a theme of the report."""
    report = _report(user, pk)
    known = next((one for one in themes_of_report(terms_of(report).content) if one.code == theme), None)
    if known is None:
        raise BadInput(_("Rapporten har ingen del som heter «%(theme)s».") % {"theme": theme})
    save_report(report, theme, as_typed(known, "", asked["typed"]), version=asked["version"], by=user)
    return _told(grant_of(user, pk))


@verb("submit_report", asks=Version, answers=ReportShape)
def send_report(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Send the report in."""
    submit_report(_report(user, pk, asked["version"]), by=user)
    return _told(grant_of(user, pk))


@verb("review_report", asks=Reviewed, answers=ReportShape)
def review(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Approve a report, send it back, or find unspent money, which another person approves."""
    report, reason = _report(user, pk, asked["version"]), asked["reason"]
    if asked["verdict"] == Verdict.APPROVE:
        approve_report(report, reason=reason, by=user)
    elif asked["verdict"] == Verdict.RETURN:
        if "last_day" not in asked:
            raise BadInput(_("Send last_day: siste dag for å rette rapporten."))
        return_report(report, reason=reason, last_day=asked["last_day"], by=user)
    else:
        propose_unspent(report, amount_ore=asked.get("amount_ore", 0), reason=reason, by=user)
    return _told(grant_of(user, pk))


@verb("decide_unspent", asks=Found, answers=ReportShape)
def decide_unspent(user: User, asked: Asked, *, pk: UUID) -> Asked:
    """Approve what somebody else has found to be unspent, or send it back."""
    report = _report(user, pk, asked["version"])
    if asked["approve"]:
        approve_unspent(report, by=user)
    else:
        reject_unspent(report, reason=asked["reason"], by=user)
    return _told(grant_of(user, pk))


def _report(user: User, pk: UUID, version: int | None = None) -> Report:
    report = grant_of(user, pk).report
    if report is None:
        raise Http404
    if version is not None:
        report.version = version
    return report


def _told(found: FollowUp) -> Asked:
    report = found.report
    if report is None:
        raise Http404
    told = {
        "state": report.state,
        "version": report.version,
        "due_on": found.report_due_on,
        "is_overdue": found.report_is_overdue,
        "answers": report.answers,
        "themes": [
            {"code": state.theme.code, "progress": state.progress.value, "faults": state.faults}
            for state, _spent in states_now(report)
        ],
    }
    return dict(ReportShape(told).data)
