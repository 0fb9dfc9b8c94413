"""Which sentences of the code never ask the catalogue: `.venv/bin/python tools/bare.py` prints them, with file and line.

A refusal is read by a person, so what it is raised with comes from gettext. Elsewhere a Norwegian sentence that stands by
itself does too, unless it says each language form itself (`Text`). Docstrings are not looked at.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.texts import CALLS  # noqa: E402 (found once the line above has said where)

COVERED = ("applications", "config", "grants")
# Their texts have language forms of their own, or are read by operators and programmers alone.
NOT_COVERED = (
    "config/demo/",  # invented cases, written in bokmål
    "grants/bank/",  # another system's words and ours, told by the pages
    "grants/law/",  # knows no Django; its texts say each language form themselves
    "applications/letters/",  # letters are in the recipient's form of Norwegian, whoever makes them
)
# What carries a sentence to a person, beside the refusals of grants/shared/errors.py and all that are made from them.
SENTENCES = {"Refused", "Fault", "ValidationError", "PermissionDenied", "Http404"}
# Their text goes to the log alone; the page that answers has its own words.
LOGGED = {"SignInRefused", "ProviderTrouble", "UserIsClosed"}
# Each language form is said by the call itself.
IN_EACH_FORM = {"Text", "Words"}
TWO_WORDS = re.compile(r"[^\W\d_]{2,}\W* \W*[^\W\d_]{2,}")
NORWEGIAN = re.compile(
    r"[æøåÆØÅ]|(?-i:\bi (?=[a-z«{]))|\b(alle|av|begge|ble|blir|da|de|den|dere|deres|det|dette|disse|du|eller|en|er|et|ett|etter|fra|fram|ha|har|"
    r"hos|hva|hvem|hvert|hvis|hvor|ikke|ingen|innen|ja|jeg|kan|med|mellom|mer|men|minst|må|noe|noen|nei|når|og|om|oss|på|"
    r"se|siden|sin|skal|skriv|som|til|ut|uten|ved|vel|velg|vi|vår)\b",
    re.IGNORECASE,
)

COMMANDS = "raised to operators alone, by commands and files, which are in English"
FORMS = "says each language form itself"
LABELS = "labels and help that no page shows: the pages have words of their own"
# The only reason that should go away: what is kept with a hold or a batch is kept in bokmål, whoever reads it.
PAYMENTS = "sentences that are kept with what they hold back, and not in the catalogue yet"
STORED = "kept in bokmål with the order or the claim, whoever writes it and whoever reads"
# Where bare sentences are right, each file with its reason.
ALLOWED = {
    "applications/models/appeal.py": LABELS,
    "applications/models/distribution.py": LABELS,
    "applications/models/reversal.py": LABELS,
    "applications/models/terms.py": LABELS,
    "applications/pages/casework/case.py": FORMS,
    "applications/pages/casework/decide.py": FORMS,
    "applications/records.py": FORMS,
    "applications/services/claim_back.py": STORED,
    "applications/services/follow_up_reminders.py": FORMS,
    "applications/services/hold_grants.py": STORED,
    "applications/workflow/findings.py": FORMS,
    "config/national_year.py": COMMANDS,
    "config/pay_out.py": COMMANDS,
    "config/settings.py": LABELS,
    "grants/apps.py": LABELS,
    "grants/budget/cells.py": COMMANDS,
    "grants/documents/delivery.py": COMMANDS,
    "grants/documents/press.py": COMMANDS,
    "grants/entitlements/booking.py": COMMANDS,
    "grants/entitlements/due.py": COMMANDS,
    "grants/entitlements/explain.py": COMMANDS,
    "grants/entitlements/runs.py": COMMANDS,
    "grants/entitlements/working_out.py": COMMANDS,
    "grants/jobs/queue.py": COMMANDS,
    "grants/models/api.py": LABELS,
    "grants/models/appropriation.py": LABELS,
    "grants/models/bank.py": LABELS,
    "grants/models/discrepancy.py": LABELS,
    "grants/models/payment_batch.py": LABELS,
    "grants/models/payment_order.py": LABELS,
    "grants/models/recovery.py": LABELS,
    "grants/models/register.py": LABELS,
    "grants/models/run.py": LABELS,
    "grants/models/transfer.py": LABELS,
    "grants/models/user.py": LABELS,
    "grants/register/cells.py": COMMANDS,
    "grants/services/add_user.py": COMMANDS,
    "grants/services/api_tokens.py": COMMANDS,
    "grants/services/book_transfers.py": COMMANDS,
    "grants/services/close_year.py": COMMANDS,
    "grants/services/demand_recovery.py": PAYMENTS,
    "grants/services/demo_users.py": COMMANDS,
    "grants/services/discrepancies.py": PAYMENTS,
    "grants/services/erase_persons.py": COMMANDS,
    "grants/services/hold_orders.py": PAYMENTS,
    "grants/services/import_accounts.py": COMMANDS,
    "grants/services/import_appropriations.py": COMMANDS,
    "grants/services/import_claims.py": COMMANDS,
    "grants/services/letter_content.py": FORMS,
    "grants/services/load_law.py": COMMANDS,
    "grants/services/make_orders.py": COMMANDS,
    "grants/services/offset_recovery.py": PAYMENTS,
    "grants/services/prepare_batch.py": PAYMENTS,
    "grants/services/prepare_run.py": COMMANDS,
    "grants/services/protect_person.py": COMMANDS,
    "grants/services/raise_recovery.py": PAYMENTS,
    "grants/services/receive_recovery.py": PAYMENTS,
    "grants/services/recovery_letters.py": FORMS,
    "grants/services/recovery_words.py": FORMS,
    "grants/services/resolve_bank_event.py": PAYMENTS,
    "grants/services/run_letters.py": COMMANDS,
    "grants/services/send_batch.py": PAYMENTS,
    "grants/services/take_in_bank_file.py": PAYMENTS,
    "grants/services/write_off_recovery.py": PAYMENTS,
    "grants/shared/dates.py": COMMANDS,
    "grants/shared/money.py": COMMANDS,
    "grants/shared/table_file.py": COMMANDS,
}
# Kept in the case in bokmål, whoever writes them and whoever reads.
KEPT = {
    "{} kroner er ikke brukt.",
    "Virusprogrammet fant skadevare i filen ({}).",
}


class Bare(NamedTuple):
    """A sentence that never asks the catalogue."""

    path: str
    line: int
    text: str


def bare_in(path: Path) -> list[Bare]:
    """The bare sentences of a module, in the order of its lines."""
    where = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    return [Bare(where, line, text) for line, text in sorted(set(_bare(_read(path))))]


def unasked() -> list[Bare]:
    """The bare sentences that nothing allows."""
    found = [one for path in sources() for one in bare_in(path)]
    return [one for one in found if one.path not in ALLOWED and one.text not in KEPT]


def sources() -> list[Path]:
    """The modules that are looked through."""
    found = [path for app in COVERED for path in (ROOT / app).rglob("*.py")]
    left_out = {"migrations", "management"}
    return sorted(
        path
        for path in found
        if not left_out & set(path.parts) and not path.relative_to(ROOT).as_posix().startswith(NOT_COVERED)
    )


@cache
def refusals() -> frozenset[str]:
    """The names of all that a person is refused with: the classes above, and those that descend from them."""
    classes = [node for path in sources() for node in ast.walk(_read(path)) if isinstance(node, ast.ClassDef)]
    known: set[str] = set()
    found = set(SENTENCES)
    while found != known:
        known = set(found)
        found |= {one.name for one in classes if known & {getattr(base, "id", "") for base in one.bases}}
    return frozenset(found - LOGGED)


def _read(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _bare(tree: ast.Module) -> Iterator[tuple[int, str]]:
    asked, spoken = set(_asked(tree)), set(_refusing(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or node in asked:
            continue
        said = _said(node)
        if not TWO_WORDS.search(said):
            continue
        if node in spoken or NORWEGIAN.search(said):
            yield node.lineno, said


def _said(node: ast.expr) -> str:
    """The words of a text or an f-string, with «{}» for what is put in; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return ""


def _asked(tree: ast.AST) -> Iterator[ast.AST]:
    """What is no bare text: that which the catalogue is asked for, docstrings, and the parts of an f-string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (one for one in node.values if isinstance(one, ast.Constant))
            yield from (
                one.format_spec for one in node.values if isinstance(one, ast.FormattedValue) and one.format_spec
            )
        elif isinstance(node, ast.Call) and _name(node) in IN_EACH_FORM:
            yield from node.args
        elif isinstance(node, ast.Call) and _name(node) in CALLS:
            # A text put together before it is asked for is in no catalogue.
            yield from (one for one in node.args[: CALLS[_name(node)][0]] if isinstance(one, ast.Constant))


def _refusing(tree: ast.AST) -> Iterator[ast.AST]:
    """All that stands inside a refusal: its sentence, and what the sentence is put together of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in refusals():
            yield from ast.walk(node)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def main() -> int:
    """Print what is bare."""
    found = unasked()
    for one in found:
        print(f"{one.path}:{one.line}: {one.text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
