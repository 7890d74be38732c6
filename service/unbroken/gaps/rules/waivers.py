"""Who may acknowledge a gap, assign it, say something, ask for a waiver, grant it, end it; pure.

Source: domain judgement, 2026: nobody sets aside alone what must not be lost.
"""

from dataclasses import dataclass
from uuid import UUID

from unbroken.kit.errors import Forbidden

LOWER_TIERS = frozenset({3, 4})


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, seen from one gap.

    ``receives``: signs for an organisation to which the function is passed. ``never_signs``: a
    steward, whatever other roles the account holds.
    """

    account_uid: UUID | None
    plans: bool = False
    answers: bool = False
    co_chairs: bool = False
    receives: bool = False
    never_signs: bool = False

    @property
    def works_here(self) -> bool:
        """Return whether this account works on the plan; donors, observers and stewards do not."""
        return not self.never_signs and (self.plans or self.answers or self.co_chairs)

    @property
    def countersigns(self) -> bool:
        """Return whether this account may grant what another one asked for."""
        return not self.never_signs and (self.co_chairs or self.receives)

    @property
    def asks(self) -> bool:
        """Return whether this account may ask for a waiver."""
        return not self.never_signs and (self.plans or self.co_chairs)

    @property
    def ends(self) -> bool:
        """Return whether this account may end a waiver: who asks for them or grants them."""
        return self.countersigns or (self.plans and not self.never_signs)


def waives_alone(tier: int | None) -> bool:
    """Return whether who asks for a waiver grants it too: tiers 3 and 4, never a whole plan."""
    return tier in LOWER_TIERS


def require_acknowledges(hand: Hand) -> None:
    """Pass where the account works on the plan.

    Raises:
        Forbidden: it does not.
    """
    if not hand.works_here:
        raise Forbidden(
            "Only those who work on this plan acknowledge its gaps.",
            remedy="Ask a planner of this plan or the country team.",
        )


def require_assigns(hand: Hand) -> None:
    """Pass where the account works on the plan.

    Raises:
        Forbidden: it does not.
    """
    if not hand.works_here:
        raise Forbidden(
            "Only those who work on this plan assign its gaps.",
            remedy="Ask a planner of this plan or the country team.",
        )


def require_comments(hand: Hand) -> None:
    """Pass where the account works on the plan.

    Raises:
        Forbidden: it does not.
    """
    if not hand.works_here:
        raise Forbidden(
            "Only those who work on this plan comment on its gaps.",
            remedy="Tell a planner of this plan or the country team what you know.",
        )


def require_asks(hand: Hand) -> None:
    """Pass where the account plans here, or co-chairs the task force.

    Raises:
        Forbidden: it does neither.
    """
    if not hand.asks:
        raise Forbidden(
            "Only a planner of this plan or the co-chair asks for a waiver.",
            remedy="Ask one of them, and give your reason.",
        )


def require_grants(hand: Hand, *, asked_by: UUID | None) -> None:
    """Pass where the account may countersign and is not the one that asked.

    Raises:
        Forbidden: it may not, or it asked itself.
    """
    if not hand.countersigns:
        raise Forbidden(
            "A waiver is granted by the task force's co-chair or by who signs for a receiver.",
            remedy="Ask one of them.",
        )
    if hand.account_uid == asked_by:
        raise Forbidden(
            "Who asks for a waiver does not grant it.", remedy="Ask another account to grant it."
        )


def require_ends(hand: Hand) -> None:
    """Pass where the account asks for waivers or grants them.

    Raises:
        Forbidden: it does neither.
    """
    if not hand.ends:
        raise Forbidden(
            "Only those who ask for waivers or grant them end one.",
            remedy="Ask a planner of this plan or the co-chair to end it.",
        )
