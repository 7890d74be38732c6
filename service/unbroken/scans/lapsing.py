"""Conditions and times of cover that ran out lapse with the next scan, each by a receipt."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, table
from unbroken.plans.models import PlanState
from unbroken.transfers.commands import lapse_conditions
from unbroken.transfers.commands.signing import runs_out

FURTHEST_ZONE = timedelta(hours=14)
"""No civil date anywhere is further ahead of UTC."""


def lapse_conditions_due(
    sessions: Sessions, *, now: datetime, clock: Clock, plan_ids: Collection[int] | None = None
) -> None:
    """Let lapse what ran out in its plan's own day, in all plans or in some; twice is as once.

    It needs no lease: whoever does it second finds nothing left to lapse.
    """
    with sessions.reading() as session:
        plans = _plans_with_conditions_over(session, now=now, plan_ids=plan_ids)
    for plan_uid in plans:
        lapse_conditions(sessions, plan_uid, clock=clock)


def _plans_with_conditions_over(
    session: Session, *, now: datetime, plan_ids: Collection[int] | None
) -> list[UUID]:
    plan, transfer, capacity = table("plan"), table("transfer"), table("capacity")
    statement = (
        select(plan.c.uid)
        .join(transfer, transfer.c.plan_id == plan.c.id)
        .join(capacity, capacity.c.transfer_id == transfer.c.id)
        .where(
            plan.c.state == PlanState.OPEN,
            runs_out(before=(now + FURTHEST_ZONE).date()),
        )
        .distinct()
    )
    if plan_ids is not None:
        statement = statement.where(plan.c.id.in_(plan_ids))
    return list(session.scalars(statement))
