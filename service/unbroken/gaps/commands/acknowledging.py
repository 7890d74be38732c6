"""Acknowledging a gap: it was seen, and nothing is told of it until it worsens."""

from dataclasses import dataclass
from uuid import UUID

from unbroken.gaps.commands.actions import GapAction
from unbroken.gaps.commands.frame import GapChanged, acting_on_gap, require_open, written
from unbroken.gaps.commands.scanning import NOT_ACKNOWLEDGED
from unbroken.gaps.rules.waivers import require_acknowledges
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict
from unbroken.people.rules import Actor
from unbroken.safeguarding.rules import check_text


@dataclass(frozen=True, slots=True)
class AcknowledgeGap:
    """An open gap that somebody has seen, with what they say of it: may be empty."""

    gap: UUID
    note: str = ""
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class EndAcknowledgement:
    """An acknowledgement to be taken back: the gap is told of again."""

    gap: UUID
    version_seen: int | None = None


def acknowledge_gap(
    sessions: Sessions, order: AcknowledgeGap, *, actor: Actor, clock: Clock
) -> GapChanged:
    """Mark an open gap as seen, until it worsens or has been away for more than a day.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Invalid: a note that must not be stored.
        Conflict: it is closed or already acknowledged.
    """
    with acting_on_gap(sessions, order.gap, order.version_seen, actor=actor, clock=clock) as case:
        require_acknowledges(case.hand)
        require_open(case.gap)
        if case.gap.acknowledged_at is not None:
            raise Conflict(
                "This gap is acknowledged already.",
                remedy="Go on to mend it; its notices have stopped.",
            )
        note = check_text(order.note, field="note")
        case.gap.acknowledged_by_uid, case.gap.acknowledged_at = actor.account_uid, case.by.at
        case.gap.acknowledged_note = note
        return written(case, Happening.ACKNOWLEDGED, GapAction.ACKNOWLEDGED, values={"note": note})


def end_acknowledgement(
    sessions: Sessions, order: EndAcknowledgement, *, actor: Actor, clock: Clock
) -> GapChanged:
    """Take an acknowledgement back; whoever may acknowledge may.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Conflict: it is not acknowledged.
    """
    with acting_on_gap(sessions, order.gap, order.version_seen, actor=actor, clock=clock) as case:
        require_acknowledges(case.hand)
        if case.gap.acknowledged_at is None:
            raise Conflict(
                "This gap is not acknowledged.",
                remedy="Open the gap again to see how it stands now.",
            )
        for name, value in NOT_ACKNOWLEDGED.items():
            setattr(case.gap, name, value)
        kind, action = Happening.ACKNOWLEDGEMENT_ENDED, GapAction.ACKNOWLEDGEMENT_ENDED
        return written(case, kind, action, values={})
