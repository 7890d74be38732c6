"""Who may do what with a capacity, and who must countersign it; tables first.

Source: resolution 2764 (2024), elements F and H: the giver hands over, the receiver confirms.
"""

from collections.abc import Mapping
from uuid import UUID

from unbroken.kit.errors import SignInNeeded
from unbroken.people.rules import Actor, Place, Role, Signing
from unbroken.transfers.rules.refusals import (
    NeverSigns,
    NotIndependent,
    NotYours,
    OwnOffer,
    SameHand,
)
from unbroken.transfers.rules.views import (
    ActOrder,
    CapacityView,
    Ground,
    Pending,
    Side,
    Signer,
)
from unbroken.transfers.rules.words import Act, TransferKind

GIVER, FIELD, RECEIVER = Side.GIVER, Side.FIELD, Side.RECEIVER
CO_CHAIR, CUSTODIAN = Side.CO_CHAIR, Side.CUSTODIAN

PERMITTED: Mapping[Act, frozenset[Side]] = {
    Act.PLAN: frozenset({GIVER}),
    Act.OFFER: frozenset({GIVER}),
    Act.WITHDRAW: frozenset({GIVER}),
    Act.RECOMMEND: frozenset({FIELD}),
    Act.DISPUTE: frozenset({FIELD}),
    Act.ASK_TIME: frozenset({FIELD}),
    Act.CONFIRM: frozenset({RECEIVER}),
    Act.CONFIRM_PART: frozenset({RECEIVER}),
    Act.CONFIRM_ON_CONDITION: frozenset({RECEIVER}),
    Act.MEET_CONDITION: frozenset({RECEIVER}),
    Act.DECLINE: frozenset({RECEIVER}),
    Act.RECEIVE: frozenset({RECEIVER}),
    Act.RESUME: frozenset({RECEIVER}),
    Act.ATTEST: frozenset({Side.COUNTRY_TEAM}),
    Act.RESOLVE: frozenset({CO_CHAIR}),
    Act.CHECK: frozenset({RECEIVER, CUSTODIAN}),
    Act.LAPSE: frozenset({RECEIVER, CUSTODIAN, Side.SYSTEM}),
    Act.SUSPEND: frozenset({GIVER, RECEIVER, CO_CHAIR}),
    Act.END: frozenset({GIVER, RECEIVER, CO_CHAIR, CUSTODIAN}),
    Act.NOT_APPLICABLE: frozenset({GIVER, RECEIVER, CO_CHAIR}),
}
"""Which sides may sign an act; one of them is enough. Countersigning has rules of its own."""

ANSWERS = frozenset(
    {
        *(Act.RECOMMEND, Act.CONFIRM, Act.CONFIRM_PART, Act.CONFIRM_ON_CONDITION),
        *(Act.MEET_CONDITION, Act.DECLINE, Act.DISPUTE, Act.ASK_TIME, Act.ATTEST, Act.RESUME),
    }
)
"""Acts that answer an offer: never by the account that made it."""

CONFIRMING = frozenset(
    {
        *(Act.CONFIRM, Act.CONFIRM_PART, Act.CONFIRM_ON_CONDITION, Act.MEET_CONDITION),
        *(Act.RECEIVE, Act.RESUME, Act.CHECK),
    }
)
"""Acts by which a capacity comes to count: who holds both sides does not do them alone."""

UPPER_TIERS = (1, 2)
EITHER = frozenset({RECEIVER, CO_CHAIR})
SIGNS = (Signing.SIGNS,)


def signer_of(
    actor: Actor,
    *,
    place: Place,
    kind: TransferKind,
    giver_uid: UUID,
    receiver_uid: UUID,
    custodian_uid: UUID | None = None,
) -> Signer:
    """Return how ``actor`` stands to a capacity of this giver and receiver at ``place``.

    The giver of a first transfer is the mission, for which every planner at the place acts; where a
    receiver passes on what it holds, its own planners and signatories are the giver's side.
    """
    signing = actor.signing(place)
    at_giver = actor.organisation_uid == giver_uid
    planner = actor.has(Role.PLANNER, place)
    onward = kind is TransferKind.ONWARD
    receives = signing if actor.organisation_uid == receiver_uid else Signing.NONE
    return Signer(
        account_uid=actor.account_uid,
        giver=(planner and (at_giver or not onward)) or (at_giver and signing in SIGNS),
        of_receiver=actor.organisation_uid == receiver_uid,
        receives=receives,
        attests=signing in SIGNS and actor.organisation_uid != receiver_uid,
        co_chair=actor.has(Role.CO_CHAIR, place),
        custodian=custodian_uid is not None
        and actor.organisation_uid == custodian_uid
        and (signing in SIGNS or actor.has(Role.CO_CHAIR, place)),
        never_signs=actor.has(Role.STEWARD),
    )


