"""What phone forms proposed to an organisation, and one proposal in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from unbroken.kit.errors import NotFound
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place, Role, Signing
from unbroken.plans.models import Plan, PlanState
from unbroken.plans.queries.rows import Ref, country_of, names_plan
from unbroken.sources.models import FormSourceRow
from unbroken.sources.ports import Validation
from unbroken.transfers.models import Capacity, Proposal, Receipt, Transfer
from unbroken.transfers.queries.rows import CapacityEntry, Joined, entry_of, joined_rows
from unbroken.transfers.rules.proposals import ACT_OF, Answer, AnsweringRole, ProposalState
from unbroken.transfers.rules.words import Act

LIMIT = 50


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal and the capacity it is about, as that stands now.

    ``offer_changed``: the form showed another content than what is offered now. ``after`` is what
    was decided about an earlier content of the same submission; ``None``: nothing. ``may_accept``
    and ``may_refuse`` say what the reader may do now.
    """

    uid: UUID
    version: int
    capacity: CapacityEntry
    system: str
    answer: Answer
    act: Act
    quantity: int | None
    parts: tuple[str, ...]
    until_on: date | None
    reason: str
    reason_left_out: bool
    role: AnsweringRole | None
    form_version: str
    validation: Validation
    state: ProposalState
    submitted_at: datetime | None
    received_at: datetime
    edited_at: datetime | None
    offer_changed: bool
    after: ProposalState | None
    receipt_uid: UUID | None
    decided_at: datetime | None
    refusal_reason: str
    may_accept: bool
    may_refuse: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What the form showed of an offer, as far as a receipt of then still tells it."""

    signed_at: datetime
    quantity: int | None
    unit: str | None
    part_titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One page of a list; ``after`` asks for the next one, ``None`` where this is the last."""

    items: tuple[ProposalView, ...]
    after: UUID | None


def open_proposals(
    session: Session,
    *,
    actor: Actor,
    on: date,
    plan: Ref | None = None,
    after: UUID | None = None,
    limit: int = LIMIT,
) -> ProposalPage:
    """Return what waits for the actor's organisation to accept or refuse; the oldest first.

    What was rejected or deleted where the form is kept waits for nobody. Others see nothing here.

    Raises:
        NotFound: ``after`` is no proposal.
    """
    living = col(Plan.state).in_((PlanState.OPEN, PlanState.PAUSED))
    shown = col(Proposal.validation).in_((Validation.WAITING, Validation.APPROVED))
    conditions = [col(Proposal.state) == ProposalState.OPEN, shown, living]
    if plan is not None:
        conditions.append(names_plan(plan))
    if after is not None:
        conditions.append(col(Proposal.id) > (_row(session, after).id or 0))
    found = _views(session, conditions, actor=actor, on=on, limit=limit + 1)
    items = tuple(found[:limit])
    return ProposalPage(items, items[-1].uid if len(found) > limit else None)


def proposal_view(session: Session, uid: UUID, *, actor: Actor, on: date) -> ProposalView:
    """Return one proposal.

    Raises:
        NotFound: there is none to the actor's organisation.
    """
    found = _views(session, [col(Proposal.uid) == uid], actor=actor, on=on, limit=1)
    if not found:
        raise NotFound("There is no proposal {proposal}.", proposal=str(uid))
    return found[0]


def shown_in_form(session: Session, uid: UUID) -> Shown | None:
    """Return what the form showed of the offer; ``None`` where no receipt has that content."""
    row = _row(session, uid)
    query = (
        select(Receipt)
        .where(Receipt.capacity_id == row.capacity_id, Receipt.content_hash == row.seen_hash)
        .order_by(col(Receipt.id).desc())
    )
    receipt = session.exec(query).first() if row.seen_hash else None
    if receipt is None:
        return None
    content = receipt.content
    parts = content.get("parts")
    titles = [part["title"] or part["key"] for part in parts] if isinstance(parts, list) else []
    unit, quantity = content.get("unit"), content.get("quantity")
    return Shown(
        signed_at=receipt.at,
        quantity=quantity if isinstance(quantity, int) else None,
        unit=unit if isinstance(unit, str) else None,
        part_titles=tuple(str(title) for title in titles),
    )


def _views(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    *,
    actor: Actor,
    on: date,
    limit: int,
) -> list[ProposalView]:
    if actor.organisation_uid is None or not actor.has(Role.COUNTRY_TEAM):
        return []
    query = (
        select(Proposal, FormSourceRow.system)
        .join(FormSourceRow, col(FormSourceRow.id) == Proposal.source_id)
        .join(Plan, col(Plan.id) == Proposal.plan_id)
        .join(Capacity, col(Capacity.id) == Proposal.capacity_id)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(Organisation, col(Organisation.id) == Transfer.receiver_id)
        .where(col(Organisation.uid) == actor.organisation_uid, *conditions)
        .order_by(col(Proposal.id))
        .limit(limit)
    )
    rows = session.exec(query).all()
    numbers = {row.capacity_id for row, _system in rows}
    joined = joined_rows(session, actor, col(Capacity.id).in_(numbers)) if numbers else []
    around = {each.capacity.id: each for each in joined}
    return [
        _view(session, row, around[row.capacity_id], actor=actor, system=system, on=on)
        for row, system in rows
        if row.capacity_id in around
    ]


def _view(
    session: Session, row: Proposal, around: Joined, *, actor: Actor, system: str, on: date
) -> ProposalView:
    offer_changed = row.seen_hash != around.capacity.content_hash
    signing = _signing(session, actor, around.plan)
    is_open = row.state is ProposalState.OPEN
    is_approved = row.validation is Validation.APPROVED
    return ProposalView(
        uid=row.uid,
        version=row.version,
        capacity=entry_of(around, on=on),
        system=system,
        answer=row.answer,
        act=ACT_OF[row.answer],
        quantity=row.quantity,
        parts=tuple(row.parts),
        until_on=row.until_on,
        reason=row.reason,
        reason_left_out=row.reason_left_out,
        role=row.role,
        form_version=row.form_version,
        validation=row.validation,
        state=row.state,
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        edited_at=row.edited_at,
        offer_changed=offer_changed,
        after=_before(session, row),
        receipt_uid=row.receipt_uid,
        decided_at=row.decided_at,
        refusal_reason=row.refusal_reason,
        may_accept=is_open and is_approved and not offer_changed and signing is Signing.SIGNS,
        may_refuse=is_open and signing is not Signing.NONE,
    )


def _signing(session: Session, actor: Actor, plan: Plan) -> Signing:
    return actor.signing(Place(plan.uid, country_of(session, plan)))


def _before(session: Session, row: Proposal) -> ProposalState | None:
    if row.turn == 0:
        return None
    query = select(Proposal).where(
        Proposal.source_id == row.source_id,
        Proposal.submission == row.submission,
        Proposal.turn == row.turn - 1,
    )
    found = session.exec(query).first()
    return None if found is None else found.state


def _row(session: Session, uid: UUID) -> Proposal:
    found = session.exec(select(Proposal).where(Proposal.uid == uid)).first()
    if found is None:
        raise NotFound("There is no proposal {proposal}.", proposal=str(uid))
    return found
