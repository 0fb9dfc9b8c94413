"""The documents after a decision, made by jobs: what came in is recorded as it was sent, what goes out as it was said."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.intake.answers import said
from applications.intake.regrants import Regrants
from applications.intake.report import accounts_in
from applications.letters import follow_up
from applications.letters.templates import html_of
from applications.models import (
    Acceptance,
    Application,
    CaseDocument,
    ChangeRequest,
    Deadline,
    ReportReview,
    ReportSubmission,
    Terms,
)
from applications.services.case_letters import STYLESHEET
from applications.services.records import Direction, record, record_attachments
from applications.services.reports import states_as_sent
from grants.documents.render import render_pdf
from grants.jobs.registry import job
from grants.shared.dates import today
from grants.shared.shown import figure


def write_notice(
    case: Application,
    kind: str,
    *,
    of: object,
    content: Mapping[str, Any],
    dated: date,
    direction: CaseDocument.Direction,
) -> CaseDocument:
    """Set, archive and record a document made of headings, paragraphs and rows. Made once."""
    pdf = render_pdf(html_of("notice", content), stylesheet=render_to_string(STYLESHEET))
    return record(
        case, kind, of=of, content=pdf, about=content["title"], language=content["language"], direction=direction,
        dated=dated,
    )  # fmt: skip


@job("acceptance_document")
def acceptance_document(payload: Mapping[str, Any]) -> None:
    """Record what a signatory answered to the terms."""
    answer = Acceptance.objects.select_related("application__organisation", "terms", "by").get(pk=payload["acceptance"])
    write_notice(
        answer.application, "acceptance", of=answer.decision_id, content=follow_up.acceptance_form(answer),
        dated=answer.answered_on, direction=Direction.INCOMING,
    )  # fmt: skip


@job("change_document")
def change_document(payload: Mapping[str, Any]) -> None:
    """Record what a recipient asked to change."""
    request = ChangeRequest.objects.select_related("application__organisation", "asked_by").get(pk=payload["change"])
    write_notice(
        request.application, "change_request", of=request.pk, content=follow_up.change_form(request),
        dated=request.asked_on, direction=Direction.INCOMING,
    )  # fmt: skip


@job("change_letter")
def change_letter(payload: Mapping[str, Any]) -> None:
    """The answer to a change request, with the new terms where it was a yes."""
    request = ChangeRequest.objects.select_related("application__organisation", "decision").get(pk=payload["change"])
    assert request.decided_on is not None  # the job is handed over when it is decided
    approved = request.state == ChangeRequest.State.APPROVED
    terms = terms_from(request) if approved else None
    write_notice(
        request.application, "change_answer", of=request.pk, content=follow_up.change_letter(request, terms),
        dated=request.decided_on, direction=Direction.OUTGOING,
    )  # fmt: skip


def terms_from(request: ChangeRequest) -> Terms:
    """The terms that an approved request gave: one for each approval, in their order, after the first."""
    approved = ChangeRequest.objects.filter(decision=request.decision, state=ChangeRequest.State.APPROVED)
    before = approved.filter(number__lte=request.number).count()
    return Terms.objects.get(decision=request.decision, number=1 + before)


@job("report_document")
def report_document(payload: Mapping[str, Any]) -> None:
    """Record a report as it was sent in."""
    submission = ReportSubmission.objects.select_related("report__application__organisation", "terms").get(
        pk=payload["submission"]
    )
    case = submission.report.application
    with override(case.language):
        content = follow_up.report_form(submission, [*in_words(submission), *_attached(submission)])
    document = write_notice(
        case, "report", of=f"{submission.report_id}-{submission.number}", content=content,
        dated=timezone.localdate(submission.submitted_at), direction=Direction.INCOMING,
    )  # fmt: skip
    record_attachments(document, f"report:{submission.pk}")


@job("report_letter")
def report_letter(payload: Mapping[str, Any]) -> None:
    """The answer to a report."""
    review = ReportReview.objects.select_related("submission__report__application__organisation").get(
        pk=payload["review"]
    )
    report = review.submission.report
    given = Deadline.objects.filter(decision=report.decision_id, what=Deadline.What.REPORT, at__lte=review.at)
    returned = given.order_by("pk").last() if review.verdict == ReportReview.Verdict.RETURN else None
    last_day = returned.due_on if returned else None
    write_notice(
        report.application, "report_answer", of=review.pk, content=follow_up.report_letter(review, last_day),
        dated=timezone.localdate(review.at), direction=Direction.OUTGOING,
    )  # fmt: skip


@job("deadline_letter")
def deadline_letter(payload: Mapping[str, Any]) -> None:
    """What was moved, to which day and why."""
    deadline = Deadline.objects.select_related("decision__application__organisation").get(pk=payload["deadline"])
    write_notice(
        deadline.decision.application, "new_deadline", of=deadline.pk, content=follow_up.deadline_letter(deadline),
        dated=timezone.localdate(deadline.at), direction=Direction.OUTGOING,
    )  # fmt: skip


def write_reminder(application: Application, kind: str, *, day: date, text: str) -> CaseDocument:
    """A reminder as a letter, recorded once for each kind and day."""
    content = follow_up.reminder_letter(application, text, dated=today())
    return write_notice(
        application, "reminder", of=f"{kind}:{day.isoformat()}", content=content, dated=today(),
        direction=Direction.OUTGOING,
    )  # fmt: skip


def in_words(submission: ReportSubmission) -> list[tuple[str, list[tuple[str, str]]]]:
    """A report as text, in the reader's language: each theme with its answers, the accounts with budget, actual and why."""
    states = states_as_sent(submission)
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for state, accounts in states:
        typed = submission.answers.get(state.theme.code, {})
        if state.documents:
            continue
        if accounts is None:
            rows = [(said(question.text), _said(typed.get(question.code, ""))) for question in state.theme.questions]
        elif isinstance(accounts, Regrants):
            rows = [(f"{row.organisation}: {row.purpose}", figure(row.amount_ore)) for row in accounts.rows]
            rows.append((_("Administrasjon"), figure(accounts.admin_ore)))
        else:
            rows = [
                (line.text, f"{figure(line.actual_ore)} ({figure(line.budget_ore)}) {line.why}".strip())
                for line in accounts.lines
            ]
            rows += [(text, f"{figure(actual)} ({figure(budget)})") for text, budget, actual in accounts.financing]
        found.append((said(state.theme.title), rows))
    spent = accounts_in(states)
    costs, unspent = (_("Sum kostnader"), spent.costs_ore), (_("Ikke brukt av tilskuddet"), spent.unspent_ore)
    found.append((_("Sum"), [(text, figure(ore)) for text, ore in (costs, unspent)]))
    return found


def _attached(submission: ReportSubmission) -> list[tuple[str, list[tuple[str, str]]]]:
    """The files that went with a report, by name and fingerprint."""
    language = submission.report.application.language
    files = [
        (f"{one.document.text.on(language)}: {file.name}", f"SHA-256: {file.sha256[:32]} {file.sha256[32:]}")
        for state, _accounts in states_as_sent(submission)
        for one in state.documents
        for file in one.files
    ]
    return [("Vedlegg", files)] if files else []


def _said(typed: str) -> str:
    return {"yes": _("Ja"), "no": _("Nei")}.get(typed, typed)
