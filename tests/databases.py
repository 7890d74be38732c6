"""Databases that tests get fresh without being made anew: one file and one database, emptied.

A new engine compiles every statement anew and a new PostgreSQL database takes a tenth of a second;
both cost more than most tests do. So each process keeps one engine for an address, and the same
address is given to one test after another with nothing left in it.

Nor does SQLite wait for the disk at each commit, as little as the server of ``tests.postgres``: no
test outlives a power cut. ``tests/kit/test_db.py`` sees to it that it does wait elsewhere.
"""

import os
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from tests.postgres import Server
from unbroken.kit import db

MOST_ENGINES = 16
Maker = Callable[..., Engine]
MADE: Maker = db._engine
"""What makes an engine as it is made outside tests."""

_open: dict[str, Engine] = {}


def keep_engines() -> Callable[[], None]:
    """Have one engine made for each address from now on; call what is returned to undo it."""
    # Those that have gone out of use give their connections back when they are collected.
    few = lru_cache(maxsize=MOST_ENGINES)(_hasty)
    db._engine = lambda url, *, begin: _open.get(url) or few(url, begin=begin)

    def undo() -> None:
        for url in list(_open):
            _close(url)
        for connection in _administering.values():
            connection.close()
        _administering.clear()
        db._engine = MADE

    return undo


def _hasty(url: str, *, begin: str) -> Engine:
    """Return an engine that leaves it to the system when a file of SQLite reaches the disk."""
    engine = MADE(url, begin=begin)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _hurry(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
            connection.cursor().execute("PRAGMA synchronous=off")

    return engine


class _Open(Engine):
    """An engine of PostgreSQL that lets nothing go when a test closes it."""

    def dispose(self, close: bool = True) -> None:  # noqa: FBT001, FBT002 - as the engine has it
        """Do nothing."""


def _stay_open(url: str) -> None:
    if url not in _open:
        _open[url] = MADE(url, begin="BEGIN")
        _open[url].__class__ = _Open


def _close(url: str) -> None:
    if url in _open:
        Engine.dispose(_open.pop(url))


def let_go(url: str) -> None:
    """Close the connections that an earlier test has left open to ``url``."""
    db.Sessions(url).close()


def fresh_file(file: Path, template: Path) -> str:
    """Return the address of ``file``, which is a copy of ``template`` now, under a new inode.

    Whoever still has the old one open keeps the old one.
    """
    url = f"sqlite:///{file}"
    let_go(url)
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    copied = file.with_name(f"{file.name}.new")
    shutil.copyfile(template, copied)
    os.replace(copied, file)  # noqa: PTH105 - the same, and says that it is atomic
    return url


def is_emptied(server: Server, name: str, template: str) -> bool:
    """Leave in database ``name`` no row but those of ``template``, and return whether it could be.

    ``template`` holds rows in the table of migrations alone. A database whose tables a test has
    changed has to be made anew. Connections stay open from one test to the next: PostgreSQL learns
    the tables and plans the statements anew for each.
    """
    url = server.url(name)
    _stay_open(url)
    _let_go_if_lost(url)
    connection = administering(server, name)
    is_same = _shape(connection) == _shape_of(server, template)
    if is_same:
        empty(connection)
    return is_same


def copied(server: Server, name: str, template: str) -> None:
    """Make database ``name`` a copy of ``template``."""
    url = server.url(name)
    _close(url)
    let_go(url)
    if url in _administering:
        _administering.pop(url).close()
    server.drop(name)
    server.create(template=template, name=name)


Administering = psycopg.Connection[tuple[str, ...]]
_administering: dict[str, Administering] = {}


def administering(server: Server, name: str) -> Administering:
    """Return a connection to a database that is kept as well: a new one costs ten milliseconds."""
    url = server.url(name)
    if url not in _administering:
        _administering[url] = server.connect(name)
    return _administering[url]


def _let_go_if_lost(url: str) -> None:
    """Forget the connection that is kept where a test has ended it."""
    try:
        if url in _administering:
            _administering[url].execute("SELECT 1")
    except psycopg.OperationalError:
        _administering.pop(url).close()


OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
SHAPE = """
SELECT string_agg(concat_ws(' ', c.oid, c.relnatts, c.relchecks), ',' ORDER BY c.oid)
    || (SELECT ' ' || string_agg(version_num, ',') FROM alembic_version)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
"""
# A table takes its first page with its first row. Deleting is four times as fast as TRUNCATE while
# there is little to delete, and leaves behind what only TRUNCATE gives back.
USED = """
SELECT coalesce(string_agg(CASE
    WHEN pg_relation_size(oid) > 1000000 THEN 'TRUNCATE ' || quote_ident(relname) || ' CASCADE'
    ELSE 'DELETE FROM ' || quote_ident(relname) END, '; '), 'SELECT')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
SEQUENCES = """
SELECT setval(quote_ident(sequencename)::regclass, 1, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def _shape(connection: Administering) -> str | None:
    connection.execute(OTHERS)
    found = connection.execute(SHAPE).fetchone()
    return found[0] if found else None


@lru_cache(maxsize=2)
def _shape_of(server: Server, template: str) -> str | None:
    with server.connect(template) as connection:
        return _shape(connection)


def empty(connection: Administering) -> None:
    """Leave no row in any table but that of migrations, and number anew."""
    found = connection.execute(USED).fetchone()
    connection.execute("SET session_replication_role = replica")  # no order between the tables
    connection.execute(f"{found and found[0]}".encode(), prepare=False)
    connection.execute(SEQUENCES)
