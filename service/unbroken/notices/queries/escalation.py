"""Which gaps nobody has answered, since when, and who is told next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from unbroken.gaps.models import Gap, GapEvent
from unbroken.gaps.rules.words import GapState, Happening, Severity
from unbroken.kit.clock import civil_date
from unbroken.kit.db import table
from unbroken.notices.models import NoticeCursor, PlanLadder, PlanOffice
from unbroken.notices.rules.escalation import LADDER, NAMED, DueStep, Office, Step, steps_of
from unbroken.people.models import Account
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import AccountState, Place, Role
from unbroken.plans.models import Mission, Plan, PlanState

COUNTED_FROM = (Happening.OPENED, Happening.REOPENED, Happening.WORSENED)
OFFICE_ROLES: Mapping[Office, Role] = {
    Office.PLANNER: Role.PLANNER,
    Office.OBSERVER: Role.OBSERVER,
}
gap, gap_event, plan = table("gap"), table("gap_event"), table("plan")


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An open gap that nobody has acknowledged or waived since ``since_on``.

    ``event_uid`` names what it counts from; ``last_day_on`` is that of its function, if it has one.
    """

    uid: UUID
    severity: Severity
    since_on: date
    event_uid: UUID
    function_area_id: int | None
    last_day_on: date | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A role mailbox that holds an office."""

    account_uid: UUID
    handle: str
    title: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """One step that will be taken on its day unless somebody answers; ``holders`` may be empty.

    Where nobody holds the office the planners are told instead.
    """

    gap: UUID
    severity: Severity
    step: DueStep
    holders: tuple[Holder, ...]


def plans_to_escalate(session: Session, *, now: datetime) -> list[tuple[int, date]]:
    """Return the open plans not looked at yet on their own civil day, with that day; in order."""
    statement = (
        select(plan.c.id, plan.c.time_zone, col(NoticeCursor.escalated_on))
        .outerjoin(NoticeCursor, col(NoticeCursor.plan_id) == plan.c.id)
        .where(plan.c.state == PlanState.OPEN)
        .order_by(plan.c.id)
    )
    days = [
        (number, civil_date(now, zone=zone), looked_on)
        for number, zone, looked_on in session.execute(statement)
    ]
    return [(number, today) for number, today, looked_on in days if looked_on != today]


def unanswered(session: Session, plan_id: int) -> list[Unanswered]:
    """Return the open gaps of a plan that nobody has answered, in order; may be empty."""
    newest = (
        select(gap_event.c.gap_id, func.max(gap_event.c.id).label("event_id"))
        .join(gap, gap.c.id == gap_event.c.gap_id)
        .where(gap.c.plan_id == plan_id, gap_event.c.kind.in_(COUNTED_FROM))
        .group_by(gap_event.c.gap_id)
        .subquery()
    )
    statement = (
        select(Gap, GapEvent)
        .join(newest, newest.c.gap_id == gap.c.id)
        .join(GapEvent, gap_event.c.id == newest.c.event_id)
        .where(
            gap.c.plan_id == plan_id,
            gap.c.state == GapState.OPEN,
            gap.c.acknowledged_at.is_(None),
            gap.c.waived_by_uid.is_(None),
        )
        .order_by(gap.c.id)
    )
    return [_unanswered(one, event) for one, event in session.execute(statement)]


def ladder_of(session: Session, plan_id: int) -> tuple[Step, ...]:
    """Return the steps of a plan: its own, or the common ones."""
    found = session.scalars(
        select(PlanLadder).where(col(PlanLadder.plan_id) == plan_id)
    ).one_or_none()
    return LADDER if found is None else steps_from(found.steps)


def steps_from(stored: Mapping[str, object]) -> tuple[Step, ...]:
    """Return stored steps as the rules know them."""
    rows = stored["steps"]
    return tuple(
        Step(Severity(each["severity"]), int(each["days"]), Office(each["office"]))
        for each in (rows if isinstance(rows, list) else [])
    )


def holders_of(session: Session, plan_id: int) -> dict[Office, tuple[Holder, ...]]:
    """Return the open accounts that hold each office of a plan, in order of handles."""
    place = _place(session, plan_id)
    found: dict[Office, list[Holder]] = {office: [] for office in Office}
    for account in _accounts(session):
        actor = actor_of(session, account)
        for office, role in OFFICE_ROLES.items():
            if actor.has(role, place):
                found[office].append(_holder(account))
    for office, account in _named(session, plan_id):
        found[office].append(_holder(account))
    return {office: tuple(holders) for office, holders in found.items()}


def offices_named(session: Session, account_uid: UUID | None) -> frozenset[tuple[int, str]]:
    """Return the plans' numbers and offices that an account was named for; may be empty."""
    statement = (
        select(col(PlanOffice.plan_id), col(PlanOffice.office))
        .join(Account, col(Account.id) == PlanOffice.account_id)
        .where(col(Account.uid) == account_uid)
    )
    return frozenset((number, office.value) for number, office in session.execute(statement))


