"""Keeps agreements: adds one, links it to capacities, renews it with a successor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Invalid, NotFound, Problem
from unbroken.kit.sentences import sentence
from unbroken.people.rules import Actor, Place
from unbroken.plans.commands.acts import By, check_version, refuse_if, touch
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, country_of, organisation_row, plan_row
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import (
    acting,
    named_plan,
    plan_of_agreement,
    record,
    require_alive,
)
from unbroken.transfers.commands.hashing import rehash
from unbroken.transfers.models import (
    Agreement,
    AgreementCapacity,
    AgreementSignatory,
    Capacity,
    Transfer,
)
from unbroken.transfers.rules.surroundings import require_may_keep_agreements
from unbroken.transfers.rules.words import AgreementKind, SignatoryRole


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAgreement:
    """An agreement, how many have signed it in each role, and the capacities that rest on it."""

    plan: Ref
    kind: AgreementKind
    title: str
    names_mission: bool
    known_on: date
    source: str
    valid_until_on: date | None = None
    signatories: Mapping[SignatoryRole, int] = field(default_factory=dict)
    capacities: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAgreement:
    """Capacities that rest on an agreement as well."""

    agreement_uid: UUID
    capacities: tuple[UUID, ...]
    version_seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewAgreement:
    """What changed in an agreement; what is left out stays.

    ``renewed`` is how many of each role have now signed with the successor.
    """

    agreement_uid: UUID
    successor: Ref | None = None
    successor_signed_on: date | None = None
    valid_until_on: date | None = None
    renewed: Mapping[SignatoryRole, int] = field(default_factory=dict)
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class AgreementChanged:
    """An agreement after a change, and the capacities whose content it changed."""

    agreement_uid: UUID
    version: int
    capacities: tuple[UUID, ...]


def add_agreement(
    sessions: Sessions, order: AddAgreement, *, actor: Actor, clock: Clock
) -> AgreementChanged:
    """Add an agreement; signatures over capacities linked to it no longer fit.

    Raises:
        SignInNeeded, Forbidden: the actor keeps no agreements here.
        NotFound: no such plan or capacity.
        Invalid: a title or source is missing, looks like a person, or lies in the future.
    """
    with acting(sessions, named_plan(order.plan), actor=actor, clock=clock) as (session, by):
        return add_agreement_in(session, order, by=by)


def add_agreement_in(session: Session, order: AddAgreement, *, by: By) -> AgreementChanged:
    """Add an agreement within a transaction that has locked the plan's trail."""
    plan = _plan(session, order.plan, by=by)
    refuse_if(_problems(order, today=by.today(plan)))
    agreement = Agreement(
        plan_id=row_id(plan),
        kind=order.kind,
        title=check_text(order.title, field="title", limit=160),
        names_mission=order.names_mission,
        valid_until_on=order.valid_until_on,
        known_on=order.known_on,
        source=check_text(order.source, field="source", limit=400),
    )
    session.add(agreement)
    session.flush()
    for role, count in order.signatories.items():
        signatory = AgreementSignatory(agreement_id=row_id(agreement), role=role, count=count)
        session.add(signatory)
    linked = _link(session, agreement, plan, order.capacities)
    values = {
        "kind": order.kind,
        "title": agreement.title,
        "names_mission": order.names_mission,
        "valid_until_on": order.valid_until_on,
        "known_on": order.known_on,
        "source": agreement.source,
        "signatories": order.signatories,
        "capacities": [capacity.uid for capacity in linked],
    }
    return _changed(session, agreement, TransferAction.AGREEMENT_ADDED, values, by=by)


