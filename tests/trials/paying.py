"""Payments in a trial's office, each step by a process of its own: python -m tests.trials.paying WHAT ARGUMENTS.

Each ends with a line of JSON. The database is the one that DATABASE_URL names, and the bank the folder of the office.
"""

import hashlib
import json
import os
import random
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, OperationalError, transaction  # noqa: E402
from stdnum.no import kontonr  # noqa: E402

from grants.bank.payment_file import payment_file  # noqa: E402
from grants.ledger.posting import Transfer, post_all  # noqa: E402
from grants.models import Account, Instalment, Organisation, Outlier, PaymentBatch, PaymentPart  # noqa: E402
from grants.register.accounts import add_account  # noqa: E402
from grants.services.attest_batch import attest_batch  # noqa: E402
from grants.services.fetch_answers import fetch_answers  # noqa: E402
from grants.services.make_orders import Line, Ordered, Planned, make_orders  # noqa: E402
from grants.services.prepare_batch import explain_outlier, prepare_batch, seal_batch  # noqa: E402
from grants.services.send_batch import file_of, send_again, send_batch  # noqa: E402
from grants.shared.errors import Refused  # noqa: E402
from tests.factories.batches import ON, attester  # noqa: E402
from tests.factories.payments import key as key_of  # noqa: E402
from tests.factories.payments import make_batch, make_payment  # noqa: E402
from tests.factories.register import appropriate, finance  # noqa: E402

State = PaymentBatch.State
SCHEMES = ("integration", "unaccompanied_minors", "asylum_training", "disability", "kum")


@transaction.atomic
def lay_out(orders: int, days: int) -> dict[str, str]:
    """So many orders, each to an organisation of its own, due evenly on so many days. Answers amounts by account."""
    appropriate()
    by = finance()
    wanted: dict[str, str] = {}
    ordered, lines = [], []
    for number in range(orders):
        to = Organisation.objects.create(name=f"Forening {number}", search_key=f"forening {number}", kind="ngo")
        account = _account(number)
        add_account(to, account, known_on=ON - timedelta(days=400), reason="")
        ore, scheme = 100_000 + number, SCHEMES[number % len(SCHEMES)]
        line = Line("AR-2", 2017, 1, ore)
        ordered.append(
            Ordered(
                subject=f"run:{number}:trial",
                recipient=to,
                scheme=scheme,
                chapter="0496",
                post="60",
                account_class="tilskudd",
                about="Integreringstilskudd",
                plan=[Planned(ON + timedelta(days=number % days), [line])],
            )
        )
        lines.append(
            Transfer(
                key=f"owed:{number}",
                debit=Account.APPROPRIATION,
                credit=Account.OWED,
                amount_ore=ore,
                value_date=ON,
                chapter="0496",
                post="60",
                scheme=scheme,
                code="AR-2",
                origin_year=2017,
                origin_term=1,
                recipient_id=to.pk,
                recipient_sector=to.sector,
                account_class="tilskudd",
            )
        )
        wanted[account] = str(ore)
    make_orders(ordered, by=by)
    post_all(lines, by=by)
    attester()
    return wanted


def go_on(days: int, known: str) -> str:
    """Do what is left to do, a step at a time: prepare, seal, attest, send, carry and fetch. May be killed anywhere.

    `known` is a file in which the bank has written which of our files it has: a person asks it before sending again.
    """
    by, other = finance(), attester()
    Path(known).with_name("ready").touch()
    for number in range(days):
        on = ON + timedelta(days=number)
        batch = PaymentBatch.objects.filter(pay_on=on).first()
        if batch is None:
            if not Instalment.objects.payable(on).exists():
                continue
            batch = prepare_batch(pay_on=on, by=by)
        for outlier in Outlier.objects.filter(payment__batch=batch, explanation=""):
            explain_outlier(outlier, "Slik skal det være.", by=by)
        if batch.state == State.OPEN:
            batch = seal_batch(batch, by=by)
        if batch.state == State.SEALED:
            batch = attest_batch(batch, by=other)
        if batch.state == State.ATTESTED:
            batch = send_batch(batch, by=by)
        call_command("worker", "--once", verbosity=0)
        batch.refresh_from_db()
        if batch.trouble and not batch.receipt and batch.pk.hex not in Path(known).read_text():
            send_again(batch, words="Banken har ikke filen.", by=by)
            call_command("worker", "--once", verbosity=0)
        fetch_answers()
    return "done"


def careless(orders: int) -> str:
    """What the trial must be able to see: a sender that writes down what it has sent afterwards, under new names."""
    out, done = settings.BANK_FOLDER / "out", settings.BANK_FOLDER / "done"
    out.mkdir(parents=True, exist_ok=True)
    (settings.BANK_FOLDER / "ready").touch()
    sent = set(done.read_text().split()) if done.exists() else set()
    for number in range(orders):
        if str(number) in sent:
            continue
        name = int.from_bytes(os.urandom(6))
        one = make_payment(name, amount_ore=100_000 + number, account=_account(number))
        part = out / f"{name}.part"
        part.write_bytes(payment_file(make_batch(message_id=key_of(name), payments=(one,)), "03"))
        part.rename(out / f"{name}.xml")
        time.sleep(0.02)
        with done.open("a") as log:
            log.write(f"{number}\n")
    return "done"


def make_batches(number: int) -> list[int]:
    """Press «prepare» and «seal» until nothing is left, each time for some schemes, beside others who do the same."""
    by, made, rnd = finance(f"kari-{number}"), [], random.Random(number)
    while Instalment.objects.payable(ON).exists():
        try:
            batch = prepare_batch(pay_on=ON, by=by, schemes=rnd.sample(SCHEMES, 2))
            for outlier in Outlier.objects.filter(payment__batch=batch):
                explain_outlier(outlier, "Slik skal det være.", by=by)
            made.append(seal_batch(batch, by=by).number)
        except Refused:
            continue
        except (IntegrityError, OperationalError):  # another got there first, and the database said so
            continue
    return made


def files() -> dict[str, str]:
    """The SHA-256 of the file of every sealed batch, made now."""
    return {
        str(batch.number): hashlib.sha256(file_of(batch, "03")).hexdigest()
        for batch in PaymentBatch.objects.exclude(state=State.OPEN)
    }


def lines() -> dict[str, int]:
    """How many instalments lie in a sealed batch, and how many of them in more than one."""
    inside = list(PaymentPart.objects.filter(payment__batch__state=State.SEALED).values_list("instalment", flat=True))
    return {"lines": len(inside), "different": len(set(inside))}


def _account(number: int) -> str:
    """An account number with its check digit; a number that has none takes the next."""
    base = f"{8601000000 + 7 * number:010}"
    check = kontonr._calc_check_digit(base)
    return base + check if len(check) == 1 else _account(number + 100_000)


WHAT: dict[str, Any] = {
    "lay_out": lay_out, "go_on": go_on, "careless": careless, "make_batches": make_batches, "files": files, "lines": lines,
}  # fmt: skip

if __name__ == "__main__":
    given = [int(one) if one.isdigit() else one for one in sys.argv[2:]]
    sys.stdout.write(f"\n{json.dumps(WHAT[sys.argv[1]](*given))}")
