"""Signs acts on capacities: one, or a listed package under one signature, all or none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.errors import Invalid, Problem, Refused, Stale
from unbroken.people.rules import Actor, Sight
from unbroken.plans.commands.acts import By, check_version
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, place_of
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.commands.actions import ACTION_OF
from unbroken.transfers.commands.announcing import announce
from unbroken.transfers.commands.applying import Signing, apply
from unbroken.transfers.commands.folding import fold
from unbroken.transfers.commands.frame import (
    acting,
    acting_by_rule,
    mark_touched,
    plan_of_capacities,
    record,
    require_alive,
)
from unbroken.transfers.commands.touching import mark_all_touched
from unbroken.transfers.models import Capacity, Receipt, Transfer
from unbroken.transfers.queries.cases import Case, capacity_row, case_of
from unbroken.transfers.queries.reading_ahead import read_ahead
from unbroken.transfers.rules.costs import Cost
from unbroken.transfers.rules.cover import ENDS_WITH_ITS_TIME
from unbroken.transfers.rules.lifecycle import decide
from unbroken.transfers.rules.views import ActOrder, Signer
from unbroken.transfers.rules.words import Act, CapacityState

MOST_IN_PACKAGE = 400
"""Every function of the catalogue in each of eight areas, 43 × 8, and some to spare."""

REASON_LENGTH = 280
TITLE_LENGTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOrder(ActOrder):
    """One act on one capacity. ``version_seen`` is the version that the signatory read.

    ``content_seen`` is the hash of the content that was read; ``None`` asks for neither.
    """

    capacity_uid: UUID
    version_seen: int | None = None
    content_seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageOrder(ActOrder):
    """One act on several capacities of a plan, each with the version that was read.

    Quantity and parts are left out: a package is signed as it stands. ``contents_seen`` are the
    hashes of the contents that were read, of those that are asked for.
    """

    capacities: tuple[tuple[UUID, int | None], ...]
    contents_seen: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of one signature; ``waits`` for a countersignature.

    ``rest_uids`` are what a confirmation in part left with the giver, ``rest_uid`` the first.
    """

    capacity_uid: UUID
    receipt_uid: UUID
    state: CapacityState
    version: int
    waits: bool
    rest_uid: UUID | None
    rest_uids: tuple[UUID, ...] = ()


def sign(sessions: Sessions, order: SignOrder, *, actor: Actor, clock: Clock) -> Signed:
    """Sign one act on one capacity and leave its receipt.

    Raises:
        SignInNeeded, NotFound: nobody, or nothing that the actor sees.
        Stale: the capacity is not what the signatory read.
        Refused: the rules say no; see ``transfers.rules.refusals`` for each reason.
        Invalid: a text looks like a person, a number or a place.
    """
    find_plan = plan_of_capacities([order.capacity_uid])
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        signed = sign_in(session, order, by=by)
        _announce(session, order.act, [signed], key=signed.receipt_uid)
        return signed


def sign_package(
    sessions: Sessions, order: PackageOrder, *, actor: Actor, clock: Clock
) -> tuple[Signed, ...]:
    """Sign one act on every listed capacity, in that order: all of them or none.

    Raises:
        As ``sign``, naming the capacity that refused; Invalid also for an empty, too long or
        repeated list, or one over several plans.
    """
    _check_package(order)
    find_plan = plan_of_capacities([uid for uid, _ in order.capacities])
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        package_uid = new_uid()
        kept = read_ahead(session, [uid for uid, _ in order.capacities])
        signed = tuple(
            _sign_one(session, one, by=by, package_uid=package_uid) for one in _each(order)
        )
        _mark_all_touched(session, order, by=by)
        del kept  # the rows stayed known until here because somebody held them
        _announce(session, order.act, signed, key=package_uid)
        return signed


def countersign(
    sessions: Sessions,
    capacity_uid: UUID,
    *,
    version_seen: int | None = None,
    actor: Actor,
    clock: Clock,
) -> Signed:
    """Put the second signature under the act that waits on a capacity; raises as ``sign``."""
    order = SignOrder(act=Act.COUNTERSIGN, capacity_uid=capacity_uid, version_seen=version_seen)
    return sign(sessions, order, actor=actor, clock=clock)


