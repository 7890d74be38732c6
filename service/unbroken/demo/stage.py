"""Where an act is played: the database, the day at which its clock stands, and who acts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from unbroken.functions.rules import Edition
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound
from unbroken.people.queries.actors import actor_by_handle
from unbroken.people.rules import SYSTEM, Actor

NOON = time(12, tzinfo=UTC)
"""The time of day of every act: the same civil date in every time zone of the plans."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One act's surroundings; ``at`` is its instant."""

    sessions: Sessions
    edition: Edition
    at: datetime
    handle: str

    @property
    def clock(self) -> FixedClock:
        """Return the clock of the act, which stands still."""
        return FixedClock(self.at)

    @property
    def day(self) -> date:
        """Return the day of the act."""
        return self.at.date()

    def actor(self) -> Actor:
        """Return who acts; before there is any account, the system itself."""
        with self.sessions.reading() as session:
            try:
                return actor_by_handle(session, self.handle)
            except NotFound:
                return SYSTEM


def moment(day: date, number: int = 0) -> datetime:
    """Return the instant of the act of that ``number`` on a day: one a second from noon UTC."""
    return datetime.combine(day, NOON) + timedelta(seconds=number)
