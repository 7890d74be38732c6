"""The role mailboxes to which a gap may be assigned: those that work on its plan."""

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from unbroken.people.models import Account, Organisation, RoleGrant
from unbroken.people.rules import AccountState, Place, Role
from unbroken.transfers.queries.assignees import Assignee, Mailbox

WORKING = (Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR)


def gap_mailboxes(session: Session, place: Place) -> tuple[Assignee, ...]:
    """Return the organisations that work on the plan by name, each with its role mailboxes.

    They plan there, answer there or co-chair there; a mailbox of a steward or of a closed account
    is none. An organisation without any is absent.
    """
    found: dict[str, list[Mailbox]] = {}
    names: dict[str, str] = {}
    for account, slug, name in session.exec(_working(place)):
        names[slug] = name
        found.setdefault(slug, []).append(Mailbox(account.handle, account.title))
    return tuple(Assignee(slug, names[slug], tuple(boxes)) for slug, boxes in found.items())


def gap_mailbox(session: Session, place: Place, handle: str) -> Account | None:
    """Return the account behind one of these mailboxes, or ``None`` where it is none of them."""
    row = session.exec(_working(place).where(col(Account.handle) == handle)).first()
    return None if row is None else row[0]


def _working(place: Place) -> Select[Account, str, str]:
    here = exists().where(
        col(RoleGrant.account_id) == Account.id,
        col(RoleGrant.role).in_(WORKING),
        or_(col(RoleGrant.plan_uid).is_(None), col(RoleGrant.plan_uid) == place.plan_uid),
        or_(
            col(RoleGrant.country_iso3).is_(None),
            col(RoleGrant.country_iso3) == place.country_iso3,
        ),
    )
    stewards = exists().where(
        col(RoleGrant.account_id) == Account.id, col(RoleGrant.role) == Role.STEWARD
    )
    return (
        select(Account, col(Organisation.slug), col(Organisation.name))
        .join(Organisation, col(Organisation.id) == Account.organisation_id)
        .where(here, ~stewards, col(Account.state) != AccountState.CLOSED)
        .order_by(col(Organisation.name), col(Account.title), col(Account.handle))
    )
