"""What one letter tells: the worst first, the rest counted; pure.

A letter leaves the house: of each thing it has a number and a link, nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from unbroken.gaps.rules.words import Severity
from unbroken.notices.rules.words import OF_GAPS, News

MOST_NAMED = 20
NUMBER_LENGTH = 8
PATHS: Mapping[News, str] = {
    **dict.fromkeys(OF_GAPS, "/gaps/{uid}"),
    News.OFFERED: "/capacities/{uid}",
    News.ANSWERED: "/capacities/{uid}",
    News.DISPUTED: "/capacities/{uid}",
    News.REVISED: "/plans/{plan}/revisions",
}
ORDER = tuple(News)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of news; ``severity`` of gaps only. ``plan`` is the plan's slug."""

    id: int
    kind: News
    subject: UUID
    plan: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a letter; ``number`` is empty where a link alone names the thing."""

    kind: News
    severity: Severity | None
    number: str
    path: str


@dataclass(frozen=True, slots=True)
class Digest:
    """The lines named, the worst first, and how many things there are in all, by kind and severity.

    A gap told of twice, as opened and escalated, is one thing: its worst kind of news counts.
    """

    lines: tuple[Line, ...]
    by_kind: Mapping[News, int]
    by_severity: Mapping[Severity, int]

    @property
    def count(self) -> int:
        """Return how many things there are, named or only counted."""
        return sum(self.by_kind.values())

    @property
    def rest(self) -> int:
        """Return how many are counted and not named."""
        return self.count - len(self.lines)


def digest_of(pieces: Iterable[Piece], *, most: int = MOST_NAMED) -> Digest:
    """Return a digest of the pieces, each thing once; of none it is empty.

    Of several revisions of one plan the newest counts: they stand behind the same link.
    """
    last = {_thing(piece): piece for piece in _by_weight(pieces)[::-1]}
    kept = _by_weight(last.values())
    by_kind = {kind: sum(piece.kind is kind for piece in kept) for kind in News}
    by_severity = {one: sum(piece.severity is one for piece in kept) for one in Severity}
    return Digest(tuple(line_of(piece) for piece in kept[:most]), by_kind, by_severity)


def is_pressing(pieces: Iterable[Piece]) -> bool:
    """Return whether anything among the pieces does not wait for its period."""
    return any(piece.severity is Severity.CRITICAL for piece in pieces)


def line_of(piece: Piece) -> Line:
    """Return what a letter says of one piece of news."""
    path = PATHS[piece.kind].format(uid=piece.subject, plan=piece.plan)
    number = "" if piece.kind is News.REVISED else number_of(piece.subject)
    return Line(piece.kind, piece.severity, number, path)


def number_of(uid: UUID) -> str:
    """Return the number by which letters name a thing."""
    return uid.hex[:NUMBER_LENGTH]


def _by_weight(pieces: Iterable[Piece]) -> Sequence[Piece]:
    return sorted(pieces, key=_weight)


def _thing(piece: Piece) -> tuple[bool, UUID | str]:
    is_revision = piece.kind is News.REVISED
    return piece.kind in OF_GAPS, piece.plan if is_revision else piece.subject


def _weight(piece: Piece) -> tuple[int, int, int]:
    rank = len(Severity) if piece.severity is None else piece.severity.rank
    return rank, -ORDER.index(piece.kind) if piece.kind in OF_GAPS else 0, -piece.id
