"""Guards in the database: triggers that refuse what must never happen, also from a shell.

Django on SQLite rebuilds a table to alter it and drops its triggers without a word, so they step aside before a migrate
there and are installed after every one; a system check and `/ready` fail when one is missing or differs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

PREFIX = "guard_"


@dataclass(frozen=True)
class Guard:
    """A refusal: `when` is a condition over OLD and NEW under which the verb on the table is refused with `message`.

    An empty condition refuses always. Where the two databases need different SQL, `when_postgresql` says so.
    """

    name: str
    table: str
    verb: str  # INSERT, UPDATE or DELETE
    message: str
    when: str = ""
    when_postgresql: str | None = None
    # A statement-level check over all new rows at once (PostgreSQL): a condition over the alias `new_rows`.
    once_per_statement: bool = False
    # A statement before the condition (PostgreSQL): takes the lock under which the condition is asked.
    lock_postgresql: str = ""

    @property
    def trigger(self) -> str:
        return f"{PREFIX}{self.name}"

    def sqlite(self) -> str:
        """The trigger as SQLite stores it."""
        when = f"\nWHEN {self.when}" if self.when else ""
        return (
            f"CREATE TRIGGER {self.trigger} BEFORE {self.verb} ON {self.table} FOR EACH ROW{when}\n"
            f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        )

    def function_body(self) -> str:
        """The body of the PostgreSQL trigger function."""
        when = self.when if self.when_postgresql is None else self.when_postgresql
        refuse = f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation';"
        if self.once_per_statement:
            fresh = when.replace("NEW.", "fresh.")
            return (
                f"BEGIN IF EXISTS (SELECT 1 FROM new_rows fresh WHERE {fresh}) THEN {refuse} END IF; RETURN NULL; END"
            )
        row = "OLD" if self.verb == "DELETE" else "NEW"
        return f"BEGIN {self.lock_postgresql} IF {when or 'TRUE'} THEN {refuse} END IF; RETURN {row}; END"

    def postgresql(self) -> list[str]:
        """The statements that make the trigger on PostgreSQL, TRUNCATE included where rows may never go."""
        function = (
            f"CREATE OR REPLACE FUNCTION {self.trigger}() RETURNS trigger LANGUAGE plpgsql AS $guard$"
            f"{self.function_body()}$guard$"
        )
        if self.once_per_statement:
            trigger = (
                f"CREATE TRIGGER {self.trigger} AFTER INSERT ON {self.table} REFERENCING NEW TABLE AS new_rows "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {self.trigger}()"
            )
        else:
            trigger = (
                f"CREATE TRIGGER {self.trigger} BEFORE {self.verb} ON {self.table} "
                f"FOR EACH ROW EXECUTE FUNCTION {self.trigger}()"
            )
        return [f"DROP TRIGGER IF EXISTS {self.trigger} ON {self.table}", function, trigger]


def append_only(table: str, *, unless: str = "") -> tuple[Guard, ...]:
    """Rows of this table are never changed and never removed (`unless` names the one lawful exception for removal)."""
    message = f"{table} only grows: write a new row instead"
    return (
        Guard(f"{table}_never_changes", table, "UPDATE", message),
        Guard(f"{table}_never_shrinks", table, "DELETE", message, when=f"NOT ({unless})" if unless else ""),
    )


def _closed_year() -> str:
    return "EXISTS (SELECT 1 FROM grants_closedyear c WHERE c.year = NEW.budget_year)"


_ERASED = "EXISTS (SELECT 1 FROM grants_person p WHERE p.id = OLD.person_id AND p.erased_on IS NOT NULL)"
_RUN_IS_OPEN = "EXISTS (SELECT 1 FROM grants_entitlementrun r WHERE r.id = NEW.run_id AND r.state = 'preparing')"
_APPROVED_BY_ANOTHER = (
    "EXISTS (SELECT 1 FROM grants_approval a WHERE a.subject = {subject} "
    "AND a.digest = OLD.digest AND a.proposed_by_id = OLD.prepared_by_id AND a.approved_by_id <> OLD.prepared_by_id)"
)
_RUN_MOVES = """NOT (
  (OLD.state = 'preparing' AND NEW.state = 'prepared' AND NEW.booked_on IS NULL)
  OR (OLD.state = 'prepared' AND NEW.state = 'discarded' AND NEW.booked_on IS NULL)
  OR (OLD.state = 'prepared' AND NEW.state = 'approved' AND {approved})
  OR (OLD.state = 'approved' AND NEW.state = 'paid' AND NEW.booked_on = OLD.booked_on
    AND NEW.approval_number = OLD.approval_number)
)"""
_FROZEN = ("id", "scheme", "year", "term", "prepared_by_id", "prepared_at", "lines_count", "total_ore", "digest")
_RUN_FROZEN = (
    "OLD.state <> 'preparing' AND ("
    + " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FROZEN)
    + " OR CAST(NEW.compared AS TEXT) <> CAST(OLD.compared AS TEXT)"
    + " OR CAST(NEW.rates_used AS TEXT) <> CAST(OLD.rates_used AS TEXT)"
    + " OR COALESCE(CAST(NEW.as_of AS TEXT), '') <> COALESCE(CAST(OLD.as_of AS TEXT), ''))"
)

_LIST_IS_OPEN = "EXISTS (SELECT 1 FROM grants_transferlist l WHERE l.id = NEW.list_id AND l.state = 'preparing')"
_LIST_MOVES = """NOT (
  (OLD.state = 'preparing' AND NEW.state = 'prepared' AND NEW.booked_on IS NULL)
  OR (OLD.state = 'prepared' AND NEW.state = 'discarded' AND NEW.booked_on IS NULL)
  OR (OLD.state = 'prepared' AND NEW.state = 'approved' AND {approved})
  OR (OLD.state = 'approved' AND NEW.state = 'paid' AND NEW.booked_on = OLD.booked_on)
)"""
_LIST_FROZEN = (
    "OLD.state <> 'preparing' AND ("
    + " OR ".join(
        f"NEW.{column} <> OLD.{column}"
        for column in ("id", "name", "total_ore", "digest", "prepared_by_id", "prepared_at")
    )
    + ")"
)

_INVITED = ("id", "organisation_id", "role", "name", "code_hash", "invited_by_id", "invited_at", "expires_at")
_INVITATION_FROZEN = (
    "OLD.redeemed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR "
    + " OR ".join(
        f"NEW.{column} <> OLD.{column}"
        for column in [
            "id",
            "organisation_id",
            "role",
            "name",
            "code_hash",
            "invited_by_id",
            "invited_at",
            "expires_at",
        ]
    )
    + " OR (NEW.redeemed_at IS NOT NULL AND NEW.redeemed_at > OLD.expires_at)"
)

GUARDS: tuple[Guard, ...] = (
    *append_only("grants_ledgerentry"),
    Guard(
        "ledger_year_is_open", "grants_ledgerentry", "INSERT",
        "this budget year is closed and takes no more lines",
        when=_closed_year(), once_per_statement=True,
    ),
    Guard(
        "ledger_value_date_in_year", "grants_ledgerentry", "INSERT",
        "the value date of a ledger line lies in its budget year",
        when="CAST(strftime('%Y', NEW.value_date) AS INTEGER) <> NEW.budget_year",
        when_postgresql="extract(year FROM NEW.value_date) <> NEW.budget_year", once_per_statement=True,
    ),
    *append_only("grants_closedyear"),
    *append_only("grants_approval"),
    *append_only("grants_auditevent"),
    *append_only("grants_personlook"),
    *append_only("grants_importedfile"),
    *append_only("grants_settlementfact", unless=_ERASED),
    *append_only("grants_eventfact", unless=_ERASED),
    *append_only("grants_claimfact", unless=_ERASED),
    *append_only("grants_requestfact"),
    *append_only("grants_appropriationdecision"),
    *append_only("grants_outsideaccount"),
    *append_only("grants_organisationchange"),
    *append_only("grants_bankaccount"),
    *append_only("grants_knownrate"),
    *append_only("grants_letter"),
    *append_only("grants_delivery"),
    *append_only("reporting_yearendreport"),
    *append_only("grants_entitlementline"),
    *append_only("grants_runpayable"),
    Guard(
        "line_belongs_to_open_run", "grants_entitlementline", "INSERT",
        "a run that is prepared takes no more lines", when=f"NOT {_RUN_IS_OPEN}", once_per_statement=True,
    ),
    Guard(
        "payable_belongs_to_open_run", "grants_runpayable", "INSERT",
        "a run that is prepared takes no more payables", when=f"NOT {_RUN_IS_OPEN}", once_per_statement=True,
    ),
    Guard(
        "run_is_born_unapproved", "grants_entitlementrun", "INSERT",
        "a run begins as preparing; approval comes later", when="NEW.state <> 'preparing'",
    ),
    Guard(
        "run_moves_with_approval", "grants_entitlementrun", "UPDATE",
        "a run changes state only step by step, and is approved by another person than the one who prepared it",
        when=_RUN_MOVES.format(approved=_APPROVED_BY_ANOTHER.format(subject="'run:' || OLD.id")),
    ),
    Guard(
        "run_is_frozen", "grants_entitlementrun", "UPDATE",
        "a prepared run is never changed: prepare it again", when=_RUN_FROZEN,
    ),
    Guard(
        "answered_request_is_final", "grants_answeredrequest", "UPDATE",
        "what was answered is never changed", when="OLD.status <> 0",
    ),
    Guard("answered_request_never_goes", "grants_answeredrequest", "DELETE", "what was answered is never removed"),
    *append_only("grants_transferline"),
    Guard(
        "transfer_belongs_to_open_list", "grants_transferline", "INSERT",
        "a list that is prepared takes no more transfers", when=f"NOT {_LIST_IS_OPEN}",
    ),
    Guard(
        "transfer_list_is_born_unapproved", "grants_transferlist", "INSERT",
        "a list begins as preparing; approval comes later", when="NEW.state <> 'preparing'",
    ),
    Guard(
        "transfer_list_moves_with_approval", "grants_transferlist", "UPDATE",
        "a list changes state only step by step, and is approved by another person than the one who prepared it",
        when=_LIST_MOVES.format(approved=_APPROVED_BY_ANOTHER.format(subject="'transfers:' || OLD.id")),
    ),
    Guard(
        "transfer_list_is_frozen", "grants_transferlist", "UPDATE",
        "a prepared list is never changed: prepare it again", when=_LIST_FROZEN,
    ),
    Guard("transfer_list_never_goes", "grants_transferlist", "DELETE", "a list is never removed: discard it"),
    Guard(
        "invitation_is_used_once", "grants_memberinvitation", "UPDATE",
        "an invitation is redeemed once, in time, and never changed: invite again", when=_INVITATION_FROZEN,
    ),
    Guard("invitation_never_goes", "grants_memberinvitation", "DELETE", "an invitation is never removed: withdraw it"),
    Guard("run_never_goes", "grants_entitlementrun", "DELETE", "a run is never removed: discard it"),
)  # fmt: skip


_registered: list[Guard] = []


def register(guards: Iterable[Guard]) -> None:
    """Guards of another app's tables, from its `ready`; those that are registered already are left alone."""
    _registered.extend(guard for guard in guards if guard not in _registered)


