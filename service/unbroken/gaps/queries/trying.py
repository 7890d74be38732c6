"""Trying how a rule is set on days gone by, before it is set so; reads only.

On a past day states are those that were signed and done until then, as a scan of that day sees
them. What was written has no history, so a signature that no longer fits is not seen there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from unbroken.gaps.changes import HEADLINES, hold_back
from unbroken.gaps.queries.running import run
from unbroken.gaps.queries.settings import ruling_now
from unbroken.gaps.rules import RULES, Finding, Found, Rule, Scope
from unbroken.gaps.rules.may_be_set import setting_problems
from unbroken.gaps.rules.settings import Ruling, Setting, settle
from unbroken.gaps.trials import Course, course, days_of
from unbroken.kit.db import row_id
from unbroken.kit.errors import Forbidden, Invalid, NotFound
from unbroken.people.rules import Actor, Place, sees_detail, sight_of
from unbroken.plans.models import Mission, Plan
from unbroken.plans.queries.rows import Ref, place_of, plan_row

MOST_LEFT = 20
TRIED = "tried"
"""Instead of a reason and an end, which nobody gives for a trial."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be tried, as if countersigned, over how many days; all plans without ``plan``."""

    rule: str
    setting: Setting
    plan: Ref | None
    days: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule did over these days as it is set now, and what it would have done otherwise.

    ``days`` were looked at, ``every_days`` apart. The lists hold what only one of the two would
    tell today, or would tell otherwise: the gravest first, at most ``MOST_LEFT``; ``more`` are not
    listed.
    """

    rule: Rule
    setting: Setting
    days: tuple[date, ...]
    every_days: int
    now: Course
    then: Course
    gained: tuple[Finding, ...]
    lost: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    more: int


def try_rule(
    session: Session,
    rule: Rule,
    setting: Setting,
    *,
    plan_ids: tuple[int, ...],
    on: date,
    count: int,
) -> Trial:
    """Return what a rule set so would have done in these plans over ``count`` days to ``on``.

    It is compared with how the rule is set now; a setting that says nothing stands for taking back
    the plans' own. Its end is not looked at: on each of these days it is taken to hold.
    """
    now = ruling_now(session)
    then = _with(now, plan_ids, rule.code, replace(setting, until_on=None))
    days = days_of(on, count)
    found = [(day, _rows(session, rule, plan_ids, on=day, last=on)) for day in days]
    old = course((day, _told(rule, rows, now, on=day)) for day, rows in found)
    new = course((day, _told(rule, rows, then, on=day)) for day, rows in found)
    gained, lost, changed = _compared(old.left, new.left)
    listed = sum(min(len(each), MOST_LEFT) for each in (gained, lost, changed))
    return Trial(
        rule=rule,
        setting=setting,
        days=days,
        every_days=(days[1] - days[0]).days,
        now=old,
        then=new,
        gained=gained[:MOST_LEFT],
        lost=lost[:MOST_LEFT],
        changed=changed[:MOST_LEFT],
        more=len(gained) + len(lost) + len(changed) - listed,
    )


def try_seen_rule(session: Session, wish: Wish, *, actor: Actor, on: date) -> Trial:
    """Return the same for one plan, or for all that the actor sees whole.

    Raises:
        NotFound: there is no such rule, or no such plan in sight.
        Forbidden: the actor sees no detail there.
        Invalid: the rule cannot be set so.
    """
    if wish.rule not in RULES:
        raise NotFound("There is no rule {rule}.", rule=wish.rule)
    rule, setting = RULES[wish.rule], replace(wish.setting, is_granted=True)
    tried = replace(setting, reason=TRIED, until_on=on)
    problems = () if tried.says_nothing else tuple(setting_problems(rule, tried, today=on))
    if problems:
        raise Invalid(problems=problems)
    plan = wish.plan
    plan_ids = _plans_seen(session, actor) if plan is None else (_plan(session, plan, actor),)
    return try_rule(session, rule, setting, plan_ids=plan_ids, on=on, count=wish.days)


def _plan(session: Session, plan: Ref, actor: Actor) -> int:
    place = place_of(session, plan, sight=sight_of(actor))
    if not sees_detail(actor, place):
        raise Forbidden(
            "Your role does not see this part of a plan.",
            remedy="Ask a planner of this plan for what you need.",
        )
    return row_id(plan_row(session, plan))


def _plans_seen(session: Session, actor: Actor) -> tuple[int, ...]:
    query = select(Plan.id, Plan.uid, Mission.country_iso3).join(
        Mission, col(Mission.id) == Plan.mission_id
    )
    rows = session.exec(query.order_by(col(Plan.id))).all()
    sight = sight_of(actor)
    seen = ((number, Place(uid, country)) for number, uid, country in rows)
    return tuple(
        number or 0 for number, place in seen if sight.covers(place) and sees_detail(actor, place)
    )


Rows = list[tuple[Rule, Found]]


def _with(ruling: Ruling, plan_ids: Iterable[int], code: str, setting: Setting) -> Ruling:
    meant = None if setting.says_nothing else setting
    for plan_id in plan_ids:
        ruling = ruling.with_plan(plan_id, code, meant)
    return ruling


def _rows(session: Session, rule: Rule, plan_ids: tuple[int, ...], *, on: date, last: date) -> Rows:
    """Return what the rule and the headlines, which may hold it back, find on a day."""
    scope = Scope(on=on, plan_ids=plan_ids, past=on < last)
    asked = {rule.code: rule, **{code: RULES[code] for code in HEADLINES}}
    return [(each, row) for each in asked.values() for row in run(session, each, scope)]


def _told(rule: Rule, rows: Rows, ruling: Ruling, *, on: date) -> list[Finding]:
    found = hold_back(settle(each, row, ruling, on=on) for each, row in rows)
    return [each for each in found if each.rule == rule.code]


def _compared(
    old: Iterable[Finding], new: Iterable[Finding]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Finding, ...]]:
    before, after = {f.key: f for f in old}, {f.key: f for f in new}
    return (
        _by_gravity(f for key, f in after.items() if key not in before),
        _by_gravity(f for key, f in before.items() if key not in after),
        _by_gravity(
            f for key, f in after.items() if key in before and f.severity != before[key].severity
        ),
    )


def _by_gravity(found: Iterable[Finding]) -> tuple[Finding, ...]:
    order = sorted(found, key=lambda each: (each.severity.rank, each.found.turns_on, each.key))
    return tuple(order)
