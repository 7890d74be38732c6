"""``unbroken serve`` and ``unbroken work``: the web server, and the scheduler on its own."""

import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Annotated

import structlog
import typer
import uvicorn

from unbroken import wiring
from unbroken.cli.output import refusals
from unbroken.kit.settings import Settings

Port = Annotated[int | None, typer.Option("--port", help="Port to listen on.", min=0, max=65535)]
TO_END = (signal.SIGTERM, signal.SIGINT)
REQUEST_SECONDS = 10
DONE, BAD_START = 0, 3
LOOKS_AGAIN_SECONDS = 0.2

log = structlog.get_logger(__name__)


def serve(*, port: Port = None) -> None:
    """Serve pages and API, and run due scans in a thread of this process."""
    settings = Settings()
    with refusals():
        wiring.migrate(settings)
        with wiring.works(settings) as works:
            wiring.load_ruling_file(works)
            run_server(works, port=settings.port if port is None else port)


def run_server(works: wiring.Works, *, port: int) -> None:
    """Serve until the process is told to stop; requests and scans in hand are ended first."""
    listen_for_the_end(works)
    config = uvicorn.Config(
        wiring.web_app(works),
        host=works.settings.host,
        port=port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=min(REQUEST_SECONDS, int(works.settings.stop_seconds)),
    )
    server = _Server(config, end=lambda: told_to_end(works))
    if works.stop.asked:  # told so while the application was being made
        return
    server.run()
    if not server.started:
        raise typer.Exit(BAD_START)


def work() -> None:
    """Run due scans in this process until it is told to stop; any number may run side by side."""
    settings = Settings()
    with refusals(), wiring.works(settings) as works:
        wiring.load_ruling_file(works)
        run_work(works)


def run_work(works: wiring.Works) -> None:
    """Run what is due until the process is told to stop; what is in hand is ended first."""
    listen_for_the_end(works)
    with works.ticking():
        typer.echo("working; stop with Ctrl-C", err=True)
        # a signal that comes just before a wait without end is handled only after it
        while not works.stop.asked:
            time.sleep(LOOKS_AGAIN_SECONDS)


def listen_for_the_end(works: wiring.Works) -> None:
    """Have the signals that tell a process to end do so in order."""
    for number in TO_END:
        signal.signal(number, lambda *_: told_to_end(works))


def told_to_end(works: wiring.Works) -> None:
    """Have everything end after the item in hand, within bounded time; a second signal is final."""
    for number in TO_END:
        signal.signal(number, signal.SIG_DFL)
    works.stop.ask()
    watch = threading.Timer(works.settings.stop_seconds, _end_anyway)
    watch.daemon = True
    watch.start()


def _end_anyway() -> None:
    """End with work in hand: its lease says when another process may go on with it."""
    log.warning("ended with work in hand", action="process:ended-anyway")
    os._exit(DONE)


class _Server(uvicorn.Server):
    """Ends on a signal without raising it again: having ended in order is exit code 0."""

    def __init__(self, config: uvicorn.Config, *, end: Callable[[], None]) -> None:
        super().__init__(config)
        self._end = end

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more requests and have the scans end beside them."""
        del sig, frame
        self._end()
        self.should_exit = True