def require_permitted(view: CapacityView, order: ActOrder, by: Signer) -> None:
    """Pass where ``by`` may sign this act at all, whatever the state.

    Raises:
        SignInNeeded: nobody is signed in.
        NeverSigns, NotYours: no side for which this account acts may do so.
        OwnOffer: the same account made the offer.
    """
    require_person(by)
    if not PERMITTED[order.act] & by.sides:
        raise NotYours(act=order.act.value)
    if order.act is Act.ATTEST and by.giver:
        raise NotIndependent
    if order.act in ANSWERS and by.account_uid == view.offered_by_uid:
        raise OwnOffer


def require_person(by: Signer) -> None:
    """Pass where somebody who may sign is signed in, or the rules themselves act.

    Raises:
        SignInNeeded, NeverSigns: nobody, or a steward.
    """
    if by.account_uid is None and not by.system:
        raise SignInNeeded
    if by.never_signs:
        raise NeverSigns


def countersigners(view: CapacityView, order: ActOrder, by: Signer) -> frozenset[Side]:
    """Return the sides one of which must countersign; empty where the signature stands alone."""
    if by.both_sides and _counts_for_receiver(order):
        return frozenset({CO_CHAIR})
    # One organisation never signs twice for itself.
    needed = _needed(view, order)
    return needed - {RECEIVER} if by.of_receiver else needed


def pending_countersigners(view: CapacityView, pending: Pending) -> frozenset[Side]:
    """Return the sides one of which must countersign the act that waits; never empty.

    An edition that was adopted meanwhile may rank the function lower; what waits still waits.
    """
    if pending.order.act in CONFIRMING:
        return frozenset({CO_CHAIR})
    needed = _needed(view, pending.order) or EITHER
    return needed - {RECEIVER} if pending.by_receiver else needed


def _counts_for_receiver(order: ActOrder) -> bool:
    failed_check = order.act is Act.CHECK and order.passed is False
    return order.act in CONFIRMING and not failed_check


def _needed(view: CapacityView, order: ActOrder) -> frozenset[Side]:
    match order.act:
        case Act.ATTEST:
            return frozenset({CO_CHAIR})
        case Act.NOT_APPLICABLE:
            return EITHER
        case Act.END | Act.RESOLVE if order.ground is Ground.ARCHIVED_OR_DESTROYED:
            return frozenset({CO_CHAIR})
        case Act.END | Act.WITHDRAW if view.tier in UPPER_TIERS:
            return EITHER
        case Act.RESOLVE if order.ground is not None and view.tier in UPPER_TIERS:
            return EITHER
        case _:
            return frozenset()


def require_may_countersign(view: CapacityView, pending: Pending, by: Signer) -> None:
    """Pass where ``by`` may put the second signature under the act that waits.

    Raises:
        SignInNeeded, NeverSigns, NotYours: not of a side that countersigns this act.
        SameHand: the account that signed first.
        OwnOffer: the account that made the offer which the act answers.
        NotIndependent: of the giver's side.
    """
    require_person(by)
    if by.account_uid == pending.account_uid:
        raise SameHand
    if pending.order.act in ANSWERS and by.account_uid == view.offered_by_uid:
        raise OwnOffer
    if not pending_countersigners(view, pending) & by.sides:
        raise NotYours(act=Act.COUNTERSIGN.value)
    if by.giver:
        raise NotIndependent


def require_may_refuse(view: CapacityView, pending: Pending, by: Signer) -> None:
    """Pass where ``by`` may refuse what waits: a countersigner, the receiver, or its author.

    Raises:
        SignInNeeded, NeverSigns, NotYours: none of these.
    """
    require_person(by)
    refusing = pending_countersigners(view, pending) | {RECEIVER}
    if by.account_uid != pending.account_uid and not refusing & by.sides:
        raise NotYours(act=Act.REFUSE_COUNTERSIGN.value)
