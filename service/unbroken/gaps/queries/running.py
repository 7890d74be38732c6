"""Running rules and reading what they left. Rules are run here and nowhere else."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlmodel import Session

from unbroken.gaps import models
from unbroken.gaps.changes import OpenGap, hold_back
from unbroken.gaps.queries.settings import ruling_of
from unbroken.gaps.rules import FACT, RULES, Fact, Finding, Found, Rule, Scope
from unbroken.gaps.rules.scope import Statement, Union
from unbroken.gaps.rules.settings import Ruling, settle
from unbroken.gaps.rules.words import GapState
from unbroken.kit.db import table

_LOADED = models  # its import fills the metadata
gap = table("gap")


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
    names = list(rows.keys())
    subjects = [n for n, name in enumerate(names) if name.startswith("subject_")]
    facts = [(n, name.removeprefix(FACT)) for n, name in enumerate(names) if name.startswith(FACT)]
    found = (_found(row, subjects, facts, always_restricted=rule.always_restricted) for row in rows)
    return list({row.subjects: row for row in found}.values())


@lru_cache(maxsize=512)
def _built(build: Callable[[Scope], Statement | Union], scope: Scope) -> Statement | Union:
    """Return a rule's statement, built once for all days: building costs as much as running."""
    return build(scope)


def open_gaps(session: Session, plan_ids: Iterable[int]) -> dict[int, list[OpenGap]]:
    """Return the open gaps of the plans, and those set aside, as the last scan left them.

    Plans without any are absent.
    """
    is_set_aside = gap.c.state == GapState.SET_ASIDE
    columns = (gap.c.plan_id, gap.c.key, gap.c.severity, gap.c.turns_on, gap.c.facts, is_set_aside)
    statement = select(*columns).where(
        gap.c.state.in_((GapState.OPEN, GapState.SET_ASIDE)), gap.c.plan_id.in_(list(plan_ids))
    )
    by_plan: dict[int, list[OpenGap]] = {}
    for plan_id, *rest in session.connection().execute(statement):
        by_plan.setdefault(plan_id, []).append(OpenGap(*rest))
    return by_plan


def waiver_is_over(on: date) -> ColumnElement[bool]:
    """Return the condition that a gap's waiver, granted or only asked for, has passed its day.

    An open gap's only: what is closed needs no word that it counts again.
    """
    until = func.coalesce(gap.c.waived_until_on, gap.c.waiver_asked_until_on)
    return and_(gap.c.state == GapState.OPEN, until < on)


def plans_with_waivers_over(session: Session, *, on: date) -> set[int]:
    """Return the numbers of the plans that have a waiver to be ended; may be empty."""
    statement = select(gap.c.plan_id).where(waiver_is_over(on)).distinct()
    return set(session.scalars(statement))


def _found(
    row: Row[*tuple[Any, ...]],
    subjects: list[int],
    facts: list[tuple[int, str]],
    *,
    always_restricted: bool,
) -> Found:
    # the first seven columns stand in the order of scope.found()
    plan_id, turns_on, last_day_on, tier, function_area_id, capacity_id, restricted = row[:7]
    return Found(
        plan_id=plan_id,
        subjects=tuple(_uid(row[n]) for n in subjects),
        turns_on=turns_on,
        last_day_on=last_day_on,
        tier=tier,
        function_area_id=function_area_id,
        capacity_id=capacity_id,
        restricted=always_restricted or bool(restricted),
        facts={name: _plain(row[n]) for n, name in facts},
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
