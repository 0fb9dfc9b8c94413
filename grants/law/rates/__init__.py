"""Dated numbers from the law, one file per scheme, each with its citation and certainty."""
