"""What other functions wait for falls due when they need it.

A function that cannot pass without another one names a step of it (``Dependency``). In the same
area, or where one of the two is of the whole mission, that step falls due no later than the step
that waits for it, and so does all work that leads to it. Dates only ever move earlier.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from unbroken.functions.rules import Dependency, Edition, Function, Level
from unbroken.plans.rules.rows import Row
from unbroken.plans.rules.steps import Step, shares


@dataclass(frozen=True, slots=True)
class _Need:
    """A step that is needed by ``due_on``; it lies ``share`` of the lead before the last day."""

    step: str
    share: Fraction
    due_on: date
    for_function: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A function that waits for another one, and how."""

    code: str
    level: Level
    dependency: Dependency


def brought_forward(rows: Sequence[Row], edition: Edition, *, trigger_on: date) -> tuple[Row, ...]:
    """Return ``rows`` with the steps that others wait for due by when they are needed.

    Those who wait come first, so that a chain of functions moves as one. A step comes with all work
    that lies before it in the lead; money is asked for earlier where it would have been by then. No
    step moves before the trigger. Where nothing is waited for the rows stay as they are.
    """
    waiting = _waiting(edition)
    by_code: dict[str, list[Row]] = {code: [] for code in edition.functions}
    for row in rows:
        by_code[row.function_code].append(row)
    for code in _dependants_first(edition, waiting):
        function = edition.functions[code]
        by_code[code] = [
            _moved(
                row,
                function,
                needs=tuple(_needs(row, function, waiting=waiting[code], rows=by_code)),
                trigger_on=trigger_on,
            )
            for row in by_code[code]
        ]
    moved = {(row.function_code, row.area_slug): row for those in by_code.values() for row in those}
    return tuple(moved[row.function_code, row.area_slug] for row in rows)


def _waiting(edition: Edition) -> dict[str, list[_Waiting]]:
    """Return for each function those that wait for it."""
    found: dict[str, list[_Waiting]] = {code: [] for code in edition.functions}
    for function in edition.functions.values():
        for dependency in function.depends_on:
            if dependency.function in found:
                waiting = _Waiting(function.code, function.level, dependency)
                found[dependency.function].append(waiting)
    return found


def _dependants_first(edition: Edition, waiting: Mapping[str, Sequence[_Waiting]]) -> list[str]:
    """Return the codes, each after all that wait for it; a sound edition has no circle."""
    order: dict[str, None] = {}
    entered: set[str] = set()

    def visit(code: str) -> None:
        if code not in entered:
            entered.add(code)
            for each in waiting[code]:
                visit(each.code)
            order[code] = None

    for code in edition.functions:
        visit(code)
    return list(order)


def _needs(
    row: Row,
    function: Function,
    *,
    waiting: Iterable[_Waiting],
    rows: Mapping[str, Sequence[Row]],
) -> Iterator[_Need]:
    """Yield what is needed of ``row``; nothing for a step that either side has not."""
    its = shares(function)
    for each in waiting:
        key = each.dependency.step
        everywhere = Level.MISSION in {function.level, each.level}
        if row.step(key) is not None:
            for other in rows[each.code]:
                before = other.step(each.dependency.before)
                if before is not None and (everywhere or other.area_slug == row.area_slug):
                    yield _Need(key, its[key], before.due_on, each.code)


def _moved(row: Row, function: Function, *, needs: Sequence[_Need], trigger_on: date) -> Row:
    """Return ``row`` with each step due by the earliest need that it leads to."""
    if not needs:
        return row
    begin = min(trigger_on, row.last_day_on)
    its = shares(function)
    old = {step.key: step.due_on for step in row.steps}
    moved = [
        _pulled(step, _first(step, needs, its=its, old=old), begin=begin) for step in row.steps
    ]
    return replace(row, steps=tuple(sorted(moved, key=lambda step: step.due_on)))


def _first(
    step: Step,
    needs: Iterable[_Need],
    *,
    its: Mapping[str, Fraction],
    old: Mapping[str, date],
) -> _Need | None:
    """Return the earliest need that ``step`` has to be done for."""
    share = its.get(step.key)
    leading = [
        need
        for need in needs
        # By its place in the lead, not by its day: two steps that fall on one day in a short lead
        # fall on two in a longer one, and neither may make the other later.
        if (share >= need.share if share is not None else step.due_on <= old[need.step])
    ]
    return min(leading, key=lambda need: need.due_on, default=None)


def _pulled(step: Step, need: _Need | None, *, begin: date) -> Step:
    """Return the step due by ``need``, its latest start as many days earlier, never too early."""
    due_on = step.due_on if need is None else max(begin, need.due_on)
    if need is None or due_on >= step.due_on:
        return step
    latest = step.latest_start_on - (step.due_on - due_on)
    return replace(
        step,
        due_on=due_on,
        latest_start_on=max(latest, min(begin, due_on)),
        for_function=need.for_function,
    )
