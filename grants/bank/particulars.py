"""What stands in a payment besides the amount: account number, KID, BIC and words, each in the form that banks take."""

import re
import unicodedata

from stdnum import luhn
from stdnum.iso7064 import mod_97_10
from stdnum.no import kontonr

from grants.shared.errors import BadInput

_SEPARATORS = re.compile(r"[ .\u00a0]")
_BBAN = re.compile(r"[0-9]{11}", re.ASCII)
_IBAN = re.compile(r"NO[0-9]{13}", re.ASCII)
_KID = re.compile(r"[0-9]{1,24}[0-9-]", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
# Letters that have no plain letter beneath their marks: Sámi, and a few of our neighbours'.
_PLAIN = str.maketrans(
    {
        "đ": "d", "Đ": "D", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T", "ǥ": "g", "Ǥ": "G", "ʒ": "z", "Ʒ": "Z",
        "ł": "l", "Ł": "L", "ı": "i", "œ": "oe", "Œ": "OE",
        "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "…": "...",
        "•": "-", "€": "EUR", "\u00ad": "",
    }
)  # fmt: skip


def account_number(text: str) -> str:
    """A Norwegian account as its eleven digits, from BBAN («8601.11.17947») or IBAN («NO93 8601 1117 947»).

    The last digit of a Norwegian account number is a check by modulus 11; an IBAN has two more by modulus 97-10.
    """
    bare = _SEPARATORS.sub("", text).upper()
    if _IBAN.fullmatch(bare):
        if not mod_97_10.is_valid(bare[4:] + bare[:4]):
            raise BadInput(f"IBAN «{text}» har feil kontrollsiffer. Se om et siffer er skrevet feil.")
        bare = bare[4:]
    if not _BBAN.fullmatch(bare):
        raise BadInput(f"«{text}» er ikke et norsk kontonummer: skriv elleve siffer, eller IBAN som begynner med NO.")
    if bare.startswith("0000") or not kontonr.is_valid(bare):
        raise BadInput(f"Kontonummer «{text}» har feil kontrollsiffer. Se om et siffer er skrevet feil.")
    return bare


def iban(account: str) -> str:
    """The IBAN of a Norwegian account."""
    bban = account_number(account)
    return f"NO{mod_97_10.calc_check_digits(f'{bban}NO')}{bban}"


def same_account(text: str) -> str:
    """An account as it can be compared: eleven digits where it is Norwegian, else as it stands without spaces."""
    try:
        return account_number(text)
    except BadInput:
        return _SEPARATORS.sub("", text).upper()


def kid(text: str) -> str:
    """A KID, the number by which a recipient knows what is paid: 2 to 25 digits, the last a check by modulus 10 or 11.

    Modulus 11 may give «-» as its last character. Which of the two a recipient uses stands in its agreement with its
    bank, which we don't know, so either will do.
    """
    bare = text.replace(" ", "")
    if not _KID.fullmatch(bare):
        raise BadInput(f"KID «{text}» skal ha 2 til 25 siffer. Bare det siste tegnet kan være en bindestrek.")
    if not (luhn.is_valid(bare) or _modulus_11(bare[:-1]) == bare[-1]):
        raise BadInput(f"KID «{text}» har feil kontrollsiffer. Se om et siffer er skrevet feil.")
    return bare


def _modulus_11(digits: str) -> str:
    """The check digit by weights 2 to 7 from the right, «-» for ten."""
    weighed = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
    check = -weighed % 11
    return "-" if check == 10 else str(check)


def bic(text: str) -> str:
    """A bank's BIC: eight or eleven characters."""
    if not _BIC.fullmatch(text):
        raise BadInput(f"«{text}» er ikke en BIC. Den har 8 eller 11 tegn, for eksempel DNBANOKK.")
    return text


def words(text: str) -> str:
    """Text with only the characters that banks take, on one line.

    Files are in UTF-8 and use the characters of ISO 8859-1 only, æ, ø and å among them (Nordea, Corporate eGateway,
    message implementation guideline pain.001.001.03, version 2.6, section 1). Other letters lose their marks (č as c),
    long dashes and curved quotation marks become plain, control characters become spaces, the rest question marks.
    """
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return " ".join("".join(_taken_by_banks(character) for character in plain).split())


def shortened(text: str, longest: int) -> str:
    """Words that fit, cut between two of them where there is room for that."""
    whole = words(text)
    if len(whole) <= longest:
        return whole
    cut = whole[: longest + 1].rpartition(" ")[0]
    return cut if len(cut) > longest // 2 else whole[:longest].rstrip()


def _taken_by_banks(character: str) -> str:
    if character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}:
        return " "
    if " " <= character <= "~" or "\u00a1" <= character <= "ÿ":
        return character
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return bare if bare and all(" " <= c <= "~" or "\u00a1" <= c <= "ÿ" for c in bare) else "?"
