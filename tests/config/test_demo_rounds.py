"""The rounds of the demo year come to the published counts and sums, and are run through the ordinary services."""

import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from applications.models import Application, Decision
from applications.services.pay_round import pay_round
from config.demo.budget import ACCOUNTS, PAID_BY_ROUNDS, PAID_BY_RUNS
from config.demo.decide_rounds import decide_rounds
from config.demo.organisations import organisations
from config.demo.rounds import ROUNDS, Round, plan
from grants.law.registry import SCHEMES
from grants.models import Account, LedgerEntry, Organisation, Role
from grants.services.import_organisations import import_organisations
from reporting.reports.freeze import tables_of
from reporting.reports.gather import gather
from tests.factories.books import golden, write_file
from tests.factories.register import appropriate, finance, make_user

ORGANISATIONS = ("orgnr", "name", "kind", "kommunenummer", "account_number", "parent_orgnr")


@pytest.fixture
def recipients(db: None, tmp_path: Path) -> list[Organisation]:
    import_organisations(write_file(tmp_path / "o.csv", ORGANISATIONS, *organisations(random.Random(2018))))
    return list(Organisation.objects.exclude(orgnr=None).order_by("orgnr"))


@pytest.mark.parametrize("of", ROUNDS, ids=lambda of: of.part or of.scheme)
def test_a_round_is_planned_to_the_krone(of: Round, recipients: list[Organisation]):
    planned = plan(of, recipients, random.Random(1))

    assert len(planned) == of.applications
    assert sum(one.applied_kroner for one in planned) == of.applied_kroner
    assert sum(one.granted_kroner for one in planned) == of.granted_kroner
    assert sum(one.granted_kroner > 0 for one in planned) == of.granted
    assert all(0 <= one.granted_kroner <= one.applied_kroner and one.applied_kroner > 0 for one in planned)


def test_the_rounds_are_those_of_the_published_tables():
    published = {row["ordning"]: row for row in golden("soknadsbaserte")}
    found: dict[str, Counter[str]] = {}
    for of in ROUNDS:
        law = SCHEMES[of.scheme]
        part = next((part.name.nb for part in law.sub_schemes if part.code == of.part), "")
        name = part if of.scheme == "jobbsjansen" else law.name.nb
        found.setdefault(name, Counter()).update(
            antall_soknader=of.applications, antall_innvilgede=of.granted, omsokt_kroner=of.applied_kroner,
            innvilget_kroner=of.granted_kroner,
        )  # fmt: skip
    for name, row in published.items():
        assert {column: int(row[column]) for column in found[name]} == found[name], name


def test_what_the_rounds_and_runs_pay_has_room_in_the_published_accounts():
    accounts = {row[:3]: row[3] for row in ACCOUNTS}
    for key, kroner in PAID_BY_ROUNDS.items():
        assert kroner + PAID_BY_RUNS.get(key, 0) <= accounts[key], key


@pytest.mark.timeout(600)
def test_the_year_end_tables_come_out_when_the_rounds_are_decided_and_paid(recipients: list[Organisation]):
    for post in ("62", "71", "73"):
        appropriate(post=post)
    make_user("samira", Role.SCHEME_OWNER), make_user("amir", Role.CASEWORKER), make_user("ingrid", Role.DECISION_MAKER)

    calls = decide_rounds("samira", "amir", "ingrid", done=lambda number: None)
    for call in calls:
        pay_round(call, by=finance(), on=date(2017, 4, 20))

    tables = tables_of(gather(2017))
    for name in ("soknadsbaserte", "oremerkede"):
        ours = {row["ordning"]: row for row in tables[name].as_dicts()}
        for row in golden(name):
            assert {column: str(value) for column, value in ours[row["ordning"]].items()} == row
    paid: Counter[tuple[str, str, str]] = Counter()
    for chapter, post, sector, ore in LedgerEntry.objects.filter(credit=Account.PAID).values_list(
        "chapter", "post", "recipient_sector", "amount_ore"
    ):
        paid[chapter, post, sector] += ore
    assert paid == {key: kroner * 100 for key, kroner in PAID_BY_ROUNDS.items()}
    assert Application.objects.count() == Decision.objects.standing().count() == sum(of.applications for of in ROUNDS)
    assert pay_round(calls[0], by=finance(), on=date(2017, 4, 21)) == 0
    assert decide_rounds("samira", "amir", "ingrid", done=lambda number: None) == calls
