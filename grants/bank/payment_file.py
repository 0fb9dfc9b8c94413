"""A sealed batch as the file that the bank pays from: pain.001, CustomerCreditTransferInitiation, version .03 or .09.

The file depends on the batch alone, so it is the same bytes whenever it is made: its creation time is the time of
sealing, its MsgId the batch's UUID, each EndToEndId the payment's UUID (both as 32 hexadecimal digits, which fit the 35
characters that are allowed).

Where the choices come from:

- The order of elements, lengths and types: ISO 20022's schemas of pain.001.001.03 and pain.001.001.09.
- One PmtInf, since payer, account and day are the same for all. BtchBookg is false: each payment is booked by itself,
  so that the bank's statement can be compared payment by payment.
- SvcLvl NURG, an ordinary payment through the clearing (in the code lists that Infor gives for Nordea and DNB in
  Norway), and CtgyPurp SUPP, an ordinary payment to an organisation (in the list for Nordea Norway). SALA and PENS are
  pay and pensions, which a grant never is.
- The payer's organisation number as OrgId/Othr with the scheme CUST, its division at the bank, where it has one, as
  BANK: so do other senders to Norwegian banks. The agreement with the bank says which numbers it wants.
- Accounts as Othr with the scheme BBAN, or as IBAN, as they were given; the creditor's bank is known by the account.
- KID as Strd/CdtrRefInf with the code SCOR, as other senders to Norwegian banks have it. A payment has a KID or a
  message, never both: with a KID, that is all the recipient gets (Microsoft, Business Central for Norway).
- Message text at most 140 characters in one Ustrd, names at most 70.

The bank's own guide comes before this: no file has been tried with a Norwegian bank yet, only with the schemas and with
two other readers.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from lxml import etree
from stdnum.no import orgnr

from grants.bank import particulars
from grants.shared.errors import BadInput
from grants.shared.money import kr

Version = Literal["03", "09"]
VERSIONS: tuple[Version, ...] = ("03", "09")
LONGEST_NAME = 70
LONGEST_MESSAGE = 140
# ISO 20022 gives amounts 18 digits, at most 5 of them decimals.
LARGEST_ORE = 10**15 - 1
_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001."
_NORWAY = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True)
class Address:
    """Where a recipient is, in parts: banks no longer take it as free lines."""

    town: str
    postcode: str = ""
    street: str = ""
    country: str = "NO"


@dataclass(frozen=True)
class Payer:
    """Who pays: the directorate, its account and its bank."""

    name: str
    orgnr: str
    account: str
    bic: str
    division: str = ""

    def __post_init__(self) -> None:
        _name(self.name, "betaleren")
        if not orgnr.is_valid(self.orgnr) or not self.orgnr.isdigit():
            raise BadInput(f"Betalerens organisasjonsnummer «{self.orgnr}» er ikke ni siffer med rett kontrollsiffer.")
        particulars.account_number(self.account)
        particulars.bic(self.bic)
        if len(particulars.words(self.division)) > 35:
            raise BadInput(f"Betalerens divisjon i banken, «{self.division}», er lengre enn 35 tegn.")


@dataclass(frozen=True)
class Payment:
    """One payment to one recipient on one account, with a KID or a message. What can't be sent can't be made."""

    id: UUID
    amount_ore: int
    name: str
    account: str
    kid: str = ""
    message: str = ""
    address: Address | None = None

    def __post_init__(self) -> None:
        who = f"Betalingen til {self.name!r}"
        _name(self.name, "mottakeren")
        particulars.account_number(self.account)
        if not 0 < self.amount_ore <= LARGEST_ORE:
            raise BadInput(f"{who} er på {kr(self.amount_ore)} kroner. Et beløp som betales, må være større enn null.")
        if bool(self.kid) == bool(particulars.words(self.message)):
            raise BadInput(f"{who} skal ha enten KID eller en melding, og ikke begge deler.")
        if self.kid:
            particulars.kid(self.kid)
        elif (longer := len(particulars.words(self.message)) - LONGEST_MESSAGE) > 0:
            raise BadInput(f"{who} har en melding som er {longer} tegn for lang. Den kan ha {LONGEST_MESSAGE}.")


@dataclass(frozen=True)
class SealedBatch:
    """Payments that are decided to the last øre, and will not change. `sealed_at` knows its time zone."""

    message_id: UUID
    sealed_at: datetime
    on: date
    payer: Payer
    payments: tuple[Payment, ...]

    def __post_init__(self) -> None:
        if self.sealed_at.utcoffset() is None:
            raise BadInput("Tidspunktet for forseglingen mangler tidssone.")
        if not self.payments:
            raise BadInput("Bunten har ingen betalinger.")
        if len({payment.id for payment in self.payments}) != len(self.payments):
            raise BadInput("Den samme betalingen står to ganger i bunten.")
        if self.total_ore > LARGEST_ORE:
            raise BadInput("Summen av bunten har flere siffer enn en betalingsfil kan ha.")

    @property
    def total_ore(self) -> int:
        """The sum of all payments."""
        return sum(payment.amount_ore for payment in self.payments)


def identity(key: UUID) -> str:
    """A UUID as it stands in the file: 32 hexadecimal digits, since 36 characters are one too many."""
    return key.hex


def file_name(batch: SealedBatch, version: Version = "03") -> str:
    """What the file is called, always the same for the same batch."""
    return f"pain.001.001.{version}-{identity(batch.message_id)}.xml"


def payment_file(batch: SealedBatch, version: Version = "03") -> bytes:
    """The batch as pain.001, byte for byte the same every time."""
    if version not in VERSIONS:
        raise BadInput(f"pain.001 lages i versjon {' og '.join(VERSIONS)}, ikke {version}.")
    namespace = f"{_NAMESPACE}{version}"
    root = etree.Element(f"{{{namespace}}}Document", nsmap={None: namespace})
    initiation = _add(root, "CstmrCdtTrfInitn")

    header = _add(initiation, "GrpHdr")
    _add(header, "MsgId", identity(batch.message_id))
    _add(header, "CreDtTm", batch.sealed_at.astimezone(_NORWAY).isoformat(timespec="seconds"))
    _control(header, batch)
    _party(_add(header, "InitgPty"), batch.payer)

    block = _add(initiation, "PmtInf")
    _add(block, "PmtInfId", f"{identity(batch.message_id)}-1")
    _add(block, "PmtMtd", "TRF")
    _add(block, "BtchBookg", "false")
    _control(block, batch)
    kind = _add(block, "PmtTpInf")
    _add(_add(kind, "SvcLvl"), "Cd", "NURG")
    _add(_add(kind, "CtgyPurp"), "Cd", "SUPP")
    if version == "03":
        _add(block, "ReqdExctnDt", batch.on.isoformat())
    else:
        _add(_add(block, "ReqdExctnDt"), "Dt", batch.on.isoformat())
    _party(_add(block, "Dbtr"), batch.payer)
    account = _add(block, "DbtrAcct")
    _account(account, batch.payer.account)
    _add(account, "Ccy", "NOK")
    institution = _add(_add(block, "DbtrAgt"), "FinInstnId")
    _add(institution, "BIC" if version == "03" else "BICFI", batch.payer.bic)
    _add(block, "ChrgBr", "SLEV")
    for payment in batch.payments:
        _transfer(_add(block, "CdtTrfTxInf"), payment)

    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _transfer(into: etree._Element, payment: Payment) -> None:
    ids = _add(into, "PmtId")
    _add(ids, "InstrId", identity(payment.id))
    _add(ids, "EndToEndId", identity(payment.id))
    _add(_add(into, "Amt"), "InstdAmt", _kroner(payment.amount_ore)).set("Ccy", "NOK")
    creditor = _add(into, "Cdtr")
    _add(creditor, "Nm", particulars.shortened(payment.name, LONGEST_NAME))
    if payment.address:
        _address(creditor, payment.address)
    _account(_add(into, "CdtrAcct"), payment.account)
    remittance = _add(into, "RmtInf")
    if payment.kid:
        reference = _add(_add(remittance, "Strd"), "CdtrRefInf")
        _add(_add(_add(reference, "Tp"), "CdOrPrtry"), "Cd", "SCOR")
        _add(reference, "Ref", particulars.kid(payment.kid))
    else:
        _add(remittance, "Ustrd", particulars.words(payment.message))


def _control(into: etree._Element, batch: SealedBatch) -> None:
    """The number of payments and their sum, by which a bank sees that the file is whole."""
    _add(into, "NbOfTxs", str(len(batch.payments)))
    _add(into, "CtrlSum", _kroner(batch.total_ore))


def _party(into: etree._Element, payer: Payer) -> None:
    _add(into, "Nm", particulars.shortened(payer.name, LONGEST_NAME))
    organisation = _add(_add(into, "Id"), "OrgId")
    for number, scheme in ((payer.orgnr, "CUST"), (particulars.words(payer.division), "BANK")):
        if number:
            other = _add(organisation, "Othr")
            _add(other, "Id", number)
            _add(_add(other, "SchmeNm"), "Cd", scheme)


def _account(into: etree._Element, number: str) -> None:
    into = _add(into, "Id")
    if number.strip().upper().startswith("NO"):
        _add(into, "IBAN", particulars.iban(number))
    else:
        other = _add(into, "Othr")
        _add(other, "Id", particulars.account_number(number))
        _add(_add(other, "SchmeNm"), "Cd", "BBAN")


def _address(into: etree._Element, address: Address) -> None:
    into = _add(into, "PstlAdr")
    parts = (("StrtNm", address.street, 70), ("PstCd", address.postcode, 16), ("TwnNm", address.town, 35))
    for tag, text, longest in parts:
        if fitting := particulars.shortened(text, longest):
            _add(into, tag, fitting)
    _add(into, "Ctry", address.country)


def _add(into: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    """A new last element in the document's own namespace."""
    made = etree.SubElement(into, f"{{{etree.QName(into).namespace}}}{tag}")
    made.text = text
    return made


def _kroner(amount_ore: int) -> str:
    kroner, ore = divmod(amount_ore, 100)
    return f"{kroner}.{ore:02d}"


def _name(name: str, whose: str) -> None:
    if not particulars.words(name).strip("? "):
        raise BadInput(f"Navnet på {whose} mangler, eller har ingen tegn som banken kan lese.")
