"""Cases of the rules about posts and areas, in the words of those who know the field."""

from datetime import date

import pytest
from sqlmodel import Session

from tests.factories.gaps import (
    DATA_BY,
    IN_FORCE,
    LAST_DAY,
    OVERLAP_FROM,
    VIOLATIONS,
    World,
)
from tests.gaps.cases import Case, expected, told
from unbroken.kit.db import Sessions

MARCH, JUNE, OVERLAP_LATE = date(2026, 3, 2), date(2026, 6, 1), date(2026, 6, 1)
JULY, AUGUST, DATA_LATE = date(2026, 7, 1), date(2026, 8, 1), date(2026, 5, 21)
LATER = date(2026, 12, 31)


def _successor(session: Session, starts_on: date | None, **values: object) -> World:
    return World(session).with_post("receiver", starts_on=starts_on, **values)


END_FIRST = [
    Case(
        "posts-end-first",
        "the successor starts as the overlap begins",
        lambda s: _successor(s, OVERLAP_FROM),
        MARCH,
    ),
    Case(
        "posts-end-first",
        "a day after it should have begun",
        lambda s: _successor(s, OVERLAP_LATE),
        MARCH,
        ("medium", OVERLAP_FROM),
    ),
    Case(
        "posts-end-first",
        "the last day has come and nobody has started",
        lambda s: _successor(s, AUGUST),
        LAST_DAY,
        ("critical", OVERLAP_FROM),
    ),
    Case(
        "posts-end-first",
        "started late, and the mission is gone since",
        lambda s: _successor(s, OVERLAP_LATE),
        JULY,
    ),
    Case(
        "posts-end-first",
        "not started, and the mission is gone",
        lambda s: _successor(s, AUGUST),
        JULY,
        ("critical", OVERLAP_FROM),
    ),
    Case(
        "posts-end-first",
        "one of two starts in time",
        lambda s: _successor(s, AUGUST).with_post("receiver", starts_on=OVERLAP_FROM),
        MARCH,
    ),
    Case(
        "posts-end-first",
        "the successor's post became known only later",
        lambda s: _successor(s, AUGUST, known_on=JUNE),
        MARCH,
    ),
    Case(
        "posts-end-first",
        "a post for another function",
        lambda s: World(s).with_post("receiver", "VET", starts_on=AUGUST),
        MARCH,
    ),
    Case(
        "posts-end-first",
        "the mission's post is on record, no successor's, before the overlap",
        lambda s: World(s).with_post(),
        OVERLAP_FROM,
    ),
    Case(
        "posts-end-first",
        "the mission's post is on record and no receiver's",
        lambda s: World(s).offered_to().with_capacity().with_post(),
        OVERLAP_LATE,
        ("high", OVERLAP_FROM),
    ),
    Case(
        "posts-end-first",
        "a receiver's post without a start is none",
        lambda s: _successor(s, None).offered_to().with_capacity().with_post(),
        OVERLAP_LATE,
        ("high", OVERLAP_FROM),
    ),
    Case(
        "posts-end-first",
        "a successor whose post ends with the mission's",
        lambda s: _successor(s, MARCH, ends_on=LAST_DAY).offered_to().with_capacity().with_post(),
        OVERLAP_LATE,
        ("high", OVERLAP_FROM),
    ),
    Case(
        "posts-end-first",
        "nobody is named to receive: another rule says so",
        lambda s: World(s).with_post(),
        OVERLAP_LATE,
    ),
    Case("posts-end-first", "no post on record tells nothing", World, OVERLAP_LATE),
]

