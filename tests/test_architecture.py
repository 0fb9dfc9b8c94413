"""The house holds: what the import contracts can't see, read from the files themselves. Each rule is also sabotaged."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("grants", "applications", "reporting", "config")
LEDGER_WRITER = "grants/ledger/posting.py"
ROUNDER = "grants/shared/money.py"
LONGEST_FILE = 500
# WeasyPrint takes a second and a half and 35 MB: the pages never load it.
SLOW_TO_IMPORT = {"grants.documents.press"}
# Made by other tools, and carried as they are.
NOT_OURS = re.compile(
    r"^(static/vendor/|static/fonts/|static/icons/|static/theme/|tools/frontend/|tests/browser/.*axe|.*LICENSE)"
)
TEXTS = {".py", ".toml", ".txt", ".in", ".md", ".html", ".css", ".js", ".sh", ".csv", ".json", ".yml", ".po", ""}

Faults = Iterator[str]


@cache
def tracked() -> tuple[str, ...]:
    """The project's files as git knows them, new ones included; without git, all that is not hidden."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    names = (
        listed.stdout.splitlines() if listed.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*")]
    )
    hidden = (".venv/", ".git/", "var/", "staticfiles/")
    return tuple(sorted(n for n in names if not n.startswith(hidden) and (ROOT / n).is_file()))


def python_files() -> list[str]:
    """Python of ours: apps, tools and benchmarks, not the tests."""
    return [
        n for n in tracked() if n.endswith(".py") and n.split("/")[0] in {*APPS, "tools", "benchmarks", "manage.py"}
    ]


def app_files() -> list[str]:
    return [n for n in python_files() if n.split("/")[0] in APPS and "/migrations/" not in n]


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its dotted name, as far as it can be read: `LedgerEntry.objects.create`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


# --- The rules: each reads one file and says what is wrong with it ----------------------------------------------------


def all_fields(name: str, tree: ast.AST) -> Faults:
    """A serializer or form names its fields one by one: `__all__` gives away the next column somebody adds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") in {"fields", "exclude"} for t in node.targets):
            if isinstance(node.value, ast.Constant) and node.value.value == "__all__":
                yield f"{name}:{node.lineno}: fields = '__all__'"


WRITES = (
    "create",
    "acreate",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "delete",
    "save",
)


def writes_the_ledger(name: str, tree: ast.AST) -> Faults:
    """Only posting.py adds to the ledger; nobody changes it."""
    if name == LEDGER_WRITER:
        return
    for dotted, call in calls(tree):
        constructs = dotted in {"LedgerEntry", "models.LedgerEntry"}
        queries = "LedgerEntry.objects" in dotted and dotted.split(".")[-1] in WRITES
        in_bulk = dotted.endswith("write_rows") and any(
            ast.unparse(argument) == "LedgerEntry" for argument in call.args
        )
        if constructs or queries or in_bulk:
            yield f"{name}:{call.lineno}: writes the ledger with {dotted}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            if re.search(r"(insert\s+into|copy|update|delete\s+from)\s+\"?grants_ledgerentry", node.value, re.I):
                yield f"{name}:{node.lineno}: writes the ledger with SQL"


def rounds(name: str, tree: ast.AST) -> Faults:
    """One module rounds money. The demo country is made of round numbers of people, and is no money of anybody's."""
    if name == ROUNDER or name.startswith("config/demo/"):
        return
    for dotted, call in calls(tree):
        if dotted in {"round", "math.floor", "math.ceil"} or dotted.endswith(".quantize"):
            yield f"{name}:{call.lineno}: rounds with {dotted}"


def floats(name: str, tree: ast.AST) -> Faults:
    """Money is whole øre, so grants/ has no float at all."""
    if not name.startswith("grants/"):
        return
    for dotted, call in calls(tree):
        if dotted == "float" or dotted.endswith(("FloatField", "DecimalField")):
            yield f"{name}:{call.lineno}: {dotted}"


def inner_imports(name: str, tree: ast.AST) -> Faults:
    """Imports stand at the top; only an app's ready() imports inside, and whoever wakes the slow press for PDF."""
    if name.endswith("/apps.py"):
        return
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if not isinstance(node, ast.ImportFrom) or node.module in SLOW_TO_IMPORT:
                    continue
                if (node.module or "").split(".")[0] in APPS:
                    yield f"{name}:{node.lineno}: imports {node.module} inside {function.name}"


def relative_imports(name: str, tree: ast.AST) -> Faults:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{name}:{node.lineno}: a relative import"


