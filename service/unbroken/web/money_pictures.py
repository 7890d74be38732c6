"""The cover by month as a picture: stacked bars placed in percent, drawn at any width."""

from dataclasses import dataclass
from datetime import date

from unbroken.web.money_periods import QUARTER, Period, Periods
from unbroken.web.timelines import MOST_TICKS, Timeline

HEIGHT, TOP, FLOOR = 200, 40, 240
GAP = 0.15
LATE = 55.0
"""From here on, in percent, words have more room before a mark than after it."""
UNKNOWN = 16
"""Height of what stands for a need that nobody states, in pixels: it says nothing of how much."""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a bar: ``x`` and ``width`` in percent, ``y`` and ``height`` in pixels."""

    x: float
    width: float
    y: int
    height: int
    tone: str


@dataclass(frozen=True, slots=True)
class CoverPicture:
    """Bars over time, which may lead right to left; ``cliff_on`` is marked where it is not none."""

    caption: str
    periods: Periods
    cliff_on: date | None

    @property
    def height(self) -> int:
        """Return the picture's height in pixels."""
        return FLOOR + 4

    def line(self) -> Timeline:
        """Return the line of time below the bars."""
        found = self.periods.periods
        last = found[-1].starts_on
        months = last.year * 12 + last.month - 1 + self.periods.step
        end = date(months // 12, months % 12 + 1, 1)
        return Timeline(self.caption, (), found[0].starts_on, date.fromordinal(end.toordinal() - 1))

    def ticks(self) -> list[tuple[date, str]]:
        """Return at most six first days of periods at even steps, as 2026-10, 2026-Q4 or 2026."""
        found = self.periods.periods
        even = -(-len(found) // MOST_TICKS)
        return [(each.starts_on, self._label(each.starts_on)) for each in found[::even]]

    def _label(self, day: date) -> str:
        if self.periods.step == QUARTER:
            return f"{day.year}-Q{(day.month + 2) // QUARTER}"
        return day.isoformat()[:7] if self.periods.step == 1 else str(day.year)

    @property
    def cliff_is_late(self) -> bool:
        """Return whether words at the cliff have more room before it than after it."""
        return self.cliff_on is not None and self.line().at(self.cliff_on) > LATE

    def blocks(self, *, mirrored: bool) -> list[Block]:
        """Return the parts of all bars: covered below, then promised, then what is lacking."""
        count = max(1, len(self.periods.periods))
        each = 100 / count
        made: list[Block] = []
        for index, period in enumerate(self.periods.periods):
            at = count - 1 - index if mirrored else index
            x, width = round(at * each + each * GAP / 2, 2), round(each * (1 - GAP), 2)
            made += self._bar(period, x, width)
        return made

    def _bar(self, period: Period, x: float, width: float) -> list[Block]:
        if period.required is None:
            if not period.unstated:
                return []
            return [Block(x, width, FLOOR - UNKNOWN, UNKNOWN, "quiet")]
        parts = (
            (period.covered, "good"),
            (period.promised, "warn"),
            (period.after_pledges, "bad"),
        )
        made, below = [], 0
        for units, tone in parts:
            top = self._pixels(below + units)
            height = top - self._pixels(below)
            if height:
                made.append(Block(x, width, FLOOR - top, height, tone))
            below += units
        return made

    def _pixels(self, units: int) -> int:
        return units * HEIGHT // self.periods.most
