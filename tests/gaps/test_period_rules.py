"""Cover for a time only, as the rules see it: what is confirmed until a day, and what follows it.

The last day of the function is 30 June. Ten posts are confirmed until 30 September; the time from
1 October on is a capacity of its own.
"""

from datetime import date

import pytest
from sqlmodel import Session

from tests.factories.gaps import LAST_DAY, World
from tests.gaps.cases import Case, expected, told
from unbroken.kit.db import Sessions

MARCH, JULY = date(2026, 3, 1), date(2026, 7, 1)
SEPTEMBER, OCTOBER, NEXT = date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2)
MAY, LATER = date(2026, 5, 31), date(2026, 6, 1)


def _until(session: Session, state: str = "confirmed", rest: str = "not-started") -> World:
    world = World(session, tier=2).offered_to()
    first = world.with_capacity(state=state, quantity=10, cover_until_on=SEPTEMBER).capacity_id
    return world.with_capacity(
        state=rest, quantity=10, cover_from_on=OCTOBER, rest_of_id=first, signed_hash=None
    )


def _from(session: Session, first: date, rest: str = "not-started") -> World:
    world = World(session, tier=2).offered_to()
    taken = world.with_capacity(quantity=10, cover_from_on=first).capacity_id
    until = date.fromordinal(first.toordinal() - 1)
    return world.with_capacity(
        state=rest, quantity=10, cover_until_on=until, rest_of_id=taken, signed_hash=None
    )


CASES = [
    Case("short-received", "the time after is told at once", _until, MARCH, ("medium", OCTOBER)),
    Case("short-received", "nobody for what begins today", _until, OCTOBER, ("critical", OCTOBER)),
    Case("short-received", "nobody since yesterday", _until, NEXT, ("critical", OCTOBER)),
    Case("short-received", "the time after is offered", lambda s: _until(s, rest="offered"), JULY),
    Case(
        "short-received",
        "the time before is over",
        lambda s: _from(s, OCTOBER),
        OCTOBER,
    ),
    Case(
        "short-received",
        "the time before runs and nobody has it",
        lambda s: _from(s, OCTOBER),
        SEPTEMBER,
        ("critical", LAST_DAY),
    ),
    Case(
        "short-received",
        "the time before ends while the mission is there",
        lambda s: _from(s, LATER),
        MARCH,
    ),
    Case("closes-uncovered", "covered on the last day of the function", _until, LAST_DAY),
    Case("closes-uncovered", "covered on the last day of cover", _until, SEPTEMBER),
    Case("closes-uncovered", "the day after it", _until, OCTOBER, ("critical", LAST_DAY)),
    Case(
        "closes-uncovered",
        "the day after it, recorded as lapsed",
        lambda s: _until(s, "lapsed"),
        OCTOBER,
        ("critical", LAST_DAY),
    ),
    Case(
        "closes-uncovered",
        "the day after it, what follows is confirmed",
        lambda s: _until(s, "lapsed", "confirmed"),
        OCTOBER,
    ),
    Case(
        "closes-uncovered",
        "the receiver begins only after the last day",
        lambda s: _from(s, OCTOBER),
        JULY,
        ("critical", LAST_DAY),
    ),
    Case(
        "closes-uncovered",
        "once the receiver has begun",
        lambda s: _from(s, OCTOBER),
        OCTOBER,
    ),
    Case(
        "closes-uncovered",
        "the receiver begins while the mission is there",
        lambda s: _from(s, LATER),
        LAST_DAY,
    ),
    Case(
        "unconfirmed",
        "an offer for a later time is answered until it begins",
        lambda s: _until(s, rest="offered"),
        OCTOBER,
    ),
    Case(
        "unconfirmed",
        "an offer for a later time, once it has begun",
        lambda s: _until(s, rest="offered"),
        NEXT,
        ("critical", OCTOBER),
    ),
    Case(
        "unconfirmed",
        "nobody answers for a time that is over",
        lambda s: _from(s, OCTOBER, "offered"),
        NEXT,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cover_for_a_time_is_seen_as_an_expert_expects(shared: Sessions, case: Case) -> None:
    assert expected(case) == told(shared, case)
