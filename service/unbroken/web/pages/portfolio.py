"""Every plan a reader sees, those that are running first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.gaps.queries import open_counts
from unbroken.gaps.rules import Severity
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Role
from unbroken.plans.models import PlanState
from unbroken.plans.queries import PlanView, plan_list
from unbroken.web.dependencies import Visit
from unbroken.web.first_steps import roles_of
from unbroken.web.pages.start import RoleSteps, tour_of
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Anyone, Reader

router = APIRouter()
MOST = 200
RUNNING = (PlanState.OPEN, PlanState.PAUSED)


@dataclass(frozen=True, slots=True)
class PlanCard:
    """One plan of the portfolio: the days left to ``ends_on`` (below 0 once past) and its gaps."""

    plan: PlanView
    ends_on: date
    days_left: int
    counts: Mapping[Severity, int]

    @property
    def gaps(self) -> int:
        """Return how many gaps are open."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class PortfolioPage(Page):
    """The running plans, the worst first, and those that are over, the newest first.

    ``tour`` are the first steps of whoever has not hidden them.
    """

    template: ClassVar[str] = "plans/portfolio.html"

    running: tuple[PlanCard, ...]
    over: tuple[PlanCard, ...]
    figures: tuple[tuple[int, str, str], ...]
    may_open: bool
    tour: RoleSteps | None = None


@router.get("/")
def home(visit: Anyone) -> Response:
    """Lead to the portfolio, donors to the money, and to what this is who cannot read either."""
    may_read = visit.is_signed_in or visit.is_demonstration
    first = "/money" if roles_of(visit.actor) == (Role.DONOR,) else "/plans"
    return see_other(visit, first if may_read else "/about")


@router.get("/plans")
def portfolio(visit: Reader) -> Response:
    """Return every plan the reader sees."""
    with visit.sessions.reading() as session:
        plans = plan_list(session, sight=visit.sight, limit=MOST)
        counts = open_counts(session, actor=visit.actor)
        tour = tour_of(session, visit, plans)
    cards = [card(plan, counts.get(plan.slug, {}), today=visit.today) for plan in plans]
    running = sorted((c for c in cards if c.plan.state in RUNNING), key=_worst_first)
    over = sorted((c for c in cards if c.plan.state not in RUNNING), key=_newest_first)
    may_open = visit.is_signed_in and visit.actor.has(Role.PLANNER)
    content = PortfolioPage(tuple(running), tuple(over), _figures(running, visit), may_open, tour)
    return page(visit, content)


def card(plan: PlanView, counts: Mapping[Severity, int], *, today: date) -> PlanCard:
    """Return a plan with its days left, counted to the end of the transfer where one is set."""
    ends_on = max(plan.mandate_ends_on, plan.transfer_ends_on or plan.mandate_ends_on)
    return PlanCard(plan, ends_on, (ends_on - today).days, counts)


def _worst_first(found: PlanCard) -> tuple[int, ...]:
    return (*(-found.counts.get(severity, 0) for severity in Severity), found.days_left)


def _newest_first(found: PlanCard) -> int:
    return -found.ends_on.toordinal()


def _figures(running: list[PlanCard], visit: Visit) -> tuple[tuple[int, str, str], ...]:
    counted = {s: sum(c.counts.get(s, 0) for c in running) for s in Severity}
    figures = (
        (len(running), _("plans running"), "info"),
        (counted[Severity.CRITICAL], _("critical gaps"), "worst"),
        (counted[Severity.HIGH], _("high gaps"), "bad"),
        (counted[Severity.MEDIUM] + counted[Severity.LOW], _("other gaps"), "warn"),
    )
    return tuple((number, visit.say(label), tone) for number, label, tone in figures)
