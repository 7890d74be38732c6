"""What a checklist shows: its counts, order, words and what a reader may see."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.factories.capacities import TODAY
from tests.factories.checklist_desks import (
    Desk,
    account,
    both,
    commented,
    dated,
    facts,
    make_desk,
    undated,
)
from tests.factories.people import make_account
from tests.factories.transfers import small_function
from unbroken.functions.commands import load_edition
from unbroken.functions.models import TextTranslation
from unbroken.functions.rules import Dimension, Language, assemble
from unbroken.kit.canonical import digest
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.people.models import Organisation
from unbroken.people.rules import SYSTEM, Grant, Role
from unbroken.plans.models import Area, Plan, TimetableStep
from unbroken.transfers.models import Capacity, Item
from unbroken.transfers.queries.assignees import assignees
from unbroken.transfers.queries.checklist_counts import Figure
from unbroken.transfers.queries.checklist_filters import (
    ChecklistFilter,
    Group,
    Sort,
    View,
)
from unbroken.transfers.queries.checklists import checklist_rows, selected
from unbroken.transfers.queries.item_details import item_detail
from unbroken.transfers.rules.words import ItemState


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    return make_desk(sessions, clock)


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
    done = facts(state=ItemState.DONE, done_on=TODAY)
    desk.change("MRM-VER-02", both(dated(TODAY), done))

    assert first == desk.ids(**wanted)[0]


def test_what_has_no_day_stands_last(desk: Desk) -> None:
    desk.change("MRM-VER-01", undated)

    assert "MRM-VER-01" == desk.ids()[-1]


def test_an_option_counts_what_would_fit_if_it_were_chosen(desk: Desk) -> None:
    options = desk.counts(function="MRM-VER", capacity=Dimension.DATA).options("function")

    assert [
        ("DIG-REP", 1),
        ("MRM-VER", 1),
    ] == [(each.value, each.count) for each in options]


def test_a_figure_counts_not_applicable_beside_what_is_done(desk: Desk) -> None:
    desk.change("MRM-VER-01", facts(state=ItemState.DONE, done_on=TODAY))
    desk.change("MRM-VER-02", facts(state=ItemState.NOT_APPLICABLE))
    desk.change("DIG-REP-01", facts(aside_reason="Not here."))

    assert Figure(done=1, total=5, aside=1, waiting=1) == desk.counts().figure()


def test_figures_of_groups_add_up_to_the_whole(desk: Desk) -> None:
    desk.change("MRM-VER-01", facts(state=ItemState.DONE, done_on=TODAY))
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
    uid = desk.change("DIG-REP-01", commented)
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
    me, _id, _body = account(desk, desk.scene.agency)
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
