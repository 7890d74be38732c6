"""What an import of money did or would do, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from unbroken.money.commands.orders import LineChanged
from unbroken.workbooks.item_outcome import Refusal
from unbroken.workbooks.money_columns import Key, Table
from unbroken.workbooks.money_reading import ReadRow
from unbroken.workbooks.money_values import Value

__all__ = ["Change", "Conflict", "Imported", "Made", "Refusal"]


@dataclass(frozen=True, slots=True)
class Change:
    """A row that changes a line, or adds one where ``uid`` is ``None``: old and new by column."""

    sheet: str
    row: int
    table: Table
    changed: Mapping[Key, tuple[Value, Value]]
    uid: UUID | None = None
    is_extension: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row whose line is in a later state by now, or withdrawn: both states by column.

    ``cells`` are (what the row says, what is on record now) where they differ; empty where the
    line was withdrawn.
    """

    sheet: str
    row: int
    table: Table
    uid: UUID
    seen: int
    now: int
    cells: Mapping[Key, tuple[Value, Value]]
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """The line that a row changed or added, in its new state."""

    sheet: str
    row: int
    line: LineChanged


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did or, where not ``written``, would do with its ``rows``.

    Each row is changed, refused, in conflict or unchanged. A refused row keeps the file out.
    """

    rows: tuple[ReadRow, ...]
    changes: tuple[Change, ...] = ()
    refused: tuple[Refusal, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    written: bool = False
    made: tuple[Made, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Return whether faults keep the whole file out."""
        return bool(self.refused)

    @property
    def unchanged(self) -> int:
        """Return how many rows say what is on record."""
        return len(self.rows) - len(self.changes) - len(self.refused) - len(self.conflicts)
