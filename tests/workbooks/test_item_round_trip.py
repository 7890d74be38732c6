"""Checklists go out as a file, are worked in, and come back: exactly what was typed lands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

import pytest

from tests.factories.checklist_files import Desk, Sent, Value, make_desk, opened
from tests.factories.items import is_intact
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.transfers.rules.items import Changes, Fact, ItemFacts, ItemField, edited
from unbroken.transfers.rules.words import Classification, ItemState

EACH = 60
DAY, LATER, UNTIL = date(2026, 2, 10), date(2026, 2, 20), date(2027, 2, 10)
WORDS: Mapping[Fact, Fact] = {
    "Done": ItemState.DONE,
    "Not applicable": ItemState.NOT_APPLICABLE,
    "Public": Classification.PUBLIC,
}
FIELDS = {
    "State": ItemField.STATE,
    "Done on": ItemField.DONE_ON,
    "Reason": ItemField.REASON,
    "Evidence: title": ItemField.EVIDENCE_TITLE,
    "Evidence: date": ItemField.EVIDENCE_ON,
    "Evidence: class": ItemField.EVIDENCE_CLASS,
    "Evidence: custodian": ItemField.EVIDENCE_CUSTODIAN,
    "Evidence: valid until": ItemField.EVIDENCE_UNTIL_ON,
    "Assigned to": ItemField.ASSIGNED_TO,
    "Mailbox": ItemField.MAILBOX,
}
DONE: Mapping[str, Value] = {"State": "Done", "Done on": DAY}
EVIDENCE: Mapping[str, Value] = {
    "State": "Done",
    "Done on": LATER,
    "Evidence: title": "Note to the file on handover, no. 7",
    "Evidence: date": DAY,
    "Evidence: class": "Public",
    "Evidence: custodian": "Head of section",
    "Evidence: valid until": UNTIL,
}
ASIDE: Mapping[str, Value] = {"State": "Not applicable", "Reason": "The mandate has no such task."}
ADDED: Mapping[str, Value] = {
    "Function": "DIG-REP",
    "Capacity": "Posts",
    "What is to be done": "Brief the incoming team in person.",
    "Evidence that is wanted": "Date of the briefing.",
    "Due": date(2026, 5, 4),
}


@dataclass(frozen=True, slots=True)
class Trip:
    """What was known before, what was typed, and what came of it."""

    desk: Desk
    before: Mapping[UUID, ItemFacts]
    edits: Mapping[UUID, Mapping[str, Value]]
    forbidden: UUID
    contested: UUID
    removed: UUID
    added: int
    file: bytes
    sent: Sent
    is_csv: bool

    def wanted(self) -> dict[UUID, ItemFacts]:
        """Return what shall be known of the items that were there before."""
        rows = self.desk.rows()
        after = {
            uid: edited(self.before[uid], _changes(typed), tier=rows[uid].tier)
            for uid, typed in self.edits.items()
        }
        contested = ItemFacts(state=ItemState.DONE, done_on=LATER)
        return {**self.before, **after, self.contested: contested}

    def found(self) -> dict[UUID, ItemFacts]:
        """Return what is known now of the items that were there before."""
        return {uid: facts for uid, facts in self.desk.facts().items() if uid in self.before}

    def new(self) -> UUID:
        """Return the item that was added."""
        (made,) = self.desk.facts().keys() - self.before.keys()
        return made

    def again(self, raw: bytes) -> Sent:
        return self.desk.send(raw, is_csv=self.is_csv)


@pytest.fixture(params=["xlsx", "csv"])
def trip(request: pytest.FixtureRequest, sessions: Sessions, clock: FixedClock) -> Trip:
    """Return a plan of 126 items of which 200 cells were typed over, and more was done to it."""
    desk, is_csv = make_desk(sessions, clock, more=EACH), request.param == "csv"
    before = desk.facts()
    edits = dict(_edits(desk))
    forbidden, contested, removed = desk.tier_3[-3:]
    file = desk.file(is_csv=is_csv)
    for uid, typed in [*edits.items(), (forbidden, DONE), (contested, DONE)]:
        for title, value in typed.items():
            file.put(uid, title, _as_typed(value, is_csv=is_csv))
    file.put(forbidden, "What is to be done", "Something else.")
    desk.change({ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: LATER}, contested, by="other")
    area = file.get(file.row(removed), "Area")
    file.remove(removed)
    added = file.add(
        {title: _as_typed(each, is_csv=is_csv) for title, each in {**ADDED, "Area": area}.items()}
    )
    raw = file.raw()
    sent = desk.send(raw, is_csv=is_csv)
    return Trip(desk, before, edits, forbidden, contested, removed, added, raw, sent, is_csv)


def _edits(desk: Desk) -> Iterator[tuple[UUID, Mapping[str, Value]]]:
    """Yield 200 cells: 53 items done, 7 set aside, 10 with evidence, 10 assigned."""
    lower, upper = iter(desk.tier_3), iter(desk.tier_1)
    yield from ((next(lower), DONE) for _ in range(33))
    yield from ((next(upper), DONE) for _ in range(20))
    yield from ((next(lower), ASIDE) for _ in range(3))
    yield from ((next(upper), ASIDE) for _ in range(4))
    yield from ((next(lower), EVIDENCE) for _ in range(10))
    body = desk.organisation("other")
    yield from ((next(lower), {"Assigned to": body, "Mailbox": "other"}) for _ in range(5))


def _as_typed(value: Value, *, is_csv: bool) -> Value:
    return f"{value:%d/%m/%Y}" if is_csv and isinstance(value, date) else value


def _changes(typed: Mapping[str, Value]) -> Changes:
    return {FIELDS[title]: _fact(value) for title, value in typed.items()}


def _fact(value: Value) -> Fact:
    assert value is None or isinstance(value, str | date)
    return WORDS.get(value, value)


def test_200_cells_were_typed_over(trip: Trip) -> None:
    assert 200 == len(list(chain.from_iterable(trip.edits.values())))


def test_exactly_the_edits_land(trip: Trip) -> None:
    assert trip.wanted() == trip.found()


def test_each_row_is_counted_in_one_place(trip: Trip) -> None:
    rows = len(trip.before)

    assert (len(trip.edits) + 1, rows - len(trip.edits) - 3, 1, 1) == trip.sent.counts
    assert (rows, True) == (trip.sent.done.rows, trip.sent.done.written)


def test_a_changed_grey_cell_is_refused_beside_its_row(trip: Trip) -> None:
    assert trip.sent.file.verdict(trip.forbidden).startswith(
        "refused: The id or a grey cell was changed; they tell what the item is. Put back"
    )


def test_a_conflict_shows_both_values_beside_its_row(trip: Trip) -> None:
    assert (
        "conflict: somebody changed this meanwhile. Done on: yours “2026-02-10”, theirs "
        "“2026-02-20”. Take a fresh export and decide."
    ) == trip.sent.file.verdict(trip.contested)


def test_every_other_row_says_what_became_of_it(trip: Trip) -> None:
    file, rows = trip.sent.file, trip.desk.rows()
    told = {uid: file.verdict(uid) for uid in trip.edits}
    waits = "imported: not applicable waits for the second hand"

    assert {
        uid: waits if typed is ASIDE and rows[uid].tier == 1 else "imported"
        for uid, typed in trip.edits.items()
    } == told


def test_the_added_item_is_marked_and_dated_and_counted(trip: Trip) -> None:
    fresh, uid = trip.desk.file(is_csv=trip.is_csv), trip.new()
    row = fresh.row(uid)
    due = str(fresh.get(row, "Due"))

    assert trip.desk.rows()[uid].is_added
    assert ("Added by a planner.", "2026-05-04") == (fresh.get(row, "Note"), due[:10])
    assert len(trip.before) + 1 == len(trip.desk.facts())


def test_the_added_item_has_its_id_in_the_file_that_is_given_back(trip: Trip) -> None:
    assert trip.added == trip.sent.file.row(trip.new())


def test_the_trail_of_it_verifies(trip: Trip) -> None:
    assert is_intact(trip.desk.scene)


def test_sending_the_same_file_again_changes_nothing(trip: Trip) -> None:
    before = trip.desk.facts()
    again = trip.again(trip.file)

    assert (0, 1, 1) == (len(again.done.changes), *again.counts[2:])
    assert before == trip.desk.facts()


def test_sending_what_was_given_back_changes_nothing(trip: Trip) -> None:
    before = trip.desk.facts()
    again = trip.again(trip.sent.raw)

    assert (0, 1, 1) == (len(again.done.changes), *again.counts[2:])
    assert before == trip.desk.facts()


def test_work_goes_on_in_what_was_given_back(trip: Trip) -> None:
    file, (first, *_rest) = trip.sent.file, trip.edits
    file.put(first, "Done on", _as_typed(LATER, is_csv=trip.is_csv))
    file.put(trip.new(), "Reason", "Told by mail.")
    file.put(trip.new(), "State", "Not applicable")
    again = trip.again(file.raw())

    assert 2 == len(again.done.changes)
    assert LATER == trip.desk.fact(first, ItemField.DONE_ON)
    assert ItemState.NOT_APPLICABLE is trip.desk.facts()[trip.new()].state


def test_what_was_there_and_the_rest_of_the_file_stay(trip: Trip) -> None:
    before, after = _cells(trip), trip.sent.file

    assert before == {(row, title): after.get(row, title) for row, title in before}


def _cells(trip: Trip) -> Mapping[tuple[int, str], Value]:
    """Return all cells of the file that was sent, but those that the import fills in."""
    file = opened(trip.file, is_csv=trip.is_csv)
    return {
        (row, title): file.get(row, title)
        for row in range(2, len(file.cells) + 1)
        for title in file.columns
        if title not in {"Id", "Stamp", "Verdict"}
    }
