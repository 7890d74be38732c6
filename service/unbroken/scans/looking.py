"""What the rules find about the plans at one moment, one broken rule not stopping the others."""

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlmodel import Session

from unbroken.gaps.changes import (
    HEADLINES,
    NEVER_HELD_BACK,
    Changes,
    OpenGap,
    changes,
    hold_back,
)
from unbroken.gaps.queries import findings, open_gaps, plans_with_waivers_over
from unbroken.gaps.queries.settings import ruling_now
from unbroken.gaps.rules import Finding, Rule, Scope
from unbroken.gaps.rules.words import GapState
from unbroken.kit.clock import civil_date
from unbroken.kit.db import table
from unbroken.plans.models import PlanState
from unbroken.trail import models as trail_models

_LOADED = trail_models  # its import fills the metadata
gap, plan, chain = table("gap"), table("plan"), table("trail_chain")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A plan to be scanned and the civil date it is there."""

    id: int
    uid: UUID
    on: date


@dataclass(frozen=True, slots=True)
class Look:
    """What rules found and what was known, by plan, read at one moment.

    ``entries`` is the length of each plan's trail then: as long as it is the same, nobody has acted
    on the plan since. ``broken`` are the rules that could not be run, with the kind of error.
    ``waivers_over`` are the plans that have a waiver whose last day is past.
    """

    plans: tuple[PlanDay, ...]
    found: Mapping[int, list[Finding]]
    known: Mapping[int, list[OpenGap]]
    entries: Mapping[UUID, int]
    broken: Mapping[str, str]
    waivers_over: AbstractSet[int] = frozenset()

    def has_news(self, plan_id: int) -> bool:
        """Return whether anything is to be written: changes, or a waiver that has ended."""
        return plan_id in self.waivers_over or bool(self.changes_of(plan_id))

    def changes_of(self, plan_id: int) -> Changes:
        """Return what happened to the gaps of one plan; those of broken rules are left alone.

        A headline that cannot be asked for still holds back what it held back the last time.
        """
        known = self.known.get(plan_id, [])
        found = self.found.get(plan_id, [])
        standing = {_rule_of(gap) for gap in known} & self.broken.keys()
        if standing & HEADLINES:
            found = [f for f in found if f.rule in HEADLINES | NEVER_HELD_BACK]
        return changes([g for g in known if _rule_of(g) not in self.broken], found)


def plans_after(session: Session, cursor: int, *, now: datetime) -> tuple[PlanDay, ...]:
    """Return, in order, the plans that are open or still have open gaps (a finished plan's close).

    A paused plan is left alone: nobody looks, so its gaps stay as they were, never green.
    ``cursor`` is the number of the last plan that was written; it is not returned again.
    """
    with_gaps = select(gap.c.plan_id).where(gap.c.state != GapState.CLOSED)
    statement = (
        select(plan.c.id, plan.c.uid, plan.c.time_zone)
        .where(
            plan.c.id > cursor,
            plan.c.state != PlanState.PAUSED,
            (plan.c.state == PlanState.OPEN) | plan.c.id.in_(with_gaps),
        )
        .order_by(plan.c.id)
    )
    rows = session.connection().execute(statement)
    return tuple(PlanDay(number, uid, civil_date(now, zone=zone)) for number, uid, zone in rows)


def look_at(
    session: Session,
    plans: Collection[PlanDay],
    rules: Iterable[Rule],
    *,
    check: Callable[[], None] = lambda: None,
    narrow: bool = False,
) -> Look:
    """Return what ``rules`` find about ``plans``; ``check`` is called between them and may raise.

    ``narrow`` asks about these plans only, which pays for a few; without it, and where it is the
    same day everywhere, the rules run once over all.
    """
    scopes = _scopes(plans, narrow=narrow)
    ruling = ruling_now(session)
    found: list[Finding] = []
    broken: dict[str, str] = {}
    for rule in rules:
        check()
        try:
            # inside a savepoint: a failed statement would spoil all that follow on PostgreSQL
            with session.begin_nested():
                found += [
                    finding
                    for scope in scopes
                    for finding in findings(session, scope, rules=[rule], ruling=ruling)
                ]
        except Exception as error:
            log.exception("a rule broke", action="scan:rule:broken", rule=rule.code)
            broken[rule.code] = type(error).__name__
    by_plan: dict[int, list[Finding]] = {}
    for finding in hold_back(found):
        by_plan.setdefault(finding.found.plan_id, []).append(finding)
    return Look(
        plans=tuple(plans),
        found=by_plan,
        known=open_gaps(session, [p.id for p in plans]),
        entries=entries_of(session, [p.uid for p in plans]),
        broken=broken,
        waivers_over=_waivers_over(session, plans),
    )


def _waivers_over(session: Session, plans: Collection[PlanDay]) -> AbstractSet[int]:
    days = {plan.on for plan in plans}
    over = {day: plans_with_waivers_over(session, on=day) for day in days}
    return {plan.id for plan in plans if plan.id in over[plan.on]}


def entries_of(session: Session, plan_uids: Collection[UUID]) -> dict[UUID, int]:
    """Return how long the trails of the plans are; plans without one are absent."""
    statement = select(chain.c.plan_uid, chain.c.entry_count).where(chain.c.plan_uid.in_(plan_uids))
    return {row.plan_uid: row.entry_count for row in session.connection().execute(statement)}


def _scopes(plans: Collection[PlanDay], *, narrow: bool) -> list[Scope]:
    days: dict[date, list[int]] = {}
    for one in plans:
        days.setdefault(one.on, []).append(one.id)
    if len(days) == 1 and not narrow:
        return [Scope(on=day) for day in days]
    return [Scope(on=day, plan_ids=tuple(ids)) for day, ids in sorted(days.items())]


def _rule_of(known: OpenGap) -> str:
    return known.key.partition(":")[0]
