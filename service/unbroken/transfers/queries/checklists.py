"""Checklists as people work on them: a page of items, what is selected, and one plan's items."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row
from sqlmodel import Session, col

from unbroken.functions.queries import ShownText
from unbroken.functions.rules import Dimension
from unbroken.people.models import Account
from unbroken.plans.models import Area, FunctionArea, Plan, TimetableStep
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.checklist_filters import (
    ASSIGNED,
    ChecklistFilter,
    Reading,
    View,
    conditions_of,
    is_overdue,
    joined,
    narrowed,
    of_plan,
    order_of,
)
from unbroken.transfers.queries.checklist_texts import Asked, differing, shown_texts
from unbroken.transfers.queries.rows import RECEIVER
from unbroken.transfers.rules.words import CapacityState, ItemState

A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """One item of a checklist as lists show it.

    ``due_on`` is ``None`` where no timetable in force dates it or the reader does not see its day.
    ``assigned_to`` is an organisation's name, ``mailbox`` an account's handle; both may be empty.
    ``differs`` says that it keeps a signed text while the plan's edition has another.
    """

    uid: UUID
    version: int
    plan: str
    transfer_uid: UUID
    item_id: str
    text: ShownText
    code: str
    tier: int
    area: str
    area_name: str
    receiver_name: str
    dimension: Dimension
    capacity_state: CapacityState
    state: ItemState
    due_on: date | None
    is_overdue: bool
    assigned_to: str
    mailbox: str
    evidence_title: str
    evidence_on: date | None
    evidence_until_on: date | None
    waits: bool
    is_added: bool
    retired_in: str | None
    differs: bool


def checklist_rows(
    session: Session, wanted: ChecklistFilter, *, reading: Reading, language: str, page: int = 1
) -> tuple[ChecklistRow, ...]:
    """Return one page (from 1) of the items that fit, at most ``A_PAGE``; may be empty."""
    statement = (
        joined(reading, *_columns(reading))
        .where(*narrowed(wanted), conditions_of(reading)[wanted.view])
        .order_by(*order_of(wanted))
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    )
    return _rows(session, session.execute(statement).all(), language=language)


def rows_named(
    session: Session,
    wanted: ChecklistFilter,
    uids: Collection[UUID],
    *,
    reading: Reading,
    language: str,
) -> Mapping[UUID, ChecklistRow]:
    """Return the items named that the reader may see, in the order of ``wanted``, by UUID.

    Only the plan and the order of ``wanted`` count.
    """
    statement = (
        joined(reading, *_columns(reading))
        .where(*of_plan(wanted.plan), col(Item.uid).in_(uids))
        .order_by(*order_of(wanted))
    )
    rows = _rows(session, session.execute(statement).all(), language=language)
    return {row.uid: row for row in rows}


def selected(
    session: Session, wanted: ChecklistFilter, *, reading: Reading, most: int
) -> tuple[tuple[UUID, int], ...]:
    """Return UUID and version of the items that fit, in their order, at most ``most`` of them."""
    statement = (
        joined(reading, col(Item.uid), col(Item.version))
        .where(*narrowed(wanted), conditions_of(reading)[wanted.view])
        .order_by(*order_of(wanted))
        .limit(most)
    )
    return tuple((row.uid, row.version) for row in session.execute(statement))


def _columns(reading: Reading) -> list[Any]:
    return [
        *(col(Item.uid), col(Item.version), col(Item.item_id), col(Item.state), col(Item.is_added)),
        *(col(Item.evidence_title), col(Item.evidence_on), col(Item.evidence_until_on)),
        *(col(Item.retired_in), col(Item.aside_reason), col(Item.edition), col(Item.text)),
        *(col(Item.wanted_evidence), col(Capacity.dimension)),
        *(col(Capacity.state).label("capacity_state"), _is_signed(), col(Item.in_content)),
        *(col(Transfer.uid).label("transfer_uid"), col(TimetableStep.due_on)),
        *(is_overdue(reading).label("is_overdue"), col(FunctionArea.function_code)),
        *(col(FunctionArea.tier), col(Area.slug).label("area"), col(Area.name).label("area_name")),
        *(col(Plan.slug).label("plan"), col(Plan.edition).label("plan_edition")),
        *(col(RECEIVER.name).label("receiver_name"), col(ASSIGNED.name).label("assigned_to")),
        col(Account.handle).label("mailbox"),
    ]


def _is_signed() -> ColumnElement[bool]:
    return col(Capacity.signed_hash).is_not(None).label("is_signed")


def _rows(
    session: Session, found: Sequence[Row[Any]], *, language: str
) -> tuple[ChecklistRow, ...]:
    asked = [_asked(row) for row in found]
    texts = shown_texts(session, asked, language=language)
    differ = differing(session, [one for one, row in zip(asked, found, strict=True) if _held(row)])
    return tuple(
        _row(row, texts[one].text, differs=one in differ)
        for row, one in zip(found, asked, strict=True)
    )


def _held(row: Row[Any]) -> bool:
    """Return whether a signature may hold another text than the plan's edition has."""
    return bool(row.is_signed and row.in_content and row.edition != row.plan_edition)


def _asked(row: Row[Any]) -> Asked:
    return Asked(
        edition=row.edition,
        code=row.function_code,
        item_id=row.item_id,
        plan_edition=row.plan_edition,
        own=(row.text, row.wanted_evidence) if row.is_added else None,
    )


def _row(row: Row[Any], text: ShownText, *, differs: bool) -> ChecklistRow:
    return ChecklistRow(
        uid=row.uid,
        version=row.version,
        plan=row.plan,
        transfer_uid=row.transfer_uid,
        item_id=row.item_id,
        text=text,
        code=row.function_code,
        tier=row.tier,
        area=row.area,
        area_name=row.area_name,
        receiver_name=row.receiver_name,
        dimension=row.dimension,
        capacity_state=row.capacity_state,
        state=row.state,
        due_on=row.due_on,
        is_overdue=bool(row.is_overdue),
        assigned_to=row.assigned_to or "",
        mailbox=row.mailbox or "",
        evidence_title=row.evidence_title,
        evidence_on=row.evidence_on,
        evidence_until_on=row.evidence_until_on,
        waits=bool(row.aside_reason),
        is_added=row.is_added,
        retired_in=row.retired_in,
        differs=differs,
    )


__all__ = [
    "A_PAGE",
    "ChecklistFilter",
    "ChecklistRow",
    "Reading",
    "View",
    "checklist_rows",
    "rows_named",
    "selected",
]
