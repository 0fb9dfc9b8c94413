"""What recipients do about their money in the demo: account numbers that change, and amounts that somebody holds to be wrong.

All of it goes through the ordinary services, on days counted back from today, and touches no sum of 2017.
"""

from datetime import timedelta

from django.utils import timezone
from stdnum.no import kontonr

from config.demo.clock import it_is
from grants.models import AccountChange, Discrepancy, EntitlementLine, EntitlementRun, Organisation, PaymentOrder, User
from grants.services.change_account import approve_account, choose_kid, propose_account
from grants.services.demo_users import THEIR_MUNICIPALITY
from grants.services.discrepancies import answer_discrepancy, open_discrepancy

# Accounts that only look real, in a series that no bank has.
STEMS = ("1111222233", "1111222244", "1111222255", "1111222266")


def make_recipients_busy() -> int:
    """The changes and the discrepancies that are not made yet; how many that was."""
    if AccountChange.objects.exists() or Discrepancy.objects.exists():
        return 0
    municipality = Organisation.objects.municipalities().filter(municipality_number=THEIR_MUNICIPALITY).first()
    ngo = Organisation.objects.filter(memberships__user__username="nora.ek").first()
    if municipality is None or ngo is None or not User.objects.filter(username="ola.nes").exists():
        return 0
    today = timezone.localdate()
    with it_is(today - timedelta(days=1)):
        propose_account(municipality, _account(0), reason="Kommunen har ny hovedbank fra nyttår.", by=_user("ola.nes"))
    with it_is(today - timedelta(days=5)):
        choose_kid(ngo, "2345676", by=_user("nora.ek"))
        change = propose_account(ngo, _account(1), reason="Vi har byttet bank.", by=_user("nora.ek"))
    with it_is(today - timedelta(days=4)):
        approve_account(change, by=_user("mona.lien"))
    return 2 + _discrepancies(municipality)


def _discrepancies(municipality: Organisation) -> int:
    """One that is answered, and one that waits."""
    lines = EntitlementLine.objects.filter(
        run__in=EntitlementRun.objects.booked(), municipality_number=municipality.municipality_number,
        run__scheme="integration", code__in=("AR-2", "AR-3"), person__person_ref__isnull=False,
    )  # fmt: skip
    chosen = list(lines.order_by("pk")[:2])
    if len(chosen) < 2:
        return 0
    today = timezone.localdate()
    with it_is(today - timedelta(days=12)):
        first = _report(municipality, chosen[0], "person", "Personen flyttet til Oslo i januar, etter vårt register.")
    with it_is(today - timedelta(days=9)):
        answer_discrepancy(
            first, corrected=False, by=_user("siri.holt"),
            text="Folkeregisteret har ingen flytting for personen før etter skjæringsdatoen. Beløpet står.",
        )  # fmt: skip
    with it_is(today - timedelta(days=2)):
        _report(municipality, chosen[1], "person", "Vi finner ikke denne referansen i vårt eget register.")
    return 2


def _report(municipality: Organisation, line: EntitlementLine, what: str, explanation: str) -> Discrepancy:
    order = PaymentOrder.objects.filter(subject=f"run:{line.run_id}:{municipality.municipality_number}").first()
    return open_discrepancy(
        municipality, what=what, explanation=explanation, by=_user("jonas.bakke"), order=order, line=line,
        pay_meanwhile=True,
    )  # fmt: skip


def _user(username: str) -> User:
    return User.objects.get(username=username)


def _account(number: int) -> str:
    """An account number with a right check digit, from a stem that has one."""
    whole = [f"{stem}{digit}" for stem in STEMS for digit in range(10) if kontonr.is_valid(f"{stem}{digit}")]
    return whole[number]
