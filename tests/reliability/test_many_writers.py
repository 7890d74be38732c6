"""Four processes that write at once: every write is kept, none finds the database locked."""

from sqlalchemy import func, select

from tests.reliability.processes import family
from tests.reliability.writer import run
from tests.scans.stage import plant_plans
from unbroken.gaps.rules.scope import plan
from unbroken.kit.db import Sessions
from unbroken.trail.queries import heads, verify

FOUR, EACH, PLANS = 4, 250, 2


def test_a_thousand_small_writes_of_four_processes_are_all_kept(
    sessions: Sessions, database_url: str
) -> None:
    plant_plans(sessions, PLANS)
    with family() as members:
        writers = [members.start(run, database_url, EACH) for _ in range(FOUR)]
        assert ["ready"] * FOUR == [writer.heard() for writer in writers]
        for writer in writers:
            writer.say("go")
        kept = [writer.heard() for writer in writers]
        ended = [writer.ended() for writer in writers]

    # a writer that found the database locked would have ended with an error
    assert ([EACH] * FOUR, [0] * FOUR) == (kept, ended)
    with sessions.reading() as session:
        assert all(report.is_intact for report in verify(session))
        assert FOUR * EACH == sum(head.entry_count for head in heads(session))
        versions = session.scalars(select(func.sum(plan.c.version))).one()
    assert PLANS + FOUR * EACH == versions
