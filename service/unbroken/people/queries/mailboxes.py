"""The role mailboxes to which work can be given."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from unbroken.people.models import Account, Organisation
from unbroken.people.rules import AccountState


def mailboxes_of(session: Session, organisations: Collection[str]) -> list[str]:
    """Return the handles of the open accounts of these organisations (slugs), in order."""
    query = (
        select(Account.handle)
        .join(Organisation, col(Organisation.id) == Account.organisation_id)
        .where(col(Organisation.slug).in_(organisations), Account.state != AccountState.CLOSED)
        .order_by(col(Account.handle))
    )
    return list(session.exec(query))
