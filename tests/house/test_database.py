"""The migrations make exactly the tables of the models, on both databases."""

import re
from enum import Enum

import pytest
from sqlalchemy import Column, MetaData, NullPool, Table, create_engine, inspect
from sqlalchemy import Enum as EnumType
from sqlalchemy.engine import Inspector

from tests.house.tree import ROOT
from unbroken import wiring
from unbroken.kit import migrations

VERSIONS = ROOT / "migrations" / "versions"


@pytest.fixture
def migrated_url(empty_database_url: str) -> str:
    migrations.upgrade(empty_database_url)
    return empty_database_url


def test_head_names_the_newest_migration() -> None:
    head = (ROOT / "migrations" / "HEAD").read_text(encoding="utf-8").strip()
    files = sorted(at.name for at in VERSIONS.glob("*.py"))

    assert [head] == files[-1:]


def test_the_newest_file_is_the_newest_revision() -> None:
    newest = migrations.newest()

    assert newest is not None
    assert max(at.name for at in VERSIONS.glob("*.py")).startswith(newest)


def test_a_migrated_database_stands_at_the_newest_revision(migrated_url: str) -> None:
    newest = migrations.newest()

    assert newest is not None
    assert migrations.current(migrated_url) == newest


def test_migrations_and_models_do_not_drift_apart(migrated_url: str) -> None:
    assert migrations.drift(migrated_url, wiring.metadata()) == []


def test_each_check_in_the_database_allows_what_its_enum_allows(migrated_url: str) -> None:
    engine = create_engine(migrated_url, poolclass=NullPool)
    with engine.connect() as connection:
        checks = _checks(inspect(connection))

    expected = _enums(wiring.metadata())
    assert expected, "no model has an enum"
    assert {key: checks.get(key) for key in expected} == expected


def _enums(metadata: MetaData) -> dict[str, set[str]]:
    """Return the values of each enum column under the name of its CHECK."""
    return {
        f"ck_{table.name}_{column.type.name}": set(column.type.enums)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EnumType)
    }


def _checks(inspector: Inspector) -> dict[str, set[str]]:
    """Return the literals of each CHECK of the database under its name."""
    return {
        str(check["name"]): set(re.findall(r"'([^']*)'", check["sqltext"]))
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_the_values_of_an_enum_are_found_under_the_name_of_its_check() -> None:
    class Light(Enum):
        GREEN = "green"

    kind = EnumType(Light, name="light", values_callable=lambda each: [e.value for e in each])
    metadata = MetaData()
    Table("lamp", metadata, Column("light", kind))

    assert _enums(metadata) == {"ck_lamp_light": {"green"}}
