"""Which acts on a gap are open to whom now; pure. None of them closes it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from unbroken.gaps.rules.waivers import Hand
from unbroken.gaps.rules.words import GapState


class GapAct(StrEnum):
    """One thing that a person does with a gap."""

    ACKNOWLEDGE = "acknowledge"
    END_ACKNOWLEDGEMENT = "end-acknowledgement"
    ASSIGN = "assign"
    UNASSIGN = "unassign"
    COMMENT = "comment"
    WAIVE = "waive"
    GRANT = "grant"
    END_WAIVER = "end-waiver"


@dataclass(frozen=True, slots=True)
class Stand:
    """How a gap stands on the day ``on``, for those who may act on it."""

    state: GapState
    is_acknowledged: bool
    is_assigned: bool
    waiver_asked_by: UUID | None
    waiver_asked_until_on: date | None
    is_waived: bool
    on: date


def open_acts(hand: Hand, stand: Stand) -> frozenset[GapAct]:
    """Return the acts that this hand may do now; may be empty."""
    is_open = stand.state is GapState.OPEN
    may = {
        GapAct.ACKNOWLEDGE: hand.works_here and is_open and not stand.is_acknowledged,
        GapAct.END_ACKNOWLEDGEMENT: hand.works_here and stand.is_acknowledged,
        GapAct.ASSIGN: hand.works_here and is_open,
        GapAct.UNASSIGN: hand.works_here and stand.is_assigned,
        GapAct.COMMENT: hand.works_here,
        GapAct.WAIVE: hand.asks and is_open and not stand.is_waived,
        GapAct.GRANT: is_open and _may_grant(hand, stand),
        GapAct.END_WAIVER: hand.ends and (stand.is_waived or stand.waiver_asked_by is not None),
    }
    return frozenset(act for act, holds in may.items() if holds)


def _may_grant(hand: Hand, stand: Stand) -> bool:
    until = stand.waiver_asked_until_on
    waits = until is not None and until >= stand.on and not stand.is_waived
    return waits and hand.countersigns and hand.account_uid != stand.waiver_asked_by
