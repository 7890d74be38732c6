"""Whatever people and programs do to the look of the file, each row is known again."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest

from tests.factories.checklist_files import LANGUAGES, WORDS, Book, Desk, Value, make_desk
from tests.workbooks.plan_files import Rows, workbook
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid
from unbroken.transfers.rules.items import ItemField
from unbroken.workbooks.item_columns import CLASSES, HEADINGS, STATES
from unbroken.workbooks.item_files import read_item_file
from unbroken.workbooks.limits import PackageLimits

DAY = date(2026, 2, 10)
SERIAL = 46063
Cells = list[list[Value]]


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    return make_desk(sessions, clock)


def typed(desk: Desk, day: Value = DAY, state: str = "Done") -> Book:
    """Return the planner's file in which one item of the third tier is done."""
    book = desk.book()
    book.put(desk.tier_3[0], "State", state)
    book.put(desk.tier_3[0], "Done on", day)
    return book


def _mirrored(rows: Cells) -> Cells:
    return [row[::-1] for row in rows]


def _with_a_title(rows: Cells) -> Cells:
    return [["Checklist of the section"], [], *rows]


def _with_own_columns(rows: Cells) -> Cells:
    return [[*row[:4], "Mine" if n == 0 else n, *row[4:], None, "?"] for n, row in enumerate(rows)]


def _with_blank_rows(rows: Cells) -> Cells:
    blanks: tuple[list[Value], list[Value]] = [None], [" ", "\u00a0"]
    return [rows[0], *(each for row in rows[1:] for each in (blanks[0], row, blanks[1]))]


def _with_spaces(rows: Cells) -> Cells:
    return [[f" {cell}\u00a0 " if isinstance(cell, str) else cell for cell in row] for row in rows]


def _with_days_as_text(rows: Cells) -> Cells:
    return [[f"{c:%d %B %Y}" if isinstance(c, date) else c for c in row] for row in rows]


def _with_headings_in_capitals(rows: Cells) -> Cells:
    return [[str(cell).upper() for cell in rows[0]], *rows[1:]]


def _moved_away(rows: Cells) -> Cells:
    return [[], [], [], *([None, None, *row] for row in rows)]


def _sorted(rows: Cells) -> Cells:
    return [rows[0], *sorted(rows[1:], key=str, reverse=True)]


def _without_grey_columns(rows: Cells) -> Cells:
    kept = [n for n, title in enumerate(rows[0]) if title in {"Id", "Stamp", "State", "Done on"}]
    return [[row[n] for n in kept] for row in rows]


def _with_a_remark_below(rows: Cells) -> Cells:
    return [*rows, [], [*[None] * len(rows[0]), "Seen by the head of section"]]


@pytest.mark.parametrize(
    "change",
    [
        _mirrored,
        _with_a_title,
        _with_own_columns,
        _with_blank_rows,
        _with_spaces,
        _with_days_as_text,
        _with_headings_in_capitals,
        _moved_away,
        _sorted,
        _without_grey_columns,
        _with_a_remark_below,
    ],
)
def test_a_file_in_another_order_or_look_is_read_as_it_is_meant(
    desk: Desk, change: Callable[[Cells], Rows]
) -> None:
    rows = [row for row in typed(desk).cells if any(row)]

    assert (1, 5, 0, 0) == desk.send(workbook({"My items": change(rows)})).counts
    assert DAY == desk.fact(desk.tier_3[0], ItemField.DONE_ON)


@pytest.mark.parametrize(
    "day", ["2026-02-10", "10/02/2026", " 10 février 2026 ", "10.2.26", SERIAL, float(SERIAL)]
)
def test_days_are_read_however_they_are_typed(desk: Desk, day: Value) -> None:
    desk.send(typed(desk, day=day).raw())

    assert DAY == desk.fact(desk.tier_3[0], ItemField.DONE_ON)


@pytest.mark.parametrize("state", ["done", "DONE", " Done ", "dOnE"])
def test_states_are_read_in_any_capitals(desk: Desk, state: str) -> None:
    assert (1, 5, 0, 0) == desk.send(typed(desk, state=state).raw()).counts


@pytest.mark.parametrize("language", sorted(LANGUAGES.translators))
def test_a_file_in_another_language_is_read_by_anybody(desk: Desk, language: str) -> None:
    reader = LANGUAGES.translator(language)
    book = Book(desk.export(language=language), language=language)
    book.put(desk.tier_3[0], "State", reader.gettext("Done"))
    book.put(desk.tier_3[0], "Done on", DAY)
    book.put(desk.tier_3[1], "State", reader.gettext("Not applicable"))
    book.put(desk.tier_3[1], "Reason", "No such task.")

    assert (2, 4, 0, 0) == desk.send(book.raw()).counts


@pytest.mark.parametrize("language", sorted(LANGUAGES.translators))
def test_no_word_of_a_language_means_two_things(language: str) -> None:
    reader = LANGUAGES.translator(language)
    titles = [reader.gettext(each.title) for each in HEADINGS.values()]
    words = [reader.gettext(each) for each in (*STATES.values(), *CLASSES.values())]

    assert ([], []) == (
        [each for each in titles if titles.count(each) > 1],
        [each for each in words if words.count(each) > 1],
    )


def test_hidden_rows_and_filtered_ones_count_like_others(desk: Desk) -> None:
    book = typed(desk)
    book.sheet.auto_filter.ref = "A1:W7"
    book.sheet.auto_filter.add_filter_column(10, ["To do"])
    book.sheet.row_dimensions[book.row(desk.tier_3[0])].hidden = True

    assert (1, 5, 0, 0) == desk.send(book.raw()).counts


def test_items_may_stand_on_several_sheets_of_any_name(desk: Desk) -> None:
    head, *rows = [row for row in typed(desk).cells if any(row)]
    sent = desk.send(workbook({"Mine": [head, *rows[:2]], "Yours": [head, *rows[2:]]}))

    assert (1, 5, 0, 0) == sent.counts


def test_a_failed_formula_in_a_grey_cell_is_refused_beside_its_row(desk: Desk) -> None:
    book = typed(desk)
    book.put(desk.tier_3[0], "What is to be done", "#REF!")

    assert (0, 5, 1, 0) == desk.send(book.raw()).counts


@pytest.mark.parametrize(
    "rows",
    [
        [["Area", "Closing date"], ["Gao", "May 2026"]],
        [["Id", "Stamp"], ["1", "2"]],
        [],
    ],
)
def test_a_workbook_without_items_is_refused_with_what_to_do(rows: Rows) -> None:
    with pytest.raises(Invalid) as refusal:
        read_item_file(workbook({"Plan": rows}), WORDS, PackageLimits(), is_csv=False)

    assert [
        (
            "Plan",
            "has no sheet of items: the headings Id, Stamp and State are missing",
            "Export the plan's checklist, work in that file, and send it back.",
        )
    ] == [(each.path, each.what, each.remedy) for each in refusal.value.problems]


def test_a_workbook_for_arabic_readers_runs_from_right_to_left(desk: Desk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(desk.export(language="ar")))
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]

    assert [True] * len(shown) == [sheet.sheet_view.rightToLeft for sheet in shown]
