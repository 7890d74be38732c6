"""Cuts a connection when its time is over, whatever the other side still sends.

A client's own timeouts are for each piece: a server that sends one byte a second keeps them all.
"""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

CONNECTED = "connection.connect_tcp.complete"


class Cut:
    """Holds a block in which one connection may last for so many seconds; then it is shut down.

    ``watch`` is told what the client does (its extension ``trace``): so it learns of the socket.
    """

    def __init__(self, seconds: float) -> None:
        """Note how long the block may last; time runs from entering it."""
        self.is_done = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._twin: socket.socket | None = None

    def __enter__(self) -> Self:
        """Begin to count."""
        self._timer.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Let go of the connection."""
        self._timer.cancel()
        with self._lock:
            if self._twin is not None:
                self._twin.close()

    def watch(self, event: str, facts: Mapping[str, object]) -> None:
        """Keep a second handle of the connection: the first one goes into its encryption."""
        if event != CONNECTED:
            return
        found = _socket_of(facts["return_value"])
        if found is None:
            return
        with self._lock:
            self._twin = found.dup()
        if self.is_done:
            self._end()

    def _end(self) -> None:
        self.is_done = True
        with self._lock, suppress(OSError):
            if self._twin is not None:
                self._twin.shutdown(socket.SHUT_RDWR)


def _socket_of(stream: object) -> socket.socket | None:
    asked = getattr(stream, "get_extra_info", None)
    found = asked("socket") if callable(asked) else None
    return found if isinstance(found, socket.socket) else None
