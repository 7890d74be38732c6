"""The last act of an account on items is undone, whole or not at all."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from tests.factories.capacities import TODAY
from tests.factories.items import change, is_intact, later, many_items, row_of, rows_of, told
from tests.factories.transfers import Scene, make_scene
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, NotFound, SignInNeeded
from unbroken.people.rules import NOBODY, Actor, Grant, Role
from unbroken.plans.models import Plan, PlanState
from unbroken.trail.commands import ask_erasure, grant_erasure
from unbroken.trail.models import Entry
from unbroken.trail.rules import Author, ErasureReason
from unbroken.transfers.commands.adding import AddItem, ItemAdded, add_item, add_item_in
from unbroken.transfers.commands.asides import AnswerAside, agree_aside, refuse_aside
from unbroken.transfers.commands.commenting import CommentItem, comment_item
from unbroken.transfers.commands.frame import acting, named_plan
from unbroken.transfers.commands.item_changes import change_items_in
from unbroken.transfers.commands.undoing import (
    NothingToUndo,
    NotUndone,
    Undone,
    WentOn,
    undo_last,
)
from unbroken.transfers.queries.checklist_filters import Reading
from unbroken.transfers.queries.item_details import item_detail, item_history
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import Changes, ItemFacts
from unbroken.transfers.rules.items import ItemField as F
from unbroken.transfers.rules.words import Classification
from unbroken.transfers.rules.words import ItemState as S

SHOWN: Changes = {
    F.STATE: S.DONE,
    F.DONE_ON: TODAY,
    F.EVIDENCE_TITLE: "Note",
    F.EVIDENCE_ON: TODAY - timedelta(days=9),
    F.EVIDENCE_CLASS: Classification.CONFIDENTIAL,
    F.EVIDENCE_CUSTODIAN: "Archives unit",
    F.EVIDENCE_UNTIL_ON: TODAY + timedelta(days=90),
}
OPENED: Changes = {F.STATE: S.OPEN, F.REASON: "It was of last year."}
ASIDE: Changes = {F.STATE: S.NOT_APPLICABLE, F.REASON: "Nobody asks for it here."}


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    made = make_scene(sessions, clock)
    made.named()
    made.named("DIG-REP")
    return made


def uids(scene: Scene, code: str = "MRM-VER") -> list[UUID]:
    return [row.uid for row in rows_of(scene) if row.code == code]


def facts(scene: Scene) -> list[ItemFacts]:
    return [row.facts for row in rows_of(scene)]


def undo(scene: Scene, minutes: int = 30, *, by: Actor | None = None) -> Undone:
    clock = later(scene, minutes).clock
    return undo_last(scene.sessions, scene.plan_uid, actor=by or scene.planner, clock=clock)


def done_first(scene: Scene) -> None:
    change(scene, SHOWN, *uids(scene))


def aside_first(scene: Scene) -> None:
    change(scene, ASIDE, *uids(scene, "DIG-REP"))


def asked_first(scene: Scene) -> None:
    change(scene, ASIDE, *uids(scene), by=scene.receiver)


def nothing_first(_scene: Scene) -> None:
    """Leave everything open."""


ACTS: dict[str, tuple[Callable[[Scene], None], str, Changes]] = {
    "done": (nothing_first, "MRM-VER", SHOWN),
    "reopened": (done_first, "MRM-VER", OPENED),
    "set aside": (nothing_first, "DIG-REP", ASIDE),
    "opened after being set aside": (aside_first, "DIG-REP", OPENED),
    "asked to set aside": (nothing_first, "MRM-VER", ASIDE),
    "asked of what is done": (done_first, "MRM-VER", ASIDE),
    "done while that was asked": (asked_first, "MRM-VER", SHOWN),
    "other evidence": (done_first, "MRM-VER", {F.EVIDENCE_TITLE: "Other"}),
    "no evidence": (
        done_first,
        "MRM-VER",
        {name: None for name in F if name.value.startswith("evidence")},
    ),
    "several sorts": (done_first, "", {F.STATE: S.NOT_APPLICABLE, F.REASON: "No."}),
}


@pytest.mark.parametrize("act", ACTS)
def test_undoing_restores_every_fact_exactly(scene: Scene, act: str) -> None:
    before_it, code, changes = ACTS[act]
    before_it(scene)
    before = [(row.facts, row.aside_by_uid, row.aside_organisation_uid) for row in rows_of(scene)]
    some = uids(scene, code) if code else [row.uid for row in rows_of(scene)]
    change(later(scene, 1), changes, *some)
    came = undo(scene)

    after = [(row.facts, row.aside_by_uid, row.aside_organisation_uid) for row in rows_of(scene)]
    assert (before, set(some), True) == (after, set(came.items), is_intact(scene))


@pytest.mark.parametrize("act", ACTS)
def test_undoing_twice_does_it_again(scene: Scene, act: str) -> None:
    before_it, code, changes = ACTS[act]
    before_it(scene)
    some = uids(scene, code) if code else [row.uid for row in rows_of(scene)]
    change(later(scene, 1), changes, *some)
    after = facts(scene)
    undo(scene, 2)
    undo(scene, 3)

    assert after == facts(scene)


def test_undoing_takes_back_the_last_act_only(scene: Scene) -> None:
    one, two, _three = uids(scene)
    change(scene, SHOWN, one)
    change(later(scene, 1), SHOWN, two)
    undo(scene)

    assert (S.DONE, S.OPEN) == (row_of(scene, one).facts.state, row_of(scene, two).facts.state)


def test_two_thousand_are_undone_in_one_act(scene: Scene) -> None:
    posts = frozenset({Dimension.POSTS})
    capacity = scene.named("REL-DDR", dimensions=posts).capacities[Dimension.POSTS]
    change(scene, SHOWN, *many_items(scene, capacity, 2000))
    came = undo(scene)

    entries = told(scene, of="transfers:transfer:items-undone")
    assert (2000, 20, True) == (len(came.items), len(entries), is_intact(scene))
    assert {S.OPEN} == {row.facts.state for row in rows_of(scene)}


def test_an_assignment_is_undone(scene: Scene) -> None:
    change(scene, SHOWN, *uids(scene))
    with scene.sessions.reading() as session:
        slug = session.connection().exec_driver_sql("SELECT slug FROM organisation").scalars()
        change(later(scene, 1), {F.ASSIGNED_TO: next(iter(slug))}, *uids(scene))
    undo(scene)

    assert {""} == {each.assigned_to for each in facts(scene)}


def test_each_account_undoes_its_own(scene: Scene) -> None:
    one, two, _three = uids(scene)
    change(scene, SHOWN, one)
    change(later(scene, 1), SHOWN, two, by=scene.receiver)

    assert (one,) == undo(scene).items


def test_where_somebody_went_on_nothing_is_undone(scene: Scene) -> None:
    one, two, _three = uids(scene)
    change(scene, SHOWN, one, two)
    change(later(scene, 1), {F.EVIDENCE_TITLE: "Other"}, two, by=scene.receiver)
    before = facts(scene)
    with pytest.raises(WentOn):
        undo(scene)

    assert before == facts(scene)


def test_without_an_act_there_is_nothing_to_undo(scene: Scene) -> None:
    with pytest.raises(NothingToUndo):
        undo(scene)


def test_what_the_trail_has_forgotten_cannot_be_undone(scene: Scene) -> None:
    change(scene, SHOWN, uids(scene)[0])
    with scene.sessions.reading() as session:
        query = select(Entry.uid).where(Entry.action == "transfers:item:done")
        entry = session.exec(query).one()
    asks, grants = (Author(UUID(int=n), UUID(int=78), "steward") for n in (76, 77))
    erasure = ask_erasure(
        scene.sessions,
        author=asks,
        at=scene.clock.now(),
        entry_uid=entry,
        reason=next(iter(ErasureReason)),
    )
    grant_erasure(scene.sessions, author=grants, at=scene.clock.now(), erasure_uid=erasure)

    with pytest.raises(NothingToUndo):
        undo(scene)


@pytest.mark.parametrize("command", [agree_aside, refuse_aside])
def test_the_second_hand_is_not_undone(scene: Scene, command: Callable[..., object]) -> None:
    one = uids(scene)[0]
    change(scene, ASIDE, one)
    order = AnswerAside(item_uid=one)
    command(scene.sessions, order, actor=scene.receiver, clock=later(scene, 1).clock)

    with pytest.raises(NotUndone):
        undo(scene, by=scene.receiver)


def test_after_the_second_hand_the_question_is_not_taken_back(scene: Scene) -> None:
    one = uids(scene)[0]
    change(scene, ASIDE, one)
    order = AnswerAside(item_uid=one)
    agree_aside(scene.sessions, order, actor=scene.receiver, clock=later(scene, 1).clock)

    with pytest.raises(WentOn):
        undo(scene)


def test_who_is_of_no_side_any_more_undoes_nothing(scene: Scene) -> None:
    change(scene, SHOWN, *uids(scene))
    left = Actor(scene.planner.account_uid, "left", UUID(int=5), (Grant(Role.OBSERVER),))

    with pytest.raises(Forbidden):
        undo(scene, by=left)


def test_nobody_undoes_nothing(scene: Scene) -> None:
    with pytest.raises(SignInNeeded):
        undo(scene, by=NOBODY)


def test_in_a_plan_that_is_none_nothing_is_undone(scene: Scene) -> None:
    with pytest.raises(NotFound):
        undo_last(scene.sessions, UUID(int=1), actor=scene.planner, clock=scene.clock)


def test_in_a_plan_that_was_cancelled_nothing_is_undone(scene: Scene) -> None:
    change(scene, SHOWN, *uids(scene))
    with scene.sessions.begin() as session:
        session.exec(select(Plan)).one().state = PlanState.CANCELLED

    with pytest.raises(Conflict):
        undo(scene)


def test_an_item_tells_of_the_act_that_undid_it(scene: Scene) -> None:
    one = uids(scene)[0]
    change(scene, SHOWN, one)
    undo(scene)
    reading = Reading(actor=scene.planner, on=TODAY, detail=True)
    with scene.sessions.reading() as session:
        detail = item_detail(session, one, reading=reading, language="en")
        found = [each.action for each in item_history(session, detail, scene.plan_uid)]

    assert ["transfers:transfer:items-undone", "transfers:item:done"] == found


# --- what was added


def added(scene: Scene, *, capacity: UUID | None = None) -> ItemAdded:
    uid = capacity or scene.offered("REL-DDR")
    order = AddItem(capacity_uid=uid, text="Ask the office.", due_on=TODAY)
    return add_item(scene.sessions, order, actor=scene.planner, clock=scene.clock)


def test_what_was_added_is_taken_back(scene: Scene) -> None:
    made = added(scene)
    came = undo(scene)

    assert (made.item_uid,) == came.items
    assert "taken back" == row_of(scene, made.item_uid).retired_in


def test_what_was_taken_back_is_not_taken_back_again(scene: Scene) -> None:
    added(scene)
    undo(scene)

    with pytest.raises(NothingToUndo):
        undo(scene, 40)


def test_what_somebody_has_worked_on_is_not_taken_back(scene: Scene) -> None:
    made = added(scene)
    change(later(scene, 1), SHOWN, made.item_uid, by=scene.receiver)

    with pytest.raises(WentOn):
        undo(scene)


def test_what_was_said_of_it_does_not_keep_it(scene: Scene) -> None:
    made = added(scene)
    order = CommentItem(item_uid=made.item_uid, text="Why so?")
    comment_item(scene.sessions, order, actor=scene.receiver, clock=later(scene, 1).clock)

    assert (made.item_uid,) == undo(scene).items


def test_one_act_that_adds_and_changes_is_undone_as_a_whole(scene: Scene) -> None:
    capacity, one = scene.offered("REL-DDR"), uids(scene)[0]
    with acting(
        scene.sessions, named_plan(scene.plan_uid), actor=scene.planner, clock=scene.clock
    ) as (session, by):
        plan = session.exec(select(Plan)).one()
        order = AddItem(capacity_uid=capacity, text="Ask the office.", due_on=TODAY)
        made = add_item_in(session, order, by=by)
        wanted = [ItemChange(item_uid=uid, changes=SHOWN) for uid in (made.item_uid, one)]
        change_items_in(session, plan, wanted, by=by)
    came = undo(scene)

    assert {made.item_uid, one} == set(came.items)
    states = (row_of(scene, made.item_uid).retired_in, row_of(scene, one).facts.state)
    assert ("taken back", S.OPEN) == states
