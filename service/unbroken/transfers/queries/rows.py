"""Rows of capacities joined with their surroundings, within what an actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from unbroken.functions.rules import Dimension
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, OrganisationKind, Role, Sight, sight_of
from unbroken.plans.models import Area, Custody, FunctionArea, Mission, Plan
from unbroken.transfers.models import Capacity, Transfer
from unbroken.transfers.queries.cases import portion_of
from unbroken.transfers.rules.cover import ANSWERED, Cover, cover_of, standing
from unbroken.transfers.rules.views import CapacityView
from unbroken.transfers.rules.words import Act, CapacityState, TransferKind


@dataclass(frozen=True, slots=True)
class CapacityEntry:
    """One capacity in a list. ``standing`` is the state that counts, ``state`` the recorded one.

    ``content_hash`` is of what a signature would cover now; ``fits`` is whether the last one still
    does. ``waits_for`` is the act that
    waits for its countersignature. ``starts_on`` is the transfer's first day of cover, ``from_on``
    and ``until_on`` are the first and last day of what is meant here,
    ``cost_per_year`` is ``None`` where the giver states nothing, ``funded_until_on`` the receiver's
    own claim. ``is_rest`` marks what an earlier answer left with the giver.
    """

    uid: UUID
    version: int
    content_hash: str
    plan_slug: str
    area_slug: str
    area_name: str
    function_code: str
    tier: int
    restricted: bool
    transfer_uid: UUID
    kind: TransferKind
    giver_slug: str
    giver_name: str
    receiver_uid: UUID
    receiver_slug: str
    receiver_name: str
    dimension: Dimension
    state: CapacityState
    standing: CapacityState
    cover: Cover
    quantity: int | None
    unit: str | None
    parts: tuple[str, ...]
    starts_on: date | None
    from_on: date | None
    until_on: date | None
    cost_per_year: Decimal | None
    cost_currency: str
    funded_until_on: date | None
    answer_by: date | None
    fits: bool
    waits_for: Act | None
    is_rest: bool
    bridged_until_on: date | None
    illustrative: bool


class Joined(NamedTuple):
    """One capacity and the rows around it."""

    capacity: Capacity
    transfer: Transfer
    function_area: FunctionArea
    area: Area
    plan: Plan
    giver: Organisation
    receiver: Organisation


GIVER = aliased(Organisation)
RECEIVER = aliased(Organisation)


def joined_rows(
    session: Session,
    actor: Actor,
    *conditions: ColumnElement[bool],
    order: Sequence[ColumnElement[date]] = (),
    limit: int | None = None,
) -> list[Joined]:
    """Return capacities with their surroundings that ``actor`` may see, by age or ``order``.

    Donors do not see capacities of restricted functions: a map of where nobody watches is itself
    dangerous.
    """
    statement = (
        sa_select(Capacity, Transfer, FunctionArea, Area, Plan, GIVER, RECEIVER)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .join(GIVER, col(GIVER.id) == Transfer.giver_id)
        .join(RECEIVER, col(RECEIVER.id) == Transfer.receiver_id)
        .where(seen_by(actor), *conditions)
        .order_by(*order, col(Capacity.id))
        .limit(limit)
    )
    return [Joined(*row) for row in session.execute(statement)]


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that ``actor`` may see a capacity's plan and function.

    Who only answers for an organisation sees what is given by it, offered to it or shared with it.
    """
    teams = _with_role(actor, Role.COUNTRY_TEAM)
    donors = _with_role(actor, Role.DONOR)
    others = replace(
        actor, grants=tuple(g for g in actor.grants if g not in (*teams.grants, *donors.grants))
    )
    return or_(
        _covers(sight_of(others)),
        and_(_covers(sight_of(teams)), _concerns(actor.organisation_uid)),
        and_(_covers(sight_of(donors)), ~col(FunctionArea.restricted)),
    )


def _with_role(actor: Actor, role: Role) -> Actor:
    return replace(actor, grants=tuple(grant for grant in actor.grants if grant.role is role))


