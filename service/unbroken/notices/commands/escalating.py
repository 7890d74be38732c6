"""Takes the steps of escalation that should have been taken by now, each once.

State is compared, never a day hit: after any downtime what is overdue is caught up, and a step that
was taken is in the list of notices under its own name.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

from sqlalchemy import select, update
from sqlmodel import Session, col

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, put_if_absent, rows_changed
from unbroken.notices.commands.gathering import add_notices, hold_notices
from unbroken.notices.models import Notice, NoticeCursor
from unbroken.notices.queries.escalation import (
    Holder,
    Unanswered,
    holders_of,
    ladder_of,
    plans_to_escalate,
    unanswered,
)
from unbroken.notices.queries.unread import Happened
from unbroken.notices.rules.escalation import DueStep, Office, Step, due_by, steps_of
from unbroken.notices.rules.words import News

CHUNK = 500


def escalate(sessions: Sessions, *, clock: Clock) -> int:
    """Keep as notices the steps due on each open plan today, and return how many there are.

    Each plan is looked at once on each of its civil days.
    """
    with sessions.reading() as session:
        plans = plans_to_escalate(session, now=clock.now())
    return sum(_escalate_plan(sessions, number, today) for number, today in plans)


def _escalate_plan(sessions: Sessions, plan_id: int, today: date) -> int:
    with sessions.begin() as session:
        hold_notices(session)
        if not _move(session, plan_id, today):
            return 0
        ladder, holders = ladder_of(session, plan_id), holders_of(session, plan_id)
        due = [
            _as_news(each, step, holders)
            for each in unanswered(session, plan_id)
            for step in _due(ladder, each, today)
        ]
        return add_notices(session, plan_id, _not_taken(session, due))


def _move(session: Session, plan_id: int, today: date) -> bool:
    """Note the day on the plan's cursor; ``False``: somebody else has looked at it today."""
    put_if_absent(session, NoticeCursor, {"plan_id": plan_id, "entries": 0, "event_id": 0})
    looked_on = col(NoticeCursor.escalated_on)
    not_yet = (col(NoticeCursor.plan_id) == plan_id, looked_on.is_distinct_from(today))
    moved = update(NoticeCursor).where(*not_yet).values(escalated_on=today)
    return rows_changed(session, moved) == 1


def _due(ladder: Iterable[Step], each: Unanswered, today: date) -> tuple[DueStep, ...]:
    steps = steps_of(ladder, each.severity, since_on=each.since_on, last_day_on=each.last_day_on)
    return due_by(steps, today)


def _as_news(
    each: Unanswered, step: DueStep, holders: Mapping[Office, tuple[Holder, ...]]
) -> Happened:
    # an office that nobody holds must not swallow the step
    office = step.office if holders[step.office] else Office.PLANNER
    return Happened(
        source=f"step:{each.event_uid}:{step.office.value}",
        kind=News.GAP_ESCALATED,
        subject_uid=each.uid,
        at=datetime.combine(step.due_on, time(), tzinfo=UTC),
        severity=each.severity,
        function_area_id=each.function_area_id,
        office=office.value,
    )


def _not_taken(session: Session, due: list[Happened]) -> list[Happened]:
    taken: set[str] = set()
    names = [each.source for each in due]
    for start in range(0, len(names), CHUNK):
        known = select(col(Notice.source)).where(
            col(Notice.source).in_(names[start : start + CHUNK])
        )
        taken |= set(session.scalars(known))
    return [each for each in due if each.source not in taken]
