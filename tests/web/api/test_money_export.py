"""The lines of a plan's money as files: each of them, for those who may see lines, and exact."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest

from tests.web.api.conftest import NOW, World
from tests.web.api.money_entered import enter, given, need, without_lines
from unbroken.money.commands.orders import NewContribution, NewFigure
from unbroken.money.rules.words import Stage

EXPORT = "/plans/minust/money/export"
LARGE = "9999999999999.1234"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def funded(world: World) -> World:
    pledge = NewFigure(
        stage=Stage.PLEDGED,
        amount=Decimal("0.0001"),
        on=NOW.date(),
        due_on=NOW.date() + timedelta(days=40),
    )
    silent = NewFigure(stage=Stage.PAID, amount=None)
    money: NewContribution = given("1.1")
    enter(
        without_lines(world),
        need(LARGE, receiver="unicef-mali", source=FORMULA, title="-1+2"),
        need(None, "MRM-VER", area="minust-gao"),
        need("0", "MRM-CHAIR"),
        given("61.50", donor="funder"),
        NewContribution(
            function="",
            figures=(pledge, silent),
            starts_on=money.starts_on,
            ends_on=money.ends_on,
            known_on=money.known_on,
            source="+letter",
            receiver="unhcr-mali",
        ),
    )
    return world


def table(raw: bytes) -> tuple[list[dict[str, str]], list[str]]:
    names, *rows, end = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    return [dict(zip(names, row, strict=True)) for row in rows], end


def test_csv_holds_every_line_that_holds_now(funded: World) -> None:
    rows, end = table(funded.get(f"{EXPORT}.csv").content)

    assert ["count", "5"] == end[:2]
    assert ["requirement"] * 3 + ["contribution"] * 2 == [row["kind"] for row in rows]
    assert [LARGE, "not stated", "0.00", "", ""] == [row["required"] for row in rows]
    paid, pool = rows[3:]
    assert ("61.50", "61.50", "funder", "REFER") == (
        paid["committed"],
        paid["committed_usd"],
        paid["donor"],
        paid["function"],
    )
    assert ("0.0001", "2026-04-11", "not stated", "", "") == (
        pool["pledged"],
        pool["pledge_due_on"],
        pool["paid"],
        pool["committed"],
        pool["function"],
    )


def test_no_text_is_a_formula(funded: World) -> None:
    rows, _end = table(funded.get(f"{EXPORT}.csv").content)
    sheet = openpyxl.load_workbook(io.BytesIO(funded.get(f"{EXPORT}.xlsx").content)).active
    assert sheet is not None

    assert ("'" + FORMULA, "'-1+2", "'+letter") == (
        rows[0]["source"],
        rows[0]["title"],
        rows[4]["source"],
    )
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert FORMULA in {cell.value for cell in cells}


def test_the_workbook_says_the_same_as_the_csv(funded: World) -> None:
    rows, _end = table(funded.get(f"{EXPORT}.csv?hxl=false").content)
    sheet = openpyxl.load_workbook(io.BytesIO(funded.get(f"{EXPORT}.xlsx").content)).active
    assert sheet is not None
    names, *found, end = sheet.iter_rows(values_only=True)

    assert ("count", 5) == end[:2]
    for row, told in zip(found, rows, strict=True):
        values = dict(zip(map(str, names), row, strict=True))
        for name in ("required_usd", "committed_usd", "pledged"):
            value = values[name]
            is_number = isinstance(value, int | float)
            # more digits than a cell holds stand there as a text, to the last one
            assert (
                (Decimal(told[name]) == Decimal(str(value)))
                if is_number
                else (told[name] == (value or ""))
            )


@pytest.mark.parametrize("by", ["observer", "steward", "co-chair"])
def test_who_watches_sees_every_line(funded: World, by: str) -> None:
    assert funded.get(f"{EXPORT}.csv").content == funded.get(f"{EXPORT}.csv", by=by).content


@pytest.mark.parametrize(
    ("by", "kinds"), [("signer", ["requirement"]), ("other team", ["contribution"])]
)
def test_a_receiver_sees_its_own_lines(funded: World, by: str, kinds: list[str]) -> None:
    rows, end = table(funded.get(f"{EXPORT}.csv", by=by).content)

    assert kinds == [row["kind"] for row in rows]
    assert ["count", "1"] == end[:2]


def test_a_donor_sees_sums_and_no_lines(funded: World) -> None:
    for ending in ("csv", "xlsx"):
        answer = funded.get(f"{EXPORT}.{ending}", by="donor")
        assert (403, "forbidden") == (answer.status_code, answer.json()["code"])
    assert 404 == funded.get(f"{EXPORT}.csv", by="foreign planner").status_code


def test_more_lines_than_a_sheet_holds_are_refused_and_not_cut(
    funded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unbroken.web.money_files.MOST_ROWS", 4)

    refused = funded.get(f"{EXPORT}.xlsx")
    assert (413, "too-large") == (refused.status_code, refused.json()["code"])
    assert 413 == funded.get("/money/cover.xlsx?by=function,month").status_code
    monkeypatch.setattr("unbroken.web.api.money_cover.MOST_ROWS", 4)
    assert 413 == funded.get("/money/cover?by=function,month").status_code
    assert 200 == funded.get(f"{EXPORT}.csv").status_code


def test_hashtags_are_all_different(funded: World) -> None:
    text = funded.get(f"{EXPORT}.csv?hxl=true").content.decode("utf-8-sig")
    tags = text.splitlines()[1].split(",")

    assert len(tags) == len(set(tags))
    assert {"#"} == {tag[0] for tag in tags}
