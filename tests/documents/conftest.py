"""A plan on which much was signed, on each kind of database."""

import pytest

from tests.factories.proofs import signed_scene
from tests.factories.transfers import Scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    return signed_scene(sessions, clock)
