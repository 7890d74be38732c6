"""What an import of items did or would do, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from unbroken.kit.errors import Problem
from unbroken.transfers.rules.items import Fact, ItemFacts, ItemField
from unbroken.workbooks.item_reading import ReadRow


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The rows that were read of one sheet of items."""

    name: str
    rows: Sequence[ReadRow]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not imported and why; a fault keeps the whole file out, the rest does not."""

    sheet: str
    row: int
    problems: tuple[Problem, ...]
    is_fault: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that somebody else changed too: what the workbook says and what is stored now."""

    sheet: str
    row: int
    item_uid: UUID
    item: str
    field: ItemField
    yours: Fact
    theirs: Fact


class Change(NamedTuple):
    """A row that changes an item, or adds one: old and new of each fact; perhaps a comment.

    ``after`` is what will be known of an item that is there already.
    """

    sheet: str
    row: int
    item: str
    changed: Mapping[str, tuple[Fact, Fact]]
    item_uid: UUID | None = None
    comment: str = ""
    is_added: bool = False
    after: ItemFacts | None = None

    @property
    def waits(self) -> bool:
        """Return whether the item now waits for a second hand."""
        return "aside_reason" in self.changed


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item that was added from a row, and what is known of it."""

    sheet: str
    row: int
    item_uid: UUID
    item: str
    facts: ItemFacts


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did or, where not ``written``, would do.

    Each of the ``rows`` is changed, refused, in conflict (perhaps in several cells) or unchanged.
    """

    rows: int
    changes: tuple[Change, ...] = ()
    refused: tuple[Refusal, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    written: bool = False
    added: tuple[NewItem, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Return whether faults keep the whole file out."""
        return any(each.is_fault for each in self.refused)

    @property
    def unchanged(self) -> int:
        """Return how many rows are as they were."""
        clashing = {(each.sheet, each.row) for each in self.conflicts}
        return self.rows - len(self.changes) - len(self.refused) - len(clashing)
