"""Which dates of a plan belong in calendars now, and which plans have moved since the last look.

Nothing of restricted functions, and nothing of areas whose closings are not public: a calendar
leaves the house.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from unbroken.kit.db import table
from unbroken.notices.models_feeds import CalendarCursor, CalendarDate
from unbroken.notices.rules.calendar import DateKind, DueDate, KeptDate
from unbroken.plans.models import (
    Area,
    ClosingClaim,
    FunctionArea,
    Plan,
    Revision,
    RevisionState,
    Timetable,
    TimetableStep,
)
from unbroken.plans.queries.effective import effective_claim, vague_date_of
from unbroken.trail.models import Chain
from unbroken.transfers.models import Capacity
from unbroken.transfers.rules.words import CapacityState, TransferState

WAITING = (CapacityState.OFFERED, CapacityState.RECOMMENDED, CapacityState.TIME_ASKED)
OF_FUNCTIONS = (
    (DateKind.RECEIVER, Timetable.receiver_by),
    (DateKind.AGREEMENT, Timetable.agreement_by),
    (DateKind.LAST_DAY, Timetable.last_day_on),
    (DateKind.CHECK_3, Timetable.check_3_on),
    (DateKind.CHECK_6, Timetable.check_6_on),
    (DateKind.CHECK_12, Timetable.check_12_on),
)


@dataclass(frozen=True, slots=True)
class MovedPlan:
    """A plan whose trail is longer than when its dates were last compared."""

    plan_id: int
    entries: int
    read_entries: int


def moved_plans(session: Session) -> list[MovedPlan]:
    """Return the plans on which anything was recorded since, in order; may be empty."""
    read = func.coalesce(CalendarCursor.entries, 0)
    statement = (
        select(table("plan").c.id, col(Chain.entry_count), read)
        .join(Chain, col(Chain.plan_uid) == Plan.uid)
        .outerjoin(CalendarCursor, col(CalendarCursor.plan_id) == Plan.id)
        .where(col(Chain.entry_count) != read)
        .order_by(col(Plan.id))
    )
    return [MovedPlan(*row) for row in session.execute(statement)]


def kept_dates(session: Session, plan_id: int) -> list[KeptDate]:
    """Return the dates of a plan as calendars have them, the cancelled ones too."""
    kept = table("calendar_date").c
    columns = (
        kept.id,
        kept.key,
        kept.falls_on,
        kept.until_on,
        kept.sequence,
        kept.modified_at,
        kept.cancelled_at,
    )
    statement = select(*columns).where(col(CalendarDate.plan_id) == plan_id)
    found = session.connection().execute(statement).mappings()
    return [KeptDate(**row) for row in found]


def due_dates(session: Session, plan: Plan) -> list[DueDate]:
    """Return every date of a plan that belongs in calendars; whoever reads is asked later.

    Ends, what falls due in each function and area by the revision in force, and the day by which
    each receiver is to answer. A vague closing is told as all days that may be meant.
    """
    return [
        *_of_plan(plan),
        *_closings(session, plan),
        *_of_functions(session, plan),
        *_answers(session, plan),
    ]


def may_leave() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions, over functions in areas and areas, that their dates leave the house.

    Both may be missing, as with the end of a mandate: then nothing holds them back.
    """
    return (
        col(FunctionArea.restricted).is_not(True),
        col(Area.closings_public).is_not(False),
    )


def _of_plan(plan: Plan) -> Iterator[DueDate]:
    ends = (
        (DateKind.MANDATE_END, plan.mandate_ends_on),
        (DateKind.TRANSFER_END, plan.transfer_ends_on),
    )
    for kind, day in ends:
        if day is not None:
            yield DueDate(kind=kind, subject=plan.uid, falls_on=day, until_on=day)


def _closings(session: Session, plan: Plan) -> Iterator[DueDate]:
    query = (
        select(ClosingClaim, col(Area.uid))
        .join(Area, col(Area.id) == ClosingClaim.area_id)
        .where(col(Area.plan_id) == plan.id, col(Area.closings_public).is_(True))
    )
    claims: defaultdict[tuple[int, UUID], list[ClosingClaim]] = defaultdict(list)
    for claim, area in session.execute(query):
        claims[claim.area_id, area].append(claim)
    for (area_id, area), said in claims.items():
        counts = effective_claim(said, on=date.max)
        day = None if counts is None else vague_date_of(counts)
        if day is not None:
            yield DueDate(
                kind=DateKind.CLOSING,
                subject=area,
                falls_on=day.earliest,
                until_on=day.latest,
                area_id=area_id,
            )


def _of_functions(session: Session, plan: Plan) -> Iterator[DueDate]:
    revision = _in_force(session, plan)
    if revision is None:
        return
    query: Select[*tuple[Any, ...]] = (
        select(
            col(FunctionArea.uid),
            col(Timetable.function_area_id),
            col(FunctionArea.area_id),
            *(col(column).label(kind.value) for kind, column in OF_FUNCTIONS),
        )
        .select_from(Timetable)
        .join(FunctionArea, col(FunctionArea.id) == Timetable.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .where(col(Timetable.revision_id) == revision, *may_leave())
    )
    confirm = _last_confirm(session, revision)
    for row in session.connection().execute(query).mappings():
        dated = {kind: row[kind.value] for kind, _column in OF_FUNCTIONS}
        if row["function_area_id"] in confirm:
            dated[DateKind.CONFIRM] = confirm[row["function_area_id"]]
        for kind, day in dated.items():
            yield DueDate(
                kind=kind,
                subject=row["uid"],
                falls_on=day,
                until_on=day,
                area_id=row["area_id"],
                function_area_id=row["function_area_id"],
            )


def _in_force(session: Session, plan: Plan) -> int | None:
    mine = (col(Revision.plan_id) == plan.id, col(Revision.state) == RevisionState.IN_FORCE)
    return session.connection().execute(select(table("revision").c.id).where(*mine)).scalar()


def _last_confirm(session: Session, revision: int) -> dict[int, date]:
    """Return the day by which the last capacity of each function in an area must be confirmed."""
    statement = (
        select(col(TimetableStep.function_area_id), func.max(TimetableStep.due_on))
        .where(col(TimetableStep.revision_id) == revision)
        .where(col(TimetableStep.step).startswith("confirm:"))
        .group_by(col(TimetableStep.function_area_id))
    )
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def _answers(session: Session, plan: Plan) -> Iterator[DueDate]:
    transfer = table("transfer").c
    statement = (
        select(
            transfer.uid,
            transfer.id,
            transfer.function_area_id,
            col(FunctionArea.area_id),
            func.min(Capacity.answer_by),
        )
        .join(Capacity, col(Capacity.transfer_id) == transfer.id)
        .join(FunctionArea, col(FunctionArea.id) == transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .where(transfer.plan_id == plan.id, transfer.state == TransferState.OPEN)
        .where(col(Capacity.state).in_(WAITING), col(Capacity.answer_by).is_not(None))
        .where(*may_leave())
        .group_by(transfer.uid, transfer.id, transfer.function_area_id, col(FunctionArea.area_id))
    )
    for uid, transfer_id, function_area_id, area_id, day in session.connection().execute(statement):
        yield DueDate(
            kind=DateKind.ANSWER,
            subject=uid,
            falls_on=day,
            until_on=day,
            area_id=area_id,
            function_area_id=function_area_id,
            transfer_id=transfer_id,
        )