def sign_in(
    session: Session,
    order: SignOrder,
    *,
    by: By,
    package_uid: UUID | None = None,
    link_uid: UUID | None = None,
) -> Signed:
    """Sign within a transaction that has locked the plan's trail; raises as ``sign``."""
    capacity = capacity_row(session, order.capacity_uid)
    check_version(order.version_seen, capacity.version)
    _check_content(order.content_seen, capacity)
    if order.act is Act.OFFER:
        fold(session, capacity)
    on = _today(session, capacity, by=by)
    case = case_of(session, capacity, on=on)
    require_alive(case.setting.plan)
    signing = _decided(case, _cleaned(order), by=by, on=on)
    return _write(session, replace(signing, package_uid=package_uid, link_uid=link_uid), by=by)


def lapse_conditions(sessions: Sessions, plan: Ref, *, clock: Clock) -> tuple[UUID, ...]:
    """Let lapse what ran out in ``plan``: conditions and times of cover; return their UUIDs.

    The rules themselves sign: nobody has to be there. Doing it twice changes nothing.

    Raises:
        NotFound: there is no such plan.
    """
    with sessions.reading() as session:
        plan_uid = place_of(session, plan, sight=Sight(everything=True)).plan_uid
    with acting_by_rule(sessions, plan_uid, clock=clock) as (session, by):
        lapsed = _lapsed(session, plan_uid, by=by)
        for capacity in lapsed:
            on = _today(session, capacity, by=by)
            case = case_of(session, capacity, on=on)
            order = ActOrder(act=Act.LAPSE, until_on=_ran_out_on(capacity))
            _write(session, _decided(case, order, by=by, on=on), by=by)
        return tuple(capacity.uid for capacity in lapsed)


def runs_out(*, before: date) -> ColumnElement[bool]:
    """Return the condition that a capacity's condition or its time of cover ends before a day."""
    unmet = and_(
        col(Capacity.state) == CapacityState.CONDITIONAL,
        col(Capacity.condition_until_on) < before,
    )
    over = and_(
        col(Capacity.state).in_(list(ENDS_WITH_ITS_TIME)), col(Capacity.cover_until_on) < before
    )
    return or_(unmet, over)


def _ran_out_on(capacity: Capacity) -> date | None:
    is_unmet = capacity.state is CapacityState.CONDITIONAL
    ends = (capacity.condition_until_on if is_unmet else None, capacity.cover_until_on)
    return min((day for day in ends if day is not None), default=None)


def _lapsed(session: Session, plan_uid: UUID, *, by: By) -> list[Capacity]:
    plan = session.exec(select(Plan).where(Plan.uid == plan_uid)).one()
    query = (
        select(Capacity)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .where(
            Transfer.plan_id == plan.id,
            runs_out(before=by.today(plan)),
            col(Capacity.pending_uid).is_(None),
        )
        .order_by(col(Capacity.id))
    )
    return list(session.exec(query))


def _announce(session: Session, act: Act, signed: Sequence[Signed], *, key: UUID) -> None:
    """Write to the receivers of what this act has put on offer; other acts are no news to them."""
    if act not in {Act.OFFER, Act.RESOLVE}:
        return
    offered = [each.capacity_uid for each in signed if each.state is CapacityState.OFFERED]
    announce(session, [capacity_row(session, uid) for uid in offered], key=key)


def _mark_all_touched(session: Session, order: PackageOrder, *, by: By) -> None:
    uids = [uid for uid, _ in order.capacities]
    query = select(Capacity.transfer_id).where(col(Capacity.uid).in_(uids))
    transfers = set(session.exec(query))
    plan_id = session.get_one(Transfer, next(iter(transfers))).plan_id
    mark_all_touched(session, session.get_one(Plan, plan_id), transfers, by=by)


def _check_content(seen: str | None, capacity: Capacity) -> None:
    if seen is not None and seen != capacity.content_hash:
        raise Stale(remedy="Read what would be signed now, then decide again.")


