"""What a promise is worth, and which money may have been told twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings

from tests.money.portfolios import money_lists, uid
from unbroken.money.rules.lines import Figure, MoneyLine, Place
from unbroken.money.rules.overlaps import Doubt, overlaps
from unbroken.money.rules.pledges import FEWEST, likely, records
from unbroken.money.rules.words import Pot, Stage

TODAY = date(2026, 3, 1)
ONE, VOICE, VERIFY = Decimal(1), Place("CSO-VOICE"), Place("MRM-VER")


def line(
    number: int,
    amount: int,
    *,
    paid: int | None = None,
    stage: Stage = Stage.PLEDGED,
    on: date = date(2023, 1, 1),
    place: Place = VOICE,
    starts_on: date = date(2026, 1, 1),
    ends_on: date = date(2026, 12, 31),
) -> MoneyLine:
    figures = {stage: Figure(amount, ONE, on)}
    if paid is not None:
        figures[Stage.PAID] = Figure(paid, ONE, on)
    return MoneyLine(uid(number), place, starts_on, ends_on, Pot.VOLUNTARY, figures, "sweden")


OLD = [line(1, 100, paid=100), line(2, 100, paid=50), line(3, 200, paid=50)]


def test_a_record_is_paid_over_pledged() -> None:
    known = records(OLD, on=TODAY)["sweden"]

    assert [Fraction(1, 2)] * 4 == [known[age].share for age in range(4)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(OLD, 40, id="half-of-what-it-pledged-came"),
        pytest.param(OLD[:2], None, id="too-few-to-tell"),
        pytest.param([replace(each, donor="norway") for each in OLD], None, id="of-another-donor"),
        pytest.param([replace(each, donor="") for each in OLD], None, id="of-nobody"),
        pytest.param(
            [line(n, 100, paid=0, on=date(2025, 12, 1)) for n in range(1, 5)], None, id="too-young"
        ),
        pytest.param([line(n, 100, paid=900) for n in range(1, 4)], 80, id="never-more-than-all"),
        pytest.param([line(n, 100) for n in range(1, 4)], 0, id="nothing-ever-came"),
    ],
)
def test_a_pledge_is_worth_what_earlier_ones_were(
    lines: list[MoneyLine], expected: int | None
) -> None:
    pledge = line(9, 80, on=date(2026, 2, 1))

    assert expected == likely(pledge, records(lines, on=TODAY), on=TODAY)


def test_what_is_bound_is_no_open_pledge() -> None:
    pledge = line(9, 80, paid=80, on=date(2026, 2, 1))

    assert 0 == likely(pledge, records(OLD, on=TODAY), on=TODAY)
    assert None is likely(line(9, 80, stage=Stage.PAID), records(OLD, on=TODAY), on=TODAY)


@given(money_lists)
@settings(deadline=None, max_examples=60)
def test_a_record_lies_between_nothing_and_everything(lines: list[MoneyLine]) -> None:
    for kept in records(lines, on=TODAY).values():
        for age, each in kept.items():
            assert each.paid <= each.pledged
            assert age == each.age
            assert (each.share is None) or each.pledges >= FEWEST


SPRING, AUTUMN = date(2026, 5, 1), date(2026, 9, 1)


@pytest.mark.parametrize(
    ("lines", "doubts"),
    [
        pytest.param([line(1, 100), line(2, 100)], [(Doubt.SAME_AMOUNT, 2)], id="alike"),
        pytest.param([line(1, 100), line(2, 101)], [], id="another-amount"),
        pytest.param([line(1, 0), line(2, 0)], [], id="nothing-twice"),
        pytest.param([line(1, 100), line(2, 100, place=VERIFY)], [], id="another-function"),
        pytest.param(
            [line(1, 100), line(2, 100, place=Place())],
            [(Doubt.SAME_AMOUNT, 2)],
            id="maybe-in-pool",
        ),
        pytest.param(
            [line(1, 100, ends_on=SPRING), line(2, 100, starts_on=AUTUMN)], [], id="one-after-other"
        ),
        pytest.param(
            [
                line(1, 100, place=Place("CSO-VOICE", "", "unicef")),
                line(2, 100, place=Place("CSO-VOICE", "", "ngo")),
            ],
            [],
            id="another-receiver",
        ),
        pytest.param(
            [line(1, 100), replace(line(2, 100), part_of=uid(1))], [], id="passed-on-is-no-doubt"
        ),
        pytest.param([line(1, 100), replace(line(2, 100), donor="norway")], [], id="another-donor"),
        pytest.param([line(1, 100), replace(line(2, 100), currency="EUR")], [], id="another-coin"),
        pytest.param(
            [line(1, 100, place=Place()), line(2, 60), line(3, 40, place=VERIFY)],
            [(Doubt.POOL_IS_SUM, 3)],
            id="a-pool-and-its-parts",
        ),
        pytest.param(
            [
                line(1, 100),
                replace(line(2, 70), part_of=uid(1)),
                replace(line(3, 40), part_of=uid(1)),
            ],
            [(Doubt.PARTS_EXCEED, 3)],
            id="more-passed-on-than-came",
        ),
    ],
)
def test_doubts(lines: list[MoneyLine], doubts: list[tuple[Doubt, int]]) -> None:
    assert doubts == [(each.doubt, len(each.lines)) for each in overlaps(lines)]
