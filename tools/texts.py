"""Which texts of the pages still lack a translation: `.venv/bin/python tools/texts.py nn` or `en`, ready for the .po file.

The source texts are bokmål. Nynorsk covers every page; English covers what applicants and the public see, so all but
the folders and files of `DIRECTORATE`.
"""

import ast
import gettext
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grants.bank.reasons import REASONS, STATUSES  # noqa: E402 (found once the line above has said where)
from grants.law.registry import SCHEMES  # noqa: E402

APPS = ("applications", "config", "grants", "reporting")
# Written in a language form of their own, or in bokmål alone.
NOT_PAGES = ("templates/letters/", "templates/reports/", "config/demo/", "config/management/", "grants/bank/")
# What nobody outside the directorate sees. tests/config/test_languages.py holds it against config/policy.py.
DIRECTORATE = (
    "templates/casework/",
    "templates/finance/",
    "templates/owner/",
    "templates/reporting/",
    "applications/pages/casework/",
    "applications/pages/owner/",
    "applications/templatetags/casework.py",
    "applications/templatetags/distribution.py",
    "applications/templatetags/queue.py",
    "grants/pages/finance/",
    "grants/pages/recoveries.py",
    "grants/pages/account_changes.py",
    "grants/pages/discrepancies.py",
    "grants/pages/run.py",
    "grants/pages/run_municipality.py",
    "grants/pages/runs.py",
    "grants/pages/users.py",
    "grants/payments/",
    "grants/services/attest_batch.py",
    "grants/services/bank_file_by_hand.py",
    "grants/services/hold_orders.py",
    "grants/services/make_orders.py",
    "grants/services/prepare_batch.py",
    "grants/services/resolve_bank_event.py",
    "grants/services/send_batch.py",
    "grants/services/take_in_bank_file.py",
    "grants/templatetags/finance.py",
    "reporting/exports/",
    "reporting/pages/",
)
# How many of a call's first arguments are text, and whether the first of them is a context.
CALLS = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    # The gate for files has no catalogue of its own: what it says is looked up by those who ask it.
    "sentence": (1, False),
    "refuse": (1, False),
}
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")


class Message(NamedTuple):
    """A text as the catalogue knows it."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """The text, with its context where it has one."""
        return f"{self.context}\x04{self.text}" if self.context else self.text

    def entry(self) -> str:
        """An empty entry of a .po file."""
        lines = [f"msgctxt {_quoted(self.context)}"] if self.context else []
        lines.append(f"msgid {_quoted(self.text)}")
        if self.plural:
            lines += [f"msgid_plural {_quoted(self.plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
        else:
            lines.append('msgstr ""')
        return "\n".join(lines)


def sources(language: str) -> list[Path]:
    """The files whose texts a language must have."""
    found = [*(ROOT / "templates").rglob("*.html")]
    found += [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    left_out = NOT_PAGES + (DIRECTORATE if language == "en" else ())
    return sorted(path for path in found if not path.relative_to(ROOT).as_posix().startswith(left_out))


def messages_in(path: Path) -> Iterator[Message]:
    """The texts that a template or a module asks the catalogue for."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _of_module(text)
    else:
        yield from _of_template(text)


def _of_module(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in CALLS:
            continue
        arguments = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if arguments:
            yield _message(name, arguments)


def _of_template(text: str) -> Iterator[Message]:
    for name, arguments in _CALL.findall(templatize(text)):
        yield _message(name, [ast.literal_eval(one) for one in re.findall(_STRING, arguments)])


def _message(name: str, arguments: list[str]) -> Message:
    wanted, has_context = CALLS[name]
    texts = arguments[:wanted]
    context = texts.pop(0) if has_context else ""
    return Message(texts[0], texts[1] if len(texts) > 1 else "", context)


def catalogue(language: str) -> dict[Any, str]:
    """The compiled catalogue of a language: translations by text, of plurals by text and number."""
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]


def used(language: str) -> dict[Message, list[str]]:
    """The texts that a language must have, each with the files that use it."""
    found: dict[Message, list[str]] = {}
    for path in sources(language):
        for message in messages_in(path):
            found.setdefault(message, []).append(path.relative_to(ROOT).as_posix())
    for code, text in _of_law() if language == "en" else ():
        found.setdefault(Message(text), []).append(f"grants/law/schemes/{code}.py")
    for text in _of_bank() if language == "nn" else ():
        found.setdefault(Message(text), []).append("grants/bank/reasons.py")
    return found


def missing(language: str) -> dict[Message, list[str]]:
    """The texts without a translation."""
    known = {key[0] if isinstance(key, tuple) else key for key in catalogue(language)}
    return {message: files for message, files in used(language).items() if message.key not in known}


def _of_law() -> Iterator[tuple[str, str]]:
    """What the files of the schemes say in bokmål alone, and the public pages show."""
    for code, scheme in SCHEMES.items():
        texts = [scheme.target_group, scheme.calculation, scheme.reporting, scheme.deadline, scheme.appeal]
        texts += [part.about for part in scheme.sub_schemes] + [rule.sentence for rule in scheme.rules]
        texts += [
            *scheme.assumptions,
            *(text for unknown in scheme.unknowns for text in (unknown.what, unknown.consequence)),
        ]
        yield from ((code, text) for text in texts if text)


def _of_bank() -> Iterator[str]:
    """What the bank's codes stand for: kept in bokmål, and looked up where finance reads it."""
    yield from dict.fromkeys([*(text for _outcome, text in STATUSES.values()), *REASONS.values()])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> int:
    """Print what is missing."""
    if len(sys.argv) != 2 or sys.argv[1] not in {"nn", "en"}:
        print("Say which language: nn or en.", file=sys.stderr)
        return 2
    found = missing(sys.argv[1])
    for message, files in found.items():
        print(f"\n#: {' '.join(sorted(set(files)))}\n{message.entry()}")
    print(f"{len(found)} texts are missing in {sys.argv[1]}.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
