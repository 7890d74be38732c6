"""Which month is paid for: cases in words, and what holds for every portfolio."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.money.portfolios import DAY, money, money_lists, need_lists, uid
from unbroken.money.rules.coverage import Cell, Cover, coverage, covered_until, first_uncovered
from unbroken.money.rules.lines import Figure, MoneyLine, NeedLine, Place, worth
from unbroken.money.rules.words import Basis, Need, Pot, Stage

FAR = date(2040, 1, 1)
VOICE = Place("CSO-VOICE")
COLUMNS = ("required", "covered", "promised", "uncovered", "after_pledges", "requested")
MONEY = ("open_pledge", "assessed", "voluntary", "paid")


def need(
    usd: int | None, place: Place = VOICE, *, months: int = 1, basis: Basis = Basis.STATED
) -> NeedLine:
    return NeedLine(uid(1), place, DAY, _end(months), usd, basis)


def given_(
    usd: int | None,
    place: Place = VOICE,
    *,
    stage: Stage = Stage.COMMITTED,
    pot: Pot = Pot.VOLUNTARY,
    months: int = 1,
    number: int = 2,
) -> MoneyLine:
    figure = Figure(usd, Decimal(1), DAY)
    return MoneyLine(uid(number), place, DAY, _end(months), pot, {stage: figure}, donor="sweden")


def _end(months: int) -> date:
    return date(DAY.year + (DAY.month + months - 1) // 12, (DAY.month + months - 1) % 12 + 1, 1) - (
        timedelta(days=1)
    )


def cover(*lines: NeedLine | MoneyLine, mandate: date = FAR) -> Cover:
    needs = [line for line in lines if isinstance(line, NeedLine)]
    moneys = [line for line in lines if isinstance(line, MoneyLine)]
    return coverage(needs, moneys, mandate_ends_on=mandate)


def total(cells: Iterable[Cell], column: str) -> int:
    return sum(getattr(cell, column) or 0 for cell in cells)


@pytest.mark.parametrize(
    ("lines", "uncovered", "after_pledges"),
    [
        pytest.param([need(100)], 100, 100, id="nothing-given"),
        pytest.param([need(100), given_(60)], 40, 40, id="a-part-is-bound"),
        pytest.param([need(100), given_(60, stage=Stage.PAID)], 40, 40, id="a-part-is-paid"),
        pytest.param([need(100), given_(60, stage=Stage.PLEDGED)], 100, 40, id="promised-only"),
        pytest.param([need(100), given_(60, stage=Stage.REQUESTED)], 100, 100, id="asked-for"),
        pytest.param([need(100), given_(300)], 0, 0, id="more-than-needed"),
        pytest.param([need(0)], 0, 0, id="nothing-needed"),
        pytest.param([need(None), given_(60)], None, None, id="need-not-stated"),
        pytest.param([need(100), given_(None)], 100, 100, id="money-not-stated"),
        pytest.param([need(100), given_(60, Place())], 100, 100, id="a-pool-meets-no-need"),
        pytest.param([need(100), given_(60, Place("MRM-VER"))], 100, 100, id="another-function"),
        pytest.param(
            [need(100), given_(60, Place("CSO-VOICE", "north"))], 40, 40, id="of-one-area"
        ),
        pytest.param(
            [need(100, Place("CSO-VOICE", "north")), given_(60)], 40, 40, id="for-every-area"
        ),
        pytest.param(
            [need(100, Place("CSO-VOICE", "north")), given_(60, Place("CSO-VOICE", "south"))],
            100,
            100,
            id="of-another-area",
        ),
        pytest.param(
            [
                need(100, Place("CSO-VOICE", "", "unicef")),
                given_(60, Place("CSO-VOICE", "", "ngo")),
            ],
            100,
            100,
            id="of-another-receiver",
        ),
        pytest.param(
            [need(100, basis=Basis.BASELINE_POSTS), given_(60)], 40, 40, id="an-estimate-counts"
        ),
        pytest.param(
            [need(100), need(900, basis=Basis.BASELINE_POSTS)], 100, 100, id="unless-it-is-stated"
        ),
    ],
)
def test_one_month(
    lines: list[NeedLine | MoneyLine], uncovered: int | None, after_pledges: int | None
) -> None:
    cells = [cell for cell in cover(*lines).cells if cell.need is not None]

    assert [(uncovered, after_pledges)] == [(c.uncovered, c.after_pledges) for c in cells]


def test_money_for_one_place_goes_first_and_the_wide_fills_up() -> None:
    north, south = Place("CSO-VOICE", "north"), Place("CSO-VOICE", "south")
    cells = cover(
        need(100, north), need(100, south), given_(100, north), given_(50, number=3)
    ).cells

    assert {"north": 0, "south": 50} == {
        cell.place.area: cell.uncovered for cell in cells if cell.need is not None
    }


def test_money_of_the_missions_budget_ends_with_the_mandate() -> None:
    line = given_(92 * 10, pot=Pot.MISSION_BUDGET, months=3)
    found = cover(
        need(92 * 10, months=3), replace(line, ends_on=_end(3)), mandate=date(2026, 2, 10)
    )

    assert [30, 0, 0] != [cell.covered for cell in found.cells]
    days = [31, 10, 0]
    usable = 92 * 10 * 41 // 90
    assert usable == sum(cell.covered for cell in found.cells)
    assert {line.uid: 92 * 10 - usable} == found.lapsed
    assert [bool(day) for day in days] == [bool(cell.assessed) for cell in found.cells]


def test_assessed_and_voluntary_money_stand_apart() -> None:
    (cell,) = cover(need(100), given_(30, pot=Pot.ASSESSED), given_(20, number=3)).cells

    assert (30, 20, 50) == (cell.assessed, cell.voluntary, cell.covered)


def test_what_is_passed_on_is_told_once() -> None:
    whole = given_(100, Place("", "", "unicef"))
    part = replace(given_(40, number=3), part_of=whole.uid)
    cells = cover(need(100), whole, part).cells

    assert 100 == total(cells, "voluntary")
    assert 40 == total(cells, "covered")


def test_a_stage_counts_once_however_far_the_money_came() -> None:
    figures = {stage: Figure(100, Decimal(1), DAY) for stage in Stage}
    (cell,) = cover(need(100), replace(given_(0), figures=figures)).cells

    assert (100, 0, 100, 100) == (cell.covered, cell.open_pledge, cell.paid, cell.requested)


def test_a_rate_that_moved_makes_no_money() -> None:
    pledge, paid = Figure(100, Decimal("1.2"), DAY), Figure(100, Decimal("1.1"), DAY)
    line = replace(given_(0), figures={Stage.PLEDGED: pledge, Stage.PAID: paid}, currency="EUR")

    assert (110, 0) == (worth(line).confirmed, worth(line).open_pledge)


@pytest.mark.parametrize(
    ("lines", "need_", "at_least"),
    [
        ([need(None)], Need.NOT_STATED, False),
        ([need(None), need(5)], Need.STATED, True),
        ([need(5), need(None)], Need.STATED, True),
        ([need(5, basis=Basis.BASELINE_POSTS)], Need.ESTIMATED, False),
        ([need(None), need(5, basis=Basis.BASELINE_POSTS)], Need.ESTIMATED, True),
    ],
)
def test_what_is_known_of_a_need(lines: list[NeedLine], need_: Need, *, at_least: bool) -> None:
    (cell,) = cover(*lines).cells

    assert (need_, at_least) == (cell.need, cell.at_least)


def test_the_cliff_is_the_first_month_that_lacks_money() -> None:
    cells = cover(need(900, months=9), given_(90 * 5, months=3)).cells

    assert date(2026, 4, 1) == first_uncovered(cells, on=DAY)
    assert date(2026, 8, 1) == first_uncovered(cells, on=date(2026, 8, 15))
    assert date(2026, 7, 31) == covered_until(cells, on=date(2026, 8, 15))
    assert None is first_uncovered(cells, on=date(2026, 10, 1))
    assert None is covered_until((), on=DAY)


@given(need_lists, money_lists, money())
@settings(deadline=None, max_examples=150)
def test_more_money_makes_no_gap_larger(
    needs: list[NeedLine], moneys: list[MoneyLine], more: MoneyLine
) -> None:
    _more_money_makes_no_gap_larger(needs, moneys, more)


@given(need_lists, money_lists)
@settings(deadline=None, max_examples=150)
def test_every_partition_adds_up_to_the_whole(
    needs: list[NeedLine], moneys: list[MoneyLine]
) -> None:
    _every_partition_adds_up(needs, moneys)


@given(need_lists, money_lists, st.data())
@settings(deadline=None, max_examples=100)
def test_a_split_line_changes_no_sum(
    needs: list[NeedLine], moneys: list[MoneyLine], data: st.DataObject
) -> None:
    _split_changes_no_sum(needs, moneys, data)


@pytest.mark.full
@given(need_lists, money_lists, money(), st.data())
@settings(deadline=None, max_examples=10_000)
def test_ten_thousand_portfolios(
    needs: list[NeedLine], moneys: list[MoneyLine], more: MoneyLine, data: st.DataObject
) -> None:
    _more_money_makes_no_gap_larger(needs, moneys, more)
    _every_partition_adds_up(needs, moneys)
    _split_changes_no_sum(needs, moneys, data)


def _more_money_makes_no_gap_larger(
    needs: list[NeedLine], moneys: list[MoneyLine], more: MoneyLine
) -> None:
    before = _gaps(coverage(needs, moneys, mandate_ends_on=FAR))
    after = _gaps(coverage(needs, [*moneys, more], mandate_ends_on=FAR))

    for key, (uncovered, after_pledges) in before.items():
        assert after[key][0] <= uncovered
        assert after[key][1] <= after_pledges


def _every_partition_adds_up(needs: list[NeedLine], moneys: list[MoneyLine]) -> None:
    cells = coverage(needs, moneys, mandate_ends_on=FAR).cells
    worths = [worth(line) for line in moneys]
    parts: tuple[Callable[[Cell], object], ...] = (
        lambda c: c.month,
        lambda c: c.place.function,
        lambda c: (c.place.area, c.month.year),
        lambda c: c.place.receiver,
    )

    for part in parts:
        for column in (*COLUMNS, *MONEY):
            sums: Counter[object] = Counter()
            for cell in cells:
                sums[part(cell)] += getattr(cell, column) or 0
            assert total(cells, column) == sum(sums.values())
    assert sum(each.confirmed for each in worths) == total(cells, "assessed") + total(
        cells, "voluntary"
    )
    assert sum(each.paid for each in worths) == total(cells, "paid")
    assert sum(each.open_pledge for each in worths) == total(cells, "open_pledge")
    for cell in cells:
        assert (cell.uncovered or 0) >= (cell.after_pledges or 0) >= 0
    assert total(cells, "covered") <= total(cells, "assessed") + total(cells, "voluntary")


def _split_changes_no_sum(
    needs: list[NeedLine], moneys: list[MoneyLine], data: st.DataObject
) -> None:
    if not moneys:
        return
    cut = data.draw(st.sampled_from(moneys))
    one, other = _cut_in_two(cut, data.draw(st.integers(0, 100)))
    rest = [line for line in moneys if line.uid != cut.uid]
    before = coverage(needs, moneys, mandate_ends_on=FAR).cells
    after = coverage(needs, [*rest, one, other], mandate_ends_on=FAR).cells

    if all(figure.usd_rate == 1 for figure in cut.figures.values()):
        for column in MONEY:
            assert total(before, column) == total(after, column)


def _cut_in_two(line: MoneyLine, share: int) -> tuple[MoneyLine, MoneyLine]:
    """Return two lines that are one: every stage cut at the same share."""
    halves: tuple[dict[Stage, Figure], dict[Stage, Figure]] = ({}, {})
    for stage, figure in line.figures.items():
        first = None if figure.units is None else figure.units * share // 100
        halves[0][stage] = replace(figure, units=first)
        rest = None if figure.units is None else figure.units - (first or 0)
        halves[1][stage] = replace(figure, units=rest)
    return replace(line, figures=halves[0]), replace(line, uid=uid(99), figures=halves[1])


def _gaps(found: Cover) -> dict[tuple[Place, date], tuple[int, int]]:
    return {
        (cell.place, cell.month): (cell.uncovered or 0, cell.after_pledges or 0)
        for cell in found.cells
        if cell.required is not None
    }
