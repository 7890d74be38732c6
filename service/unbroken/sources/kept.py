"""What is kept of an answer: its hash, its packed pieces, what was read of it; pure."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from unbroken import __version__
from unbroken.kit.canonical import digest, plain
from unbroken.kit.errors import Invalid, Problem
from unbroken.kit.sentences import sentence
from unbroken.sources.asking import written
from unbroken.sources.parsing import text
from unbroken.sources.readers import Document, Payload, Reader, keeps_raw

CONNECTOR = f"unbroken/{__version__}"
PIECE = 4 * 1024 * 1024
MOST_READ = 32 * 1024 * 1024
LONGEST_NAME, LONGEST_NAMES, LONGEST_QUESTION = 200, 400, 400
HISTORY = "history"
"""What a reader gives beside its document where it is asked for: kept in tables, not here."""

SUBJECTS = ("plan", "country", "year", "source", "id")
"""What a document says of what it is about, where nobody said what was asked."""

DAYS = ("stated_on", "published", "on", "changed_at")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a payload, packed."""

    payload: int
    piece: int
    name: str
    packed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer, ready to be stored. ``document`` is plain, without the history that came along.

    ``stated_on`` is the day that the source gives; ``pieces`` are none where raw is not kept.
    """

    kind: str
    question: str
    sha256: str
    name: str
    chosen: str
    stated_on: date | None
    byte_count: int
    document: dict[str, object]
    pieces: tuple[Piece, ...] = field(repr=False)


def kept(
    kind: str,
    question: str,
    reader: Reader,
    payloads: Sequence[Payload],
    chosen: Mapping[str, str],
    document: Document,
) -> Kept:
    """Return what is kept of an answer.

    Raises:
        Invalid: what was read, or what was asked, is longer than is kept.
    """
    told = cast("dict[str, object]", plain({k: v for k, v in document.items() if k != HISTORY}))
    if len(question) > LONGEST_QUESTION or len(str(told)) > MOST_READ:
        raise Invalid(problems=[TOO_MUCH])
    plainly = written({name: value for name, value in chosen.items() if name != HISTORY})
    return Kept(
        kind=kind,
        question=question,
        sha256=_hash(payloads, plainly),
        name=", ".join(text(each.name) for each in payloads)[:LONGEST_NAMES],
        chosen=plainly[:LONGEST_QUESTION],
        stated_on=_stated_on(told),
        byte_count=sum(len(each.content) for each in payloads),
        document=told,
        pieces=tuple(_pieces(payloads)) if keeps_raw(reader) else (),
    )


def unpacked(pieces: Sequence[bytes]) -> bytes:
    """Return a payload out of its pieces, in their order."""
    return zlib.decompress(b"".join(pieces))


def question_of(document: Document, chosen: Mapping[str, str], plans: Sequence[str]) -> str:
    """Return what an answer is the answer to, where nobody said what was asked.

    It is known by what the document or the choices name (a plan, a country), else by the plans that
    it is put beside; a later answer of the same is so a later answer to the same question.
    """
    told = {**{name: document.get(name) for name in SUBJECTS}, **_country(document), **chosen}
    named = {name: str(told[name]) for name in SUBJECTS if told.get(name) not in (None, "")}
    beside = ",".join(sorted(plans))
    return written(named or {"beside": beside if len(beside) < LONGEST_NAME else digest(beside)})


def _country(document: Document) -> dict[str, object]:
    """Return the one country that an answer is about; empty where it names several or none."""
    countries = document.get("countries")
    if not isinstance(countries, Mapping) or len(countries) != 1:
        return {}
    return {"country": next(iter(countries))}


def _hash(payloads: Sequence[Payload], chosen: str) -> str:
    each = sorted(hashlib.sha256(payload.content).hexdigest() for payload in payloads)
    return digest([each, chosen])


def _stated_on(document: Mapping[str, object]) -> date | None:
    for name in DAYS:
        told = document.get(name)
        if isinstance(told, str):
            try:
                return date.fromisoformat(told[:10])
            except ValueError:
                continue
    return None


def _pieces(payloads: Sequence[Payload]) -> list[Piece]:
    made = []
    for number, payload in enumerate(payloads):
        packed = zlib.compress(payload.content)
        for piece, start in enumerate(range(0, max(len(packed), 1), PIECE)):
            name = text(payload.name)[:LONGEST_NAME]
            made.append(Piece(number, piece, name, packed[start : start + PIECE]))
    return made


TOO_MUCH = Problem(
    "answer",
    sentence("holds more than is kept"),
    "Load a part of it: one country, one plan, one publisher.",
)
