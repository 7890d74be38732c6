"""When a letter is due: one for each period and person, whatever clocks and zones do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from unbroken.notices.rules.retries import LONGEST, RETRIES, SPREAD, retry_in
from unbroken.notices.rules.wishes import (
    AT_ONCE_APART,
    Wish,
    is_at_once_due,
    is_period_due,
    period_of,
    wish_of,
)
from unbroken.notices.rules.words import Cadence
from unbroken.people.rules import Role

HALF_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
# Zones whose clocks change (one of them by half an hour), and the two ends of the world.
EDGES = {
    ("Europe/Paris", date(2026, 3, 29)),
    ("Europe/Paris", date(2026, 10, 25)),
    ("America/Port-au-Prince", date(2026, 3, 8)),
    ("America/Port-au-Prince", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Pago_Pago", date(2026, 3, 29)),
    ("Pacific/Kiritimati", date(2026, 3, 29)),
}
ZONES = sorted({zone for zone, _day in EDGES})
wishes = some.builds(
    Wish,
    cadence=some.sampled_from([Cadence.DAILY, Cadence.WEEKLY]),
    weekday=some.integers(0, 6),
    hour=some.integers(0, 23),
    zone=some.sampled_from(ZONES),
)
instants = some.integers(0, 15 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(("zone", "edge"), sorted(EDGES))
@pytest.mark.parametrize("hour", [0, 2, 7, 23])
def test_each_civil_day_has_one_period_and_it_begins_at_its_hour(
    zone: str, edge: date, hour: int
) -> None:
    wish, local = Wish(zone=zone, hour=hour), ZoneInfo(zone)
    start = datetime(edge.year, edge.month, edge.day, tzinfo=local).astimezone(UTC) - 2 * DAY
    told = period_of(wish, start)
    letters: dict[date, datetime] = {}
    for step in range(4 * 48):
        now = start + step * HALF_HOUR
        if is_period_due(wish, told=told, now=now):
            told = period_of(wish, now)
            letters[told] = now.astimezone(local)

    days = sorted(letters)
    assert [days[0] + n * DAY for n in range(len(days))] == days
    assert len(days) in {3, 4}
    for day, at in letters.items():
        assert (day, True) == (at.date(), at.hour >= hour)
        assert at.hour == hour or (day == edge and at.hour == hour + 1)  # an hour left out


@given(wishes, instants, some.integers(0, 60 * 24 * 40))
def test_a_period_is_begun_and_not_over_and_never_goes_back(
    wish: Wish, now: datetime, minutes: int
) -> None:
    period, local = period_of(wish, now), now.astimezone(ZoneInfo(wish.zone))
    length = 7 if wish.cadence is Cadence.WEEKLY else 1
    age = (local.date() - period).days

    assert 0 <= age <= length
    assert age < length or local.hour < wish.hour
    assert period.weekday() == wish.weekday or wish.cadence is Cadence.DAILY
    assert period <= period_of(wish, now + timedelta(minutes=minutes))


@given(wishes, instants, some.integers(0, 60 * 24 * 400))
def test_after_any_outage_one_letter_is_due_and_then_none(
    wish: Wish, now: datetime, minutes: int
) -> None:
    told, later = period_of(wish, now), now + timedelta(minutes=minutes)
    due = is_period_due(wish, told=told, now=later)

    assert due == (period_of(wish, later) != told)
    assert not is_period_due(wish, told=period_of(wish, later), now=later)


OUTAGES = {
    "3 hours": (timedelta(hours=3), False),
    "3 days": (timedelta(days=3), True),
    "40 days": (timedelta(days=40), True),
    "10 years ahead": (timedelta(days=3653), True),
    "an hour back": (-timedelta(hours=1), False),
    "a day back": (-DAY, False),
    "ten years back": (-timedelta(days=3653), True),
}


@pytest.mark.parametrize("case", OUTAGES)
@pytest.mark.parametrize("cadence", [Cadence.DAILY, Cadence.WEEKLY])
def test_what_clocks_do_makes_at_most_one_letter(case: str, cadence: Cadence) -> None:
    moved, expected = OUTAGES[case]
    wish = Wish(cadence=cadence)
    told = period_of(wish, NOON)
    after = [NOON + moved + step * HALF_HOUR for step in range(20)]
    letters = 0
    for now in after:
        if is_period_due(wish, told=told, now=now):
            told, letters = period_of(wish, now), letters + 1

    due = expected and (cadence is Cadence.DAILY or abs(moved) > timedelta(days=7))
    assert letters == due


def test_what_does_not_wait_goes_once_an_hour_and_after_a_clock_that_was_wrong() -> None:
    wish, apart = Wish(), AT_ONCE_APART
    cases = {None: True, NOON - apart: True, NOON - apart + HALF_HOUR: False, NOON + DAY: True}
    due = {told: is_at_once_due(wish, told_at=told, now=NOON) for told in cases}

    assert cases == due
    assert not is_at_once_due(Wish(at_once=False), told_at=None, now=NOON)
    assert not is_period_due(Wish(cadence=Cadence.NEVER), told=date(2020, 1, 1), now=NOON)


@pytest.mark.parametrize("role", [*Role, None])
def test_donors_stewards_and_who_has_no_role_are_not_written_to_unasked(role: Role | None) -> None:
    wish = wish_of(role, zone="UTC")

    assert (wish.cadence is Cadence.NEVER) == (role in {Role.DONOR, Role.STEWARD, None})
    assert wish.at_once == (role in {Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR})


@given(
    some.integers(0, 30),
    some.floats(0, 1, exclude_max=True),
    some.timedeltas(timedelta(), timedelta(days=9)),
)
def test_a_wait_follows_the_table_and_what_the_receiver_asks(
    attempts: int, chance: float, asked: timedelta
) -> None:
    wait = retry_in(attempts, chance=chance, asked=asked)
    if attempts > len(RETRIES):
        assert wait is None
        return
    assert wait is not None
    row = RETRIES[max(attempts, 1) - 1]
    assert row <= wait <= max(row * (1 + SPREAD), LONGEST)
    assert wait >= min(asked, LONGEST)


def test_the_table_goes_on_for_three_days_and_then_gives_up() -> None:
    waits = [retry_in(tried, chance=0.0) for tried in range(1, 11)]

    assert [*RETRIES, None] == waits
    assert timedelta(seconds=5) == RETRIES[0]
    assert timedelta(days=3) < sum(RETRIES, timedelta()) < timedelta(days=4)
