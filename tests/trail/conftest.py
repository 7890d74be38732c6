"""A database that has the tables of the trail and nothing else."""

from collections.abc import Iterator

import pytest
from sqlmodel import SQLModel

from unbroken.kit.db import Sessions
from unbroken.trail import models


@pytest.fixture
def sessions(empty_database_url: str) -> Iterator[Sessions]:
    made = Sessions(empty_database_url)
    tables = [
        SQLModel.metadata.tables[str(kind.__tablename__)]
        for kind in (models.Chain, models.Entry, models.Value, models.Erasure)
    ]
    SQLModel.metadata.create_all(made.engine, tables=tables)
    yield made
    made.close()
