"""What an organisation has applied for and got before: other cases, money in the ledger, and what may be paid twice.

Extend it here: whoever knows more about an organisation adds to `Record` and to `earlier`.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Sum
from django.utils import timezone

from applications.models import Application, Decision, Report, State
from grants.models import Account, LedgerEntry, Organisation, User

YEARS_BACK = 3
OVER = (State.REFUSED, State.WITHDRAWN)


@dataclass(frozen=True)
class OtherCase:
    """Another case of the organisation: what was granted, and in what it is like the case at hand."""

    case: Application
    project: str
    granted_ore: int | None
    same_name: bool
    same_period: bool

    @property
    def may_be_paid_twice(self) -> bool:
        """The same project, or one in the same year's money at the same time, that is not refused or withdrawn."""
        return self.same_name or self.same_period


class SchemeSum(NamedTuple):
    """What the ledger says of one scheme and year."""

    scheme: str
    year: int
    committed_ore: int
    paid_ore: int


@dataclass(frozen=True)
class Record:
    """All of it, for the panel on the case page."""

    cases: list[OtherCase]
    sums: list[SchemeSum]
    late_reports: list[Report]

    @property
    def warnings(self) -> list[OtherCase]:
        return [one for one in self.cases if one.may_be_paid_twice]


def earlier(organisation: Organisation, *, seen_by: User, beside: Application) -> Record:
    """The organisation's other cases of the same and the last years that the person may see, and its money by scheme."""
    year = beside.call.year
    rows = (
        Application.objects.visible_to(seen_by)
        .filter(organisation=organisation, call__year__range=(year - YEARS_BACK, year + 1))
        .exclude(pk=beside.pk)
        .select_related("call")
        .order_by("-call__year", "-submitted_at")
    )
    cases = list(rows)
    decided = Decision.objects.standing().filter(application__in=cases)
    granted = dict(decided.values_list("application_id", "amount_ore"))
    late = Report.objects.overdue_on(timezone.localdate()).of(organisation).visible_to(seen_by).by_due_day()
    return Record(
        cases=[_beside(case, beside, granted.get(case.pk)) for case in cases],
        sums=_sums(organisation, year),
        late_reports=list(late.select_related("application__call")),
    )


def got_last_year(application: Application) -> int:
    """What the standing decisions of the year before give the organisation in the same scheme, in øre."""
    call = application.call
    before = Decision.objects.filter(
        application__organisation=application.organisation_id, call__scheme=call.scheme, call__year=call.year - 1
    )
    return before.granted_ore()


def _beside(case: Application, this: Application, granted_ore: int | None) -> OtherCase:
    name, period = _name(case), _period(case)
    counts = case.state not in OVER
    here = _period(this)
    return OtherCase(
        case=case,
        project=name,
        granted_ore=granted_ore,
        same_name=counts and bool(name) and _plain(name) == _plain(_name(this)),
        same_period=counts and bool(period and here and period[0] <= here[1] and here[0] <= period[1]),
    )


def _sums(organisation: Organisation, year: int) -> list[SchemeSum]:
    """Money outside the runs, by scheme and year: promised (what was undone taken off), and paid."""
    lines = LedgerEntry.objects.filter(
        run=None, recipient=organisation, origin_year__range=(year - YEARS_BACK, year + 1)
    )
    found: dict[tuple[str, int], list[int]] = {}
    grouped = lines.order_by().values_list("scheme", "origin_year", "debit", "credit").annotate(sum=Sum("amount_ore"))
    for scheme, origin_year, debit, credit, ore in grouped:
        sums = found.setdefault((scheme, origin_year), [0, 0])
        sums[0] += ore * _sign(debit, credit, Account.APPROPRIATION, Account.COMMITTED)
        sums[1] += ore * ((credit == Account.PAID) - (debit == Account.PAID))
    newest_first = sorted(found.items(), key=lambda item: (-item[0][1], item[0][0]))
    return [SchemeSum(scheme, of_year, *sums) for (scheme, of_year), sums in newest_first if any(sums)]


def _sign(debit: str, credit: str, source: Account, target: Account) -> int:
    return int((debit, credit) == (source, target)) - int((debit, credit) == (target, source))


def _name(case: Application) -> str:
    return str(case.answers.get("project", {}).get("project_name", "")).strip()


def _plain(name: str) -> str:
    """A name without what people write differently: case, spaces, hyphens and quotes."""
    return "".join(character for character in name.casefold() if character.isalnum())


def _period(case: Application) -> tuple[date, date] | None:
    typed = case.answers.get("project", {})
    try:
        return date.fromisoformat(typed.get("starts_on", "")), date.fromisoformat(typed.get("ends_on", ""))
    except (TypeError, ValueError):
        return None
