"""What the tests of recipients need of the tests of payments."""

from tests.grants.payments.conftest import covered, payer

__all__ = ["covered", "payer"]
