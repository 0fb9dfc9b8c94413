"""What several tests of the cases need."""

from collections.abc import Iterator

import pytest

from grants.law.question import Document
from grants.law.text import Text
from grants.law.themes import ATTACHMENTS

ACCOUNTS = Document("annual_accounts", Text("Årsregnskap", "Årsrekneskap", "Accounts"), required=True)


@pytest.fixture
def accounts_are_asked_for() -> Iterator[None]:
    """A scheme that asks for a document: none of 2017 is known to, so one is made to."""
    before = ATTACHMENTS.documents
    object.__setattr__(ATTACHMENTS, "documents", (ACCOUNTS, *before))
    yield
    object.__setattr__(ATTACHMENTS, "documents", before)
