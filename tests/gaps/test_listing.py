"""Lists of gaps: what each may see, nothing that gives away the rest, and complete pages."""

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session

from tests.factories.gaps import DECIDED, LAST_DAY, World
from tests.factories.people import actor_with
from unbroken.gaps.queries import GapFilter, GapView, find_gap, gap_list, open_counts
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor, Role

MAY, JUNE = date(2026, 5, 2), date(2026, 6, 1)
DETAIL = (Role.OBSERVER, Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)


def _world(session: Session, *, scope: str = "whole", country: str = "MLI") -> World:
    world = World(session, code="MRM-VER", tier=1).with_plan(scope=scope)
    return world._set("mission", world.mission_id, {"country_iso3": country})


def _slug(world: World) -> str:
    return f"plan-w{world.number}"


def _seen(
    sessions: Sessions, actor: Actor, wanted: GapFilter | None = None, *, limit: int = 50
) -> list[GapView]:
    with sessions.reading() as session:
        return gap_list(session, actor=actor, wanted=wanted or GapFilter(), limit=limit)


@pytest.mark.parametrize("role", DETAIL)
def test_those_who_work_on_a_plan_see_area_function_and_day(sessions: Sessions, role: Role) -> None:
    with sessions.begin() as session:
        _world(session).with_gap(restricted=True)

    (view,) = _seen(sessions, actor_with(role))

    assert ("North", "MRM-VER", LAST_DAY, False) == (
        view.area_name,
        view.function,
        view.turns_on,
        view.masked,
    )


def test_donor_sees_only_country_and_quarter_of_a_restricted_gap(sessions: Sessions) -> None:
    with sessions.begin() as session:
        _world(session, scope="areas").with_gap(restricted=True)

    (view,) = _seen(sessions, actor_with(Role.DONOR))
    hidden = (view.plan, view.plan_uid, view.area, view.area_name, view.function, view.tier)
    days = (view.turns_on, view.waived_until_on, view.acknowledged_at, view.capacity_id)

    assert ("MLI", "2026-Q2", True, {}) == (
        view.country_iso3,
        view.quarter,
        view.masked,
        view.facts,
    )
    assert {None} == {*hidden, *days, view.function_title}
    assert date(2026, 1, 1) == view.opened_on == view.opened_at.date()


def test_donor_sees_all_of_a_gap_that_is_not_restricted(sessions: Sessions) -> None:
    with sessions.begin() as session:
        _world(session).with_gap()

    (view,) = _seen(sessions, actor_with(Role.DONOR))

    assert (LAST_DAY, "North") == (view.turns_on, view.area_name)


@pytest.mark.parametrize("field", ["function", "area", "plan"])
def test_donor_finds_nothing_out_by_filtering(sessions: Sessions, field: str) -> None:
    with sessions.begin() as session:
        world = _world(session, scope="areas")
        world.with_gap(restricted=True)
        filters = {
            "function": GapFilter(function="MRM-VER"),
            "area": GapFilter(area=f"w{world.number}-north"),
            "plan": GapFilter(plan=_slug(world)),
        }

    found = _seen(sessions, actor_with(Role.DONOR), filters[field])

    assert [] == found


def test_place_in_the_list_does_not_tell_the_day_of_a_hidden_gap(sessions: Sessions) -> None:
    with sessions.begin() as session:
        world = _world(session)
        hidden = world.with_gap(restricted=True, turns_on=DECIDED)
        shown = [world.with_gap(turns_on=day) for day in (MAY, JUNE)]

    found = [view.id for view in _seen(sessions, actor_with(Role.DONOR))]

    assert [*shown, hidden] == found


def test_worst_and_soonest_gaps_come_first(sessions: Sessions) -> None:
    with sessions.begin() as session:
        world = _world(session)
        low = world.with_gap(severity="low", turns_on=DECIDED)
        later, sooner = world.with_gap(turns_on=JUNE), world.with_gap(turns_on=MAY)
        critical = world.with_gap(severity="critical", turns_on=LAST_DAY)

    found = [view.id for view in _seen(sessions, actor_with(Role.OBSERVER))]

    assert [critical, sooner, later, low] == found


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.DONOR])
@pytest.mark.parametrize("wanted", [GapFilter(), GapFilter(function="MRM-VER")])
def test_pages_together_hold_every_gap_once(
    sessions: Sessions, role: Role, wanted: GapFilter
) -> None:
    with sessions.begin() as session:
        world = _world(session)
        for number in range(11):
            severity = ("critical", "high", "low")[number % 3]
            day = (MAY, JUNE)[number % 2]
            world.with_gap(severity=severity, turns_on=day, restricted=number % 4 == 0)
    actor, after = actor_with(role), None
    pages: list[int] = []
    with sessions.reading() as session:
        whole = [view.id for view in gap_list(session, actor=actor, wanted=wanted)]
        while page := gap_list(session, actor=actor, wanted=wanted, limit=3, after=after):
            after = page[-1].id
            pages += [view.id for view in page]

    assert whole == pages
    assert len(whole) == (8 if role is Role.DONOR and wanted.function else 11)


def test_each_sees_the_gaps_of_its_plans_and_countries_only(sessions: Sessions) -> None:
    with sessions.begin() as session:
        here = _world(session)
        first = here.with_gap()
        plan_uid = here.uid_of("plan", here.plan_id)
        second = _world(session).with_gap()
        _world(session, country="HTI").with_gap()

    of_country = {v.id for v in _seen(sessions, actor_with(Role.PLANNER, country_iso3="MLI"))}
    of_plan = {v.id for v in _seen(sessions, actor_with(Role.PLANNER, plan_uid=plan_uid))}

    assert ({first, second}, {first}) == (of_country, of_plan)


def test_donor_who_also_plans_one_country_sees_detail_there_only(sessions: Sessions) -> None:
    with sessions.begin() as session:
        here = _world(session).with_gap(restricted=True)
        _world(session, country="HTI").with_gap(restricted=True)
    donor, planner = actor_with(Role.DONOR), actor_with(Role.PLANNER, country_iso3="MLI")
    both = Actor(planner.account_uid, "both", None, (*donor.grants, *planner.grants))

    detail = {view.id for view in _seen(sessions, both) if not view.masked}

    assert {here} == detail


def test_gap_of_another_country_is_not_found(sessions: Sessions) -> None:
    with sessions.begin() as session:
        world = _world(session)
        uid: UUID = world.uid_of("gap", world.with_gap())

    with sessions.reading() as session, pytest.raises(NotFound):
        find_gap(session, uid, actor=actor_with(Role.PLANNER, country_iso3="HTI"))


def test_counts_of_a_plan_of_areas_leave_out_what_a_donor_may_not_place(
    sessions: Sessions,
) -> None:
    with sessions.begin() as session:
        world = _world(session, scope="areas")
        world.with_gap(restricted=True)
        world.with_gap()
    donor = actor_with(Role.DONOR)

    with sessions.reading() as session:
        counts = open_counts(session, actor=donor)

    assert 1 == sum(counts[_slug(world)].values())
