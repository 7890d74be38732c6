"""Writes a decision of the rules to a capacity: its state, its rest, its receipt."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.canonical import digest
from unbroken.kit.db import new_uid, row_id
from unbroken.people.rules import Actor
from unbroken.transfers.models import (
    AgreementCapacity,
    Capacity,
    Item,
    Receipt,
    Transfer,
)
from unbroken.transfers.queries.cases import (
    Case,
    checks_of,
    content_hash_of,
    setting_of,
    subject_of,
)
from unbroken.transfers.rules.content import (
    SIGNS_CONTENT,
    Condition,
    Statement,
    content_of,
    signature_of,
)
from unbroken.transfers.rules.views import CHECK_MONTHS, ActOrder, Decision, Portion
from unbroken.transfers.rules.words import Act, CapacityState, ItemState

SYSTEM_ROLE = "system"
KEEPS_CONFIRMED_ON = frozenset(
    {CapacityState.CONFIRMED, CapacityState.SUSTAINED, CapacityState.SUSPENDED}
)
WITH_GIVER_AGAIN = frozenset(
    {CapacityState.PLANNED, CapacityState.OFFERED, CapacityState.CONDITIONAL}
)
NOT_MEANT = frozenset({CapacityState.ENDED, CapacityState.NOT_APPLICABLE, CapacityState.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """One decision about to be written: what was ordered, by whom, when, in which package."""

    case: Case
    order: ActOrder
    decision: Decision
    actor: Actor
    at: datetime
    on: date
    package_uid: UUID | None = None
    link_uid: UUID | None = None


def apply(session: Session, signing: Signing) -> Receipt:
    """Write the receipt and what it changes; return the receipt, stored.

    A decision that waits writes the state it shows meanwhile and the receipt, nothing else.
    """
    case, decision = signing.case, signing.decision
    receipt = _receipt(signing)
    if decision.needs_countersignature:
        case.capacity.state = decision.state
        case.capacity.pending_act = signing.order.act
        case.capacity.pending_uid = receipt.uid
    else:
        _settle(session, signing, receipt)
    session.add(case.capacity)
    session.add(receipt)
    session.flush()
    mark_declined(session, case.setting.transfer, on=signing.on)
    return receipt


def mark_declined(session: Session, transfer: Transfer, *, on: date) -> None:
    """Set or clear the day on which the receiver had declined all that was meant for it."""
    query = select(Capacity.state).where(Capacity.transfer_id == transfer.id)
    states = set(session.exec(query)) - NOT_MEANT
    if states != {CapacityState.DECLINED}:
        transfer.declined_on = None
    elif transfer.declined_on is None:
        transfer.declined_on = on
    session.add(transfer)
    session.flush()


def _settle(session: Session, signing: Signing, receipt: Receipt) -> None:
    capacity = signing.case.capacity
    before = receipt.state_before
    _write_decision(capacity, signing.decision, before=before, on=signing.on)
    _write_offer(capacity, signing)
    capacity.pending_act = capacity.pending_uid = None
    capacity.content_hash = content_hash_of(signing.case.subject, capacity)
    if _act_in_force(signing) in SIGNS_CONTENT:
        capacity.signed_hash = capacity.content_hash
    left = [_add_rest(session, capacity, rest, by=receipt.uid) for rest in signing.decision.rests]
    receipt.rest_uid = left[0] if left else None


def _act_in_force(signing: Signing) -> Act | None:
    """Return the act that now holds: for a countersignature the one that waited."""
    pending = signing.case.view.pending
    match signing.order.act:
        case Act.COUNTERSIGN if pending is not None:
            return pending.order.act
        case Act.REFUSE_COUNTERSIGN:
            return None
        case act:
            return act


def _write_decision(
    capacity: Capacity, decision: Decision, *, before: CapacityState, on: date
) -> None:
    state = capacity.state = decision.state
    _write_portion(capacity, decision.portion)
    capacity.answer_by = decision.answer_by
    capacity.extended_to_on = decision.extended_to_on
    capacity.condition = decision.condition
    capacity.condition_until_on = decision.condition_until_on
    capacity.dispute_until_on = decision.dispute_until_on
    capacity.without_offer = decision.without_offer
    if state in WITH_GIVER_AGAIN:
        capacity.confirmed_on = None
    elif state is CapacityState.CONFIRMED and before not in KEEPS_CONFIRMED_ON:
        capacity.confirmed_on = on
    _write_checks(capacity, decision, on=on)


def _write_portion(capacity: Capacity, portion: Portion) -> None:
    capacity.quantity = portion.quantity
    capacity.parts = list(portion.parts)
    capacity.cover_from_on, capacity.cover_until_on = portion.from_on, portion.until_on
    capacity.cost_units, capacity.cost_currency = portion.cost.units, portion.cost.currency


def _write_checks(capacity: Capacity, decision: Decision, *, on: date) -> None:
    capacity.checked_3_on, capacity.checked_6_on, capacity.checked_12_on = (
        (day or on) if months in decision.checks_passed else None
        for months, day in zip(CHECK_MONTHS, checks_of(capacity), strict=True)
    )
    capacity.check_failed_on = (capacity.check_failed_on or on) if decision.check_failed else None


def _write_offer(capacity: Capacity, signing: Signing) -> None:
    match signing.order.act:
        case Act.OFFER:
            capacity.offered_at = signing.at
            capacity.offered_by_uid = signing.actor.account_uid
        case Act.RESOLVE if signing.decision.state is CapacityState.OFFERED:
            # The offer stays that of its giver: it still may not be answered by the same account.
            capacity.offered_at = signing.at
        case Act.PLAN | Act.RECEIVE:
            capacity.offered_at = capacity.offered_by_uid = None
        case _:
            pass


def _receipt(signing: Signing) -> Receipt:
    case, order = signing.case, signing.order
    final = signing.decision.then or signing.decision
    condition = Condition(final.condition, final.condition_until_on) if final.condition else None
    content = content_of(case.subject, final.portion, condition)
    content_hash = digest(content)
    role = signing.actor.role_at(case.place)
    pending = case.view.pending
    statement = Statement(
        receipt=new_uid(),
        capacity=case.capacity.uid,
        order=order,
        portion=final.portion,
        account=signing.actor.account_uid,
        organisation=signing.actor.organisation_uid,
        role=role.value if role else SYSTEM_ROLE,
        at=signing.at,
        content_hash=content_hash,
        package=signing.package_uid,
        countersigns=pending.uid if pending and _answers_pending(order.act) else None,
        link=signing.link_uid,
    )
    return _row(signing, statement, content)


def _answers_pending(act: Act) -> bool:
    return act in {Act.COUNTERSIGN, Act.REFUSE_COUNTERSIGN}


def _row(signing: Signing, statement: Statement, content: dict[str, object]) -> Receipt:
    order, decision = statement.order, signing.decision
    return Receipt(
        uid=statement.receipt,
        capacity_id=row_id(signing.case.capacity),
        package_uid=statement.package,
        act=order.act,
        account_uid=statement.account,
        organisation_uid=statement.organisation,
        role=statement.role,
        at=statement.at,
        acted_on=signing.on,
        state_before=signing.case.view.state,
        state_after=decision.state,
        quantity=statement.portion.quantity,
        parts=list(statement.portion.parts),
        from_on=order.from_on,
        until_on=order.until_on,
        check_months=order.months,
        passed=order.passed,
        reason=order.reason,
        instrument=order.instrument,
        instrument_on=order.instrument_on,
        authority=order.authority,
        ground=order.ground,
        language=signing.case.subject.language,
        edition=signing.case.subject.edition,
        content=content,
        content_hash=statement.content_hash,
        signature=signature_of(statement),
        needs_countersignature=decision.needs_countersignature,
        countersigns_uid=statement.countersigns,
        link_uid=statement.link,
    )


def _add_rest(session: Session, capacity: Capacity, rest: Portion, *, by: UUID) -> UUID:
    """Store what the receiver did not take as a capacity of its own, held by the giver."""
    left = Capacity(
        transfer_id=capacity.transfer_id,
        dimension=capacity.dimension,
        state=CapacityState.NOT_STARTED,
        unit=capacity.unit,
        parts=list(rest.parts),
        rest_of_id=row_id(capacity),
        left_by_uid=by,
        language=capacity.language,
        edition=capacity.edition,
    )
    _write_portion(left, rest)
    session.add(left)
    session.flush()
    _copy_surroundings(session, capacity, left)
    setting = setting_of(session, left.transfer_id)
    left.content_hash = content_hash_of(subject_of(session, left, setting), left)
    session.add(left)
    return left.uid


def _copy_surroundings(session: Session, capacity: Capacity, left: Capacity) -> None:
    items = session.exec(
        select(Item)
        .where(Item.capacity_id == capacity.id, col(Item.retired_in).is_(None))
        .order_by(col(Item.id))
    ).all()
    links = session.exec(
        select(AgreementCapacity).where(AgreementCapacity.capacity_id == capacity.id)
    ).all()
    for item in items:
        session.add(
            Item(
                capacity_id=row_id(left),
                function_area_id=item.function_area_id,
                edition=item.edition,
                is_added=item.is_added,
                text=item.text,
                wanted_evidence=item.wanted_evidence,
                in_content=item.in_content,
                item_id=item.item_id,
                step=item.step,
                asks_girls_boys=item.asks_girls_boys,
                state=ItemState.OPEN,
                assigned_to_id=item.assigned_to_id,
                assigned_account_id=item.assigned_account_id,
            )
        )
    for link in links:
        session.add(AgreementCapacity(agreement_id=link.agreement_id, capacity_id=row_id(left)))
    session.flush()
