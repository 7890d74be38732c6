"""SQLite stays on one machine: no network file system, no second host while the first lives."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select
from typer.testing import CliRunner

from tests.databases import fresh_file
from tests.scans.stage import until
from unbroken.cli.main import app
from unbroken.kit.db import Sessions, database_now
from unbroken.kit.file_systems import file_system_of, is_network
from unbroken.kit.one_host import (
    SILENT,
    DatabaseUse,
    Host,
    OnNetwork,
    UsedElsewhere,
    in_use,
    refuse_network,
    refuse_second_host,
    this_host,
)

MOUNTS = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:50 / /srv/share rw,relatime master:2 - nfs4 filer:/export rw,vers=4.2
41 40 8:1 / /srv/share/local rw - xfs /dev/sdb1 rw
42 27 0:51 / /mnt/with\040space rw - cifs //filer/share rw
43 27 0:52 / /home/user/remote rw - fuse.sshfs user@host: rw
44 27 0:53 / /data rw - ext4 /dev/sdc rw
45 27 0:54 / /data rw - 9p share rw,trans=virtio
46 27 0:55 / /var/lib/containers rw - fuse.fuse-overlayfs fuse-overlayfs rw
47 27 0:56 / /mac rw - virtiofs share rw
a line of a later kernel
"""
CASES = {
    "/": ("ext4", False),
    "/srv/unbroken.sqlite3": ("ext4", False),
    "/srv/sharers/unbroken.sqlite3": ("ext4", False),
    "/srv/share/unbroken.sqlite3": ("nfs4", True),
    "/srv/share/local/unbroken.sqlite3": ("xfs", False),
    "/mnt/with space/unbroken.sqlite3": ("cifs", True),
    "/home/user/remote/unbroken.sqlite3": ("fuse.sshfs", True),
    "/data/unbroken.sqlite3": ("9p", True),
    "/var/lib/containers/unbroken.sqlite3": ("fuse.fuse-overlayfs", False),
    "/mac/unbroken.sqlite3": ("virtiofs", False),
}
HERE, THERE = Host("here", "first-machine"), Host("there", "second-machine")


@pytest.mark.parametrize("path", CASES)
def test_the_nearest_mount_says_on_what_a_file_lies(path: str) -> None:
    kind = file_system_of(path, mounts=MOUNTS)

    assert CASES[path] == (kind, is_network(kind))


def test_where_the_system_does_not_tell_nothing_is_refused() -> None:
    assert not is_network(file_system_of("/data/unbroken.sqlite3", mounts=""))
    refuse_network("postgresql+psycopg://postgres@/x", mounts=MOUNTS)


def test_a_file_on_a_network_is_refused_with_what_where_and_how_to_mend() -> None:
    with pytest.raises(OnNetwork) as refused:
        refuse_network("sqlite:////srv/share/unbroken.sqlite3", mounts=MOUNTS)

    told = refused.value.render() + refused.value.remedy
    assert all(each in told for each in ("/srv/share/unbroken.sqlite3", "nfs4", "UNBROKEN_DATA"))


@pytest.fixture
def sessions(sqlite_template: Path) -> Iterator[Sessions]:
    made = Sessions(fresh_file(sqlite_template.with_name("kept.sqlite3"), sqlite_template))
    yield made
    made.close()


def _uses(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        return sorted(use.host for use in session.exec(select(DatabaseUse)))


def _age(sessions: Sessions, by: timedelta) -> None:
    with sessions.begin() as session:
        session.connection().execute(update(DatabaseUse).values(beat_at=database_now(session) - by))


def _never() -> None:
    raise AssertionError


def test_a_second_machine_is_refused_while_the_first_lives_and_let_in_when_it_has_ended(
    sessions: Sessions,
) -> None:
    with in_use(sessions, me=HERE, end=_never):
        with pytest.raises(UsedElsewhere, match="first-machine"), ExitStack() as stack:
            stack.enter_context(in_use(sessions, me=THERE, end=_never))
        with pytest.raises(UsedElsewhere, match="first-machine"):
            refuse_second_host(sessions.url, me=THERE)
        # several of one machine are welcome; a short one is covered by the other and writes nothing
        with in_use(sessions, me=HERE, end=_never):
            assert ["here"] == _uses(sessions)
    assert [] == _uses(sessions)
    with in_use(sessions, me=THERE, end=_never):
        assert ["there"] == _uses(sessions)


@pytest.mark.parametrize("by", [SILENT, -2 * SILENT], ids=["silent", "from a clock ahead"])
def test_a_machine_that_has_gone_silent_is_replaced(sessions: Sessions, by: timedelta) -> None:
    with in_use(sessions, me=HERE, end=_never):
        _age(sessions, by)
        with in_use(sessions, me=THERE, end=_never):
            assert ["there"] == _uses(sessions)


def test_who_was_asleep_while_another_machine_took_over_ends_at_its_next_word(
    sessions: Sessions,
) -> None:
    ended = threading.Event()
    with in_use(sessions, me=HERE, end=ended.set, every_seconds=0.02):
        with sessions.begin() as session:
            theirs = {"host": "there", "beat_at": database_now(session)}
            session.connection().execute(update(DatabaseUse).values(theirs))

        assert ended.wait(20)


def test_who_stays_says_so_again_and_again(sessions: Sessions) -> None:
    with in_use(sessions, me=HERE, end=_never, every_seconds=0.02):
        _age(sessions, SILENT)
        until(lambda: _beat_is_young(sessions))


def _beat_is_young(sessions: Sessions) -> bool:
    with sessions.reading() as session:
        uses = session.exec(select(DatabaseUse)).all()
        return any(database_now(session) - use.beat_at < SILENT / 2 for use in uses)


def test_a_command_on_a_second_machine_ends_with_exit_code_1_and_says_how_to_go_on(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNBROKEN_DATABASE_URL", sessions.url)
    with in_use(sessions, me=Host("elsewhere", "other-machine"), end=_never):
        results = [CliRunner().invoke(app, words) for words in (["scan"], ["db", "upgrade"])]

    assert [1, 1] == [each.exit_code for each in results]
    assert all("other-machine" in each.output for each in results)
    assert all("two minutes" in each.output for each in results)


def test_the_machine_is_the_same_for_all_its_processes() -> None:
    assert this_host() == this_host()
    assert this_host().key not in {"", this_host().name}
