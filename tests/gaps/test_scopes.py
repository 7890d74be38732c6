"""What a narrowed scope holds, and what is restricted."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import Session

from tests.factories.gaps import IN_FORCE, LAST_DAY, World
from unbroken.gaps.queries import findings, run
from unbroken.gaps.rules import RULES, Found, Scope
from unbroken.kit.db import Sessions, table

APRIL, JULY = date(2026, 4, 2), date(2026, 7, 1)


def _late(session: Session) -> World:
    world = World(session).offered_to()
    return world.with_capacity(state="offered", answer_by=date(2026, 4, 1))


def _run(sessions: Sessions, code: str, scope: Scope) -> list[Found]:
    with sessions.reading() as session:
        return run(session, RULES[code], scope)


def test_two_plans_at_once_keep_their_own_gaps(shared: Sessions) -> None:
    with shared.begin() as session:
        first, second = _late(session), _late(session)

    found = _run(shared, "unconfirmed", Scope(on=APRIL, plan_ids=(first.plan_id, second.plan_id)))

    assert {(first.plan_id, first.capacity_id), (second.plan_id, second.capacity_id)} == {
        (one.plan_id, one.capacity_id) for one in found
    }


def test_confirmation_in_one_plan_covers_nothing_in_another(shared: Sessions) -> None:
    with shared.begin() as session:
        covered = World(session).offered_to().with_capacity()
        open_ = World(session).offered_to().with_capacity(state="offered")

    found = _run(
        shared, "closes-uncovered", Scope(on=JULY, plan_ids=(covered.plan_id, open_.plan_id))
    )

    assert [open_.plan_id] == [one.plan_id for one in found]


def test_one_transfer_holds_its_own_function_and_plan_only(shared: Sessions) -> None:
    with shared.begin() as session:
        meant, other = _late(session), _late(session)
        kept = meant.transfer_id
        meant.with_function("VET", tier=1).offered_to().with_capacity(state="offered")
    scope = Scope(on=JULY, transfer_id=kept)

    with shared.reading() as session:
        found = findings(session, scope)
        area = table("function_area")
        first = session.scalar(
            select(area.c.id).where(area.c.plan_id == meant.plan_id).order_by(area.c.id)
        )
    functions = {one.found.function_area_id for one in found} - {None}

    assert ({meant.plan_id}, {first}) == ({one.found.plan_id for one in found}, functions)
    assert other.plan_id != meant.plan_id


def test_scenario_reads_its_own_dates_and_no_other_plan(shared: Sessions) -> None:
    with shared.begin() as session:
        World(session, in_force=False)
        world = World(session)
        world.with_revision(2, since=None, state="scenario", last_day=APRIL)
    scope = Scope(on=APRIL, scenario_ids=(world.revision_id,))

    late, alone = _run(shared, "late-plan", scope), _run(shared, "no-receiver", scope)

    assert ([], [(world.plan_id, APRIL)]) == (late, [(o.plan_id, o.last_day_on) for o in alone])


def test_revision_superseded_today_no_longer_counts_today(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session, in_force=False)
        world.with_revision(1, since=IN_FORCE, until=APRIL, last_day=APRIL)
        world.with_revision(2, since=APRIL, last_day=LAST_DAY)

    found = _run(shared, "no-receiver", Scope(on=APRIL, plan_ids=(world.plan_id,)))

    assert [LAST_DAY] == [one.last_day_on for one in found]


@pytest.mark.parametrize(
    ("code", "public", "expected"),
    [("REFER", True, False), ("REFER", False, True), ("MRM-DIAL", True, True)],
)
def test_gap_is_restricted_with_its_function_or_an_unpublished_closing(
    shared: Sessions, code: str, *, public: bool, expected: bool
) -> None:
    with shared.begin() as session:
        plan_id = World(session, code=code).with_area(closings_public=public).plan_id

    (found,) = _run(shared, "no-receiver", Scope(on=APRIL, plan_ids=(plan_id,)))

    assert expected is found.restricted


def test_single_person_is_always_restricted(shared: Sessions) -> None:
    with shared.begin() as session:
        plan_id = World(session, tier=1).with_post().plan_id

    (found,) = _run(shared, "single-person", Scope(on=APRIL, plan_ids=(plan_id,)))

    assert found.restricted


@pytest.mark.parametrize("code", ["REFER", "MRM-VER"])
def test_vacant_post_is_restricted_with_its_function(shared: Sessions, code: str) -> None:
    with shared.begin() as session:
        plan_id = World(session, code=code).with_post("giver", code, filled=0).plan_id

    (found,) = _run(shared, "post-vacant", Scope(on=APRIL, plan_ids=(plan_id,)))

    assert (code == "MRM-VER") is found.restricted


def test_violations_that_nobody_verifies_are_named(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session, code="MRM-VER", tier=1).offered_to()
        world.with_capacity("skills", parts=["abduction", "killing-maiming", "sexual-violence"])

    (found,) = _run(shared, "violation-uncovered", Scope(on=JULY, plan_ids=(world.plan_id,)))

    assert "recruitment-use, attacks-schools-hospitals, denial-access" == found.facts["types"]


def test_key_of_a_gap_outlives_a_revision(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session)
        uid: UUID = world.uid_of("function_area", world.function_area_id)
        world.superseded(APRIL).with_revision(2, since=APRIL)

    (found,) = _run(shared, "no-receiver", Scope(on=APRIL, plan_ids=(world.plan_id,)))

    assert (uid,) == found.subjects
