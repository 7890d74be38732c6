"""Workbooks and CSV files give the values that people see, at the places where they see them."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.workbooks.packages import book, parts, sheet, zipped
from unbroken.kit.errors import Invalid, TooLarge
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.reading import SheetGrid, read_csv, read_workbook

LIMITS = PackageLimits()
DAY = date(2026, 3, 4)


def _written(fill: Callable[[xlsxwriter.Workbook, Worksheet], None], **options: bool) -> SheetGrid:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(made, made.add_worksheet("Items"))
    made.close()
    return read_workbook(out.getvalue(), LIMITS).sheets[0]


def _dates(made: xlsxwriter.Workbook, at: Worksheet) -> None:
    for column, (form, value) in enumerate(
        [
            ("yyyy-mm-dd", DAY),
            ("yyyy-mm-dd hh:mm", datetime.combine(DAY, time(5, 6))),
            ("hh:mm", time(5, 6)),
            ("[hh]:mm", timedelta(hours=30)),
        ]
    ):
        at.write_datetime(0, column, value, made.add_format({"num_format": form}))


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_are_the_same_in_both_date_systems(from_1904: bool) -> None:  # noqa: FBT001
    grid = _written(_dates, date_1904=from_1904)

    assert grid.rows == [[DAY, datetime.combine(DAY, time(5, 6)), time(5, 6), timedelta(hours=30)]]


def test_a_formula_gives_its_value() -> None:
    grid = _written(lambda _made, at: at.write_formula(0, 0, "=1+1", None, 2))

    assert grid.rows == [[2]]


def test_a_failed_formula_gives_its_error() -> None:
    def fill(_made: xlsxwriter.Workbook, at: Worksheet) -> None:
        at.write_string(0, 0, "a")
        at.write_formula(1, 1, "=A1/0", None, "#DIV/0!")

    assert _written(fill).rows == [["a", None], [None, "#DIV/0!"]]


def test_an_error_is_found_under_a_prefix_too() -> None:
    rows = '<x:row r="1"><x:c r="B1" t="e"><x:v>#REF!</x:v></x:c></x:row>'
    text = sheet(rows).decode().replace("xmlns=", "xmlns:x=")
    for name in ("worksheet", "sheetData"):
        text = text.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")

    grid = read_workbook(zipped(parts(text.encode())), LIMITS).sheets[0]

    assert (grid.rows, grid.first_column) == ([["#REF!"]], 1)


def test_an_error_is_found_where_the_order_is_unusual() -> None:
    grid = read_workbook(book('<row r="3"><c t="e" r="C3"><v>#N/A</v></c></row>'), LIMITS).sheets[0]

    assert (grid.rows, grid.first_row, grid.first_column) == ([["#N/A"]], 2, 2)


def test_whole_numbers_are_whole() -> None:
    grid = _written(lambda _made, at: at.write_row(0, 0, [2, 2.5, -7, True]))

    assert [(2, int), (2.5, float), (-7, int), (True, bool)] == [
        (cell, type(cell)) for cell in grid.rows[0]
    ]


def test_rows_keep_the_numbers_that_people_see() -> None:
    def fill(_made: xlsxwriter.Workbook, at: Worksheet) -> None:
        at.write_string(4, 3, "heading")
        at.write_string(7, 5, "value")

    grid = _written(fill)

    assert ((4, 3), [5, 6, 7, 8]) == (
        (grid.first_row, grid.first_column),
        [grid.row_of(index) for index in range(len(grid.rows))],
    )


def test_merged_cells_are_named_by_their_place() -> None:
    grid = _written(lambda _made, at: at.merge_range(5, 1, 6, 3, "both"))

    assert grid.merged == ((5, 1, 6, 3),)


def test_hidden_sheets_are_read_and_told_apart() -> None:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    made.add_worksheet("Seen")
    made.add_worksheet("Hidden").hide()
    made.add_worksheet("Well hidden").very_hidden()
    made.close()

    sheets = read_workbook(out.getvalue(), LIMITS).sheets

    assert [(each.name, each.is_visible) for each in sheets] == [
        ("Seen", True),
        ("Hidden", False),
        ("Well hidden", False),
    ]


def test_charts_are_left_out() -> None:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    made.add_worksheet("Items")
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": "=Items!$A$1:$A$2"})
    made.add_chartsheet("Chart").set_chart(chart)
    made.close()

    assert [each.name for each in read_workbook(out.getvalue(), LIMITS).sheets] == ["Items"]


def test_an_empty_sheet_has_no_rows() -> None:
    assert read_workbook(book(""), LIMITS).sheets[0].rows == []


TEXT = "item,due\r\nHand over,2026-03-04\r\n"
TABLE = [["item", "due"], ["Hand over", "2026-03-04"]]


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("utf-16"),
        b"sep=;\r\n" + TEXT.replace(",", ";").encode(),
        TEXT.replace("\r\n", "\n").encode(),
    ],
)
def test_csv_is_read_in_every_usual_shape(raw: bytes) -> None:
    assert read_csv(raw, LIMITS).sheets[0].rows == TABLE


def test_an_old_coding_is_read_and_announced() -> None:
    read = read_csv("région;état\nGao;fermé\n".encode("cp1252"), LIMITS)

    assert ([["région", "état"], ["Gao", "fermé"]], 1) == (read.sheets[0].rows, len(read.notes))


def test_lines_inside_quotation_marks_stay_one_field() -> None:
    read = read_csv(b'item,note\n1,"two\nlines, one comma"\n', LIMITS)

    assert read.sheets[0].rows == [["item", "note"], ["1", "two\nlines, one comma"]]


def test_a_separator_inside_quotation_marks_does_not_count() -> None:
    read = read_csv(b'item;note\n"a, b, c";"d, e, f"\n"g, h";i\n', LIMITS)

    assert read.sheets[0].rows[1] == ["a, b, c", "d, e, f"]


def test_short_rows_are_filled_and_blank_lines_kept() -> None:
    assert read_csv(b"a,b\n\n1\n", LIMITS).sheets[0].rows == [["a", "b"], [None, None], ["1", None]]


def test_a_guarding_apostrophe_is_taken_off() -> None:
    assert read_csv(b"'=1+1,'plain,-5\n", LIMITS).sheets[0].rows == [["=1+1", "'plain", "-5"]]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"PK\x03\x04", "This is not a CSV file, whatever its name ends in."),
        (b"a\0b", "This file is not text, or in a coding that is not known."),
        (b"\xff\xfea", "This file is not text, or in a coding that is not known."),
        (b"\x81\x8d", "This file is not text, or in a coding that is not known."),
        (
            b'a,b\n"open,1\n',
            "Line 2 cannot be read: a quotation mark is missing or in the wrong place.",
        ),
    ],
)
def test_what_is_no_table_is_refused(raw: bytes, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_csv(raw, LIMITS)

    assert refused.value.render() == told


def test_a_csv_file_with_too_many_cells_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_csv(b"a,b,c\n" * 500, PackageLimits(cells=1000))
