"""Changes what surrounds signatures: scope, days, quantities, the lead, the receiver's funding."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By, check_version, refuse_if
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import (
    acting,
    mark_touched,
    plan_of_capacities,
    plan_of_transfer,
    record,
    require_alive,
)
from unbroken.transfers.commands.hashing import rehash
from unbroken.transfers.commands.naming import lead_rows
from unbroken.transfers.models import Capacity, Transfer
from unbroken.transfers.queries.cases import (
    Case,
    Setting,
    capacity_row,
    case_of,
    setting_of,
    signer_in,
)
from unbroken.transfers.rules.naming import Scope, problems_of_scope
from unbroken.transfers.rules.surroundings import (
    require_giver,
    require_quantity_free,
    require_receiver,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTransfer:
    """The scope and days of a transfer as they shall be; all three are written."""

    transfer_uid: UUID
    scope_note: str
    starts_on: date | None
    ends_on: date | None
    version_seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLead:
    """The transfer whose receiver leads, where several share a function."""

    transfer_uid: UUID
    version_seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateQuantity:
    """How much the giver has of a counted capacity."""

    capacity_uid: UUID
    quantity: int
    version_seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFunding:
    """Until which day, included, the receiver says it is funded; ``None`` takes that back."""

    capacity_uid: UUID
    funded_until_on: date | None
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed, its version, and the capacities whose signed content changed with it."""

    uid: UUID
    version: int
    capacities: tuple[UUID, ...] = ()


def edit_transfer(
    sessions: Sessions, order: EditTransfer, *, actor: Actor, clock: Clock
) -> Changed:
    """Change scope and days; signatures over its capacities no longer fit.

    Raises:
        SignInNeeded, Forbidden: not of the giver's side.
        NotFound, Stale: no such transfer, or not as it was read.
        Invalid: days or texts that do not fit.
    """
    find_plan = plan_of_transfer(order.transfer_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        setting = _transfer(session, order.transfer_uid, order.version_seen, by=by)
        transfer = setting.transfer
        refuse_if(problems_of_scope(Scope(transfer.kind, order.starts_on, order.ends_on), {}))
        transfer.scope_note = check_text(order.scope_note, field="scope_note")
        transfer.starts_on, transfer.ends_on = order.starts_on, order.ends_on
        values: dict[str, object] = {
            "scope_note": transfer.scope_note,
            "starts_on": order.starts_on,
            "ends_on": order.ends_on,
        }
        return _edited(session, setting, TransferAction.TRANSFER_EDITED, values, by=by)


def choose_lead(sessions: Sessions, order: ChooseLead, *, actor: Actor, clock: Clock) -> Changed:
    """Let one receiver lead; the one that led no longer does. Raises as ``edit_transfer``."""
    find_plan = plan_of_transfer(order.transfer_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        setting = _transfer(session, order.transfer_uid, order.version_seen, by=by)
        for row in lead_rows(session, setting.function_area, kind=setting.transfer.kind):
            row.is_lead = False
            session.add(row)
        setting.transfer.is_lead = True
        values: dict[str, object] = {"receiver": setting.receiver.uid}
        return _edited(session, setting, TransferAction.LEAD_CHOSEN, values, by=by)


def state_quantity(
    sessions: Sessions, order: StateQuantity, *, actor: Actor, clock: Clock
) -> Changed:
    """State how much there is; a signature over another quantity no longer fits.

    Raises:
        SignInNeeded, Forbidden: not of the giver's side.
        NotFound, Stale: no such capacity, or not as it was read.
        WaitsForCountersignature, QuantityIsSigned, Conflict, Invalid: it cannot be stated now.
    """
    find_plan = plan_of_capacities([order.capacity_uid])
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        case = _case(session, order.capacity_uid, order.version_seen, by=by)
        require_giver(case.signer(by.actor))
        require_quantity_free(case.view, order.quantity)
        values: dict[str, object] = {"old": case.capacity.quantity, "new": order.quantity}
        case.capacity.quantity = order.quantity
        return _stated(session, case, TransferAction.QUANTITY_STATED, values, by=by)


def state_funding(
    sessions: Sessions, order: StateFunding, *, actor: Actor, clock: Clock
) -> Changed:
    """Write until when the receiver says it is funded: a claim, outside of what is signed.

    Raises:
        SignInNeeded, Forbidden: not of the receiving organisation.
        NotFound, Stale: no such capacity, or not as it was read.
    """
    find_plan = plan_of_capacities([order.capacity_uid])
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        case = _case(session, order.capacity_uid, order.version_seen, by=by)
        require_receiver(case.signer(by.actor))
        old, new = case.capacity.funded_until_on, order.funded_until_on
        case.capacity.funded_until_on = new
        values: dict[str, object] = {"old": old, "new": new}
        return _stated(session, case, TransferAction.FUNDING_STATED, values, by=by)


def _transfer(session: Session, uid: UUID, version_seen: int | None, *, by: By) -> Setting:
    transfer = session.exec(select(Transfer).where(Transfer.uid == uid)).one()
    check_version(version_seen, transfer.version)
    setting = setting_of(session, transfer.id or 0)
    require_alive(setting.plan)
    require_giver(signer_in(session, setting, by.actor))
    return setting


def _case(session: Session, uid: UUID, version_seen: int | None, *, by: By) -> Case:
    capacity = capacity_row(session, uid)
    check_version(version_seen, capacity.version)
    plan = setting_of(session, capacity.transfer_id).plan
    require_alive(plan)
    return case_of(session, capacity, on=by.today(plan))


def _edited(
    session: Session,
    setting: Setting,
    action: TransferAction,
    values: dict[str, object],
    *,
    by: By,
) -> Changed:
    transfer = setting.transfer
    session.add(transfer)
    session.flush()
    query = select(Capacity).where(Capacity.transfer_id == transfer.id)
    changed = rehash(session, session.exec(query.order_by(col(Capacity.id))).all())
    mark_touched(session, transfer, setting.plan, by=by)
    record(by, setting.plan, action, row=transfer, values=values)
    session.flush()
    return Changed(transfer.uid, transfer.version, tuple(changed))


def _stated(
    session: Session, case: Case, action: TransferAction, values: dict[str, object], *, by: By
) -> Changed:
    capacity, setting = case.capacity, case.setting
    session.add(capacity)
    session.flush()
    changed = rehash(session, [capacity])
    mark_touched(session, setting.transfer, setting.plan, by=by)
    record(by, setting.plan, action, row=capacity, values=values)
    session.flush()
    return Changed(capacity.uid, capacity.version, tuple(changed))
