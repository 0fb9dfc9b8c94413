"""camt.053 and camt.054: the account for a period with its balances, and what has been booked on it as it happens.

Every sum that the bank states is worked out again: entries against their payments, entries against the summary, and in
a camt.053 the opening balance and what is booked against the closing balance. One øre off refuses the file.
"""

from collections.abc import Callable

from grants.bank.document import LONGEST_ID, Node
from grants.bank.messages import BankMessage, Detail, Entry, Kind, Statement
from grants.bank.particulars import same_account
from grants.bank.refusals import WrongSum
from grants.bank.status_report import reason
from grants.shared.money import kr

_CREDIT = {"CRDT": True, "DBIT": False}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)


def read_statement(message: Node, version: str) -> BankMessage:
    """camt.053: one statement or more, each with both balances."""
    return _message(message, version, Kind.STATEMENT, "Stmt", _with_balances)


def read_notification(message: Node, version: str) -> BankMessage:
    """camt.054: one notification or more, each of one account."""
    return _message(message, version, Kind.NOTIFICATION, "Ntfctn", _without_balances)


def _message(
    message: Node, version: str, kind: Kind, tag: str, reader: Callable[[Node, tuple[Entry, ...]], Statement]
) -> BankMessage:
    header = message.one("GrpHdr")
    found = []
    for node in message.many(tag):
        entries = tuple(_entry(each, number) for number, each in enumerate(node.many("Ntry"), start=1))
        _check_summary(node, entries)
        found.append(reader(node, entries))
    if not found:
        message.refuse(f"{tag} mangler.")
    return BankMessage(
        kind, version, header.one("MsgId").value(LONGEST_ID), header.one("CreDtTm").moment(), statements=tuple(found)
    )


# --- Balances ---------------------------------------------------------------------------------------------------------


def _without_balances(node: Node, entries: tuple[Entry, ...]) -> Statement:
    return _statement(node, entries, None, None)


def _with_balances(node: Node, entries: tuple[Entry, ...]) -> Statement:
    opening, closing = _balance(node, _OPENING, "inngående"), _balance(node, _CLOSING, "utgående")
    booked = sum(entry.signed_ore for entry in entries if entry.booked)
    said, found = _signed(closing), _signed(opening) + booked
    if said != found:
        raise WrongSum(
            f"inngående saldo {kr(_signed(opening))} og posteringer for {kr(booked)} gir {kr(found)}, men utgående saldo "
            f"er {kr(said)}. Forskjellen er {kr(said - found)} kroner: en postering mangler eller er feil.",
            said,
            found,
            line=closing.line,
            path=closing.path,
        )
    return _statement(node, entries, opening, closing)


def _statement(node: Node, entries: tuple[Entry, ...], opening: Node | None, closing: Node | None) -> Statement:
    created = node.maybe("CreDtTm")
    return Statement(
        node.one("Id").value(LONGEST_ID),
        _account(node.one("Acct")),
        created.moment() if created else None,
        _number(node, "ElctrncSeqNb"),
        _number(node, "LglSeqNb"),
        _signed(opening) if opening else None,
        opening.one("Dt").day() if opening else None,
        _signed(closing) if closing else None,
        closing.one("Dt").day() if closing else None,
        entries,
    )


def _balance(node: Node, kinds: tuple[str, ...], name: str) -> Node:
    """The balance of the first kind that stands there. What a statement of several pages calls interim is none."""
    for kind in kinds:
        found = [
            balance
            for balance in node.many("Bal")
            if balance.text("Tp/CdOrPrtry/Cd") == kind and balance.text("Tp/SubTp/Cd") != "INTM"
        ]
        if len(found) > 1:
            found[1].refuse(f"{name} saldo ({kind}) står {len(found)} ganger.")
        if found:
            return found[0]
    return node.refuse(f"{name} saldo ({' eller '.join(kinds)}) mangler.")


def _account(node: Node) -> str:
    number = node.text("Id/IBAN") or node.one("Id/Othr/Id").value(LONGEST_ID)
    if (currency := node.text("Ccy")) not in {"", "NOK"}:
        node.refuse(f"kontoen er i {currency}. Her skal den være i NOK.")
    return same_account(number)


def _signed(node: Node) -> int:
    amount = node.one("Amt").money()
    return amount if node.one("CdtDbtInd").choice(_CREDIT) else -amount


def _number(node: Node, tag: str) -> int | None:
    found = node.maybe(tag)
    return found.count() if found else None


# --- Entries ----------------------------------------------------------------------------------------------------------


def _entry(node: Node, number: int) -> Entry:
    amount, credit = node.one("Amt").money(), node.one("CdtDbtInd").choice(_CREDIT)
    status = node.one("Sts")
    booked_on, valued_on = node.maybe("BookgDt"), node.maybe("ValDt")
    reversal, text = node.maybe("RvslInd"), node.maybe("AddtlNtryInf")
    entry = Entry(
        number,
        amount,
        credit,
        (status.one("Cd") if len(status.element) else status).value(LONGEST_ID),
        booked_on.day() if booked_on else None,
        valued_on.day() if valued_on else None,
        node.text("NtryRef"),
        node.text("AcctSvcrRef"),
        reversal.choice(_TRUTH) if reversal else False,
        _code(node),
        next((id_ for details in node.many("NtryDtls") if (id_ := details.text("Btch/MsgId"))), ""),
        text.value() if text else "",
        tuple(detail for details in node.many("NtryDtls") for detail in _details(details, node, amount, credit)),
    )
    if entry.booked and entry.booked_on is None:
        node.refuse("posteringen er bokført, men mangler dagen (BookgDt).")
    if entry.details and (found := sum(detail.signed_ore for detail in entry.details)) != entry.signed_ore:
        raise WrongSum(
            f"posteringen er på {kr(entry.signed_ore)} kroner, men betalingene i den er på {kr(found)}.",
            entry.signed_ore,
            found,
            line=node.line,
            path=node.path,
        )
    return entry


