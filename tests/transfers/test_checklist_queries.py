"""What a checklist shows: every view, its counts, order, words and what a reader may see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from tests.factories.capacities import TODAY
from tests.factories.people import make_account
from tests.factories.transfers import Scene, make_scene, small_function
from unbroken.functions.commands import load_edition
from unbroken.functions.models import TextTranslation
from unbroken.functions.rules import Dimension, Language, assemble
from unbroken.kit.canonical import digest
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, row_id
from unbroken.people.models import Organisation
from unbroken.people.rules import SYSTEM, Actor, Grant, OrganisationKind, Role
from unbroken.plans.models import Area, Plan, Revision, TimetableStep
from unbroken.transfers.models import Capacity, Item, ItemComment
from unbroken.transfers.queries.assignees import assignees
from unbroken.transfers.queries.checklist_counts import Counts, Figure, counts_of
from unbroken.transfers.queries.checklist_filters import (
    ChecklistFilter,
    Group,
    Reading,
    Sort,
    View,
)
from unbroken.transfers.queries.checklists import ChecklistRow, checklist_rows, selected
from unbroken.transfers.queries.item_details import item_detail
from unbroken.transfers.rules.words import CapacityState, ItemState

Change = Callable[[Session, Item], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A scene with two functions passed to the agency, and who reads their checklist."""

    scene: Scene
    plan: str

    def reading(self, actor: Actor | None = None, *, detail: bool = True) -> Reading:
        """Return how ``actor`` (the planner) reads today."""
        return Reading(actor=actor or self.scene.planner, on=TODAY, detail=detail)

    def rows(
        self,
        reading: Reading | None = None,
        *,
        language: str = "en",
        **wanted: Any,  # noqa: ANN401
    ) -> tuple[ChecklistRow, ...]:
        """Return the first page of what is wanted."""
        found = replace(ChecklistFilter(plan=self.plan), **wanted)
        with self.scene.sessions.reading() as session:
            return checklist_rows(
                session, found, reading=reading or self.reading(), language=language
            )

    def ids(self, reading: Reading | None = None, **wanted: Any) -> list[str]:  # noqa: ANN401
        """Return the ids of the items wanted, in their order."""
        return [row.item_id for row in self.rows(reading, **wanted)]

    def counts(self, **wanted: Any) -> Counts:  # noqa: ANN401
        """Return the counts beside the filters."""
        found = replace(ChecklistFilter(plan=self.plan), **wanted)
        with self.scene.sessions.reading() as session:
            return counts_of(session, found, reading=self.reading())

    def change(self, item_id: str, change: Change) -> UUID:
        """Change one item behind the commands, and return its UUID."""
        with self.scene.sessions.begin() as session:
            item = session.exec(select(Item).where(Item.item_id == item_id)).one()
            change(session, item)
            session.add(item)
            return item.uid


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    """Return six items: MRM-VER-01 to -03 of tier 1 and DIG-REP-01 to -03 of tier 3, all open.

    They are due on the first three days of May, and of June; their work begins on 1 April.
    """
    scene = make_scene(sessions, clock)
    scene.named("MRM-VER")
    scene.named("DIG-REP")
    with sessions.begin() as session:
        plan = session.exec(select(Plan)).one()
        for code, month in (("MRM-VER", 5), ("DIG-REP", 6)):
            for number in (1, 2, 3):
                _date(session, f"{code}-{number:02}", date(2026, month, number), date(2026, 4, 1))
        return Desk(scene, plan.slug)


def _date(session: Session, item_id: str, due_on: date, begins_on: date) -> None:
    item = session.exec(select(Item).where(Item.item_id == item_id)).one()
    revision = session.exec(select(Revision)).one()
    session.add(
        TimetableStep(
            revision_id=row_id(revision),
            function_area_id=item.function_area_id,
            step=item.step,
            due_on=due_on,
            latest_start_on=begins_on,
            cannot_be_met=False,
        )
    )
    session.flush()


def _dated(due_on: date, *, begins_on: date = date(2026, 4, 1)) -> Change:
    def change(session: Session, item: Item) -> None:
        step = session.exec(select(TimetableStep).where(TimetableStep.step == item.step)).one()
        step.due_on, step.latest_start_on = due_on, begins_on
        session.add(step)

    return change


def _facts(**facts: object) -> Change:
    def change(_session: Session, item: Item) -> None:
        for name, value in facts.items():
            setattr(item, name, value)

    return change


def _undated(session: Session, item: Item) -> None:
    step = session.exec(select(TimetableStep).where(TimetableStep.step == item.step)).one()
    session.delete(step)


def _assigned(session: Session, item: Item) -> None:
    query = select(Organisation.id).where(Organisation.kind == OrganisationKind.AUTHORITY)
    item.assigned_to_id = session.exec(query).one()


