"""The dates of a plan in calendars: which kinds there are, and what changed since the last look.

Clients keep an old date unless its sequence rises, so it rises exactly when a date moves, goes or
comes back, and what is gone keeps its number. Pure.
Source: RFC 5545 (September 2009), 3.8.7.3 and 3.8.7.4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class DateKind(StrEnum):
    """What falls on a day."""

    MANDATE_END = "mandate-end"
    TRANSFER_END = "transfer-end"
    CLOSING = "closing"
    LAST_DAY = "last-day"
    RECEIVER = "receiver-named"
    AGREEMENT = "agreement-signed"
    CONFIRM = "confirmed"
    CHECK_3 = "check-3"
    CHECK_6 = "check-6"
    CHECK_12 = "check-12"
    ANSWER = "answer"


class DateGroup(StrEnum):
    """Kinds that are asked for together."""

    ENDS = "ends"
    DEADLINES = "deadlines"
    CHECKS = "checks"
    ANSWERS = "answers"


KINDS: Mapping[DateGroup, frozenset[DateKind]] = {
    DateGroup.ENDS: frozenset(
        {DateKind.MANDATE_END, DateKind.TRANSFER_END, DateKind.CLOSING, DateKind.LAST_DAY}
    ),
    DateGroup.DEADLINES: frozenset({DateKind.RECEIVER, DateKind.AGREEMENT, DateKind.CONFIRM}),
    DateGroup.CHECKS: frozenset({DateKind.CHECK_3, DateKind.CHECK_6, DateKind.CHECK_12}),
    DateGroup.ANSWERS: frozenset({DateKind.ANSWER}),
}
LATER = timedelta(seconds=1)
"""Calendars tell instants in whole seconds: less would be no change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """A date that should be there, from its first day to its last, both included.

    The two differ where a source says no more than a month or a quarter. ``subject`` is the plan,
    the area, the function in an area or the transfer; it has one date of each kind.
    """

    kind: DateKind
    subject: UUID
    falls_on: date
    until_on: date
    area_id: int | None = None
    function_area_id: int | None = None
    transfer_id: int | None = None

    @property
    def key(self) -> str:
        """Return what names it within its plan, whatever day it falls on."""
        return f"{self.kind.value}:{self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDate:
    """A date as calendars have it; ``cancelled_at`` is set where it went away."""

    id: int
    key: str
    falls_on: date
    until_on: date
    sequence: int
    modified_at: datetime
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What to add and what to write over what is kept, by its ``id``; both may be empty."""

    added: tuple[DueDate, ...]
    changed: tuple[KeptDate, ...]


def changes(kept: Iterable[KeptDate], wanted: Iterable[DueDate], *, at: datetime) -> Changes:
    """Return what makes the kept dates the wanted ones, at the instant ``at``.

    Nothing where they are so already. What is not wanted is cancelled and never taken away: should
    it come back, clients know its number. ``modified_at`` rises with each change, whatever the
    clock says.
    """
    fresh = {each.key: each for each in wanted}
    present = {each.key: each for each in kept}
    added = tuple(each for key, each in fresh.items() if key not in present)
    after = ((now, _after(now, fresh.get(now.key), at)) for now in present.values())
    return Changes(added, tuple(then for now, then in after if then is not now))


def still_ahead(kept: Iterable[KeptDate], *, after: date) -> tuple[KeptDate, ...]:
    """Return the dates that begin after a day; may be empty.

    Of a plan that rests, or is finished, these alone go: what has passed by then stays told.
    """
    return tuple(each for each in kept if each.falls_on > after)


def _after(now: KeptDate, wanted: DueDate | None, at: datetime) -> KeptDate:
    modified_at = max(at, now.modified_at + LATER)
    touched = replace(now, sequence=now.sequence + 1, modified_at=modified_at)
    if wanted is None:
        return now if now.cancelled_at else replace(touched, cancelled_at=modified_at)
    days = wanted.falls_on, wanted.until_on
    if days == (now.falls_on, now.until_on) and now.cancelled_at is None:
        return now
    return replace(touched, falls_on=days[0], until_on=days[1], cancelled_at=None)