VACANT = [
    Case(
        "post-vacant",
        "one of two is filled",
        lambda s: World(s).with_post(authorised=2, filled=1),
        MARCH,
        ("medium", date(2026, 1, 5)),
    ),
    Case(
        "post-vacant", "all are filled", lambda s: World(s).with_post(authorised=2, filled=2), MARCH
    ),
    Case(
        "post-vacant", "not stated is not vacant", lambda s: World(s).with_post(authorised=2), MARCH
    ),
    Case(
        "post-vacant",
        "it starts tomorrow",
        lambda s: World(s).with_post(filled=0, starts_on=date(2026, 3, 3)),
        MARCH,
    ),
    Case(
        "post-vacant",
        "it starts today",
        lambda s: World(s).with_post(filled=0, starts_on=MARCH),
        MARCH,
        ("medium", MARCH),
    ),
    Case(
        "post-vacant",
        "on its last day",
        lambda s: World(s).with_post(filled=0, ends_on=MARCH),
        MARCH,
        ("medium", date(2026, 1, 5)),
    ),
    Case(
        "post-vacant",
        "it has ended",
        lambda s: World(s).with_post(filled=0, ends_on=date(2026, 3, 1)),
        MARCH,
    ),
    Case(
        "post-vacant",
        "it became known only the day after",
        lambda s: World(s).with_post(filled=0, known_on=date(2026, 3, 3)),
        MARCH,
    ),
    Case(
        "post-vacant",
        "one post for two functions is one gap",
        lambda s: World(s).with_post("giver", "REFER", "VET", filled=0),
        MARCH,
        ("medium", date(2026, 1, 5)),
    ),
]


def _first_tier(session: Session) -> World:
    return World(session, tier=1)


ALONE = [
    Case(
        "single-person",
        "one post behind a function of tier 1",
        lambda s: _first_tier(s).with_post(),
        MARCH,
        ("high", LAST_DAY),
    ),
    Case("single-person", "two", lambda s: _first_tier(s).with_post(authorised=2), MARCH),
    Case(
        "single-person",
        "two posts of one each",
        lambda s: _first_tier(s).with_post().with_post(),
        MARCH,
    ),
    Case(
        "single-person",
        "one on each side",
        lambda s: _first_tier(s).with_post().with_post("receiver"),
        MARCH,
        ("high", LAST_DAY),
    ),
    Case("single-person", "none on record", _first_tier, MARCH),
    Case("single-person", "tier 2", lambda s: World(s).with_post(), MARCH),
    Case(
        "single-person",
        "the mission's, after its last day",
        lambda s: _first_tier(s).with_post(),
        JULY,
    ),
    Case(
        "single-person",
        "the successor's, after the last day",
        lambda s: _first_tier(s).with_post("receiver"),
        JULY,
        ("critical", LAST_DAY),
    ),
]


def _chair(session: Session, funded_until: date | None = None) -> World:
    world = World(session, code="MRM-CHAIR", tier=1).offered_to().with_capacity()
    if funded_until is None:
        return world
    return world.with_post("receiver", is_secretariat=True, funded_until_on=funded_until)


CHAIR = [
    Case(
        "chair-without-secretariat", "confirmed, no secretariat", _chair, MARCH, ("high", LAST_DAY)
    ),
    Case("chair-without-secretariat", "funded past the mission", lambda s: _chair(s, LATER), MARCH),
    Case(
        "chair-without-secretariat",
        "funded until the mission's last day only",
        lambda s: _chair(s, LAST_DAY),
        MARCH,
        ("high", LAST_DAY),
    ),
    Case(
        "chair-without-secretariat",
        "the money has run out",
        lambda s: _chair(s, JULY),
        AUGUST,
        ("high", LAST_DAY),
    ),
    Case(
        "chair-without-secretariat",
        "on the last day of the money",
        lambda s: _chair(s, AUGUST),
        AUGUST,
    ),
    Case(
        "chair-without-secretariat",
        "the chair is only offered",
        lambda s: World(s, code="MRM-CHAIR").offered_to().with_capacity(state="offered"),
        MARCH,
    ),
]

ACCESS = [
    Case(
        "no-access",
        "confirmed where nobody gets to",
        lambda s: World(s).with_area(reachable=False).offered_to().with_capacity(),
        MARCH,
        ("medium", LAST_DAY),
    ),
    Case(
        "no-access",
        "the last day has come",
        lambda s: World(s).with_area(reachable=False).offered_to().with_capacity(),
        LAST_DAY,
        ("critical", LAST_DAY),
    ),
    Case(
        "no-access",
        "reachable",
        lambda s: World(s).with_area(reachable=True).offered_to().with_capacity(),
        MARCH,
    ),
    Case("no-access", "not stated", lambda s: World(s).offered_to().with_capacity(), MARCH),
    Case(
        "no-access",
        "suspended until it is",
        lambda s: World(s).with_area(reachable=False).offered_to().with_capacity(state="suspended"),
        MARCH,
    ),
]


