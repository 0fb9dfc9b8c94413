"""Appeals and reversals for tests, made through the services. A test names only what it is about."""

from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone

from applications.models import Appeal, AppealOutcome, Application, CaseDocument, Decision, Reversal, State
from applications.services.appeal import save_appeal, send_appeal
from applications.services.appeal_outcome import propose_outcome
from applications.services.appeal_work import assign_appeal
from applications.services.assess import score, take_case
from applications.services.decide import decide
from applications.services.records import Direction, record
from applications.services.reverse import begin_reversal
from grants.models import BudgetPost, User
from tests.factories.cases import (
    caseworker,
    decision_maker,
    impartial,
    make_case,
    make_proposal,
    moment,
    proposal_of,
    signatory,
)
from tests.factories.register import appropriate

DECIDED_ON = date(2017, 6, 1)  # a Thursday
LAST_DAY = date(2017, 6, 22)
GRANTED_ORE = 300_000_00
TEXTS = {"grounds": "Dere har oversett at planen er vedtatt.", "wanted": "Hele beløpet vi søkte om.", "late_reason": ""}


def handler(application: Application, username: str = "hanne") -> User:
    """A caseworker who had no part in the decision."""
    return impartial(caseworker(username), application.call)


def second_decider(application: Application, username: str = "dina") -> User:
    """A decision-maker who had no part in the decision."""
    return impartial(decision_maker(username), application.call)


def letter_to(decision: Decision, dated: date | None = None) -> CaseDocument:
    """A decision's letter as the case keeps it, without the slow press."""
    return record(
        decision.application, "decision", of=decision.pk, content=f"letter {decision.pk}".encode(), about="Tilsagn",
        language="nb", direction=Direction.OUTGOING, dated=dated or decision.decided_on or DECIDED_ON,
    )  # fmt: skip


def make_decided(amount_ore: int = GRANTED_ORE, *, letter: bool = True, **case: Any) -> Decision:
    """A case that is decided in part (or refused, with 0), with its letter."""
    application = make_case(State.SUBMITTED, **case)
    worker = impartial(caseworker(), application.call)
    take_case(application, by=worker)
    for criterion in application.call.criteria():
        score(application, criterion["code"], 4, reason="Godt beskrevet.", by=worker)
    make_proposal(application, amount_ore=amount_ore)
    if not BudgetPost.objects.filter(post="62").exists():
        appropriate(post="62")
    decided_by = impartial(decision_maker(), application.call)
    decision = decide(proposal_of(application), by=decided_by, on=DECIDED_ON)
    if letter:
        letter_to(decision)
    application.refresh_from_db()
    return Decision.objects.select_related("application__organisation", "call").get(pk=decision.pk)


def make_appeal(
    state: Appeal.State = Appeal.State.RECEIVED,
    *,
    decision: Decision | None = None,
    at: datetime | None = None,
    **texts: str,
) -> Appeal:
    """An appeal of a decision in part, sent the day after the letter, that has come as far as a state."""
    decision = decision or make_decided()
    by = signatory(decision.application.organisation)
    appeal = save_appeal(decision, version=0, by=by, **TEXTS | texts)
    if state == Appeal.State.DRAFT:
        return appeal
    with time_machine.travel(at or moment("2017-06-02 12:00"), tick=False):
        send_appeal(appeal, by=by)
    if state == Appeal.State.RECEIVED:
        return appeal
    return assign_appeal(appeal, handler(appeal.application), by=handler(appeal.application))


def make_outcome(
    outcome: str = "uphold", *, appeal: Appeal | None = None, amount_ore: int | None = None
) -> AppealOutcome:
    """What the handler proposes."""
    appeal = appeal or make_appeal(Appeal.State.IN_PROGRESS)
    by = handler(appeal.application)
    return propose_outcome(appeal, outcome, reason="Klagen er vurdert.", amount_ore=amount_ore, by=by)


def make_reversal(to_ore: int, *, decision: Decision | None = None, **changes: Any) -> Reversal:
    """A reversal that has begun; to loss with two weeks to answer the notice."""
    decision = decision or make_decided()
    to_loss = to_ore < decision.amount_ore
    usual = {
        "ground": "error" if to_loss else "to_gain", "reason": "Beløpet er feil.",
        "answer_by": timezone.localdate() + timedelta(days=14) if to_loss else None,
    }  # fmt: skip
    application = decision.application
    return begin_reversal(application, to_ore=to_ore, by=handler(application), **usual | changes)
