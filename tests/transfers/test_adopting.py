"""A plan adopts another edition: what is signed stays, what is new opens, what went is history."""

from dataclasses import replace

import pytest
from sqlmodel import select

from tests.factories.editions import (
    DATA,
    FUNDING,
    NEW,
    OLD,
    POSTS,
    SKILLS,
    Stand,
    a_line,
    changed_edition,
    ids,
    line_id,
    make_stand,
    new_edition,
    old_edition,
    with_items,
    without,
)
from tests.transfers.adopting import (
    ASIDE,
    CODE,
    DONE,
    adopted,
    change,
    digests,
    signed,
    texts,
)
from unbroken.functions.rules import (
    CapacityNeed,
    Dimension,
    Edition,
    changes_between,
)
from unbroken.kit.canonical import digest
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.plans.models import FunctionArea
from unbroken.trail.queries import verify
from unbroken.transfers.commands.asides import AnswerAside, agree_aside
from unbroken.transfers.commands.signing import countersign
from unbroken.transfers.rules.words import Act, CapacityState, ItemState


@pytest.fixture
def stand(sessions: Sessions, clock: FixedClock) -> Stand:
    return make_stand(sessions, clock)


# --- a plan with five hundred confirmed items


def wide(sessions: Sessions, clock: FixedClock) -> tuple[Stand, Edition]:
    """Return a plan with 6 transfers of 88 items each, all but one transfer confirmed."""
    edition = old_edition(lines=22)
    stand = make_stand(sessions, clock, edition=edition)
    for number, place in enumerate(stand.places().values()):
        uids = stand.named(place)
        if number:
            stand.confirm(*uids.values())
    return stand, edition


def test_no_confirmed_item_changes_what_was_signed(sessions: Sessions, clock: FixedClock) -> None:
    stand, edition = wide(sessions, clock)
    before, was, receipts = signed(stand), digests(stand), stand.receipts()
    counted = sum(row.in_content for row in stand.items())
    came = stand.adopt(new_edition(edition))

    assert counted >= 500
    assert (20, before, was) == (len(before), signed(stand), digests(stand))
    assert {CapacityState.CONFIRMED} == {
        row.state for row in stand.capacities() if row.uid in before
    }
    assert receipts == stand.receipts()
    assert came.changes == changes_between(edition, new_edition(edition))
    with stand.sessions.reading() as session:
        assert all(report.is_intact for report in verify(session))


def test_every_receipt_still_verifies(stand: Stand) -> None:
    stand.confirm(*stand.one().values())
    stand.adopt(new_edition(old_edition()))

    for row in stand.receipts():
        assert digest(row.content) == row.content_hash


