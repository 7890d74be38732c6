"""How an account is told: due once for each period, in its own zone, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notices.office_stage import DAY, NINE, at, make_stage
from unbroken.gaps.rules.words import Happening
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, Stale
from unbroken.notices.commands.digesting import welcome_readers
from unbroken.notices.commands.gathering import gather
from unbroken.notices.commands.wishing import ChooseWish, choose_wish
from unbroken.notices.queries.wishes import wish_view
from unbroken.notices.rules.wishes import (
    Wish,
    is_period_due,
    next_digest_at,
    period_of,
    wish_of,
)
from unbroken.notices.rules.words import Cadence
from unbroken.people.rules import Role

ZONES = ("UTC", "America/New_York", "Africa/Cairo", "Europe/Paris", "Pacific/Niue", "Pacific/Apia")
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
instants = st.integers(0, 12 * 365 * 24 * 4).map(
    lambda quarters: BEGIN + quarters * timedelta(minutes=15)
)
wishes = st.builds(
    Wish,
    cadence=st.sampled_from([Cadence.DAILY, Cadence.WEEKLY]),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
)


@given(wishes, instants)
def test_a_period_has_begun_and_the_next_has_not(wish: Wish, now: datetime) -> None:
    zone, period = ZoneInfo(wish.zone), period_of(wish, now)
    length = 7 if wish.cadence is Cadence.WEEKLY else 1
    began = datetime(period.year, period.month, period.day, wish.hour, tzinfo=zone)
    ends = began + timedelta(days=length)
    # an hour that a change of clocks leaves out begins with the next one
    assert began <= now + timedelta(hours=1)
    assert now < ends + timedelta(hours=1)
    if wish.cadence is Cadence.WEEKLY:
        assert period.weekday() == wish.weekday


@given(wishes, st.lists(instants, min_size=1, max_size=12))
def test_whatever_the_clock_does_no_period_is_told_twice_in_a_row(
    wish: Wish, moments: list[datetime]
) -> None:
    told = period_of(wish, moments[0])
    for now in moments:
        if is_period_due(wish, told=told, now=now):
            assert period_of(wish, now) != told
            told = period_of(wish, now)
        assert not is_period_due(wish, told=told, now=now)


@pytest.mark.parametrize("away", [timedelta(hours=3), 3 * DAY, 40 * DAY])
def test_after_an_outage_one_digest_is_due(away: timedelta) -> None:
    wish, told = Wish(hour=7), date(2026, 3, 2)
    back = NINE + away
    due = is_period_due(wish, told=told, now=back)
    assert due is (away >= DAY)
    assert not is_period_due(wish, told=period_of(wish, back), now=back)


def test_a_clock_set_back_is_waited_for_unless_it_was_ten_years_ahead() -> None:
    wish = Wish(hour=7)
    told = period_of(wish, NINE)
    assert not is_period_due(wish, told=told, now=NINE - timedelta(hours=3))
    assert not is_period_due(wish, told=told, now=NINE - DAY)
    assert is_period_due(wish, told=period_of(wish, NINE + 3650 * DAY), now=NINE)


@given(wishes, instants)
def test_the_next_digest_is_due_when_it_is_said_to_be(wish: Wish, now: datetime) -> None:
    told = period_of(wish, now)
    due_at = next_digest_at(wish, told=told, now=now)
    assert due_at is not None
    assert due_at > now
    # a left-out hour is told an hour late at most, and never early
    assert is_period_due(wish, told=told, now=due_at + timedelta(hours=1))
    assert not is_period_due(wish, told=told, now=due_at - timedelta(hours=1, minutes=1))


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        # Europe/Paris leaves out 02:00 to 03:00 on 29 March 2026
        ("Europe/Paris", datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 28)),
        ("Europe/Paris", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 29)),
        # and has it twice on 25 October 2026: it begins with the first
        ("Europe/Paris", datetime(2026, 10, 24, 23, 59, tzinfo=UTC), date(2026, 10, 24)),
        ("Europe/Paris", datetime(2026, 10, 25, 0, 0, tzinfo=UTC), date(2026, 10, 25)),
        ("Europe/Paris", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25)),
        ("America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC), date(2026, 3, 8)),
        ("America/New_York", datetime(2026, 11, 1, 6, 30, tzinfo=UTC), date(2026, 10, 31)),
        ("America/New_York", datetime(2026, 11, 1, 7, 0, tzinfo=UTC), date(2026, 11, 1)),
        ("Africa/Cairo", datetime(2026, 4, 24, 0, 0, tzinfo=UTC), date(2026, 4, 24)),
        ("Pacific/Niue", datetime(2026, 3, 2, 13, 0, tzinfo=UTC), date(2026, 3, 2)),
        ("Pacific/Apia", datetime(2026, 3, 1, 13, 0, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
def test_at_the_edges_of_clock_changes_and_of_the_world(
    zone: str, moment: datetime, expected: date
) -> None:
    assert period_of(Wish(hour=2, zone=zone), moment) == expected


def test_only_those_who_work_or_observe_are_written_to_unasked() -> None:
    found = {role: wish_of(role, zone="UTC").cadence for role in Role}
    assert found == {
        Role.PLANNER: Cadence.DAILY,
        Role.COUNTRY_TEAM: Cadence.DAILY,
        Role.CO_CHAIR: Cadence.DAILY,
        Role.OBSERVER: Cadence.WEEKLY,
        Role.DONOR: Cadence.NEVER,
        Role.STEWARD: Cadence.NEVER,
    }
    assert wish_of(None, zone="UTC").cadence is Cadence.NEVER


def test_an_account_chooses_and_goes_back_to_its_role(sessions: Sessions) -> None:
    stage = make_stage(sessions, zone="Africa/Bamako")
    planner = stage.accounts["planner"].actor
    welcome_readers(sessions, now=NINE)
    stage.happens(Happening.OPENED, [uuid4(), uuid4()])
    gather(sessions)
    wish = Wish(cadence=Cadence.WEEKLY, weekday=4, hour=18, zone="Asia/Kabul", at_once=False)

    with sessions.reading() as session:
        first = wish_view(session, actor=planner, now=NINE)
    assert (False, "Africa/Bamako", 2) == (first.chosen, first.wish.zone, first.waiting.count)
    version = choose_wish(sessions, ChooseWish(wish, first.version), actor=planner, clock=at(NINE))
    with sessions.reading() as session:
        view = wish_view(session, actor=planner, now=NINE)
    assert (True, wish, version) == (view.chosen, view.wish, view.version)
    # 18:00 in Kabul on the Friday that follows
    assert view.next_at == datetime(2026, 3, 6, 13, 30, tzinfo=UTC)
    with pytest.raises(Stale):
        choose_wish(sessions, ChooseWish(None, first.version), actor=planner, clock=at(NINE))
    choose_wish(sessions, ChooseWish(None, version), actor=planner, clock=at(NINE))
    with sessions.reading() as session:
        back = wish_view(session, actor=planner, now=NINE)
    assert (False, Cadence.DAILY, 2) == (back.chosen, back.wish.cadence, back.waiting.count)


def test_a_wish_that_cannot_be_is_refused_whole(sessions: Sessions) -> None:
    stage = make_stage(sessions)
    wrong = Wish(hour=24, weekday=7, zone="Mars/Olympus")
    with pytest.raises(Invalid) as refusal:
        choose_wish(
            sessions, ChooseWish(wrong), actor=stage.accounts["planner"].actor, clock=at(NINE)
        )
    assert {"hour", "weekday", "zone"} == {each.path for each in refusal.value.problems}
