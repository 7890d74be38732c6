"""A plan adopts another edition: what is signed stays, what is new opens, what went is history."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from tests.factories.capacities import TODAY
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
    revise,
    wide_function,
    with_items,
    without,
)
from unbroken.functions.rules import (
    CapacityNeed,
    Dimension,
    Edition,
    Item,
    Milestone,
    assemble,
    changes_between,
)
from unbroken.kit.canonical import digest
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, NotFound
from unbroken.plans.models import FunctionArea, Plan, PlanState, Revision, RevisionState
from unbroken.plans.models import TimetableStep as Step
from unbroken.trail.models import Chain
from unbroken.trail.queries import verify
from unbroken.transfers.commands.adding import AddItem, add_item
from unbroken.transfers.commands.adopting import AdoptEdition, adopt_edition
from unbroken.transfers.commands.asides import AnswerAside, agree_aside
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.commands.signing import countersign
from unbroken.transfers.models import Capacity
from unbroken.transfers.models import Item as Row
from unbroken.transfers.queries.cases import content_hash_of, setting_of, subject_of
from unbroken.transfers.queries.item_entries import ItemFilter, item_list
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.queries.lines import Lines
from unbroken.transfers.rules.items import Changes
from unbroken.transfers.rules.items import ItemField as F
from unbroken.transfers.rules.words import Act, CapacityState, ItemState

CODE = "MRM-VER"
DONE: Changes = {F.STATE: ItemState.DONE, F.DONE_ON: TODAY}
ASIDE: Changes = {F.STATE: ItemState.NOT_APPLICABLE, F.REASON: "Nobody asks for it here."}
SIGNED = (
    "state",
    "content_hash",
    "signed_hash",
    "edition",
    "language",
    "parts",
    "unit",
    "quantity",
)


@pytest.fixture
def stand(sessions: Sessions, clock: FixedClock) -> Stand:
    return make_stand(sessions, clock)


def change(stand: Stand, changes: Changes, *items: Row) -> None:
    wanted = tuple(ItemChange(item_uid=item.uid, changes=changes) for item in items)
    order = ChangeItems(plan=stand.slug, items=wanted)
    change_items(stand.sessions, order, actor=stand.planner, clock=stand.clock)


def signed(stand: Stand) -> dict[UUID, tuple[object, ...]]:
    """Return what must not change of each capacity that somebody signed."""
    return {
        row.uid: tuple(getattr(row, name) for name in SIGNED)
        for row in stand.capacities()
        if row.signed_hash is not None
    }


def digests(stand: Stand, *, only_signed: bool = True) -> dict[UUID, str]:
    """Return the hash of what a signature would cover now, computed anew."""
    with stand.sessions.reading() as session:
        return {
            row.uid: content_hash_of(
                subject_of(session, row, setting_of(session, row.transfer_id)), row
            )
            for row in session.exec(select(Capacity)).all()
            if row.signed_hash is not None or not only_signed
        }


def head(stand: Stand) -> list[tuple[int, str]]:
    with stand.sessions.reading() as session:
        found = session.exec(select(Chain).order_by(col(Chain.id))).all()
        return [(row.entry_count, row.head_hash) for row in found]


def texts(stand: Stand, capacity: UUID) -> dict[str, str]:
    """Return what each line of a capacity asks, as people read it."""
    with stand.sessions.reading() as session:
        lines, rows = Lines(session), stand.items(of=capacity)
        return {row.item_id: lines.of(row, CODE).text for row in rows}


def due(stand: Stand, step: str) -> set[object]:
    """Return the days of a step in the revision in force."""
    query = (
        select(Step)
        .join(Revision, col(Revision.id) == Step.revision_id)
        .where(Revision.state == RevisionState.IN_FORCE, Step.step == step)
    )
    with stand.sessions.reading() as session:
        return {row.due_on for row in session.exec(query)}


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


def adopted(stand: Stand, edition: Edition) -> Mapping[str, int]:
    """Adopt an edition and return what was counted and is not nought."""
    came = stand.adopt(edition)
    return {name: count for name, count in came.tally.items() if count}


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


# --- where somebody signed


def pinned(stand: Stand, edition: Edition) -> Mapping[Dimension, UUID]:
    """Confirm posts and skills, adopt, and return the capacities."""
    uids = stand.one()
    stand.confirm(uids[POSTS], uids[SKILLS])
    stand.adopt(edition)
    return uids


def test_beside_what_is_signed_a_new_line_stands_open_and_outside(stand: Stand) -> None:
    uids = pinned(stand, with_items(old_edition(), a_line(CODE, POSTS, 90)))

    made = stand.item(line_id(CODE, POSTS, 90), of=uids[POSTS])
    assert (ItemState.OPEN, NEW, False) == (made.state, made.edition, made.in_content)


def test_what_is_signed_keeps_its_words(stand: Stand) -> None:
    line = replace(a_line(CODE, POSTS, 1), text="Do it otherwise.")
    uids = pinned(stand, with_items(old_edition(), line))

    assert "Do thing 1 for posts." == texts(stand, uids[POSTS])[line.id]


def test_what_is_signed_and_gone_is_history_but_stays_signed(stand: Stand) -> None:
    uids = pinned(stand, without(old_edition(), line_id(CODE, POSTS, 1)))

    kept = stand.item(line_id(CODE, POSTS, 1), of=uids[POSTS])
    assert (NEW, True) == (kept.retired_in, kept.in_content)


def test_a_line_stays_where_it_was_signed(stand: Stand) -> None:
    line = replace(a_line(CODE, SKILLS, 1), dimension=DATA)
    uids = pinned(stand, with_items(old_edition(), line))

    assert line.id in ids(stand.items(of=uids[SKILLS]))
    assert line.id not in ids(stand.items(of=uids[DATA]))


def test_a_line_that_comes_to_what_is_signed_stands_outside(stand: Stand) -> None:
    line = replace(a_line(CODE, DATA, 1), dimension=POSTS)
    uids = pinned(stand, with_items(old_edition(), line))

    came = stand.item(line.id, of=uids[POSTS])
    assert (None, False) == (came.retired_in, came.in_content)


def test_parts_that_were_signed_stay(stand: Stand) -> None:
    uids = pinned(stand, new_edition(old_edition()))

    assert ("post", ["abduction", "maiming", "use"]) == (
        stand.capacity(uids[POSTS]).unit,
        stand.capacity(uids[SKILLS]).parts,
    )


def test_the_report_counts_what_is_kept(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(*uids.values())
    came = stand.adopt(new_edition(old_edition()))

    expected = {
        "capacities_pinned": 4,
        "capacities_moved": 0,
        "capacities_added": 1,
        "items_added": 3,
        "items_retired": 1,
        "items_reworded": 0,
        "items_kept": 1,
        "items_moved": 0,
    }
    assert expected == came.tally


def test_once_offered_again_the_new_edition_is_signed(stand: Stand) -> None:
    uids = stand.one()
    stand.sign(stand.planner, Act.OFFER, uids[POSTS])
    stand.sign(stand.receiver, Act.DECLINE, uids[POSTS], reason="Too few of them.")
    edition = new_edition(old_edition())
    stand.adopt(edition)
    stand.sign(stand.planner, Act.OFFER, uids[POSTS])

    row, wanted = stand.capacity(uids[POSTS]), edition.functions[CODE].items
    expected = {item.id: item.text for item in wanted if item.dimension is POSTS}
    content = stand.receipts()[-1].content
    assert (NEW, "staff", row.content_hash) == (row.edition, row.unit, row.signed_hash)
    assert set(expected.values()) == {line["text"] for line in content["items"]}  # type: ignore[attr-defined]
    assert set(expected) == {item.item_id for item in stand.items(of=row.uid) if item.in_content}


def test_what_came_later_follows_the_next_edition_too(stand: Stand) -> None:
    later = a_line(CODE, POSTS, 90)
    edition = with_items(old_edition(), later)
    uids = pinned(stand, edition)
    again = with_items(edition, replace(later, text="Do it now."), name="wide.3")
    came = stand.adopt(again, minutes=2)

    assert "Do it now." == texts(stand, uids[POSTS])[later.id]
    assert (1, 0) == (came.tally["items_reworded"], came.tally["items_kept"])


def test_the_rest_of_a_part_follows_until_it_is_signed(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    stand.sign(stand.planner, Act.OFFER, uid)
    made = stand.sign(stand.receiver, Act.CONFIRM_PART, uid, quantity=4)
    stand.adopt(with_items(old_edition(), a_line(CODE, POSTS, 90)))

    assert made.rest_uid is not None
    rest = stand.capacity(made.rest_uid)
    assert (NEW, 6) == (rest.edition, rest.quantity)
    assert line_id(CODE, POSTS, 90) in ids(stand.items(of=rest.uid))


def test_a_receiver_of_some_dimensions_gets_no_new_ones(stand: Stand) -> None:
    place = next(iter(stand.places().values()))
    stand.named(place)
    with stand.sessions.begin() as session:
        gone = session.exec(select(Capacity).where(Capacity.dimension == DATA)).one()
        for item in session.exec(select(Row).where(Row.capacity_id == gone.id)).all():
            session.delete(item)
        session.flush()
        session.delete(gone)
    came = stand.adopt(new_edition(old_edition()))

    assert 0 == came.tally["capacities_added"]


def test_lines_that_planners_added_stay(stand: Stand) -> None:
    uids = stand.one()
    orders = [
        AddItem(capacity_uid=uids[POSTS], text="Ask the office.", due_on=TODAY),
        AddItem(capacity_uid=uids[POSTS], text="Ask again.", anchor=f"item:{GONE}"),
    ]
    made = [
        add_item(stand.sessions, order, actor=stand.planner, clock=stand.clock) for order in orders
    ]
    before = [due(stand, f"item:{each.item_id}") for each in made]
    stand.adopt(new_edition(old_edition()))

    assert before == [due(stand, f"item:{each.item_id}") for each in made]
    assert {each.item_id for each in made} <= ids(stand.items(of=uids[POSTS]))
    assert 1 == len(before[1])


GONE = line_id(CODE, POSTS, 2)


# --- dates


def test_the_timetable_is_derived_anew(stand: Stand) -> None:
    stand.one()
    moved = f"item:{line_id(CODE, DATA, 1)}"
    before, named = due(stand, moved), due(stand, "receiver-named")
    came = stand.adopt(new_edition(old_edition()))

    assert came.revision == 2
    assert before.isdisjoint(due(stand, moved))
    assert due(stand, moved) == due(stand, "receiver-named") == named


@pytest.mark.parametrize(
    ("changes", "moves"), [({"offset": Fraction(1, 2)}, True), ({"evidence": "A list."}, False)]
)
def test_another_offset_is_another_day(
    stand: Stand, changes: dict[str, object], *, moves: bool
) -> None:
    line = replace(a_line(CODE, POSTS, 1), **changes)  # type: ignore[arg-type]
    before = due(stand, f"item:{line.id}")
    stand.adopt(with_items(old_edition(), line))

    assert moves is not (before == due(stand, f"item:{line.id}"))


def test_a_revision_afterwards_is_of_the_new_edition(stand: Stand) -> None:
    stand.adopt(new_edition(old_edition()))
    revise(stand, minutes=3)

    with stand.sessions.reading() as session:
        found = session.exec(select(Revision).order_by(col(Revision.number))).all()
    assert [OLD, NEW, NEW] == [row.edition for row in found]


def test_a_plan_without_a_revision_adopts_all_the_same(stand: Stand) -> None:
    with stand.sessions.begin() as session:
        session.exec(select(Revision)).one().state = RevisionState.DRAFT
    came = stand.adopt(new_edition(old_edition()))

    assert (None, NEW) == (came.revision, stand.plan().edition)


# --- the act itself


def test_a_trial_writes_nothing(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(uids[POSTS])
    stand.load(new_edition(old_edition()))
    before = (head(stand), stand.capacities(), stand.items(), stand.plan())
    tried = stand.adopt(new_edition(old_edition()), dry_run=True)

    assert before == (head(stand), stand.capacities(), stand.items(), stand.plan())
    done = stand.adopt(new_edition(old_edition()))
    assert (False, done) == (tried.written, replace(tried, written=True))


def test_the_trail_says_what_was_adopted(stand: Stand) -> None:
    stand.one()
    came = stand.adopt(new_edition(old_edition()))

    with stand.sessions.reading() as session:
        body = session.connection().exec_driver_sql(
            "SELECT v.body FROM trail_value v JOIN trail_entry e ON e.id = v.entry_id"
            " WHERE e.action = 'transfers:plan:edition-adopted'"
        )
        found = body.scalar_one()
    assert "wide.2" in str(found)
    assert came.written


@pytest.mark.parametrize("who", ["receiver", "co_chair", "steward"])
def test_only_planners_adopt(stand: Stand, who: str) -> None:
    with pytest.raises(Forbidden):
        stand.adopt(new_edition(old_edition()), by=getattr(stand, who))


def test_the_edition_of_the_plan_is_not_adopted_again(stand: Stand) -> None:
    with pytest.raises(Conflict):
        stand.adopt(old_edition())


def test_an_edition_that_is_not_loaded_is_not_found(stand: Stand) -> None:
    order = AdoptEdition(plan=stand.slug, edition="nowhere")
    with pytest.raises(NotFound):
        adopt_edition(stand.sessions, order, actor=stand.planner, clock=stand.clock)


@pytest.mark.parametrize("state", [PlanState.COMPLETED, PlanState.CANCELLED])
def test_what_is_over_adopts_nothing(stand: Stand, state: PlanState) -> None:
    with stand.sessions.begin() as session:
        session.exec(select(Plan)).one().state = state
    with pytest.raises(Conflict):
        stand.adopt(new_edition(old_edition()))


def test_only_functions_of_the_plan_are_told(stand: Stand) -> None:
    extra = wide_function("PSEA-VIC", 1, lines=1)
    edition = assemble(NEW, [*old_edition().functions.values(), extra])
    came = stand.adopt(edition)

    told = {one.code for kind in ("added", "other") for one in getattr(came.changes, kind)}
    assert told <= {"MRM-VER", "REFER", "DIG-REP", "PSEA-VIC"}


# --- there and back


def test_adopting_back_asks_for_what_was_asked_before(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(uids[POSTS], uids[SKILLS])
    before = {uid: ids(stand.items(of=uid)) for uid in uids.values()}
    was = digests(stand)
    stand.adopt(new_edition(old_edition()))
    stand.adopt(old_edition(), minutes=2)

    assert before == {uid: ids(stand.items(of=uid)) for uid in uids.values()}
    assert was == digests(stand)


def test_what_was_done_while_away_comes_back(stand: Stand) -> None:
    uids = stand.one()
    line = replace(a_line(CODE, SKILLS, 1), dimension=DATA)
    stand.adopt(with_items(old_edition(), line))
    change(stand, DONE, stand.item(line.id, of=uids[DATA]))
    came = stand.adopt(old_edition(), minutes=2)

    assert ItemState.DONE is stand.item(line.id, of=uids[SKILLS]).state
    assert 1 == came.tally["items_moved"]


def test_a_line_is_asked_for_once_wherever_it_was_signed(stand: Stand) -> None:
    uids = stand.one()
    line = replace(a_line(CODE, SKILLS, 1), dimension=DATA)
    stand.adopt(with_items(old_edition(), line))
    stand.confirm(uids[DATA])
    stand.adopt(old_edition(), minutes=2)

    living = [row for row in stand.items() if row.item_id == line.id and row.retired_in is None]
    assert [stand.capacity(uids[DATA]).id] == [row.capacity_id for row in living]


def test_forth_and_back_and_forth_is_forth(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(uids[POSTS])
    stand.adopt(new_edition(old_edition()))
    before = {row.uid: ids(stand.items(of=row.uid)) for row in stand.capacities()}
    was = digests(stand, only_signed=False)
    stand.adopt(old_edition(), minutes=2)
    stand.adopt(new_edition(old_edition()), minutes=3)

    assert before == {row.uid: ids(stand.items(of=row.uid)) for row in stand.capacities()}
    assert was == digests(stand, only_signed=False)


def test_every_line_can_still_be_read(stand: Stand) -> None:
    for place in stand.places().values():
        stand.named(place)
    stand.adopt(new_edition(old_edition()))

    with stand.sessions.reading() as session:
        found = item_list(session, ItemFilter(), actor=stand.planner, on=TODAY, limit=500)
    assert len(stand.items()) == len(found)
    assert all(entry.text for _key, entry in found)


# --- whatever the two editions are

choices = st.sampled_from(["stay", "gone", "words", "data", "posts", "date"])


def random_edition(kinds: list[str], fresh: int, name: str) -> Edition:
    """Return an edition in which each line of verification met one of these fates."""
    old = old_edition()
    lines: list[Item] = []
    for item, kind in zip(old.functions[CODE].items, kinds, strict=True):
        changed = {
            "words": {"text": f"{item.text} Indeed {name}."},
            "data": {"dimension": DATA},
            "posts": {"dimension": POSTS},
            "date": {"milestone": Milestone.LAST_DAY},
        }.get(kind, {})
        if kind != "gone":
            lines.append(replace(item, **changed))  # type: ignore[arg-type]
    lines += [a_line(CODE, POSTS, 50 + n) for n in range(fresh)]
    return changed_edition(old, CODE, name=name, items=tuple(lines))


@given(
    st.lists(
        st.tuples(st.lists(choices, min_size=8, max_size=8), st.integers(0, 2)),
        min_size=1,
        max_size=3,
    )
)
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_edition_changes_what_was_signed(
    stand: Stand, fates: list[tuple[list[str], int]]
) -> None:
    names = Counter[str]()
    if not stand.capacities():
        uids = stand.one()
        stand.confirm(uids[POSTS], uids[SKILLS])
    before, was = signed(stand), digests(stand)
    for kinds, fresh in fates:
        made = random_edition(kinds, fresh, "probe")
        name = f"p.{made.digest[:20]}"
        names[name] += 1
        if stand.plan().edition != name:
            stand.adopt(assemble(name, random_edition(kinds, fresh, name).functions.values()))

        assert (before, was) == (signed(stand), digests(stand))
        living = Counter(row.item_id for row in stand.items() if row.retired_in is None)
        assert set(living.values()) <= {1}
