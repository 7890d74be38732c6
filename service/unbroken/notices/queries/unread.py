"""Which plans have news that nobody has gathered yet, and what it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from unbroken.gaps.models import Gap, GapEvent
from unbroken.gaps.rules.lives import LastTold
from unbroken.gaps.rules.words import Happening, Severity
from unbroken.kit.db import table
from unbroken.notices.models import Notice, NoticeCursor
from unbroken.notices.rules.news import ACTS, HAPPENED, TOLD_TO_ALL
from unbroken.notices.rules.words import News
from unbroken.plans.models import Plan
from unbroken.trail.models import Chain, Entry
from unbroken.transfers.models import Capacity, Transfer

CHUNK = 500
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Unread:
    """A plan whose trail is longer than it was read; ``entries`` is its length now."""

    plan_id: int
    plan_uid: UUID
    chain_id: int
    entries: int
    read_entries: int
    read_event_id: int


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that may be news; ``severity`` and ``happening`` are of gaps only.

    ``is_acknowledged`` and ``is_waived`` say how the gap stands now. ``office`` and
    ``for_account_uid`` say whom it is for, where it is not for all.
    """

    source: str
    kind: News
    subject_uid: UUID
    at: datetime
    severity: Severity | None = None
    function_area_id: int | None = None
    by_account_uid: UUID | None = None
    happening: Happening | None = None
    is_acknowledged: bool = False
    is_waived: bool = False
    office: str | None = None
    for_account_uid: UUID | None = None


def unread_plans(session: Session) -> list[Unread]:
    """Return the plans on which anything was recorded since they were read, in order."""
    statement = (
        select(
            table("plan").c.id,
            col(Plan.uid),
            table("trail_chain").c.id,
            col(Chain.entry_count),
            func.coalesce(NoticeCursor.entries, 0),
            func.coalesce(NoticeCursor.event_id, 0),
        )
        .join(Chain, col(Chain.plan_uid) == Plan.uid)
        .outerjoin(NoticeCursor, col(NoticeCursor.plan_id) == Plan.id)
        .where(col(Chain.entry_count) != func.coalesce(NoticeCursor.entries, 0))
        .order_by(col(Plan.id))
    )
    return [Unread(*row) for row in session.execute(statement)]


def acts_of(session: Session, unread: Unread) -> list[Happened]:
    """Return the acts recorded since that are news by themselves, in order; may be empty."""
    statement = (
        select(
            col(Entry.uid),
            col(Entry.action),
            col(Entry.subject_uid),
            col(Entry.at),
            col(Entry.account_uid),
        )
        .where(
            col(Entry.chain_id) == unread.chain_id,
            col(Entry.position) > unread.read_entries,
            col(Entry.position) <= unread.entries,
            col(Entry.action).in_(ACTS),
        )
        .order_by(col(Entry.position))
    )
    rows = session.connection().execute(statement).all()
    areas = _function_areas(session, [row.subject_uid for row in rows])
    return [
        Happened(
            source=f"entry:{uid}",
            kind=ACTS[action],
            subject_uid=subject,
            at=at,
            function_area_id=areas.get(subject),
            by_account_uid=account,
        )
        for uid, action, subject, at, account in rows
    ]


def gap_events_of(session: Session, unread: Unread) -> tuple[list[Happened], int]:
    """Return what happened to the plan's gaps since, in order, and the last event's number."""
    statement = (
        select(GapEvent, Gap)
        .join(Gap, col(Gap.id) == GapEvent.gap_id)
        .where(
            col(Gap.plan_id) == unread.plan_id,
            col(GapEvent.id) > unread.read_event_id,
            col(GapEvent.kind).in_(HAPPENED),
        )
        .order_by(col(GapEvent.id))
    )
    rows = session.execute(statement).all()
    last = max((event.id or 0 for event, _gap in rows), default=unread.read_event_id)
    return [_of_gap(event, gap) for event, gap in rows], last


def last_told(session: Session, gaps: Iterable[UUID]) -> dict[UUID, LastTold]:
    """Return when each gap was last told of and how bad it was; those never told are absent."""
    told: dict[UUID, LastTold] = {}
    for chunk in _chunks(sorted(set(gaps))):
        statement = (
            select(col(Notice.subject_uid), col(Notice.happened_at), col(Notice.severity))
            .where(
                col(Notice.subject_uid).in_(chunk),
                col(Notice.kind).in_(TOLD_TO_ALL),
                col(Notice.severity).is_not(None),
            )
            .order_by(col(Notice.id))
        )
        rows = session.connection().execute(statement)
        told |= {uid: LastTold(at, severity) for uid, at, severity in rows if severity is not None}
    return told


def _of_gap(event: GapEvent, gap: Gap) -> Happened:
    return Happened(
        source=f"event:{event.uid}",
        kind=HAPPENED[event.kind],
        subject_uid=gap.uid,
        at=event.at,
        severity=event.severity,
        function_area_id=gap.function_area_id,
        by_account_uid=event.account_uid,
        happening=event.kind,
        is_acknowledged=gap.acknowledged_at is not None,
        is_waived=gap.waived_by_uid is not None,
        for_account_uid=gap.assigned_to_uid if event.kind is Happening.ASSIGNED else None,
    )


def _function_areas(session: Session, capacities: Iterable[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for chunk in _chunks(sorted(set(capacities))):
        statement = (
            select(col(Capacity.uid), col(Transfer.function_area_id))
            .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
            .where(col(Capacity.uid).in_(chunk))
        )
        rows = session.connection().execute(statement)
        found |= {row.uid: row.function_area_id for row in rows}
    return found


def _chunks(values: Sequence[Value]) -> Iterator[list[Value]]:
    left = iter(values)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
