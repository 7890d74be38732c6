"""Tables are found in sheets as planners keep them, and each heading gets a field of ours."""

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest

from tests.workbooks.plan_files import UGLY, UGLY_MERGED, Rows, ugly, workbook
from unbroken.kit.errors import Invalid, TooLarge
from unbroken.workbooks import plan_mapping as mapping
from unbroken.workbooks import plan_tables
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.plan_fields import TableKind
from unbroken.workbooks.plan_mapping import Memory, propose
from unbroken.workbooks.plan_sheets import FoundTables, find_tables, with_mapping
from unbroken.workbooks.plan_tables import Table
from unbroken.workbooks.reading import Cell, SheetGrid, read_workbook


def found(raw: bytes, memory: Memory | None = None, sheet: str = "") -> FoundTables:
    return find_tables(read_workbook(raw, PackageLimits()), memory or {}, sheet=sheet)


def table(rows: Rows, memory: Memory | None = None) -> Table:
    return found(workbook({"Sheet": rows}), memory).choices[0].table


def test_headings_are_found_in_row_seven_below_titles() -> None:
    assert 7 == found(ugly()).choices[0].table.head_at


def test_merged_cells_hold_their_value_in_every_cell_they_cover() -> None:
    rows = found(ugly()).choices[0].table.rows

    assert ["Gao", "Gao", "Gao"] == [row.cells[0] for row in rows[:3]]


def test_subtotals_totals_notes_and_repeated_headings_are_passed_over_by_name() -> None:
    passed = found(ugly()).choices[0].table.passed

    assert (
        (12, "a total"),
        (13, "the headings again"),
        (17, "a total"),
        (18, "a note"),
    ) == passed


def test_blank_rows_are_no_rows() -> None:
    assert [8, 9, 10, 14, 15, 16] == [row.at for row in found(ugly()).choices[0].table.rows]


def test_a_region_beside_its_sites_says_where_they_lie() -> None:
    assert ("parent", "area", "closes", "note", "") == found(ugly()).choices[0].slots


def test_a_banner_over_some_rows_is_passed_over() -> None:
    raw = workbook(
        {"S": [["Area", "Closing date", "Source"], ["NORTH"], ["Gao", "May 2026", "Letter"]]},
        merged={"S": ["A2:C2"]},
    )

    assert ((2, "a title over the rows below"),) == found(raw).choices[0].table.passed


def test_headings_in_two_rows_are_read_from_the_lower_one() -> None:
    raw = workbook(
        {
            "S": [
                ["Area", "Posts", None, "End date"],
                [None, "Authorised", "Filled", None],
                ["Gao", 3, 2, "31 May 2026"],
            ]
        },
        merged={"S": ["A1:A2", "B1:C1", "D1:D2"]},
    )

    assert 2 == found(raw).choices[0].table.head_at


def test_two_tables_in_one_sheet_are_two() -> None:
    rows: Rows = [
        ["Area", "Closing date"],
        ["Gao", "May 2026"],
        [],
        ["Phase", "From", "To"],
        ["Transfer", date(2026, 1, 1), date(2026, 6, 30)],
    ]
    tables = found(workbook({"S": rows})).choices

    assert [TableKind.CLOSINGS, TableKind.PHASES] == [each.table.kind for each in tables]


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["Area", "Planned closure date"], TableKind.CLOSINGS),
        (["Nom de la base", "Date de fermeture"], TableKind.CLOSINGS),
        (["Lugar", "Fecha de cierre"], TableKind.CLOSINGS),
        (["Post title", "Grade", "Duty station"], TableKind.POSTS),
        (["Intitulé du poste", "Nombre de postes"], TableKind.POSTS),
        (["Phase", "Start date", "End date"], TableKind.PHASES),
        (["Étape", "Du", "Au"], TableKind.PHASES),
        (["Function", "Region", "Posts"], TableKind.BASELINE),
    ],
)
def test_kind_of_a_table_is_known_by_its_headings(headings: list[str], kind: TableKind) -> None:
    assert kind is table([headings, [f"x{n}" for n, _ in enumerate(headings)]]).kind


