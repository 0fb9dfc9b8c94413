"""Fetch what the bank has answered: each file is kept, taken in, and only then told to be taken."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from grants.bank.port import bank
from grants.documents import archive
from grants.jobs.daily import every
from grants.models import RefusedBankFile
from grants.services.take_in_bank_file import TakenIn, take_in_bank_file
from grants.shared.errors import Refused


@every("fetch_bank_answers", minutes=10)
def fetch_bank_answers(_payload: Mapping[str, Any]) -> None:
    """By job."""
    fetch_answers()


def fetch_answers() -> list[TakenIn]:
    """Take in the answers that wait. One that can't be used is kept for a person to look at, and stops no other."""
    port, found = bank(), list[TakenIn]()
    for answer in port.fetch():
        try:
            found.append(take_in_bank_file(answer.content, name=answer.name))
        except Refused as refusal:
            keep_refused(answer.content, answer.name, refusal)
        port.taken(answer)
    return found


@transaction.atomic
def keep_refused(content: bytes, name: str, refusal: Refused) -> None:
    """Keep a file that can't be used, once, with the reason, for a person to look at."""
    sha256, path = archive.store(content, suffix=".xml")
    RefusedBankFile.objects.get_or_create(
        sha256=sha256, defaults={"name": name[:200], "path": path, "refusal": str(refusal)[:1000]}
    )
