"""The stored timetable as pages show it, and what cannot be met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as sqlmodel_select

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.functions.queries import loaded_edition
from unbroken.people.rules import Actor
from unbroken.plans.models import (
    Area,
    Baseline,
    FunctionArea,
    Plan,
    Revision,
    RevisionState,
    Timetable,
)
from unbroken.plans.queries.contents import baseline_content
from unbroken.plans.queries.veil import reads_detail, veiled_areas
from unbroken.plans.rules import LastDayReason, RevisionContent, Row, timetable

UNSEEN = (RevisionState.DRAFT, RevisionState.SCENARIO)


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """The dates of one function in one area; ``notice_days`` count from trigger to last day."""

    function_area_uid: UUID
    function_code: str
    title: str
    area: str
    area_name: str
    tier: int
    restricted: bool
    last_day_on: date
    last_day_reason: LastDayReason
    certain_on: date
    lead_start_on: date
    lead_days: int
    notice_days: int
    cannot_be_met: bool
    receiver_by: date
    agreement_by: date
    custodian_by: date
    check_3_on: date
    check_6_on: date
    check_12_on: date
    overlap_from_on: date
    answer_days: int
    silence_days: int
    dispute_days: int
    condition_days: int


@dataclass(frozen=True, slots=True)
class VeiledRow:
    """What readers without detail see of a restricted function: the quarter of its last day.

    A map of where nobody watches is itself dangerous: no area, no day.
    """

    function_code: str
    title: str
    tier: int
    quarter: str


@dataclass(frozen=True, slots=True)
class TimetableView:
    """The timetable of one revision, as far as the reader sees; both parts may be empty.

    ``revision`` is its number, ``None`` where there is none. Rows are by tier, last day, code and
    area; ``veiled`` by tier, quarter and code, each once.
    """

    revision: int | None
    rows: tuple[TimetableRow, ...] = ()
    veiled: tuple[VeiledRow, ...] = ()


def timetable_of(
    session: Session, plan_uid: UUID, revision: int | UUID | None = None, *, actor: Actor
) -> TimetableView:
    """Return the timetable of a revision by number or UUID; without one, of that in force.

    Empty where there is no such revision, where it has no timetable (a draft), or where it is a
    draft or scenario and the reader sees no detail.
    """
    detail = reads_detail(session, plan_uid, actor=actor)
    meant = revision_meant(session, plan_uid, revision, detail=detail)
    if meant is None:
        return TimetableView(None)
    found = session.connection().execute(_ROWS, {"revision": meant.id}).mappings().all()
    titles = titles_of(session, meant.edition)
    open_rows = [row for row in found if detail or not is_veiled(row)]
    veiled = [row for row in found if not detail and is_veiled(row)]
    return TimetableView(
        revision=meant.number,
        rows=tuple(_row(row, titles) for row in open_rows),
        veiled=tuple(_veiled(veiled, titles)),
    )


def derived_timetable(
    session: Session, plan_uid: UUID, revision: int | UUID, *, actor: Actor
) -> tuple[Row, ...]:
    """Return the rows that follow from a revision, such as a draft that has none stored yet.

    By tier, catalogue order and area; empty where there is no such revision. Readers who do not see
    detail get no drafts, no restricted functions and no areas whose closings are not public.
    """
    detail = reads_detail(session, plan_uid, actor=actor)
    meant = revision_meant(session, plan_uid, revision, detail=detail)
    if meant is None:
        return ()
    content = RevisionContent.from_plain(meant.content)
    baseline = None if meant.baseline_id is None else session.get_one(Baseline, meant.baseline_id)
    edition = loaded_edition(session, meant.edition)
    rows = timetable(content, edition, baseline_content(session, baseline))
    if detail:
        return rows
    areas = veiled_areas(session, plan_uid)
    codes = {each.code for each in edition.functions.values() if not each.restricted}
    return tuple(row for row in rows if row.function_code in codes and row.area_slug not in areas)


def cannot_be_met_of(session: Session, plan_uid: UUID, *, actor: Actor) -> tuple[TimetableRow, ...]:
    """Return the rows in force whose minimum does not fit, what to save first at the front.

    By tier, then last day; may be empty. Veiled rows are left out.
    """
    rows = timetable_of(session, plan_uid, actor=actor).rows
    return tuple(row for row in rows if row.cannot_be_met)


_ROWS = (
    select(
        col(FunctionArea.uid),
        col(FunctionArea.function_code),
        col(Area.slug),
        col(Area.name),
        col(FunctionArea.tier),
        col(FunctionArea.restricted),
        col(Area.closings_public),
        col(Plan.triggered_on),
        *Timetable.__table__.columns,  # type: ignore[attr-defined]
    )
    .select_from(Timetable)
    .join(FunctionArea, col(FunctionArea.id) == Timetable.function_area_id)
    .join(Area, col(Area.id) == FunctionArea.area_id)
    .join(Plan, col(Plan.id) == FunctionArea.plan_id)
    .where(col(Timetable.revision_id) == bindparam("revision"))
    .order_by(
        col(FunctionArea.tier),
        col(Timetable.last_day_on),
        col(FunctionArea.function_code),
        col(Area.position),
        col(Area.id),
    )
)


def revision_meant(
    session: Session, plan_uid: UUID, revision: int | UUID | None, *, detail: bool
) -> Revision | None:
    """Return a revision by number or UUID, else that in force; ``None`` where none is seen.

    Drafts and scenarios are for readers who see ``detail`` only.
    """
    query = (
        sqlmodel_select(Revision)
        .join(Plan, col(Plan.id) == Revision.plan_id)
        .where(Plan.uid == plan_uid)
    )
    match revision:
        case None:
            query = query.where(col(Revision.state) == RevisionState.IN_FORCE)
        case int():
            query = query.where(col(Revision.number) == revision)
        case UUID():
            query = query.where(col(Revision.uid) == revision)
    found = session.exec(query).first()
    unseen = found is not None and found.state in UNSEEN and not detail
    return None if unseen else found


def titles_of(session: Session, edition: str) -> Mapping[str, str]:
    """Return the English titles of the functions of an edition by code."""
    query = (
        select(col(FunctionRow.code), col(FunctionRow.body)["title"].as_string())
        .join(EditionRow, col(EditionRow.id) == FunctionRow.edition_id)
        .where(col(EditionRow.name) == edition)
    )
    return {row[0]: row[1] for row in session.connection().execute(query)}


def is_veiled(row: RowMapping) -> bool:
    """Return whether a found row is for readers of detail only."""
    return bool(row["restricted"]) or not row["closings_public"]


def _veiled(rows: Sequence[RowMapping], titles: Mapping[str, str]) -> list[VeiledRow]:
    found = {
        VeiledRow(
            function_code=row["function_code"],
            title=titles.get(row["function_code"], row["function_code"]),
            tier=row["tier"],
            quarter=f"{row['last_day_on'].year}-Q{(row['last_day_on'].month + 2) // 3}",
        )
        for row in rows
    }
    return sorted(found, key=lambda row: (row.tier, row.quarter, row.function_code))


def _row(row: RowMapping, titles: Mapping[str, str]) -> TimetableRow:
    return TimetableRow(
        function_area_uid=row["uid"],
        function_code=row["function_code"],
        title=titles.get(row["function_code"], row["function_code"]),
        area=row["slug"],
        area_name=row["name"],
        tier=row["tier"],
        restricted=row["restricted"],
        last_day_on=row["last_day_on"],
        last_day_reason=row["last_day_reason"],
        certain_on=row["certain_on"],
        lead_start_on=row["lead_start_on"],
        lead_days=row["lead_days"],
        notice_days=max(0, (row["last_day_on"] - row["triggered_on"]).days),
        cannot_be_met=row["cannot_be_met"],
        receiver_by=row["receiver_by"],
        agreement_by=row["agreement_by"],
        custodian_by=row["custodian_by"],
        check_3_on=row["check_3_on"],
        check_6_on=row["check_6_on"],
        check_12_on=row["check_12_on"],
        overlap_from_on=row["overlap_from_on"],
        answer_days=row["answer_days"],
        silence_days=row["silence_days"],
        dispute_days=row["dispute_days"],
        condition_days=row["condition_days"],
    )
