"""Change requests: the recipient asks, a caseworker recommends, another person decides, and new terms come into force."""

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from applications.intake.budget import read_budget
from applications.intake.reading import Fault, clean, read
from applications.models import Acceptance, Application, ChangeRequest, Decision, Report, Terms
from applications.services.assess import require_impartial
from applications.services.terms import budget_content, issue_terms
from applications.workflow.follow_up import APPROVE_CHANGE, RECOMMEND, REFUSE_CHANGE, move_on, tell
from applications.workflow.machine import has_role
from grants.jobs.queue import hand_over
from grants.law.question import Answer, Question
from grants.law.text import Text
from grants.models import Approval, Role, User
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

State = ChangeRequest.State
MOST_CHARACTERS = 4_000
_DAY = Question("day", Text("", "", ""), Answer.DATE)
_TEXT = Question("text", Text("", "", ""), Answer.TEXT, most_characters=MOST_CHARACTERS)


class FaultyRequest(BadInput):
    """What was typed cannot be sent; `faults` says what to mend, by field."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


def read_request(typed: dict[str, Any], terms: Terms) -> tuple[str, dict[str, Any]]:
    """The reason and the changes of what was typed. The budget is asked to add up with the amount that was granted."""
    faults: dict[str, str] = {}
    values = {
        name: _value(faults, name, str(typed.get(name, "")), question)
        for name, question in (("text", _TEXT), ("activity", _TEXT), ("starts_on", _DAY), ("ends_on", _DAY))
    }
    changes: dict[str, Any] = {}
    if not values["text"] and "text" not in faults:
        faults["text"] = _("Skriv hva dere vil endre, og hvorfor.")
    if values["activity"]:
        changes["activity"] = values["activity"]
    for name in ("starts_on", "ends_on"):
        if values[name] and values[name].isoformat() != terms.content[name]:
            changes[name] = values[name].isoformat()
    starts, ends = (changes.get(name, terms.content[name]) for name in ("starts_on", "ends_on"))
    if starts and ends and ends < starts:
        faults["ends_on"] = _("Perioden kan ikke slutte før den begynner.")
    if clean(str(typed.get("changes_budget", ""))):
        budget = read_budget({**typed, "applied": str(terms.amount_ore // 100)})
        faults |= {"costs" if name == "applied" else name: fault for name, fault in budget.faults.items()}
        if budget_content(budget) != terms.content["budget"]:
            changes["budget"] = budget_content(budget)
    if not changes and not faults:
        faults["activity"] = _("Skriv hva som skal bli annerledes: aktiviteten, perioden eller budsjettet.")
    if faults:
        raise FaultyRequest(faults)
    return values["text"], changes


@transaction.atomic
def ask_for_change(terms: Terms, typed: dict[str, Any], *, by: User) -> ChangeRequest:
    """A signatory asks to change the terms in force. One request at a time, and not after the report is sent."""
    application, decision = terms.application, terms.decision
    if not has_role(by, Role.SIGNATORY, application):
        raise NotAllowed(
            _("%(who)s har ikke signaturrett for %(organisation)s.")
            % {"who": by, "organisation": application.organisation}
        )
    text, wanted = read_request(typed, terms)
    Application.objects.select_for_update().get(pk=application.pk)
    if not may_be_changed(decision):
        raise ChangedSince(_("Tilskuddet kan ikke endres lenger: dere har takket nei eller sendt rapporten."))
    if Terms.objects.in_force(decision) != terms:
        raise ChangedSince(_("Vilkårene er endret siden du leste dem. Se de nye vilkårene først."))
    last = decision.change_requests.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            request = ChangeRequest.objects.create(
                application=application, decision=decision, number=last + 1, text=text, wanted=wanted,
                asked_by=by, asked_on=today(),
            )  # fmt: skip
    except IntegrityError:
        raise ChangedSince(_("Dere har allerede bedt om en endring som vi ikke har svart på.")) from None
    tell(application, "ask_change", by=by, text=text)
    hand_over("change_document", f"change_document:{request.pk}", {"change": request.pk})
    return request


def may_be_changed(decision: Decision) -> bool:
    """A standing grant that is not declined, and whose report is not with the directorate."""
    if decision.state != Decision.State.DECIDED or not decision.amount_ore:
        return False
    if Acceptance.objects.filter(decision=decision, answer=Acceptance.Answer.DECLINED).exists():
        return False
    report = Report.objects.filter(decision=decision).first()
    return report is None or report.state in (Report.State.OPEN, Report.State.RETURNED)


@transaction.atomic
def recommend_change(request: ChangeRequest, *, approve: bool, reason: str, by: User) -> ChangeRequest:
    """A caseworker recommends yes or no, with a reason for the one who decides."""
    require_impartial(by, request.application.call)
    if not reason.strip():
        raise BadInput(_("Skriv hvorfor endringen bør godkjennes eller avslås."))
    fields: dict[str, Any] = {
        "recommends_approval": approve,
        "recommendation": reason.strip(),
        "recommended_by": by,
    }
    digest = digest_of(request, approve=approve, recommendation=reason.strip())
    move_on(request, RECOMMEND, by=by, reason=reason.strip(), digest=digest, **fields)
    return request


@transaction.atomic
def decide_change(request: ChangeRequest, *, approve: bool, reason: str, by: User) -> ChangeRequest:
    """Another person says yes or no, with a reason that the recipient reads. A yes gives the next terms at once.

    The signatory asked for it, so the new terms need no new acceptance where the grant was accepted before.
    """
    application = request.application
    require_impartial(by, application.call)
    if request.recommended_by_id == by.pk:
        raise NotAllowed(_("%(who)s har laget innstillingen. En annen må avgjøre.") % {"who": by})
    if not reason.strip():
        raise BadInput(_("Skriv en begrunnelse. Den står i brevet til mottakeren."))
    if request.state == State.RECOMMENDED and request.digest != digest_of(
        request, approve=bool(request.recommends_approval), recommendation=request.recommendation
    ):
        raise ChangedSince(_("Innstillingen er ikke den som ble laget."))
    Application.objects.select_for_update().get(pk=application.pk)
    if approve and not may_be_changed(request.decision):
        raise ChangedSince(_("Tilskuddet kan ikke endres lenger: mottakeren har takket nei eller sendt rapporten."))
    if request.recommended_by is not None:
        Approval.objects.get_or_create(
            subject=f"change:{request.pk}",
            defaults={"digest": request.digest, "proposed_by": request.recommended_by, "approved_by": by},
        )
    step = APPROVE_CHANGE if approve else REFUSE_CHANGE
    move_on(request, step, by=by, reason=reason.strip(), answer=reason.strip(), decided_on=today())
    if approve:
        issue_terms(request.decision, by=by, changes=request.wanted)
    hand_over("change_letter", f"change_letter:{request.pk}", {"change": request.pk})
    return request


def digest_of(request: ChangeRequest, *, approve: bool, recommendation: str) -> str:
    """SHA-256 over what the second person decides on: the request and the recommendation."""
    content = {
        "decision": request.decision_id,
        "number": request.number,
        "text": request.text,
        "wanted": request.wanted,
        "approve": approve,
        "recommendation": recommendation,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _value(faults: dict[str, str], name: str, typed: str, question: Question) -> Any:
    try:
        return read(question, typed)
    except Fault as fault:
        faults[name] = str(fault)
        return None
