"""Budget files and ledger lines for tests. A test names only what it is about."""

import csv
from collections.abc import Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from grants.ledger.posting import Transfer, post
from grants.models import Account, LedgerEntry, Organisation
from grants.services.import_accounts import import_accounts
from grants.services.import_appropriations import import_appropriations
from tests.factories.register import finance

GOLDEN = Path(__file__).resolve().parent.parent / "reporting" / "golden"
APPROPRIATION_COLUMNS = (
    "kapittel", "post", "kapittelnavn", "posttekst", "stikkord", "overfort_fra_i_fjor", "arets_tildelinger",
)  # fmt: skip
_NUMBERS, _ORGANISATIONS = count(1), count(1)


def golden(name: str) -> list[dict[str, str]]:
    """The rows of a published table of 2017."""
    with (GOLDEN / f"{name}_2017.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_file(path: Path, columns: Sequence[str], *rows: Sequence[Any]) -> Path:
    """A CSV file as an operator would send it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def appropriation_row(**changes: str) -> list[str]:
    """An ordinary row of an appropriation file."""
    usual = {
        "kapittel": "0496", "post": "60", "kapittelnavn": "Bosetting", "posttekst": "Integreringstilskudd",
        "stikkord": "kan overføres", "overfort_fra_i_fjor": "0", "arets_tildelinger": "1000000",
    }  # fmt: skip
    return list((usual | changes).values())


def appropriations_2017(path: Path) -> Path:
    """The appropriations of 2017 as note A gives them, with the names and keywords of the statement."""
    texts = {(row["kapittel"], row["post"]): row for row in golden("bevilgningsrapportering")}
    rows = []
    for row in golden("note_a"):
        of_post = texts[row["kapittel"], row["post"]]
        rows.append((
            row["kapittel"], row["post"], of_post["kapittelnavn"], of_post["posttekst"], of_post["stikkord"],
            row["overfort_fra_i_fjor"], row["arets_tildelinger"],
        ))  # fmt: skip
    return write_file(path, APPROPRIATION_COLUMNS, *rows)


def accounts_2017(path: Path) -> Path:
    """What the statement of 2017 shows as accounts, expenses and income, as if all were booked elsewhere."""
    rows = [
        (row["kapittel"], row["post"], row["regnskap"], row["kapittelnavn"], row["posttekst"], row.get("stikkord", ""))
        for row in [*golden("bevilgningsrapportering"), *golden("inntekter")]
    ]
    return write_file(path, ("kapittel", "post", "belop_kroner", "kapittelnavn", "posttekst", "stikkord"), *rows)


def import_2017(folder: Path) -> None:
    """All posts of 2017, and no run."""
    import_appropriations(appropriations_2017(folder / "appropriations.csv"), year=2017)
    import_accounts(accounts_2017(folder / "accounts.csv"), year=2017)


def make_organisation(name: str = "Halden kommune", kind: str = "municipality", **changes: Any) -> Organisation:
    """A recipient of its own."""
    usual = {"name": name, "search_key": name.casefold(), "kind": kind, "orgnr": f"9{next(_ORGANISATIONS):08d}"}
    if kind == "municipality":
        usual["municipality_number"] = f"X{next(_ORGANISATIONS) % 1000:03d}"
    return Organisation.objects.create(**usual | changes)


def book(debit: Account, credit: Account, amount_ore: int, recipient: Organisation, **changes: Any) -> LedgerEntry:
    """One ledger line on 0496/60 in June 2017."""
    usual: dict[str, Any] = {
        "key": f"line:{next(_NUMBERS)}", "value_date": date(2017, 6, 15), "chapter": "0496", "post": "60",
        "scheme": "integration", "code": "AR-2", "origin_year": 2017, "origin_term": 1,
        "recipient_sector": recipient.sector, "account_class": "tilskudd",
    }  # fmt: skip
    line = Transfer(debit=debit, credit=credit, amount_ore=amount_ore, recipient_id=recipient.pk, **usual | changes)
    return post(line, by=finance())


def pay(amount_ore: int, recipient: Organisation, **changes: Any) -> None:
    """Owed and paid."""
    book(Account.APPROPRIATION, Account.OWED, amount_ore, recipient, **changes)
    book(Account.OWED, Account.PAID, amount_ore, recipient, **changes)