def _today(session: Session, capacity: Capacity, *, by: By) -> date:
    transfer = session.get_one(Transfer, capacity.transfer_id)
    return by.today(session.get_one(Plan, transfer.plan_id))


def _decided(case: Case, order: ActOrder, *, by: By, on: date) -> Signing:
    is_rule = by.actor.account_uid is None
    signer = Signer(account_uid=None, system=True) if is_rule else case.signer(by.actor)
    decision = decide(case.view, order, signer, on=on)
    return Signing(case=case, order=order, decision=decision, actor=by.actor, at=by.at, on=on)


def _write(session: Session, signing: Signing, *, by: By) -> Signed:
    setting, capacity = signing.case.setting, signing.case.capacity
    receipt = apply(session, signing)
    if signing.package_uid is None:  # a package marks all its transfers at once
        mark_touched(session, setting.transfer, setting.plan, by=by)
    action = ACTION_OF[signing.order.act]
    record(by, setting.plan, action, row=capacity, values=_values(signing, receipt))
    session.flush()
    return Signed(
        capacity_uid=capacity.uid,
        receipt_uid=receipt.uid,
        state=capacity.state,
        version=capacity.version,
        waits=receipt.needs_countersignature,
        rest_uid=receipt.rest_uid,
        rest_uids=_left_by(session, receipt),
    )


def _left_by(session: Session, receipt: Receipt) -> tuple[UUID, ...]:
    if receipt.rest_uid is None:
        return ()
    query = select(Capacity.uid).where(Capacity.left_by_uid == receipt.uid)
    return tuple(session.exec(query.order_by(col(Capacity.id))))


def _values(signing: Signing, receipt: Receipt) -> dict[str, object]:
    said: dict[str, object] = {
        each.name: getattr(signing.order, each.name) for each in fields(ActOrder)
    }
    return {
        **{name: _told(value) for name, value in said.items() if value not in (None, "", ())},
        "receipt": receipt.uid,
        "old_state": receipt.state_before,
        "new_state": receipt.state_after,
        "content_hash": receipt.content_hash,
        "signature": receipt.signature,
        "waits": receipt.needs_countersignature,
        "rest": receipt.rest_uid,
        **({"link": receipt.link_uid} if receipt.link_uid else {}),
    }


def _told(value: object) -> object:
    if isinstance(value, Cost):
        return {"units": value.units, "currency": value.currency}
    return value


def _cleaned(order: ActOrder) -> ActOrder:
    return replace(
        order,
        reason=check_text(order.reason, field="reason", limit=REASON_LENGTH),
        instrument=check_text(order.instrument, field="instrument", limit=TITLE_LENGTH),
        authority=check_text(order.authority, field="authority", limit=TITLE_LENGTH),
    )


def _check_package(order: PackageOrder) -> None:
    counted = Counter(uid for uid, _ in order.capacities)
    if not counted or len(order.capacities) > MOST_IN_PACKAGE or max(counted.values()) > 1:
        remedy = f"List 1 to {MOST_IN_PACKAGE} capacities, each once."
        raise Invalid(problems=[Problem("capacities", "cannot be signed together", remedy)])
    if order.quantity is not None or order.parts:
        remedy = "Sign a capacity of which only a part is meant by itself."
        raise Invalid(problems=[Problem("quantity", "does not fit a package", remedy)])


def _each(order: PackageOrder) -> list[SignOrder]:
    said = {each.name: getattr(order, each.name) for each in fields(ActOrder)}
    return [
        SignOrder(
            **said,
            capacity_uid=uid,
            version_seen=seen,
            content_seen=order.contents_seen.get(uid),
        )
        for uid, seen in order.capacities
    ]


def _sign_one(session: Session, order: SignOrder, *, by: By, package_uid: UUID) -> Signed:
    try:
        return sign_in(session, order, by=by, package_uid=package_uid)
    except Refused as refusal:
        refusal.facts["capacity"] = str(order.capacity_uid)
        raise
