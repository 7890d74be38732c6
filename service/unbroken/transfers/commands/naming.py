"""Names a receiver: a transfer with its capacities and checklist, from the plan's edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.functions.rules import CapacityNeed, Dimension, Function
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Invalid, NotFound, Problem
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place
from unbroken.plans.commands.acts import By
from unbroken.plans.models import FunctionArea, Plan
from unbroken.plans.queries.contents import facts_known_on
from unbroken.plans.queries.rows import Ref, country_of, organisation_row, plan_row
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import (
    acting,
    mark_touched,
    named_plan,
    record,
    require_alive,
)
from unbroken.transfers.models import Capacity, Item, Transfer
from unbroken.transfers.queries.cases import (
    LANGUAGE,
    content_hash_of,
    function_in,
    setting_of,
    subject_of,
)
from unbroken.transfers.rules.naming import (
    LeadTaken,
    Scope,
    applicable_needs,
    problems_of_scope,
    require_may_name,
    require_no_data_to_party,
    require_quantities_fit,
)
from unbroken.transfers.rules.words import CapacityState, ItemState, TransferKind, TransferState


@dataclass(frozen=True, slots=True, kw_only=True)
class NameReceiver:
    """Who takes over one function in one area, from whom, with which scope.

    ``receiver`` and ``giver`` are slugs or UUIDs of organisations. ``dimensions`` narrows what this
    receiver is asked for (empty: all that applies). ``quantities`` are the giver's, for dimensions
    that are counted. ``passed_on_from`` is the transfer by which the giver of an onward transfer
    holds the function. Several may share a function under one lead: ``is_lead`` says which.
    """

    plan: Ref
    function_area_uid: UUID
    receiver: Ref
    giver: Ref
    kind: TransferKind = TransferKind.TRANSFER
    is_lead: bool = True
    starts_on: date | None = None
    ends_on: date | None = None
    scope_note: str = ""
    dimensions: frozenset[Dimension] = frozenset()
    quantities: Mapping[Dimension, int] = field(default_factory=dict)
    passed_on_from_uid: UUID | None = None
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """The transfer that was made and its capacities by dimension, none of them started."""

    transfer_uid: UUID
    version: int
    capacities: Mapping[Dimension, UUID]


def name_receiver(sessions: Sessions, order: NameReceiver, *, actor: Actor, clock: Clock) -> Named:
    """Make a transfer to a receiver with its capacities and items; nothing is offered by that.

    Raises:
        SignInNeeded, Forbidden: the actor is not of the giver's side.
        NotFound: no such plan, function in an area, organisation or transfer.
        DoesNotApply: a known fact rules the function out here.
        DataToParty: data would go to a party to the conflict.
        LeadTaken: another receiver leads.
        Invalid: dates, quantities or texts that do not fit.
    """
    with acting(sessions, named_plan(order.plan), actor=actor, clock=clock) as (session, by):
        return name_receiver_in(session, order, by=by)


def name_receiver_in(session: Session, order: NameReceiver, *, by: By) -> Named:
    """Make the transfer within a transaction that has locked the plan's trail; raises as above."""
    plan = plan_row(session, order.plan)
    require_alive(plan)
    parties = _parties(session, order, plan)
    is_giver = by.actor.organisation_uid == parties.giver.uid
    place = Place(plan.uid, country_of(session, plan))
    require_may_name(by.actor, place, kind=order.kind, is_giver=is_giver)
    function = function_in(session, edition=plan.edition, code=parties.function_area.function_code)
    needs = _needs(session, order, parties, function=function, on=by.today(plan))
    transfer = _add_transfer(session, order, parties, by=by)
    capacities = [_add_capacity(session, transfer, need, order=order) for need in needs]
    _add_items(session, parties.function_area, capacities, function=function)
    _hash(session, transfer, capacities)
    mark_touched(session, transfer, plan, by=by)
    values = _values(order, parties, capacities)
    record(by, plan, TransferAction.RECEIVER_NAMED, row=transfer, values=values)
    session.flush()
    made = {capacity.dimension: capacity.uid for capacity in capacities}
    return Named(transfer.uid, transfer.version, made)


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who passes what to whom."""

    plan: Plan
    function_area: FunctionArea
    giver: Organisation
    receiver: Organisation
    source: Transfer | None


def _parties(session: Session, order: NameReceiver, plan: Plan) -> _Parties:
    query = select(FunctionArea).where(
        FunctionArea.plan_id == plan.id, FunctionArea.uid == order.function_area_uid
    )
    function_area = session.exec(query).first()
    if function_area is None:
        raise NotFound("Plan {plan} has no such function in an area.", plan=plan.slug)
    parties = _Parties(
        plan=plan,
        function_area=function_area,
        giver=organisation_row(session, order.giver),
        receiver=organisation_row(session, order.receiver),
        source=_source(session, order, function_area),
    )
    _check_parties(order, parties)
    return parties


def _source(session: Session, order: NameReceiver, function_area: FunctionArea) -> Transfer | None:
    if order.passed_on_from_uid is None:
        return None
    query = select(Transfer).where(
        Transfer.uid == order.passed_on_from_uid, Transfer.function_area_id == function_area.id
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound("This function has no such transfer to pass on from.")
    return found


def _check_parties(order: NameReceiver, parties: _Parties) -> None:
    if parties.giver.id == parties.receiver.id:
        raise Invalid(problems=[Problem("receiver", "is the giver", "Name another receiver.")])
    is_onward = order.kind is TransferKind.ONWARD
    held = parties.source is not None and parties.source.receiver_id == parties.giver.id
    if is_onward and not held:
        remedy = "Name the transfer by which the giver received it."
        raise Invalid(problems=[Problem("passed_on_from_uid", "is not the giver's", remedy)])


def _needs(
    session: Session, order: NameReceiver, parties: _Parties, *, function: Function, on: date
) -> tuple[CapacityNeed, ...]:
    facts = facts_known_on(session, country_of(session, parties.plan), on=on)
    needs = applicable_needs(function, facts, only=order.dimensions)
    require_no_data_to_party(needs, is_party=parties.receiver.party_to_conflict)
    scope = Scope(order.kind, order.starts_on, order.ends_on, order.dimensions)
    problems = problems_of_scope(scope, order.quantities)
    if problems:
        raise Invalid(problems=problems)
    require_quantities_fit(order.quantities, needs)
    return needs


def _add_transfer(session: Session, order: NameReceiver, parties: _Parties, *, by: By) -> Transfer:
    _require_free_lead(session, order, parties)
    transfer = Transfer(
        plan_id=row_id(parties.plan),
        function_area_id=row_id(parties.function_area),
        kind=order.kind,
        state=TransferState.OPEN,
        giver_id=row_id(parties.giver),
        receiver_id=row_id(parties.receiver),
        passed_on_from_id=None if parties.source is None else parties.source.id,
        is_lead=order.is_lead,
        scope_note=check_text(order.scope_note, field="scope_note"),
        starts_on=order.starts_on,
        ends_on=order.ends_on,
        illustrative=order.illustrative,
        edition=parties.plan.edition,
        touched_on=by.today(parties.plan),
        created_at=by.at,
    )
    session.add(transfer)
    session.flush()
    return transfer


def _require_free_lead(session: Session, order: NameReceiver, parties: _Parties) -> None:
    if not order.is_lead:
        return
    for transfer in lead_rows(session, parties.function_area, kind=order.kind):
        if transfer.declined_on is None:
            raise LeadTaken(remedy="Name this receiver without the lead, or choose the lead later.")
        # Who declined everything leads nothing any more.
        transfer.is_lead = False
        session.add(transfer)


def lead_rows(
    session: Session, function_area: FunctionArea, *, kind: TransferKind
) -> list[Transfer]:
    """Return the open transfers of this kind that lead; at most one was not declined."""
    query = select(Transfer).where(
        Transfer.function_area_id == function_area.id,
        Transfer.kind == kind,
        Transfer.state == TransferState.OPEN,
        col(Transfer.is_lead),
    )
    return list(session.exec(query))


def _add_capacity(
    session: Session, transfer: Transfer, need: CapacityNeed, *, order: NameReceiver
) -> Capacity:
    capacity = Capacity(
        transfer_id=row_id(transfer),
        dimension=need.dimension,
        state=CapacityState.NOT_STARTED,
        quantity=order.quantities.get(need.dimension),
        unit=need.unit,
        parts=sorted(part.key for part in need.parts),
        language=LANGUAGE,
        edition=transfer.edition,
    )
    session.add(capacity)
    session.flush()
    return capacity


def _add_items(
    session: Session,
    function_area: FunctionArea,
    capacities: list[Capacity],
    *,
    function: Function,
) -> None:
    by_dimension = {capacity.dimension: row_id(capacity) for capacity in capacities}
    edition = next((capacity.edition for capacity in capacities), "")
    for item in function.items:
        if item.dimension in by_dimension:
            session.add(
                Item(
                    capacity_id=by_dimension[item.dimension],
                    function_area_id=row_id(function_area),
                    edition=edition,
                    item_id=item.id,
                    step=f"item:{item.id}",
                    asks_girls_boys=item.asks_girls_boys,
                    state=ItemState.OPEN,
                )
            )
    session.flush()


def _hash(session: Session, transfer: Transfer, capacities: list[Capacity]) -> None:
    setting = setting_of(session, row_id(transfer))
    for capacity in capacities:
        capacity.content_hash = content_hash_of(subject_of(session, capacity, setting), capacity)
        session.add(capacity)


def _values(
    order: NameReceiver, parties: _Parties, capacities: list[Capacity]
) -> dict[str, object]:
    return {
        "function": parties.function_area.function_code,
        "function_area": parties.function_area.uid,
        "giver": parties.giver.uid,
        "receiver": parties.receiver.uid,
        "kind": order.kind,
        "is_lead": order.is_lead,
        "starts_on": order.starts_on,
        "ends_on": order.ends_on,
        "scope_note": order.scope_note,
        "passed_on_from": order.passed_on_from_uid,
        "illustrative": order.illustrative,
        "capacities": {
            capacity.dimension.value: {
                "uid": capacity.uid,
                "quantity": capacity.quantity,
                "parts": capacity.parts,
            }
            for capacity in capacities
        },
    }
