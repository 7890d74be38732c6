"""Which servers of forms there are, how they are, and which of them are due to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.db import database_now
from unbroken.sources.models import FormHint, FormPoll, FormSourceRow, PollOutcome

AFTER_SILENCE = timedelta(minutes=30)
"""How long a source that did not answer is left alone, whatever it hinted at meanwhile."""

WHILE_SILENT = timedelta(hours=6)
"""How often a source that did not answer is tried again, where it is read less often than that."""


@dataclass(frozen=True, slots=True)
class PollView:
    """How one reading ended."""

    started_at: datetime
    finished_at: datetime
    outcome: PollOutcome
    reason: str
    is_whole: bool
    read: int
    added: int
    edited: int
    restated: int
    withdrawn: int
    unread: int
    why_unread: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class FormSourceView:
    """One source with its last reading; ``silent_since`` is ``None`` while it answers."""

    uid: UUID
    plan_uid: UUID
    system: str
    base_url: str
    form: str
    secret_name: str
    is_on: bool
    every_minutes: int
    hint_count: int
    silent_since: datetime | None
    silent_reason: str
    last: PollView | None


def form_sources(
    session: Session, plan_uids: Sequence[UUID] | None = None
) -> tuple[FormSourceView, ...]:
    """Return the sources of these plans, or all (``None``), as they were made."""
    query = select(FormSourceRow).order_by(col(FormSourceRow.id))
    if plan_uids is not None:
        query = query.where(col(FormSourceRow.plan_uid).in_(plan_uids))
    return tuple(_view(session, row) for row in session.exec(query))


def sources_due(session: Session) -> tuple[UUID, ...]:
    """Return the sources that are on and to be read now: their time has come, or one hinted."""
    now = database_now(session)
    hinted = set(session.exec(select(FormHint.source_id).distinct()))
    rows = session.exec(
        select(FormSourceRow).where(col(FormSourceRow.is_on)).order_by(col(FormSourceRow.id))
    )
    return tuple(row.uid for row in rows if _is_due(row, now, is_hinted=row.id in hinted))


def _is_due(row: FormSourceRow, now: datetime, *, is_hinted: bool) -> bool:
    if row.lease_until is not None and row.lease_until > now:
        return False
    if row.read_at is None:
        return True
    rest = AFTER_SILENCE if row.silent_reason else timedelta()
    if now < max(row.not_before_at or now, row.read_at + rest):
        return False
    every = timedelta(minutes=row.every_minutes)
    if row.silent_reason:
        every = min(every, WHILE_SILENT)
    return is_hinted or row.read_at + every <= now


def _view(session: Session, row: FormSourceRow) -> FormSourceView:
    polls = select(FormPoll).where(FormPoll.source_id == row.id).order_by(col(FormPoll.id).desc())
    hints = session.exec(select(FormHint.id).where(FormHint.source_id == row.id)).all()
    last = session.exec(polls.limit(1)).first()
    return FormSourceView(
        uid=row.uid,
        plan_uid=row.plan_uid,
        system=row.system,
        base_url=row.base_url,
        form=row.form,
        secret_name=row.secret_name,
        is_on=row.is_on,
        every_minutes=row.every_minutes,
        hint_count=len(hints),
        silent_since=row.silent_since,
        silent_reason=row.silent_reason,
        last=None if last is None else _poll_view(last),
    )


def _poll_view(row: FormPoll) -> PollView:
    return PollView(
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=row.outcome,
        reason=row.reason,
        is_whole=row.is_whole,
        read=row.read_count,
        added=row.added_count,
        edited=row.edited_count,
        restated=row.restated_count,
        withdrawn=row.withdrawn_count,
        unread=row.unread_count,
        why_unread=tuple(row.unread),
    )
