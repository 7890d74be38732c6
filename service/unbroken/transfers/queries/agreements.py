"""Agreements of a plan with their signatories and what rests on them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from unbroken.kit.errors import NotFound
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import names_plan
from unbroken.transfers.models import Agreement, AgreementCapacity, AgreementSignatory
from unbroken.transfers.queries.rows import joined_rows
from unbroken.transfers.rules.words import AgreementKind, SignatoryRole


@dataclass(frozen=True, slots=True)
class SignatoryView:
    """How many signatories of one role there are, and how many have signed with the successor."""

    role: SignatoryRole
    count: int
    renewed: int


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement with its signatories and the capacities on which the reader sees it rest."""

    uid: UUID
    version: int
    plan: str
    kind: AgreementKind
    title: str
    names_mission: bool
    successor: str | None
    successor_signed_on: date | None
    valid_until_on: date | None
    known_on: date
    source: str
    signatories: tuple[SignatoryView, ...]
    capacities: tuple[UUID, ...]


def agreement_list(session: Session, plan_uid: UUID, *, actor: Actor) -> tuple[AgreementView, ...]:
    """Return the agreements of a plan as they were recorded; may be empty.

    The way in asks first whether the actor sees detail: who agreed what is for the few.
    """
    statement = (
        sa_select(Agreement, Plan, Organisation)
        .join(Plan, col(Plan.id) == Agreement.plan_id)
        .outerjoin(Organisation, col(Organisation.id) == Agreement.successor_id)
        .where(col(Plan.uid) == plan_uid)
        .order_by(col(Agreement.id))
    )
    rows = session.execute(statement).all()
    signed = _signatories(session, [row[0].id for row in rows])
    resting = _capacities(session, plan_uid, actor=actor)
    return tuple(
        _agreement(
            row,
            None if successor is None else successor.slug,
            plan.slug,
            signatories=signed[row.id],
            capacities=resting[row.id],
        )
        for row, plan, successor in rows
    )


def find_agreement(session: Session, uid: UUID, *, actor: Actor) -> tuple[UUID, AgreementView]:
    """Return the UUID of an agreement's plan, and the agreement.

    Raises:
        NotFound: there is none.
    """
    query = select(Plan.uid).join(Agreement, col(Agreement.plan_id) == Plan.id)
    plan_uid = session.exec(query.where(Agreement.uid == uid)).first()
    if plan_uid is None:
        raise NotFound("There is no agreement {agreement}.", agreement=str(uid))
    views = agreement_list(session, plan_uid, actor=actor)
    return plan_uid, next(view for view in views if view.uid == uid)


def _signatories(
    session: Session, agreements: Sequence[int | None]
) -> defaultdict[int | None, list[SignatoryView]]:
    query = (
        select(AgreementSignatory)
        .where(col(AgreementSignatory.agreement_id).in_(agreements))
        .order_by(col(AgreementSignatory.id))
    )
    found: defaultdict[int | None, list[SignatoryView]] = defaultdict(list)
    for row in session.exec(query):
        found[row.agreement_id].append(SignatoryView(row.role, row.count, row.renewed_count))
    return found


def _capacities(
    session: Session, plan_uid: UUID, *, actor: Actor
) -> defaultdict[int | None, list[UUID]]:
    seen = {
        row.capacity.id: row.capacity.uid
        for row in joined_rows(session, actor, names_plan(plan_uid))
    }
    query = (
        select(AgreementCapacity)
        .join(Agreement, col(Agreement.id) == AgreementCapacity.agreement_id)
        .join(Plan, col(Plan.id) == Agreement.plan_id)
        .where(Plan.uid == plan_uid)
        .order_by(col(AgreementCapacity.id))
    )
    found: defaultdict[int | None, list[UUID]] = defaultdict(list)
    for link in session.exec(query):
        if link.capacity_id in seen:
            found[link.agreement_id].append(seen[link.capacity_id])
    return found


def _agreement(
    row: Agreement,
    successor: str | None,
    plan: str,
    *,
    signatories: Sequence[SignatoryView],
    capacities: Sequence[UUID],
) -> AgreementView:
    return AgreementView(
        uid=row.uid,
        version=row.version,
        plan=plan,
        kind=row.kind,
        title=row.title,
        names_mission=row.names_mission,
        successor=successor,
        successor_signed_on=row.successor_signed_on,
        valid_until_on=row.valid_until_on,
        known_on=row.known_on,
        source=row.source,
        signatories=tuple(signatories),
        capacities=tuple(capacities),
    )
