"""Dates of plans as planners write them, exact and vague, in three languages."""

from datetime import date, datetime

import pytest

from unbroken.plans.rules.exchange.dates import spoken
from unbroken.workbooks.cells import Unreadable
from unbroken.workbooks.plan_dates import Order, date_of, order_of
from unbroken.workbooks.reading import Cell


def read(cell: Cell, order: Order | None = None) -> str:
    found = date_of(cell, order=order or Order())
    return found.what if isinstance(found, Unreadable) else spoken(found)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (date(2026, 5, 31), "2026-05-31"),
        (datetime.fromisoformat("2026-05-31"), "2026-05-31"),
        (46173, "2026-05-31"),
        ("31 mai 2026", "2026-05-31"),
        ("Vendredi 1er mai 2026", "2026-05-01"),
        ("le 31 mai 2026", "2026-05-31"),
        ("May 31, 2026", "2026-05-31"),
        ("31 de mayo de 2026", "2026-05-31"),
        ("31/05/2026", "2026-05-31"),
        ("31.05.26", "2026-05-31"),
        ("2026-05-31", "2026-05-31"),
        ("05/31/2026", "2026-05-31"),
    ],
)
def test_an_exact_day_is_read_as_one(cell: Cell, says: str) -> None:
    assert says == read(cell)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("May 2026", "2026-05"),
        ("fin mai 2026", "2026-05"),
        ("mi-juin 2026", "2026-06"),
        ("End of May 2026", "2026-05"),
        ("finales de mayo de 2026", "2026-05"),
        ("mai-26", "2026-05"),
        ("05/2026", "2026-05"),
        ("Q2 2026", "2026-Q2"),
        ("T2 2026", "2026-Q2"),
        ("2e trimestre 2026", "2026-Q2"),
        ("fourth quarter of 2026", "2026-Q4"),
        ("fin 2026", "2026"),
        ("2026", "2026"),
        ("about 15 June 2026", "about 2026-06-15"),
        ("vers le 15 juin 2026", "about 2026-06-15"),
        ("no later than 30 June 2026", "no later than 2026-06-30"),
        ("au plus tard le 30 juin 2026", "no later than 2026-06-30"),
    ],
)
def test_a_vague_date_stays_as_vague_as_it_was_written(text: str, says: str) -> None:
    assert says == read(text)


@pytest.mark.parametrize("text", ["TBC", "à confirmer", "inconnu", "n/a", "?", "por confirmar"])
def test_a_date_said_to_be_unknown_is_none(text: str) -> None:
    assert date_of(text, order=Order()) is None


@pytest.mark.parametrize("cell", ["soon", "31/02/2026", "May 31", "end of 31 May 2026", True, 12.5])
def test_what_is_no_date_is_refused(cell: Cell) -> None:
    assert "This is not a date." == read(cell)


def test_day_comes_first_where_nothing_tells() -> None:
    assert "2026-04-03" == read("03/04/2026", order_of(["03/04/2026"]))


def test_month_comes_first_where_the_column_writes_it_so() -> None:
    column: list[Cell] = ["03/04/2026", "05/31/2026"]

    assert "2026-03-04" == read("03/04/2026", order_of(column))


def test_a_column_that_writes_both_ways_is_not_guessed_at() -> None:
    order = order_of(["31/05/2026", "05/31/2026"])

    assert "can be read in two ways" in read("03/04/2026", order)
