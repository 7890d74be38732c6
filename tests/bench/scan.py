"""Measures a steady scan against one grouped pass over the same items.

    python -m tests.bench.scan [--items 100000] [--database URL]

Prints one JSON document: medians in milliseconds and their ratio, of one run on one machine.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from tests.bench.plant import AT, DAY, Size, plant
from unbroken.functions.rules import Dimension
from unbroken.kit import migrations
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.scans.run import Terms, scan_by_hand

PLANS, ITEMS_A_TRANSFER, ROUNDS = 10, len(Dimension) * 10, 9
LIMIT = 5.0
Answer = TypeVar("Answer")
FLAT = (
    "CREATE TABLE item_flat AS SELECT i.*, s.due_on FROM item i "
    "JOIN capacity c ON c.id = i.capacity_id JOIN transfer t ON t.id = c.transfer_id "
    "JOIN timetable_step s ON s.revision_id = t.plan_id "
    "AND s.function_area_id = i.function_area_id AND s.step = i.step"
)
PASS = "SELECT state, count(*), min(due_on) FROM item_flat GROUP BY state"
TERMS = Terms(owner="bench", lease=timedelta(minutes=5), every=timedelta(days=1))


def measure(sessions: Sessions, *, items: int) -> dict[str, object]:
    """Plant, scan once, then time the steady scan and the grouped pass, interleaved."""
    plant(sessions, Size(PLANS, items // (PLANS * ITEMS_A_TRANSFER)))
    with sessions.begin() as session:
        session.connection().execute(text(FLAT))
        session.connection().execute(text("ANALYZE"))
    first, opened = _timed(lambda: scan_by_hand(sessions, clock=FixedClock(AT), terms=TERMS))
    scans, passes = [], []
    for _ in range(ROUNDS):
        took, second = _timed(lambda: scan_by_hand(sessions, clock=FixedClock(AT), terms=TERMS))
        scans.append(took)
        passes.append(_timed(lambda: _grouped(sessions))[0])
    return {
        "items": items,
        "day": DAY.isoformat(),
        "opened_by_first_scan": opened.opened,
        "changed_by_second_scan": second.opened + second.closed + second.worsened,
        "first_scan_ms": round(first, 1),
        "steady_scan_ms": round(statistics.median(scans), 1),
        "grouped_pass_ms": round(statistics.median(passes), 1),
        "ratio": round(statistics.median(scans) / statistics.median(passes), 2),
        "limit": LIMIT,
    }


def _grouped(sessions: Sessions) -> list[object]:
    with sessions.reading() as session:
        return list(session.connection().execute(text(PASS)))


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    start = time.perf_counter()
    answer = work()
    return (time.perf_counter() - start) * 1000, answer


def main() -> None:
    """Measure on a new SQLite file, or on the empty database that is named."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=100_000)
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
