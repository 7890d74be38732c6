"""Cases of the rules about who receives, in the words of those who know the field."""

from datetime import date

import pytest
from sqlmodel import Session

from tests.factories.gaps import (
    AGREED_BY,
    LAST_DAY,
    POSTS_BY,
    RECEIVER_BY,
    World,
)
from tests.gaps.cases import Case, expected, told
from unbroken.kit.db import Sessions

RECEIVER_LATE, POSTS_LATE, AGREED_LATE = date(2026, 4, 2), date(2026, 5, 11), date(2026, 5, 16)
JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


def _alone(session: Session) -> World:
    return World(session)


def _answered(session: Session, state: str = "confirmed", *, tier: int = 2) -> World:
    return World(session, tier=tier).offered_to().with_capacity(state=state)


def _bridge(session: Session, ends_on: date, state: str = "confirmed") -> World:
    return World(session).offered_to("bridge", ends_on=ends_on).with_capacity(state=state)


NO_RECEIVER = [
    Case("no-receiver", "on the day a receiver is due", _alone, RECEIVER_BY),
    Case("no-receiver", "the day after", _alone, RECEIVER_LATE, ("medium", RECEIVER_BY)),
    Case("no-receiver", "a month before the last day", _alone, JUNE, ("high", RECEIVER_BY)),
    Case("no-receiver", "the last day has come", _alone, LAST_DAY, ("critical", LAST_DAY)),
    Case(
        "no-receiver",
        "of tier 1, far from its last day",
        lambda s: World(s, tier=1),
        RECEIVER_LATE,
        ("high", RECEIVER_BY),
    ),
    Case("no-receiver", "one was offered it", lambda s: _answered(s, "offered"), LAST_DAY),
    Case(
        "no-receiver",
        "the only one declined",
        lambda s: _answered(s, "declined"),
        RECEIVER_LATE,
        ("medium", RECEIVER_BY),
    ),
    Case(
        "no-receiver",
        "everything was withdrawn from it",
        lambda s: _answered(s, "withdrawn"),
        RECEIVER_LATE,
        ("medium", RECEIVER_BY),
    ),
    Case(
        "no-receiver",
        "one declined and another was offered it",
        lambda s: _answered(s, "declined").offered_to().with_capacity(state="offered"),
        RECEIVER_LATE,
    ),
    Case(
        "no-receiver",
        "it declined only the day after",
        lambda s: (
            _answered(s, "declined")
            .with_receipt("offered", RECEIVER_BY)
            .with_receipt("declined", date(2026, 4, 3))
        ),
        RECEIVER_LATE,
        past=True,
    ),
    Case("no-receiver", "a bridge on its last day", lambda s: _bridge(s, JULY), JULY),
    Case(
        "no-receiver",
        "a bridge that has ended",
        lambda s: _bridge(s, JULY),
        date(2026, 7, 2),
        ("critical", LAST_DAY),
    ),
    Case(
        "no-receiver",
        "the transfer has ended",
        lambda s: World(s).offered_to(state="ended").with_capacity(),
        RECEIVER_LATE,
        ("medium", RECEIVER_BY),
    ),
    Case("no-receiver", "no plan in force", lambda s: World(s, in_force=False), LAST_DAY),
]


def _posts(session: Session, state: str = "offered", quantity: int = 2) -> World:
    world = World(session).with_baseline(10).offered_to()
    return world.with_capacity(state=state, quantity=quantity)


SHORT_OFFERED = [
    Case("short-offered", "two of ten, before it is due", _posts, RECEIVER_BY),
    Case("short-offered", "two of ten", _posts, RECEIVER_LATE, ("medium", RECEIVER_BY)),
    Case("short-offered", "ten of ten", lambda s: _posts(s, quantity=10), RECEIVER_LATE),
    Case(
        "short-offered",
        "two of ten, and confirmed",
        lambda s: _posts(s, "confirmed"),
        RECEIVER_LATE,
        ("medium", RECEIVER_BY),
    ),
    Case(
        "short-offered",
        "ten in the hands of two receivers",
        lambda s: _posts(s).offered_to().with_capacity(state="offered", quantity=8),
        RECEIVER_LATE,
    ),
    Case(
        "short-offered",
        "eight more on a bridge are not lasting",
        lambda s: (
            _posts(s)
            .offered_to("bridge", ends_on=AUGUST)
            .with_capacity(state="confirmed", quantity=8)
        ),
        RECEIVER_LATE,
        ("medium", RECEIVER_BY),
    ),
    Case(
        "short-offered",
        "what the receiver passes on is not offered twice",
        lambda s: _posts(s).offered_to("onward").with_capacity(state="offered", quantity=8),
        RECEIVER_LATE,
        ("medium", RECEIVER_BY),
    ),
    Case(
        "short-offered",
        "the baseline was signed only the day after",
        lambda s: (
            World(s)
            .with_baseline(10, signed_on=date(2026, 4, 3))
            .offered_to()
            .with_capacity(quantity=2)
        ),
        RECEIVER_LATE,
    ),
    Case(
        "short-offered",
        "a newer baseline no longer has the function",
        lambda s: _posts(s).with_baseline(None, number=2),
        RECEIVER_LATE,
    ),
    Case("short-offered", "posts not stated", _answered, RECEIVER_LATE),
]

