"""A receiver of webhooks on this machine, and every kind of bad day that one may have."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Manner(StrEnum):
    """How it answers."""

    PLAIN = "plain"
    DRIPS_HEADERS = "drips headers"
    DRIPS_BODY = "drips body"
    HUGE = "huge"
    RESETS = "resets"


@dataclass(frozen=True, slots=True)
class Says:
    """One answer."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = Manner.PLAIN


@dataclass(frozen=True, slots=True)
class Came:
    """One request that came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """What came, and what it says next; when nothing is left to say it answers 204.

    Between taking and answering it lets ``thinks_seconds`` pass.
    """

    says: list[Says] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    address: str = ""
    thinks_seconds: float = 0.0


@contextmanager
def receiving(*says: Says) -> Iterator[Receiver]:
    """Receive on a free port of this machine, and stop."""
    state = Receiver(list(says))

    class Handler(_Handler):
        receiver = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        headers = {name.lower(): told for name, told in self.headers.items()}
        self.receiver.came.append(Came(self.path, headers, self.rfile.read(length)))
        says = self.receiver.says.pop(0) if self.receiver.says else Says()
        if self.receiver.thinks_seconds:
            threading.Event().wait(self.receiver.thinks_seconds)
        try:
            self._answer(says)
        except OSError:
            return  # the other side had enough

    def _answer(self, says: Says) -> None:
        match says.manner:
            case Manner.RESETS:
                self.connection.close()
            case Manner.DRIPS_HEADERS:
                self._for_ever(b"HTTP/1.1 204 No Content\r\n", b"x-more: and more\r\n")
            case Manner.DRIPS_BODY:
                self._for_ever(b"HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n", b".")
            case Manner.HUGE:
                head = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n"
                self._for_ever(head, b"." * 65_536)
            case Manner.PLAIN:
                self.send_response(says.status)
                for name, value in says.headers.items():
                    self.send_header(name, value)
                self.end_headers()

    def _for_ever(self, head: bytes, more: bytes) -> None:
        """Send a piece every now and then until the other side has enough."""
        self.wfile.write(head)
        ended = threading.Event()
        while not ended.wait(0.002):
            self.wfile.write(more)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002
        """Say nothing."""
