"""No unit is lost or made, whatever is split, spread or converted."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.money.portfolios import periods
from unbroken.money.rules.amounts import months, split, spread, to_amount, to_units
from unbroken.money.rules.currencies import Rate, RateBook, UnknownRate, inverse

weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


@given(st.integers(-(10**16), 10**16), weights)
def test_shares_add_up_and_lie_within_a_unit_of_their_part(units: int, given: list[int]) -> None:
    shares = split(units, given)
    counted = given if any(given) else [1] * len(given)

    assert units == sum(shares)
    for share, weight in zip(shares, counted, strict=True):
        assert abs(share * sum(counted) - units * weight) < sum(counted)


@pytest.mark.parametrize(
    ("units", "given", "expected"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (1, [1, 1], [1, 0]),
        (0, [3, 4], [0, 0]),
        (7, [0, 0], [4, 3]),
        (10, [0, 1], [0, 10]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [], []),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainder(
    units: int, given: list[int], expected: list[int]
) -> None:
    assert expected == split(units, given)


def test_weights_below_nought_are_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        split(1, [1, -1])


@given(st.integers(-(10**16), 10**16), periods)
def test_a_period_keeps_the_sum(units: int, period: tuple[date, date]) -> None:
    shares = spread(units, *period)

    assert units == sum(shares.values())
    assert [month for month, _days in months(*period)] == list(shares)


@pytest.mark.parametrize(
    ("units", "starts_on", "ends_on", "expected"),
    [
        (31, date(2026, 1, 31), date(2026, 2, 1), {date(2026, 1, 1): 16, date(2026, 2, 1): 15}),
        (59, date(2026, 1, 1), date(2026, 2, 28), {date(2026, 1, 1): 31, date(2026, 2, 1): 28}),
        (60, date(2028, 1, 1), date(2028, 2, 29), {date(2028, 1, 1): 31, date(2028, 2, 1): 29}),
        (5, date(2026, 12, 31), date(2026, 12, 31), {date(2026, 12, 1): 5}),
        (2, date.max.replace(day=30), date.max, {date.max.replace(day=1): 2}),
    ],
)
def test_months_weigh_by_their_days(
    units: int, starts_on: date, ends_on: date, expected: dict[date, int]
) -> None:
    assert expected == spread(units, starts_on, ends_on)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="no day"):
        spread(1, date(2026, 1, 2), date(2026, 1, 1))


@given(st.integers(-(10**17), 10**17))
def test_amounts_come_back_as_they_went(units: int) -> None:
    assert units == to_units(to_amount(units))


@pytest.mark.parametrize(
    ("units", "shown"), [(125_000, "12.50"), (1, "0.0001"), (0, "0.00"), (-10_000, "-1.00")]
)
def test_amounts_show_two_places_or_four(units: int, shown: str) -> None:
    assert shown == str(to_amount(units))


@pytest.mark.parametrize("text", ["0.00001", "NaN", "Infinity", "1e14", "-1e30"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="four places"):
        to_units(Decimal(text))


BOOK = RateBook(
    [
        ("CDF", Rate(date(2026, 1, 1), Decimal(2800), "UN")),
        ("CDF", Rate(date(2026, 2, 1), Decimal(2900), "UN")),
        ("XOF", Rate(date(2020, 12, 31), Decimal("534.5587"), "IMF")),
    ]
)


@pytest.mark.parametrize(
    ("currency", "on", "day"),
    [
        ("CDF", date(2026, 1, 31), date(2026, 1, 1)),
        ("CDF", date(2026, 2, 1), date(2026, 2, 1)),
        ("CDF", date(2026, 4, 4), date(2026, 2, 1)),
        ("XOF", date(2020, 12, 31), date(2020, 12, 31)),
    ],
)
def test_the_newest_rate_until_the_day_holds(currency: str, on: date, day: date) -> None:
    assert day == BOOK.conversion(currency, on).on


@pytest.mark.parametrize(
    ("currency", "on"),
    [
        ("CDF", date(2025, 12, 31)),
        ("CDF", date(2026, 4, 5)),
        ("HTG", date(2026, 1, 1)),
        ("XOF", date(2021, 3, 4)),
    ],
)
def test_a_rate_nobody_knows_is_an_error_and_no_nought(currency: str, on: date) -> None:
    with pytest.raises(UnknownRate):
        BOOK.conversion(currency, on)


def test_a_dollar_is_a_dollar() -> None:
    assert 1 == RateBook().conversion("USD", date(2026, 1, 1)).usd_rate


@pytest.mark.parametrize("text", ["0", "-1", "NaN"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        inverse(Decimal(text))
