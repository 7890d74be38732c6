"""Plans and their decisions, as far as the reader sees."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from unbroken.people.rules import Place, Sight
from unbroken.plans.models import (
    Decision,
    DecisionKind,
    Mission,
    Plan,
    PlanKind,
    PlanScope,
    PlanState,
    Revision,
    RevisionState,
)
from unbroken.plans.queries.missions import notice_days, plan_in_sight
from unbroken.plans.queries.rows import Ref, names_plan, no_plan


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with its citation."""

    uid: UUID
    kind: DecisionKind
    symbol: str
    title: str
    decided_on: date
    known_on: date
    is_trigger: bool
    source: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its mission, trigger and, where there is one, the number of what is in force.

    The dates are there from its first minute, before any revision. ``version`` goes back as
    ``version_seen``.
    """

    uid: UUID
    slug: str
    title: str
    kind: PlanKind
    scope: PlanScope
    state: PlanState
    mission: str
    mission_uid: UUID
    acronym: str
    country_iso3: str
    edition: str
    time_zone: str
    trigger: DecisionView | None
    triggered_on: date
    mandate_ends_on: date
    transfer_ends_on: date | None
    ends_known_on: date
    plan_due_on: date
    notice_days: int | None
    revision: int | None
    in_force_on: date | None
    finished_on: date | None
    touched_on: date
    silent_after_on: date | None
    illustrative: bool
    note: str
    version: int

    @property
    def place(self) -> Place:
        """Return where the plan is, for asking what somebody may see and do."""
        return Place(self.uid, self.country_iso3)


def find_plan(session: Session, plan: Ref, *, sight: Sight) -> PlanView:
    """Return a plan by slug or UUID.

    Raises:
        NotFound: there is none within ``sight``.
    """
    found = session.exec(_query(sight).where(names_plan(plan))).first()
    if found is None:
        raise no_plan(plan)
    return _view(*found)


def plan_list(
    session: Session,
    *,
    sight: Sight,
    limit: int = 50,
    after: str | None = None,
    state: PlanState | None = None,
) -> tuple[PlanView, ...]:
    """Return the plans in sight, by slug, those after the slug ``after``; at most ``limit``."""
    query = _query(sight).order_by(col(Plan.slug)).limit(limit)
    if after is not None:
        query = query.where(col(Plan.slug) > after)
    if state is not None:
        query = query.where(col(Plan.state) == state)
    return tuple(_view(*row) for row in session.exec(query))


def decisions_of(session: Session, plan_uid: UUID) -> tuple[DecisionView, ...]:
    """Return the decisions of a plan as they were taken; the trigger is one of them."""
    query = (
        select(Decision)
        .join(Plan, col(Plan.id) == Decision.plan_id)
        .where(Plan.uid == plan_uid)
        .order_by(col(Decision.decided_on), col(Decision.id))
    )
    return tuple(_decision(row) for row in session.exec(query))


def _query(sight: Sight) -> Select[Plan, Mission, Decision, Revision]:
    return (
        select(Plan, Mission, Decision, Revision)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .outerjoin(Decision, (col(Decision.plan_id) == Plan.id) & col(Decision.is_trigger))
        .outerjoin(
            Revision,
            (col(Revision.plan_id) == Plan.id) & (col(Revision.state) == RevisionState.IN_FORCE),
        )
        .where(plan_in_sight(sight))
    )


def _decision(row: Decision) -> DecisionView:
    return DecisionView(
        uid=row.uid,
        kind=row.kind,
        symbol=row.symbol,
        title=row.title,
        decided_on=row.decided_on,
        known_on=row.known_on,
        is_trigger=row.is_trigger,
        source=row.source,
    )


def _view(
    plan: Plan, mission: Mission, trigger: Decision | None, revision: Revision | None
) -> PlanView:
    return PlanView(
        uid=plan.uid,
        slug=plan.slug,
        title=plan.title,
        kind=plan.kind,
        scope=plan.scope,
        state=plan.state,
        mission=mission.slug,
        mission_uid=mission.uid,
        acronym=mission.acronym,
        country_iso3=mission.country_iso3,
        edition=plan.edition,
        time_zone=plan.time_zone,
        trigger=None if trigger is None else _decision(trigger),
        triggered_on=plan.triggered_on,
        mandate_ends_on=plan.mandate_ends_on,
        transfer_ends_on=plan.transfer_ends_on,
        ends_known_on=plan.ends_known_on,
        plan_due_on=plan.plan_due_on,
        notice_days=notice_days(
            None if trigger is None else trigger.decided_on, plan.mandate_ends_on
        ),
        revision=None if revision is None else revision.number,
        in_force_on=None if revision is None else revision.in_force_on,
        finished_on=plan.finished_on,
        touched_on=plan.touched_on,
        silent_after_on=plan.silent_after_on,
        illustrative=plan.illustrative,
        note=plan.note,
        version=plan.version,
    )
