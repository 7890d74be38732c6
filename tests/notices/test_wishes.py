"""An account says how it is told, and sees when its next letter may come."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notices.stage import MONDAY, make_stage
from unbroken.gaps.rules.words import Happening
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid, Stale
from unbroken.notices.commands.gathering import gather
from unbroken.notices.commands.wishing import ChooseWish, choose_wish
from unbroken.notices.queries.wishes import wish_view
from unbroken.notices.rules.wishes import (
    Wish,
    is_period_due,
    next_digest_at,
    period_of,
)
from unbroken.notices.rules.words import Cadence

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
def test_the_next_digest_is_due_when_it_is_said_to_be(wish: Wish, now: datetime) -> None:
    told = period_of(wish, now)
    due_at = next_digest_at(wish, told=told, now=now)
    assert due_at is not None
    assert due_at > now
    # a left-out hour is told an hour late at most, and never early
    assert is_period_due(wish, told=told, now=due_at + timedelta(hours=1))
    assert not is_period_due(wish, told=told, now=due_at - timedelta(hours=1, minutes=1))


def test_an_account_chooses_and_goes_back_to_its_role(sessions: Sessions) -> None:
    stage = make_stage(sessions, zone="Africa/Bamako")
    planner = stage.known["planner"].actor
    stage.happen(Happening.OPENED, "one", "two")
    gather(sessions)
    wish = Wish(cadence=Cadence.WEEKLY, weekday=4, hour=18, zone="Asia/Kabul", at_once=False)

    with sessions.reading() as session:
        first = wish_view(session, actor=planner, now=MONDAY)
    assert (False, "Africa/Bamako", 2) == (first.chosen, first.wish.zone, first.waiting.count)
    version = choose_wish(
        sessions, ChooseWish(wish, first.version), actor=planner, clock=stage.clock
    )
    with sessions.reading() as session:
        view = wish_view(session, actor=planner, now=MONDAY)
    assert (True, wish, version) == (view.chosen, view.wish, view.version)
    # 18:00 in Kabul on the Friday that follows
    assert view.next_at == datetime(2026, 3, 6, 13, 30, tzinfo=UTC)
    with pytest.raises(Stale):
        choose_wish(sessions, ChooseWish(None, first.version), actor=planner, clock=stage.clock)
    choose_wish(sessions, ChooseWish(None, version), actor=planner, clock=stage.clock)
    with sessions.reading() as session:
        back = wish_view(session, actor=planner, now=MONDAY)
    assert (False, Cadence.DAILY, 2) == (back.chosen, back.wish.cadence, back.waiting.count)


def test_a_wish_that_cannot_be_is_refused_whole(sessions: Sessions) -> None:
    stage = make_stage(sessions)
    wrong = Wish(hour=24, weekday=7, zone="Mars/Olympus")
    with pytest.raises(Invalid) as refusal:
        choose_wish(
            sessions, ChooseWish(wrong), actor=stage.known["planner"].actor, clock=stage.clock
        )
    assert {"hour", "weekday", "zone"} == {each.path for each in refusal.value.problems}
