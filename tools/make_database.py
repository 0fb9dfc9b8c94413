"""Create the PostgreSQL database that an address names, unless it is there."""

import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def main(address: str) -> int:
    """Ask the server's own database `postgres` to create it."""
    parts = urlsplit(address)
    name = parts.path.lstrip("/")
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        print(f"PostgreSQL {connection.info.server_version // 10000}: the database {name} is there")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
