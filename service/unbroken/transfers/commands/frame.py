"""The frame of every act on a transfer: one transaction, the plan's chain locked, one instant."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, NotFound, Problem
from unbroken.kit.sentences import Marked
from unbroken.people.rules import SYSTEM, Actor, author_of, sight_of
from unbroken.plans.commands.acts import By, touch
from unbroken.plans.commands.rights import require_account
from unbroken.plans.models import FunctionArea, Plan, PlanState, Timetable
from unbroken.plans.queries.rows import Ref, place_of
from unbroken.trail.commands import open_trail
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.models import Agreement, Capacity, Item, Transfer
from unbroken.transfers.queries.cases import timetable_row

SILENCE_DAYS = 30
FindPlan = Callable[[Session], Ref]


@contextmanager
def acting(
    sessions: Sessions, find_plan: FindPlan, *, actor: Actor, clock: Clock
) -> Iterator[tuple[Session, By]]:
    """Yield the one transaction of an act, with the head of the plan's trail locked.

    What ``find_plan`` reads before the lock is a plan's UUID or slug, which never change.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such thing, or the actor may not see its plan.
    """
    require_account(actor)
    now = clock.now()
    with sessions.begin() as session:
        place = place_of(session, find_plan(session), sight=sight_of(actor))
        author = author_of(actor, place)
        recorder = open_trail(session, author=author, at=now, plans=[place.plan_uid])
        yield session, By(actor, now, recorder)


@contextmanager
def acting_by_rule(
    sessions: Sessions, plan_uid: UUID, *, clock: Clock
) -> Iterator[tuple[Session, By]]:
    """Yield the transaction of an act that the rules themselves do on a plan."""
    now = clock.now()
    with sessions.begin() as session:
        author = author_of(SYSTEM, None)
        recorder = open_trail(session, author=author, at=now, plans=[plan_uid])
        yield session, By(SYSTEM, now, recorder)


def plan_of_capacities(uids: Sequence[UUID]) -> FindPlan:
    """Return what finds the one plan of these capacities.

    Raises, when it looks:
        NotFound: one of them does not exist.
        Invalid: none is named, or they are of several plans.
    """

    def find(session: Session) -> UUID:
        query = (
            select(Capacity.uid, Plan.uid)
            .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
            .join(Plan, col(Plan.id) == Transfer.plan_id)
            .where(col(Capacity.uid).in_(uids))
        )
        found = dict(session.exec(query).all())
        missing = [uid for uid in uids if uid not in found]
        if missing:
            raise NotFound("There is no capacity {capacity}.", capacity=str(missing[0]))
        plans = set(found.values())
        if len(plans) != 1:
            problem = Problem("capacities", "are not of one plan", "Sign plan by plan.")
            raise Invalid(problems=[problem])
        return plans.pop()

    return find


def plan_of_item(uid: UUID) -> FindPlan:
    """Return what finds the plan of a checklist item; ``NotFound`` where there is no such item."""

    def find(session: Session) -> UUID:
        query = (
            select(Plan.uid)
            .join(FunctionArea, col(FunctionArea.plan_id) == Plan.id)
            .join(Item, col(Item.function_area_id) == FunctionArea.id)
            .where(Item.uid == uid)
        )
        return _one(session.exec(query).first(), "There is no item {uid}.", uid)

    return find


def plan_of_transfer(uid: UUID) -> FindPlan:
    """Return what finds the plan of a transfer; ``NotFound`` where there is no such transfer."""

    def find(session: Session) -> UUID:
        query = select(Plan.uid).join(Transfer, col(Transfer.plan_id) == Plan.id)
        return _one(
            session.exec(query.where(Transfer.uid == uid)).first(),
            "There is no transfer {uid}.",
            uid,
        )

    return find


def plan_of_agreement(uid: UUID) -> FindPlan:
    """Return what finds the plan of an agreement; ``NotFound`` where there is none."""

    def find(session: Session) -> UUID:
        query = select(Plan.uid).join(Agreement, col(Agreement.plan_id) == Plan.id)
        return _one(
            session.exec(query.where(Agreement.uid == uid)).first(),
            "There is no agreement {uid}.",
            uid,
        )

    return find


def named_plan(plan: Ref) -> FindPlan:
    """Return what finds a plan that is named outright."""
    return lambda _session: plan


def require_alive(plan: Plan) -> None:
    """Pass unless the plan was cancelled; what was completed is still checked and may lapse.

    Raises:
        Conflict: it was.
    """
    if plan.state is PlanState.CANCELLED:
        raise Conflict(
            "Plan {plan} was cancelled.",
            plan=plan.slug,
            remedy="It can only be read. Open a new plan if the mission leaves after all.",
        )


def record(
    by: By, plan: Plan, action: TransferAction, *, row: SQLModel, values: dict[str, object]
) -> None:
    """Add one entry about ``row`` to the chain of ``plan``."""
    kind, uid = type(row).__name__.lower(), row.uid  # type: ignore[attr-defined]
    by.recorder.record(action, kind=kind, subject=uid, values=values, plan=plan.uid)


def mark_touched(session: Session, transfer: Transfer, plan: Plan, *, by: By) -> None:
    """Mark that somebody worked on the transfer today, and until when silence is no worry."""
    today = by.today(plan)
    row = timetable_row(session, session.get_one(FunctionArea, transfer.function_area_id))
    transfer.touched_on = today
    transfer.silent_after_on = today + timedelta(days=silence_days(row, on=today))
    touch(session, plan, by=by)


def silence_days(row: Timetable | None, *, on: date) -> int:
    """Return for how many days from ``on`` nothing need be heard, by the windows of ``row``."""
    if row is None:
        return SILENCE_DAYS
    shortens_on, late = row.silence_shortens_on, row.late_silence_days
    is_late = shortens_on is not None and on >= shortens_on
    return late if is_late and late is not None else row.silence_days


def _one(found: UUID | None, message: Marked, uid: UUID) -> UUID:
    if found is None:
        raise NotFound(message, uid=str(uid))
    return found
