"""Measures scans: steady ones, and looks between them, beside what SQL and pandas take.

    python -m tests.bench.scan [--items 1000000] [--database URL]

Prints one JSON document: medians of one run on one machine, in milliseconds, with their ratios.
pandas comes with ``pip install .[bench]``. The grouped passes are over a flat copy of the items,
each with its date, and over the tables as they are.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import event, text

from tests.bench.plant import AT, DAY, Size, plant
from tests.factories.people import actor_with
from unbroken.functions.rules import Dimension
from unbroken.kit import migrations
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Role
from unbroken.scans.passing import look_again
from unbroken.scans.run import Terms, scan_by_hand
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import ItemState

PLANS, ITEMS_A_TRANSFER, ROUNDS, TOUCHED = 10, len(Dimension) * 10, 7, 10_000
LIMITS = {"steady_to_grouped": 5.0, "memory_mib": 400, "idle_ms": 2.0, "touched_ms": 1000.0}
Answer = TypeVar("Answer")
FLAT = (
    "CREATE TABLE item_flat AS SELECT i.*, s.due_on FROM item i "
    "JOIN capacity c ON c.id = i.capacity_id JOIN transfer t ON t.id = c.transfer_id "
    "JOIN timetable_step s ON s.revision_id = t.plan_id "
    "AND s.function_area_id = i.function_area_id AND s.step = i.step"
)
PASS = "SELECT state, count(*), min(due_on) FROM item_flat GROUP BY state"
PASS_OF_TABLES = (
    "SELECT i.state, count(*), min(s.due_on) FROM item i JOIN timetable_step s "
    "ON s.function_area_id = i.function_area_id AND s.step = i.step "
    "JOIN revision r ON r.id = s.revision_id AND r.state = 'in-force' GROUP BY i.state"
)
OPEN = (
    "SELECT i.uid FROM item i JOIN function_area f ON f.id = i.function_area_id "
    "WHERE f.plan_id = :plan AND i.state = 'open' ORDER BY i.id"
)
TERMS = Terms(owner="bench", lease=timedelta(minutes=5), every=timedelta(days=1))
CLOCK = FixedClock(AT)


def measure(sessions: Sessions, *, items: int) -> dict[str, object]:
    """Plant, scan once, then time what follows, interleaved."""
    plant(sessions, Size(PLANS, items // (PLANS * ITEMS_A_TRANSFER)))
    with sessions.begin() as session:
        session.connection().execute(text(FLAT))
        session.connection().execute(text("ANALYZE"))
    first, opened = _timed(lambda: scan_by_hand(sessions, clock=CLOCK, terms=TERMS))
    steady = _steady(sessions)
    return {
        "items": items,
        "database": "sqlite" if sessions.is_sqlite else "postgresql",
        "day": DAY.isoformat(),
        "opened_by_first_scan": opened.opened,
        "first_scan_ms": round(first, 1),
        **steady,
        "pandas_ms": round(_pandas(sessions.url) * 1000, 1),
        "scan_alone_mib": _memory(sessions.url),
        **_again(sessions),
        "limits": LIMITS,
    }


def _steady(sessions: Sessions) -> dict[str, object]:
    scans, flat, joined, changed = [], [], [], 0
    for _ in range(ROUNDS):
        took, second = _timed(lambda: scan_by_hand(sessions, clock=CLOCK, terms=TERMS))
        changed += second.opened + second.closed + second.worsened
        scans.append(took)
        flat.append(_timed(lambda: _rows(sessions, PASS))[0])
        joined.append(_timed(lambda: _rows(sessions, PASS_OF_TABLES))[0])
    scan, grouped, tables = (statistics.median(each) for each in (scans, flat, joined))
    return {
        "changed_by_steady_scans": changed,
        "steady_scan_ms": round(scan, 1),
        "grouped_pass_ms": round(grouped, 1),
        "grouped_pass_of_tables_ms": round(tables, 1),
        "steady_to_grouped": round(scan / grouped, 2),
        "steady_to_grouped_of_tables": round(scan / tables, 2),
    }


def _again(sessions: Sessions) -> dict[str, object]:
    """Time looks between scans: where nothing called for one, and after items were worked on."""
    # as in a server that has run for a while: PostgreSQL has the statements prepared by then
    idle = [_statements(sessions, lambda: look_again(sessions, clock=CLOCK)) for _ in range(15)][7:]
    every = range(1, PLANS + 1)
    told: dict[str, object] = {"idle_ms": round(statistics.median(idle), 2)}
    for name, plans in (("spread_touched_ms", every), ("few_touched_ms", every[:1])):
        _touch(sessions, plans, share=TOUCHED // len(plans))
        took, passed = _timed(lambda: look_again(sessions, clock=CLOCK))
        told[name] = round(took, 1)
        told[name.replace("_ms", "")] = {
            "plans": passed.plans,
            **{kind.value: count for kind, count in passed.counts.items()},
        }
    return told


def _touch(sessions: Sessions, plans: range, *, share: int) -> None:
    """Mark so many open items of each plan as done, the first of them, by the real command."""
    done: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: DAY}
    for number in plans:
        with sessions.reading() as session:
            rows = session.connection().execute(text(OPEN), {"plan": number}).scalars().all()
        slug = f"measured-{number}"
        # every so many: some of them late, most not
        uids = [row if isinstance(row, UUID) else UUID(str(row)) for row in rows]
        some = uids[:: max(1, len(uids) // share)][:share] if len(plans) > 1 else uids[:share]
        order = ChangeItems(
            plan=slug, items=tuple(ItemChange(item_uid=uid, changes=done) for uid in some)
        )
        change_items(sessions, order, actor=actor_with(Role.PLANNER), clock=CLOCK)


@contextmanager
def _counting(sessions: Sessions) -> Iterator[list[float]]:
    times: list[float] = []

    def before(*_rest: object) -> None:
        times.append(-time.perf_counter())

    def after(*_rest: object) -> None:
        times[-1] += time.perf_counter()

    engines = {sessions.engine, sessions._reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "after_cursor_execute", after)
    try:
        yield times
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", before)
            event.remove(engine, "after_cursor_execute", after)


def _statements(sessions: Sessions, work: Callable[[], object]) -> float:
    """Return for how many milliseconds the statements of ``work`` ran."""
    with _counting(sessions) as times:
        work()
    return sum(times) * 1000


def _pandas(url: str) -> float:
    imports = "from tests.bench.scan_pandas import late; from tests.bench.plant import DAY"
    return float(_child(f"{imports}; print(late({url!r}, DAY)[1])"))


def _memory(url: str) -> int:
    """Return the most memory, in MiB, of a process that does a steady scan and nothing else."""
    return int(_child(f"from tests.bench.scan import scan_alone; print(scan_alone({url!r}))"))


def scan_alone(url: str) -> int:
    """Do a scan in this process and return the most memory that it has had, in MiB."""
    sessions = Sessions(url)
    scan_by_hand(sessions, clock=CLOCK, terms=TERMS)
    sessions.close()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _child(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def _rows(sessions: Sessions, statement: str) -> list[object]:
    with sessions.reading() as session:
        return list(session.connection().execute(text(statement)))


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    start = time.perf_counter()
    answer = work()
    return (time.perf_counter() - start) * 1000, answer


def main() -> None:
    """Measure on a new SQLite file, or on the empty database that is named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=1_000_000)
    arguments.add_argument("--database", default="")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        migrations.upgrade(url)
        sessions = Sessions(url)
        try:
            sys.stdout.write(json.dumps(measure(sessions, items=given.items), indent=2) + "\n")
        finally:
            sessions.close()


if __name__ == "__main__":
    main()
