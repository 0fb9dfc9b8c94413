"""Other processes in tests: they work on the same database as the test, whichever it is."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings
from django.db import connection

PROJECT = Path(settings.BASE_DIR)
PYTHON = sys.executable


def environment(**more: str) -> dict[str, str]:
    """The environment in which another process meets the test's database and files."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        who = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
        url = f"postgresql://{who}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    here = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    return {**here, "DATABASE_URL": url, "TILSKUDD_VAR": str(settings.VAR_DIR), "PYTHONPATH": str(PROJECT), **more}


def wait_until(is_so: Callable[[], bool], *, seconds: float = 30) -> bool:
    """Wait for something that another process does."""
    until = monotonic() + seconds
    while monotonic() < until:
        if is_so():
            return True
        sleep(0.05)
    return False
