"""What is written is what is read, whatever it is."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbooks.packages import many_rows, parts, sheet, zipped
from unbroken.kit.errors import Refused
from unbroken.workbooks.cells import day_of, number_of
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.reading import read_csv, read_workbook
from unbroken.workbooks.verdicts import SheetVerdicts, write_verdicts
from unbroken.workbooks.writing import Column, Kind, SheetOut, write_book, write_csv

LIMITS = PackageLimits()
COLUMNS = (Column("text"), Column("day", kind=Kind.DATE), Column("number", kind=Kind.NUMBER))
ARABIC = st.text(st.characters(min_codepoint=0x600, max_codepoint=0x6FF))
FORMULAS = st.builds(str.__add__, st.sampled_from("=+-@\t\r\n＝＋－＠'"), st.text())
TEXTS = (st.text() | ARABIC | FORMULAS).filter(lambda text: "\0" not in text)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
NUMBERS = st.integers(-(2**70), 2**70) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3
)
ROWS = st.lists(st.tuples(TEXTS, DAYS, NUMBERS), min_size=1, max_size=5)

SHEET_XML = sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + many_rows(2)).decode()
SOUND = zipped(parts(SHEET_XML.encode()))
SPLINTERS = st.sampled_from(
    ["<c/>", "<row>", "</row>", "<!--", "<![CDATA[", "&#0;", "<si/>", ' r="ZZZ9"', ' t="s"', "-1"]
)


def _written(rows: list[tuple[str, date, int | Decimal]]) -> bytes:
    sheet = SheetOut("Items", COLUMNS, rows)
    return write_book([sheet], right_to_left=True, made_at=datetime(2026, 3, 2, tzinfo=UTC))


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_a_workbook_gives_back_what_was_written(
    rows: list[tuple[str, date, int | Decimal]],
) -> None:
    grid = read_workbook(_written(rows), LIMITS).sheets[0]

    assert [
        (cells[0] or "", day_of(cells[1]), number_of(cells[2])) for cells in grid.rows[1:]
    ] == rows


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_a_csv_file_gives_back_what_was_written(
    rows: list[tuple[str, date, int | Decimal]],
) -> None:
    grid = read_csv(write_csv(COLUMNS, rows), LIMITS).sheets[0]

    assert [(cells[0] or "", day_of(cells[1])) for cells in grid.rows[1:]] == [
        (text, day) for text, day, _number in rows
    ]


@given(st.integers(0, len(SOUND) - 1), st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_a_changed_byte_gives_a_refusal_or_a_reading_and_no_traceback(at: int, byte: int) -> None:
    raw = SOUND[:at] + bytes([byte]) + SOUND[at + 1 :]

    with suppress(Refused):
        assert len(read_workbook(raw, LIMITS).sheets) == 1


@given(st.integers(0, len(SHEET_XML) - 1), SPLINTERS)
@settings(max_examples=200, deadline=None)
def test_splinters_in_a_sheet_give_a_refusal_or_a_reading(at: int, splinter: str) -> None:
    raw = zipped(parts((SHEET_XML[:at] + splinter + SHEET_XML[at:]).encode()))

    with suppress(Refused):
        assert len(read_workbook(raw, LIMITS).sheets) == 1


@given(ROWS, TEXTS.filter(bool))
@settings(max_examples=40, deadline=None)
def test_a_verdict_changes_nothing_else(
    rows: list[tuple[str, date, int | Decimal]], verdict: str
) -> None:
    raw = _written(rows)
    before = read_workbook(raw, LIMITS).sheets[0]

    made = write_verdicts(raw, {"Items": SheetVerdicts(3, 1, "Verdict", {2: verdict})})

    after = read_workbook(made, LIMITS).sheets[0]
    assert ([row[:3] for row in after.rows], after.rows[1][3]) == (before.rows, verdict)
