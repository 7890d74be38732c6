"""Who answers for an organisation at a place, for letters that ask for an answer."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.people.models import Account, Organisation
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import AccountState, Place, Role, Signing


class Answering(NamedTuple):
    """A role mailbox that may answer for its organisation, and how far its answer goes."""

    uid: UUID
    handle: str
    title: str
    mailbox: str
    language: str
    signing: Signing


def answering_for(session: Session, organisation_uid: UUID, place: Place) -> Sequence[Answering]:
    """Return the active accounts that may answer for an organisation there, signatories first."""
    query = (
        select(Account)
        .join(Organisation, col(Organisation.id) == Account.organisation_id)
        .where(Organisation.uid == organisation_uid, Account.state == AccountState.ACTIVE)
        .order_by(col(Account.handle))
    )
    found = []
    for account in session.exec(query):
        actor = actor_of(session, account)
        signing = actor.signing(place)
        if signing is not Signing.NONE and not actor.has(Role.STEWARD):
            found.append(
                Answering(
                    account.uid,
                    account.handle,
                    account.title,
                    account.mailbox,
                    account.language,
                    signing,
                )
            )
    return sorted(found, key=lambda each: (each.signing is not Signing.SIGNS, each.handle))
