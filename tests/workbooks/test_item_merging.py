"""What two people changed is merged cell by cell, and everybody changes what is theirs."""

from datetime import date

import pytest
from sqlmodel import select

from tests.factories.checklist_files import Desk, make_desk
from tests.plans.everything import digest_of_all_rows
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict
from unbroken.plans.commands.editing import ChangeState, cancel_plan
from unbroken.transfers.commands.asides import AnswerAside, refuse_aside
from unbroken.transfers.models import Item
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import Classification, ItemState

DAY, LATER = date(2026, 2, 10), date(2026, 2, 20)
DONE: Changes = {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: DAY}
NOTE: Changes = {ItemField.EVIDENCE_TITLE: "Note to the file", ItemField.EVIDENCE_ON: DAY}


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    return make_desk(sessions, clock)


def test_another_cell_that_somebody_changed_meanwhile_is_no_conflict(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    desk.change({ItemField.MAILBOX: "other"}, uid)
    book.put(uid, "State", "Done")
    book.put(uid, "Done on", DAY)

    assert (1, 5, 0, 0) == desk.send(book.raw()).counts
    assert ("other", DAY) == (desk.facts()[uid].mailbox, desk.facts()[uid].done_on)


def test_what_somebody_changed_meanwhile_is_not_undone_by_working_on(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    desk.change({ItemField.MAILBOX: "other"}, uid)
    book.put(uid, "State", "Done")
    book.put(uid, "Done on", DAY)
    on = desk.send(book.raw()).file
    on.put(uid, "Done on", LATER)

    assert (1, 5, 0, 0) == desk.send(on.raw()).counts
    assert ("other", LATER) == (desk.facts()[uid].mailbox, desk.facts()[uid].done_on)


def test_what_follows_from_an_import_is_no_conflict_afterwards(desk: Desk) -> None:
    uid = desk.tier_3[0]
    desk.change({**DONE, **NOTE}, uid)
    book = desk.book()
    book.put(uid, "State", "To do")
    book.put(uid, "Reason", "Not the right note.")
    on = desk.send(book.raw()).file
    on.put(uid, "State", "Done")
    on.put(uid, "Done on", LATER)
    on.put(uid, "Evidence: title", "The right note")
    on.put(uid, "Evidence: date", LATER)
    on.put(uid, "Reason", None)

    assert (1, 5, 0, 0) == desk.send(on.raw()).counts
    assert "The right note" == desk.facts()[uid].evidence_title


def test_a_class_that_was_filled_in_by_the_import_can_be_changed_afterwards(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    book.put(uid, "State", "Done")
    book.put(uid, "Done on", DAY)
    book.put(uid, "Evidence: title", "Note to the file")
    book.put(uid, "Evidence: date", DAY)
    on = desk.send(book.raw()).file
    on.put(uid, "Evidence: class", "Public")

    assert (1, 5, 0, 0) == desk.send(on.raw()).counts
    assert Classification.PUBLIC is desk.facts()[uid].evidence_class


def test_two_who_enter_the_same_are_no_conflict(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    desk.change(DONE, uid, by="other")
    book.put(uid, "State", "Done")
    book.put(uid, "Done on", DAY)

    assert (0, 6, 0, 0) == desk.send(book.raw()).counts


def test_a_text_that_was_tidied_when_it_was_stored_is_no_conflict_afterwards(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    book.put(uid, "State", "Not applicable")
    book.put(uid, "Reason", " No such \u200btask\u00ad here \u2003")
    desk.send(book.raw())

    assert (0, 6, 0, 0) == desk.send(book.raw()).counts
    assert "No such task here" == desk.facts()[uid].reason


def test_what_somebody_changed_stays_where_the_file_was_not_touched(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    desk.change(DONE, uid, by="other")

    assert (0, 6, 0, 0) == desk.send(book.raw()).counts
    assert DAY == desk.fact(uid, ItemField.DONE_ON)


def test_a_row_in_conflict_lands_with_none_of_its_cells(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    desk.change(DONE, uid, by="other")
    book.put(uid, "State", "Done")
    book.put(uid, "Done on", LATER)
    book.put(uid, "Evidence: title", "Note to the file")
    book.put(uid, "Evidence: date", DAY)
    before = digest_of_all_rows(desk.sessions)

    assert (0, 5, 0, 1) == desk.send(book.raw()).counts
    assert before == digest_of_all_rows(desk.sessions)


def test_each_cell_in_conflict_says_both_values(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    desk.change({**DONE, ItemField.MAILBOX: "other"}, uid)
    book.put(uid, "Done on", LATER)
    book.put(uid, "Mailbox", "planner")
    book.put(uid, "State", "Done")
    found = desk.send(book.raw()).done.conflicts

    assert [
        (ItemField.DONE_ON, LATER, DAY),
        (ItemField.MAILBOX, "planner", "other"),
    ] == [(each.field, each.yours, each.theirs) for each in found]


def test_a_conflict_ends_when_the_other_value_is_taken_over(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    desk.change(DONE, uid, by="other")
    book.put(uid, "State", "Done")
    book.put(uid, "Done on", LATER)
    on = desk.send(book.raw()).file
    on.put(uid, "Done on", DAY)
    on.put(uid, "Mailbox", "other")

    assert (1, 5, 0, 0) == desk.send(on.raw()).counts


def test_asking_to_set_aside_is_not_repeated_by_working_on(desk: Desk) -> None:
    uid, book = desk.tier_1[0], desk.book()
    book.put(uid, "State", "Not applicable")
    book.put(uid, "Reason", "No such task.")
    on = desk.send(book.raw()).file
    refuse_aside(
        desk.sessions,
        AnswerAside(item_uid=uid),
        actor=desk.actors["receiver"],
        clock=desk.scene.clock,
    )

    assert (0, 6, 0, 0) == desk.send(on.raw()).counts


def test_a_comment_is_added_once_however_often_the_file_is_sent(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    book.put(uid, "New comment", " Called the ministry. ")

    assert (1, 5, 0, 0) == desk.send(book.raw()).counts
    assert (0, 6, 0, 0) == desk.send(book.raw()).counts


def test_an_item_changed_on_two_sheets_is_refused_on_the_second(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    copy = book.book.copy_worksheet(book.sheet)
    copy.cell(book.row(uid), book.columns["Mailbox"] + 1, "planner")
    book.put(uid, "Mailbox", "other")
    refused = desk.send(book.raw()).done.refused

    assert [(copy.title, "is changed on another sheet too")] == [
        (each.sheet, each.problems[0].what) for each in refused
    ]


def test_an_untouched_copy_of_the_sheet_is_no_fault(desk: Desk) -> None:
    uid, book = desk.tier_3[0], desk.book()
    book.book.copy_worksheet(book.sheet)
    book.put(uid, "Mailbox", "other")

    assert (1, 11, 0, 0) == desk.send(book.raw()).counts


def test_ids_that_were_sorted_apart_from_their_rows_change_no_other_item(desk: Desk) -> None:
    book, (first, second, *_rest) = desk.book(), desk.tier_3
    rows = [book.row(first), book.row(second)]
    book.write(rows[0], "Id", str(second))
    book.write(rows[1], "Id", str(first))
    book.write(rows[0], "State", "Done")
    book.write(rows[0], "Done on", DAY)

    assert (0, 4, 2, 0) == desk.send(book.raw()).counts


def test_rows_of_another_side_are_set_aside_and_the_others_land(desk: Desk) -> None:
    book, (mine,), (theirs,) = desk.book(), desk.tier_3[:1], desk.tier_1[:1]
    for uid in (mine, theirs):
        book.put(uid, "State", "Done")
        book.put(uid, "Done on", DAY)
    sent = desk.send(book.raw(), by="other")

    assert ((1, 4, 1, 0), True) == (sent.counts, sent.done.written)
    assert sent.file.verdict(theirs).startswith("refused: ")
    assert sent.file.verdict(theirs).endswith("Leave it to those whose transfer it is.")
    assert (DAY, None) == tuple(desk.fact(uid, ItemField.DONE_ON) for uid in (mine, theirs))


def test_what_was_changed_meanwhile_is_not_told_to_another_side(desk: Desk) -> None:
    uid, book = desk.tier_1[0], desk.book()
    desk.change(DONE, uid, by="receiver")
    book.put(uid, "State", "Done")
    book.put(uid, "Done on", LATER)

    assert (0, 5, 1, 0) == desk.send(book.raw(), by="other").counts


def test_only_the_giver_adds_items(desk: Desk) -> None:
    book = desk.book()
    row = book.add(
        {
            "Function": "DIG-REP",
            "Area": book.get(2, "Area"),
            "Capacity": "Posts",
            "What is to be done": "Brief the incoming team.",
            "Due": LATER,
        }
    )
    sent = desk.send(book.raw(), by="other")

    assert (0, 6, 1, 0) == sent.counts
    assert "Ask the giver's planner to add it." in str(sent.file.get(row, "Verdict"))


@pytest.mark.parametrize("role", ["donor", "observer", "steward"])
def test_who_is_of_no_side_imports_nothing(desk: Desk, role: str) -> None:
    uid, book = desk.tier_3[0], desk.book()
    book.put(uid, "State", "Done")
    book.put(uid, "Done on", DAY)
    before = digest_of_all_rows(desk.sessions)

    assert (0, 5, 1, 0) == desk.send(book.raw(), by=role).counts
    assert before == digest_of_all_rows(desk.sessions)


def test_a_cancelled_plan_takes_nothing_in(desk: Desk) -> None:
    book = desk.book()
    order = ChangeState(desk.scene.plan_uid, None, reason="The mission stays.")
    cancel_plan(desk.sessions, order, actor=desk.actors["planner"], clock=desk.scene.clock)
    with pytest.raises(Conflict):
        desk.send(book.raw())


def test_an_edit_of_what_is_history_is_set_aside_and_keeps_nothing_else_out(desk: Desk) -> None:
    first, second, *_rest = desk.tier_3
    book = desk.book()
    with desk.sessions.begin() as session:
        retired = session.exec(select(Item).where(Item.uid == first)).one()
        retired.retired_in = "2027.1"
    for uid in (first, second):
        book.put(uid, "State", "Done")
        book.put(uid, "Done on", DAY)
    sent = desk.send(book.raw())

    assert (1, 4, 1, 0) == sent.counts
    assert sent.file.verdict(first).startswith("refused: State: is no longer asked for.")
    assert (None, DAY) == (desk.facts()[first].done_on, desk.facts()[second].done_on)
