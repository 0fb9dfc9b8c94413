"""Sealed batches for tests: one by hand, and any number made by Hypothesis."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from stdnum import luhn
from stdnum.no import kontonr

from grants.bank.particulars import iban
from grants.bank.payment_file import Address, Payer, Payment, SealedBatch

ACCOUNT = "86011117947"
PAYER = Payer("Integrerings- og mangfoldsdirektoratet", "987879696", ACCOUNT, "DNBANOKK")
SEALED_AT = datetime(2017, 3, 14, 8, 30, tzinfo=UTC)
ON = date(2017, 3, 15)
YEARS = datetime.fromisoformat("2015-01-01"), datetime.fromisoformat("2035-01-01")


def key(number: int) -> UUID:
    return UUID(int=(0x1234 << 112) | (4 << 76) | (8 << 60) | number)


def make_payment(number: int = 1, **changes: Any) -> Payment:
    facts: dict[str, Any] = {
        "id": key(number),
        "amount_ore": 100_000 + number,
        "name": "Ås kommune",
        "account": ACCOUNT,
        "message": "Integreringstilskudd 1. termin 2017",
    }
    return Payment(**facts | changes)


def make_batch(size: int = 3, **changes: Any) -> SealedBatch:
    facts: dict[str, Any] = {
        "message_id": key(999),
        "sealed_at": SEALED_AT,
        "on": ON,
        "payer": PAYER,
        "payments": tuple(make_payment(number) for number in range(1, size + 1)),
    }
    return SealedBatch(**facts | changes)


@st.composite
def account_numbers(draw: st.DrawFn) -> str:
    """BBAN or IBAN with right check digits."""
    start = draw(st.from_regex(r"[1-9][0-9]{9}", fullmatch=True))
    check = kontonr._calc_check_digit(start)
    if len(check) > 1:
        start, check = "8601111794", "7"
    bban = start + check
    return iban(bban) if draw(st.booleans()) else bban


@st.composite
def kids(draw: st.DrawFn) -> str:
    digits = draw(st.from_regex(r"[0-9]{1,24}", fullmatch=True))
    return digits + luhn.calc_check_digit(digits)


texts = st.text(min_size=1, max_size=120)
names = st.builds(lambda start, rest: start + rest, st.sampled_from("AÅØkŠ"), texts)


@st.composite
def payments(draw: st.DrawFn) -> Payment:
    given_kid = draw(st.booleans())
    address = st.builds(
        Address, town=st.sampled_from(["Ås", "Kárášjohka", ""]), postcode=st.sampled_from(["1430", ""]), street=texts
    )
    return Payment(
        id=draw(st.uuids(version=4)),
        amount_ore=draw(st.integers(1, 10**12)),
        name=draw(names),
        account=draw(account_numbers()),
        kid=draw(kids()) if given_kid else "",
        message="" if given_kid else "Tilskudd " + draw(st.text(max_size=43)),
        address=draw(st.none() | address),
    )


@st.composite
def batches(draw: st.DrawFn) -> SealedBatch:
    return SealedBatch(
        message_id=draw(st.uuids(version=4)),
        sealed_at=draw(st.datetimes(*YEARS, timezones=st.timezones())),
        on=draw(st.dates(date(2015, 1, 1), date(2035, 1, 1))),
        payer=Payer(
            draw(names), "987879696", draw(account_numbers()), "DNBANOKKXXX", draw(st.sampled_from(["", "01"]))
        ),
        payments=tuple(draw(st.lists(payments(), min_size=1, max_size=4, unique_by=lambda p: p.id))),
    )
