"""Functions in order of need: which comes first, from when, and that sums are those of the rows."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbroken.money.queries.cover import CoverRow
from unbroken.web.money_lines import MoneyOf, money_by_function, pools_of, sums_of

TODAY = date(2026, 11, 26)
PLAN = UUID(int=1)


def row(
    function: str,
    lacks: int | None = 0,
    *,
    tier: int = 1,
    on: date | None = date(2026, 12, 1),
    by_quarter: bool = False,
    receiver: str = "",
    covered: int = 0,
) -> CoverRow:
    required = None if lacks is None else covered + lacks
    return CoverRow(
        plan="unifil",
        plan_uid=PLAN,
        mission="unifil",
        country="LBN",
        function=function,
        tier=tier if function else None,
        restricted=by_quarter,
        area="",
        receiver=receiver,
        period=on,
        by_quarter=by_quarter,
        required=required,
        covered=covered,
        promised=0,
        uncovered=lacks,
        after_pledges=lacks,
        requested=0,
        open_pledge=0,
        assessed=0,
        voluntary=covered,
        paid=0,
        unstated=int(lacks is None),
        estimated=0,
        at_most=False,
    )


OCTOBER, NOVEMBER, MARCH = date(2026, 10, 1), date(2026, 11, 1), date(2027, 3, 1)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        pytest.param([row("B", 9, tier=2), row("A", 1)], "AB", id="tier-first"),
        pytest.param([row("A", 9, on=MARCH), row("B", 1)], "BA", id="then-how-soon"),
        pytest.param([row("A", 1), row("B", 9)], "BA", id="then-how-much"),
        pytest.param([row("A", 9, on=OCTOBER), row("B", 1, on=MARCH)], "BA", id="over-is-last"),
        pytest.param(
            [row("A"), row("B", None), row("C", 1, tier=4)], "CBA", id="unknown-before-met"
        ),
        pytest.param([row("", 0), row("A", 1)], "A", id="no-pool"),
        pytest.param([], "", id="nothing"),
    ],
)
def test_what_presses_most_comes_first(rows: list[CoverRow], codes: str) -> None:
    assert "".join(each.function for each in money_by_function(rows, today=TODAY)) == codes


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param(
            [row("A", 5, on=NOVEMBER), row("A", 2)], (NOVEMBER, False, 7), id="this-month"
        ),
        pytest.param(
            [row("A", 5, on=OCTOBER), row("A", 2)], (date(2026, 12, 1), False, 2), id="past"
        ),
        pytest.param([row("A", 5, on=OCTOBER)], (OCTOBER, True, 0), id="only-past"),
        pytest.param([row("A", 5, on=OCTOBER, by_quarter=True)], (OCTOBER, False, 5), id="quarter"),
        pytest.param([row("A")], (None, False, 0), id="covered"),
        pytest.param([row("A", None, on=None)], (None, False, 0), id="never-said"),
    ],
)
def test_from_when_on_money_is_missing(
    rows: list[CoverRow], found: tuple[date | None, bool, int]
) -> None:
    (line,) = money_by_function(rows, today=TODAY)

    assert (line.first_on, line.is_over, line.ahead) == found


def test_receivers_are_told_once_and_in_order() -> None:
    rows = [row("A", 1, receiver=each) for each in ("unicef", "", "ngo", "unicef")]
    (line,) = money_by_function(rows, today=TODAY)

    assert line.receivers == ("ngo", "unicef")


def test_a_pool_without_money_is_none() -> None:
    assert pools_of([row("")]) == ()
    assert [each.sums.confirmed for each in pools_of([row("", covered=5)])] == [5]


many_rows = st.lists(
    st.builds(
        row,
        st.sampled_from(["A", "B", "C"]),
        st.none() | st.integers(0, 10**15),
        on=st.dates(date(2026, 1, 1), date(2028, 1, 1)).map(lambda day: day.replace(day=1)),
        covered=st.integers(0, 10**15),
        by_quarter=st.booleans(),
    )
)


@given(many_rows)
@settings(deadline=None, max_examples=60)
def test_the_lines_add_up_to_the_rows(rows: list[CoverRow]) -> None:
    lines, whole = money_by_function(rows, today=TODAY), sums_of(rows)

    assert sum(each.sums.uncovered or 0 for each in lines) == (whole.uncovered or 0)
    assert sum(each.sums.required or 0 for each in lines) == (whole.required or 0)
    assert sum(each.sums.confirmed for each in lines) == whole.confirmed
    assert all(_is_sound(each) for each in lines)


def _is_sound(line: MoneyOf) -> bool:
    return line.lacks == (line.first_on is not None) and line.ahead <= (line.sums.uncovered or 0)
