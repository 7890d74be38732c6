"""A plan's money comes back in a workbook: changed, new, wrong, or overtaken by somebody."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from tests.factories.people import actor_with
from tests.money.desks import make_desk
from tests.workbooks.money_books import (
    LANGUAGES_READ,
    LIMITS,
    MONEY,
    NEED,
    NEW_MONEY,
    NEW_NEED,
    WORDS,
    Bench,
    Cells,
    Edits,
    edited,
    new_row,
    stock,
    told,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Forbidden, Invalid
from unbroken.money.commands.amending import amend_requirement, withdraw_line
from unbroken.money.commands.orders import (
    AmendRequirement,
    WithdrawLine,
)
from unbroken.money.rules.words import Change, Stage
from unbroken.people.rules import Role
from unbroken.workbooks.money_carrying import pack, unpack
from unbroken.workbooks.money_columns import Key
from unbroken.workbooks.money_files import give_back, read_money_file
from unbroken.workbooks.money_reading import told_by
from unbroken.workbooks.sheets_out import Column
from unbroken.workbooks.writing import write_csv


@pytest.fixture
def bench(sessions: Sessions, clock: FixedClock) -> Bench:
    return Bench(make_desk(sessions, clock))


def test_a_changed_row_is_a_new_state_and_a_row_without_id_a_new_line(bench: Bench) -> None:
    uids = stock(bench.desk)
    edits: Edits = {
        (NEED, 2, "Amount"): "2 000,50",
        (NEED, 2, "Why it changes"): "Restated in the February overview",
        **new_row(NEED, 6, {**NEW_NEED, "Amount": None}),
    }
    raw = edited(bench.book(), edits)
    before = bench.digest()
    shown = bench.send(raw, dry_run=True)
    assert bench.digest() == before
    done = bench.send(raw)
    assert (told(done), len(done.changes), done.unchanged) == ([], 2, 6)
    assert (shown.changes, shown.written, done.written) == (done.changes, False, True)
    by_uid = {each.uid: each for each in bench.needs()}
    amended = by_uid[uids[0]]
    assert (amended.number, amended.money.amount) == (2, Decimal("2000.50"))
    assert (amended.reason, amended.change) == ("Restated in the February overview", Change.AMENDED)
    new = by_uid[next(iter(by_uid.keys() - set(uids)))]
    assert (new.money.amount, new.known_on) == (None, bench.desk.clock.today())


def test_a_blank_amount_is_not_stated_and_nought_is_nought(bench: Bench) -> None:
    rows = {
        **new_row(NEED, 2, {**NEW_NEED, "Amount": None}),
        **new_row(NEED, 3, {**NEW_NEED, "Amount": 0}),
        **new_row(NEED, 4, {**NEW_NEED, "Amount": "not stated", "Title": "said so"}),
    }
    assert told(bench.send(edited(bench.book(), rows))) == []
    assert [each.money.amount for each in bench.needs()] == [None, Decimal("0.00"), None]


def test_a_stage_without_an_amount_is_no_stage_unless_it_says_so(bench: Bench) -> None:
    rows = {
        **new_row(MONEY, 2, {**NEW_MONEY, "Paid": None, "Pledged": "not stated", "Committed": 5}),
        **new_row(MONEY, 3, {**NEW_MONEY, "Paid": None, "Paid on": date(2026, 2, 1)}),
    }
    assert told(bench.send(edited(bench.book(), rows))) == []
    told_of = [[(f.stage, f.money.amount) for f in each.figures] for each in bench.money()]
    assert told_of == [
        [(Stage.PLEDGED, None), (Stage.COMMITTED, Decimal("5.00"))],
        [(Stage.PAID, None)],
    ]


def test_only_a_later_last_day_is_an_extension_at_no_cost(bench: Bench) -> None:
    (uid,) = bench.desk.enter(bench.desk.given("500"))
    edits: Edits = {
        (MONEY, 2, "Last day"): date(2026, 12, 31),
        (MONEY, 2, "Why it changes"): "Extended at no cost",
    }
    done = bench.send(edited(bench.book(), edits))
    assert [change.is_extension for change in done.changes] == [True]
    (line,) = bench.money()
    assert (line.uid, line.change, line.ends_on) == (uid, Change.EXTENDED, date(2026, 12, 31))


def test_a_rate_that_was_stated_stays_with_an_amount_that_stays(bench: Bench) -> None:
    desk = bench.desk
    desk.rate("XOF", "612.5", date(2026, 2, 1))
    (uid,) = desk.enter(desk.need("650000.37", currency="XOF"))
    (before,) = bench.needs()
    desk.rate("XOF", "500", desk.clock.today(), source="UN, later")
    edits: Edits = {(NEED, 2, "Title"): "A title", (NEED, 2, "Why it changes"): "Named"}
    assert told(bench.send(edited(bench.book(), edits))) == []
    (after,) = bench.needs()
    assert (after.uid, after.title, after.money) == (uid, "A title", before.money)


WRONG_NEEDS: Sequence[tuple[Cells, str]] = (
    ({"Amount": "1,234"}, "amount"),
    ({"Amount": "USD 5"}, "amount"),
    ({"Amount": -5}, "amount"),
    ({"Amount": "#REF!"}, "amount"),
    ({"Amount": True}, "amount"),
    ({"Amount": 1.23456}, "amount"),
    ({"Currency": "XOF"}, "amount"),
    ({"Currency": "XXZ"}, "currency"),
    ({"Currency": None}, "currency"),
    ({"Function": "NO-CODE"}, "function"),
    ({"Function": None}, "function"),
    ({"Area": "nowhere"}, "area"),
    ({"Receiver": "nobody"}, "receiver"),
    ({"First day": None}, "starts_on"),
    ({"Last day": "some day"}, "ends_on"),
    ({"Last day": date(2025, 1, 1)}, "ends_on"),
    ({"Source": None}, "source"),
    ({"Known on": date(2099, 1, 1)}, "known_on"),
    ({"State number": 1}, "uid"),
    ({"Id": "no-uuid"}, "uid"),
    ({"Id": "7d7d3a3e-1111-4111-8111-111111111111", "State number": 1}, "uid"),
    ({"Rests on": "hearsay"}, "basis"),
    ({"Title": "Call +22370123456"}, "title"),
)
WRONG_MONEY: Sequence[tuple[Cells, str]] = (
    ({"Kind of money": None}, "pot"),
    ({"Kind of money": "borrowed"}, "pot"),
    ({"Paid": None}, "committed"),
    ({"Donor": "nobody"}, "donor"),
    ({"Part of": "x"}, "part_of"),
    ({"Paid on": date(2099, 1, 1)}, "paid_on"),
    ({"Kind of money": "Assessed", "Pledged": 5}, "pledged"),
)


@pytest.mark.parametrize(
    ("sheet", "base", "wrong"), [(NEED, NEW_NEED, WRONG_NEEDS), (MONEY, NEW_MONEY, WRONG_MONEY)]
)
def test_what_is_wrong_is_told_by_its_cell_and_nothing_is_done(
    bench: Bench, sheet: str, base: Cells, wrong: Sequence[tuple[Cells, str]]
) -> None:
    rows: dict[tuple[str, int, str], object] = dict(new_row(sheet, 2, base))
    for number, (cells, _column) in enumerate(wrong, start=3):
        rows |= new_row(sheet, number, {**base, **cells})
    before = bench.digest()
    done = bench.send(edited(bench.book(), rows))
    found: dict[int, set[str]] = {row: set() for row, _path, _what in told(done)}
    for row, path, _what in told(done):
        found[row].add(path)
    missing = [
        (cells, column)
        for number, (cells, column) in enumerate(wrong, start=3)
        if column not in found.get(number, set())
    ]
    assert (missing, 2 in found) == ([], False)
    assert all(problem.remedy for each in done.refused for problem in each.problems)
    assert (done.written, bench.digest()) == (False, before)


def test_a_change_needs_its_reason_and_grey_cells_stay(bench: Bench) -> None:
    bench.desk.enter(bench.desk.need("10"), bench.desk.need("20"))
    edits: Edits = {
        (NEED, 2, "Amount"): 11,
        (NEED, 3, "Known on"): date(2026, 1, 1),
        (NEED, 3, "Why it changes"): "Because",
    }
    done = bench.send(edited(bench.book(), edits))
    assert [(row, path) for row, path, _what in told(done)] == [(2, "reason"), (3, "known_on")]


def test_what_somebody_changed_meanwhile_is_left_alone_and_both_states_are_told(
    bench: Bench,
) -> None:
    desk = bench.desk
    uid, untouched = desk.enter(desk.need("10"), desk.need("20", function="MRM-VER"))
    raw = edited(
        bench.book(), {(NEED, 2, "Amount"): 11, (NEED, 2, "Why it changes"): "More is needed"}
    )
    for line, function in ((uid, "REFER"), (untouched, "MRM-VER")):
        says = desk.need("12", function=function)
        order = AmendRequirement(desk.plan.slug, line, 1, says, "Restated")
        amend_requirement(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)
    done = bench.send(raw)
    (clash,) = done.conflicts
    assert clash.cells == {Key.AMOUNT: (Decimal(11), Decimal("12.00"))}
    assert (clash.seen, clash.now, done.unchanged, done.written) == (1, 2, 1, False)


def test_a_line_withdrawn_meanwhile_is_not_brought_back(bench: Bench) -> None:
    desk = bench.desk
    (uid,) = desk.enter(desk.need("10"))
    plain = bench.book()
    raw = edited(plain, {(NEED, 2, "Amount"): 11, (NEED, 2, "Why it changes"): "More"})
    order = WithdrawLine(desk.plan.slug, uid, 1, desk.clock.today(), "Not needed")
    withdraw_line(desk.sessions, order, actor=desk.plan.planner, clock=desk.clock)
    assert [clash.is_withdrawn for clash in bench.send(raw).conflicts] == [True]
    assert (bench.send(plain).conflicts, bench.needs()) == ((), [])


def test_sent_twice_a_new_line_is_one_line(bench: Bench) -> None:
    raw = edited(bench.book(), {**new_row(NEED, 2, NEW_NEED), **new_row(NEED, 3, NEW_NEED)})
    assert len(bench.send(raw).changes) == 2
    again = bench.send(raw)
    assert (again.changes, again.unchanged, len(bench.needs())) == ((), 2, 2)


def test_a_file_that_was_given_back_can_be_worked_on(bench: Bench) -> None:
    raw = edited(bench.book(), new_row(NEED, 2, NEW_NEED))
    file = read_money_file(raw, WORDS, LIMITS, is_csv=False)
    done = bench.send(raw)
    reader = LANGUAGES_READ.translator("en")
    back = give_back(raw, file, done, reader=reader, limits=LIMITS)
    more = edited(back, {(NEED, 2, "Amount"): 5, (NEED, 2, "Why it changes"): "Less"})
    assert [change.uid for change in bench.send(more).changes] == [done.made[0].line.uid]
    (line,) = bench.needs()
    assert (line.number, line.money.amount) == (2, Decimal("5.00"))
    sheet = openpyxl.load_workbook(io.BytesIO(back))[NEED]
    assert "put on record" in [cell.value for cell in sheet[2]]


def test_a_receiver_changes_its_own_lines_only(bench: Bench) -> None:
    desk = bench.desk
    need, team = desk.need, desk.team
    desk.enter(need("10", receiver="unicef"), need("20"), need("9", receiver="other"))
    raw = bench.book(actor=team)
    assert bench.send(raw, actor=team).unchanged == 2
    why = "Restated"
    shared: Edits = {(NEED, 3, "Amount"): 21, (NEED, 3, "Why it changes"): why}
    done = bench.send(edited(raw, shared), actor=team)
    assert ([row for row, _path, _what in told(done)], done.written) == ([3], False)
    own: Edits = {(NEED, 2, "Amount"): 11, (NEED, 2, "Why it changes"): why}
    assert bench.send(edited(raw, own), actor=team).written


def test_who_sees_no_lines_takes_none_out(bench: Bench) -> None:
    with pytest.raises(Forbidden):
        bench.book(actor=actor_with(Role.DONOR))


def test_rows_travel_through_a_page_as_they_were_read(bench: Bench) -> None:
    stock(bench.desk)
    edits: Edits = {
        (NEED, 2, "Amount"): 1.5,
        (NEED, 2, "Last day"): datetime(2027, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        (NEED, 2, "Why it changes"): "Longer",
        **new_row(NEED, 6, NEW_NEED),
    }
    file = read_money_file(edited(bench.book(), edits), WORDS, LIMITS, is_csv=False)
    shown = bench.send(edited(bench.book(), edits), dry_run=True)
    carried = unpack(pack(shown))
    wanted = [
        told_by(row, WORDS) for row in file.rows if row.number in {2, 6} and row.sheet == NEED
    ]
    assert [told_by(row, WORDS) for row in carried] == wanted


@pytest.mark.parametrize("text", ["", "x", "eNo", "AAAA" * 200_000])
def test_what_a_page_never_carried_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        unpack(text)


def test_a_file_without_money_is_refused() -> None:
    raw = write_csv([Column("Id"), Column("Stamp")], [["1", "2"]])
    with pytest.raises(Invalid):
        read_money_file(raw, WORDS, LIMITS, is_csv=True)
