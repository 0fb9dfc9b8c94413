"""Databases of the benchmarks' own: a folder of SQLite files, or PostgreSQL databases that are dropped afterwards."""

import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

DEFAULT_SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


class Databases(ABC):
    """Makes databases by name and copies them, so that every measurement begins on the same ground."""

    title: str

    @abstractmethod
    def create(self, name: str) -> str:
        """A new, empty database: its DATABASE_URL."""

    @abstractmethod
    def copy(self, name: str, to: str) -> str:
        """A copy of a database that nobody has open: its DATABASE_URL."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Away with it."""

    @abstractmethod
    def close(self) -> None:
        """Away with all of them."""


class SqliteFiles(Databases):
    title = "SQLite"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tilskudd-bench-"))

    def create(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"

    def copy(self, name: str, to: str) -> str:
        shutil.copyfile(self._file(name), self._file(to))
        return self.create(to)

    def drop(self, name: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._file(name)}{ending}").unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


class PostgresqlServer(Databases):
    title = "PostgreSQL"

    def __init__(self, address: str) -> None:
        self._address = address
        self._made: set[str] = set()
        self._run("SELECT 1")

    def create(self, name: str) -> str:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._run("CREATE DATABASE {}", name)
        self._made.add(name)
        return self._named(name)

    def copy(self, name: str, to: str) -> str:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", to)
        self._run("CREATE DATABASE {} TEMPLATE {}", to, name)
        self._run("CHECKPOINT")  # the copy's own writing is not the next one's to pay for
        self._made.add(to)
        return self._named(to)

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._made.discard(name)

    def close(self) -> None:
        for name in sorted(self._made):
            self.drop(name)

    def _named(self, name: str) -> str:
        return urlunsplit(urlsplit(self._address)._replace(path=f"/{self._full(name)}"))

    def _full(self, name: str) -> str:
        return f"tilskudd_bench_{os.getpid()}_{name}"

    def _run(self, statement: str, *names: str) -> None:
        server = urlunsplit(urlsplit(self._address)._replace(path="/postgres"))
        with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
            connection.execute(sql.SQL(statement).format(*(sql.Identifier(self._full(name)) for name in names)))


def postgresql() -> PostgresqlServer | None:
    """The server that DATABASE_URL names, or the one on this machine; None where none answers."""
    address = os.environ.get("DATABASE_URL", "")
    try:
        return PostgresqlServer(address if address.startswith("postgres") else DEFAULT_SERVER)
    except psycopg.OperationalError:
        return None
