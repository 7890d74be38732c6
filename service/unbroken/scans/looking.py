"""What the rules find about the plans at one moment, one broken rule not stopping the others."""

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import structlog
from sqlmodel import Session

from unbroken.gaps.changes import (
    HEADLINES,
    NEVER_HELD_BACK,
    Changes,
    OpenGap,
    changes,
    hold_back,
)
from unbroken.gaps.queries import findings, open_gaps, plans_with_waivers_over, turning_days
from unbroken.gaps.queries.settings import ruling_now
from unbroken.gaps.rules import Finding, Rule, Scope
from unbroken.gaps.rules.reads import tables_of
from unbroken.gaps.rules.settings import Ruling
from unbroken.gaps.rules.turning import LATEST
from unbroken.kit.memory import collecting_later
from unbroken.scans.standing import PlanDay

ITEM = "item"
TOMORROW = timedelta(days=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What rules found and what was known, by plan, read at one moment.

    ``broken`` are the rules that could not be run, with the kind of error. ``waivers_over`` are the
    plans that have a waiver whose last day is past. ``turns`` are the days on which what was found
    may be another though nobody acts. ``asked`` are the codes of the rules that were run where not
    all were: gaps of the others are left alone.
    """

    plans: tuple[PlanDay, ...]
    found: Mapping[int, list[Finding]]
    known: Mapping[int, list[OpenGap]]
    broken: Mapping[str, str]
    turns: Mapping[int, date]
    waivers_over: AbstractSet[int] = frozenset()
    asked: AbstractSet[str] | None = None

    def has_news(self, plan_id: int) -> bool:
        """Return whether anything is to be written: changes, or a waiver that has ended."""
        return plan_id in self.waivers_over or bool(self.changes_of(plan_id))

    def changes_of(self, plan_id: int) -> Changes:
        """Return what happened to the gaps of one plan; those of rules not run are left alone.

        A headline that was not asked for still holds back what it held back the last time.
        """
        known = self.known.get(plan_id, [])
        found = self.found.get(plan_id, [])
        standing = {_rule_of(gap) for gap in known if not self._is_told(gap)}
        if standing & HEADLINES:
            found = [f for f in found if f.rule in HEADLINES | NEVER_HELD_BACK]
        return changes([gap for gap in known if self._is_told(gap)], found)

    def turns_on(self, plan: PlanDay) -> date:
        """Return the day on which a plan is to be looked at again though nobody acts."""
        day = self.turns.get(plan.id, plan.on + LATEST)
        if self.asked is not None and plan.last is not None:
            day = min(day, plan.last.turns_on)
        return plan.on + TOMORROW if self.broken else day

    def _is_told(self, gap: OpenGap) -> bool:
        code = _rule_of(gap)
        return code not in self.broken and (self.asked is None or code in self.asked)


@dataclass(frozen=True, slots=True)
class Only:
    """What a look is held to: ``plans``, to those given, which pays for a few; ``rules``, to those.

    ``items`` holds what rules tell of items to these.
    """

    plans: bool = False
    rules: bool = False
    items: AbstractSet[UUID] | None = None


EVERYTHING = Only()


@collecting_later()
def look_at(
    session: Session,
    plans: Collection[PlanDay],
    rules: Iterable[Rule],
    *,
    check: Callable[[], None] = lambda: None,
    only: Only = EVERYTHING,
) -> Look:
    """Return what ``rules`` find about ``plans``; ``check`` is called between them and may raise.

    Where it is the same day everywhere, and nothing else is said, they run once over all plans.
    """
    scopes, rules = scopes_of(plans, only=only), tuple(rules)
    ruling = ruling_now(session)
    asked = _asked(session, scopes, rules, ruling, check=check)
    turns: dict[int, date] = {}
    by_plan: dict[int, list[Finding]] = {}
    for scope, found in zip(scopes, asked.found, strict=True):
        kept = hold_back(found)
        turns |= turning_days(session, scope, rules, found=kept, ruling=ruling)
        for finding in kept:
            by_plan.setdefault(finding.found.plan_id, []).append(finding)
    for plan in plans:
        if ends_on := ruling.turns_on(plan.id, on=plan.on):
            turns[plan.id] = min(ends_on, turns.get(plan.id, ends_on))
    return Look(
        plans=tuple(plans),
        found=by_plan,
        known=open_gaps(session, [p.id for p in plans], but=_told_of(rules, only.items)),
        broken=asked.broken,
        turns=turns,
        waivers_over=_waivers_over(session, plans),
        asked=frozenset(rule.code for rule in rules) if only.rules else None,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was found in each scope, and the rules that broke."""

    found: list[list[Finding]]
    broken: dict[str, str] = field(default_factory=dict)


def _asked(
    session: Session,
    scopes: list[Scope],
    rules: Iterable[Rule],
    ruling: Ruling,
    *,
    check: Callable[[], None],
) -> _Asked:
    asked = _Asked([[] for _ in scopes])
    for rule in rules:
        check()
        try:
            # inside a savepoint: a failed statement would spoil all that follow on PostgreSQL
            with session.begin_nested():
                found = [findings(session, scope, rules=[rule], ruling=ruling) for scope in scopes]
        except Exception as error:
            log.exception("a rule broke", action="scan:rule:broken", rule=rule.code)
            asked.broken[rule.code] = type(error).__name__
            continue
        for told, new in zip(asked.found, found, strict=True):
            told.extend(new)
    return asked


def _waivers_over(session: Session, plans: Collection[PlanDay]) -> AbstractSet[int]:
    days = {plan.on for plan in plans}
    over = {day: plans_with_waivers_over(session, on=day) for day in days}
    return {plan.id for plan in plans if plan.id in over[plan.on]}


def _told_of(
    rules: Iterable[Rule], items: AbstractSet[UUID] | None
) -> Mapping[str, AbstractSet[UUID]]:
    """Return the rules that tell of these items alone, each with them."""
    if items is None:
        return {}
    return {rule.code: items for rule in rules if ITEM in tables_of(rule.build)}


def scopes_of(plans: Collection[PlanDay], *, only: Only = EVERYTHING) -> list[Scope]:
    """Return a scope for each day on which the plans stand."""
    meant = None if only.items is None else tuple(only.items)
    days: dict[date, list[int]] = {}
    for one in plans:
        days.setdefault(one.on, []).append(one.id)
    if len(days) == 1 and not only.plans:
        return [Scope(on=day, item_uids=meant) for day in days]
    narrowed = sorted(days.items())
    return [Scope(on=day, plan_ids=tuple(ids), item_uids=meant) for day, ids in narrowed]


def _rule_of(known: OpenGap) -> str:
    return known.key.partition(":")[0]
