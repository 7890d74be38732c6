"""What reads an answer of an outside system: from a file and from the wire by the same parser.

Readers are found by the entry points of the group ``unbroken.readers``; the core never learns
which system one reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from unbroken.kit.sentences import Marked

Document = Mapping[str, object]
"""What an answer says, in plain values: texts, days, ``int``, ``Decimal``, ``None``, lists,
mappings.

An amount is an ``int`` or a ``Decimal``, never a float; ``None`` is *not stated*, which is neither
zero nor an error. ``warnings`` is always in it, a list of sentences, empty where nothing is odd.
"""


@dataclass(frozen=True, slots=True)
class Payload:
    """One stored answer; ``name`` is its file's name or its address, for messages only."""

    name: str
    content: bytes = field(repr=False)


class Reader(Protocol):
    """Reads the answers of one system to one question."""

    @property
    def choices(self) -> Mapping[str, Marked]:
        """Return what may be chosen beside the files, by its name, with a sentence for people."""
        ...

    def read(self, payloads: Sequence[Payload], chosen: Mapping[str, str]) -> Document:
        """Return what the payloads say together, checked against what they say of themselves.

        ``payloads`` is never empty and stands in the order given; pages may come in any order.
        Unknown fields are passed over; a record without what it needs is left out, counted and
        named among the warnings.

        Raises:
            Invalid: the answer cannot be read, is not whole, or does not agree with its own total;
                each problem says the payload and the place in it.
        """
        ...


def keeps_raw(reader: Reader) -> bool:
    """Return whether the raw answers that ``reader`` reads may be stored; no, where it is silent.

    Only answers that never name a person say ``keeps_raw = True``: of the others the hash, the size
    and what was read are kept. Source: design, no person-level data and no uploads kept.
    """
    return getattr(reader, "keeps_raw", False) is True
