"""Setting the rules of a plan, countersigning that, and taking it back.

What could make anything milder is asked by one hand; of tiers 1 and 2 and of whole plans it holds
once another one, the task force's co-chair, has signed.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from unbroken.gaps.models_settings import RuleSetting
from unbroken.gaps.queries.settings import setting_of
from unbroken.gaps.rules import RULES, Rule
from unbroken.gaps.rules.may_be_set import require_countersigns, require_sets, setting_problems
from unbroken.gaps.rules.settings import Setting
from unbroken.gaps.rules.waivers import Hand
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, NotFound
from unbroken.people.rules import Actor, Place, Role
from unbroken.plans.commands.acts import By, check_version, living_plan, refuse_if
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, country_of
from unbroken.safeguarding.rules import check_text
from unbroken.trail.rules import Action
from unbroken.transfers.commands.frame import acting, named_plan


class RuleAction(Action):
    """What acts on the settings of rules are called in the trail; none is ever renamed."""

    SET = "gaps:rule:set"
    COUNTERSIGNED = "gaps:rule:countersigned"
    TAKEN_BACK = "gaps:rule:taken-back"
    LOADED = "gaps:rule:loaded"


@dataclass(frozen=True, slots=True)
class SetRule:
    """A rule of a plan to be set so, whole; ``setting.is_granted`` is not looked at."""

    plan: Ref
    rule: str
    setting: Setting
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class CountersignRule:
    """The setting of a plan's rule, to be signed by a second hand."""

    plan: Ref
    rule: str
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class TakeBackRule:
    """The setting of a plan's rule, to be taken back: the file's, or the usual one, holds again."""

    plan: Ref
    rule: str
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class RuleChanged:
    """A plan's rule after an act; ``waits`` says that part of it holds once it is countersigned."""

    plan_uid: UUID
    rule: str
    version: int
    waits: bool


def set_rule(sessions: Sessions, order: SetRule, *, actor: Actor, clock: Clock) -> RuleChanged:
    """Set a rule of a plan; what makes nothing milder, and tiers 3 and 4, need no second hand.

    Raises:
        SignInNeeded, Forbidden: the actor neither plans here nor co-chairs.
        NotFound, Stale: no such plan or rule, or not set as it was read.
        Invalid: nothing is set, or not so; no reason, or one that must not be stored.
        Conflict: the plan is finished.
    """
    rule = rule_named(order.rule)
    with acting(sessions, named_plan(order.plan), actor=actor, clock=clock) as (session, by):
        case = _case(session, order.plan, rule, order.version_seen, by=by)
        require_sets(case.hand)
        reason = check_text(order.setting.reason, field="reason")
        setting = replace(order.setting, reason=reason, is_granted=False)
        refuse_if(setting_problems(rule, setting, today=by.today(case.plan)))
        row = new_row(rule.code, case.newest, by=by, setting=setting)
        return _written(session, case, row, RuleAction.SET, by=by)


def countersign_rule(
    sessions: Sessions, order: CountersignRule, *, actor: Actor, clock: Clock
) -> RuleChanged:
    """Sign, as a second hand, what another one has set.

    Raises:
        SignInNeeded, Forbidden: the actor does not co-chair, or set it.
        NotFound, Stale: no such plan or rule, or not set as it was read.
        Conflict: nothing waits for a signature, or the plan is finished.
    """
    rule = rule_named(order.rule)
    with acting(sessions, named_plan(order.plan), actor=actor, clock=clock) as (session, by):
        case = _case(session, order.plan, rule, order.version_seen, by=by)
        before = case.newest
        require_countersigns(case.hand, asked_by=before.asked_by_uid if before else None)
        if before is None or not waits(before) or not setting_of(before).holds(by.today(case.plan)):
            raise Conflict(
                "No setting of this rule waits for a signature.", remedy="Set the rule first."
            )
        row = new_row(rule.code, before, by=by, setting=setting_of(before))
        row.asked_by_uid, row.asked_at = before.asked_by_uid, before.asked_at
        row.granted_by_uid = actor.account_uid
        return _written(session, case, row, RuleAction.COUNTERSIGNED, by=by)


