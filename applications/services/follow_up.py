"""Where a grant stands after the decision, in one place: the pages of recipient and directorate both ask here."""

from dataclasses import dataclass
from datetime import date

from applications.models import (
    Acceptance,
    Application,
    ChangeRequest,
    Deadline,
    Decision,
    Report,
    ReportReview,
    ReportSubmission,
    Terms,
    UnspentFinding,
)
from applications.models.terms import due_on
from applications.services.change_requests import may_be_changed
from grants.shared.dates import today


@dataclass(frozen=True)
class FollowUp:
    """A grant with its terms, the answer to them, requests to change them, and the report."""

    application: Application
    decision: Decision
    terms: Terms  # in force
    acceptance: Acceptance | None
    accept_by: date | None
    changes: list[ChangeRequest]  # the newest first
    report: Report | None
    report_due_on: date | None
    submission: ReportSubmission | None  # the newest
    review: ReportReview | None  # the newest of that submission
    finding: UnspentFinding | None

    @property
    def waits_for_answer(self) -> bool:
        return self.acceptance is None

    @property
    def is_accepted(self) -> bool:
        return self.acceptance is not None and self.acceptance.answer == Acceptance.Answer.ACCEPTED

    @property
    def is_declined(self) -> bool:
        return self.acceptance is not None and self.acceptance.answer == Acceptance.Answer.DECLINED

    @property
    def answer_is_overdue(self) -> bool:
        return self.acceptance is None and self.accept_by is not None and today() > self.accept_by

    @property
    def report_is_overdue(self) -> bool:
        waits = self.report is not None and self.report.state in (Report.State.OPEN, Report.State.RETURNED)
        return waits and self.report_due_on is not None and today() > self.report_due_on

    @property
    def waiting_change(self) -> ChangeRequest | None:
        """The request that is not answered yet."""
        waits = (ChangeRequest.State.ASKED, ChangeRequest.State.RECOMMENDED)
        return next((request for request in self.changes if request.state in waits), None)

    @property
    def may_ask_for_change(self) -> bool:
        return self.waiting_change is None and may_be_changed(self.decision)


def follow_up_of(application: Application) -> FollowUp | None:
    """What follows the grant of a case; None where nothing is granted."""
    decision = (
        Decision.objects.standing().filter(application=application, amount_ore__gt=0).select_related("call").first()
    )
    terms = Terms.objects.in_force(decision) if decision else None
    if decision is None or terms is None:
        return None
    report = Report.objects.filter(decision=decision).select_related("saved_by").first()
    submission = (
        report.submissions.select_related("submitted_by", "terms").order_by("number").last() if report else None
    )
    reviews = ReportReview.objects.filter(submission=submission).select_related("by") if submission else None
    changes = decision.change_requests.select_related("asked_by", "recommended_by").order_by("-number")
    return FollowUp(
        application=application,
        decision=decision,
        terms=terms,
        acceptance=Acceptance.objects.filter(decision=decision).select_related("by", "terms").first(),
        accept_by=due_on(decision, Deadline.What.ACCEPT),
        changes=list(changes),
        report=report,
        report_due_on=due_on(decision, Deadline.What.REPORT),
        submission=submission,
        review=reviews.order_by("pk").last() if reviews is not None else None,
        finding=UnspentFinding.objects.filter(decision=decision).first(),
    )


def all_terms(follow_up: FollowUp) -> list[Terms]:
    """The whole chain of terms, the newest first."""
    return list(follow_up.decision.terms.order_by("-number"))


def signatories(application: Application) -> list[str]:
    """Who may answer for the organisation."""
    acting = application.organisation.memberships.filter(role="signatory", user__is_active=True).select_related("user")
    return [str(membership.user) for membership in acting]
