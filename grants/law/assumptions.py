"""Named assumptions with their parameters: what the sources leave open is never a silent choice."""

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from grants.law.errors import LawError

FILE = Path(__file__).parent / "assumptions.toml"


def assumption(scheme: str, name: str) -> Any:
    """The value of an assumption for a scheme, or the one for all schemes."""
    found = _assumptions(os.environ.get("TILSKUDD_RATES", ""))
    for section in (scheme, "default"):
        if name in found.get(section, {}):
            return found[section][name]
    raise LawError(f"There is no assumption {scheme}.{name}. Add it to grants/law/assumptions.toml.")


def assumptions_of(scheme: str) -> dict[str, Any]:
    """All assumptions that bear on a scheme."""
    found = _assumptions(os.environ.get("TILSKUDD_RATES", ""))
    return {**found.get("default", {}), **found.get(scheme, {})}


@cache
def _assumptions(further: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    extra = Path(further) / "assumptions.toml" if further else None
    if extra is not None and extra.is_file():
        for section, values in tomllib.loads(extra.read_text(encoding="utf-8")).items():
            found[section] = {**found.get(section, {}), **values}
    return found
