"""Signing on real databases: receipts, rests, packages, staleness, two hands at once."""

import pytest

from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.rules.words import Act, CapacityState


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    return make_scene(sessions, clock)


def test_an_offer_that_the_receiver_confirms_is_confirmed(scene: Scene) -> None:
    uid = scene.offered()

    done = scene.act(scene.receiver, SignOrder(act=Act.CONFIRM, capacity_uid=uid))

    assert (CapacityState.CONFIRMED, False) == (done.state, done.waits)
