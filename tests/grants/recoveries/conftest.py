"""What every test of recoveries needs: a payer, and an appropriation that covers."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories.payments import ACCOUNT
from tests.factories.register import appropriate


@pytest.fixture(autouse=True)
def payer(settings: Any, tmp_path: Path) -> None:
    settings.PAYER_ACCOUNT, settings.PAYER_BIC = ACCOUNT, "DNBANOKK"
    settings.BANK, settings.BANK_FOLDER = "folder", tmp_path / "bank"
    settings.LETTER_ARCHIVE = tmp_path / "archive"


@pytest.fixture
def covered(db: None) -> None:
    appropriate()
