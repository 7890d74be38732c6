"""Money that may have been told twice: found and named, never taken away. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, groupby
from uuid import UUID

from unbroken.money.rules.coverage import fits
from unbroken.money.rules.lines import MoneyLine
from unbroken.money.rules.words import Stage

MOST = 20
"""Of more lines alike no pairs are made; those of one function and time are named together."""


class Doubt(StrEnum):
    """Why lines may be the same money."""

    SAME_AMOUNT = "same-amount"
    POOL_IS_SUM = "pool-is-sum"
    PARTS_EXCEED = "parts-exceed"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Lines that may be one; ``lines`` has two or more, in the order given."""

    doubt: Doubt
    lines: tuple[UUID, ...]


def overlaps(lines: Sequence[MoneyLine]) -> list[Overlap]:
    """Return what may have been counted twice; empty where nothing looks so.

    Two lines of one donor with the same amount, whose days meet and whose places do not exclude
    each other; a pool as large as the lines of the same donor together; more passed on than there
    was. Lines passed on are part of another one, and no doubt is raised between the two.
    """
    return [*_twins(lines), *_pools(lines), *_parts(lines)]


def _twins(lines: Sequence[MoneyLine]) -> Iterator[Overlap]:
    alike: dict[tuple[str, str, int], list[MoneyLine]] = defaultdict(list)
    for line in lines:
        units = amount_of(line)
        if line.donor and units:
            alike[(line.donor, line.currency, units)].append(line)
    for group in alike.values():
        if len(group) > MOST:
            yield from _together(group)
            continue
        for one, other in combinations(group, 2):
            if not _is_part(one, other) and meets(one, other) and _may_be_one(one, other):
                yield Overlap(Doubt.SAME_AMOUNT, (one.uid, other.uid))


def _together(group: Sequence[MoneyLine]) -> Iterator[Overlap]:
    """Yield many lines alike that are for one function and whose days meet in a row."""
    by_function = groupby(
        sorted(group, key=lambda line: (line.place.function, line.starts_on)),
        key=lambda line: line.place.function,
    )
    for _function, lines in by_function:
        row: list[MoneyLine] = []
        until = date.min
        for line in lines:
            if line.starts_on > until:
                yield from _named(row)
                row = []
            row.append(line)
            until = max(until, line.ends_on)
        yield from _named(row)


def _named(row: Sequence[MoneyLine]) -> Iterator[Overlap]:
    if len(row) > 1:
        yield Overlap(Doubt.SAME_AMOUNT, tuple(line.uid for line in row))


def _pools(lines: Sequence[MoneyLine]) -> Iterator[Overlap]:
    by_donor: dict[tuple[str, str], list[MoneyLine]] = defaultdict(list)
    for line in lines:
        if line.part_of is None and line.place.function:
            by_donor[(line.donor, line.currency)].append(line)
    for pool in lines:
        if pool.place.function or not pool.donor or not amount_of(pool):
            continue
        beside = by_donor.get((pool.donor, pool.currency), [])
        named = [each for each in beside if meets(pool, each) and fits(pool.place, each.place)]
        if len(named) > 1 and sum(amount_of(each) or 0 for each in named) == amount_of(pool):
            yield Overlap(Doubt.POOL_IS_SUM, (pool.uid, *(each.uid for each in named)))


def _parts(lines: Sequence[MoneyLine]) -> Iterator[Overlap]:
    parts_of: dict[UUID, list[MoneyLine]] = defaultdict(list)
    for line in lines:
        if line.part_of is not None:
            parts_of[line.part_of].append(line)
    for whole in lines:
        parts = parts_of.get(whole.uid, [])
        same = [each for each in parts if each.currency == whole.currency]
        if sum(amount_of(each) or 0 for each in same) > (amount_of(whole) or 0) and same:
            yield Overlap(Doubt.PARTS_EXCEED, (whole.uid, *(each.uid for each in parts)))


def amount_of(line: MoneyLine) -> int | None:
    """Return the amount of the furthest stage that has one, in the line's own currency."""
    found: Iterable[Stage] = (Stage.PAID, Stage.COMMITTED, Stage.PLEDGED, Stage.REQUESTED)
    figures = (line.figures.get(stage) for stage in found)
    return next((each.units for each in figures if each is not None and each.units), None)


def meets(one: MoneyLine, other: MoneyLine) -> bool:
    """Return whether the days of two lines meet; last days are included."""
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _may_be_one(one: MoneyLine, other: MoneyLine) -> bool:
    first, second = one.place, other.place
    same = not first.function or not second.function or first.function == second.function
    return same and fits(first, second)


def _is_part(one: MoneyLine, other: MoneyLine) -> bool:
    return one.uid == other.part_of or other.uid == one.part_of
