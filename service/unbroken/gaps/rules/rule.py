"""What a rule is, what it finds, and how bad that is; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from unbroken.gaps.rules.limits import USUAL, Limit
from unbroken.gaps.rules.scope import Scope, Statement, Union
from unbroken.gaps.rules.words import Severity
from unbroken.kit.sentences import Marked
from unbroken.money.rules.amounts import UNITS

Fact = str | int | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """One row of a rule's statement: the subject's UUIDs, the date it turns on, and typed facts."""

    plan_id: int
    subjects: tuple[UUID, ...]
    turns_on: date
    last_day_on: date | None
    tier: int | None
    function_area_id: int | None
    capacity_id: int | None
    restricted: bool
    facts: Mapping[str, Fact]


Ladder = Callable[..., Severity]
"""From a row and the day to how bad it is; limits that were set come by name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named query. ``build`` makes one statement and reads nothing.

    ``ladder`` says how bad a row is.

    ``sentence`` is a template over the facts, ``for_children`` says what the gap means for
    children,
    ``elements`` are the demands of resolution 2764 it watches, ``touched_by`` the tables that
    move it. ``limits`` are the numbers that may be set otherwise than is usual.
    """

    code: str
    title: Marked
    for_children: Marked
    sentence: Marked
    remedy: Marked
    elements: tuple[str, ...]
    source: Marked
    touched_by: tuple[str, ...]
    build: Callable[[Scope], Statement | Union]
    ladder: Ladder
    always_restricted: bool = False
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found on a day, with its key and severity; the same key is the same gap.

    ``is_set_aside`` says that a setting of the rule keeps it from being told: it is no gap, and not
    mended either.
    """

    key: str
    rule: str
    severity: Severity
    found: Found
    is_set_aside: bool = False


def key_of(rule: str, subjects: tuple[UUID, ...]) -> str:
    """Return the gap's key: the rule and its subjects' UUIDs, never a revision."""
    return ":".join([rule, *[uid.hex for uid in subjects]])


def judge(rule: Rule, found: Found, *, on: date, limits: Mapping[str, int] = USUAL) -> Finding:
    """Return the finding with its key and severity on the day ``on``.

    ``limits`` are those that were set; a rule takes its usual ones for the others.
    """
    of_ladder = {each.name for each in rule.limits if not each.fact} & limits.keys()
    return Finding(
        key=key_of(rule.code, found.subjects),
        rule=rule.code,
        severity=rule.ladder(found, on, **{name: limits[name] for name in of_ladder}),
        found=found,
    )


def is_too_little(rule: Rule, found: Found, *, limits: Mapping[str, int]) -> bool:
    """Return whether an amount that was found is below the least that was set for it."""
    return any(
        int(str(found.facts.get(each.fact) or 0)) < limits.get(each.name, each.usual) * UNITS
        for each in rule.limits
        if each.fact
    )