def forbidden_modules(name: str, tree: ast.AST) -> Faults:
    """What we decided not to use: XML and pickles that execute, the admin for business data, numbers that drift."""
    forbidden = {"pickle", "marshal", "xml.etree", "defusedxml", "django.contrib.admin", "numpy", "pandas", "requests"}
    for node in ast.walk(tree):
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module]
        for module in modules:
            if any(module == bad or module.startswith(f"{bad}.") for bad in forbidden):
                yield f"{name}:{node.lineno}: imports {module}"


def law_is_pure(name: str, tree: ast.AST) -> Faults:
    """grants/law asks neither the clock nor a database: the caller says which day counts."""
    if not name.startswith("grants/law/"):
        return
    for dotted, call in calls(tree):
        if dotted.endswith((".today", ".now", ".utcnow", ".localdate")) or dotted in {"eval", "exec"}:
            yield f"{name}:{call.lineno}: {dotted}"


RULES: tuple[Callable[[str, ast.AST], Faults], ...] = (
    all_fields, writes_the_ledger, rounds, floats, inner_imports, relative_imports, forbidden_modules, law_is_pure,
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule):
    assert [fault for name in app_files() for fault in rule(name, ast.parse((ROOT / name).read_text()))] == []


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        (all_fields, "class S:\n    class Meta:\n        fields = '__all__'"),
        (writes_the_ledger, "LedgerEntry.objects.create(key='x')"),
        (writes_the_ledger, "LedgerEntry.objects.filter(pk=1).update(amount_ore=2)"),
        (writes_the_ledger, "LedgerEntry(key='x').save()"),
        (writes_the_ledger, "write_rows(LedgerEntry, COLUMNS, rows)"),
        (writes_the_ledger, "cursor.execute('INSERT INTO grants_ledgerentry VALUES (1)')"),
        (rounds, "round(amount / 3)"),
        (rounds, "amount.quantize(Decimal(1))"),
        (floats, "float('1.5')"),
        (floats, "amount = models.FloatField()"),
        (inner_imports, "def f():\n    from grants.models import User"),
        (relative_imports, "from .models import User"),
        (forbidden_modules, "import pickle"),
        (forbidden_modules, "from django.contrib.admin import site"),
    ],
)
def test_a_planted_fault_is_found(rule, planted):
    assert list(rule("grants/services/planted.py", ast.parse(planted)))


def test_a_clock_in_the_law_is_found():
    assert list(law_is_pure("grants/law/tariff.py", ast.parse("date.today()")))


# --- Files ------------------------------------------------------------------------------------------------------------


def test_no_file_is_too_long_to_hold_one_subject():
    long = {n: lines for n in python_files() if (lines := len((ROOT / n).read_text().splitlines())) > LONGEST_FILE}
    assert {n: lines for n, lines in long.items() if "/migrations/" not in n} == {}


def test_every_module_of_ours_says_what_it_is():
    silent = [
        n for n in app_files() if (text := (ROOT / n).read_text()).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_every_migration_is_named():
    numbers = [n for n in tracked() if "/migrations/" in n and n.endswith(".py") and not n.endswith("__init__.py")]
    assert numbers
    assert [n for n in numbers if not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+\.py", Path(n).name) or "_auto_" in n] == []


# A path that somebody pasted from their own machine; the address of a package registry.
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:home/\w+|root/|Users/\w+|work/|opt/)[\w./-]*")
ADDRESS = re.compile(
    r"https?://[^\s\"'<>)]*(?:pypi|registry\.|index\.crates|/simple\b|npmjs)[^\s\"'<>)]*|--(?:extra-)?index-url\s+\S+"
)


def pasted(text: str) -> list[str]:
    """Addresses of package registries, and paths that exist on one machine only."""
    return [match.group(0) for pattern in (MACHINE_PATH, ADDRESS) for match in pattern.finditer(text)]


def test_no_file_carries_a_registry_address_or_a_path_of_one_machine():
    found = {}
    for name in tracked():
        if NOT_OURS.match(name) or Path(name).suffix not in TEXTS or name == "tests/test_architecture.py":
            continue
        if faults := pasted((ROOT / name).read_text(errors="replace")):
            found[name] = faults
    assert found == {}


@pytest.mark.parametrize(
    "text", ["open('/home/kari/fil.csv')", "--index-url x", "https://" + "pypi.example/simple/django"]
)
def test_a_pasted_path_or_address_is_found(text):
    assert pasted(text)


def test_requirements_are_pinned_with_hashes_and_without_addresses():
    done = subprocess.run([sys.executable, "tools/check_requirements.py"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_never_queries_by_itself():
    """Pages and the API ask `visible_to` and named questions; a bare `.objects.get` would hand out other people's rows."""
    bare = re.compile(r"\.objects\s*\.(get|filter|all|exclude)\(")
    pages = [n for n in app_files() if "/pages/" in n or "/api/" in n]
    assert [n for n in pages if bare.search((ROOT / n).read_text())] == []
