"""The whole demonstration as it stands on its days."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from tests.demo.conftest import KIDAL, LATE, TODAY
from tests.demo.test_histories import NOTICE
from unbroken.demo.deeds import Key
from unbroken.demo.finding import transfer_of
from unbroken.demo.play import TERMS
from unbroken.demo.stage import moment
from unbroken.functions.rules import Dimension
from unbroken.gaps.models import Gap
from unbroken.gaps.rules.words import GapState
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.instance import read_instance
from unbroken.people.queries.actors import actor_by_handle
from unbroken.people.rules import Actor, Sight
from unbroken.plans.models import Area, FunctionArea, Plan, PlanState
from unbroken.plans.queries.plans import plan_list
from unbroken.scans.run import scan_by_hand
from unbroken.trail.queries import verify
from unbroken.transfers.commands.signing import SignOrder, sign
from unbroken.transfers.models import Capacity, Transfer
from unbroken.transfers.rules.words import Act, CapacityState

SHORT = Key("unifil", "CSO-VOICE", "unifil-south", "unicef")
CLOCK = FixedClock(moment(TODAY, 9_000))
DATED = {
    "decision": "known_on",
    "area": "known_on",
    "closing_claim": "known_on",
    "revision": "in_force_on",
    "post": "known_on",
    "assessment": "known_on",
    "meeting": "known_on",
    "agreement": "known_on",
    "receipt": "acted_on",
    "gap": "opened_on",
    "scan": "scanned_on",
    "plan": "touched_on",
}


def open_gaps(sessions: Sessions, plan: str | None = None) -> list[Gap]:
    query = select(Gap).join(Plan).where(Gap.state == GapState.OPEN)
    if plan is not None:
        query = query.where(Plan.slug == plan)
    with sessions.reading() as session:
        return list(session.exec(query))


def actor(sessions: Sessions, handle: str) -> Actor:
    with sessions.reading() as session:
        return actor_by_handle(session, handle)


def posts(sessions: Sessions) -> Capacity:
    with sessions.reading() as session:
        transfer = transfer_of(session, SHORT)
        query = select(Capacity).where(
            Capacity.transfer_id == transfer.id, Capacity.dimension == Dimension.POSTS
        )
        return session.exec(query).one()


def opened_by_key(sessions: Sessions) -> Mapping[str, str]:
    return {gap.key: f"{gap.rule} {gap.severity} {gap.turns_on}" for gap in open_gaps(sessions)}


def act(sessions: Sessions, handle: str, uid: UUID, *, what: Act, quantity: int | None) -> None:
    order = SignOrder(act=what, capacity_uid=uid, quantity=quantity)
    sign(sessions, order, actor=actor(sessions, handle), clock=CLOCK)


def test_every_plan_has_the_notice_of_the_table(loaded: Sessions) -> None:
    with loaded.reading() as session:
        plans = plan_list(session, sight=Sight(everything=True), limit=50)

    assert NOTICE == {plan.slug: plan.notice_days for plan in plans}


def test_the_day_after_mali_decided_there_is_one_headline_and_nothing_else(late: Sessions) -> None:
    assert ["late-plan"] == [gap.rule for gap in open_gaps(late)]


def test_when_the_mission_leaves_kidal_nobody_receives_any_function_there(kidal: Sessions) -> None:
    with kidal.reading() as session:
        query = select(FunctionArea.id).join(Area).where(Area.slug == "minusma-kidal")
        functions = set(session.exec(query))
    found = [gap for gap in open_gaps(kidal) if gap.rule == "no-receiver"]
    there = [gap for gap in found if gap.function_area_id in functions]

    assert functions == {gap.function_area_id for gap in there}
    assert {("critical", KIDAL)} == {(gap.severity.value, gap.turns_on) for gap in there}


@pytest.mark.parametrize("day", [LATE, KIDAL, TODAY])
def test_nothing_is_known_after_the_day_that_is_played(
    day: date, late: Sessions, kidal: Sessions, loaded: Sessions
) -> None:
    sessions = {LATE: late, KIDAL: kidal, TODAY: loaded}[day]
    with sessions.reading() as session:
        latest = {
            table: session.connection().execute(text(f"SELECT max({column}) FROM {table}")).scalar()  # noqa: S608
            for table, column in DATED.items()
        }
        today = read_instance(session).today_on

    assert day == today
    assert {} == {table: at for table, at in latest.items() if at and str(at) > day.isoformat()}


def test_finished_missions_are_completed_and_not_red_for_ever(loaded: Sessions) -> None:
    with loaded.reading() as session:
        states = dict(session.exec(select(Plan.slug, Plan.state)).all())
    completed = {slug for slug, state in states.items() if state is PlanState.COMPLETED}

    assert set(NOTICE) - completed == {"unami", "unmha", "untmis", "unifil"}
    assert [] == [gap.rule for slug in sorted(completed) for gap in open_gaps(loaded, slug)]


def test_what_was_confirmed_in_old_missions_is_sustained(loaded: Sessions) -> None:
    old = ("unoci", "unmil", "minustah", "minujusth")
    with loaded.reading() as session:
        query = select(Capacity.state).select_from(Capacity).join(Transfer).join(Plan)
        states = Counter(session.exec(query.where(col(Plan.slug).in_(old))))

    assert {CapacityState.SUSTAINED} == set(states)


def test_every_chain_of_the_trail_verifies(loaded: Sessions) -> None:
    with loaded.reading() as session:
        reports = verify(session)

    assert len(NOTICE) + 1 == len(reports)
    assert all(report.is_intact for report in reports)


def test_posts_of_unifil_are_planned_and_fewer_are_offered_than_the_baseline_says(
    loaded: Sessions,
) -> None:
    short = [gap for gap in open_gaps(loaded, "unifil") if gap.rule == "short-offered"]

    assert (CapacityState.PLANNED, 3) == (posts(loaded).state, posts(loaded).quantity)
    assert [(3, 0)] == [(gap.facts["posts_held"], gap.facts["posts_offered"]) for gap in short]


def test_offering_and_taking_a_part_closes_one_gap_and_opens_one_other(loaded: Sessions) -> None:
    before, uid = opened_by_key(loaded), posts(loaded).uid
    act(loaded, "planner", uid, what=Act.OFFER, quantity=None)
    act(loaded, "country-team-field", uid, what=Act.RECOMMEND, quantity=None)
    act(loaded, "country-team", uid, what=Act.CONFIRM_PART, quantity=2)
    scan_by_hand(loaded, clock=CLOCK, terms=TERMS)

    after = opened_by_key(loaded)
    assert ["short-offered"] == [before[key].split()[0] for key in before.keys() - after.keys()]
    assert ["short-received"] == [after[key].split()[0] for key in after.keys() - before.keys()]
    assert {} == {
        key: after[key] for key in before.keys() & after.keys() if before[key] != after[key]
    }
