"""Sums that several schemes share: pure functions, no database, no clock."""
