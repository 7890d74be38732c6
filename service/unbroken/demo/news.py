"""What the accounts of the demonstration have read, and the letters that wait for them.

Nothing is ever sent from a demonstration; its letters can be looked at.
"""

from datetime import datetime, timedelta

from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.notices.commands.digesting import put_digests, welcome_readers
from unbroken.notices.commands.escalating import escalate
from unbroken.notices.commands.gathering import gather

UNREAD = timedelta(days=14)
"""What happened longer ago than this before the demonstration's day has been read by everybody."""


def read_all(sessions: Sessions, *, at: datetime) -> None:
    """Have every account know what happened until now."""
    gather(sessions)
    welcome_readers(sessions, now=at)


def put_letters(sessions: Sessions, *, at: datetime) -> None:
    """Put what is due to be told."""
    gather(sessions)
    escalate(sessions, clock=FixedClock(at))
    put_digests(sessions, clock=FixedClock(at))
