"""Who sees to a gap: assigned, talked about, told under one headline; and nobody closes one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.factories.gaps import World
from tests.factories.people import actor_with, make_account, make_organisation
from tests.gaps.test_acts import REASON, UNTIL
from unbroken.gaps import commands
from unbroken.gaps.changes import Change, Changes
from unbroken.gaps.commands import (
    AcknowledgeGap,
    AssignGap,
    CommentGap,
    EndAcknowledgement,
    EndWaiver,
    GrantWaiver,
    Scanned,
    UnassignGap,
    WaiveGap,
    apply_changes,
    assign_gap,
    comment_gap,
    unassign_gap,
    withdraw_gap_comment,
)
from unbroken.gaps.commands.grouping import put_under_headlines
from unbroken.gaps.queries import GapFilter, GapView, find_gap, gap_list, history
from unbroken.gaps.queries.comments import gap_comments, newest_comments
from unbroken.gaps.queries.mailboxes import gap_mailboxes
from unbroken.gaps.rules import Finding, Found, GapState, Happening, Severity
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, table
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound
from unbroken.people.models import Account
from unbroken.people.rules import AccountState, Actor, Grant, Place, Role

PLANNER, DONOR = actor_with(Role.PLANNER), actor_with(Role.DONOR)
NOTE = "The list comes in May."


@dataclass(frozen=True)
class Desk:
    """A plan of one country with two gaps in one area, and the offices that work on it."""

    sessions: Sessions
    clock: FixedClock
    plan: str
    place: Place
    gap: UUID
    below: UUID
    offices: dict[str, Actor]

    def see(self, actor: Actor = PLANNER, **wanted: object) -> list[GapView]:
        asked = replace(GapFilter(plan=self.plan), **wanted)  # type: ignore[arg-type]
        with self.sessions.reading() as session:
            return gap_list(session, actor=actor, wanted=asked, at=self.clock.now())

    def view(self, actor: Actor = PLANNER) -> GapView:
        with self.sessions.reading() as session:
            return find_gap(session, self.gap, actor=actor)

    def assign(self, handle: str, *, by: Actor = PLANNER) -> commands.GapChanged:
        order = AssignGap(self.gap, handle)
        return assign_gap(self.sessions, order, actor=by, clock=self.clock)

    def comment(self, text: str = NOTE, *, by: Actor) -> UUID:
        order = CommentGap(self.gap, text)
        return comment_gap(self.sessions, order, actor=by, clock=self.clock)


GRANTS = {
    "planner": Grant(Role.PLANNER, country_iso3="MLI"),
    "team": Grant(Role.COUNTRY_TEAM, country_iso3="MLI"),
    "donor": Grant(Role.DONOR),
    "foreign": Grant(Role.PLANNER, country_iso3="HTI"),
    "steward": Grant(Role.STEWARD),
}


@pytest.fixture
def desk(shared: Sessions, clock: FixedClock) -> Desk:
    """Return a desk with its gap that can be reached by nobody, under which another one stands."""
    with shared.begin() as session:
        world = World(session, tier=3).offered_to().with_capacity(state="offered")
        about: dict[str, object] = {"severity": "high", "capacity_id": world.capacity_id}
        gap = world.with_gap("no-access", **about)
        below = world.with_gap("unconfirmed", **about)
        put_under_headlines(session, world.plan_id)
        body = make_organisation(session, name=f"Desk {world.number}")
        made = {
            name: make_account(
                session, grants=(grant,), handle=f"{name}-{world.number}", organisation=body
            )
            for name, grant in GRANTS.items()
        }
        plans = table("plan")
        slug = session.scalar(select(plans.c.slug).where(plans.c.id == world.plan_id))
        return Desk(
            shared,
            clock,
            str(slug),
            Place(world.uid_of("plan", world.plan_id), "MLI"),
            world.uid_of("gap", gap),
            world.uid_of("gap", below),
            {name: known.actor for name, known in made.items()},
        )


def test_gap_is_assigned_to_who_works_on_the_plan_handed_on_and_taken_back(desk: Desk) -> None:
    team, planner = desk.offices["team"], desk.offices["planner"]

    assert desk.assign(team.handle).is_assigned
    assert [desk.gap] == [view.uid for view in desk.see(team, assigned=team.handle)]
    assert desk.assign(planner.handle, by=team).is_assigned
    assert [] == desk.see(assigned=team.handle)
    with pytest.raises(Conflict):
        desk.assign(planner.handle)
    order = UnassignGap(desk.gap)
    taken = unassign_gap(desk.sessions, order, actor=team, clock=desk.clock)
    assert not taken.is_assigned
    with pytest.raises(Conflict):
        unassign_gap(desk.sessions, order, actor=team, clock=desk.clock)


@pytest.mark.parametrize("name", ["donor", "foreign", "steward", "nobody"])
def test_gap_is_assigned_to_nobody_who_does_not_work_on_the_plan(desk: Desk, name: str) -> None:
    actor = desk.offices.get(name)
    with pytest.raises(Invalid):
        desk.assign(actor.handle if actor else "nobody-here")
    with desk.sessions.reading() as session:
        known = [
            box.handle for body in gap_mailboxes(session, desk.place) for box in body.mailboxes
        ]

    assert {desk.offices["team"].handle, desk.offices["planner"].handle} <= set(known)
    assert actor is None or actor.handle not in known


def test_closed_account_is_no_mailbox_any_more(desk: Desk) -> None:
    handle = desk.offices["team"].handle
    with desk.sessions.begin() as session:
        row = session.scalars(select(Account).where(table("account").c.handle == handle)).one()
        row.state = AccountState.CLOSED

    with pytest.raises(Invalid):
        desk.assign(handle)


def test_what_people_do_is_told_to_those_who_see_detail_and_to_no_donor(desk: Desk) -> None:
    team = desk.offices["team"]
    desk.assign(team.handle, by=team)
    desk.comment(by=team)
    order = AcknowledgeGap(desk.gap, NOTE)
    commands.acknowledge_gap(desk.sessions, order, actor=team, clock=desk.clock)

    seen, hidden = desk.view(), desk.view(DONOR)
    with desk.sessions.reading() as session:
        told = [(e.kind.value, e.by, e.to) for e in history(session, seen, actor=PLANNER)]
        donor = [(e.kind.value, e.by, e.to) for e in history(session, hidden, actor=DONOR)]
        comments = newest_comments(session, hidden, actor=DONOR)
        with pytest.raises(Forbidden):
            gap_comments(session, hidden, actor=DONOR)

    office = f"Office {team.handle}"
    expected = [("assigned", office, office), ("commented", office, None)]
    assert [*expected, ("acknowledged", office, None)] == told
    assert [("acknowledged", None, None)] == donor
    assert (NOTE, team.handle, office) == (
        seen.acknowledged_note,
        seen.assigned_to,
        seen.acknowledged_by,
    )
    blank = (hidden.acknowledged_note, hidden.assigned_to, hidden.acknowledged_by, comments)
    assert ("", None, None, ()) == blank
    assert [] == desk.see(DONOR, assigned=team.handle)


def test_comment_is_taken_back_by_who_wrote_it_and_by_nobody_else(desk: Desk) -> None:
    team = desk.offices["team"]
    uid = desk.comment(by=team)
    with pytest.raises(Forbidden):
        withdraw_gap_comment(desk.sessions, uid, actor=PLANNER, clock=desk.clock)
    withdraw_gap_comment(desk.sessions, uid, actor=team, clock=desk.clock)
    with pytest.raises(Conflict):
        withdraw_gap_comment(desk.sessions, uid, actor=team, clock=desk.clock)
    with desk.sessions.reading() as session:
        (found,) = newest_comments(session, desk.view(), actor=PLANNER)

    assert ("", True) == (found.text, found.withdrawn_at is not None)


@pytest.mark.parametrize("text", ["", " ", "Call +223 76 12 34 56.", "a" * 281])
def test_comment_passes_the_gate_for_free_text(desk: Desk, text: str) -> None:
    with pytest.raises(Invalid):
        desk.comment(text, by=PLANNER)


@pytest.mark.parametrize("name", ["donor", "foreign", "steward"])
def test_those_who_do_not_work_on_the_plan_say_nothing(desk: Desk, name: str) -> None:
    with pytest.raises((Forbidden, NotFound)):
        desk.comment(by=desk.offices[name])


def test_grouped_list_shows_the_headline_and_the_others_are_one_step_away(desk: Desk) -> None:
    (head,) = desk.see(grouped=True)

    assert (desk.gap, 1, None) == (head.uid, head.explains, head.headline)
    assert [desk.below] == [view.uid for view in desk.see(headline=desk.gap)]
    assert {desk.gap, desk.below} == {view.uid for view in desk.see()}
    # what the filter leaves out as a headline hides nothing
    assert [desk.below] == [view.uid for view in desk.see(grouped=True, rule="unconfirmed")]


def test_scan_that_closes_a_headline_leaves_the_others_on_their_own(desk: Desk) -> None:
    gaps, at = table("gap"), desk.clock.now()
    with desk.sessions.begin() as session:
        row = session.execute(
            select(gaps.c.plan_id, gaps.c.key).where(gaps.c.uid == desk.gap)
        ).one()
        closed = Changes((Change(Happening.CLOSED, row.key, None),), ())
        apply_changes(session, row.plan_id, closed, by=Scanned(desk.gap, at, at.date()))
    (below,) = desk.see()

    assert (desk.below, None, 2) == (below.uid, below.headline, below.version - 1)


def test_gap_that_opened_three_times_in_a_day_comes_and_goes(desk: Desk) -> None:
    gaps, at = table("gap"), desk.clock.now()
    with desk.sessions.begin() as session:
        row = session.execute(
            select(gaps.c.plan_id, gaps.c.key).where(gaps.c.uid == desk.gap)
        ).one()
        found = Found(row.plan_id, (desk.gap,), UNTIL, None, 1, None, None, False, {})  # noqa: FBT003
        opened = Change(
            Happening.OPENED, row.key, Finding(row.key, "no-access", Severity.HIGH, found)
        )
        for hour in (3, 2, 1):
            by = Scanned(desk.gap, at - timedelta(hours=hour), at.date())
            for change in (Change(Happening.CLOSED, row.key, None), opened):
                apply_changes(session, row.plan_id, Changes((change,), ()), by=by)
    restless = {view.uid: view.comes_and_goes for view in desk.see()}

    assert {desk.gap: True, desk.below: False} == restless


def test_restricted_headline_is_told_to_no_donor(desk: Desk) -> None:
    gaps = table("gap")
    with desk.sessions.begin() as session:
        changed = gaps.update().where(gaps.c.uid == desk.gap).values(restricted=True)
        session.connection().execute(changed)

    seen = {view.uid: view for view in desk.see(DONOR, grouped=True)}

    assert {desk.gap: 0, desk.below: 0} == {uid: view.explains for uid, view in seen.items()}
    assert {None} == {view.headline for view in seen.values()}
    assert [] == desk.see(DONOR, headline=desk.gap)


Order = Callable[[UUID], object]
ORDERS: dict[str, Order] = {
    "acknowledge_gap": lambda gap: AcknowledgeGap(gap, NOTE),
    "end_acknowledgement": EndAcknowledgement,
    "assign_gap": lambda gap: AssignGap(gap, "nobody-here"),
    "unassign_gap": UnassignGap,
    "comment_gap": lambda gap: CommentGap(gap, NOTE),
    "waive_gap": lambda gap: WaiveGap(gap, REASON, UNTIL),
    "grant_waiver": GrantWaiver,
    "end_waiver": EndWaiver,
}
OF_SCANS = {"apply_changes", "end_waivers"}


def test_no_act_of_a_person_closes_a_gap(desk: Desk) -> None:
    acts = {name for name in commands.__all__ if name.islower()} - OF_SCANS
    assert acts - {"withdraw_gap_comment"} == ORDERS.keys()
    for name, order in ORDERS.items():
        try:
            act = getattr(commands, name)
            act(desk.sessions, order(desk.gap), actor=PLANNER, clock=desk.clock)
        except (Conflict, Forbidden, Invalid):
            assert name in {"assign_gap", "unassign_gap", "grant_waiver"}

    assert GapState.OPEN is desk.view().state
