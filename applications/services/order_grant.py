"""The payment order of a grant: made when its terms are accepted, for what its commitment has left to pay.

Its subject is `decision:<pk>`, and its money stands as committed until it leaves, so that a decision that is changed
meanwhile gives back what has not left.
"""

from datetime import date

from applications.models import Acceptance, Application, Decision
from applications.services.commitments import GRANTS, committed_ore, used_ore
from applications.workflow.numbers import WITHHELD
from grants.law.assumptions import assumption
from grants.models import Account, Instalment, PaymentOrder, User
from grants.services.make_orders import Line, Ordered, Planned, cancel_outstanding, make_orders, release

ABOUT_LENGTH = 100


def subject_of(decision: Decision) -> str:
    """What the decision's order is called."""
    return f"decision:{decision.pk}"


def order_grant(decision: Decision, *, on: date, by: User) -> None:
    """Make the order of an accepted grant; made already, it stands.

    Where a decision took another's place, some may have been paid before, and only the rest is ordered.
    """
    if PaymentOrder.objects.filter(subject=subject_of(decision)).exists():
        return
    application, call = decision.application, decision.call
    left = decision.amount_ore
    if decision.replaces_id is not None:
        left = committed_ore(application) - used_ore(application)
    if left <= 0:
        return
    ordered = Ordered(
        subject=subject_of(decision),
        recipient=application.organisation,
        scheme=call.scheme,
        chapter=call.law.chapter,
        post=call.law.post,
        account_class=GRANTS,
        about=f"{application.reference} {call.law.name.on(application.organisation.language)}"[:ABOUT_LENGTH],
        plan=_plan(decision, left, on),
        takes_from=Account.COMMITTED,
    )
    make_orders([ordered], by=by)


def release_the_rest(decision: Decision, *, on: date, by: User) -> None:
    """The report is approved: what waited for it may be paid."""
    release(subject_of(decision), Instalment.Event.REPORT_APPROVED, on=on, by=by)


def stop_payments(application: Application, *, on: date, by: User, why: str) -> None:
    """What is not paid of the case's grants falls away; refused while some of it is on its way to the bank."""
    cancel_outstanding([subject_of(one) for one in application.decisions.all()], on=on, by=by, why=why)


def accepted_on(decision: Decision) -> date:
    """The day the terms were accepted."""
    return Acceptance.objects.get(decision=decision, answer=Acceptance.Answer.ACCEPTED).answered_on


def _plan(decision: Decision, left_ore: int, on: date) -> list[Planned]:
    """All at once, but for what the call withholds until the report is approved (A17)."""
    call = decision.call
    withheld = left_ore * int(call.numbers.get(WITHHELD, assumption("after_decision", WITHHELD))) // 100
    parts = [(left_ore - withheld, Instalment.Event.NONE), (withheld, Instalment.Event.REPORT_APPROVED)]
    return [Planned(on, [Line(call.code, call.year, 1, ore)], event) for ore, event in parts if ore]