CLOSES = [
    Case(
        "closes-uncovered", "on the day posts are due", lambda s: _answered(s, "offered"), POSTS_BY
    ),
    Case(
        "closes-uncovered",
        "posts offered, the day after they are due",
        lambda s: _answered(s, "offered"),
        POSTS_LATE,
        ("medium", LAST_DAY),
    ),
    Case(
        "closes-uncovered",
        "posts confirmed, skills not due yet",
        lambda s: _answered(s).with_capacity("skills", "offered"),
        AGREED_LATE,
    ),
    Case(
        "closes-uncovered",
        "posts confirmed, relationships without a date: told on the last day",
        lambda s: _answered(s).with_capacity("relationships", "offered"),
        LAST_DAY,
        ("critical", LAST_DAY),
    ),
    Case("closes-uncovered", "all confirmed", _answered, JULY),
    Case("closes-uncovered", "sustained", lambda s: _answered(s, "sustained"), JULY),
    Case(
        "closes-uncovered",
        "confirmed, and what was signed has changed",
        lambda s: World(s).offered_to().with_capacity(signed_hash="other"),
        POSTS_LATE,
        ("medium", LAST_DAY),
    ),
    Case(
        "closes-uncovered",
        "confirmed on condition is not confirmed",
        lambda s: _answered(s, "conditional"),
        LAST_DAY,
        ("critical", LAST_DAY),
    ),
    Case(
        "closes-uncovered",
        "suspended because the area is out of reach",
        lambda s: _answered(s, "suspended"),
        JULY,
        ("critical", LAST_DAY),
    ),
    Case("closes-uncovered", "ended by decision", lambda s: _answered(s, "ended"), JULY),
    Case(
        "closes-uncovered",
        "everything called not applicable is unknown, not whole",
        lambda s: _answered(s, "not-applicable"),
        AGREED_LATE,
        ("medium", LAST_DAY),
    ),
    Case(
        "closes-uncovered",
        "one dimension not applicable beside a confirmed one",
        lambda s: _answered(s).with_capacity("data", "not-applicable"),
        JULY,
    ),
    Case(
        "closes-uncovered",
        "declined by one, confirmed by another",
        lambda s: _answered(s, "declined").offered_to().with_capacity(),
        JULY,
    ),
    Case(
        "closes-uncovered",
        "five declined by one, three confirmed by another",
        lambda s: (
            World(s)
            .offered_to()
            .with_capacity(state="declined", quantity=5)
            .offered_to()
            .with_capacity(quantity=3)
        ),
        JULY,
        ("critical", LAST_DAY),
    ),
    Case(
        "closes-uncovered",
        "a bridge alone, on its way",
        lambda s: _bridge(s, AUGUST),
        JULY,
        ("high", LAST_DAY),
    ),
    Case(
        "closes-uncovered",
        "a bridge alone, before the agreement is due",
        lambda s: _bridge(s, AUGUST),
        AGREED_BY,
    ),
    Case("closes-uncovered", "no receiver at all has its own rule", _alone, JULY),
    Case(
        "closes-uncovered",
        "confirmed only the day after",
        lambda s: _answered(s).with_receipt("offered", POSTS_BY).with_receipt("confirmed", JUNE),
        POSTS_LATE,
        ("medium", LAST_DAY),
        past=True,
    ),
]


def _too_short(world: World) -> World:
    return world.with_dates(cannot_be_met=True)