def ahead(session: Session, plan_id: int, *, today: date) -> list[Ahead]:
    """Return who will be told of which gap and when, the soonest first; what was told is left out.

    As things stand: an acknowledgement, a waiver or what mends the gap takes its steps away.
    """
    ladder, holders = ladder_of(session, plan_id), holders_of(session, plan_id)
    found = [
        Ahead(each.uid, each.severity, step, _told(holders, step.office))
        for each in unanswered(session, plan_id)
        for step in _steps(ladder, each)
        if step.due_on > today
    ]
    return sorted(found, key=lambda one: (one.step.due_on, one.severity.rank, one.gap))


@dataclass(frozen=True, slots=True)
class EscalationView:
    """The escalation of a plan; ``version`` is 0 where it has the common steps."""

    version: int
    ladder: tuple[Step, ...]
    holders: Mapping[Office, tuple[Holder, ...]]
    ahead: tuple[Ahead, ...]


def escalation_view(session: Session, plan_uid: UUID, *, now: datetime) -> EscalationView:
    """Return the steps of a plan, who holds its offices, and what lies ahead as things stand.

    The caller has seen to it that the plan may be seen, and its gaps in detail.
    """
    number, zone, version = session.execute(
        select(plan.c.id, plan.c.time_zone, func.coalesce(col(PlanLadder.version), 0))
        .outerjoin(PlanLadder, col(PlanLadder.plan_id) == plan.c.id)
        .where(plan.c.uid == plan_uid)
    ).one()
    return EscalationView(
        version=version,
        ladder=ladder_of(session, number),
        holders=holders_of(session, number),
        ahead=tuple(ahead(session, number, today=civil_date(now, zone=zone))),
    )


def _steps(ladder: Iterable[Step], each: Unanswered) -> Sequence[DueStep]:
    return steps_of(ladder, each.severity, since_on=each.since_on, last_day_on=each.last_day_on)


def _told(holders: Mapping[Office, tuple[Holder, ...]], office: Office) -> tuple[Holder, ...]:
    return holders[office] or holders[Office.PLANNER]


def _unanswered(one: Gap, event: GapEvent) -> Unanswered:
    last_day = one.facts.get("last_day")
    return Unanswered(
        uid=one.uid,
        severity=one.severity,
        since_on=event.on,
        event_uid=event.uid,
        function_area_id=one.function_area_id,
        last_day_on=date.fromisoformat(str(last_day)) if last_day else None,
    )


def _place(session: Session, plan_id: int) -> Place:
    statement = (
        select(col(Plan.uid), col(Mission.country_iso3))
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .where(plan.c.id == plan_id)
    )
    return Place(*session.execute(statement).one())


def _accounts(session: Session) -> Sequence[Account]:
    query = select(Account).where(col(Account.state) == AccountState.ACTIVE)
    return session.scalars(query.order_by(col(Account.handle))).all()


def _named(session: Session, plan_id: int) -> list[tuple[Office, Account]]:
    query = (
        select(col(PlanOffice.office), Account)
        .join(Account, col(Account.id) == PlanOffice.account_id)
        .where(col(PlanOffice.plan_id) == plan_id, col(Account.state) == AccountState.ACTIVE)
        .where(or_(*(col(PlanOffice.office) == office for office in NAMED)))
        .order_by(col(Account.handle))
    )
    return [(office, account) for office, account in session.execute(query)]


def _holder(account: Account) -> Holder:
    return Holder(account.uid, account.handle, account.title)
