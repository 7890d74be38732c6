"""Measures the import of a workbook of 100,000 changed items against its limit and two peers.

    python -m tests.bench.imports [--rows 100000] [--database URL] [--rounds 3] [--peers]

The limit is reading the same file with calamine plus one bulk insert of as many rows into SQLite,
in the same run. ``--peers`` adds django-import-export (bulk mode) and a loop over openpyxl; they
need what deploy/requirements-bench.txt pins. Each variant runs in a process of its own, so that its
peak memory is its own. Prints one JSON document: medians in seconds, ratios, peaks in MiB.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text

from tests.bench.import_limits import bulk_insert, calamine_read
from tests.bench.plant import AT, DAY, Size, plant
from unbroken.functions.rules import Dimension
from unbroken.kit import migrations
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.instance import create_instance
from unbroken.kit.languages import load_languages
from unbroken.people.rules import Actor, Grant, Role
from unbroken.plans.queries.rows import plan_row
from unbroken.transfers.queries.item_sheets import sheet_items
from unbroken.workbooks.item_columns import HEADINGS, Key
from unbroken.workbooks.item_files import give_back, read_item_file, words_of
from unbroken.workbooks.item_import import ImportItems, import_items
from unbroken.workbooks.item_rows_out import RowWriter
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.sheet_words import DIMENSIONS
from unbroken.workbooks.sheets_out import Column, SheetOut, Value
from unbroken.workbooks.writing import write_book

LIMIT, MEMORY_MIB = 4.0, 600
PLAN = "measured-1"
ITEMS_A_TRANSFER = len(Dimension) * 10
Answer = TypeVar("Answer")


def planner(organisation_uid: UUID) -> Actor:
    """Return a planner who may change everything of the plan."""
    return Actor(UUID(int=7), "measuring", organisation_uid, (Grant(Role.PLANNER),))


def prepare(folder: Path, *, rows: int, url: str) -> None:
    """Plant a plan and write the workbook in which every one of its items was changed."""
    migrations.upgrade(url)
    sessions = Sessions(url)
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=AT)
    plant(sessions, Size(1, rows // ITEMS_A_TRANSFER))
    with sessions.begin() as session:
        own = "UPDATE item SET is_added = :yes, text = 'Do what has to be done.', state = 'open'"
        session.connection().execute(text(own), {"yes": True})
        session.connection().execute(text("UPDATE item SET done_on = NULL"))
    (folder / "items.xlsx").write_bytes(changed_workbook(sessions))
    sessions.close()


def changed_workbook(sessions: Sessions) -> bytes:
    """Return the plan's workbook with each item done, each with evidence of its own."""
    reader = load_languages().translator("en")
    writer = RowWriter(reader, {}, {str(name): word for name, word in DIMENSIONS.items()})
    keys = list(HEADINGS)
    with sessions.reading() as session:
        plan = plan_row(session, PLAN)
        items = sheet_items(session, plan, actor=planner(new_uid()), on=DAY)
    lines: list[list[Value]] = []
    for number, item in enumerate(items):
        line = writer.row(item)
        line[keys.index(Key.STATE)] = "Done"
        line[keys.index(Key.DONE_ON)] = DAY
        line[keys.index(Key.EVIDENCE_TITLE)] = f"Handover note {number // 10:05}"
        line[keys.index(Key.EVIDENCE_ON)] = DAY
        line[keys.index(Key.EVIDENCE_CUSTODIAN)] = "Archives unit"
        lines.append(line)
    columns = tuple(Column(each.title, each.width, each.kind) for each in HEADINGS.values())
    return write_book([SheetOut("Items", columns, lines)], right_to_left=False, made_at=AT)


def ours(folder: Path, url: str) -> dict[str, float]:
    """Import the workbook once, as the command does, and write the verdicts."""
    sessions, limits = Sessions(url), PackageLimits()
    languages = load_languages()
    raw = (folder / "items.xlsx").read_bytes()
    words = words_of(languages)
    with sessions.reading() as session:
        giver = session.connection().scalar(text("SELECT uid FROM organisation WHERE id = 1"))
    actor = planner(UUID(str(giver)))
    read_s, file = _timed(lambda: read_item_file(raw, words, limits, is_csv=False))
    order = ImportItems(plan=PLAN, sheets=file.sheets)
    write_s, done = _timed(lambda: import_items(sessions, order, actor=actor, clock=FixedClock(AT)))
    reader = languages.translator("en")
    verdict_s, _ = _timed(lambda: give_back(raw, file, done, reader=reader, limits=limits))
    sessions.close()
    return {
        "changed": len(done.changes),
        "refused": len(done.refused),
        "read_s": read_s,
        "import_s": read_s + write_s,
        "verdict_s": verdict_s,
    }