CANNOT = [
    Case(
        "cannot-be-met",
        "the minimum does not fit",
        lambda s: _too_short(_alone(s)),
        RECEIVER_BY,
        ("medium", LAST_DAY),
    ),
    Case("cannot-be-met", "it fits", _alone, RECEIVER_BY),
    Case("cannot-be-met", "covered all the same", lambda s: _too_short(_answered(s)), RECEIVER_BY),
    Case(
        "cannot-be-met",
        "covered in one dimension of two",
        lambda s: _too_short(_answered(s)).with_capacity("data", "offered"),
        RECEIVER_BY,
        ("medium", LAST_DAY),
    ),
    Case("cannot-be-met", "the last day has come", lambda s: _too_short(_alone(s)), LAST_DAY),
]


def _victims(session: Session, state: str = "", *, dimension: str = "posts") -> World:
    world = World(session, code="PSEA-VIC", tier=1)
    return world.offered_to().with_capacity(dimension, state) if state else world


VICTIMS = [
    Case("victims-unassigned", "on the first day an owner is due", _victims, POSTS_BY),
    Case("victims-unassigned", "the day after", _victims, POSTS_LATE, ("critical", POSTS_BY)),
    Case("victims-unassigned", "owned", lambda s: _victims(s, "confirmed"), POSTS_LATE),
    Case(
        "victims-unassigned",
        "offered is not owned",
        lambda s: _victims(s, "offered"),
        POSTS_LATE,
        ("critical", POSTS_BY),
    ),
    Case(
        "victims-unassigned",
        "money without people is no owner",
        lambda s: _victims(s, "confirmed", dimension="funding"),
        POSTS_LATE,
        ("critical", POSTS_BY),
    ),
    Case("victims-unassigned", "ended by decision", lambda s: _victims(s, "ended"), POSTS_LATE),
    Case(
        "victims-unassigned",
        "called not applicable",
        lambda s: _victims(s, "not-applicable"),
        POSTS_LATE,
        ("critical", POSTS_BY),
    ),
    Case(
        "victims-unassigned",
        "what the owner signed has changed",
        lambda s: _victims(s).offered_to().with_capacity(signed_hash="other"),
        POSTS_LATE,
        ("critical", POSTS_BY),
    ),
    Case("victims-unassigned", "another function", _alone, POSTS_LATE),
]

BRIDGES = [
    Case(
        "bridge-ends",
        "it counts down from the start",
        lambda s: _bridge(s, AUGUST),
        RECEIVER_BY,
        ("medium", AUGUST),
    ),
    Case("bridge-ends", "61 days left", lambda s: _bridge(s, AUGUST), JUNE, ("medium", AUGUST)),
    Case(
        "bridge-ends",
        "60 days left",
        lambda s: _bridge(s, AUGUST),
        date(2026, 6, 2),
        ("high", AUGUST),
    ),
    Case(
        "bridge-ends",
        "30 days left",
        lambda s: _bridge(s, AUGUST),
        date(2026, 7, 2),
        ("critical", AUGUST),
    ),
    Case(
        "bridge-ends",
        "after its end",
        lambda s: _bridge(s, AUGUST),
        date(2026, 8, 2),
        ("critical", AUGUST),
    ),
    Case(
        "bridge-ends",
        "lasting cover is confirmed behind it",
        lambda s: _bridge(s, AUGUST).offered_to().with_capacity(),
        JULY,
    ),
    Case(
        "bridge-ends",
        "cover behind it is confirmed in one dimension of two",
        lambda s: _bridge(s, AUGUST).offered_to().with_capacity().with_capacity("data", "offered"),
        JUNE,
        ("medium", AUGUST),
    ),
    Case(
        "bridge-ends",
        "another bridge is nothing lasting",
        lambda s: _bridge(s, AUGUST).offered_to("bridge").with_capacity(),
        JUNE,
        ("medium", AUGUST),
    ),
    Case(
        "bridge-ends",
        "declined by who should be it",
        lambda s: _bridge(s, AUGUST, "declined"),
        JULY,
    ),
    Case("bridge-ends", "no bridge", _answered, JULY),
]

CASES = [*NO_RECEIVER, *SHORT_OFFERED, *CLOSES, *CANNOT, *VICTIMS, *BRIDGES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_about_receivers_finds_what_an_expert_expects(shared: Sessions, case: Case) -> None:
    assert expected(case) == told(shared, case)
