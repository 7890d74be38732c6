"""Pillars of money on a line of time: covered, promised and missing, one on the other.

Placed in percent of the width, so that a page draws them at any; the heights are pixels.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from unbroken.money.queries.cover import CoverRow

HEAD, PLOT, FOOT = 30, 150, 24
"""Height of the line of the cliff, of the pillars and of the line of dates, in pixels."""
FILLED = 0.76
MOST_TICKS, MOST_MONTHS = 6, 36
LATE = 0.55
MONTHS, QUARTER = 12, 3
LEAST_SEEN = 1.5


@dataclass(frozen=True, slots=True)
class Pillar:
    """One month or quarter by its first day; amounts in units of 10⁻⁴.

    ``required`` is ``None`` where no need is stated; otherwise it is the sum of ``covered``,
    ``promised`` and ``open``. ``unstated`` tells that a need in it has no amount.
    """

    on: date
    required: int | None = None
    covered: int = 0
    promised: int = 0
    unstated: bool = False

    @property
    def open(self) -> int:
        """Return what stays uncovered if every open pledge is kept."""
        return 0 if self.required is None else self.required - self.covered - self.promised

    @property
    def uncovered(self) -> int | None:
        """Return the need above confirmed money; ``None`` where it is not stated."""
        return None if self.required is None else self.required - self.covered


@dataclass(frozen=True, slots=True)
class Part:
    """One rectangle: ``tone`` as of words, the rest in pixels from the top."""

    tone: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class CoverPicture:
    """Pillars one after the other without a break; by quarter or by month. ``cliff`` is an index.

    ``cliff_on`` is the first day of the pillar from which on money is missing, ``None`` for none.
    """

    pillars: tuple[Pillar, ...]
    by_quarter: bool
    cliff_on: date | None

    @property
    def height(self) -> int:
        """Return the picture's height in pixels."""
        return HEAD + PLOT + FOOT

    @property
    def ground(self) -> int:
        """Return where the pillars stand, in pixels from the top."""
        return HEAD + PLOT

    @property
    def head(self) -> int:
        """Return where the highest pillar ends, in pixels from the top."""
        return HEAD

    @property
    def peak(self) -> int:
        """Return the largest need of a pillar, in units of 10⁻⁴; 0 where nothing is needed."""
        return max((each.required or 0 for each in self.pillars), default=0)

    @property
    def width(self) -> float:
        """Return the width of a pillar in percent."""
        return round(100 / len(self.pillars) * FILLED, 2)

    def left(self, index: int, *, mirrored: bool = False) -> float:
        """Return the left edge of a pillar, in percent."""
        step = 100 / len(self.pillars)
        start = index * step + step * (1 - FILLED) / 2
        return round(100 - start - step * FILLED if mirrored else start, 2)

    def cliff_at(self, *, mirrored: bool = False) -> float:
        """Return where the line of the cliff stands, in percent; 0 where there is none."""
        if self.cliff_on is None:
            return 0.0
        index = [each.on for each in self.pillars].index(self.cliff_on)
        start = index * 100 / len(self.pillars)
        return round(100 - start if mirrored else start, 2)

    @property
    def cliff_is_late(self) -> bool:
        """Return whether words beside the cliff have more room before it."""
        return self.cliff_at() > LATE * 100

    def parts(self, pillar: Pillar) -> Iterator[Part]:
        """Yield what a pillar is made of, from the ground up; nothing where nothing is needed."""
        top = float(self.ground)
        shares = (("good", pillar.covered), ("warn", pillar.promised), ("bad", pillar.open))
        for tone, units in shares:
            if units > 0:
                high = max(LEAST_SEEN, round(units * PLOT / self.peak, 1))
                top -= high
                yield Part(tone, round(top, 1), high)

    def ticks(self) -> tuple[tuple[int, str], ...]:
        """Return up to six pillars at even steps, each by its index and date: 2026-10, 2026-Q4."""
        step = -(-len(self.pillars) // MOST_TICKS)
        return tuple(
            (index, self._label(self.pillars[index].on))
            for index in range(0, len(self.pillars), step)
        )

    def _label(self, day: date) -> str:
        return f"{day.year}-Q{(day.month + 2) // 3}" if self.by_quarter else day.isoformat()[:7]


def cover_picture(rows: Iterable[CoverRow], *, today: date) -> CoverPicture | None:
    """Return the months of ``rows`` as pillars; ``None`` where none of them has a month.

    All stand by quarter where any row does, or where there are more than three years of months.
    Pools meet no need and do not show. The cliff is the first pillar, not before that of ``today``,
    that lacks confirmed money.
    """
    dated = [row for row in rows if row.period is not None and row.function]
    if not dated:
        return None
    days = [row.period for row in dated if row.period is not None]
    by_quarter = any(row.by_quarter for row in dated) or _between(days) > MOST_MONTHS
    found: dict[date, Pillar] = {}
    for day, group in _grouped(dated, by_quarter=by_quarter).items():
        found[day] = _pillar(day, group)
    pillars = tuple(found.get(day, Pillar(day)) for day in _line(found, by_quarter=by_quarter))
    this = start_of(today, by_quarter=by_quarter)
    lacking = (each.on for each in pillars if each.on >= this and (each.uncovered or 0) > 0)
    return CoverPicture(pillars, by_quarter, min(lacking, default=None))


def start_of(day: date, *, by_quarter: bool) -> date:
    """Return the first day of the month of ``day``, or of its quarter."""
    month = day.month - (day.month - 1) % QUARTER if by_quarter else day.month
    return date(day.year, month, 1)


def _between(days: list[date]) -> int:
    return _index(max(days)) - _index(min(days)) + 1


def _grouped(rows: Iterable[CoverRow], *, by_quarter: bool) -> dict[date, list[CoverRow]]:
    grouped: dict[date, list[CoverRow]] = defaultdict(list)
    for row in rows:
        if row.period is not None:
            grouped[start_of(row.period, by_quarter=by_quarter)].append(row)
    return grouped


def _pillar(day: date, rows: list[CoverRow]) -> Pillar:
    stated = [row.required for row in rows if row.required is not None]
    return Pillar(
        day,
        sum(stated) if stated else None,
        sum(row.covered for row in rows),
        sum(row.promised for row in rows),
        any(row.unstated for row in rows),
    )


def _line(found: Iterable[date], *, by_quarter: bool) -> Iterator[date]:
    days, step = sorted(found), QUARTER if by_quarter else 1
    for index in range(_index(days[0]), _index(days[-1]) + 1, step):
        yield date(index // MONTHS, index % MONTHS + 1, 1)


def _index(day: date) -> int:
    return day.year * MONTHS + day.month - 1
