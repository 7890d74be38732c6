"""Puts the open gaps of a plan under the headlines that explain them."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, update
from sqlmodel import Session

from unbroken.gaps import models
from unbroken.gaps.rules.headlines import Standing, headlines
from unbroken.gaps.rules.words import GapState
from unbroken.kit.db import table
from unbroken.plans import models as plans_models
from unbroken.transfers import models as transfers_models

_LOADED = (models, plans_models, transfers_models)  # their import fills the metadata
gap, function_area = table("gap"), table("function_area")
capacity = table("capacity")


def put_under_headlines(session: Session, plan_id: int) -> None:
    """Write for each open gap of a plan which other one explains it, where that changed.

    In the caller's transaction. What people see of such a gap is another, so its version rises.
    """
    rows = session.connection().execute(_open_gaps(plan_id)).all()
    above = headlines(_standing(row) for row in rows)
    changed = [
        {"number": row.id, "above": above.get(row.uid)}
        for row in rows
        if row.headline_uid != above.get(row.uid)
    ]
    if changed:
        meant = update(gap).where(gap.c.id == bindparam("number"))
        values = {"headline_uid": bindparam("above"), "version": gap.c.version + 1}
        session.connection().execute(meant.values(**values), changed)


def _open_gaps(plan_id: int) -> Select[*tuple[Any, ...]]:
    names = ("id", "uid", "rule", "key", "severity", "turns_on", "headline_uid")
    function = func.coalesce(
        function_area.c.function_code, gap.c.facts["function"].as_string()
    ).label("function")
    return (
        select(
            *(gap.c[name] for name in (*names, "function_area_id", "capacity_id")),
            function,
            function_area.c.area_id,
            capacity.c.transfer_id,
        )
        .select_from(
            gap.outerjoin(function_area, function_area.c.id == gap.c.function_area_id).outerjoin(
                capacity, capacity.c.id == gap.c.capacity_id
            )
        )
        .where(gap.c.plan_id == plan_id, gap.c.state == GapState.OPEN)
    )


def _standing(row: Row[*tuple[Any, ...]]) -> Standing:
    return Standing(
        uid=row.uid,
        rule=row.rule,
        subject=row.key.partition(":")[2],
        severity=row.severity,
        turns_on=row.turns_on,
        function=row.function,
        area_id=row.area_id,
        function_area_id=row.function_area_id,
        transfer_id=row.transfer_id,
        capacity_id=row.capacity_id,
    )
