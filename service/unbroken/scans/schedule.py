"""Which ticks are due: arithmetic on instants, never a loop over what was missed; pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """The newest due tick and how many before it were passed over."""

    at: datetime
    skipped: int


def tick_of(now: datetime, *, every: timedelta) -> datetime:
    """Return the latest tick at or before ``now``; ticks are whole multiples of ``every``."""
    return EPOCH + (now - EPOCH) // every * every


def due(last: datetime | None, now: datetime, *, every: timedelta) -> Due | None:
    """Return the newest tick after ``last``, or ``None`` when it has been taken already.

    ``last`` is the newest tick that any process has claimed. A clock that was set back gives
    ``None``.
    """
    newest = tick_of(now, every=every)
    if last is None:
        return Due(newest, 0)
    passed = (newest - last) // every
    return Due(newest, passed - 1) if passed > 0 else None