def limit(folder: Path, _url: str) -> dict[str, float]:
    """Read the file with calamine and insert as many rows in one statement."""
    read_s, table = _timed(lambda: calamine_read(folder / "items.xlsx"))
    insert_s, _ = _timed(lambda: bulk_insert(folder / "limit.sqlite3", table))
    (folder / "limit.sqlite3").unlink()
    return {"read_s": read_s, "insert_s": insert_s, "import_s": read_s + insert_s}


def peer_django(folder: Path, _url: str) -> dict[str, float]:
    """Import the file with django-import-export in bulk mode."""
    from tests.bench.import_django import run  # noqa: PLC0415 - only with its pins installed

    return run(folder)


def peer_openpyxl(folder: Path, _url: str) -> dict[str, float]:
    """Import the file with a loop over openpyxl, a row at a time."""
    from tests.bench.import_openpyxl import run  # noqa: PLC0415 - the same

    return run(folder)


VARIANTS = {
    "limit": limit,
    "ours": ours,
    "django-import-export": peer_django,
    "openpyxl loop": peer_openpyxl,
}


def measured(name: str, folder: Path, url: str) -> dict[str, float]:
    """Run one variant in a process of its own, on a copy of the database where it is a file."""
    copy = url
    if url.startswith("sqlite:///"):
        shutil.copyfile(url.removeprefix("sqlite:///"), folder / "copy.sqlite3")
        copy = f"sqlite:///{folder / 'copy.sqlite3'}"
    found: dict[str, float] = json.loads(_apart("--only", name, folder=folder, url=copy))
    return found


def _apart(*words: str, folder: Path, url: str) -> str:
    """Run this module in a process of its own and return what it printed.

    A process begins with the peak of the one that started it, so this one has to stay small.
    """
    command = [sys.executable, "-m", "tests.bench.imports", *words]
    given = ["--folder", str(folder), "--database", url]
    done = subprocess.run([*command, *given], check=True, capture_output=True, text=True)
    return done.stdout


def main() -> None:
    """Measure all variants in turn, or one of them where it is named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--database", default="")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--peers", action="store_true")
    arguments.add_argument("--only", choices=list(VARIANTS), default=None)
    arguments.add_argument("--prepare", action="store_true")
    arguments.add_argument("--folder", type=Path, default=None)
    given = arguments.parse_args()
    if given.prepare:
        prepare(given.folder, rows=given.rows, url=given.database)
        return
    if given.only:
        _one(given.only, given.folder, given.database)
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        url = given.database or f"sqlite:///{place / 'bench.sqlite3'}"
        _apart("--prepare", "--rows", str(given.rows), folder=place, url=url)
        names = list(VARIANTS) if given.peers else ["limit", "ours"]
        _all(names, place, url, rows=given.rows, rounds=given.rounds)


def _one(name: str, folder: Path, url: str) -> None:
    found = VARIANTS[name](folder, url)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({**found, "peak_mib": round(peak, 1)}) + "\n")


def _all(names: list[str], folder: Path, url: str, *, rows: int, rounds: int) -> None:
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            # peers take minutes; once is enough to know their size
            if number == 0 or name in {"limit", "ours"}:
                found[name].append(measured(name, folder, url))
    medians = {name: _median(runs) for name, runs in found.items()}
    base = medians["limit"]["import_s"]
    told = {
        "rows": rows,
        **medians,
        "ratio": round(medians["ours"]["import_s"] / base, 2),
        "limit_ratio": LIMIT,
        "limit_mib": MEMORY_MIB,
        "peers_ratio": {
            name: round(each["import_s"] / medians["ours"]["import_s"], 1)
            for name, each in medians.items()
            if name not in {"limit", "ours"}
        },
    }
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


if __name__ == "__main__":
    main()
