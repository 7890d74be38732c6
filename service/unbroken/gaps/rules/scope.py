"""Which plans, on which day, under which revision: the relations that rules start from.

One statement serves the live plans, one plan or transfer, and a scenario, because the scope
supplies the relations. A scope only builds; ``gaps.queries`` runs and binds the day. Rows that
became known after the day are not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    false,
    literal,
    null,
    or_,
    select,
)
from sqlmodel.sql.sqltypes import UTCDateTime

from unbroken.functions import models as functions_models
from unbroken.gaps.rules.past import DAY, capacities_then, items_then
from unbroken.kit.db import table
from unbroken.plans import models as plans_models
from unbroken.transfers import models as transfers_models

_LOADED = (functions_models, plans_models, transfers_models)  # their import fills the metadata

FACT = "f_"
END_OF_DAY: ColumnElement[datetime] = bindparam("end_of_on", type_=UTCDateTime())
PLAN_IDS: ColumnElement[int] = bindparam("plan_ids", type_=Integer(), expanding=True)
ITEM_UIDS: ColumnElement[UUID] = bindparam("item_uids", type_=Uuid(), expanding=True)
Statement = Select[*tuple[Any, ...]]
Union = CompoundSelect[*tuple[Any, ...]]


plan, mission, revision = table("plan"), table("mission"), table("revision")
area, function_area = table("area"), table("function_area")
timetable, step = table("timetable"), table("timetable_step")
transfer = table("transfer")
GREEN = ("confirmed", "sustained")
WAITING = ("offered", "recommended", "time-asked")


_OPENLY: ColumnElement[bool] = false()
COMMON: Mapping[str, ColumnElement[Any]] = {
    "last_day_on": null(),
    "tier": null(),
    "function_area_id": null(),
    "capacity_id": null(),
    "restricted": _OPENLY,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The day and, when narrowed, the plans, the transfer or the scenarios that are meant.

    Narrowed to a transfer it holds its function in the area and its plan too, and no others.
    ``item_uids`` narrows what is told of items to these.

    ``past`` says that ``on`` lies before the last recorded act: states are then read from receipts.
    """

    on: date
    plan_ids: tuple[int, ...] | None = None
    transfer_id: int | None = None
    scenario_ids: tuple[int, ...] = ()
    past: bool = False
    item_uids: tuple[UUID, ...] | None = None

    @property
    def day(self) -> ColumnElement[date]:
        """Return the day as statements name it; ``values`` gives what it stands for."""
        return DAY

    @property
    def values(self) -> dict[str, object]:
        """Return what is bound when a statement of this scope is run."""
        meant = {"plan_ids": self.plan_ids, "item_uids": self.item_uids}
        named = {name: list(those) for name, those in meant.items() if those is not None}
        return {"on": self.on, "end_of_on": self.ends_at, **named}

    @property
    def ends_at(self) -> datetime:
        """Return the instant at which the day is over: what is before it was known on the day."""
        return datetime.combine(self.on + timedelta(days=1), time(), tzinfo=UTC)

    def any_day(self) -> "Scope":
        """Return this scope without what is bound: those alike have the same statements."""
        plans = None if self.plan_ids is None else ()
        items = None if self.item_uids is None else ()
        return replace(self, on=date.min, plan_ids=plans, item_uids=items)

    @property
    def capacity(self) -> FromClause:
        """Return the capacities, with the state each had on the day."""
        return capacities_then() if self.past else table("capacity")

    @property
    def item(self) -> FromClause:
        """Return the items, with the state each had on the day."""
        return items_then() if self.past else table("item")

    def of_plans(
        self,
        turns_on: ColumnElement[date],
        *,
        restricted: ColumnElement[bool] = _OPENLY,
        **facts: object,
    ) -> Statement:
        """Return a statement over the plans, with or without a revision in force."""
        columns = found(
            subjects=[plan.c.uid], turns_on=turns_on, facts=facts, restricted=restricted
        )
        joined = plan.join(mission).outerjoin(revision, self._in_force())
        return select(*columns).select_from(joined).where(*self._live())

    def of_functions(self, turns_on: ColumnElement[date], **facts: object) -> Statement:
        """Return a statement over the dated functions in areas."""
        columns = _dated([function_area.c.uid], turns_on, facts)
        statement = select(*columns).select_from(self._timetable()).where(*self._live())
        if self.transfer_id is None:
            return statement
        return statement.where(function_area.c.id.in_(self._of_transfer("function_area_id")))

    def of_transfers(self, turns_on: ColumnElement[date], **facts: object) -> Statement:
        """Return a statement over the open transfers and their dates."""
        columns = _dated([transfer.c.uid], turns_on, facts)
        return self._narrowed(select(*columns).select_from(self._with_transfers()))

    def of_capacities(self, turns_on: ColumnElement[date], **facts: object) -> Statement:
        """Return a statement over the capacities of open transfers; join through ``capacity``."""
        capacity = self.capacity
        columns = _dated([capacity.c.uid], turns_on, facts, capacity_id=capacity.c.id)
        joined = self._with_transfers().join(capacity, capacity.c.transfer_id == transfer.c.id)
        return self._narrowed(select(*columns).select_from(joined))

    def of_items(self, turns_on: ColumnElement[date], **facts: object) -> Statement:
        """Return a statement over the items and their steps of the timetable."""
        capacity, item = self.capacity, self.item
        columns = _dated([item.c.uid], turns_on, facts, capacity_id=capacity.c.id)
        joined = (
            self._timetable()
            .join(step, step_of())
            .join(item, item_of_step(item))
            .join(capacity, capacity.c.id == item.c.capacity_id)
            .join(transfer, and_(transfer.c.id == capacity.c.transfer_id, self.transfer_is_open()))
        )
        statement = self._narrowed(select(*columns).select_from(joined))
        return statement if self.item_uids is None else statement.where(item.c.uid.in_(ITEM_UIDS))

    def _timetable(self) -> FromClause:
        return (
            plan.join(revision, self._in_force())
            .join(timetable, timetable.c.revision_id == revision.c.id)
            .join(function_area, function_area.c.id == timetable.c.function_area_id)
            .join(area, area.c.id == function_area.c.area_id)
        )

    def _with_transfers(self) -> FromClause:
        return self._timetable().join(
            transfer,
            and_(transfer.c.function_area_id == function_area.c.id, self.transfer_is_open()),
        )

    def transfer_is_open(self, which: FromClause = transfer) -> ColumnElement[bool]:
        """Return the condition that a transfer is in being on the day."""
        if not self.past:
            return which.c.state == "open"
        return which.c.created_at < END_OF_DAY

    def _narrowed(self, statement: Statement) -> Statement:
        conditions = list(self._live())
        if self.transfer_id is not None:
            conditions.append(transfer.c.id == self.transfer_id)
        return statement.where(*conditions)

    def _in_force(self) -> ColumnElement[bool]:
        if self.scenario_ids:
            return and_(revision.c.plan_id == plan.c.id, revision.c.id.in_(self.scenario_ids))
        return and_(
            revision.c.plan_id == plan.c.id,
            revision.c.in_force_on <= self.day,
            or_(revision.c.superseded_on.is_(None), revision.c.superseded_on > self.day),
        )

    def _live(self) -> Sequence[ColumnElement[bool]]:
        finished = plan.c.state.in_(("completed", "cancelled"))
        conditions = [
            or_(plan.c.state == "open", and_(finished, plan.c.finished_on > self.day)),
            plan.c.ends_known_on <= self.day,
        ]
        if self.scenario_ids:
            meant = select(revision.c.plan_id).where(revision.c.id.in_(self.scenario_ids))
            conditions.append(plan.c.id.in_(meant))
        if self.plan_ids is not None:
            conditions.append(plan.c.id.in_(PLAN_IDS))
        if self.transfer_id is not None:
            conditions.append(plan.c.id.in_(self._of_transfer("plan_id")))
        return conditions

    def _of_transfer(self, column: str) -> Select[*tuple[Any, ...]]:
        meant = transfer.alias("meant")
        return select(meant.c[column]).where(meant.c.id == self.transfer_id)


