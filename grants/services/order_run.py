"""What an approved run owes becomes payment orders, one per municipality that is paid."""

from grants.entitlements.booking import GRANTS_TO_MUNICIPALITIES, specifications
from grants.law.registry import scheme as scheme_of
from grants.models import EntitlementRun, User
from grants.services.make_orders import Line, Ordered, Planned, make_orders

ABOUT_LENGTH = 100


def order_run(run: EntitlementRun, *, by: User) -> int:
    """Make the orders of a booked run, due on the day it counts; those that are made already stand."""
    assert run.booked_on is not None
    law = scheme_of(run.scheme)
    return make_orders(
        (
            Ordered(
                subject=f"run:{run.pk}:{recipient.municipality_number}",
                recipient=recipient,
                scheme=run.scheme,
                chapter=law.chapter,
                post=law.post,
                account_class=GRANTS_TO_MUNICIPALITIES,
                about=f"{run.pk}-{recipient.municipality_number} {law.name.on(recipient.language)}"[:ABOUT_LENGTH],
                plan=[Planned(run.booked_on, [Line(*line) for line in lines])],
                run=run,
            )
            for recipient, lines in specifications(run)
        ),
        by=by,
    )
