"""What every test of recoveries needs: a payer."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories.payments import ACCOUNT


@pytest.fixture(autouse=True)
def payer(settings: Any, tmp_path: Path) -> None:
    settings.PAYER_ACCOUNT, settings.PAYER_BIC = ACCOUNT, "DNBANOKK"
    settings.BANK, settings.BANK_FOLDER = "folder", tmp_path / "bank"
    settings.LETTER_ARCHIVE = tmp_path / "archive"
