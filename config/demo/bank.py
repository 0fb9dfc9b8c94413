"""The bank of the demo year: it fetches our files from the folder, pays all that it can, and tells so in files of its own.

It reads pain.001 with a reader of its own, so that what it pays is what the file says and not what we meant.
"""

import os
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"
# Long enough ago for whoever waits until a file is written whole.
_SETTLED_SECONDS = 60


def answer_all(folder: Path) -> int:
    """Take every payment file that lies in `out`; for each an answer in `in` that all of it was paid on its day."""
    taken = 0
    for path in sorted((folder / "out").glob("*.xml")):
        _drop(folder / "in", f"camt.054-{path.stem}.xml", _paid(path.read_bytes()))
        path.unlink()
        taken += 1
    return taken


def _paid(content: bytes) -> bytes:
    """camt.054: an entry for each payment of the file, booked on the day that it asks for."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    block = _one(root, "PmtInf")
    on = date.fromisoformat(_text(block, "ReqdExctnDt"))
    account = next(text.strip() for text in _one(block, "DbtrAcct").itertext() if text.strip())
    entries = "".join(
        _entry(_text(one, "EndToEndId"), _text(one, "InstdAmt"), on, f"{number:06}")
        for number, one in enumerate(block.iter(f"{NAMESPACE}CdtTrfTxInf"), start=1)
    )
    message = _text(_one(root, "GrpHdr"), "MsgId")
    moment = f"{on.isoformat()}T16:00:00+01:00"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><BkToCstmrDbtCdtNtfctn>'
        f"<GrpHdr><MsgId>N{message[:30]}</MsgId><CreDtTm>{moment}</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>N{message[:30]}</Id><CreDtTm>{moment}</CreDtTm>"
        f"<Acct><Id><Othr><Id>{escape(account)}</Id></Othr></Id></Acct>{entries}</Ntfctn>"
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
