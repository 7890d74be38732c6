"""Answers kept in memory, each as long as nothing has changed on which it rests; bounded."""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import NamedTuple

MOST_ANSWERS = 256
MOST_BYTES = 32 * 1024 * 1024
LARGEST = 4 * 1024 * 1024
COMPRESSED_FROM = 1000
LEVEL = 5


class Key(NamedTuple):
    """Which answer: to readers of one scope, on one day, at one address."""

    scope: tuple[tuple[str, str, str], ...]
    on: date
    path: str
    query: bytes


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer of JSON; ``stamp`` is the state on which it rests.

    ``packed`` is the body compressed, empty until somebody asked for it so.
    """

    stamp: str
    etag: str
    body: bytes
    packed: bytes = b""

    @property
    def size(self) -> int:
        """Return how many bytes it takes."""
        return len(self.body) + len(self.packed)


class KeptAnswers:
    """The answers used last; those that rest on an older state are as good as gone."""

    def __init__(self, *, most: int = MOST_ANSWERS, most_bytes: int = MOST_BYTES) -> None:
        """Keep at most so many answers of together so many bytes."""
        self._most, self._most_bytes = most, most_bytes
        self._found: OrderedDict[Key, KeptAnswer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._stamped: tuple[int, str] | None = None

    def stamp_at(self, mark: int | None, ask: Callable[[], str]) -> str:
        """Return the state of what answers rest on; asked for anew where ``mark`` is another.

        ``mark`` has to be read before: what is asked later may be newer, never older than it.
        """
        known = self._stamped
        if mark is None or known is None or known[0] != mark:
            stamp = ask()
            self._stamped = None if mark is None else (mark, stamp)
            return stamp
        return known[1]

    def find(self, key: Key, *, stamp: str) -> KeptAnswer | None:
        """Return the answer that still holds in the state ``stamp``, or nothing."""
        with self._lock:
            found = self._found.get(key)
            if found is None or found.stamp != stamp:
                return None
            self._found.move_to_end(key)
            return found

    def keep(self, key: Key, answer: KeptAnswer) -> None:
        """Keep an answer in place of the one before; one that is very large is not kept."""
        with self._lock:
            self._drop(key)
            if answer.size > min(LARGEST, self._most_bytes):
                return
            self._found[key] = answer
            self._bytes += answer.size
            while len(self._found) > self._most or self._bytes > self._most_bytes:
                self._drop(next(iter(self._found)))

    def _drop(self, key: Key) -> None:
        old = self._found.pop(key, None)
        self._bytes -= 0 if old is None else old.size


def packed(answer: KeptAnswer) -> KeptAnswer:
    """Return the answer with its body compressed beside it; a short one as it is."""
    if len(answer.body) < COMPRESSED_FROM:
        return answer
    return replace(answer, packed=gzip.compress(answer.body, LEVEL))
