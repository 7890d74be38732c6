"""Exports are typed, lead people by the hand, and hold no trap; the same input, the same bytes."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks.packages import MEGA
from unbroken.kit.errors import TooLarge
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.reading import read_csv, read_workbook
from unbroken.workbooks.writing import (
    Column,
    Kind,
    SheetOut,
    Value,
    sheet_name,
    write_book,
    write_csv,
)

MADE_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 4)
ITEM = Column("Item", is_locked=True, width=40)
DUE = Column("Due", kind=Kind.DATE, help="The last day.")
STATE = Column("State", kind=Kind.CHOICE, choices=("open", "done"))
COUNT = Column("Count", kind=Kind.NUMBER)
ID = Column("Id", is_hidden=True, is_locked=True)
COLUMNS = (ITEM, DUE, STATE, COUNT, ID)
ROW = ("Hand over", DAY, "open", -5, "itm-1")
RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "http://example.org", "007", "1/2", "{=1}"]


def _raw(
    columns: tuple[Column, ...] = COLUMNS,
    rows: tuple[tuple[Value, ...], ...] = (ROW,),
    *,
    right_to_left: bool = False,
    overdue: str = "",
    spare: int = 0,
    is_protected: bool = False,
) -> bytes:
    sheet = SheetOut(
        "Items", columns, rows, overdue=overdue, spare=spare, is_protected=is_protected, frozen=1
    )
    return write_book([sheet], right_to_left=right_to_left, made_at=MADE_AT)


def _opened(raw: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(raw))["Items"]


def test_values_have_the_types_of_what_they_are() -> None:
    cells = _opened(_raw())[2]

    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("Hand over", "s"),
        (datetime.combine(DAY, datetime.min.time()), "d"),
        ("open", "s"),
        (-5, "n"),
        ("itm-1", "s"),
    ]


@pytest.mark.parametrize("text", RISKY, ids=ascii)
def test_a_text_that_looks_like_something_else_stays_a_text(text: str) -> None:
    cell = _opened(_raw((ITEM,), ((text,),)))["A2"]

    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_dates_are_shown_alike_in_every_country() -> None:
    assert _opened(_raw())["B2"].number_format == "yyyy-mm-dd"


def test_the_heading_stays_in_sight_and_filters() -> None:
    sheet = _opened(_raw())

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:E2")


def test_columns_are_as_wide_as_said_and_hidden_where_said() -> None:
    sheet = _opened(_raw())

    assert (40, True) == (
        int(sheet.column_dimensions["A"].width),
        sheet.column_dimensions["E"].hidden,
    )


def test_choices_are_a_drop_down_that_reaches_into_the_spare_rows() -> None:
    lists = [
        (each.formula1, str(each.sqref))
        for each in _opened(_raw(spare=3)).data_validations.dataValidation
        if each.type == "list"
    ]

    assert lists == [('"open,done"', "C2:C5")]


def test_long_choices_stand_on_a_sheet_that_nobody_sees() -> None:
    choices = tuple(f"Organisation number {number}, abroad" for number in range(40))
    raw = _raw((Column("To", choices=choices), Column("From", choices=choices)), (("a", "b"),))
    read = openpyxl.load_workbook(io.BytesIO(raw))

    assert (["='_lists'!$A$1:$A$40"[1:]] * 2, "veryHidden", choices[39]) == (
        [each.formula1 for each in read["Items"].data_validations.dataValidation],
        read["_lists"].sheet_state,
        read["_lists"]["A40"].value,
    )


def test_help_shows_where_people_type() -> None:
    told = [
        (each.promptTitle, each.prompt)
        for each in _opened(_raw()).data_validations.dataValidation
        if each.prompt
    ]

    assert told == [("Due", "The last day.")]


def test_overdue_rows_are_coloured_by_the_sheet_itself() -> None:
    rules = _opened(_raw(overdue="=$B2<TODAY()", spare=2)).conditional_formatting

    assert [(str(each.sqref), each.rules[0].formula) for each in rules] == [
        ("A2:E4", ["$B2<TODAY()"])
    ]


def test_only_locked_columns_are_locked_and_spare_rows_are_free() -> None:
    sheet = _opened(_raw(spare=1, is_protected=True))

    assert (True, False, False, True, False) == (
        sheet["A2"].protection.locked,
        sheet["B2"].protection.locked,
        sheet["A3"].protection.locked,
        sheet["A4"].protection.locked if sheet["A4"].has_style else True,
        sheet["E3"].protection.locked,
    )


def test_protection_has_no_password_and_lets_people_work() -> None:
    rights = _opened(_raw(is_protected=True)).protection

    assert (rights.sheet, rights.password) == (True, None)
    assert [
        rights.autoFilter,
        rights.sort,
        rights.formatColumns,
        rights.insertRows,
        rights.deleteRows,
    ] == [False] * 5


@pytest.mark.parametrize("right_to_left", [True, False])
def test_the_sheet_runs_as_its_language_does(right_to_left: bool) -> None:  # noqa: FBT001
    view = _opened(_raw(right_to_left=right_to_left)).sheet_view

    assert bool(view.rightToLeft) is right_to_left


def test_the_same_input_gives_the_same_bytes() -> None:
    assert _raw() == _raw()


def test_a_workbook_names_nobody() -> None:
    about = openpyxl.load_workbook(io.BytesIO(_raw())).properties

    assert (about.creator, about.lastModifiedBy, about.created) == (
        None,
        None,
        MADE_AT.replace(tzinfo=None),
    )


def test_an_instant_is_written_in_utc() -> None:
    cell = _opened(_raw((Column("At", kind=Kind.DATE),), ((MADE_AT,),)))["A2"]

    assert (cell.value, cell.number_format) == (MADE_AT.replace(tzinfo=None), "yyyy-mm-dd hh:mm")


@pytest.mark.parametrize("value", [2**60 + 1, Decimal("0.1234567890123456789")], ids=str)
def test_a_number_that_would_lose_digits_is_a_text(value: Value) -> None:
    assert _opened(_raw((COUNT,), ((value,),)))["A2"].value == str(value)


def test_a_text_too_long_for_a_cell_is_refused_not_cut() -> None:
    with pytest.raises(TooLarge) as refused:
        _raw((ITEM,), (("x" * 32_768,),))

    assert refused.value.render() == "A text is longer than a cell of a workbook can hold."


def test_a_sheet_without_rows_opens() -> None:
    assert [cell.value for cell in _opened(_raw(rows=()))[1]] == [
        column.header for column in COLUMNS
    ]


def test_an_export_of_everything_is_small_enough_to_come_back() -> None:
    rows = tuple(ROW for _ in range(5000))

    raw = _raw(COLUMNS * 4, tuple(row * 4 for row in rows), spare=200)

    assert (5001, True) == (
        len(read_workbook(raw, PackageLimits()).sheets[0].rows),
        len(raw) < 2 * MEGA,
    )


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Items", [], "Items"),
        ("Items", ["items"], "Items 2"),
        ("Items", ["Items", "Items 2"], "Items 3"),
        ("a/b:c*d?[e]", [], "a b c d e"),
        ("x" * 40, [], "x" * 31),
        ("x" * 40, ["x" * 31], "x" * 29 + " 2"),
        ("//", [], "1"),
        ("History", [], "History 2"),
    ],
)
def test_sheet_names_are_those_that_programs_allow(
    wanted: str, taken: list[str], name: str
) -> None:
    assert sheet_name(wanted, taken) == name


def test_csv_guards_texts_and_leaves_numbers() -> None:
    raw = write_csv((ITEM, COUNT), [("=1+1", -5), ("plain", Decimal("-0.5")), ("-x", 2)])

    assert raw.decode("utf-8-sig") == "Item,Count\r\n'=1+1,-5\r\nplain,-0.5\r\n'-x,2\r\n"


@pytest.mark.parametrize(
    "text", [*RISKY[:6], "\rx", "\nx", "＋1", "－1", "＠a", "'=1", "''=1", "'x"], ids=ascii
)
def test_csv_texts_come_back_as_they_were(text: str) -> None:
    raw = write_csv((ITEM,), [(text,)])

    assert read_csv(raw, PackageLimits()).sheets[0].rows[1] == [text]


@pytest.mark.parametrize("text", [*RISKY[:6], "\rx", "\nx", "＋1", "－1", "＠a"], ids=ascii)
def test_no_field_of_a_csv_file_begins_like_a_formula(text: str) -> None:
    field = write_csv((ITEM,), [(text,)]).decode("utf-8-sig").partition("\r\n")[2]

    assert field.lstrip('"').startswith("'")


def test_hidden_sheets_stay_out_of_sight_and_can_be_read() -> None:
    raw = write_book(
        [
            SheetOut("Items", COLUMNS, [ROW]),
            SheetOut("About", (Column("key"),), [("version",)], is_hidden=True),
        ],
        right_to_left=False,
        made_at=MADE_AT,
    )

    sheets = read_workbook(raw, PackageLimits()).sheets

    assert [(each.name, each.is_visible) for each in sheets] == [("Items", True), ("About", False)]


def test_styles_are_few_however_many_rows() -> None:
    with zipfile.ZipFile(io.BytesIO(_raw(rows=tuple(ROW for _ in range(300))))) as archive:
        styles = archive.read("xl/styles.xml")

    assert styles.count(b"<xf ") < 30
