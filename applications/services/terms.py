"""The terms of a grant: issued with the decision, read and accepted by a signatory, or declined with a reason."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.intake.budget import Budget, read_budget
from applications.intake.report import goals_in
from applications.letters.terms import VERSION, sections_of
from applications.models import Acceptance, Application, Call, Deadline, Decision, Report, Terms
from applications.models.terms import due_on
from applications.services.assess import require_impartial
from applications.services.commitments import release
from applications.services.order_grant import order_grant
from applications.workflow.follow_up import tell
from applications.workflow.machine import has_role
from applications.workflow.numbers import last_of_february
from grants.jobs.queue import hand_over
from grants.law.assumptions import assumption
from grants.law.scheme import Kind
from grants.models import Role, User
from grants.services.hold_orders import refresh_holds
from grants.shared.dates import read_day, today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.shown import day

ASSUMED = "after_decision"
What, Answer = Deadline.What, Acceptance.Answer


def number_of(call: Call, name: str) -> int:
    """A number that the call has set, else the assumption of that name."""
    return int(call.numbers.get(name, assumption(ASSUMED, name)))


def report_due_on(call: Call) -> date:
    """The day of the call, else the last of February in the year after (A11: the sources say «i februar»)."""
    if "report_due" in call.numbers:
        return read_day(str(call.numbers["report_due"]))
    return last_of_february(call.year + 1)


@transaction.atomic
def issue_terms(decision: Decision, *, by: User, changes: dict[str, Any] | None = None) -> Terms:
    """The next terms of a grant. The first ones set the deadline for accepting them; later ones carry `changes`."""
    assert decision.decided_on is not None  # terms are given to what is decided
    before = Terms.objects.in_force(decision)
    content = _content(decision, before.content if before else None, changes or {})
    terms = Terms.objects.create(
        application=decision.application,
        decision=decision,
        number=before.number + 1 if before else 1,
        amount_ore=decision.amount_ore,
        content=content,
        previous_sha256=before.sha256 if before else "",
        sha256=digest_of(content, before.sha256 if before else ""),
        made_by=by,
    )
    if before is None:
        last_day = decision.decided_on + timedelta(days=number_of(decision.call, "accept_within_days"))
        Deadline.objects.create(decision=decision, what=What.ACCEPT, due_on=last_day, by=by)
    return terms


def digest_of(content: dict[str, Any], previous: str) -> str:
    """SHA-256 over the terms and the ones before them, so that none in the chain can be another."""
    return hashlib.sha256((previous + json.dumps(content, sort_keys=True, ensure_ascii=False)).encode()).hexdigest()


@transaction.atomic
def accept_terms(terms: Terms, *, sha256: str, by: User) -> Acceptance:
    """Accept the terms that were read. In time to the end of the last day, by the server's clock in Norway."""
    decision = terms.decision
    last_day = due_on(decision, What.ACCEPT)
    if last_day is not None and today() > last_day:
        raise Refused(
            _("Fristen for å godta vilkårene var %(day)s. Ta kontakt med oss hvis dere trenger ny frist.")
            % {"day": day(last_day)}
        )
    answer = _answer(terms, Answer.ACCEPTED, sha256=sha256, by=by)
    now = timezone.now()
    Report.objects.create(application=decision.application, decision=decision, saved_by=by, saved_at=now)
    due = date.fromisoformat(terms.content["report_due_on"])
    Deadline.objects.create(decision=decision, what=What.REPORT, due_on=due, by=by)
    order_grant(decision, on=answer.answered_on, by=by)
    refresh_holds(answer.answered_on, recipient=decision.application.organisation)
    tell(decision.application, "accept", by=by, terms=terms.number, sha256=sha256)
    return answer


@transaction.atomic
def decline_grant(terms: Terms, *, sha256: str, reason: str, by: User) -> Acceptance:
    """Say no to a grant. The commitment goes back to the appropriation, and the call's envelope has it again.

    It is the recipient's own act, so one signatory is enough; it can be done after the deadline, too.
    """
    if not reason.strip():
        raise BadInput(_("Skriv kort hvorfor dere takker nei."))
    answer = _answer(terms, Answer.DECLINED, sha256=sha256, by=by, reason=reason.strip())
    release(terms.decision, on=answer.answered_on, by=by)
    tell(terms.application, "decline", by=by, text=answer.reason)
    return answer


