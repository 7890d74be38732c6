"""``unbroken serve`` and ``unbroken work``: the web server, and the scheduler on its own."""

import signal
import threading
from typing import Annotated

import typer
import uvicorn

from unbroken import wiring
from unbroken.cli.output import refusals
from unbroken.kit.settings import Settings

Port = Annotated[int | None, typer.Option("--port", help="Port to listen on.", min=0, max=65535)]


def serve(*, port: Port = None) -> None:
    """Serve pages and API, and run due scans in a thread of this process."""
    settings = Settings()
    with refusals():
        wiring.migrate(settings)
        with wiring.works(settings) as works:
            wiring.load_ruling_file(works)
            run_server(works, port=settings.port if port is None else port)


def run_server(works: wiring.Works, *, port: int) -> None:
    """Serve until the process is told to stop."""
    uvicorn.run(
        wiring.web_app(works),
        host=works.settings.host,
        port=port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def work() -> None:
    """Run due scans in this process until it is told to stop; any number may run side by side."""
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    settings = Settings()
    with refusals(), wiring.works(settings) as works:
        wiring.load_ruling_file(works)
        with works.ticking():
            typer.echo("working; stop with Ctrl-C", err=True)
            stopped.wait()
