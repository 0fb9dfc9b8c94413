"""pacs.004, PaymentReturn: payments that were settled and come back. Between banks by birth; some pass it on."""

from grants.bank.document import LONGEST_ID, Node, each_once
from grants.bank.messages import BankMessage, Kind, PaymentReturn, Reason
from grants.bank.refusals import WrongSum
from grants.bank.status_report import reason
from grants.shared.money import kr


def read_return(message: Node, version: str) -> BankMessage:
    """The returns, whose number and sum are as the file says."""
    header = message.one("GrpHdr")
    of_file = message.text("OrgnlGrpInf/OrgnlMsgId")
    returns = tuple(_return(each, header, of_file) for each in message.many("TxInf"))
    each_once((node, found.end_to_end_id) for node, found in zip(message.many("TxInf"), returns, strict=True))
    count = header.one("NbOfTxs")
    if count.count() != len(returns):
        count.refuse(f"filen sier {count.count()} betalinger, men har {len(returns)}.")
    total = sum(each.amount_ore for each in returns)
    for said in filter(None, (header.maybe("CtrlSum"), header.maybe("TtlRtrdIntrBkSttlmAmt"))):
        ore = said.money() if said.tag == "TtlRtrdIntrBkSttlmAmt" else said.amount()
        if ore != total:
            what = f"filen sier {kr(ore)} kroner, men betalingene er på {kr(total)}."
            raise WrongSum(what, ore, total, line=said.line, path=said.path)
    return BankMessage(
        Kind.RETURN,
        version,
        header.one("MsgId").value(LONGEST_ID),
        header.one("CreDtTm").moment(),
        returns=returns,
    )


def _return(node: Node, header: Node, of_file: str) -> PaymentReturn:
    end_to_end_id = node.text("OrgnlEndToEndId") or node.text("OrgnlInstrId")
    if not end_to_end_id:
        node.refuse("betalingen har verken OrgnlEndToEndId eller OrgnlInstrId, så vi kan ikke vite hvilken det er.")
    original = node.maybe("OrgnlIntrBkSttlmAmt")
    day = node.maybe("IntrBkSttlmDt") or header.maybe("IntrBkSttlmDt")
    why = node.maybe("RtrRsnInf")
    return PaymentReturn(
        end_to_end_id,
        node.one("RtrdIntrBkSttlmAmt").money(),
        original.money() if original else None,
        day.day() if day else None,
        reason(why) if why else Reason(""),
        node.text("RtrId"),
        node.text("OrgnlGrpInf/OrgnlMsgId") or of_file,
    )
