"""A database for each size of the city, on the server that Django was given, and which of them Django talks to."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend
from psycopg import sql


class Database:
    """One database, with a connection of its own, as the role that serves."""

    def __init__(self, name: str):
        self.name = name
        described = connections["default"].settings_dict | {"NAME": name}
        self.connection = load_backend(described["ENGINE"]).DatabaseWrapper(described, alias="default")
        self.connections: list[psycopg.Connection] = []

    def use(self) -> None:
        """From now on this is the one that Django talks to."""
        connections["default"] = self.connection

    def connect(self) -> psycopg.Connection:
        """psycopg on a connection like Django's, and nothing else."""
        parameters = self.connection.get_connection_params()
        for name in ("cursor_factory", "context"):
            parameters.pop(name, None)
        self.connections.append(psycopg.connect(**parameters, autocommit=True, cursor_factory=psycopg.ClientCursor))
        return self.connections[-1]

    def close(self) -> None:
        for each in (self.connection, *self.connections):
            each.close()
        self.connections.clear()

    def as_owner(self) -> psycopg.Connection:
        """As the role that owns the tables; commits at once."""
        return _as_owner(self.name)


def _as_owner(name: str) -> psycopg.Connection:
    owner = settings.OWNER_DATABASE
    return psycopg.connect(
        dbname=name,
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        host=owner["HOST"] or None,
        port=owner["PORT"] or None,
        autocommit=True,
    )


class Server:
    """Where databases are made, copied, and dropped again at the end."""

    def __init__(self):
        self.given = connections["default"]
        self.made: list[Database] = []

    def make(self, name: str, *, like: Database | None = None) -> Database:
        """An empty database with every table, or a copy of another one."""
        name = f"{self.given.settings_dict['NAME']}_bench_{name}"
        if like:
            like.close()
        copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(like.name)) if like else sql.SQL("")
        with _as_owner(self.given.settings_dict["NAME"]) as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)
        database = Database(name)
        self.made.append(database)
        if not like:
            database.use()
            call_command("migrate", verbosity=0)
        return database

    def drop_all(self) -> None:
        connections["default"] = self.given
        with _as_owner(self.given.settings_dict["NAME"]) as owner:
            for database in self.made:
                database.close()
                owner.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database.name)))


@contextmanager
def server() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.drop_all()