def _commented(session: Session, item: Item) -> None:
    session.add(_comment(item))


def _comment_withdrawn(session: Session, item: Item) -> None:
    comment = _comment(item)
    comment.withdrawn_at = comment.at
    session.add(comment)


def _comment(item: Item) -> ItemComment:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return ItemComment(item_id=row_id(item), account_uid=uuid4(), at=at, text="We began.")


def _of_capacity(state: CapacityState) -> Change:
    def change(session: Session, item: Item) -> None:
        session.get_one(Capacity, item.capacity_id).state = state

    return change


def _both(*changes: Change) -> Change:
    def change(session: Session, item: Item) -> None:
        for each in changes:
            each(session, item)

    return change


BEGUN = _dated(date(2026, 5, 1), begins_on=TODAY)
CASES: Mapping[str, tuple[Change, set[View]]] = {
    "open and far away": (_facts(), {View.OPEN}),
    "past its day": (_dated(TODAY - timedelta(days=1)), {View.OPEN, View.OVERDUE}),
    "due today": (_dated(TODAY), {View.OPEN, View.SOON}),
    "due in 30 days": (_dated(TODAY + timedelta(days=30)), {View.OPEN, View.SOON}),
    "due in 31 days": (_dated(TODAY + timedelta(days=31)), {View.OPEN}),
    "should have begun": (BEGUN, {View.OPEN, View.UNKNOWN}),
    "without a day": (_undated, {View.OPEN, View.UNKNOWN}),
    "begun and assigned": (_both(BEGUN, _assigned), {View.OPEN}),
    "begun and commented on": (_both(BEGUN, _commented), {View.OPEN}),
    "comment taken back": (_both(BEGUN, _comment_withdrawn), {View.OPEN, View.UNKNOWN}),
    "begun and reopened": (_both(BEGUN, _facts(reason="It was wrong.")), {View.OPEN}),
    "asked to set aside": (
        _both(BEGUN, _facts(aside_reason="Not here.")),
        {View.OPEN, View.WAITING},
    ),
    "done": (_facts(state=ItemState.DONE, done_on=TODAY), {View.DONE}),
    "done late": (
        _both(_dated(TODAY - timedelta(days=9)), _facts(state=ItemState.DONE, done_on=TODAY)),
        {View.DONE},
    ),
    "evidence good today": (
        _facts(state=ItemState.DONE, evidence_until_on=TODAY),
        {View.DONE},
    ),
    "evidence expired": (
        _facts(state=ItemState.DONE, evidence_until_on=TODAY - timedelta(days=1)),
        {View.DONE, View.OVERDUE},
    ),
    "set aside": (_facts(state=ItemState.NOT_APPLICABLE), {View.ASIDE}),
    "added": (_facts(is_added=True, text="Ours."), {View.OPEN, View.ADDED}),
}


@pytest.mark.parametrize("case", CASES)
def test_each_view_has_what_falls_under_it(desk: Desk, case: str) -> None:
    change, expected = CASES[case]
    desk.change("MRM-VER-01", change)
    views = {view for view in View if "MRM-VER-01" in desk.ids(view=view)}

    assert {View.ALL, *expected} == views


