"""The random two sides, on the rules alone and on both databases."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlmodel import func, select

from tests.factories.capacities import (
    ATTESTER,
    BYSTANDER,
    CO_CHAIR,
    COLLEAGUE,
    DUAL,
    FIELD,
    PLANNER,
    RECEIVER,
    TODAY,
    view,
)
from tests.factories.transfers import Scene, make_scene
from tests.transfers.machine import Seen, TwoSides, World
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor
from unbroken.transfers.commands.changing import EditTransfer, edit_transfer
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.models import Capacity, Receipt
from unbroken.transfers.queries import capacity_view
from unbroken.transfers.rules.content import SIGNS_CONTENT
from unbroken.transfers.rules.cover import cover_of
from unbroken.transfers.rules.lifecycle import decide
from unbroken.transfers.rules.views import (
    ActOrder,
    CapacityView,
    Decision,
    Pending,
    Portion,
    Signer,
)
from unbroken.transfers.rules.words import Act, CapacityState

SIGNERS = {
    "planner": PLANNER,
    "receiver": RECEIVER,
    "colleague": COLLEAGUE,
    "field": FIELD,
    "co_chair": CO_CHAIR,
    "dual": DUAL,
    "attester": ATTESTER,
    "donor": BYSTANDER,
}


class Rules:
    """A world of views only."""

    def __init__(self, first: CapacityView) -> None:
        self.views = {first.uid: first}
        self.counts = {first.uid: 0}

    def sign(self, uid: UUID, who: str, order: ActOrder) -> tuple[UUID, ...]:
        before, by = self.views[uid], SIGNERS[who]
        decision = decide(before, order, by, on=TODAY)
        self.counts[uid] += 1
        self.views[uid] = after(before, decision, order, by)
        rests = [
            view(CapacityState.NOT_STARTED, portion=rest, in_chain=True) for rest in decision.rests
        ]
        for rest in rests:
            self.views[rest.uid], self.counts[rest.uid] = rest, 0
        return tuple(rest.uid for rest in rests)

    def change(self) -> None:
        for uid, each in self.views.items():
            waiting = each.pending and replace(each.pending, fits=False)
            self.views[uid] = replace(each, fits=False, pending=waiting)

    def see(self, uid: UUID) -> Seen:
        found = self.views[uid]
        cover = cover_of(found, on=TODAY)
        return Seen(found.state, found.portion, cover, found.pending is not None)

    def receipts(self, uid: UUID) -> int:
        return self.counts[uid]


def after(before: CapacityView, decision: Decision, order: ActOrder, by: Signer) -> CapacityView:
    """Return the view that the commands would store."""
    if decision.needs_countersignature:
        waiting = Pending(uuid4(), order, by.account_uid, by.of_receiver, before.state)
        return replace(before, state=decision.state, pending=waiting)
    waited = before.pending.order.act if before.pending else order.act
    signs = order.act is not Act.REFUSE_COUNTERSIGN and waited in SIGNS_CONTENT
    offered_by = by.account_uid if order.act is Act.OFFER else before.offered_by_uid
    return replace(
        before,
        state=decision.state,
        portion=decision.portion,
        in_chain=before.in_chain or bool(decision.rests),
        offered_by_uid=None if order.act is Act.PLAN else offered_by,
        answer_by=decision.answer_by,
        condition=decision.condition,
        condition_until_on=decision.condition_until_on,
        checks_passed=decision.checks_passed,
        check_failed=decision.check_failed,
        fits=before.fits or signs,
        pending=None,
    )


class Database:
    """A world of stored rows."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        named = scene.named("DIG-REP", is_lead=False)
        self.transfer, self.first = named.transfer_uid, named.capacities[Dimension.POSTS]
        self.seen: dict[UUID, Seen] = {}

    def sign(self, uid: UUID, who: str, order: ActOrder) -> tuple[UUID, ...]:
        actor: Actor = getattr(self.scene, who)
        self.seen.clear()
        said = {name: getattr(order, name) for name in ActOrder.__dataclass_fields__}
        return self.scene.act(actor, SignOrder(**said, capacity_uid=uid)).rest_uids

    def change(self) -> None:
        self.seen.clear()
        order = EditTransfer(
            transfer_uid=self.transfer,
            scope_note=f"Scope {uuid4().int % 1000}",
            starts_on=None,
            ends_on=None,
        )
        edit_transfer(self.scene.sessions, order, actor=self.scene.planner, clock=self.scene.clock)

    def see(self, uid: UUID) -> Seen:
        if uid not in self.seen:
            self.seen[uid] = self.read(uid)
        return self.seen[uid]

    def read(self, uid: UUID) -> Seen:
        with self.scene.sessions.reading() as session:
            found = capacity_view(session, uid, actor=self.scene.observer, on=TODAY).entry
        portion = Portion(found.quantity, found.parts, found.from_on, found.until_on)
        return Seen(found.state, portion, found.cover, found.waits_for is not None)

    def receipts(self, uid: UUID) -> int:
        with self.scene.sessions.reading() as session:
            number = select(Capacity.id).where(Capacity.uid == uid).scalar_subquery()
            query = select(func.count()).select_from(Receipt).where(Receipt.capacity_id == number)
            return session.exec(query).one()


class OnRules(TwoSides):
    def make_world(self) -> tuple[World, UUID]:
        first = view(CapacityState.NOT_STARTED)
        return Rules(first), first.uid


def test_the_rules_keep_both_sides_honest() -> None:
    steps = settings(max_examples=300, stateful_step_count=40, deadline=None)

    run_state_machine_as_test(OnRules, settings=steps)


@pytest.mark.parametrize("examples", [10])
def test_the_database_keeps_both_sides_honest(
    sessions: Sessions, clock: FixedClock, examples: int
) -> None:
    scene = make_scene(sessions, clock)

    class OnDatabase(TwoSides):
        def make_world(self) -> tuple[World, UUID]:
            world = Database(scene)
            return world, world.first

    steps = settings(max_examples=examples, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(OnDatabase, settings=steps)
