"""Who may put the second hand under setting an item aside; pure.

Source: for the first two tiers *not applicable* needs the receiver's or the co-chair's word.
"""

from uuid import UUID

from unbroken.kit.errors import Conflict
from unbroken.kit.languages import gettext as _
from unbroken.transfers.rules.permits import require_person
from unbroken.transfers.rules.refusals import NotIndependent, NotYours, SameHand
from unbroken.transfers.rules.views import Side, Signer
from unbroken.transfers.rules.words import Act


class NothingAsked(Conflict):
    """Nobody asks that this item be set aside."""

    code = "nothing-asked"
    remedy = _("Open the item again to see how it stands now.")


def second_sides(*, by_receiver: bool) -> frozenset[Side]:
    """Return the sides one of which must agree; one organisation never signs twice for itself."""
    return frozenset({Side.CO_CHAIR} if by_receiver else {Side.RECEIVER, Side.CO_CHAIR})


def require_may_agree(by: Signer, *, asked_by: UUID | None, by_receiver: bool) -> None:
    """Pass where ``by`` may agree that the item does not apply.

    Raises:
        SignInNeeded, NeverSigns, NotYours: not of a side that agrees.
        SameHand: the account that asked.
        NotIndependent: of the giver's side.
    """
    require_person(by)
    if by.account_uid == asked_by:
        raise SameHand
    if not second_sides(by_receiver=by_receiver) & by.sides:
        raise NotYours(act=Act.COUNTERSIGN.value)
    if by.giver:
        raise NotIndependent


def require_may_refuse_aside(by: Signer, *, asked_by: UUID | None, by_receiver: bool) -> None:
    """Pass where ``by`` may say no: who may agree, the receiver, or who asked and takes it back.

    Raises:
        SignInNeeded, NeverSigns, NotYours: none of these.
    """
    require_person(by)
    refusing = second_sides(by_receiver=by_receiver) | {Side.RECEIVER}
    if by.account_uid != asked_by and not refusing & by.sides:
        raise NotYours(act=Act.REFUSE_COUNTERSIGN.value)
