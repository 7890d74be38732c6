"""Any number of instances over one PostgreSQL: each due tick has exactly one effect, none is lost.

So it is with notices: each is told once, in a message that arrives once or, where its sender was
struck between sending and noting it, twice under one id.

``UNBROKEN_TESTS_STORM_SECONDS`` says how long it lasts, ``UNBROKEN_TESTS_STORM_SEED`` repeats one.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.pooler import pooler, through
from tests.postgres import Server, server
from tests.reliability.crowd import Crowd, Weather, weather_the
from tests.reliability.telling import EachToldOnce
from tests.scans.stage import change_plan, plant_plans, scans
from unbroken.gaps.models import Gap, GapEvent
from unbroken.kit import migrations
from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import create_instance
from unbroken.plans.models import PlanState
from unbroken.scans.passing import look_again
from unbroken.trail.queries import verify

PLANS = 4
"""That are scanned; what is told in the storm happens on one more, where no scan looks."""
FIVE_MINUTES = 300.0


class OneEffectEach:
    """Every due tick has one finished scan with one effect on each plan, or is told as skipped."""

    def beside(self, _crowd: Crowd) -> nullcontext[None]:
        return nullcontext()

    def check(self, crowd: Crowd) -> None:
        rows = scans(crowd.sessions)
        due = [row.due_at for row in rows if row.due_at]
        every = timedelta(seconds=crowd.weather.tick)
        passed = [(later - earlier) // every - 1 for earlier, later in pairwise(due)]
        with crowd.sessions.reading() as session:
            of_scans = select(col(GapEvent.scan_uid)).join(Gap).where(col(Gap.rule) == "flapping")
            events = session.scalars(of_scans).all()
            assert all(report.is_intact for report in verify(session)), crowd.story("trail")
        counted = [sum(map(int, map(str, row.counts.values()))) for row in rows]
        told = {
            "ticks between the first and the last": (due[-1] - due[0]) // every + 1,
            "scans": len(rows),
            "skipped": sum(passed),
            "taken over": sum(row.epoch > 1 for row in rows),
            "longest row of owners": max(row.epoch for row in rows),
            "answers": dict(crowd.answers),
        }
        print(told)  # noqa: T201 (shown on failure and with -s)

        assert passed == [row.skipped_ticks for row in rows[1:]], crowd.story(
            "a tick is unaccounted for"
        )
        assert not crowd.unfinished(), crowd.story("a scan did not end")
        assert Counter(events) == {row.uid: PLANS for row in rows}, crowd.story("effects")
        assert counted == [PLANS] * len(rows), crowd.story("counts")
        assert told["taken over"], crowd.story("nothing was ever taken over")


@contextmanager
def crowd_of(weather: Weather, folder: Path, *, seed: int) -> Iterator[Crowd]:
    """Yield a crowd that has not started yet, over a server and a pooler of its own."""
    with server() as running, pooler(running) as front:
        name = running.create()
        migrations.upgrade(through(front, name))
        sessions = Sessions(running.url(name))
        try:
            plant_plans(sessions, PLANS + 1)
            change_plan(sessions, PLANS + 1, state=PlanState.PAUSED)
            with sessions.begin() as session:
                create_instance(session, is_demonstration=False, at=SystemClock().now())
            # what nobody has looked at yet would be looked at between two ticks
            look_again(sessions, clock=SystemClock(), rules=())
            yield _crowd(running, sessions, through(front, name), folder, weather, seed)
        finally:
            sessions.close()


def _crowd(
    running: Server, sessions: Sessions, url: str, folder: Path, weather: Weather, seed: int
) -> Crowd:
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    return Crowd(running, sessions, url, folder, weather, chance)


@pytest.mark.full
def test_each_tick_of_any_number_of_instances_has_one_effect_and_none_is_lost(
    tmp_path: Path,
) -> None:
    fresh = random.SystemRandom().randrange(10**6)
    seed = int(os.environ.get("UNBROKEN_TESTS_STORM_SEED", fresh))
    lasts = float(os.environ.get("UNBROKEN_TESTS_STORM_SECONDS", FIVE_MINUTES))
    share = lasts / FIVE_MINUTES
    weather = Weather(lasts, kills=round(60 * share), sleeps=round(20 * share))
    print(f"seed {seed}, {weather}")  # noqa: T201 (shown on failure and with -s)
    with crowd_of(weather, tmp_path, seed=seed) as crowd:
        weather_the(crowd, guards=(OneEffectEach(), EachToldOnce(plan=PLANS + 1)))
