"""Which channels have news, what it is, and how a channel stands when its message's turn comes."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.db import database_now
from unbroken.notices.models import Channel, Notice
from unbroken.notices.queries.channels import (
    BEING_SENT,
    NEWS_TOPIC,
    TEST_TOPIC,
    channel_rows,
    kinds_of,
    place_behind,
)
from unbroken.notices.queries.readers import news_between, piece_of
from unbroken.notices.rules.addresses import mark_of
from unbroken.notices.rules.bulletins import Wanted
from unbroken.notices.rules.digests import Piece
from unbroken.notices.rules.words import ChannelState
from unbroken.outbox.commands import Claimed
from unbroken.outbox.models import Message
from unbroken.people.rules import Place


@dataclass(frozen=True, slots=True)
class Outlet:
    """A channel as its messages need it; ``with_old``: the key before signs too.

    ``place`` and ``slug`` are its plan's, ``None`` where it tells of every plan.
    """

    row: Channel
    slug: str | None
    place: Place | None
    with_old: bool

    @property
    def path(self) -> str:
        """Return the page of this channel."""
        return f"/channels/{self.row.uid}"

    def is_tested_by(self, message: Claimed) -> bool:
        """Return whether a message is a test of the address that the channel has now."""
        of_this = message.body.get("address") == mark_of(self.row.address)
        return message.topic == TEST_TOPIC and of_this

    @property
    def list_path(self) -> str:
        """Return the list in which everything stands that the channel is told of."""
        return "/gaps" if self.slug is None else f"/gaps?plan={self.slug}"


def channels_with_news(session: Session, *, newest: int) -> list[Channel]:
    """Return the confirmed channels that were not told up to the newest notice, in order.

    Without those whose last message is still on its way.
    """
    on_its_way = select(Message.id).where(
        col(Message.channel_uid) == col(Channel.uid),
        Message.topic == NEWS_TOPIC,
        col(Message.state).in_(BEING_SENT),
    )
    query = select(Channel).where(
        Channel.state == ChannelState.ACTIVE, Channel.told_to < newest, ~on_its_way.exists()
    )
    return list(session.exec(query.order_by(col(Channel.id))))


def pieces_for_channel(session: Session, channel: Channel, *, upto: int) -> list[Piece]:
    """Return what is new on a channel's plans up to and with ``upto``, whatever it is told of."""
    where = () if channel.plan_id is None else (col(Notice.plan_id) == channel.plan_id,)
    statement = news_between(channel.told_to, upto, *where)
    return [piece_of(row) for row in session.connection().execute(statement).mappings()]


def wanted_by(channel: Channel) -> Wanted:
    """Return what a channel is told."""
    return Wanted(channel.least, frozenset(kinds_of(channel)))


def outlet_of(session: Session, uid: UUID | None) -> Outlet | None:
    """Return the channel behind a message as it is now; ``None``: the message is of none."""
    query = channel_rows().where(Channel.uid == uid)
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        return None
    row, slug, plan_uid, country = found
    until = row.old_key_until_at
    with_old = until is not None and database_now(session) < until
    return Outlet(row, slug, place_behind(plan_uid, country), with_old)