def found(
    *,
    subjects: Sequence[ColumnElement[Any]],
    turns_on: ColumnElement[date],
    facts: Mapping[str, object],
    **common: ColumnElement[Any],
) -> list[ColumnElement[Any]]:
    """Return the columns that every rule's statement has, in the order that the runner reads them.

    ``common`` are columns named in ``COMMON``; those not given are empty.
    """
    named = {
        "plan_id": plan.c.id,
        "turns_on": turns_on,
        **{name: common.get(name, empty) for name, empty in COMMON.items()},
        **{f"subject_{n}": subject for n, subject in enumerate(subjects)},
        **{FACT + name: value for name, value in facts.items()},
    }
    return [_column(value).label(name) for name, value in named.items()]


def step_of(name: ColumnElement[str] | str | None = None) -> ColumnElement[bool]:
    """Return the condition that joins the step ``name``, or every step, of a dated function."""
    dated = and_(
        step.c.revision_id == timetable.c.revision_id,
        step.c.function_area_id == timetable.c.function_area_id,
    )
    return dated if name is None else and_(dated, step.c.step == name)


def item_of_step(item: FromClause) -> ColumnElement[bool]:
    """Return the condition that joins the items of a step."""
    return and_(item.c.function_area_id == step.c.function_area_id, item.c.step == step.c.step)


def earlier_of(first: ColumnElement[date], second: ColumnElement[date]) -> ColumnElement[date]:
    """Return the earlier of two dates; ``second`` where ``first`` is empty."""
    return case((first < second, first), else_=second)


def later_of(first: ColumnElement[date], second: ColumnElement[date]) -> ColumnElement[date]:
    """Return the later of two dates; ``first`` where ``second`` is empty."""
    return case((second > first, second), else_=first)


def _dated(
    subjects: Sequence[ColumnElement[Any]],
    turns_on: ColumnElement[date],
    facts: Mapping[str, object],
    **common: ColumnElement[Any],
) -> list[ColumnElement[Any]]:
    where = {"function": function_area.c.function_code, "area": area.c.name}
    return found(
        subjects=subjects,
        turns_on=turns_on,
        facts={**where, "last_day": timetable.c.last_day_on, **facts},
        last_day_on=timetable.c.last_day_on,
        function_area_id=function_area.c.id,
        tier=function_area.c.tier,
        restricted=or_(function_area.c.restricted, area.c.closings_public.is_(False)),
        **common,
    )


def _column(value: object) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value)
