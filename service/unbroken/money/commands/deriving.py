"""The cover of a plan, derived from its lines and stored: once for all who read or scan."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from unbroken.functions.rules import function_uid
from unbroken.kit.clock import Clock, civil_date
from unbroken.kit.db import Sessions, row_id, table
from unbroken.money.models import MoneyMonth, MoneyState
from unbroken.money.queries.lines import functions_of, money_lines, need_lines
from unbroken.money.rules.amounts import last_of_month, quarter_of
from unbroken.money.rules.coverage import Cell, coverage
from unbroken.people.models import Organisation
from unbroken.plans.models import Area, Plan

CHUNK = 500
VALUES = (
    "function_uid",
    "tier",
    "restricted",
    "need",
    "required",
    "covered",
    "promised",
    "uncovered",
    "after_pledges",
    "requested",
    "open_pledge",
    "assessed",
    "voluntary",
    "paid",
    "at_least",
    "at_most",
)
Values = dict[str, Any]
Key = tuple[str, int | None, int | None, date]


def derive(session: Session, plan: Plan, *, on: date, at: datetime) -> None:
    """Derive the cover of a plan from its lines and write what has changed, in the transaction.

    Rows that change are kept as they were until ``on``; those that first held today are replaced.
    """
    session.flush()
    found = coverage(
        need_lines(session, row_id(plan)),
        money_lines(session, row_id(plan)),
        mandate_ends_on=plan.mandate_ends_on,
    )
    rows = {_key(row): row for row in _rows(session, plan, found.cells)}
    _replace(session, row_id(plan), rows, on=on)
    _note(session, plan, on=on, at=at)


def derive_stale(sessions: Sessions, *, clock: Clock) -> None:
    """Derive anew the cover of every plan whose mandate's end or edition is another by now."""
    stale = (
        select(Plan.id)
        .join(MoneyState, col(MoneyState.plan_id) == Plan.id)
        .where(
            or_(
                col(MoneyState.mandate_ends_on) != col(Plan.mandate_ends_on),
                col(MoneyState.edition) != col(Plan.edition),
            )
        )
    )
    with sessions.reading() as session:
        numbers = session.exec(stale).all()
    for number in numbers:
        with sessions.begin() as session:
            plan = session.get_one(Plan, number)
            now = clock.now()
            derive(session, plan, on=civil_date(now, zone=plan.time_zone), at=now)


def _rows(session: Session, plan: Plan, cells: Iterable[Cell]) -> Iterable[Values]:
    functions = functions_of(session, plan)
    areas = {row.uid: row for row in session.exec(select(Area).where(Area.plan_id == plan.id))}
    uids = select(Organisation.uid, Organisation.id)
    receivers = {str(uid): number for uid, number in session.exec(uids)}
    for cell in cells:
        function = functions.get(cell.place.function)
        area = areas.get(UUID(cell.place.area)) if cell.place.area else None
        is_hidden = area is not None and not area.closings_public
        yield {
            "plan_id": plan.id,
            "function_code": cell.place.function,
            "function_uid": function_uid(plan.edition, function.code) if function else None,
            "tier": None if function is None else function.tier,
            "restricted": is_hidden or (function is not None and function.restricted),
            "area_id": None if area is None else area.id,
            "receiver_id": receivers.get(cell.place.receiver),
            "month_on": cell.month,
            "last_on": last_of_month(cell.month),
            "quarter_on": quarter_of(cell.month),
            **{name: getattr(cell, name) for name in VALUES[3:]},
        }


def _key(row: Values) -> Key:
    return (row["function_code"], row["area_id"], row["receiver_id"], row["month_on"])


def _replace(session: Session, plan_id: int, rows: dict[Key, Values], *, on: date) -> None:
    month = table(str(MoneyMonth.__tablename__))
    current = sa_select(month).where(month.c.plan_id == plan_id, month.c.gone_on.is_(None))
    gone: list[int] = []
    kept: set[Key] = set()
    for row in session.connection().execute(current).mappings():
        key = _key(dict(row))
        new = rows.get(key)
        if new is not None and all(row[name] == new[name] for name in VALUES):
            kept.add(key)
        else:
            gone.append(row["id"])
    for start in range(0, len(gone), CHUNK):
        chunk = month.c.id.in_(gone[start : start + CHUNK])
        session.connection().execute(delete(month).where(chunk, month.c.known_on >= on))
        session.connection().execute(update(month).where(chunk).values(gone_on=on))
    fresh = [
        row | {"known_on": on, "gone_on": None} for key, row in rows.items() if key not in kept
    ]
    if fresh:
        session.connection().execute(insert(month), fresh)


def _note(session: Session, plan: Plan, *, on: date, at: datetime) -> None:
    state = session.get(MoneyState, row_id(plan))
    if state is None:
        state = MoneyState(
            plan_id=row_id(plan),
            mandate_ends_on=plan.mandate_ends_on,
            edition=plan.edition,
            derived_on=on,
            derived_at=at,
        )
    state.version += 1
    state.mandate_ends_on, state.edition = plan.mandate_ends_on, plan.edition
    state.derived_on, state.derived_at = on, at
    session.add(state)
    session.flush()
