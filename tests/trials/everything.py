"""For each operation of the API: somebody who may, something it can be done to, and the fields that must fit. All in one world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from applications.models import Appeal, Application, Reversal, State
from applications.models.terms import Deadline
from applications.services.announce import prepare_call
from applications.services.appeal_outcome import decide_appeal
from applications.services.appeal_work import ask_appellant, forward_appeal
from applications.services.records import Direction, record
from applications.services.reverse import propose_reversal
from applications.services.review_report import propose_unspent
from applications.services.terms import give_new_deadline
from applications.workflow.grounds import newest_findings
from grants.law.registry import SCHEMES
from grants.models import Organisation, PaymentBatch, User
from tests.factories.appeals import (
    handler,
    make_appeal,
    make_decided,
    make_outcome,
    make_reversal,
    second_decider,
)
from tests.factories.attachments import make_attachment, make_clean
from tests.factories.batches import make_batch, make_order
from tests.factories.cases import (
    ANSWERS,
    APPLIED_ORE,
    call_contents,
    caseworker,
    decision_maker,
    handler_of,
    impartial,
    make_call,
    make_case,
    make_draft,
    make_question,
    moment,
    owner,
    signatory,
)
from tests.factories.follow_up import (
    REPORT,
    decision_of,
    make_accepted,
    make_change,
    make_grant,
    make_recommended,
    make_report,
    make_submitted,
    terms_of,
    underspent,
)
from tests.factories.register import appropriate, finance

What = Deadline.What
SOON = (timezone.localdate() + timedelta(days=20)).isoformat()


@dataclass(frozen=True)
class Fit:
    """Who asks, for what, and with which fields; `left_out` are those that may not be there."""

    who: User
    where: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def everything() -> dict[str, Fit]:
    """One fit for each operation, by its id."""
    for year in (2017, timezone.localdate().year):
        appropriate(post="62", year=year)
    call, ours = make_call(), signatory()
    draft = make_draft(call)
    scanned = make_clean(make_attachment(draft))
    draft.refresh_from_db()
    earlier = make_case(call=make_call(title_nb="I fjor", closes_at=call.closes_at - timedelta(days=1)))
    sent, at_work, asked = (
        make_case(state, call=call) for state in (State.SUBMITTED, State.IN_PROGRESS, State.IN_PROGRESS)
    )
    make_question(asked)
    proposed = make_case(State.PROPOSED, call=call)
    paper = record(
        sent, "submission", of=1, content=b"%PDF-1.7 sent", about="KUM", language="nb", direction=Direction.INCOMING,
        dated=timezone.localdate(),
    )  # fmt: skip
    sara, anna = handler_of(at_work), impartial(caseworker("anna"), call)
    david = impartial(decision_maker(), call)
    [finding] = newest_findings(at_work)

    def of(case: Application, who: User, left_out: tuple[str, ...] = (), **body: Any) -> Fit:
        return Fit(who, {"id": str(case.pk)}, {"version": case.version} | body, left_out)

    fits = {
        "calls": Fit(ours),
        "call": Fit(ours, {"id": str(call.pk)}),
        "prepare_call": Fit(owner(), {}, _new_call()),
        "publish_call": Fit(owner(), {"id": str(prepare_call("kum", "", 2017, by=owner(), **call_contents()).pk)}),
        "invite": Fit(owner(), {"id": str(make_call(scheme="resource_centres").pk)}, {"organisation": _a_centre()}),
        "declare": Fit(caseworker("ny"), {"id": str(call.pk)}, {"reason": "Søsken."}),
        "cases": Fit(ours),
        "begin": Fit(ours, {}, {"call": str(call.pk), "organisation": str(earlier.organisation_id)}),
        "case": of(draft, ours),
        "events": of(sent, ours),
        "questions": of(asked, ours),
        "save_theme": Fit(
            ours, {"id": str(draft.pk), "theme": "goals"}, {"version": draft.version, "typed": ANSWERS["goals"]}
        ),
        "submit": of(draft, ours),
        "withdraw": of(sent, ours),
        "reopen": of(sent, ours),
        "answer": of(asked, ours),
        "attachments": of(draft, ours),
        "attach": of(draft, ours),
        "attachment": Fit(ours, {"id": str(scanned.pk)}),
        "detach": Fit(ours, {"id": str(scanned.pk)}),
        "documents": of(sent, ours),
        "document": Fit(ours, {"id": str(sent.pk), "number": paper.number}),
        "receipt": of(sent, ours),
        "receipt_file": of(sent, ours),
        "findings": of(at_work, sara),
        "rule": Fit(sara, {"id": str(at_work.pk), "finding": finding.pk}, {"reason": "Kontrollert."}, ("seen",)),
        "score": of(at_work, sara, criterion=call.criteria()[0]["code"]),
        "take": of(sent, sara),
        "give_back": of(at_work, sara),
        "assign": of(at_work, sara, to=anna.username),
        "ask": of(at_work, sara, left_out=("due_on",)),
        "stop_waiting": of(asked, sara),
        "open_again": of(at_work, sara, until=f"{SOON}T12:00:00+01:00"),
        "note": of(at_work, sara),
        "propose": of(at_work, sara, amount_ore=0, reason="Ikke godt nok."),
        "return_proposal": of(proposed, david),
        "decide": of(proposed, david),
    }
    return fits | _after_a_grant(ours) | _appeals(ours) | _reversals(ours)


def _after_a_grant(ours: User) -> dict[str, Fit]:
    waiting, in_time = make_grant(), make_grant()
    accepted = make_accepted()
    asked, advised = make_change(make_accepted()), make_recommended(make_accepted())
    written = make_report()
    to_review, found = make_submitted().report, make_submitted(accounts=underspent()).report
    sara, david = caseworker(), decision_maker()
    for case in (waiting, asked.application, advised.application, to_review.application, found.application):
        impartial(sara, case.call)
        impartial(david, case.call)
    propose_unspent(found, amount_ore=100_000_00, reason="Ubrukt.", by=sara)
    sha256 = {"sha256": terms_of(waiting).sha256}
    last_day = timezone.localdate() + timedelta(days=5)
    give_new_deadline(decision_of(in_time), What.ACCEPT, last_day, reason="Ferie.", by=impartial(sara, in_time.call))

    def of(row: Any, who: User, left_out: tuple[str, ...] = (), **body: Any) -> Fit:
        return Fit(who, {"id": str(row.application_id)}, {"version": row.version} | body, left_out)

    case = {"id": str(accepted.pk)}
    return {
        "decision": Fit(ours, case),
        "terms": Fit(ours, case),
        "accept": Fit(ours, {"id": str(in_time.pk)}, {"sha256": terms_of(in_time).sha256}),
        "decline": Fit(ours, {"id": str(waiting.pk)}, sha256 | {"reason": "Ble ikke noe av."}),
        "new_deadline": Fit(sara, {"id": str(waiting.pk)}, {"what": "accept", "due_on": SOON, "reason": "Ferie."}),
        "changes": Fit(ours, case),
        "ask_for_change": Fit(ours, case, {"text": "Senere.", "ends_on": "2018-06-30"}, ("starts_on", "budget")),
        "recommend_change": Fit(
            sara, {"id": str(asked.application_id), "number": 1}, {"version": asked.version, "reason": "Greit."}
        ),
        "decide_change": Fit(
            david, {"id": str(advised.application_id), "number": 1}, {"version": advised.version, "reason": "Greit."}
        ),
        "reports": Fit(sara),
        **_money(),
        "report": Fit(ours, case),
        "save_report_theme": Fit(
            ours, {"id": str(written.application_id), "theme": "participants"},
            {"version": written.version, "typed": REPORT["participants"]},
        ),
        "submit_report": of(written, ours),
        "review_report": of(to_review, sara, verdict="approve", reason="Greit."),
        "decide_unspent": of(found, david, reason="Regn på nytt."),
    }  # fmt: skip


def _appeals(ours: User) -> dict[str, Fit]:
    fresh, draft = make_decided(), make_appeal(Appeal.State.DRAFT)
    received = make_appeal()
    at_work = make_appeal(Appeal.State.IN_PROGRESS)
    hanne, dina = handler(at_work.application), second_decider(at_work.application)
    late = make_appeal(Appeal.State.IN_PROGRESS, at=moment("2017-07-01 12:00"))
    asked = make_appeal(Appeal.State.IN_PROGRESS)
    ask_appellant(asked, "Hvilken plan?", by=hanne)
    proposed = make_outcome().appeal
    upheld, forwarded = _upheld(), _upheld()
    forward_appeal(forwarded, ministry="Kunnskapsdepartementet", by=hanne)
    for appeal in (received, at_work, late, asked, proposed, upheld, forwarded):
        handler(appeal.application)
        second_decider(appeal.application)

    def of(appeal: Appeal, who: User, left_out: tuple[str, ...] = (), *, ours: bool = False, **body: Any) -> Fit:
        named = appeal.application_id if ours else appeal.pk
        return Fit(who, {"id": str(named)}, {"version": Appeal.objects.get(pk=appeal.pk).version} | body, left_out)

    return {
        "own_appeal": Fit(ours, {"id": str(fresh.application_id)}),
        "write_appeal": Fit(ours, {"id": str(fresh.application_id)}, {"version": 0}),
        "send_appeal": of(draft, ours, ours=True),
        "withdraw_appeal": of(received, ours, ours=True),
        "answer_about_appeal": of(asked, ours, ours=True),
        "appeals": Fit(hanne),
        "appeal": of(received, hanne),
        "take_appeal": of(received, hanne),
        "admit_appeal": of(late, hanne),
        "ask_appellant": of(at_work, hanne),
        "go_on_with_appeal": of(asked, hanne),
        "propose_outcome": of(at_work, hanne, outcome="uphold", reason="Ikke noe nytt.", left_out=("amount_ore",)),
        "return_outcome": of(proposed, dina),
        "decide_appeal": of(proposed, dina),
        "forward_appeal": of(upheld, hanne),
        "record_ministry": of(
            forwarded, hanne, outcome="upheld", reason="Enig.", reference="17/1", dated=timezone.localdate().isoformat(),
            left_out=("amount_ore",),
        ),
    }  # fmt: skip


def _money() -> dict[str, Fit]:
    """A batch that waits to be attested."""
    appropriate()
    make_order()
    batch = make_batch(PaymentBatch.State.SEALED)
    return {
        "payment_batches": Fit(finance()),
        "payment_batch": Fit(finance(), {"batch": batch.number}),
        "payments": Fit(finance()),
        "payment": Fit(finance(), {"id": str(batch.payments.get().pk)}),
        "ledger": Fit(finance()),
    }


def _new_call() -> dict[str, Any]:
    """A call that can be prepared, but for the texts."""
    now = timezone.now()
    return {
        "scheme": "kum", "part": "", "year": 2017, "numbers": {}, "opens_at": now.isoformat(),
        "closes_at": (now + timedelta(days=30)).isoformat(),
    }  # fmt: skip


def _a_centre() -> str:
    """A recipient that can be invited."""
    kind = SCHEMES["resource_centres"].recipients[0]
    return str(Organisation.objects.create(name="Senteret", kind=kind, orgnr="974760673").pk)


def _upheld() -> Appeal:
    """An appeal that the directorate did not follow, and that waits to be sent to the ministry."""
    outcome = make_outcome()
    return decide_appeal(outcome, by=second_decider(outcome.appeal.application))


def _reversals(ours: User) -> dict[str, Fit]:
    standing = make_decided()
    noticed, heard, proposed = make_reversal(100_000_00), make_reversal(APPLIED_ORE), make_reversal(APPLIED_ORE)
    hanne, dina = handler(standing.application), second_decider(standing.application)
    propose_reversal(proposed, reason="Til gunst.", by=hanne)
    for one in (noticed, heard, proposed):
        second_decider(one.application)

    def of(reversal: Reversal, who: User, **body: Any) -> Fit:
        version = Reversal.objects.get(pk=reversal.pk).version
        return Fit(who, {"id": str(reversal.application_id)}, {"version": version} | body)

    begun = {"to_ore": APPLIED_ORE, "ground": "to_gain", "reason": "Feil."}
    return {
        "notice": of(noticed, ours),
        "answer_notice": of(noticed, ours),
        "reversal": of(heard, hanne),
        "begin_reversal": Fit(hanne, {"id": str(standing.application_id)}, begun, ("answer_by",)),
        "propose_reversal": of(heard, hanne),
        "return_reversal": of(proposed, dina),
        "decide_reversal": of(proposed, dina),
        "drop_reversal": of(heard, hanne),
    }
