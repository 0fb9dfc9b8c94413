"""A bank that is not ours: it reads payment files with a parser of its own, keeps an account, and answers in ISO 20022.

It writes the versions and the odd corners that `mock-bank` does not: .02 and .03, batch bookings, pending entries, several
statements in one file, a group rejected without its payments. Text is put in as it is: whoever wants bad XML gets it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree import ElementTree

STAMP = "2017-03-15T10:00:00+01:00"
DAY = "2017-03-15"


@dataclass(frozen=True)
class Order:
    """A payment as the bank has understood it."""

    end_to_end_id: str
    ore: int
    name: str
    account: str
    kid: str
    message: str


@dataclass(frozen=True)
class PaymentFile:
    """A pain.001 as the bank has understood it."""

    version: str
    message_id: str
    block_id: str
    day: str
    debtor: str
    account: str
    bic: str
    orders: tuple[Order, ...]
    counts: tuple[str, ...]
    sums: tuple[str, ...]


def understand(content: bytes) -> PaymentFile:
    """Read a pain.001 by element names alone."""
    root = ElementTree.fromstring(content)
    space = root.tag[1:].split("}")[0]

    def text(node: ElementTree.Element, *paths: str) -> str:
        for path in paths:
            found = node.find("/".join(f"{{{space}}}{step}" for step in path.split("/")))
            if found is not None:
                return (found.text or "").strip()
        return ""

    def every(node: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
        return list(node.iter(f"{{{space}}}{tag}"))

    (header,), (block,) = every(root, "GrpHdr"), every(root, "PmtInf")
    orders = []
    for transfer in every(block, "CdtTrfTxInf"):
        (amount,) = every(transfer, "InstdAmt")
        assert amount.get("Ccy") == "NOK"
        orders.append(
            Order(
                text(transfer, "PmtId/EndToEndId"),
                int(Decimal(amount.text or "") * 100),
                text(transfer, "Cdtr/Nm"),
                text(transfer, "CdtrAcct/Id/IBAN", "CdtrAcct/Id/Othr/Id"),
                text(transfer, "RmtInf/Strd/CdtrRefInf/Ref"),
                text(transfer, "RmtInf/Ustrd"),
            )
        )
    return PaymentFile(
        space.rsplit(":", 1)[1],
        text(header, "MsgId"),
        text(block, "PmtInfId"),
        text(block, "ReqdExctnDt/Dt", "ReqdExctnDt"),
        text(block, "Dbtr/Nm"),
        text(block, "DbtrAcct/Id/IBAN", "DbtrAcct/Id/Othr/Id"),
        text(block, "DbtrAgt/FinInstnId/BIC", "DbtrAgt/FinInstnId/BICFI"),
        tuple(orders),
        (text(header, "NbOfTxs"), text(block, "NbOfTxs")),
        (text(header, "CtrlSum"), text(block, "CtrlSum")),
    )


# --- Answers ----------------------------------------------------------------------------------------------------------


def kroner(ore: int) -> str:
    return f"{abs(ore) // 100}.{abs(ore) % 100:02d}"


def tag(name: str, *inside: str, **attributes: str) -> str:
    """An element, unless there is nothing to put in it."""
    content = "".join(inside)
    told = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{told}>{content}</{name}>\n" if content else ""


def document(version: str, *inside: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return (head + tag("Document", *inside, xmlns=f"urn:iso:std:iso:20022:tech:xsd:{version}")).encode()


def money(ore: int, name: str = "Amt") -> str:
    return tag(name, kroner(ore), Ccy="NOK")


def direction(ore: int) -> str:
    return tag("CdtDbtInd", "CRDT" if ore >= 0 else "DBIT")


def because(code: str, *added: str, name: str = "StsRsnInf") -> str:
    return tag(name, tag("Rsn", tag("Cd", code)), *(tag("AddtlInf", words) for words in added)) if code else ""


def status_report(
    file: PaymentFile,
    version: str = "03",
    group: str = "",
    payments: Iterable[tuple[str, str, str]] = (),
    reason: str = "",
    block: str = "",
    number: int = 1,
) -> bytes:
    """pain.002: a status for the file, and for the payments that are named as (EndToEndId, status, reason)."""
    named = list(payments)
    statuses = dict.fromkeys(status for _, status, _ in named)
    told = [
        tag(
            "TxInfAndSts",
            tag("OrgnlInstrId", key),
            tag("OrgnlEndToEndId", key),
            tag("TxSts", status),
            because(code, "Se avtalen med banken"),
        )
        for key, status, code in named
    ]
    return document(
        f"pain.002.001.{version}",
        tag(
            "CstmrPmtStsRpt",
            tag("GrpHdr", tag("MsgId", f"STATUS-{number}"), tag("CreDtTm", STAMP)),
            tag(
                "OrgnlGrpInfAndSts",
                tag("OrgnlMsgId", file.message_id),
                tag("OrgnlMsgNmId", file.version),
                tag("OrgnlNbOfTxs", str(len(file.orders))),
                tag("OrgnlCtrlSum", file.sums[0]),
                tag("GrpSts", group),
                because(reason),
                *(
                    tag(
                        "NbOfTxsPerSts",
                        tag("DtldNbOfTxs", str(sum(s == status for _, s, _ in named))),
                        tag("DtldSts", status),
                    )
                    for status in statuses
                ),
            ),
            tag("OrgnlPmtInfAndSts", tag("OrgnlPmtInfId", file.block_id), tag("PmtInfSts", block), *told)
            if told or block
            else "",
        ),
    )


@dataclass(frozen=True)
class Booking:
    """What the bank books: an amount with a sign, and the payments behind it as (EndToEndId, signed øre)."""

    ore: int
    payments: tuple[tuple[str, int], ...] = ()
    status: str = "BOOK"
    reversal: bool = False
    returned: str = ""
    reference: str = ""
    kid: str = ""
    batch: str = ""
    day: str = DAY

    def written(self, version: str, number: int) -> str:
        new = version == "08"

        def detail(key: str, ore: int) -> str:
            side = "Dbtr" if ore > 0 else "Cdtr"
            name = tag("Nm", "Ås kommune")
            return tag(
                "TxDtls",
                tag("Refs", tag("AcctSvcrRef", f"T{number}"), tag("EndToEndId", key)),
                (money(ore) + direction(ore)) if new else tag("AmtDtls", tag("TxAmt", money(ore))),
                tag(
                    "RltdPties",
                    tag(side, tag("Pty", name) if new else name),
                    tag(f"{side}Acct", tag("Id", tag("IBAN", "NO9386011117947"))),
                ),
                tag("RmtInf", tag("Strd", tag("CdtrRefInf", tag("Ref", self.kid)))) if self.kid else "",
                because(self.returned, "Kontoen finnes ikke", name="RtrInf"),
            )

        total = sum(ore for _, ore in self.payments)
        return tag(
            "Ntry",
            tag("NtryRef", self.reference),
            money(self.ore),
            direction(self.ore),
            tag("RvslInd", "true") if self.reversal else "",
            tag("Sts", tag("Cd", self.status) if new else self.status),
            tag("BookgDt", tag("Dt", self.day)),
            tag("ValDt", tag("Dt", self.day)),
            tag("AcctSvcrRef", f"B{number}"),
            tag(
                "BkTxCd",
                tag("Domn", tag("Cd", "PMNT"), tag("Fmly", tag("Cd", "ICDT"), tag("SubFmlyCd", "DMCT"))),
            ),
            tag(
                "NtryDtls",
                tag(
                    "Btch",
                    tag("MsgId", self.batch),
                    tag("NbOfTxs", str(len(self.payments))),
                    money(total, "TtlAmt"),
                    direction(total),
                )
                if self.batch
                else "",
                *(detail(key, ore) for key, ore in self.payments),
            ),
        )


def summary(bookings: list[Booking], version: str) -> str:
    sums = [booking.ore for booking in bookings]
    into, out = [ore for ore in sums if ore >= 0], [ore for ore in sums if ore < 0]
    net = (
        tag("TtlNetNtry", tag("Amt", kroner(sum(sums))), direction(sum(sums)))
        if version == "08"
        else tag("TtlNetNtryAmt", kroner(sum(sums))) + direction(sum(sums))
    )

    def counted(name: str, some: list[int], *more: str) -> str:
        return tag(name, tag("NbOfNtries", str(len(some))), tag("Sum", kroner(sum(map(abs, some)))), *more)

    return tag(
        "TxsSummry",
        counted("TtlNtries", sums, net),
        counted("TtlCdtNtries", into),
        counted("TtlDbtNtries", out),
    )


def of_account(account: str) -> str:
    iban = account.startswith("NO")
    number = tag("IBAN", account) if iban else tag("Othr", tag("Id", account), tag("SchmeNm", tag("Cd", "BBAN")))
    return tag("Acct", tag("Id", number), tag("Ccy", "NOK"))


def notification(
    bookings: Iterable[Booking], version: str = "02", account: str = "86011117947", number: int = 1
) -> bytes:
    """camt.054."""
    listed = list(bookings)
    return document(
        f"camt.054.001.{version}",
        tag(
            "BkToCstmrDbtCdtNtfctn",
            tag("GrpHdr", tag("MsgId", f"NOTE-{number}"), tag("CreDtTm", STAMP)),
            tag(
                "Ntfctn",
                tag("Id", f"NOTE-{number}-1"),
                tag("CreDtTm", STAMP),
                of_account(account),
                summary(listed, version),
                *(booking.written(version, place) for place, booking in enumerate(listed, start=1)),
            ),
        ),
    )


@dataclass
class Account:
    """An account that remembers its balance and the number of its last statement."""

    balance_ore: int = 100_000_000_00
    number: str = "86011117947"
    statements: int = 0
    _days: list[str] = field(default_factory=list)

    def statement(self, bookings: Iterable[Booking], version: str = "02", day: str = DAY) -> bytes:
        """camt.053 for a day, moving the balance on."""
        return document(
            f"camt.053.001.{version}",
            tag(
                "BkToCstmrStmt",
                tag("GrpHdr", tag("MsgId", f"STMT-{self.statements + 1}"), tag("CreDtTm", STAMP)),
                self.page(bookings, version, day),
            ),
        )

    def page(self, bookings: Iterable[Booking], version: str, day: str = DAY) -> str:
        listed = list(bookings)
        before = self.balance_ore
        self.balance_ore += sum(booking.ore for booking in listed if booking.status == "BOOK")
        self.statements += 1

        def balance(kind: str, ore: int) -> str:
            return tag(
                "Bal",
                tag("Tp", tag("CdOrPrtry", tag("Cd", kind))),
                money(ore),
                direction(ore),
                tag("Dt", tag("Dt", day)),
            )

        return tag(
            "Stmt",
            tag("Id", f"STMT-{self.statements}"),
            tag("ElctrncSeqNb", str(self.statements)),
            tag("LglSeqNb", str(self.statements)),
            tag("CreDtTm", STAMP),
            of_account(self.number),
            balance("OPBD", before),
            balance("CLBD", self.balance_ore),
            summary(listed, version),
            *(booking.written(version, place) for place, booking in enumerate(listed, start=1)),
        )


def payment_return(
    returns: Iterable[tuple[str, int, str]], version: str = "02", of: str = "", number: int = 1
) -> bytes:
    """pacs.004: (EndToEndId, øre, reason)."""
    listed = list(returns)
    total = sum(ore for _, ore, _ in listed)
    return document(
        f"pacs.004.001.{version}",
        tag(
            "PmtRtr",
            tag(
                "GrpHdr",
                tag("MsgId", f"RETURN-{number}"),
                tag("CreDtTm", STAMP),
                tag("NbOfTxs", str(len(listed))),
                tag("CtrlSum", kroner(total)),
                money(total, "TtlRtrdIntrBkSttlmAmt"),
                tag("IntrBkSttlmDt", DAY),
                tag("SttlmInf", tag("SttlmMtd", "CLRG")),
            ),
            tag("OrgnlGrpInf", tag("OrgnlMsgId", of), tag("OrgnlMsgNmId", "pain.001.001.03")) if of else "",
            *(
                tag(
                    "TxInf",
                    tag("RtrId", f"R{place}"),
                    tag("OrgnlEndToEndId", key),
                    money(ore, "OrgnlIntrBkSttlmAmt"),
                    money(ore, "RtrdIntrBkSttlmAmt"),
                    because(reason, "Kontoen er avsluttet", name="RtrRsnInf"),
                )
                for place, (key, ore, reason) in enumerate(listed, start=1)
            ),
        ),
    )
