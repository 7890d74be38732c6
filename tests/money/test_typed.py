"""Amounts as people type them: read in one way, or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unbroken.money.rules.typed import AmbiguousAmount, NoAmount, amount_from

wholes = st.integers(0, 10**15)
places = st.text("0123456789", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0"),
        ("1250000", "1250000"),
        ("1 250 000", "1250000"),
        ("1\u202f250\u00a0000,50", "1250000.50"),
        ("1'250'000.5", "1250000.5"),
        ("1,250,000", "1250000"),
        ("1.250.000", "1250000"),
        ("1,250.50", "1250.50"),
        ("1.250,5", "1250.5"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("0,500", "0.500"),
        ("1234,567", "1234.567"),
        ("1 234.567", "1234.567"),
        ("-5", "-5"),
        ("٣٤٥٫٥", "345.5"),
    ],
)
def test_one_reading(text: str, amount: str) -> None:
    assert amount_from(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,345", "123.456", "-1,234"])
def test_two_readings_are_refused_with_both(text: str) -> None:
    with pytest.raises(AmbiguousAmount) as fault:
        amount_from(text)
    large, small = fault.value.both
    assert large == small * 1000


@pytest.mark.parametrize(
    "text",
    ["", " ", "USD 5", "5k", "1 23", "1,23,4", ".5", "5.", "1.2.3,4", "1.5 000", "--5", "9" * 50],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NoAmount):
        amount_from(text)


@given(whole=wholes, rest=places, group=st.sampled_from([" ", "\u202f", "'"]))
def test_groups_by_spaces_never_change_an_amount(whole: int, rest: str, group: str) -> None:
    grouped = f"{whole:,}".replace(",", group)
    assert amount_from(grouped) == whole
    if group in grouped:
        for mark in ".,":
            assert amount_from(f"{grouped}{mark}{rest}") == Decimal(f"{whole}.{rest}")


@given(text=st.text(max_size=12))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        found = amount_from(text)
    except NoAmount:
        return
    assert found.is_finite()


@given(whole=wholes, rest=places)
def test_both_marks_mean_the_same(whole: int, rest: str) -> None:
    english, other = f"{whole:,}.{rest}", f"{whole:,}".replace(",", ".") + f",{rest}"
    found = []
    for text in (english, other):
        try:
            found.append(amount_from(text))
        except AmbiguousAmount as fault:
            found.append(fault.both[1])
    assert found == [Decimal(f"{whole}.{rest}")] * 2
