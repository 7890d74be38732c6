"""A PgBouncer in transaction mode before a server of ``tests.postgres``: a folder with its socket.

Each transaction may meet another server process: whatever is kept in a session is lost or, worse,
somebody else's.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres import PR_SET_PDEATHSIG, START_SECONDS, Server

PORT = 6432
# few servers for many clients, so that transactions of different clients do meet the same one
CONFIGURATION = """
[databases]
* = host={base} user=postgres

[pgbouncer]
unix_socket_dir = {folder}
listen_port = {port}
auth_type = any
pool_mode = transaction
default_pool_size = 6
max_client_conn = 200
query_wait_timeout = 5
server_login_retry = 1
server_connect_timeout = 3
ignore_startup_parameters = extra_float_digits
logfile = {folder}/log
pidfile = {folder}/pid
"""


def program() -> str:
    """Return the command, installed from the distribution where that may be done.

    Raises:
        RuntimeError: there is none; the tests never pretend that they had passed.
    """
    search = f"{os.environ.get('PATH', '')}:/usr/sbin"
    if shutil.which("pgbouncer", path=search) is None and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "pgbouncer"]):
            subprocess.run(["apt-get", "-qq", *words], env=environment, check=False)
    found = shutil.which("pgbouncer", path=search)
    if found is None:
        message = "no PgBouncer found: apt-get install pgbouncer"
        raise RuntimeError(message)
    return found


@contextmanager
def pooler(server: Server) -> Iterator[str]:
    """Yield the folder of a pooler's socket. Call from the main thread only: it dies with it."""
    folder = Path(tempfile.mkdtemp(prefix="unbroken-pooler-"))
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, user, -1)
    file = folder / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(base=server.base, folder=folder, port=PORT), "utf-8")
    libc = ctypes.CDLL(None)
    process = subprocess.Popen(
        [program(), "-q", str(file)],
        user=user,
        cwd=folder,
        preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM),  # noqa: PLW1509
    )
    try:
        _wait_for(folder)
        yield str(folder)
    finally:
        process.terminate()
        process.wait(START_SECONDS)
        shutil.rmtree(folder)


def through(folder: str, database: str) -> str:
    """Return the SQLAlchemy address of ``database`` through a pooler."""
    return f"postgresql+psycopg://postgres@/{database}?host={folder}&port={PORT}"


def _wait_for(folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"host={folder} port={PORT} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
