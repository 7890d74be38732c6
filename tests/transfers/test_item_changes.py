"""Many items in one act: all or nothing, with old and new in the trail."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from tests.factories.capacities import TODAY
from tests.factories.items import (
    change,
    is_intact,
    later,
    many_items,
    row_of,
    rows_of,
    told,
)
from tests.factories.transfers import Scene, make_scene
from unbroken.functions.rules import Dimension
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from unbroken.plans.models import Plan, PlanState
from unbroken.transfers.commands.item_changes import ChangeItems, ItemsStale, change_items
from unbroken.transfers.models import Transfer
from unbroken.transfers.queries import SignatureState, signature_state
from unbroken.transfers.queries.judging import ItemChange, Judged, judge_items
from unbroken.transfers.rules.items import Changes
from unbroken.transfers.rules.items import ItemField as F
from unbroken.transfers.rules.words import ItemState as S

DONE: Changes = {F.STATE: S.DONE, F.DONE_ON: TODAY}
ASIDE: Changes = {F.STATE: S.NOT_APPLICABLE, F.REASON: "Nobody asks for it here."}


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    made = make_scene(sessions, clock)
    made.named()
    made.named("DIG-REP")
    return made


def uids(scene: Scene, code: str = "MRM-VER") -> list[UUID]:
    return [row.uid for row in rows_of(scene) if row.code == code]


def judged(scene: Scene, *wanted: ItemChange) -> Judged:
    with scene.sessions.reading() as session:
        plan = session.exec(select(Plan).where(Plan.uid == scene.plan_uid)).one()
        return judge_items(session, plan, wanted, actor=scene.planner, on=TODAY)


def test_a_selection_is_done_in_one_act(scene: Scene) -> None:
    wanted = uids(scene)
    came = change(scene, DONE, *wanted)

    assert (tuple(wanted), (), ()) == (came.changed, came.unchanged, came.waiting)
    assert {S.DONE} == {row.facts.state for row in rows_of(scene) if row.code == "MRM-VER"}


def test_what_is_already_so_is_unchanged_and_leaves_no_trace(scene: Scene) -> None:
    change(scene, DONE, *uids(scene))
    before = told(scene)
    came = change(scene, DONE, *uids(scene), seen=1)

    assert (tuple(uids(scene)), before) == (came.unchanged, told(scene))


def test_the_order_given_is_kept(scene: Scene) -> None:
    wanted = uids(scene)[::-1]

    assert tuple(wanted) == change(scene, DONE, *wanted).changed


def test_one_fault_keeps_all_of_it_from_being_written(scene: Scene) -> None:
    one, two, three = uids(scene)
    wanted = (
        ItemChange(item_uid=one, changes=DONE),
        ItemChange(item_uid=two, changes={**DONE, F.DONE_ON: TODAY + timedelta(days=1)}),
        ItemChange(item_uid=three, changes={F.EVIDENCE_TITLE: "Note"}),
    )
    before = (rows_of(scene), told(scene))
    with pytest.raises(Invalid) as refusal:
        change_items(
            scene.sessions,
            ChangeItems(plan=scene.plan_uid, items=wanted),
            actor=scene.planner,
            clock=scene.clock,
        )

    expected = [f"items/{two}/done_on", f"items/{three}/evidence/title"]
    assert expected == [each.path for each in refusal.value.problems]
    assert before == (rows_of(scene), told(scene))


def test_one_fault_among_many_says_at_which_item(scene: Scene) -> None:
    one, two, _three = uids(scene)
    change(scene, DONE, one)
    with pytest.raises(Invalid) as refusal:
        change(scene, {F.DONE_ON: TODAY}, one, two)

    assert [f"items/{two}/done_on"] == [each.path for each in refusal.value.problems]


def test_stale_items_are_named_and_nothing_is_written(scene: Scene) -> None:
    one, two, three = uids(scene)
    change(scene, DONE, two)
    before = rows_of(scene)
    with pytest.raises(ItemsStale) as refusal:
        change(scene, {F.STATE: S.DONE, F.DONE_ON: TODAY - timedelta(1)}, one, two, three, seen=1)

    assert [f"items/{two}"] == [each.path for each in refusal.value.problems]
    assert before == rows_of(scene)


def test_a_version_that_still_holds_is_not_stale(scene: Scene) -> None:
    change(scene, DONE, uids(scene)[0])
    later_day: Changes = {F.DONE_ON: TODAY - timedelta(days=2)}

    assert 1 == len(change(scene, later_day, uids(scene)[0], seen=2).changed)


def test_an_item_named_twice_is_refused(scene: Scene) -> None:
    one = uids(scene)[0]
    with pytest.raises(Invalid):
        change(scene, DONE, one, one)

    assert 1 == row_of(scene, one).version


def test_an_item_of_another_plan_is_none(scene: Scene) -> None:
    with pytest.raises(Invalid):
        change(scene, DONE, uuid4())


@pytest.mark.parametrize("who", ["donor", "observer", "steward", "attester"])
def test_who_is_of_no_side_changes_nothing(scene: Scene, who: str) -> None:
    with pytest.raises(Forbidden):
        change(scene, DONE, *uids(scene), by=getattr(scene, who))


@pytest.mark.parametrize("who", ["planner", "receiver", "field", "co_chair"])
def test_each_side_works_on_the_list(scene: Scene, who: str) -> None:
    assert 3 == len(change(scene, DONE, *uids(scene), by=getattr(scene, who)).changed)


def test_a_plan_that_was_cancelled_does_not_change(scene: Scene) -> None:
    with scene.sessions.begin() as session:
        session.exec(select(Plan)).one().state = PlanState.CANCELLED
    with pytest.raises(Conflict):
        change(scene, DONE, *uids(scene))


def test_a_plan_out_of_sight_is_not_found(scene: Scene) -> None:
    order = ChangeItems(plan=uuid4(), items=())
    with pytest.raises(NotFound):
        change_items(scene.sessions, order, actor=scene.planner, clock=scene.clock)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({**ASIDE, F.REASON: "Call +223 76 12 34 56"}, "reason"),
        ({**DONE, F.EVIDENCE_TITLE: "Call +223 76 12 34 56"}, "evidence/title"),
        ({**DONE, F.EVIDENCE_CUSTODIAN: "desk@example.org"}, "evidence/custodian"),
        ({**ASIDE, F.REASON: "a" * 281}, "reason"),
        ({**DONE, F.EVIDENCE_TITLE: "a" * 161}, "evidence/title"),
    ],
)
def test_what_points_at_a_person_is_refused(scene: Scene, changes: Changes, path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        change(scene, changes, uids(scene)[0])

    assert path in {each.path for each in refusal.value.problems}


def test_texts_are_stored_clean(scene: Scene) -> None:
    change(scene, {**ASIDE, F.REASON: "  Cafe\u0301. "}, uids(scene, "DIG-REP")[0])

    assert "Caf\u00e9." == row_of(scene, uids(scene, "DIG-REP")[0]).facts.reason


def test_upper_tiers_wait_and_lower_ones_do_not(scene: Scene) -> None:
    upper, lower = uids(scene)[0], uids(scene, "DIG-REP")[0]
    came = change(scene, ASIDE, upper, lower)

    assert ((upper, lower), (upper,)) == (came.changed, came.waiting)
    states = (row_of(scene, upper).facts.state, row_of(scene, lower).facts.state)
    assert (S.OPEN, S.NOT_APPLICABLE) == states


def test_what_is_done_meanwhile_does_not_wait(scene: Scene) -> None:
    change(scene, ASIDE, uids(scene)[0])
    came = change(scene, DONE, uids(scene)[0])

    row = row_of(scene, uids(scene)[0])
    assert ((), None, None) == (came.waiting, row.aside_by_uid, row.aside_organisation_uid)


def test_who_asks_is_noted(scene: Scene) -> None:
    change(scene, ASIDE, uids(scene)[0], by=scene.receiver)

    row = row_of(scene, uids(scene)[0])
    expected = (scene.receiver.account_uid, scene.agency)
    assert expected == (row.aside_by_uid, row.aside_organisation_uid)


def test_asking_again_with_the_same_reason_leaves_who_asked(scene: Scene) -> None:
    change(scene, ASIDE, uids(scene)[0], by=scene.receiver)
    came = change(scene, ASIDE, uids(scene)[0])

    assert (uids(scene)[0],) == came.unchanged
    assert scene.receiver.account_uid == row_of(scene, uids(scene)[0]).aside_by_uid


# --- what the trail keeps, and what is touched


def test_the_trail_keeps_old_and_new_of_each_item(scene: Scene) -> None:
    one = uids(scene)[0]
    change(scene, DONE, one)

    action, subject, values = told(scene, of="transfers:item")[-1]
    expected = {"state": ["open", "done"], "done_on": [None, TODAY.isoformat()]}
    assert ("transfers:item:done", one, expected, 2) == (
        action,
        subject,
        values["changed"],
        values["version"],
    )


@pytest.mark.parametrize(
    ("changes", "action"),
    [
        (DONE, "done"),
        (ASIDE, "aside-asked"),
    ],
)
def test_each_act_has_its_name(scene: Scene, changes: Changes, action: str) -> None:
    change(scene, changes, uids(scene)[0])

    assert f"transfers:item:{action}" == told(scene)[-1][0]


def test_reopening_and_setting_aside_have_theirs(scene: Scene) -> None:
    lower = uids(scene, "DIG-REP")[0]
    change(scene, ASIDE, lower)
    change(scene, {F.STATE: S.OPEN, F.REASON: "It does."}, lower)

    names = [action for action, _uid, _values in told(scene)[-2:]]
    assert ["transfers:item:called-not-applicable", "transfers:item:reopened"] == names


def test_five_hundred_are_told_one_by_one(scene: Scene) -> None:
    some = many_items(scene, scene.named("REL-DDR", dimensions=POSTS).capacities[DIM], 500)
    change(scene, DONE, *some)

    assert some == [uid for _action, uid, _v in told(scene, of="transfers:item:done")]


def test_two_thousand_are_told_by_the_hundred(scene: Scene) -> None:
    some = many_items(scene, scene.named("REL-DDR", dimensions=POSTS).capacities[DIM], 2000)
    came = change(scene, DONE, *some, *uids(scene))

    entries = told(scene, of="transfers:transfer:items-changed")
    kept = [uid for _a, _u, values in entries for uid in json.loads(str(values["items"]))]
    assert (21, 2003, True) == (len(entries), len(came.changed), is_intact(scene))
    assert {str(uid) for uid in came.changed} == set(kept)


POSTS = frozenset({Dimension.POSTS})
DIM = Dimension.POSTS


def test_transfer_and_plan_are_touched_but_not_made_stale(scene: Scene) -> None:
    def marks(session: Session) -> list[tuple[object, ...]]:
        rows: list[Plan | Transfer] = [session.exec(select(Plan)).one()]
        rows += session.exec(select(Transfer).order_by("id")).all()
        return [(row.touched_on, row.silent_after_on, row.version) for row in rows]

    tomorrow = later(scene, 24 * 60)
    with scene.sessions.reading() as session:
        before = marks(session)
    change(tomorrow, DONE, *uids(scene))
    with scene.sessions.reading() as session:
        after = marks(session)

    day = TODAY + timedelta(days=1)
    expected = [(day, day + timedelta(days=20), version) for _t, _s, version in before]
    assert [*expected[:2], before[2]] == after


def test_signatures_fit_whatever_is_done_on_the_list(scene: Scene) -> None:
    uid = scene.confirmed("REL-DDR")
    items = uids(scene, "REL-DDR")
    change(scene, DONE, *items)
    change(later(scene, 1), {F.STATE: S.OPEN, F.REASON: "It was not."}, *items)
    change(later(scene, 2), ASIDE, *items)

    assert SignatureState.FITS is signature_state(scene.capacity(uid))


# --- what a set of changes comes to


def test_every_wanted_item_lands_in_exactly_one_place(scene: Scene) -> None:
    one, two, three = uids(scene)
    four, five, six = uids(scene, "DIG-REP")
    change(scene, DONE, two, three)
    unknown = uuid4()
    came = judged(
        scene,
        ItemChange(item_uid=six, changes=DONE),
        ItemChange(item_uid=one, changes={F.EVIDENCE_TITLE: "Note"}),
        ItemChange(item_uid=two, changes=DONE, version_seen=1),
        ItemChange(item_uid=three, changes={F.EVIDENCE_TITLE: ""}, version_seen=1),
        ItemChange(item_uid=four, changes=ASIDE),
        ItemChange(item_uid=five, changes={**DONE}, version_seen=7),
        ItemChange(item_uid=unknown, changes=DONE),
    )

    found = (
        [edit.row.uid for edit in came.edits],
        list(came.unchanged),
        list(came.refused),
        list(came.stale),
    )
    assert ([six, four], [two, three], [one, unknown], [five]) == found


def test_a_text_that_stands_is_not_looked_at_again(scene: Scene) -> None:
    one = uids(scene)[0]
    change(scene, DONE, one)
    with scene.sessions.begin() as session:
        typed = "evidence_title = 'Call +223 76 12 34 56', evidence_on = '2026-03-01'"
        session.connection().exec_driver_sql(
            f"UPDATE item SET {typed}, evidence_class = 'public'"  # noqa: S608 - a test's own words
        )
    facts = row_of(scene, one).facts
    same: Changes = {name: facts.value(name) for name in F}

    assert (one,) == judged(scene, ItemChange(item_uid=one, changes=same)).unchanged


def test_judging_writes_nothing(scene: Scene) -> None:
    before = (rows_of(scene), told(scene))
    judged(scene, *(ItemChange(item_uid=uid, changes=DONE) for uid in uids(scene)))

    assert before == (rows_of(scene), told(scene))


@pytest.mark.parametrize("changes", [DONE, {F.ASSIGNED_TO: ""}, {}])
def test_nothing_wanted_of_nothing_is_nothing(scene: Scene, changes: Changes) -> None:
    came = change(scene, changes)

    assert ((), (), ()) == (came.changed, came.unchanged, came.waiting)


def test_a_refusal_is_never_a_failure(scene: Scene) -> None:
    odd: list[Changes] = [{F.STATE: None}, {F.STATE: ""}, {F.REASON: None}, {F.DONE_ON: ""}]
    for changes in odd:
        with pytest.raises(Refused):
            change(scene, {**changes, F.EVIDENCE_TITLE: "Note"}, uids(scene)[0])
