"""What is said about a document that was checked: each fault in words, with its place; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """What kind of thing does not fit."""

    UNREADABLE = "unreadable"
    EXPORT_EDITED = "export-edited"
    TAIL_CUT = "tail-cut"
    CHAIN = "chain"
    RECEIPT_CONTENT = "receipt-content"
    RECEIPT_SIGNATURE = "receipt-signature"
    RECEIPT_DIFFERS = "receipt-differs"
    RECEIPT_MISSING = "receipt-missing"
    RECEIPT_UNRECORDED = "receipt-unrecorded"
    FILE_CHANGED = "file-changed"
    DATA_CHANGED = "data-changed"
    DRAWING_DIFFERS = "drawing-differs"
    HEAD_UNKNOWN = "head-unknown"
    CERTIFICATE_DIFFERS = "certificate-differs"
    CERTIFICATE_MISSING = "certificate-missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: ``where`` is a line, an entry or a byte; ``field`` what differs, where known."""

    flaw: Flaw
    where: str
    sentence: str
    field: str = ""

    def __str__(self) -> str:
        """Return the fault on one line."""
        return f"{self.where}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check: ``faults`` (empty: all fits) and ``notes`` on what was and was not."""

    faults: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_intact(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.faults


def verdict(faults: Iterable[Finding], notes: Iterable[str] = ()) -> Verdict:
    """Return the verdict over what was found, each fault once."""
    return Verdict(tuple(dict.fromkeys(faults)), tuple(notes))
