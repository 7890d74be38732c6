"""Four processes that are killed and put to sleep at random: each tick has one scan, one effect."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.reliability import ticker
from tests.reliability.processes import Child, Family, family
from tests.scans.stage import plant_plans, scans, until
from unbroken.gaps.models import GapEvent
from unbroken.kit.db import Sessions
from unbroken.scans.models import Scan
from unbroken.trail.queries import verify

FOUR, PLANS = 4, 4
SEED = 20260302


@dataclass(frozen=True)
class Storm:
    """How long it lasts, and how long ticks and leases are, in seconds."""

    lasts: float
    tick: float
    lease: float


SHORT = Storm(lasts=7, tick=1, lease=1)
FULL = Storm(lasts=60, tick=2, lease=2)


@dataclass
class Crowd:
    """The processes that tick, by name, and what is done to them."""

    family: Family
    sessions: Sessions
    pace: ticker.Pace
    chance: random.Random
    awake: dict[str, Child] = field(default_factory=dict)
    names: Iterator[int] = field(default_factory=count)

    def start(self) -> None:
        name = f"ticker {next(self.names)}"
        child = self.family.start(ticker.run, self.sessions.url, name, self.pace)
        assert child.heard() == "ready"
        self.awake[name] = child

    def rage(self, *, seconds: float) -> Counter[str]:
        """Kill or put to sleep one after the other, and return how often what was done."""
        done: Counter[str] = Counter()
        for _ in range(FOUR):
            self.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(self.chance.uniform(0, 0.3))
            name = self.victim()
            if self.chance.random() < 0.5:
                self.awake.pop(name).send(signal.SIGKILL)
                self.start()
                done["killed"] += 1
            else:
                self.awake[name].send(signal.SIGSTOP)
                time.sleep(self.pace.lease.total_seconds() * 1.3)
                self.awake[name].send(signal.SIGCONT)
                done["slept"] += 1
        return done

    def victim(self) -> str:
        """Return the one that is at work on a scan, if there soon is one; sometimes any."""
        if self.chance.random() < 0.8:
            with suppress(TimeoutError):
                until(self.at_work, seconds=self.pace.tick.total_seconds())
        return self.chance.choice(self.at_work() or sorted(self.awake))

    def at_work(self) -> list[str]:
        return [row.owner for row in _unfinished(self.sessions) if row.owner in self.awake]


def run(storm: Storm, *, sessions: Sessions, folder: Path, seed: int) -> Counter[str]:
    """Let the storm pass, wait until every scan has ended, and return what was done."""
    pace = ticker.Pace(
        timedelta(seconds=storm.tick), timedelta(seconds=storm.lease), folder / "warnings"
    )
    with family() as members:
        chance = random.Random(seed)  # noqa: S311 (nothing secret)
        crowd = Crowd(members, sessions, pace, chance)
        done = crowd.rage(seconds=storm.lasts)
        last = max(row.id or 0 for row in scans(sessions))
        until(lambda: not [r for r in _unfinished(sessions) if (r.id or 0) <= last], seconds=30)
        alive = list(crowd.awake.values())
        for child in alive:
            child.send(signal.SIGTERM)
        assert [0] * FOUR == [child.ended() for child in alive]
    return done


def _unfinished(sessions: Sessions) -> list[Scan]:
    return [row for row in scans(sessions) if row.state != "done"]


def check(sessions: Sessions, storm: Storm) -> None:
    """Look at what the storm left.

    Ticks that nobody was awake for are passed over; they stand on the scan that came after them.
    """
    rows = scans(sessions)
    due = [row.due_at for row in rows if row.due_at]
    every = timedelta(seconds=storm.tick)
    passed = [(later - earlier) // every - 1 for earlier, later in pairwise(due)]
    with sessions.reading() as session:
        events = session.scalars(select(col(GapEvent.scan_uid))).all()
        assert all(report.is_intact for report in verify(session))

    assert passed == [row.skipped_ticks for row in rows[1:]], "a tick is unaccounted for"
    assert [] == _unfinished(sessions)
    assert {row.uid: PLANS for row in rows} == Counter(events)
    assert [PLANS] * len(rows) == [sum(map(int, map(str, row.counts.values()))) for row in rows]


def test_each_tick_has_one_scan_and_one_effect_on_each_plan(
    sessions: Sessions, tmp_path: Path
) -> None:
    plant_plans(sessions, PLANS)
    done = run(SHORT, sessions=sessions, folder=tmp_path, seed=SEED)

    taken_over = sum(row.epoch > 1 for row in scans(sessions))
    print(f"seed {SEED}: {done}, {len(scans(sessions))} scans, {taken_over} taken over")  # noqa: T201 (shown on failure)
    check(sessions, SHORT)


@pytest.mark.full
def test_each_tick_of_a_minute_has_one_scan_and_one_effect_on_each_plan(
    sessions: Sessions, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 (shown on failure)
    plant_plans(sessions, PLANS)
    done = run(FULL, sessions=sessions, folder=tmp_path, seed=seed)

    taken_over = sum(row.epoch > 1 for row in scans(sessions))
    print(f"{done}, {len(scans(sessions))} scans, {taken_over} taken over")  # noqa: T201 (shown on failure)
    check(sessions, FULL)
    assert taken_over > 0
