"""From an approved run to the ledger: one line per municipality, code and term, never one per person.

Persons stand in the run's lines; the ledger carries their sums, so that a person can be erased and the books stay.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from grants.law.municipalities import successor
from grants.law.registry import scheme as scheme_of
from grants.ledger.posting import Transfer
from grants.models import Account, EntitlementRun, LedgerEntry, Organisation, RunPayable
from grants.shared.errors import Refused
from grants.shared.shown import figure

GRANTS_TO_MUNICIPALITIES = "tilskudd"


def owed(run: EntitlementRun, sums: Iterable[tuple[Any, ...]], *, on: date) -> Iterator[Transfer]:
    """What the run makes the state owe; a negative sum goes the other way, back to the appropriation.

    `sums` are those of the run's lines, in order, by municipality, code, year, term and kind.
    """
    municipalities = Organisation.objects.by_municipality_number()
    for (number, code, year, term), rows in groupby(sums, key=itemgetter(0, 1, 2, 3)):
        ore = sum(row[5] for row in rows)
        if ore:
            recipient = _recipient(municipalities, number)
            yield _transfer(
                run, f"owed:{number}", recipient, code, year, term, ore, Account.APPROPRIATION, Account.OWED, on
            )


def moved_to_successors(run: EntitlementRun, *, on: date) -> Iterator[Transfer]:
    """Carried sums of a municipality that was merged since: taken from it and laid on its successor, line by line."""
    before = _run_before(run)
    if before is None:
        return
    municipalities = Organisation.objects.by_municipality_number()
    for payable in RunPayable.objects.filter(run=before, carried_out_ore__lt=0).order_by("municipality_number"):
        old, new = payable.municipality_number, successor(payable.municipality_number, on)
        if new == old:
            continue
        for (code, year, term), ore in _outstanding(run, old):
            old_one, new_one = _recipient(municipalities, old), _recipient(municipalities, new)
            yield _transfer(
                run, f"moved_from:{old}", old_one, code, year, term, -ore, Account.APPROPRIATION, Account.OWED, on
            )
            yield _transfer(
                run, f"moved_to:{old}", new_one, code, year, term, ore, Account.APPROPRIATION, Account.OWED, on
            )


def specifications(run: EntitlementRun) -> Iterator[tuple[Organisation, list[tuple[str, int, int, int]]]]:
    """What the run pays, municipality by municipality: code, year, term and øre of each outstanding line of the scheme.

    Lines that were carried from earlier runs are among them, so the sum is what `RunPayable` says, and above zero.
    """
    municipalities = Organisation.objects.by_municipality_number()
    of_run = _owed_by_municipality(run)
    for payable in RunPayable.objects.filter(run=run, paid_ore__gt=0).order_by("municipality_number"):
        number = payable.municipality_number
        outstanding = _outstanding(run, number) if payable.carried_in_ore else sorted(of_run[number].items())
        lines = [(code, year, term, ore) for (code, year, term), ore in outstanding if ore]
        if sum(ore for *_key, ore in lines) != payable.paid_ore:
            raise Refused(
                _(
                    "Kjøring %(run)s: Regnskapet skylder kommune %(number)s %(owed)s kroner, og kjøringen betaler "
                    "%(paid)s. Ingenting er bestilt. La økonomi se på det."
                )
                % {
                    "run": run.pk,
                    "number": number,
                    "owed": figure(sum(ore for *_key, ore in lines)),
                    "paid": figure(payable.paid_ore),
                }
            )
        yield _recipient(municipalities, number), lines


def _owed_by_municipality(run: EntitlementRun) -> dict[str, dict[tuple[str, int, int], int]]:
    """What this run alone makes the state owe, by municipality, code and term."""
    found: dict[str, dict[tuple[str, int, int], int]] = defaultdict(dict)
    entries = LedgerEntry.objects.filter(run=run).values_list(
        "recipient__municipality_number", "code", "origin_year", "origin_term", "debit", "credit", "amount_ore"
    )
    for number, code, year, term, debit, credit, ore in entries:
        signed = ((credit == Account.OWED) - (debit == Account.OWED)) * ore
        found[number][code, year, term] = found[number].get((code, year, term), 0) + signed
    return found


def _outstanding(run: EntitlementRun, number: str) -> list[tuple[tuple[str, int, int], int]]:
    """What is owed to a municipality from this run and from the runs before it whose sums were carried on."""
    runs, earlier = [run.pk], run
    while RunPayable.objects.filter(run=earlier, municipality_number=number, carried_in_ore__lt=0).exists() or (
        earlier is run and not RunPayable.objects.filter(run=run, municipality_number=number).exists()
    ):
        before = _run_before(earlier)
        if before is None:
            break
        runs.append(before.pk)
        earlier = before
    found: dict[tuple[str, int, int], int] = {}
    entries = LedgerEntry.objects.filter(run__in=runs, recipient__municipality_number=number, recipient__parent=None)
    for code, year, term, debit, credit, ore in entries.values_list(
        "code", "origin_year", "origin_term", "debit", "credit", "amount_ore"
    ):
        sign = (credit == Account.OWED) - (debit == Account.OWED)
        found[code, year, term] = found.get((code, year, term), 0) + sign * ore
    return sorted((key, ore) for key, ore in found.items() if ore)


def _run_before(run: EntitlementRun) -> EntitlementRun | None:
    runs = EntitlementRun.objects.booked().filter(scheme=run.scheme)
    if run.approval_number is not None:
        runs = runs.filter(approval_number__lt=run.approval_number)
    return runs.exclude(pk=run.pk).order_by("approval_number").last()


def _transfer(
    run: EntitlementRun, event: str, recipient: Organisation, code: str, year: int, term: int, ore: int,
    debit: Account, credit: Account, on: date,
) -> Transfer:  # fmt: skip
    """A transfer of a signed amount: below zero it runs the other way."""
    scheme = scheme_of(run.scheme)
    if ore < 0:
        debit, credit = credit, debit
    return Transfer(
        key=f"run:{run.pk}:{event}:{code}:{year}:{term}", debit=debit, credit=credit, amount_ore=abs(ore),
        value_date=on, chapter=scheme.chapter, post=scheme.post, scheme=run.scheme, code=code, origin_year=year,
        origin_term=term, recipient_id=recipient.pk, recipient_sector=recipient.sector,
        account_class=GRANTS_TO_MUNICIPALITIES, run_id=run.pk,
    )  # fmt: skip


def _recipient(municipalities: dict[str, Organisation], number: str) -> Organisation:
    recipient = municipalities.get(number)
    if recipient is None:
        raise Refused(f"Municipality {number} is not known here. Run `manage.py migrate`, which installs the list.")
    return recipient
