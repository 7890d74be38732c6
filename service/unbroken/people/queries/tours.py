"""What the first steps ask of people: whether they are hidden, and who is there already."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from unbroken.people.models import Account, HiddenTour, RoleGrant
from unbroken.people.rules import AccountState, Role


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many accounts hold a role, and how many of them are stewards who can sign in."""

    accounts: int = 0
    stewards: int = 0


def is_tour_hidden(session: Session, account_uid: UUID) -> bool:
    """Return whether the account has put the first steps aside."""
    query = select(HiddenTour.account_id).join(Account).where(Account.uid == account_uid)
    return session.exec(query).first() is not None


def staffing(session: Session) -> Staffing:
    """Return how many accounts there are, closed ones left out."""
    holders = func.count(func.distinct(col(RoleGrant.account_id)))
    living = (
        select(holders)
        .join(Account, col(Account.id) == RoleGrant.account_id)
        .where(col(Account.state) != AccountState.CLOSED)
    )
    stewards = living.where(
        RoleGrant.role == Role.STEWARD, col(Account.state) == AccountState.ACTIVE
    )
    return Staffing(session.exec(living).one(), session.exec(stewards).one())
