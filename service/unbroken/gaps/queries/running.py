"""Running rules and reading what they left. Rules are run here and nowhere else."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, String, and_, or_, select
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from unbroken.gaps import models
from unbroken.gaps.changes import OpenGap, hold_back
from unbroken.gaps.queries.settings import ruling_of
from unbroken.gaps.rules import FACT, RULES, Fact, Finding, Found, Rule, Scope, key_of
from unbroken.gaps.rules.scope import Statement, Union
from unbroken.gaps.rules.settings import Ruling, settle
from unbroken.gaps.rules.words import GapState
from unbroken.kit.db import table

_LOADED = models  # its import fills the metadata
gap = table("gap")
NONE: Mapping[str, Collection[UUID]] = MappingProxyType({})
MANY = 2000
"""Rows taken over at once: one by one each costs as much as reading it."""


def findings(
    session: Session,
    scope: Scope,
    *,
    rules: Iterable[Rule] = tuple(RULES.values()),
    ruling: Ruling | None = None,
) -> list[Finding]:
    """Return what ``rules`` find in ``scope``, headlines holding back what follows from them.

    Ordered by rule and plan; may be empty. ``ruling`` is how rules are set; without it they are set
    as they were on the day. What a setting sets aside is among the findings and says so.
    """
    ruled = ruling_of(session, scope) if ruling is None else ruling
    found = [
        settle(rule, row, ruled, on=scope.on) for rule in rules for row in run(session, rule, scope)
    ]
    return hold_back(found)


def run(session: Session, rule: Rule, scope: Scope) -> list[Found]:
    """Return the rows that one rule finds, each subject once."""
    statement = _built(rule.build, scope.any_day())
    rows = session.connection().execute(statement, scope.values)
    shape = _shape(list(rows.keys()), [column.type for column in statement.selected_columns])
    found = (
        _found(row, shape, always_restricted=rule.always_restricted)
        for some in rows.partitions(MANY)
        for row in some
    )
    return list({row.subjects: row for row in found}.values())


@lru_cache(maxsize=512)
def _built(build: Callable[[Scope], Statement | Union], scope: Scope) -> Statement | Union:
    """Return a rule's statement, built once for all days: building costs as much as running."""
    return build(scope)


def open_gaps(
    session: Session, plan_ids: Iterable[int], *, but: Mapping[str, Collection[UUID]] = NONE
) -> dict[int, list[OpenGap]]:
    """Return the open gaps of the plans, and those set aside, as the last scan left them.

    Of the rules in ``but`` only those about the subjects named there. Plans without any are absent.
    """
    is_set_aside = gap.c.state == GapState.SET_ASIDE
    columns = (gap.c.plan_id, gap.c.key, gap.c.severity, gap.c.turns_on, gap.c.facts, is_set_aside)
    statement = select(*columns).where(
        gap.c.state.in_((GapState.OPEN, GapState.SET_ASIDE)), gap.c.plan_id.in_(list(plan_ids))
    )
    if but:
        keys = [key_of(rule, (uid,)) for rule, subjects in but.items() for uid in subjects]
        statement = statement.where(or_(gap.c.rule.notin_(list(but)), gap.c.key.in_(keys)))
    by_plan: dict[int, list[OpenGap]] = {}
    for some in session.connection().execute(statement).partitions(MANY):
        for plan_id, *rest in some:
            by_plan.setdefault(plan_id, []).append(OpenGap(*rest))
    return by_plan


def plans_with_gaps_of(session: Session, rules: Collection[str]) -> set[int]:
    """Return the numbers of the plans with an open gap of one of these rules; may be empty."""
    statement = select(gap.c.plan_id).where(gap.c.state == GapState.OPEN, gap.c.rule.in_(rules))
    return set(session.scalars(statement.distinct()))


def waiver_is_over(on: date) -> ColumnElement[bool]:
    """Return the condition that a gap's waiver, granted or only asked for, has passed its day.

    An open gap's only: what is closed needs no word that it counts again.
    """
    # what was granted keeps the day that was asked for
    return and_(gap.c.state == GapState.OPEN, gap.c.waiver_asked_until_on < on)


def plans_with_waivers_over(session: Session, *, on: date) -> set[int]:
    """Return the numbers of the plans that have a waiver to be ended; may be empty."""
    statement = select(gap.c.plan_id).where(waiver_is_over(on)).distinct()
    return set(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where the subjects stand in a row, what its facts are called, and which are not plain.

    The first seven columns stand in the order of ``scope.found()``, and the facts come last.
    """

    subjects: Sequence[int]
    facts: Sequence[str]
    odd: Sequence[str]


def _shape(names: Sequence[str], types: Sequence[TypeEngine[Any]]) -> _Shape:
    facts = [
        (name, type_) for name, type_ in zip(names, types, strict=True) if name.startswith(FACT)
    ]
    return _Shape(
        subjects=[n for n, name in enumerate(names) if name.startswith("subject_")],
        facts=[name.removeprefix(FACT) for name, _ in facts],
        odd=[name.removeprefix(FACT) for name, type_ in facts if not isinstance(type_, String)],
    )


def _found(row: Row[*tuple[Any, ...]], shape: _Shape, *, always_restricted: bool) -> Found:
    plan_id, turns_on, last_day_on, tier, function_area_id, capacity_id, restricted = row[:7]
    facts = dict(zip(shape.facts, row[len(row) - len(shape.facts) :], strict=True))
    for name in shape.odd:
        facts[name] = _plain(facts[name])
    return Found(
        plan_id=plan_id,
        subjects=tuple([_uid(row[n]) for n in shape.subjects]),
        turns_on=turns_on,
        last_day_on=last_day_on,
        tier=tier,
        function_area_id=function_area_id,
        capacity_id=capacity_id,
        restricted=always_restricted or bool(restricted),
        facts=facts,
    )


def _uid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _plain(value: object) -> Fact:
    match value:
        case None | bool() | int() | str():
            return value
        case date():
            return value.isoformat()
        case list():
            return [str(part) for part in value]
        case _:
            return str(value)
