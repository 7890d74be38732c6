"""Brings a database to the newest schema and says where it stands; works from a wheel too."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, NullPool, create_engine

from unbroken.kit.bundled import bundled
from unbroken.kit.db import connecting, metadata


def upgrade(url: str, *, folder: Path | None = None) -> None:
    """Run every migration ``url`` has not had yet; each one happens whole or not at all.

    ``folder`` holds the migrations; without it, those that came with the code.

    Raises:
        RuntimeError: a migration would leave rows that point at nothing (SQLite).
    """
    command.upgrade(_config(folder, url=url), "head")


def current(url: str) -> str | None:
    """Return the revision at which the database at ``url`` stands; ``None`` before the first."""
    engine = create_engine(url, poolclass=NullPool, connect_args=connecting(url))
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(*, folder: Path | None = None) -> str | None:
    """Return the newest revision in ``folder``, else of this code; ``None`` while there is none.

    Raises:
        CommandError: two revisions claim to be the newest.
    """
    return ScriptDirectory.from_config(_config(folder)).get_current_head()


def drift(url: str, expected: MetaData) -> list[str]:
    """Return how the database at ``url`` differs from ``expected``, one text each, or none.

    CHECK constraints are not compared: Alembic does not see them.
    """
    engine = create_engine(url, poolclass=NullPool, connect_args=connecting(url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, expected)]


def _config(folder: Path | None, *, url: str = "") -> Config:
    config = Config()
    location = str(folder or bundled("migrations"))
    config.set_main_option("script_location", location.replace("%", "%%"))
    config.attributes["url"] = url
    # Running needs how constraints are named and no table; else env.py asks wiring for all.
    config.attributes["metadata"] = metadata
    return config
