"""Money of a grant that is to come back: what was found unspent, paid beyond a new decision, or never reported on.

Each becomes a claim that finance approves (`grants/services/raise_recovery.py`). The claims of one case share what they
are about, so that no krone of it is claimed twice.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, CaseDocument, Decision, Overpaid, Report, UnspentFinding
from applications.models.terms import Deadline, due_on
from applications.services.assess import require_impartial
from applications.services.commitments import GRANTS, used_ore
from applications.workflow.follow_up import tell
from applications.workflow.machine import has_role
from grants.models import RecoveryClaim, Role, User
from grants.recoveries.paid import claimed_about
from grants.services.raise_recovery import Claimed, note_on_claims, raise_claim
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.money import kr

Kind = RecoveryClaim.Kind


def about(application: Application) -> str:
    """What the claims of a case share."""
    return f"application:{application.pk}"


def claim_unspent(finding: UnspentFinding, *, by: User) -> RecoveryClaim | None:
    """What two people found unspent is claimed, as far as it was paid. Nothing where no more was paid than was spent."""
    entitled = finding.decision.amount_ore - finding.amount_ore
    return _claim(
        finding.decision, used_ore(finding.application) - entitled, Kind.UNSPENT, ground=finding.review.reason,
        source=f"report_review:{finding.review_id}", sprang_from="Rapporten", by=by,
    )  # fmt: skip


def claim_overpaid(successor: Decision, *, by: User) -> RecoveryClaim | None:
    """What was paid beyond a decision that took another's place. Where more is granted again, finance is told so."""
    overpaid = Overpaid.objects.filter(decision=successor).first()
    return _claim(
        successor, overpaid.to_recover_ore if overpaid else 0, Kind.WITHDRAWN, ground=successor.reason, source=f"decision:{successor.pk}",
        sprang_from="Omgjort vedtak", by=by,
    )  # fmt: skip


@transaction.atomic
def claim_missing_report(report: Report, *, reason: str, by: User) -> RecoveryClaim:
    """A person confirms that a report never came, after its day and a reminder by letter: all that was paid is claimed."""
    application = report.application
    if not has_role(by, Role.CASEWORKER, application):
        raise NotAllowed(_("%(who)s er ikke saksbehandler.") % {"who": by})
    require_impartial(by, application.call)
    report = Report.objects.select_for_update().select_related("application", "decision").get(pk=report.pk)
    if not may_be_claimed(report):
        raise Refused(
            _("Pengene kan kreves tilbake når fristen er ute og mottakeren er purret i brev. Vent til det er gjort.")
        )
    if not reason.strip():
        raise BadInput(_("Skriv hvorfor pengene kreves tilbake. Mottakeren leser det."))
    claim = _claim(
        report.decision, used_ore(application), Kind.NO_REPORT, ground=reason, source=f"report:{report.pk}",
        sprang_from="Rapporten er ikke levert", by=by,
    )  # fmt: skip
    if claim is None:
        raise ChangedSince(_("Det er ikke betalt ut noe som kan kreves tilbake, eller det er krevd allerede."))
    return claim


def may_be_claimed(report: Report) -> bool:
    """Is the report late, has a letter reminded of it, and is nothing claimed for it?"""
    last_day = due_on(report.decision, Deadline.What.REPORT)
    waits = (
        report.state in (Report.State.OPEN, Report.State.RETURNED) and report.decision.state == Decision.State.DECIDED
    )
    if not waits or last_day is None or today() <= last_day:
        return False
    reminded = CaseDocument.objects.filter(
        application=report.application, kind=f"reminder:report_overdue:{last_day.isoformat()}"
    )
    claimed = RecoveryClaim.objects.filter(source=f"report:{report.pk}")
    return reminded.exists() and not claimed.exists()


def claims_of(application: Application) -> list[RecoveryClaim]:
    """The claims that a case has led to, the newest first."""
    return list(RecoveryClaim.objects.filter(about=about(application)).with_standing().order_by("-number"))


def report_has_come(report: Report, *, by: User) -> None:
    """A claim was made because the report did not come, and now it has: finance is told."""
    if RecoveryClaim.objects.filter(source=f"report:{report.pk}").exists():
        note_on_claims(about(report.application), f"Rapporten kom {today():%d.%m.%Y}.", by=by)


def _claim(
    decision: Decision, owed_ore: int, kind: RecoveryClaim.Kind, *, ground: str, source: str, sprang_from: str, by: User
) -> RecoveryClaim | None:
    """Raise a claim for what is owed beyond what the case's other claims ask for; None where that is nothing.

    Where they ask for more than is owed now, it stands in their stories, for finance to write the difference off.
    """
    application, call = decision.application, decision.call
    Application.objects.select_for_update().get(pk=application.pk)  # claims of one case are made one at a time
    standing = RecoveryClaim.objects.filter(source=source).first()
    if standing is not None:
        return standing
    left = owed_ore - claimed_about(about(application))
    if left < 0:
        words = f"{sprang_from}: det er nå grunnlag for å kreve {kr(max(owed_ore, 0))} kroner tilbake i saken, {kr(-left)} mindre."
        note_on_claims(about(application), words, by=by)
    if left <= 0:
        return None
    claim = raise_claim(
        Claimed(
            recipient=application.organisation, kind=kind, amount_ore=left, scheme=call.scheme, chapter=call.law.chapter,
            post=call.law.post, code=call.code, origin_year=call.year, origin_term=1, account_class=GRANTS,
            ground=ground, source=source, sprang_from=f"{sprang_from}, {application.reference}", about=about(application),
        ),
        by=by,
    )  # fmt: skip
    tell(
        application, "claim_back", by=by, text=f"{kr(left)} kroner kreves tilbake: {claim}.",
        open_to_applicant=False, claim=claim.number,
    )  # fmt: skip
    return claim
