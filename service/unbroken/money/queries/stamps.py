"""One text that changes whenever anything does on which an answer about money rests."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    cast,
    func,
    literal_column,
    select,
)

from unbroken.kit.db import table
from unbroken.money.queries.asking import area, mission, performed, plan

state = table("money_state")
DOT: ColumnElement[str] = literal_column("'.'", String)


def money_stamp() -> ColumnElement[str]:
    """Return the mark as an expression of SQL: of all plans, so that no reader is ever shown it.

    Versions only rise, and no row of these tables is ever taken away.
    """
    parts = (
        _one(func.sum(state.c.version)),
        _one(func.sum(plan.c.version)),
        _one(func.sum(area.c.version)),
        _one(func.sum(mission.c.version)),
        _one(func.max(performed.c.id)),
    )
    told: ColumnElement[Any] = cast(parts[0], String)
    for part in parts[1:]:
        told = told + DOT + cast(part, String)
    return told


def _one(value: ColumnElement[int]) -> ScalarSelect[int]:
    return select(func.coalesce(value, 0)).scalar_subquery()


STAMP: Select[tuple[str]] = select(money_stamp())
"""The statement that asks for it; made once, as it is prepared by identity."""
