"""Changes the keys of channels, tests, enables and ends them, and has messages sent again."""

from datetime import timedelta
from uuid import UUID

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, database_now
from unbroken.kit.errors import Conflict, NotFound
from unbroken.notices.commands.channel_acts import (
    ChannelAction,
    Keyed,
    acting_on_channel,
    keyed,
    put_test,
    require_root,
)
from unbroken.notices.rules.words import ChannelKind, ChannelState
from unbroken.outbox.commands import hurry, send_again
from unbroken.outbox.queries import message_row
from unbroken.people.rules import Actor

OLD_KEY_LIVES = timedelta(hours=24)


def change_key(
    sessions: Sessions,
    uid: UUID,
    *,
    actor: Actor,
    clock: Clock,
    root: str,
    seen: int | None = None,
) -> Keyed:
    """Give a webhook another key and return it; for 24 hours the one before signs too.

    Raises:
        NotFound: there is no such channel that the actor keeps.
        Conflict: it has no key or has ended, or there is nothing to derive keys from.
        Stale: somebody changed it since it was read.
    """
    require_root(root)
    with acting_on_channel(sessions, uid, actor=actor, clock=clock, seen=seen) as acting:
        row = acting.row
        if row.kind is not ChannelKind.WEBHOOK:
            raise Conflict(
                "Only a webhook has a key.",
                remedy="Make another address there, and set it in its variable.",
            )
        row.key_number += 1
        row.old_key_until_at = database_now(acting.session) + OLD_KEY_LIVES
        acting.record(ChannelAction.KEY_CHANGED, {"number": row.key_number})
        return keyed(row, root)


def send_test(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """Have a test sent to a channel; one that waits is tried now. Confirms it when answered.

    Raises:
        NotFound: there is no such channel that the actor keeps.
        Conflict: it is disabled or has ended.
    """
    with acting_on_channel(sessions, uid, actor=actor, clock=clock) as acting:
        if acting.row.state is ChannelState.DISABLED:
            raise Conflict("This channel is disabled.", remedy="Enable it: that sends a test.")
        put_test(acting.session, acting.row, at=clock.now())
        acting.record(ChannelAction.TESTED, {})


def enable_channel(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """Have a disabled channel tested; answered, it is told again, and what it missed at once.

    Raises:
        NotFound: there is no such channel that the actor keeps.
        Conflict: it is not disabled.
    """
    with acting_on_channel(sessions, uid, actor=actor, clock=clock) as acting:
        if acting.row.state is not ChannelState.DISABLED:
            raise Conflict("This channel is not disabled.", remedy="Send a test if you doubt it.")
        acting.row.state, acting.row.failing_since_at = ChannelState.UNCONFIRMED, None
        acting.record(ChannelAction.ENABLED, {})
        put_test(acting.session, acting.row, at=clock.now())


def end_channel(sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock) -> None:
    """End a channel for good; what waits for it is dropped.

    Raises:
        NotFound: there is no such channel that the actor keeps.
        Conflict: it has ended.
    """
    with acting_on_channel(sessions, uid, actor=actor, clock=clock) as acting:
        acting.row.state = ChannelState.ENDED
        acting.record(ChannelAction.ENDED, {})


def send_channel_message_again(
    sessions: Sessions, uid: UUID, message: UUID, *, actor: Actor, clock: Clock
) -> None:
    """Have a message tried now that a channel did not take, whether it waits or was given up.

    Raises:
        NotFound: there is no such channel that the actor keeps, or no such message of it.
        Conflict: the channel is not confirmed, or the message was sent.
    """
    with acting_on_channel(sessions, uid, actor=actor, clock=clock) as acting:
        if acting.row.state is not ChannelState.ACTIVE:
            raise Conflict("This channel takes nothing now.", remedy="Let it be confirmed first.")
        found = message_row(acting.session, message)
        if found.channel_uid != uid:
            raise NotFound("There is no message {uid}.", uid=str(message))
        if not send_again(acting.session, message) and not hurry(acting.session, message):
            raise Conflict("This message was sent.", remedy="Send a test if you doubt the channel.")
        acting.record(ChannelAction.SENT_AGAIN, {"message": message})
