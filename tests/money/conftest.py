"""A plan with money on it, on a database of each kind."""

import pytest

from tests.money.desks import MoneyDesk, make_desk
from tests.money.donors import DonorDesk, make_donor_desk
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> MoneyDesk:
    return make_desk(sessions, clock)


@pytest.fixture
def donors(sessions: Sessions, clock: FixedClock) -> DonorDesk:
    return make_donor_desk(sessions, clock)
