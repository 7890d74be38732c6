"""An open plan, and one with a revision in force, on a database of each kind."""

import pytest

from tests.factories.plans import PlanScene, make_plan, make_plan_in_force
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> PlanScene:
    return make_plan(sessions, clock)


@pytest.fixture
def in_force(sessions: Sessions, clock: FixedClock) -> PlanScene:
    return make_plan_in_force(sessions, clock)
