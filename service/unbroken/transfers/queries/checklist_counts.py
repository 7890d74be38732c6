"""How many items there are beside each filter of a checklist: one grouped statement for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Label, RowMapping, case, func
from sqlmodel import Session, col

from unbroken.plans.models import Area, FunctionArea
from unbroken.transfers.models import Capacity
from unbroken.transfers.queries.checklist_filters import (
    ChecklistFilter,
    Group,
    Reading,
    View,
    conditions_of,
    joined,
    of_plan,
)
from unbroken.transfers.queries.rows import RECEIVER

FACETS = ("tier", "function", "area", "capacity", "receiver")


@dataclass(frozen=True, slots=True)
class Cell:
    """How many items of one tier, function, area, capacity and receiver fall under each view."""

    values: Mapping[str, str]
    names: Mapping[str, str]
    counts: Mapping[View, int]


@dataclass(frozen=True, slots=True)
class Option:
    """One value to filter by, what it is called (a code where empty), and how many items fit."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """How far a list is: what is done, of how many, and what stands beside it.

    ``total`` leaves out what is not applicable, ``waiting`` asks to be that and counts as open.
    """

    done: int
    total: int
    aside: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a checklist, from all of its cells; may be empty."""

    cells: tuple[Cell, ...]
    wanted: ChecklistFilter

    def views(self) -> Mapping[View, int]:
        """Return how many items fall under each view, within the other filters."""
        cells = self._within()
        return {view: sum(cell.counts[view] for cell in cells) for view in View}

    def options(self, facet: str) -> tuple[Option, ...]:
        """Return the values of a facet by name, with how many would fit if each were chosen."""
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.values[facet], []).append(cell)
        view, wanted = self.wanted.view, self._wanted(without=facet)
        return tuple(
            Option(
                value,
                those[0].names.get(facet, ""),
                sum(cell.counts[view] for cell in those if _fits(cell, wanted)),
            )
            for value, those in sorted(found.items(), key=lambda each: _called(facet, each))
        )

    def figure(self) -> Figure:
        """Return how far all is that fits the filters, whatever the view."""
        return _figure(self._within())

    def figures(self, group: Group) -> Mapping[str, Figure]:
        """Return how far each group is, by the value of its facet."""
        found: dict[str, list[Cell]] = {}
        for cell in self._within():
            found.setdefault(cell.values[group.value], []).append(cell)
        return {value: _figure(those) for value, those in found.items()}

    def name_of(self, facet: str, value: str) -> str:
        """Return what a value is called, the value itself where it has no name."""
        named = (c.names.get(facet, "") for c in self.cells if c.values[facet] == value)
        return next(named, "") or value

    def _within(self) -> list[Cell]:
        wanted = self._wanted()
        return [cell for cell in self.cells if _fits(cell, wanted)]

    def _wanted(self, *, without: str = "") -> Mapping[str, str]:
        given = {
            "tier": str(self.wanted.tier or ""),
            "function": self.wanted.function,
            "area": self.wanted.area,
            "capacity": self.wanted.capacity.value if self.wanted.capacity else "",
            "receiver": self.wanted.receiver,
        }
        return {name: value for name, value in given.items() if value and name != without}


def counts_of(session: Session, wanted: ChecklistFilter, *, reading: Reading) -> Counts:
    """Return the counts of a plan's checklist for every filter; one statement."""
    sums = [
        func.sum(case((condition, 1), else_=0)).label(f"count_{view.value}")
        for view, condition in conditions_of(reading).items()
    ]
    shown: list[Any] = [
        *(col(FunctionArea.tier), col(FunctionArea.function_code).label("function")),
        *(col(Area.slug).label("area"), col(Area.name).label("area_name"), col(Area.position)),
        *(col(Capacity.dimension).label("capacity"), col(RECEIVER.slug).label("receiver")),
        col(RECEIVER.name).label("receiver_name"),
    ]
    grouped = [column.element if isinstance(column, Label) else column for column in shown]
    order = (FunctionArea.tier, FunctionArea.function_code, Area.position, Area.slug)
    statement = (
        joined(reading, *shown, *sums)
        .where(*of_plan(wanted.plan))
        .group_by(*grouped)
        .order_by(*(col(each) for each in order), col(Capacity.dimension), col(RECEIVER.slug))
    )
    found = session.execute(statement).mappings()
    return Counts(tuple(_cell(row) for row in found), wanted)


def _cell(row: RowMapping) -> Cell:
    return Cell(
        values={name: str(row[name]) for name in FACETS},
        names={"area": row["area_name"], "receiver": row["receiver_name"]},
        counts={view: int(row[f"count_{view.value}"]) for view in View},
    )


def _called(facet: str, option: tuple[str, list[Cell]]) -> str:
    value, cells = option
    return cells[0].names.get(facet, value).casefold()


def _fits(cell: Cell, wanted: Mapping[str, str]) -> bool:
    return all(cell.values[name] == value for name, value in wanted.items())


def _figure(cells: Iterable[Cell]) -> Figure:
    those = list(cells)

    def count(view: View) -> int:
        return sum(cell.counts[view] for cell in those)

    return Figure(
        done=count(View.DONE),
        total=count(View.ALL) - count(View.ASIDE),
        aside=count(View.ASIDE),
        waiting=count(View.WAITING),
    )
