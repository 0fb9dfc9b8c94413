"""The ledger against a simple model: whatever is tried, in whatever order, both say the same.

The model is a dictionary of keys. Every step is tried on both; a step that is refused must change nothing.
"""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from grants.ledger.posting import Transfer, post, post_all, reverse
from grants.models import Account, ClosedYear, LedgerEntry, Organisation, User
from grants.services.close_year import close_year
from grants.shared.errors import ConflictingPosting, Refused, YearIsClosed
from tests.factories.register import finance

pytestmark = pytest.mark.django_db
YEARS = (2016, 2017, 2018)
KEYS = st.integers(0, 9).map(lambda number: f"event:{number}")
ACCOUNTS = st.sampled_from(list(Account))
ATTACKS = st.sampled_from([
    "UPDATE grants_ledgerentry SET amount_ore = amount_ore + 1",
    "UPDATE grants_ledgerentry SET value_date = '2018-01-01', budget_year = 2018",
    "UPDATE grants_ledgerentry SET debit = credit, credit = debit",
    "DELETE FROM grants_ledgerentry",
    "DELETE FROM grants_closedyear",
    "UPDATE grants_closedyear SET year = 2099",
])  # fmt: skip


class Books(RuleBasedStateMachine):
    """Post, post again, post in lots, reverse, close years, attack: the books and the model go together."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, Transfer] = {}
        self.closed: set[int] = set()
        self.reversed: set[str] = set()

    @initialize()
    def open_books(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.by: User = finance()
        self.recipients = list(Organisation.objects.filter(municipality_number__in=["0101", "0104"]))

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @rule(
        key=KEYS,
        debit=ACCOUNTS,
        credit=ACCOUNTS,
        ore=st.integers(-5, 10**13),
        year=st.sampled_from(YEARS),
        at=st.integers(0, 1),
    )
    def post_a_line(self, key: str, debit: Account, credit: Account, ore: int, year: int, at: int) -> None:
        line = self.transfer(key, debit, credit, ore, year, at)
        known = self.lines.get(key)
        if known is not None:
            if known == line:
                assert post(line, by=self.by).key == key
            else:
                self.refused(ConflictingPosting, lambda: post(line, by=self.by))
        elif year in self.closed:
            self.refused(YearIsClosed, lambda: post(line, by=self.by))
        elif debit == credit or ore <= 0:
            self.refused(DatabaseError, lambda: post(line, by=self.by))
        else:
            post(line, by=self.by)
            self.lines[key] = line

    @rule(key=KEYS)
    def post_it_again(self, key: str) -> None:
        if key in self.lines:
            assert post(self.lines[key], by=self.by).amount_ore == self.lines[key].amount_ore

    @rule(key=KEYS, ore=st.integers(1, 10**6))
    def post_it_again_with_another_fact(self, key: str, ore: int) -> None:
        if key not in self.lines:
            return
        line = self.lines[key]
        for other in (
            line._replace(amount_ore=line.amount_ore + ore),
            line._replace(debit=line.credit, credit=line.debit),
            line._replace(value_date=line.value_date.replace(day=2)),
            line._replace(recipient_id=next(r.pk for r in self.recipients if r.pk != line.recipient_id)),
        ):
            self.refused(ConflictingPosting, lambda other=other: post(other, by=self.by))

    @rule(keys=st.lists(KEYS, min_size=1, max_size=6), ore=st.integers(1, 10**9), year=st.sampled_from(YEARS))
    def post_a_lot(self, keys: list[str], ore: int, year: int) -> None:
        lot = [self.transfer(key, Account.APPROPRIATION, Account.OWED, ore, year, 0) for key in keys]
        if year in self.closed:
            self.refused(YearIsClosed, lambda: post_all(lot, by=self.by))
        elif len(set(keys)) < len(keys) or self.lines.keys() & set(keys):
            self.refused(ConflictingPosting, lambda: post_all(lot, by=self.by))
        else:
            post_all(lot, by=self.by)
            self.lines |= {line.key: line for line in lot}

    @rule(key=KEYS, year=st.sampled_from(YEARS))
    def reverse_a_line(self, key: str, year: int) -> None:
        if key not in self.lines:
            return
        entry = LedgerEntry.objects.get(key=key)
        on = date(year, 12, 31)
        if key in self.reversed:
            before = self.lines[f"reverse:{key}"]
            if before.value_date == on:
                assert reverse(entry, on=on, by=self.by).key == f"reverse:{key}"
            else:
                self.refused(ConflictingPosting, lambda: reverse(entry, on=on, by=self.by))
        elif year in self.closed:
            self.refused(YearIsClosed, lambda: reverse(entry, on=on, by=self.by))
        else:
            reverse(entry, on=on, by=self.by)
            line = self.lines[key]
            self.reversed.add(key)
            self.lines[f"reverse:{key}"] = line._replace(
                key=f"reverse:{key}", debit=line.credit, credit=line.debit, value_date=on, reverses_id=entry.pk
            )

    @rule(year=st.sampled_from(YEARS), sure=st.integers(0, 9))
    def close_a_year(self, year: int, sure: int) -> None:
        if sure:  # now and then, or all years are closed at once
            return
        if year in self.closed:
            self.refused(Refused, lambda: close_year(year, by=self.by))
            return
        try:
            with transaction.atomic():
                close_year(year, by=self.by)
        except Refused:
            assert not ClosedYear.objects.filter(year=year).exists()
        else:
            self.closed.add(year)

    @rule(sql=ATTACKS)
    def attack(self, sql: str) -> None:
        rows = ClosedYear.objects.count() if "closedyear" in sql else len(self.lines)
        if rows:
            self.refused(DatabaseError, lambda: self.execute(sql))

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        if not hasattr(self, "by"):
            return
        assert LedgerEntry.objects.count() == len(self.lines)
        balances: Counter[tuple[Account, int]] = Counter()
        for line in self.lines.values():
            balances[line.debit, line.value_date.year] -= line.amount_ore
            balances[line.credit, line.value_date.year] += line.amount_ore
        for year in YEARS:
            found = {a: LedgerEntry.objects.filter(budget_year=year).balance_ore(a) for a in Account}
            assert found == {a: balances[a, year] for a in Account}
            assert sum(found.values()) == 0
        assert set(ClosedYear.objects.values_list("year", flat=True)) == self.closed

    def transfer(self, key: str, debit: Account, credit: Account, ore: int, year: int, at: int) -> Transfer:
        return Transfer(
            key=key, debit=debit, credit=credit, amount_ore=ore, value_date=date(year, 6, 1), chapter="0496", post="60",
            scheme="integration", code="AR-2", origin_year=year, origin_term=1, recipient_id=self.recipients[at].pk,
            recipient_sector="kommune", account_class="tilskudd",
        )  # fmt: skip

    @staticmethod
    def refused(why: type[Exception], step: Any) -> None:
        with pytest.raises(why), transaction.atomic():
            step()

    @staticmethod
    def execute(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_ledger_and_its_model_say_the_same():
    run_state_machine_as_test(Books, settings=of(examples=12, steps=30))


@pytest.mark.trial
@pytest.mark.timeout(1800)
def test_the_ledger_and_its_model_say_the_same_for_long():
    run_state_machine_as_test(Books, settings=of(examples=200, steps=50))


def of(*, examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
