"""One database of each kind for all cases of the rules: each case stands in a plan of its own."""

import shutil
from collections.abc import Iterator

import pytest

from tests.postgres import Server
from unbroken.kit.db import Sessions


@pytest.fixture(params=["sqlite", "postgresql"], scope="session")
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sessions]:
    """Yield sessions on one migrated database, for tests that add plans and touch no other."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("shared") / "unbroken.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        made = Sessions(f"sqlite:///{file}")
    else:
        running: Server = request.getfixturevalue("postgres")
        name = running.create(template=request.getfixturevalue("postgres_template"))
        made = Sessions(running.url(name))
    yield made
    made.close()