def _code(node: Node) -> str:
    """ISO's transaction code, as domain/family/sub-family, or the bank's own."""
    parts = [node.text(f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "/".join(filter(None, parts)) or node.text("BkTxCd/Prtry/Cd")


def _details(details: Node, entry: Node, amount: int, credit: bool) -> list[Detail]:
    nodes = list(details.many("TxDtls"))
    batch = details.maybe("Btch")
    alone = len(nodes) == 1 and len(list(entry.many("NtryDtls"))) == 1
    found = [_detail(node, amount if alone else None, credit) for node in nodes]
    if batch and (count := batch.maybe("NbOfTxs")) and found and count.count() != len(found):
        count.refuse(f"bunten har {count.count()} betalinger, men {len(found)} står i filen.")
    if batch and (total := batch.maybe("TtlAmt")) and found and total.money() != abs(sum(d.signed_ore for d in found)):
        summed = abs(sum(d.signed_ore for d in found))
        what = f"bunten er på {kr(total.money())} kroner, men betalingene i den er på {kr(summed)}."
        raise WrongSum(what, total.money(), summed, line=total.line, path=total.path)
    return found


def _detail(node: Node, whole: int | None, credit: bool) -> Detail:
    """One payment. Its amount stands in one of three places, or is the entry's where it is alone."""
    said = node.maybe("Amt") or node.maybe("AmtDtls/TxAmt/Amt") or node.maybe("AmtDtls/InstdAmt/Amt")
    amount = said.money() if said else whole
    if amount is None:
        node.refuse("betalingen mangler beløp, og det er flere betalinger i posteringen.")
    direction = node.maybe("CdtDbtInd")
    incoming = direction.choice(_CREDIT) if direction else credit
    returned = node.maybe("RtrInf")
    free = [line.value() for info in node.many("RmtInf") for line in info.many("Ustrd")]
    added = node.maybe("AddtlTxInf")
    return Detail(
        amount,
        incoming,
        node.text("Refs/EndToEndId"),
        node.text("Refs/InstrId"),
        node.text("Refs/MsgId"),
        node.text("Refs/AcctSvcrRef"),
        reason(returned) if returned else None,
        *_party(node, "Dbtr" if incoming else "Cdtr"),
        _kid(node),
        " ".join(free) or (added.value() if added else ""),
    )


def _party(node: Node, side: str) -> tuple[str, str]:
    """Who is at the other end, and on which account."""
    parties = node.maybe("RltdPties")
    if not parties:
        return "", ""
    name = parties.maybe(f"{side}/Nm") or parties.maybe(f"{side}/Pty/Nm")
    account = parties.text(f"{side}Acct/Id/IBAN") or parties.text(f"{side}Acct/Id/Othr/Id")
    return name.value() if name else "", same_account(account)


def _kid(node: Node) -> str:
    remittance = node.maybe("RmtInf")
    found = [each.text("CdtrRefInf/Ref") for each in remittance.many("Strd")] if remittance else []
    return next(filter(None, found), "")


# --- The bank's own summary -------------------------------------------------------------------------------------------


def _check_summary(node: Node, entries: tuple[Entry, ...]) -> None:
    """The bank's numbers and sums of all entries, of those in and of those out."""
    summary = node.maybe("TxsSummry")
    if not summary:
        return
    credits = [entry for entry in entries if entry.credit]
    debits = [entry for entry in entries if not entry.credit]
    for tag, counted in (("TtlNtries", entries), ("TtlCdtNtries", credits), ("TtlDbtNtries", debits)):
        stated = summary.maybe(tag)
        if not stated:
            continue
        count = stated.maybe("NbOfNtries")
        if count and count.count() != len(counted):
            count.refuse(f"banken oppgir {count.count()} posteringer, men {len(counted)} står i filen.")
        if total := stated.maybe("Sum"):
            _check(total, total.amount(), sum(entry.amount_ore for entry in counted))
        _check_net(stated, sum(entry.signed_ore for entry in counted))


def _check_net(stated: Node, found: int) -> None:
    """What comes of it all, in or out. Version .02 has amount and direction beside each other, .08 within one element."""
    new = stated.maybe("TtlNetNtry")
    amount = new.one("Amt") if new else stated.maybe("TtlNetNtryAmt")
    if amount:
        direction = (new or stated).maybe("CdtDbtInd")
        out = direction is not None and not direction.choice(_CREDIT)
        _check(amount, -amount.amount() if out else amount.amount(), found)


def _check(node: Node, said: int, found: int) -> None:
    if said != found:
        what = f"banken oppgir {kr(said)} kroner, men posteringene gir {kr(found)}."
        raise WrongSum(what, said, found, line=node.line, path=node.path)
