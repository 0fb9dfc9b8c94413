"""Orders, batches and what the bank answers, for the tests of payments. A test names only what it is about."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from grants.bank.particulars import iban
from grants.models import Account, Instalment, Organisation, Outlier, Payment, PaymentBatch, PaymentOrder, User
from grants.register.accounts import add_account
from grants.services.attest_batch import attest_batch
from grants.services.make_orders import Line, Ordered, Planned, make_orders
from grants.services.prepare_batch import explain_outlier, prepare_batch, seal_batch
from grants.services.send_batch import send_batch
from tests.factories.books import book
from tests.factories.cases import municipality
from tests.factories.payments import ACCOUNT
from tests.factories.register import finance

ON = date(2017, 3, 15)
ACCOUNTS = {"0101": "86011117947", "0104": "15030012345", "0105": "12345678903"}
State = PaymentBatch.State


def attester() -> User:
    return finance("mona")


def recipient(number: str = "0101", *, account: str | None = "", known_on: date = date(2016, 1, 1)) -> Organisation:
    """A municipality with an account number of its own; None for one without."""
    found = municipality(number)
    if account is not None and not found.bank_accounts.exists():
        add_account(found, account or ACCOUNTS[number], known_on=known_on, reason="")
    return found


def make_order(
    subject: str = "run:1:0101",
    amount_ore: int = 57_500_00,
    *,
    to: Organisation | None = None,
    due_on: date = ON,
    lines: Sequence[Line] = (),
    **changes: Any,
) -> PaymentOrder:
    """An order that is owed in the ledger, with one instalment."""
    to = to or recipient()
    lines = lines or [Line("AR-2", 2017, 1, amount_ore)]
    facts: dict[str, Any] = {
        "subject": subject, "recipient": to, "scheme": "integration", "chapter": "0496", "post": "60",
        "account_class": "tilskudd", "about": f"{subject} Integreringstilskudd", "plan": [Planned(due_on, lines)],
    }  # fmt: skip
    make_orders([Ordered(**facts | changes)], by=finance())
    for line in lines:
        ends = (Account.APPROPRIATION, Account.OWED) if line.amount_ore > 0 else (Account.OWED, Account.APPROPRIATION)
        book(*ends, abs(line.amount_ore), to, value_date=ON, code=line.code)
    return PaymentOrder.objects.get(subject=subject)


def make_batch(state: State = State.OPEN, *, on: date = ON) -> PaymentBatch:
    """A batch of what is payable, by the services, up to a state."""
    batch = prepare_batch(pay_on=on, by=finance())
    for outlier in Outlier.objects.filter(payment__batch=batch):
        explain_outlier(outlier, "Slik skal det være.", by=finance())
    if state == State.OPEN:
        return batch
    batch = seal_batch(batch, by=finance())
    if state == State.SEALED:
        return batch
    batch = attest_batch(batch, by=attester())
    return batch if state == State.ATTESTED else send_batch(batch, by=finance())


def instalment_of(order: PaymentOrder) -> Instalment:
    return order.instalments.get()


# --- What the bank answers ----------------------------------------------------------------------------------------------

_ENTRY = """<Ntry><Amt Ccy="NOK">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{bank}</AcctSvcrRef>
<BkTxCd><Prtry><Cd>230</Cd></Prtry></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>
<AmtDtls><TxAmt><Amt Ccy="NOK">{amount}</Amt></TxAmt></AmtDtls>{back}</TxDtls></NtryDtls></Ntry>"""
_BACK = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"


def entry(
    payment: Payment | None,
    *,
    on: date = ON,
    more_ore: int = 0,
    back: bool = False,
    reference: str = "",
    bank: str = "",
) -> str:
    """An entry of a notification: a payment that left, or came back."""
    ore = (payment.amount_ore if payment else 0) + more_ore
    return _ENTRY.format(
        amount=f"{ore // 100}.{ore % 100:02}", side="CRDT" if back else "DBIT", on=on.isoformat(),
        bank=bank or uuid4().hex[:16], reference=reference or (payment.pk.hex if payment else ""),
        back=_BACK if back else "",
    )  # fmt: skip


def notification(*entries: str, message_id: str = "", account: str = ACCOUNT) -> bytes:
    """camt.054 of these entries."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>{message_id or uuid4().hex}</MsgId><CreDtTm>2017-03-15T12:00:00+01:00</CreDtTm></GrpHdr>
<Ntfctn><Id>{uuid4().hex}</Id><CreDtTm>2017-03-15T12:00:00+01:00</CreDtTm>
<Acct><Id><IBAN>{iban(account)}</IBAN></Id></Acct>{"".join(entries)}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>""".encode()


def status_report(batch: PaymentBatch, *rejected: Payment, status: str = "ACCP") -> bytes:
    """pain.002 on a batch: a status for the whole, or `PART` with those that are rejected, by name."""
    named = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{one.pk.hex}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for one in rejected
    )
    block = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch.pk.hex}-1</OrgnlPmtInfId>{named}</OrgnlPmtInfAndSts>"
        if named
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>
<GrpHdr><MsgId>{uuid4().hex}</MsgId><CreDtTm>2017-03-15T09:00:00+01:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{batch.pk.hex}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>
<GrpSts>{"PART" if named else status}</GrpSts></OrgnlGrpInfAndSts>{block}
</CstmrPmtStsRpt></Document>""".encode()


def day_after(days: int) -> date:
    return ON + timedelta(days=days)
