"""Reads what was recorded since the last time and keeps what is news; every process may do it.

How far a plan was read stands in the database and moves with the news in one transaction: nothing
becomes news twice, and nothing is passed over, whoever dies meanwhile.
"""

from collections.abc import Iterable

from sqlalchemy import insert, update
from sqlmodel import Session, col

from unbroken.gaps.rules.lives import LastTold, is_news
from unbroken.kit.db import Sessions, new_uid, put_if_absent, rows_changed
from unbroken.notices.models import HEAD_ID, Notice, NoticeCursor, NoticeHead
from unbroken.notices.queries.unread import (
    Happened,
    Unread,
    acts_of,
    gap_events_of,
    last_told,
    unread_plans,
)
from unbroken.notices.rules.words import OF_GAPS, News


def gather(sessions: Sessions) -> int:
    """Keep as notices what happened on every plan since it was read; return how many there are."""
    with sessions.reading() as session:
        plans = unread_plans(session)
    return sum(_gather_plan(sessions, plan) for plan in plans)


def hold_notices(session: Session) -> None:
    """Wait until nobody else adds notices: first in every transaction that adds some.

    So their numbers rise in the order in which they can be read.
    """
    moved = update(NoticeHead).where(col(NoticeHead.id) == HEAD_ID)
    changed = rows_changed(session, moved.values(changes=NoticeHead.changes + 1))
    if not changed:
        put_if_absent(session, NoticeHead, {"id": HEAD_ID, "changes": 1})


def add_notices(session: Session, plan_id: int, happened: Iterable[Happened]) -> int:
    """Add what happened as notices and return how many; what is there already is left alone.

    In the caller's transaction, after ``hold_notices``.
    """
    rows = [_row(plan_id, each) for each in happened]
    if rows:
        session.connection().execute(insert(Notice), rows)
    return len(rows)


def _gather_plan(sessions: Sessions, unread: Unread) -> int:
    with sessions.begin() as session:
        hold_notices(session)
        events, last_event = gap_events_of(session, unread)
        if not _move(session, unread, last_event):
            return 0
        return add_notices(session, unread.plan_id, _news(session, unread, events))


def _move(session: Session, unread: Unread, last_event: int) -> bool:
    """Note how far the plan is read now; ``False``: somebody else has read it meanwhile."""
    fresh: dict[str, object] = {
        "plan_id": unread.plan_id,
        "entries": unread.entries,
        "event_id": last_event,
    }
    if unread.read_entries == 0 and put_if_absent(session, NoticeCursor, fresh):
        return True
    read_so_far = (
        col(NoticeCursor.plan_id) == unread.plan_id,
        col(NoticeCursor.entries) == unread.read_entries,
        col(NoticeCursor.event_id) == unread.read_event_id,
    )
    return rows_changed(session, update(NoticeCursor).where(*read_so_far).values(fresh)) == 1


def _news(session: Session, unread: Unread, events: list[Happened]) -> list[Happened]:
    kept = acts_of(session, unread)
    told = last_told(session, [each.subject_uid for each in events])
    for each in events:
        if each.kind is News.GAP_ASSIGNED:
            # one taken back meanwhile is for nobody, and who takes a gap on knows it
            kept += [each] if each.for_account_uid not in {None, each.by_account_uid} else []
        elif _is_told(each, told.get(each.subject_uid)) and each.severity is not None:
            told[each.subject_uid] = LastTold(each.at, each.severity)
            kept.append(each)
    return kept


def _is_told(each: Happened, last: LastTold | None) -> bool:
    if each.severity is None or each.happening is None:
        return False
    return is_news(
        each.happening,
        each.severity,
        each.at,
        last=last,
        is_acknowledged=each.is_acknowledged,
        is_waived=each.is_waived,
    )


def _row(plan_id: int, each: Happened) -> dict[str, object]:
    return {
        "uid": new_uid(),
        "source": each.source,
        "plan_id": plan_id,
        "kind": each.kind,
        "subject_uid": each.subject_uid,
        "severity": each.severity if each.kind in OF_GAPS else None,
        "function_area_id": each.function_area_id,
        "office": each.office,
        "for_account_uid": each.for_account_uid,
        "by_account_uid": each.by_account_uid,
        "happened_at": each.at,
    }
