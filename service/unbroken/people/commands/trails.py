"""The instance chain, opened for what happens to people."""

from datetime import datetime

from sqlmodel import Session

from unbroken.people.models import Account
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import Actor, author_of
from unbroken.trail.commands import Recorder, open_trail


def people_trail(session: Session, actor: Actor, at: datetime) -> Recorder:
    """Return a recorder on the instance chain.

    Opening it comes first in a command: it locks the head of the chain, so changes to people happen
    one after the other on both databases and what is read next stays true.
    """
    return open_trail(session, author=author_of(actor, None), at=at, instance=True)


def own_trail(session: Session, account: Account, at: datetime) -> Recorder:
    """Return a recorder on the instance chain for what an account does to itself."""
    return people_trail(session, actor_of(session, account), at)
