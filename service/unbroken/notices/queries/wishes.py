"""How one account is told, and what its next letter would tell as things stand."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from unbroken.kit.errors import SignInNeeded
from unbroken.notices.queries.readers import (
    Reader,
    newest_notice,
    pieces_for,
    reader_of,
    zone_for,
)
from unbroken.notices.rules.digests import Digest, digest_of
from unbroken.notices.rules.wishes import Wish, next_digest_at, wish_of
from unbroken.people.rules import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class WishView:
    """How an account is told; ``chosen``: it said so itself, else it goes by its role.

    ``told_at`` is when the last letter was put, ``next_at`` when the next may be, if there is
    anything to tell. ``waiting`` is what it would tell now. ``version`` is 0 until the account was
    first looked at.
    """

    wish: Wish
    chosen: bool
    version: int
    told_at: datetime | None
    next_at: datetime | None
    waiting: Digest


def wish_view(session: Session, *, actor: Actor, now: datetime) -> WishView:
    """Return how the actor's own account is told.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    if actor.account_uid is None:
        raise SignInNeeded
    reader = reader_of(session, actor.account_uid)
    if reader is None:
        return _unknown(session, actor)
    return WishView(
        wish=reader.wish,
        chosen=reader.row.chosen,
        version=reader.row.version,
        told_at=reader.row.told_at,
        next_at=next_digest_at(reader.wish, told=reader.row.told_period_on, now=now),
        waiting=_waiting(session, reader),
    )


def _waiting(session: Session, reader: Reader) -> Digest:
    upto = newest_notice(session)
    return digest_of(pieces_for(session, reader, after=reader.row.told_to, upto=upto))


def _unknown(session: Session, actor: Actor) -> WishView:
    wish = wish_of(actor.role_at(None), zone=zone_for(session, actor))
    return WishView(
        wish=wish, chosen=False, version=0, told_at=None, next_at=None, waiting=digest_of(())
    )
