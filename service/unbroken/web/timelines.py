"""Bars and marks on a line of time, placed in percent so that a page draws them at any width."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = 12
MOST_TICKS = 6
STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600, 1200)
HEAD, ROW = 30, 52
"""Height of the line of dates and of each row, in pixels."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time, both days included; ``tone`` as of words; ``vague`` has no sharp end."""

    label: str
    starts_on: date
    ends_on: date
    tone: str = "info"
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One day that matters."""

    label: str
    on: date
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Track:
    """One row: a label with its bars and marks."""

    label: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows over one stretch of time, which may lead ``right_to_left``."""

    caption: str
    tracks: tuple[Track, ...]
    starts_on: date
    ends_on: date
    today: date | None = None

    @property
    def height(self) -> int:
        """Return the picture's height in pixels."""
        return HEAD + ROW * len(self.tracks)

    @property
    def shows_today(self) -> bool:
        """Return whether today lies inside."""
        return self.today is not None and self.starts_on <= self.today <= self.ends_on

    def top(self, index: int) -> int:
        """Return where row ``index`` begins, in pixels from the top."""
        return HEAD + ROW * index

    def at(self, day: date, *, mirrored: bool = False) -> float:
        """Return where ``day`` begins, in percent of the width; held inside the picture."""
        whole = max(1, (self.ends_on - self.starts_on).days + 1)
        share = (day - self.starts_on).days / whole
        held = min(1.0, max(0.0, share)) * 100
        return round(100 - held if mirrored else held, 2)

    def start(self, bar: Bar, *, mirrored: bool = False) -> float:
        """Return the left edge of a bar, in percent."""
        if not mirrored:
            return self.at(bar.starts_on)
        return round(self.at(bar.starts_on, mirrored=True) - self.width(bar), 2)

    def width(self, bar: Bar) -> float:
        """Return a bar's width in percent, never so little that it cannot be seen."""
        after = date.fromordinal(min(bar.ends_on.toordinal() + 1, date.max.toordinal()))
        return max(0.6, round(self.at(after) - self.at(bar.starts_on), 2))

    def ticks(self) -> tuple[date, ...]:
        """Return up to six first days of months at even steps, none so late that it has no room."""
        count = _month_index(self.ends_on) - _month_index(self.starts_on) + 1
        step = next((s for s in STEPS if count / s <= MOST_TICKS), -(-count // MOST_TICKS))
        return tuple(
            day for day in self._months(step) if self.at(day) <= 100 - 100 / MOST_TICKS / 2
        )

    def _months(self, step: int) -> Iterable[date]:
        first = -(-_month_index(self.starts_on) // step) * step
        if self.starts_on.day > 1 and first == _month_index(self.starts_on):
            first += step
        for index in range(first, _month_index(self.ends_on) + 1, step):
            yield date(index // MONTHS, index % MONTHS + 1, 1)


def _month_index(day: date) -> int:
    return day.year * MONTHS + day.month - 1
