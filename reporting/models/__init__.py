"""Frozen reports."""

from reporting.models.year_end_report import YearEndReport

__all__ = ["YearEndReport"]
