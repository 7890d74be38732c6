"""How much is taken and what is left: on every day together what was offered."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.factories.capacities import TODAY, view
from unbroken.kit.errors import Refused
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.costs import NOT_STATED, Cost, cost_of, shared
from unbroken.transfers.rules.portions import all_of, split
from unbroken.transfers.rules.views import ActOrder, Portion
from unbroken.transfers.rules.words import Act

KEYS = ("a", "b", "c", "d")
DAYS = st.integers(0, 40).map(lambda number: TODAY + timedelta(days=number))
ENDS = st.none() | DAYS


@st.composite
def portions(draw: st.DrawFn) -> Portion:
    """Draw what may be offered: a number or parts, for all time or some of it."""
    first, last = draw(ENDS), draw(ENDS)
    assume(first is None or last is None or first <= last)
    cost = draw(st.just(NOT_STATED) | st.integers(0, 10**9).map(lambda units: Cost(units, "USD")))
    if draw(st.booleans()):
        return Portion(draw(st.integers(1, 9)), (), first, last, cost)
    keys = draw(st.sets(st.sampled_from(KEYS), min_size=1))
    return Portion(None, tuple(sorted(keys)), first, last, cost)


orders = st.builds(
    ActOrder,
    act=st.just(Act.CONFIRM_PART),
    quantity=st.none() | st.integers(1, 9),
    parts=st.sets(st.sampled_from(KEYS)).map(lambda keys: tuple(sorted(keys))),
    from_on=ENDS,
    until_on=ENDS,
)


def on_day(found: Iterable[Portion], day: date) -> tuple[int, list[str]]:
    """Return how many, and which parts, there are on a day; a part twice would show twice."""
    there = [each for each in found if each.holds(day)]
    return (
        sum(each.quantity or 0 for each in there),
        sorted(part for each in there for part in each.parts),
    )


@given(portions(), orders)
def test_what_is_taken_and_what_is_left_is_what_was_offered_on_every_day(
    offered: Portion, order: ActOrder
) -> None:
    try:
        taken, rests = split(view(portion=offered), order)
    except Refused:
        return

    for number in range(-1, 43):
        day = TODAY + timedelta(days=number)
        assert on_day([offered], day) == on_day([taken, *rests], day)


@given(portions(), orders)
def test_something_is_taken_something_is_left_and_nothing_is_empty(
    offered: Portion, order: ActOrder
) -> None:
    try:
        taken, rests = split(view(portion=offered), order)
    except Refused:
        return

    assert rests
    for each in (taken, *rests):
        assert each.is_stated
        assert each.from_on is None or each.until_on is None or each.from_on <= each.until_on


@given(portions(), orders)
def test_exactly_what_was_named_is_taken(offered: Portion, order: ActOrder) -> None:
    try:
        taken, _rests = split(view(portion=offered), order)
    except Refused:
        return

    assert taken.quantity == (order.quantity or offered.quantity)
    assert taken.parts == (order.parts or offered.parts)
    assert taken.from_on == (order.from_on or offered.from_on)
    assert taken.until_on == (order.until_on or offered.until_on)


@given(st.integers(0, 10**15), st.integers(1, 500), st.integers(1, 500))
def test_a_cost_is_shared_without_a_unit_lost(units: int, taken: int, left: int) -> None:
    first, second = shared(Cost(units, "USD"), taken=taken, left=left)

    assert units == (first.units or 0) + (second.units or 0)
    assert abs((first.units or 0) * (taken + left) - units * taken) * 2 <= taken + left


def test_a_number_for_a_time_leaves_the_others_and_the_time_outside() -> None:
    until = TODAY + timedelta(days=30)
    order = ActOrder(act=Act.CONFIRM_PART, quantity=4, from_on=TODAY, until_on=until)
    taken, rests = split(view(portion=Portion(10)), order)
    day = timedelta(days=1)

    assert taken == Portion(4, (), TODAY, until)
    assert rests == (
        Portion(6),
        Portion(4, (), None, TODAY - day),
        Portion(4, (), until + day, None),
    )


def test_the_cost_of_named_parts_is_not_known_any_more() -> None:
    offered = Portion(None, ("a", "b"), cost=Cost(100, "USD"))
    taken, rests = split(view(portion=offered), ActOrder(act=Act.CONFIRM_PART, parts=("a",)))

    assert [NOT_STATED] * 2 == [taken.cost, rests[0].cost]


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (ActOrder(act=Act.CONFIRM_PART), no.NothingLeft),
        (ActOrder(act=Act.CONFIRM_PART, quantity=10), no.NothingLeft),
        (ActOrder(act=Act.CONFIRM_PART, quantity=11, until_on=TODAY), no.NothingLeft),
        (
            ActOrder(act=Act.CONFIRM_PART, from_on=TODAY, until_on=TODAY - timedelta(days=1)),
            no.WrongDate,
        ),
    ],
)
def test_what_is_no_part_is_refused(order: ActOrder, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        split(view(portion=Portion(10)), order)


def test_a_time_is_confirmed_in_part_and_not_as_a_whole() -> None:
    with pytest.raises(no.NothingLeft):
        all_of(view(), ActOrder(act=Act.CONFIRM, from_on=TODAY))


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        (Decimal("120000.5"), "usd", 1_200_005_000),
        (Decimal(0), "EUR", 0),
        (Decimal("0.0001"), "XOF", 1),
    ],
)
def test_a_cost_is_kept_in_ten_thousandths(amount: Decimal, currency: str, units: int) -> None:
    found = cost_of(amount, currency)

    assert (units, currency.upper(), amount) == (found.units, found.currency, found.amount)


def test_a_cost_that_is_not_stated_is_not_nought() -> None:
    assert not cost_of(None, "USD").is_stated
    assert cost_of(Decimal(0), "USD").is_stated


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (Decimal(-1), "USD"),
        (Decimal("0.00001"), "USD"),
        (Decimal("NaN"), "USD"),
        (Decimal(10) ** 12, "USD"),
        (Decimal(1), ""),
        (Decimal(1), "QQQ"),
        (Decimal(1), "dollars"),
    ],
)
def test_a_cost_that_cannot_be_is_refused(amount: Decimal, currency: str) -> None:
    with pytest.raises(no.WordsMissing):
        cost_of(amount, currency)
