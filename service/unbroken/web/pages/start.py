"""The first steps of each role: a panel on the first page until it is hidden, and a page for ever.

There is nothing to click away before the page can be used: the panel stands above the plans, each
step leads to its real place, and what the data show to be done is ticked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.languages import gettext as _
from unbroken.people.commands.tours import hide_tour, show_tour
from unbroken.people.queries.tours import Staffing, is_tour_hidden, staffing
from unbroken.people.rules import Role
from unbroken.plans.models import PlanState
from unbroken.plans.queries import PlanView, plan_list
from unbroken.plans.queries.missions import missions
from unbroken.transfers.queries.beginnings import Beginnings, beginnings
from unbroken.web.dependencies import Visit
from unbroken.web.first_steps import Around, Step, roles_of, steps_for
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Account, Anyone

router = APIRouter()
RUNNING = (PlanState.OPEN, PlanState.PAUSED)
MOST = 200


@dataclass(frozen=True, slots=True)
class RoleSteps:
    """The steps of one role; what is not the reader's own is not ticked."""

    role: Role
    steps: tuple[Step, ...]

    @property
    def left(self) -> int:
        """Return how many steps the data do not show to be done, though they could."""
        return sum(step.is_done is False for step in self.steps)


@dataclass(frozen=True, slots=True)
class StartPage(Page):
    """The reader's own steps and those of the other roles; either may be empty."""

    template: ClassVar[str] = "start.html"

    own: tuple[RoleSteps, ...]
    others: tuple[RoleSteps, ...]
    is_hidden: bool


@router.get("/start")
def start(visit: Anyone) -> Response:
    """Return the first steps of every role, the reader's own ones first."""
    with visit.sessions.reading() as session:
        plans = plan_list(session, sight=visit.sight, limit=MOST) if visit.actor.grants else []
        around = around_reader(session, visit, plans)
        uid = visit.actor.account_uid
        is_hidden = uid is not None and is_tour_hidden(session, uid)
    roles = roles_of(visit.actor)
    own = tuple(RoleSteps(role, steps_for(role, around)) for role in roles)
    others = tuple(RoleSteps(r, steps_for(r, Around())) for r in Role if r not in roles)
    return page(visit, StartPage(own, others, is_hidden))


@router.post("/start/hide")
def hide(visit: Account) -> Response:
    """Show the steps on the first page no more."""
    hide_tour(visit.sessions, actor=visit.actor, clock=visit.clock)
    return see_other(visit, "/plans", notice=HIDDEN)


@router.post("/start/show")
def show(visit: Account) -> Response:
    """Show the steps on the first page again."""
    show_tour(visit.sessions, actor=visit.actor)
    return see_other(visit, "/plans")


def tour_of(session: Session, visit: Visit, plans: Sequence[PlanView]) -> RoleSteps | None:
    """Return the steps for the first page; ``None`` without an account or where they are hidden."""
    roles, uid = roles_of(visit.actor), visit.actor.account_uid
    if uid is None or not roles or is_tour_hidden(session, uid):
        return None
    return RoleSteps(roles[0], steps_for(roles[0], around_reader(session, visit, plans)))


def around_reader(session: Session, visit: Visit, plans: Sequence[PlanView]) -> Around:
    """Return what the steps of the reader lead to; ``plans`` are those that they see."""
    running = [plan for plan in plans if plan.state in RUNNING] or list(plans)
    first = min(running, key=lambda plan: plan.revision is not None, default=None)
    is_acting = any(visit.actor.has(role) for role in (Role.PLANNER, Role.COUNTRY_TEAM))
    is_steward = visit.actor.has(Role.STEWARD)
    return Around(
        plan=first.slug if first else "",
        is_in_force=any(plan.revision is not None for plan in plans),
        has_mission=bool(plans) or bool(missions(session, sight=visit.sight, limit=1)),
        begun=beginnings(session, actor=visit.actor) if is_acting else Beginnings(),
        staff=staffing(session) if is_steward else Staffing(),
    )


HIDDEN = _("The first steps are hidden. You find them again on the page of your account.")
