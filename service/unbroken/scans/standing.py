"""How plans stand to their last look: whether anybody has acted since, and whether its day holds.

Every act is recorded in its plan's trail by the transaction that does it: a trail that is longer
than it was at the last look is the mark of a touch, at no cost to any command.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, or_, select, update
from sqlmodel import Session

from unbroken.gaps import models_settings
from unbroken.gaps.rules.words import GapState
from unbroken.kit.clock import civil_date
from unbroken.kit.db import put_if_absent, table
from unbroken.money import models as money_models
from unbroken.people import models as people_models
from unbroken.plans.models import PlanState
from unbroken.scans.models import PlanLook
from unbroken.trail import models as trail_models

_LOADED = (
    models_settings,
    money_models,
    people_models,
    trail_models,
)  # their import fills the metadata
gap, plan, chain = table("gap"), table("plan"), table("trail_chain")
KEPT = ("looked_on", "entries", "beside", "turns_on")
last, money, body = table("plan_look"), table("money_state"), table("organisation")
ruled = table("rule_setting")


@dataclass(frozen=True, slots=True)
class Mark:
    """What moves when somebody acts: the length of a plan's trail, and a stamp of what is beside.

    Beside it, of no plan, are the names of organisations and how a file sets rules for all plans.
    """

    entries: int
    beside: str


@dataclass(frozen=True, slots=True)
class LastLook:
    """The last look at a plan, as it is stored."""

    version: int
    looked_on: date
    mark: Mark
    turns_on: date


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A plan to be scanned, the civil date it is there, its mark now and the last look at it.

    ``money_waits``: its cover is still to be derived from another mandate's end or edition.
    """

    id: int
    uid: UUID
    on: date
    mark: Mark
    last: LastLook | None = None
    money_waits: bool = False

    @property
    def is_called(self) -> bool:
        """Return whether anything calls for another look."""
        return self.is_touched or self.has_turned

    @property
    def is_touched(self) -> bool:
        """Return whether anybody has acted since the last look."""
        return self.last is None or self.last.mark != self.mark

    @property
    def has_turned(self) -> bool:
        """Return whether any rule may find something else, whoever acted.

        There was no look, its day has come, or the clock went back; something beside the plan is
        another, its money waits, or its trail is an older one.
        """
        then = self.last
        if then is None or self.money_waits or then.mark.beside != self.mark.beside:
            return True
        is_of_today = then.looked_on <= self.on < then.turns_on
        return not is_of_today or self.mark.entries < then.mark.entries


def plan_days(
    session: Session, *, now: datetime, after: int = 0, only: Collection[int] | None = None
) -> tuple[PlanDay, ...]:
    """Return, in order, the plans that are open or still have open gaps (a finished plan's close).

    A paused plan is left alone: nobody looks, so its gaps stay as they were, never green.
    ``after`` is the number of the last plan that was written; it is not returned again.
    """
    wanted = [_is_scanned(), plan.c.id > after]
    if only is not None:
        wanted.append(plan.c.id.in_(only))
    statement = (
        select(
            *(plan.c.id, plan.c.uid, plan.c.time_zone),
            func.coalesce(chain.c.entry_count, 0).label("entry_count"),
            _beside(),
            *(last.c[name] for name in ("version", "looked_on", "entries", "turns_on")),
            last.c.beside.label("beside_then"),
            _money_waits(),
        )
        .select_from(plan)
        .outerjoin(chain, chain.c.plan_uid == plan.c.uid)
        .outerjoin(last, last.c.plan_id == plan.c.id)
        .outerjoin(money, money.c.plan_id == plan.c.id)
        .where(*wanted)
        .order_by(plan.c.id)
    )
    return tuple(_plan_day(row, now) for row in session.connection().execute(statement))


@dataclass(frozen=True, slots=True)
class Looked:
    """A look at a plan to be kept: the mark that it left, and the day on which it ends."""

    plan: PlanDay
    mark: Mark
    turns_on: date


def put_looks(session: Session, looks: Sequence[Looked]) -> None:
    """Keep looks, in the caller's transaction; one that another look has overtaken is left out."""
    first = [each for each in looks if each.plan.last is None]
    for each in first:
        put_if_absent(session, PlanLook, {"plan_id": each.plan.id, "version": 1, **_values(each)})
    statement = (
        update(last)
        .where(last.c.plan_id == bindparam("number"), last.c.version == bindparam("seen"))
        .values({name: bindparam(f"new_{name}") for name in ("version", *KEPT)})
    )
    again = [_again(each, each.plan.last) for each in looks if each.plan.last is not None]
    if again:
        session.connection().execute(statement, again)


def _again(look: Looked, before: LastLook) -> dict[str, object]:
    new = {"version": before.version + 1, **_values(look)}
    fresh = {f"new_{name}": value for name, value in new.items()}
    return {"number": look.plan.id, "seen": before.version, **fresh}


def _values(look: Looked) -> dict[str, object]:
    kept = (look.plan.on, look.mark.entries, look.mark.beside, look.turns_on)
    return dict(zip(KEPT, kept, strict=True))


def _is_scanned() -> ColumnElement[bool]:
    has_gaps = exists().where(gap.c.plan_id == plan.c.id, gap.c.state != GapState.CLOSED)
    is_open = plan.c.state == PlanState.OPEN
    return and_(plan.c.state != PlanState.PAUSED, or_(is_open, has_gaps))


def _beside() -> ColumnElement[int]:
    # none is ever removed, and each change of one raises its version
    changes = select(func.coalesce(func.sum(body.c.version - 1), 0)).select_from(body)
    # rows of rules that the instance's file sets are only ever added: both numbers only grow
    rules = select(func.coalesce(func.max(ruled.c.id), 0)).where(ruled.c.plan_id.is_(None))
    return (changes.scalar_subquery() + rules.scalar_subquery()).label("beside")


def _money_waits() -> ColumnElement[bool]:
    is_other = or_(
        money.c.mandate_ends_on != plan.c.mandate_ends_on, money.c.edition != plan.c.edition
    )
    return func.coalesce(is_other, False).label("money_waits")


def _plan_day(row: Row[tuple[object, ...]], now: datetime) -> PlanDay:
    then = Mark(row.entries, row.beside_then)
    looked = (
        None if row.version is None else LastLook(row.version, row.looked_on, then, row.turns_on)
    )
    return PlanDay(
        id=row.id,
        uid=row.uid,
        on=civil_date(now, zone=row.time_zone),
        mark=Mark(row.entry_count, str(row.beside)),
        last=looked,
        money_waits=bool(row.money_waits),
    )
