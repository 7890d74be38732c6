"""A server of outside systems and a desk for each test, on both databases."""

from collections.abc import Iterator

import pytest

from tests.forms.server import serving
from tests.sources.outside import OutsideDesk, OutsideServer, make_outside_desk
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions


@pytest.fixture
def outside(sessions: Sessions, clock: FixedClock) -> Iterator[OutsideDesk]:
    with serving(OutsideServer()) as server:
        yield make_outside_desk(sessions, clock, server)
