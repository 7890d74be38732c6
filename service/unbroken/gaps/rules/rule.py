"""What a rule is, what it finds, and how bad that is; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from unbroken.gaps.rules.scope import Scope, Statement, Union
from unbroken.gaps.rules.words import Severity
from unbroken.kit.sentences import Marked

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


Ladder = Callable[[Found, date], Severity]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named query. ``build`` makes one statement and reads nothing.

    ``ladder`` says how bad a row is.

    ``sentence`` is a template over the facts, ``for_children`` says what the gap means for
    children,
    ``elements`` are the demands of resolution 2764 it watches, ``touched_by`` the tables that
    move it.
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


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found on a day, with its key and severity; the same key is the same gap."""

    key: str
    rule: str
    severity: Severity
    found: Found


def key_of(rule: str, subjects: tuple[UUID, ...]) -> str:
    """Return the gap's key: the rule and its subjects' UUIDs, never a revision."""
    return ":".join([rule, *[uid.hex for uid in subjects]])


def judge(rule: Rule, found: Found, *, on: date) -> Finding:
    """Return the finding with its key and severity on the day ``on``."""
    return Finding(
        key=key_of(rule.code, found.subjects),
        rule=rule.code,
        severity=rule.ladder(found, on),
        found=found,
    )
