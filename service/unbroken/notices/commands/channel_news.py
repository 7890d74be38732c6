"""Puts one message for each channel that has news; nothing is sent from here."""

from sqlalchemy import update
from sqlmodel import Session, col

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, rows_changed
from unbroken.notices.models import Channel
from unbroken.notices.queries.channels import NEWS_TOPIC, messages_under_way
from unbroken.notices.queries.outlets import (
    Outlet,
    channels_with_news,
    outlet_of,
    pieces_for_channel,
    wanted_by,
)
from unbroken.notices.queries.readers import newest_notice
from unbroken.notices.rules.bulletins import Bulletin, bulletin_of
from unbroken.notices.rules.words import ChannelState
from unbroken.outbox.commands import Draft, put


def put_channel_news(sessions: Sessions, *, clock: Clock) -> int:
    """Put the message of every channel that has news and return how many; each is told once.

    A channel whose last message is still on its way is left alone: what happens meanwhile comes in
    the next one, so that a receiver that is down finds one message and not one for each scan.
    """
    with sessions.reading() as session:
        due = channels_with_news(session, newest=newest_notice(session))
    return sum(_put(sessions, channel, clock=clock) for channel in due)


def _put(sessions: Sessions, due: Channel, *, clock: Clock) -> int:
    with sessions.begin() as session:
        outlet = outlet_of(session, due.uid)
        if outlet is None or messages_under_way(session, due.uid, NEWS_TOPIC):
            return 0
        upto = newest_notice(session)
        bulletin = bulletin_of(
            pieces_for_channel(session, outlet.row, upto=upto), wanted_by(outlet.row)
        )
        if not _move(session, outlet.row, upto) or not bulletin.things:
            return 0
        put(session, _draft(outlet, bulletin, upto, clock=clock))
        return 1


def _move(session: Session, row: Channel, upto: int) -> bool:
    """Note how far a channel was told; ``False``: another process told it, or somebody changed it.

    Its version stays: what is told must not make the page of whoever edits it stale.
    """
    as_read = (
        col(Channel.id) == row.id,
        col(Channel.version) == row.version,
        col(Channel.told_to) == row.told_to,
        col(Channel.state) == ChannelState.ACTIVE,
    )
    return rows_changed(session, update(Channel).where(*as_read).values(told_to=upto)) == 1


def _draft(outlet: Outlet, bulletin: Bulletin, upto: int, *, clock: Clock) -> Draft:
    row = outlet.row
    things = [
        {"kind": each.kind.value, "number": each.number, "path": each.path}
        for each in bulletin.things
    ]
    body = {
        "language": row.language,
        "at": clock.now(),
        "things": things,
        "rest": bulletin.rest,
        "list": outlet.list_path,
    }
    key = f"{NEWS_TOPIC}:{row.uid}:{upto}"
    return Draft(NEWS_TOPIC, key, str(row.uid), body, sender=row.kind.value, channel_uid=row.uid)
