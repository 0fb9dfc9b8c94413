"""Reading what the bank sends: `read` knows a file by its namespace, and reads it whole or refuses it whole."""

from collections.abc import Callable

from grants.bank.account_report import read_notification, read_statement
from grants.bank.document import Node, parse
from grants.bank.messages import BankMessage
from grants.bank.payment_return import read_return
from grants.bank.refusals import BadMessage
from grants.bank.status_report import read_status

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
# By version: the element that is the message, and who reads it. Each reader takes all versions that stand here.
_READERS: dict[str, tuple[str, Callable[[Node, str], BankMessage]]] = {
    "pain.002.001.03": ("CstmrPmtStsRpt", read_status),
    "pain.002.001.10": ("CstmrPmtStsRpt", read_status),
    "camt.053.001.02": ("BkToCstmrStmt", read_statement),
    "camt.053.001.08": ("BkToCstmrStmt", read_statement),
    "camt.054.001.02": ("BkToCstmrDbtCdtNtfctn", read_notification),
    "camt.054.001.08": ("BkToCstmrDbtCdtNtfctn", read_notification),
    "pacs.004.001.02": ("PmtRtr", read_return),
    "pacs.004.001.09": ("PmtRtr", read_return),
    "pacs.004.001.10": ("PmtRtr", read_return),
}
VERSIONS = tuple(_READERS)


def read(content: bytes) -> BankMessage:
    """A file from the bank, or `BadMessage`, which says what is wrong and where."""
    root = parse(content)
    version = root.namespace.removeprefix(NAMESPACE)
    if root.tag != "Document" or not root.namespace.startswith(NAMESPACE):
        raise BadMessage(
            f"filen begynner med «{root.tag[:60]}» i navnerommet «{root.namespace[:100]}». "
            "En melding fra banken begynner med Document i et navnerom fra ISO 20022.",
            line=root.line,
        )
    if version not in _READERS:
        raise BadMessage(f"filen er en «{version[:60]}». Fra banken leser vi {', '.join(VERSIONS)}.", line=root.line)
    tag, reader = _READERS[version]
    for child in root.children():
        if child.tag != tag:
            child.refuse(f"en {version} har {tag} her.")
    return reader(root.one(tag), version)
