"""A verdict stands beside each row of people's own file, and nothing else in it has changed."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter

from tests.workbooks.packages import SHEET, book, parts, sheet, zipped
from unbroken.kit.clock import FixedClock
from unbroken.kit.errors import Invalid
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.packing import check_package
from unbroken.workbooks.reading import read_csv, read_workbook
from unbroken.workbooks.verdicts import SheetVerdicts, write_csv_verdicts, write_verdicts
from unbroken.workbooks.writing import Column, SheetOut, write_book

LIMITS = PackageLimits()
HEAD = '<row r="1" spans="1:2"><c r="A1" t="s" s="4"><v>0</v></c><c r="B1"><v>1</v></c></row>'
ROW = '<row r="2" spans="1:2" ht="20"><c r="A2"><v>5</v></c><c r="B2"><v>6</v></c></row>'
STYLE = ' s="3"'
WANTED = SheetVerdicts(2, 1, "Verdict", {2: "changed"})


def _xml(raw: bytes, name: str = SHEET) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(name).decode()


def _after(rows: str, wanted: SheetVerdicts = WANTED) -> list[list[object]]:
    made = write_verdicts(book(rows), {"Items": wanted})
    return [list(row) for row in read_workbook(made, LIMITS).sheets[0].rows]


def _cell(place: str, text: str, style: str = "") -> str:
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def test_a_new_column_stands_at_the_end_of_its_rows() -> None:
    made = write_verdicts(book(HEAD + ROW), {"Items": WANTED})

    assert _xml(made).partition("<sheetData>")[2] == (
        '<row r="1"><c r="A1" t="s" s="4"><v>0</v></c><c r="B1"><v>1</v></c>'
        f'{_cell("C1", "Verdict")}</row><row r="2" ht="20"><c r="A2"><v>5</v></c>'
        f'<c r="B2"><v>6</v></c>{_cell("C2", "changed")}</row></sheetData></worksheet>'
    )


def test_the_heading_looks_like_the_one_beside_it() -> None:
    row = '<row r="1"><c r="A1" s="7" t="s"><v>0</v></c></row>'

    made = write_verdicts(book(row), {"Items": WANTED})

    assert _cell("C1", "Verdict", ' s="7"') in _xml(made)


def test_a_second_round_replaces_the_first_and_keeps_its_look() -> None:
    row = '<row r="2"><c r="A2"><v>5</v></c><c r="C2" s="3" t="s"><v>1</v></c></row>'

    made = write_verdicts(book(HEAD + row), {"Items": WANTED})

    assert (
        f'<c r="A2"><v>5</v></c>{_cell("C2", "changed", " s=" + chr(34) + "3" + chr(34))}</row>'
        in _xml(made)
    )


def test_two_rounds_give_what_the_second_alone_gives() -> None:
    first = write_verdicts(book(HEAD + ROW), {"Items": SheetVerdicts(2, 1, "V", {2: "no"})})

    twice = write_verdicts(first, {"Items": WANTED})

    assert _xml(twice) == _xml(write_verdicts(book(HEAD + ROW), {"Items": WANTED}))


def test_a_verdict_stands_between_cells_in_their_order() -> None:
    row = '<row r="2"><c r="A2"><v>5</v></c><c r="AA2"><v>6</v></c></row>'

    made = write_verdicts(book(HEAD + row), {"Items": WANTED})

    assert f'<v>5</v></c>{_cell("C2", "changed")}<c r="AA2">' in _xml(made)


def test_an_empty_cell_is_replaced() -> None:
    row = '<row r="2"><c r="C2" s="1"/><c r="D2"><v>6</v></c></row>'

    assert _after(row) == [["changed", 6]]


def test_an_empty_verdict_takes_the_old_one_away() -> None:
    rows = HEAD + f'<row r="2"><c r="A2"><v>5</v></c>{_cell("C2", "old")}</row>'

    assert _after(rows, SheetVerdicts(2, 1, "Verdict", {2: ""}))[1] == [5, None, None]


def test_rows_that_are_not_named_stay_as_they_are() -> None:
    rows = HEAD + ROW + '<row r="3" spans="1:2"><c r="A3"><v>9</v></c></row>'

    made = write_verdicts(book(rows), {"Items": WANTED})

    assert '<row r="3" spans="1:2"><c r="A3"><v>9</v></c></row>' in _xml(made)


def test_rows_without_cells_are_passed_over() -> None:
    rows = HEAD + '<row r="2" ht="9"/>' + ROW.replace("2", "3").replace("A3", "A3")

    made = write_verdicts(book(rows), {"Items": SheetVerdicts(2, 1, "V", {2: "a", 3: "b"})})

    assert ('<row r="2" ht="9"/>' in _xml(made), _cell("C3", "b") in _xml(made)) == (True, True)


UNUSUAL = {
    "comment": (HEAD + "<!-- </row> -->" + ROW, "<!-- </row> -->"),
    "instruction": (HEAD + "<?x </row>?>" + ROW, "<?x </row>?>"),
    "other order": (HEAD + ROW.replace('<c r="B2">', '<c s="0" r="B2">'), '<c s="0" r="B2">'),
    "no references": (
        HEAD + "<row><c><v>5</v></c><c><v>6</v></c></row>",
        "<row><c><v>5</v></c><c><v>6</v></c>",
    ),
    "row with its number last": (
        HEAD + ROW.replace('<row r="2"', '<row s="1" r="2"'),
        '<row s="1"',
    ),
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_unusual_sheets_take_verdicts_in_the_right_places(kind: str) -> None:
    assert _after(UNUSUAL[kind][0]) == [["one", 1, "Verdict"], [5, 6, "changed"]]


@pytest.mark.parametrize("kind", UNUSUAL)
def test_what_is_unusual_in_a_sheet_stays(kind: str) -> None:
    made = write_verdicts(book(UNUSUAL[kind][0]), {"Items": WANTED})

    assert UNUSUAL[kind][1] in _xml(made)


def test_text_that_hides_a_row_end_is_no_row_end() -> None:
    hidden = ROW.replace("<v>6</v>", "<v><![CDATA[</row>]]></v>")

    made = write_verdicts(book(HEAD + hidden), {"Items": WANTED})

    assert f"<v><![CDATA[</row>]]></v></c>{_cell('C2', 'changed')}</row>" in _xml(made)


def test_the_walk_writes_what_the_fast_way_writes() -> None:
    rows = HEAD.replace(' spans="1:2"', "") + ROW.replace(' spans="1:2"', "")
    comment = "<!-- x -->"

    fast = write_verdicts(book(rows), {"Items": WANTED})
    walked = write_verdicts(book(comment + rows), {"Items": WANTED})

    assert _xml(walked).replace(comment, "") == _xml(fast)


def test_a_prefix_is_kept() -> None:
    text = sheet(HEAD + ROW).decode().replace("xmlns=", "xmlns:x=")
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        text = text.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        text = text.replace(f"</{name}>", f"</x:{name}>")

    made = write_verdicts(zipped(parts(text.encode())), {"Items": WANTED})

    assert (
        '<x:c r="C2" t="inlineStr"><x:is><x:t xml:space="preserve">changed</x:t></x:is></x:c>'
        in _xml(made)
    )


def test_the_column_lies_inside_the_dimension_and_is_wide_enough_to_read() -> None:
    made = write_verdicts(
        zipped(parts(sheet(HEAD + ROW, before='<dimension ref="A1:B2"/>'))), {"Items": WANTED}
    )

    assert (
        '<dimension ref="A1:C2"/><cols><col min="3" max="3" width="60" customWidth="1"/></cols>'
    ) in _xml(made)


def test_widths_that_people_chose_stay() -> None:
    cols = '<cols><col min="1" max="9" width="5"/></cols>'

    made = write_verdicts(zipped(parts(sheet(HEAD, before=cols))), {"Items": WANTED})

    assert f"{cols}<sheetData>" in _xml(made)


def test_every_other_part_keeps_its_packed_bytes() -> None:
    raw = book(HEAD + ROW, **{"xl__media__image1.png": bytes(range(256)) * 40})

    made = write_verdicts(raw, {"Items": WANTED})

    assert _packed(made) == _packed(raw)


@pytest.mark.parametrize(
    "text",
    ["<b>&amp;</b>", "=1+1", "  two  spaces ", "two\nlines", "كُتب", "bell \x07", "_x0041_", "😀"],
    ids=ascii,
)
def test_any_verdict_is_read_as_it_was_given(text: str) -> None:
    assert _after(HEAD + ROW, SheetVerdicts(2, 1, "V", {2: text}))[1][2] == text


def test_a_verdict_too_long_for_a_cell_is_cut() -> None:
    read = _after(HEAD + ROW, SheetVerdicts(2, 1, "V", {2: "x" * 40_000}))

    assert read[1][2] == "x" * 32_766 + "…"


def test_what_comes_back_passes_the_check() -> None:
    made = write_verdicts(book(HEAD + ROW), {"Items": WANTED})

    check_package(made, LIMITS)
    assert zipfile.ZipFile(io.BytesIO(made)).testzip() is None


def test_a_sheet_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid):
        write_verdicts(book(HEAD), {"Other": WANTED})


def _by_xlsxwriter() -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    made.add_worksheet("Notes").write(0, 0, "kept")
    at = made.add_worksheet("Items & more")
    at.write_row(0, 0, ["item", "due"], made.add_format({"bold": True}))
    at.write_row(1, 0, ["Hand over", 5])
    at.write_formula(2, 1, "=B2*2", None, 10)
    at.autofilter(0, 0, 2, 1)
    at.freeze_panes(1, 0)
    made.close()
    return out.getvalue()


def _by_openpyxl() -> bytes:
    made = openpyxl.Workbook()
    made.create_sheet("Notes")
    at = made.create_sheet("Items & more")
    for row in (["item", "due"], ["Hand over", 5], [None, "=B2*2"]):
        at.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("make", [_by_xlsxwriter, _by_openpyxl])
def test_workbooks_of_other_programs_open_again_with_their_verdicts(
    make: Callable[[], bytes],
) -> None:
    wanted = SheetVerdicts(2, 1, "Verdict", {2: "changed", 3: "no change"})

    made = write_verdicts(make(), {"Items & more": wanted})

    read = openpyxl.load_workbook(io.BytesIO(made))["Items & more"]
    assert [[cell.value for cell in row] for row in read.iter_rows()] == [
        ["item", "due", "Verdict"],
        ["Hand over", 5, "changed"],
        [None, "=B2*2", "no change"],
    ]


def test_our_own_export_takes_verdicts(clock: FixedClock) -> None:
    exported = write_book(
        [SheetOut("Items", (Column("item"), Column("note")), [["a", "b"]], is_protected=True)],
        right_to_left=True,
        made_at=clock.now(),
    )

    made = write_verdicts(exported, {"Items": WANTED})

    assert read_workbook(made, LIMITS).sheets[0].rows[1] == ["a", "b", "changed"]


def test_two_sheets_are_answered_at_once() -> None:
    raw = _by_xlsxwriter()

    made = write_verdicts(
        raw, {"Notes": SheetVerdicts(1, 1, "V", {}), "Items & more": SheetVerdicts(2, 1, "W", {})}
    )

    assert [each.rows[0][-1] for each in read_workbook(made, LIMITS).sheets] == ["V", "W"]


def test_a_csv_file_gets_its_verdicts_under_its_own_separator() -> None:
    made = write_csv_verdicts(b"item;due\r\na;'=1\r\n", WANTED, LIMITS)

    assert made.decode("utf-8-sig") == "item;due;Verdict\r\na;'=1;changed\r\n"


def test_a_csv_verdict_that_looks_like_a_formula_is_guarded() -> None:
    made = write_csv_verdicts(b"a,b\n1,-2\n", SheetVerdicts(2, 1, "V", {2: "=1"}), LIMITS)

    assert (made.decode("utf-8-sig"), read_csv(made, LIMITS).sheets[0].rows[1]) == (
        "a,b,V\r\n1,-2,'=1\r\n",
        ["1", "-2", "=1"],
    )


def _packed(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {
            info.filename: raw[info.header_offset :][: 30 + len(info.filename) + info.compress_size]
            for info in archive.infolist()
            if info.filename != SHEET
        }
