"""The only door to the wall clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What tells the time. Read it once per operation and pass the answer on."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...

    def today(self, zone: str = "UTC") -> date:
        """Return the civil date it is now in ``zone`` (an IANA name)."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        return datetime.now(UTC)

    def today(self, zone: str = "UTC") -> date:
        """Return the civil date it is now in ``zone``."""
        return civil_date(self.now(), zone=zone)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: for tests, histories and looking at another day."""

    at: datetime

    def now(self) -> datetime:
        """Return the instant at which this clock stands."""
        return self.at

    def today(self, zone: str = "UTC") -> date:
        """Return the civil date of that instant in ``zone``."""
        return civil_date(self.at, zone=zone)


def civil_date(instant: datetime, *, zone: str) -> date:
    """Return the civil date of an aware ``instant`` in ``zone`` (an IANA name)."""
    return instant.astimezone(ZoneInfo(zone)).date()
