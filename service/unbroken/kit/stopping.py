"""Whether this process was asked to end: whatever works in rings looks between two items."""

import threading


class Stopped(Exception):
    """The process was asked to end; what is in hand is put down for others to take up."""


class Stop:
    """Asked for once and never taken back; one per process, handed to whatever goes on for long."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._asked = threading.Event()

    @property
    def asked(self) -> bool:
        """Return whether to begin nothing more."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Have everything end after the item in hand; a signal handler may call it."""
        self._asked.set()

    def check(self) -> None:
        """Return while nobody has asked.

        Raises:
            Stopped: somebody has.
        """
        if self.asked:
            raise Stopped

    def wait(self, seconds: float | None = None) -> bool:
        """Return whether it was asked for, after ``seconds`` at the latest (``None``: whenever)."""
        return self._asked.wait(seconds)

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds.

        Raises:
            Stopped: it was asked for meanwhile.
        """
        self.wait(seconds)
        self.check()