def every_guard() -> tuple[Guard, ...]:
    """The guards of all apps."""
    return (*GUARDS, *_registered)


def install(*, using: str = "default", guards: Iterable[Guard] | None = None) -> None:
    """Put every guard in place; doing it again changes nothing."""
    guards = every_guard() if guards is None else tuple(guards)
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in guards:
            if guard.table not in existing:
                continue
            if connection.vendor == "postgresql":
                for statement in guard.postgresql():
                    cursor.execute(statement)
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.trigger}")
                cursor.execute(guard.sqlite())
        if connection.vendor == "postgresql":
            _forbid_truncate(cursor, {guard.table for guard in guards if guard.verb == "DELETE"} & existing)


def remove(*, using: str = "default", guards: Iterable[Guard] | None = None) -> None:
    """Take the guards away, for a test's tear-down that must empty tables. Nothing else calls this."""
    guards = every_guard() if guards is None else tuple(guards)
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in guards:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.trigger} ON {guard.table}")
                cursor.execute(f"DROP TRIGGER IF EXISTS {PREFIX}truncate ON {guard.table}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.trigger}")


def missing(*, using: str = "default", guards: Iterable[Guard] | None = None) -> list[str]:
    """The guards that are not in place as they should be, by name."""
    guards = every_guard() if guards is None else tuple(guards)
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, c.relname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
                "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
            )
            found = {name: (table, _squeezed(body)) for name, table, body in cursor.fetchall()}
            wanted = {guard.trigger: (guard.table, _squeezed(guard.function_body())) for guard in guards}
        else:
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = {name: (table, _squeezed(sql)) for name, table, sql in cursor.fetchall()}
            wanted = {guard.trigger: (guard.table, _squeezed(guard.sqlite())) for guard in guards}
    return sorted(name for name, text in wanted.items() if found.get(name) != text)


def step_aside_before_migrate(using: str = "default", **_kwargs: Any) -> None:
    """On SQLite a table is rebuilt to be altered, which the guards of other tables that ask it would stop.

    Those of earlier versions go as well. PostgreSQL alters its tables beneath the guards, and keeps them all the while.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            if name.startswith(PREFIX):
                cursor.execute(f"DROP TRIGGER {name}")


def install_after_migrate(using: str = "default", **_kwargs: Any) -> None:
    """After every migrate, whatever it did to the tables."""
    install(using=using)


def _forbid_truncate(cursor: Any, tables: Iterable[str]) -> None:
    """TRUNCATE walks past row triggers on PostgreSQL, so each guarded table refuses it as a whole."""
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {PREFIX}truncate() RETURNS trigger LANGUAGE plpgsql AS $guard$"
        "BEGIN RAISE EXCEPTION 'this table is never emptied'; END$guard$"
    )
    for table in sorted(tables):
        cursor.execute(f"DROP TRIGGER IF EXISTS {PREFIX}truncate ON {table}")
        cursor.execute(
            f"CREATE TRIGGER {PREFIX}truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {PREFIX}truncate()"
        )


def _squeezed(sql: str) -> str:
    return re.sub(r"\s+", " ", sql or "").strip()
