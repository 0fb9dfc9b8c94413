"""The letter of a decision: made once from the decision's own grounds, archived with its hash, recorded in the case."""

from collections.abc import Mapping
from typing import Any

from applications.letters.decision import decision_letter, template_for
from applications.models import CaseDocument, Decision
from applications.services.case_letters import write_letter
from applications.services.enter_claim import require_claim_agrees
from applications.services.records import recorded
from grants.jobs.registry import job

KIND = "decision"


@job("decision_letter")
def make_decision_letter(payload: Mapping[str, Any]) -> None:
    """Make the letter of a decision. Safe to run twice: a letter that is made is left alone."""
    make_letter(Decision.objects.select_related("application__organisation", "call").get(pk=payload["decision"]))


def make_letter(decision: Decision) -> CaseDocument:
    """The letter of a decision: the archived one, or a new one. It is not made when the ledger says something else."""
    made = recorded(decision.application, KIND, decision.pk)
    if made is not None:
        return made
    if decision.call.law.is_claimed:
        require_claim_agrees(decision)
    content = decision_letter(decision)
    assert decision.decided_on is not None  # what has a letter is decided
    return write_letter(
        decision.application, KIND, of=decision.pk, content=content, dated=decision.decided_on,
        template=template_for(decision),
    )  # fmt: skip
