"""What each municipality is paid: due plus what it carries in; a negative sum is paid 0 and carried on (rule A4)."""

from dataclasses import dataclass
from datetime import date

from grants.law.municipalities import successor
from grants.models import EntitlementRun, RunPayable


@dataclass(frozen=True)
class Payable:
    """One municipality in one run. due + carried_in = paid + carried_out; carried sums are zero or negative."""

    municipality: str
    due_ore: int
    carried_in_ore: int

    @property
    def paid_ore(self) -> int:
        return max(0, self.due_ore + self.carried_in_ore)

    @property
    def carried_out_ore(self) -> int:
        return min(0, self.due_ore + self.carried_in_ore)


def last_booked(scheme: str) -> EntitlementRun | None:
    """The run of the scheme that was approved last: what it carried out is what the next one carries in."""
    return EntitlementRun.objects.booked().filter(scheme=scheme).order_by("approval_number").last()


def carried_in(scheme: str, on: date) -> dict[str, int]:
    """The negative sums that wait, by the municipality that has them on a day (the successor of a merged one)."""
    run = last_booked(scheme)
    waiting: dict[str, int] = {}
    if run is not None:
        for payable in RunPayable.objects.filter(run=run, carried_out_ore__lt=0).order_by("municipality_number"):
            holder = successor(payable.municipality_number, on)
            waiting[holder] = waiting.get(holder, 0) + payable.carried_out_ore
    return waiting


def payables(due: dict[str, int], waiting: dict[str, int]) -> list[Payable]:
    """One payable per municipality in the run or with a carried sum, in the order of their numbers."""
    return [Payable(where, due.get(where, 0), waiting.get(where, 0)) for where in sorted(due.keys() | waiting.keys())]
