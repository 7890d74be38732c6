"""Two sides acting at random on one offer of ten posts, beside a plain model of what may be true.

The model knows nothing of tables or rules: it remembers who offered, whose hands confirmed, and
whether anything changed since.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.factories.capacities import TODAY
from unbroken.kit.errors import Refused
from unbroken.transfers.rules.cover import Cover
from unbroken.transfers.rules.views import ActOrder, Ground, Portion
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S

POSTS = 10
PEOPLE = ("planner", "receiver", "colleague", "field", "co_chair", "dual", "attester", "donor")
FOR_RECEIVER = {"receiver", "colleague", "dual"}
CONFIRMED = {S.CONFIRMED, S.SUSTAINED, S.CONDITIONAL}
CONFIRMS = {Act.CONFIRM, Act.CONFIRM_PART, Act.CONFIRM_ON_CONDITION}
DATED = {Act.CONFIRM_PART, Act.CONFIRM_ON_CONDITION, Act.ASK_TIME}
ACTS = sorted(set(Act) - {Act.RECEIVE, Act.ATTEST})


@dataclass(frozen=True, slots=True)
class Seen:
    """One capacity as the world shows it."""

    state: S
    portion: Portion
    cover: Cover
    waits: bool


class World(Protocol):
    """Where acts are signed: the rules alone, or a database."""

    def sign(self, uid: UUID, who: str, order: ActOrder) -> tuple[UUID, ...]:
        """Sign and return what was left with the giver, mostly nothing; raises ``Refused``."""

    def change(self) -> None:
        """Change something that every signature covers."""

    def see(self, uid: UUID) -> Seen:
        """Return one capacity."""

    def receipts(self, uid: UUID) -> int:
        """Return how many receipts a capacity has."""


@dataclass(slots=True)
class Remembered:
    """What the model remembers of one capacity."""

    offered_by: str | None = None
    hands: set[str] = field(default_factory=set)
    first_hand: str | None = None
    waiting: Act | None = None
    changed: bool = False
    receipts: int = 0


class TwoSides(RuleBasedStateMachine):
    """People of both sides and none sign whatever they like."""

    def make_world(self) -> tuple[World, UUID]:
        """Return a world with one capacity of ten posts that is not started, and its UUID."""
        raise NotImplementedError

    @initialize()
    def begin(self) -> None:
        self.world, first = self.make_world()
        self.known = {first: Remembered()}

    @rule(
        number=st.integers(0, 9),
        who=st.sampled_from(PEOPLE),
        act=st.sampled_from(ACTS),
        quantity=st.integers(0, POSTS),
        day=st.integers(0, 90),
        first=st.none() | st.integers(1, 60),
    )
    def sign(
        self,
        number: int,
        who: str,
        act: Act,
        quantity: int,
        day: int,
        first: int | None = None,
    ) -> None:
        uid = list(self.known)[number % len(self.known)]
        before = self.world.see(uid)
        from_on = None if first is None else TODAY + timedelta(days=first)
        order = wording(
            act, quantity=quantity, until_on=TODAY + timedelta(days=day), from_on=from_on
        )
        try:
            rests = self.world.sign(uid, who, order)
        except Refused:
            assert before == self.world.see(uid)
            return
        self.remember(uid, who, act)
        self.known.update({rest: Remembered() for rest in rests})

    @rule(
        number=st.integers(0, 9),
        offers=st.sampled_from(["planner", "dual"]),
        answers=st.sampled_from(["receiver", "dual"]),
        second=st.sampled_from(["co_chair", "colleague", "dual"]),
        answer=st.sampled_from(sorted(CONFIRMS)),
    )
    def offer_and_answer(
        self, number: int, offers: str, answers: str, second: str, answer: Act
    ) -> None:
        self.sign(number, offers, Act.OFFER, 0, 0)
        self.sign(number, answers, answer, 1, 10)
        self.sign(number, second, Act.COUNTERSIGN, 0, 0)

    @rule()
    def change(self) -> None:
        self.world.change()
        for memory in self.known.values():
            memory.changed = True

    def remember(self, uid: UUID, who: str, act: Act) -> None:
        memory, seen = self.known[uid], self.world.see(uid)
        memory.receipts += 1
        if act is Act.OFFER:
            memory.offered_by, memory.hands, memory.first_hand = who, set(), None
        if seen.waits:
            memory.waiting, memory.first_hand = act, who
        elif act is Act.COUNTERSIGN:
            self.confirmed(memory, {who, memory.first_hand or ""}, memory.waiting)
            memory.waiting = None
        elif act is Act.REFUSE_COUNTERSIGN:
            memory.waiting = None
        else:
            self.confirmed(memory, {who}, act)

    def confirmed(self, memory: Remembered, hands: set[str], act: Act | None) -> None:
        if act in CONFIRMS:
            memory.hands = hands
        if act in CONFIRMS | {Act.MEET_CONDITION, Act.RESUME}:
            memory.changed = False

    @invariant()
    def the_posts_add_up_on_every_day(self) -> None:
        portions = [self.world.see(uid).portion for uid in getattr(self, "known", {})]
        for number in range(0, 100, 3) if portions else ():
            day = TODAY + timedelta(days=number)
            assert sum(each.quantity or 0 for each in portions if each.holds(day)) == POSTS

    @invariant()
    def of_each_post_one_capacity_has_no_beginning(self) -> None:
        portions = [self.world.see(uid).portion for uid in getattr(self, "known", {})]
        first = [each.quantity or 0 for each in portions if each.from_on is None]
        assert sum(first) == (POSTS if portions else 0)

    @invariant()
    def nobody_alone_stands_for_both(self) -> None:
        for uid, memory in getattr(self, "known", {}).items():
            if self.world.see(uid).state in CONFIRMED:
                assert memory.hands & FOR_RECEIVER
                assert memory.hands != {"dual"}
                assert memory.offered_by not in memory.hands

    @invariant()
    def silence_and_stale_signatures_are_never_green(self) -> None:
        for uid, memory in getattr(self, "known", {}).items():
            seen = self.world.see(uid)
            if seen.cover is Cover.GREEN:
                assert memory.hands
                assert not memory.changed

    @invariant()
    def every_act_left_one_receipt(self) -> None:
        for uid, memory in getattr(self, "known", {}).items():
            assert memory.receipts == self.world.receipts(uid)


def wording(act: Act, *, quantity: int, until_on: date, from_on: date | None) -> ActOrder:
    """Return an act with everything said that it may need."""
    is_part = act is Act.CONFIRM_PART
    return ActOrder(
        act=act,
        quantity=quantity or None if is_part else None,
        from_on=from_on if is_part else None,
        until_on=until_on if act in DATED and (not is_part or quantity % 2) else None,
        reason="It was decided so.",
        instrument="Letter 12",
        instrument_on=TODAY,
        authority="Ministry of Education",
        ground=Ground.DECISION if act in {Act.END, Act.NOT_APPLICABLE} else None,
        months=(3, 6, 12)[quantity % 3] if act is Act.CHECK else None,
        passed=quantity > 2 if act is Act.CHECK else None,
    )
