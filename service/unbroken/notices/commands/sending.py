"""Sends what waits: claimed, written, sent outside any transaction, settled.

At least once, with a stable UUID; twice only where a process died, slept past its lease or lost the
database between sending and settling.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import random
from time import monotonic

import structlog

from unbroken.kit.db import is_out_of_reach
from unbroken.notices.ports import Envelope, NoticeSender, NotSent, Resting
from unbroken.notices.rules.retries import retry_in
from unbroken.notices.writing import Desk, Writers
from unbroken.outbox.commands import Claimed, claim, drop, fail, put_back, renew, settle

LEASE_SECONDS = 120.0
"""Longer than any sender may take for one message."""
AT_ONCE = 10
SENT = "sent"
UNWRITTEN = "not-written"
BROKEN = "sender-broken"

log = structlog.get_logger(__name__)


def _nothing(_message: Claimed) -> None:
    """Do nothing where a message has nobody to go to any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Who sends, by which ways, and what else hears how it went.

    ``lease_seconds`` is how long a message stays with who claimed it, ``elapsed`` what tells
    whether it has passed. ``gone`` is called when a receiver wants nothing ever again, ``heard``
    with the outcome of each try: ``sent`` or the code of the trouble.
    """

    desk: Desk
    owner: str
    senders: Mapping[str, NoticeSender]
    writers: Writers
    stopped: Callable[[], bool] = lambda: False
    chance: Callable[[], float] = random
    gone: Callable[[Claimed], None] = _nothing
    heard: Callable[[Claimed, str], None] = field(default=lambda _message, _outcome: None)
    lease_seconds: float = LEASE_SECONDS
    elapsed: Callable[[], float] = monotonic


def send_due(post: Post) -> int:
    """Send everything that is due, a few at a time, and return how many left the house.

    Stops between two messages when it is told to, and gives back what it has not tried. A way that
    is out of order is left alone for the rest of the turn: one message tells so, not all of them.
    """
    open_ways = {kind for kind, sender in post.senders.items() if sender.ready()}
    try:
        return _send_all(post, open_ways)
    finally:
        for sender in post.senders.values():
            if isinstance(sender, Resting):
                sender.rest()


def _send_all(post: Post, open_ways: set[str]) -> int:
    sent = 0
    while open_ways and not post.stopped():
        claimed = claim(
            post.desk.sessions,
            owner=post.owner,
            lease_seconds=post.lease_seconds,
            limit=AT_ONCE,
            senders=sorted(open_ways),
        )
        if not claimed:
            break
        for message in claimed:
            sent += _send(post, message, open_ways)
    return sent


def _send(post: Post, message: Claimed, open_ways: set[str]) -> bool:
    sessions = post.desk.sessions
    if post.stopped() or message.sender not in open_ways:
        put_back(sessions, message)
        return False
    over_at = post.elapsed() + post.lease_seconds
    if not renew(sessions, message, lease_seconds=post.lease_seconds):
        return False
    try:
        envelope = _written(post, message)
        if envelope is None:
            drop(sessions, message)
            return False
        if post.elapsed() >= over_at:
            # it slept while it wrote: somebody else has the message, or soon will
            return False
        _carry(post, message, envelope)
    except NotSent as error:
        if error.closed:
            open_ways.discard(message.sender)
        _failed(post, message, error)
        return False
    _tell(post, message, SENT)
    # false only where the lease ran out meanwhile: somebody sends it again, with the same id
    return settle(sessions, message)


def _carry(post: Post, message: Claimed, envelope: Envelope) -> None:
    try:
        post.senders[message.sender].send(envelope)
    except NotSent:
        raise
    except Exception as error:
        # a fault of one sender on one message must not keep what else was claimed waiting
        log.exception("sender broke", action="notices:sender-broke", message=str(message.uid))
        raise NotSent(BROKEN) from error


def _written(post: Post, message: Claimed) -> Envelope | None:
    try:
        return post.writers[message.topic](post.desk, message)
    except NotSent:
        raise
    except Exception as error:
        if is_out_of_reach(error):
            # no fault of the letter: it is taken up again when its lease ends
            raise
        # one letter that cannot be written must not keep the others waiting
        log.exception("not written", action="notices:not-written", message=str(message.uid))
        raise NotSent(UNWRITTEN) from error


def _tell(post: Post, message: Claimed, outcome: str) -> None:
    try:
        post.heard(message, outcome)
    except Exception as error:
        if is_out_of_reach(error):
            raise
        # what left must be noted as such, or it would leave again with every lease
        log.exception("not heard", action="notices:not-heard", message=str(message.uid))


def _failed(post: Post, message: Claimed, error: NotSent) -> None:
    wait = None
    if error.again:
        asked = timedelta(seconds=error.wait_seconds)
        wait = retry_in(message.attempts, chance=post.chance(), asked=asked)
    log.warning(
        "not sent",
        action="notices:not-sent",
        message=str(message.uid),
        trouble=error.trouble,
        is_last=wait is None,
    )
    _tell(post, message, error.trouble)
    fail(post.desk.sessions, message, error=error.trouble, retry_in=wait)
    if error.gone:
        post.gone(message)