def link_agreement(
    sessions: Sessions, order: LinkAgreement, *, actor: Actor, clock: Clock
) -> AgreementChanged:
    """Let more capacities rest on an agreement. Raises as ``add_agreement``, and Stale."""
    find_plan = plan_of_agreement(order.agreement_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        agreement, plan = _agreement(session, order.agreement_uid, order.version_seen, by=by)
        linked = _link(session, agreement, plan, order.capacities)
        values: dict[str, object] = {"capacities": [capacity.uid for capacity in linked]}
        return _changed(session, agreement, TransferAction.AGREEMENT_LINKED, values, by=by)


def renew_agreement(
    sessions: Sessions, order: RenewAgreement, *, actor: Actor, clock: Clock
) -> AgreementChanged:
    """Name a successor, its signature, a new end or more renewed signatories.

    A new end changes what was signed with every capacity that rests on it.
    Raises as ``add_agreement``, and Stale.
    """
    find_plan = plan_of_agreement(order.agreement_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        agreement, plan = _agreement(session, order.agreement_uid, order.version_seen, by=by)
        _renew(session, agreement, order, today=by.today(plan))
        values: dict[str, object] = {
            "successor": None if order.successor is None else str(order.successor),
            "successor_signed_on": agreement.successor_signed_on,
            "valid_until_on": agreement.valid_until_on,
            "renewed": order.renewed,
        }
        return _changed(session, agreement, TransferAction.AGREEMENT_RENEWED, values, by=by)


def _renew(session: Session, agreement: Agreement, order: RenewAgreement, *, today: date) -> None:
    signed_on = order.successor_signed_on
    if signed_on is not None and signed_on > today:
        problem = Problem("successor_signed_on", "lies ahead", "Give a day until today.")
        raise Invalid(problems=[problem])
    if order.successor is not None:
        agreement.successor_id = row_id(organisation_row(session, order.successor))
    agreement.successor_signed_on = signed_on or agreement.successor_signed_on
    agreement.valid_until_on = order.valid_until_on or agreement.valid_until_on
    for role, count in order.renewed.items():
        _write_renewed(session, agreement, role, count=count)


def _write_renewed(
    session: Session, agreement: Agreement, role: SignatoryRole, *, count: int
) -> None:
    query = select(AgreementSignatory).where(
        AgreementSignatory.agreement_id == agreement.id, AgreementSignatory.role == role
    )
    signatory = session.exec(query).first()
    known = 0 if signatory is None else signatory.count
    if signatory is None or not 0 <= count <= known:
        remedy = sentence("Give 0 to {known}.", known=known)
        raise Invalid(problems=[Problem(f"renewed/{role.value}", "is not a count", remedy)])
    signatory.renewed_count = count
    session.add(signatory)


def _plan(session: Session, ref: Ref, *, by: By) -> Plan:
    plan = plan_row(session, ref)
    require_alive(plan)
    require_may_keep_agreements(by.actor, Place(plan.uid, country_of(session, plan)))
    return plan


def _agreement(
    session: Session, uid: UUID, version_seen: int | None, *, by: By
) -> tuple[Agreement, Plan]:
    agreement = session.exec(select(Agreement).where(Agreement.uid == uid)).one()
    check_version(version_seen, agreement.version)
    plan = _plan(session, session.get_one(Plan, agreement.plan_id).uid, by=by)
    return agreement, plan


def _link(
    session: Session, agreement: Agreement, plan: Plan, uids: Sequence[UUID]
) -> list[Capacity]:
    query = (
        select(Capacity)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .where(Transfer.plan_id == plan.id, col(Capacity.uid).in_(uids))
        .order_by(col(Capacity.id))
    )
    found = list(session.exec(query))
    if len(found) != len(set(uids)):
        raise NotFound("One of these capacities is not of this plan.")
    known = {capacity.id for capacity in _linked(session, agreement)}
    for capacity in found:
        if capacity.id not in known:
            link = AgreementCapacity(agreement_id=row_id(agreement), capacity_id=row_id(capacity))
            session.add(link)
    session.flush()
    return found


def _linked(session: Session, agreement: Agreement) -> list[Capacity]:
    query = (
        select(Capacity)
        .join(AgreementCapacity, col(AgreementCapacity.capacity_id) == Capacity.id)
        .where(AgreementCapacity.agreement_id == agreement.id)
        .order_by(col(Capacity.id))
    )
    return list(session.exec(query))


def _changed(
    session: Session,
    agreement: Agreement,
    action: TransferAction,
    values: dict[str, object],
    *,
    by: By,
) -> AgreementChanged:
    session.add(agreement)
    session.flush()
    plan = session.get_one(Plan, agreement.plan_id)
    changed = rehash(session, _linked(session, agreement))
    record(by, plan, action, row=agreement, values=values)
    touch(session, plan, by=by)
    session.flush()
    return AgreementChanged(agreement.uid, agreement.version, tuple(changed))


def _problems(order: AddAgreement, *, today: date) -> Iterable[Problem]:
    if not order.title.strip():
        yield Problem("title", "is missing", "Give the kind and date, never names of parties.")
    if not order.source.strip():
        yield Problem("source", "is missing", "Say which document says so, with its date.")
    if order.known_on > today:
        yield Problem("known_on", "lies ahead", "Give the day on which it became known.")
    if any(count < 0 for count in order.signatories.values()):
        yield Problem("signatories", "are below 0", "Give how many have signed in each role.")
