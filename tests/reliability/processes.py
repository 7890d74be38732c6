"""Processes of the tests: forked off one that has loaded everything, and gone with their test."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Concatenate, ParamSpec

Words = ParamSpec("Words")


class Child:
    """A process and the line to it."""

    def __init__(self, process: ForkServerProcess, line: Connection) -> None:
        self.process = process
        self._line = line

    def heard(self, *, seconds: float = 60) -> object:
        """Return the next thing it says.

        Raises:
            TimeoutError: it says nothing.
        """
        if not self._line.poll(seconds):
            raise TimeoutError
        return self._line.recv()

    def say(self, what: str) -> None:
        self._line.send(what)

    def send(self, number: signal.Signals) -> None:
        if self.process.pid is not None:
            os.kill(self.process.pid, number)

    def ended(self, *, seconds: float = 20) -> int | None:
        """Return how it ended: 0 is well, ``None`` is not at all."""
        self.process.join(seconds)
        return self.process.exitcode

    def bury(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self._line.close()


class Family:
    """What starts processes."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        # loading takes seconds, a fork of what is loaded takes none
        self._context.set_forkserver_preload(
            ["tests.reliability.instance", "tests.reliability.writer"]
        )

    def start(
        self,
        work: Callable[Concatenate[Connection, Words], None],
        *words: Words.args,
        **named: Words.kwargs,
    ) -> Child:
        """Return a new process that does ``work``, which gets the other end of the line."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, *words), kwargs=named)
        process.start()
        theirs.close()
        child = Child(process, ours)
        self.children.append(child)
        return child


@contextmanager
def family() -> Iterator[Family]:
    """Yield what starts processes; whatever is still there on leaving is killed."""
    made = Family()
    try:
        yield made
    finally:
        for child in made.children:
            child.bury()
