"""Packages: all or none; and two who sign at once: one does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from tests.factories.capacities import LAST_DAY
from tests.factories.transfers import Scene, make_scene
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, Stale
from unbroken.people.rules import Actor
from unbroken.transfers.commands.signing import (
    PackageOrder,
    SignOrder,
    sign_package,
)
from unbroken.transfers.models import Capacity, Receipt
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S

AFTER = LAST_DAY + timedelta(days=1)


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    return make_scene(sessions, clock)


def order(act: Act, uid: UUID, **words: object) -> SignOrder:
    return SignOrder(act=act, capacity_uid=uid, **words)  # type: ignore[arg-type]


def package(scene: Scene, *dimensions: Dimension) -> list[UUID]:
    named = scene.named("DIG-REP")
    for dimension in dimensions:
        scene.act(scene.planner, order(Act.OFFER, named.capacities[dimension]))
    return list(named.capacities.values())


def test_a_package_is_signed_under_one_number(scene: Scene) -> None:
    uids = package(scene, *(Dimension.POSTS, Dimension.SKILLS, Dimension.DATA))
    listed = PackageOrder(act=Act.CONFIRM, capacities=tuple((uid, None) for uid in uids))

    done = sign_package(scene.sessions, listed, actor=scene.receiver, clock=scene.clock)

    numbers = {scene.receipts(uid)[-1].package_uid for uid in uids}
    assert ([S.CONFIRMED] * 3, 1) == ([one.state for one in done], len(numbers))


def test_a_package_with_one_refusal_signs_nothing(scene: Scene) -> None:
    uids = package(scene, Dimension.POSTS, Dimension.SKILLS)
    listed = PackageOrder(act=Act.CONFIRM, capacities=tuple((uid, None) for uid in uids))

    with pytest.raises(no.NotOffered) as refusal:
        sign_package(scene.sessions, listed, actor=scene.receiver, clock=scene.clock)

    states = [scene.capacity(uid).state for uid in uids]
    assert ([S.OFFERED, S.OFFERED, S.NOT_STARTED], str(uids[2])) == (
        states,
        refusal.value.facts["capacity"],
    )


def test_a_package_with_one_stale_version_signs_nothing(scene: Scene) -> None:
    first, second, _ = package(scene, Dimension.POSTS, Dimension.SKILLS)
    listed = PackageOrder(act=Act.CONFIRM, capacities=((first, None), (second, 0)))

    with pytest.raises(Stale):
        sign_package(scene.sessions, listed, actor=scene.receiver, clock=scene.clock)

    assert scene.capacity(first).state is S.OFFERED


def test_a_package_with_one_other_content_signs_nothing(scene: Scene) -> None:
    first, second, _ = package(scene, Dimension.POSTS, Dimension.SKILLS)
    listed = PackageOrder(
        act=Act.CONFIRM,
        capacities=((first, None), (second, None)),
        contents_seen={first: scene.capacity(first).content_hash, second: "0" * 64},
    )

    with pytest.raises(Stale) as refusal:
        sign_package(scene.sessions, listed, actor=scene.receiver, clock=scene.clock)

    assert (S.OFFERED, str(second)) == (
        scene.capacity(first).state,
        refusal.value.facts["capacity"],
    )


@pytest.mark.parametrize("number", [0, 2])
def test_a_package_lists_each_capacity_once(scene: Scene, number: int) -> None:
    uid = scene.offered()
    listed = PackageOrder(act=Act.CONFIRM, capacities=((uid, None),) * number)

    with pytest.raises(Invalid):
        sign_package(scene.sessions, listed, actor=scene.receiver, clock=scene.clock)


def test_of_two_who_sign_at_once_one_does(scene: Scene) -> None:
    uid = scene.offered()

    def attempt(actor: Actor) -> bool:
        try:
            scene.act(actor, order(Act.CONFIRM, uid))
        except no.NotOffered:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(attempt, [scene.receiver, scene.colleague]))

    acts = [receipt.act for receipt in scene.receipts(uid)]
    assert ([False, True], [Act.OFFER, Act.CONFIRM]) == (sorted(done), acts)


def test_of_two_who_take_different_parts_at_once_one_does(scene: Scene) -> None:
    uid = scene.offered()
    seen = scene.capacity(uid).version

    def attempt(share: tuple[Actor, int]) -> bool:
        actor, quantity = share
        act = order(Act.CONFIRM_PART, uid, quantity=quantity, version_seen=seen)
        try:
            scene.act(actor, act)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(attempt, [(scene.receiver, 3), (scene.colleague, 4)]))

    with scene.sessions.reading() as session:
        posts = select(Capacity.quantity).where(Capacity.dimension == Dimension.POSTS)
        total = sum(quantity or 0 for quantity in session.exec(posts))
        receipts = session.exec(select(Receipt.act)).all()
    assert ([False, True], 10, 2) == (sorted(done), total, len(receipts))
