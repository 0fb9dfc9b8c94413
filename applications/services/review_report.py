"""The caseworker's verbs on a report: approve, send back, or find unspent money, which another person must approve."""

import hashlib
import json
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Deadline, Report, ReportReview, ReportSubmission, UnspentFinding
from applications.services.assess import require_impartial
from applications.services.claim_back import claim_unspent
from applications.services.order_grant import release_the_rest
from applications.workflow.follow_up import (
    APPROVE_REPORT,
    FIND_UNSPENT,
    PROPOSE_UNSPENT,
    REJECT_UNSPENT,
    RETURN_REPORT,
    move_on,
)
from grants.jobs.queue import hand_over
from grants.models import Approval, AuditEvent, User
from grants.services.hold_orders import refresh_holds
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from grants.shared.money import kr
from grants.shared.shown import figure

Verdict = ReportReview.Verdict


@transaction.atomic
def approve_report(report: Report, *, reason: str = "", by: User) -> ReportReview:
    """The report is right, and nothing is left unspent."""
    require_impartial(by, report.application.call)
    submission = _newest(report)
    if submission.unspent_ore and not reason.strip():
        raise BadInput(
            _(
                "Regnet etter vilkårene er %(amount)s kroner ubrukt. "
                "Skriv hvorfor rapporten likevel godkjennes uten krav."
            )
            % {"amount": figure(submission.unspent_ore)}
        )
    move_on(report, APPROVE_REPORT, by=by)
    release_the_rest(report.decision, on=today(), by=by)
    refresh_holds(today(), recipient=report.application.organisation)
    review = _review(submission, Verdict.APPROVE, reason=reason, by=by)
    _letter(review)
    return review


@transaction.atomic
def return_report(report: Report, *, reason: str, last_day: date, by: User) -> ReportReview:
    """Send the report back: what must be mended, and by when."""
    require_impartial(by, report.application.call)
    if not reason.strip():
        raise BadInput(_("Skriv hva mottakeren må rette."))
    if last_day < today():
        raise BadInput(_("Den nye fristen må være i dag eller senere."))
    submission = _newest(report)
    move_on(report, RETURN_REPORT, by=by, reason=reason.strip())
    Deadline.objects.create(
        decision=report.decision, what=Deadline.What.REPORT, due_on=last_day, reason=reason.strip(), by=by
    )
    review = _review(submission, Verdict.RETURN, reason=reason, by=by)
    _letter(review)
    return review


@transaction.atomic
def propose_unspent(report: Report, *, amount_ore: int, reason: str, by: User) -> ReportReview:
    """One person finds that money was not spent. Nothing is owed before another has approved it."""
    require_impartial(by, report.application.call)
    granted = report.decision.amount_ore
    if not 0 < amount_ore <= granted:
        raise BadInput(
            _("Beløpet må være over 0 og høyst %(granted)s kroner, som er det som ble innvilget.")
            % {"granted": figure(granted)}
        )
    if not reason.strip():
        raise BadInput(_("Skriv hvordan beløpet er funnet. Det står i brevet til mottakeren."))
    submission = _newest(report)
    move_on(report, PROPOSE_UNSPENT, by=by, reason=reason.strip())
    return _review(submission, Verdict.UNSPENT, reason=reason, by=by, amount_ore=amount_ore)


@transaction.atomic
def approve_unspent(report: Report, *, by: User) -> UnspentFinding:
    """Another person approves what was found: it stands for ever, and what was paid of it is claimed back."""
    require_impartial(by, report.application.call)
    review = proposal_of(report)
    if review.by_id == by.pk:
        raise NotAllowed(_("%(who)s har funnet beløpet. En annen må godkjenne det.") % {"who": by})
    if review.digest != digest_of(review):
        raise ChangedSince(_("Funnet er ikke det som ble laget."))
    subject = f"report_review:{review.pk}"
    approval = {"digest": review.digest, "proposed_by": review.by, "approved_by": by}
    Approval.objects.get_or_create(subject=subject, defaults=approval)
    finding, _is_new = UnspentFinding.objects.get_or_create(
        review=review,
        defaults={
            "application": report.application,
            "decision": report.decision,
            "amount_ore": review.amount_ore,
            "found_on": today(),
            "by": by,
        },
    )
    move_on(report, FIND_UNSPENT, by=by, reason=f"{kr(review.amount_ore)} kroner er ikke brukt.")
    claim_unspent(finding, by=by)
    AuditEvent.objects.create(by=by, verb="find_unspent", subject=subject, details={"digest": review.digest})
    _letter(review)
    return finding


@transaction.atomic
def reject_unspent(report: Report, *, reason: str, by: User) -> Report:
    """Another person disagrees: the report goes back to the caseworker, with a reason."""
    require_impartial(by, report.application.call)
    if not reason.strip():
        raise BadInput(_("Skriv hvorfor funnet sendes tilbake."))
    move_on(report, REJECT_UNSPENT, by=by, reason=reason.strip())
    return report


def proposal_of(report: Report) -> ReportReview:
    """The newest finding of unspent money, which waits for a second person."""
    found = ReportReview.objects.filter(submission__report=report, verdict=Verdict.UNSPENT)
    review = found.select_related("by", "submission__report").order_by("pk").last()
    if review is None or report.state != Report.State.PROPOSED:
        raise ChangedSince(_("Det er ikke noe funn som venter på godkjenning. Last siden på nytt."))
    return review


def digest_of(review: ReportReview) -> str:
    """SHA-256 over what the second person approves: which report, how much and why."""
    content: dict[str, Any] = {
        "report": review.submission.report_id,
        "submission": review.submission.sha256,
        "verdict": str(review.verdict),
        "amount_ore": review.amount_ore,
        "reason": review.reason,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _newest(report: Report) -> ReportSubmission:
    submission = report.submissions.order_by("number").last()
    if submission is None:
        raise ChangedSince(_("Rapporten er ikke sendt inn ennå."))
    return submission


def _review(
    submission: ReportSubmission, verdict: ReportReview.Verdict, *, reason: str, by: User, amount_ore: int = 0
) -> ReportReview:
    review = ReportReview(submission=submission, verdict=verdict, reason=reason.strip(), amount_ore=amount_ore, by=by)
    review.digest = digest_of(review)
    review.save()
    return review


def _letter(review: ReportReview) -> None:
    hand_over("report_letter", f"report_letter:{review.pk}", {"review": review.pk})
