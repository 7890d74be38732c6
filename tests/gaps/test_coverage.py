"""The heat map of a plan: what stands behind each function in each area."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import event

from tests.factories.gaps import IN_FORCE, LAST_DAY, World
from tests.factories.people import actor_with
from unbroken.gaps.queries import Coverage, CoverageCell, coverage_of
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor, Role
from unbroken.transfers.rules.cover import Cover

DAY = date(2026, 3, 2)
OBSERVER, DONOR = actor_with(Role.OBSERVER), actor_with(Role.DONOR)
Give = Callable[[World], World]
CASES: dict[str, tuple[Give, Cover]] = {
    "nobody was asked": (lambda w: w, Cover.UNKNOWN),
    "offered": (lambda w: w.offered_to().with_capacity(state="offered"), Cover.UNKNOWN),
    "recommended by the field": (
        lambda w: w.offered_to().with_capacity(state="recommended"),
        Cover.AMBER,
    ),
    "on condition": (lambda w: w.offered_to().with_capacity(state="conditional"), Cover.AMBER),
    "attested": (lambda w: w.offered_to().with_capacity(state="attested"), Cover.AMBER),
    "confirmed": (lambda w: w.offered_to().with_capacity(), Cover.GREEN),
    "sustained": (lambda w: w.offered_to().with_capacity(state="sustained"), Cover.GREEN),
    "confirmed, then changed": (
        lambda w: w.offered_to().with_capacity(signed_hash="other"),
        Cover.UNKNOWN,
    ),
    "confirmed in one dimension of two": (
        lambda w: w.offered_to().with_capacity().with_capacity("data", "offered"),
        Cover.UNKNOWN,
    ),
    "two posts of ten": (
        lambda w: w.with_baseline(10).offered_to().with_capacity(quantity=2),
        Cover.AMBER,
    ),
    "bridged": (
        lambda w: w.offered_to("bridge", ends_on=LAST_DAY).with_capacity(),
        Cover.BRIDGED,
    ),
    "all called not applicable": (
        lambda w: w.offered_to().with_capacity(state="not-applicable"),
        Cover.UNKNOWN,
    ),
}


def _map(sessions: Sessions, world: World, actor: Actor = OBSERVER) -> Coverage:
    with sessions.reading() as session:
        return coverage_of(session, f"plan-w{world.number}", actor=actor, on=DAY)


def _cell(sessions: Sessions, world: World, actor: Actor = OBSERVER) -> CoverageCell:
    cell = _map(sessions, world, actor).rows[0].cells[0]
    assert cell is not None
    return cell


@pytest.mark.parametrize("case", CASES)
def test_cell_shows_what_stands_behind_a_function(shared: Sessions, case: str) -> None:
    given, expected = CASES[case]
    with shared.begin() as session:
        world = given(World(session))

    assert expected is _cell(shared, world).cover


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        ({"severity": "critical"}, Cover.NONE),
        ({"severity": "high"}, Cover.NONE),
        ({"severity": "medium"}, Cover.GREEN),
        ({"state": "closed"}, Cover.GREEN),
        ({"waived_by_uid": uuid4(), "waived_until_on": DAY}, Cover.GREEN),
        ({"waived_by_uid": uuid4(), "waived_until_on": date(2026, 3, 1)}, Cover.NONE),
    ],
)
def test_grave_gap_that_is_not_waived_takes_the_green_away(
    shared: Sessions, gap: dict[str, object], expected: Cover
) -> None:
    with shared.begin() as session:
        world = World(session).offered_to().with_capacity()
        world.with_gap(**gap)

    assert expected is _cell(shared, world).cover


def test_cell_counts_what_is_confirmed_and_what_stands_beside(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session).offered_to().with_capacity(confirmed_on=IN_FORCE)
        world.with_capacity("funding", "offered").with_capacity("data", "ended")
        world.with_gap(waived_by_uid=uuid4(), waived_until_on=DAY)

    cell = _cell(shared, world)

    assert (1, 2, 2, IN_FORCE, LAST_DAY) == (
        cell.confirmed,
        cell.applicable,
        cell.beside,
        cell.confirmed_on,
        cell.last_day_on,
    )


def test_function_that_is_not_performed_in_an_area_has_no_cell_there(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session).with_area("South").with_function("VET", tier=1)

    found = _map(shared, world)
    there = {row.code: [cell is not None for cell in row.cells] for row in found.rows}

    assert ["North", "South"] == [area.name for area in found.areas]
    assert {"VET": [False, True], "REFER": [True, False]} == there


@pytest.mark.parametrize(
    ("code", "public", "actor", "hidden"),
    [
        ("MRM-VER", True, DONOR, True),
        ("MRM-VER", True, OBSERVER, False),
        ("REFER", False, DONOR, True),
        ("REFER", True, DONOR, False),
    ],
)
def test_donor_is_shown_no_restricted_cell(
    shared: Sessions, code: str, actor: Actor, *, public: bool, hidden: bool
) -> None:
    with shared.begin() as session:
        world = World(session, code=code).with_area(closings_public=public)
        world.offered_to().with_capacity()

    cell = _cell(shared, world, actor)

    assert hidden is cell.is_hidden
    assert not hidden or CoverageCell(Cover.UNKNOWN, is_hidden=True) == cell


def test_heat_map_takes_as_many_statements_for_one_function_as_for_many(shared: Sessions) -> None:
    with shared.begin() as session:
        small, large = World(session), World(session)
        for number in range(20):
            large.with_function(f"F-{number}").offered_to().with_capacity()

    assert _statements(shared, small) == _statements(shared, large)


def _statements(sessions: Sessions, world: World) -> int:
    seen: list[str] = []

    with sessions.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
        coverage_of(session, f"plan-w{world.number}", actor=OBSERVER, on=DAY)
    return len(seen)
