"""A small directorate in a database of its own, reached only through the commands, each in a process of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRESQL = SERVER.startswith("postgres")


class Office:
    """On the kind of database that DATABASE_URL names: SQLite, or PostgreSQL in a database made for the trial."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = self._made() if ON_POSTGRESQL else f"sqlite:///{folder / 'office.sqlite3'}"
        self.env = os.environ | {
            "DATABASE_URL": self.url,
            "TILSKUDD_VAR": str(folder),
            "TILSKUDD_OPERATOR_APPROVAL": "1",
            "REDIS_URL": "",
        }
        self.run("migrate", "-v", "0")

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        return self._start("manage.py", *command)

    def start_python(self, script: str) -> "subprocess.Popen[bytes]":
        return self._start("-c", script)

    def start_module(self, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        return self._start("-m", module, *arguments)

    def run(self, *command: str) -> str:
        return _ended(self.start(*command))

    def run_python(self, script: str) -> str:
        return _ended(self.start_python(script))

    def ask(self, sql: str) -> int:
        """One number from the database, read from outside."""
        if ON_POSTGRESQL:
            with psycopg.connect(self.url) as server:
                found = server.execute(sql.encode()).fetchone()
        else:
            with closing(sqlite3.connect(self.folder / "office.sqlite3", timeout=60)) as file:
                found = file.execute(sql).fetchone()
        return int((found and found[0]) or 0)

    def do(self, sql: str) -> None:
        """Change something from outside."""
        if ON_POSTGRESQL:
            with psycopg.connect(self.url) as server:
                server.execute(sql.encode())
        else:
            with closing(sqlite3.connect(self.folder / "office.sqlite3", timeout=60)) as file, file:
                file.execute(sql)

    def count(self, table: str, where: str = "1 = 1") -> int:
        return self.ask(f"SELECT count(*) FROM {table} WHERE {where}")

    def close(self) -> None:
        if ON_POSTGRESQL:
            _on_server(f'DROP DATABASE IF EXISTS "{self._name()}" WITH (FORCE)')

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip

    def _made(self) -> str:
        _on_server(f'DROP DATABASE IF EXISTS "{self._name()}" WITH (FORCE)')
        _on_server(f'CREATE DATABASE "{self._name()}"')
        return urlunsplit(urlsplit(SERVER)._replace(path=f"/{self._name()}"))

    def _name(self) -> str:
        return f"tilskudd_trial_{os.getpid()}"


def _ended(process: "subprocess.Popen[bytes]") -> str:
    """What a process wrote, once it has ended well."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()
    return out.decode()


def kill_after(seconds: float, process: "subprocess.Popen[bytes]") -> bool:
    """kill -9 a process after a while; True when it was still at work."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def _on_server(statement: str) -> None:
    server = urlunsplit(urlsplit(SERVER)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())
