"""Accepts or refuses what a phone form proposed: a named person of the receiving organisation."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Forbidden, NotFound, Problem
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Actor
from unbroken.plans.commands.acts import By, check_version, refuse_if
from unbroken.plans.models import Plan
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import FindPlan, acting, record
from unbroken.transfers.commands.signing import Signed, SignOrder, sign_in
from unbroken.transfers.models import Capacity, Proposal
from unbroken.transfers.queries.cases import setting_of, signer_in
from unbroken.transfers.rules.proposals import (
    ACT_OF,
    ProposalState,
    require_acceptable,
    require_decidable,
)
from unbroken.transfers.rules.views import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One proposal as it was read. ``reason`` is the accepting person's own; empty: the phone's."""

    proposal_uid: UUID
    version_seen: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One proposal as it was read, and why it is refused."""

    proposal_uid: UUID
    reason: str
    version_seen: int | None = None


def accept_proposal(sessions: Sessions, order: Acceptance, *, actor: Actor, clock: Clock) -> Signed:
    """Sign what was proposed as an act of one's own; receipt and proposal change together.

    The same rules hold as for any signature; nothing is signed for the phone.

    Raises:
        SignInNeeded, NotFound: nobody, or no proposal to the actor's organisation.
        Forbidden: the actor does not sign for it.
        Stale: the proposal is not what was read, or the offer not what the form showed.
        DecidedBefore, NotApproved: it cannot be accepted any more, or not yet.
        Refused: as ``sign``.
    """
    find_plan = _plan_of_proposal(order.proposal_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        row, capacity = _open_row(session, order.proposal_uid, by, needs=Side.RECEIVER)
        check_version(order.version_seen, row.version)
        require_decidable(row.state)
        require_acceptable(
            row.validation, seen_hash=row.seen_hash, content_hash=capacity.content_hash
        )
        signed = sign_in(session, _sign_order(row, capacity, reason=order.reason), by=by)
        row.receipt_uid = signed.receipt_uid
        values: dict[str, object] = {"receipt": signed.receipt_uid, "capacity": capacity.uid}
        _decide(session, row, by, ProposalState.ACCEPTED)
        _record(session, row, by, TransferAction.PROPOSAL_ACCEPTED, values)
        return signed


def refuse_proposal(sessions: Sessions, order: Refusal, *, actor: Actor, clock: Clock) -> None:
    """Refuse a proposal, with a reason; the capacity stays as it is.

    Raises:
        SignInNeeded, NotFound: nobody, or no proposal to the actor's organisation.
        Forbidden: the actor does not answer for it.
        Stale: the proposal is not what was read.
        DecidedBefore: somebody decided.
        Invalid: no reason, or one that looks like a person, a number or a place.
    """
    find_plan = _plan_of_proposal(order.proposal_uid)
    with acting(sessions, find_plan, actor=actor, clock=clock) as (session, by):
        row, _capacity = _open_row(session, order.proposal_uid, by, needs=Side.FIELD)
        check_version(order.version_seen, row.version)
        require_decidable(row.state)
        reason = check_text(order.reason, field="reason")
        missing = Problem("reason", _("is missing"), _("Say why in a sentence."))
        refuse_if([] if reason else [missing])
        row.refusal_reason = reason
        _decide(session, row, by, ProposalState.REFUSED)
        _record(session, row, by, TransferAction.PROPOSAL_REFUSED, {"reason": reason})


def _open_row(session: Session, uid: UUID, by: By, *, needs: Side) -> tuple[Proposal, Capacity]:
    row = session.exec(select(Proposal).where(Proposal.uid == uid)).one()
    capacity = session.get_one(Capacity, row.capacity_id)
    signer = signer_in(session, setting_of(session, capacity.transfer_id), by.actor)
    if not signer.of_receiver:
        # what a phone said is for the organisation that is to answer, and nobody else
        raise NotFound("There is no proposal {proposal}.", proposal=str(uid))
    if needs not in signer.sides:
        raise Forbidden(
            _("Only who signs for the receiving organisation decides about this answer."),
            remedy=_("Ask who signs for your organisation."),
        )
    return row, capacity


def _sign_order(row: Proposal, capacity: Capacity, *, reason: str) -> SignOrder:
    return SignOrder(
        act=ACT_OF[row.answer],
        capacity_uid=capacity.uid,
        quantity=row.quantity,
        parts=tuple(row.parts),
        until_on=row.until_on,
        reason=reason.strip() or row.reason,
    )


def _decide(session: Session, row: Proposal, by: By, state: ProposalState) -> None:
    row.state = state
    row.decided_by_uid, row.decided_at = by.actor.account_uid, by.at
    session.add(row)
    session.flush()


def _record(
    session: Session, row: Proposal, by: By, action: TransferAction, values: dict[str, object]
) -> None:
    plan = session.get_one(Plan, row.plan_id)
    record(by, plan, action, row=row, values={"submission": row.submission, **values})


def _plan_of_proposal(uid: UUID) -> FindPlan:
    def find(session: Session) -> UUID:
        query = (
            select(Plan.uid)
            .join(Proposal, col(Proposal.plan_id) == Plan.id)
            .where(Proposal.uid == uid)
        )
        found = session.exec(query).first()
        if found is None:
            raise NotFound("There is no proposal {proposal}.", proposal=str(uid))
        return found

    return find
