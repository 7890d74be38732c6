"""Migrations happen whole or not at all, and leave no row that points at nothing."""

from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, inspect, text

from unbroken.kit import migrations
from unbroken.kit.bundled import bundled

FIRST = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade():
    key = sa.Column("id", sa.Integer, primary_key=True)
    op.create_table("parent", key, sa.Column("was", sa.Integer))
    to_parent = sa.ForeignKey("parent.id", ondelete="CASCADE", name="fk_child")
    op.create_table(
        "child",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, to_parent),
    )
    op.execute("INSERT INTO parent (id, was) VALUES (1, 7)")
    op.execute("INSERT INTO child (id, parent_id) VALUES (1, 1)")
"""
REBUILD = """
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    with op.batch_alter_table("parent", recreate="auto") as batch:
        batch.drop_column("was")
"""
BROKEN = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("SELECT no_such_column FROM parent")
"""
ORPHANING = """
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.execute("DELETE FROM parent")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    (made / "versions").mkdir(parents=True)
    (made / "env.py").symlink_to(bundled("migrations") / "env.py")
    (made / "versions" / "first.py").write_text(FIRST, encoding="utf-8")
    return made


def test_an_empty_database_stands_before_the_first_revision(empty_database_url: str) -> None:
    assert migrations.current(empty_database_url) is None


def test_upgrading_reaches_the_newest_revision(folder: Path, empty_database_url: str) -> None:
    _add(folder, REBUILD)
    migrations.upgrade(empty_database_url, folder=folder)

    assert migrations.current(empty_database_url) == migrations.newest(folder=folder) == "0002"


def test_upgrading_twice_changes_nothing(folder: Path, empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url, folder=folder)
    migrations.upgrade(empty_database_url, folder=folder)

    assert _rows(empty_database_url, "child") == 1


def test_rebuilding_a_table_keeps_its_children(folder: Path, empty_database_url: str) -> None:
    _add(folder, REBUILD)
    migrations.upgrade(empty_database_url, folder=folder)

    assert _rows(empty_database_url, "child") == 1


def test_a_failed_migration_vanishes_whole(folder: Path, empty_database_url: str) -> None:
    _add(folder, BROKEN)
    with pytest.raises(Exception, match="no_such_column"):
        migrations.upgrade(empty_database_url, folder=folder)

    assert migrations.current(empty_database_url) == "0001"
    assert "half" not in _tables(empty_database_url)


def test_a_migration_that_leaves_orphans_is_undone_on_sqlite(folder: Path, tmp_path: Path) -> None:
    _add(folder, ORPHANING)
    url = f"sqlite:///{tmp_path / 'orphans.sqlite3'}"
    with pytest.raises(RuntimeError, match="point at nothing"):
        migrations.upgrade(url, folder=folder)

    assert _rows(url, "parent") == 1


def _add(folder: Path, revision: str) -> None:
    (folder / "versions" / "second.py").write_text(revision, encoding="utf-8")


def _rows(url: str, table: str) -> int:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return len(connection.execute(text(f"SELECT 1 FROM {table}")).all())  # noqa: S608


def _tables(url: str) -> list[str]:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return inspect(connection).get_table_names()
