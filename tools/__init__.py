"""Chores of the project, each a command of its own: `.venv/bin/python tools/NAME.py`."""
