"""Which capacities a reader's own device may keep, to be read and answered without a network.

Source: design, "Safeguarding": restricted text never enters off-line stores; in doubt it is.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from unbroken.plans.models import Area, FunctionArea
from unbroken.transfers.models import (
    Agreement,
    AgreementCapacity,
    Capacity,
    Receipt,
    Transfer,
)
from unbroken.transfers.rules.words import AgreementKind

DELICATE = (
    AgreementKind.HANDOVER_PROTOCOL,
    AgreementKind.ACTION_PLAN,
    AgreementKind.INFORMATION_SHARING,
)
"""Agreements whose titles tell who speaks with whom."""


def may_be_kept(session: Session, capacities: Collection[UUID]) -> frozenset[UUID]:
    """Return those whose pages may stay on a device; may be empty.

    Left out is what belongs to a restricted function, what lies in an area whose closings are not
    public (its last day tells them), and what rests on an agreement that is delicate itself.
    """
    delicate = (
        exists()
        .where(col(AgreementCapacity.capacity_id) == col(Capacity.id))
        .where(col(AgreementCapacity.agreement_id) == col(Agreement.id))
        .where(col(Agreement.kind).in_(DELICATE))
    )
    query = (
        select(Capacity.uid)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .where(
            col(Capacity.uid).in_(capacities),
            col(FunctionArea.restricted).is_(False),
            col(Area.closings_public).is_(True),
            ~delicate,
        )
    )
    return frozenset(session.exec(query))


def receipts_so_far(session: Session, capacities: Collection[UUID]) -> dict[UUID, int]:
    """Return how many acts have been signed on each capacity; those without one are left out."""
    query = (
        sa_select(col(Capacity.uid), func.count())
        .join(Receipt, col(Receipt.capacity_id) == Capacity.id)
        .where(col(Capacity.uid).in_(capacities))
        .group_by(col(Capacity.uid))
    )
    return {uid: int(count) for uid, count in session.execute(query)}