def _concerns(organisation_uid: UUID | None) -> ColumnElement[bool]:
    """Return the condition that a transfer concerns an organisation of the country team.

    It gives, receives or holds the plan in custody; it shares the function in this area; or the
    receiver is an authority, for whose answer the whole country team attests.
    """
    beside, own = aliased(Transfer), aliased(Organisation)
    shared = (
        exists()
        .where(col(beside.function_area_id) == col(Transfer.function_area_id))
        .where(col(beside.receiver_id) == col(own.id), col(own.uid) == organisation_uid)
    )
    held = (
        exists()
        .where(col(Custody.plan_id) == col(Transfer.plan_id))
        .where(col(Custody.organisation_id) == col(own.id), col(own.uid) == organisation_uid)
    )
    return or_(
        col(GIVER.uid) == organisation_uid,
        col(RECEIVER.kind) == OrganisationKind.AUTHORITY,
        shared,
        held,
    )


def entry_of(row: Joined, *, on: date) -> CapacityEntry:
    """Return one row as lists show it on that day."""
    capacity, transfer, view = row.capacity, row.transfer, light_view(row)
    return CapacityEntry(
        uid=capacity.uid,
        version=capacity.version,
        content_hash=capacity.content_hash,
        plan_slug=row.plan.slug,
        area_slug=row.area.slug,
        area_name=row.area.name,
        function_code=row.function_area.function_code,
        tier=row.function_area.tier,
        restricted=row.function_area.restricted,
        transfer_uid=transfer.uid,
        kind=transfer.kind,
        giver_slug=row.giver.slug,
        giver_name=row.giver.name,
        receiver_uid=row.receiver.uid,
        receiver_slug=row.receiver.slug,
        receiver_name=row.receiver.name,
        dimension=capacity.dimension,
        state=capacity.state,
        standing=standing(view, on=on),
        cover=cover_of(view, on=on),
        quantity=capacity.quantity,
        unit=capacity.unit,
        parts=view.portion.parts,
        starts_on=transfer.starts_on,
        from_on=capacity.cover_from_on,
        until_on=capacity.cover_until_on,
        cost_per_year=view.portion.cost.amount,
        cost_currency=capacity.cost_currency,
        funded_until_on=capacity.funded_until_on,
        answer_by=capacity.answer_by,
        fits=view.fits,
        waits_for=capacity.pending_act,
        is_rest=capacity.rest_of_id is not None,
        bridged_until_on=view.bridge_ends_on,
        illustrative=transfer.illustrative,
    )


def light_view(row: Joined) -> CapacityView:
    """Return what the rules of cover need of a capacity; not enough to decide an act."""
    capacity, transfer = row.capacity, row.transfer
    return CapacityView(
        uid=capacity.uid,
        transfer_uid=transfer.uid,
        state=capacity.state,
        kind=transfer.kind,
        dimension=capacity.dimension,
        function_code=row.function_area.function_code,
        tier=row.function_area.tier,
        portion=portion_of(capacity),
        bridge_ends_on=transfer.ends_on if transfer.kind is TransferKind.BRIDGE else None,
        condition_until_on=capacity.condition_until_on,
        fits=capacity.signed_hash in {None, capacity.content_hash},
    )


def waits_for_answer() -> ColumnElement[bool]:
    """Return the condition that a capacity waits for its receiver, changed contents included."""
    changed = col(Capacity.signed_hash) != col(Capacity.content_hash)
    offered = (CapacityState.OFFERED, CapacityState.RECOMMENDED, CapacityState.TIME_ASKED)
    return or_(
        col(Capacity.state).in_(offered), and_(col(Capacity.state).in_(list(ANSWERED)), changed)
    )


def _covers(sight: Sight) -> ColumnElement[bool]:
    if sight.everything:
        return true()
    return or_(
        false(),
        col(Plan.uid).in_(sight.plan_uids),
        col(Mission.country_iso3).in_(sight.countries),
    )
