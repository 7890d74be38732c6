"""Who holds a plan after the mission's last day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.people.models import Organisation
from unbroken.plans.models import Custody, Plan


@dataclass(frozen=True, slots=True)
class CustodyView:
    """One signed act by which a body took the plan; the first of several holds it."""

    organisation: str
    organisation_name: str
    taken_on: date
    signature: str


def custody_of(session: Session, plan_uid: UUID) -> tuple[CustodyView, ...]:
    """Return who took custody of a plan, the latest first; empty where nobody did."""
    query = (
        select(Custody, Organisation)
        .join(Plan, col(Plan.id) == Custody.plan_id)
        .join(Organisation, col(Organisation.id) == Custody.organisation_id)
        .where(Plan.uid == plan_uid)
        .order_by(col(Custody.id).desc())
    )
    return tuple(
        CustodyView(body.slug, body.name, row.taken_on, row.signature)
        for row, body in session.exec(query)
    )
