"""A rule tried on the past: which days are looked at, and what is counted."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.gaps import LAST_DAY, RECEIVER_BY, World
from tests.factories.people import actor_with
from unbroken.gaps.queries.trying import Wish, try_seen_rule
from unbroken.gaps.rules import Severity
from unbroken.gaps.rules.settings import Setting
from unbroken.gaps.trials import MOST_DAYS, Tally, course, days_of
from unbroken.kit.db import Sessions
from unbroken.people.rules import Role

DAY = timedelta(days=1)
OBSERVER = actor_with(Role.OBSERVER)
SEEN = LAST_DAY - 10 * DAY


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-5, 2000))
def test_days_end_with_the_last_and_stay_few(last: date, count: int) -> None:
    """However long the time is: evenly apart, in order, at least two and at most 57."""
    days = days_of(last, count)
    apart = {after - before for before, after in pairwise(days)}

    assert last == days[-1]
    assert 2 <= len(days) <= 57
    assert len(apart) == 1
    assert (last - days[0]).days <= MOST_DAYS


def _tried(
    sessions: Sessions, world: World, setting: Setting, *, days: int = 40, on: date = SEEN
) -> tuple[Tally, Tally, list[int]]:
    with sessions.reading() as session:
        wish = Wish("no-receiver", setting, f"plan-w{world.number}", days)
        found = try_seen_rule(session, wish, actor=OBSERVER, on=on)
    lists = [len(each) for each in (found.gained, found.lost, found.changed)]
    return found.now.tally, found.then.tally, lists


def test_trial_counts_what_a_setting_would_have_done(shared: Sessions) -> None:
    """Nobody is named by 1 April; near the last day the gap is graver; offered, it is gone."""
    with shared.begin() as session:
        waits = World(session, tier=2).with_function("OTHER", tier=3)
    long = (SEEN - RECEIVER_BY).days + 20
    usual = Tally(opened=2, worsened=2, open=2)
    off = Setting(off=True, until_on=SEEN)

    told = [
        _tried(shared, waits, setting, days=long)
        for setting in (Setting(), off, Setting(limits={"near_days": 200}), Setting(at_most=LOW))
    ]

    assert (usual, usual, [0, 0, 0]) == told[0]
    assert (usual, Tally(set_aside=2), [0, 2, 0]) == told[1]
    assert (usual, Tally(opened=2, open=2), [0, 0, 0]) == told[2]
    assert (usual, Tally(opened=2, open=2), [0, 0, 2]) == told[3]


LOW = Severity.LOW


def test_each_month_says_how_it_ended(shared: Sessions) -> None:
    with shared.begin() as session:
        world = World(session)
    with shared.reading() as session:
        wish = Wish("no-receiver", Setting(off=True), f"plan-w{world.number}", 100)
        on = RECEIVER_BY + 30 * DAY
        found = try_seen_rule(session, replace(wish, days=100), actor=OBSERVER, on=on)
    months = {each.month_on: each.tally.open for each in found.now.months}

    assert {0, 1} == set(months.values())
    assert months[RECEIVER_BY.replace(day=1)] == 1
    assert found.every_days == 7


def test_nothing_to_look_at_comes_to_nothing() -> None:
    assert course([]).tally == Tally()
