"""What one message to a channel tells: numbers and links, the rest counted; pure.

Who reads a channel is not known here, so nothing that is restricted may follow from a message:
neither how bad a thing is, nor where, nor by which rule; and its order is that of the numbers.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from unbroken.gaps.rules.words import Severity
from unbroken.notices.rules.digests import Piece, digest_of
from unbroken.notices.rules.words import News

MOST_TOLD = 50
MOST_BYTES = 10_000
"""Of the things told. Standard Webhooks 1.0 allows 20 kB in all, Slack about 13,000 characters
(slackapi/bolt-js issue 2509), Teams 28 kB."""
NEWS, TEST = "notices.news", "notices.test"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a channel is told: gaps from ``least`` upwards, and these kinds of news."""

    least: Severity
    kinds: frozenset[News]

    def takes(self, piece: Piece) -> bool:
        """Return whether a piece of news is told; one that is of no gap has no severity."""
        is_bad = piece.severity is None or piece.severity.rank <= self.least.rank
        return is_bad and piece.kind in self.kinds


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing told; ``number`` is empty where a link alone names it."""

    kind: News
    number: str
    path: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The things named, by their paths, and how many more there are."""

    things: tuple[Thing, ...]
    rest: int


def bulletin_of(pieces: Iterable[Piece], wanted: Wanted) -> Bulletin:
    """Return what is told of the pieces, each thing once; the worst are named, of none none."""
    digest = digest_of([each for each in pieces if wanted.takes(each)], most=MOST_TOLD)
    things = [Thing(line.kind, line.number, line.path) for line in digest.lines]
    return Bulletin(tuple(sorted(things, key=lambda each: (each.path, each.kind))), digest.rest)


def fitting(things: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
    """Return as many of the things, from the first on, as fit into one message."""
    size, told = 0, 0
    for each in things:
        size += len(json.dumps(dict(each), ensure_ascii=False).encode())
        told += size <= MOST_BYTES
    return things[:told]


def news_event(
    things: Sequence[Mapping[str, str]], *, rest: int, link: str, at: datetime
) -> dict[str, object]:
    """Return the event that tells of the things; ``link`` is the list in which all of them stand.

    ``rest`` is how many more there are.
    """
    data = {"things": [dict(each) for each in things], "rest": rest, "link": link}
    return {"type": NEWS, "timestamp": at.isoformat(), "data": data}


def trial_event(*, link: str, at: datetime) -> dict[str, object]:
    """Return the event by which a receiver shows that it is there."""
    return {"type": TEST, "timestamp": at.isoformat(), "data": {"link": link}}
