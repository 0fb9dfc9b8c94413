"""Named assumptions with their parameters: what the sources leave open is never a silent choice."""

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from grants.law.errors import LawError
from grants.law.registry import SCHEMES

FILE = Path(__file__).parent / "assumptions.toml"
# Where a text is a choice, the choices.
CHOICES = {"settlement_year": ("per_month", "full_year")}


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
    found = _read(FILE)
    extra = Path(further) / "assumptions.toml" if further else None
    if extra is not None and extra.is_file():
        for section, values in _read(extra).items():
            if section not in found and section not in SCHEMES:
                raise LawError(f"{extra.name}: there is no scheme {section}.")
            usual = {**found["default"], **found.get(section, {})}
            for name, value in values.items():
                _check(f"{extra.name}, {section}.{name}", name, value, usual)
            found[section] = {**found.get(section, {}), **values}
    return found


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise LawError(f"{path.name} is not valid TOML: {broken}") from broken
    for section, values in content.items():
        if not isinstance(values, dict):
            raise LawError(f"{path.name}: {section} is no section; write [{section}] and its values below.")
    return content


def _check(where: str, name: str, value: Any, usual: dict[str, Any]) -> None:
    """A misspelled assumption must stop here: taken as it stands it would silently choose something else."""
    if name not in usual:
        raise LawError(f"{where}: there is no such assumption. Known here: {', '.join(sorted(usual))}.")
    if type(value) is not type(usual[name]):
        raise LawError(f"{where}: expected something like {usual[name]!r}, found {value!r}.")
    if name in CHOICES and value not in CHOICES[name]:
        raise LawError(f"{where}: {value!r} is none of {', '.join(CHOICES[name])}.")
    if isinstance(value, int) and value < 0:
        raise LawError(f"{where}: {value} is negative.")
