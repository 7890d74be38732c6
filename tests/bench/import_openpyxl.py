"""A peer: what one writes first, a loop over openpyxl that updates row by row."""

import sqlite3
import time
from datetime import datetime
from pathlib import Path

import openpyxl

STATES = {"To do": "open", "Done": "done", "Not applicable": "not-applicable"}
UPDATE = "UPDATE item SET state = ?, done_on = ?, title = ?, title_on = ? WHERE uid = ?"


def run(folder: Path) -> dict[str, float]:
    """Import the workbook into a table of its own and return how long that took."""
    connection = planted(folder)
    began = time.perf_counter()
    book = openpyxl.load_workbook(folder / "items.xlsx", read_only=True, data_only=True)
    rows = book["Items"].iter_rows(values_only=True)
    head = {str(title): at for at, title in enumerate(next(rows))}
    changed = 0
    with connection:
        for row in rows:
            changed += _update(connection, row, head)
    took = time.perf_counter() - began
    connection.close()
    return {"changed": changed, "import_s": took}


def _update(connection: sqlite3.Connection, row: tuple[object, ...], head: dict[str, int]) -> int:
    state, done_on = STATES[str(row[head["State"]])], row[head["Done on"]]
    if state == "done" and not isinstance(done_on, datetime):
        message = "done without a day"
        raise ValueError(message)
    dated = row[head["Evidence: date"]]
    told = (state, str(done_on), row[head["Evidence: title"]], str(dated), row[head["Id"]])
    return connection.execute(UPDATE, told).rowcount


def planted(folder: Path) -> sqlite3.Connection:
    """Return a new database with the items that the workbook names, all of them open."""
    file = folder / "openpyxl.sqlite3"
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=wal")
    connection.execute("PRAGMA synchronous=full")
    connection.execute(
        "CREATE TABLE item (uid TEXT PRIMARY KEY, state TEXT, done_on TEXT, title TEXT, "
        "title_on TEXT)"
    )
    source = sqlite3.connect(folder / "bench.sqlite3")
    uids = [(_dashed(uid),) for (uid,) in source.execute("SELECT uid FROM item")]
    source.close()
    with connection:
        connection.executemany("INSERT INTO item (uid, state) VALUES (?, 'open')", uids)
    return connection


def _dashed(uid: str) -> str:
    parts = (uid[:8], uid[8:12], uid[12:16], uid[16:20], uid[20:])
    return "-".join(parts)