def take_back_rule(
    sessions: Sessions, order: TakeBackRule, *, actor: Actor, clock: Clock
) -> RuleChanged:
    """Take back how a plan's rule is set.

    Raises:
        SignInNeeded, Forbidden: the actor neither plans here nor co-chairs.
        NotFound, Stale: no such plan or rule, or not set as it was read.
        Conflict: the plan has no setting of its own, or is finished.
    """
    rule = rule_named(order.rule)
    with acting(sessions, named_plan(order.plan), actor=actor, clock=clock) as (session, by):
        case = _case(session, order.plan, rule, order.version_seen, by=by)
        require_sets(case.hand)
        if case.newest is None or not case.newest.is_set:
            raise Conflict(
                "This plan does not set this rule.", remedy="Nothing is left to be taken back."
            )
        row = new_row(rule.code, case.newest, by=by, setting=None)
        return _written(session, case, row, RuleAction.TAKEN_BACK, by=by)


def rule_named(code: str) -> Rule:
    """Return a rule by its code.

    Raises:
        NotFound: there is none.
    """
    if code not in RULES:
        raise NotFound("There is no rule {rule}.", rule=code)
    return RULES[code]


def waits(row: RuleSetting) -> bool:
    """Return whether a row is a setting of which part holds once it is countersigned."""
    return row.is_set and row.granted_by_uid is None and setting_of(row).may_ease


def newest_of(session: Session, plan_id: int | None, rule: str) -> RuleSetting | None:
    """Return the newest row of a rule in a plan, or of the instance's file; ``None`` before any."""
    its = (col(RuleSetting.plan_id) == plan_id, col(RuleSetting.rule) == rule)
    last = select(func.max(col(RuleSetting.id))).where(*its)
    return session.scalars(select(RuleSetting).where(col(RuleSetting.id).in_(last))).first()


def new_row(
    rule: str, before: RuleSetting | None, *, by: By, setting: Setting | None
) -> RuleSetting:
    """Return the next row of a rule, of no plan yet; ``None`` takes back what was set."""
    told = setting or Setting()
    return RuleSetting(
        rule=rule,
        number=1 if before is None else before.number + 1,
        is_set=setting is not None,
        off=told.off,
        at_least=told.at_least,
        at_most=told.at_most,
        limits=dict(told.limits),
        until_on=told.until_on,
        reason=told.reason,
        asked_by_uid=by.actor.account_uid,
        asked_at=by.at,
        at=by.at,
    )


def values_of(row: RuleSetting) -> dict[str, object]:
    """Return what the trail keeps of a row."""
    names = ("rule", "off", "at_least", "at_most", "until_on", "reason")
    return {**{name: getattr(row, name) for name in names}, "limits": dict(row.limits)}


@dataclass(frozen=True, slots=True)
class _Case:
    plan: Plan
    newest: RuleSetting | None
    hand: Hand


def _case(session: Session, plan: Ref, rule: Rule, version_seen: int | None, *, by: By) -> _Case:
    row = living_plan(session, plan)
    newest = newest_of(session, row_id(row), rule.code)
    check_version(version_seen, newest.number if newest else 0)
    place = Place(row.uid, country_of(session, row))
    return _Case(row, newest, _hand(by.actor, place))


def _hand(actor: Actor, place: Place) -> Hand:
    return Hand(
        account_uid=actor.account_uid,
        plans=actor.has(Role.PLANNER, place),
        co_chairs=actor.has(Role.CO_CHAIR, place),
        never_signs=actor.has(Role.STEWARD),
    )


def _written(
    session: Session, case: _Case, row: RuleSetting, action: RuleAction, *, by: By
) -> RuleChanged:
    row.plan_id = case.plan.id
    session.add(row)
    session.flush()
    by.recorder.record(
        action, kind="rule", subject=row.uid, values=values_of(row), plan=case.plan.uid
    )
    return RuleChanged(case.plan.uid, row.rule, row.number, waits(row))
