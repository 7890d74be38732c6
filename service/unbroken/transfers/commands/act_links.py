"""Links by mail, made when a letter leaves, read as often as wanted, used once.

Links live by the machine's clock, like sign-ins; what is signed bears the instance's day.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id, rows_changed
from unbroken.kit.errors import Conflict
from unbroken.people.commands.links import fresh_secret
from unbroken.people.models import Account, SignIn
from unbroken.people.queries.actors import actor_of
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import AccountState, Actor, Signing
from unbroken.people.rules.lives import hash_of
from unbroken.transfers.commands.frame import acting, plan_of_capacities
from unbroken.transfers.commands.signing import Signed, SignOrder, sign_in
from unbroken.transfers.models import ActLink, Capacity
from unbroken.transfers.queries.cases import capacity_row
from unbroken.transfers.rules.links import (
    LINK_ACTS,
    LinkDoesOther,
    LinkOfAnother,
    LinkUnknown,
    LinkUsed,
    require_usable,
)
from unbroken.transfers.rules.sayings import said_act
from unbroken.transfers.rules.words import Act

RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeActLink:
    """A link for one account on one capacity that opens on ``act`` and lives for ``life``.

    ``keep_older`` is for the same letter tried again: nobody knows which of two copies is read.
    """

    account_uid: UUID
    capacity_uid: UUID
    act: Act
    life: timedelta
    made_by_uid: UUID | None = None
    keep_older: bool = False


@dataclass(frozen=True, slots=True)
class MadeActLink:
    """A link just made; ``secret`` goes into the letter and exists here only."""

    uid: UUID
    expires_at: datetime
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link opens: for whom, on which capacity and act, and whether it has changed since."""

    uid: UUID
    actor: Actor
    capacity_uid: UUID
    act: Act
    expires_at: datetime
    changed: bool


def make_act_link(sessions: Sessions, order: MakeActLink, *, clock: Clock) -> MadeActLink:
    """Make a link for a letter that leaves now; older ones of this account there end, if not kept.

    Raises:
        NotFound: there is no such account or capacity.
        Conflict: the account cannot act.
    """
    at = clock.now()
    secret = fresh_secret()
    with sessions.begin() as session:
        account = account_row(session, order.account_uid)
        if account.state is not AccountState.ACTIVE:
            raise Conflict("The account {handle} cannot act.", handle=account.handle)
        capacity = capacity_row(session, order.capacity_uid)
        if not order.keep_older:
            _end_older(session, account, capacity, at=at)
        link = ActLink(
            account_id=row_id(account),
            capacity_id=row_id(capacity),
            act=order.act,
            secret_hash=hash_of(secret),
            content_hash=capacity.content_hash,
            made_by_uid=order.made_by_uid,
            created_at=at,
            expires_at=at + order.life,
        )
        session.add(link)
        session.flush()
        return MadeActLink(link.uid, link.expires_at, secret)


def open_act_link(session: Session, secret: str, *, at: datetime) -> OpenedLink:
    """Return what a link opens; nothing is used up, because mail scanners open links too.

    Raises:
        LinkUnknown, LinkUsed, LinkExpired: it opens nothing any more.
        Conflict: its account cannot act any more.
    """
    link = session.exec(select(ActLink).where(ActLink.secret_hash == hash_of(secret))).first()
    if link is None:
        raise LinkUnknown
    require_usable(used_at=link.used_at, expires_at=link.expires_at, at=at)
    account = session.get_one(Account, link.account_id)
    if account.state is not AccountState.ACTIVE:
        raise Conflict("The account {handle} cannot act.", handle=account.handle)
    capacity = session.get_one(Capacity, link.capacity_id)
    return OpenedLink(
        uid=link.uid,
        actor=actor_of(session, account),
        capacity_uid=capacity.uid,
        act=link.act,
        expires_at=link.expires_at,
        changed=capacity.content_hash != link.content_hash,
    )


def require_own_link(link: OpenedLink, account_uid: UUID) -> None:
    """Pass where the link was sent to this account.

    Raises:
        LinkOfAnother: it was not.
    """
    if link.actor.account_uid != account_uid:
        raise LinkOfAnother(handle=link.actor.handle)


def was_here_lately(session: Session, secret: str, link: OpenedLink, *, at: datetime) -> bool:
    """Return whether this device signed in as the link's account within 30 days.

    ``secret`` is of a sign-in that may have run out since; one that was signed out does not count.
    """
    query = (
        select(Account.uid)
        .join(SignIn, col(SignIn.account_id) == Account.id)
        .where(
            SignIn.secret_hash == hash_of(secret),
            col(SignIn.ended_at).is_(None),
            col(SignIn.created_at) > at - RECENT,
        )
    )
    return session.exec(query).first() == link.actor.account_uid


def sign_by_link(
    sessions: Sessions, secret: str, order: SignOrder, *, clock: Clock, at: datetime
) -> Signed:
    """Sign one act by a link and use it up, both or neither; of two at once one is refused.

    ``at`` is the machine's instant. The receipt and the trail say that it came by link.

    Raises:
        LinkUnknown, LinkUsed, LinkExpired: the link signs nothing.
        LinkDoesOther: another capacity, or an act that no link signs for this account.
        Stale, Refused: as ``sign``; the link is not used up.
    """
    with sessions.reading() as session:
        link = open_act_link(session, secret, at=at)
    if order.capacity_uid != link.capacity_uid:
        raise LinkDoesOther(act=said_act(order.act))
    find_plan = plan_of_capacities([link.capacity_uid])
    with acting(sessions, find_plan, actor=link.actor, clock=clock) as (session, by):
        if order.act not in LINK_ACTS[_strongest(link.actor)]:
            raise LinkDoesOther(act=said_act(order.act))
        _use(session, link, at=at)
        return sign_in(session, order, by=by, link_uid=link.uid)


def _strongest(actor: Actor) -> Signing:
    # The rules decide what the account may do at this place; this only keeps links to answers.
    found = {grant.signing for grant in actor.grants}
    return next(
        (each for each in (Signing.SIGNS, Signing.RECOMMENDS) if each in found), Signing.NONE
    )


def _use(session: Session, link: OpenedLink, *, at: datetime) -> None:
    statement = (
        update(ActLink)
        .where(col(ActLink.uid) == link.uid, col(ActLink.used_at).is_(None))
        .values(used_at=at)
    )
    if rows_changed(session, statement) != 1:
        raise LinkUsed


def _end_older(session: Session, account: Account, capacity: Capacity, *, at: datetime) -> None:
    session.execute(
        update(ActLink)
        .where(
            col(ActLink.account_id) == account.id,
            col(ActLink.capacity_id) == capacity.id,
            col(ActLink.used_at).is_(None),
        )
        .values(used_at=at)
    )