def test_a_heading_with_more_words_is_understood() -> None:
    headings = ["Area", "Planned closing date (UNSC)"]

    assert ("area", "closes") == propose(TableKind.CLOSINGS, headings, {}).slots


def test_a_misspelt_heading_is_understood() -> None:
    assert ("area", "closes") == propose(TableKind.CLOSINGS, ["Area", "Closng date"], {}).slots


def test_a_heading_nobody_knows_is_left_out() -> None:
    assert ("area", "closes", "") == propose(
        TableKind.CLOSINGS, ["Area", "Closing date", "Titulaire"], {}
    ).slots


def test_what_was_chosen_before_goes_before_what_a_heading_says() -> None:
    memory = {
        (TableKind.CLOSINGS, "lights off"): "closes",
        (TableKind.CLOSINGS, "closing date"): "",
    }
    headings = ["Area", "Closing date", "Lights off"]

    assert ("area", "", "closes") == propose(TableKind.CLOSINGS, headings, memory).slots


def test_a_table_whose_headings_nobody_knows_is_still_found() -> None:
    assert 3 == table([["The plan"], [], ["Wo", "Wann"], ["Gao", "May 2026"]]).head_at


def test_a_heading_that_stands_twice_is_chosen_by_a_person() -> None:
    twice = table([["Area", "Date", "Date"], ["Gao", "May 2026", "June 2026"]])

    assert ("area", "", "") == twice.proposal.slots
    assert ("Area", "Date (B)", "Date (C)") == twice.names


def test_asked_for_by_its_letter_a_doubled_heading_is_used() -> None:
    choices = found(
        workbook({"S": [["Area", "Date", "Date"], ["Gao", "May 2026", "June 2026"]]})
    ).choices

    assert ("area", "", "closes") == with_mapping(choices, {"Date (C)": "Planned closing"})[0].slots


def test_a_heading_that_is_not_there_is_refused_with_those_that_are() -> None:
    choices = found(workbook({"S": [["Area", "Date"], ["Gao", "May 2026"]]})).choices

    with pytest.raises(Invalid) as refusal:
        with_mapping(choices, {"Datum": "closes"})

    assert "The headings are: Area, Date." == refusal.value.problems[0].remedy


def test_hidden_sheets_are_left_out_and_named() -> None:
    import_me = workbook({"Plan": UGLY["Postes"], "Old": UGLY["Plan de retrait"]})

    hidden = found(_hiding(import_me, "Old"))

    assert (("Old",), 1) == (hidden.hidden, len(hidden.choices))


def test_a_hidden_sheet_is_read_when_it_is_named() -> None:
    raw = _hiding(workbook({"Plan": UGLY["Postes"], "Old": UGLY["Plan de retrait"]}), "Old")

    assert ["Old"] == [each.table.sheet for each in found(raw, sheet="old").choices]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(Invalid) as refusal:
        found(workbook(UGLY, merged=UGLY_MERGED), sheet="Bases")

    assert "Name one of: Plan de retrait, Postes." == refusal.value.remedy


def test_a_list_longer_than_any_plan_is_refused() -> None:
    rows: Rows = [["Area", "Closing date"], *[["Gao", "May 2026"]] * 5001]

    with pytest.raises(TooLarge):
        found(workbook({"S": rows}))


def test_a_sheet_without_headings_is_refused() -> None:
    with pytest.raises(Invalid):
        found(workbook({"S": [[1, 2], [3, 4]]}))


def _hiding(raw: bytes, sheet: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(raw))
    book[sheet].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_made_to_be_slow_weighs_few_rows_as_headings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weighed: list[Sequence[str]] = []

    def weigh(texts: Sequence[str], memory: Memory) -> tuple[TableKind, mapping.Proposal]:
        weighed.append(texts)
        return mapping.kind_of(texts, memory)

    monkeypatch.setattr(plan_tables, "kind_of", weigh)
    rows = [["Area", "Closing date", f"closing {n}"] for n in range(1000)]

    plan_tables.tables_in(SheetGrid("S", [list[Cell](row) for row in rows]), {})

    assert plan_tables.MOST_HEADS == len(weighed)
