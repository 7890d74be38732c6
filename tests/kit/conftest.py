"""Tables of the kit alone, and one made for these tests."""

from collections.abc import Iterator

import pytest
from sqlmodel import SQLModel

from tests.kit.things import Thing
from unbroken.kit.db import Sessions
from unbroken.kit.idempotency import IdempotencyKey
from unbroken.kit.instance import Instance


@pytest.fixture
def kit(empty_database_url: str) -> Iterator[Sessions]:
    made = Sessions(empty_database_url)
    Thing.metadata.create_all(made.engine)
    kinds = (IdempotencyKey, Instance)
    tables = [SQLModel.metadata.tables[str(kind.__tablename__)] for kind in kinds]
    SQLModel.metadata.create_all(made.engine, tables=tables)
    yield made
    made.close()
