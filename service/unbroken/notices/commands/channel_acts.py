"""The frame of every act on a channel: rights, lock, trail and version; and its test."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.errors import Conflict
from unbroken.kit.reaching import Unreached
from unbroken.kit.settings import secret_named
from unbroken.notices.models import Channel
from unbroken.notices.queries.channels import TEST_TOPIC, channel_place, messages_under_way
from unbroken.notices.rules.addresses import (
    NOT_REACHED,
    NOT_SET,
    address_problems,
    is_address,
    is_by_name,
    mark_of,
)
from unbroken.notices.rules.keys import is_root, key_of
from unbroken.notices.rules.words import ChannelKind, ChannelState
from unbroken.outbox.commands import Draft, hurry, put
from unbroken.people.rules import Actor, author_of
from unbroken.plans.commands.acts import check_version, refuse_if
from unbroken.trail.commands import Recorder, open_trail

KIND = "channel"


class ChannelAction(StrEnum):
    """The acts on channels as the trail names them."""

    REGISTERED = "notices:channel:registered"
    EDITED = "notices:channel:edited"
    KEY_CHANGED = "notices:channel:key-changed"
    TESTED = "notices:channel:tested"
    CONFIRMED = "notices:channel:confirmed"
    DISABLED = "notices:channel:disabled"
    ENABLED = "notices:channel:enabled"
    ENDED = "notices:channel:ended"
    SENT_AGAIN = "notices:channel:sent-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTerms:
    """What a channel is held against.

    ``signing_root`` is what keys are derived from. ``check`` raises ``Unreached`` where an address
    may not be reached; ``secret`` gives what a setting holds, empty where it is not set.
    """

    signing_root: str
    check: Callable[[str], None]
    secret: Callable[[str], str] = secret_named


@dataclass(frozen=True, slots=True)
class Keyed:
    """A channel and its newest key, which is told here only; empty for kinds without keys."""

    uid: UUID
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ActingOn:
    """A channel that an act has locked, and what records the act."""

    session: Session
    row: Channel
    recorder: Recorder

    def record(self, action: ChannelAction, values: Mapping[str, object]) -> None:
        """Add one entry about the channel to the chain that is open."""
        self.recorder.record(action, kind=KIND, subject=self.row.uid, values=values)


@contextmanager
def acting_on_channel(
    sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock, seen: int | None = None
) -> Iterator[ActingOn]:
    """Yield a channel that the actor keeps and that has not ended, in one transaction.

    Raises:
        NotFound: there is none, or somebody else keeps it.
        Conflict: it has ended.
        Stale: ``seen`` is given and is not its version any more.
    """
    at = clock.now()
    with sessions.begin() as session:
        place = channel_place(session, uid, actor=actor)
        plans = () if place is None else (place.plan_uid,)
        recorder = open_trail(session, author=author_of(actor, place), at=at, plans=plans)
        query = select(Channel).where(Channel.uid == uid)
        row = session.exec(query.execution_options(populate_existing=True)).one()
        if row.state is ChannelState.ENDED:
            raise Conflict("This channel has ended.", remedy="Register another one.")
        check_version(seen, row.version)
        yield ActingOn(session, row, recorder)


def check_address(kind: ChannelKind, address: str, terms: ChannelTerms) -> None:
    """Pass where a channel of this kind can be reached at an address, as things are now.

    Asks the network for what its name leads to, so never within a transaction.

    Raises:
        Invalid: it is no address, its setting is not set, or it may not be reached.
    """
    refuse_if(address_problems(kind, address))
    real = terms.secret(address) if is_by_name(kind) else address
    if not is_address(real):
        refuse_if([NOT_SET])
    try:
        terms.check(real)
    except Unreached:
        refuse_if([NOT_REACHED])


def require_root(root: str) -> None:
    """Pass where keys of webhooks can be derived.

    Raises:
        Conflict: the secret is not set, or too short.
    """
    if not is_root(root):
        raise Conflict(
            "Webhooks cannot be signed: UNBROKEN_SECRET_SIGNING is not set, or is too short.",
            remedy="Have whoever runs this service set it to 32 characters or more.",
        )


def keyed(row: Channel, root: str) -> Keyed:
    """Return a channel with its newest key."""
    has_key = row.kind is ChannelKind.WEBHOOK
    return Keyed(row.uid, key_of(root, row.uid, row.key_number) if has_key else "")


def put_test(session: Session, row: Channel, *, at: datetime) -> None:
    """Put the event by which a receiver shows that it is there; one on its way is hurried.

    It counts for the address that the channel has now, and for no other.
    """
    mark = mark_of(row.address)
    for waiting in messages_under_way(session, row.uid, TEST_TOPIC):
        if waiting.body["address"] == mark:
            hurry(session, waiting.uid)
            return
    key = f"{TEST_TOPIC}:{row.uid}:{new_uid()}"
    body = {"language": row.language, "at": at, "address": mark}
    draft = Draft(TEST_TOPIC, key, str(row.uid), body, sender=row.kind, channel_uid=row.uid)
    put(session, draft)
