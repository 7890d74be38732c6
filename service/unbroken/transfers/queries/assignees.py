"""To whom the items of a plan may be assigned: its organisations and their role mailboxes."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import exists, or_, union
from sqlmodel import Session, col, select

from unbroken.people.models import Account, Organisation, RoleGrant
from unbroken.people.rules import AccountState
from unbroken.plans.models import Custody, Mission, Plan
from unbroken.transfers.models import Transfer


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A role mailbox: the handle of its account and what the office is called."""

    handle: str
    title: str


@dataclass(frozen=True, slots=True)
class Assignee:
    """An organisation of a plan with those of its mailboxes that see the plan; may be none."""

    slug: str
    name: str
    mailboxes: tuple[Mailbox, ...] = field(default=())


def assignees(session: Session, plan_uid: UUID) -> tuple[Assignee, ...]:
    """Return givers, receivers and custodians of a plan by name, each with its mailboxes."""
    plan = select(Plan.id).where(Plan.uid == plan_uid).scalar_subquery()
    bodies = union(
        select(Transfer.giver_id).where(Transfer.plan_id == plan),
        select(Transfer.receiver_id).where(Transfer.plan_id == plan),
        select(Custody.organisation_id).where(Custody.plan_id == plan),
    )
    query = select(Organisation).where(col(Organisation.id).in_(bodies))
    found = session.exec(query.order_by(col(Organisation.name))).all()
    mailboxes = _mailboxes(session, plan_uid, [each.id for each in found])
    return tuple(
        Assignee(each.slug, each.name, tuple(mailboxes.get(each.id, ()))) for each in found
    )


def _mailboxes(
    session: Session, plan_uid: UUID, bodies: list[int | None]
) -> dict[int | None, list[Mailbox]]:
    country = (
        select(Mission.country_iso3)
        .join(Plan, col(Plan.mission_id) == Mission.id)
        .where(Plan.uid == plan_uid)
        .scalar_subquery()
    )
    sees = exists().where(
        col(RoleGrant.account_id) == Account.id,
        or_(col(RoleGrant.plan_uid).is_(None), col(RoleGrant.plan_uid) == plan_uid),
        or_(col(RoleGrant.country_iso3).is_(None), col(RoleGrant.country_iso3) == country),
    )
    query = (
        select(Account)
        .where(col(Account.organisation_id).in_(bodies), sees)
        .where(col(Account.state) != AccountState.CLOSED)
        .order_by(col(Account.title), col(Account.handle))
    )
    found: dict[int | None, list[Mailbox]] = {}
    for each in session.exec(query):
        found.setdefault(each.organisation_id, []).append(Mailbox(each.handle, each.title))
    return found
