"""Marks many transfers of one plan as worked on today, in a few statements."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from unbroken.plans.commands.acts import By, touch
from unbroken.plans.models import Plan, Revision, RevisionState, Timetable
from unbroken.transfers.commands.frame import silence_days
from unbroken.transfers.models import Transfer


def mark_all_touched(
    session: Session, plan: Plan, transfer_ids: Collection[int], *, by: By
) -> None:
    """Mark that somebody worked on these transfers today; their versions stay.

    A mark must not make another editor's page stale.
    """
    today = by.today(plan)
    rows = _windows(session, plan)
    query = select(Transfer.id, Transfer.function_area_id).where(Transfer.plan_id == plan.id)
    wanted = set(transfer_ids)
    marks = [
        {"number": number, "touched": today, "until": _until(rows.get(place), on=today)}
        for number, place in session.exec(query)
        if number in wanted
    ]
    statement = (
        update(Transfer)
        .where(col(Transfer.id) == bindparam("number"))
        .values(touched_on=bindparam("touched"), silent_after_on=bindparam("until"))
    )
    if marks:
        session.connection().execute(statement, marks)
    touch(session, plan, by=by)


def _until(row: Timetable | None, *, on: date) -> date:
    return on + timedelta(days=silence_days(row, on=on))


def _windows(session: Session, plan: Plan) -> dict[int, Timetable]:
    query = (
        select(Timetable)
        .join(Revision, col(Revision.id) == Timetable.revision_id)
        .where(Revision.plan_id == plan.id, Revision.state == RevisionState.IN_FORCE)
    )
    return {row.function_area_id: row for row in session.exec(query)}
