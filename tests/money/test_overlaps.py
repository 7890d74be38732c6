"""Many lines alike are named together, not two by two, and large plans are looked through fast."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from unbroken.money.rules.lines import Figure, MoneyLine, Place
from unbroken.money.rules.overlaps import MOST, Doubt, overlaps
from unbroken.money.rules.words import Pot, Stage

FIRST = date(2026, 1, 1)


def _line(
    number: int, *, days: int = 0, units: int = 5, function: str = "REFER", part: int | None = None
) -> MoneyLine:
    starts_on = FIRST + timedelta(days=days)
    return MoneyLine(
        uid=UUID(int=number),
        place=Place(function),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=9),
        pot=Pot.VOLUNTARY,
        figures={Stage.PAID: Figure(units, Decimal(1))},
        donor="sweden",
        part_of=None if part is None else UUID(int=part),
    )


def test_many_alike_are_named_together_by_function_and_time() -> None:
    together = [_line(number, days=number) for number in range(MOST)]
    later = [_line(100 + number, days=300) for number in range(2)]
    alone = [_line(200, days=500), _line(201, function="MRM-VER")]

    found = overlaps([*together, *later, *alone])

    assert [(Doubt.SAME_AMOUNT, MOST), (Doubt.SAME_AMOUNT, 2)] == [
        (each.doubt, len(each.lines)) for each in found
    ]


def test_as_many_as_pairs_are_made_of_are_named_in_pairs() -> None:
    found = overlaps([_line(number) for number in range(MOST)])

    assert {2} == {len(each.lines) for each in found}
    assert MOST * (MOST - 1) // 2 == len(found)


def test_a_plan_of_many_lines_is_looked_through_once() -> None:
    parts = [_line(10_000 + n, units=10**6 + n, part=n) for n in range(4000)]
    wholes = [_line(n, units=n + 1, days=n % 300) for n in range(4000)]

    found = overlaps([*wholes, *parts])

    assert 4000 == sum(each.doubt is Doubt.PARTS_EXCEED for each in found)
