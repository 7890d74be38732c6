"""The stored steps of a timetable: what is due soon, and what one function in an area asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlmodel import Session, col

from unbroken.people.rules import Actor
from unbroken.plans.models import Area, FunctionArea, Plan, Revision, RevisionState, TimetableStep
from unbroken.plans.queries.timetables import is_veiled, revision_meant, titles_of
from unbroken.plans.queries.veil import reads_detail


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a function in an area: when it is due and when it must begin at last."""

    function_area_uid: UUID
    function_code: str
    title: str
    area: str
    area_name: str
    tier: int
    step: str
    due_on: date
    latest_start_on: date
    cannot_be_met: bool


def due_soon(
    session: Session, plan_uid: UUID, *, actor: Actor, on: date, until: date, limit: int = 50
) -> tuple[StepRow, ...]:
    """Return the steps in force due from ``on`` to ``until``, both included, the earliest first.

    At most ``limit``; steps of one day by tier. Restricted ones only for readers who see detail.
    """
    detail = reads_detail(session, plan_uid, actor=actor)
    meant = revision_meant(session, plan_uid, None, detail=detail)
    if meant is None:
        return ()
    query = (
        _STEPS.where(col(TimetableStep.revision_id) == meant.id)
        .where(col(TimetableStep.due_on) >= on, col(TimetableStep.due_on) <= until)
        .order_by(
            col(TimetableStep.due_on),
            col(FunctionArea.tier),
            col(FunctionArea.function_code),
            col(Area.slug),
            col(TimetableStep.step),
        )
    )
    if not detail:
        query = query.where(col(FunctionArea.restricted).is_(False))
        query = query.where(col(Area.closings_public).is_(True))
    titles = titles_of(session, meant.edition)
    found = session.connection().execute(query.limit(limit)).mappings()
    return tuple(_step(row, titles) for row in found)


def steps_of(session: Session, function_area_uid: UUID, *, actor: Actor) -> tuple[StepRow, ...]:
    """Return the steps in force of one function in an area, by due day; may be empty.

    Those of a restricted function, or of an area whose end is not public, only for readers who
    see detail.
    """
    query = (
        _STEPS.add_columns(
            col(Plan.uid).label("plan_uid"),
            col(Revision.edition),
            col(FunctionArea.restricted),
            col(Area.closings_public),
        )
        .join(Revision, col(Revision.id) == TimetableStep.revision_id)
        .join(Plan, col(Plan.id) == Revision.plan_id)
        .where(col(FunctionArea.uid) == function_area_uid)
        .where(col(Revision.state) == RevisionState.IN_FORCE)
        .order_by(col(TimetableStep.due_on), col(TimetableStep.step))
    )
    found = session.connection().execute(query).mappings().all()
    if not found:
        return ()
    first = found[0]
    detail = reads_detail(session, first["plan_uid"], actor=actor)
    if not detail and is_veiled(first):
        return ()
    titles = titles_of(session, first["edition"])
    return tuple(_step(row, titles) for row in found)


_STEPS = (
    select(
        col(FunctionArea.uid),
        col(FunctionArea.function_code),
        col(Area.slug),
        col(Area.name),
        col(FunctionArea.tier),
        col(TimetableStep.step),
        col(TimetableStep.due_on),
        col(TimetableStep.latest_start_on),
        col(TimetableStep.cannot_be_met),
    )
    .select_from(TimetableStep)
    .join(FunctionArea, col(FunctionArea.id) == TimetableStep.function_area_id)
    .join(Area, col(Area.id) == FunctionArea.area_id)
)


def _step(row: RowMapping, titles: Mapping[str, str]) -> StepRow:
    return StepRow(
        function_area_uid=row["uid"],
        function_code=row["function_code"],
        title=titles.get(row["function_code"], row["function_code"]),
        area=row["slug"],
        area_name=row["name"],
        tier=row["tier"],
        step=row["step"],
        due_on=row["due_on"],
        latest_start_on=row["latest_start_on"],
        cannot_be_met=row["cannot_be_met"],
    )
