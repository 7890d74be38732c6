"""A desk for each test, on both databases."""

import pytest

from tests.forms.desk import Desk, make_desk
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    return make_desk(sessions, clock)