def _verified(session: Session, *keys: str, state: str = "confirmed") -> World:
    world = World(session, code="MRM-VER", tier=1).offered_to()
    return world.with_capacity("skills", state, parts=sorted(keys))


VERIFIED = [
    Case(
        "violation-uncovered",
        "all six are confirmed",
        lambda s: _verified(s, *VIOLATIONS),
        DATA_LATE,
    ),
    Case(
        "violation-uncovered",
        "five are offered to somebody at all",
        lambda s: _verified(s, *VIOLATIONS[:5]),
        DATA_LATE,
        ("high", DATA_BY),
    ),
    Case(
        "violation-uncovered",
        "five, on the day they are due",
        lambda s: _verified(s, *VIOLATIONS[:5]),
        DATA_BY,
    ),
    Case(
        "violation-uncovered",
        "five by one and the sixth by another",
        lambda s: (
            _verified(s, *VIOLATIONS[:5])
            .offered_to()
            .with_capacity("skills", parts=[VIOLATIONS[5]])
        ),
        DATA_LATE,
    ),
    Case(
        "violation-uncovered",
        "all six are offered only",
        lambda s: _verified(s, *VIOLATIONS, state="offered"),
        DATA_LATE,
        ("high", DATA_BY),
    ),
    Case(
        "violation-uncovered",
        "the last day has come",
        lambda s: _verified(s, *VIOLATIONS, state="offered"),
        LAST_DAY,
        ("critical", DATA_BY),
    ),
    Case(
        "violation-uncovered",
        "a bridge verifies until it ends",
        lambda s: (
            World(s, code="MRM-VER")
            .offered_to("bridge", ends_on=AUGUST)
            .with_capacity("skills", parts=list(VIOLATIONS))
        ),
        JULY,
    ),
    Case(
        "violation-uncovered",
        "no receiver at all has its own rule",
        lambda s: World(s, code="MRM-VER"),
        DATA_LATE,
    ),
]


def _moved(session: Session, before: date) -> World:
    world = World(session, in_force=False)
    world.with_revision(1, since=IN_FORCE, until=MARCH, last_day=before)
    return world.with_revision(2, since=MARCH)


LIMIT, OVER = date(2026, 7, 14), date(2026, 7, 15)
MOVED = [
    Case("moved-earlier", "by its whole window", lambda s: _moved(s, LIMIT), MARCH),
    Case("moved-earlier", "by a day more", lambda s: _moved(s, OVER), MARCH, ("high", LAST_DAY)),
    Case("moved-earlier", "to a later day", lambda s: _moved(s, JUNE), MARCH),
    Case(
        "moved-earlier",
        "the day before the new revision",
        lambda s: _moved(s, OVER),
        date(2026, 3, 1),
    ),
    Case(
        "moved-earlier", "on the last day", lambda s: _moved(s, OVER), LAST_DAY, ("high", LAST_DAY)
    ),
    Case("moved-earlier", "once the last day is past", lambda s: _moved(s, OVER), JULY),
    Case("moved-earlier", "the first revision", World, MARCH),
    Case(
        "moved-earlier",
        "a draft stands between the two",
        lambda s: (
            _moved(s, OVER)
            .superseded(JUNE)
            .with_revision(3, since=None, state="draft")
            .with_revision(4, since=JUNE, last_day=LAST_DAY)
        ),
        JUNE,
        ("high", LAST_DAY),
    ),
]

CASES = [*END_FIRST, *VACANT, *ALONE, *CHAIR, *ACCESS, *VERIFIED, *MOVED]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_about_posts_or_areas_finds_what_an_expert_expects(
    shared: Sessions, case: Case
) -> None:
    assert expected(case) == told(shared, case)
