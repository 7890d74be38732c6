"""A server of phone forms that says nothing is told as every outside source is."""

from datetime import UTC, date, datetime

from tests.forms.desk import Desk
from unbroken.gaps.queries.running import findings
from unbroken.gaps.rules import RULES, Finding, Scope
from unbroken.kit.clock import FixedClock
from unbroken.sources.ports import Silence


def _told(desk: Desk, on: date) -> list[Finding]:
    with desk.sessions.reading() as session:
        return findings(session, Scope(on=on), rules=[RULES["source-silent"]])


def _at(day: int) -> FixedClock:
    return FixedClock(datetime(2026, 3, day, 9, tzinfo=UTC))


def test_a_silent_server_is_told_once_its_window_is_over(desk: Desk) -> None:
    desk.scripted.breaks_with = Silence.TOO_SLOW
    for day in (2, 3, 4):
        desk.pull(clock=_at(day))
    too_early, (finding,) = _told(desk, date(2026, 3, 3)), _told(desk, date(2026, 3, 4))
    desk.scripted.breaks_with = None
    desk.pull(clock=_at(5))

    assert [] == too_early
    assert ("kobo", "too-slow") == (
        finding.found.facts["source"],
        finding.found.facts["silence"],
    )
    assert [] == _told(desk, date(2026, 3, 6))
