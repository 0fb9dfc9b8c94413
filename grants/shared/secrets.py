"""Encrypt a field so that it can be read only in the row it was written for (AES-256-GCM bound to the row)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_ID = b"k1"
_NONCE = 12


class CannotDecrypt(Exception):
    """The ciphertext was made for another row, with another key, or has been tampered with."""


def encrypt(text: str, *, bound_to: str) -> bytes:
    """Ciphertext of a text; `bound_to` names table, column and row (for example "bankaccount:number:1f0c...")."""
    nonce = os.urandom(_NONCE)
    return KEY_ID + nonce + _cipher().encrypt(nonce, text.encode(), bound_to.encode())


def decrypt(ciphertext: bytes, *, bound_to: str) -> str:
    """The text again; refuses a ciphertext that was moved from another row."""
    ciphertext = bytes(ciphertext)
    if not ciphertext.startswith(KEY_ID):
        raise CannotDecrypt("The key that encrypted this field is not known here.")
    nonce, body = ciphertext[len(KEY_ID) : len(KEY_ID) + _NONCE], ciphertext[len(KEY_ID) + _NONCE :]
    try:
        return _cipher().decrypt(nonce, body, bound_to.encode()).decode()
    except InvalidTag:
        raise CannotDecrypt("This field was not written for this row, or its key has changed.") from None


def _cipher() -> AESGCM:
    return AESGCM(bytes.fromhex(settings.FIELD_KEY))