@transaction.atomic
def give_new_deadline(decision: Decision, what: Deadline.What, last_day: date, *, reason: str, by: User) -> Deadline:
    """A caseworker moves a deadline, with a reason that the recipient reads in a letter."""
    application = decision.application
    if not has_role(by, Role.CASEWORKER, application):
        raise NotAllowed(_("%(who)s er ikke saksbehandler.") % {"who": by})
    require_impartial(by, application.call)
    if not reason.strip():
        raise BadInput(_("Skriv hvorfor fristen flyttes."))
    if last_day < today():
        raise BadInput(_("Den nye fristen må være i dag eller senere."))
    if not _is_awaited(decision, what):
        raise ChangedSince(_("Det er ikke noe å vente på lenger: fristen kan ikke flyttes."))
    deadline = Deadline.objects.create(decision=decision, what=what, due_on=last_day, reason=reason.strip(), by=by)
    tell(application, "new_deadline", by=by, text=reason.strip(), what=what.value, due_on=last_day.isoformat())
    refresh_holds(today(), recipient=application.organisation)
    hand_over("deadline_letter", f"deadline_letter:{deadline.pk}", {"deadline": deadline.pk})
    return deadline


def _is_awaited(decision: Decision, what: Deadline.What) -> bool:
    if what == What.ACCEPT:
        return decision.terms.exists() and not Acceptance.objects.filter(decision=decision).exists()
    return Report.objects.with_recipient().filter(decision=decision).exists()


def _answer(terms: Terms, answer: Acceptance.Answer, *, sha256: str, by: User, reason: str = "") -> Acceptance:
    """One answer per decision, by a signatory, to the terms that hold now, read as they stand."""
    application, decision = terms.application, terms.decision
    if not has_role(by, Role.SIGNATORY, application):
        raise NotAllowed(
            _("%(who)s har ikke signaturrett for %(organisation)s.")
            % {"who": by, "organisation": application.organisation}
        )
    Application.objects.select_for_update().get(pk=application.pk)  # answers and approved changes, one at a time
    in_force = Terms.objects.in_force(decision)
    if in_force is None or (in_force.pk, in_force.sha256) != (terms.pk, sha256):
        raise ChangedSince(_("Vilkårene er endret siden du leste dem. Les de nye vilkårene før du svarer."))
    if decision.state != Decision.State.DECIDED:
        raise ChangedSince(_("Vedtaket gjelder ikke lenger."))
    try:
        with transaction.atomic():
            made = Acceptance.objects.create(
                application=application, decision=decision, terms=terms, answer=answer, reason=reason,
                sha256=sha256, by=by, answered_on=today(),
            )  # fmt: skip
    except IntegrityError:
        first = Acceptance.objects.select_related("by").get(decision=decision)
        raise ChangedSince(
            _("%(who)s har svart allerede: %(answer)s.")
            % {"who": first.by, "answer": first.get_answer_display().lower()}
        ) from None
    hand_over("acceptance_document", f"acceptance_document:{made.pk}", {"acceptance": made.pk})
    return made


def _content(decision: Decision, before: dict[str, Any] | None, changes: dict[str, Any]) -> dict[str, Any]:
    """The snapshot: facts of the application or of the terms before, with the changes, and the text made of them."""
    facts = {**(before or _facts(decision)), **changes, "version": VERSION}
    spoken = {**facts, "report_due_on": date.fromisoformat(facts["report_due_on"])}
    for name in ("starts_on", "ends_on"):
        spoken[name] = date.fromisoformat(facts[name]) if facts[name] else None
    return {**facts, "sections": sections_of(spoken)}


def _facts(decision: Decision) -> dict[str, Any]:
    """What the first terms are made of: the decision, the published call, and what was applied for."""
    application, call = decision.application, decision.call
    language = application.language
    submission = application.submissions.order_by("number").last()
    answers = submission.answers if submission else {}
    project, goals = answers.get("project", {}), answers.get("goals", {})
    return {
        "language": language,
        "reference": application.reference,
        "title": call.title(language),
        "scheme": call.law.name.on(language),
        "purpose": call.law.purpose.on(language),
        "legal_basis": call.terms["legal_basis"].removesuffix("."),
        "year": call.year,
        "chapter": call.law.chapter.lstrip("0"),
        "post": call.law.post,
        "granted_ore": decision.amount_ore,
        "applied_ore": decision.applied_ore,
        "project": str(project.get("project_name", "")),
        "starts_on": str(project.get("starts_on", "")),
        "ends_on": str(project.get("ends_on", "")),
        "activity": "",
        "goals": goals_in(str(goals.get("goals", ""))),
        "participants": str(goals.get("participants", "")),
        "budget": budget_content(read_budget(answers.get("budget", {}))),
        "report_due_on": report_due_on(call).isoformat(),
        "deviation_percent": number_of(call, "report_deviation_percent"),
        "auditors_statement": call.law.auditors_statement,
        "is_frame": call.law.kind is Kind.DELEGATED,
    }


def budget_content(budget: Budget) -> dict[str, Any]:
    """A budget as it stands in terms: rows of text and øre."""
    return {
        "costs": [[text, ore] for text, ore in budget.costs],
        "financing": [[text, ore] for text, ore in budget.financing],
        "own_ore": budget.own_ore,
    }
