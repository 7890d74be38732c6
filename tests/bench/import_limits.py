"""The physical limit of an import: reading the file, and one bulk insert of its rows."""

import sqlite3
from pathlib import Path

import python_calamine as calamine

COLUMNS = 12


def calamine_read(file: Path) -> list[list[object]]:
    """Return the rows of the sheet of items as calamine gives them."""
    book = calamine.CalamineWorkbook.from_path(str(file))
    return [list(row) for row in book.get_sheet_by_name("Items").to_python()]


def bulk_insert(file: Path, table: list[list[object]]) -> None:
    """Insert the rows with twelve of their columns into a new table, durably."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=wal")
    connection.execute("PRAGMA synchronous=full")
    names = ", ".join(f"c{n}" for n in range(COLUMNS))
    marks = ", ".join("?" for _ in range(COLUMNS))
    connection.execute(f"CREATE TABLE item (id INTEGER PRIMARY KEY, {names})")
    rows = [[str(cell) for cell in row[:COLUMNS]] for row in table[1:]]
    with connection:
        connection.executemany(f"INSERT INTO item ({names}) VALUES ({marks})", rows)  # noqa: S608
    connection.close()
