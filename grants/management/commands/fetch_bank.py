"""Fetch what the bank has answered."""

from typing import Any

from grants.management.base import Command as Base
from grants.services.fetch_answers import fetch_answers


class Command(Base):
    help = "Fetch and take in the answers that wait at the bank. A worker does it every ten minutes."

    def work(self, **options: Any) -> None:
        found = fetch_answers()
        looked_at = sum(one.to_look_at for one in found)
        self.say(f"{len(found)} files from the bank are taken in; {looked_at} things for a person to look at.")
