"""A planner's own lines: marked as added, with their own day, and they count."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from tests.factories.capacities import TODAY
from tests.factories.editions import DATA, POSTS, Stand, line_id, make_stand, revise
from unbroken.gaps.queries import run
from unbroken.gaps.rules import RULES, Scope
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound
from unbroken.people.rules import Actor
from unbroken.plans.commands import MakeScenario, make_scenario
from unbroken.plans.models import Plan, PlanState, Revision, RevisionState
from unbroken.plans.models import TimetableStep as Step
from unbroken.trail.models import Entry
from unbroken.transfers.commands.adding import AddItem, ItemAdded, add_item
from unbroken.transfers.commands.undoing import undo_last
from unbroken.transfers.models import Item, Transfer
from unbroken.transfers.queries import SignatureState, signature_state
from unbroken.transfers.queries.item_entries import ItemFilter, item_list
from unbroken.transfers.rules.words import Act, CapacityState, ItemState

DAY = TODAY + timedelta(days=40)
WORDS = "Ask the office for its list."


@pytest.fixture
def stand(sessions: Sessions, clock: FixedClock) -> Stand:
    return make_stand(sessions, clock)


def add(
    stand: Stand,
    capacity: UUID,
    *,
    due_on: date | None = DAY,
    anchor: str | None = None,
    by: Actor | None = None,
    text: str = WORDS,
    wanted_evidence: str = "",
) -> ItemAdded:
    order = AddItem(
        capacity_uid=capacity,
        text=text,
        wanted_evidence=wanted_evidence,
        due_on=due_on,
        anchor=anchor,
    )
    return add_item(stand.sessions, order, actor=by or stand.planner, clock=stand.clock)


def stored(stand: Stand, made: ItemAdded) -> Item:
    return next(row for row in stand.items() if row.uid == made.item_uid)


def days(stand: Stand, step: str, state: RevisionState = RevisionState.IN_FORCE) -> list[date]:
    """Return the days of a step in the revisions of a state."""
    query = (
        select(Step)
        .join(Revision, col(Revision.id) == Step.revision_id)
        .where(Revision.state == state, Step.step == step)
        .order_by(col(Revision.id))
    )
    with stand.sessions.reading() as session:
        return [row.due_on for row in session.exec(query)]


def test_a_line_of_ones_own_is_marked_and_open(stand: Stand) -> None:
    made = add(stand, stand.one()[POSTS], text=f"  {WORDS} ", wanted_evidence="The list.")

    row = stored(stand, made)
    assert (True, "", WORDS, "The list.", ItemState.OPEN, "item:ADDED-01") == (
        row.is_added,
        row.edition,
        row.text,
        row.wanted_evidence,
        row.state,
        row.step,
    )


def test_lines_are_numbered_through_a_function_in_an_area(stand: Stand) -> None:
    here, there = stand.one(), stand.one(nth=1)
    made = [
        add(stand, capacity).item_id
        for capacity in (here[POSTS], here[DATA], here[POSTS], there[POSTS])
    ]

    assert ["ADDED-01", "ADDED-02", "ADDED-03", "ADDED-01"] == made


def test_a_number_is_given_once(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    add(stand, uid)
    undo_last(stand.sessions, stand.slug, actor=stand.planner, clock=stand.at(1))

    assert "ADDED-02" == add(stand, uid).item_id


def test_it_is_listed_with_its_own_words(stand: Stand) -> None:
    made = add(stand, stand.one()[POSTS])

    with stand.sessions.reading() as session:
        found = item_list(session, ItemFilter(uid=made.item_uid), actor=stand.planner, on=TODAY)
    assert [WORDS] == [entry.text for _key, entry in found]


# --- when it falls due


def test_it_falls_due_on_its_own_day(stand: Stand) -> None:
    made = add(stand, stand.one()[POSTS])

    assert [DAY] == days(stand, f"item:{made.item_id}")


@pytest.mark.parametrize("anchor", ["receiver-named", "confirm:posts", "agreement-signed"])
def test_it_falls_due_with_a_step_of_the_timetable(stand: Stand, anchor: str) -> None:
    made = add(stand, stand.one()[POSTS], due_on=None, anchor=anchor)

    assert days(stand, anchor)[:1] == days(stand, f"item:{made.item_id}")


@pytest.mark.parametrize(("due_on", "anchor"), [(DAY, None), (None, "receiver-named")])
def test_a_later_revision_has_it_too(stand: Stand, due_on: date | None, anchor: str | None) -> None:
    made = add(stand, stand.one()[POSTS], due_on=due_on, anchor=anchor)
    before = days(stand, f"item:{made.item_id}")
    revise(stand, minutes=2)

    assert 1 == len(before)
    assert before == days(stand, f"item:{made.item_id}")


def test_a_scenario_has_it_too(stand: Stand) -> None:
    made = add(stand, stand.one()[POSTS])
    order = MakeScenario(stand.slug, title="What if")
    make_scenario(stand.sessions, order, actor=stand.planner, clock=stand.clock)

    assert [DAY] == days(stand, f"item:{made.item_id}", RevisionState.SCENARIO)


def test_before_any_revision_it_waits_for_the_first(stand: Stand) -> None:
    with stand.sessions.begin() as session:
        session.exec(select(Revision)).one().state = RevisionState.SUPERSEDED
    made = add(stand, stand.one()[POSTS])
    revise(stand, minutes=2)

    assert [DAY] == days(stand, f"item:{made.item_id}")


@pytest.mark.parametrize(
    ("due_on", "anchor", "path"),
    [
        (None, None, "due_on"),
        (DAY, "receiver-named", "due_on"),
        (None, "no-such-step", "anchor"),
        (None, "item:ADDED-01", "anchor"),
    ],
)
def test_it_has_one_day_and_one_only(
    stand: Stand, due_on: date | None, anchor: str | None, path: str
) -> None:
    uid = stand.one()[POSTS]
    add(stand, uid)
    with pytest.raises(Invalid) as refusal:
        add(stand, uid, due_on=due_on, anchor=anchor)

    assert [path] == [each.path for each in refusal.value.problems]


def test_it_may_fall_due_with_a_line_of_the_catalogue(stand: Stand) -> None:
    anchor = f"item:{line_id('MRM-VER', POSTS, 1)}"
    made = add(stand, stand.one()[POSTS], due_on=None, anchor=anchor)

    assert days(stand, anchor)[:1] == days(stand, f"item:{made.item_id}")


def overdue(stand: Stand, *, on: date) -> set[str]:
    """Return the ids of the lines of a planner's own that are late on a day."""
    scope, rule = Scope(on=on, plan_ids=(stand.plan().id or 0,)), RULES["item-overdue"]
    with stand.sessions.reading() as session:
        uids = {uid for row in run(session, rule, scope) for uid in row.subjects}
    return {row.item_id for row in stand.items() if row.uid in uids and row.is_added}


