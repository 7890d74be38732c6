"""How somebody wants to be told, and which digest is due; arithmetic on instants, no loops; pure.

Source: Healthchecks issues 48 and 715, Matomo issue 23582 (one mail for each person and period, not
one for each thing).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from unbroken.notices.rules.words import Cadence
from unbroken.people.rules import Role

HOUR, MONDAY = 7, 0
AT_ONCE_APART = timedelta(hours=1)
"""The least time between two letters that do not wait for their period."""
BELIEVABLE = timedelta(days=8)
"""No period told lies further ahead than this, but for a clock that was wrong then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How one account is told; ``hour`` and ``weekday`` (Monday is 0) are of its ``zone``.

    ``at_once``: critical gaps do not wait for the period. ``only_own``: of gaps and offers only
    those of functions that the account's organisation gives or receives, and what is assigned to
    the account.
    """

    cadence: Cadence = Cadence.DAILY
    weekday: int = MONDAY
    hour: int = HOUR
    zone: str = "UTC"
    at_once: bool = True
    only_own: bool = False


def wish_of(role: Role | None, *, zone: str) -> Wish:
    """Return what an account of this role gets until it says otherwise.

    Donors have their watches and stewards no part in plans: neither is written to unasked.
    """
    match role:
        case Role.PLANNER | Role.COUNTRY_TEAM | Role.CO_CHAIR:
            return Wish(zone=zone)
        case Role.OBSERVER:
            return Wish(cadence=Cadence.WEEKLY, at_once=False, zone=zone)
        case _:
            return Wish(cadence=Cadence.NEVER, at_once=False, zone=zone)


def period_of(wish: Wish, now: datetime) -> date:
    """Return the civil day, in the wish's zone, on which the newest period began.

    The hour itself is in. An hour that a change of clocks leaves out counts as passed with the next
    one, and one that comes twice begins one period.
    """
    local = now.astimezone(ZoneInfo(wish.zone))
    day = local.date() if local.hour >= wish.hour else local.date() - timedelta(days=1)
    if wish.cadence is not Cadence.WEEKLY:
        return day
    return day - timedelta(days=(day.weekday() - wish.weekday) % 7)


def is_period_due(wish: Wish, *, told: date, now: datetime) -> bool:
    """Return whether a digest is due; ``told`` is the period of the last one.

    After any outage one is due, not one for each period missed. A clock that was set back is waited
    for, unless the last period lies further ahead than any clock set right could have told.
    """
    if wish.cadence is Cadence.NEVER:
        return False
    period = period_of(wish, now)
    return period > told or told - period > BELIEVABLE


def is_at_once_due(wish: Wish, *, told_at: datetime | None, now: datetime) -> bool:
    """Return whether a letter that does not wait may go now: not within an hour of the last."""
    if not wish.at_once:
        return False
    return told_at is None or now - told_at >= AT_ONCE_APART or told_at > now


def next_digest_at(wish: Wish, *, told: date, now: datetime) -> datetime | None:
    """Return the instant from which on the next digest may leave; ``None``: none ever does.

    Where one is due already that is now. An hour that the change of clocks leaves out is passed
    over to the next minute that there is.
    """
    if wish.cadence is Cadence.NEVER:
        return None
    if is_period_due(wish, told=told, now=now):
        return now
    length, period = 7 if wish.cadence is Cadence.WEEKLY else 1, period_of(wish, now)
    # the last one may have been told under another wish, in the midst of a period of this one
    day = period + timedelta(days=length * ((told - period).days // length + 1))
    return datetime.combine(day, time(wish.hour), tzinfo=ZoneInfo(wish.zone)).astimezone(UTC)