def test_what_waits_for_nobody_shows_no_stale_signature(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(*uids.values())
    stand.adopt(new_edition(old_edition()))

    assert all(row.content_hash == row.signed_hash for row in stand.capacities() if row.signed_hash)


# --- what becomes of each kind of change, where nobody signed yet


def test_a_new_line_opens(stand: Stand) -> None:
    uids = stand.one()
    tally = adopted(stand, with_items(old_edition(), a_line(CODE, POSTS, 90)))

    made = stand.item(line_id(CODE, POSTS, 90), of=uids[POSTS])
    assert (ItemState.OPEN, NEW, True) == (made.state, made.edition, made.in_content)
    assert {"capacities_moved": 4, "items_added": 1} == tally


def test_a_line_that_is_gone_is_history(stand: Stand) -> None:
    uids = stand.one()
    gone = line_id(CODE, POSTS, 1)
    change(stand, DONE, stand.item(gone, of=uids[POSTS]))
    tally = adopted(stand, without(old_edition(), gone))

    kept = stand.item(gone, of=uids[POSTS])
    assert (NEW, False, ItemState.DONE, OLD) == (
        kept.retired_in,
        kept.in_content,
        kept.state,
        kept.edition,
    )
    assert {"capacities_moved": 4, "items_retired": 1} == tally
    assert "Do thing 1 for posts." == texts(stand, uids[POSTS])[gone]


def test_a_reworded_line_shows_the_new_words_and_keeps_its_progress(stand: Stand) -> None:
    uids = stand.one()
    line = replace(a_line(CODE, POSTS, 1), text="Do it otherwise.")
    change(stand, DONE, stand.item(line.id, of=uids[POSTS]))
    tally = adopted(stand, with_items(old_edition(), line))

    assert "Do it otherwise." == texts(stand, uids[POSTS])[line.id]
    assert ItemState.DONE is stand.item(line.id, of=uids[POSTS]).state
    assert {"capacities_moved": 4, "items_reworded": 1} == tally


def test_a_line_that_went_to_another_capacity_takes_its_progress_along(stand: Stand) -> None:
    uids = stand.one()
    line = replace(a_line(CODE, SKILLS, 1), dimension=DATA)
    change(stand, DONE, stand.item(line.id, of=uids[SKILLS]))
    tally = adopted(stand, with_items(old_edition(), line))

    left, came = stand.item(line.id, of=uids[SKILLS]), stand.item(line.id, of=uids[DATA])
    assert (NEW, None, ItemState.DONE) == (left.retired_in, came.retired_in, came.state)
    assert {"capacities_moved": 4, "items_moved": 1} == tally


def test_a_new_dimension_is_a_new_capacity(stand: Stand) -> None:
    stand.one()
    access = CapacityNeed(Dimension.ACCESS, None)
    old = old_edition()
    lines = (*old.functions[CODE].items, a_line(CODE, Dimension.ACCESS, 1))
    needs = (*old.functions[CODE].capacities, access)
    tally = adopted(stand, changed_edition(old, CODE, capacities=needs, items=lines))

    made = stand.capacities()[-1]
    assert (Dimension.ACCESS, CapacityState.NOT_STARTED, NEW) == (
        made.dimension,
        made.state,
        made.edition,
    )
    assert {"capacities_added": 1, "capacities_moved": 4, "items_added": 1} == tally
    assert ids(stand.items(of=made.uid)) == {line_id(CODE, Dimension.ACCESS, 1)}


def test_a_dimension_that_is_gone_keeps_its_capacity_without_open_lines(stand: Stand) -> None:
    uids = stand.one("DIG-REP")
    tally = adopted(stand, new_edition(old_edition()))

    assert set() == ids(stand.items(of=uids[FUNDING]))
    assert CapacityState.NOT_STARTED is stand.capacity(uids[FUNDING]).state
    assert {"capacities_moved": 4, "items_retired": 2} == tally


def test_parts_and_units_follow(stand: Stand) -> None:
    uids = stand.one()
    stand.adopt(new_edition(old_edition()))

    assert "staff" == stand.capacity(uids[POSTS]).unit
    assert ["abduction", "killing", "maiming"] == stand.capacity(uids[SKILLS]).parts


def test_content_of_what_is_not_signed_is_that_of_the_new_edition(stand: Stand) -> None:
    stand.one()
    stand.adopt(new_edition(old_edition()))

    stored = {row.uid: row.content_hash for row in stand.capacities()}
    assert {NEW} == {row.edition for row in stand.capacities()}
    assert stored == digests(stand, only_signed=False)


def test_tiers_and_veils_follow(stand: Stand) -> None:
    edition = changed_edition(new_edition(old_edition()), "DIG-REP", restricted=True)
    stand.adopt(edition)

    with stand.sessions.reading() as session:
        rows = session.exec(select(FunctionArea)).all()
    found = {(row.function_code, row.tier, row.restricted) for row in rows}
    assert {("MRM-VER", 1, False), ("REFER", 3, False), ("DIG-REP", 3, True)} == found


def test_a_pending_question_needs_no_lower_tier_to_be_answered(stand: Stand) -> None:
    item = stand.items(of=stand.one("REFER")[POSTS])[0]
    change(stand, ASIDE, item)
    stand.adopt(new_edition(old_edition()))
    order = AnswerAside(item_uid=item.uid)
    came = agree_aside(stand.sessions, order, actor=stand.receiver, clock=stand.clock)

    assert ItemState.NOT_APPLICABLE is came.state


def test_a_question_goes_with_its_line_to_another_capacity(stand: Stand) -> None:
    uids = stand.one()
    line = replace(a_line(CODE, SKILLS, 1), dimension=DATA)
    change(stand, ASIDE, stand.item(line.id, of=uids[SKILLS]))
    stand.adopt(with_items(old_edition(), line))
    item = stand.item(line.id, of=uids[DATA])
    order = AnswerAside(item_uid=item.uid)
    came = agree_aside(stand.sessions, order, actor=stand.receiver, clock=stand.clock)

    assert ItemState.NOT_APPLICABLE is came.state


def test_an_act_that_waits_on_what_nobody_signed_is_still_countersigned(stand: Stand) -> None:
    uid = stand.one("DIG-REP")[POSTS]
    stand.sign(stand.planner, Act.NOT_APPLICABLE, uid, reason="Not asked for here.")
    stand.adopt(with_items(old_edition(), a_line("DIG-REP", POSTS, 90), code="DIG-REP"))
    came = countersign(stand.sessions, uid, actor=stand.receiver, clock=stand.clock)

    assert CapacityState.NOT_APPLICABLE is came.state


def test_an_act_that_waits_on_what_is_signed_is_still_countersigned(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    stand.sign(stand.planner, Act.OFFER, uid)
    stand.sign(stand.planner, Act.WITHDRAW, uid)
    stand.adopt(new_edition(old_edition()))
    came = countersign(stand.sessions, uid, actor=stand.receiver, clock=stand.clock)

    assert CapacityState.WITHDRAWN is came.state
