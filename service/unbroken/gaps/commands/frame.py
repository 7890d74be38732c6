"""The frame of every act of a person on a gap: who acts, on which one, and what is written of it.

No act opens or closes a gap: only a scan does, by what its rule finds.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.gaps.commands.actions import GapAction
from unbroken.gaps.models import Gap, GapEvent
from unbroken.gaps.queries.hands import hand_of
from unbroken.gaps.rules.waivers import Hand
from unbroken.gaps.rules.words import GapState, Happening
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, NotFound
from unbroken.people.rules import Actor, Place, sees_detail
from unbroken.plans.commands.acts import By, check_version
from unbroken.plans.models import FunctionArea, Plan
from unbroken.plans.queries.rows import country_of
from unbroken.transfers.commands.frame import FindPlan, acting


@dataclass(frozen=True, slots=True)
class GapChanged:
    """A gap after an act; ``is_waived`` is false while a waiver only is asked for."""

    uid: UUID
    version: int
    is_acknowledged: bool
    is_waived: bool
    is_assigned: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A gap that is acted on, its plan, the tier of its function if any, and who acts."""

    session: Session
    gap: Gap
    plan: Plan
    place: Place
    tier: int | None
    hand: Hand
    by: By


@contextmanager
def acting_on_gap(
    sessions: Sessions, gap: UUID, version_seen: int | None, *, actor: Actor, clock: Clock
) -> Iterator[Case]:
    """Yield the one transaction of an act on a gap, with its plan's trail locked.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such gap, or the actor may not see it.
        Stale: it is not as it was read.
    """
    with acting(sessions, _plan_of(gap), actor=actor, clock=clock) as (session, by):
        yield case_of(session, gap, version_seen, by=by)


def case_of(session: Session, uid: UUID, version_seen: int | None, *, by: By) -> Case:
    """Return the case of a gap within a transaction; raises as ``acting_on_gap``."""
    gap = session.exec(select(Gap).where(Gap.uid == uid)).one()
    plan = session.get_one(Plan, gap.plan_id)
    place = Place(plan.uid, country_of(session, plan))
    if gap.restricted and not sees_detail(by.actor, place):
        raise no_gap(uid)
    check_version(version_seen, gap.version)
    function_area = gap.function_area_id and session.get(FunctionArea, gap.function_area_id)
    return Case(
        session=session,
        gap=gap,
        plan=plan,
        place=place,
        tier=function_area.tier if function_area else None,
        hand=hand_of(session, gap.function_area_id, place, by.actor),
        by=by,
    )


def require_open(gap: Gap) -> None:
    """Pass where the gap is open.

    Raises:
        Conflict: it is closed.
    """
    if gap.state is not GapState.OPEN:
        raise Conflict(
            "This gap is closed.",
            remedy="Nothing is left to do: it opens again by itself if it comes back.",
        )


def written(
    case: Case,
    happening: Happening,
    action: GapAction,
    *,
    values: Mapping[str, object],
    facts: Mapping[str, object] | None = None,
) -> GapChanged:
    """Write an act into the gap's history and the trail, and return the gap after it.

    ``values`` are what the trail tells, ``facts`` what the history keeps instead of the gap's own.
    """
    gap, by = case.gap, case.by
    gap.changed_at = by.at
    case.session.add(gap)
    case.session.add(
        GapEvent(
            gap_id=row_id(gap),
            kind=happening,
            at=by.at,
            on=by.today(case.plan),
            severity=gap.severity,
            turns_on=gap.turns_on,
            facts=dict(gap.facts if facts is None else facts),
            account_uid=by.actor.account_uid,
        )
    )
    case.session.flush()
    recorded(case, action, values=values)
    return GapChanged(
        uid=gap.uid,
        version=gap.version,
        is_acknowledged=gap.acknowledged_at is not None,
        is_waived=gap.waived_by_uid is not None,
        is_assigned=gap.assigned_to_uid is not None,
    )


def recorded(case: Case, action: GapAction, *, values: Mapping[str, object]) -> None:
    """Tell the trail of an act on the gap."""
    uid, plan = case.gap.uid, case.plan.uid
    case.by.recorder.record(action, kind="gap", subject=uid, values=values, plan=plan)


def no_gap(uid: UUID) -> NotFound:
    """Return the refusal that says nothing about whether there is a gap one may not see."""
    return NotFound("There is no gap {gap}.", gap=str(uid))


def _plan_of(uid: UUID) -> FindPlan:
    def find(session: Session) -> UUID:
        query = select(Plan.uid).join(Gap, col(Gap.plan_id) == Plan.id).where(Gap.uid == uid)
        found = session.exec(query).first()
        if found is None:
            raise no_gap(uid)
        return found

    return find
