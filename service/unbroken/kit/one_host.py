"""SQLite belongs to one machine: its locks and its shared memory are those of one kernel.

A process that stays says every twenty seconds, in the database and by its time, on which machine it
runs. Another machine is refused while the last word is younger than two minutes. Several processes
of one machine are welcome. See decision 0022 for containers.
"""

import hashlib
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import delete, inspect, update
from sqlalchemy.engine import make_url
from sqlmodel import Field, Session, SQLModel, col, select

from unbroken.kit.db import Sessions, database_now, new_uid, rows_changed
from unbroken.kit.errors import Refused
from unbroken.kit.file_systems import file_system_of, is_network
from unbroken.kit.languages import gettext as _

BEAT_SECONDS = 20.0
SILENT = timedelta(minutes=2)
"""Longer than a beat may have to wait for another process's import."""
MOUNTS = Path("/proc/self/mountinfo")
BOOT = Path("/proc/sys/kernel/random/boot_id")

log = structlog.get_logger(__name__)


class DatabaseUse(SQLModel, table=True):
    """One process that uses a SQLite database, and when it last said so."""

    __tablename__ = "database_use"

    process_uid: UUID = Field(primary_key=True)
    host: str = Field(max_length=64)
    host_name: str = Field(max_length=80)
    beat_at: datetime


class OnNetwork(Refused):
    """The SQLite file lies on a network file system."""

    code = "database-on-network"
    remedy = _("Bring it to a disk of this machine, or use PostgreSQL.")


class UsedElsewhere(Refused):
    """The SQLite file is in use on another machine."""

    code = "database-used-elsewhere"
    remedy = _("Stop the service there, or use PostgreSQL.")


@dataclass(frozen=True, slots=True)
class Host:
    """A machine: ``key`` is the same for all processes of one running kernel, ``name`` for eyes."""

    key: str
    name: str


def this_host() -> Host:
    """Return the machine this runs on.

    The kernel's boot identifier, hashed: the same in all containers of a machine, another one on
    each machine and after each start, and never copied along with an image as a machine-id is.
    Where there is none, the network card's address.
    """
    try:
        told = BOOT.read_text(encoding="ascii").strip()
    except OSError:
        told = str(uuid.getnode())
    name = socket.gethostname()
    return Host(hashlib.sha256(f"unbroken host {told}".encode()).hexdigest(), name[:80])


def mounts_here() -> str:
    """Return the mounts that this process sees; nothing where the system does not tell."""
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def refuse_network(url: str, *, mounts: str) -> None:
    """Pass where the file of a SQLite address lies on a disk of this machine, as far as is known.

    Raises:
        OnNetwork: it lies on a network file system.
    """
    file = _file_of(url)
    if file is None:
        return
    kind = file_system_of(str(file), mounts=mounts)
    if is_network(kind):
        raise OnNetwork(
            "The SQLite file {file} lies on a network file system ({kind}), where the locks of "
            "SQLite do not hold and two machines destroy what the other writes.",
            file=str(file),
            kind=kind,
            remedy="Set UNBROKEN_DATA to a folder on a disk of this machine (bring the file there "
            "with SQLite's own backup), or set UNBROKEN_DATABASE_URL to a PostgreSQL database.",
        )


def refuse_second_host(url: str, *, me: Host) -> None:
    """Pass where no other machine uses the file of a SQLite address, or where there is none yet.

    Raises:
        UsedElsewhere: another machine has said within two minutes that it does.
    """
    file = _file_of(url)
    if file is None or not file.exists():
        return
    sessions = Sessions(url)
    try:
        _is_used_here(sessions, me)
    finally:
        sessions.close()


@contextmanager
def in_use(
    sessions: Sessions, *, me: Host, end: Callable[[], None], every_seconds: float = BEAT_SECONDS
) -> Iterator[None]:
    """Say of a SQLite database that it is in use here, until the block is left.

    Whoever does not stay is covered by another process of this machine that said so just now: a
    short command then writes nothing. ``end`` is called where another machine has taken the
    database over meanwhile (this one was asleep): this process must not write once more.

    Raises:
        UsedElsewhere: another machine uses it.
    """
    if not sessions.is_sqlite or not _is_ready(sessions):
        yield
        return
    process, left = new_uid(), threading.Event()
    if not _is_used_here(sessions, me):
        _say(sessions, me, process)

    def keep() -> None:
        while not left.wait(every_seconds):
            try:
                _say(sessions, me, process)
            except UsedElsewhere:
                log.critical("database used elsewhere", action="database:used-elsewhere")
                end()
                return
            except Exception:
                log.exception("use not noted", action="database:use:not-noted")

    keeper = threading.Thread(target=keep, name="database-use", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        left.set()
        keeper.join()
        _say_no_more(sessions, process)


def _file_of(url: str) -> Path | None:
    made = make_url(url)
    is_file = made.get_backend_name() == "sqlite" and made.database not in {None, "", ":memory:"}
    return Path(str(made.database)).resolve() if is_file else None


def _is_ready(sessions: Sessions) -> bool:
    with sessions.reading() as session:
        return inspect(session.connection()).has_table(DatabaseUse.__tablename__)


def _is_used_here(sessions: Sessions, me: Host) -> bool:
    """Return whether a process of this machine has said just now that it uses the database."""
    if not _is_ready(sessions):
        return False
    with sessions.reading() as session:
        return _check(session, me, now=database_now(session))


def _check(session: Session, me: Host, *, now: datetime) -> bool:
    uses = session.exec(select(DatabaseUse)).all()
    for use in uses:
        age = abs(now - use.beat_at)  # the other machine's clock may be ahead
        if use.host != me.key and age < SILENT:
            raise UsedElsewhere(
                "The SQLite database is in use on another machine, {host}: its last sign of life "
                "is {age} seconds old. Two machines destroy what the other writes.",
                host=use.host_name,
                age=int(age.total_seconds()),
                remedy="Stop the service there, or start this again once that machine has been "
                "silent for two minutes. Several machines need PostgreSQL: set "
                "UNBROKEN_DATABASE_URL.",
            )
    return any(use.host == me.key and now - use.beat_at < SILENT / 2 for use in uses)


def _say(sessions: Sessions, me: Host, process: UUID) -> None:
    with sessions.begin() as session:
        now = database_now(session)
        _check(session, me, now=now)
        is_silent = (col(DatabaseUse.beat_at) < now - SILENT) | (
            col(DatabaseUse.beat_at) > now + SILENT
        )
        rows_changed(session, delete(DatabaseUse).where(is_silent))
        mine = update(DatabaseUse).where(col(DatabaseUse.process_uid) == process)
        if not rows_changed(session, mine.values(beat_at=now)):
            session.add(
                DatabaseUse(process_uid=process, host=me.key, host_name=me.name, beat_at=now)
            )


def _say_no_more(sessions: Sessions, process: UUID) -> None:
    mine = col(DatabaseUse.process_uid) == process
    with sessions.reading() as session:
        if session.exec(select(DatabaseUse).where(mine)).first() is None:
            return
    with sessions.begin() as session:
        rows_changed(session, delete(DatabaseUse).where(mine))
