"""Writes a timetable down: functions in areas where they are missing, rows and steps in bulk."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import insert
from sqlmodel import Session, col, select

from unbroken.functions.rules import Edition, function_uid
from unbroken.kit.db import new_uid, row_id
from unbroken.plans.models import (
    AddedStep,
    Area,
    FunctionArea,
    Plan,
    Revision,
    RevisionState,
    Timetable,
    TimetableStep,
)
from unbroken.plans.rules.dates import shift
from unbroken.plans.rules.timetable import Row

Key = tuple[str, str]
"""Function code and area slug."""


def store_timetable(
    session: Session, plan: Plan, revision: Revision, *, rows: tuple[Row, ...], edition: Edition
) -> None:
    """Write the rows and steps of ``revision``, which has none yet."""
    session.flush()
    pairs = [(row.function_code, row.area_slug) for row in rows]
    numbers = ensure_function_areas(session, plan, pairs, edition=edition)
    number = row_id(revision)
    if not rows:
        return
    connection = session.connection()
    wide = [_wide(row, revision_id=number, numbers=numbers) for row in rows]
    connection.execute(insert(Timetable), wide)
    steps = [step for row in rows for step in _steps(row, revision_id=number, numbers=numbers)]
    connection.execute(insert(TimetableStep), [*steps, *_added(session, steps, revision=revision)])


def add_step(session: Session, added: AddedStep, *, revision: Revision | None) -> None:
    """Store ``added`` for all revisions to come, and its row in the one in force, if any."""
    session.add(added)
    session.flush()
    if revision is None:
        return
    query = select(col(TimetableStep.due_on)).where(
        TimetableStep.revision_id == revision.id,
        TimetableStep.function_area_id == added.function_area_id,
        TimetableStep.step == added.anchor,
    )
    due_on = added.due_on or session.exec(query).first()
    if due_on is not None:
        row = _added_row(row_id(revision), added, due_on)
        session.connection().execute(insert(TimetableStep), [row])


def ensure_function_areas(
    session: Session, plan: Plan, pairs: Iterable[Key], *, edition: Edition
) -> dict[Key, int]:
    """Add the functions in areas that are missing and return the numbers of all of the plan."""
    known = _numbers(session, plan)
    missing = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    if not missing:
        return known
    areas = dict(session.exec(select(Area.slug, Area.id).where(Area.plan_id == plan.id)).all())
    session.connection().execute(
        insert(FunctionArea),
        [
            {
                "uid": new_uid(),
                "plan_id": row_id(plan),
                "area_id": areas[slug],
                "function_code": code,
                "function_uid": function_uid(edition.name, code),
                "tier": edition.functions[code].tier,
                "restricted": edition.functions[code].restricted,
            }
            for code, slug in missing
        ],
    )
    return _numbers(session, plan)


def _added(
    session: Session, derived: Iterable[Mapping[str, object]], *, revision: Revision
) -> Iterator[dict[str, object]]:
    """Yield the rows of steps that planners added, beside those derived from the revision."""
    due = {(row["function_area_id"], row["step"]): row["due_on"] for row in derived}
    dated = {number for number, _step in due}
    query = (
        select(AddedStep)
        .join(FunctionArea, col(FunctionArea.id) == AddedStep.function_area_id)
        .where(FunctionArea.plan_id == revision.plan_id)
    )
    for added in session.exec(query):
        if added.function_area_id not in dated:
            continue
        due_on = added.due_on or due.get((added.function_area_id, added.anchor))
        # an anchor that another edition does not have leaves the day that held last
        due_on = due_on or _last_due(session, added)
        if isinstance(due_on, date):
            yield _added_row(row_id(revision), added, due_on)


def _last_due(session: Session, added: AddedStep) -> date | None:
    query = (
        select(col(TimetableStep.due_on))
        .join(Revision, col(Revision.id) == TimetableStep.revision_id)
        .where(
            TimetableStep.function_area_id == added.function_area_id,
            TimetableStep.step == added.step,
            Revision.state != RevisionState.SCENARIO,
        )
        .order_by(col(Revision.id).desc())
    )
    return session.exec(query).first()


def _added_row(revision_id: int, added: AddedStep, due_on: date) -> dict[str, object]:
    return {
        "revision_id": revision_id,
        "function_area_id": added.function_area_id,
        "step": added.step,
        "due_on": due_on,
        "latest_start_on": due_on,
        "cannot_be_met": False,
    }


def _numbers(session: Session, plan: Plan) -> dict[Key, int]:
    query = (
        select(FunctionArea.function_code, Area.slug, FunctionArea.id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .where(FunctionArea.plan_id == plan.id)
    )
    return {(code, slug): number for code, slug, number in session.exec(query) if number}


def _wide(row: Row, *, revision_id: int, numbers: dict[Key, int]) -> dict[str, object]:
    return {
        "revision_id": revision_id,
        "function_area_id": numbers[row.function_code, row.area_slug],
        "last_day_on": row.last_day_on,
        "last_day_reason": row.last_day_reason,
        "certain_on": row.certain_on,
        "lead_start_on": row.lead_start_on,
        "lead_days": row.lead_days,
        "cannot_be_met": row.cannot_be_met,
        "receiver_by": _due(row, "receiver-named"),
        "agreement_by": _due(row, "agreement-signed"),
        "custodian_by": _due(row, "custodian-named"),
        "check_3_on": _due(row, "check-3"),
        "check_6_on": _due(row, "check-6"),
        "check_12_on": _due(row, "check-12"),
        "overlap_from_on": row.overlap_from_on,
        "silence_shortens_on": row.silence_shortens_on,
        "answer_days": row.windows.answer,
        "silence_days": row.windows.silence,
        "late_silence_days": row.windows.late_silence,
        "overlap_days": row.windows.overlap,
        "moved_days": row.windows.moved,
        "moved_limit_on": shift(row.last_day_on, row.windows.moved),
        "dispute_days": row.windows.dispute,
        "condition_days": row.windows.condition,
        "bridge_days": row.windows.bridge,
    }


def _due(row: Row, key: str) -> object:
    step = row.step(key)
    if step is None:
        message = f"{row.function_code} has no step {key}"
        raise ValueError(message)
    return step.due_on


def _steps(row: Row, *, revision_id: int, numbers: dict[Key, int]) -> Iterable[dict[str, object]]:
    number = numbers[row.function_code, row.area_slug]
    for step in row.steps:
        yield {
            "revision_id": revision_id,
            "function_area_id": number,
            "step": step.key,
            "due_on": step.due_on,
            "latest_start_on": step.latest_start_on,
            "cannot_be_met": step.cannot_be_met,
        }
