"""Cover for a time only, and what it costs, on real databases."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from tests.factories.capacities import LAST_DAY, TODAY
from tests.factories.transfers import Scene, make_scene
from unbroken.functions.rules import Dimension
from unbroken.kit.canonical import digest
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Stale
from unbroken.plans.models import Timetable
from unbroken.transfers.commands.signing import SignOrder, lapse_conditions
from unbroken.transfers.models import Capacity
from unbroken.transfers.queries import SignatureState, capacity_view, signature_state, transfer_view
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.costs import Cost
from unbroken.transfers.rules.cover import Cover
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S

FIRST, LAST = LAST_DAY + timedelta(days=11), LAST_DAY + timedelta(days=90)
A_DAY = timedelta(days=1)


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    return make_scene(sessions, clock)


def order(act: Act, uid: UUID, **words: object) -> SignOrder:
    return SignOrder(act=act, capacity_uid=uid, **words)  # type: ignore[arg-type]


def posts(scene: Scene) -> list[Capacity]:
    with scene.sessions.reading() as session:
        query = select(Capacity).where(Capacity.dimension == Dimension.POSTS)
        return list(session.exec(query.order_by("id")))


def test_the_time_outside_stays_with_the_giver_and_points_back(scene: Scene) -> None:
    uid = scene.offered()
    done = scene.act(
        scene.receiver, order(Act.CONFIRM_PART, uid, quantity=4, from_on=FIRST, until_on=LAST)
    )
    taken, *rests = posts(scene)

    assert (4, FIRST, LAST) == (taken.quantity, taken.cover_from_on, taken.cover_until_on)
    assert [(6, None, None), (4, None, FIRST - A_DAY), (4, LAST + A_DAY, None)] == [
        (each.quantity, each.cover_from_on, each.cover_until_on) for each in rests
    ]
    assert done.rest_uids == tuple(each.uid for each in rests)
    receipt = scene.receipts(uid)[-1]
    assert {taken.id} == {each.rest_of_id for each in rests}
    assert {receipt.uid} == {each.left_by_uid for each in rests}
    assert (FIRST, LAST) == (receipt.from_on, receipt.until_on)


def test_cover_for_a_time_lapses_by_rule_on_the_day_after(scene: Scene) -> None:
    uid = scene.offered()
    scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, until_on=LAST))
    days = [LAST, LAST + A_DAY, LAST + 2 * A_DAY]

    lapsed = [lapse_conditions(scene.sessions, scene.plan_uid, clock=scene.at(on)) for on in days]

    assert [(), (uid,), ()] == lapsed
    receipt = scene.receipts(uid)[-1]
    assert (S.LAPSED, Act.LAPSE, LAST) == (
        scene.capacity(uid).state,
        receipt.act,
        receipt.until_on,
    )


@pytest.mark.parametrize(
    ("on", "cover"), [(LAST, Cover.GREEN), (LAST + A_DAY, Cover.NONE), (TODAY, Cover.GREEN)]
)
def test_the_last_day_of_cover_is_in_it(scene: Scene, on: object, cover: Cover) -> None:
    uid = scene.offered()
    scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, until_on=LAST))
    with scene.sessions.reading() as session:
        found = capacity_view(session, uid, actor=scene.observer, on=on)  # type: ignore[arg-type]

    assert found.entry.cover is cover


def test_a_function_covered_until_a_day_is_not_whole(scene: Scene) -> None:
    named = scene.named(dimensions=frozenset({Dimension.POSTS}))
    uid = named.capacities[Dimension.POSTS]
    scene.act(scene.planner, order(Act.OFFER, uid))
    scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, until_on=LAST))
    with scene.sessions.reading() as session:
        found = transfer_view(session, named.transfer_uid, actor=scene.observer, on=TODAY)

    assert found.wholeness.cover is Cover.UNKNOWN


def test_what_follows_is_offered_and_answered_until_it_begins(scene: Scene) -> None:
    uid = scene.offered()
    done = scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, until_on=LAST))
    (rest,) = done.rest_uids
    scene.act(scene.planner, order(Act.OFFER, rest), on=LAST - 3 * A_DAY)
    scene.act(scene.colleague, order(Act.CONFIRM, rest), on=LAST)

    assert (S.CONFIRMED, LAST) == (scene.capacity(rest).state, scene.capacity(rest).answer_by)


def test_a_time_that_is_over_is_offered_to_nobody(scene: Scene) -> None:
    uid = scene.offered()
    done = scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, from_on=FIRST))
    (before,) = done.rest_uids

    with pytest.raises(no.TimeIsOver):
        scene.act(scene.planner, order(Act.OFFER, before), on=FIRST)


def test_a_confirmation_as_a_whole_says_nothing_of_days(scene: Scene) -> None:
    uid = scene.offered()

    with pytest.raises(no.NothingLeft):
        scene.act(scene.receiver, order(Act.CONFIRM, uid, until_on=LAST))


def test_a_time_that_ended_before_today_is_not_confirmed(scene: Scene) -> None:
    uid = scene.offered()

    with pytest.raises(no.WrongDate):
        scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, until_on=TODAY - A_DAY))


def test_who_holds_both_sides_takes_a_time_with_the_co_chair(scene: Scene) -> None:
    uid = scene.offered()
    words = {"quantity": 3, "from_on": FIRST, "until_on": LAST}
    waits = scene.act(scene.dual, order(Act.CONFIRM_PART, uid, **words))
    done = scene.act(scene.co_chair, order(Act.COUNTERSIGN, uid))
    taken = scene.capacity(uid)

    assert (True, S.OFFERED, 3) == (waits.waits, waits.state, len(done.rest_uids))
    assert (S.CONFIRMED, 3, FIRST, LAST) == (
        taken.state,
        taken.quantity,
        taken.cover_from_on,
        taken.cover_until_on,
    )
    assert signature_state(taken) is SignatureState.FITS


def test_the_timetable_stays_as_it_is(scene: Scene) -> None:
    uid = scene.offered()
    with scene.sessions.reading() as session:
        before = [row.model_dump() for row in session.exec(select(Timetable))]
    scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, from_on=FIRST, until_on=LAST))
    with scene.sessions.reading() as session:
        assert before == [row.model_dump() for row in session.exec(select(Timetable))]


def test_a_cost_is_signed_with_the_offer_and_divided_with_it(scene: Scene) -> None:
    uid = scene.named().capacities[Dimension.POSTS]
    scene.act(scene.planner, order(Act.OFFER, uid, cost=Cost(1_000_001, "USD")))
    offered = scene.receipts(uid)[-1]
    scene.act(scene.receiver, order(Act.CONFIRM_PART, uid, quantity=4))
    taken, rest = posts(scene)

    assert {"units": 1_000_001, "currency": "USD"} == offered.content["cost_per_year"]
    assert [(400_000, "USD"), (600_001, "USD")] == [
        (each.cost_units, each.cost_currency) for each in (taken, rest)
    ]


def test_another_cost_makes_the_confirmation_stale(scene: Scene) -> None:
    uid = scene.named().capacities[Dimension.POSTS]
    scene.act(scene.planner, order(Act.OFFER, uid, cost=Cost(100, "USD")))
    scene.act(scene.receiver, order(Act.DECLINE, uid, reason="It costs too much."))
    seen = scene.capacity(uid).content_hash
    scene.act(scene.planner, order(Act.OFFER, uid, cost=Cost(50, "USD")))

    assert seen != scene.capacity(uid).content_hash
    scene.act(scene.planner, order(Act.WITHDRAW, uid))


@pytest.mark.parametrize(
    ("cost", "kept"),
    [(None, Cost(100, "USD")), (Cost(), Cost()), (Cost(0, "EUR"), Cost(0, "EUR"))],
)
def test_an_offer_that_says_nothing_of_cost_leaves_it_as_it_was(
    scene: Scene, cost: Cost | None, kept: Cost
) -> None:
    uid = scene.named("DIG-REP").capacities[Dimension.POSTS]
    scene.act(scene.planner, order(Act.OFFER, uid, cost=Cost(100, "USD")))
    scene.act(scene.planner, order(Act.WITHDRAW, uid))
    scene.act(scene.planner, order(Act.OFFER, uid, cost=cost))
    found = scene.capacity(uid)

    assert kept == Cost(found.cost_units, found.cost_currency)


def test_contents_without_time_and_cost_have_the_keys_they_always_had(scene: Scene) -> None:
    receipt = scene.receipts(scene.confirmed())[-1]
    keys = (
        *("version", "plan", "area", "function", "giver", "receiver", "transfer", "capacity"),
        *("dimension", "quantity", "unit", "parts", "starts_on", "ends_on", "scope_note"),
        *("edition", "language", "items", "agreements", "condition"),
    )

    assert set(keys) == set(receipt.content)
    assert receipt.content_hash == digest(receipt.content)


def test_another_content_than_the_one_read_is_not_signed(scene: Scene) -> None:
    uid = scene.offered("DIG-REP")
    seen = scene.capacity(uid).content_hash
    scene.act(scene.planner, order(Act.WITHDRAW, uid))
    scene.act(scene.planner, order(Act.OFFER, uid, cost=Cost(100, "USD")))

    with pytest.raises(Stale):
        scene.act(scene.receiver, order(Act.CONFIRM, uid, content_seen=seen))
    now = scene.capacity(uid).content_hash
    done = scene.act(scene.receiver, order(Act.CONFIRM, uid, content_seen=now))

    assert (True, S.CONFIRMED) == (seen != now, done.state)