PAST: Mapping[str, Change] = {
    "retired": _facts(retired_in="test.2"),
    "taken back": _both(
        _dated(TODAY - timedelta(days=9)), _facts(retired_in="taken back", is_added=True)
    ),
    "declined": _of_capacity(CapacityState.DECLINED),
    "withdrawn": _of_capacity(CapacityState.WITHDRAWN),
    "ended": _of_capacity(CapacityState.ENDED),
    "capacity not applicable": _of_capacity(CapacityState.NOT_APPLICABLE),
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


def _account(desk: Desk, organisation: UUID) -> tuple[Actor, int, int]:
    with desk.scene.sessions.begin() as session:
        query = select(Organisation).where(Organisation.uid == organisation)
        body = session.exec(query).one()
        known = make_account(session, grants=(Grant(Role.PLANNER),), organisation=body)
        return known.actor, row_id(known.account), row_id(body)


def test_mine_are_those_of_my_mailbox_and_of_my_organisation_as_a_whole(desk: Desk) -> None:
    me, my_id, body = _account(desk, desk.scene.agency)
    _other, other_id, _body = _account(desk, desk.scene.agency)
    desk.change("MRM-VER-01", _facts(assigned_to_id=body, assigned_account_id=my_id))
    desk.change("MRM-VER-02", _facts(assigned_to_id=body))
    desk.change("MRM-VER-03", _facts(assigned_to_id=body, assigned_account_id=other_id))
    desk.change("DIG-REP-01", _facts(assigned_to_id=body, state=ItemState.DONE))

    assert ["MRM-VER-01", "MRM-VER-02"] == desk.ids(desk.reading(me), view=View.MINE)


def test_nothing_is_mine_for_who_has_not_signed_in(desk: Desk) -> None:
    desk.change("MRM-VER-01", _assigned)
    nobody = Actor(None, "observer", None, (Grant(Role.OBSERVER),))

    assert [] == desk.ids(desk.reading(nobody), view=View.MINE)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"tier": 3}, ["DIG-REP-01", "DIG-REP-02", "DIG-REP-03"]),
        ({"function": "MRM-VER"}, ["MRM-VER-01", "MRM-VER-02", "MRM-VER-03"]),
        ({"capacity": Dimension.DATA}, ["MRM-VER-03", "DIG-REP-03"]),
        ({"capacity": Dimension.DATA, "tier": 3}, ["DIG-REP-03"]),
        ({"area": "nowhere"}, []),
        ({"receiver": "nobody"}, []),
    ],
)
def test_filters_narrow(desk: Desk, wanted: dict[str, Any], expected: list[str]) -> None:
    assert expected == desk.ids(**wanted)


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ({}, "MRM-VER-02"),
        ({"sort": Sort.FUNCTION}, "DIG-REP-01"),
        ({"sort": Sort.AREA}, "MRM-VER-02"),
        ({"sort": Sort.STATE}, "MRM-VER-01"),
        ({"group": Group.FUNCTION}, "DIG-REP-01"),
        ({"group": Group.AREA}, "MRM-VER-02"),
        ({"group": Group.CAPACITY}, "MRM-VER-03"),
    ],
)
def test_items_stand_in_the_order_asked_for(desk: Desk, wanted: dict[str, Any], first: str) -> None:
    done = _facts(state=ItemState.DONE, done_on=TODAY)
    desk.change("MRM-VER-02", _both(_dated(TODAY), done))

    assert first == desk.ids(**wanted)[0]


def test_what_has_no_day_stands_last(desk: Desk) -> None:
    desk.change("MRM-VER-01", _undated)

    assert "MRM-VER-01" == desk.ids()[-1]


def test_an_option_counts_what_would_fit_if_it_were_chosen(desk: Desk) -> None:
    options = desk.counts(function="MRM-VER", capacity=Dimension.DATA).options("function")

    assert [
        ("DIG-REP", 1),
        ("MRM-VER", 1),
    ] == [(each.value, each.count) for each in options]


def test_a_figure_counts_not_applicable_beside_what_is_done(desk: Desk) -> None:
    desk.change("MRM-VER-01", _facts(state=ItemState.DONE, done_on=TODAY))
    desk.change("MRM-VER-02", _facts(state=ItemState.NOT_APPLICABLE))
    desk.change("DIG-REP-01", _facts(aside_reason="Not here."))

    assert Figure(done=1, total=5, aside=1, waiting=1) == desk.counts().figure()


def test_figures_of_groups_add_up_to_the_whole(desk: Desk) -> None:
    desk.change("MRM-VER-01", _facts(state=ItemState.DONE, done_on=TODAY))
    figures = desk.counts().figures(Group.FUNCTION)

    assert {"DIG-REP": (0, 3), "MRM-VER": (1, 3)} == {
        code: (figure.done, figure.total) for code, figure in figures.items()
    }


def test_a_donor_sees_no_items_of_restricted_functions(desk: Desk) -> None:
    ids = desk.ids(desk.reading(desk.scene.donor, detail=False))

    assert ["DIG-REP-01", "DIG-REP-02", "DIG-REP-03"] == ids


def test_days_of_areas_whose_end_is_not_public_stay_hidden_without_detail(desk: Desk) -> None:
    with desk.scene.sessions.begin() as session:
        session.exec(select(Area)).one().closings_public = False
    rows = desk.rows(desk.reading(desk.scene.donor, detail=False))

    assert [None, None, None] == [row.due_on for row in rows]


def test_another_receiver_sees_nothing_of_it(desk: Desk) -> None:
    assert [] == desk.ids(desk.reading(desk.scene.attester))


def test_without_a_revision_in_force_nothing_has_a_day(desk: Desk) -> None:
    with desk.scene.sessions.begin() as session:
        for step in session.exec(select(TimetableStep)):
            session.delete(step)

    assert {None} == {row.due_on for row in desk.rows()}


