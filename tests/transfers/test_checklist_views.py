"""What falls under each view of a checklist, and the numbers beside them."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from tests.factories.capacities import TODAY
from tests.factories.checklist_desks import (
    Change,
    Desk,
    account,
    assigned,
    both,
    comment_withdrawn,
    commented,
    dated,
    facts,
    make_desk,
    of_capacity,
    undated,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor, Grant, Role
from unbroken.transfers.queries.checklist_filters import (
    View,
)
from unbroken.transfers.rules.words import CapacityState, ItemState


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    return make_desk(sessions, clock)


BEGUN = dated(date(2026, 5, 1), begins_on=TODAY)
CASES: Mapping[str, tuple[Change, set[View]]] = {
    "open and far away": (facts(), {View.OPEN}),
    "past its day": (dated(TODAY - timedelta(days=1)), {View.OPEN, View.OVERDUE}),
    "due today": (dated(TODAY), {View.OPEN, View.SOON}),
    "due in 30 days": (dated(TODAY + timedelta(days=30)), {View.OPEN, View.SOON}),
    "due in 31 days": (dated(TODAY + timedelta(days=31)), {View.OPEN}),
    "should have begun": (BEGUN, {View.OPEN, View.UNKNOWN}),
    "without a day": (undated, {View.OPEN, View.UNKNOWN}),
    "begun and assigned": (both(BEGUN, assigned), {View.OPEN}),
    "begun and commented on": (both(BEGUN, commented), {View.OPEN}),
    "comment taken back": (both(BEGUN, comment_withdrawn), {View.OPEN, View.UNKNOWN}),
    "begun and reopened": (both(BEGUN, facts(reason="It was wrong.")), {View.OPEN}),
    "asked to set aside": (
        both(BEGUN, facts(aside_reason="Not here.")),
        {View.OPEN, View.WAITING},
    ),
    "done": (facts(state=ItemState.DONE, done_on=TODAY), {View.DONE}),
    "done late": (
        both(dated(TODAY - timedelta(days=9)), facts(state=ItemState.DONE, done_on=TODAY)),
        {View.DONE},
    ),
    "evidence good today": (
        facts(state=ItemState.DONE, evidence_until_on=TODAY),
        {View.DONE},
    ),
    "evidence expired": (
        facts(state=ItemState.DONE, evidence_until_on=TODAY - timedelta(days=1)),
        {View.DONE, View.OVERDUE},
    ),
    "set aside": (facts(state=ItemState.NOT_APPLICABLE), {View.ASIDE}),
    "added": (facts(is_added=True, text="Ours."), {View.OPEN, View.ADDED}),
}


@pytest.mark.parametrize("case", CASES)
def test_each_view_has_what_falls_under_it(desk: Desk, case: str) -> None:
    change, expected = CASES[case]
    desk.change("MRM-VER-01", change)
    views = {view for view in View if "MRM-VER-01" in desk.ids(view=view)}

    assert {View.ALL, *expected} == views


PAST: Mapping[str, Change] = {
    "retired": facts(retired_in="test.2"),
    "taken back": both(
        dated(TODAY - timedelta(days=9)), facts(retired_in="taken back", is_added=True)
    ),
    "declined": of_capacity(CapacityState.DECLINED),
    "withdrawn": of_capacity(CapacityState.WITHDRAWN),
    "ended": of_capacity(CapacityState.ENDED),
    "capacity not applicable": of_capacity(CapacityState.NOT_APPLICABLE),
}


@pytest.mark.parametrize("case", PAST)
def test_what_is_no_longer_asked_for_is_history_only(desk: Desk, case: str) -> None:
    desk.change("MRM-VER-01", PAST[case])

    assert [View.HISTORY] == [view for view in View if "MRM-VER-01" in desk.ids(view=view)]


@pytest.mark.parametrize("case", CASES)
def test_the_number_beside_a_view_is_how_many_it_shows(desk: Desk, case: str) -> None:
    desk.change("MRM-VER-01", CASES[case][0])
    shown = {view: len(desk.ids(view=view)) for view in View}

    assert shown == dict(desk.counts().views())


def test_mine_are_those_of_my_mailbox_and_of_my_organisation_as_a_whole(desk: Desk) -> None:
    me, my_id, body = account(desk, desk.scene.agency)
    _other, other_id, _body = account(desk, desk.scene.agency)
    desk.change("MRM-VER-01", facts(assigned_to_id=body, assigned_account_id=my_id))
    desk.change("MRM-VER-02", facts(assigned_to_id=body))
    desk.change("MRM-VER-03", facts(assigned_to_id=body, assigned_account_id=other_id))
    desk.change("DIG-REP-01", facts(assigned_to_id=body, state=ItemState.DONE))

    assert ["MRM-VER-01", "MRM-VER-02"] == desk.ids(desk.reading(me), view=View.MINE)


def test_nothing_is_mine_for_who_has_not_signed_in(desk: Desk) -> None:
    desk.change("MRM-VER-01", assigned)
    nobody = Actor(None, "observer", None, (Grant(Role.OBSERVER),))

    assert [] == desk.ids(desk.reading(nobody), view=View.MINE)
