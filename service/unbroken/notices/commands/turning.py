"""One turn of everything about notices: what happened, who is told, what leaves, what is forgotten.

Any number of processes may take turns at once. A step that fails is logged and the next goes on: a
mail server that is away keeps no news from being gathered. Told to end, it ends after the step in
hand.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog

from unbroken.kit.clock import Clock
from unbroken.kit.db import is_out_of_reach
from unbroken.kit.idempotency import forget_old
from unbroken.kit.instance import is_demonstration
from unbroken.notices.commands.calendars import keep_calendars
from unbroken.notices.commands.channel_news import put_channel_news
from unbroken.notices.commands.digesting import put_digests, welcome_readers
from unbroken.notices.commands.escalating import escalate
from unbroken.notices.commands.gathering import gather
from unbroken.notices.commands.sending import Post, send_due
from unbroken.outbox.commands import forget_settled
from unbroken.outbox.models import MAIL

MESSAGES_KEPT = timedelta(days=90)
"""Bodies hold numbers and links; the trail says what was done."""
REQUESTS_KEPT = timedelta(days=30)
"""So long a client may send the same request again: far longer than any goes on trying."""

log = structlog.get_logger(__name__)


def take_turn(post: Post, *, clock: Clock) -> int:
    """Do everything once and return how many messages left the house.

    ``clock`` is the instance's, by which periods are counted. A demonstration puts letters and
    sends none. Elsewhere none is put while no mail can leave: what is new waits, and is told in one
    letter when it can.

    Raises:
        SQLAlchemyError: the database is out of reach.
    """
    sessions = post.desk.sessions
    with sessions.reading() as session:
        plays = is_demonstration(session)
    if plays is None:
        return 0
    _step(post, "welcome", lambda: welcome_readers(sessions, now=clock.now()))
    _step(post, "gather", lambda: gather(sessions))
    _step(post, "escalate", lambda: escalate(sessions, clock=clock))
    _step(post, "calendar", lambda: keep_calendars(sessions, clock=clock))
    if plays or _mail_leaves(post):
        _step(post, "digest", lambda: put_digests(sessions, clock=clock))
    _step(post, "channel", lambda: put_channel_news(sessions, clock=clock))
    sent = 0 if plays else _step(post, "send", lambda: send_due(post))
    _step(post, "forget", lambda: forget_settled(sessions, older=MESSAGES_KEPT))
    requests_before = post.desk.clock.now() - REQUESTS_KEPT
    _step(post, "forget", lambda: forget_old(sessions, before=requests_before))
    return sent


def _mail_leaves(post: Post) -> bool:
    mail = post.senders.get(MAIL)
    return mail is not None and mail.ready()


def _step(post: Post, name: str, act: Callable[[], int | None]) -> int:
    if post.stopped():
        return 0
    try:
        return act() or 0
    except Exception as error:
        if is_out_of_reach(error):
            # every other step would wait for it as long, and the next turn does them all
            raise
        log.exception("a step failed", action=f"notices:{name}:failed")
        return 0
