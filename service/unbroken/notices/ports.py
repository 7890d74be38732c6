"""What a way out of the house looks like: found by the entry-point group ``unbroken.senders``.

A sender knows no feature: it is handed a whole envelope and carries it, or says why not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from uuid import UUID

from unbroken.kit.settings import Settings

SENDERS = "unbroken.senders"


class Poster(Protocol):
    """A way to outside servers that keeps to where it may go."""

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        """Send ``body`` to ``url``, once; when this returns, it was taken.

        Raises:
            Unreached (of ``kit.reaching``): it was not taken, or nobody knows.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What a sender is made with: the one argument that its class is called with.

    ``secret`` returns the secret of a name that begins with ``UNBROKEN_SECRET_``, empty where it is
    not set. ``reach`` makes a way to outside servers for one envelope.
    """

    settings: Settings
    secret: Callable[[str], str] = field(repr=False)
    reach: Callable[[], Poster]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is to be carried; ``uid`` stays the same however often it is tried.

    ``to`` is a mailbox or an address. ``subject`` and ``text`` are in the reader's ``language``;
    ``event`` is the same for programs: a type, an instant and thin data (numbers and links). In
    ``lines`` are the links that the text names, each with its words, for readers that show them as
    such. ``secrets`` sign what is sent, the newest first, and are never written anywhere.
    ``settings_page`` is where the reader changes that such letters come; empty where they come
    because of something the reader or somebody else asked for.
    """

    uid: UUID
    to: str
    subject: str
    text: str
    language: str = "en"
    event: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    settings_page: str = ""


class NotSent(Exception):
    """It was not taken.

    ``trouble`` is a code, never what a stranger wrote. ``again``: trying later may help, not before
    ``wait_seconds`` (0: not said). ``gone``: the receiver wants nothing ever again. ``closed``: the
    whole way is out of order, so nothing else is tried by it in this turn.
    """

    def __init__(
        self,
        trouble: str,
        *,
        again: bool = True,
        wait_seconds: int = 0,
        gone: bool = False,
        closed: bool = False,
    ) -> None:
        """Keep why and what may be done."""
        self.trouble = trouble
        self.closed = closed
        self.again = again and not gone
        self.wait_seconds = wait_seconds
        self.gone = gone
        super().__init__(trouble)


class NoticeSender(Protocol):
    """One way out: mail, webhook, Teams, Slack."""

    def ready(self) -> bool:
        """Return whether it is configured; nothing is claimed for one that is not."""
        ...

    def send(self, envelope: Envelope) -> None:
        """Carry one envelope; when this returns, the receiver has taken it.

        Raises:
            NotSent: it has not.
        """
        ...


@runtime_checkable
class Resting(Protocol):
    """A sender that keeps something open between two envelopes."""

    def rest(self) -> None:
        """Put down what was kept open; called when nothing waits any more. Raises nothing."""
        ...
