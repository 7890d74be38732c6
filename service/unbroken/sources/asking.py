"""Asks an outside system one question, whole or not at all: what clients have in common.

Clients are found by the entry points of the group ``unbroken.clients``, under the name of the
reader that reads their answers; the core never learns which system one asks.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlencode

from unbroken.kit.reaching import Answer, Marks, Reach, Unreached, same_server
from unbroken.kit.sentences import Marked
from unbroken.sources.ports import Silence, SourceSilent
from unbroken.sources.readers import Payload

MOST_PAGES = 200
MOST_BYTES = 100 * 1024 * 1024
"""Of one answer, all its pages together."""


class Unchanged(Exception):
    """The answer is the one that was given before."""


@dataclass(slots=True)
class Asker:
    """Asks one server for one answer and sees to it that it is not led astray.

    ``known`` are the marks of the answer before; ``marks`` those of this one, where it is one
    payload.
    """

    reach: Reach
    base_url: str
    known: Marks = field(default_factory=Marks)
    marks: Marks = field(default_factory=Marks)
    _urls: set[str] = field(default_factory=set)
    _contents: set[bytes] = field(default_factory=set)
    _size: int = 0

    def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Payload:
        """Return what stands at an address of the server, one of perhaps many pages.

        ``path`` begins with ``/``, or is a whole address that the server gave.

        Raises:
            SourceSilent: no answer, another server's address, or a page that came before.
        """
        return self._payload(path, headers or {}, Marks())

    def only(self, path: str, *, headers: Mapping[str, str] | None = None) -> Payload:
        """Return the one payload of an answer, where it has changed.

        Raises:
            Unchanged: the server says it is the one known.
            SourceSilent: see ``get``.
        """
        return self._payload(path, headers or {}, self.known, is_only=True)

    def _payload(
        self, path: str, headers: Mapping[str, str], known: Marks, *, is_only: bool = False
    ) -> Payload:
        url = self.base_url.rstrip("/") + path if path.startswith("/") else path
        self._check_address(url)
        answer = self._reached(url, headers, known)
        if answer.is_same:
            raise Unchanged
        self._check_content(answer.content)
        if is_only:
            self.marks = answer.marks
        return Payload(url, answer.content)

    def _check_address(self, url: str) -> None:
        if not same_server(url, self.base_url):
            raise SourceSilent(Silence.LED_ELSEWHERE)
        if url in self._urls:
            raise SourceSilent(Silence.REPEATED_PAGE)
        if len(self._urls) >= MOST_PAGES:
            raise SourceSilent(Silence.TOO_MANY_PAGES)
        self._urls.add(url)

    def _reached(self, url: str, headers: Mapping[str, str], known: Marks) -> Answer:
        try:
            return self.reach.get_bytes(url, headers=headers, known=known)
        except Unreached as trouble:
            reason = Silence(trouble.trouble.value)
            raise SourceSilent(reason, wait_seconds=trouble.wait_seconds) from trouble

    def _check_content(self, content: bytes) -> None:
        self._size += len(content)
        if self._size > MOST_BYTES:
            raise SourceSilent(Silence.TOO_LARGE)
        digest = hashlib.sha256(content).digest()
        if digest in self._contents:
            raise SourceSilent(Silence.REPEATED_PAGE)
        self._contents.add(digest)


class Client(Protocol):
    """Asks one system one kind of question."""

    @property
    def questions(self) -> Mapping[str, Marked]:
        """Return what may be asked, by name, each with a sentence for people."""
        ...

    @property
    def needed(self) -> Collection[str]:
        """Return what must be asked."""
        ...

    @property
    def needs_secret(self) -> bool:
        """Return whether it answers only to who says a secret; else that is perhaps empty."""
        ...

    def address(self, asked: Mapping[str, str]) -> str:
        """Return where this is asked unless said otherwise: a server's address."""
        ...

    def payloads(self, asker: Asker, asked: Mapping[str, str], secret: str) -> Iterator[Payload]:
        """Yield the raw payloads of the whole answer; the reader of the kind checks and reads them.

        Ends quietly only where the system said that there is no more.

        Raises:
            SourceSilent: it did not answer, or what it answered leads nowhere.
            Unchanged: it is the answer given before.
        """
        ...


def written(asked: Mapping[str, str]) -> str:
    """Return a question as it is kept and compared: ``name=value&…`` in the order of the names."""
    return urlencode(sorted((name, told) for name, told in asked.items() if told))


def asked_of(question: str) -> dict[str, str]:
    """Return what a question that was kept asks, by name."""
    return dict(parse_qsl(question))
