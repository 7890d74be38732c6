"""A line between browser and server that goes down, drops answers half said, and counts."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CHUNK = 65536
MISSING = 20
"""How many bytes a dropped answer lacks at its end; one without a body is lost as a whole."""


class BadLine:
    """Passes on what a browser sends, as long as it is up.

    ``acts`` counts the acts that passed, ``came`` the bytes that reached the browser, with heads.
    """

    def __init__(self, server: str) -> None:
        """Listen on a free port of this machine, up."""
        self._target = (str(urlsplit(server).hostname), urlsplit(server).port or 80)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.is_up = True
        self.acts = 0
        self.came = 0
        self.drops_at: set[int] = set()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def down(self) -> None:
        """Cut every connection; new ones end at once."""
        self.is_up = False
        with self._lock:
            open_now = list(self._open)
        for each in open_now:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def up(self) -> None:
        """Let everything pass again."""
        self.is_up = True

    def run(self) -> None:
        """Serve until the line is closed."""
        while True:
            try:
                browser, _address = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def close(self) -> None:
        """End the line for good."""
        self.down()
        # a thread in accept() is not woken by close alone
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _carry(self, browser: socket.socket) -> None:
        with browser:
            if not self.is_up:
                return
            server = socket.create_connection(self._target)
            with server:
                with self._lock:
                    self._open |= {browser, server}
                dropping = threading.Event()
                back = threading.Thread(
                    target=self._answers, args=(server, browser, dropping), daemon=True
                )
                back.start()
                self._requests(browser, server, dropping)
                back.join()
                with self._lock:
                    self._open -= {browser, server}

    def _requests(
        self, browser: socket.socket, server: socket.socket, dropping: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while told := browser.recv(CHUNK):
                if told.startswith(b"POST /capacities/"):
                    self.acts += 1
                    if self.acts in self.drops_at:
                        dropping.set()
                server.sendall(told)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _answers(
        self, server: socket.socket, browser: socket.socket, dropping: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while told := server.recv(CHUNK):
                if dropping.is_set():
                    has_body = b"application/json" in told
                    browser.sendall(told[:-MISSING] if has_body else b"")
                    self.down()
                    return
                self.came += len(told)
                browser.sendall(told)
        with contextlib.suppress(OSError):
            browser.shutdown(socket.SHUT_RDWR)


@contextmanager
def bad_line(server: str) -> Iterator[BadLine]:
    """Yield a line to ``server`` that is up."""
    line = BadLine(server)
    thread = threading.Thread(target=line.run)
    thread.start()
    try:
        yield line
    finally:
        line.close()
        thread.join(timeout=10)
