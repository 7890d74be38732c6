"""The database: sessions, column kinds and naming, the same on SQLite and PostgreSQL.

SQLite: WAL, full synchronous, foreign keys on, writes begin with BEGIN IMMEDIATE under one lock of
the process (its own busy handler is unfair: without the lock the slowest writes take 25 times
longer).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    UpdateBase,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, Session, SQLModel

from unbroken.kit.errors import Stale

POOL_SIZE = 8
# How long one process waits for the writes of another: an import of 100,000 rows takes seconds.
WAIT_MS = 60_000
ENUM_LENGTH = 40
# Behind a pooler each transaction may meet another server process, which knows none of the
# statements prepared by the last one. A machine that went away without a word is noticed within
# about half a minute, not after the hours that TCP would wait. The address may say otherwise.
CONNECTING: dict[str, int | None] = {
    "prepare_threshold": None,
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
SQLITE_NOT_NOW = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
# PostgreSQL, appendix A: lost connections, too many of them, ended by an operator, not yet there,
# a lock not given in time, a deadlock.
NOT_NOW = ("08", "53300", "57P", "55P03", "40P01")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING


def table(name: str) -> Table:
    """Return one table by its name; the module that declares it must have been imported."""
    return metadata.tables[name]


def enum_type(kind: type[Enum], name: str) -> EnumType:
    """Return a column type that stores ``kind`` by value, with a CHECK named after ``name``."""
    return EnumType(
        kind,
        native_enum=False,
        create_constraint=True,
        length=ENUM_LENGTH,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


def enum_column(
    kind: type[Enum], name: str, *, nullable: bool = False, index: bool = False
) -> "Column[Enum]":
    """Return a new column for one enum field; use it as ``sa_column``."""
    return Column(name, enum_type(kind, name), nullable=nullable, index=index)


def json_type() -> TypeEngine[object]:
    """Return the JSON type of both databases; Python ``None`` is SQL NULL."""
    plain = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    return cast("TypeEngine[object]", plain)


def json_column(name: str, *, nullable: bool = False) -> "Column[object]":
    """Return a new JSON column; values are replaced whole, never changed in place."""
    return Column(name, json_type(), nullable=nullable)


def new_uid() -> UUID:
    """Return a fresh random UUID."""
    return uuid4()


class Identified(SQLModel):
    """A row with a number inside and a UUID outside."""

    id: int | None = Field(default=None, primary_key=True)
    uid: UUID = Field(default_factory=new_uid, unique=True, nullable=False)


class Versioned(Identified):
    """A row whose ``version`` rises with each change; a second writer of the same version fails."""

    version: int = Field(default=0, sa_type=Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805
        """Name the version column to the mapper, where there is a table."""
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}


def row_id(row: Identified) -> int:
    """Return the number of a stored row, for the foreign keys of others.

    Raises:
        ValueError: the row was not flushed yet.
    """
    if row.id is None:
        message = f"{type(row).__name__} is not stored yet"
        raise ValueError(message)
    return row.id


class Sessions:
    """Makes sessions: ``begin()`` to write, ``reading()`` to read. One per process."""

    def __init__(self, url: str) -> None:
        """Open engines for ``url`` (``sqlite:///…`` or ``postgresql+psycopg://…``)."""
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._lock = threading.Lock()
        self._local = threading.local()
        self.engine = _engine(url, begin="BEGIN IMMEDIATE")
        self._reader = _engine(url, begin="BEGIN") if self.is_sqlite else self.engine
        self._quick_lock = threading.Lock()
        self._kept: PoolProxiedConnection | None = None
        self._cursor: Any = None
        self._texts: dict[
            int, tuple[str, tuple[str, ...], dict[str, object], Select[*tuple[Any, ...]]]
        ] = {}

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Yield a session in one write transaction; leaving commits all, an error undoes all.

        Raises:
            RuntimeError: called inside another ``begin()`` of the same thread.
            Stale: another writer changed a ``Versioned`` row between reading and writing it.
        """
        if getattr(self._local, "writing", False):
            message = "a command opened a second transaction"
            raise RuntimeError(message)
        try:
            with self._turn(), self._session() as session, session.begin():
                yield session
        except StaleDataError as error:
            raise Stale from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that cannot write; all its reads see one moment on PostgreSQL too."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            session.connection(execution_options=self._read_options())
            yield session

    def quick(
        self, statement: Select[*tuple[Any, ...]], values: dict[str, object]
    ) -> list[tuple[Any, ...]]:
        """Return the rows of one small read, as the driver gives them; for reads that must be fast.

        On SQLite one connection is kept with the statement prepared: 15 microseconds instead of
        300. There texts of dates and UUIDs stay texts. ``values`` are texts and numbers.
        """
        if self.is_sqlite:
            with self._quick_lock:
                return self._quick_rows(statement, values)
        with self._reader.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return [tuple(row) for row in connection.execute(statement, values)]

    def change_mark(self) -> int | None:
        """Return a number that changes with every commit of anybody, where the database has one.

        Only SQLite has; ``None`` elsewhere. Source: SQLite, "PRAGMA data_version".
        """
        if not self.is_sqlite:
            return None
        with self._quick_lock:
            row = self._quick_cursor().execute("PRAGMA data_version").fetchone()
        return int(row[0])

    def _quick_rows(
        self, statement: Select[*tuple[Any, ...]], values: dict[str, object]
    ) -> list[tuple[Any, ...]]:
        text_, names, fixed = self._prepared(statement)
        given = {**fixed, **values}
        cursor = self._quick_cursor()
        cursor.execute(text_, tuple(given[name] for name in names))
        return cast("list[tuple[Any, ...]]", cursor.fetchall())

    def _quick_cursor(self) -> Any:  # noqa: ANN401 - the driver's own
        if self._kept is None:
            self._kept = self._reader.raw_connection()
            self._cursor = self._kept.cursor()
        return self._cursor

    def _prepared(
        self, statement: Select[*tuple[Any, ...]]
    ) -> tuple[str, tuple[str, ...], dict[str, object]]:
        known = self._texts.get(id(statement))
        if known is None:
            compiled = statement.compile(self._reader)
            names = tuple(getattr(compiled, "positiontup", None) or ())
            known = (str(compiled), names, dict(compiled.params), statement)
            self._texts[id(statement)] = known
        return known[:3]

    def refresh_statistics(self) -> None:
        """Let SQLite's planner know the tables' sizes; PostgreSQL does so by itself.

        Without them it joins large tables in the order in which they are written. It reads every
        index whole (45 ms for 100,000 items): counts out of a sample of rows mislead it.
        """
        if self.is_sqlite:
            with self.begin() as session:
                session.connection().exec_driver_sql("ANALYZE")

    def close(self) -> None:
        """Close every connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        self.engine.dispose()
        self._reader.dispose()

    def _session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)

    def _read_options(self) -> dict[str, object]:
        if self.is_sqlite:
            return {}
        return {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._local.writing = True
        try:
            if self.is_sqlite:
                with self._lock:
                    yield
            else:
                yield
        finally:
            self._local.writing = False


def database_now(session: Session) -> datetime:
    """Return the database's own instant, aware and in UTC: the one time all processes agree on.

    For leases only; the domain asks a ``Clock``. Milliseconds on SQLite, microseconds elsewhere.
    """
    if session.connection().dialect.name == "sqlite":
        told = session.connection().scalar(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"))
        return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)
    told = session.connection().scalar(select(func.clock_timestamp(type_=DateTime(timezone=True))))
    return cast("datetime", told).astimezone(UTC)


def put_if_absent(session: Session, table: type[SQLModel], values: dict[str, object]) -> bool:
    """Insert one row unless one of its unique keys is taken; return whether it was new.

    A rival that has not committed yet is waited for, so afterwards the row can be read.
    """
    dialect = session.connection().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    # No single key is named: where a table has two, PostgreSQL would fail on the other one. Inline,
    # because with RETURNING SQLite does not count rows.
    statement = insert(table).values(values).on_conflict_do_nothing().inline()
    return rows_changed(session, statement) == 1


def rows_changed(session: Session, statement: UpdateBase) -> int:
    """Run an insert, a guarded update or a delete and return how many rows it touched.

    Objects that ``session`` has already read keep their old values.
    """
    session.flush()
    # Unless asked to, SQLAlchemy does not read the count of an INSERT on PostgreSQL.
    counted = {"preserve_rowcount": True}
    return session.connection().execute(statement, execution_options=counted).rowcount


def connecting(url: str) -> dict[str, int | None]:
    """Return how to connect to a database, where its address does not say so itself."""
    made = make_url(url)
    is_server = made.get_backend_name() != "sqlite"
    return {k: v for k, v in CONNECTING.items() if k not in made.query} if is_server else {}


def is_out_of_reach(error: BaseException) -> bool:
    """Return whether the database could not be reached or asked to wait: trying again can help.

    Whether a transaction that was just being committed took effect is then not known.
    """
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF in SQLITE_NOT_NOW
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # no server has said anything: there was none to say it
        return isinstance(error, OperationalError) and not isinstance(error.orig, sqlite3.Error)
    return str(state).startswith(NOT_NOW)


def _engine(url: str, *, begin: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        given = connecting(url)
        return create_engine(url, pool_size=POOL_SIZE, pool_pre_ping=True, connect_args=given)
    engine = create_engine(url, pool_size=POOL_SIZE, connect_args={"check_same_thread": False})
    read_only = begin == "BEGIN"

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # SQLAlchemy, not the driver, begins transactions: otherwise BEGIN IMMEDIATE is impossible.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _pragmas(read_only=read_only):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _pragmas(*, read_only: bool) -> list[str]:
    pragmas = [
        f"busy_timeout={WAIT_MS}",
        "journal_mode=wal",
        "synchronous=full",
        "foreign_keys=on",
        "cache_size=-65536",
    ]
    return [*pragmas, "query_only=on"] if read_only else pragmas
