"""Assigning a gap to a role mailbox that works on its plan, and taking that back."""

from dataclasses import dataclass
from uuid import UUID

from unbroken.gaps.commands.actions import GapAction
from unbroken.gaps.commands.frame import Case, GapChanged, acting_on_gap, require_open, written
from unbroken.gaps.queries.mailboxes import gap_mailbox
from unbroken.gaps.rules.waivers import require_assigns
from unbroken.gaps.rules.words import Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, Problem
from unbroken.people.models import Account
from unbroken.people.rules import Actor


@dataclass(frozen=True, slots=True)
class AssignGap:
    """An open gap that a role mailbox, named by its handle, is to see to."""

    gap: UUID
    assigned_to: str
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class UnassignGap:
    """An assignment to be taken back: nobody is named for the gap any more."""

    gap: UUID
    version_seen: int | None = None


def assign_gap(sessions: Sessions, order: AssignGap, *, actor: Actor, clock: Clock) -> GapChanged:
    """Assign a gap, or hand it on; it stays assigned when it closes and comes back.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Invalid: no such mailbox works on this plan.
        Conflict: it is closed, or assigned to this mailbox already.
    """
    with acting_on_gap(sessions, order.gap, order.version_seen, actor=actor, clock=clock) as case:
        require_assigns(case.hand)
        require_open(case.gap)
        account = _mailbox(case, order.assigned_to)
        if case.gap.assigned_to_uid == account.uid:
            raise Conflict(
                "This gap is assigned to {handle} already.",
                handle=account.handle,
                remedy="Choose another mailbox, or leave it as it is.",
            )
        case.gap.assigned_to_uid = account.uid
        return written(
            case,
            Happening.ASSIGNED,
            GapAction.ASSIGNED,
            values={"assigned_to": account.uid},
            facts={"assigned_to": account.uid.hex},
        )


def unassign_gap(
    sessions: Sessions, order: UnassignGap, *, actor: Actor, clock: Clock
) -> GapChanged:
    """Take an assignment back, on a closed gap too.

    Raises:
        SignInNeeded, Forbidden: the actor does not work on this plan.
        NotFound, Stale: no such gap, or not as it was read.
        Conflict: it is assigned to nobody.
    """
    with acting_on_gap(sessions, order.gap, order.version_seen, actor=actor, clock=clock) as case:
        require_assigns(case.hand)
        if case.gap.assigned_to_uid is None:
            raise Conflict(
                "This gap is assigned to nobody.",
                remedy="Open the gap again to see how it stands now.",
            )
        values = {"assigned_to": case.gap.assigned_to_uid}
        case.gap.assigned_to_uid = None
        return written(case, Happening.UNASSIGNED, GapAction.UNASSIGNED, values=values, facts={})


def _mailbox(case: Case, handle: str) -> Account:
    found = gap_mailbox(case.session, case.place, handle)
    if found is None:
        problem = Problem(
            "assigned_to",
            "is no role mailbox that works on this plan",
            "Give the handle of an account that plans, answers or co-chairs here.",
        )
        raise Invalid(problems=[problem])
    return found
