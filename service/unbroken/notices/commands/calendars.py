"""Keeps the dates that calendars show: every process may do it, and doing it again does nothing.

How far a plan's trail had got stands in the database and moves with the dates in one transaction:
whoever dies meanwhile, the next look makes up for it.
"""

from datetime import datetime

from sqlalchemy import insert, update
from sqlmodel import Session, col

from unbroken.kit.clock import Clock, civil_date
from unbroken.kit.db import Sessions, new_uid, put_if_absent, row_id, rows_changed
from unbroken.notices.models_feeds import CalendarCursor, CalendarDate
from unbroken.notices.queries.due_dates import MovedPlan, due_dates, kept_dates, moved_plans
from unbroken.notices.rules.calendar import Changes, DueDate, KeptDate, changes, still_ahead
from unbroken.plans.models import Plan, PlanState


def keep_calendars(sessions: Sessions, *, clock: Clock) -> int:
    """Bring the dates of every plan that moved up to date and return how many changed."""
    with sessions.reading() as session:
        moved = moved_plans(session)
    return sum(_keep(sessions, each, clock=clock) for each in moved)


def _keep(sessions: Sessions, moved: MovedPlan, *, clock: Clock) -> int:
    at = clock.now()
    with sessions.begin() as session:
        if not _move(session, moved):
            return 0
        found = _compared(session, session.get_one(Plan, moved.plan_id), at=at)
        _store(session, moved.plan_id, found, at=at)
        return len(found.added) + len(found.changed)


def _move(session: Session, moved: MovedPlan) -> bool:
    """Note how far the trail has got; ``False``: somebody else is at it, or was."""
    fresh: dict[str, object] = {"plan_id": moved.plan_id, "entries": moved.entries}
    if moved.read_entries == 0 and put_if_absent(session, CalendarCursor, fresh):
        return True
    as_read = (
        col(CalendarCursor.plan_id) == moved.plan_id,
        col(CalendarCursor.entries) == moved.read_entries,
    )
    return rows_changed(session, update(CalendarCursor).where(*as_read).values(fresh)) == 1


def _compared(session: Session, plan: Plan, *, at: datetime) -> Changes:
    kept = kept_dates(session, row_id(plan))
    if plan.state is PlanState.OPEN:
        return changes(kept, due_dates(session, plan), at=at)
    # nothing falls due in a plan that rests or is finished; what has passed by then stays told
    day = plan.finished_on or civil_date(at, zone=plan.time_zone)
    return changes(still_ahead(kept, after=day), (), at=at)


def _store(session: Session, plan_id: int, found: Changes, *, at: datetime) -> None:
    if found.added:
        rows = [_row(plan_id, each, at=at) for each in found.added]
        session.connection().execute(insert(CalendarDate), rows)
    if found.changed:
        session.execute(update(CalendarDate), [_values(each) for each in found.changed])


def _row(plan_id: int, due: DueDate, *, at: datetime) -> dict[str, object]:
    return {
        "uid": new_uid(),
        "plan_id": plan_id,
        "key": due.key,
        "kind": due.kind,
        "area_id": due.area_id,
        "function_area_id": due.function_area_id,
        "transfer_id": due.transfer_id,
        "falls_on": due.falls_on,
        "until_on": due.until_on,
        "sequence": 0,
        "modified_at": at,
    }


def _values(kept: KeptDate) -> dict[str, object]:
    return {
        "id": kept.id,
        "falls_on": kept.falls_on,
        "until_on": kept.until_on,
        "sequence": kept.sequence,
        "modified_at": kept.modified_at,
        "cancelled_at": kept.cancelled_at,
    }
