"""What the life of a gap comes to: what an acknowledgement is worth, and whether it flaps; pure.

Open and closed always stay true; only what people are told is damped.
Source: users of alerting systems, 2019 to 2025: an acknowledged item that told again months later
was as bad as one that told every hour; design judgement, 2026.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from unbroken.gaps.rules.words import Happening, Severity

A_DAY = timedelta(hours=24)
OFTEN = 3
"""So many openings within a day, and a gap comes and goes."""

OPENINGS = frozenset({Happening.OPENED, Happening.REOPENED})
NEWS = OPENINGS | {Happening.WORSENED}


@dataclass(frozen=True, slots=True)
class LastTold:
    """When somebody was last told of a gap, and how bad it was then."""

    at: datetime
    severity: Severity


def is_news(
    kind: Happening,
    severity: Severity,
    at: datetime,
    *,
    last: LastTold | None,
    is_acknowledged: bool = False,
    is_waived: bool = False,
) -> bool:
    """Return whether what happened to a gap is to be told to somebody, last told at ``last``.

    Opened, opened again and worsened are; unless it was told less than 24 hours away at the same or
    a worse severity. Of an acknowledged gap only that it worsened; of a waived one nothing.

    ``is_acknowledged`` says that it was when this happened. A clock that was set back by more than
    a day silences nothing.
    """
    if is_waived or kind not in NEWS or (is_acknowledged and kind is not Happening.WORSENED):
        return False
    if last is None or abs(at - last.at) >= A_DAY:
        return True
    return severity.rank < last.severity.rank


def comes_and_goes(openings: Iterable[datetime], *, at: datetime) -> bool:
    """Return whether a gap opened three times or more in the 24 hours that end ``at``.

    ``openings`` are the instants at which it opened or opened again, in any order.
    """
    return sum(at - A_DAY < each <= at for each in openings) >= OFTEN


def keeps_acknowledgement(
    before: Severity, now: Severity, *, closed_at: datetime | None, at: datetime
) -> bool:
    """Return whether an acknowledgement still holds for a gap that opens again ``at``.

    It does where the gap was gone for at most a day and is no worse than when it closed: it flaps,
    and whoever saw it saw this. What stays away for longer and comes back is a new worry. Where it
    is not known when it closed, it ends.
    """
    is_short = closed_at is not None and timedelta() <= at - closed_at <= A_DAY
    return is_short and now.rank >= before.rank
