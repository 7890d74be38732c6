"""Runs migrations for ``unbroken db upgrade``, and for ``alembic revision`` in a checkout.

SQLite: foreign keys are off, because a table that is rebuilt would take its children's rows along;
what that could break is looked at before each migration is kept. BEGIN IMMEDIATE and a transaction
per migration make a failed one vanish whole. PostgreSQL: a migration that has to wait for a lock
gives up before it stops everybody else.
"""

from alembic import context
from alembic.migration import MigrationContext
from sqlalchemy import Engine, NullPool, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from unbroken.kit.db import connecting
from unbroken.kit.settings import Settings

BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SET LOCAL lock_timeout = '10s'"}

if "metadata" in context.config.attributes:
    metadata = context.config.attributes["metadata"]
else:  # only `alembic revision --autogenerate` needs to know every table
    from unbroken import wiring

    metadata = wiring.metadata()


def engine_for(url: str) -> Engine:
    """Return an engine on which whatever a migration does is in one transaction."""
    engine = create_engine(url, poolclass=NullPool, connect_args=connecting(url))
    begin = BEGIN[engine.dialect.name]

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        if engine.dialect.name == "sqlite":
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=10000")
            cursor.execute("PRAGMA foreign_keys=off")
            cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def refuse_orphans(ctx: MigrationContext, *_: object, **__: object) -> None:
    """Undo the migration that just ran if it left rows that point at nothing."""
    connection = ctx.connection
    if connection is None or connection.dialect.name != "sqlite":
        return
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        message = f"the migration leaves rows that point at nothing: {orphans[:5]}"
        raise RuntimeError(message)


def run() -> None:
    """Bring the database to the revision that was asked for."""
    engine = engine_for(context.config.attributes.get("url") or Settings().url())
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            transaction_per_migration=True,
            on_version_apply=refuse_orphans,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
