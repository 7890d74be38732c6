"""Cover over time on a page: nothing is lost by folding, and bars are as high as what they say."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from unbroken.kit.languages import load_languages
from unbroken.money.queries.cover import CoverRow
from unbroken.web.money_periods import MOST, Period, Periods, periods_of
from unbroken.web.money_pictures import FLOOR, HEIGHT, CoverPicture
from unbroken.web.money_words import Amounts

FIRST = date(2026, 1, 1)
AMOUNTS = Amounts(load_languages().translator("en"))
months = st.integers(0, 200).map(lambda n: (FIRST + timedelta(days=31 * n)).replace(day=1))


@st.composite
def rows(draw: st.DrawFn) -> CoverRow:
    required = draw(st.one_of(st.none(), st.integers(0, 10**12)))
    covered = draw(st.integers(0, required or 0))
    promised = draw(st.integers(0, (required or 0) - covered))
    by_quarter, month = draw(st.booleans()), draw(months)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    return CoverRow(
        plan="minust",
        plan_uid=UUID(int=1),
        mission="minust",
        country="MLI",
        function=draw(st.sampled_from(["", "REFER", "MRM-VER"])),
        tier=1,
        restricted=False,
        area="",
        receiver="",
        period=quarter if by_quarter else month,
        by_quarter=by_quarter,
        required=required,
        covered=covered,
        promised=promised,
        uncovered=None if required is None else required - covered,
        after_pledges=None if required is None else required - covered - promised,
        requested=0,
        open_pledge=0,
        assessed=0,
        voluntary=0,
        paid=0,
        unstated=int(required is None),
        estimated=0,
        at_most=False,
    )


@given(st.lists(rows(), max_size=8))
def test_folding_keeps_every_sum_and_leaves_no_period_out(found: list[CoverRow]) -> None:
    made, counted = periods_of(found), [row for row in found if row.function]
    periods = made.periods
    assert sum(p.required or 0 for p in periods) == sum(r.required or 0 for r in counted)
    assert sum(p.uncovered or 0 for p in periods) == sum(r.uncovered or 0 for r in counted)
    assert sum(p.promised for p in periods) == sum(r.promised for r in counted)
    assert bool(made) == bool(counted)
    assert len(periods) <= MOST or made.step == 12
    starts = [p.starts_on.year * 12 + p.starts_on.month for p in periods]
    assert starts == list(range(min(starts, default=0), max(starts, default=-1) + 1, made.step))


@given(st.lists(rows(), min_size=1, max_size=8))
def test_bars_stand_on_the_floor_inside_the_picture(found: list[CoverRow]) -> None:
    picture = CoverPicture("", periods_of(found), None)
    blocks = [picture.blocks(mirrored=mirrored) for mirrored in (False, True)]
    for block in (*blocks[0], *blocks[1]):
        assert 0 <= block.x <= block.x + block.width <= 100.1
        assert FLOOR - HEIGHT <= block.y < block.y + block.height <= FLOOR
    heights = [[(b.y, b.height, b.tone) for b in each] for each in blocks]
    assert heights[0] == heights[1]


def test_the_first_uncovered_month_is_not_before_today() -> None:
    lacks = ((1, 5), (2, 0), (3, 0), (4, 1), (5, 9))
    periods = tuple(
        Period(date(2026, month, 1), required=9, covered=9 - lack) for month, lack in lacks
    )
    made = Periods(1, periods)
    assert made.first_uncovered(date(2026, 2, 20)) == date(2026, 4, 1)
    assert made.first_uncovered(date(2026, 6, 1)) is None


def test_what_is_not_nought_never_shows_as_nought() -> None:
    shown = [str(AMOUNTS.dollars(units)) for units in (None, 0, 1, 5_000, 15_000, 10**17)]
    assert [("USD\u00a00<" in text, "not stated" in text) for text in shown] == [
        (False, True),
        (True, False),
        *[(False, False)] * 4,
    ]
