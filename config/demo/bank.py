"""The bank of the demo: it fetches our files from the folder, pays all that it can, and tells so in files of its own.

It reads pain.001 with a reader of its own, so that what it pays is what the file says and not what we meant.
"""

import os
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"
# Long enough ago for whoever waits until a file is written whole.
_SETTLED_SECONDS = 60


def answer_all(folder: Path, *, closed: Collection[str] = (), opening_kroner: int | None = None) -> int:
    """Take every payment file that lies in `out`; for each an answer in `in` that all of it was paid on its day.

    A payment to a closed account (eleven digits) is rejected in an answer of its own. With an opening balance there is a
    statement of the day, too.
    """
    taken = 0
    for path in sorted((folder / "out").glob("*.xml")):
        content = path.read_bytes()
        if closed and (rejected := _rejected(content, closed)):
            _drop(folder / "in", f"pain.002-{path.stem}.xml", rejected)
        _drop(folder / "in", f"camt.054-{path.stem}.xml", _paid(content, closed))
        if opening_kroner is not None:
            _drop(folder / "in", f"camt.053-{path.stem}.xml", _statement(content, closed, opening_kroner))
        path.unlink()
        taken += 1
    return taken


def _read(content: bytes) -> "etree._Element":
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _goes_to(one: "etree._Element", accounts: Collection[str]) -> bool:
    """Is it a payment to one of these accounts, written as BBAN or as IBAN?"""
    number = next(text.strip() for text in _one(one, "CdtrAcct").itertext() if text.strip())
    return number[-11:] in accounts


def _rejected(content: bytes, closed: Collection[str]) -> bytes:
    """pain.002: the file is taken in part, and each payment to a closed account is rejected by name. Empty where none is."""
    root = _read(content)
    block, message = _one(root, "PmtInf"), _text(_one(root, "GrpHdr"), "MsgId")
    named = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{escape(_text(one, 'EndToEndId'))}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for one in block.iter(f"{NAMESPACE}CdtTrfTxInf")
        if _goes_to(one, closed)
    )
    if not named:
        return b""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>S{message[:30]}</MsgId><CreDtTm>{_text(block, 'ReqdExctnDt')}T07:00:00+01:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>"
        "<GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(_text(block, 'PmtInfId'))}</OrgnlPmtInfId>{named}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def _booked(content: bytes, closed: Collection[str]) -> tuple[str, str, str, date]:
    """The entries of what was paid, our account, the name of the file, and the day."""
    root = _read(content)
    block = _one(root, "PmtInf")
    on = date.fromisoformat(_text(block, "ReqdExctnDt"))
    account = next(text.strip() for text in _one(block, "DbtrAcct").itertext() if text.strip())
    entries = "".join(
        _entry(_text(one, "EndToEndId"), _text(one, "InstdAmt"), on, f"{number:06}")
        for number, one in enumerate(block.iter(f"{NAMESPACE}CdtTrfTxInf"), start=1)
        if not _goes_to(one, closed)
    )
    return entries, escape(account), _text(_one(root, "GrpHdr"), "MsgId"), on


def _statement(content: bytes, closed: Collection[str], opening_kroner: int) -> bytes:
    """camt.053 of the day: what was paid, between an opening balance and the closing one."""
    entries, account, message, on = _booked(content, closed)
    opening = Decimal(opening_kroner)
    paid = [
        Decimal(_text(one, "InstdAmt"))
        for one in _read(content).iter(f"{NAMESPACE}CdtTrfTxInf")
        if not _goes_to(one, closed)
    ]
    moment = f"{on.isoformat()}T18:00:00+01:00"
    balances = _balance("OPBD", opening, on) + _balance("CLBD", opening - sum(paid), on)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>K{message[:30]}</MsgId><CreDtTm>{moment}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>K{message[:30]}</Id><ElctrncSeqNb>{on:%j}</ElctrncSeqNb><CreDtTm>{moment}</CreDtTm>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(kind: str, kroner: Decimal, on: date) -> str:
    side = "CRDT" if kroner >= 0 else "DBIT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="NOK">{abs(kroner):.2f}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _paid(content: bytes, closed: Collection[str]) -> bytes:
    """camt.054: an entry for each payment of the file that could be paid, booked on the day that it asks for."""
    entries, account, message, on = _booked(content, closed)
    moment = f"{on.isoformat()}T16:00:00+01:00"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><BkToCstmrDbtCdtNtfctn>'
        f"<GrpHdr><MsgId>N{message[:30]}</MsgId><CreDtTm>{moment}</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>N{message[:30]}</Id><CreDtTm>{moment}</CreDtTm>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{entries}</Ntfctn>"
        "</BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def _entry(reference: str, amount: str, on: date, number: str) -> str:
    return (
        f'<Ntry><Amt Ccy="NOK">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{on:%Y%m%d}{number}</AcctSvcrRef>"
        "<BkTxCd><Prtry><Cd>230</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{escape(reference)}</EndToEndId></Refs>"
        f'<AmtDtls><TxAmt><Amt Ccy="NOK">{amount}</Amt></TxAmt></AmtDtls></TxDtls></NtryDtls></Ntry>'
    )


def _drop(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.part"
    part.write_bytes(content)
    then = part.stat().st_mtime - _SETTLED_SECONDS
    os.utime(part, (then, then))
    part.replace(folder / name)


def _one(node: "etree._Element", tag: str) -> "etree._Element":
    return next(node.iter(f"{NAMESPACE}{tag}"))


def _text(node: "etree._Element", tag: str) -> str:
    return "".join(_one(node, tag).itertext()).strip()
