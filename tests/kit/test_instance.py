"""The instance knows whether it plays, and on which day."""

from datetime import UTC, date, datetime

import pytest

from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, NotFound
from unbroken.kit.instance import InstanceClock, create_instance, read_instance, set_today

REAL = datetime(2026, 3, 2, 9, 15, 30, tzinfo=UTC)
PLAYED = date(2023, 6, 16)


def create(kit: Sessions, *, demonstration: bool) -> InstanceClock:
    with kit.begin() as session:
        create_instance(session, is_demonstration=demonstration, at=REAL)
    return InstanceClock(kit, clock=FixedClock(REAL))


def move(kit: Sessions, day: date | None) -> None:
    with kit.begin() as session:
        set_today(session, day)


def test_there_is_one_instance(kit: Sessions) -> None:
    create(kit, demonstration=False)
    with pytest.raises(Conflict):
        create(kit, demonstration=True)
    with kit.reading() as session:
        assert not read_instance(session).is_demonstration


def test_an_empty_database_has_none_and_the_real_time(kit: Sessions) -> None:
    with pytest.raises(NotFound), kit.reading() as session:
        read_instance(session)
    assert InstanceClock(kit, clock=FixedClock(REAL)).now() == REAL


def test_a_moved_demonstration_keeps_the_real_time_of_day(kit: Sessions) -> None:
    clock = create(kit, demonstration=True)
    move(kit, PLAYED)

    assert clock.now() == datetime(2023, 6, 16, 9, 15, 30, tzinfo=UTC)
    assert clock.today("Pacific/Midway") == date(2023, 6, 15)


def test_a_demonstration_can_return_to_the_real_day(kit: Sessions) -> None:
    clock = create(kit, demonstration=True)
    move(kit, PLAYED)
    move(kit, None)

    assert clock.now() == REAL


def test_what_is_no_demonstration_cannot_be_moved(kit: Sessions) -> None:
    clock = create(kit, demonstration=False)
    with pytest.raises(Conflict, match="demonstration"):
        move(kit, PLAYED)

    assert (clock.now(), clock.now()) == (REAL, REAL)
