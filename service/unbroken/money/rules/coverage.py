"""Which month is paid for: needs by function, area, receiver and month against money. Pure.

Every number is whole units of 10⁻⁴ US dollars. All columns add up: over any partition of the rows
the sums are those of the whole. More money never makes a gap larger, in no row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from unbroken.money.rules.amounts import split, spread
from unbroken.money.rules.lines import MoneyLine, NeedLine, Place, Worth, together, without, worth
from unbroken.money.rules.words import Basis, Need, Pot

Key = tuple[Place, date]


@dataclass(slots=True)
class Cell:
    """One place in one month (its first day).

    ``required`` is ``None`` where no amount is stated; ``need`` is ``None`` where nobody needs
    anything there and only money stands. ``covered`` is confirmed money that meets the need,
    ``promised`` what open pledges would add; both may come from money for all areas or receivers
    of the function. ``requested`` to ``paid`` is the money meant for this very place. ``at_least``
    tells that a need beside the stated ones has no amount, ``at_most`` that money has none.
    """

    place: Place
    month: date
    required: int | None = None
    need: Need | None = None
    covered: int = 0
    promised: int = 0
    requested: int = 0
    open_pledge: int = 0
    assessed: int = 0
    voluntary: int = 0
    paid: int = 0
    at_least: bool = False
    at_most: bool = False

    @property
    def uncovered(self) -> int | None:
        """Return the need above confirmed money; ``None`` where the need is not stated."""
        return None if self.required is None else self.required - self.covered

    @property
    def after_pledges(self) -> int | None:
        """Return what stays uncovered if every open pledge is kept; ``None`` as above."""
        return None if self.required is None else self.required - self.covered - self.promised


@dataclass(frozen=True, slots=True)
class Cover:
    """The cells, by place and month in order, and what ended with the mandate, by line."""

    cells: tuple[Cell, ...]
    lapsed: Mapping[UUID, int]


def coverage(
    needs: Iterable[NeedLine], money: Sequence[MoneyLine], *, mandate_ends_on: date
) -> Cover:
    """Return what each month needs, has and lacks.

    Amounts are spread over months by days. Money of a mission's budget counts up to and with
    ``mandate_ends_on``; the rest of it has lapsed. An estimate counts only where nothing is stated
    for its function and area in that month. Money meets the need of its own function: first what
    names area and receiver, then what names one of them, then what names neither; money that names
    no function meets no need. Cells without anything in them are left out; empty for no lines.
    """
    cells: dict[Key, Cell] = {}
    _put_needs(cells, needs)
    lapsed = _put_money(cells, money, mandate_ends_on=mandate_ends_on)
    ordered = sorted(cells.values(), key=lambda cell: (cell.place.function, cell.month, cell.place))
    for (function, _month), group in groupby(ordered, key=lambda c: (c.place.function, c.month)):
        if function:
            meet(list(group))
    return Cover(tuple(sorted(ordered, key=lambda cell: (cell.place, cell.month))), lapsed)


def meet(cells: Sequence[Cell]) -> None:
    """Let the money of one function in one month meet its needs: confirmed first, then pledges.

    Needs are met one after the other in the order given, which more money does not change: so no
    need is ever met less by more money.
    """
    for source in sorted(cells, key=lambda cell: _width(cell.place)):
        _fill(cells, source.place, source.assessed + source.voluntary, "covered")
    for source in sorted(cells, key=lambda cell: _width(cell.place)):
        _fill(cells, source.place, source.open_pledge, "promised")


def _fill(cells: Sequence[Cell], source: Place, units: int, column: str) -> None:
    left = units
    for exact in (True, False):
        for cell in cells:
            if left <= 0:
                return
            if (cell.place == source) is exact and fits(source, cell.place):
                taken = min(left, cell.after_pledges or 0)
                setattr(cell, column, getattr(cell, column) + taken)
                left -= taken


def fits(money: Place, need: Place) -> bool:
    """Return whether money may meet a need: what both say of area and receiver is the same."""
    area_fits = not money.area or not need.area or money.area == need.area
    receiver_fits = not money.receiver or not need.receiver or money.receiver == need.receiver
    return area_fits and receiver_fits


def _width(place: Place) -> tuple[int, Place]:
    """Return how widely money may be used: the narrowest goes first."""
    return ((not place.area) * 2 + (not place.receiver), place)


def _put_needs(cells: dict[Key, Cell], needs: Iterable[NeedLine]) -> None:
    found = list(needs)
    stated = {
        (need.place.function, need.place.area, month)
        for need in found
        if need.basis is Basis.STATED and need.usd is not None
        for month in spread(0, need.starts_on, need.ends_on)
    }
    for need in found:
        for month, units in spread(need.usd or 0, need.starts_on, need.ends_on).items():
            if need.basis is Basis.STATED or not _is_stated(need.place, month, stated):
                _add_need(_cell(cells, need.place, month), need, units)


def _is_stated(place: Place, month: date, stated: set[tuple[str, str, date]]) -> bool:
    everywhere = (place.function, "", month) in stated
    return everywhere or (place.function, place.area, month) in stated


def _add_need(cell: Cell, need: NeedLine, units: int) -> None:
    if need.usd is None:
        cell.at_least = cell.required is not None
        cell.need = cell.need or Need.NOT_STATED
        return
    cell.at_least = cell.at_least or cell.need is Need.NOT_STATED
    cell.required = (cell.required or 0) + units
    is_stated = need.basis is Basis.STATED and cell.need in {None, Need.STATED, Need.NOT_STATED}
    cell.need = Need.STATED if is_stated else Need.ESTIMATED


def _put_money(
    cells: dict[Key, Cell], money: Sequence[MoneyLine], *, mandate_ends_on: date
) -> dict[UUID, int]:
    parts: dict[UUID, list[Worth]] = defaultdict(list)
    for line in money:
        if line.part_of is not None:
            parts[line.part_of].append(worth(line))
    lapsed: dict[UUID, int] = {}
    for line in money:
        own = without(worth(line), together(parts[line.uid])) if line.uid in parts else worth(line)
        usable, until = own, line.ends_on
        if line.pot is Pot.MISSION_BUDGET and line.ends_on > mandate_ends_on:
            until = mandate_ends_on
            usable = _until(own, line, mandate_ends_on)
            lapsed[line.uid] = own.confirmed - usable.confirmed
        _spread_line(cells, line, usable, until)
    return lapsed


def _until(own: Worth, line: MoneyLine, day: date) -> Worth:
    """Return the part of a line that falls on days up to and with ``day``."""
    before = max(0, (day - line.starts_on).days + 1)
    days = [before, (line.ends_on - line.starts_on).days + 1 - before]

    def part(units: int) -> int:
        return split(units, days)[0]

    return replace(
        own,
        requested=part(own.requested),
        open_pledge=part(own.open_pledge),
        confirmed=part(own.confirmed),
        paid=part(own.paid),
    )


def _spread_line(cells: dict[Key, Cell], line: MoneyLine, own: Worth, until: date) -> None:
    if until < line.starts_on:
        return
    shares = {
        name: spread(getattr(own, name), line.starts_on, until)
        for name in ("requested", "open_pledge", "confirmed", "paid")
    }
    for month in shares["paid"]:
        cell = _cell(cells, line.place, month)
        cell.requested += shares["requested"][month]
        cell.open_pledge += shares["open_pledge"][month]
        cell.paid += shares["paid"][month]
        cell.at_most = cell.at_most or own.unsaid
        if line.pot is Pot.VOLUNTARY:
            cell.voluntary += shares["confirmed"][month]
        else:
            cell.assessed += shares["confirmed"][month]


def _cell(cells: dict[Key, Cell], place: Place, month: date) -> Cell:
    return cells.setdefault((place, month), Cell(place, month))


def first_uncovered(cells: Iterable[Cell], *, on: date) -> date | None:
    """Return the first month not before that of ``on`` with an uncovered need, by its first day."""
    this = on.replace(day=1)
    lacking = (c.month for c in cells if c.month >= this and (c.uncovered or 0) > 0)
    return min(lacking, default=None)


def covered_until(cells: Iterable[Cell], *, on: date) -> date | None:
    """Return the last day before the first uncovered month; ``None`` where no month lacks money."""
    month = first_uncovered(cells, on=on)
    return None if month is None else month - timedelta(days=1)
