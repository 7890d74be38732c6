"""A small history through the whole engine, on both databases."""

from datetime import UTC, date, datetime

import pytest

from tests.demo.conftest import edition, silent
from unbroken.demo import history, move_to, play, sign_in_links, tokens
from unbroken.demo.access import HANDLES
from unbroken.demo.deeds import Act
from unbroken.demo.play import Played
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid
from unbroken.kit.instance import read_instance
from unbroken.people.queries.actors import actor_by_token
from unbroken.people.rules import Sight
from unbroken.plans.queries.plans import find_plan
from unbroken.trail.queries import verify

DAY = date(2026, 4, 15)
MACHINE = FixedClock(datetime(2026, 11, 21, 8, tzinfo=UTC))


def small() -> tuple[Act, ...]:
    """Return the people, the mission and the plan of UNMHA."""
    return tuple(act for act in history() if act.plan in {None, "unmha"})


def played(sessions: Sessions, day: date = DAY) -> Played:
    return play(sessions, today=day, edition=edition(), log=silent, acts=small())


def test_a_plan_is_played_from_its_decision_to_its_day(sessions: Sessions) -> None:
    done = played(sessions)

    with sessions.reading() as session:
        plan = find_plan(session, "unmha", sight=Sight(everything=True))
        instance = read_instance(session)
    assert (63, 1) == (plan.notice_days, plan.revision)
    assert (True, DAY) == (instance.is_demonstration, instance.today_on)
    assert 0 < done.scans < done.acts


def test_the_trail_of_a_small_history_verifies(sessions: Sessions) -> None:
    played(sessions)

    with sessions.reading() as session:
        assert all(report.is_intact for report in verify(session))


def test_a_second_start_plays_nothing(sessions: Sessions) -> None:
    played(sessions)

    assert Played(DAY, acts=0, scans=0) == played(sessions)


def test_a_demonstration_is_never_moved_backward(sessions: Sessions) -> None:
    played(sessions)

    with pytest.raises(Conflict, match="cannot be undone"):
        move_to(sessions, date(2026, 4, 14))


def test_a_demonstration_cannot_begin_before_the_first_decision(sessions: Sessions) -> None:
    with pytest.raises(Invalid):
        played(sessions, date(2016, 4, 27))


def test_each_role_gets_a_link_and_a_token_and_earlier_tokens_stay_valid(
    sessions: Sessions,
) -> None:
    played(sessions)
    first, second = tokens(sessions, clock=MACHINE), tokens(sessions, clock=MACHINE)
    links = sign_in_links(sessions, clock=MACHINE)

    with sessions.reading() as session:
        found = {
            role: actor_by_token(session, secret, at=MACHINE.now())
            for role, secret in first.items()
        }
    assert HANDLES == {role: actor.actor.handle for role, actor in found.items() if actor}
    assert HANDLES == {role: link.handle for role, link in links.items()}
    assert set(first.values()).isdisjoint(second.values())
