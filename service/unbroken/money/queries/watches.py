"""What accounts ask to be told of: to their owners, to a scan, and behind the secret of a feed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.errors import NotFound
from unbroken.money.models_interest import Watch
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.watching import Filters, filters_from
from unbroken.people.models import Account
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import AccountState, Actor
from unbroken.people.rules.lives import hash_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """One watch of one's own: told is what rises above ``least`` US dollars.

    ``has_feed`` where a secret address holds; the address itself is known to nobody but its owner.
    """

    uid: UUID
    filters: Filters
    least: Decimal
    by_mail: bool
    has_feed: bool
    created_at: datetime
    told_at: datetime | None


def watch_views(session: Session, *, actor: Actor) -> tuple[WatchView, ...]:
    """Return the watches of the actor's account that hold, the first made first; may be empty."""
    query = select(Watch).join(Account, col(Account.id) == Watch.account_id)
    own = (Account.uid == actor.account_uid, col(Watch.ended_at).is_(None))
    return tuple(_view(row) for row in session.exec(query.where(*own).order_by(col(Watch.id))))


def watch_row(session: Session, uid: UUID, *, actor: Actor) -> Watch:
    """Return the row of a watch of the actor's own that holds.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(Watch).join(Account, col(Account.id) == Watch.account_id)
    own = (Account.uid == actor.account_uid, col(Watch.ended_at).is_(None))
    found = session.exec(query.where(Watch.uid == uid, *own)).first()
    if found is None:
        raise NotFound("There is no such watch.", remedy="The list shows those that still hold.")
    return found


def watch_view(session: Session, uid: UUID, *, actor: Actor) -> WatchView:
    """Return one watch of the actor's own. Raises as ``watch_row``."""
    return _view(watch_row(session, uid, actor=actor))


@dataclass(frozen=True, slots=True)
class Watcher:
    """A watch that holds, and the account behind it."""

    watch: Watch
    account: Account

    @property
    def filters(self) -> Filters:
        """Return of which money it asks."""
        return filters_from(self.watch.filters)


def watchers(session: Session) -> list[Watcher]:
    """Return every watch that holds of an account that is open, in order; may be empty."""
    query = (
        select(Watch, Account)
        .join(Account, col(Account.id) == Watch.account_id)
        .where(col(Watch.ended_at).is_(None), Account.state == AccountState.ACTIVE)
        .order_by(col(Watch.id))
    )
    return [Watcher(watch, account) for watch, account in session.exec(query)]


def watch_behind(session: Session, secret: str) -> tuple[Watch, Actor]:
    """Return the watch whose feed ``secret`` opens, and its account as it may read now.

    Raises:
        NotFound: unknown, made anew, revoked, or the account is closed or has no role any more; the
            answer does not say which.
    """
    query = (
        select(Watch, Account)
        .join(Account, col(Account.id) == Watch.account_id)
        .where(
            Watch.secret_hash == hash_of(secret),
            col(Watch.ended_at).is_(None),
            Account.state == AccountState.ACTIVE,
        )
    )
    found = session.exec(query).first()
    actor = None if found is None else actor_of(session, found[1])
    if found is None or actor is None or not actor.grants:
        raise NotFound("There is no such feed.", remedy="Make its address anew on your page.")
    return found[0], actor


def _view(row: Watch) -> WatchView:
    return WatchView(
        uid=row.uid,
        filters=filters_from(row.filters),
        least=to_amount(row.least_units),
        by_mail=row.by_mail,
        has_feed=row.secret_hash is not None,
        created_at=row.created_at,
        told_at=row.told_at,
    )
