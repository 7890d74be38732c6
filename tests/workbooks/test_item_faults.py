"""Rows at fault keep the whole file out, each with its own reason; mended, all rows land."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest

from tests.factories.checklist_files import Book, Desk, Sent, Value, make_desk
from tests.plans.everything import digest_of_all_rows
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.transfers.rules.items import ItemField
from unbroken.transfers.rules.words import ItemState

EACH = 160
DAY, AHEAD, EARLIER = date(2026, 2, 10), date(2026, 4, 1), date(2025, 12, 31)
DONE: Mapping[str, Value] = {"State": "Done", "Done on": DAY}
NEW: Mapping[str, Value] = {
    "Function": "DIG-REP",
    "Capacity": "Posts",
    "What is to be done": "Brief the incoming team.",
    "Due": date(2026, 5, 4),
}
FAULTS: Mapping[str, tuple[Mapping[str, Value], str]] = {
    "id deleted": (
        {**DONE, "Id": None},
        "Id: is missing, though this was an item's row. Take the row from a fresh export",
    ),
    "unreadable date": (
        {**DONE, "Done on": "soon"},
        "Done on: This is not a date. Write it like 2026-03-31 or 31 March 2026.",
    ),
    "unknown state": (
        {"State": "Finished"},
        "State: is no state. Choose To do, Done or Not applicable.",
    ),
    "done without a day": (
        {"State": "Done"},
        "Done on: is missing. Give the day on which it was done.",
    ),
    "a day ahead": ({**DONE, "Done on": AHEAD}, "Done on: lies ahead. Give a day until today."),
    "evidence without a date": (
        {**DONE, "Evidence: title": "Note to the file"},
        "Evidence: date: is missing. Give the day.",
    ),
    "evidence that ended before its date": (
        {
            **DONE,
            "Evidence: title": "Note to the file",
            "Evidence: date": DAY,
            "Evidence: valid until": EARLIER,
        },
        "Evidence: valid until: ",
    ),
    "not applicable without a reason": (
        {"State": "Not applicable"},
        "Reason: is missing. Say why in a sentence.",
    ),
    "unknown organisation": (
        {"Assigned to": "unicorn"},
        "Assigned to: is no organisation here. Use the short name of an organisation, as the list",
    ),
    "unknown mailbox": (
        {"Mailbox": "nobody"},
        "Mailbox: is no role mailbox here. Use the handle of an account, as the list has it.",
    ),
    "mailbox of another organisation": (
        {"Assigned to": "mission", "Mailbox": "other"},
        "Mailbox: is not of the organisation named. Name a mailbox of that organisation",
    ),
    "name of a child": (
        {**DONE, "Evidence: title": "Statement of Amina, aged 12", "Evidence: date": DAY},
        "Evidence: title: ",
    ),
    "name of a child in a comment": ({"New comment": "Amina, aged 12"}, "New comment: "),
    "failed formula in a text": (
        {**DONE, "Evidence: title": "#REF!", "Evidence: date": DAY},
        "Evidence: title: A formula failed in this cell. Mend the formula, or type the value",
    ),
    "failed formula in a comment": (
        {"New comment": "#N/A"},
        "New comment: A formula failed in this cell.",
    ),
    "stamp missing": (
        {**DONE, "Stamp": None},
        "Stamp: is missing or was changed. Take the row from a fresh export; the id and the stamp",
    ),
    "stamp cut": ({**DONE, "Stamp": "1abc"}, "Stamp: is missing or was changed."),
    "id of another plan": (
        {"Id": str(uuid4())},
        "Id: is no item of this plan. Take the row from a fresh export.",
    ),
    "id that is none": ({"Id": "MRM-VER-01"}, "Id: is not the id of an item. "),
}
ADDITIONS: Mapping[str, tuple[Mapping[str, Value], str]] = {
    "added without a capacity": (
        {"Capacity": None},
        "Capacity: is missing. Choose the capacity this belongs to.",
    ),
    "added to no capacity": ({"Capacity": "Hopes"}, "Capacity: is no capacity. Choose the"),
    "added to no function": (
        {"Function": "NO-SUCH"},
        "Function: no receiver is named for this function, area and capacity. Name the receiver",
    ),
    "added without a day": ({"Due": None}, "Due: is missing. Give the day by which it is due."),
    "added with an unreadable day": ({"Due": "soon"}, "Due: This is not a date."),
    "added with a name": ({"What is to be done": "Ask Amina, aged 12"}, "What is to be done: "),
    "added with a failed formula": (
        {"Evidence that is wanted": "#VALUE!"},
        "Evidence that is wanted: A formula failed in this cell.",
    ),
    "added as done without a day": ({"State": "Done"}, "Done on: is missing."),
}
TWICE = "Id: stands in an earlier row too. Keep one of the two rows."


@dataclass(frozen=True, slots=True)
class Bad:
    """A file in which 27 of 332 items and more are at fault, and the row of each kind."""

    desk: Desk
    book: Book
    good: tuple[UUID, ...]
    rows: Mapping[str, int]
    kept: Mapping[int, Mapping[str, Value]]
    digest: str
    sent: Sent

    def mended(self) -> bytes:
        """Return what was given back with each row as it was, but done."""
        book = Book(self.sent.raw)
        for row, values in self.kept.items():
            for title, value in {**values, **(DONE if values.get("Id") else {})}.items():
                book.write(row, title, value)
        return book.raw()


@pytest.fixture
def bad(sessions: Sessions, clock: FixedClock) -> Bad:
    desk = make_desk(sessions, clock, more=EACH)
    book, uids = desk.book(), iter(desk.tier_3)
    kept: dict[int, Mapping[str, Value]] = {}
    rows = {kind: _spoilt(desk, book, next(uids), kind, kept) for kind in FAULTS}
    rows["twice"] = _doubled(book, next(uids), next(uids), kept)
    for kind, row, values in _added(book):
        rows[kind], kept[row] = row, values
    good = (*tuple(uids)[:60], *desk.tier_1[:60])
    for uid in good:
        book.put(uid, "State", "Done")
        book.put(uid, "Done on", DAY)
    digest = digest_of_all_rows(sessions)
    return Bad(desk, book, good, rows, kept, digest, desk.send(book.raw()))


def _spoilt(
    desk: Desk, book: Book, uid: UUID, kind: str, kept: dict[int, Mapping[str, Value]]
) -> int:
    row, (typed, _reason) = book.row(uid), FAULTS[kind]
    kept[row] = {title: book.get(row, title) for title in book.columns if title != "Verdict"}
    for title, value in typed.items():
        book.write(row, title, desk.organisation("planner") if value == "mission" else value)
    return row


def _doubled(book: Book, uid: UUID, copied: UUID, kept: dict[int, Mapping[str, Value]]) -> int:
    """Copy one row of an item over the row of another."""
    first, second = sorted([book.row(uid), book.row(copied)])
    kept[second] = {title: book.get(second, title) for title in book.columns if title != "Verdict"}
    for title in kept[second]:
        book.write(second, title, book.get(first, title))
    return second


def _added(book: Book) -> Iterator[tuple[str, int, Mapping[str, Value]]]:
    area = book.get(2, "Area")
    row = book.add({})
    for number, (kind, (typed, _reason)) in enumerate(ADDITIONS.items()):
        title = "What is to be done"
        values = {**NEW, "Area": area, title: f"{NEW[title]} Part {number}."}
        values |= {title: None for title in typed if title not in values}
        for name, value in {**values, **typed}.items():
            book.write(row + number, name, value)
        yield kind, row + number, values


def test_every_row_at_fault_has_its_own_reason_and_what_to_do(bad: Bad) -> None:
    reasons = {kind: why for kind, (_typed, why) in {**FAULTS, **ADDITIONS}.items()} | {
        "twice": TWICE
    }
    back = bad.sent.file
    told = {kind: str(back.get(row, "Verdict")) for kind, row in bad.rows.items()}

    assert {kind: f"refused: {why}" for kind, why in reasons.items()} == {
        kind: verdict[: len(f"refused: {reasons[kind]}")] for kind, verdict in told.items()
    }
    assert set(bad.rows.values()) == {each.row for each in bad.sent.done.refused}


def test_nothing_is_imported_while_a_row_is_at_fault(bad: Bad) -> None:
    assert (False, bad.digest) == (bad.sent.done.written, digest_of_all_rows(bad.desk.sessions))


def test_sound_rows_say_that_they_wait_for_the_others(bad: Bad) -> None:
    back = bad.sent.file

    assert {"sound, not imported yet: nothing is, while other rows are refused"} == {
        back.verdict(uid) for uid in bad.good
    }


def test_no_verdict_repeats_what_must_not_be_kept(bad: Bad) -> None:
    back = bad.sent.file
    told = [str(back.get(row, "Verdict")) for row in bad.rows.values()]

    assert [] == [each for each in told if "Amina" in each]


def test_mended_and_sent_again_every_row_lands(bad: Bad) -> None:
    before = len(bad.desk.facts())
    again = bad.desk.send(bad.mended())
    mended = len(bad.kept)

    assert (len(bad.good) + mended, 0, 0) == (again.counts[0], *again.counts[2:])
    facts = bad.desk.facts()
    assert {(ItemState.DONE, DAY)} == {(facts[uid].state, facts[uid].done_on) for uid in bad.good}
    assert before + len(ADDITIONS) == len(facts)
    assert len(bad.good) + mended - len(ADDITIONS) == sum(
        each.value(ItemField.STATE) is ItemState.DONE for each in facts.values()
    )
