"""pain.002, CustomerPaymentStatusReport: what the bank thinks of a payment file of ours, and of each payment in it.

BSK's implementeringsguide pain.002.001.03 (version 1.5): a report on the file alone, and later ones with the payments.
"""

from collections import Counter

from grants.bank.document import LONGEST_ID, Node, each_once
from grants.bank.messages import BankMessage, Kind, PaymentStatus, Reason, StatusReport, Verdict


def read_status(message: Node, version: str) -> BankMessage:
    """The report as we know it."""
    header = message.one("GrpHdr")
    original = message.one("OrgnlGrpInfAndSts")
    blocks, payments, nodes = [], [], []
    for block in message.many("OrgnlPmtInfAndSts"):
        nodes += list(block.many("TxInfAndSts"))
        inside = [_payment(each) for each in block.many("TxInfAndSts")]
        _check_counts(block, inside)
        blocks.append(_verdict(block, "OrgnlPmtInfId", "PmtInfSts"))
        payments += inside
    each_once((node, found.end_to_end_id) for node, found in zip(nodes, payments, strict=True))
    _check_counts(original, payments)
    file = _verdict(original, "OrgnlMsgId", "GrpSts")
    if not file.status and not any(block.status for block in blocks) and not any(p.status for p in payments):
        original.refuse("meldingen har ingen status, verken for filen eller for betalingene.")
    return BankMessage(
        Kind.STATUS,
        version,
        header.one("MsgId").value(LONGEST_ID),
        header.one("CreDtTm").moment(),
        report=StatusReport(file, tuple(blocks), tuple(payments)),
    )


def reasons(node: Node, tag: str) -> tuple[Reason, ...]:
    """The reasons that stand in an element, each with a code of ISO's or the bank's own."""
    return tuple(reason(each) for each in node.many(tag))


def reason(node: Node) -> Reason:
    """One reason."""
    added = " ".join(line.value() for line in node.many("AddtlInf"))
    return Reason(node.text("Rsn/Cd") or node.text("Rsn/Prtry"), added)


def _verdict(node: Node, reference: str, status: str) -> Verdict:
    count, total = node.maybe("OrgnlNbOfTxs"), node.maybe("OrgnlCtrlSum")
    return Verdict(
        node.one(reference).value(LONGEST_ID),
        _status(node, status),
        reasons(node, "StsRsnInf"),
        count.count() if count else None,
        total.amount() if total else None,
    )


def _payment(node: Node) -> PaymentStatus:
    amount = node.maybe("OrgnlTxRef/Amt/InstdAmt")
    end_to_end_id = node.text("OrgnlEndToEndId") or node.text("OrgnlInstrId")
    if not end_to_end_id:
        node.refuse("betalingen har verken OrgnlEndToEndId eller OrgnlInstrId, så vi kan ikke vite hvilken det er.")
    return PaymentStatus(
        end_to_end_id,
        _status(node, "TxSts"),
        reasons(node, "StsRsnInf"),
        node.text("AcctSvcrRef"),
        amount.money() if amount else None,
    )


def _status(node: Node, tag: str) -> str:
    found = node.text(tag)
    if found and not (len(found) == 4 and found.isascii() and found.isalnum() and found.isupper()):
        node.one(tag).refuse(f"«{found}» er ikke en status: den har fire store bokstaver, for eksempel RJCT.")
    return found


def _check_counts(node: Node, payments: list[PaymentStatus]) -> None:
    """Where payments of a status are named, there are as many as the bank says. It may leave a status unnamed."""
    named = Counter(payment.status for payment in payments)
    for said in node.many("NbOfTxsPerSts"):
        status, count = said.one("DtldSts").value(), said.one("DtldNbOfTxs").count()
        if named[status] and named[status] != count:
            said.refuse(f"banken oppgir {count} betalinger med status {status}, men {named[status]} står i filen.")