@pytest.mark.parametrize(("days_after", "late"), [(0, set()), (1, {"ADDED-01"})])
def test_it_is_a_gap_the_day_after(stand: Stand, days_after: int, late: set[str]) -> None:
    add(stand, stand.one()[POSTS])

    assert late == overdue(stand, on=DAY + timedelta(days=days_after))


def test_it_is_a_gap_under_a_later_revision(stand: Stand) -> None:
    add(stand, stand.one()[POSTS])
    revise(stand, minutes=2)

    assert {"ADDED-01"} == overdue(stand, on=DAY + timedelta(days=1))


def test_what_is_taken_back_is_no_gap(stand: Stand) -> None:
    add(stand, stand.one()[POSTS])
    undo_last(stand.sessions, stand.slug, actor=stand.planner, clock=stand.at(1))

    assert set() == overdue(stand, on=DAY + timedelta(days=1))


# --- what it does to signatures


def test_where_nobody_signed_a_signature_will_cover_it(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    add(stand, uid)
    stand.sign(stand.planner, Act.OFFER, uid)

    assert WORDS in told(stand)


def test_what_is_signed_stays_signed(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    stand.confirm(uid)
    before = stand.capacity(uid)
    made = add(stand, uid)

    assert before == stand.capacity(uid)
    assert not stored(stand, made).in_content


def test_it_is_covered_once_the_capacity_is_offered_again(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    stand.sign(stand.planner, Act.OFFER, uid)
    made = add(stand, uid)
    stand.sign(stand.receiver, Act.DECLINE, uid, reason="Too few of them.")
    stand.sign(stand.planner, Act.OFFER, uid)

    assert (True, True) == (WORDS in told(stand), stored(stand, made).in_content)
    assert SignatureState.FITS is signature_state(stand.capacity(uid))


def test_an_act_that_waits_is_not_disturbed(stand: Stand) -> None:
    uid = stand.one("REFER")[POSTS]
    stand.sign(stand.planner, Act.NOT_APPLICABLE, uid, reason="Not asked for here.")
    add(stand, uid)

    assert CapacityState.NOT_APPLICABLE is stand.sign(stand.receiver, Act.COUNTERSIGN, uid).state


def told(stand: Stand) -> list[str]:
    """Return the texts of the items under the last signature."""
    content = stand.receipts()[-1].content
    return [line["text"] for line in content["items"]]  # type: ignore[attr-defined]


def test_what_is_taken_back_is_covered_no_more(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    made = add(stand, uid)
    undo_last(stand.sessions, stand.slug, actor=stand.planner, clock=stand.at(1))
    stand.sign(stand.planner, Act.OFFER, uid)

    assert (False, "taken back") == (WORDS in told(stand), stored(stand, made).retired_in)


def test_what_was_signed_and_is_taken_back_leaves_the_signature_fitting(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    add(stand, uid)
    stand.confirm(uid)
    undo_last(stand.sessions, stand.slug, actor=stand.planner, clock=stand.at(1))

    assert SignatureState.FITS is signature_state(stand.capacity(uid))


def test_the_rest_of_a_part_has_it_too(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    made = add(stand, uid)
    stand.sign(stand.planner, Act.OFFER, uid)
    part = stand.sign(stand.receiver, Act.CONFIRM_PART, uid, quantity=4)

    assert part.rest_uid is not None
    copy = stand.item(made.item_id, of=part.rest_uid)
    assert (True, WORDS) == (copy.is_added, copy.text)
    assert "ADDED-02" == add(stand, part.rest_uid).item_id


# --- who, and what is refused


@pytest.mark.parametrize("who", ["receiver", "co_chair", "steward"])
def test_only_the_giver_adds(stand: Stand, who: str) -> None:
    uid = stand.one()[POSTS]
    with pytest.raises(Forbidden):
        add(stand, uid, by=getattr(stand, who))


@pytest.mark.parametrize(
    ("text", "evidence", "path"),
    [
        (" ", "", "text"),
        ("a" * 241, "", "text"),
        ("Call +223 76 12 34 56", "", "text"),
        (WORDS, "Call +223 76 12 34 56", "wanted_evidence"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    stand: Stand, text: str, evidence: str, path: str
) -> None:
    uid = stand.one()[POSTS]
    with pytest.raises(Invalid) as refusal:
        add(stand, uid, text=text, wanted_evidence=evidence)

    assert {path} == {each.path for each in refusal.value.problems}


def test_to_what_has_ended_nothing_is_added(stand: Stand) -> None:
    uid = stand.one("DIG-REP")[POSTS]
    stand.sign(stand.planner, Act.OFFER, uid)
    stand.sign(stand.planner, Act.WITHDRAW, uid)
    with pytest.raises(Conflict):
        add(stand, uid)


def test_to_what_is_not_there_nothing_is_added(stand: Stand) -> None:
    with pytest.raises(NotFound):
        add(stand, uuid4())


def test_to_a_plan_that_was_cancelled_nothing_is_added(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    with stand.sessions.begin() as session:
        session.exec(select(Plan)).one().state = PlanState.CANCELLED
    with pytest.raises(Conflict):
        add(stand, uid)


def test_the_trail_tells_of_it_and_the_transfer_is_touched(stand: Stand) -> None:
    made = add(stand, stand.one()[POSTS])

    with stand.sessions.reading() as session:
        last = session.exec(select(Entry).order_by(col(Entry.id).desc())).first()
        transfer = session.exec(select(Transfer)).one()
    assert last is not None
    assert ("transfers:item:added", made.item_uid, TODAY) == (
        last.action,
        last.subject_uid,
        transfer.touched_on,
    )
