"""``/rules``: what is looked for, how that is set in a plan, and what a setting would have done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.gaps.commands.ruling import (
    CountersignRule,
    RuleChanged,
    SetRule,
    TakeBackRule,
    countersign_rule,
    rule_named,
    set_rule,
    take_back_rule,
)
from unbroken.gaps.queries.ruling import (
    RuleView,
    rule_of_plan,
    rule_uid,
    rules_of,
    rules_of_plan,
)
from unbroken.gaps.queries.trying import Wish, try_seen_rule
from unbroken.gaps.rules import Severity
from unbroken.gaps.rules.settings import Setting
from unbroken.gaps.trials import MOST_DAYS
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView
from unbroken.web.api.answers import JSON, changed, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import CHANGES, NAME, PlanName, plan_of
from unbroken.web.api.paging import Listing, listing
from unbroken.web.api.rule_shapes import (
    LimitText,
    RuleBody,
    RuleItem,
    TrialItem,
    limits_of,
    rule_item,
    trial_item,
)
from unbroken.web.dependencies import Visit
from unbroken.web.security import Reader, Roles, access

router = APIRouter(tags=["gaps"])
Setter = Annotated[Visit, access(Roles(Role.PLANNER, Role.CO_CHAIR))]
CoChair = Annotated[Visit, access(Roles(Role.CO_CHAIR))]
RuleCode = Annotated[
    str, Path(max_length=40, pattern=NAME, description="Code of a rule, such as no-receiver.")
]
RULE = TypeAdapter(RuleItem)
RULES = TypeAdapter(Listing[RuleItem])
TRIAL = TypeAdapter(TrialItem)
HERE = "/plans/{plan}/rules"


@dataclass(frozen=True, slots=True)
class Wished:
    """What a trial tries, and over how many days; what is left out is as usual."""

    setting: Setting
    days: int


def wished(
    *,
    off: bool = False,
    at_least: Severity | None = None,
    at_most: Severity | None = None,
    limit: Annotated[
        list[LimitText],
        Query(max_length=8, description="A limit and its value, such as near_days:45."),
    ] = [],  # noqa: B006 - FastAPI makes a new one for each request
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="How many days to look back.")] = 90,
) -> Wished:
    """Return what a request wants tried."""
    setting = Setting(
        off=off,
        at_least=at_least,
        at_most=at_most,
        limits=limits_of(limit),
    )
    return Wished(setting, days)


@router.get("/rules", response_model=Listing[RuleItem])
def rules(visit: Reader) -> Response:
    """List the rules as the file of this instance sets them, by code; on one page."""
    with visit.sessions.reading() as session:
        found = rules_of(session, on=visit.today)
    return listing(RULES, [rule_item(each, visit) for each in found], link=None)


@router.get(HERE, response_model=Listing[RuleItem])
def plan_rules(visit: Reader, plan: PlanName) -> Response:
    """List the rules as they are set in a plan, by code; on one page."""
    view = plan_of(visit, plan)
    with visit.sessions.reading() as session:
        found = rules_of_plan(session, view.uid, sight=visit.sight, on=_today(visit, view))
    return listing(RULES, [rule_item(each, visit) for each in found], link=None)


@router.get(HERE + "/{rule}", response_model=RuleItem)
def one_rule(request: Request, visit: Reader, plan: PlanName, rule: RuleCode) -> Response:
    """Show a rule and how it is set in a plan."""
    view = _view(visit, plan, rule)
    return shown(request, RULE, rule_item(view, visit), uid=view.uid, version=view.version)


@router.put(HERE + "/{rule}", response_model=RuleItem, openapi_extra=CHANGES)
def put_rule(
    request: Request, visit: Setter, plan: PlanName, rule: RuleCode, body: RuleBody
) -> Response:
    """Set a rule of a plan, whole; what makes it milder for tiers 1 and 2 is countersigned."""
    uid, seen = _seen(request, visit, plan, rule)
    order = SetRule(uid, rule, body.setting(), seen)
    return _acted(visit, set_rule, order)


@router.delete(HERE + "/{rule}", response_model=RuleItem, openapi_extra=CHANGES)
def delete_rule(request: Request, visit: Setter, plan: PlanName, rule: RuleCode) -> Response:
    """Take back how a plan sets a rule: the file's setting, or the usual one, holds again."""
    uid, seen = _seen(request, visit, plan, rule)
    return _acted(visit, take_back_rule, TakeBackRule(uid, rule, seen))


@router.post(HERE + "/{rule}/countersignature", response_model=RuleItem, openapi_extra=CHANGES)
def countersign(request: Request, visit: CoChair, plan: PlanName, rule: RuleCode) -> Response:
    """Countersign how a rule is set: from now on it holds for tiers 1 and 2 and the whole plan."""
    uid, seen = _seen(request, visit, plan, rule)
    return _acted(visit, countersign_rule, CountersignRule(uid, rule, seen))


@router.get(HERE + "/{rule}/trial", response_model=TrialItem)
def trial(
    visit: Reader, plan: PlanName, rule: RuleCode, wish: Annotated[Wished, Depends(wished)]
) -> Response:
    """Try how a rule could be set on days gone by, as if countersigned; writes nothing.

    Up to 56 days are looked at one by one, a longer time week by week.
    """
    view = plan_of(visit, plan)
    with visit.sessions.reading() as session:
        tried = Wish(rule, wish.setting, view.uid, wish.days)
        found = try_seen_rule(session, tried, actor=visit.actor, on=_today(visit, view))
    return Response(TRIAL.dump_json(trial_item(found, visit)), media_type=JSON)


def _today(visit: Visit, plan: PlanView) -> date:
    return visit.clock.today(plan.time_zone)


def _seen(request: Request, visit: Visit, plan: str, rule: str) -> tuple[UUID, int]:
    uid = plan_of(visit, plan).uid
    rule_named(rule)
    return uid, version_from_if_match(request, rule_uid(uid, rule))


def _view(visit: Visit, plan: str | UUID, rule: str) -> RuleView:
    found = plan_of(visit, str(plan))
    with visit.sessions.reading() as session:
        return rule_of_plan(session, found.uid, rule, sight=visit.sight, on=_today(visit, found))


def _acted(visit: Visit, command: Callable[..., RuleChanged], order: object) -> Response:
    def act() -> Response:
        done = command(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _view(visit, done.plan_uid, done.rule)
        return changed(RULE, rule_item(view, visit), uid=view.uid, version=view.version)

    return once(visit, act)
