"""Fresh databases of both kinds, a clock that stands still, and a guard against the outside."""

import gc
import os
import sqlite3
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.databases import keep_engines
from tests.house.messages.asked import note_what_is_asked, strangers
from tests.pooler import pooler, through
from tests.postgres import Server, server
from tests.scenes import Database, File
from unbroken.kit import migrations
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions

HERE = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None)  # noqa: S104
SELDOM = (10_000, 10, 10)
KEPT = {"sqlite": "sqlite_kept", "postgresql": "postgres_kept"}
THROUGH_POOLER = "UNBROKEN_TESTS_POOLER"
GUARDED = ("socket.connect", "socket.sendto", "socket.getaddrinfo")


def _refuse_the_outside(event: str, arguments: tuple[object, ...]) -> None:
    if event not in GUARDED:
        return
    address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = address[0] if isinstance(address, tuple) else address
    is_unix_path = not isinstance(address, tuple) and event != "socket.getaddrinfo"
    if not is_unix_path and host not in HERE:
        message = f"a test tried to reach {host!r}: only this machine is allowed"
        raise RuntimeError(message)


# An audit hook cannot be got round by code that keeps its own reference to a socket function.
sys.addaudithook(_refuse_the_outside)


note_what_is_asked()

# a machine that is busy with something else must not fail a property
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def _log_plainly() -> None:
    """Write tracebacks as they are: drawn in boxes, as by default, one takes seconds."""
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    *before, _drawn = structlog.get_config()["processors"]
    structlog.configure(processors=[*before, plain])


_log_plainly()


@pytest.fixture(autouse=True)
def every_text_asked_for_is_a_message(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that has a text translated which the extraction of messages does not find.

    Tests that make catalogues of their own are marked ``own_messages``.
    """
    strangers()
    yield
    found = strangers()
    if found and request.node.get_closest_marker("own_messages") is None:
        pytest.fail(f"asked for translations of what is no message: {found}")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep the collector of garbage from looking through ten thousand tests again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one: half a run never looks like a whole one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipping is not allowed: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file that has had every migration; copy it, never open it."""
    file = tmp_path_factory.mktemp("template") / "unbroken.sqlite3"
    migrations.upgrade(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode=wal")  # or whoever opens a copy first would write
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Yield a PostgreSQL server of this test process alone, behind a pooler where that is asked."""
    with server() as running:
        if not os.environ.get(THROUGH_POOLER):
            yield running
            return
        with pooler(running) as folder:
            running.through = partial(through, folder)
            yield running


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """Return the name of a PostgreSQL database that has had every migration."""
    name = postgres.create()
    migrations.upgrade(postgres.url(name))
    return name


@pytest.fixture(scope="session", autouse=True)
def kept_engines() -> Iterator[None]:
    """Have one engine for an address in this process: see ``tests.databases``."""
    undo = keep_engines()
    yield
    undo()


@pytest.fixture(scope="session")
def sqlite_kept(sqlite_template: Path) -> File:
    """Return the file that is made anew for each test."""
    return File(file=sqlite_template.with_name("kept.sqlite3"), template=sqlite_template)


@pytest.fixture(scope="session")
def postgres_kept(postgres: Server, postgres_template: str) -> Database:
    """Return the database that is emptied for each test."""
    name = postgres.create(template=postgres_template)
    return Database(server=postgres, name=name, template=postgres_template)


@pytest.fixture(params=KEPT)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a fresh, migrated database; the test runs once on each kind."""
    kept: File | Database = request.getfixturevalue(KEPT[request.param])
    return kept.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of a database without any table; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        running: Server = request.getfixturevalue("postgres")
        name = running.create()
        yield running.url(name)
        running.drop(name)


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    """Yield sessions on a fresh, migrated database and close them."""
    made = Sessions(database_url)
    yield made
    made.close()


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands at 2 March 2026, 09:00 UTC."""
    return FixedClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