def test_a_page_has_fifty_items_and_the_next_the_rest(desk: Desk) -> None:
    with desk.scene.sessions.begin() as session:
        first = session.exec(select(Item)).first()
        assert first is not None
        for number in range(60):
            session.add(_copy(first, f"ADDED-{number:02}"))
    wanted = ChecklistFilter(plan=desk.plan, view=View.ADDED)
    with desk.scene.sessions.reading() as session:
        pages = [
            checklist_rows(session, wanted, reading=desk.reading(), language="en", page=number)
            for number in (1, 2, 3)
        ]

    assert [50, 10, 0] == [len(rows) for rows in pages]
    assert 60 == len({row.uid for rows in pages for row in rows})


def _copy(item: Item, item_id: str) -> Item:
    return Item(
        capacity_id=item.capacity_id,
        function_area_id=item.function_area_id,
        is_added=True,
        text=f"Ours, {item_id}.",
        item_id=item_id,
        step=f"item:{item_id}",
        state=ItemState.OPEN,
    )


def test_what_is_selected_is_what_the_filter_shows_and_no_more_than_asked(desk: Desk) -> None:
    wanted = ChecklistFilter(plan=desk.plan, tier=3)
    with desk.scene.sessions.reading() as session:
        found = selected(session, wanted, reading=desk.reading(), most=2)

    assert [(row.uid, row.version) for row in desk.rows(tier=3)[:2]] == list(found)


def test_texts_are_in_the_readers_language_and_fall_back_visibly(desk: Desk) -> None:
    text = "Do thing 1 of MRM-VER."
    with desk.scene.sessions.begin() as session:
        session.add(
            TextTranslation(
                language=Language.FRENCH,
                source_digest=digest(text),
                text="Faire la chose 1.",
                is_draft=True,
            )
        )
    shown = {row.item_id: row.text for row in desk.rows(language="fr")}

    assert ("Faire la chose 1.", "fr", True) == (
        shown["MRM-VER-01"].text,
        shown["MRM-VER-01"].language,
        shown["MRM-VER-01"].is_draft,
    )
    assert ("Do thing 2 of MRM-VER.", "en") == (
        shown["MRM-VER-02"].text,
        shown["MRM-VER-02"].language,
    )


def test_a_signed_text_that_the_plans_edition_no_longer_has_is_marked(desk: Desk) -> None:
    _adopt(desk, "Do thing 1 of MRM-VER, and date it.")
    desk.change("MRM-VER-01", _signed)
    desk.change("MRM-VER-02", _signed)

    assert ["MRM-VER-01"] == [row.item_id for row in desk.rows() if row.differs]


def test_one_item_tells_the_signed_text_and_that_of_the_edition(desk: Desk) -> None:
    _adopt(desk, "Do thing 1 of MRM-VER, and date it.")
    uid = desk.change("MRM-VER-01", _signed)
    with desk.scene.sessions.reading() as session:
        detail = item_detail(session, uid, reading=desk.reading(), language="en")

    assert "Do thing 1 of MRM-VER." == detail.shown.text.text
    assert "Do thing 1 of MRM-VER, and date it." == detail.edition_text


def _signed(session: Session, item: Item) -> None:
    session.get_one(Capacity, item.capacity_id).signed_hash = "signed"


def _adopt(desk: Desk, text: str) -> None:
    """Let the plan have an edition in which the first item of MRM-VER is reworded."""
    function = small_function()
    first = replace(function.items[0], text=text)
    newer = replace(function, items=(first, *function.items[1:]))
    edition = assemble("test.2", [newer, small_function("DIG-REP", tier=3)])
    load_edition(desk.scene.sessions, edition=edition, actor=SYSTEM, clock=desk.scene.clock)
    with desk.scene.sessions.begin() as session:
        session.exec(select(Plan)).one().edition = "test.2"


def test_comments_are_for_readers_of_detail(desk: Desk) -> None:
    uid = desk.change("DIG-REP-01", _commented)
    with desk.scene.sessions.reading() as session:
        seen, unseen = (
            item_detail(session, uid, reading=reading, language="en").comments
            for reading in (desk.reading(), desk.reading(desk.scene.donor, detail=False))
        )

    assert ["We began."] == [comment.text for comment in seen]
    assert () == unseen


def test_items_are_assigned_within_the_plans_organisations_and_their_mailboxes(
    desk: Desk,
) -> None:
    me, _id, _body = _account(desk, desk.scene.agency)
    with desk.scene.sessions.begin() as session:
        query = select(Organisation).where(Organisation.uid == desk.scene.agency)
        agency = session.exec(query).one()
        elsewhere = (Grant(Role.COUNTRY_TEAM, country_iso3="SDN"),)
        make_account(session, grants=elsewhere, organisation=agency)
        found = assignees(session, desk.scene.plan_uid)
        name = agency.name

    assert {name: [me.handle]} == {
        each.name: [box.handle for box in each.mailboxes] for each in found if each.mailboxes
    }
    assert 2 == len(found)
