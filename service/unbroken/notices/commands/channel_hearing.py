"""Keeps what came of sending to a channel: confirmed by its first answer, disabled when it is gone.

For ``heard`` and ``gone`` of ``commands.sending.Post``. How long a channel has failed counts by the
database's time, as its tries do.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, database_now, rows_changed
from unbroken.notices.commands.channel_acts import KIND, ChannelAction
from unbroken.notices.models import Channel
from unbroken.notices.queries.outlets import Outlet, outlet_of
from unbroken.notices.rules.digests import number_of
from unbroken.notices.rules.retries import WHOLE
from unbroken.notices.rules.words import ChannelState
from unbroken.outbox.commands import Claimed, Draft, put
from unbroken.people.models import Account
from unbroken.people.rules import SYSTEM, AccountState, author_of
from unbroken.trail.commands import open_trail

SENT = "sent"
DISABLED_TOPIC = "channel-disabled"
GONE, FAILING = "gone", "failing"
TURNS: Mapping[ChannelState, tuple[tuple[ChannelState, ...], ChannelAction]] = {
    ChannelState.ACTIVE: ((ChannelState.UNCONFIRMED,), ChannelAction.CONFIRMED),
    ChannelState.DISABLED: (
        (ChannelState.ACTIVE, ChannelState.UNCONFIRMED),
        ChannelAction.DISABLED,
    ),
}


def note_outcome(sessions: Sessions, message: Claimed, outcome: str, *, clock: Clock) -> None:
    """Keep the outcome of one try: ``sent``, or the code of the trouble; of mail there is nothing.

    The first test that is answered confirms a channel. One that failed for as long as all the tries
    of a message take, with no answer between, is disabled, and whoever made it is written to.
    """
    with sessions.reading() as session:
        outlet, now = outlet_of(session, message.channel_uid), database_now(session)
    if outlet is None:
        return
    row, since = outlet.row, outlet.row.failing_since_at
    is_new = row.state is ChannelState.UNCONFIRMED
    if outcome == SENT and is_new and outlet.is_tested_by(message):
        _confirm(sessions, outlet, at=clock.now())
    elif outcome == SENT and since is not None:
        _mark(sessions, row, None)
    elif outcome != SENT and row.state is ChannelState.ACTIVE:
        if since is None:
            _mark(sessions, row, now)
        elif now - since >= WHOLE:
            _disable(sessions, outlet, FAILING, at=clock.now())


def note_gone(sessions: Sessions, message: Claimed, *, clock: Clock) -> None:
    """Disable the channel of a message whose receiver wants nothing ever again, at once."""
    with sessions.reading() as session:
        outlet = outlet_of(session, message.channel_uid)
    if outlet is not None:
        _disable(sessions, outlet, GONE, at=clock.now())


def _mark(sessions: Sessions, row: Channel, since: datetime | None) -> None:
    with sessions.begin() as session:
        same = col(Channel.id) == row.id
        rows_changed(session, update(Channel).where(same).values(failing_since_at=since))


def _confirm(sessions: Sessions, outlet: Outlet, *, at: datetime) -> None:
    with sessions.begin() as session:
        _turn(session, outlet, ChannelState.ACTIVE, at=at, facts={})


def _disable(sessions: Sessions, outlet: Outlet, why: str, *, at: datetime) -> None:
    with sessions.begin() as session:
        if _turn(session, outlet, ChannelState.DISABLED, at=at, facts={"why": why}):
            _write(session, outlet, at=at)


def _turn(
    session: Session,
    outlet: Outlet,
    to: ChannelState,
    *,
    at: datetime,
    facts: Mapping[str, object],
) -> bool:
    """Change a channel's state and record it; ``False``: somebody else did before."""
    place, row = outlet.place, outlet.row
    plans = () if place is None else (place.plan_uid,)
    recorder = open_trail(session, author=author_of(SYSTEM, place), at=at, plans=plans)
    before, action = TURNS[to]
    as_seen = (col(Channel.id) == row.id, col(Channel.state).in_(before))
    turned = update(Channel).where(*as_seen).values(state=to, version=Channel.version + 1)
    if rows_changed(session, turned.values(failing_since_at=None)) != 1:
        return False
    recorder.record(action, kind=KIND, subject=row.uid, values=facts)
    return True


def _write(session: Session, outlet: Outlet, *, at: datetime) -> None:
    """Put a letter to whoever made the channel, while that account is open."""
    made_by = Account.uid == outlet.row.made_by_uid
    found = session.exec(
        select(Account).where(made_by, Account.state == AccountState.ACTIVE)
    ).first()
    if found is None:
        return
    body = {
        "account": found.uid,
        "language": found.language,
        "number": number_of(outlet.row.uid),
        "path": outlet.path,
        "at": at,
    }
    key = f"{DISABLED_TOPIC}:{outlet.row.uid}:{outlet.row.version}"
    put(session, Draft(DISABLED_TOPIC, key, found.mailbox, body))
