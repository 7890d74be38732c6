"""One capacity or transfer in full, with what the one who looks may do about it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.functions.rules import Dimension
from unbroken.kit.errors import NotFound
from unbroken.people.rules import Actor
from unbroken.plans.models import BaselineLine
from unbroken.plans.queries.contents import facts_known_on, signed_baseline
from unbroken.plans.queries.rows import country_of
from unbroken.transfers.models import (
    Agreement,
    AgreementCapacity,
    Capacity,
    Item,
    Receipt,
    Transfer,
)
from unbroken.transfers.queries.cases import Case, case_of, function_in, timetable_row
from unbroken.transfers.queries.lines import Lines
from unbroken.transfers.queries.rows import (
    CapacityEntry,
    Joined,
    entry_of,
    joined_rows,
    light_view,
)
from unbroken.transfers.rules.cover import Wholeness, whole
from unbroken.transfers.rules.lifecycle import may
from unbroken.transfers.rules.naming import DoesNotApply, applicable_needs
from unbroken.transfers.rules.permits import pending_countersigners
from unbroken.transfers.rules.views import Ground, Side
from unbroken.transfers.rules.words import (
    Act,
    AgreementKind,
    CapacityState,
    Classification,
    ItemState,
    TransferState,
)


class SignatureState(StrEnum):
    """Whether the last signature still covers what the capacity is."""

    UNSIGNED = "unsigned"
    FITS = "fits"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One signed act, as it was signed."""

    uid: UUID
    act: Act
    at: datetime
    acted_on: date
    role: str
    account_uid: UUID | None
    organisation_uid: UUID | None
    state_before: CapacityState
    state_after: CapacityState
    quantity: int | None
    parts: tuple[str, ...]
    from_on: date | None
    until_on: date | None
    months: int | None
    passed: bool | None
    reason: str
    instrument: str
    instrument_on: date | None
    authority: str
    ground: Ground | None
    package_uid: UUID | None
    needs_countersignature: bool
    countersigns_uid: UUID | None
    link_uid: UUID | None
    rest_uid: UUID | None
    content_hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One line of the checklist with its text in the edition shown, or in the words of its author.

    The latter where a planner added it: then it has no edition's text and no translation.
    """

    uid: UUID
    version: int
    item_id: str
    step: str
    text: str
    wanted_evidence: str
    is_added: bool
    state: ItemState
    done_on: date | None
    reason: str
    evidence_title: str
    evidence_on: date | None
    evidence_class: Classification | None
    evidence_custodian: str
    evidence_until_on: date | None


@dataclass(frozen=True, slots=True)
class LinkedView:
    """An agreement on which a capacity rests."""

    uid: UUID
    kind: AgreementKind
    title: str
    valid_until_on: date | None
    names_mission: bool
    has_successor: bool


@dataclass(frozen=True, slots=True)
class CapacityDetail:
    """One capacity in full; ``may`` are the acts open to the one who looks, ordered as ``Act``.

    ``rest_chain`` are all capacities that came from the same first offer, the first one first.
    ``countersigners`` are the sides one of which must countersign; empty where nothing waits.
    ``edition`` and ``language`` are those in which its texts are signed.
    """

    entry: CapacityEntry
    edition: str
    language: str
    signature: SignatureState
    last_day_on: date | None
    extended_to_on: date | None
    condition: str
    condition_until_on: date | None
    dispute_until_on: date | None
    confirmed_on: date | None
    without_offer: bool
    funded_until_on: date | None
    checked_on: tuple[date | None, ...]
    check_failed_on: date | None
    countersigners: frozenset[Side]
    may: tuple[Act, ...]
    part_titles: tuple[tuple[str, str], ...]
    items: tuple[ItemView, ...]
    agreements: tuple[LinkedView, ...]
    receipts: tuple[ReceiptView, ...]
    rest_chain: tuple[CapacityEntry, ...]


@dataclass(frozen=True, slots=True)
class TransferView:
    """One transfer in full, and whether its function in its area is whole over all transfers."""

    uid: UUID
    version: int
    state: TransferState
    is_lead: bool
    scope_note: str
    starts_on: date | None
    ends_on: date | None
    declined_on: date | None
    touched_on: date
    capacities: tuple[CapacityEntry, ...]
    wholeness: Wholeness


def capacity_view(session: Session, uid: UUID, *, actor: Actor, on: date) -> CapacityDetail:
    """Return one capacity in full.

    Raises:
        NotFound: there is none that the actor may see.
    """
    found = joined_rows(session, actor, col(Capacity.uid) == uid)
    if not found:
        raise NotFound("There is no capacity {capacity}.", capacity=str(uid))
    row, capacity = found[0], found[0].capacity
    case = case_of(session, capacity, on=on)
    pending = case.view.pending
    return CapacityDetail(
        entry=entry_of(row, on=on),
        edition=capacity.edition,
        language=capacity.language,
        signature=signature_state(capacity),
        last_day_on=case.view.last_day_on,
        extended_to_on=capacity.extended_to_on,
        condition=capacity.condition,
        condition_until_on=capacity.condition_until_on,
        dispute_until_on=capacity.dispute_until_on,
        confirmed_on=capacity.confirmed_on,
        without_offer=capacity.without_offer,
        funded_until_on=capacity.funded_until_on,
        checked_on=(capacity.checked_3_on, capacity.checked_6_on, capacity.checked_12_on),
        check_failed_on=capacity.check_failed_on,
        countersigners=pending_countersigners(case.view, pending) if pending else frozenset(),
        may=may(case.view, case.signer(actor), on=on),
        part_titles=tuple(sorted(case.subject.part_titles.items())),
        items=_items(session, case),
        agreements=_agreements(session, capacity),
        receipts=receipts_of(session, capacity),
        rest_chain=_rest_chain(session, row, actor=actor, on=on),
    )


def transfer_view(session: Session, uid: UUID, *, actor: Actor, on: date) -> TransferView:
    """Return one transfer in full.

    Raises:
        NotFound: there is none that the actor may see.
    """
    rows = joined_rows(session, actor, col(Transfer.uid) == uid)
    if not rows:
        raise NotFound("There is no transfer {transfer}.", transfer=str(uid))
    transfer = rows[0].transfer
    return TransferView(
        uid=transfer.uid,
        version=transfer.version,
        state=transfer.state,
        is_lead=transfer.is_lead,
        scope_note=transfer.scope_note,
        starts_on=transfer.starts_on,
        ends_on=transfer.ends_on,
        declined_on=transfer.declined_on,
        touched_on=transfer.touched_on,
        capacities=tuple(entry_of(row, on=on) for row in rows),
        wholeness=_wholeness(session, rows[0], actor=actor, on=on),
    )


def receipts_of(session: Session, capacity: Capacity) -> tuple[ReceiptView, ...]:
    """Return the receipts of a capacity, the first first; may be empty."""
    query = select(Receipt).where(Receipt.capacity_id == capacity.id).order_by(col(Receipt.id))
    return tuple(_receipt(receipt) for receipt in session.exec(query))


def signature_state(capacity: Capacity) -> SignatureState:
    """Return whether the last signature over ``capacity`` still fits."""
    if capacity.signed_hash is None:
        return SignatureState.UNSIGNED
    fits = capacity.signed_hash == capacity.content_hash
    return SignatureState.FITS if fits else SignatureState.STALE


def _wholeness(session: Session, row: Joined, *, actor: Actor, on: date) -> Wholeness:
    same = col(Transfer.function_area_id) == row.function_area.id
    views = [light_view(each) for each in joined_rows(session, actor, same)]
    dated = timetable_row(session, row.function_area)
    return whole(
        views,
        _baseline_posts(session, row),
        on=on,
        needed=_needed(session, row, on=on),
        last_day_on=None if dated is None else dated.last_day_on,
    )


def _baseline_posts(session: Session, row: Joined) -> int | None:
    baseline = signed_baseline(session, row.plan)
    if baseline is None:
        return None
    query = select(BaselineLine.posts).where(
        BaselineLine.baseline_id == baseline.id,
        BaselineLine.function_area_id == row.function_area.id,
    )
    return session.exec(query).first()


def _needed(session: Session, row: Joined, *, on: date) -> frozenset[Dimension]:
    code = row.function_area.function_code
    function = function_in(session, edition=row.transfer.edition, code=code)
    facts = facts_known_on(session, country_of(session, row.plan), on=on)
    try:
        return frozenset(need.dimension for need in applicable_needs(function, facts))
    except DoesNotApply:
        return frozenset()


def _items(session: Session, case: Case) -> tuple[ItemView, ...]:
    code, lines = case.setting.function_area.function_code, Lines(session)
    query = select(Item).where(Item.capacity_id == case.capacity.id).order_by(col(Item.id))
    rows = [(row, lines.of(row, code)) for row in session.exec(query)]
    return tuple(
        ItemView(
            uid=row.uid,
            version=row.version,
            item_id=row.item_id,
            step=row.step,
            text=line.text,
            wanted_evidence=line.wanted_evidence,
            is_added=row.is_added,
            state=row.state,
            done_on=row.done_on,
            reason=row.reason,
            evidence_title=row.evidence_title,
            evidence_on=row.evidence_on,
            evidence_class=row.evidence_class,
            evidence_custodian=row.evidence_custodian,
            evidence_until_on=row.evidence_until_on,
        )
        for row, line in rows
    )


def _agreements(session: Session, capacity: Capacity) -> tuple[LinkedView, ...]:
    query = (
        select(Agreement)
        .join(AgreementCapacity, col(AgreementCapacity.agreement_id) == Agreement.id)
        .where(AgreementCapacity.capacity_id == capacity.id)
        .order_by(col(Agreement.id))
    )
    return tuple(
        LinkedView(
            uid=row.uid,
            kind=row.kind,
            title=row.title,
            valid_until_on=row.valid_until_on,
            names_mission=row.names_mission,
            has_successor=row.successor_signed_on is not None,
        )
        for row in session.exec(query)
    )


def _rest_chain(
    session: Session, row: Joined, *, actor: Actor, on: date
) -> tuple[CapacityEntry, ...]:
    same = (
        col(Capacity.transfer_id) == row.transfer.id,
        col(Capacity.dimension) == row.capacity.dimension,
    )
    return tuple(entry_of(each, on=on) for each in joined_rows(session, actor, *same))


def _receipt(row: Receipt) -> ReceiptView:
    return ReceiptView(
        uid=row.uid,
        act=row.act,
        at=row.at,
        acted_on=row.acted_on,
        role=row.role,
        account_uid=row.account_uid,
        organisation_uid=row.organisation_uid,
        state_before=row.state_before,
        state_after=row.state_after,
        quantity=row.quantity,
        parts=tuple(row.parts),
        from_on=row.from_on,
        until_on=row.until_on,
        months=row.check_months,
        passed=row.passed,
        reason=row.reason,
        instrument=row.instrument,
        instrument_on=row.instrument_on,
        authority=row.authority,
        ground=row.ground,
        package_uid=row.package_uid,
        needs_countersignature=row.needs_countersignature,
        countersigns_uid=row.countersigns_uid,
        link_uid=row.link_uid,
        rest_uid=row.rest_uid,
        content_hash=row.content_hash,
        signature=row.signature,
    )
