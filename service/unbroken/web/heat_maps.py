"""A table of functions by areas, each cell a state: a picture that is a table."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One state, out of the map's kind of words; with ``path`` it leads on."""

    value: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One function: its code, title and tier, and one cell for each column, or nothing there."""

    code: str
    title: str
    tier: int
    cells: tuple[Cell | None, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What is covered where. ``kind`` is a kind of words: cover, capacity, element or severity."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: str = "cover"

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return how many cells have each state, the most frequent first: the map in words."""
        found = Counter(cell.value for row in self.rows for cell in row.cells if cell is not None)
        return tuple(found.most_common())
